"""The pages about things and concepts: each class has one, in both languages, whole, and nothing on
it is cut without saying how much there is and where.
"""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad
from tests.conftest import SITE, Page
from tests.recorded import recorded

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = {"accept": "text/html"}
HUBS = ["place/mx-jal", "place/us", "place/mx-14039", "region/occidente", "government/mx-jal"]
FIRST_OF_EACH_CLASS = """
SELECT ?class (MIN(STR(?thing)) AS ?first) WHERE {
  GRAPH ?graph { ?thing a ?class }
  FILTER(?graph != <https://w3id.org/diplolocal/graph/derived>)
  FILTER(STRSTARTS(STR(?class), "https://w3id.org/diplolocal/def#"))
  FILTER(STRSTARTS(STR(?thing), "https://w3id.org/diplolocal/id/"))
}
GROUP BY ?class
ORDER BY ?class
"""


def test_a_thing_of_every_class_has_a_whole_page_in_both_languages(
    client: TestClient, store: EmbeddedStore
) -> None:
    rows = select(store, FIRST_OF_EACH_CLASS)
    assert len(rows) > 30
    for row in rows:
        path = iris.path_of(iris.document_of(plain(row["first"])))
        said = set()
        for language, report in (("es", "Reportar un error"), ("en", "Report an error")):
            page = visit(client, f"/{language}{path}")
            [sentence] = page.texts("p", **{"class": "sentence"})
            assert not re.search(r"[{}\[\]]", sentence), sentence
            assert sentence.endswith("."), sentence
            said.add(sentence)
            assert len(page.texts("h1")) == 1
            links = page.links()
            assert links[f"/report?about={quoted(plain(row['first']))}"] == report
            assert {f"{path}.ttl", f"{path}.jsonld"} <= links.keys()
            assert any(link.startswith("/cite?") for link in links)
            assert plain(row["first"]) in page.texts("code")
            assert headings_in_order(page)
        assert len(said) == 2, path


def test_the_page_of_a_state_says_what_it_is_and_how_much_it_does(client: TestClient) -> None:
    page = visit(client, "/es/doc/place/mx-jal")
    [sentence] = page.texts("p", **{"class": "sentence"})
    assert sentence == (
        "Jalisco es una entidad federativa de México, en la región Occidente. Población en 2020:"
        " 8,348,151."
    )
    [totals] = page.texts("ul", **{"class": "totals"})
    assert totals == (
        "24 Acciones en total 12 Acciones de su gobierno 2 Acciones de sus dependencias 10 Acciones"
        " de sus municipios 7 Países contraparte 22 Contrapartes 4 Municipios con acciones 114"
        " Hermanamientos 26 Acuerdos 5 Membresías"
    )


def test_the_pictures_of_a_state_are_of_that_state(client: TestClient) -> None:
    page = visit(client, "/en/doc/place/mx-jal")
    sources = [has["src"] for tag, has, _ in page.elements if tag == "img"]
    assert sources == [
        f"/pictures/actions-by-{name}.plain.svg?state=mx-jal&lang=en"
        for name in ("country", "month", "theme")
    ]
    assert "/pictures/actions-by-month?state=mx-jal" in page.links()


@pytest.mark.parametrize("key", HUBS)
def test_what_is_cut_says_how_much_there_is_and_leads_to_it(client: TestClient, key: str) -> None:
    page = visit(client, f"/en/doc/{key}")
    rests = [
        (has["href"], text)
        for tag, has, text in page.elements
        if tag == "a" and has.get("class") == "rest"
    ]
    assert rests
    for address, text in rests:
        found = re.match(r"All ([\d,]+)", text)
        assert found, text
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200, address
        assert answer.headers["x-total-count"] == found[1].replace(",", ""), address


@pytest.mark.parametrize("key", HUBS)
def test_a_page_of_a_hub_is_small(client: TestClient, key: str) -> None:
    assert len(client.get(f"/es/doc/{key}", headers=BROWSER).content) < 100_000


def test_the_surroundings_lead_to_the_neighbours_and_say_that_there_are_more(
    client: TestClient,
) -> None:
    page = visit(client, "/en/doc/place/mx-jal")
    [caption] = page.texts("figcaption")
    assert re.fullmatch(
        r"What it is related to: the nearest \d+ of \d+; the rest is below", caption
    )
    assert page.links()["/doc/place/us"] in ("United States", "United States 8")


def test_an_old_version_shows_nothing_that_is_only_counted_today(
    parts: Parts, small_quads: list[Quad]
) -> None:
    with past(parts, small_quads) as client:
        now = visit(client, "/en/doc/place/mx-14039")
        then = visit(client, "/en/doc/place/mx-14039?version=1.0.0")
    assert now.texts("ul", **{"class": "totals"})
    assert then.texts("ul", **{"class": "totals"}) == []
    assert then.texts("figure") == []
    assert [text for text in then.texts("h2") if text.startswith("Actions")] == ["Actions 2"]
    assert then.texts("p", **{"class": "sentence"})
    assert "Report an error" in then.texts("a")


def past(parts: Parts, small_quads: list[Quad]) -> TestClient:
    """The site over a small graph with three releases, the newest of which is served."""
    told = recorded(small_quads)
    served = replace(
        parts, store=told.store, public=told.store, history=told.history, release="1.2.0"
    )
    return TestClient(create_app(served), base_url=SITE)


def visit(client: TestClient, path: str) -> Page:
    """The page at a path."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, (path, answer.text[:500])
    return Page(answer.text)


def quoted(iri: str) -> str:
    """An IRI as a parameter."""
    return iri.replace(":", "%3A").replace("/", "%2F")


def headings_in_order(page: Page) -> bool:
    """Whether no heading is more than one level below the one before (WCAG 2.2, 1.3.1)."""
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    return all(after <= before + 1 for before, after in pairwise(levels))
