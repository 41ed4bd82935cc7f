"""How far shapes look: at a thing, and at which properties of what it refers to.

Things can be validated a few at a time, beside nothing but what the shapes look at. That is only
true of shapes that look one step ahead; of others, or of a word of SHACL that is not listed here,
it is not claimed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, NamedNode, Quad

from diplolocal.store import Term

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SH = "http://www.w3.org/ns/shacl#"

_AT_NOTHING_ELSE = {
    _SH + name
    for name in (
        # What a shape says, and of which nodes (SHACL §2.1): a class or the subjects of a property.
        *("targetClass", "targetSubjectsOf", "severity", "message", "name", "description", "order"),
        # What it asks of the values themselves (§4.1 to §4.4, §4.8).
        *("nodeKind", "datatype", "minCount", "maxCount", "pattern", "flags", "in", "hasValue"),
        *("minLength", "maxLength", "languageIn", "uniqueLang", "ignoredProperties"),
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
    )
}
_OF_THE_SAME_NODES = {_SH + name for name in ("node", "property", "or", "and", "xone", "not")}
_SHAPES = {_SH + "NodeShape", _SH + "PropertyShape"}

_Shape = NamedNode | BlankNode
_Forms = Mapping[Term, list[Quad]]


class _Farther(Exception):
    """The shapes look farther than one step."""


def beyond(shapes: Iterable[Quad]) -> frozenset[str] | None:
    """The properties that shapes look at of the things that a node refers to; None if they look
    farther than that.
    """
    forms: dict[Term, list[Quad]] = defaultdict(list)
    for quad in shapes:
        forms[quad.subject].append(quad)
    seen: set[str] = set()
    done: set[tuple[Term, int]] = set()
    try:
        for shape in list(forms):
            _look(shape, 0, forms, seen, done)
    except _Farther:
        return None
    return frozenset(seen)


def _look(
    shape: Term, distance: int, forms: _Forms, seen: set[str], done: set[tuple[Term, int]]
) -> None:
    """Note what a shape looks at when it is applied to nodes at that distance.

    Raises _Farther where that is more than the properties of nodes one step away.
    """
    if (shape, distance) in done:
        return
    done.add((shape, distance))
    said = forms.get(shape, [])
    path = next((quad.object for quad in said if quad.predicate.value == _SH + "path"), None)
    if path is not None:
        if not isinstance(path, NamedNode):
            raise _Farther
        _see(path.value, distance, seen)
    values = distance if path is None else distance + 1
    for quad in said:
        name, value = quad.predicate.value, quad.object
        if name == _SH + "class":
            _see(TYPE, values, seen)
        elif name == _SH + "closed":
            if values:
                raise _Farther
        elif name in _OF_THE_SAME_NODES:
            for other in _members(value, forms):
                _look(other, values, forms, seen, done)
        elif name == TYPE:
            # A shape that is a class as well is applied to its instances (SHACL §2.1.3.3).
            if getattr(value, "value", "") not in _SHAPES:
                raise _Farther
        elif name.startswith(_SH) and name not in _AT_NOTHING_ELSE and name != _SH + "path":
            raise _Farther


def _see(name: str, distance: int, seen: set[str]) -> None:
    if distance > 1:
        raise _Farther
    if distance:
        seen.add(name)


def _members(value: Term, forms: _Forms) -> Iterable[Term]:
    """The shapes of a list, or the shape itself."""
    parts = {quad.predicate.value: quad.object for quad in forms.get(value, [])}
    if _RDF + "first" not in parts:
        return [value]
    return [parts[_RDF + "first"], *_members(parts[_RDF + "rest"], forms)]
