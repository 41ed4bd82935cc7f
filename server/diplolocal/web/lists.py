"""Lists of every kind of thing, page by page: `/actions`, `/actors`, `/places` …, with filters in
the address, in every format; `.csv` is a table, and `.rq` the query that a list stands for.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from diplolocal import listing
from diplolocal.bad_requests import NotAcceptable
from diplolocal.formats import CSV, GRAPH, HTML, PAGE, Format
from diplolocal.listing import Listing
from diplolocal.web import negotiation
from diplolocal.web.given import LIMIT_NAME, MOST, filled
from diplolocal.web.list_page import list_page
from diplolocal.web.list_written import graph, table
from diplolocal.web.listed import (
    CURSOR,
    LIMIT,
    SINCE,
    UNTIL,
    Listed,
    dated_until,
    known,
    listed,
    query_of,
)
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    tag_of,
    unchanged,
)
from diplolocal.wording import LANGUAGES, Language, message, say

router = APIRouter()

AT_ONCE = 10_000
"""How many rows of a table are written before the first is sent."""
_RQ = Format("rq", "application/sparql-query", "SPARQL")
_NEGOTIATED = (*PAGE, CSV)
_OFFERED = (*_NEGOTIATED, _RQ)
_FILTERS = (
    "A parameter may be given several times, for any of its values; a thing is given by its IRI,"
    " prefixed name, key or name."
)
BY_TIME = message(
    "The list has only what was changed at the time that was asked for; this query finds all of it,"
    " whenever it was changed: the graph does not know when that was."
)
_TURNING = {
    LIMIT_NAME: f"How many members a page has: 1 to {MOST}, unless given {LIMIT}. A table (CSV)"
    " without limit and cursor is whole.",
    CURSOR: "Where a page begins: from the links of another page, of the same version of the data.",
    SINCE: "Only what a release changed, withdrew or merged on this day (in UTC) or at this moment,"
    " or later.",
    UNTIL: "Only what a release changed, withdrew or merged on this day or at this moment, or"
    " before.",
}


def _add(of: Listing) -> None:
    """The routes of a list."""

    def negotiated(visit: VisitDep) -> Response:
        return _written(visit, of, negotiation.choose(visit.accept, _NEGOTIATED))

    def suffixed(suffix: str, visit: VisitDep) -> Response:
        return _written(visit, of, negotiation.suffixed(_OFFERED, f"/{of.name}", suffix))

    title = of.title[Language.EN]
    routes: Mapping[str, tuple[str, Callable[..., Response]]] = {
        f"/{of.name}": (title, negotiated),
        f"/{of.name}.{{suffix}}": (f"{title}, in one format", suffixed),
    }
    for path, (summary, answer) in routes.items():
        router.add_api_route(
            path,
            answer,
            summary=summary,
            description=f"{of.description[Language.EN]} {_FILTERS}",
            openapi_extra={"parameters": _parameters(of)},
        )


def _parameters(of: Listing) -> list[Mapping[str, Any]]:
    """The parameters of a list, as OpenAPI describes them (OpenAPI 3.1 §4.8.12)."""
    several = {"type": "array", "items": {"type": "string"}}
    filters = [
        {
            "name": each.name,
            "in": "query",
            "description": each.label[Language.EN],
            "schema": several,
        }
        for each in of.filters
    ]
    turning = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in _TURNING.items()
    ]
    return [*filters, *turning]


def _written(visit: Visit, of: Listing, fmt: Format | None) -> Response:
    if fmt is None:
        raise NotAcceptable([each.media_type for each in _NEGOTIATED])
    if fmt is HTML and (kept := filled(visit, known(of))) is not None:
        place = f"{visit.base}/{of.name}"
        return RedirectResponse(f"{place}?{kept}" if kept else place, 303)
    found = listed(visit, of, whole=fmt is CSV)
    headers = _headers(visit, found, fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return list_page(visit, found, headers)
    response = graph(visit, found, fmt) if fmt in GRAPH else _text(visit, found, fmt)
    response.headers.update(headers)
    return response


def _text(visit: Visit, found: Listed, fmt: Format) -> Response:
    """The table, or the query; a large table is sent while it is written."""
    media_type = f"{fmt.media_type}; charset=utf-8"
    if fmt is CSV and len(found.things) > AT_ONCE:
        return StreamingResponse(table(visit, found), media_type=media_type)
    body = b"".join(table(visit, found)) if fmt is CSV else _query(found)
    return Response(body, media_type=media_type)


def _query(found: Listed) -> str:
    """The query that the list stands for, with a comment where the list has less than it finds."""
    if not found.is_of_changes:
        return found.text
    comments = [f"# {language}: {say(BY_TIME, language)}\n" for language in LANGUAGES]
    return "".join((*comments, found.text))


def _headers(visit: Visit, found: Listed, fmt: Format) -> dict[str, str]:
    """Where this page is in each format, where the first one is, and those before and after it (RFC
    8288, RFC 5988 §3); how many members there are, and how many are here.
    """
    path, here = f"/{found.listing.name}", query_of(visit, found, found.start)
    headers = described_headers(visit, path, fmt, _OFFERED, query=here)
    place, home = visit.base + path, visit.home + path
    turns = {"first": 0, "prev": found.previous, "next": found.next}
    links = [
        f'<{place}{_suffix(visit, fmt)}{query_of(visit, found, start)}>; rel="{name}"'
        for name, start in turns.items()
        if start is not None and found.limit is not None
    ]
    headers["Link"] = ", ".join((headers["Link"], f'<{home}{here}>; rel="canonical"', *links))
    headers["Vary"] = "Accept, Accept-Language"
    headers["X-Total-Count"] = str(found.total)
    headers["X-Member-Count"] = str(len(found.things))
    if until := dated_until(visit, found):
        headers["Changes-Dated-Until"] = until
    if fmt is CSV:
        headers["Content-Language"] = visit.content
        if visit.parts.version:
            headers["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    return headers


def _suffix(visit: Visit, fmt: Format) -> str:
    """The suffix of the address, so that the links of a page lead to pages of its kind."""
    return f".{fmt.suffix}" if visit.request.url.path.endswith(f".{fmt.suffix}") else ""


for _listing in listing.listings().values():
    _add(_listing)
