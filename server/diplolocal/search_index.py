"""From a store to the file that a search reads: `build/<version>/search.sqlite`.

Which things there are, and in which order, say the queries of their lists; by which values they are
found, and with which texts, `queries/search-*.rq`. It is made once of a build; the same build makes
the same bytes.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pyoxigraph import Literal

from diplolocal import listing, resources, search_file
from diplolocal.build import UNFINISHED, Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError
from diplolocal.facets import bits
from diplolocal.search_file import FIELDS, Text
from diplolocal.stems import folded
from diplolocal.store import Store, load_query, plain, select
from diplolocal.wording import Language, message

FILE = "search.sqlite"
KINDS = (
    "actions",
    "twinnings",
    "agreements",
    "memberships",
    "actors",
    "places",
    "people",
    "instruments",
    "bulletins",
    "concepts",
)
"""The lists whose members are found, in the order in which they are shown."""

KIND, MONTH, BEGINS, ENDS = "kind", "month", "begins", "ends"
_FACETS = (
    "actions",
    "actors",
    "agreements",
    "memberships",
    "others",
    "people",
    "places",
    "twinnings",
)
_IN_ORDER = ("actions", "bulletins")
"""Lists that have an order of their own, the newest first; the others are sorted by name."""

_Told = tuple[int, str, str]
"""A text: its field, its language, and what it says."""


def index(made: Build, database: Path) -> Path:
    """The file for a search in a build, made where it is missing; whole or not there at all.
    `database` is that of the build.

    Raises BuildError where it cannot be written.
    """
    path, unfinished = made.folder / FILE, made.folder / f"{UNFINISHED}{os.getpid()}"
    if search_file.is_current(path):
        return path
    try:
        unfinished.mkdir()
        make(EmbeddedStore.open(database), unfinished / FILE)
        (unfinished / FILE).replace(path)
    except OSError as error:
        raise BuildError(
            path,
            message(
                "The index for searching cannot be written: {reason}. Choose another folder with"
                " --into.",
                reason=error.strerror or str(error),
            ),
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return path


def make(store: Store, path: Path) -> None:
    """Write the file for a search in a store."""
    texts = _texts(store)
    kinds = {name: listing.members(store, _query(name)) for name in KINDS}
    things = _ordered(kinds, texts)
    numbers = {thing: number for number, thing in enumerate(things)}
    found = _found(store, numbers)
    found[KIND] = {name: bits(numbers[thing] for thing in kinds[name]) for name in KINDS}
    facets = (
        (facet, value, each)
        for facet, values in sorted(found.items())
        for value, each in sorted(values.items())
    )
    told = (
        Text(number, *said) for number, thing in enumerate(things) for said in texts.get(thing, ())
    )
    search_file.write(path, things, facets, told)


def _query(name: str) -> str:
    return listing.query(listing.listings()[name], {})


def _texts(store: Store) -> Mapping[str, list[_Told]]:
    """What is said of each thing, in order."""
    found: dict[str, set[_Told]] = defaultdict(set)
    for row in select(store, load_query("search-texts")):
        text = row["text"]
        if isinstance(text, Literal):
            field = FIELDS.index(plain(row["field"]))
            language = resources.primary_of(text.language)
            found[plain(row["thing"])].add((field, language, text.value))
    return {thing: sorted(told) for thing, told in found.items()}


def _ordered(
    kinds: Mapping[str, Sequence[str]], texts: Mapping[str, Sequence[_Told]]
) -> tuple[str, ...]:
    """All things, each once: kind by kind, in the order of the list or by name."""

    def name(thing: str) -> tuple[str, str]:
        labels = [told for told in texts.get(thing, ()) if told[0] == 0]
        called = {language: text for _, language, text in labels}
        return folded(called.get(Language.ES) or called.get(Language.EN) or ""), thing

    ordered = (
        things if kind in _IN_ORDER else sorted(things, key=name) for kind, things in kinds.items()
    )
    return tuple(dict.fromkeys(thing for things in ordered for thing in things))


def _found(store: Store, numbers: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """For each facet and value the things found by it: only values that may be chosen."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for name in _FACETS:
        for row in select(store, load_query(f"search-facets-{name}")):
            if (thing := plain(row["thing"])) in numbers:
                found[plain(row["facet"])][plain(row["value"])].add(numbers[thing])
    return {
        facet: {value: bits(each) for value, each in values.items() if value in chosen}
        for facet, values in found.items()
        if (chosen := _choices(store, facet) or values.keys())
    }


def _choices(store: Store, facet: str) -> Collection[str]:
    """What may be chosen in the filter of that name; nothing where there is none, or it is not of
    things.
    """
    found = listing.filters().get(facet)
    return listing.choices(store, found) if found else ()
