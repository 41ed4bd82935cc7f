"""For whoever runs the site: it lives, it can answer, and how it is doing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx2
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from tests.conftest import REPOSITORY, SITE, serving

from diplolocal import __version__
from diplolocal.build import Build
from diplolocal.errors import DiploLocalError
from diplolocal.formats import JSON
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted
from diplolocal.store_errors import QueryTimeout, StoreBusy, StoreUnavailable
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts, Watched
from diplolocal.wording import message

GONE = StoreUnavailable(message("The SPARQL store failed: {reason}", reason="it is gone"))
PREFLIGHT = {"origin": "https://else.example", "access-control-request-method": "POST"}
Values = dict[tuple[str, ...], float]


class FailingStore:
    """A store that fails, and remembers how long it was given."""

    def __init__(self, error: DiploLocalError) -> None:
        self.error = error
        self.given: list[float | None] = []

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        self.given.append(patience.seconds)
        raise self.error

    def close(self) -> None: ...


class TimedStore:
    """A store that says that every query waits for two seconds and takes twelve."""

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        seconds = {"wait": 2.0, "answer": 12.0}
        return Answer(b'{"head":{},"boolean":true}', JSON.media_type, seconds)

    def close(self) -> None: ...


# ------------------------------------------------------------------ does it live


def test_a_site_that_lives_says_so_whatever_its_store_does(parts: Parts) -> None:
    store = FailingStore(GONE)
    with over(parts, store) as client:
        answer = client.get("/healthz")
        head = client.head("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert (head.status_code, head.content) == (200, b"")
    assert store.given == []


# ------------------------------------------------------------------ can it answer


def test_a_site_is_ready_when_a_query_is_answered(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (GONE, "The SPARQL store failed: it is gone"),
        (StoreBusy(30), "Too many queries are being answered just now."),
        (QueryTimeout(limit=2, elapsed=2.01), "The query was ended after 2.0 seconds"),
    ],
    ids=["gone", "busy", "slow"],
)
def test_a_site_that_cannot_answer_is_not_ready_and_says_why(
    parts: Parts, error: DiploLocalError, reason: str
) -> None:
    store = FailingStore(error)
    with over(parts, store) as client:
        answer = client.get("/readyz", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not ready"
    assert answer.json()["detail"].startswith(f"Queries are not answered just now: {reason}")
    assert store.given == [2]


def test_a_client_that_asks_too_much_does_not_make_the_site_unready(parts: Parts) -> None:
    with over(parts, parts.public) as client:
        assert [client.get("/readyz").status_code for _ in range(10)] == [200] * 10


# ------------------------------------------------------------------ how is it doing


def test_there_are_no_figures_unless_the_operator_wants_them(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_requests_are_counted_by_route_method_and_status(parts: Parts) -> None:
    with over(parts, parts.public) as client:
        for path in ("/doc/place/mx-jal.ttl", "/doc/place/mx-zac.ttl", "/doc/none"):
            client.get(path)
        client.head("/doc/place/mx-jal.ttl")
        client.get("/sparql", params={"query": "ASK {}"})
        client.post("/sparql", data={"query": "ASK {}"})
        client.get("/nothing/of/the/kind")
        client.options("/sparql", headers=PREFLIGHT)
        client.request("BREW", "/sparql")
        client.get("/healthz")
        client.get("/readyz")
        found = figures(client)
    assert found["diplolocal_requests_total"] == {
        ("GET", "/doc/{key:path}", "200"): 2,
        ("GET", "/doc/{key:path}", "404"): 1,
        ("HEAD", "/doc/{key:path}", "200"): 1,
        ("GET", "/sparql", "200"): 1,
        ("POST", "/sparql", "200"): 1,
        ("GET", "/{path:path}", "404"): 1,
        ("OPTIONS", "none", "204"): 1,
        ("other", "/sparql", "405"): 1,
    }
    assert found["diplolocal_request_seconds_count"] == {
        ("/doc/{key:path}",): 4,
        ("/sparql",): 3,
        ("/{path:path}",): 1,
        ("none",): 1,
    }


def test_queries_are_counted_by_how_they_ended(parts: Parts) -> None:
    queries = ("ASK {}", "ASK { ?s ?p 1 }", "ASK {", "ASK { SERVICE <http://192.0.2.1/> {} }")
    with over(parts, parts.public) as client:
        for query in queries:
            client.get("/sparql", params={"query": query})
        client.get("/doc/place/mx-jal.ttl")  # queries of the house are not counted
        found = figures(client)
    assert found["diplolocal_queries_total"] == {("answered",): 2, ("syntax",): 1, ("refused",): 1}
    assert found["diplolocal_query_answering_seconds_count"] == {(): 4}


def test_seconds_of_waiting_and_answering_are_added_up(parts: Parts) -> None:
    with over(parts, TimedStore()) as client:
        for number in range(3):
            client.get("/sparql", params={"query": f"ASK {{ ?s ?p {number} }}"})
        found = figures(client)
    assert found["diplolocal_query_waiting_seconds_sum"] == {(): 6}
    assert found["diplolocal_query_answering_seconds_sum"] == {(): 36}
    buckets = found["diplolocal_query_answering_seconds_bucket"]
    assert (buckets[("10.0",)], buckets[("30.0",)]) == (0, 3)


def test_answers_from_what_was_kept_are_counted(parts: Parts) -> None:
    with over(replace(parts, cache_bytes=1_000_000), parts.public) as client:
        for _ in range(3):
            client.get("/sparql", params={"query": "SELECT (1 AS ?x) {}"})
        found = figures(client)
    assert found["diplolocal_cached_answers_total"] == {(): 2}
    assert found["diplolocal_requests_total"] == {
        ("GET", "/sparql", "200"): 1,
        ("GET", "cached", "200"): 2,
    }
    assert found["diplolocal_queries_total"] == {("answered",): 1}


def test_each_site_has_figures_of_its_own_that_say_what_is_served(parts: Parts) -> None:
    with over(parts, parts.public) as one, over(parts, parts.public) as other:
        one.get("/doc/place/mx-jal.ttl")
        assert "diplolocal_requests_total" in figures(one)
        assert "diplolocal_requests_total" not in figures(other)
        found = figures(other)
    assert found["diplolocal_info"] == {(parts.version, __version__): 1}
    assert found["diplolocal_queries_asked"] == {(): 0}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/plain; version=0.0.4; charset=utf-8"),
        ("application/openmetrics-text;version=1.0.0", "application/openmetrics-text"),
    ],
)
def test_figures_are_written_as_prometheus_asks(parts: Parts, accept: str, media_type: str) -> None:
    with over(parts, parts.public) as client:
        answer = client.get("/metrics", headers={"accept": accept})
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["cache-control"] == "no-store"
    assert "# HELP diplolocal_queries_asked Queries being answered or waiting now." in answer.text


def test_a_real_server_has_all_three(real_build: Build) -> None:
    settings = {"DIPLOLOCAL_METRICS": "true"}
    with serving("--root", REPOSITORY, "--into", real_build.folder.parent, env=settings) as site:
        for path, text in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
            assert httpx2.get(site + path, timeout=60).text == text
        httpx2.get(f"{site}/sparql", params={"query": "ASK {}"}, timeout=60)
        with httpx2.Client(base_url=site, timeout=60) as client:
            found = figures(client)
    assert found["diplolocal_queries_total"] == {("answered",): 1}
    assert found["diplolocal_requests_total"] == {("GET", "/sparql", "200"): 1}


@contextmanager
def over(parts: Parts, store: Store) -> Iterator[TestClient]:
    """The site over a store for strangers, with figures."""
    app = create_app(replace(parts, public=store, watched=Watched(metrics=True)))
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


def figures(client: httpx2.Client) -> dict[str, Values]:
    """What Prometheus reads: the values of each figure by its labels, in the order of their
    names.
    """
    found: dict[str, Values] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                labels = tuple(value for _, value in sorted(sample.labels.items()))
                found.setdefault(sample.name, {})[labels] = sample.value
    return found
