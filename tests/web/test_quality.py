"""Coverage and quality as the site shows them, over the small graph (`small.trig`)."""

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal import measures, status, status_json
from diplolocal.dataset import Dataset, Kind
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, PLAIN_JSON
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import Language, number

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EXPLANATION = {
    "en": (
        "A number says how many actions of the region the bulletin of the month reports. 0 means"
        " that the bulletin, as we have it, reports none. A month whose bulletin is missing here is"
        " not in the graph yet; that does not mean that nothing happened."
    ),
    "es": (
        "Cada cifra dice de cuántas acciones de la región informa el boletín del mes. 0 significa"
        " que el boletín, tal como lo tenemos, no informa de ninguna. Un mes cuyo boletín falta"
        " aquí aún no está en el grafo; eso no significa que no haya ocurrido nada."
    ),
}


def test_every_month_has_its_row_and_one_without_a_bulletin_says_so(
    small_client: TestClient,
) -> None:
    page = visit(small_client, "en")
    assert page.texts("tr")[:7] == [
        "MonthNorthwestWestAll",
        "January 2021112",
        "February 2021not in the graph yet",
        "March 2021011",
        "April 2021000",
        "In bulletins123",
        "Only in other sources011",
    ]
    missing = page.texts("td", **{"class": "missing", "colspan": "3"})
    assert missing == ["not in the graph yet"]
    assert page.links()["/doc/bulletin/2021-03"] == "March 2021"
    assert "/doc/bulletin/2021-02" not in page.links()


def test_the_months_are_said_in_spanish(small_client: TestClient) -> None:
    assert visit(small_client, "es").texts("tr")[:5] == [
        "MesNoroesteOccidenteTodas",
        "Enero de 2021112",
        "Febrero de 2021aún no está en el grafo",
        "Marzo de 2021011",
        "Abril de 2021000",
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_zero_means_is_said_above_the_table(small_client: TestClient, language: str) -> None:
    assert EXPLANATION[language] in visit(small_client, language).texts("p")


def test_the_federal_entities_have_what_they_and_their_municipalities_take_part_in(
    small_client: TestClient,
) -> None:
    rows = visit(small_client, "en").texts("tr")
    head = rows.index(
        "Federal entityActions in bulletinsActions only in other sourcesTwinningsAgreements"
        "Memberships"
    )
    assert rows[head + 1 : head + 4] == ["Baja California20001", "Colima00000", "Jalisco21310"]


def test_things_are_counted_by_class(small_client: TestClient) -> None:
    items = visit(small_client, "es").texts("li")
    first = items.index("Acción 4")
    assert items[first : first + 3] == ["Acción 4", "Boletín 3", "Enlace 5"]
    assert "Hermanamiento 3" in items


def test_links_are_shown_by_method_and_by_class(small_client: TestClient) -> None:
    rows = visit(small_client, "en").texts("tr")
    head = rows.index("TargetPropertyMethodLinks")
    assert rows[head + 1 :] == [
        "GeoNamessame asIdentifier2",
        "Wikidatasame asAgreed sources2",
        "Wikidataclose matchSingle source1",
        "ClassThingsGeoNamesWikidataWithout an item of WikidataWith one",
        "Federal entity3212 33%",
        "International organisation1001 0%",
        "Municipality3021 66%",
    ]


def test_a_question_says_what_would_settle_it_and_links_what_it_is_about(
    small_client: TestClient,
) -> None:
    page = visit(small_client, "en")
    assert page.texts("h3")[:2] == ["Conflicting sources 1", "Missing identifier 1"]
    assert page.texts("summary")[1:] == ["Which item is Zapopan?", "Which item is the UN?"]
    [_, zapopan, nations] = page.texts("details")
    assert zapopan == (
        "Which item is Zapopan? Reading both would settle it. AboutGuadalajaraZapopan"
        " Candidateswd:Q1wd:Q2 Cite it ashttps://w3id.org/diplolocal/id/question/item-of-zapopan"
    )
    assert "Candidates" not in nations
    links = page.links()
    assert links["/doc/place/mx-14120"] == "Zapopan"
    assert links["http://www.wikidata.org/entity/Q2"] == "wd:Q2"
    assert "/doc/question/item-of-un" in links


def test_the_questions_are_put_in_spanish(small_client: TestClient) -> None:
    page = visit(small_client, "es")
    assert page.texts("h3")[:2] == ["Fuentes que se contradicen 1", "Identificador faltante 1"]
    assert page.texts("summary")[1:] == ["¿Qué elemento es Zapopan?", "¿Qué elemento es la ONU?"]


def test_every_anchor_that_the_page_links_to_is_there(small_client: TestClient) -> None:
    page = visit(small_client, "en")
    anchors = [has["id"] for _, has, _ in page.elements if "id" in has]
    linked = {link[1:] for link in page.links() if link.startswith("#")}
    assert {"coverage", "questions", "type-conflicting-sources"} <= linked - {"main"}
    assert linked <= set(anchors)
    assert len(anchors) == len(set(anchors))
    assert "item-of-zapopan" in anchors


def test_every_table_has_a_name_and_can_be_scrolled_by_keyboard(small_client: TestClient) -> None:
    page = visit(small_client, "en")
    headings = {has["id"]: text for tag, has, text in page.elements if tag == "h2" and "id" in has}
    frames = [has for tag, has, _ in page.elements if tag == "div" and has.get("class") == "wide"]
    assert len(page.texts("table")) == 6
    assert all((frame["role"], frame["tabindex"]) == ("region", "0") for frame in frames)
    assert {frame.get("aria-labelledby") for frame in frames} == {*headings, None}
    assert [frame["aria-label"] for frame in frames if "aria-label" in frame] == [
        "Actions by month",
        "The numbers as a table: Actions by month",
    ]


@pytest.mark.parametrize("path", ["/", "/sparql", "/doc/action/2021-01-01", "/doc/none"])
def test_every_page_leads_to_this_one(small_client: TestClient, path: str) -> None:
    for language, name in (("en", "Quality"), ("es", "Calidad")):
        answer = small_client.get(path, params={"lang": language}, headers={"accept": BROWSER})
        links = [
            text
            for tag, has, text in Page(answer.text).elements
            if tag == "a" and has["href"] == f"/{language}/quality"
        ]
        assert links[-1] == name


def test_what_is_not_in_the_graph_is_said_in_words(small_client: TestClient) -> None:
    english, spanish = (visit(small_client, language).texts("li") for language in ("en", "es"))
    assert english[:2] == [
        "The bulletins before January 2021 and after April 2021, the first and the newest that are"
        " here.",
        "The bulletins of February 2021. That does not mean that nothing happened then.",
    ]
    assert spanish[1] == (
        "Los boletines de febrero de 2021. Eso no significa que entonces no haya ocurrido nada."
    )


def test_how_complete_the_records_are_is_a_part_of_a_whole(
    small_client: TestClient, small: EmbeddedStore
) -> None:
    rows = visit(small_client, "en").texts("tr")
    head = rows.index("What is measuredKnownOfShare")
    measured = [each for each in measures.measured(small) if each.cls is None]
    for row, each in zip(rows[head + 1 :], measured, strict=False):
        assert row.startswith(measures.names()[each.metric][Language.EN])
        percent = f"{each.part}{each.whole} {each.part * 100 // each.whole}%"
        average = f"{each.part}{each.whole}{number(float(each.value), Language.EN)} on average"
        assert row.endswith(percent if each.is_share else average)
    assert [each.is_share for each in measured].count(False) == 1


def test_the_last_validation_tells_what_it_looked_at_and_what_it_found(
    client: TestClient, parts: Parts
) -> None:
    report = parts.report
    assert report is not None
    page = visit(client, "en")
    said = page.texts("dd")
    assert f"{report.quads:,} statements in {report.files} files" in said
    assert said[said.index("0") :][:2] == ["0", "1"]
    assert page.texts("h3")[-1] == "Warnings that stay 1"
    [warning] = [each for each in page.texts("li") if each.startswith("Omni 8 Textil")]
    assert warning.endswith(report.findings[0].messages[Language.EN])
    assert page.links()["/doc/firm/omni-8-textil"] == "Omni 8 Textil"


def test_what_the_data_are_held_to_is_counted_from_the_shapes_and_checks(
    client: TestClient, dataset: Dataset
) -> None:
    shapes = "\n".join(source.text for source in dataset.of(Kind.SHAPES))
    things, properties = (
        len(re.findall(rf"^ +a (?:.*, )?sh:{kind}\b", shapes, re.M))
        for kind in ("NodeShape", "PropertyShape")
    )
    [held] = [each for each in visit(client, "en").texts("dd") if "checks across" in each]
    assert held.startswith(
        f"{things} shapes of things and {properties} of what is said of them (SHACL), and"
        f" {len(dataset.checks)} checks across records"
    )


def test_an_endpoint_is_not_said_to_be_validated(parts: Parts, small: EmbeddedStore) -> None:
    app = create_app(replace(parts, store=small, version=None, release=None, report=None))
    with TestClient(app, base_url=SITE) as client:
        page = Page(client.get("/en/quality", headers={"accept": BROWSER}).text)
    [said] = [each for each in page.texts("p") if "endpoint" in each]
    assert "does not know when, or by what, its data were validated" in said
    assert "Violations" not in page.texts("dt")


def test_every_page_that_this_one_leads_to_is_there(client: TestClient) -> None:
    links = {link.partition("#")[0] for link in visit(client, "es").links()}
    ours = sorted(link for link in links if link.startswith("/"))
    searches = [link for link in ours if link.startswith("/search")]
    assert len(searches) > 5
    others = [link for link in ours if not link.startswith(("/doc/", "/search"))]
    for link in (*searches, *others):
        assert client.get(link, headers={"accept": BROWSER}).status_code == 200, link


# JSON.


def test_programs_get_what_the_command_says_without_differences(
    small_client: TestClient, small: EmbeddedStore
) -> None:
    expected = json.loads(status_json.as_json(status.read(small), version="abcdef012345"))
    by_suffix = small_client.get("/quality.json", headers={"accept": BROWSER})
    by_type = small_client.get("/quality", headers={"accept": "application/json"})
    for answer in (by_suffix, by_type):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.headers["content-location"] == "/quality.json"
        assert answer.json() == expected
    assert "differences" not in expected


def test_the_page_says_where_its_json_is_and_the_other_way_round(
    small_client: TestClient,
) -> None:
    page = small_client.get("/quality", headers={"accept": BROWSER, "accept-language": "en"})
    others = {f"/quality.{fmt.suffix}": fmt.media_type for fmt in (PLAIN_JSON, *GRAPH)}
    links = [f'<{path}>; rel="alternate"; type="{kind}"' for path, kind in others.items()]
    licence = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    assert page.headers["link"] == ", ".join([*links, licence])
    assert page.headers["etag"] == '"abcdef012345-html-en"'
    assert set(others) <= set(Page(page.text).links())
    document = small_client.get("/quality.json")
    assert '</quality.html>; rel="alternate"; type="text/html"' in document.headers["link"]


def test_who_holds_it_already_is_told_so(small_client: TestClient) -> None:
    tag = small_client.get("/quality.json").headers["etag"]
    again = small_client.get("/quality.json", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept" in again.headers["vary"]


def test_other_formats_are_not_offered(small_client: TestClient) -> None:
    refused = small_client.get("/quality", headers={"accept": "text/csv"})
    assert (refused.status_code, refused.json()["offered"]) == (
        406,
        ["text/html", "application/json", *(fmt.media_type for fmt in GRAPH)],
    )
    assert small_client.get("/quality.csv").status_code == 404


class Elsewhere:
    """Somebody's endpoint, where the data may change at any time."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        return self.store.answer(query, wanted)

    def close(self) -> None:
        self.store.close()


def test_an_endpoint_is_asked_each_time(parts: Parts, small: EmbeddedStore) -> None:
    elsewhere = Elsewhere(small)
    app = create_app(replace(parts, store=elsewhere, version=None))
    with TestClient(app, base_url=SITE) as client:
        before = client.get("/quality.json")
        elsewhere.store = EmbeddedStore()
        after = client.get("/quality.json")
    assert "etag" not in before.headers
    assert (before.json()["version"], len(before.json()["months"])) == (None, 4)
    assert after.json()["months"] == []


def visit(client: TestClient, language: str) -> Page:
    """The page that somebody with a browser sees."""
    answer = client.get("/quality", headers={"accept": BROWSER, "accept-language": language})
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    assert urlsplit(answer.headers["content-location"]).path == "/quality.html"
    return Page(answer.text)
