"""What may be chosen on the page of a search, with how much is found by each; what is chosen, one
by one; and what would find something where nothing is found.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from diplolocal import listing
from diplolocal.search import Asked
from diplolocal.search_index import KIND, MONTH
from diplolocal.stems import words
from diplolocal.web import at_hand
from diplolocal.web.given import LIMIT_NAME, RANGE
from diplolocal.web.responses import Visit
from diplolocal.web.searched import (
    ALL,
    FACETS,
    LIMIT,
    PATH,
    TEXT,
    VIEW,
    VIEWS,
    Searched,
    query_of,
    written,
)
from diplolocal.wording import in_words, message, say

_FIRST = 8
"""How many values of a facet are seen at once."""
_FEW = 2
"""How many more are seen as well, so that none of them are hidden for nothing."""
_MORE = 40
"""How many are written at all, unless all are asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: as it is given, what it is called, how many things have it, how that is
    beside the most (0 to 100), and whether it is chosen.
    """

    given: str
    called: str
    count: int
    share: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: the values that are seen at once and those that are there to be opened; `whole` is
    where all are, if there are more.
    """

    facet: str
    label: str
    total: int
    seen: Sequence[Choice]
    rest: Sequence[Choice]
    whole: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen, and the address without it."""

    label: str
    called: str
    without: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What would find something: how many things, and where."""

    called: str
    count: int
    address: str


def groups(visit: Visit, found: Searched) -> list[Group]:
    """The facets in which there is something to choose."""
    return [group for facet in FACETS if (group := _group(visit, found, facet))]


def chips(visit: Visit, found: Searched) -> Iterator[Chip]:
    """What is asked for, one by one."""
    filters = listing.filters()
    for label, called, asked in _steps(visit, found.asked):
        yield Chip(filters[label].label[visit.language], called, to(visit, asked, **kept(found)))


def offers(visit: Visit, found: Searched) -> Iterator[Offer]:
    """What finds something: all but one of what is asked for, or one of several words."""
    for _, called, asked in _steps(visit, found.asked):
        sentence = message("without {what}", what=called)
        yield from _offer(visit, asked, say(sentence, visit.language))
    given = words(found.asked.text)
    for word in dict.fromkeys(given) if len(given) > 1 else ():
        sentence = message("only {what}", what=f"“{word}”")
        asked = replace(found.asked, text=word)
        yield from _offer(visit, asked, say(sentence, visit.language))


def near(visit: Visit, found: Searched) -> Iterator[Offer]:
    """Other words, like those asked for, that find something."""
    for text in visit.parts.search.near(found.asked):
        yield from _offer(visit, replace(found.asked, text=text), text)


def to(visit: Visit, asked: Asked, **more: str) -> str:
    """Where a search is, in the languages of the visit."""
    return visit.to(PATH, query_of(visit, asked, **more))


def kept(found: Searched) -> dict[str, str]:
    """What another page is asked with besides: how it is shown, and how long it is."""
    view = {} if found.view == VIEWS[0] else {VIEW: found.view}
    return view if found.limit in (None, LIMIT) else {**view, LIMIT_NAME: str(found.limit)}


def _names(visit: Visit, facet: str) -> Callable[[str], str]:
    """What tells what a value of a facet is called."""
    if facet == MONTH:
        return lambda month: in_words(month, visit.language)
    if facet == KIND:
        return lambda kind: listing.listings()[kind].title[visit.language]
    names = at_hand.names(visit, listing.filters()[facet])

    def called(iri: str) -> str:
        said = names.get(iri, {})
        return said.get(visit.content) or next(iter(said.values()), iri)

    return called


def _group(visit: Visit, found: Searched, facet: str) -> Group | None:
    """A facet; None where there is nothing to choose."""
    counts = visit.parts.search.counts(found.asked, facet, apart=True)
    chosen = found.asked.chosen.get(facet, ())
    if not counts and not chosen:
        return None
    called, most = _names(visit, facet), max(counts.values(), default=1)
    every = {**dict.fromkeys(chosen, 0), **counts}
    is_whole = len(every) <= _MORE or found.opened == facet
    choices = [
        Choice(
            given=written(visit, facet, value),
            called=called(value),
            count=every[value],
            share=every[value] * 100 // most,
            chosen=value in chosen,
        )
        for value in (every if is_whole else _foremost(every, chosen, facet))
    ]
    if facet == MONTH:
        choices.sort(key=lambda each: each.given, reverse=True)
    else:
        choices.sort(key=lambda each: (not each.chosen, -each.count, _sorted_as(each.called)))
    first = _FIRST + len(chosen)
    if is_whole and len(choices) <= first + _FEW:
        first = len(choices)
    return Group(
        facet=facet,
        label=listing.filters()[facet].label[visit.language],
        total=len(every),
        seen=choices[:first],
        rest=choices[first:] if is_whole else (),
        whole=None if is_whole else to(visit, found.asked, **kept(found), **{ALL: facet}),
        is_open=facet in (KIND, "state", "theme", found.opened) or bool(chosen),
    )


def _foremost(counts: Mapping[str, int], chosen: Collection[str], facet: str) -> set[str]:
    """Values among which those are that are seen at once: only these need to be sorted by name."""
    if facet == MONTH:
        return {*sorted(counts)[-_FIRST:], *chosen}
    least = sorted(counts.values())[-min(len(counts), _FIRST + len(chosen))]
    return {value for value, count in counts.items() if count >= least} | {*chosen}


def _sorted_as(label: str) -> str:
    return unicodedata.normalize("NFD", label).encode("ascii", "ignore").decode().casefold()


def _steps(visit: Visit, asked: Asked) -> Iterator[tuple[str, str, Asked]]:
    """Each thing asked for: the name of its parameter, what it is called, and all but it."""
    if asked.text:
        yield TEXT, f"“{asked.text}”", replace(asked, text="")
    for facet in (facet for facet in FACETS if asked.chosen.get(facet)):
        called = _names(visit, facet)
        for value in asked.chosen[facet]:
            rest = tuple(each for each in asked.chosen[facet] if each != value)
            yield facet, called(value), replace(asked, chosen={**asked.chosen, facet: rest})
    for name, month in zip(RANGE, (asked.month_from, asked.month_to), strict=True):
        if month:
            is_first = name == RANGE[0]
            open_ended = (
                replace(asked, month_from=None) if is_first else replace(asked, month_to=None)
            )
            yield name, in_words(month, visit.language), open_ended


def _offer(visit: Visit, asked: Asked, called: str) -> Iterator[Offer]:
    if total := visit.parts.search.found(asked, count=0).total:
        yield Offer(called, total, to(visit, asked))
