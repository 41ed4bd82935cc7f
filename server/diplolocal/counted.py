"""What a picture counts: how many of the things that were asked for have each value of a facet, or
of two together, each number with the search that finds just these things.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from diplolocal import listing, network
from diplolocal.backdrop import Backdrop
from diplolocal.network import Network
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND, MONTH
from diplolocal.wording import Language, Message, in_words, message, number, say

_ACTOR = "actor"
_OF_ONE: Mapping[str, Callable[[str], Message]] = {
    "actions": lambda where: message("{where}: 1 action", where=where),
    "twinnings": lambda where: message("{where}: 1 twinning", where=where),
    "agreements": lambda where: message("{where}: 1 agreement", where=where),
    "memberships": lambda where: message("{where}: 1 membership", where=where),
}
_OF_MANY: Mapping[str, Callable[[str, str], Message]] = {
    "actions": lambda where, n: message("{where}: {count} actions", where=where, count=n),
    "twinnings": lambda where, n: message("{where}: {count} twinnings", where=where, count=n),
    "agreements": lambda where, n: message("{where}: {count} agreements", where=where, count=n),
    "memberships": lambda where, n: message("{where}: {count} memberships", where=where, count=n),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A number of a picture: the `values` that it stands for, by facet, what they are called, and
    the search that finds what it counts; None where nothing is found, or what is cannot be asked
    for. `count` is None for a month that is not in the graph yet. `depth` says how far a concept
    is below the topmost one; `sentence` says it all; `things` are what is counted, where they are
    few and no search finds just them.
    """

    values: tuple[str, ...]
    labels: tuple[str, ...]
    count: int | None
    asked: Asked | None
    sentence: str
    depth: int = 0
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted: the members of which list, by which facets, out of what was asked for."""

    kind: str
    facets: tuple[str, ...]
    asked: Asked
    language: Language

    @property
    def everything(self) -> Asked:
        """What was asked for, of this kind."""
        return replace(self.asked, chosen={**self.asked.chosen, KIND: (self.kind,)})

    def sentence(self, where: str, count: int | None) -> str:
        """A number in words: `Jalisco: 12 actions`."""
        if count is None:
            return say(message("{where}: not in the graph yet", where=where), self.language)
        if count == 1:
            return say(_OF_ONE[self.kind](where), self.language)
        return say(_OF_MANY[self.kind](where, number(count, self.language)), self.language)


def facet_label(facet: str, language: Language) -> str:
    """What a facet is called."""
    return listing.filters()[facet].label[language]


def kind_label(kind: str, language: Language) -> str:
    """What the members of a list are called."""
    return listing.listings()[kind].title[language]


def rows(
    index: Index, backdrop: Backdrop, subject: Subject, *, every: bool = False
) -> tuple[Row, ...]:
    """What one facet counts, ordered to be read; `every`: with those that count nothing."""
    [facet] = subject.facets
    counts = index.counts(subject.everything, facet)
    apart = index.counts(subject.everything, facet, apart=True)
    if facet == MONTH:
        values = sorted({*counts, *backdrop.months})
        missing = {month for month in values if not backdrop.months.get(month, month in counts)}
        depths: Mapping[str, int] = dict.fromkeys(values, 0)
    else:
        depths = _ordered(counts, backdrop, subject, every=every)
        missing = set()
    return tuple(
        _row(
            subject,
            {facet: value},
            (_label(value, facet, backdrop, subject.language),),
            None if value in missing and not counts.get(value) else counts.get(value, 0),
            exact=counts.get(value) == apart.get(value),
            depth=depth,
        )
        for value, depth in depths.items()
    )


def crossed(index: Index, backdrop: Backdrop, subject: Subject) -> tuple[Row, ...]:
    """What two facets count together: those with the most first, of concepts only the topmost."""
    one, other = subject.facets
    found = {
        pair: count
        for pair, count in index.crossed(subject.everything, one, other).items()
        if _is_shown(pair[0], one, backdrop) and _is_shown(pair[1], other, backdrop)
    }
    orders = [
        _by_count(index.counts(subject.everything, facet), backdrop, subject.language)
        for facet in subject.facets
    ]
    freely = not {one, other} & subject.asked.chosen.keys()
    return tuple(
        _row(
            subject,
            {one: first, other: second},
            tuple(
                _label(value, facet, backdrop, subject.language)
                for value, facet in ((first, one), (second, other))
            ),
            found[first, second],
            exact=freely
            or _alone(index, subject, {one: first, other: second}) == found[first, second],
        )
        for first in orders[0]
        for second in orders[1]
        if (first, second) in found
    )


def tied(index: Index, backdrop: Backdrop, subject: Subject) -> tuple[Row, ...]:
    """Who acts with whom: a row for each tie, the strongest first."""
    found = network_of(index, backdrop, subject)
    rows = []
    for tie in found.ties:
        labels = tuple(found.name(iri, subject.language) for iri in (tie.mexican, tie.counterpart))
        rows.append(
            Row(
                values=(tie.mexican, tie.counterpart),
                labels=labels,
                count=tie.weight,
                asked=None,
                sentence=subject.sentence(" – ".join(labels), tie.weight),
                things=tie.actions,
            )
        )
    return tuple(rows)


def actors(index: Index, backdrop: Backdrop, subject: Subject) -> tuple[Row, ...]:
    """The actors that are tied, each with the actions in which it takes part."""
    found = network_of(index, backdrop, subject)
    counts = index.counts(subject.everything, _ACTOR)
    apart = index.counts(subject.everything, _ACTOR, apart=True)
    return tuple(
        _row(
            subject,
            {_ACTOR: iri},
            (_placed_name(found, iri, subject.language),),
            counts.get(iri, 0),
            exact=counts.get(iri) == apart.get(iri),
        )
        for iri in sorted(found.actors)
    )


def network_of(index: Index, backdrop: Backdrop, subject: Subject) -> Network:
    """The network that what was asked for makes."""
    hits = index.found(subject.everything, count=None).hits
    return network.within(backdrop.network, frozenset(hit.iri for hit in hits))


def _placed_name(found: Network, iri: str, language: Language) -> str:
    """What an actor is called, and where it is if its name does not tell."""
    name, place = found.name(iri, language), found.actors[iri].place
    where = found.name(place, language) if place else ""
    return name if where in name else f"{name} ({where})"


def notes(index: Index, subject: Subject, counted: Sequence[Row]) -> tuple[Message, ...]:
    """What the numbers do not say by themselves: what has no value, and what has several."""
    total, of = index.found(subject.everything, count=0).total, subject.everything
    every = {facet: tuple(index.counts(of, facet)) for facet in subject.facets}
    found = []
    for facet, values in every.items():
        has = index.found(_with(of, {facet: values}), count=0).total if values else 0
        if has < total and facet not in subject.asked.chosen:
            found.append(
                message(
                    "Not in the picture, because the graph names none ({facet}): {none} of"
                    " {total}.",
                    facet=facet_label(facet, subject.language),
                    none=number(total - has, subject.language),
                    total=number(total, subject.language),
                )
            )
    there = index.found(_with(of, every), count=0).total if all(every.values()) else 0
    added = sum(row.count or 0 for row in counted if not row.depth)
    if added > there:
        found.append(
            message(
                "One may count in several places, so the numbers add up to {sum}, more than the"
                " {total} that are counted.",
                sum=number(added, subject.language),
                total=number(there, subject.language),
            )
        )
    return tuple(found)


def untied(index: Index, subject: Subject, rows: Sequence[Row]) -> tuple[Message, ...]:
    """How many actions are in no tie, because not both sides are named."""
    total = index.found(subject.everything, count=0).total
    missing = total - len({thing for row in rows for thing in row.things})
    if not missing:
        return ()
    return (
        message(
            "Not in the picture: {none} of {total} actions, in which the sources do not name a"
            " Mexican actor and a counterpart.",
            none=number(missing, subject.language),
            total=number(total, subject.language),
        ),
    )


def _row(
    subject: Subject,
    values: Mapping[str, str],
    labels: tuple[str, ...],
    count: int | None,
    *,
    exact: bool,
    depth: int = 0,
) -> Row:
    return Row(
        values=tuple(values.values()),
        labels=labels,
        count=count,
        asked=_with(subject.everything, {name: (value,) for name, value in values.items()})
        if count and exact
        else None,
        sentence=subject.sentence(" – ".join(labels), count),
        depth=depth,
    )


def _with(asked: Asked, chosen: Mapping[str, tuple[str, ...]]) -> Asked:
    return replace(asked, chosen={**asked.chosen, **chosen})


def _alone(index: Index, subject: Subject, values: Mapping[str, str]) -> int:
    """How many the search for just these values finds."""
    asked = _with(subject.everything, {name: (value,) for name, value in values.items()})
    return index.found(asked, count=0).total


def _label(value: str, facet: str, backdrop: Backdrop, language: Language) -> str:
    return in_words(value, language) if facet == MONTH else backdrop.name(value, language)


def _is_shown(value: str, facet: str, backdrop: Backdrop) -> bool:
    return value in backdrop.things.get(facet, ()) and value not in backdrop.broader


def _ordered(
    counts: Mapping[str, int], backdrop: Backdrop, subject: Subject, *, every: bool
) -> Mapping[str, int]:
    """The values and how far below the topmost each is: most first, what is narrower after what is
    broader.
    """
    [facet] = subject.facets
    there = backdrop.things.get(facet, ())
    wanted = there if every else [value for value in there if value in counts]
    ordered = _by_count(
        {value: counts.get(value, 0) for value in wanted}, backdrop, subject.language
    )
    found: dict[str, int] = {}

    def add(value: str, depth: int) -> None:
        found[value] = depth
        for narrower in ordered:
            if backdrop.broader.get(narrower) == value:
                add(narrower, depth + 1)

    for value in ordered:
        if backdrop.broader.get(value) not in ordered:
            add(value, 0)
    return found


def _by_count(counts: Mapping[str, int], backdrop: Backdrop, language: Language) -> list[str]:
    """Values by their counts, the most first; where they are equal, by name."""
    return sorted(
        counts, key=lambda each: (-counts[each], backdrop.name(each, language).casefold(), each)
    )
