"""How much a bulletin reports, against the bulletin before it and the mean of its year.

Only bulletins that are in the graph are compared with: a month that is missing is no month without
actions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from diplolocal.resources import primary_of
from diplolocal.store import Row, Store, bind, load_query, plain, select
from diplolocal.wording import Language


class By(StrEnum):
    """What actions are counted by; the value is the name of the filter of `/actions` and of the
    facet of the search.
    """

    REGION = "region"
    COUNTRY = "country"
    THEME = "theme"
    ACTION_TYPE = "actionType"


@dataclass(frozen=True, slots=True)
class Issue:
    """A bulletin that is in the graph, by month (`2021-09`), and a remark on how it was read."""

    iri: str
    month: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many actions: in this bulletin, in the one before, and a month of the year on average."""

    here: int
    before: int | None
    mean: float

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell of this month or the one before."""
        return bool(self.here or self.before)


@dataclass(frozen=True, slots=True)
class Figures:
    """A bulletin in numbers. `before` is the bulletin before it in the graph, `after` the one
    after; `missing` are the months between `before` and this one, which are not there yet; `year`
    are the bulletins of its year that are there, this one included. `counts` are by thing, the
    most frequent first.
    """

    issue: Issue
    before: Issue | None
    after: Issue | None
    missing: tuple[str, ...]
    year: tuple[Issue, ...]
    total: Count
    counts: Mapping[By, Mapping[str, Count]]

    def told(self, by: By) -> Mapping[str, Count]:
        """The counts that a table shows: all regions, and of everything else what one of the two
        months has.
        """
        return {
            thing: count
            for thing, count in self.counts[by].items()
            if by is By.REGION or count.is_told
        }

    @property
    def notes(self) -> Mapping[str, tuple[str, ...]]:
        """The remarks on how the bulletins were read that are compared, with their months."""
        compared = {each.month: each for each in (*self.year, *filter(None, [self.before]))}
        months: dict[str, list[str]] = defaultdict(list)
        for month in sorted(compared):
            if note := compared[month].note:
                months[note].append(month)
        return {note: tuple(some) for note, some in months.items()}


def issues(store: Store, language: Language) -> tuple[Issue, ...]:
    """The bulletins that are in the graph, oldest first."""
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in select(store, load_query("bulletin-months")):
        rows[plain(row["month"]), plain(row["bulletin"])].append(row)
    return tuple(
        Issue(iri, month, _note(some, language)) for (month, iri), some in sorted(rows.items())
    )


def figures(store: Store, issue: Issue, known: Sequence[Issue], regions: Sequence[str]) -> Figures:
    """A bulletin in numbers, among those `known`, oldest first; the `regions` in their order."""
    place = known.index(issue)
    before = known[place - 1] if place else None
    after = known[place + 1] if place + 1 < len(known) else None
    year = tuple(each for each in known if each.month[:4] == issue.month[:4])
    found = _counted(store, (*year, *filter(None, [before])))

    def count(by: str, thing: str) -> Count:
        counted = found[by].get(thing, {})
        return Count(
            here=counted.get(issue.iri, 0),
            before=counted.get(before.iri, 0) if before else None,
            mean=sum(counted.get(each.iri, 0) for each in year) / len(year),
        )

    counts: dict[By, Mapping[str, Count]] = {}
    for by in By:
        things = regions if by is By.REGION else sorted(found[by])
        each = {thing: count(by, thing) for thing in things}
        if by is not By.REGION:
            each = dict(sorted(each.items(), key=lambda one: (-one[1].here, -one[1].mean)))
        counts[by] = each
    return Figures(
        issue=issue,
        before=before,
        after=after,
        missing=_between(before.month, issue.month) if before else (),
        year=year,
        total=count("all", ""),
        counts=counts,
    )


def _counted(
    store: Store, compared: Sequence[Issue]
) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """How many actions, by what, by thing, by bulletin."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    bulletins = [NamedNode(iri) for iri in sorted({each.iri for each in compared})]
    for row in select(store, bind(load_query("bulletin-figures"), bulletin=bulletins)):
        thing = plain(row["thing"]) if "thing" in row else ""
        found[plain(row["by"])][thing][plain(row["bulletin"])] = int(plain(row["actions"]))
    return found


def _note(rows: Sequence[Row], language: Language) -> str | None:
    """The remark in the language, or else in another."""
    notes = [row["note"] for row in rows if "note" in row]
    mine = [
        each
        for each in notes
        if isinstance(each, Literal) and primary_of(each.language) == language
    ]
    return " ".join(sorted({plain(each) for each in mine or notes})) or None


def _between(first: str, last: str) -> tuple[str, ...]:
    """The months between two."""
    begin, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return tuple(f"{place // 12:04}-{place % 12 + 1:02}" for place in range(begin + 1, end))
