"""What the endpoint is to reach beside its peers, and whether it did: the tables of HTTP."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from tests.bench import endpoints, peers
from tests.bench.asking import pages_per_second
from tests.bench.endpoints import CONNECTIONS, Beside, Found, ratio
from tests.bench.peers import OURS, OXIGRAPH, RDFLIB
from tests.bench.table import heading, line, row
from tests.load import weather
from tests.load.storm import CLIENTS, HOSTILE

from diplolocal.embedded import EmbeddedStore

FEW, MANY = 2_000, 50_000
CROWD_SECONDS = 60
MEGABYTES = 1_500
DOWNLOAD_MEGABYTES = 20
SECONDS = 5
AGAIN = (
    ("/", "text/html"),
    ("/doc/place/mx-jal", "text/html"),
    ("/doc/action/2021-01-03", "application/ld+json"),
    ("/doc/place/mx-jal.jsonld", "*/*"),
    ("/actions.jsonld", "*/*"),
)
"""What is asked again: path and `Accept`."""


def few(repository: Path) -> None:
    """Beside rdflib-endpoint, and beside Oxigraph so that one sees what the engine itself gives."""
    found = endpoints.measured(repository, FEW, names=(RDFLIB, OXIGRAPH), loads=False)
    heading(f"Over HTTP, {FEW:,} actions, {found.statements:,} statements: cold, in milliseconds")
    _table(found.latency, (OURS, RDFLIB, OXIGRAPH), _milliseconds)
    _reached("speed beside rdflib-endpoint", ratio(found.latency, RDFLIB, OURS), 20)
    line("… of which the Oxigraph server", f"{ratio(found.latency, RDFLIB, OXIGRAPH):.2f}")


def many(repository: Path) -> None:
    """Beside the Oxigraph server: alone and cold, in a crowd and again, memory."""
    found = endpoints.measured(repository, MANY, names=(OXIGRAPH,), loads=True)
    both = (OURS, OXIGRAPH)
    heading(f"Over HTTP, {MANY:,} actions, {found.statements:,} statements: cold, in milliseconds")
    _table(found.latency, both, _milliseconds)
    for kind in ("look-up", "aggregate"):
        line(f"of {kind}s", f"{ratio(found.latency, OXIGRAPH, OURS, kind=kind):.2f}")
    _reached("speed beside the Oxigraph server", ratio(found.latency, OXIGRAPH, OURS), 0.85)
    heading(f"The same again, {CONNECTIONS} connections: answers in a second")
    _table(found.load, both, _whole)
    _reached("aggregates", ratio(found.load, OURS, OXIGRAPH, kind="aggregate"), 3)
    _reached("look-ups", ratio(found.load, OURS, OXIGRAPH, kind="look-up"), 1)
    heading("Memory in MB, with the children, what is shared counted once")
    _memory(found)
    heading("Dumps taken from it, and its memory in MB before and meanwhile")
    for each in found.taken:
        size = f"{each.megabytes:,.0f} MB in {each.seconds:.1f} s"
        grown = each.most - each.before
        kept = "reached" if grown <= DOWNLOAD_MEGABYTES else "not reached"
        wanted = f"wanted at most {DOWNLOAD_MEGABYTES} more: {kept}"
        line(each.path, f"{size}, {each.before:,.0f} and {each.most:,.0f}, {wanted}")


def again(repository: Path) -> None:
    """Pages and documents asked again, beside a bare ASGI application in the same server."""
    heading(f"Asked again, {CONNECTIONS} connections: answers in a second, and beside a bare hello")
    with endpoints.built(repository, 0) as (root, made):
        with peers.hello() as bare:
            least = pages_per_second(bare, "/", "*/*", connections=CONNECTIONS, seconds=SECONDS)
        line("bare ASGI hello", f"{least:,.0f}")
        with peers.diplolocal(root, made.folder.parent) as server:
            for path, accept in AGAIN:
                rate = pages_per_second(
                    server, path, accept, connections=CONNECTIONS, seconds=SECONDS
                )
                _reached(f"{path} {accept}", rate / least, 0.5)


def crowd(repository: Path) -> None:
    """A minute with fifty clients, one in ten of them hostile: see `tests/load/`."""
    with endpoints.built(repository, 0) as (root, made):
        store = EmbeddedStore.load(made.store)
        with peers.diplolocal(root, made.folder.parent, weather.SMALL) as server:
            seen = weather.of(server, store, seconds=CROWD_SECONDS)
    told = seen.told
    heading(
        f"{CLIENTS} clients for {CROWD_SECONDS} s, {HOSTILE} of them hostile: answers by status"
    )
    for outcome, times in sorted(told.outcomes.items()):
        line(outcome.replace("_", " "), f"{times:,}")
    line(
        "slowest page", f"{max(told.page_seconds):.2f} s, median {median(told.page_seconds):.2f} s"
    )
    line("wrong, cut, or an unannounced 5xx", f"{len(told.wrong)} {told.wrong[:3] or ''}")
    line("first answer after it", f"{seen.first_seconds:.2f} s, wanted below 2")
    line("MB before and after", f"{seen.megabytes_before:,.0f}, {seen.megabytes_after:,.0f}")


def _memory(found: Beside) -> None:
    row("", ["loaded", "after queries"])
    for name, memory in found.memory.items():
        row(name, [_whole(memory.loaded), _whole(memory.used)])
    most = found.memory[OURS].used
    reached = "reached" if most <= MEGABYTES else "not reached"
    line("MB in all, two workers", f"{most:,.0f}, wanted at most {MEGABYTES:,}: {reached}")


def _table(found: Sequence[Found], names: Sequence[str], written: Callable[[float], str]) -> None:
    row("", ["", *names])
    for each in found:
        row(each.asked.name, [each.asked.kind, *(written(each.by[name]) for name in names)])


def _reached(what: str, found: float, wanted: float) -> None:
    reached = "reached" if found >= wanted else "not reached"
    line(what, f"{found:.2f}, wanted at least {wanted:g}: {reached}")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.2f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"
