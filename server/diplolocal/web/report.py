"""Where an error is reported: what to tell, with a text that is ready to be sent, and, where the
site says whom to, a link that does so.
"""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from diplolocal import iris, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.formats import HTML
from diplolocal.web import negotiation
from diplolocal.web.representations import one
from diplolocal.web.responses import FRESH, Visit, VisitDep, page
from diplolocal.wording import message, say

router = APIRouter()

PATH = "/report"
_LONGEST = 2_000
"""How long an IRI may be that is reported."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is ready to be sent: about which IRI, called what, with which subject and text;
    `address` is where it is sent with both filled in, None where nobody said where.
    """

    about: str
    called: str
    title: str
    body: str
    address: str | None


@router.get(PATH, summary="Report an error")
def report(
    visit: VisitDep,
    about: Annotated[str | None, Query(description="the IRI in whose record the error is")] = None,
) -> Response:
    """What to tell of an error in the record of the thing with this IRI (`about`); without it, in
    the site or the data as a whole.
    """
    negotiation.preferred(visit.accept, (HTML,))
    headers = {"Cache-Control": FRESH} if visit.parts.version else {}
    return page(visit, "report.html", headers=headers, report=_report(visit))


def _report(visit: Visit) -> Report:
    """Raises BadRequest for what is no IRI of ours, ResourceNotFound for one that nothing is said
    of.
    """
    asked = one(visit, "about") or iris.DATASET
    if not iris.is_ours(asked) or len(asked) > _LONGEST or not asked.isprintable():
        raise BadRequest(
            message(
                "{name} is not the IRI of a record here. Errors in records of others are to be"
                " reported to them.",
                name=asked[:_LONGEST],
            )
        )
    document, _, then = asked.partition("?")
    thing = iris.of_document(document)
    names = resources.names_of(visit.parts.store, [_known(visit, thing)])
    called = names.get(thing, {}).get(visit.language, iris.shorten(thing, visit.parts.prefixes))
    title = say(message("Error: {name}", name=called), visit.language)
    place = visit.home + iris.path_of(iris.document_of(thing)) + (f"?{then}" if then else "")
    told = message(
        "What is wrong:\n\nWhat would be right:\n\nWhere that can be read (address or title):\n\n"
        "About: {iri}\nPage: {page}\nVersion of the data: {version}\n",
        iri=asked,
        page=place,
        version=visit.parts.release or visit.parts.version or "–",
    )
    body = say(told, visit.language)
    return Report(asked, called, title, body, _address(visit, title, body))


def _known(visit: Visit, thing: str) -> str:
    """The IRI, if something is said of it. Raises ResourceNotFound where not."""
    if thing != iris.DATASET:
        resources.describe(visit.parts.store, thing, most=0)
    return thing


def _address(visit: Visit, title: str, body: str) -> str | None:
    template = visit.parts.reports
    if template is None:
        return None
    # In one pass, so that what a title says in braces is not filled in.
    filled = {"title": quote(title, safe=""), "body": quote(body, safe="")}
    return re.sub(r"\{(title|body)\}", lambda place: filled[place[1]], template)
