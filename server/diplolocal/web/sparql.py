"""SPARQL 1.1 Protocol, the query operation: the cases one under another."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from diplolocal import formats, iris
from diplolocal.errors import (
    BadRequest,
    NotAcceptable,
    QueryRefused,
    RequestTooLarge,
    UnsupportedMediaType,
)
from diplolocal.formats import GRAPH, HTML, JSON, JSONLD, NTRIPLES, RESULTS, RESULTS_ALIASES, Format
from diplolocal.store import Answer, Query, Wanted, load_query
from diplolocal.web import negotiation
from diplolocal.web.responses import Visit, VisitDep, document, page
from diplolocal.wording import message

router = APIRouter()

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_DIRECT = {_QUERY: "query", "application/sparql-update": "update"}
_OFFERED_RESULTS = (*RESULTS, *RESULTS_ALIASES, HTML)
_OFFERED_GRAPH = (*GRAPH, HTML)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the parameters of the protocol (SPARQL 1.1 Protocol §2.1)."""

    parameters: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter."""
        return tuple(value for key, value in self.parameters if key == name)

    def one(self, name: str) -> str | None:
        """The value of a parameter that may be given once. Raises BadRequest where it is given more
        often.
        """
        values = self.all(name)
        if len(values) > 1:
            raise BadRequest(
                message("The parameter {name} is given more than once. Give it once.", name=name)
            )
        return values[0] if values else None


async def _asked(request: Request) -> Asked:
    """The parameters of the address and of the body, as the three ways of the protocol put them."""
    address = _parameters(request.url.query)
    if request.method != "POST":
        return Asked(address)
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    body = await _body(request)
    if kind == _FORM:
        return Asked((*address, *_parameters(body)))
    if name := _DIRECT.get(kind):
        return Asked((*address, (name, body)))
    raise UnsupportedMediaType(
        message(
            "A query is sent as {form} or as {query}, not as {kind}.",
            form=_FORM,
            query=_QUERY,
            kind=content_type or "?",
        )
    )


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/sparql", summary="Query, the query page")
@router.post("/sparql", summary="Query")
def sparql(asked: AskedDep, visit: VisitDep) -> Response:
    """Answer a query, or show where to write one."""
    query, update = asked.one("query"), asked.one("update")
    if update is not None and query is not None:
        raise BadRequest(message("Both a query and an update were sent. Send one of them."))
    if update is not None:
        raise QueryRefused(message("Updates are refused: this endpoint is read-only by design."))
    if query is None and visit.request.method == "POST":
        raise BadRequest(message("The parameter {name} is missing.", name="query"))
    if query is None:
        return _query_page(visit)
    return _answer(
        visit,
        Query(query, asked.all("default-graph-uri"), asked.all("named-graph-uri")),
        asked.all("format"),
    )


def _query_page(visit: Visit) -> Response:
    if negotiation.choose(visit.accept, (HTML,)) is None:
        raise NotAcceptable([HTML.media_type])
    return page(
        visit, "sparql.html", query=load_query("latest-actions"), table=None, text=None, truth=None
    )


def _answer(visit: Visit, query: Query, names: tuple[str, ...]) -> Response:
    results, graph = _chosen(visit, names)
    answer = visit.parts.store.answer(
        query, Wanted(_engine(results, JSON), _engine(graph, NTRIPLES))
    )
    if answer.media_type == NTRIPLES.media_type and graph is JSONLD:
        triples = [quad.triple for quad in parse(answer.body, format=RdfFormat.N_TRIPLES)]
        return document(visit, JSONLD, triples, iris.NAMESPACE, tree=False)
    is_graph = formats.by_media_type(GRAPH, answer.media_type) is not None
    chosen = graph if is_graph else results
    if chosen is HTML:
        return _as_page(visit, query.text, answer, is_graph=is_graph)
    assert chosen is not None
    # RFC 4180 and the SPARQL CSV recommendation leave the character set open: say it.
    charset = "; charset=utf-8" if chosen.media_type.startswith("text/") else ""
    return Response(
        answer.body,
        media_type=None,
        headers={"Content-Type": chosen.media_type + charset, "Vary": "Accept"},
    )


def _chosen(visit: Visit, names: tuple[str, ...]) -> tuple[Format | None, Format | None]:
    """The formats for a table and for a graph: as `format` says, else as `Accept` does.

    SPARQLWrapper sends several `format`: the first that is known is meant.
    """
    offered = (_OFFERED_RESULTS, _OFFERED_GRAPH)
    if not names:
        results, graph = (negotiation.choose(visit.accept, kind) for kind in offered)
        return results, graph
    results, graph = (formats.named(kind, names) for kind in offered)
    if results is None and graph is None:
        suffixes = [fmt.suffix for fmt in (*RESULTS, *_OFFERED_GRAPH)]
        raise BadRequest(
            message(
                "There is no format {name}. Choose one of: {offered}.",
                name=", ".join(names),
                offered=", ".join(suffixes),
            )
        )
    return results, graph


def _engine(chosen: Format | None, ours: Format) -> str | None:
    """What the engine is asked to write: a page and JSON-LD are made here from a form that is
    easily read.
    """
    if chosen is None:
        return None
    if chosen in (HTML, JSONLD):
        return ours.media_type
    registered = formats.by_suffix((*RESULTS, *GRAPH), chosen.suffix)
    return None if registered is None else registered.media_type


def _as_page(visit: Visit, query: str, answer: Answer, *, is_graph: bool) -> Response:
    """The answer below the form that asked: a table, a graph as text, or yes and no."""
    if is_graph:
        return page(
            visit, "sparql.html", query=query, text=answer.body.decode(), table=None, truth=None
        )
    found = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return page(visit, "sparql.html", query=query, truth=bool(found), table=None, text=None)
    columns = [variable.value for variable in found.variables]
    rows = [[solution[column] for column in columns] for solution in found]
    return page(visit, "sparql.html", query=query, table=(columns, rows), text=None, truth=None)


async def _body(request: Request) -> str:
    """The body as text. Raises RequestTooLarge before more is read than allowed, BadRequest where
    it is not UTF-8.
    """
    limit = request.app.state.parts.query_bytes
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise RequestTooLarge(limit)
    declared = request.headers.get("content-type", "").lower()
    try:
        if "charset=" in declared and "utf-8" not in declared:
            raise UnicodeDecodeError("utf-8", bytes(received[:1]), 0, 1, declared)
        return received.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(message("The query is not UTF-8. Send it as UTF-8.")) from error


def _parameters(encoded: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(encoded, keep_blank_values=True, errors="strict"))
    except (UnicodeDecodeError, ValueError) as error:
        raise BadRequest(message("The query is not UTF-8. Send it as UTF-8.")) from error
