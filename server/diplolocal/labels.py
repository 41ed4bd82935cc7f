"""Tables with labels: what the IRIs of an answer are called, beside them.

A column of IRIs says little to a reader. With labels, each column that holds an IRI with a label
anywhere in the answer is followed by one with the labels: after `state` comes `stateLabel`, or
`stateLabel2` where the query has a variable of that name itself. All else stays as the engine wrote
it: the same cells, in the same order.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, parse_query_results

from diplolocal.bad_requests import BadRequest
from diplolocal.formats import CSV, JSON, TSV, Format
from diplolocal.resources import Names, labels_of, names_of, primary_of
from diplolocal.store import Store, Term
from diplolocal.store_errors import AnswerTooLarge
from diplolocal.wording import LANGUAGES, Language, message

FORMATS = (CSV, TSV)
"""The formats that can have columns of labels."""

Ask = Callable[[Sequence[str]], Mapping[str, Literal]]
"""The labels of IRIs, as far as they have one."""

CELL_BYTES = 16 * 1024 * 1024
"""How large a cell may be that is read here."""
_MOST = 100_000
"""How many different IRIs of one answer are looked up."""
_SHOWN = 1_000
"""How many rows of a table are shown with names."""


def language_of(tag: str) -> Language:
    """The language that a tag asks for: `es-MX` is Spanish (BCP 47). Raises BadRequest for one that
    is not spoken here.
    """
    primary = primary_of(tag)
    if primary not in tuple(Language):
        raise BadRequest(
            message(
                "There are no labels in the language {tag}. Choose one of: {offered}.",
                tag=tag,
                offered=", ".join(LANGUAGES),
            )
        )
    return Language(primary)


def labelled(store: Store, answer: bytes, fmt: Format, language: Language) -> bytes:
    """A table in SPARQL JSON as CSV or TSV with the labels that the store has: in this language, or
    else in the other one, or else in any.

    Raises BadRequest where the answer is yes or no, AnswerTooLarge where it has more different IRIs
    than are looked up.
    """
    return with_labels(answer, fmt, lambda iris: labels_of(store, iris, language))


def with_labels(answer: bytes, fmt: Format, ask: Ask) -> bytes:
    """A table in SPARQL JSON as CSV or TSV with the labels that `ask` knows."""
    # The cells of TSV say which of them are IRIs; those of CSV do not.
    tsv = _written(answer, TSV)
    columns = _iris_by_column(tsv)
    asked = set().union(*columns)
    if len(asked) > _MOST:
        raise AnswerTooLarge(_MOST, message("different IRIs to label"))
    as_cell = _tsv_cell if fmt is TSV else _csv_cell
    labels = ask(sorted(cell[1:-1].decode() for cell in asked))
    known = {f"<{iri}>".encode(): as_cell(label) for iri, label in labels.items()}
    places = [place for place, iris in enumerate(columns) if not iris.isdisjoint(known)]
    plainly = tsv if fmt is TSV else _written(answer, CSV)
    if not places:
        return plainly
    comma, end = (b"\t", b"\n") if fmt is TSV else (b",", b"\r\n")
    rows, terms = _tsv_rows(plainly) if fmt is TSV else _csv_rows(plainly), _tsv_rows(tsv)
    header, _ = next(rows), next(terms)
    table = bytearray(comma.join(_with_names(header, places)) + end)
    for cells, row in zip(rows, terms, strict=True):
        for place in reversed(places):
            cells.insert(place + 1, known.get(row[place], b""))
        table += comma.join(cells) + end
    return bytes(table)


def names_in(store: Store, rows: Iterable[Sequence[Term | None]]) -> Names:
    """What the IRIs of a table are called, as far as they have a name: those of the first 1,000
    rows, which is as much as anybody reads.
    """
    shown = islice(rows, _SHOWN)
    iris = {term.value for row in shown for term in row if isinstance(term, NamedNode)}
    return names_of(store, iris)


def _written(answer: bytes, fmt: Format) -> bytes:
    """The table as the engine writes it."""
    found = parse_query_results(answer, format=QueryResultsFormat.from_media_type(JSON.media_type))
    if isinstance(found, QueryBoolean):
        raise BadRequest(
            message(
                "The query is answered yes or no, so there is nothing to label. Ask without"
                " {parameter}.",
                parameter="labels",
            )
        )
    try:
        return found.serialize(format=QueryResultsFormat.from_media_type(fmt.media_type)) or b""
    except MemoryError as error:  # of the engine, which reads a cell into 16 MiB
        del found  # An error would carry it into another thread, where it may not go.
        raise AnswerTooLarge(CELL_BYTES, message("bytes in one cell")) from error


def _iris_by_column(tsv: bytes) -> list[set[bytes]]:
    """The cells that are IRIs, in each column."""
    rows = _tsv_rows(tsv)
    columns: list[set[bytes]] = [set() for _ in next(rows)]
    for row in rows:
        for iris, cell in zip(columns, row, strict=True):
            # A triple term of RDF 1.2 begins with two.
            if cell.startswith(b"<") and not cell.startswith(b"<<"):
                iris.add(cell)
    return columns


def _tsv_rows(tsv: bytes) -> Iterator[list[bytes]]:
    """The cells of each line; a tab and the end of a line are escaped within a cell."""
    for line in io.BytesIO(tsv):
        yield line[:-1].split(b"\t")


def _csv_rows(csv: bytes) -> Iterator[list[bytes]]:
    """The cells of each record, as they are written (RFC 4180 §2)."""
    for record in _outside_quotes(io.BytesIO(csv), b""):
        cells = record[:-2].split(b",")
        yield list(_outside_quotes(cells, b",")) if b'"' in record else cells


def _outside_quotes(pieces: Iterable[bytes], cut: bytes) -> Iterator[bytes]:
    """The pieces of a text that was cut at these bytes, together again where they stood between
    quotes. In linear time: strangers choose the text.
    """
    together: list[bytes] = []
    is_open = False
    for piece in pieces:
        together.append(piece)
        is_open ^= piece.count(b'"') % 2 == 1
        if not is_open:
            yield cut.join(together)
            together = []


def _csv_cell(label: Literal) -> bytes:
    quoted = label.value.replace('"', '""')
    return (f'"{quoted}"' if re.search('[",\r\n]', quoted) else quoted).encode()


def _tsv_cell(label: Literal) -> bytes:
    return str(label).encode()


def _with_names(header: Sequence[bytes], places: Sequence[int]) -> list[bytes]:
    """The header with a name for each new column that no other has."""
    taken, named = set(header), list(header)
    for place in reversed(places):
        name = free = header[place] + b"Label"
        number = 1
        while free in taken:
            number += 1
            free = name + str(number).encode()
        taken.add(free)
        named.insert(place + 1, free)
    return named
