"""Two states of knowledge → what is new in the later one, what is gone, what is said otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from diplolocal.resources import Names, names_of
from diplolocal.store import Store, Term, construct, load_query, plain

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_WIDER = "http://www.w3.org/2000/01/rdf-schema#subClassOf"

_Said = Mapping[str, frozenset[tuple[str, Term]]]
"""What is said of each thing: properties and values."""


@dataclass(frozen=True, slots=True)
class ClassChanges:
    """The things of a class that are new, that are gone, and of which other things are said: their
    IRIs, in order.
    """

    iri: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from another version of the data, by class; `before` is None where there is
    none to compare with. `names` has what the classes are called.
    """

    before: str | None = None
    classes: tuple[ClassChanges, ...] = ()
    names: Names = field(default_factory=dict)


def compare(before: Store, after: Store, *, version: str) -> Changes:
    """What differs in the store `after` from the store `before`, which is of that version.

    Only what is written by hand is compared: what the rules derive follows from it. In which file a
    statement stands makes no difference.
    """
    was, now = _said(before), _said(after)
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing in sorted(was.keys() | now.keys()):
        if was.get(thing) == now.get(thing):
            continue
        how = "new" if thing not in was else "gone" if thing not in now else "changed"
        for kind in _narrowest(now[thing] if thing in now else was[thing], now):
            kinds[kind][how].append(thing)
    return Changes(
        version,
        tuple(
            ClassChanges(kind, *(tuple(things[how]) for how in ("new", "gone", "changed")))
            for kind, things in sorted(kinds.items())
        ),
        {**names_of(before, kinds), **names_of(after, kinds)},
    )


def _said(store: Store) -> _Said:
    found: dict[str, set[tuple[str, Term]]] = defaultdict(set)
    for triple in construct(store, load_query("written-by-hand")):
        found[plain(triple.subject)].add((triple.predicate.value, triple.object))
    return {thing: frozenset(statements) for thing, statements in found.items()}


def _narrowest(statements: Iterable[tuple[str, Term]], said: _Said) -> list[str]:
    """The classes of a thing without those that another of them is a kind of."""
    classes = {plain(value) for prop, value in statements if prop == _TYPE}
    wider = set(chain.from_iterable(_wider(cls, said) for cls in classes))
    return sorted(classes - wider)


def _wider(cls: str, said: _Said) -> set[str]:
    """What a class is a kind of, step by step."""
    found: set[str] = set()
    left = [cls]
    while left:
        for prop, value in said.get(left.pop(), ()):
            if prop == _WIDER and plain(value) not in found:
                found.add(plain(value))
                left.append(plain(value))
    return found
