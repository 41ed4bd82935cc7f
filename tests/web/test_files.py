"""Files as they are: context, frames, schemas, style sheets, scripts, the icon."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE

from diplolocal.build import Build
from diplolocal.web import query_page


@pytest.mark.parametrize(
    ("name", "kept"),
    [("v1", "public, max-age=604800"), ("1.0.0", "public, max-age=31536000, immutable")],
)
def test_the_context_is_the_one_of_the_build(
    client: TestClient, real_build: Build, name: str, kept: str
) -> None:
    answer = client.get(f"/context/{name}.jsonld", headers={"origin": "https://e.example"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["cache-control"] == kept
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.content == real_build.context.read_bytes()
    assert json.loads(answer.content)["@context"]["dl"] == "https://w3id.org/diplolocal/def#"


@pytest.mark.parametrize("accept", ["application/ld+json", "application/json", "*/*", "text/html"])
def test_the_context_is_given_to_whoever_asks(client: TestClient, accept: str) -> None:
    answer = client.get("/context/v1.jsonld", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")


@pytest.mark.parametrize("name", ["v2", "1.0.1", "1.0", "v1.0.0"])
def test_another_version_of_the_context_is_not_there_and_told_so(
    client: TestClient, name: str
) -> None:
    answer = client.get(f"/context/{name}.jsonld", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        f"There is no context/{name}.jsonld here. There is: v1.jsonld, 1.0.0.jsonld."
    )


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/context/v1.jsonld", "application/ld+json"),
        ("/context/1.0.0.jsonld", "application/ld+json"),
        ("/frames/Action.jsonld", "application/ld+json"),
        ("/schemas/Action.json", "application/schema+json"),
    ],
)
def test_what_processors_need_is_not_sent_to_those_who_hold_it(
    client: TestClient, path: str, media_type: str
) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == media_type
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_frame_is_of_its_class_and_names_the_context_of_this_site(client: TestClient) -> None:
    frame = client.get("/frames/Action.jsonld").json()
    assert frame["@context"] == f"{SITE}/context/v1.jsonld"
    assert frame["type"] == "Action"
    assert frame["hasParticipation"]["actor"]["@explicit"] is True
    assert frame["sem:hasActor"] == {"@embed": "@never", "@omitDefault": True}


def test_a_json_schema_needs_nothing_else(client: TestClient) -> None:
    schema = client.get("/schemas/Action.json").json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    references = set(re.findall(r'"\$ref": *"([^"]*)"', json.dumps(schema)))
    assert references == {
        f"#/$defs/{name}" for name in ("Key", "Participation", "Thing", "UnnamedActor")
    }
    assert set(schema["$defs"]) == {"Key", "Participation", "Thing", "UnnamedActor"}


@pytest.mark.parametrize("path", ["/frames/Nothing.jsonld", "/schemas/Nothing.json"])
def test_a_class_that_is_not_there_is_answered_with_those_that_are(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, headers={"accept-language": "es"})
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("Aquí no hay ")
    assert "Action.json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/context/v2.jsonld",
        "/context/v1",
        "/context/..jsonld",
        "/frames/..jsonld",
        "/frames/%2e%2e%2fcontext.jsonld",
        "/schemas/Action.jsonld",
        "/schemas/action.json",
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


@pytest.mark.parametrize("name", ["query.css", "query.js"])
def test_the_query_page_fetches_nothing_from_elsewhere(client: TestClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert answer.headers["content-type"].endswith("charset=utf-8")
    assert "://" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize("name", ["style.css", "query.js"])
def test_a_file_that_the_browser_has_is_not_sent_again(client: TestClient, name: str) -> None:
    plain = client.get(f"/static/{name}", headers={"accept-encoding": "identity"})
    packed = client.get(f"/static/{name}", headers={"accept-encoding": "br, GZIP"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"
    for held, encoding in ((plain, "identity"), (packed, "gzip")):
        headers = {"if-none-match": held.headers["etag"], "accept-encoding": encoding}
        again = client.get(f"/static/{name}", headers=headers)
        assert (again.status_code, again.content) == (304, b"")


def test_the_editor_is_given_whole_where_it_was_fetched(client: TestClient) -> None:
    folder = Path(query_page.__file__).parent / "static" / "editor"
    for name in ("yasqe.min.js", "yasqe.min.css"):
        answer = client.get(f"/static/editor/{name}")
        if query_page.has_editor():
            assert answer.content == (folder / name).read_bytes()
        else:
            assert answer.status_code == 404
    assert client.get("/static/editor/integrity").status_code == 404


@pytest.mark.parametrize("path", ["/context/v1.jsonld", "/static/style.css", "/static/icon.svg"])
def test_head_has_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    full, empty = client.get(path), client.head(path)
    assert (empty.status_code, empty.content) == (200, b"")
    assert dict(empty.headers) == dict(full.headers)
