"""The scholar's queries, and what an answer says whatever server wrote it: a bench that compares
different answers is a lie.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

_FOLDER = Path(__file__).parent / "queries"
ACCEPT = "application/sparql-results+json, application/n-triples"
"""What is asked of every server; each query has one of the two kinds of answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the bench; `kind` is look-up or aggregate."""

    name: str
    kind: str
    text: str


def queries() -> list[Asked]:
    """All of them, look-ups first."""
    found = []
    for path in sorted(_FOLDER.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        kind = re.search(r"^# kind: (look-up|aggregate)$", text, re.MULTILINE)
        assert kind, f"{path}: say `# kind: look-up` or `# kind: aggregate`"
        found.append(Asked(path.stem, kind[1], text))
    return sorted(found, key=lambda asked: (asked.kind != "look-up", asked.name))


def rows(media_type: str, body: bytes) -> Counter[str]:
    """The rows of a table, the triples of a graph, or yes and no; and how often each is there."""
    if media_type.startswith("application/n-triples"):
        return Counter(set(map(str, parse(body, format=RdfFormat.N_TRIPLES))))
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return Counter({str(bool(found)): 1})
    names = sorted(variable.value for variable in found.variables)
    return Counter(" ".join(f"{name}={solution[name]}" for name in names) for solution in found)
