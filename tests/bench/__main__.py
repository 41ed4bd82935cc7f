"""`make bench`: how long each step takes, how that grows, and how it compares with a named peer.

Peers are rdflib (parsing, querying), which most Python programs would use instead, and pySHACL
(validating), the reference; a ratio of 2.0 means that the peer takes twice as long for the same in
the same run. Each size is measured in a process of its own, so that its memory is its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import rdflib
from pyoxigraph import RdfFormat, serialize
from tests.bench import documents, measure, searching, verdicts
from tests.bench.table import heading, line, row

from diplolocal import build, dataset, parts, resources, shacl, statements
from diplolocal.dataset import Kind
from diplolocal.embedded import EmbeddedStore
from diplolocal.reach import beyond
from diplolocal.shacl import Engine
from diplolocal.store import construct, load_query, select

REPOSITORY = Path(__file__).parent.parent.parent
QUERIES = ("latest-actions", "bulletins", "regions", "totals")
REAL = "real files"
SIZES = (2_000, 20_000, 50_000)
COMPARED = 1_000
"""How many things both validate: pySHACL needs a second for them."""


def main() -> None:
    """Print the tables."""
    begun = time.perf_counter()
    heading(f"Beside the peers, on the {REAL}")
    against_rdflib()
    against_pyshacl()
    documents.first_made(REPOSITORY)
    heading("In seconds, by size")
    sizes = (0, *SIZES)
    grown(sizes, {actions: measured(actions) for actions in sizes})
    searching.measured(REPOSITORY)
    verdicts.again(REPOSITORY)
    verdicts.few(REPOSITORY)
    verdicts.many(REPOSITORY)
    verdicts.crowd(REPOSITORY)
    line("all of this took", f"{time.perf_counter() - begun:.0f} s")


def against_rdflib() -> None:
    """Parsing the files and asking the queries of the site's first page."""
    found = dataset.find(REPOSITORY)
    texts = [source.text for source in found.described]
    ours = seconds(lambda: statements.read(found.described), times=3)
    compare("parse", ours, seconds(lambda: parse(texts)), peer="rdflib")
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore.load(build.build(found, Path(folder)).store)
    everything = construct(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    triples = serialize(everything, format=RdfFormat.N_TRIPLES)
    graph = rdflib.Graph().parse(data=triples or b"", format="nt")
    for name in QUERIES:
        text = load_query(name)
        ours = seconds(lambda text=text: select(store, text), times=3)  # type: ignore[misc]
        theirs = seconds(lambda text=text: list(graph.query(text)))  # type: ignore[misc]
        compare(f"query {name}", ours, theirs, peer="rdflib")
    iri = "https://w3id.org/diplolocal/id/place/mx-jal"
    described = seconds(lambda: resources.describe(store, iri), times=3)
    line("describe a state", f"{described * 1000:.1f} ms")


def against_pyshacl() -> None:
    """The shapes, applied to the things of the first bulletins."""
    found = dataset.find(REPOSITORY)
    shapes = dataset.read(found.of(Kind.SHAPES))
    known = statements.read(found.described)
    part = next(parts.cut(known, beyond(shapes), things=COMPARED))

    def applied(engine: Engine) -> float:
        return seconds(
            lambda: list(shacl.apply(shapes, part.text, engine=engine, focus=part.things)), times=3
        )

    what = f"shapes, {len(part.things)} things"
    compare(what, applied(Engine.RUDOF), applied(Engine.PYSHACL), peer="pySHACL")


def measured(actions: int) -> measure.Figures:
    """What a process of its own measures with so many synthetic actions beside the real files."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.measure", str(REPOSITORY), str(actions)],
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: measure.Figures = json.loads(done.stdout)
    return figures


def grown(sizes: tuple[int, ...], figures: Mapping[int, measure.Figures]) -> None:
    """A table: a row for each step, a column for each size, and how the largest compares with the
    smallest synthetic one.
    """
    columns = [f"+{actions:,} actions" if actions else REAL for actions in sizes]
    first, last = SIZES[0], SIZES[-1]
    row("", [*columns, f"{last:,} / {first:,}"])
    for what in figures[first]:
        values = [figures[actions][what] for actions in sizes]
        factor = f"× {figures[last][what] / figures[first][what]:.1f}"
        row(what, [*map(written, values), factor])
    line("processors", str(len(os.sched_getaffinity(0))))


def written(value: float) -> str:
    """Seconds with two decimals; what is counted without."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """How long the work takes: the best of some times."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def parse(texts: list[str]) -> None:
    """The same files, parsed by the peer."""
    for text in texts:
        rdflib.Graph().parse(data=text, format="turtle")


def compare(what: str, ours: float, theirs: float, *, peer: str) -> None:
    """A line with our time, the peer's and their ratio."""
    ratio = theirs / ours
    line(what, f"{ours * 1000:.1f} ms, {peer} {theirs * 1000:.1f} ms, ratio {ratio:.1f}")


main()
