"""What a page shows of an answer: the first rows or triples, or yes and no; and how many there are
in all.

`templates/answer.html` is what it looks like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from diplolocal import iris, labels
from diplolocal.formats import TURTLE
from diplolocal.resources import Names
from diplolocal.store import Answer, Term
from diplolocal.store_errors import AnswerTooLarge
from diplolocal.web.answers import is_graph
from diplolocal.web.responses import Visit, document, is_number
from diplolocal.wording import message


@dataclass(frozen=True, slots=True)
class Shown:
    """A table, or a graph as Turtle, or yes and no: the first so many rows or triples of a `total`.
    `names` are what the IRIs of the table are called, `numeric` its columns of numbers.
    """

    total: int = 1
    first: int = 1
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Term | None]] = ()
    names: Names = field(default_factory=dict)
    numeric: frozenset[str] = frozenset()
    turtle: str | None = None
    truth: bool | None = None


def show(visit: Visit, answer: Answer, *, most: int) -> Shown:
    """What is shown of an answer in SPARQL JSON or in N-Triples, as `answers.ask` has it for a
    page: at `most` so many rows or triples. Works through all of it, to count.
    """
    return _graph(visit, answer, most) if is_graph(answer) else _results(visit, answer, most)


def _graph(visit: Visit, answer: Answer, most: int) -> Shown:
    # A triple counts once, however often it was constructed. Stores write each of them on a line,
    # and the same one always the same.
    lines = sorted(set(filter(None, answer.body.split(b"\n"))))
    first = [quad.triple for quad in parse(b"\n".join(lines[:most]), format=RdfFormat.N_TRIPLES)]
    written = document(visit, TURTLE, first, iris.NAMESPACE, tree=False)
    return Shown(len(lines), len(first), turtle=bytes(written.body).decode())


def _results(visit: Visit, answer: Answer, most: int) -> Shown:
    found = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return Shown(truth=bool(found))
    columns = [variable.value for variable in found.variables]
    try:
        rows = [tuple(solution[column] for column in columns) for solution in islice(found, most)]
        total = len(rows) + sum(1 for _ in found)
    except MemoryError as error:  # of the engine, which reads a cell into 16 MiB
        del found  # An error would carry it into another thread, where it may not go.
        raise AnswerTooLarge(labels.CELL_BYTES, message("bytes in one cell")) from error
    return Shown(
        total,
        len(rows),
        columns,
        rows,
        names=labels.names_in(visit.parts.store, rows),
        numeric=frozenset(
            column
            for place, column in enumerate(columns)
            if _all_numbers(row[place] for row in rows)
        ),
    )


def _all_numbers(terms: Iterable[Term | None]) -> bool:
    given = [term for term in terms if term is not None]
    return bool(given) and all(map(is_number, given))
