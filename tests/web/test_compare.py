"""Several of one kind side by side, as the site shows them."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from tests.conftest import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TWO = "state=mx-jal&state=mx-nle"


def visit(client: TestClient, query: str = "", language: str = "en") -> Page:
    answer = client.get(f"/{language}/compare?{query}", headers={"accept": BROWSER})
    assert answer.status_code == 200
    return Page(answer.text)


def table(client: TestClient, query: str) -> list[list[str]]:
    answer = client.get(f"/compare.csv?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def test_two_states_stand_side_by_side(client: TestClient) -> None:
    page = visit(client, TWO)
    assert page.texts("h1") == ["Jalisco · Nuevo León"]
    rows = page.texts("tr")
    assert rows[0] == "RecordsJaliscoNuevo León"
    assert rows[1:6] == [
        "Actions2413",
        "Twinnings11451",
        "Agreements2613",
        "Memberships52",
        "Inhabitants in 20208,348,1515,784,442",
    ]
    assert "Actions2.92.2" in rows


def test_the_numbers_are_said_in_spanish(client: TestClient) -> None:
    page = visit(client, TWO, "es")
    assert page.texts("tr")[:2] == ["RegistrosJaliscoNuevo León", "Acciones2413"]
    assert page.texts("h2")[:2] == ["En total", "Qué tienen en común"]


def test_each_number_leads_to_what_it_counts(client: TestClient) -> None:
    links = visit(client, TWO).links()
    searches = {link: text for link, text in links.items() if link.startswith("/search?")}
    assert searches["/search?kind=actions&state=mx-jal&country=us"] == "8"
    some = [*searches.items()][:: len(searches) // 12]
    for link, text in some:
        found = client.get(link.replace("/search?", "/search.csv?"))
        assert found.headers["x-total-count"] == text.replace(",", ""), link


def test_what_they_share_is_said_first(client: TestClient) -> None:
    page = visit(client, TWO)
    shared = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert shared["Actions · Country"] == "United States, Canada, China"


def test_the_table_has_the_same_numbers(client: TestClient) -> None:
    heads, *rows = table(client, f"{TWO}&lang=en")
    assert heads == ["counted", "by", "value", "label", "mx-jal", "mx-nle"]
    assert rows[:5] == [
        ["actions", "", "", "", "24", "13"],
        ["twinnings", "", "", "", "114", "51"],
        ["agreements", "", "", "", "26", "13"],
        ["memberships", "", "", "", "5", "2"],
        ["population2020", "", "", "", "8348151", "5784442"],
    ]
    us = "https://w3id.org/diplolocal/id/place/us"
    assert ["actions", "country", us, "United States", "8", "10"] in rows
    assert ["actions", "month", "2021-08", "August 2021", "", ""] in rows
    spanish = table(client, f"{TWO}&lang=es")
    assert ["actions", "country", us, "Estados Unidos", "8", "10"] in spanish
    without_names = [{tuple([*row[:3], *row[4:]]) for row in each} for each in (rows, spanish[1:])]
    assert without_names[0] == without_names[1]


def test_the_page_leads_to_its_table(client: TestClient) -> None:
    page = visit(client, TWO)
    [link] = [link for link, text in page.links().items() if text == "CSV"]
    assert client.get(link).headers["content-language"] == "en"
    assert table(client, link.partition("?")[2])[0][4:] == ["mx-jal", "mx-nle"]


def test_they_stand_in_the_order_of_the_address(client: TestClient) -> None:
    assert table(client, "state=mx-nle&state=mx-jal")[0][4:] == ["mx-nle", "mx-jal"]
    assert table(client, "state=Nuevo+León&state=place:mx-jal&state=mx-nle")[0][4:] == [
        "mx-nle",
        "mx-jal",
    ]


def test_a_month_that_is_missing_is_not_said_to_be_empty(client: TestClient) -> None:
    page = visit(client, "month=2021-09&month=2021-08")
    assert page.texts("tr")[:2] == [
        "RecordsSeptember 2021August 2021",
        "Actions8not in the graph yet",
    ]
    assert page.texts("p", **{"class": "hint"}) == [
        "Not in the graph yet: August 2021. That does not mean that nothing happened."
    ]
    assert table(client, "month=2021-09&month=2021-08")[1] == ["actions", "", "", "", "8", ""]


@pytest.mark.parametrize(
    "query",
    [
        "region=occidente&region=noroeste",
        "country=us&country=ca&country=jp",
        "theme=culture&theme=climate",
    ],
)
def test_regions_countries_and_themes_are_compared_as_well(client: TestClient, query: str) -> None:
    keys = [pair.partition("=")[2] for pair in query.split("&")]
    heads, first, *_ = table(client, query)
    assert heads[4:] == keys
    facet = query.partition("=")[0]
    totals = [
        client.get(f"/search.csv?kind=actions&{facet}={key}&limit=1").headers["x-total-count"]
        for key in keys
    ]
    assert first == ["actions", "", "", "", *totals]
    assert len(visit(client, query).texts("table")) > 3


def test_nothing_chosen_offers_everything_that_can_be(client: TestClient) -> None:
    page = visit(client)
    boxes = [
        has for tag, has, _ in page.elements if tag == "input" and has.get("type") == "checkbox"
    ]
    assert len(boxes) == 32
    labels = {has["for"] for tag, has, _ in page.elements if tag == "label" and "for" in has}
    assert {box["id"] for box in boxes} <= labels
    assert not page.texts("table")
    [example] = [link for link in page.links() if link.startswith("/compare?state=")]
    assert visit(client, example.partition("?")[2]).texts("table")
    months = visit(client, "of=month").texts("label")
    assert any(each.startswith("September 2021") for each in months)
    assert not any(each.startswith("August 2021") for each in months)


def test_one_is_too_few_and_seven_are_too_many(client: TestClient) -> None:
    [hint] = visit(client, "state=mx-jal").texts("p", **{"class": "hint"})
    assert hint == "Jalisco is chosen. Choose at least one more to compare it with."
    keys = ("jal", "nle", "oax", "son", "sin", "pue", "mex")
    seven = visit(client, "&".join(f"state=mx-{key}" for key in keys))
    assert seven.texts("p", **{"class": "hint"}) == [
        "7 are chosen, and at most 6 fit side by side. Leave some out."
    ]
    checked = [has["value"] for _, has, _ in seven.elements if "checked" in has]
    assert sorted(checked) == sorted(f"mx-{key}" for key in keys)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("state=mx-jal&country=us", "Only what is of one kind can be compared, not state, country"),
        ("of=country&state=mx-jal&state=mx-nle", "not state, country at once"),
        ("state=jalisko&state=mx-nle", "such as place:mx-jal"),
        ("state=us&state=mx-nle", "nothing of the class dl:FederalEntity"),
        ("month=2021-13&month=2021-09", "such as 2021"),
        ("state=&state=mx-nle", "The parameter state is empty"),
        ("colour=red", "has no parameter colour"),
        ("of=colour", "It can be: state, region, country, theme, month."),
        ("of=state&of=country", "given more than once"),
        ("state=%3Cscript%3E&state=mx-jal", "is given as <script>"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_do(
    client: TestClient, query: str, told: str
) -> None:
    for path in ("/en/compare", "/en/compare.csv"):
        refused = client.get(f"{path}?{query}", headers={"accept": "*/*"})
        assert refused.status_code == 400
        assert told in refused.json()["detail"]


def test_a_table_of_one_is_refused(client: TestClient) -> None:
    refused = client.get("/en/compare.csv?state=mx-jal")
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        "1 are chosen; from 2 to 6 of one kind can be compared, such as state=mx-jal&state=mx-nle.",
    )


def test_who_holds_it_already_is_told_so(client: TestClient) -> None:
    for path in ("/compare", "/compare.csv"):
        first = client.get(f"{path}?{TWO}", headers={"accept": "*/*"})
        tag = first.headers["etag"]
        again = client.get(f"{path}?{TWO}", headers={"accept": "*/*", "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_names_in_the_other_language_stay_so_behind_each_link(client: TestClient) -> None:
    page = visit(client, f"{TWO}&lang=es")
    searches = [link for link in page.links() if link.startswith("/search?")]
    assert searches
    assert all(link.endswith("lang=es") for link in searches)
    assert "Estados Unidos" in page.texts("a")


def test_every_page_that_it_leads_to_is_there(client: TestClient) -> None:
    page = visit(client, TWO)
    ours = {
        link.partition("#")[0]
        for link in page.links()
        if link.startswith("/") and not link.startswith("/search?")
    }
    for link in sorted(ours):
        assert client.get(link, headers={"accept": BROWSER}).status_code == 200, link
