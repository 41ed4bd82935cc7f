"""The embedded store: loading a build, saying where a query is wrong, and threads."""

import gc
import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from diplolocal import formats
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Limits, Query, Wanted, select
from diplolocal.store_errors import AnswerTooLarge, QuerySyntaxError, StoreUnavailable

TABLE = Wanted(formats.JSON.media_type, None)


def test_a_loaded_store_holds_what_the_file_holds(real_build: Build) -> None:
    with gzip.open(real_build.store) as packed:
        written = set(parse(packed.read(), format=RdfFormat.N_QUADS))
    assert held(EmbeddedStore.load(real_build.store)) == written


def test_a_store_of_quads_keeps_their_graphs() -> None:
    quads = {quad("a", graph="one"), quad("a", graph="two"), quad("b", graph="two")}
    assert held(EmbeddedStore(quads)) == quads


def test_a_store_without_quads_answers() -> None:
    assert select(EmbeddedStore(), "SELECT * { ?s ?p ?o }") == []


def test_a_file_that_is_not_there_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        EmbeddedStore.load(tmp_path / "store.nq.gz")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not gzip", id="not gzip"),
        pytest.param(
            gzip.compress(b"<urn:s> <urn:p> .", mtime=0), id="a statement without an object"
        ),
    ],
)
def test_a_file_that_is_broken_is_not_loaded(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.nq.gz"
    path.write_bytes(content)
    if content:
        with pytest.raises((OSError, SyntaxError)):
            EmbeddedStore.load(path)
    else:
        assert held(EmbeddedStore.load(path)) == set()


def test_a_file_that_breaks_off_is_not_loaded(tmp_path: Path, real_build: Build) -> None:
    path = tmp_path / "store.nq.gz"
    path.write_bytes(real_build.store.read_bytes()[:-1000])
    with pytest.raises(EOFError):
        EmbeddedStore.load(path)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * WHERE {\n  ?s ?p\n}", 3, 2),
        ("SELECT * { ?s ?p ?o } LIMIT many", 1, 29),
        ("# one\n# two\nASK { ?s ?p ñ }", 3, 15),
        ("", 1, 1),
        ("INSERT DATA { <urn:s> <urn:p> 1 }", 1, 10),
    ],
)
def test_a_syntax_error_says_line_and_column(query: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as refusal:
        EmbeddedStore().answer(Query(query), TABLE)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert str(refusal.value).startswith(
        f"The query cannot be read, at line {line}, column {column}: "
    )


def test_a_query_that_the_engine_gives_up_on_is_an_error_and_no_crash() -> None:
    store = EmbeddedStore([quad("a")])
    with pytest.raises((QuerySyntaxError, StoreUnavailable)):
        store.answer(Query("SELECT * { ?s ?p ?o FILTER(<urn:no-such-function>(?s)) "), TABLE)


@pytest.mark.parametrize(
    "query",
    [
        Query("ASK {}", default_graphs=("not an iri",)),
        Query("ASK {}", named_graphs=("not an iri",)),
    ],
    ids=["default", "named"],
)
def test_a_graph_whose_name_is_no_iri_is_a_bad_request(query: Query) -> None:
    with pytest.raises(BadRequest) as refusal:
        EmbeddedStore().answer(query, TABLE)
    assert str(refusal.value) == "not an iri is not an absolute IRI, so no graph is called so."


def test_many_threads_get_the_same_answer(store: EmbeddedStore) -> None:
    query = Query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    once = store.answer(query, TABLE)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: store.answer(query, TABLE), range(32)))
    assert answers == [once] * 32


def test_a_refusal_may_leave_the_thread_it_was_raised_in() -> None:
    store = EmbeddedStore([quad("a")])
    query = Query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with ThreadPoolExecutor(1) as thread:
        refusal = thread.submit(store.answer, query, TABLE).exception(timeout=10)
    assert isinstance(refusal, NotAcceptable)
    assert not any(
        type(value).__module__ == "pyoxigraph"
        for frame in frames(refusal)
        for value in frame.values()
        if type(value).__name__.startswith("Query")
    )
    del refusal
    gc.collect()


def frames(error: BaseException) -> list[dict[str, object]]:
    """What each function on the way of an error held."""
    found, traceback = [], error.__traceback__
    while traceback is not None:
        found.append(dict(traceback.tb_frame.f_locals))
        traceback = traceback.tb_next
    return found


@pytest.mark.parametrize("fmt", formats.RESULTS, ids=lambda fmt: fmt.suffix)
@pytest.mark.parametrize(
    "value",
    ["\\n" * 20_000, "},{" * 20_000, "[{ <result> " * 5_000, '\\",\\n' * 20_000, "x" * 200_000],
    ids=["lines", "braces", "marks", "quotes", "letters"],
)
def test_rows_are_counted_whatever_their_values_look_like(fmt: formats.Format, value: str) -> None:
    rows = f'SELECT ?x ?none ?i {{ VALUES ?i {{ 1 2 3 }} BIND("{value}" AS ?x) }}'
    wanted = Wanted(fmt.media_type, None)
    assert EmbeddedStore(limits=rows_at_most(3)).answer(Query(rows), wanted).body
    with pytest.raises(AnswerTooLarge) as refused:
        EmbeddedStore(limits=rows_at_most(2)).answer(Query(rows), wanted)
    assert refused.value.limit == 2


@pytest.mark.parametrize("fmt", formats.RESULTS, ids=lambda fmt: fmt.suffix)
def test_rows_without_any_value_are_counted(fmt: formats.Format) -> None:
    rows = "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF UNDEF) (UNDEF UNDEF) (UNDEF UNDEF) } }"
    wanted = Wanted(fmt.media_type, None)
    assert EmbeddedStore(limits=rows_at_most(3)).answer(Query(rows), wanted).body
    with pytest.raises(AnswerTooLarge):
        EmbeddedStore(limits=rows_at_most(2)).answer(Query(rows), wanted)


def rows_at_most(rows: int) -> Limits:
    """Limits that allow all but rows."""
    return Limits(60, 60, 1_000_000_000, 100_000_000, rows)


def held(store: EmbeddedStore) -> set[Quad]:
    """All that a store holds."""
    found = set()
    for row in select(store, "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"):
        subject, prop, graph = row["s"], row["p"], row["g"]
        assert isinstance(subject, NamedNode)
        assert isinstance(prop, NamedNode)
        assert isinstance(graph, NamedNode)
        found.add(Quad(subject, prop, row["o"], graph))
    return found


def quad(name: str, *, graph: str = "graph") -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(name), NamedNode(f"urn:{graph}"))
