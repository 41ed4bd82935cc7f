"""The site below a path of somebody's host, behind a proxy: every address on every kind of page
begins with that path, and is answered; and nothing comes from what a client says that the host is.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad
from tests.conftest import Page
from tests.recorded import DATES, recorded

from diplolocal.search import Index
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

HOST = "https://example.org"
BASE = "/datos"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATHS = [
    "/",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/queries",
    "/quality",
    "/service",
    "/limits",
    "/graphs",
    "/def",
    "/shapes",
    "/vocab/theme",
    "/vocab/theme/culture",
    "/graph/derived",
    "/doc/place/mx-jal",
    "/doc/action/2021-03-01",
    "/doc/organisation/un?version=1.0.0",
    "/doc/firm/gone",
    "/doc/bulletin/2021-02",
    "/doc/none",
    "/none?lang=en",
    "/cite?iri=https://w3id.org/diplolocal/doc/organisation/un?version=1.0.0",
    "/credits",
]
UNSETTLED = ("/changes",)
"""Addresses that others answer, if they are there."""

_ADDRESS = re.compile(rf"{re.escape(HOST)}[^\s\"'<>\\]*")


@pytest.fixture(scope="module")
def below(parts: Parts, small_quads: list[Quad]) -> Iterator[TestClient]:
    """The site below /datos/, over the small graph with its past."""
    told = recorded(small_quads)
    some = replace(
        parts,
        store=told.store,
        public=told.store,
        search=Index.over(told.store),
        history=told.history,
        report=None,
        release="1.2.0",
        counts={},
        public_url=HOST + BASE,
        cache_bytes=1_000_000,
    )
    with TestClient(create_app(some), base_url="http://inner:8000", follow_redirects=False) as it:
        yield it


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given", [BASE, ""], ids=["passed on", "taken away"])
def test_every_address_of_a_page_is_below_the_path_and_answered(
    below: TestClient, path: str, given: str
) -> None:
    answer = below.get(given + path, headers={"accept": BROWSER})
    assert answer.headers["content-type"].startswith("text/html")
    found = set(addresses(answer, path))
    astray = {each for each in found if not is_below(each)}
    assert (len(found) > 8, astray) == (True, set())
    unanswered = {
        each: there.status_code
        for each in sorted(found)
        if not each.startswith(tuple(HOST + BASE + known for known in UNSETTLED))
        for there in (below.get(given + each.removeprefix(HOST + BASE), headers=headers_of(each)),)
        if there.status_code >= 400 and path.partition("?")[0] not in each
    }
    # The small graph has no record of the data set.
    lacking = ("/dataset", "/doc/body/diplolocal", "/cite")
    plain = {each: re.sub(r"^/(es|en)(?=/)", "", each.partition(BASE)[2]) for each in unanswered}
    assert {
        each
        for each, rest in plain.items()
        if not rest.startswith(lacking) or (rest.startswith("/cite") and "/id/" in each)
    } == set()


@pytest.mark.parametrize("given", [BASE, ""], ids=["passed on", "taken away"])
@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/id/place/mx-jal?lang=en", 303, "/datos/doc/place/mx-jal?lang=en"),
        ("/doc/firm/merged.ttl", 301, "/datos/doc/firm/heir.ttl"),
        ("/doc/organisation/un", 302, "/datos/doc/organisation/un?version=1.0.0"),
    ],
)
def test_what_is_elsewhere_is_below_the_path_too(
    below: TestClient, given: str, path: str, status: int, location: str
) -> None:
    headers = {"accept-datetime": DATES["1.0.0"]} if status == 302 else {}
    for method in ("GET", "HEAD"):
        answer = below.request(method, given + path, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (status, location)


@pytest.mark.parametrize(
    "path",
    [
        "/doc/place/mx-jal.ttl",
        "/doc/place/mx-jal.jsonld",
        "/doc/organisation/un.ttl?version=1.0.0",
        "/timemap/doc/organisation/un",
        "/timemap/doc/organisation/un.json",
        "/def.ttl",
        "/service.ttl",
        "/sitemap.xml",
        "/.well-known/api-catalog",
        "/robots.txt",
    ],
)
def test_what_programs_read_names_the_address_of_the_configuration(
    below: TestClient, path: str
) -> None:
    answer = below.get(path)
    assert answer.status_code == 200
    said = answer.text + json.dumps(dict(answer.headers))
    assert "inner" not in said
    assert {each for each in _ADDRESS.findall(said) if not is_below(each)} == set()
    for header in ("link", "content-location"):
        for target in re.findall(r"<(/[^>]*)>|^(/.*)", answer.headers.get(header, "")):
            assert "".join(target).startswith(BASE + "/")


@pytest.mark.parametrize("path", [*PATHS, "/doc/place/mx-jal.jsonld", "/timemap/doc/place/mx-jal"])
def test_nothing_comes_from_the_host_that_a_client_names(below: TestClient, path: str) -> None:
    hostile = {
        "host": "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-prefix": "/evil.example",
        "x-forwarded-proto": "evil.example",
        "forwarded": "host=evil.example",
        "accept": BROWSER,
    }
    answer = below.get(path, headers=hostile)
    assert "evil.example" not in answer.text + json.dumps(dict(answer.headers))


def test_a_redirect_does_not_go_to_the_host_that_a_client_names(below: TestClient) -> None:
    answer = below.get("/id/place/mx-jal", headers={"host": "evil.example"})
    assert answer.headers["location"] == "/datos/doc/place/mx-jal"


def addresses(answer: httpx2.Response, path: str) -> Iterator[str]:
    """Every address of ours that a page and its headers lead to, whole."""
    for _, has, _ in Page(answer.text).elements:
        for name in ("href", "src", "action"):
            if name in has and not has[name].startswith("#"):
                yield from ours(has[name], path)
    for target in re.findall(r"<([^>]*)>", answer.headers.get("link", "")):
        yield from ours(target, path)
    yield from ours(answer.headers.get("content-location", BASE + "/"), path)


def ours(address: str, path: str) -> Iterator[str]:
    whole = urljoin(HOST + BASE + path, address).partition("#")[0]
    if urlsplit(whole).netloc == urlsplit(HOST).netloc:
        yield whole


def is_below(address: str) -> bool:
    return address == HOST + BASE or address.startswith(HOST + BASE + "/")


def headers_of(address: str) -> dict[str, str]:
    """What a browser sends; what is not a page is asked for by any media type."""
    return {"accept": "*/*" if "." in address.rpartition("/")[2] else BROWSER}
