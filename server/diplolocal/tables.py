"""The tables of the dumps: what they are called, which columns they have, their rows.

What a table and its columns mean stands in `tables.ttl`, in the vocabulary of CSV on the Web; the
rows come from `queries/table-<name>.rq`. A row is a thing: what it has several of is in one cell,
sorted, and the labels of things stand beside them, in the same order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from diplolocal import iris
from diplolocal.formats import JSON
from diplolocal.resources import Names, names_of
from diplolocal.store import Query, Store, Term, Wanted, load_query, plain
from diplolocal.wording import Language, Said, said

_CSVW = "http://www.w3.org/ns/csvw#"
_DCTERMS = "http://purl.org/dc/terms/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

BULLETIN = "bulletin"
"""The column that says in which bulletin a row is reported."""

Cell = str | tuple[str, ...] | None
"""A value as the graph writes it, several of them, or none."""

Row = tuple[Cell, ...]
"""The cells of a thing, in the order of the columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `datatype` is an IRI; with a `separator` its cells have several values.

    `labels_of` is the column whose things this one has the labels of, in the `language`;
    `refers_to` the table and column that its values are in. `property` is what the cells say of the
    key, or of what they are labels of.
    """

    name: str
    title: Said
    description: Said
    datatype: str
    required: bool
    separator: str | None
    labels_of: str | None
    language: Language | None
    property: str | None
    refers_to: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: each row is a thing, which the column `key` names."""

    name: str
    title: Said
    description: Said
    key: str
    columns: tuple[Column, ...]

    def place(self, column: str) -> int | None:
        """Where the column of this name stands; None where the table has none."""
        names = [each.name for each in self.columns]
        return names.index(column) if column in names else None


_Graph = Mapping[tuple[Term, str], Sequence[Term]]


@cache
def tables() -> tuple[Table, ...]:
    """The tables, in the order in which they are listed."""
    said_of: dict[tuple[Term, str], list[Term]] = defaultdict(list)
    text = (files("diplolocal") / "tables.ttl").read_bytes()
    for quad in parse(text, format=RdfFormat.TURTLE):
        said_of[quad.subject, quad.predicate.value].append(quad.object)
    [group] = [subject for subject, prop in said_of if prop == _CSVW + "table"]
    return tuple(_table(said_of, table) for table in said_of[group, _CSVW + "table"])


def rows(store: Store, table: Table) -> list[Row]:
    """The rows of a table, those of bulletins in the order of the bulletins."""
    found = _values(store, table)
    named = [column.labels_of for column in table.columns if column.labels_of]
    things = {iri for values in found.values() for name in set(named) for iri in values[name]}
    names = names_of(store, things)
    return [
        tuple(_cell(column, found[key], names) for column in table.columns)
        for key in sorted(found, key=iris.place)
    ]


def _values(store: Store, table: Table) -> dict[str, dict[str, set[str]]]:
    """What is said of each key, by column."""
    text = load_query(f"table-{table.name}")
    answer = store.answer(Query(text), Wanted(results=JSON.media_type, graph=None))
    solutions = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for solution in solutions:
        values = found[plain(solution[table.key])]
        for name in names:
            if (value := solution[name]) is not None:
                values[name].add(plain(value))
    return found


def _cell(column: Column, values: Mapping[str, set[str]], names: Names) -> Cell:
    """What stands in a column of a row. Where only one value fits, the first by the alphabet: no
    row is ever there twice.
    """
    of = sorted(values[column.labels_of or column.name])
    if column.labels_of and column.language:
        labels = [names.get(iri, {}).get(column.language, "") for iri in of]
        if column.separator:
            # A bar would begin another label.
            return tuple(label.replace(column.separator, "/") for label in labels)
        return labels[0] or None if labels else None
    if column.separator:
        return tuple(of)
    return of[0] if of else None


def _table(said_of: _Graph, table: Term) -> Table:
    [schema] = said_of[table, _CSVW + "tableSchema"]
    keys = said_of.get((schema, _CSVW + "foreignKey"), ())
    refers_to = dict(_reference(said_of, key) for key in keys)
    [columns] = said_of[schema, _CSVW + "column"]
    return Table(
        name=_stem(table),
        title=_texts(said_of[table, _DCTERMS + "title"]),
        description=_texts(said_of[table, _DCTERMS + "description"]),
        key=plain(said_of[schema, _CSVW + "primaryKey"][0]),
        columns=tuple(_column(said_of, node, refers_to) for node in _list(said_of, columns)),
    )


def _column(said_of: _Graph, node: Term, refers_to: Mapping[str, tuple[str, str]]) -> Column:
    def one(name: str) -> str | None:
        values = said_of.get((node, _CSVW + name), ())
        return plain(values[0]) if values else None

    name, datatype, of, language = one("name"), one("datatype"), one("aboutUrl"), one("lang")
    assert name
    assert datatype
    return Column(
        name=name,
        title=_texts(said_of[node, _CSVW + "title"]),
        description=_texts(said_of[node, _DCTERMS + "description"]),
        datatype=datatype,
        required=one("required") == "true",
        separator=one("separator"),
        labels_of=of.strip("{+}") if of else None,
        language=Language(language) if language else None,
        property=one("propertyUrl"),
        refers_to=refers_to.get(name),
    )


def _reference(said_of: _Graph, key: Term) -> tuple[str, tuple[str, str]]:
    """A column, and the table and column that it refers to."""
    [column] = said_of[key, _CSVW + "columnReference"]
    [target] = said_of[key, _CSVW + "reference"]
    [table] = said_of[target, _CSVW + "resource"]
    [there] = said_of[target, _CSVW + "columnReference"]
    return plain(column), (_stem(table), plain(there))


def _list(said_of: _Graph, node: Term) -> Iterator[Term]:
    """The members of an RDF list."""
    while node != NamedNode(_RDF + "nil"):
        yield said_of[node, _RDF + "first"][0]
        [node] = said_of[node, _RDF + "rest"]


def _stem(table: Term) -> str:
    return iris.key_of(plain(table)).removesuffix(".csv")


def _texts(literals: Sequence[Term]) -> Said:
    return said({each.language or "": each.value for each in literals if isinstance(each, Literal)})
