"""The guarded store answers as the embedded one does, and whatever a query does harms nobody else.

Each limit is met by a query that goes over it; workers are killed in mid-answer.
"""

import gzip
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from diplolocal import formats
from diplolocal.bad_requests import NotAcceptable
from diplolocal.embedded import EmbeddedStore
from diplolocal.guarded import GuardedStore, work
from diplolocal.store import Answer, Limits, Patience, Query, Wanted
from diplolocal.store_errors import (
    AnswerTooLarge,
    NobodyWaits,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooCostly,
    StoreBusy,
    StoreUnavailable,
)

TIGHT = Limits(
    seconds=2,
    service_seconds=3,
    memory_bytes=300_000_000,
    answer_bytes=5_000_000,
    answer_rows=10_000,
)
WANTED = Wanted(formats.CSV.media_type, formats.NTRIPLES.media_type)
QUICK = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 1"
DEEP = (
    "SELECT * " + "{" * 5000 + "}" * 5000,
    "SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
    "SELECT * { BIND(" + "!" * 200_000 + "true AS ?x) }",
    "SELECT * { ?s " + "(" * 5000 + "<urn:p>" + ")*" * 5000 + " ?o }",
    "ASK " + "{ FILTER EXISTS " * 3000 + "{}" + "}" * 3000,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of 20,000 statements, made up."""
    into = tmp_path_factory.mktemp("made-up")
    with gzip.open(into / "store.nq.gz", "wt") as nquads:
        for number in range(20_000):
            subject, graph = f"<urn:s:{number // 10}>", f"<urn:g:{number % 3}>"
            nquads.write(f'{subject} <urn:p:{number % 10}> "{number}" {graph} .\n')
    EmbeddedStore.write([into / "store.nq.gz"], into / "database")
    return into / "database"


@pytest.fixture
def guarded(folder: Path) -> Iterator[GuardedStore]:
    """A store with tight limits: two workers, and two more may wait."""
    store = GuardedStore(folder, TIGHT, workers=2, waiting=2)
    yield store
    store.close()
    assert workers() == set()


# ------------------------------------------------------------------ what is whole


def test_an_answer_is_whole_and_says_how_long_it_took(guarded: GuardedStore) -> None:
    answer = ask(guarded, "SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 2 3 } }")
    assert (answer.body, answer.media_type) == (b"n\r\n3\r\n", "text/csv")
    assert list(answer.seconds) == ["wait", "answer"]
    assert 0 <= answer.seconds["wait"] < answer.seconds["answer"] < TIGHT.seconds


def test_one_worker_answers_one_query_after_another(guarded: GuardedStore) -> None:
    [worker] = workers()
    assert [ask(guarded, QUICK).body for _ in range(50)] == [b"true"] * 50
    assert workers() == {worker}


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("SELECT * {", QuerySyntaxError),
        ("INSERT DATA { <urn:s> <urn:p> <urn:o> }", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", QueryRefused),
    ],
)
def test_what_cannot_be_answered_is_said_as_by_any_store(
    guarded: GuardedStore, query: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(guarded, query)
    assert len(workers()) == 1


def test_an_error_crosses_with_all_that_it_holds(guarded: GuardedStore) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        ask(guarded, "SELECT *\nWHERE { ?s }")
    assert (refused.value.line, refused.value.column) == (2, 13)
    with pytest.raises(NotAcceptable) as unwanted:
        guarded.answer(Query(QUICK), Wanted(None, "text/turtle"))
    assert unwanted.value.offered == tuple(fmt.media_type for fmt in formats.RESULTS)


# ------------------------------------------------------------------ what is too much


def test_a_query_that_would_run_for_days_is_ended_at_the_limit(guarded: GuardedStore) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeout) as late:
        ask(guarded, ENDLESS)
    assert late.value.limit == 2
    assert 2 <= late.value.elapsed < time.monotonic() - begun < 10
    assert ask(guarded, QUICK).body == b"true"


def test_whoever_will_wait_less_long_gets_less_long(guarded: GuardedStore) -> None:
    with pytest.raises(QueryTimeout) as late:
        guarded.answer(Query(ENDLESS), WANTED, Patience(seconds=0.2))
    assert late.value.limit == 0.2
    with pytest.raises(QueryTimeout) as later:
        guarded.answer(Query(ENDLESS), WANTED, Patience(seconds=9000))
    assert later.value.limit == 2


def test_a_query_that_needs_too_much_memory_is_ended_before_it_has_it(folder: Path) -> None:
    store = GuardedStore(folder, replace(TIGHT, seconds=60), workers=1, waiting=0)
    with pytest.raises(QueryTooCostly):
        ask(store, GREEDY)
    assert ask(store, QUICK).body == b"true"
    store.close()


@pytest.mark.parametrize("query", DEEP, ids=["groups", "brackets", "nots", "paths", "exists"])
def test_a_query_of_any_depth_is_answered_or_refused_and_harms_nobody(
    guarded: GuardedStore, query: str
) -> None:
    with suppress(QuerySyntaxError, QueryTimeout, QueryTooCostly):
        assert ask(guarded, query).body
    assert ask(guarded, QUICK).body == b"true"


@pytest.mark.parametrize("fmt", formats.RESULTS, ids=lambda fmt: fmt.suffix)
def test_a_table_may_have_as_many_rows_as_are_allowed_and_no_more(
    guarded: GuardedStore, fmt: formats.Format
) -> None:
    rows = "SELECT ?p {{ ?s ?p ?o }} LIMIT {}"
    wanted = Wanted(fmt.media_type, None)
    assert guarded.answer(Query(rows.format(10_000)), wanted).body
    with pytest.raises(AnswerTooLarge) as refused:
        guarded.answer(Query(rows.format(10_001)), wanted)
    assert refused.value.limit == 10_000


def test_a_graph_may_have_as_many_triples_as_are_allowed_and_no_more(
    guarded: GuardedStore,
) -> None:
    triples = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {}"
    assert ask(guarded, triples.format(10_000)).body.count(b"\n") == 10_000
    with pytest.raises(AnswerTooLarge) as refused:
        ask(guarded, triples.format(20_000))
    assert refused.value.limit == 10_000


def test_an_answer_of_too_many_bytes_is_refused_whole(guarded: GuardedStore) -> None:
    long = "SELECT ?x { VALUES ?i { " + "1 " * 2000 + '} BIND("' + "x" * 3000 + '" AS ?x) }'
    with pytest.raises(AnswerTooLarge) as refused:
        ask(guarded, long)
    assert refused.value.limit == 5_000_000
    assert "nothing of it was sent" in str(refused.value)


# ------------------------------------------------------------------ many at once


def test_a_quick_query_is_answered_while_a_slow_one_runs(guarded: GuardedStore) -> None:
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(ask, guarded, ENDLESS)
        assert [ask(guarded, QUICK).body for _ in range(20)] == [b"true"] * 20
        assert not slow.done()
        assert isinstance(slow.exception(), QueryTimeout)


def test_who_finds_no_place_to_wait_is_sent_away_at_once(guarded: GuardedStore) -> None:
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(ask, guarded, ENDLESS) for _ in range(4)]
        wait_until(lambda: guarded.asked == 4)
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as busy:
            ask(guarded, QUICK)
        assert (busy.value.retry_after, time.monotonic() - begun < 0.5) == (2, True)
        endings = {type(each.exception()) for each in asked}
    assert endings <= {QueryTimeout, StoreBusy}
    assert ask(guarded, QUICK).body == b"true"


def test_who_waits_gets_an_answer_when_it_is_their_turn(folder: Path) -> None:
    store = GuardedStore(folder, TIGHT, workers=1, waiting=10)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: ask(store, QUICK).body, range(10)))
    assert answers == [b"true"] * 10
    assert len(workers()) == 1
    store.close()


def test_whose_client_has_gone_is_ended(guarded: GuardedStore) -> None:
    gone = threading.Event()
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(guarded.answer, Query(ENDLESS), WANTED, Patience(gone=gone.is_set))
        wait_until(lambda: busy_worker() is not None)
        gone.set()
        assert isinstance(asked.exception(), NobodyWaits)
    assert workers() == set()


def test_who_hangs_up_while_waiting_leaves_the_place_to_others(folder: Path) -> None:
    store = GuardedStore(folder, TIGHT, workers=1, waiting=1)
    gone = threading.Event()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(ask, store, ENDLESS)
        wait_until(lambda: store.asked == 1)
        second = threads.submit(store.answer, Query(QUICK), WANTED, Patience(gone=gone.is_set))
        wait_until(lambda: store.asked == 2)
        gone.set()
        assert isinstance(second.exception(), NobodyWaits)
        assert store.asked == 1
        assert isinstance(first.exception(), QueryTimeout)
    store.close()


def test_a_dozen_hang_up_and_the_next_is_answered_within_two_seconds(folder: Path) -> None:
    store = GuardedStore(folder, TIGHT, workers=4, waiting=12)
    gone = threading.Event()
    with ThreadPoolExecutor(12) as threads:
        asked = [
            threads.submit(store.answer, Query(ENDLESS), WANTED, Patience(gone=gone.is_set))
            for _ in range(12)
        ]
        wait_until(lambda: store.asked == 12)
        gone.set()
        begun = time.monotonic()
        assert ask(store, QUICK).body == b"true"
        assert time.monotonic() - begun < 2
        assert {type(each.exception()) for each in asked} == {NobodyWaits}
    store.close()


# ------------------------------------------------------------------ workers


def test_a_worker_that_is_killed_in_mid_answer_is_an_error_and_replaced(
    guarded: GuardedStore,
) -> None:
    with ThreadPoolExecutor() as threads:
        asked: Future[Answer] = threads.submit(ask, guarded, ENDLESS)
        wait_until(lambda: busy_worker() is not None)
        worker = busy_worker()
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        assert isinstance(asked.exception(), QueryTooCostly)
    assert ask(guarded, QUICK).body == b"true"
    assert worker not in workers()


def test_a_worker_that_was_killed_while_idle_is_replaced_and_nobody_notices(
    guarded: GuardedStore,
) -> None:
    [worker] = workers()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in workers())
    assert ask(guarded, QUICK).body == b"true"
    assert worker not in workers()


def test_a_worker_that_was_slow_is_not_used_again(guarded: GuardedStore) -> None:
    [worker] = workers()
    with pytest.raises(QueryTimeout):
        ask(guarded, ENDLESS)
    assert worker not in workers()


def test_a_worker_that_has_grown_is_not_used_again(folder: Path) -> None:
    roomy = replace(TIGHT, seconds=60, memory_bytes=2_000_000_000)
    store = GuardedStore(folder, roomy, workers=1, waiting=0)
    [worker] = workers()
    grown = ['BIND("' + "x" * 1000 + '" AS ?v0)']
    for step, times in enumerate((100, 100, 35)):
        grown.append(f"BIND(CONCAT({', '.join([f'?v{step}'] * times)}) AS ?v{step + 1})")
    length = ask(store, f"SELECT (STRLEN(?v3) AS ?n) {{ {' '.join(grown)} }}")
    assert length.body == b"n\r\n350000000\r\n"
    assert worker not in workers()
    store.close()


def test_a_slow_query_makes_way_for_the_others(guarded: GuardedStore) -> None:
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, guarded, ENDLESS)
        wait_until(lambda: (busy := busy_worker()) is not None and psutil.Process(busy).nice() > 0)
        assert isinstance(asked.exception(), QueryTimeout)


def test_a_folder_that_is_no_database_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"^The SPARQL store failed: .+"):
        GuardedStore(tmp_path / "none", TIGHT, workers=1, waiting=0)
    assert workers() == set()


def test_a_worker_ends_when_nobody_is_left_to_ask(folder: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("forkserver").Process(
        target=work, args=(theirs, folder, TIGHT, ())
    )
    process.start()
    theirs.close()
    assert ours.recv() == ""
    ours.close()
    process.join(5)
    assert process.exitcode == 0


def ask(store: GuardedStore, query: str) -> Answer:
    """The answer in CSV or N-Triples."""
    return store.answer(Query(query), WANTED)


def workers() -> set[int]:
    """The workers of this process that run."""
    return {child.pid for child in multiprocessing.active_children() if child.pid is not None}


def busy_worker() -> int | None:
    """A worker that has used a tenth of a second of a processor."""
    for pid in workers():
        try:
            if psutil.Process(pid).cpu_times().user > 0.1:
                return pid
        except psutil.Error:
            continue
    return None


def wait_until(true: object, *, seconds: float = 20) -> None:
    """Wait until it is so; fail where it never is."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
