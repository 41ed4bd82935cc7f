"""The app as a whole: open to every page of the world, strict about methods, silent about its
bugs.
"""

import dataclasses
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted
from diplolocal.store_errors import StoreUnavailable
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import message

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ORIGIN = {"origin": "https://elsewhere.example"}
PATHS = [
    "/",
    "/sparql",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=ASK",
    "/id/place/mx-jal",
    "/doc/place/mx-jal",
    "/doc/place/mx-jal.ttl",
    "/doc/none",
    "/vocab/theme",
    "/def",
    "/graph/bulletin/2021-01.nt",
    "/context/v1.jsonld",
    "/static/style.css",
    "/openapi.json",
]


class BrokenStore:
    """A store with a bug: what it raises nobody expects."""

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        raise RuntimeError("the secret is 12345")

    def close(self) -> None: ...


class AbsentStore:
    """A store whose endpoint is gone."""

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        raise StoreUnavailable(message("The SPARQL store failed: {reason}", reason="it is gone"))

    def close(self) -> None: ...


@pytest.fixture
def broken(parts: Parts) -> Iterator[TestClient]:
    """The site over a store that breaks."""
    with over(parts, BrokenStore()) as client:
        yield client


# Open to every page of the world (CORS).


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_world_may_read_every_answer(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=ORIGIN)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["access-control-expose-headers"] == "*"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        *(("/sparql", method) for method in ("GET", "HEAD", "POST", "QUERY")),
        *((path, "GET") for path in ("/doc/place/mx-jal", "/context/v1.jsonld", "/graphs")),
    ],
)
def test_a_browser_that_asks_first_is_welcome(client: TestClient, path: str, method: str) -> None:
    answer = client.options(
        path,
        headers={
            **ORIGIN,
            "access-control-request-method": method,
            "access-control-request-headers": "accept, content-type",
        },
    )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    assert answer.headers["access-control-allow-headers"] == "accept, content-type"


def test_an_answer_is_open_to_every_page_before_any_page_asks_for_it(client: TestClient) -> None:
    # Else a cache would give a page what it kept for a program, and the browser would hide it.
    for path in PATHS:
        assert client.get(path).headers["access-control-allow-origin"] == "*"


# Strict about methods.


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "POST"),
        ("/doc/place/mx-jal", "PUT"),
        ("/id/place/mx-jal", "DELETE"),
        ("/vocab/theme", "PATCH"),
        ("/def", "TRACE"),
        ("/def", "FOO"),
        ("/context/v1.jsonld", "POST"),
        ("/static/style.css", "POST"),
        ("/sparql", "PUT"),
        ("/sparql", "DELETE"),
    ],
)
def test_a_method_that_is_not_answered_is_refused_naming_those_that_are(
    client: TestClient, path: str, method: str
) -> None:
    answer = client.request(method, path, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (
        405,
        "application/problem+json",
    )
    assert answer.json() == {
        "type": "about:blank",
        "title": "Method not allowed",
        "status": 405,
        "detail": f"{method} is not answered at this address.",
    }
    more = ["POST", "QUERY"] if path == "/sparql" else []
    assert answer.headers["allow"].split(", ") == ["GET", "HEAD", "OPTIONS", *more]


@pytest.mark.parametrize("path", ["/", "/def", "/doc/none", "/sparql", "/graphs", "/context/none"])
def test_options_names_the_methods_of_an_address(client: TestClient, path: str) -> None:
    answer = client.options(path)
    more = ["POST", "QUERY"] if path == "/sparql" else []
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"].split(", ") == ["GET", "HEAD", "OPTIONS", *more]
    assert answer.headers.get("accept-query") == (
        "application/sparql-query, application/x-www-form-urlencoded" if more else None
    )


def test_a_refused_method_is_told_to_a_browser_in_a_page(client: TestClient) -> None:
    answer = client.post("/doc/place/mx-jal", headers={"accept": BROWSER, "accept-language": "en"})
    page = Page(answer.text)
    assert answer.status_code == 405
    assert page.texts("p", **{"class": "lead"}) == ["POST is not answered at this address."]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", [BROWSER, "*/*", "text/turtle"])
def test_head_is_get_without_a_body(client: TestClient, path: str, accept: str) -> None:
    full, empty = (client.request(how, path, headers={"accept": accept}) for how in ("GET", "HEAD"))
    assert (empty.status_code, empty.content) == (full.status_code, b"")
    for answer in (full, empty):
        answer.headers.pop("server-timing", None)  # it is never twice the same
    assert dict(empty.headers) == dict(full.headers)


# Silent about its bugs.


@pytest.mark.parametrize("path", ["/", "/doc/place/mx-jal", "/def.ttl", "/sparql?query=ASK%7B%7D"])
def test_a_bug_is_answered_without_its_trace(broken: TestClient, path: str) -> None:
    answer = broken.get(path, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()) == (
        500,
        {
            "type": "about:blank",
            "title": "Something is wrong here",
            "status": 500,
            "detail": "This is a mistake of ours, not yours. It was written down; please try again"
            " later.",
        },
    )


def test_a_bug_is_told_to_a_browser_in_a_page(broken: TestClient) -> None:
    answer = broken.get("/", headers={"accept": BROWSER, "accept-language": "es"})
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["content-language"]) == (500, "es")
    assert len(page.texts("h1")) == 1
    assert page.texts("h1") != ["Something is wrong here"]
    assert "12345" not in answer.text
    assert "Traceback" not in answer.text


def test_a_bug_may_be_read_by_every_page_of_the_world(broken: TestClient) -> None:
    answer = broken.get("/", headers=ORIGIN)
    assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (500, "*")


def test_a_store_that_is_gone_is_a_bad_gateway(parts: Parts) -> None:
    with over(parts, AbsentStore()) as client:
        answer = client.get("/doc/place/mx-jal", headers={"accept-language": "en", **ORIGIN})
    assert (answer.status_code, answer.json()) == (
        502,
        {
            "type": "about:blank",
            "title": "The SPARQL store gave no answer",
            "status": 502,
            "detail": "The SPARQL store failed: it is gone",
        },
    )
    assert answer.headers["access-control-allow-origin"] == "*"


def test_what_needs_no_store_is_answered_though_it_is_gone(parts: Parts) -> None:
    with over(parts, AbsentStore()) as client:
        statuses = [
            client.get(path, headers={"accept": BROWSER}, follow_redirects=False).status_code
            for path in ("/sparql", "/id/place/mx-jal", "/context/v1.jsonld", "/static/icon.svg")
        ]
    assert statuses == [200, 303, 200, 200]


def test_a_refusal_is_no_error_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/doc/none")
        client.get("/sparql", params={"query": "SELECT * {"})
        client.post("/sparql", data={"update": "CLEAR ALL"})
    assert caplog.records == []


def over(parts: Parts, store: Store) -> TestClient:
    """The site over another store, as the server runs it: a bug is answered, not raised."""
    app = create_app(dataclasses.replace(parts, store=store, public=store))
    return TestClient(app, base_url=SITE, raise_server_exceptions=False)
