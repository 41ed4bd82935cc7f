"""Queries are put to the union of our graphs and to nothing else, whatever the default graph is."""

import pytest
from pyoxigraph import NamedNode, Quad

from diplolocal import formats, iris, union
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted, plain, select
from diplolocal.union import UnionStore, chooses_graphs

ONE, OTHER = iris.graph("one"), iris.graph("other")
FOREIGN = "http://www.openlinksw.com/schemas/virtrdf#"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def quad(graph: str, number: int) -> Quad:
    thing, prop = NamedNode(f"urn:{number}"), NamedNode("urn:p")
    return Quad(thing, prop, thing, NamedNode(graph))


OURS = [quad(ONE, 1), quad(ONE, 2), quad(OTHER, 3)]
MIXED = [*OURS, quad(FOREIGN, 4), quad(iris.staged("abcdef012345", ONE), 5)]


class Noting(EmbeddedStore):
    """A store that remembers what it was asked."""

    def __init__(self, quads: list[Quad]) -> None:
        super().__init__(quads)
        self.asked: list[Query] = []

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        self.asked.append(query)
        return super().answer(query, wanted, patience)


def test_a_store_with_our_graphs_alone_is_asked_as_it_is() -> None:
    store = EmbeddedStore(OURS)
    assert union.over(store) is store


def test_a_store_without_our_graphs_is_asked_as_it_is() -> None:
    store = EmbeddedStore([quad(FOREIGN, 4)])
    assert union.over(store) is store


def test_the_graphs_of_others_are_not_counted() -> None:
    store = union.over(EmbeddedStore(MIXED))
    assert (plain(*select(store, COUNT)[0].values()), graphs(store)) == ("3", [ONE, OTHER])


def test_counts_are_those_of_our_graphs() -> None:
    assert union.counts_of(EmbeddedStore(MIXED)) == {ONE: 2, OTHER: 1}


def test_what_is_published_to_a_new_graph_is_found_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Noting(MIXED)
    store = UnionStore(inner)
    select(store, COUNT)
    select(store, COUNT)
    assert [bool(query.default_graphs) for query in inner.asked] == [False, True, True]
    monkeypatch.setattr(union, "_SECONDS", -1)
    select(store, COUNT)
    assert [bool(query.default_graphs) for query in inner.asked] == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("query", "passed"),
    [
        (Query(COUNT, (FOREIGN,)), Query(COUNT, (FOREIGN,), (iris.graph("none"),))),
        (Query(COUNT, (), (ONE,)), Query(COUNT, (), (ONE,))),
        (Query(COUNT, (ONE,), (OTHER,)), Query(COUNT, (ONE,), (OTHER,))),
        (Query(COUNT, (), ()), Query(COUNT, (ONE, OTHER), (ONE, OTHER))),
        (
            Query(f"SELECT * FROM <{ONE}> {{ ?s ?p ?o }}"),
            Query(f"SELECT * FROM <{ONE}> {{ ?s ?p ?o }}"),
        ),
    ],
    ids=["default", "named", "both", "none", "its own"],
)
def test_the_dataset_is_passed_on(query: Query, passed: Query) -> None:
    inner = Noting(MIXED)
    UnionStore(inner).answer(query, Wanted(formats.JSON.media_type, None))
    assert inner.asked[-1] == passed


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <urn:g> {}",
        "SELECT * from NAMED <urn:g> {}",
        "ASK\nFROM<urn:g>{}",
        "SELECT (?a<?b AS ?c) FROM <urn:g> {}",
        "PREFIX e: <urn:e> SELECT * # FROM\nFROM e:g {}",
        "SELECT ('from' AS ?x) FROM <urn:g> {}",
        r"SELECT * \u0046ROM <urn:g> {}",
        "DESCRIBE <urn:x>FROM <urn:g>",
    ],
)
def test_a_query_with_from_chooses_its_graphs(text: str) -> None:
    assert chooses_graphs(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?from { ?from ?p $from }",
        "SELECT * { ?s <urn:from> 'FROM' }",
        'SELECT * { ?s ?p "FROM", """ FROM "FROM" """, \'\'\'FROM\'\'\' }',
        "# FROM <urn:g>\nASK {}",
        "PREFIX from: <urn:f> SELECT * { from:from from: from:a.from }",
        "SELECT * { e:made-from e:FROM 'a'@from }",
        "SELECT * { <from> <a/from> <mailto:a?from=b> }",
        r"SELECT * { ?s ?p '\' FROM', e:a\,FROM }",
    ],
)
def test_a_query_without_from_does_not(text: str) -> None:
    assert not chooses_graphs(text)


def graphs(store: Store) -> list[str]:
    return [plain(row["g"]) for row in select(store, GRAPHS)]
