"""`make bench`: how long each step takes, and how that compares with a named peer in the same run.

Seconds are the best of three; a ratio of 2.0 means that the peer takes twice as long. The peer is
rdflib (parsing, querying), which most Python programs would use instead, and pySHACL (validating).
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rdflib
from pyoxigraph import RdfFormat, serialize
from tests.bench import synthetic

from diplolocal import build, dataset, resources, validation
from diplolocal.embedded import EmbeddedStore
from diplolocal.shacl import Engine
from diplolocal.store import construct, load_query, select

REPOSITORY = Path(__file__).parent.parent.parent
QUERIES = ("latest-actions", "bulletins", "regions", "totals")
SIZES = (2_000, 20_000)


def main() -> None:
    """Print a table of what was measured."""
    found = dataset.find(REPOSITORY)
    statements = dataset.read(found.described)
    turtle = [source.text for source in found.described]
    line("statements", f"{len(statements):,}")
    ours = seconds(lambda: dataset.read(dataset.find(REPOSITORY).described))
    compare("parse", ours, seconds(lambda: parse(turtle)))
    compare(
        "validate",
        seconds(lambda: validation.validate(found)),
        seconds(lambda: validation.validate(found, engine=Engine.PYSHACL)),
        peer="pySHACL",
    )
    with tempfile.TemporaryDirectory() as folder:
        made = build.build(found, Path(folder))
        line("build", f"{seconds(lambda: rebuild(found), times=1):.2f} s (validation included)")
        line("load", f"{seconds(lambda: EmbeddedStore.load(made.store)):.3f} s")
        store = EmbeddedStore.load(made.store)
    everything = construct(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    triples = serialize(everything, format=RdfFormat.N_TRIPLES)
    graph = rdflib.Graph().parse(data=triples or b"", format="nt")
    for name in QUERIES:
        text = load_query(name)
        ask_ours = seconds(lambda text=text: select(store, text))  # type: ignore[misc]
        ask_peer = seconds(lambda text=text: list(graph.query(text)))  # type: ignore[misc]
        compare(f"query {name}", ask_ours, ask_peer)
    iri = "https://w3id.org/diplolocal/id/place/mx-jal"
    line("describe a state", f"{seconds(lambda: resources.describe(store, iri)) * 1000:.1f} ms")
    for actions in SIZES:
        measure(actions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line("peak memory, peer included", f"{peak:,.0f} MiB")


def measure(actions: int) -> None:
    """The same steps on synthetic data, which shows how each grows."""
    with tempfile.TemporaryDirectory() as folder:
        found = synthetic.write(REPOSITORY, Path(folder) / "files", actions=actions)
        parsed = seconds(lambda: dataset.read(found.described), times=1)
        validated = seconds(lambda: validation.validate(found), times=1)
        built = seconds(lambda: build.build(found, Path(folder)), times=1)
        made = build.open_build(Path(folder) / found.version)
        loaded = seconds(lambda: EmbeddedStore.load(made.store), times=1)
    line(
        f"{actions:,} synthetic actions",
        f"parse {parsed:.2f} s, validate {validated:.2f} s, build {built:.2f} s,"
        f" load {loaded:.2f} s, {sum(made.counts.values()):,} statements",
    )


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
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


def rebuild(found: dataset.Dataset) -> None:
    """A build from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        build.build(found, Path(folder))


def compare(what: str, ours: float, theirs: float, *, peer: str = "rdflib") -> None:
    """A line with our time, the peer's and their ratio."""
    ratio = theirs / ours
    line(what, f"{ours * 1000:.1f} ms, {peer} {theirs * 1000:.1f} ms, ratio {ratio:.1f}")


def line(what: str, measured: str) -> None:
    """A line of the table."""
    sys.stdout.write(f"{what:<28} {measured}\n")


main()
