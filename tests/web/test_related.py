"""All that is related to a thing in one way: every one of it, once, in pages, as a table, as a
query.
"""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient
from tests.conftest import Page

from diplolocal import iris, resources
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select

BROWSER = {"accept": "text/html", "accept-language": "en"}


def test_the_pages_have_every_mention_exactly_once(
    client: TestClient, store: EmbeddedStore
) -> None:
    asked = "/related?of=place:mx-jal&by=dl:partOf"
    seen: list[str] = []
    address: str | None = asked
    while address:
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200
        assert answer.headers["x-total-count"] == "125"
        page = Page(answer.text)
        seen += [
            link.removeprefix("/doc/")
            for link in page.links()
            if re.fullmatch(r"/doc/place/mx-\d+", link)
        ]
        turn = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        address = turn[1] if turn else None
    rows = select(
        store, resources.mentioning(iris.thing("place/mx-jal"), iris.ONTOLOGY + "#partOf")
    )
    assert sorted(seen) == sorted(plain(row["item"]).split("/id/")[1] for row in rows)
    assert len(seen) == len(set(seen)) == 125


def test_the_pages_lead_to_one_another_and_say_where_they_are(client: TestClient) -> None:
    asked = "/related?of=place:mx-jal&by=dl:partOf"
    first, second = (
        Page(client.get(asked + more, headers=BROWSER).text) for more in ("", "&page=2")
    )
    assert first.texts("h1") == ["part of: Jalisco 125"]
    assert first.texts("p", id="count") == ["1 to 100 of 125"]
    assert second.texts("p", id="count") == ["101 to 125 of 125"]
    assert [text for text in first.texts("a") if "page" in text] == ["Next page →"]
    assert [text for text in second.texts("a") if "page" in text] == ["← Previous page"]


def test_a_section_is_whole_with_dates_and_counts(client: TestClient) -> None:
    actions = client.get("/related?of=place:mx-jal&by=own-actions", headers=BROWSER)
    assert actions.headers["x-total-count"] == "12"
    assert len(Page(actions.text).texts("time")) == 12
    countries = Page(client.get("/related?of=place:mx-jal&by=countries", headers=BROWSER).text)
    assert countries.texts("h1") == ["Partner countries: Jalisco 7"]
    assert "/search?kind=actions&state=mx-jal&country=us" in countries.links()


def test_the_table_has_all_of_it_in_the_language_asked_for(client: TestClient) -> None:
    asked = "/related.csv?of=place:mx-jal&by=countries"
    answer = client.get(f"{asked}&lang=es")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert rows[0] == {
        "iri": iris.thing("place/us"),
        "label": "Estados Unidos",
        "date": "",
        "since": "",
        "actions": "8",
    }
    assert len(rows) == 7
    english = csv.DictReader(io.StringIO(client.get(f"{asked}&lang=en").text, newline=""))
    assert next(english)["label"] == "United States"


def test_the_query_finds_what_the_page_shows(client: TestClient, store: EmbeddedStore) -> None:
    answer = client.get("/related.rq?of=place:mx-jal&by=own-actions")
    assert answer.headers["content-type"] == "application/sparql-query; charset=utf-8"
    assert len({row["item"] for row in select(store, answer.text)}) == 12


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 400, "Say of what (of)"),
        ("of=place:mx-jal", 400, "Say of what (of)"),
        ("of=place:none&by=own-actions", 404, "place/none"),
        ("of=%20&by=own-actions", 404, "Nothing in this graph is called"),
        ("of=place:mx-jal&by=dl:none", 400, "It can be: own-actions, agency-actions"),
        ("of=place:mx-jal&by=months", 400, "It can be: own-actions"),
        ("of=place:mx-jal&by=own-actions&page=0", 400, "cannot be 0"),
        ("of=place:mx-jal&by=own-actions&page=%F0%9F%98%80", 400, "cannot be 😀"),
        ("of=place:mx-jal&by=own-actions&page=2", 400, "the last one is 1"),
        ("of=place:mx-jal&of=place:us&by=own-actions", 400, "more than once"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    client: TestClient, query: str, status: int, told: str
) -> None:
    answer = client.get(
        f"/related?{query}", headers={"accept": "application/json", "accept-language": "en"}
    )
    page = client.get(f"/related?{query}", headers=BROWSER)
    assert (page.status_code, answer.status_code in (status, 406)) == (status, True)
    assert told in " ".join(Page(page.text).texts("main"))
