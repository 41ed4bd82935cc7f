"""The page of a search: what is found, as a list, a table, a map or a time line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import listing, resources
from diplolocal.formats import CSV, GRAPH
from diplolocal.highlights import Piece, excerpt, highlighted
from diplolocal.listing import Column, Facts
from diplolocal.resources import Names
from diplolocal.search import Asked
from diplolocal.search_file import Text
from diplolocal.search_index import KIND, KINDS
from diplolocal.stems import words
from diplolocal.store import plain
from diplolocal.web.drawn import drawn
from diplolocal.web.facet_form import chips, groups, kept, near, offers, to
from diplolocal.web.responses import Visit, page
from diplolocal.web.searched import MAP, PAGE_NAME, TABLE, TIME_LINE, VIEW, VIEWS, Searched, address

_SHOWN = 3
"""How many columns the list shows of a thing."""
_HEADED = 5
"""How many the table shows: of those whose properties have a name."""
_PICTURES: Mapping[str, Mapping[str, Sequence[str]]] = {
    MAP: {
        "actions": ("actions-by-state", "actions-by-country"),
        "twinnings": ("twinnings-by-state", "twinnings-by-country"),
        "memberships": ("memberships-by-state",),
    },
    TIME_LINE: {"actions": ("actions-by-month",)},
}
"""Which pictures show things of a kind on a map and along the time; those of the first kind that is
found are shown.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that is found: its kind, its name with the words that were searched for, and where
    else they are.
    """

    iri: str
    of_class: str
    columns: Sequence[Column]
    name: Sequence[Piece]
    tongue: str | None
    snippet: Sequence[Piece]


def search_page(
    visit: Visit, found: Searched, *, query: str | None, headers: Mapping[str, str]
) -> Response:
    """The page."""
    kinds = kinds_of(visit, found)
    columns = columns_of(kinds)
    there = _PICTURES.get(found.view, {})
    shown = next((kind for kind in there if kind in kinds), "")
    told = columns if found.view == TABLE else columns_of(kinds, first=_SHOWN)
    facts = listing.facts_of(visit.parts.store, _anything(told), found.things)
    names = _names(visit, found, facts, told)
    return page(
        visit,
        "search.html",
        headers=headers,
        found=found,
        groups=groups(visit, found),
        chips=list(chips(visit, found)),
        entries=list(_entries(visit, found, names)),
        offers=[] if found.found.total else list(offers(visit, found)),
        near=[] if found.found.total else list(near(visit, found)),
        has_words=not found.asked.text or bool(words(found.asked.text)),
        pictures=[drawn(visit, name, found.asked) for name in there.get(shown, ())],
        undrawn=[kind for kind in kinds if kind != shown],
        titles={name: of.title[visit.language] for name, of in listing.listings().items()},
        columns=columns,
        headed=[each for each in columns if each.property in names][:_HEADED],
        facts=facts,
        names=names,
        query=query,
        views=[(view, to(visit, found.asked, **{VIEW: view})) for view in VIEWS],
        turns={
            name: to(visit, found.asked, **kept(found), **{PAGE_NAME: str(number)})
            for name, number in (("first", 1), ("prev", found.previous), ("next", found.next))
            if number is not None
        },
        downloads=[
            (fmt, visit.base + address(visit, found.asked, f".{fmt.suffix}", lang=visit.content))
            for fmt in (CSV, *GRAPH)
        ],
        rq=visit.base + address(visit, found.asked, ".rq"),
        everything=to(visit, Asked()),
    )


def kinds_of(visit: Visit, found: Searched) -> tuple[str, ...]:
    """The kinds of what is found, in all."""
    there = visit.parts.search.counts(found.asked, KIND)
    chosen = found.asked.chosen.get(KIND, ())
    return tuple(kind for kind in KINDS if kind in there and (not chosen or kind in chosen))


def columns_of(kinds: Sequence[str], *, first: int | None = None) -> tuple[Column, ...]:
    """What a table has of things of these kinds: the columns of their lists, or the first of them,
    each once.
    """
    lists = listing.listings()
    return tuple(dict.fromkeys(column for kind in kinds for column in lists[kind].columns[:first]))


def _anything(columns: Sequence[Column]) -> listing.Listing:
    """A list of things of any kind with these columns."""
    return replace(listing.listings()[KINDS[0]], columns=tuple(columns), filters=())


def _names(
    visit: Visit, found: Searched, facts: Mapping[str, Facts], columns: Sequence[Column]
) -> Names:
    shown = {
        plain(value)
        for said_of in facts.values()
        for values in said_of.values()
        for value in values
        if isinstance(value, NamedNode)
    }
    classes = {each.of_class for each in listing.listings().values()}
    properties = {each.property for each in columns}
    return resources.names_of(visit.parts.store, {*found.things, *shown, *classes, *properties})


def _entries(visit: Visit, found: Searched, names: Names) -> Iterator[Entry]:
    hits, text = found.found.hits, found.asked.text
    told = visit.parts.search.told(hits) if text else {}
    chosen = found.asked.chosen.get(KIND, KINDS)
    for hit in hits:
        of = listing.listings()[next(kind for kind in hit.kinds if kind in chosen)]
        said = names.get(hit.iri, {})
        tongue = None if visit.content in said else next(iter(said), None)
        name = said.get(tongue or visit.content, hit.iri)
        pieces = highlighted(name, text) if text else (Piece(name, is_sought=False),)
        yield Entry(
            iri=hit.iri,
            of_class=of.of_class,
            columns=of.columns[:_SHOWN],
            name=pieces,
            tongue=tongue,
            snippet=_snippet(visit, told.get(hit.iri, ()), text, pieces),
        )


def _snippet(
    visit: Visit, told: Sequence[Text], text: str, name: Sequence[Piece]
) -> Sequence[Piece]:
    """The first text besides its name that has one of the words, in the language of the content if
    there is one; none where the name has them all.
    """
    if sum(piece.is_sought for piece in name) >= len(set(words(text))):
        return ()
    besides = [each for each in told if each.field]
    for each in sorted(besides, key=lambda each: (each.language != visit.content, each.field)):
        if found := excerpt(each.text, text, each.language):
            return found
    return ()
