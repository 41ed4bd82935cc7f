"""SPARQL 1.1 Protocol, the query operation: the cases one under another."""

from functools import partial
from time import perf_counter

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from diplolocal import labels
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.errors import DiploLocalError
from diplolocal.formats import GRAPH, HTML, JSON, QUADS, RESULTS, RESULTS_ALIASES, Format
from diplolocal.store import Answer, Patience, Query
from diplolocal.store_errors import QueryRefused
from diplolocal.web import answers, describing, negotiation, query_page
from diplolocal.web.asked import WITH_BODY, Asked, asked_of, saved
from diplolocal.web.asking import in_turn
from diplolocal.web.problems import problem
from diplolocal.web.responses import Visit, VisitDep
from diplolocal.wording import Language, message

router = APIRouter()

_TABLE = (*RESULTS, *RESULTS_ALIASES, HTML)
_GRAPH = (*GRAPH, *QUADS, HTML)
_FRONT = (*GRAPH, *QUADS, HTML)


@router.get("/sparql", summary="Query, the query page, the service description")
@router.post("/sparql", summary="Query")
@router.api_route("/sparql", methods=["QUERY"], include_in_schema=False)
async def sparql(visit: VisitDep) -> Response:
    """Answer a query (SPARQL 1.1 Protocol §2.1); without one, a browser gets a page to write one,
    everybody else the description of the service.

    Parameters in the address or in a form: `query`, `default-graph-uri`, `named-graph-uri`;
    `format` (a suffix or a media type) goes before `Accept`; `timeout` in seconds, if less than the
    limit; `labels` (es or en) adds a column of labels to each column of IRIs in CSV and TSV;
    `download` names the file that a browser saves.
    """
    try:
        response = await _handled(visit)
    except DiploLocalError as error:
        response = problem(visit, error)
    for name, value in visit.request.app.state.limit_headers.items():
        response.headers.append(name, value)
    return response


async def _handled(visit: Visit) -> Response:
    asked = await asked_of(visit.request)
    query, update = asked.one("query"), asked.one("update")
    if update is not None and query is not None:
        raise BadRequest(message("Both a query and an update were sent. Send one of them."))
    if update is not None:
        raise QueryRefused(message("Updates are refused: this endpoint is read-only by design."))
    if query is None and visit.request.method in WITH_BODY:
        raise BadRequest(message("The parameter {name} is missing.", name="query"))
    if query is None:
        return await run_in_threadpool(_front, visit, asked)
    dataset = (asked.all("default-graph-uri"), asked.all("named-graph-uri"))
    work = partial(_answered, visit, asked, Query(query, *dataset))
    return await in_turn(visit, work, seconds=asked.seconds())


def _front(visit: Visit, asked: Asked) -> Response:
    """What the endpoint is: a page to ask from, or its description (SPARQL 1.1 SD §2)."""
    [fmt] = negotiation.choose_each(visit.accept, asked.all("format"), [_FRONT])
    if fmt is None:
        raise NotAcceptable([offered.media_type for offered in _FRONT])
    return query_page.blank(visit) if fmt is HTML else describing.described(visit, fmt)


def _answered(visit: Visit, asked: Asked, query: Query, patience: Patience) -> Response:
    """The answer to a query, or why there is none."""
    try:
        return _finished(visit, asked, query, patience)
    except DiploLocalError as error:
        return query_page.refused(visit, query, error)


def _finished(visit: Visit, asked: Asked, query: Query, patience: Patience) -> Response:
    results, graph = negotiation.choose_each(visit.accept, asked.all("format"), [_TABLE, _GRAPH])
    language, stem = _language_of_labels(asked, results), asked.file_stem()
    answer = answers.ask(visit, query, JSON if language else results, graph, patience)
    begun = perf_counter()
    is_graph = answers.is_graph(answer)
    chosen = graph if is_graph else results
    assert chosen is not None
    if chosen is HTML:
        response = query_page.answered(visit, query, answer)
    elif language and not is_graph:
        table = labels.labelled(visit.parts.store, answer.body, chosen, language)
        response = answers.written(visit, Answer(table, chosen.media_type), chosen)
    else:
        response = answers.written(visit, answer, chosen)
    response.headers.update(answers.freshness(visit, query))
    response.headers.update(saved(stem, chosen))
    spent = {**answer.seconds, "write": perf_counter() - begun}
    response.headers["Server-Timing"] = answers.timing(spent)
    return response


def _language_of_labels(asked: Asked, results: Format | None) -> Language | None:
    """The language that columns of labels are wanted in. Raises BadRequest where there can be
    none.
    """
    tag = asked.one("labels")
    if tag is None:
        return None
    language = labels.language_of(tag)
    if results not in labels.FORMATS:
        raise BadRequest(
            message(
                "Columns of labels are added to {offered} only. Ask for one of them, for instance"
                " with format=csv.",
                offered=", ".join(fmt.media_type for fmt in labels.FORMATS),
            )
        )
    return language
