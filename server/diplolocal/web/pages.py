"""Home, and the documents about things: `/id/…` → `/doc/…`, vocabularies, ontology, graphs."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode

from diplolocal import formats, iris, resources
from diplolocal.errors import NotAcceptable
from diplolocal.formats import HTML, PAGE, Format
from diplolocal.resources import ResourceDescription, Statement
from diplolocal.store import Row, load_query, select
from diplolocal.web import negotiation
from diplolocal.web.responses import Visit, VisitDep, described_headers, document, page, unchanged

router = APIRouter()

_GRAPHS = iris.graph("")
_VERSION = iris.ONTOLOGY + "/"
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
@router.head("/", include_in_schema=False)
def home(visit: VisitDep) -> Response:
    """What this is, and what is newest."""
    if negotiation.choose(visit.accept, (HTML,)) is None:
        raise NotAcceptable([HTML.media_type])
    store = visit.parts.store
    bulletins, regions = (
        select(store, load_query("bulletins")),
        select(store, load_query("regions")),
    )
    actions = select(store, load_query("latest-actions"))
    shown = {
        _iri(row, name)
        for rows in (bulletins, regions, actions)
        for row in rows
        for name in row
        if _is_iri(row, name)
    }
    [totals] = select(store, load_query("totals"))
    return page(
        visit,
        "home.html",
        totals=totals,
        bulletins=bulletins,
        regions=regions,
        actions=actions,
        names=resources.names_of(store, shown),
        description=None,
    )


@router.get("/id/{key:path}", summary="A thing: where its document is")
@router.head("/id/{key:path}", include_in_schema=False)
def thing(key: str, visit: VisitDep) -> Response:
    """A thing is no document: see other (Cool URIs for the Semantic Web §4.2). A rule on the path,
    no look-up.
    """
    path = iris.path_of(iris.document_of(iris.thing(key)))
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(
        path + query, 303, headers={"Vary": "Accept", "Cache-Control": "public, max-age=86400"}
    )


@router.get("/doc/{key:path}", summary="The document about a thing")
@router.head("/doc/{key:path}", include_in_schema=False)
def about_thing(key: str, visit: VisitDep) -> Response:
    """What is said of a thing, in the format of the suffix, or else the one that the client
    prefers.
    """
    key, fmt = _suffixed(key)
    return _about(visit, iris.thing(key), fmt)


@router.get(
    "/{path:path}", summary="The document at any other of our IRIs", include_in_schema=False
)
@router.head("/{path:path}", include_in_schema=False)
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
        raise NotAcceptable([offered.media_type for offered in PAGE])
    store = visit.parts.store
    headers = described_headers(visit, iris.path_of(iris.document_of(iri)), fmt)
    if iri.startswith(_VERSION):
        iri = iris.ONTOLOGY
    if iri.startswith(_GRAPHS) or (iri == iris.ONTOLOGY and fmt is not HTML):
        triples = resources.named_graph(
            store, iris.graph("ontology", "diplolocal") if iri == iris.ONTOLOGY else iri
        )
        tree = False
    elif fmt is not HTML:
        triples, tree = resources.triples(store, iri), True
    else:
        return _page(visit, iri, headers)
    if fmt is HTML:
        return page(
            visit,
            "graph.html",
            headers=headers,
            iri=iri,
            count=len(triples),
            path=iris.path_of(iri),
        )
    if unchanged(visit, headers):
        return Response(status_code=304, headers={**headers, "Vary": "Accept"})
    response = document(visit, fmt, triples, iri, tree=tree)
    response.headers.update(headers)
    return response


def _page(visit: Visit, iri: str, headers: dict[str, str]) -> Response:
    """The page about one resource. Raises ResourceNotFound where nothing is said of it."""
    store = visit.parts.store
    description = resources.describe(store, iri)
    if unchanged(visit, headers):
        return Response(status_code=304, headers={**headers, "Vary": "Accept, Accept-Language"})
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
        path=iris.path_of(iris.document_of(iri)),
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
