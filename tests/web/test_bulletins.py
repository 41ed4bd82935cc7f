"""The bulletin of a month on the site."""

import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad
from tests.conftest import SITE, Page

from diplolocal import bulletin, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.search import Index
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import LANGUAGES, Language, speaker

BROWSER = {"Accept": "text/html"}


def page(client: TestClient, address: str) -> Page:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_on_the_page_once_with_its_people_and_links(
    client: TestClient, store: EmbeddedStore, language: Language
) -> None:
    found = page(client, f"/{language}/bulletins/2021-09")
    told = bulletin.read(store, "2021-09", language)
    articles = {
        has["id"]: text for name, has, text in found.elements if name == "article" and "id" in has
    }
    assert list(articles) == [iris.key_of(action.iri) for action in told.actions]
    links = found.links()
    for action in told.actions:
        text = articles[iris.key_of(action.iri)]
        assert str(action.title) in text
        assert str(action.description) in text
        for each in action.participants:
            assert str(each.called) in text
            assert all(str(person) in text for person in each.people)
            assert str(each.post or "") in text
            if each.actor:
                assert iris.path_of(iris.document_of(each.actor.iri)) in links
        assert iris.path_of(iris.document_of(action.iri)) in links


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_eight_regions_are_sections_and_an_empty_one_says_so(
    client: TestClient, store: EmbeddedStore, language: Language
) -> None:
    found = page(client, f"/{language}/bulletins/2022-02")
    told = bulletin.read(store, "2022-02", language)
    regions = [str(section.region) for section in told.sections]
    assert [heading for heading in found.texts("h2") if heading in regions] == regions
    sentence = speaker(language)("Of this region the graph records no action in this bulletin.")
    assert found.texts("p").count(sentence) == 7


def test_what_the_editors_say_and_how_it_was_read_is_there(client: TestClient) -> None:
    september, february = (page(client, f"/en/bulletins/{x}") for x in ("2021-09", "2022-02"))
    [remark] = september.texts("blockquote")
    assert remark.startswith("The editors say that the issue is shorter")
    assert [text for text in september.texts("p") if text.startswith("How it was read")] == []
    [read] = [text for text in february.texts("p") if text.startswith("How it was read")]
    assert "the text at hand is not complete" in read


def test_the_figures_say_which_month_is_before_and_lead_to_what_they_count(
    client: TestClient,
) -> None:
    found = page(client, "/en/bulletins/2021-09")
    assert any(
        "In the bulletin before it in the graph, July 2021: 3." in x for x in found.texts("p")
    )
    assert {"September 2021", "July 2021", "Mean of 2021"} <= set(found.texts("th", scope="col"))
    links = {
        address: text
        for address, text in found.links().items()
        if address.startswith("/search?") and "country=us" in address
    }
    assert "4" in links.values()
    for address in links:
        assert client.get("/en" + address, headers=BROWSER).status_code == 200
    rows = client.get("/actions.csv?bulletin=2021-09&country=us").text.splitlines()
    assert len(rows) == 1 + 4


def test_one_turns_to_the_bulletins_before_and_after(client: TestClient) -> None:
    links = page(client, "/en/bulletins/2021-09").links()
    assert links["/bulletins/2021-07"].startswith(("← July 2021", "3 "))
    assert links["/bulletins/2021-10"] == "October 2021 →"
    assert links["/bulletins"] == "All bulletins"
    first, last = page(client, "/en/bulletins/2021-01"), page(client, "/en/bulletins/2022-02")
    assert len([name for name, has, _ in first.elements if has.get("rel") == "prev"]) == 0
    assert len([name for name, has, _ in last.elements if has.get("rel") == "next"]) == 0


def test_headings_are_in_order_and_ids_are_unique(client: TestClient) -> None:
    found = page(client, "/es/bulletins/2021-09")
    ids = [has["id"] for _, has, _ in found.elements if "id" in has]
    assert len(ids) == len(set(ids))
    assert len(found.texts("h1")) == 1
    inner = {has["href"][1:] for name, has, _ in found.elements if has.get("href", "")[:1] == "#"}
    assert inner <= set(ids)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("pdf", "application/pdf"),
        ("txt", "text/plain; charset=utf-8"),
        ("eml", "message/rfc822"),
        ("email.html", "text/html; charset=utf-8"),
    ],
)
def test_files_have_names_languages_and_validators(
    client: TestClient, suffix: str, media_type: str
) -> None:
    spanish, english = (client.get(f"/bulletins/2021-09.{suffix}?lang={x}") for x in ("es", "en"))
    assert spanish.headers["content-type"] == media_type
    assert f'filename="diplolocal-2021-09-es.{suffix}"' in spanish.headers["content-disposition"]
    assert (spanish.headers["content-language"], english.headers["content-language"]) == (
        *("es", "en"),
    )
    assert spanish.headers["etag"] != english.headers["etag"]
    held = {"If-None-Match": spanish.headers["etag"]}
    again = client.get(f"/bulletins/2021-09.{suffix}?lang=es", headers=held)
    assert (again.status_code, again.content) == (304, b"")


def test_the_language_of_the_address_is_that_of_the_file(client: TestClient) -> None:
    for language in LANGUAGES:
        answer = client.get(f"/{language}/bulletins/2021-09.txt")
        assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("application/pdf", "application/pdf"), ("text/plain", "text/plain; charset=utf-8")],
)
def test_a_client_gets_what_it_prefers(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/bulletins/2021-09", headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


def test_data_are_in_the_document_about_the_bulletin(client: TestClient) -> None:
    by_suffix = client.get("/bulletins/2021-09.ttl")
    by_accept = client.get("/bulletins/2021-09", headers={"Accept": "text/turtle"})
    for answer in (by_suffix, by_accept):
        assert (answer.status_code, answer.headers["location"]) == (
            *(303, "/doc/bulletin/2021-09.ttl"),
        )
    assert client.get("/doc/bulletin/2021-09.ttl").status_code == 200


@pytest.mark.parametrize("suffix", ["", ".pdf", ".txt", ".eml"])
def test_a_month_that_is_missing_is_not_in_the_graph_yet(client: TestClient, suffix: str) -> None:
    answer = client.get(f"/bulletins/2021-08{suffix}", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    problem = json.loads(answer.content)
    assert problem["title"] == "Aún no está en el grafo"
    assert problem["nearest"] == [
        iris.thing(f"bulletin/{month}") for month in ("2021-07", "2021-09")
    ]


@pytest.mark.parametrize(
    "name", ["2021-13", "abc", "2021-9", "2021-09-01", "..pdf", "%00", "🗺", "2021-13.pdf"]
)
def test_what_is_no_month_is_not_found(client: TestClient, name: str) -> None:
    answer = client.get(f"/bulletins/{name}", headers=BROWSER)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_format_that_there_is_not_is_answered_with_those_that_there_are(
    client: TestClient,
) -> None:
    answer = client.get("/bulletins/2021-09.docx", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert "/bulletins/2021-09.pdf" in json.loads(answer.content)["offered"]


def test_a_bulletin_with_markup_in_its_texts_is_text(parts: Parts, small_quads: list[Quad]) -> None:
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    hostile = Quad(
        NamedNode(iris.thing("action/2021-01-01")),
        label,
        Literal("<script>alert(1)</script>]]>", language="en"),
        NamedNode(iris.graph("bulletin", "2021-01")),
    )
    about = (hostile.subject, label)
    kept = [quad for quad in small_quads if (quad.subject, quad.predicate) != about]
    store = EmbeddedStore([*kept, hostile])
    index = Index.over(store)
    app = create_app(replace(parts, store=store, public=store, search=index, version="b" * 12))
    with TestClient(app, base_url=SITE) as site:
        for address in ("/en/bulletins/2021-01", "/bulletins/2021-01.email.html?lang=en"):
            text = site.get(address, headers=BROWSER).text
            assert "&lt;script&gt;alert(1)" in text
            assert "<script>alert" not in text
        for suffix in ("atom", "rss"):
            feed = site.get(f"/bulletins.{suffix}?lang=en").text
            assert "alert(1)" in feed
            assert "<script" not in feed
            assert "]]>" not in feed
    index.close()
