"""A frame for each class: by it, any processor makes of a flat graph the tree that we serve
(JSON-LD 1.1 Framing §2).

What belongs to a thing alone, such as the participations of an action, stands in it whole; of
everything else, its name. Properties of other vocabularies, which say again what ours say, only
point.
"""

from collections.abc import Mapping

from diplolocal.classes import Described
from diplolocal.jsonld import Words
from diplolocal.resources import PARTS

_POINTED: Mapping[str, object] = {"@embed": "@never", "@omitDefault": True}
_LEFT_OUT: Mapping[str, object] = {"@omitDefault": True}
_NAMED: Mapping[str, object] = {
    "@embed": "@always",
    "@explicit": True,
    "@omitDefault": True,
    "id": {},  # any: what has no name stays a reference
    # Not by their terms: those have a container, in which `{}` means that there is nothing.
    "skos:prefLabel": _LEFT_OUT,
    "rdfs:label": _LEFT_OUT,
}


def frame(
    described: Described, known: Mapping[str, Described], words: Words, *, address: str
) -> dict[str, object]:
    """The frame of a class; `known` are all of them by name, `address` is where the context is."""
    return {
        "@context": address,
        "@embed": "@always",
        "@omitDefault": True,
        "type": described.name,
        **_pointing(described, known, words),
    }


def _pointing(
    described: Described, known: Mapping[str, Described], words: Words
) -> dict[str, object]:
    """What is shown of all that the instances of a class point at."""
    found: dict[str, object] = {}
    for field in described.fields:
        if field.iri in PARTS:
            part = known[words.classes[field.classes[0]]]
            shown = _pointing(part, known, words)
            found[field.word.key] = {"@embed": "@always", "@omitDefault": True, "id": {}, **shown}
        elif field.word.kind in ("@id", "@vocab"):
            found[field.word.key] = _NAMED
    apart = (word.key for word in words.properties.values() if word.points)
    return {**found, **dict.fromkeys(sorted(apart), _POINTED)}
