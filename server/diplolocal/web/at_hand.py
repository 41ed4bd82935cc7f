"""What lists need again and again, kept of a build, which never changes: the members of each that
was asked for, the choices of each filter, and when things were changed.

Of an endpoint, which may change at any time, nothing is kept.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from diplolocal import listing, modified, resources
from diplolocal.modified import Changed
from diplolocal.parameters import Parameter
from diplolocal.resources import Names
from diplolocal.store import Store
from diplolocal.web.responses import Visit

MOST = 500_000
"""How many IRIs of members are kept of one store: some 60 MB."""

_members: WeakKeyDictionary[Store, OrderedDict[str, Sequence[str]]] = WeakKeyDictionary()
_things: WeakKeyDictionary[Store, dict[str, frozenset[str]]] = WeakKeyDictionary()
_names: WeakKeyDictionary[Store, dict[str, Names]] = WeakKeyDictionary()
_changes: WeakKeyDictionary[Store, Mapping[str, Changed]] = WeakKeyDictionary()
_keeping = Lock()


def members(visit: Visit, text: str) -> Sequence[str]:
    """What the query of a list finds; those that were asked for longest ago go first."""
    store = visit.parts.store
    if visit.parts.version is None:
        return listing.members(store, text)
    with _keeping:
        kept = _members.setdefault(store, OrderedDict())
        if text in kept:
            kept.move_to_end(text)
            return kept[text]
    found = listing.members(store, text)
    with _keeping:
        kept[text] = found
        while sum(map(len, kept.values())) > MOST and len(kept) > 1:
            kept.popitem(last=False)
    return found


def things(visit: Visit, parameter: Parameter) -> frozenset[str]:
    """The things that may be chosen for a filter."""
    store = visit.parts.store
    if visit.parts.version is None:
        return listing.choices(store, parameter)
    kept = _things.setdefault(store, {})
    if parameter.name not in kept:
        kept[parameter.name] = listing.choices(store, parameter)
    return kept[parameter.name]


def names(visit: Visit, parameter: Parameter) -> Names:
    """What those things are called."""
    store = visit.parts.store
    if visit.parts.version is None:
        return resources.names_of(store, things(visit, parameter))
    kept = _names.setdefault(store, {})
    if parameter.name not in kept:
        kept[parameter.name] = resources.names_of(store, things(visit, parameter))
    return kept[parameter.name]


def changes(history: Store) -> Mapping[str, Changed]:
    """The newest change of each thing."""
    if history not in _changes:
        _changes[history] = modified.newest(history)
    return _changes[history]
