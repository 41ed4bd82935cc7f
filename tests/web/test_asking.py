"""Strangers' queries over a real server: they are ended when nobody waits or when they take too
long, and nobody else notices them.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import quote, urlsplit

import httpx2
import psutil
import pytest
from tests.conftest import REPOSITORY, serving

from diplolocal.build import Build

QUICK = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIMITS = {
    "DIPLOLOCAL_QUERY_SECONDS": "600",
    "DIPLOLOCAL_QUERY_WORKERS": "4",
    "DIPLOLOCAL_QUERY_WAITING": "20",
}


@pytest.fixture(scope="module")
def server(real_build: Build) -> Iterator[tuple[str, int]]:
    """The address and the process of a server that would let a query run for ten minutes."""
    started = serving("--root", REPOSITORY, "--into", real_build.folder.parent, env=LIMITS)
    with started as address:
        yield address, started.pid


def test_a_query_is_ended_when_its_client_hangs_up(server: tuple[str, int]) -> None:
    address, pid = server
    hung = [begun(address) for _ in range(4)]
    wait_until(lambda: len(busy(pid)) == 4)
    workers = busy(pid)
    for connection in hung:
        connection.close()
    wait_until(lambda: not workers & busy(pid))
    assert ask(address, QUICK).json()["boolean"] is True


def test_a_dozen_hang_up_and_the_next_is_answered_within_two_seconds(
    server: tuple[str, int],
) -> None:
    address, pid = server
    hung = [begun(address) for _ in range(12)]
    wait_until(lambda: len(busy(pid)) == 4)
    for connection in hung:
        connection.close()
    before = time.monotonic()
    assert ask(address, QUICK).json()["boolean"] is True
    assert time.monotonic() - before < 2


def test_pages_and_queries_are_answered_while_slow_ones_run(server: tuple[str, int]) -> None:
    address, pid = server
    slow = [begun(address) for _ in range(3)]
    wait_until(lambda: len(busy(pid)) == 3)
    with ThreadPoolExecutor(8) as threads:
        paths = [f"/sparql?query={quote(QUICK)}&n={number}" for number in range(20)]
        pages = ["/", "/doc/place/mx-jal.ttl", "/quality", "/sparql", "/doc/action/2021-01-03"]
        answers = list(threads.map(lambda path: get(address, path), [*paths, *pages]))
    assert [answer.status_code for answer in answers] == [200] * 25
    wait_until(lambda: len(busy(pid)) == 3)  # they were not ended for it
    for connection in slow:
        connection.close()


def test_a_query_over_the_limit_is_refused_with_all_that_helps(server: tuple[str, int]) -> None:
    address, _ = server
    answer = ask(address, ENDLESS, timeout="0.5")
    problem = answer.json()
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["status"], problem["limit"], problem["elapsed"] >= 0.5) == (503, 0.5, True)
    for said in ("the limit is 0.5", "no answer, not even a part", "Ask for less", "/dumps/"):
        assert said in problem["detail"]


def test_a_killed_worker_is_an_announced_503_and_the_next_is_answered(
    server: tuple[str, int],
) -> None:
    address, pid = server
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, address, ENDLESS)
        found: set[int] = set()
        while not found and not asked.done():
            # The same one for a second: it has begun to answer.
            found = set.intersection(*(busy(pid) for _ in range(5)))
        os.kill(found.pop(), signal.SIGKILL)
        answer = asked.result()
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    assert "traceback" not in answer.text.lower()
    assert ask(address, QUICK).json()["boolean"] is True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "terminated"])
def test_a_server_that_ends_takes_its_workers_with_it(
    real_build: Build, ending: signal.Signals
) -> None:
    started = serving("--root", REPOSITORY, "--into", real_build.folder.parent)
    with started as address:
        assert ask(address, QUICK).json()["boolean"] is True
        family = psutil.Process(started.pid).children(recursive=True)
        assert family
        os.kill(started.pid, ending)
        assert psutil.wait_procs(family, timeout=20)[1] == []


def test_a_server_that_is_killed_leaves_no_query_running(real_build: Build) -> None:
    limits = {"DIPLOLOCAL_QUERY_SECONDS": "1"}
    started = serving("--root", REPOSITORY, "--into", real_build.folder.parent, env=limits)
    with started as address:
        connection = begun(address)
        wait_until(lambda: len(busy(started.pid)) == 1)
        family = psutil.Process(started.pid).children(recursive=True)
        os.kill(started.pid, signal.SIGKILL)
        assert psutil.wait_procs(family, timeout=30)[1] == []
        connection.close()


def begun(address: str) -> socket.socket:
    """A connection on which an endless query was asked."""
    place = urlsplit(address)
    connection = socket.create_connection((place.hostname or "", place.port or 0))
    target = f"/sparql?query={quote(ENDLESS)}"
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    return connection


def busy(pid: int) -> set[int]:
    """The processes below a server that use a processor just now."""
    before = spent(pid)
    threading.Event().wait(0.2)
    return {each for each, seconds in spent(pid).items() if seconds - before.get(each, 0) > 0.02}


def spent(pid: int) -> dict[int, float]:
    """The seconds of a processor that each process below another has used."""
    found = {}
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.Error):
            found[child.pid] = child.cpu_times().user
    return found


def ask(address: str, query: str, **parameters: str) -> httpx2.Response:
    return httpx2.get(
        f"{address}/sparql",
        params={"query": query, **parameters},
        headers={"accept-language": "en"},
        timeout=60,
    )


def get(address: str, path: str) -> httpx2.Response:
    return httpx2.get(address + path, timeout=60)


def wait_until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until it is so; fail where it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.05)
