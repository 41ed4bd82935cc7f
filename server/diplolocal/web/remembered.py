"""What takes long to find out, remembered: once of a build, and now and then of an endpoint."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from diplolocal.store import Store
from diplolocal.store_errors import StoreError
from diplolocal.web.parts import Parts

_SECONDS = 300
"""How long what an endpoint said is believed: it may change at any time."""

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """What `read` finds out about a store. Safe to ask from any thread: one reads, others wait."""

    def __init__(self, read: Callable[[Store], Found]) -> None:
        self._read = read
        self._reading = Lock()
        self._known: WeakKeyDictionary[Store, tuple[float, Found | None]] = WeakKeyDictionary()

    def of(self, parts: Parts) -> Found | None:
        """What is known of the store of the site; None where somebody's endpoint does not say."""
        with self._reading:
            begun, known = monotonic(), self._known.get(parts.store)
            if known is None or (parts.version is None and begun - known[0] > _SECONDS):
                known = self._known[parts.store] = begun, self._asked(parts)
        return known[1]

    def _asked(self, parts: Parts) -> Found | None:
        try:
            return self._read(parts.store)
        except StoreError:
            if parts.version is not None:
                raise
            return None
