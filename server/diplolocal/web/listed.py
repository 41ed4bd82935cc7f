"""A list as an address asks for it: filters, how much of it, from where on; and what that finds.

A cursor names the last member before a page and the version of the data whose order it is from: in
another version it may have gone, or others may have come before it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from diplolocal import iris, listing, modified
from diplolocal.bad_requests import BadRequest, CursorExpired
from diplolocal.listing import Listing, Values
from diplolocal.modified import Changed, Span
from diplolocal.web import at_hand
from diplolocal.web import given as request
from diplolocal.web.given import LIMIT_NAME
from diplolocal.web.responses import Visit
from diplolocal.wording import message

NOT_YET_DATED = message(
    "What was changed since the last release has no date yet, so it is not among these."
)
LIMIT = 50
"""How many members a page has, unless it is asked for others."""
CURSOR = "cursor"
SINCE, UNTIL = "modifiedSince", "modifiedUntil"
_PAGING = (LIMIT_NAME, CURSOR)
_ANY_TIME = Span()
_NO_VERSION = "-"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with the `values` of its filters and the `span` in which its members were changed:
    the query `text` that it stands for, all that it `found`, and the `things` of this page, of
    which the first stands at `start`, counted from 0. `limit` is None where it is whole; `changes`
    tell of the members where a span was asked for.
    """

    listing: Listing
    values: Values
    span: Span
    limit: int | None
    text: str
    found: Sequence[str]
    start: int
    changes: Mapping[str, Changed]

    @property
    def total(self) -> int:
        """How many members there are in all."""
        return len(self.found)

    @property
    def things(self) -> Sequence[str]:
        """The members of this page."""
        end = self.total if self.limit is None else self.start + self.limit
        return self.found[self.start : end]

    @property
    def is_of_changes(self) -> bool:
        """Whether only what was changed is listed."""
        return self.span != _ANY_TIME

    @property
    def deleted(self) -> tuple[str, ...]:
        """The members of this page that were withdrawn or merged."""
        gone = {each for each, changed in self.changes.items() if changed.deleted}
        return tuple(each for each in self.things if each in gone)

    @property
    def next(self) -> int | None:
        """Where the next page begins."""
        end = self.start + len(self.things)
        return end if end < self.total else None

    @property
    def previous(self) -> int | None:
        """Where the page before begins."""
        return max(0, self.start - (self.limit or LIMIT)) if self.start else None


def query_of(visit: Visit, listed: Listed, start: int | None = None, **more: str) -> str:
    """The query of an address, `?state=place:mx-jal`: of the whole list, or of the page that
    begins at `start`.
    """
    prefixes = visit.parts.prefixes
    pairs = [
        (name, iris.shorten(value.value, prefixes) if isinstance(value, NamedNode) else value.value)
        for name, values in listed.values.items()
        for value in values
    ]
    pairs += [(SINCE, listed.span.since or ""), (UNTIL, listed.span.until or "")]
    if start is not None and listed.limit not in (None, LIMIT) and LIMIT_NAME not in more:
        pairs.append((LIMIT_NAME, str(listed.limit)))
    if start:
        pairs.append((CURSOR, _cursor(visit, listed.found[start - 1])))
    encoded = urlencode([pair for pair in (*pairs, *more.items()) if pair[1]], safe=":/")
    return f"?{encoded}" if encoded else ""


def dated_until(visit: Visit, listed: Listed) -> str | None:
    """Until when changes are dated, where there are others since: files that were changed since the
    last release. None where all are dated or none was asked for; empty before the first release.
    """
    history, release = visit.parts.history, visit.parts.release
    if not listed.is_of_changes or history is None or "+" not in (release or ""):
        return None
    return max((each.issued for each in at_hand.changes(history).values()), default="")


def listed(visit: Visit, of: Listing, *, whole: bool) -> Listed:
    """The list that the address asks for; `whole` where it names no limit and no cursor.

    Raises BadRequest for a parameter that the list does not have and for a value that does not fit,
    CursorExpired for the cursor of another version of the data.
    """
    given = request.given(
        visit, f"/{of.name}", known=known(of), once=(SINCE, UNTIL, *_PAGING, *request.RANGE)
    )
    values = {
        each.name: request.values(visit, each, given[each.name])
        for each in of.filters
        if each.name in given
    }
    request.check_range([values[name][0].value for name in request.RANGE if name in values])
    between = modified.span(request.one(given, SINCE), request.one(given, UNTIL))
    text = listing.query(of, values)
    found = at_hand.members(visit, text)
    changes: Mapping[str, Changed] = {}
    if between != _ANY_TIME:
        found, changes = _changed(visit, of, found, between)
    limit = request.limit(given)
    if limit is None and (CURSOR in given or not whole):
        limit = LIMIT
    result = Listed(of, values, between, limit, text, found, 0, changes)
    cursor = request.one(given, CURSOR)
    return replace(result, start=_after(visit, result, cursor)) if cursor else result


def known(of: Listing) -> Sequence[str]:
    """The parameters that a list has."""
    return (*(each.name for each in of.filters), SINCE, UNTIL, *_PAGING, "lang")


def _changed(
    visit: Visit, of: Listing, found: Sequence[str], between: Span
) -> tuple[Sequence[str], Mapping[str, Changed]]:
    """Those of the members that were changed in the span, and what was deleted in it of the class
    of the list, whatever the filters: whether it fitted them nobody knows any more.
    """
    history = visit.parts.history
    if history is None:
        raise BadRequest(
            message(
                "This site does not know when things were changed, because somebody's endpoint"
                " answers for it. Ask without modifiedSince and modifiedUntil."
            )
        )
    within = {
        thing: each for thing, each in at_hand.changes(history).items() if between.has(each.issued)
    }
    there = [thing for thing in found if thing in within and not within[thing].deleted]
    gone = [
        thing
        for thing in modified.gone(history, of.of_class)
        if thing in within and within[thing].deleted
    ]
    return (*there, *gone), {thing: within[thing] for thing in (*there, *gone)}


def _cursor(visit: Visit, last: str) -> str:
    text = f"{visit.parts.version or _NO_VERSION} {last.removeprefix(iris.NAMESPACE)}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(visit: Visit, listed: Listed, cursor: str) -> int:
    """Where the page after the cursor begins."""
    try:
        text = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except (NotBase64, UnicodeError, ValueError):
        text = ""
    version, space, last = text.partition(" ")
    first = f"{visit.home}/{listed.listing.name}{query_of(visit, listed, 0)}"
    if not space:
        raise BadRequest(
            message(
                "The cursor {cursor} cannot be read. Take it from the links of a page; the first"
                " one is {first}.",
                cursor=cursor,
                first=first,
            )
        )
    if version != (visit.parts.version or _NO_VERSION):
        raise CursorExpired(version, first)
    if (found := iris.of_path(last)) in listed.found:
        return listed.found.index(found) + 1
    if last in listed.found:
        return listed.found.index(last) + 1
    raise BadRequest(
        message(
            "The cursor {cursor} is of another list. Take it from the links of a page; the first"
            " one is {first}.",
            cursor=cursor,
            first=first,
        )
    )
