"""Promises of every route that OpenAPI names, and of every route that it does not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.conftest import SITE

from diplolocal.build import Build
from diplolocal.database import history_database
from diplolocal.embedded import EmbeddedStore
from diplolocal.listing import listings
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EXAMPLES = {
    "/context/{name}.jsonld": ("/context/v1.jsonld", "/context/none.jsonld"),
    "/frames/{name}.jsonld": ("/frames/Action.jsonld", "/frames/none.jsonld"),
    "/schemas/{name}.json": ("/schemas/Action.json", "/schemas/none.json"),
    "/dumps": ("/dumps", "/dumps/none"),
    "/dumps.{suffix}": ("/dumps.json", "/dumps.ttl"),
    "/dumps/{name}": ("/dumps/diplolocal.nq.gz", "/dumps/none"),
    "/sparql": ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK"),
    "/graphs": ("/graphs", "/graphs?graph=urn:none"),
    "/graphs/{name}": ("/graphs/bulletin/2021-01", "/graphs/none"),
    "/id/{key}": ("/id/place/mx-jal", "/id/none"),
    "/timemap/{path}": ("/timemap/doc/place/mx-jal", "/timemap/none"),
    "/doc/{key}": ("/doc/place/mx-jal", "/doc/none"),
    "/quality": ("/quality", "/quality/none"),
    "/quality.{suffix}": ("/quality.json", "/quality.csv"),
    "/dataset": ("/dataset", "/dataset/none"),
    "/dataset.{suffix}": ("/dataset.ttl", "/dataset.csv"),
    "/catalog": ("/catalog", "/catalog/none"),
    "/.well-known/void": ("/.well-known/void", "/.well-known/void/none"),
    "/.well-known/void.{suffix}": ("/.well-known/void.ttl", "/.well-known/void.csv"),
    "/.well-known/api-catalog": ("/.well-known/api-catalog", "/.well-known/api-catalog/none"),
    "/linkset": ("/linkset", "/linkset?anchor=urn:none"),
    "/linkset.{suffix}": ("/linkset.json", "/linkset.ttl"),
    "/robots.txt": ("/robots.txt", "/robots.txt/none"),
    "/sitemap.xml": ("/sitemap.xml", "/sitemap.xml/none"),
    "/sitemaps/{number}.xml": ("/sitemaps/1.xml", "/sitemaps/0.xml"),
    "/service": ("/service", "/service/none"),
    "/service.{suffix}": ("/service.ttl", "/service.csv"),
    "/shapes": ("/shapes", "/shapes/none"),
    "/shapes.{suffix}": ("/shapes.ttl", "/shapes.csv"),
    "/limits": ("/limits", "/limits/none"),
    "/limits.{suffix}": ("/limits.json", "/limits.ttl"),
    "/queries": ("/queries", "/queries/none"),
    "/queries.{suffix}": ("/queries.ttl", "/queries.csv"),
    "/queries/{name}": ("/queries/states-of-a-country", "/queries/states-of-a-country?x=y"),
    "/queries/{slug}/answer.{suffix}": (
        "/queries/states-of-a-country/answer.csv",
        "/queries/states-of-a-country/answer.ttl",
    ),
    "/.well-known/sparql-examples": ("/.well-known/sparql-examples", "/.well-known/none"),
    "/bulletins.atom": ("/bulletins.atom", "/bulletins.atom/none"),
    "/bulletins.rss": ("/bulletins.rss", "/bulletins.rss/none"),
    "/bulletins/{name}": ("/bulletins/2021-09", "/bulletins/2021-08"),
    "/cite": ("/cite", "/cite?iri=none"),
    "/cite.{suffix}": ("/cite.bib", "/cite.none"),
    "/related": ("/related?of=place:mx-jal&by=own-actions", "/related?of=place:mx-jal"),
    "/related.{suffix}": (
        "/related.csv?of=place:mx-jal&by=dl:partOf",
        "/related.ttl?of=place:mx-jal&by=dl:partOf",
    ),
    "/search": ("/search?text=jalisco", "/search?text=jalisco&colour=red"),
    "/search.{suffix}": ("/search.rq?kind=people", "/search.xyz"),
    "/pictures": ("/pictures", "/pictures?colour=red"),
    "/pictures/{name}": ("/pictures/actions-by-month", "/pictures/actions-by-mood"),
    "/about": ("/about", "/about/none"),
    "/accessibility": ("/accessibility", "/accessibility/none"),
    "/browse": ("/browse", "/browse/none/none"),
    "/browse/{key}": ("/browse/mx-jal", "/browse/none"),
    "/compare": ("/compare?state=mx-jal&state=mx-nle", "/compare?state=none"),
    "/compare.{suffix}": ("/compare.csv?state=mx-jal&state=mx-nle", "/compare.csv"),
    "/report": ("/report", "/report?about=none"),
    "/credits": ("/credits", "/credits/none"),
    "/credits.{suffix}": ("/credits.json", "/credits.csv"),
    "/changes": ("/changes", "/changes/none"),
    "/changes.{suffix}": ("/changes.trig", "/changes.csv"),
    "/changes/{version}/{number}": ("/changes/1.0.0/1", "/changes/9.9.9/1"),
    "/.well-known/resourcesync": ("/.well-known/resourcesync", "/.well-known/resourcesync/none"),
    "/resourcesync/capabilitylist.xml": (
        "/resourcesync/capabilitylist.xml",
        "/resourcesync/none.xml",
    ),
    "/resourcesync/resourcelist.xml": ("/resourcesync/resourcelist.xml", "/resourcesync/none"),
    "/resourcesync/resourcelist/{number}.xml": (
        "/resourcesync/resourcelist/1.xml",
        "/resourcesync/resourcelist/0.xml",
    ),
    "/resourcesync/changelist.xml": ("/resourcesync/changelist.xml", "/resourcesync/"),
    "/resourcesync/changelist/{version}/{number}.xml": (
        "/resourcesync/changelist/1.0.0/1.xml",
        "/resourcesync/changelist/9.9.9/1.xml",
    ),
}
for _list in listings():
    EXAMPLES[f"/{_list}"] = (f"/{_list}", f"/{_list}?page=-1")
    EXAMPLES[f"/{_list}.{{suffix}}"] = (f"/{_list}.ttl", f"/{_list}.csv?cursor=none")
"""For each path of OpenAPI an address that is answered, and one that is not."""

UNNAMED = (
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/vocab/theme",
    "/def",
    "/graph/derived",
    "/static/style.css",
)
OF_THE_PROGRAM = ("/healthz", "/readyz", "/metrics", "/static/style.css")
LICENSE = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
NEGOTIATED = (
    "/sparql",
    "/graphs",
    "/doc/",
    "/changes",
    "/timemap/",
    "/vocab/",
    "/def",
    "/dataset",
    "/graph/",
    "/id/",
    "/quality",
    "/service",
    "/shapes",
    "/limits",
    "/queries",
    "/linkset",
    "/cite",
    "/credits",
    "/compare",
    "/related",
    "/pictures/",
    "/search",
    *(f"/{name}" for name in listings()),
    "/.well-known/sparql-examples",
    "/.well-known/void",
)


def test_every_path_of_openapi_has_an_example_here(client: TestClient) -> None:
    assert set(described(client)["paths"]) == set(EXAMPLES)


def test_openapi_says_what_each_route_is_for(client: TestClient) -> None:
    paths = described(client)["paths"]
    silent = [
        (path, method)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not operation.get("summary") or not operation.get("description")
    ]
    assert silent == []
    assert {path: set(methods) for path, methods in paths.items()} == {
        **{f"/{name}{suffix}": {"get"} for name in listings() for suffix in ("", ".{suffix}")},
        "/context/{name}.jsonld": {"get"},
        "/frames/{name}.jsonld": {"get"},
        "/schemas/{name}.json": {"get"},
        "/sparql": {"get", "post"},
        "/id/{key}": {"get"},
        "/timemap/{path}": {"get"},
        "/doc/{key}": {"get"},
        "/quality": {"get"},
        "/search": {"get"},
        "/search.{suffix}": {"get"},
        "/quality.{suffix}": {"get"},
        "/dataset": {"get"},
        "/dataset.{suffix}": {"get"},
        "/catalog": {"get"},
        "/.well-known/void": {"get"},
        "/.well-known/void.{suffix}": {"get"},
        "/.well-known/api-catalog": {"get"},
        "/linkset": {"get"},
        "/linkset.{suffix}": {"get"},
        "/robots.txt": {"get"},
        "/sitemap.xml": {"get"},
        "/sitemaps/{number}.xml": {"get"},
        "/dumps": {"get"},
        "/dumps.{suffix}": {"get"},
        "/dumps/{name}": {"get"},
        "/graphs": {"get"},
        "/graphs/{name}": {"get"},
        "/service": {"get"},
        "/service.{suffix}": {"get"},
        "/shapes": {"get"},
        "/shapes.{suffix}": {"get"},
        "/limits": {"get"},
        "/limits.{suffix}": {"get"},
        "/queries": {"get"},
        "/queries.{suffix}": {"get"},
        "/queries/{name}": {"get"},
        "/queries/{slug}/answer.{suffix}": {"get"},
        "/.well-known/sparql-examples": {"get"},
        "/bulletins.atom": {"get"},
        "/bulletins.rss": {"get"},
        "/bulletins/{name}": {"get"},
        "/cite": {"get"},
        "/cite.{suffix}": {"get"},
        "/related": {"get"},
        "/related.{suffix}": {"get"},
        "/about": {"get"},
        "/accessibility": {"get"},
        "/browse": {"get"},
        "/browse/{key}": {"get"},
        "/compare": {"get"},
        "/compare.{suffix}": {"get"},
        "/report": {"get"},
        "/pictures": {"get"},
        "/pictures/{name}": {"get"},
        "/credits": {"get"},
        "/credits.{suffix}": {"get"},
        "/changes": {"get"},
        "/changes.{suffix}": {"get"},
        "/changes/{version}/{number}": {"get"},
        "/.well-known/resourcesync": {"get"},
        "/resourcesync/capabilitylist.xml": {"get"},
        "/resourcesync/resourcelist.xml": {"get"},
        "/resourcesync/resourcelist/{number}.xml": {"get"},
        "/resourcesync/changelist.xml": {"get"},
        "/resourcesync/changelist/{version}/{number}.xml": {"get"},
    }


@pytest.mark.parametrize(
    "address", [*(address for pair in EXAMPLES.values() for address in pair), *UNNAMED]
)
@pytest.mark.parametrize("accept", [BROWSER, "*/*", "text/turtle", "application/json", "image/png"])
def test_every_route_answers_with_the_standard_headers(
    client: TestClient, address: str, accept: str
) -> None:
    headers = {"accept": accept, "origin": "https://elsewhere.example"}
    for method in ("GET", "HEAD"):
        answer = client.request(method, address, headers=headers)
        assert missing(address, answer) == []


def test_all_that_is_data_names_its_licence_and_nothing_else_does(client: TestClient) -> None:
    data: set[tuple[str, int]] = set()
    others: set[tuple[str, int]] = set()
    for address in (*(address for pair in EXAMPLES.values() for address in pair), *UNNAMED):
        answer = client.get(address, headers={"accept": "*/*"})
        is_data = answer.status_code == 200 and address not in OF_THE_PROGRAM
        (data if is_data else others).add((address, answer.headers.get("link", "").count(LICENSE)))
    assert len(data) > 60
    assert {(address, count) for address, count in data if count != 1} == set()
    assert {(address, count) for address, count in others if count != 0} == set()


def test_a_query_by_post_is_answered_with_the_standard_headers(client: TestClient) -> None:
    for body in ("query=ASK%7B%7D", "query=ASK", "update=CLEAR%20ALL", ""):
        answer = client.post(
            "/sparql",
            content=body,
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "origin": "https://elsewhere.example",
            },
        )
        assert missing("/sparql", answer) == []


@pytest.mark.parametrize(
    "address", [pair[1] for pair in EXAMPLES.values() if "/id/" not in pair[1]]
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_refusal_has_the_same_form(client: TestClient, address: str, language: str) -> None:
    answer = client.get(address, headers={"accept-language": language})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert list(problem)[:4] == ["type", "title", "status", "detail"]
    assert (problem["type"], problem["status"]) == ("about:blank", answer.status_code)
    assert problem["title"]
    assert problem["detail"]


SPARQL_REFUSED = [
    "query=%",
    "query=%ZZ",
    "query=ASK%7B%7D%23%ZZ",
    "query=%FF",
    "query=%00",
    "query=ASK%7B%7D%00",
    "query=ASK%7B%7D&query=ASK%7B%7D",
    "query=ASK%7B%7D&update=CLEAR%20ALL",
    "update=CLEAR%20ALL",
    "query=ASK%7B%7D&default-graph-uri=%00",
    "query=ASK%7B%7D&named-graph-uri=..%2F..%2Fetc",
    "query=ASK%7B%7D&format=../../etc",
    "query=ASK%7B%7D&format=%00",
    "query=ASK%7B%7D&format=",
    "query=ASK%7B%7D&labels=xx",
    "query=ASK%7B%7D&labels=",
    "query=ASK%7B%7D&labels=es",
    "query=ASK%7B%7D&labels=es&format=csv",
    "query=SELECT*%7B%7D&labels=es&labels=es&format=csv",
    *(
        f"query=ASK%7B%7D&timeout={timeout}"
        for timeout in (
            "-1",
            "0",
            "0.0",
            "",
            "nan",
            "inf",
            "1e999",
            "1_0",
            "%D9%A3",
            "5s",
            "9" * 99,
        )
    ),
    "query=ASK%7B%7D&timeout=1&timeout=2",
    "query=ASK%7B%7D&download=../x",
    "query=ASK%7B%7D&download=.x",
    "query=ASK%7B%7D&download=a%22b",
    "query=ASK%7B%7D&download=a%0D%0Ax:y",
    "query=ASK%7B%7D&download=" + "a" * 101,
    "query=ASK%7B%7D&download=a&download=b",
]
GRAPHS_REFUSED = [
    *(
        f"/graphs?{asked}"
        for asked in (
            "graph=",
            "graph=derived",
            "graph=%00",
            "graph=%FF",
            "graph=%",
            "graph=urn:a&graph=urn:b",
            "default&default",
            "default&graph=urn:a",
            "default&format=../../etc",
            "default&timeout=nan",
            "default&download=../x",
            "format=csv",
        )
    ),
    "/graphs/%00",
    "/graphs/urn:%00",
    "/doc/%00",
    "/doc/%FF",
    "/doc/%ZZ",
    "/%00",
    "/%",
]


@pytest.mark.parametrize("parameters", SPARQL_REFUSED)
def test_a_query_with_rubbish_is_refused_by_whatever_method(
    client: TestClient, parameters: str
) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answers = [client.request(method, f"/sparql?{parameters}") for method in ("GET", "HEAD")] + [
        client.request(method, "/sparql", content=parameters, headers=form)
        for method in ("POST", "QUERY")
    ]
    for answer in answers:
        assert_refused(answer)
    assert len({answer.status_code for answer in answers}) == 1


@pytest.mark.parametrize("address", GRAPHS_REFUSED)
def test_an_address_with_rubbish_is_refused(client: TestClient, address: str) -> None:
    for method in ("GET", "HEAD"):
        assert_refused(client.request(method, address))


@pytest.mark.parametrize(
    "accept",
    ["a/b," * 20_000, "/", ";;;", "*/*;q=x", "\x7f", "text/" + "x" * 70_000],
    ids=["many", "slash", "semicolons", "weight", "control", "long"],
)
def test_an_absurd_accept_is_no_bug(client: TestClient, accept: str) -> None:
    for address in ("/sparql?query=ASK%7B%7D", "/graphs", "/doc/place/mx-jal", "/doc/none"):
        answer = client.get(address, headers={"accept": accept})
        assert answer.status_code in (200, 404, 406)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"", {}),
        (b"", {"content-type": "application/sparql-query"}),
        (b"\x00" * 100, {"content-type": "application/sparql-query"}),
        (b"\xff" * 100, {"content-type": "application/sparql-query"}),
        (b"ASK {}" + b" " * 10_000_000, {"content-type": "application/sparql-query"}),
        (b"query=ASK{}&" * 1_000_000, {"content-type": "application/x-www-form-urlencoded"}),
        (b"&" * 9_000, {"content-type": "application/x-www-form-urlencoded"}),
        (b"ASK {}", {"content-type": "multipart/form-data; boundary=x"}),
        (b"ASK {}", {"content-type": "\x00"}),
        (b"ASK {}", {"content-type": "application/sparql-query; charset=rot13"}),
    ],
    ids=["nothing", "empty", "NUL", "bytes", "10 MB", "12 MB", "signs", "parts", "kind", "charset"],
)
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_an_absurd_body_is_refused(
    client: TestClient, method: str, content: bytes, headers: dict[str, str]
) -> None:
    assert_refused(client.request(method, "/sparql", content=content, headers=headers))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACE", "FOO"])
@pytest.mark.parametrize("address", [*(answered for answered, _ in EXAMPLES.values()), *UNNAMED])
def test_a_method_is_answered_or_refused_with_those_that_are(
    client: TestClient, address: str, method: str
) -> None:
    allowed = client.options(address).headers["allow"].split(", ")
    answer = client.request(method, address)
    if method in allowed:
        assert answer.status_code == 415  # there was no body
    else:
        assert_refused(answer)
        assert answer.status_code == 405
        assert answer.headers["allow"].split(", ") == allowed
    assert ("POST" in allowed) == ("QUERY" in allowed) == address.startswith("/sparql")


def assert_refused(answer: Response) -> None:
    """An answer that says in the usual form that the request was wrong."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    if answer.request.method != "HEAD":
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]


def described(client: TestClient) -> dict[str, Any]:
    """The site as OpenAPI describes it."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def missing(address: str, answer: Response) -> list[str]:
    """What the headers of an answer do not say."""
    has = answer.headers
    vary = {name.strip() for name in has.get("vary", "").split(",")}
    negotiated = address == "/" or address.startswith(NEGOTIATED)
    succeeded = answer.status_code == 200
    answered = address == "/" or address.startswith(("/sparql", "/graphs"))
    document = succeeded and negotiated and not answered
    wanted = {
        "a known status": answer.status_code in (200, 303, 400, 403, 404, 406),
        "CORS": has.get("access-control-allow-origin") == "*",
        "Content-Type": "content-type" in has or answer.status_code == 303,
        "Vary: Accept": "Accept" in vary or not negotiated,
        "Vary: Accept-Language": "Accept-Language" in vary
        or "html" not in has.get("content-type", ""),
        "Content-Language": "content-language" in has or "html" not in has.get("content-type", ""),
        "Content-Location": "content-location" in has or not document,
        "ETag": "etag" in has or not document,
        "Link to the alternates": 'rel="alternate"' in has.get("link", "") or not document,
        "Location": "location" in has or answer.status_code != 303,
        "no-store": has.get("cache-control") == "no-store" or answer.status_code < 400,
    }
    return [name for name, kept in wanted.items() if not kept]


@pytest.fixture(scope="module")
def with_history(parts: Parts, real_build: Build) -> Iterator[TestClient]:
    """The site with the releases that the real server has."""
    history = EmbeddedStore.open(history_database(real_build))
    with TestClient(create_app(replace(parts, history=history)), base_url=SITE) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/doc/action/2021-09-07",
        "/doc/place/mx",
        "/vocab/theme",
        "/graph/derived",
        "/def",
        "/queries",
        "/queries/states-of-a-country",
    ],
)
@pytest.mark.parametrize("suffix", ["jsonld", "ttl", "nt", "rdf", "html"])
def test_what_has_the_same_tag_has_the_same_bytes_in_another_process(
    with_history: TestClient, site: str, path: str, suffix: str
) -> None:
    plain = {"accept-encoding": "identity"}
    here = with_history.get(f"{path}.{suffix}", headers=plain)
    there = httpx2.get(f"{site}{path}.{suffix}", headers=plain, timeout=60)
    assert here.headers["etag"] == there.headers["etag"]
    assert here.content == there.content.replace(site.encode(), SITE.encode())
