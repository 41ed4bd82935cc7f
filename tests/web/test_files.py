"""Files as they are: the JSON-LD context, the style sheet, the icon."""

import json
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from diplolocal.build import Build


@pytest.mark.parametrize("name", ["v1", "1.0.0"])
def test_the_context_is_the_one_of_the_build(
    client: TestClient, real_build: Build, name: str
) -> None:
    answer = client.get(f"/context/{name}.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["cache-control"] == "public, max-age=604800"
    assert answer.content == real_build.context.read_bytes()
    assert json.loads(answer.content)["@context"]["dl"] == "https://w3id.org/diplolocal/def#"


@pytest.mark.parametrize("accept", ["application/ld+json", "application/json", "*/*", "text/html"])
def test_the_context_is_given_to_whoever_asks(client: TestClient, accept: str) -> None:
    answer = client.get("/context/v1.jsonld", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")


@pytest.mark.parametrize(
    "path",
    [
        "/context/v2.jsonld",
        "/context/v1",
        "/context/..jsonld",
        "/static/nothing.css",
        "/static/app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%2f..%2fcli.py",
        "/static/",
    ],
)
def test_nothing_else_is_given(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_the_style_sheet_is_css_and_fetches_nothing(client: TestClient) -> None:
    answer = client.get("/static/style.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "{" in answer.text
    assert "http" not in answer.text
    assert "@import" not in answer.text


def test_the_icon_is_an_svg(client: TestClient) -> None:
    answer = client.get("/static/icon.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("path", ["/context/v1.jsonld", "/static/style.css", "/static/icon.svg"])
def test_head_has_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    full, empty = client.get(path), client.head(path)
    assert (empty.status_code, empty.content) == (200, b"")
    assert dict(empty.headers) == dict(full.headers)
