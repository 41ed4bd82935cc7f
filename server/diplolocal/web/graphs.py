"""SPARQL 1.1 Graph Store HTTP Protocol, as far as it reads: one graph at a time, whole."""

from collections.abc import Iterator
from functools import partial
from time import perf_counter

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from diplolocal import iris
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.description import Counts
from diplolocal.formats import GRAPH, HTML, NTRIPLES, PAGE, QUADS, Format
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Answer, Patience, Query, bind, graph_name, load_query, select
from diplolocal.store_errors import StoreUnavailable
from diplolocal.web import answers, describing, negotiation
from diplolocal.web.asked import Asked, asked_of, saved
from diplolocal.web.asking import in_turn
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    document,
    not_modified,
    page,
    unchanged,
)
from diplolocal.wording import message

router = APIRouter()

_PATH = "/graphs"
_WHOLE = (*GRAPH, *QUADS)
_VOID = "http://rdfs.org/ns/void#"


@router.get(_PATH, summary="The named graphs, or one graph whole")
async def graphs(visit: VisitDep) -> Response:
    """The graph that `graph` names by its IRI (indirect identification, §4.2), or with `default`
    the union of all; with neither of them, a list of the graphs with their counts.

    `format`, `timeout` and `download` as for `/sparql`.
    """
    asked = await asked_of(visit.request)
    named, default = asked.one("graph"), asked.one("default")
    if named is not None and default is not None:
        raise BadRequest(message("Both a graph and the default graph were asked for. Ask for one."))
    if named is None and default is None:
        return await run_in_threadpool(_list, visit, asked)
    return await _whole(visit, asked, None if named is None else graph_name(named))


@router.get(_PATH + "/{name:path}", summary="One named graph, whole")
async def graph(name: str, visit: VisitDep) -> Response:
    """The graph whose IRI, percent-encoded or without `https://w3id.org/diplolocal/graph/`, is the
    rest of the address (direct identification, §4.1).
    """
    asked = await asked_of(visit.request)
    node = graph_name(name if ":" in name else iris.graph(name))
    return await _whole(visit, asked, node)


async def _whole(visit: Visit, asked: Asked, name: NamedNode | None) -> Response:
    [fmt] = negotiation.choose_each(visit.accept, asked.all("format"), [_WHOLE])
    work = partial(_written, visit, asked, name, fmt)
    return await in_turn(visit, work, seconds=asked.seconds())


def _written(
    visit: Visit, asked: Asked, name: NamedNode | None, fmt: Format | None, patience: Patience
) -> Response:
    """A graph, whole; the default graph where it has no name."""
    text = "" if name is None else bind(load_query("graph-is-there"), graph=name)
    if name is not None and not select(visit.parts.store, text):
        raise ResourceNotFound(name.value)
    if fmt is None:
        raise NotAcceptable([offered.media_type for offered in _WHOLE])
    headers = {"Vary": "Accept", **saved(asked.file_stem(), fmt)}
    if visit.parts.version:
        # The address says which graph it is: the same tag at two addresses does no harm.
        tag = f'"{visit.parts.version}-{fmt.suffix}"'
        headers |= {"ETag": tag, "Cache-Control": FRESH}
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    query = Query(load_query("everything"), () if name is None else (name.value,))
    tells_name = name is not None and fmt in QUADS
    answer = answers.ask(visit, query, None, NTRIPLES if tells_name else fmt, patience)
    begun = perf_counter()
    if name is not None and tells_name:
        answer = Answer(_with_name(visit, answer.body, name, fmt), fmt.media_type, answer.seconds)
    response = answers.written(visit, answer, fmt)
    response.headers.update(headers)
    spent = {**answer.seconds, "write": perf_counter() - begun}
    response.headers["Server-Timing"] = answers.timing(spent)
    return response


def _with_name(visit: Visit, ntriples: bytes, name: NamedNode, fmt: Format) -> bytes:
    """The graph with its name."""

    def named() -> Iterator[Quad]:
        for quad in parse(ntriples, format=RdfFormat.N_TRIPLES):
            yield Quad(quad.subject, quad.predicate, quad.object, name)

    engine = RdfFormat.from_media_type(fmt.media_type)
    return serialize(named(), format=engine, prefixes=dict(visit.parts.prefixes)) or b""


def _list(visit: Visit, asked: Asked) -> Response:
    """The graphs and how many statements they have, as a page or as a graph."""
    [fmt] = negotiation.choose_each(visit.accept, asked.all("format"), [PAGE])
    if fmt is None:
        raise NotAcceptable([offered.media_type for offered in PAGE])
    counts = describing.service_of(visit).counts
    if counts is None:
        raise StoreUnavailable(message("The SPARQL store gave no answer"))
    if fmt is HTML:
        return page(visit, "graphs.html", counts=counts, formats=_WHOLE)
    return document(visit, fmt, _triples(counts), iris.DATASET, tree=False)


def _triples(counts: Counts) -> list[Triple]:
    """The graphs as parts of the data set, with their counts (VoID §4.5)."""
    whole = NamedNode(iris.DATASET)
    subset, statements = NamedNode(_VOID + "subset"), NamedNode(_VOID + "triples")
    found = [Triple(whole, statements, Literal(counts.union))]
    for name, count in counts.graphs.items():
        node = NamedNode(name)
        found += [Triple(whole, subset, node), Triple(node, statements, Literal(count))]
    return found
