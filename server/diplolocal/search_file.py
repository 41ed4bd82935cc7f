"""The file that a search reads: what there is, by which values each thing is found, what is said of
it, and its words (SQLite with FTS5).

Nothing in it depends on when it was made: the same rows are the same bytes.
"""

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from diplolocal.stems import folded, stems, words

LAYOUT = 1
"""What is in the file; counted up when the code changes that, so that old files are made anew."""

FIELDS = ("label", "alias", "involved", "description")
"""What is searched of a thing, the weightiest first."""

_WEIGHTS = (10.0, 2.0, 0.3, 0.1, 1.0, 0.05)
"""How much a word counts in each of the fields, and its stem in names and in other texts (Okapi
BM25). What counts much gains little by counting more, so what a name has is told from what only a
description has by small numbers.
"""
_NAMES = FIELDS[:2]
_RANKED = 5_000
"""How many things are put in the order of their rank: it takes a second for a million."""
_SCHEMA = f"""
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {LAYOUT};
CREATE TABLE things (number INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE facets (facet TEXT NOT NULL, value TEXT NOT NULL, numbers BLOB NOT NULL);
CREATE TABLE texts (
  number INTEGER, field INTEGER, language TEXT, text TEXT,
  PRIMARY KEY (number, field, language, text)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
  {", ".join(FIELDS)}, name_stems, text_stems,
  content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'col');
"""


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """What is said of the thing of that number, in a field; `language` is empty where it is none of
    a language.
    """

    number: int
    field: int
    language: str
    text: str


def write(
    path: Path,
    things: Sequence[str],
    facets: Iterable[tuple[str, str, int]],
    texts: Iterable[Text],
) -> None:
    """Write the file. A thing's number is its place; a value of a facet comes with the numbers of
    the things found by it, as a set of bits; texts come in order.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(_SCHEMA)
        file.execute("BEGIN")
        file.executemany("INSERT INTO things VALUES (?, ?)", enumerate(things))
        rows = ((facet, value, _packed(numbers)) for facet, value, numbers in facets)
        file.executemany("INSERT INTO facets VALUES (?, ?, ?)", rows)
        for number, told in _by_number(texts):
            row = ((each.number, each.field, each.language, each.text) for each in told)
            file.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", row)
            columns = ", ".join("?" * (len(FIELDS) + 3))
            file.execute(
                f"INSERT INTO words (rowid, {', '.join(FIELDS)}, name_stems, text_stems)"
                f" VALUES ({columns})",
                (number, *_words(told)),
            )
        file.execute("INSERT INTO words (words) VALUES ('optimize')")
        file.execute("COMMIT")


def is_current(path: Path) -> bool:
    """Whether the file is there, in this program's layout."""
    if not path.is_file():
        return False
    try:
        with closing(_open(path)) as file:
            [[layout]] = file.execute("PRAGMA user_version")
    except sqlite3.Error:
        return False
    return bool(layout == LAYOUT)


def things(path: Path) -> tuple[str, ...]:
    """The things, by number."""
    with closing(_open(path)) as file:
        return tuple(iri for [iri] in file.execute("SELECT iri FROM things ORDER BY number"))


def facets(path: Path) -> list[tuple[str, str, int]]:
    """The values of the facets, each with the numbers of the things found by it as a set of
    bits.
    """
    with closing(_open(path)) as file:
        rows = file.execute("SELECT facet, value, numbers FROM facets ORDER BY rowid")
        return [(facet, value, int.from_bytes(packed, "little")) for facet, value, packed in rows]


def matching(path: Path, asked: str) -> "array[int]":
    """The numbers of the things that have all the words asked for, or words that begin with them or
    are inflected from the same; the best first. Where very many have them, that says little of each
    of them: then those whose names have them go first, and the others follow in their order.
    """
    wanted = dict.fromkeys(words(asked))
    if not wanted:
        return array("I")
    with closing(_open(path)) as file:
        found = _rows(file, wanted, FIELDS, ranked=False)
        if len(found) <= _RANKED:
            return _rows(file, wanted, FIELDS, ranked=True)
        named = _rows(file, wanted, _NAMES, ranked=False)
        if len(named) <= _RANKED:
            named = _rows(file, wanted, _NAMES, ranked=True)
        first = set(named)
        return named + array("I", (number for number in found if number not in first))


def _rows(
    file: sqlite3.Connection, wanted: Iterable[str], fields: Sequence[str], *, ranked: bool
) -> "array[int]":
    expression = " AND ".join(f"({_any_of(word, fields)})" for word in wanted)
    order = f"bm25(words, {', '.join(map(str, _WEIGHTS))}), rowid" if ranked else "rowid"
    rows = file.execute(
        f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {order}", (expression,)
    )
    return array("I", (number for [number] in rows))


def texts(path: Path, numbers: Collection[int]) -> list[Text]:
    """What is said of some things."""
    marks = ", ".join("?" * len(numbers))
    with closing(_open(path)) as file:
        rows = file.execute(
            f"SELECT number, field, language, text FROM texts WHERE number IN ({marks})"
            " ORDER BY number, field, language, text",
            tuple(numbers),
        )
        return [Text(*row) for row in rows]


def vocabulary(path: Path) -> tuple[str, ...]:
    """The words of all texts, without accents."""
    marks = ", ".join("?" * len(FIELDS))
    with closing(_open(path)) as file:
        rows = file.execute(
            f"SELECT DISTINCT term FROM vocabulary WHERE col IN ({marks}) ORDER BY term", FIELDS
        )
        return tuple(term for [term] in rows)


def _open(path: Path) -> sqlite3.Connection:
    """The file, to be read by one thread; it costs little, and nothing is shared."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _packed(numbers: int) -> bytes:
    return numbers.to_bytes((numbers.bit_length() + 7) // 8, "little")


def _by_number(texts: Iterable[Text]) -> Iterator[tuple[int, list[Text]]]:
    told: list[Text] = []
    for text in texts:
        if told and told[0].number != text.number:
            yield told[0].number, told
            told = []
        told.append(text)
    if told:
        yield told[0].number, told


def _words(told: Sequence[Text]) -> list[str]:
    """What stands in each column of the table of words."""
    columns: list[list[str]] = [[] for _ in (*FIELDS, "name_stems", "text_stems")]
    for each in told:
        said = words(each.text)
        columns[each.field] += map(folded, said)
        stemmed = columns[len(FIELDS) + (FIELDS[each.field] not in _NAMES)]
        for word in said:
            stemmed += sorted(stems(word, each.language))
    return [" ".join(column) for column in columns]


def _any_of(word: str, fields: Sequence[str]) -> str:
    """A word itself, what begins with it, and what is inflected from the same, in some fields. Made
    of letters and digits alone, it cannot end the quotation.
    """
    exact = folded(word)
    inflected = " OR ".join(f'"{stem}"' for stem in sorted(stems(word)))
    stemmed = "name_stems" if fields == _NAMES else "name_stems text_stems"
    return (
        f'({{{" ".join(fields)}}} : ("{exact}" OR "{exact}" *)) OR ({{{stemmed}}} : ({inflected}))'
    )
