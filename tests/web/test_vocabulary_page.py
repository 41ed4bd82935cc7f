"""The pages of vocabularies and of concepts, as their readers see them."""

import re

import pytest
from fastapi.testclient import TestClient
from tests.conftest import Page

from diplolocal import vocabularies
from diplolocal.embedded import EmbeddedStore


def test_the_page_of_a_scheme_is_the_tree_of_its_concepts(client: TestClient) -> None:
    page = _page(client, "/vocab/action-type", "en")
    assert page.texts("h1") == ["Action types"]
    assert page.texts("p", **{"class": "lead"})[0].startswith("What kind of action it is")
    assert "Concepts 61" in page.texts("h2")
    [agreements] = [item for item in page.texts("li") if item.startswith("Agreements AGR")]
    assert re.match(r"Agreements AGR used \d+ times A text or formal promise", agreements)
    assert "Example: A state and a foreign university sign a text" in agreements
    assert "AGR-TWIN" in agreements
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert (facts["version"], facts["used by the properties"]) == ("1.0.0", "action type")


def test_the_page_of_a_scheme_leads_to_what_uses_each_concept(client: TestClient) -> None:
    page = _page(client, "/vocab/theme", "es")
    assert "/vocab/theme/culture#uses" in page.links()
    used = _page(client, "/vocab/theme/culture", "es")
    assert "uses" in [has.get("id") for tag, has, _ in used.elements if tag == "section"]


def test_the_page_of_a_concept_says_what_it_is_and_what_uses_it(
    client: TestClient, store: EmbeddedStore
) -> None:
    page = _page(client, "/vocab/action-type/agreement", "es")
    assert page.texts("h1") == ["Acuerdos"]
    assert page.texts("p", **{"class": "kind"}) == ["Concepto · Tipos de acción"]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["clave"] == "AGR"
    assert facts["ejemplo"].startswith("Un estado y una universidad extranjera")
    types = vocabularies.read(store, "https://w3id.org/diplolocal/vocab/action-type")
    things = next(each.things for each in types.tops if each.notation == "AGR")
    assert f"Qué lo usa {things}" in page.texts("h2")
    assert "Ver todo (92): Acciones" in page.texts("a"), "with those of narrower concepts"


def test_a_concept_that_is_used_by_others_than_actions_lists_them(client: TestClient) -> None:
    page = _page(client, "/vocab/organisation-type/un-body", "en")
    names = [text for text in page.texts("summary") if text.startswith("type of organisation")]
    assert len(names) == 1
    assert [link for link in page.links() if link.startswith("/doc/organisation/")]


def test_a_concept_that_nothing_uses_says_so(client: TestClient, store: EmbeddedStore) -> None:
    types = vocabularies.read(store, "https://w3id.org/diplolocal/vocab/action-type")
    unused = next(each for each in types.tops if not each.things and each.narrower)
    page = _page(client, unused.iri.removeprefix("https://w3id.org/diplolocal"), "en")
    assert "Nothing in the data uses this concept yet." in page.texts("p")
    assert "Narrower concepts" in page.texts("h2")


@pytest.mark.parametrize("path", ["/vocab/nothing", "/vocab/theme/nothing", "/vocab/", "/vocab//"])
def test_what_is_no_concept_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, "Traceback" in answer.text) == (404, False)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
def test_a_scheme_and_a_concept_are_there_in_every_format(client: TestClient, suffix: str) -> None:
    for path in ("/vocab/theme", "/vocab/theme/culture"):
        answer = client.get(f"{path}.{suffix}")
        assert answer.status_code == 200
        assert answer.headers["content-location"] == f"{path}.{suffix}"


def _page(client: TestClient, path: str, language: str) -> Page:
    answer = client.get(f"{path}?lang={language}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    return Page(answer.text)
