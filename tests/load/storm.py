"""Fifty clients at once, one in ten of them hostile: what they were answered, and all that is wrong
with it.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from tests.bench.peers import Peer
from tests.bench.wire import Reply, is_whole, read
from tests.load.hostile import ATTACKS, Reach, Reached
from tests.load.ordinary import Visit

CLIENTS = 50
HOSTILE = 5
_PATIENCE_SECONDS = 30
"""Nobody waits longer for an answer: this is how a server that is stuck is told from a slow one."""
_MOST_SECONDS_AWAY = 1.0
"""Whoever is told to come again later does so, after this at most: a storm has no time."""


@dataclass(slots=True)
class Told:
    """What clients were told: how often what, how long pages and queries took, what is wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    page_seconds: list[float] = field(default_factory=list)
    query_seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def storm(server: Peer, visits: Sequence[Visit], *, seconds: float) -> Told:
    """Let the clients loose for so many seconds; the ones that wait at the end hang up."""
    return asyncio.run(_storm(server, visits, seconds))


def ask(server: Peer, request: bytes) -> tuple[Reply, float]:
    """One answer, and the seconds that it took."""
    begun = time.monotonic()
    received = asyncio.run(_exchange(partial(_reach, server), request))
    return read(received), time.monotonic() - begun


async def _storm(server: Peer, visits: Sequence[Visit], seconds: float) -> Told:
    told = Told()
    reach = partial(_reach, server)
    clients = [
        _attack(reach, number, told) if number < HOSTILE else _visit(reach, number, visits, told)
        for number in range(CLIENTS)
    ]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*clients), seconds)
    return told


async def _visit(reach: Reach, client: int, visits: Sequence[Visit], told: Told) -> None:
    """Ask one thing after another, in an order of one's own, and look at each answer."""
    chance = random.Random(client)
    while True:
        number = chance.randrange(1, 1_000_000)
        visit = chance.choice(visits)
        begun = time.monotonic()
        try:
            received = await _exchange(reach, visit.request(number))
        except (OSError, TimeoutError) as error:
            told.wrong.append(f"{visit.name}: {error!r}")
            continue
        taken = time.monotonic() - begun
        if not is_whole(received):
            told.wrong.append(f"{visit.name}: broken off after {len(received)} bytes")
            continue
        reply = read(received)
        (told.page_seconds if visit.is_page else told.query_seconds).append(taken)
        told.outcomes[f"{'page' if visit.is_page else 'query'} {reply.status}"] += 1
        if visit.is_right(number, reply):
            continue
        if visit.is_page or not is_announced(reply):
            told.wrong.append(f"{visit.name}: {reply.status} {reply.body[:300]!r}")
        else:
            await asyncio.sleep(min(int(reply.headers["retry-after"]), _MOST_SECONDS_AWAY))


async def _attack(reach: Reach, client: int, told: Told) -> None:
    """Do one bad thing after another; whatever is answered must be a refusal in good order."""
    chance = random.Random(client)
    for number in range(client, 1_000_000):
        attack = ATTACKS[number % len(ATTACKS)]
        try:
            received = await attack(reach, chance)
        except ConnectionError:
            told.outcomes[f"{attack.__name__} hung up on"] += 1
            continue
        except TimeoutError:
            told.wrong.append(f"{attack.__name__}: no answer in {_PATIENCE_SECONDS} s")
            continue
        if not received:
            told.outcomes[f"{attack.__name__} without answer"] += 1
            continue
        reply = read(received)
        told.outcomes[f"{attack.__name__} {reply.status}"] += 1
        is_refused = 400 <= reply.status < 500 or is_announced(reply)
        # Five thousand parentheses may be answered, if somebody can read them.
        if not is_refused and not (reply.status == 200 and attack.__name__ == "parentheses"):
            told.wrong.append(f"{attack.__name__}: {reply.status} {reply.body[:300]!r}")


def is_announced(reply: Reply) -> bool:
    """Whether it is the 503 that we announce: a problem document (RFC 9457) that says what to do,
    and when to come again (RFC 9110 §10.2.3).
    """
    if reply.status != 503 or reply.media_type != "application/problem+json":
        return False
    problem = json.loads(reply.body)
    return (
        problem["status"] == 503
        and bool(problem["title"] and problem["detail"])
        and reply.headers.get("retry-after", "").isdigit()
    )


@asynccontextmanager
async def _reach(server: Peer) -> AsyncIterator[Reached]:
    address = urlsplit(server.endpoint)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def _exchange(reach: Reach, request: bytes) -> bytes:
    """All that is answered until the server hangs up."""
    async with reach() as (reader, writer):
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(reader.read(-1), _PATIENCE_SECONDS)
