"""Puts queries to the union of our named graphs where the default graph of an engine is another.

Virtuoso counts graphs of its own in: a count of all statements would be wrong without a word. And
where somebody else's graphs are in the same store, any engine would. Naming our graphs with each
query (SPARQL 1.1 Protocol §2.1.4) is right everywhere; but it is slow, so it is only done where it
must be.
"""

import re
import threading
import time
from dataclasses import replace

from diplolocal import iris
from diplolocal.store import (
    PATIENT,
    Answer,
    Patience,
    Query,
    Store,
    Wanted,
    load_query,
    plain,
    select,
)

_SECONDS = 60
"""How long a list of graphs is believed: somebody may publish a new one."""

_NO_GRAPH = iris.graph("none")
"""No graph is called so. To Virtuoso, a dataset without named graphs has all of them."""

_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
      <[^<>"{}|^`\\\x00-\x20]*>
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
    | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n\r]|\\.)*"
    | '(?:[^'\\\n\r]|\\.)*'
    | \#[^\n\r]*
    | [?$@]\w+
    | [\w.-]*:(?:[\w.:%-]|\\.)*
    | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL,
)


class UnionStore:
    """Our named graphs in another store: named with every query that names no graphs itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._graphs: tuple[str, ...] = ()
        self._listed = -float("inf")
        self._lock = threading.Lock()

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """See `Store.answer`."""
        if query.default_graphs and not query.named_graphs:
            query = replace(query, named_graphs=(_NO_GRAPH,))
        elif not (query.named_graphs or chooses_graphs(query.text)):
            graphs = self._ours()
            query = replace(query, default_graphs=graphs, named_graphs=graphs)
        return self._store.answer(query, wanted, patience)

    def close(self) -> None:
        """Let go of the other store."""
        self._store.close()

    def _ours(self) -> tuple[str, ...]:
        with self._lock:
            if time.monotonic() - self._listed > _SECONDS:
                self._graphs = tuple(counts_of(self._store))
                self._listed = time.monotonic()
            return self._graphs


def over(store: Store) -> Store:
    """The store itself where its default graph is the union of our graphs and nothing else, and
    where it has none of our graphs; else one that names our graphs.
    """
    [row] = select(store, load_query("statements-in-all"))
    ours = sum(counts_of(store).values())
    return store if int(plain(row["statements"])) == ours or not ours else UnionStore(store)


def counts_of(store: Store, beginning: str = iris.graph("")) -> dict[str, int]:
    """How many statements each graph has whose IRI begins so."""
    rows = select(store, load_query("statements-by-graph"))
    counts = {plain(row["graph"]): int(plain(row["statements"])) for row in rows}
    return {graph: count for graph, count in counts.items() if graph.startswith(beginning)}


def chooses_graphs(text: str) -> bool:
    """Whether a query has FROM as a word of its own (SPARQL 1.1 Query §13.2): what is inside IRIs,
    strings, comments, names of variables and prefixed names is passed over as its grammar does.
    """
    decoded = _CODE_POINT.sub(_character, text)
    return any((found["word"] or "").upper() == "FROM" for found in _TOKEN.finditer(decoded))


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= 0x10FFFF else found[0]
