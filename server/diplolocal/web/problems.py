"""Errors as problem documents (RFC 9457), or as pages for browsers."""

import json
from collections.abc import Mapping
from math import ceil

from fastapi.responses import Response

from diplolocal import bad_requests, errors, not_found, store_errors
from diplolocal.formats import HTML, PROBLEM
from diplolocal.web import negotiation
from diplolocal.web.responses import Visit, page
from diplolocal.wording import Message, message, say

STATUS: Mapping[type[errors.DiploLocalError], tuple[int, Message]] = {
    not_found.NotInGraphYet: (404, message("Not in the graph yet")),
    not_found.Withdrawn: (410, message("Withdrawn")),
    not_found.ResourceNotFound: (404, message("Not found")),
    bad_requests.NotAcceptable: (406, message("Not acceptable")),
    bad_requests.BadRequest: (400, message("Bad request")),
    bad_requests.MethodRefused: (405, message("Method not allowed")),
    bad_requests.UnsupportedMediaType: (415, message("Unsupported media type")),
    bad_requests.RequestTooLarge: (413, message("Request too large")),
    bad_requests.CursorExpired: (410, message("Cursor of other data")),
    bad_requests.AddressTooLong: (414, message("Address too long")),
    bad_requests.RangeNotSatisfiable: (416, message("Part that is not there")),
    store_errors.QuerySyntaxError: (400, message("Query that cannot be read")),
    store_errors.QueryRefused: (403, message("Refused")),
    store_errors.AnswerTooLarge: (403, message("Answer too large")),
    store_errors.QueryTimeout: (503, message("Query took too long")),
    store_errors.QueryTooCostly: (503, message("Query needs too much")),
    store_errors.StoreBusy: (503, message("Busy")),
    store_errors.NobodyWaits: (503, message("Given up")),
    store_errors.NotReady: (503, message("Not ready")),
    store_errors.TooMuchAsked: (429, message("Too many queries")),
    store_errors.StoreUnavailable: (502, message("The SPARQL store gave no answer")),
    store_errors.ServiceUnavailable: (502, message("Another endpoint gave no answer")),
    errors.DiploLocalError: (500, message("Something is wrong here")),
}
"""The status of each error; an error that is not listed has its parent's."""

_MEMBERS: Mapping[type[errors.DiploLocalError], tuple[str, ...]] = {
    store_errors.QuerySyntaxError: ("line", "column"),
    bad_requests.NotAcceptable: ("offered",),
    not_found.FileNotThere: ("offered",),
    not_found.ReleaseNotFound: ("offered",),
    not_found.NotThereThen: ("offered",),
    store_errors.AnswerTooLarge: ("limit",),
    bad_requests.CursorExpired: ("first",),
    store_errors.QueryTimeout: ("limit", "elapsed"),
    store_errors.QueryTooCostly: ("elapsed",),
    store_errors.AllowanceSpent: ("limit", "used"),
}
"""What a problem document says besides, by error."""


def problem(
    visit: Visit,
    error: errors.DiploLocalError,
    *,
    template: str = "problem.html",
    **values: object,
) -> Response:
    """An error as a page for a browser, as a problem document for everybody else; `values` are what
    the template of the page names besides.
    """
    status, title = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    detail = say(error.sentence, visit.language)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if after := _retry_after(error):
        headers |= {"Retry-After": str(after)}
    nearest = error.nearest if isinstance(error, not_found.NotInGraphYet) else ()
    if negotiation.choose(visit.accept, (PROBLEM, HTML)) is HTML:
        return page(
            visit,
            template,
            status=status,
            headers=headers,
            permalink=None,
            title=say(title, visit.language),
            detail=detail,
            nearest=nearest,
            **values,
        )
    body = {
        "type": "about:blank",
        "title": say(title, visit.language),
        "status": status,
        "detail": detail,
        **_members(error),
    }
    if nearest:
        body |= {"nearest": [bulletin for _, bulletin in nearest]}
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status,
        media_type=PROBLEM.media_type,
        headers={**headers, "Content-Language": visit.language},
    )


def _members(error: errors.DiploLocalError) -> Mapping[str, object]:
    """What the problem document says besides, for programs (RFC 9457 §3.2)."""
    names = next((_MEMBERS[cls] for cls in type(error).__mro__ if cls in _MEMBERS), ())
    values = {name: getattr(error, name) for name in names}
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in values.items()
        if value is not None
    }


def _retry_after(error: errors.DiploLocalError) -> int | None:
    """After how many seconds one may ask again (RFC 9110 §10.2.3). A query that took too much may
    be asked again after as long as it took: so a client that does so always leaves half the time to
    others.
    """
    if isinstance(error, store_errors.StoreBusy | store_errors.TooMuchAsked):
        return error.retry_after
    if isinstance(error, store_errors.QueryTimeout | store_errors.QueryTooCostly):
        return max(1, ceil(error.elapsed))
    return None
