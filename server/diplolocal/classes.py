"""The classes as documents in JSON-LD show their instances: under which keys, and what the shapes
ask of each value. Frames and JSON Schemas are made of this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diplolocal import constraints, resources, terms
from diplolocal.constraints import NodeShape, PropertyShape
from diplolocal.jsonld import Word, Words
from diplolocal.store import Store
from diplolocal.terms import Definition, Kind
from diplolocal.wording import Said


@dataclass(frozen=True, slots=True)
class Field:
    """A property as a document shows it: the word of the context; what it is called and what it
    means; the shapes that ask something of its values; what its values are where no shape asks.

    An instance has at least `least` values: what is asked of those that have the property at all
    does not count.
    """

    iri: str
    word: Word
    label: Said
    meaning: Said
    asked: tuple[PropertyShape, ...]
    least: int
    ranges: tuple[str, ...]

    @property
    def most(self) -> int | None:
        """How many values there are at most; by language, as many as languages."""
        return min((each.max_count for each in self.asked if each.max_count), default=None)

    @property
    def classes(self) -> tuple[str, ...]:
        """What the values are, if they are things."""
        return tuple(name for each in self.asked for name in each.classes) or self.ranges


@dataclass(frozen=True, slots=True)
class Described:
    """A class: its IRI, its name in the context, the classes above it, the form of its instances'
    IRIs, and their properties by key.
    """

    iri: str
    name: str
    label: Said
    meaning: Said
    above: tuple[str, ...]
    pattern: str | None
    fields: tuple[Field, ...]


def read(store: Store, shapes: Store, words: Words) -> Mapping[str, Described]:
    """The classes that the ontology defines or the shapes look at, by name; the more special ones
    first. Only those are told that the context has a name for.
    """
    defined = terms.read(store)
    looked_at = constraints.read(shapes)
    iris = {term.iri for term in defined.values() if term.kind is Kind.CLASS}
    iris.update(name for shape in looked_at for name in shape.target_classes)
    labels = resources.names_of(store, {*iris, *words.properties})
    found = [
        _described(iri, words.classes[iri], words, (defined, looked_at, labels))
        for iri in iris & words.classes.keys()
    ]
    found.sort(key=lambda each: (-len(each.above), each.name))
    return {each.name: each for each in found}


_Known = tuple[Mapping[str, Definition], Sequence[NodeShape], Mapping[str, Said]]
"""What is read once for all classes: terms, shapes, labels."""


def _described(iri: str, name: str, words: Words, known: _Known) -> Described:
    defined, looked_at, labels = known
    above = terms.above(defined, iri)[1:] if iri in defined else ()
    own = constraints.of_class(looked_at, (iri, *above))
    paths = {each.path for shape in own for each in shape.properties}
    paths.update(term.iri for term in defined.values() if {iri, *above} & set(term.domains))
    having = [shape for shape in looked_at if shape.targets_with]
    fields = []
    for path in paths & words.properties.keys():
        asked_here = [each for shape in own for each in shape.properties if each.path == path]
        asked_of_all = [
            each
            for shape in having
            if path in shape.targets_with
            for each in shape.properties
            if each.path == path
        ]
        term = defined.get(path)
        fields.append(
            Field(
                iri=path,
                word=words.properties[path],
                label=labels.get(path, {}),
                meaning=term.meaning if term else {},
                asked=(*asked_here, *asked_of_all),
                least=max((each.min_count or 0 for each in asked_here), default=0),
                ranges=term.ranges if term else (),
            )
        )
    return Described(
        iri=iri,
        name=name,
        label=labels.get(iri, {}),
        meaning=defined[iri].meaning if iri in defined else {},
        above=above,
        pattern=next((shape.pattern for shape in own if shape.pattern), None),
        fields=tuple(sorted(fields, key=lambda each: each.word.key)),
    )
