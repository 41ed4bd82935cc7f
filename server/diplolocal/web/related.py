"""All of a section of a page, and all that points at a thing by a property, page after page:
`/related?of=place:mx-jal&by=own-actions`; `.csv` is the whole table, `.rq` the query for it.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from diplolocal import iris, portrait, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.formats import CSV, HTML, Format
from diplolocal.portrait import Held, Member
from diplolocal.resources import Names, ResourceDescription
from diplolocal.store import plain
from diplolocal.web import negotiation
from diplolocal.web.portrayed import BY, OF, RELATED, counted, portrait_of
from diplolocal.web.representations import one
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    tag_of,
    unchanged,
)
from diplolocal.wording import message

router = APIRouter()

EACH = 100
"""How many things a page has."""
_PAGE = "page"
_RQ = Format("rq", "application/sparql-query", "SPARQL")
_NEGOTIATED = (HTML, CSV)
_OFFERED = (*_NEGOTIATED, _RQ)

OfParameter = Annotated[str | None, Query(description="the thing: its IRI or prefixed name")]
ByParameter = Annotated[
    str | None, Query(description="a section of the page about it, or a property that points at it")
]
PageParameter = Annotated[str | None, Query(description="which page, from 1 on")]


@dataclass(frozen=True, slots=True)
class Related:
    """What is related to a thing in one way: the query that finds it, all that it finds, with where
    the actions are that are counted, and the page of it that is wanted. `held` is that of a
    section, None for what points at the thing by a property.
    """

    thing: ResourceDescription
    by: str
    held: Held | None
    text: str
    members: Sequence[Member]
    counted: Mapping[str, str]
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.members) // EACH))

    @property
    def start(self) -> int:
        """Where the page begins, counted from 0."""
        return (self.page - 1) * EACH

    @property
    def shown(self) -> Sequence[Member]:
        """What is on the page."""
        return self.members[self.start : self.start + EACH]


@router.get(RELATED, summary="All that is related to a thing in one way")
def related(
    visit: VisitDep,
    of: OfParameter = None,
    by: ByParameter = None,
    page: PageParameter = None,
) -> Response:
    """All of a section of the page about a thing, or all that points at it by a property."""
    return _written(visit, negotiation.preferred(visit.accept, _NEGOTIATED))


@router.get(RELATED + ".{suffix}", summary="All that is related to a thing, in one format")
def related_as(
    suffix: str, visit: VisitDep, of: OfParameter = None, by: ByParameter = None
) -> Response:
    """The same in the format of the suffix: `csv`, or `rq` for the query."""
    return _written(visit, negotiation.suffixed(_OFFERED, RELATED, suffix))


def _written(visit: Visit, fmt: Format) -> Response:
    found = _found(visit)
    prefixes = visit.parts.prefixes
    asked = {OF: iris.shorten(found.thing.iri, prefixes), BY: found.by}
    query = f"?{urlencode(asked, safe=':/')}"
    here = f"{query}&{_PAGE}={found.page}" if found.page > 1 else query
    headers = described_headers(visit, RELATED, fmt, _OFFERED, query=query)
    headers["Content-Location"] = f"{visit.base}{RELATED}.{fmt.suffix}{here}"
    headers["Vary"] = "Accept, Accept-Language"
    headers["X-Total-Count"] = str(len(found.members))
    headers["Link"] += "".join(
        f', <{visit.base}{RELATED}{query}&{_PAGE}={number}>; rel="{name}"'
        for name, number in _turns(found).items()
    )
    if fmt is CSV and visit.parts.version:
        headers["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return _page(visit, found, asked, headers)
    body = _table(visit, found) if fmt is CSV else found.text
    return Response(
        body,
        media_type=f"{fmt.media_type}; charset=utf-8",
        headers={**headers, "Content-Language": visit.content},
    )


def _found(visit: Visit) -> Related:
    """What the address asks for. Raises BadRequest, or ResourceNotFound where nothing is said of
    the thing.
    """
    of, by, number = (one(visit, name) for name in (OF, BY, _PAGE))
    if not of or not by:
        raise BadRequest(
            message("Say of what (of) and in which way related (by), as the links of pages do.")
        )
    store, prefixes = visit.parts.store, visit.parts.prefixes
    thing = resources.describe(store, iris.expand(of, prefixes), most=0)
    known = portrait_of(thing)
    section = portrait.section_of(known, by)
    properties = {iris.shorten(each.property, prefixes): each for each in thing.mentions}
    if section is not None:
        text = portrait.query(known, section, thing.iri)
    elif by in properties:
        text = resources.mentioning(thing.iri, properties[by].property)
    else:
        offered = [each.name for each in known.sections if portrait.section_of(known, each.name)]
        raise BadRequest(
            message(
                "Nothing is related to {name} by {by}. It can be: {known}.",
                name=of,
                by=by,
                known=", ".join((*offered, *properties)) or "–",
            )
        )
    members = portrait.members(store, text)
    held = Held(section, len(members), members) if section else None
    links = counted(visit, known, thing.iri, held) if held else {}
    found = Related(thing, by, held, text, members, links, _number(number))
    if found.page > found.pages:
        raise BadRequest(
            message(
                "There is no page {page} of what is found; the last one is {last}.",
                page=found.page,
                last=found.pages,
            )
        )
    return found


def _number(given: str | None) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", given or "1", re.ASCII):
        raise BadRequest(
            message("The parameter page cannot be {given}. Give a number from 1 on.", given=given)
        )
    return int(given or "1")


def _turns(found: Related) -> dict[str, int]:
    """The pages that lead on from this one, by how they relate to it."""
    turns = {"prev": found.page - 1, "next": found.page + 1}
    return {name: number for name, number in turns.items() if 1 <= number <= found.pages}


def _page(
    visit: Visit, found: Related, asked: Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    names = {**_names(visit, found, found.shown), **found.thing.names}
    return page(
        visit,
        "related.html",
        headers=headers,
        found=found,
        shown=Held(found.held.section, len(found.members), tuple(found.shown))
        if found.held
        else None,
        names=names,
        property=iris.expand(found.by, visit.parts.prefixes),
        turns={
            name: visit.to(RELATED, {**asked, _PAGE: str(number)})
            for name, number in _turns(found).items()
        },
        files={
            fmt.label: f"{visit.base}{RELATED}.{fmt.suffix}?{urlencode({**asked, **more})}"
            for fmt, more in ((CSV, {"lang": visit.content}), (_RQ, {}))
        },
    )


def _names(visit: Visit, found: Related, members: Sequence[Member]) -> Names:
    shown = {member.iri for member in members}
    shown |= {plain(note) for member in members for note in member.notes}
    shown.add(iris.expand(found.by, visit.parts.prefixes))
    return resources.names_of(visit.parts.store, filter(_is_thing, shown))


def _is_thing(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _table(visit: Visit, found: Related) -> str:
    """All of it as a table (RFC 4180): what each is called in the language of the content."""
    names = _names(visit, found, found.members)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("iri", "label", "date", "since", "actions"))
    for member in found.members:
        said = names.get(member.iri, {})
        label = said.get(visit.content) or next(iter(said.values()), "")
        when = (plain(each) if each else "" for each in (member.date, member.since))
        count = "" if member.count is None else member.count
        writer.writerow((member.iri, label, *when, count))
    return text.getvalue()
