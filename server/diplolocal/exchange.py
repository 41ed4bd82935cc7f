"""One exchange with an endpoint: a form goes out over HTTP, bytes come back, within bounds.

A time-out of a socket only bounds the silence between two bytes. So somebody stands beside the
exchange and cuts the line when it has lasted too long, however the bytes drip, or when nobody waits
for it any more: then an engine that looks after its clients stops too.
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from functools import cache
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from diplolocal import __version__

_LOOK_SECONDS = 0.05
"""How often it is looked whether somebody still waits."""

_BYTES_AT_ONCE = 65_536

# Virtuoso repeats each graph of the dataset in a header of its answer; usually 100 are read.
http.client._MAXHEADERS = 100_000  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long an exchange may last, how many bytes may come back, and whether nobody waits."""

    seconds: float
    answer_bytes: int | None = None
    gone: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Received:
    """What came back; `is_framed`: its end was announced, so nothing of it is missing."""

    status: int
    headers: Message
    body: bytes
    is_framed: bool


@dataclass(frozen=True, slots=True)
class Login:
    """Who says that he may, by Basic or Digest, as the endpoint asks (RFC 7617, RFC 7616)."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r}, …)"


class OutOfTime(Exception):
    """The exchange lasted longer than it may."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class TooManyBytes(Exception):
    """The answer is longer than it may be; the rest of it was not read."""


def post(
    address: str,
    form: list[tuple[str, str]],
    bounds: Bounds,
    *,
    headers: Mapping[str, str],
    login: Login | None = None,
) -> Received:
    """What an address answers to a form, whatever the status.

    Raises OutOfTime, Abandoned, TooManyBytes; OSError, HTTPException or ValueError where there is
    no answer, or where it breaks off.
    """
    sent = {"User-Agent": f"diplolocal/{__version__}", **headers}
    request = _Request(address, urlencode(form).encode(), sent)
    if request.type not in ("http", "https"):
        raise ValueError("not an address of http or https")
    with _watched(request, bounds) as check:
        try:
            # Each wait for a byte is bounded as well, for what is not yet a connection.
            with _open(request, bounds, _opener(address, login)) as response:
                body = _read(response, bounds.answer_bytes)
        except (OSError, http.client.HTTPException, ValueError):
            check()
            raise
        check()
    framed = response.headers.get("Content-Length") is not None or bool(
        response.headers.get("Transfer-Encoding")
    )
    return Received(response.status, response.headers, body, framed)


def text_of(received: Received) -> str:
    """What an answer says, in one line without markup; Virtuoso repeats the query after it."""
    said = received.body.decode(errors="replace").partition("\nSPARQL query:")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", said).split())[:300]


class _Request(Request):
    """A request that knows the connections it was sent over."""

    def __init__(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(address, body, dict(headers), method="POST")
        self.sockets: list[socket.socket] = []


class _NoRedirect(HTTPRedirectHandler):
    """A form that is sent on loses its body, and an update would seem to be done."""

    def redirect_request(self, *_: Any) -> None: ...


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(_noted(http.client.HTTPConnection, req), req)


class _Https(HTTPSHandler):
    def https_open(self, req: Request) -> http.client.HTTPResponse:
        connection = _noted(http.client.HTTPSConnection, req)
        return self.do_open(connection, req, context=_context())


class _Digest(HTTPDigestAuthHandler):
    def http_error_401(self, req: Request, fp: Any, *said: Any) -> Any:
        return _done_with(fp, super().http_error_401, req, fp, *said)


class _Basic(HTTPBasicAuthHandler):
    def http_error_401(self, req: Request, fp: Any, *said: Any) -> Any:
        return _done_with(fp, super().http_error_401, req, fp, *said)


def _done_with(refusal: Any, ask_again: Callable[..., Any], *said: Any) -> Any:
    """The answer to whoever says who he is; the refusal before it is put away, which the library
    forgets.
    """
    answer = None
    try:
        answer = ask_again(*said)
    except BaseException:
        refusal.close()
        raise
    if answer is not None:
        refusal.close()
    return answer


def _noted(kind: type[http.client.HTTPConnection], request: Request) -> Any:
    """A connection that leaves its socket with the request it was made for."""

    class Noted(kind):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            if isinstance(request, _Request):
                request.sockets.append(self.sock)

    return Noted


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _opener(address: str, login: Login | None) -> OpenerDirector:
    handlers: list[Any] = [_Http(), _Https(), _NoRedirect()]
    if login:
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, address, login.user, login.password)
        handlers += [_Digest(known), _Basic(known)]
    return build_opener(*handlers)


def _open(request: _Request, bounds: Bounds, opener: OpenerDirector) -> http.client.HTTPResponse:
    try:
        response = opener.open(request, timeout=bounds.seconds)
    except HTTPError as error:  # an answer all the same
        response = error
    assert response is not None
    return response  # type: ignore[no-any-return]


def _read(response: http.client.HTTPResponse, limit: int | None) -> bytes:
    body = bytearray()
    while chunk := response.read1(_BYTES_AT_ONCE):
        body += chunk
        if limit is not None and len(body) > limit:
            raise TooManyBytes
    if missing := getattr(response, "length", 0):  # fewer bytes than were announced
        raise http.client.IncompleteRead(b"", missing)
    return bytes(body)


@contextmanager
def _watched(request: _Request, bounds: Bounds) -> Iterator[Callable[[], None]]:
    """While the block runs, cut the line when its time is over or nobody waits; what is given says
    why it was cut, by raising it.
    """
    end = time.monotonic() + bounds.seconds
    done = threading.Event()
    reasons: list[Exception] = []

    def watch() -> None:
        while not done.wait(min(_LOOK_SECONDS, max(end - time.monotonic(), 0))):
            if not reasons and bounds.gone():
                reasons.append(Abandoned())
            if not reasons and time.monotonic() >= end:
                reasons.append(OutOfTime())
            if reasons:
                # Again and again: the line may only be laid now.
                for line in tuple(request.sockets):
                    _cut(line)
                done.wait(_LOOK_SECONDS)

    def check() -> None:
        if reasons:
            raise reasons[0]

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield check
    finally:
        done.set()
        watcher.join()


def _cut(line: socket.socket) -> None:
    """End both directions, so that whoever reads from it reads no more."""
    with suppress(OSError):  # closed already
        # The plain one: that of TLS would put its own state away under the reader.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
