"""A search as an address asks for it: words, facets, months, how it is shown, and which page of it;
and what that finds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from diplolocal import iris, listing
from diplolocal.bad_requests import BadRequest
from diplolocal.listing import Values
from diplolocal.search import Asked, Found
from diplolocal.search_index import KIND, KINDS
from diplolocal.store import plain
from diplolocal.web import given as request
from diplolocal.web.given import LIMIT_NAME, Given
from diplolocal.web.responses import Visit
from diplolocal.wording import message

PATH = "/search"
TEXT, VIEW, PAGE_NAME, ALL = "text", "view", "page", "all"
FACETS = (
    KIND,
    "region",
    "state",
    "municipality",
    "country",
    "theme",
    "actionType",
    "actor",
    "actorType",
    "month",
    "status",
    "confidence",
    "mode",
    "bulletin",
    "relationType",
    "instrumentType",
    "network",
    "placeType",
    "scheme",
)
"""The facets, in the order in which they are offered."""

TABLE, MAP, TIME_LINE = "table", "map", "timeline"
VIEWS = ("list", TABLE, MAP, TIME_LINE)
"""How what is found can be shown; the first is the usual one."""

LIMIT = 25
"""How many things a page has, unless it is asked for others."""
KNOWN = (TEXT, *FACETS, *request.RANGE, VIEW, ALL, PAGE_NAME, LIMIT_NAME, "lang")
"""The parameters that a search has."""

_ONCE = (TEXT, *request.RANGE, VIEW, ALL, PAGE_NAME, LIMIT_NAME)
_CHARACTERS = 500
"""How long a text may be that is searched for."""
_BY_WHOLE_NAME = ("actor", "network")
"""Facets whose values are not told apart by their keys alone."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What the address asks for, as the index (`asked`) and as a list (`values`) reads it; how it
    is shown, which facet with all its values; what is `found`: in all, and on the page of that
    number, counted from 1, of `limit` things; None: all of it.
    """

    asked: Asked
    values: Values
    view: str
    opened: str | None
    page: int
    limit: int | None
    found: Found

    @property
    def things(self) -> tuple[str, ...]:
        """The things of the page."""
        return tuple(hit.iri for hit in self.found.hits)

    @property
    def start(self) -> int:
        """Where the page begins, counted from 0."""
        return (self.page - 1) * (self.limit or 0)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.found.total // self.limit) if self.limit else 1

    @property
    def next(self) -> int | None:
        """The number of the page after this one."""
        return self.page + 1 if self.page < self.pages else None

    @property
    def previous(self) -> int | None:
        """The number of the page before this one."""
        return self.page - 1 if self.page > 1 else None


def searched(visit: Visit, *, whole: bool) -> Searched:
    """What the address asks for; `whole` where it names no limit and no page.

    Raises BadRequest for a parameter that a search does not have, for a value that does not fit,
    for a text that is too long and for a page that is not there.
    """
    given = request.given(visit, PATH, known=KNOWN, once=_ONCE)
    asked, values = asked_of(visit, given)
    view, opened = request.one(given, VIEW) or VIEWS[0], request.one(given, ALL)
    _check(VIEW, view, VIEWS)
    if opened is not None:
        _check(ALL, opened, FACETS)
    is_whole = whole and not {LIMIT_NAME, PAGE_NAME} & given.keys()
    limit = None if is_whole else request.limit(given) or LIMIT
    page = _page(given)
    found = visit.parts.search.found(
        asked, first=(page - 1) * (limit or 0), count=limit, ranked=view != TIME_LINE
    )
    result = Searched(asked, values, view, opened, page, limit, found)
    if page > max(result.pages, 1):
        raise BadRequest(
            message(
                "There is no page {page} of what is found; the last one is {last}.",
                page=page,
                last=max(result.pages, 1),
            )
        )
    return result


def asked_of(visit: Visit, given: Given) -> tuple[Asked, Values]:
    """What the parameters of an address ask for, as the index and as a list reads it. Raises
    BadRequest for a value that does not fit, and for a text that is too long.
    """
    filters = listing.filters()
    values = {
        name: request.values(visit, filters[name], given[name])
        for name in (*FACETS, *request.RANGE)
        if name in given
    }
    terms = {name: tuple(map(plain, each)) for name, each in values.items()}
    for kind in terms.get(KIND, ()):
        _check(KIND, kind, KINDS)
    request.check_range([terms[name][0] for name in request.RANGE if name in terms])
    months = [terms.pop(name, (None,))[0] for name in request.RANGE]
    return Asked(_text(given), terms, *months), values


def query_of(visit: Visit, asked: Asked, **more: str) -> dict[str, str | Sequence[str]]:
    """The parameters of the address of a search, and some more."""
    span = dict(zip(request.RANGE, (asked.month_from, asked.month_to), strict=True))
    chosen = {
        facet: [written(visit, facet, value) for value in asked.chosen[facet]]
        for facet in FACETS
        if asked.chosen.get(facet)
    }
    singles = {TEXT: asked.text, **span, **more}
    return {**chosen, **{name: value for name, value in singles.items() if value}}


def address(visit: Visit, asked: Asked, suffix: str = "", **more: str) -> str:
    """Path and query of a search, below the public address: `/search.csv?state=mx-jal`."""
    encoded = urlencode(query_of(visit, asked, **more), doseq=True, safe=":/")
    return f"{PATH}{suffix}" + (f"?{encoded}" if encoded else "")


def written(visit: Visit, facet: str, value: str) -> str:
    """The value of a facet as an address has it: `mx-jal`, `government:mx-jal`."""
    if facet in _BY_WHOLE_NAME:
        return iris.shorten(value, visit.parts.prefixes)
    return iris.key_of(value).rpartition("#")[2]


def _text(given: Given) -> str:
    """The words that are searched for, without what cannot be seen."""
    text = " ".join((request.one(given, TEXT) or "").split())
    if len(text) > _CHARACTERS:
        raise BadRequest(
            message(
                "The text has {count} characters; at most {most} are searched for. Search for fewer"
                " words.",
                count=len(text),
                most=_CHARACTERS,
            )
        )
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _page(given: Given) -> int:
    text = request.one(given, PAGE_NAME) or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise BadRequest(
            message("The parameter page cannot be {given}. Give a number from 1 on.", given=text)
        )
    return int(text)


def _check(name: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise BadRequest(
            message(
                "The parameter {name} cannot be {given}. It can be: {known}.",
                name=name,
                given=given,
                known=", ".join(known),
            )
        )
