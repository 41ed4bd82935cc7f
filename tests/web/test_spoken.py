"""The language of the site and of what it tells: by the address, by `lang`, by the browser."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Quad, RdfFormat, parse
from tests.conftest import Page

from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def visited(client: TestClient, address: str, *, likes: str = "fr") -> tuple[Page, dict[str, str]]:
    answer = client.get(address, headers={"accept": BROWSER, "accept-language": likes})
    assert answer.status_code == 200
    return Page(answer.text), dict(answer.headers)


def spoken(page: Page) -> str:
    return next(has["lang"] for tag, has, _ in page.elements if tag == "html")


@pytest.mark.parametrize(
    ("address", "likes", "site"),
    [
        ("/actions", "es-MX,en;q=0.5", "es"),
        ("/actions", "en-GB", "en"),
        ("/actions", "fr", "es"),
        ("/es/actions", "en", "es"),
        ("/en/actions", "es", "en"),
        ("/en", "es", "en"),
        ("/es/", "en", "es"),
    ],
)
def test_the_address_goes_before_what_a_browser_likes(
    client: TestClient, address: str, likes: str, site: str
) -> None:
    page, headers = visited(client, address, likes=likes)
    assert (spoken(page), headers["content-language"]) == (site, site)


def test_names_may_be_in_another_language_than_the_site(client: TestClient) -> None:
    page, headers = visited(client, "/en/vocab/theme/culture?lang=es")
    assert (spoken(page), headers["content-language"]) == ("en", "en, es")
    assert page.texts("h1") == ["Cultura y patrimonio"]
    assert "Skip to the content" in page.texts("a")
    # It stays so on the next page, and a switch leads back.
    inner = [has["href"] for tag, has, _ in page.elements if tag == "a"]
    assert "/en/quality?lang=es" in inner
    assert page.links()["/vocab/theme/culture"] == "Show them in English"


def test_a_page_says_where_it_is_in_each_language(client: TestClient) -> None:
    page, _ = visited(client, "/en/actions?theme=culture&lang=es")
    home = "http://diplolocal.test"
    found = {
        has.get("hreflang", has["rel"]): has["href"]
        for tag, has, _ in page.elements
        if tag == "link" and ("hreflang" in has or has["rel"] == "canonical")
    }
    assert found == {
        "canonical": f"{home}/en/actions?theme=culture",
        "es": f"{home}/es/actions?theme=culture",
        "en": f"{home}/en/actions?theme=culture",
        "x-default": f"{home}/actions?theme=culture&lang=es",
    }


def test_the_two_languages_have_validators_of_their_own(client: TestClient) -> None:
    tags = {
        visited(client, address)[1]["etag"]
        for address in ("/es/actions", "/en/actions", "/en/actions?lang=es", "/es/actions?lang=en")
    }
    assert len(tags) == 4


def test_a_thing_leads_to_its_document_in_the_same_language(client: TestClient) -> None:
    answer = client.get("/en/id/place/mx-jal", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/doc/place/mx-jal")


@pytest.mark.parametrize("address", ["/fr/actions", "/ess/actions", "/es-MX/", "/en/es/actions"])
def test_other_languages_are_not_there(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_problem_is_told_in_the_language_of_the_address(client: TestClient) -> None:
    for language, title in (("es", "No se encontró"), ("en", "Not found")):
        answer = client.get(f"/{language}/doc/nothing", headers={"accept": BROWSER})
        page = Page(answer.text)
        assert (answer.status_code, spoken(page), page.texts("h1")) == (404, language, [title])


def test_programs_may_ask_at_the_address_in_a_language_as_well(client: TestClient) -> None:
    answer = client.post("/en/sparql", data={"query": "ASK {}"})
    assert answer.json() == {"head": {}, "boolean": True}
    whole = client.get("/doc/place/mx-jal.ttl")
    assert client.get("/es/doc/place/mx-jal.ttl").content == whole.content


ONLY_SPANISH = """
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix firm: <https://w3id.org/diplolocal/id/firm/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/diplolocal/graph/reference/firms> {
firm:sola a dl:Firm ; skos:prefLabel "Sola"@es ; dcterms:description "Solo se dice así."@es-MX ;
  dl:basedIn firm:otra .
firm:otra a dl:Firm ; skos:prefLabel "La otra"@es .
}
"""


def test_what_is_said_in_one_language_only_is_shown_and_marked(
    parts: Parts, small_quads: list[Quad]
) -> None:
    store = EmbeddedStore([*small_quads, *parse(ONLY_SPANISH, format=RdfFormat.TRIG)])
    with TestClient(create_app(replace(parts, store=store, version=None))) as client:
        page, _ = visited(client, "/en/doc/firm/sola")
    assert page.texts("h1") == ["Sola (es)"]
    assert {"La otra", "Sola"} == set(page.texts("span", lang="es"))
    assert "Solo se dice así." in page.texts("p", lang="es-mx")
