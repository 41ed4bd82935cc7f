"""Home, and the documents about things: `/id/…` → `/doc/…`, vocabularies, ontology, graphs."""

from collections.abc import Callable, Mapping
from itertools import groupby
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import Literal, NamedNode, Triple

from diplolocal import formats, iris, resources, status
from diplolocal.errors import NotAcceptable
from diplolocal.formats import HTML, PAGE, Format
from diplolocal.resources import ResourceDescription, Statement
from diplolocal.store import Row, Store, bind, load_query, select
from diplolocal.web import negotiation
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    document,
    not_modified,
    page,
    unchanged,
)

router = APIRouter()

_GRAPHS = iris.graph("")
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_LISTED_APART = ("http://www.w3.org/ns/shacl#declare",)
_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://www.w3.org/2004/02/skos/core#editorialNote",
    "http://purl.org/dc/terms/description",
    iris.ONTOLOGY + "#editorialRemark",
    iris.ONTOLOGY + "#hasParticipation",
    iris.ONTOLOGY + "#unnamedActor",
)


@router.get("/", summary="Home", include_in_schema=False)
def home(visit: VisitDep) -> Response:
    """What this is, and what is newest."""
    if negotiation.choose(visit.accept, (HTML,)) is None:
        raise NotAcceptable([HTML.media_type])
    store = visit.parts.store
    regions, actions = (
        select(store, load_query("regions")),
        select(store, load_query("latest-actions")),
    )
    months = status.months(store)
    shown = {
        _iri(row, name)
        for rows in (regions, actions)
        for row in rows
        for name in row
        if _is_iri(row, name)
    }
    shown.update(month.bulletin for month in months if month.bulletin)
    [totals] = select(store, load_query("totals"))
    return page(
        visit,
        "home.html",
        totals=totals,
        months=months,
        regions=regions,
        actions=actions,
        names=resources.names_of(store, shown),
        description=None,
    )


@router.get("/id/{key:path}", summary="A thing: where its document is")
def thing(key: str, visit: VisitDep) -> Response:
    """A thing is no document: see other (Cool URIs for the Semantic Web §4.2). A rule on the path,
    no look-up.
    """
    path = visit.base + quote(iris.path_of(iris.document_of(iris.thing(key))))
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(
        path + query, 303, headers={"Vary": "Accept", "Cache-Control": "public, max-age=86400"}
    )


@router.get("/doc/{key:path}", summary="The document about a thing")
def about_thing(key: str, visit: VisitDep) -> Response:
    """What is said of a thing, in the format of the suffix, or else the one that the client
    prefers.
    """
    key, fmt = _suffixed(key)
    return _about(visit, iris.thing(key), fmt)


@router.get(
    "/{path:path}", summary="The document at any other of our IRIs", include_in_schema=False
)
def about(path: str, visit: VisitDep) -> Response:
    """Vocabularies, ontology, data set, named graphs: documents at their own IRI."""
    path, fmt = _suffixed(path)
    return _about(visit, iris.of_path(path), fmt)


def _suffixed(path: str) -> tuple[str, Format | None]:
    """The path without the suffix of a format, and the format."""
    stem, dot, suffix = path.rpartition(".")
    fmt = formats.by_suffix(PAGE, suffix) if dot and stem else None
    return (path, None) if fmt is None else (stem, fmt)


def _about(visit: Visit, iri: str, fmt: Format | None) -> Response:
    fmt = fmt or negotiation.choose(visit.accept, PAGE)
    if fmt is None:
        _triples(visit.parts.store, iri)  # what does not exist is not found, in whatever format
        raise NotAcceptable([offered.media_type for offered in PAGE])
    headers = described_headers(visit, iris.path_of(iris.document_of(iri)), fmt)
    if iri in resources.versions(visit.parts.store):
        iri = iris.ONTOLOGY
    if fmt is HTML:
        response = _page_of(iri)(visit, iri, headers)
    else:
        triples = _triples(visit.parts.store, iri)
        response = document(visit, fmt, triples, iri, tree=not _is_graph(iri))
        response.headers.update(headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _is_graph(iri: str) -> bool:
    """Whether the document is a named graph, whole; the ontology is the graph that defines it."""
    return iri == iris.ONTOLOGY or iri.startswith(_GRAPHS)


def _triples(store: Store, iri: str) -> list[Triple]:
    """The document as a graph. Raises ResourceNotFound where there is none."""
    if iri == iris.ONTOLOGY:
        return resources.named_graph(store, iris.graph("ontology", "diplolocal"))
    return resources.named_graph(store, iri) if _is_graph(iri) else resources.triples(store, iri)


def _graph_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about a named graph. Raises ResourceNotFound where it has no statement."""
    count = len(resources.named_graph(visit.parts.store, iri))
    path = visit.base + iris.path_of(iri)
    return page(visit, "graph.html", headers=headers, iri=iri, count=count, path=path)


def _page_of(iri: str) -> Callable[[Visit, str, Mapping[str, str]], Response]:
    if iri == iris.ONTOLOGY:
        return _ontology_page
    return _graph_page if iri.startswith(_GRAPHS) else _page


def _ontology_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about the ontology: every class and property, each at its anchor."""
    store = visit.parts.store
    description = resources.describe(store, iri)
    rows = select(store, bind(load_query("terms"), language=Literal(visit.language)))
    schemes = select(store, load_query("schemes"))
    shown = {_iri(row, name) for row in rows for name in row if _is_iri(row, name)}
    shown.update(_iri(row, "scheme") for row in schemes)
    shown.update(_RDFS + name for name in ("subClassOf", "domain", "range"))
    by_type = [(kind, list(some)) for kind, some in groupby(rows, lambda row: _iri(row, "type"))]
    facts = [(prop, said) for prop, said in _facts(description) if prop not in _LISTED_APART]
    return page(
        visit,
        "ontology.html",
        headers=headers,
        description=description,
        facts=facts,
        schemes=schemes,
        terms=by_type,
        names={**resources.names_of(store, shown), **description.names},
        path=visit.base + iris.path_of(iri),
    )


def _page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about one resource. Raises ResourceNotFound where nothing is said of it."""
    store = visit.parts.store
    description = resources.describe(store, iri)
    actions = resources.actions_of(store, iri)
    names = {
        **resources.names_of(store, [_iri(row, "action") for row in actions]),
        **description.names,
    }
    return page(
        visit,
        "resource.html",
        headers=headers,
        description=description,
        facts=_facts(description),
        actions=actions,
        names=names,
        path=visit.base + iris.path_of(iris.document_of(iri)),
    )


def _facts(description: ResourceDescription) -> list[tuple[str, list[Statement]]]:
    """What the page lists, by property; what it shows elsewhere is left out."""
    facts: dict[str, list[Statement]] = {}
    for statement in description.shown:
        if statement.property not in _SHOWN_APART:
            facts.setdefault(statement.property, []).append(statement)
    return list(facts.items())


def _is_iri(row: Row, name: str) -> bool:
    return isinstance(row[name], NamedNode)


def _iri(row: Row, name: str) -> str:
    value = row[name]
    assert isinstance(value, NamedNode)
    return value.value
