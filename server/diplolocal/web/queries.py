"""Example queries: the list of them, a page for each with its form and its answer, and the answer
in every format. `/queries/<slug>.ttl` and its like describe the example; `.csv` and its like, and
`/queries/<slug>/answer.ttl`, answer it.
"""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import examples, formats, iris, labels
from diplolocal.bad_requests import NotAcceptable
from diplolocal.examples import Example, Kind
from diplolocal.formats import GRAPH, HTML, JSON, PAGE, TRIG, Format
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Answer, Patience
from diplolocal.web import answers, negotiation
from diplolocal.web.asking import in_turn
from diplolocal.web.chosen import Chosen, all_examples, choose
from diplolocal.web.example_page import ASK, TABLE, example_page
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

_LIST = "/queries"
_WELL_KNOWN = (*GRAPH, TRIG)
_RQ = Format("rq", "application/sparql-query", "SPARQL")
_LABELS = "labels"


@router.get(_LIST, summary="The example queries")
def queries(visit: VisitDep, keyword: str | None = None) -> Response:
    """The examples by kind of question, all or those of a `keyword`; as RDF always all of them."""
    return _list(visit, negotiation.choose(visit.accept, PAGE), keyword)


@router.get(_LIST + ".{suffix}", summary="The example queries in one format")
def queries_as(suffix: str, visit: VisitDep, keyword: str | None = None) -> Response:
    """The same in the format of the suffix."""
    fmt = negotiation.suffixed(PAGE, _LIST, suffix)
    return _list(visit, fmt, keyword)


@router.get("/.well-known/sparql-examples", summary="The example queries as RDF")
def well_known(visit: VisitDep) -> Response:
    """All the examples, with texts and parameters, as a graph in the format that the client
    prefers.
    """
    fmt = negotiation.preferred(visit.accept, _WELL_KNOWN)
    return _graph(visit, fmt)


@router.get(_LIST + "/{name}", summary="An example query, and its answer")
async def query(name: str, visit: VisitDep) -> Response:
    """The page of an example, with its answer below; with the suffix of a format of RDF what the
    example is, with `.csv`, `.tsv`, `.json` and `.xml` its answer, with `.rq` its text.
    """
    return await in_turn(visit, lambda patience: _about(visit, name, patience))


@router.get(_LIST + "/{slug}/answer.{suffix}", summary="The answer to an example query")
async def answer(slug: str, suffix: str, visit: VisitDep) -> Response:
    """The answer in the format of the suffix: the way to that of an example whose answer is a
    graph.
    """
    return await in_turn(visit, lambda patience: _answer(visit, slug, suffix, patience))


def _list(visit: Visit, fmt: Format | None, keyword: str | None) -> Response:
    if fmt is not HTML:
        return _graph(visit, fmt)
    headers = described_headers(visit, _LIST, HTML)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept, Accept-Language", **headers}))
    groups = examples.groups(all_examples(visit).values())
    meant = [group for group in groups if keyword in group.keyword.values()]
    return page(
        visit,
        "queries.html",
        headers=headers,
        groups=groups,
        shown=examples.once(groups) if keyword is None else meant,
        keyword=keyword,
    )


def _graph(visit: Visit, fmt: Format | None, example: Example | None = None) -> Response:
    """All the examples as a graph, or the one."""
    if fmt is None:
        raise NotAcceptable([offered.media_type for offered in PAGE])
    iri = example.iri if example else iris.of_path(_LIST)
    headers = described_headers(visit, iris.path_of(iri), fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept", **headers}))
    triples = examples.triples(visit.parts.store, example.iri if example else None)
    response = document(visit, fmt, triples, iri, tree=example is not None)
    response.headers.update(headers)
    return response


def _about(visit: Visit, name: str, patience: Patience) -> Response:
    slug, dot, suffix = name.partition(".")
    example = examples.find(all_examples(visit), slug)
    fmt = formats.by_suffix(PAGE, suffix) if dot else negotiation.choose(visit.accept, PAGE)
    if fmt is HTML:
        return _page(visit, choose(visit, example, also=(ASK,), on_page=True), patience)
    if fmt or not dot:
        return _graph(visit, fmt, example)
    if suffix == _RQ.suffix:
        return _text(visit, choose(visit, example))
    return _answer(visit, slug, suffix, patience)


def _page(visit: Visit, chosen: Chosen, patience: Patience) -> Response:
    """The page; what asks other endpoints is only asked when the reader says so."""
    headers = _headers(visit, chosen, HTML, PAGE)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept, Accept-Language", **headers}))
    found = None
    if not chosen.federated or ASK in visit.request.query_params:
        found = answers.ask(visit, chosen.query, HTML, HTML, patience)
    return example_page(visit, chosen, found, headers)


def _text(visit: Visit, chosen: Chosen) -> Response:
    """The query, with its values, as it can be sent to any endpoint."""
    headers = _headers(visit, chosen, _RQ, (HTML,))
    response = Response(chosen.query.text, media_type=f"{_RQ.media_type}; charset=utf-8")
    response.headers.update({"Vary": "Accept", **headers})
    return not_modified(response) if unchanged(visit, headers) else response


def _answer(visit: Visit, slug: str, suffix: str, patience: Patience) -> Response:
    example = examples.find(all_examples(visit), slug)
    is_graph = example.kind is Kind.GRAPH
    offered = GRAPH if is_graph else TABLE
    fmt = formats.by_suffix(offered, suffix)
    if fmt is None:
        raise ResourceNotFound(visit.request.url.path)
    with_labels = example.kind is Kind.TABLE and fmt in labels.FORMATS
    chosen = choose(visit, example, also=(_LABELS,) if with_labels else ())
    headers = _headers(visit, chosen, fmt, offered)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept", **headers}))
    tag = visit.request.query_params.get(_LABELS)
    language = labels.language_of(tag) if tag else None
    found = answers.ask(visit, chosen.query, JSON if language else fmt, fmt, patience)
    if language:
        table = labels.labelled(visit.parts.store, found.body, fmt, language)
        found = Answer(table, fmt.media_type, found.seconds)
    response = answers.written(visit, found, fmt)
    response.headers.update(headers)
    response.headers["Server-Timing"] = answers.timing(found.seconds)
    return response


def _headers(
    visit: Visit, chosen: Chosen, fmt: Format, offered: Sequence[Format]
) -> Mapping[str, str]:
    """The headers of what exists in several formats, each with the values chosen."""
    is_graph = chosen.example.kind is Kind.GRAPH and fmt in GRAPH
    dot = "/answer." if is_graph else "."
    others = ", ".join(
        f"<{visit.base}{chosen.path(dot + other.suffix)}>"
        f'; rel="alternate"; type="{other.media_type}"'
        for other in offered
        if other is not fmt
    )
    headers = {
        **described_headers(visit, iris.path_of(chosen.example.iri), fmt, offered),
        "Content-Location": visit.base + chosen.path(dot + fmt.suffix),
        "Link": others,
        **answers.freshness(visit, chosen.query),
    }
    if headers.get("Cache-Control") == "no-store":
        # Another answer each time, whatever the version here: no tag.
        headers.pop("ETag", None)
    return headers
