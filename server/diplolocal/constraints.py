"""What the shapes ask of a thing: read from SHACL, for whoever shows it or writes it in another
language (SHACL §2–4).

Only what our shapes use is read: property shapes with an IRI and a path of one property.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Store, Term, bind, construct, load_query, plain
from diplolocal.wording import Said, said

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"

_About = Mapping[str, Sequence[Term]]
"""What is said of a node, by property."""
_Graph = Mapping[str, _About]


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """What is asked of the values of one property; None and empty: nothing is.

    `classes`: each value is of one of them; `scheme`: it is a concept of that scheme; `values`: it
    is one of these; `languages`: those that a text may have.
    """

    iri: str
    path: str
    message: Said
    severity: str
    min_count: int | None = None
    max_count: int | None = None
    node_kind: str | None = None
    datatype: str | None = None
    classes: tuple[str, ...] = ()
    scheme: str | None = None
    values: tuple[Term, ...] = ()
    has_value: Term | None = None
    languages: tuple[str, ...] = ()
    unique_lang: bool = False
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_inclusive: Literal | None = None
    max_inclusive: Literal | None = None


@dataclass(frozen=True, slots=True)
class NodeShape:
    """What is asked of the instances of some classes, or of all that has a property; `pattern` is
    that of their own IRIs. Where it is `closed`, they have no property but those named and the
    `ignored`.
    """

    iri: str
    message: Said
    target_classes: tuple[str, ...]
    targets_with: tuple[str, ...]
    properties: tuple[PropertyShape, ...]
    closed: bool
    ignored: tuple[str, ...]
    pattern: str | None


def opened(turtle: str) -> Store:
    """A store with the shapes as one named graph. Blank nodes are named by their place in the text,
    so that the same shapes are written the same each time.
    """
    graph = NamedNode(iris.SHAPES)
    names: dict[str, BlankNode] = {}

    def named(node: BlankNode) -> BlankNode:
        return names.setdefault(node.value, BlankNode(f"b{len(names)}"))

    quads = []
    for quad in parse(turtle.encode(), format=RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        subject = named(subject) if isinstance(subject, BlankNode) else subject
        value = named(value) if isinstance(value, BlankNode) else value
        quads.append(Quad(subject, quad.predicate, value, graph))
    return EmbeddedStore(quads)


def triples(shapes: Store) -> list[Triple]:
    """The shapes as a graph."""
    return construct(shapes, bind(load_query("graph"), graph=NamedNode(iris.SHAPES)))


def read(shapes: Store) -> tuple[NodeShape, ...]:
    """The shapes of things, by IRI."""
    graph: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples(shapes):
        graph[plain(triple.subject)][triple.predicate.value].append(triple.object)
    return tuple(
        _node_shape(iri, graph)
        for iri in sorted(graph)
        if any(_SH + target in graph[iri] for target in ("targetClass", "targetSubjectsOf"))
    )


def of_class(shapes: Sequence[NodeShape], classes: Sequence[str]) -> tuple[NodeShape, ...]:
    """The shapes that hold for instances of a class: `classes` are the class and those above it
    (SHACL §2.1.3.2).
    """
    return tuple(shape for shape in shapes if set(shape.target_classes) & set(classes))


def _node_shape(iri: str, graph: _Graph) -> NodeShape:
    about = graph[iri]
    return NodeShape(
        iri=iri,
        message=_message(about),
        target_classes=_iris(about, "targetClass"),
        targets_with=_iris(about, "targetSubjectsOf"),
        properties=tuple(_property_shape(each, graph) for each in _iris(about, "property")),
        closed=_one(about, "closed") == "true",
        ignored=tuple(map(plain, _members(about, "ignoredProperties", graph))),
        pattern=_one(about, "pattern"),
    )


def _property_shape(iri: str, graph: _Graph) -> PropertyShape:
    about = graph[iri]
    return PropertyShape(
        iri=iri,
        path=_iris(about, "path")[0],
        message=_message(about),
        severity=_one(about, "severity") or f"{_SH}Violation",
        min_count=_count(about, "minCount"),
        max_count=_count(about, "maxCount"),
        node_kind=_one(about, "nodeKind"),
        datatype=_one(about, "datatype"),
        classes=_classes(about, graph),
        scheme=_scheme(about, graph),
        values=tuple(_members(about, "in", graph)),
        has_value=next(iter(about.get(f"{_SH}hasValue", ())), None),
        languages=tuple(map(plain, _members(about, "languageIn", graph))),
        unique_lang=_one(about, "uniqueLang") == "true",
        pattern=_one(about, "pattern"),
        min_length=_count(about, "minLength"),
        max_length=_count(about, "maxLength"),
        min_inclusive=_literal(about, "minInclusive"),
        max_inclusive=_literal(about, "maxInclusive"),
    )


def _message(about: _About) -> Said:
    terms = [term for term in about.get(f"{_SH}message", ()) if isinstance(term, Literal)]
    return said({term.language or "": term.value for term in terms})


def _iris(about: _About, name: str) -> tuple[str, ...]:
    return tuple(sorted(plain(term) for term in about.get(_SH + name, ())))


def _one(about: _About, name: str) -> str | None:
    return next(map(plain, about.get(_SH + name, ())), None)


def _count(about: _About, name: str) -> int | None:
    value = _one(about, name)
    return None if value is None else int(value)


def _literal(about: _About, name: str) -> Literal | None:
    terms = about.get(_SH + name, ())
    return next((term for term in terms if isinstance(term, Literal)), None)


def _members(about: _About, name: str, graph: _Graph) -> list[Term]:
    """The members of a list (RDF Schema §5.2)."""
    members: list[Term] = []
    for head in about.get(_SH + name, ())[:1]:
        rest = plain(head)
        while rest in graph and f"{_RDF}first" in graph[rest]:
            members.append(graph[rest][f"{_RDF}first"][0])
            rest = plain(graph[rest][f"{_RDF}rest"][0])
    return members


def _classes(about: _About, graph: _Graph) -> tuple[str, ...]:
    """The class asked for, or those of which one is (SHACL §4.6.3)."""
    either = [graph[plain(term)] for term in _members(about, "or", graph)]
    return _iris(about, "class") + tuple(name for each in either for name in _iris(each, "class"))


def _scheme(about: _About, graph: _Graph) -> str | None:
    """The concept scheme that the shape of the values asks for (SHACL §4.7.1)."""
    for node in _iris(about, "node"):
        for each in _iris(graph[node], "property"):
            if _one(graph[each], "path") == _IN_SCHEME:
                return _one(graph[each], "hasValue")
    return None
