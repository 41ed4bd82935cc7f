"""Those who mean harm, or do it without meaning to: what they send, and how they behave."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlencode

from tests.load.ordinary import get

_JSON = "application/sparql-results+json"
_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_CROSS_PRODUCT = f"SELECT (COUNT(*) AS ?n) WHERE {{ {_CROSS} }}"
_ORDERED = f"SELECT * WHERE {{ {_CROSS} }} ORDER BY DESC(?i) ?a"
_DEEP = f"SELECT * WHERE {{ ?s ?p ?o FILTER({'(' * 5_000}1{')' * 5_000}) }}"
_LARGE = "SELECT * WHERE { ?a ?b ?c } LIMIT 60000"
_GIANT_BYTES = 50_000_000
_SECONDS = 30

Reached = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Reach = Callable[[], AbstractAsyncContextManager[Reached]]
"""A new connection, cut off without a word when it is left."""

Attack = Callable[[Reach, random.Random], Coroutine[Any, Any, bytes]]


async def cross_product(reach: Reach, chance: random.Random) -> bytes:
    """A query that would run for days."""
    return await _heard(reach, _asked(_CROSS_PRODUCT, chance))


async def ordered_cross_product(reach: Reach, chance: random.Random) -> bytes:
    """A query that would fill the memory."""
    return await _heard(reach, _asked(_ORDERED, chance))


async def parentheses(reach: Reach, chance: random.Random) -> bytes:
    """A query that ends the process it is read in, unless that is prepared for it."""
    return await _heard(reach, _asked(_DEEP, chance))


async def hang_up(reach: Reach, chance: random.Random) -> bytes:
    """A query that would run for days, and nobody waits for it."""
    async with reach() as (_, writer):
        await _send(writer, _asked(_CROSS_PRODUCT, chance))
        await asyncio.sleep(chance.uniform(0.05, 0.6))
    return b""


async def read_slowly(reach: Reach, chance: random.Random) -> bytes:
    """A large answer, read in small bites and then left."""
    async with reach() as (reader, writer):
        await _send(writer, _asked(_LARGE, chance))
        for _ in range(20):
            await asyncio.wait_for(reader.read(512), _SECONDS)
            await asyncio.sleep(0.1)
    return b""


async def write_slowly(reach: Reach, chance: random.Random) -> bytes:
    """A request that never ends, byte by byte."""
    async with reach() as (_, writer):
        for byte in _asked("ASK {}", chance)[:30]:
            await _send(writer, bytes([byte]))
            await asyncio.sleep(0.05)
    return b""


async def giant_body(reach: Reach, chance: random.Random) -> bytes:
    """A body that is far too large, sent as long as somebody takes it."""
    piece = b"x" * 65_536
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: {_GIANT_BYTES}\r\n"
    async with reach() as (reader, writer):
        await _send(writer, f"{head}Content-Type: application/sparql-query\r\n\r\n".encode())
        answer = asyncio.create_task(reader.read(65_536))
        for _ in range(_GIANT_BYTES // len(piece)):
            if answer.done() or writer.is_closing():
                break
            await _send(writer, piece)
        return await asyncio.wait_for(answer, _SECONDS)


async def garbage(reach: Reach, chance: random.Random) -> bytes:
    """Bytes that are no HTTP."""
    async with reach() as (reader, writer):
        await _send(writer, chance.randbytes(2_000) + b"\r\n\r\n")
        writer.write_eof()
        return await asyncio.wait_for(reader.read(-1), _SECONDS)


ATTACKS: tuple[Attack, ...] = (
    cross_product,
    hang_up,
    ordered_cross_product,
    read_slowly,
    parentheses,
    giant_body,
    garbage,
    write_slowly,
)


def _asked(text: str, chance: random.Random) -> bytes:
    """A query that nobody asked before."""
    asked = f"{text}\n# {chance.random()}"
    if len(text) < 4_000:
        return get(f"/sparql?{urlencode({'query': asked})}", _JSON)
    body = asked.encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
    kind = "Content-Type: application/sparql-query\r\nConnection: close\r\n\r\n"
    return (head + kind).encode() + body


async def _send(writer: asyncio.StreamWriter, sent: bytes) -> None:
    writer.write(sent)
    await writer.drain()


async def _heard(reach: Reach, request: bytes) -> bytes:
    async with reach() as (reader, writer):
        await _send(writer, request)
        return await asyncio.wait_for(reader.read(-1), _SECONDS)
