"""Finished answers, kept for who asks the same again: the outermost layer, before any routing.

What is served never changes while it is served, so an answer that may be kept (RFC 9111 §3) is kept
as long as there is room, for those who read gzip compressed. Whoever holds it already is told so
(RFC 9110 §13.1.2).
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diplolocal.web import records

_Headers = list[tuple[bytes, bytes]]
_Key = tuple[bytes | str | bool, ...]

_ASKED_BY_BODY = ("POST", "QUERY")
_BODY_BYTES = 65_536
"""Longer questions are answered anew each time."""

_NOT_MODIFIED = (
    b"access-control-allow-origin",
    b"access-control-expose-headers",
    b"cache-control",
    b"content-location",
    b"etag",
    b"last-modified",
    b"link",
    b"memento-datetime",
    b"vary",
)
_HIT = (b"server-timing", b'cache;desc="hit"')
_PACKED = range(1_000, 1_000_000)
"""How many bytes an answer has that is worth compressing, and quick: some milliseconds at most."""

_PACKED_ALREADY = (b"application/gzip", b"application/vnd.apache.parquet", b"image/")
_GZIP_LEVEL = 5
_SHARE = 8
"""What takes more than this part of the room is not kept."""


@dataclass(frozen=True, slots=True)
class _Finished:
    headers: _Headers
    body: bytes
    etag: bytes

    @property
    def size(self) -> int:
        """What it takes, about, in bytes."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 500


@dataclass(frozen=True, slots=True)
class _Held:
    """What a client says that it holds: tags, or the date that came with it."""

    tags: bytes | None
    date: bytes | None

    def by(self, finished: _Finished) -> bool:
        """Whether that is the finished answer: tags go before dates (RFC 9110 §13.2.2)."""
        if self.tags is None:
            # As `responses.unchanged`: a release is served some time after it was issued, so only
            # the very date that was given proves anything (RFC 9110 §13.1.3 leaves that open).
            given = dict(finished.headers).get(b"last-modified")
            return given is not None and self.date == given
        tags = [tag.strip().removeprefix(b"W/") for tag in self.tags.split(b",")]
        return finished.etag in tags or b"*" in tags


class Cache:
    """An application (ASGI 3.0) whose public answers are kept, up to so many bytes; those that were
    asked for longest ago go first.
    """

    def __init__(self, app: ASGIApp, *, limit_bytes: int) -> None:
        self._app = app
        self._limit = limit_bytes
        self._size = 0
        self._kept: OrderedDict[_Key, _Finished] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request: as before, or anew."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        held = _Held(headers.get(b"if-none-match"), headers.get(b"if-modified-since"))
        body = b""
        if scope["method"] in _ASKED_BY_BODY:
            body, receive = await _read(headers, receive)
        packs = b"gzip" in headers.get(b"accept-encoding", b"").lower()
        key = _key(scope, headers, body, packs)
        if key is None:
            await self._app(scope, receive, send)
        elif found := self._kept.get(key):
            self._kept.move_to_end(key)
            if record := records.current():
                record.cached = True
            await _answer(found, held, send)
        else:
            await self._app(scope, receive, _Keeping(self, key, held, send, packs=packs))

    def keep(self, key: _Key, finished: _Finished) -> None:
        """Keep an answer, if there is room for such a one."""
        if finished.size > self._limit // _SHARE:
            return
        self._size += finished.size - (self._kept[key].size if key in self._kept else 0)
        self._kept[key] = finished
        while self._size > self._limit:
            self._size -= self._kept.popitem(last=False)[1].size


class _Keeping:
    """Sends what the application says, and keeps it where it is whole and may be kept."""

    def __init__(self, cache: Cache, key: _Key, held: _Held, send: Send, *, packs: bool) -> None:
        self._cache = cache
        self._packs = packs
        self._key = key
        self._held = held
        self._send = send
        self._start: Message | None = None

    async def __call__(self, said: Message) -> None:
        """Take one message (ASGI 3.0, HTTP)."""
        if said["type"] == "http.response.start" and _is_public(said):
            self._start = said
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(said)
        elif said["type"] != "http.response.body" or said.get("more_body"):
            await self._send(start)
            await self._send(said)
        else:
            headers, body = start["headers"], said.get("body", b"")
            if _can_be_packed(headers):
                headers, body = _coded(headers, body, packs=self._packs)
            finished, kept = _finished(headers, body)
            self._cache.keep(self._key, kept)
            await _answer(finished, self._held, self._send)


async def _read(headers: dict[bytes, bytes], receive: Receive) -> tuple[bytes, Receive]:
    """The body of a request that is short and says how long it is, and a way to read it again."""
    length = headers.get(b"content-length", b"")
    if not length.isdigit() or int(length) > _BODY_BYTES:
        return b"", receive
    body, more = b"", True
    while more:
        said = await receive()
        body += said.get("body", b"")
        more = said.get("more_body", False)
    whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return whole.pop() if whole else await receive()

    return body, again


def _key(scope: Scope, headers: dict[bytes, bytes], body: bytes, packs: bool) -> _Key | None:
    """All that an answer depends on; None where it is not to be kept."""
    method = scope["method"]
    by_body = method in _ASKED_BY_BODY
    if b"range" in headers or (not body if by_body else method not in ("GET", "HEAD")):
        return None
    return (
        method if by_body else "GET",
        scope["path"],
        scope["query_string"],
        headers.get(b"host", b""),
        headers.get(b"accept", b""),
        headers.get(b"accept-language", b""),
        headers.get(b"accept-profile", b""),
        headers.get(b"accept-datetime", b""),
        packs,
        b"origin" in headers,
        headers.get(b"content-type", b"") if by_body else b"",
        body,
    )


def _is_public(start: Message) -> bool:
    """Whether the answer may be kept for everybody (RFC 9111 §5.2.2.9)."""
    control = dict(start["headers"]).get(b"cache-control", b"")
    return start["status"] == 200 and b"public" in control


def _can_be_packed(headers: _Headers) -> bool:
    said = dict(headers)
    is_packed = said.get(b"content-type", b"").startswith(_PACKED_ALREADY)
    # A digest is of the bytes as they are sent (RFC 9530 §3).
    return not (is_packed or b"content-encoding" in said or b"repr-digest" in said)


def _coded(headers: _Headers, body: bytes, *, packs: bool) -> tuple[_Headers, bytes]:
    """The answer as the client reads it: what is compressed has a tag of its own, and both depend
    on what the client accepts (RFC 9110 §8.4, §8.8.3.3, §12.5.5). A short one could have been long:
    it says so as well.
    """
    said = dict(headers)
    changed = {b"vary": b", ".join(filter(None, (said.get(b"vary"), b"Accept-Encoding")))}
    if packs and len(body) in _PACKED:
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        changed |= {b"content-encoding": b"gzip", b"content-length": b"%d" % len(body)}
        if b"etag" in said:
            changed[b"etag"] = said[b"etag"][:-1] + b'-gzip"'
    others = [(name, value) for name, value in headers if name not in changed]
    return [*others, *changed.items()], body


def _finished(headers: _Headers, body: bytes) -> tuple[_Finished, _Finished]:
    """The answer with a strong validator, as it is sent now and as it is sent from here on."""
    etag = dict(headers).get(b"etag")
    if etag is None:
        etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
        headers = [*headers, (b"etag", etag)]
    again = [(name, value) for name, value in headers if name != b"server-timing"]
    return _Finished(headers, body, etag), _Finished([*again, _HIT], body, etag)


async def _answer(finished: _Finished, held: _Held, send: Send) -> None:
    if held.by(finished):
        headers = [pair for pair in finished.headers if pair[0] in _NOT_MODIFIED]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": finished.headers})
    await send({"type": "http.response.body", "body": finished.body})
