"""Our endpoint beside others, over HTTP, with the same statements and the same questions.

All are started on loopback in this run, by their real commands, and asked in turn (A B A B), so
that what else the machine does falls on all of them. Before anything is measured, their answers are
compared: the same rows, as often.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, geometric_mean, median

from tests.bench import downloads, peers, synthetic
from tests.bench.answers import Asked, queries, rows
from tests.bench.asking import Line, per_second
from tests.bench.downloads import Download
from tests.bench.peers import Peer

from diplolocal import build
from diplolocal.build import Build

CONNECTIONS = 16
LOAD_SECONDS = 1.0
LOAD_ROUNDS = 2
LATENCY_ROUNDS: Mapping[str, int] = {"look-up": 21, "aggregate": 5}
_STARTED = {peers.OXIGRAPH: peers.oxigraph, peers.RDFLIB: peers.rdflib_endpoint}


@dataclass(frozen=True, slots=True)
class Found:
    """What a query came to with each server, by name: seconds, or answers in a second."""

    asked: Asked
    by: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of memory of a server and its children: when it could answer, and after all queries."""

    loaded: float
    used: float


@dataclass(frozen=True, slots=True)
class Beside:
    """Ours beside its peers, over so many statements."""

    statements: int
    latency: Sequence[Found]
    load: Sequence[Found]
    memory: Mapping[str, Memory]
    taken: Sequence[Download]


def measured(repository: Path, actions: int, *, names: Sequence[str], loads: bool) -> Beside:
    """Latency and memory, and if asked for what many at once are answered, beside peers of those
    names, with so many synthetic actions beside the real files.
    """
    with ExitStack() as stack:
        root, made = stack.enter_context(built(repository, actions))
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in names]
        ours = stack.enter_context(peers.diplolocal(root, made.folder.parent))
        others = [
            stack.enter_context(_STARTED[name](made, folder))
            for name, folder in zip(names, folders, strict=True)
        ]
        servers = (ours, *others)
        loaded = {server.name: server.megabytes() for server in servers}
        found = queries()
        for asked in found:
            same_answers(asked, servers)
        latency = [_latency(asked, servers) for asked in found]
        load = [_load(asked, servers) for asked in found] if loads else []
        memory = {
            server.name: Memory(loaded[server.name], server.megabytes()) for server in servers
        }
        taken = [downloads.of(ours, path) for path in (downloads.DUMP, downloads.TABLE)]
    return Beside(sum(made.counts.values()), latency, load, memory, taken)


def ratio(found: Sequence[Found], over: str, under: str, *, kind: str = "") -> float:
    """The geometric mean, over the queries of a kind, of one server's figure over another's."""
    chosen = [each.by for each in found if kind in ("", each.asked.kind)]
    return geometric_mean([by[over] / by[under] for by in chosen])


@contextmanager
def built(repository: Path, actions: int) -> Iterator[tuple[Path, Build]]:
    """The real files and so many synthetic actions, in a folder, and the build of them."""
    with tempfile.TemporaryDirectory() as temporary:
        root, into = Path(temporary, "files"), Path(temporary, "builds")
        found = synthetic.write(repository, root, actions=actions)
        yield root, build.build(found, into, kept_in=into / ".reports")


def same_answers(asked: Asked, servers: Sequence[Peer]) -> None:
    """Raises AssertionError where the servers say different things, or nothing."""
    first = _said(asked, servers[0])
    assert first, f"{asked.name}: an empty answer says nothing about speed"
    for other in servers[1:]:
        said = _said(asked, other)
        assert said == first, (
            f"{asked.name}: {other.name} answers otherwise."
            f" Missing: {list((first - said).items())[:3]},"
            f" besides: {list((said - first).items())[:3]}"
        )


def _said(asked: Asked, server: Peer) -> Counter[str]:
    line = Line(server)
    reply, _ = line.ask(asked.text)
    line.close()
    assert reply.status == 200, f"{server.name}, {asked.name}: {reply.body[:300]!r}"
    return rows(reply.media_type, reply.body)


def _latency(asked: Asked, servers: Sequence[Peer]) -> Found:
    """Seconds, asked for the first time: each text is made another by a comment at its end, so that
    nobody answers from what was kept.
    """
    lines = {server.name: Line(server) for server in servers}
    taken: Mapping[str, list[float]] = {name: [] for name in lines}
    for number in range(LATENCY_ROUNDS[asked.kind]):
        for name, line in lines.items():
            reply, seconds = line.ask(f"{asked.text}\n# {number}")
            assert reply.status == 200, f"{name}, {asked.name}: {reply.body[:300]!r}"
            taken[name].append(seconds)
    for line in lines.values():
        line.close()
    return Found(asked, {name: median(each) for name, each in taken.items()})


def _load(asked: Asked, servers: Sequence[Peer]) -> Found:
    """Answers in a second, where many connections ask the same over and over."""
    rates: Mapping[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(LOAD_ROUNDS):
        for server in servers:
            rate = per_second(server, asked.text, connections=CONNECTIONS, seconds=LOAD_SECONDS)
            rates[server.name].append(rate)
    return Found(asked, {name: fmean(found) for name, found in rates.items()})
