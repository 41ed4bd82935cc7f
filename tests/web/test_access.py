"""The access log: a line of JSON for each request, with nothing that tells who asked what."""

import json
import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from tests.conftest import REPOSITORY, SITE, command, environment

from diplolocal.build import Build
from diplolocal.web import access
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts, Watched
from diplolocal.web.records import Record

SECRET = "ASK { ?s ?p 'the thesis that nobody knows of' }"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.5", "203.0.113.0"),
        ("::ffff:203.0.113.5", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("127.0.0.1", "127.0.0.0"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_an_address_is_shortened(address: str, kept: str) -> None:
    assert access.shortened(address) == kept


def test_a_line_says_what_was_asked_and_how_it_was_answered() -> None:
    record = Record(
        method="GET",
        path="/sparql",
        client="203.0.113.5",
        agent="a browser",
        status=200,
        sent_bytes=1234,
        seconds=0.12345,
        outcome="answered",
        waiting_seconds=0.01,
        answering_seconds=0.1,
        query=SECRET,
    )
    now = datetime(2026, 11, 22, 12, 30, 1, 234567, tzinfo=UTC)
    said = {
        "time": "2026-11-22T12:30:01.234+00:00",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "bytes": 1234,
        "milliseconds": 123.5,
        "client": "203.0.113.0",
        "agent": "a browser",
        "cached": False,
        "outcome": "answered",
        "waiting_milliseconds": 10.0,
        "answering_milliseconds": 100.0,
    }
    assert json.loads(access.line(record, now=now, queries=False)) == said
    assert json.loads(access.line(record, now=now, queries=True)) == {**said, "query": SECRET}


def test_a_line_is_one_line_whatever_a_client_sends() -> None:
    record = Record("GET", '/a\n{"status": 200}', agent="\r\n\x1b[31m\u2028", query="a\nb")
    line = access.line(record, now=datetime.now(UTC), queries=True)
    assert (line.splitlines(), "\x1b" in line) == ([line], False)


def test_each_request_is_a_line_without_its_query(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    with logged(parts, Watched(access_log=True), caplog) as client:
        client.get("/sparql", params={"query": SECRET}, headers={"user-agent": "a scholar"})
        client.post("/sparql", data={"query": SECRET})
        client.head("/doc/place/mx-jal.ttl")
        client.get("/doc/none")
        client.get("/sparql", params={"query": "ASK {"})
        found = lines(caplog)
    assert [(line["method"], line["path"], line["status"]) for line in found] == [
        ("GET", "/sparql", 200),
        ("POST", "/sparql", 200),
        ("HEAD", "/doc/place/mx-jal.ttl", 200),
        ("GET", "/doc/none", 404),
        ("GET", "/sparql", 400),
    ]
    assert [line.get("outcome") for line in found] == ["answered", "answered", None, None, "syntax"]
    assert [line["bytes"] > 0 for line in found] == [True, True, False, True, True]
    assert (found[0]["client"], found[0]["agent"]) == ("203.0.113.0", "a scholar")
    assert "thesis" not in caplog.text


def test_queries_are_written_down_where_the_operator_wants_it(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    with logged(parts, Watched(access_log=True, queries=True), caplog) as client:
        client.post("/sparql", data={"query": SECRET})
        assert [line["query"] for line in lines(caplog)] == [SECRET]


def test_nothing_is_written_unless_the_operator_wants_it(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    with logged(parts, Watched(queries=True), caplog) as client:
        client.get("/sparql", params={"query": SECRET})
        assert lines(caplog) == []


@pytest.mark.parametrize(
    ("settings", "written"),
    [({}, 0), ({"DIPLOLOCAL_ACCESS_LOG": "true"}, 2)],
    ids=["as it is", "with DIPLOLOCAL_ACCESS_LOG"],
)
def test_a_real_server_writes_the_lines_to_standard_error(
    real_build: Build, settings: dict[str, str], written: int
) -> None:
    served = [command(), "serve", "--port", "0", "--root", str(REPOSITORY)]
    with subprocess.Popen(
        [*served, "--into", str(real_build.folder.parent)],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline().split()
        site = next(word for word in said if word.startswith("http://")).rstrip("/")
        httpx2.get(f"{site}/healthz", timeout=60)
        httpx2.get(f"{site}/sparql", params={"query": SECRET}, timeout=60)
        server.terminate()
        _, errors = server.communicate(timeout=60)
    found = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert [(line["path"], line["status"]) for line in found] == [
        ("/healthz", 200),
        ("/sparql", 200),
    ][:written]
    assert "thesis" not in errors


@contextmanager
def logged(
    parts: Parts, watched: Watched, caplog: pytest.LogCaptureFixture
) -> Iterator[TestClient]:
    """The site, watched so, and asked from an address."""
    app = create_app(replace(parts, watched=watched))
    propagated, access.LOGGER.propagate = access.LOGGER.propagate, True
    with (
        caplog.at_level(logging.INFO, logger=access.LOGGER.name),
        TestClient(app, base_url=SITE, client=("203.0.113.5", 1)) as client,
    ):
        yield client
    access.LOGGER.propagate = propagated


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was written so far."""
    written = [record for record in caplog.records if record.name == access.LOGGER.name]
    return [json.loads(record.getMessage()) for record in written]
