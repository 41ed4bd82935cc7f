"""The page about a release."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad, RdfFormat, parse
from tests import histories
from tests.conftest import REPOSITORY, SITE, Page

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

ISSUED = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/diplolocal/graph/releases> {
  <https://w3id.org/diplolocal/dataset/1.0.0> dcterms:issued "2026-11-01T00:00:00Z"^^xsd:dateTime .
  <https://w3id.org/diplolocal/dataset/1.1.0> dcterms:issued "2026-12-01T00:00:00Z"^^xsd:dateTime ;
    dcat:previousVersion <https://w3id.org/diplolocal/dataset/1.0.0> .
}
"""


@pytest.fixture(scope="module")
def mine(parts: Parts, small_quads: list[Quad]) -> Parts:
    """A site that has the releases of `history.trig` in its data, too."""
    told = [
        quad
        for quad in parse(path=REPOSITORY / "tests" / "history.trig")
        if iris.is_release(str(getattr(quad.subject, "value", "")))
    ]
    store = EmbeddedStore([*small_quads, *told, *parse(ISSUED, format=RdfFormat.TRIG)])
    return replace(
        parts,
        store=store,
        public=store,
        history=histories.small(),
        release="1.1.0",
        version="b" * 12,
    )


@pytest.fixture(scope="module")
def site(mine: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(mine), base_url=SITE, follow_redirects=False) as client:
        yield client


def rows(page: Page) -> list[str]:
    return page.texts("tr")[1:]


def test_the_page_says_what_the_release_is_and_how_much_it_changed(site: TestClient) -> None:
    answer = site.get("/dataset/1.1.0?lang=en", headers={"accept": "text/html"})
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.texts("h1") == ["diplolocal 1.1.0"]
    assert page.texts("p", **{"class": "lead"}) == ["The second."]
    assert page.texts("time") == ["1 December 2026"]
    assert page.texts("th", scope="col") == [
        "Kind",
        "Added",
        "Changed",
        "Taken back",
        "Merged",
        "Removed",
    ]
    assert rows(page) == [
        "Firm00110",
        "Bulletin01000",
        "Participation00001",
        "Release10000",
        "All11111",
    ]
    links = page.links()
    assert links["/dataset/1.0.0"] == "1.0.0"
    assert "/changes/1.1.0/1" in links
    assert "/dumps" in links


def test_the_page_of_an_older_release_leads_to_the_newer_one(site: TestClient) -> None:
    page = Page(site.get("/dataset/1.0.0.html?lang=es").text)
    assert page.texts("p", **{"class": "lead"}) == ["Lo primero."]
    assert rows(page)[0] == "Empresa3"
    links = page.links()
    assert links["/dataset/1.1.0"] == "1.1.0"
    # The files are of the newest: only the foot of the page leads to them.
    assert [text for _, has, text in page.elements if has.get("href") == "/es/dumps"] == [
        "Descargas"
    ]


def test_where_the_data_were_changed_since_the_page_says_so(mine: Parts) -> None:
    changed = replace(mine, release="1.1.0+abcdef012345")
    with TestClient(create_app(changed), base_url=SITE) as client:
        said = client.get("/dataset/1.1.0.html?lang=en").text
        assert "the files here are of version 1.1.0+abcdef012345" in said


def test_over_an_endpoint_the_page_tells_what_it_knows(mine: Parts) -> None:
    with TestClient(create_app(replace(mine, history=None)), base_url=SITE) as client:
        page = Page(client.get("/dataset/1.1.0.html?lang=en").text)
        assert (page.texts("h1"), rows(page)) == (["diplolocal 1.1.0"], [])
        assert [link for link in page.links() if link.startswith("/changes")] == []


def test_a_release_is_a_document_like_any_other(site: TestClient) -> None:
    turtle = site.get("/dataset/1.1.0", headers={"accept": "text/turtle"})
    assert (turtle.status_code, turtle.headers["content-location"]) == (200, "/dataset/1.1.0.ttl")
    assert "dl:Release" in turtle.text
    assert site.get("/dataset/9.9.9", headers={"accept": "application/json"}).status_code == 404
