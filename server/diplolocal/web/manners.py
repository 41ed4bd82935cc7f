"""How much one client may ask, so that there is something left for the others: query seconds in a
minute, and queries at once.

Each client has a purse of seconds that fills up steadily (a token bucket). What a query took is
paid when it is over; who is in debt then waits until the debt is paid.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import floor

from diplolocal.store_errors import AllowanceSpent, TooManyAtOnce
from diplolocal.web.parts import Allowance

_MINUTE = 60.0
_CLIENTS = 10_000
"""How many purses are remembered: those of the clients that asked last."""

_HOUSEHOLD_BITS = 64
"""In IPv6 a single client has all addresses that begin so (RFC 6177)."""


@dataclass(slots=True)
class _Purse:
    seconds: float
    filled_at: float
    running: int = 0


class Purses:
    """What each client has left of its allowance. For one thread: the one that takes requests."""

    def __init__(
        self, allowance: Allowance, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowance = allowance
        self._clock = clock
        self._purses: OrderedDict[str, _Purse] = OrderedDict()

    def __len__(self) -> int:
        return len(self._purses)

    @contextmanager
    def spending(self, address: str, spent: Callable[[], float]) -> Iterator[None]:
        """Where a query of the client at this address is answered; `spent` are the seconds that it
        took in the end. Raises AllowanceSpent or TooManyAtOnce where it may not ask now.
        """
        client = household(address)
        if not client and not self._allowance.loopback:
            yield
            return
        purse = self._purse(client)
        self._refuse(purse)
        purse.running += 1
        try:
            yield
        finally:
            purse.running -= 1
            purse.seconds -= spent()

    def _purse(self, client: str) -> _Purse:
        """The purse of a client, filled up to now."""
        allowed, now = self._allowance.seconds, self._clock()
        purse = self._purses.setdefault(client, _Purse(allowed, now))
        self._purses.move_to_end(client)
        if len(self._purses) > _CLIENTS:
            self._purses.popitem(last=False)
        gained = (now - purse.filled_at) * allowed / _MINUTE
        purse.seconds, purse.filled_at = min(allowed, purse.seconds + gained), now
        return purse

    def _refuse(self, purse: _Purse) -> None:
        allowed = self._allowance
        if allowed.seconds and purse.seconds <= 0:
            owed = -purse.seconds * _MINUTE / allowed.seconds
            raise AllowanceSpent(
                limit=allowed.seconds,
                used=allowed.seconds - purse.seconds,
                retry_after=floor(owed) + 1,
            )
        if allowed.parallel and purse.running >= allowed.parallel:
            raise TooManyAtOnce(allowed.parallel)


def household(address: str) -> str:
    """What counts as one client: an address of IPv4, a network of IPv6 (its first 64 bits), a name
    as it is; empty for this machine.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return ""
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _HOUSEHOLD_BITS), strict=False))
    return str(found)
