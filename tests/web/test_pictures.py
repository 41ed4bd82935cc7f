"""Whether the pictures of the site show what the search finds, in every form, whatever is asked."""

import csv
import io
import json
import re
from xml.etree import ElementTree as Xml

import networkx
import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal import pictures

NAMES = tuple(pictures.definitions())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pages(client: TestClient) -> dict[str, str]:
    """The page of each picture."""
    return {name: client.get(f"/en/pictures/{name}").text for name in NAMES}


@pytest.mark.parametrize("name", ["actions-by-region", "actions-by-month", "states-and-countries"])
def test_every_mark_leads_to_a_search_that_finds_as_many(
    name: str, client: TestClient, pages: dict[str, str]
) -> None:
    marks = re.findall(r'<a href="([^"]*)" aria-label="[^"]*: ([\d,]+) actions?"', pages[name])
    assert len(marks) > 5
    for address, count in marks[:12]:
        answer = client.get(address.replace("&amp;", "&").replace("/search?", "/search.csv?"))
        found = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(found) == int(count), address


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_the_picture_and_its_numbers_as_a_table(
    name: str, client: TestClient, pages: dict[str, str]
) -> None:
    page = Page(pages[name])
    rows = table(client, f"/pictures/{name}.csv?lang=en")
    assert page.texts("h1") == [pictures.definition(name).title["en"]]  # type: ignore[index]
    assert len(page.texts("th", scope="row")) == len(rows)
    assert len(page.texts("svg")) == 1
    assert [text for text in page.texts("summary") if "table" in text] == ["The numbers as a table"]


@pytest.mark.parametrize("name", NAMES)
def test_every_form_of_a_picture_is_there_in_both_languages(name: str, client: TestClient) -> None:
    of = pictures.definition(name)
    for language, title in of.title.items():
        svg = client.get(f"/pictures/{name}.svg?lang={language}")
        assert svg.headers["content-type"] == "image/svg+xml; charset=utf-8"
        assert svg.headers["content-language"] == language
        assert Xml.fromstring(svg.text).findtext(f"{SVG}title") == title
        written = client.get(f"/pictures/{name}.vl.json?lang={language}")
        assert written.headers["content-type"].startswith("application/vnd.vegalite.v6+json")
        assert json.loads(written.text)["title"]["text"] == title
    assert f"{SITE}/es/search?kind=" in client.get(f"/pictures/{name}.svg?lang=es").text


def test_a_month_that_is_missing_is_said_to_be_in_the_table_and_is_empty_in_the_file(
    client: TestClient, pages: dict[str, str]
) -> None:
    page = Page(pages["actions-by-month"])
    assert page.texts("td", **{"class": "missing"}) == ["not in the graph yet"] * 3
    rows = {row["month"]: row for row in table(client, "/pictures/actions-by-month.csv?lang=en")}
    assert (rows["2021-04"]["actions"], rows["2021-04"]["note"]) == ("", "not in the graph yet")
    assert (rows["2021-01"]["actions"], rows["2021-01"]["note"]) == ("8", "")
    assert rows["2021-01"]["search"] == f"{SITE}/en/search?kind=actions&month=2021-01"


def test_a_table_names_things_by_their_iris(client: TestClient) -> None:
    [first, *_] = table(client, "/pictures/states-and-countries.csv?lang=es")
    assert first == {
        "state": "https://w3id.org/diplolocal/id/place/mx-jal",
        "stateLabel": "Jalisco",
        "country": "https://w3id.org/diplolocal/id/place/us",
        "countryLabel": "Estados Unidos",
        "actions": "8",
        "search": f"{SITE}/es/search?kind=actions&state=mx-jal&country=us",
        "note": "",
    }


def test_filters_narrow_a_picture_and_are_said(client: TestClient) -> None:
    answer = client.get("/en/pictures/actions-by-country?state=mx-jal&theme=culture")
    page = Page(answer.text)
    [lead] = page.texts("p", **{"class": "lead"})
    assert lead.startswith("Only: State: Jalisco; Theme: Culture and heritage.")
    every, some = (
        {row["country"]: int(row["actions"]) for row in table(client, address)}
        for address in (
            "/pictures/actions-by-country.csv",
            "/pictures/actions-by-country.csv?state=mx-jal&theme=culture",
        )
    )
    assert some
    assert all(count <= every[country] for country, count in some.items())
    assert sum(some.values()) < sum(every.values())
    link = next(
        link for link in page.links() if link.startswith("/pictures/actions-by-country.csv")
    )
    assert table(client, link) == table(
        client, "/pictures/actions-by-country.csv?state=mx-jal&theme=culture&lang=en"
    )


def test_where_nothing_fits_there_is_no_empty_picture(client: TestClient) -> None:
    page = client.get("/en/pictures/actions-by-theme?text=nothingiscalledso")
    assert page.status_code == 200
    assert "There is nothing to draw here" in page.text
    assert "<svg" not in page.text
    for suffix in ("svg", "csv", "vl.json"):
        path = f"/pictures/actions-by-theme.{suffix}?text=nothingiscalledso"
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_fits_every_form_still_answers(name: str, client: TestClient) -> None:
    for suffix in ("html", "svg", "csv", "vl.json"):
        path = f"/pictures/{name}.{suffix}?text=nothingiscalledso"
        assert client.get(path).status_code == 200, path


def test_the_gallery_shows_every_picture(client: TestClient) -> None:
    page = Page(client.get("/es/pictures").text)
    assert [link for link in page.links() if link.startswith("/pictures/")] == [
        f"/pictures/{name}" for name in NAMES
    ]
    sources = re.findall(r'src(?:set)?="(/pictures/[^"]*)"', client.get("/es/pictures").text)
    assert len(sources) == 2 * len(NAMES)
    for source in sources:
        answer = client.get(source)
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert 'role="img"' in answer.text or 'role="group"' in answer.text


def test_a_network_is_offered_to_programs_for_networks(client: TestClient) -> None:
    graph = networkx.parse_graphml(client.get("/pictures/network.graphml?state=mx-jal").text)
    gexf = client.get("/pictures/network.gexf?state=mx-jal")
    assert gexf.headers["content-type"] == "application/gexf+xml; charset=utf-8"
    assert set(networkx.read_gexf(io.BytesIO(gexf.content)).nodes) == set(graph.nodes)
    nodes = table(client, "/pictures/network.nodes.csv?state=mx-jal")
    edges = table(client, "/pictures/network.edges.csv?state=mx-jal")
    assert {row["Id"] for row in nodes} == set(graph.nodes)
    assert len(edges) == graph.number_of_edges() > 5
    whole = table(client, "/pictures/network.edges.csv")
    assert len(whole) > len(edges)


def test_the_table_of_the_network_has_the_ties_that_are_not_drawn(
    client: TestClient, pages: dict[str, str]
) -> None:
    page = Page(pages["network"])
    ties = table(client, "/pictures/network.csv")
    assert len(page.texts("th", scope="row")) == len(ties) > 60
    assert f"Drawn are the 60 strongest of {len(ties)} ties." in pages["network"]
    actions = [link for link in page.links() if link.startswith("/doc/action/")]
    assert client.get(actions[0]).status_code == 200


def test_a_picture_is_not_sent_again_to_who_holds_it(client: TestClient) -> None:
    for path in ("/en/pictures/network", "/pictures/network.svg", "/pictures/network.csv"):
        answer = client.get(path)
        assert answer.headers["cache-control"] == "public, max-age=60"
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    spoken = {
        client.get(f"/pictures/actions-by-month.csv?lang={each}").headers["etag"]
        for each in ("es", "en")
    }
    assert len(spoken) == 2


def test_the_form_is_chosen_by_what_the_client_accepts(client: TestClient) -> None:
    for accept, kind in (
        ("image/svg+xml", "image/svg+xml"),
        ("text/csv", "text/csv"),
        ("text/html", "text/html"),
        ("application/vnd.vegalite.v6+json", "application/vnd.vegalite.v6+json"),
    ):
        answer = client.get("/pictures/actions-by-theme", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith(kind)
        assert "Accept" in answer.headers["vary"]
    refused = client.get("/pictures/actions-by-theme", headers={"Accept": "image/png"})
    assert refused.status_code == 406


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/pictures/actions-by-mood", 404, "actions-by-state, actions-by-country"),
        ("/pictures/actions-by-state.png", 404, "/pictures/actions-by-state.svg"),
        ("/pictures/actions-by-state.graphml", 404, "/pictures/actions-by-state.svg"),
        ("/pictures/actions-by-state?mood=good", 400, "region, state"),
        ("/pictures/actions-by-state?kind=twinnings", 400, "region, state"),
        ("/pictures/actions-by-state?state=atlantis", 400, "atlantis"),
        ("/pictures/actions-by-state?state=", 400, "state"),
        ("/pictures/actions-by-state?month=2021-13", 400, "2021-13"),
        ("/pictures/actions-by-state?monthFrom=2021-09&monthTo=2021-01", 400, "monthFrom"),
        (f"/pictures/actions-by-state?text={'a' * 3000}", 400, "3000"),
        ("/pictures?state=mx-jal", 400, "state"),
    ],
)
def test_bad_input_is_told_what_there_is(
    path: str, status: int, told: str, client: TestClient
) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize("text", ['"<script>', "*", "😀", "´¨", "a'b\"c--"])
def test_no_text_breaks_a_picture(text: str, client: TestClient) -> None:
    for name in ("actions-by-state.svg", "network", "actions-by-month.vl.json"):
        answer = client.get(f"/pictures/{name}", params={"text": text})
        assert answer.status_code == 200
        assert "<script>&" not in answer.text
        assert '"<script>' not in answer.text


def test_a_small_graph_has_pictures_too(small_client: TestClient) -> None:
    for name in NAMES:
        for suffix in ("html", "svg", "csv", "vl.json"):
            assert small_client.get(f"/pictures/{name}.{suffix}").status_code == 200


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))
