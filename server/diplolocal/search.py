"""What is searched for, and what is found: by words, by facets and by month, with how many of it
have which value.

All counts that the site shows come from here, so that the number on a map, beside a checkbox and
behind a link are the same. What is found by a facet is what the list of its kind finds with the
filter of that name (`queries/list-*.rq`).
"""

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from time import monotonic
from weakref import finalize

from diplolocal import search_file, union
from diplolocal.facets import Facets, among, bits, members
from diplolocal.search_file import Text
from diplolocal.search_index import BEGINS, ENDS, FILE, KIND, make
from diplolocal.stems import folded, words
from diplolocal.store import Store

_SECONDS = 60
"""How long an index of a store that may change is believed before the store is asked again."""
_REMEMBERED = 32
"""Of how many texts it is remembered what they match."""
_ALIKE = 0.75
"""How much a word must be like another one to be meant by it (difflib's ratio)."""
_TRIED = 8
"""How many other texts are tried."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for. `chosen` has the values of facets: any of a facet's, all of the
    facets; values are IRIs, but of `kind` the names of lists and of `month` months. `month_from`
    and `month_to` are the months between which it may have taken place.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    month_from: str | None = None
    month_to: str | None = None

    def without(self, facet: str) -> "Asked":
        """The same without what is chosen of a facet."""
        return replace(
            self, chosen={name: each for name, each in self.chosen.items() if name != facet}
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that is found, and the lists that it is in."""

    iri: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How much is found in all, and a part of it in order: the best first where words were asked
    for, else actions and bulletins the newest first and everything else by name.
    """

    total: int
    hits: tuple[Hit, ...]


class Index:
    """What can be searched. Safe from any thread."""

    def __init__(self, opened: "Callable[[], _Opened]", close: Callable[[], None]) -> None:
        self._opened = opened
        self._close = close

    @classmethod
    def open(cls, path: Path) -> "Index":
        """The index in a file that was made of a build."""
        opened = _Opened(path)
        return cls(lambda: opened, lambda: None)

    @classmethod
    def over(cls, store: Store) -> "Index":
        """An index of a store that may change: made when it is first asked, and anew when the
        store has other statements.
        """
        fresh = _Fresh(store)
        return cls(fresh.opened, fresh.close)

    def close(self) -> None:
        """Let go of what is held open."""
        self._close()

    def found(
        self, asked: Asked, *, first: int = 0, count: int | None = 50, ranked: bool = True
    ) -> Found:
        """What is found, from the first on, counted from 0, as much as wanted; None: all. Not
        `ranked`: in the order of what is found without words.
        """
        opened = self._opened()
        things = opened.found(asked)
        ordered = (
            among(things, opened.matching(asked.text).ranked)
            if ranked and asked.text.strip()
            else members(things)
        )
        end = None if count is None else first + count
        hits = tuple(opened.hit(number) for number in islice(ordered, first, end))
        return Found(things.bit_count(), hits)

    def counts(self, asked: Asked, facet: str, *, apart: bool = False) -> Mapping[str, int]:
        """How many of what is found have each value of a facet; `apart`: of what would be found
        without what is chosen of that facet. Values that nothing has are left out.
        """
        opened = self._opened()
        return opened.facets.counts(facet, opened.found(asked.without(facet) if apart else asked))

    def crossed(self, asked: Asked, facet: str, other: str) -> Mapping[tuple[str, str], int]:
        """How many of what is found have each value of one facet together with each of another."""
        opened = self._opened()
        things = opened.found(asked)
        return {
            (value, also): count
            for value, found in opened.facets.found.get(facet, {}).items()
            if found & things
            for also, count in opened.facets.counts(other, found & things).items()
        }

    def told(self, hits: Iterable[Hit]) -> Mapping[str, list[Text]]:
        """What is said of each of the things: names first, then what it is searched by besides."""
        opened = self._opened()
        found: dict[str, list[Text]] = {each.iri: [] for each in hits}
        for text in search_file.texts(opened.path, [opened.numbers[iri] for iri in found]):
            found[opened.things[text.number]].append(text)
        return found

    def near(self, asked: Asked) -> tuple[str, ...]:
        """Other texts, whose words are like those asked for, that find something; the likest
        first.
        """
        opened = self._opened()
        given = words(asked.text)
        likest = [opened.alike(folded(word)) for word in given]
        found = (
            " ".join((*given[:place], other, *given[place + 1 :]))
            for place, others in enumerate(likest)
            for other in others
        )
        every = " ".join((*others, word)[0] for word, others in zip(given, likest, strict=True))
        texts = dict.fromkeys((every, *found))
        return tuple(
            text
            for text in islice(texts, _TRIED)
            if text != " ".join(given) and opened.found(replace(asked, text=text))
        )


class _Opened:
    """A file that is read: its sets of things in memory, its words on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.things = search_file.things(path)
        self.numbers = {thing: number for number, thing in enumerate(self.things)}
        self.facets = Facets.of(search_file.facets(path))
        self._kinds = self.facets.found.get(KIND, {})
        self.matching = lru_cache(_REMEMBERED)(partial(_matching, path))
        self._between = lru_cache(_REMEMBERED)(partial(_between, self.facets))
        self._vocabulary = lru_cache(1)(partial(search_file.vocabulary, path))

    def found(self, asked: Asked) -> int:
        """What is found, as bits."""
        found = self.facets.all_of(KIND)
        for facet, values in asked.chosen.items():
            if values:
                found &= self.facets.by_any(facet, values)
        if asked.text.strip():
            found &= self.matching(asked.text).things
        return found & self._between(asked.month_from, asked.month_to)

    def hit(self, number: int) -> Hit:
        """The thing of that number."""
        kinds = (kind for kind, things in self._kinds.items() if things >> number & 1)
        return Hit(self.things[number], tuple(kinds))

    def alike(self, word: str) -> list[str]:
        """Words that are like a word that is not there, the likest first."""
        there = self._vocabulary()
        near = [each for each in there if each[:1] == word[:1] and abs(len(each) - len(word)) < 3]
        return [] if word in near else get_close_matches(word, near, cutoff=_ALIKE)


@dataclass(frozen=True, slots=True)
class _Matching:
    """What a text matches: the numbers of the things, the best first, and as bits."""

    ranked: "array[int]"
    things: int


def _matching(path: Path, text: str) -> _Matching:
    ranked = search_file.matching(path, text)
    return _Matching(ranked, bits(ranked))


def _between(facets: Facets, first: str | None, last: str | None) -> int:
    """What may have taken place between the months; what knows no beginning or no end may have
    begun or ended at any time, as in the list of actions.
    """
    if first is None and last is None:
        return facets.all_of(KIND)
    begins, ends = (facets.found.get(each, {}) for each in (BEGINS, ENDS))
    dated = facets.all_of(BEGINS) | facets.all_of(ENDS)
    early = facets.by_any(BEGINS, (month for month in begins if last is None or month <= last))
    late = facets.by_any(ENDS, (month for month in ends if first is None or month >= first))
    return (early | dated & ~facets.all_of(BEGINS)) & (late | dated & ~facets.all_of(ENDS))


class _Fresh:
    """The index of a store that may change, in a folder of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._counts: Mapping[str, int] = {}
        self._looked = -float("inf")
        self._opened: _Opened | None = None

    def opened(self) -> _Opened:
        """The index of what the store has now, or had not long ago."""
        with self._lock:
            if self._opened is None or monotonic() - self._looked > _SECONDS:
                counts = union.counts_of(self._store)
                if self._opened is None or counts != self._counts:
                    self._opened = self._made()
                self._counts, self._looked = counts, monotonic()
            return self._opened

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._opened = None

    def _made(self) -> _Opened:
        folder = mkdtemp(prefix="diplolocal-search-")
        make(self._store, Path(folder, FILE))
        opened = _Opened(Path(folder, FILE))
        # It goes when nobody reads it any more.
        finalize(opened, rmtree, folder, ignore_errors=True)
        return opened
