"""Several states, regions, countries, themes or months side by side: how many actions, twinnings,
agreements and memberships each has, and with which partners, themes and kinds of action.

All numbers come from the search, and each says which search finds what it counts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from diplolocal.backdrop import Backdrop
from diplolocal.resources import Names, names_of
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND, MONTH
from diplolocal.store import Store, load_query, plain, select
from diplolocal.wording import Language

FACETS = ("state", "region", "country", "theme", MONTH)
"""What can be compared, each with its like."""

MOST = 6
"""How many can be compared at once."""

KINDS = ("actions", "twinnings", "agreements", "memberships")
"""The lists whose members are counted."""

_SECTIONS = (
    ("actions", "region"),
    ("actions", "state"),
    ("actions", "country"),
    ("actions", "theme"),
    ("actions", "actionType"),
    ("actions", "actor"),
    ("actions", MONTH),
    ("twinnings", "country"),
    ("twinnings", "state"),
    ("memberships", "network"),
)
"""What is counted by which facet, in the order in which it is shown."""

_ONE_FOR_EACH = {"state": "region"}
"""A facet of which each of what is compared has one value only."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and the search that finds what it counts. `count` is None where the month is not in
    the graph yet.
    """

    count: int | None
    asked: Asked


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a facet, or a list, and its number for each of those compared; `depth` says how
    far a concept is below the topmost one.
    """

    value: str
    cells: tuple[Cell, ...]
    depth: int = 0

    @property
    def is_shared(self) -> bool:
        """Whether all of those compared have it."""
        return all(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Section:
    """The members of a list by the values of a facet."""

    kind: str
    facet: str
    rows: tuple[Row, ...]

    @property
    def shared(self) -> tuple[Row, ...]:
        """The rows that all of those compared have."""
        return tuple(row for row in self.rows if row.is_shared)

    @property
    def most(self) -> int:
        """The greatest number."""
        return max((cell.count or 0 for row in self.rows for cell in row.cells), default=0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some values of a facet side by side: their `totals`, list by list, and those by other facets.
    `missing` are months that are not in the graph yet; `populations` has how many people live in
    each, where that is known. `names` has what every IRI in it is called.
    """

    facet: str
    values: tuple[str, ...]
    totals: tuple[Row, ...]
    sections: tuple[Section, ...]
    missing: frozenset[str]
    populations: Mapping[str, int]
    names: Names

    @property
    def rates(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """List by list, how many of its members there are for each million people; only where the
        populations of all are known.
        """
        if not self.values or not self.populations.keys() >= {*self.values}:
            return ()
        return tuple(
            (
                row.value,
                tuple(
                    (cell.count or 0) * 1_000_000 / self.populations[value]
                    for value, cell in zip(self.values, row.cells, strict=True)
                ),
            )
            for row in self.totals
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """One of those compared: what it asks for, what that counts, and whether it is in the graph."""

    asked: Asked
    counts: Mapping[str, int]
    is_known: bool


def compare(
    index: Index,
    backdrop: Backdrop,
    store: Store,
    language: Language,
    of: tuple[str, Sequence[str]],
) -> Comparison:
    """The values of a facet side by side; what is equally frequent by its name in the language.
    Lists are left out whose members no value of the facet tells apart.
    """
    facet, values = of[0], tuple(of[1])
    known = {month for month, is_there in backdrop.months.items() if is_there}
    missing = frozenset({*values} - known if facet == MONTH else ())

    def columns(by: str, kind: str | None = None) -> list[_Column]:
        of_kind = {KIND: (kind,)} if kind else {}
        asked = [Asked(chosen={**of_kind, facet: (value,)}) for value in values]
        return [
            _Column(each, index.counts(each, by), value not in missing)
            for each, value in zip(asked, values, strict=True)
        ]

    offered = {*choices(index, backdrop, facet)}
    kinds = [
        kind
        for kind in KINDS
        if offered & index.counts(Asked(chosen={KIND: (kind,)}), facet).keys()
    ]
    counted = {
        (kind, by): columns(by, kind)
        for kind, by in _SECTIONS
        if kind in kinds and by not in (facet, _ONE_FOR_EACH.get(facet))
    }
    shown = {*values} if facet != MONTH else set()
    for (_, by), found in counted.items():
        shown.update(value for each in found for value in each.counts if by != MONTH)
    names = names_of(store, shown)
    sections = (
        Section(kind, by, _rows(by, each, backdrop, (names, language)))
        for (kind, by), each in counted.items()
    )
    return Comparison(
        facet=facet,
        values=values,
        totals=tuple(_row(columns(KIND), KIND, kind) for kind in kinds),
        sections=tuple(each for each in sections if each.most),
        missing=missing,
        populations=_populations(store, values),
        names=names,
    )


def choices(index: Index, backdrop: Backdrop, facet: str) -> Mapping[str, int]:
    """What can be compared, and how many members of the lists each has; months that are not in the
    graph yet are left out.
    """
    counts = index.counts(Asked(chosen={KIND: KINDS}), facet)
    known = (
        [month for month, is_there in backdrop.months.items() if is_there]
        if facet == MONTH
        else [value for value in backdrop.things.get(facet, ()) if value in counts]
    )
    return {value: counts.get(value, 0) for value in known}


def _row(columns: Sequence[_Column], by: str, value: str, depth: int = 0) -> Row:
    cells = (
        Cell(
            each.counts.get(value, 0) if each.is_known else None,
            Asked(chosen={**each.asked.chosen, by: (value,)}),
        )
        for each in columns
    )
    return Row(value, tuple(cells), depth)


def _rows(
    by: str, columns: Sequence[_Column], backdrop: Backdrop, called: tuple[Names, Language]
) -> tuple[Row, ...]:
    """What is counted by a facet: most first, what is narrower after what is broader; months one
    after the other, those that are not in the graph yet among them.
    """
    if by == MONTH:
        return tuple(
            _row([replace(each, is_known=is_there) for each in columns], by, month)
            for month, is_there in sorted(backdrop.months.items())
        )
    names, language = called
    sums: Counter[str] = Counter()
    for column in columns:
        sums.update(column.counts)
    # A country that federal entities are part of is no partner.
    there = [value for value in sums if value in backdrop.things.get(by, (value,))]
    ordered = sorted(
        there,
        key=lambda each: (-sums[each], names.get(each, {}).get(language, "").casefold(), each),
    )

    def below(broader: str | None, depth: int) -> Iterator[Row]:
        for value in ordered:
            above = backdrop.broader.get(value)
            if above == broader or (broader is None and above not in ordered):
                yield _row(columns, by, value, depth)
                yield from below(value, depth + 1)

    return tuple(below(None, 0))


def _populations(store: Store, values: Sequence[str]) -> Mapping[str, int]:
    rows = select(store, load_query("populations"))
    known = {plain(row["entity"]): int(plain(row["population"])) for row in rows}
    return {value: known[value] for value in values if value in known}
