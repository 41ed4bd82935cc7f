"""What each request came to: written down while it is answered, read by whoever counts or logs
when it is over.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diplolocal import bad_requests, errors, store_errors
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted

_OUTCOMES: Mapping[type[errors.DiploLocalError], str] = {
    store_errors.QuerySyntaxError: "syntax",
    store_errors.QueryRefused: "refused",
    bad_requests.NotAcceptable: "not_acceptable",
    bad_requests.BadRequest: "refused",
    store_errors.AnswerTooLarge: "too_large",
    store_errors.QueryTimeout: "timeout",
    store_errors.QueryTooCostly: "too_costly",
    store_errors.StoreBusy: "busy",
    store_errors.NobodyWaits: "given_up",
    store_errors.TooMuchAsked: "too_much_asked",
    store_errors.StoreUnavailable: "unavailable",
    store_errors.ServiceUnavailable: "service",
    errors.DiploLocalError: "failed",
}
"""How a query ended; an error that is not listed ended it as its parent does."""


@dataclass(slots=True)
class Record:
    """One request: who asked what and how it was answered. `client` is an address, or empty where
    there is none; `route` is the template of the path, or empty where there is none.

    Of its queries: `outcome` of the last one, seconds that they waited and that they were answered
    for, and the text of the last one.
    """

    method: str
    path: str
    client: str = ""
    agent: str = ""
    route: str = ""
    status: int = 0
    sent_bytes: int = 0
    seconds: float = 0.0
    cached: bool = False
    outcome: str = ""
    waiting_seconds: float = 0.0
    answering_seconds: float = 0.0
    query: str = ""


Watch = Callable[[Record], None]

_current: ContextVar[Record | None] = ContextVar("record", default=None)


def current() -> Record | None:
    """The record of the request that is being answered here."""
    return _current.get()


def ended(error: errors.DiploLocalError) -> str:
    """How a query ends with this error."""
    return next(_OUTCOMES[cls] for cls in type(error).__mro__ if cls in _OUTCOMES)


class Recorded:
    """An application (ASGI 3.0) whose requests are written down and, when over, shown to those who
    watch. To be outermost: what is answered from what was kept is counted as well.
    """

    def __init__(self, app: ASGIApp, *, watches: Sequence[Watch]) -> None:
        self._app = app
        self._watches = watches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, and write down how."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = Record(scope["method"], scope["path"], client_of(scope), _agent(scope))
        head = scope["method"] == "HEAD"

        async def noted(said: Message) -> None:
            if said["type"] == "http.response.start":
                record.status = said["status"]
            elif said["type"] == "http.response.body" and not head:
                record.sent_bytes += len(said.get("body", b""))
            await send(said)

        started = time.perf_counter()
        before = _current.set(record)
        try:
            await self._app(scope, receive, noted)
        except Exception:
            record.status = 500  # what a bug is answered with, outside of this
            raise
        finally:
            _current.reset(before)
            record.seconds = time.perf_counter() - started
            for watch in self._watches:
                watch(record)


class Routed:
    """The innermost application (ASGI 3.0) but the routes: says in the record which one it was."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        try:
            await self._app(scope, receive, send)
        finally:
            if record := _current.get():
                record.route = getattr(scope.get("route"), "path", "")


class RecordedStore:
    """A store whose queries are written down in the record of the request that asks them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """See `Store.answer`."""
        record = _current.get()
        if record is None:
            return self._store.answer(query, wanted, patience)
        record.query, record.outcome = query.text, "failed"
        began = time.perf_counter()
        try:
            answer = self._store.answer(query, wanted, patience)
        except errors.DiploLocalError as error:
            record.outcome = ended(error)
            if isinstance(error, store_errors.QueryTimeout | store_errors.QueryTooCostly):
                record.answering_seconds += error.elapsed
            elif not isinstance(error, store_errors.StoreBusy):
                record.answering_seconds += time.perf_counter() - began
            raise
        record.outcome = "answered"
        took = time.perf_counter() - began
        record.waiting_seconds += answer.seconds.get("wait", 0.0)
        record.answering_seconds += answer.seconds.get("answer", took)
        return answer

    def close(self) -> None:
        """Let go of what the store holds open."""
        self._store.close()


def client_of(scope: Scope) -> str:
    """The address that asks; empty where it is asked without one (a socket of the file system)."""
    return scope["client"][0] if scope.get("client") else ""


def _agent(scope: Scope) -> str:
    named = (value for name, value in scope["headers"] if name == b"user-agent")
    return next(named, b"").decode("latin-1")[:200]
