"""The search: `/search`, with words, facets and months in the address; what is found as a page, as
a table (`.csv`), in every graph format, and as the query that finds the same (`.rq`).
"""

import json
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from pyoxigraph import Literal

from diplolocal import listing, resources, search_query
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.formats import CSV, GRAPH, HTML, PAGE, PLAIN_JSON, Format
from diplolocal.listing import Listing
from diplolocal.modified import Span
from diplolocal.search import Asked
from diplolocal.search_index import KINDS
from diplolocal.web import negotiation
from diplolocal.web.answers import timing
from diplolocal.web.given import LIMIT_NAME, MOST, RANGE, filled
from diplolocal.web.list_written import graph, table
from diplolocal.web.listed import Listed
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    tag_of,
    unchanged,
)
from diplolocal.web.search_page import columns_of, kinds_of, search_page
from diplolocal.web.searched import (
    ALL,
    FACETS,
    KNOWN,
    LIMIT,
    PAGE_NAME,
    PATH,
    TEXT,
    VIEW,
    VIEWS,
    Searched,
    address,
    query_of,
    searched,
)
from diplolocal.wording import LANGUAGES, Language, message, say

router = APIRouter()

AT_ONCE = 10_000
"""How many rows of a table are written before the first is sent, and of how many things a graph is
written.
"""
_RQ = Format("rq", "application/sparql-query", "SPARQL")
_NEGOTIATED = (*PAGE, CSV)
_OFFERED = (*_NEGOTIATED, _RQ)
_SUGGESTED = 8
_NAMED = 60
"""How many things a query may name that goes into an address."""
_TITLE = message("What was found")
_DESCRIPTION = message("Everything that the search finds with these words, facets and months.")
_TOLD = {
    TEXT: "Words, or their beginnings, without regard to accents; all must be there, in names,"
    " descriptions or those who take part.",
    VIEW: f"How the page shows it: {', '.join(VIEWS)}.",
    ALL: "The facet that the page shows with all its values.",
    PAGE_NAME: "The number of a page, from 1 on.",
    LIMIT_NAME: f"How many things a page has: 1 to {MOST}, unless given {LIMIT}. A file without"
    " limit and page is whole.",
}


def _parameters() -> list[Mapping[str, Any]]:
    """The parameters of a search, as OpenAPI describes them (OpenAPI 3.1 §4.8.12)."""
    filters = {name: listing.filters()[name].label[Language.EN] for name in (*FACETS, *RANGE)}
    several = {"type": "array", "items": {"type": "string"}}
    one = {"type": "string"}
    return [
        {
            "name": name,
            "in": "query",
            "description": text,
            "schema": several if name in FACETS else one,
        }
        for name, text in {**filters, **_TOLD}.items()
    ]


_OPENAPI = {"parameters": _parameters()}


@router.get("/search/suggestions.json", include_in_schema=False)
def suggestions(visit: VisitDep, text: str = "") -> Response:
    """The names of the first things that have these words, or words that begin with them."""
    found = visit.parts.search.found(Asked(text), count=_SUGGESTED) if text.strip() else None
    hits = found.hits if found else ()
    names = resources.names_of(visit.parts.store, [hit.iri for hit in hits])
    called = [
        said.get(visit.content) or next(iter(said.values()))
        for hit in hits
        if (said := names.get(hit.iri))
    ]
    told = {"text": text, "suggestions": list(dict.fromkeys(called))}
    body = json.dumps(told, ensure_ascii=False)
    headers = {"Vary": "Accept-Language", "Content-Language": visit.content}
    if visit.parts.version:
        headers |= {
            "ETag": tag_of(visit, visit.parts.version, PLAIN_JSON, visit.content),
            "Cache-Control": FRESH,
        }
    return Response(body, media_type=PLAIN_JSON.media_type, headers=headers)


@router.get(PATH, summary="Search", openapi_extra=_OPENAPI)
def negotiated(visit: VisitDep) -> Response:
    """What is found, in the format that is accepted."""
    return _written(visit, negotiation.choose(visit.accept, _NEGOTIATED))


@router.get(PATH + ".{suffix}", summary="Search, in one format", openapi_extra=_OPENAPI)
def suffixed(suffix: str, visit: VisitDep) -> Response:
    """What is found, in the format of the suffix; `.rq` is the query that finds the same."""
    return _written(visit, negotiation.suffixed(_OFFERED, PATH, suffix))


def _written(visit: Visit, fmt: Format | None) -> Response:
    if fmt is None:
        raise NotAcceptable([each.media_type for each in _NEGOTIATED])
    if fmt is HTML and (kept := filled(visit, KNOWN)) is not None:
        place = visit.pages if visit.spoken else visit.base
        return RedirectResponse(f"{place}{PATH}?{kept}" if kept else place + PATH, 303)
    begun = perf_counter()
    found = searched(visit, whole=fmt is not HTML)
    headers = _headers(visit, found, fmt)
    headers["Server-Timing"] = timing({"search": perf_counter() - begun})
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        is_short = found.found.total <= _NAMED
        query = _query(visit, found) if is_short else search_query.of_list(found.asked)
        return search_page(visit, found, query=query, headers=headers)
    if fmt in GRAPH:
        if len(found.things) > AT_ONCE:
            raise _too_much(found)
        response = graph(visit, _as_list(visit, found), fmt)
    else:
        response = _text(visit, found, fmt)
    response.headers.update(headers)
    return response


def _text(visit: Visit, found: Searched, fmt: Format) -> Response:
    """The table, or the query; a large table is sent while it is written."""
    media_type = f"{fmt.media_type}; charset=utf-8"
    if fmt is _RQ:
        return Response(_query(visit, found), media_type=media_type)
    rows = table(visit, _as_list(visit, found))
    if len(found.things) > AT_ONCE:
        return StreamingResponse(rows, media_type=media_type)
    return Response(b"".join(rows), media_type=media_type)


def _query(visit: Visit, found: Searched) -> str:
    """The query that finds the same, however much of it is on the page."""
    everything = visit.parts.search.found(found.asked, count=None)
    return search_query.query(found.asked, [hit.iri for hit in everything.hits])


def _as_list(visit: Visit, found: Searched) -> Listed:
    """What is found as a list, with the columns of the lists of its kinds."""
    kinds = kinds_of(visit, found)
    listed = Listing(
        name=PATH.removeprefix("/"),
        title={language: say(_TITLE, language) for language in LANGUAGES},
        description={language: say(_DESCRIPTION, language) for language in LANGUAGES},
        of_class=listing.listings()[(*kinds, *KINDS)[0]].of_class,
        text="",
        filters=(),
        columns=columns_of(kinds),
    )
    text = {TEXT: [Literal(found.asked.text)]} if found.asked.text else {}
    return Listed(
        listing=listed,
        values={**found.values, **text},
        span=Span(),
        limit=None,
        text=_query(visit, found),
        found=found.things,
        start=0,
        changes={},
    )


def _too_much(found: Searched) -> BadRequest:
    return BadRequest(
        message(
            "{count} things are found; a graph is written of {most} at most. Choose fewer, take the"
            " table (.csv), which has no such limit, or the dumps, which have everything.",
            count=found.found.total,
            most=AT_ONCE,
        )
    )


def _headers(visit: Visit, found: Searched, fmt: Format) -> dict[str, str]:
    """Where this is in each format, where the pages before and after are (RFC 8288), and how many
    things are found in all and are here.
    """
    here = address(visit, found.asked).removeprefix(PATH)
    headers = described_headers(visit, PATH, fmt, _OFFERED, query=here)
    turns = {"prev": found.previous, "next": found.next}
    limit = {} if found.limit in (None, LIMIT) else {LIMIT_NAME: str(found.limit)}
    links = [
        f"<{visit.to(PATH, query_of(visit, found.asked, **limit, **{PAGE_NAME: str(page)}))}>;"
        f' rel="{name}"'
        for name, page in turns.items()
        if page is not None and fmt is HTML
    ]
    headers["Link"] = ", ".join((headers["Link"], *links))
    headers["Vary"] = "Accept, Accept-Language"
    headers["X-Total-Count"] = str(found.found.total)
    headers["X-Member-Count"] = str(len(found.things))
    if fmt is CSV:
        headers["Content-Language"] = visit.content
        if visit.parts.version:
            headers["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    return headers
