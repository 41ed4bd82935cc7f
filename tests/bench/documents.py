"""How long a document in JSON-LD takes when nobody asked for it before: query, tree and bytes."""

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from pyld import jsonld as pyld
from pyoxigraph import RdfFormat, serialize
from tests.bench.table import heading, line

from diplolocal import build, classes, constraints, dataset, frames, jsonld, resources
from diplolocal.database import database
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select

DOCUMENTS = 200
COMPARED = 20
"""How many of them PyLD makes as well: it needs a second for them."""
MILLISECONDS = 5

_ADDRESS = "http://127.0.0.1/context/v1.jsonld"
_THINGS = "SELECT ?thing WHERE {{ ?thing a <{}> }} ORDER BY SHA1(STR(?thing)) LIMIT {}"
_LARGEST = """PREFIX dl: <https://w3id.org/diplolocal/def#>
SELECT ?thing WHERE { ?thing dl:hasParticipation ?part }
GROUP BY ?thing ORDER BY DESC(COUNT(?part)) ?thing LIMIT 20"""


def first_made(repository: Path) -> None:
    """The documents about the actions with most participations, and about things of every class."""
    found = dataset.find(repository)
    with tempfile.TemporaryDirectory() as folder:
        made = build.build(found, Path(folder))
        store = EmbeddedStore.open(database(made))
        context = made.context.read_bytes()
        words = jsonld.words_of(context)
        shapes = constraints.opened(made.shapes.read_text(encoding="utf-8"))
        known = classes.read(store, shapes, words)
        things = _things(store, [each.iri for each in known.values()])
        queried, written = zip(*(_made(store, thing, context) for thing in things), strict=True)
        frame = frames.frame(known["Action"], known, words, address=_ADDRESS)
        theirs = [_by_pyld(store, thing, context, frame) for thing in things[:COMPARED]]
    heading(f"JSON-LD first made: milliseconds for each of {len(things)} documents")
    whole = [sum(each) for each in zip(queried, written, strict=True)]
    for what, taken in (("query", queried), ("tree and bytes", written), ("both", whole)):
        line(what, f"median {median(taken) * 1000:.2f}, worst {max(taken) * 1000:.2f}")
    reached = "reached" if max(whole) * 1000 < MILLISECONDS else "not reached"
    line("every document", f"wanted below {MILLISECONDS} ms: {reached}")
    ratio = median(theirs) / median(written[:COMPARED])
    line("tree and bytes", f"PyLD {median(theirs) * 1000:.1f} ms, ratio {ratio:.0f}")


def _things(store: EmbeddedStore, kinds: list[str]) -> list[str]:
    largest = [plain(row["thing"]) for row in select(store, _LARGEST)]
    each = DOCUMENTS // len(kinds) + 3
    others = {
        plain(row["thing"]): None
        for kind in kinds
        for row in select(store, _THINGS.format(kind, each))
    }
    return list(dict.fromkeys([*largest, *others]))[:DOCUMENTS]


def _made(store: EmbeddedStore, thing: str, context: bytes) -> tuple[float, float]:
    """Seconds for the query, and for the rest: the best of three, each made anew, since a busy
    machine lets a process wait for longer than a document takes.
    """
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        said = resources.triples(store, thing)
        asked = time.perf_counter()
        jsonld.framed(said, thing, context=context, address=_ADDRESS)
        taken.append((asked - begun, time.perf_counter() - asked))
    return min(taken, key=sum)


def _by_pyld(
    store: EmbeddedStore, thing: str, context: bytes, frame: Mapping[str, object]
) -> float:
    """Seconds that PyLD needs for the same tree."""
    said = resources.triples(store, thing)
    nquads = (serialize(said, format=RdfFormat.N_TRIPLES) or b"").decode()
    whole = {**frame, **json.loads(context), "id": thing}
    begun = time.perf_counter()
    jsonld.written(pyld.frame(pyld.from_rdf(nquads), whole))
    return time.perf_counter() - begun
