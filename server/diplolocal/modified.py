"""Which things were changed, withdrawn or merged, and when: as the records of the releases tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from pyoxigraph import NamedNode

from diplolocal.bad_requests import BadRequest
from diplolocal.history import Change
from diplolocal.store import Store, bind, load_query, plain, select
from diplolocal.wording import message

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Changed:
    """When the newest release that changed a thing was issued (xsd:dateTime), and whether it
    deleted it: withdrew it, or merged it with another.
    """

    issued: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, both included, as xsd:date or xsd:dateTime; None: without end."""

    since: str | None = None
    until: str | None = None

    def has(self, issued: str) -> bool:
        """Whether the moment is within it."""
        moment = datetime.fromisoformat(issued)
        return (self.since is None or _begin(self.since) <= moment) and (
            self.until is None or moment <= _end(self.until)
        )


def newest(history: Store) -> Mapping[str, Changed]:
    """The newest change of each thing."""
    return {
        plain(row["topic"]): Changed(plain(row["issued"]), plain(row["change"]) == Change.DELETED)
        for row in select(history, load_query("newest-changes"))
    }


def gone(history: Store, of_class: str) -> tuple[str, ...]:
    """The things of a class that were deleted at some time, by IRI."""
    rows = select(history, bind(load_query("gone"), **{"class": NamedNode(of_class)}))
    return tuple(plain(row["topic"]) for row in rows)


def span(since: str | None, until: str | None) -> Span:
    """The span between two moments. Raises BadRequest where one of them is none, or where it ends
    before it begins.
    """
    found = Span(
        since and _written("modifiedSince", since), until and _written("modifiedUntil", until)
    )
    if found.since and found.until and _begin(found.since) > _end(found.until):
        raise BadRequest(
            message(
                "{since} is after {until}, so nothing is between them. Turn them round.",
                since=f"modifiedSince={found.since}",
                until=f"modifiedUntil={found.until}",
            )
        )
    return found


def _written(name: str, given: str) -> str:
    # In an address a plus that is not encoded is a space.
    text = given.strip().replace(" ", "+")
    try:
        if _DAY.fullmatch(text) or _MOMENT.fullmatch(text):
            datetime.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise BadRequest(
        message(
            "The parameter {name} is given as {given}, which is no day and no moment. Give a day,"
            " such as {day}, or a moment with its time zone, such as {moment}.",
            name=name,
            given=given,
            day="2026-12-01",
            moment="2026-12-01T09:30:00Z",
        )
    )


def _begin(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo:
        return moment
    return datetime.combine(moment, time.max, tzinfo=UTC)
