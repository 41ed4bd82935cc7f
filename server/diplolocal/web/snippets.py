"""The code with which a reader asks an example query from a program: whole, so that it runs as it
is copied.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diplolocal.examples import Kind
from diplolocal.web.chosen import Chosen
from diplolocal.web.responses import Visit, text

_SPARQLWRAPPER = "Python (SPARQLWrapper)"
_OFFERED = {
    Kind.TABLE: {
        _SPARQLWRAPPER: "table-python",
        "Python (pandas)": "table-pandas",
        "R": "table-r",
        "curl": "curl",
    },
    Kind.TRUTH: {_SPARQLWRAPPER: "truth-python", "R": "truth-r", "curl": "curl"},
    Kind.GRAPH: {
        _SPARQLWRAPPER: "graph-python",
        "Python (rdflib)": "graph-rdflib",
        "R": "graph-r",
        "curl": "curl",
    },
}
"""What the code is written in, and its template, for each kind of query."""

_ANSWERS = {Kind.TABLE: ".csv", Kind.TRUTH: ".csv", Kind.GRAPH: "/answer.ttl"}
_ACCEPTS = {Kind.TABLE: "text/csv", Kind.TRUTH: "text/csv", Kind.GRAPH: "text/turtle"}


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code, and what it is written in."""

    title: str
    code: str


def snippets(visit: Visit, chosen: Chosen, *, texts: Sequence[str] = ()) -> list[Snippet]:
    """The code for a query with its values. `texts` are the columns that hold texts though they
    look like numbers, `09`, which a program would take for 9 unless it is told.
    """
    kind = chosen.example.kind
    values = {
        "title": " ".join(chosen.example.title[visit.language].split()),
        "page": visit.home + chosen.path(),
        "endpoint": visit.home + "/sparql",
        "answer": visit.home + chosen.path(_ANSWERS[kind]),
        "accept": _ACCEPTS[kind],
        "in_python": in_python(chosen.query.text),
        "in_shell": in_shell(f"query={chosen.query.text}"),
        "texts": texts,
    }
    return [
        Snippet(title, text(visit, f"snippets/{name}.txt", **values))
        for title, name in _OFFERED[kind].items()
    ]


def in_python(string: str) -> str:
    """The string as Python writes it, of as many lines as it has (Python Language Reference
    §2.4.1).
    """
    # An end of line that is not \n would be read as one.
    hidden = r"[\x00-\x09\x0b-\x1f\x7f]"
    escaped = re.sub(hidden, lambda each: f"\\x{ord(each[0]):02x}", string.replace("\\", "\\\\"))
    # Of quotes only those that could end the string.
    escaped = re.sub(r'"(?="|\Z)', r"\"", escaped)
    return f'"""{escaped}"""'


def in_shell(string: str) -> str:
    """The string as one word of the shell (POSIX Shell Command Language §2.2.2)."""
    return "'" + string.replace("'", "'\\''") + "'"
