"""Promises of every route that OpenAPI names, and of every route that it does not."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.conftest import SITE

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EXAMPLES = {
    "/context/{name}.jsonld": ("/context/v1.jsonld", "/context/none.jsonld"),
    "/sparql": ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK"),
    "/id/{key}": ("/id/place/mx-jal", "/id/none"),
    "/doc/{key}": ("/doc/place/mx-jal", "/doc/none"),
    "/quality": ("/quality", "/quality/none"),
    "/quality.{suffix}": ("/quality.json", "/quality.ttl"),
}
"""For each path of OpenAPI an address that is answered, and one that is not."""

UNNAMED = ("/", "/vocab/theme", "/def", "/dataset", "/graph/derived", "/static/style.css")
NEGOTIATED = ("/sparql", "/doc/", "/vocab/", "/def", "/dataset", "/graph/", "/id/", "/quality")


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
        "/context/{name}.jsonld": {"get"},
        "/sparql": {"get", "post"},
        "/id/{key}": {"get"},
        "/doc/{key}": {"get"},
        "/quality": {"get"},
        "/quality.{suffix}": {"get"},
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
    document = succeeded and negotiated and address != "/" and not address.startswith("/sparql")
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


@pytest.mark.parametrize(
    "path",
    ["/doc/action/2021-09-07", "/doc/place/mx", "/vocab/theme", "/graph/derived", "/def"],
)
@pytest.mark.parametrize("suffix", ["jsonld", "ttl", "nt", "rdf", "html"])
def test_what_has_the_same_tag_has_the_same_bytes_in_another_process(
    client: TestClient, site: str, path: str, suffix: str
) -> None:
    here, there = client.get(f"{path}.{suffix}"), httpx2.get(f"{site}{path}.{suffix}", timeout=60)
    assert here.headers["etag"] == there.headers["etag"]
    assert here.content == there.content.replace(site.encode(), SITE.encode())
