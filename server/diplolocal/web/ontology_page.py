"""The page about the ontology: how it hangs together, and an entry for every class and property."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import entries, history, iris, resources, terms
from diplolocal.diagram import Arrow, Picture, draw
from diplolocal.entries import ClassEntry, PropertyEntry, Reference
from diplolocal.resources import Statement
from diplolocal.store import load_query, plain, select
from diplolocal.terms import Kind
from diplolocal.web.responses import Visit, page

_DCTERMS = "http://purl.org/dc/terms/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    f"{_RDFS}label",
    f"{_DCTERMS}description",
    "http://www.w3.org/ns/shacl#declare",
)
_FIRST = (
    _DCTERMS + "title",
    "http://www.w3.org/2002/07/owl#versionInfo",
    "http://www.w3.org/2002/07/owl#versionIRI",
    "http://purl.org/vocab/vann/preferredNamespaceUri",
    "http://purl.org/vocab/vann/preferredNamespacePrefix",
    *(_DCTERMS + name for name in ("license", "creator", "publisher", "created", "modified")),
)
"""The order in which the page says what the ontology is; what else is said follows."""
_PROPERTIES = (Kind.OBJECT, Kind.DATATYPE, Kind.ANNOTATION)


def ontology_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about the ontology: every class and property, each at its anchor."""
    store = visit.parts.store
    description = resources.describe(store, iri)
    reference = entries.read(store, visit.parts.shapes, visit.parts.prefixes)
    schemes = select(store, load_query("schemes"))
    shown = {*_shown(reference), *(plain(row["scheme"]) for row in schemes)}
    return page(
        visit,
        "ontology.html",
        headers=headers,
        description=description,
        facts=sorted(description.facts(_SHOWN_APART), key=_place),
        versions=_versions(visit, iri),
        picture=_picture(visit, reference),
        tops=[entry for entry in _classes(visit, reference) if not entry.term.broader],
        classes=_classes(visit, reference),
        properties=_properties(visit, reference),
        reference=reference,
        schemes=schemes,
        names={**resources.names_of(store, shown), **description.names},
        path=visit.base + iris.path_of(iri),
    )


def _place(fact: tuple[str, Sequence[Statement]]) -> int:
    return _FIRST.index(fact[0]) if fact[0] in _FIRST else len(_FIRST)


def _versions(visit: Visit, iri: str) -> Sequence[history.Version]:
    """The releases that changed the ontology, the newest first."""
    known = visit.parts.history
    return tuple(reversed(history.versions(known, iri))) if known else ()


def _classes(visit: Visit, reference: Reference) -> list[ClassEntry]:
    """The classes as a dictionary has them."""
    return sorted(
        reference.classes.values(), key=lambda each: each.term.label[visit.content].casefold()
    )


def _properties(visit: Visit, reference: Reference) -> list[tuple[Kind, list[PropertyEntry]]]:
    """The properties of each kind as a dictionary has them."""
    ordered = sorted(
        reference.properties.values(), key=lambda each: each.term.label[visit.content].casefold()
    )
    return [(kind, [each for each in ordered if each.term.kind is kind]) for kind in _PROPERTIES]


def _picture(visit: Visit, reference: Reference) -> Picture | None:
    """How the widest classes hang together, by the properties written by hand; None where nothing
    does.
    """
    known = reference.terms
    between: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in known.values():
        if term.kind is Kind.OBJECT and not term.rule:
            for domain in (name for name in term.domains if name in known):
                for value in (name for name in term.ranges if name in known):
                    ends = terms.above(known, domain)[-1], terms.above(known, value)[-1]
                    between[ends].add(term.iri)
    labels = {iri: term.label[visit.content] for iri, term in known.items()}
    arrows = [
        Arrow(source, target, tuple(sorted(names, key=lambda name: labels[name])))
        for (source, target), names in sorted(between.items())
        if source != target
    ]
    return draw(labels, arrows) if arrows else None


def _shown(reference: Reference) -> Iterator[str]:
    """Every IRI that the entries show and that may have a name."""
    yield from (_RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range"))
    yield from ("http://www.w3.org/2002/07/owl#" + name for name in ("disjointWith", "inverseOf"))
    yield from Kind
    for term in reference.terms.values():
        yield from (term.iri, *term.domains, *term.ranges, *term.traits, *term.successors)
        yield from (each.property for each in term.alignments)
    for entry in reference.classes.values():
        yield from _sampled(entry)
        for constraint in entry.constraints:
            yield constraint.property
            for shape in constraint.shapes:
                yield from filter(None, (shape.datatype, shape.scheme, *shape.classes))
                yield from _nodes((*shape.values, shape.has_value))
    for each in reference.properties.values():
        yield from _sampled(each)
        yield from _nodes([each.sample.value] if each.sample else [])


def _sampled(entry: ClassEntry | PropertyEntry) -> Sequence[str]:
    return (entry.sample.thing,) if entry.sample else ()


def _nodes(values: Iterable[object]) -> Iterator[str]:
    return (value.value for value in values if isinstance(value, NamedNode))
