"""Where strangers' queries wait their turn: threads of their own, so that no page waits for them.

A client that hangs up is noticed while its query runs, and the query is ended.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from fastapi.responses import Response

from diplolocal.store import Patience
from diplolocal.store_errors import TooMuchAsked
from diplolocal.web import records
from diplolocal.web.manners import Purses
from diplolocal.web.responses import Visit

_THREADS = 64
"""How many may wait here at once; the store itself answers few and sends the others away."""

_limiter = CapacityLimiter(_THREADS)


async def in_turn(
    visit: Visit, work: Callable[[Patience], Response], *, seconds: float | None = None
) -> Response:
    """What the work answers, done in a thread; the patience it is given ends when the client hangs
    up. `seconds`: how long the client will wait at most. Raises TooMuchAsked where the client has
    asked more than it may.
    """
    with _counted(visit.request):
        gone = threading.Event()
        watching = asyncio.create_task(_watch(visit.request, gone))
        try:
            return await to_thread.run_sync(
                work, Patience(seconds, gone.is_set), limiter=_limiter, abandon_on_cancel=True
            )
        finally:
            gone.set()  # where the server itself ends, too
            watching.cancel()


@contextmanager
def _counted(request: Request) -> Iterator[None]:
    """The client pays for what is done here."""
    purses: Purses = request.app.state.purses
    record = records.current() or records.Record(request.method, request.url.path)
    try:
        with purses.spending(records.client_of(request.scope), lambda: record.answering_seconds):
            yield
    except TooMuchAsked as error:
        record.outcome = records.ended(error)
        raise


async def _watch(request: Request, gone: threading.Event) -> None:
    """Say so when the client hangs up (ASGI 3.0, `http.disconnect`)."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()
