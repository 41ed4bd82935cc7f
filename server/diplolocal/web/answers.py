"""What the store answers, as an answer of the site: in the format that was chosen, whole."""

import re
from collections.abc import Mapping

from fastapi.responses import Response

from diplolocal import federation, formats, iris, jsonld
from diplolocal.bad_requests import NotAcceptable
from diplolocal.formats import (
    GRAPH,
    HTML,
    JSON,
    JSONLD,
    NQUADS,
    NTRIPLES,
    QUADS,
    RESULTS,
    TRIG,
    TURTLE,
    Format,
)
from diplolocal.store import Answer, Patience, Query, Wanted
from diplolocal.web.responses import FRESH, Visit

_MADE_HERE = {HTML: NTRIPLES, JSONLD: NTRIPLES, NQUADS: NTRIPLES, TRIG: TURTLE}
"""What the engine is asked for instead. One graph without a name is the same in TriG as in Turtle,
and in N-Quads as in N-Triples; so any engine will do.
"""

_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b", re.IGNORECASE)
"""Functions with another value each time (SPARQL 1.1 §17.4)."""


def ask(
    visit: Visit,
    query: Query,
    results: Format | None,
    graph: Format | None,
    patience: Patience,
) -> Answer:
    """The answer of the store for strangers, in a form from which these formats are made.

    Raises what `Store.answer` raises.
    """
    wanted = Wanted(_of_results(results), _of_graph(graph))
    try:
        return visit.parts.public.answer(query, wanted, patience)
    except NotAcceptable as error:
        if error.offered == tuple(fmt.media_type for fmt in GRAPH):
            raise NotAcceptable([fmt.media_type for fmt in (*GRAPH, *QUADS)]) from error
        raise


def is_graph(answer: Answer) -> bool:
    """Whether the query was one that constructs or describes."""
    return formats.by_media_type(GRAPH, answer.media_type) is not None


def written(visit: Visit, answer: Answer, fmt: Format) -> Response:
    """The answer in a format that is no page."""
    body = answer.body
    if fmt is JSONLD:
        address = visit.home + iris.path_of(iris.CONTEXT)
        body = jsonld.listed(body, context=visit.parts.context, address=address)
    # RFC 4180 and the SPARQL CSV recommendation leave the character set open: say it.
    charset = "; charset=utf-8" if fmt.media_type.startswith("text/") else ""
    return Response(
        body,
        media_type=None,
        headers={"Content-Type": fmt.media_type + charset, "Vary": "Accept"},
    )


def freshness(visit: Visit, query: Query) -> Mapping[str, str]:
    """How long an answer may be kept by others: as long as a document, where the data are a build's
    and the question has the same answer each time.
    """
    if visit.parts.version is None:
        return {}
    if federation.calls(query) or _CHANGING.search(query.text):
        return {"Cache-Control": "no-store"}
    return {"Cache-Control": FRESH}


def timing(seconds: Mapping[str, float]) -> str:
    """Where the time went (Server Timing §3), in milliseconds."""
    return ", ".join(f"{name};dur={spent * 1000:.1f}" for name, spent in seconds.items())


def _of_results(chosen: Format | None) -> str | None:
    """What the engine is asked to write for a table."""
    if chosen is None:
        return None
    if chosen is HTML:
        return JSON.media_type
    registered = formats.by_suffix(RESULTS, chosen.suffix)
    return None if registered is None else registered.media_type


def _of_graph(chosen: Format | None) -> str | None:
    """What the engine is asked to write for a graph."""
    return None if chosen is None else _MADE_HERE.get(chosen, chosen).media_type
