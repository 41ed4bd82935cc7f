"""What one client may ask: query seconds in a minute, by a clock that these tests move, and queries
at once.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import httpx2
import pytest
from fastapi.testclient import TestClient
from tests.conftest import REPOSITORY, SITE, serving

from diplolocal.build import Build
from diplolocal.errors import DiploLocalError
from diplolocal.formats import JSON
from diplolocal.store import PATIENT, Answer, Patience, Query, Wanted
from diplolocal.store_errors import (
    AllowanceSpent,
    QuerySyntaxError,
    QueryTimeout,
    StoreBusy,
    TooManyAtOnce,
)
from diplolocal.web.app import create_app
from diplolocal.web.manners import Purses, household
from diplolocal.web.parts import Allowance, Parts
from diplolocal.wording import Language, say

SCHOLAR = "203.0.113.5"
MINUTE = Allowance(seconds=60)


@dataclass
class Clock:
    """A clock that stands still unless it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class ReadyStore:
    """A store that answers at once and says that it took some time, or what it is told to."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    error: DiploLocalError | None = None

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        if self.error:
            raise self.error
        return Answer(b'{"head":{},"boolean":true}', JSON.media_type, self.seconds)

    def close(self) -> None: ...


def spend(purses: Purses, seconds: float, address: str = SCHOLAR) -> None:
    """Ask a query that takes so long."""
    with purses.spending(address, lambda: seconds):
        pass


# ------------------------------------------------------------------ seconds in a minute


def test_a_minute_of_queries_may_be_asked_at_once_and_no_more() -> None:
    purses = Purses(MINUTE, clock=Clock())
    for _ in range(6):
        spend(purses, 10)
    with pytest.raises(AllowanceSpent) as refusal:
        spend(purses, 0)
    assert (refusal.value.limit, refusal.value.used, refusal.value.retry_after) == (60, 60, 1)


def test_a_long_query_is_paid_when_it_is_over_and_the_debt_is_waited_for() -> None:
    purses, clock = Purses(MINUTE, clock=(clock := Clock())), clock
    spend(purses, 85.5)
    with pytest.raises(AllowanceSpent) as refusal:
        spend(purses, 0)
    assert (refusal.value.used, refusal.value.retry_after) == (85.5, 26)
    clock.now += 25.4
    with pytest.raises(AllowanceSpent) as refusal:
        spend(purses, 0)
    assert refusal.value.retry_after == 1
    clock.now += 1
    spend(purses, 0)


def test_a_smaller_allowance_fills_up_more_slowly() -> None:
    purses, clock = Purses(Allowance(seconds=6), clock=(clock := Clock())), clock
    spend(purses, 8)
    with pytest.raises(AllowanceSpent) as refusal:
        spend(purses, 0)
    assert refusal.value.retry_after == 21  # two seconds, at six in a minute, and one to spare
    clock.now += refusal.value.retry_after
    spend(purses, 0)


def test_whoever_comes_when_told_to_is_let_in() -> None:
    for seconds in (60, 60.001, 61, 75.25, 600):
        purses, clock = Purses(MINUTE, clock=(clock := Clock())), clock
        spend(purses, seconds)
        with pytest.raises(AllowanceSpent) as refusal:
            spend(purses, 0)
        clock.now += refusal.value.retry_after
        spend(purses, 0)


def test_a_purse_holds_a_minute_however_long_one_has_been_away() -> None:
    purses, clock = Purses(MINUTE, clock=(clock := Clock())), clock
    spend(purses, 1)
    clock.now += 86_400
    spend(purses, 60)
    with pytest.raises(AllowanceSpent):
        spend(purses, 0)


def test_the_refusal_says_limit_use_when_to_come_again_and_what_else_to_do() -> None:
    purses = Purses(MINUTE, clock=Clock())
    spend(purses, 85.5)
    with pytest.raises(AllowanceSpent) as refusal:
        spend(purses, 0)
    assert str(refusal.value) == (
        "The queries from your network address took 86 seconds of late, and 60 in a minute are"
        " yours. Ask again in 26 seconds. Keep the answers that you need more than once; everything"
        " at once is at /dumps/diplolocal.nq.gz."
    )
    assert "/dumps/diplolocal.nq.gz" in say(refusal.value.sentence, Language.ES)


def test_a_query_that_fails_is_paid_too() -> None:
    purses = Purses(MINUTE, clock=Clock())
    with pytest.raises(QueryTimeout), purses.spending(SCHOLAR, lambda: 60):
        raise QueryTimeout(60, 60)
    with pytest.raises(AllowanceSpent):
        spend(purses, 0)


def test_each_client_has_a_purse_of_its_own() -> None:
    purses = Purses(MINUTE, clock=Clock())
    spend(purses, 100)
    spend(purses, 0, "203.0.113.6")
    with pytest.raises(AllowanceSpent):
        spend(purses, 0)


def test_as_many_purses_are_remembered_as_there_is_room_for() -> None:
    purses = Purses(MINUTE, clock=Clock())
    spend(purses, 100)
    for number in range(20_000):
        spend(purses, 0, f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    assert len(purses) == 10_000
    spend(purses, 0)  # forgotten, for others came since


def test_nothing_is_counted_where_the_operator_wants_it_so() -> None:
    purses = Purses(Allowance(), clock=Clock())
    with ExitStack() as asked:
        for _ in range(100):
            asked.enter_context(purses.spending(SCHOLAR, lambda: 1000))


# ------------------------------------------------------------------ at once


def test_so_many_queries_of_a_client_are_answered_at_once_and_no_more() -> None:
    purses = Purses(Allowance(parallel=2), clock=Clock())
    with purses.spending(SCHOLAR, lambda: 0), purses.spending("203.0.113.6", lambda: 0):
        with purses.spending(SCHOLAR, lambda: 0):
            with pytest.raises(TooManyAtOnce) as refusal:
                spend(purses, 0)
            assert (refusal.value.limit, refusal.value.retry_after) == (2, 1)
        spend(purses, 0)
    assert str(refusal.value) == (
        "As many queries from your network address as are answered at once, 2, are being answered"
        " just now. Wait for one of them before you ask the next."
    )


# ------------------------------------------------------------------ who is one client


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("127.8.9.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("unknown", "unknown"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_a_client_is_an_address_or_a_network_of_the_sixth_version(
    address: str, client: str
) -> None:
    assert household(address) == client


def test_this_machine_is_not_held_to_it_unless_the_operator_wants_it() -> None:
    purses = Purses(Allowance(seconds=60, parallel=1), clock=Clock())
    for address in ("127.0.0.1", "::1", ""):
        spend(purses, 1000, address)
        spend(purses, 1000, address)
    assert len(purses) == 0
    held = Purses(Allowance(seconds=60, loopback=True), clock=Clock())
    spend(held, 1000, "127.0.0.1")
    with pytest.raises(AllowanceSpent):
        spend(held, 0, "::1")


# ------------------------------------------------------------------ the site


def test_what_a_query_took_is_paid_without_what_it_waited(parts: Parts) -> None:
    store = ReadyStore({"wait": 500.0, "answer": 40.0})
    with asking(parts, store) as (scholar, _):
        assert [ask(scholar, number).status_code for number in range(4)] == [200, 200, 429, 429]


def test_a_refusal_is_a_problem_document_that_says_when_to_come_again(parts: Parts) -> None:
    with asking(parts, ReadyStore({"answer": 85.5})) as (scholar, clock):
        ask(scholar, 1)
        refusal = ask(scholar, 2)
        assert refusal.headers["content-type"] == "application/problem+json"
        assert refusal.headers["retry-after"] == "26"
        assert refusal.headers["access-control-allow-origin"] == "*"
        assert (refusal.json()["status"], refusal.json()["title"]) == (429, "Too many queries")
        assert "Ask again in 26 seconds." in refusal.json()["detail"]
        page = ask(scholar, 2, accept="text/html")
        assert (page.status_code, "Ask again in 26 seconds." in page.text) == (429, True)
        assert scholar.get("/doc/place/mx-jal.ttl").status_code == 200  # pages are for everyone
        clock.now += 26
        assert ask(scholar, 2).status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QueryTimeout(limit=60, elapsed=60.1), [503, 429]),
        (StoreBusy(30), [503, 503]),
        (QuerySyntaxError("expected SELECT"), [400, 400]),
    ],
    ids=["timeout", "busy", "syntax"],
)
def test_what_a_failure_took_is_paid(
    parts: Parts, error: DiploLocalError, status: list[int]
) -> None:
    with asking(parts, ReadyStore(error=error)) as (scholar, _):
        assert [ask(scholar, number).status_code for number in range(2)] == status


def test_a_turn_that_was_waited_for_in_vain_costs_nothing(parts: Parts) -> None:
    class FullStore(ReadyStore):
        def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
            time.sleep(0.02)
            raise StoreBusy(30)

    with asking(parts, FullStore(), Allowance(seconds=0.01)) as (scholar, _):
        assert [ask(scholar, number).status_code for number in range(3)] == [503, 503, 503]


def test_a_client_with_a_query_too_many_is_refused_until_one_is_done(parts: Parts) -> None:
    begun, end = threading.Event(), threading.Event()

    class SlowStore(ReadyStore):
        def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
            if "slow" in query.text:
                begun.set()
                assert end.wait(60)
            return super().answer(query, wanted, patience)

    app = create_app(replace(parts, public=SlowStore(), allowance=Allowance(parallel=1)))
    with TestClient(app, base_url=SITE, client=(SCHOLAR, 1)) as scholar, ThreadPoolExecutor() as on:
        slow = on.submit(ask, scholar, "slow")
        assert begun.wait(60)
        refusal = ask(scholar, 1)
        end.set()
        assert slow.result(60).status_code == 200
        assert ask(scholar, 1).status_code == 200
    assert (refusal.status_code, refusal.headers["retry-after"]) == (429, "1")


def test_a_real_client_is_known_by_what_a_known_proxy_says(real_build: Build) -> None:
    with served(real_build, DIPLOLOCAL_PROXIES='["127.0.0.1", "10.0.0.0/8"]') as site:

        def asked(forwarded: str) -> int:
            return _asked(site, {"x-forwarded-for": forwarded}).status_code

        assert [asked(SCHOLAR) for _ in range(2)] == [200, 429]
        assert asked("203.0.113.6") == 200
        # What stands before what the proxy wrote, anybody may have written.
        assert asked(f"198.51.100.7, {SCHOLAR}") == 429
        assert asked(f"127.0.0.1, {SCHOLAR}, 10.1.2.3") == 429
        assert asked("127.0.0.1") == 200


def test_a_real_client_is_not_known_by_what_it_says_itself(real_build: Build) -> None:
    with served(real_build, DIPLOLOCAL_RATE_LOOPBACK="true") as site:
        answers = [_asked(site, {"x-forwarded-for": f"203.0.113.{last}"}) for last in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) > 0


_numbers = iter(range(1_000_000))


def _asked(site: str, headers: dict[str, str]) -> httpx2.Response:
    """A query that nobody has asked before."""
    query = f"ASK {{ ?s ?p {next(_numbers)} }}"
    return httpx2.get(f"{site}/sparql", params={"query": query}, headers=headers, timeout=60)


@contextmanager
def served(build: Build, **env: str) -> Iterator[str]:
    """A real server where hardly anything is allowed."""
    rate = {"DIPLOLOCAL_RATE_SECONDS": "0.0001", **env}
    with serving("--root", REPOSITORY, "--into", build.folder.parent, env=rate) as site:
        yield site


@contextmanager
def asking(
    parts: Parts, store: ReadyStore, allowance: Allowance = MINUTE
) -> Iterator[tuple[TestClient, Clock]]:
    """A scholar before the site over such a store, and the clock of the site."""
    clock = Clock()
    app = create_app(replace(parts, public=store))
    app.state.purses = Purses(allowance, clock=clock)
    with TestClient(app, base_url=SITE, client=(SCHOLAR, 1)) as client:
        yield client, clock


def ask(client: TestClient, what: object, accept: str = "*/*") -> httpx2.Response:
    """Ask a query of its own."""
    return client.get(
        "/sparql",
        params={"query": f"ASK {{ ?s ?p '{what}' }}"},
        headers={"accept": accept, "accept-language": "en", "origin": "https://else.example"},
    )
