"""How long a search takes: what is found, and how much by every value of every facet, as the page
asks for it; and the page itself, when nobody asked for it before.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from tests.bench import endpoints, peers
from tests.bench.asking import Line
from tests.bench.peers import Peer
from tests.bench.table import heading, line, row

from diplolocal import iris
from diplolocal.database import database
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND, index
from diplolocal.web.searched import FACETS

MILLISECONDS = {0: 30, 50_000: 150}
"""Below how many an answer with all counts is wanted, by the synthetic actions beside the real
files.
"""
TIMES = 5
ACTIONS = {KIND: ("actions",)}
SEARCHES: Mapping[str, Asked] = {
    "everything": Asked(),
    "a rare word": Asked("cordoba"),
    "the beginning of a word": Asked("sist"),
    "its endings": Asked("ciudades"),
    "a name": Asked("jalisco"),
    "a word of nearly everything": Asked("gobierno"),
    "one letter": Asked("a"),
    "two words": Asked("gobierno acuerdo"),
    "a state": Asked(chosen={**ACTIONS, "state": (iris.thing("place/mx-jal"),)}),
    "months": Asked(chosen=ACTIONS, month_from="2021-03", month_to="2040-01"),
    "a word that is not there": Asked("guadalajra"),
}
PAGES = ("", "?text=jalisco", "?text=gobierno", "?kind=actions&state=mx-jal")
"""Pages, each asked for the first time."""


def measured(repository: Path) -> None:
    """The tables, by size."""
    for actions in MILLISECONDS:
        with endpoints.built(repository, actions) as (root, made):
            folder = database(made)
            begun = time.perf_counter()
            path = index(made, folder)
            taken = time.perf_counter() - begun
            heading(f"Searches, {actions:,} synthetic actions: the median of {TIMES}, in ms")
            of(path, limit=MILLISECONDS[actions])
            line("making the index", f"{taken:.1f} s, {path.stat().st_size / 1e6:,.1f} MB")
            with peers.diplolocal(root, made.folder.parent) as server:
                _pages(server)


def of(path: Path, *, limit: int) -> None:
    """The searches in an index. Nothing is kept from one time to the next."""
    before = _megabytes()
    begun = time.perf_counter()
    kept = Index.open(path)
    kept.found(Asked())
    opened, more = time.perf_counter() - begun, _megabytes() - before
    row("", ["found", "what is found", "with all counts"])
    slowest = 0.0
    for name, asked in SEARCHES.items():
        found, whole = [], []
        for _ in range(TIMES):
            fresh = Index.open(path)
            found.append(_milliseconds(lambda fresh=fresh, asked=asked: fresh.found(asked)))  # type: ignore[misc]
            fresh = Index.open(path)
            whole.append(_milliseconds(lambda fresh=fresh, asked=asked: _page(fresh, asked)))  # type: ignore[misc]
        total = fresh.found(asked).total
        slowest = max(slowest, median(whole))
        row(name, [f"{total:,}", f"{median(found):.1f}", f"{median(whole):.1f}"])
    reached = "reached" if slowest < limit else "not reached"
    line("slowest answer with all counts", f"{slowest:.1f}, wanted below {limit}: {reached}")
    line("opening it", f"{opened * 1000:.0f} ms, about {more:,.0f} MB more")
    kept.close()


def _page(fresh: Index, asked: Asked) -> None:
    """What the page of a search asks of the index."""
    fresh.found(asked)
    for facet in FACETS:
        fresh.counts(asked, facet, apart=True)


def _pages(server: Peer) -> None:
    ours = Line(server)
    ours.sent(ours.get("/en/search?kind=concepts", "text/html"))
    for query in PAGES:
        taken = []
        for number in range(TIMES):
            more = f"{'&' if query else '?'}limit={25 - number}"
            reply, seconds = ours.sent(ours.get(f"/en/search{query}{more}", "text/html"))
            assert reply.status == 200, reply.body[:300]
            taken.append(seconds * 1000)
        line(f"page /search{query}", f"median {median(taken):.0f} ms, worst {max(taken):.0f}")
    ours.close()


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _megabytes() -> float:
    """The memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
