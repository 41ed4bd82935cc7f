"""The search as the site serves it: a page whose form has everything in the address, files of
exactly what is found, the query that finds the same, refusals.
"""

import csv
import io
import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import RdfFormat, parse
from tests.conftest import SITE, Page

from diplolocal import iris, listing
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND
from diplolocal.store import Query, Wanted, plain
from diplolocal.web import search as room
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = {"accept": "text/html"}
HYDRA = "http://www.w3.org/ns/hydra/core#"
BAD = [
    "text=%22%3Cscript%3E",
    "text=*",
    "text=AND+OR+NOT",
    "text=%22unbalanced",
    "text=%F0%9F%8C%8E",
    "text=%C2%B4",
    "text=%00",
    "text=a%00b",
    "text=--+%27%29%3B+DROP+TABLE+words",
]


def page(client: TestClient, address: str) -> Page:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def problem(client: TestClient, query: str, status: int = 400) -> str:
    answer = client.get(f"/en/search?{query}", headers={"accept": "*/*"})
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])


def boxes(shown: Page, facet: str) -> dict[str, tuple[str, bool]]:
    """The checkboxes of a facet: by value the label as it is read, and whether it is chosen."""
    labels = {has["for"]: text for tag, has, text in shown.elements if tag == "label"}
    return {
        has["value"]: (labels[has["id"]], "checked" in has)
        for tag, has, _ in shown.elements
        if tag == "input" and has.get("type") == "checkbox" and has["name"] == facet
    }


def found(html: str) -> list[str]:
    """The names of what is found, as the list shows them."""
    listed = html.partition('class="plain found"')[2].partition("</ol>")[0]
    names = re.findall(r"<li>\s*<a [^>]*>(.*?)</a>", listed, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]*>", "", name)).split()) for name in names]


def rows(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def things(answer: Response) -> list[str]:
    """The members of a collection in Turtle."""
    assert answer.status_code == 200, answer.text
    quads = parse(answer.content, format=RdfFormat.TURTLE)
    return sorted(plain(each.object) for each in quads if each.predicate.value == HYDRA + "member")


def test_each_facet_is_checkboxes_with_what_they_find(small_client: TestClient) -> None:
    shown = page(small_client, "/en/search?kind=actions")
    assert boxes(shown, "state") == {
        "mx-jal": ("Jalisco 3", False),
        "mx-bcn": ("Baja California 2", False),
    }
    assert boxes(shown, "month") == {
        "2021-03": ("March 2021 1", False),
        "2021-01": ("January 2021 2", False),
    }
    # What would be found by other kinds can still be seen.
    kinds = boxes(shown, "kind")
    assert kinds["actions"] == ("Actions 4", True)
    assert kinds["places"] == ("Places 9", False)
    assert "people" not in kinds
    assert shown.texts("h2", id="found") == ["4 things found"]


def test_the_form_is_whole_and_before_what_is_found(small_client: TestClient) -> None:
    html = small_client.get("/en/search?kind=actions&state=mx-jal", headers=BROWSER).text
    assert html.index('name="text" type="search" maxlength') < html.index('id="state-1"')
    assert html.index('id="state-1"') < html.index('id="results"')
    [form] = re.findall(r'<form class="searching"[^>]*>', html)
    assert 'method="get"' in form
    assert 'action="/en/search"' in form
    shown = Page(html)
    labels = {has["for"] for tag, has, _ in shown.elements if tag == "label"}
    for tag, has, _ in shown.elements:
        if tag == "input" and has.get("type") != "hidden":
            assert has["id"] in labels
    headings = re.findall(r"<h([1-6])", html)
    assert headings.count("1") == 1
    assert all(int(after) - int(before) <= 1 for before, after in pairwise(headings))
    assert "style=" not in html
    assert "<script>" not in html


def test_what_is_chosen_can_be_taken_away_one_by_one(small_client: TestClient) -> None:
    shown = page(small_client, "/en/search?text=third&kind=actions&state=mx-jal&state=mx-bcn")
    gone = {
        text: parse_qs(urlsplit(unescape(href)).query)
        for href, text in shown.links().items()
        if text.startswith("Without ") and text.endswith("×")
    }
    whole = {"text": ["third"], "kind": ["actions"], "state": ["mx-bcn", "mx-jal"]}
    assert gone == {
        "Without Text “third” ×": {k: v for k, v in whole.items() if k != "text"},
        "Without Kind Actions ×": {k: v for k, v in whole.items() if k != "kind"},
        "Without State Baja California ×": {**whole, "state": ["mx-jal"]},
        "Without State Jalisco ×": {**whole, "state": ["mx-bcn"]},
    }


def test_where_nothing_is_found_something_is_offered_that_is(client: TestClient) -> None:
    shown = page(client, "/en/search?text=guadalajra&kind=actions")
    assert shown.texts("h2", id="found") == ["0 things found"]
    offers = {text: href for href, text in shown.links().items()}
    for text in ("guadalajara", "without “guadalajra”", "everything"):
        address = unescape(offers[text])
        assert int(client.get(address, headers=BROWSER).headers["X-Total-Count"]) > 0
    html = client.get("/en/search?text=guadalajra&kind=actions", headers=BROWSER).text
    counts = dict(re.findall(r'<li><a href="[^"]*">([^<]*)</a> <small>(\d+)</small>', html))
    wanted = Asked("guadalajara", {KIND: ("actions",)})
    index: Index = client.app.state.parts.search  # type: ignore[attr-defined]
    assert counts["guadalajara"] == str(index.found(wanted).total)


def test_each_word_alone_is_offered_where_they_are_nowhere_together(
    small_client: TestClient,
) -> None:
    shown = page(small_client, "/en/search?text=Tijuana+Zapopan&kind=places")
    assert {"only “tijuana”", "only “zapopan”"} <= set(shown.links().values())


@pytest.mark.parametrize("query", BAD)
def test_whatever_is_searched_for_has_an_answer(small_client: TestClient, query: str) -> None:
    for path in ("/en/search", "/search.csv", "/search.ttl", "/search.rq", "/search.jsonld"):
        answer = small_client.get(f"{path}?{query}", headers={"accept": "*/*"})
        assert answer.status_code == 200, answer.text
    html = small_client.get(f"/en/search?{query}", headers=BROWSER).text
    assert "<script>" not in html
    for view in ("table", "map", "timeline"):
        assert small_client.get(f"/en/search?{query}&view={view}").status_code == 200
    suggestions = small_client.get(f"/search/suggestions.json?{query}")
    assert suggestions.status_code == 200


def test_what_has_no_words_says_so(small_client: TestClient) -> None:
    for query in ("text=*", "text=%C2%B4", "text=%F0%9F%8C%8E"):
        html = small_client.get(f"/en/search?{query}", headers=BROWSER).text
        assert "only letters and digits are looked for" in html
        assert "0 things found" in html


def test_what_cannot_be_is_refused_with_what_can(small_client: TestClient) -> None:
    assert problem(small_client, "text=" + "a" * 10_000).startswith(
        "The text has 10000 characters; at most 500 are searched for."
    )
    unknown = problem(small_client, "colour=red")
    assert unknown.startswith("The list /search has no parameter colour. It has: text, kind,")
    assert "monthFrom" in unknown
    assert "can be: actions, twinnings," in problem(small_client, "kind=cats")
    assert "can be: list, table, map, timeline" in problem(small_client, "view=globe")
    assert "can be: kind, region," in problem(small_client, "all=colour")
    assert problem(small_client, "state=mx-xyz").startswith(
        "The parameter state is given as mx-xyz, which is nothing of the class dl:FederalEntity."
    )
    backwards = problem(small_client, "monthFrom=2021-05&monthTo=2021-01")
    assert backwards.startswith("monthFrom=2021-05 is after monthTo=2021-01")
    assert "xsd:gYearMonth" in problem(small_client, "month=2021")
    assert "given more than once" in problem(small_client, "text=a&text=b")
    assert "percent sign" in problem(small_client, "text=%ff%")
    assert "UTF-8" in problem(small_client, "text=%ff")
    for page_number in ("0", "-1", "x", "1e3"):
        assert "page cannot be" in problem(small_client, f"page={page_number}")
    assert "the last one is 1" in problem(small_client, "kind=actions&page=2")
    assert problem(small_client, "limit=0").startswith("The parameter limit cannot be 0.")
    assert small_client.get("/search.xyz").status_code == 404
    answer = small_client.get("/search", headers={"accept": "image/png"})
    assert answer.status_code == 406


def test_fields_that_are_left_empty_are_not_in_the_address(small_client: TestClient) -> None:
    answer = small_client.get("/es/search?text=&kind=actions&monthFrom=&monthTo=", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/es/search?kind=actions")
    answer = small_client.get("/search?text=", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/search")


@pytest.mark.parametrize(
    "query",
    [
        "kind=actions&state=mx-jal",
        "text=hermanamiento&kind=twinnings&country=us",
        "text=jalisco",
        "kind=people",
        "kind=actions&kind=bulletins&month=2021-09",
        "text=guadalajra",
    ],
)
def test_the_files_have_exactly_what_is_shown(
    client: TestClient, store: EmbeddedStore, query: str
) -> None:
    shown = client.get(f"/en/search?{query}", headers=BROWSER)
    total = int(shown.headers["X-Total-Count"])
    table = rows(client.get(f"/search.csv?{query}&lang=en"))
    assert len(table) == total
    members = [row["iri"] for row in table]
    names = [row["label"] for row in table]
    assert found(shown.text) == names[:25]
    assert things(client.get(f"/search.ttl?{query}")) == sorted(members)
    asked = client.get(f"/search.rq?{query}")
    assert asked.headers["content-type"].startswith("application/sparql-query")
    assert sorted(listing.members(store, asked.text) if members else ()) == sorted(members)
    if members:
        links = {text: href for href, text in Page(shown.text).links().items()}
        address = urlsplit(unescape(links["See the SPARQL"]))
        if address.path.endswith("/sparql"):
            assert parse_qs(address.query)["query"] == [asked.text]
        else:
            assert address.path == "/search.rq"


def test_a_table_of_one_kind_is_that_of_its_list(client: TestClient) -> None:
    ours = rows(client.get("/search.csv?kind=twinnings&state=mx-jal"))
    theirs = rows(client.get("/twinnings.csv?state=mx-jal"))
    assert sorted(ours, key=lambda row: row["iri"]) == theirs
    assert len(ours) > 20


def test_the_graph_says_what_it_is_and_how_much(client: TestClient) -> None:
    answer = client.get("/search.ttl?kind=actions&state=mx-jal&text=jalisco")
    parsed = parse(answer.content, format=RdfFormat.TURTLE)
    quads = {(each.predicate.value, plain(each.object)): each for each in parsed}
    total = answer.headers["X-Total-Count"]
    collection = plain(quads[HYDRA + "totalItems", total].subject)
    assert collection == f"{SITE}/search?kind=actions&state=place:mx-jal&text=jalisco"
    assert client.get(collection, headers=BROWSER).headers["X-Total-Count"] == total
    assert not any(prop == HYDRA + "view" for prop, _ in quads)


def test_every_format_is_offered_and_answered(client: TestClient) -> None:
    for fmt in GRAPH:
        answer = client.get("/search?kind=bulletins", headers={"accept": fmt.media_type})
        assert answer.headers["content-type"].startswith(fmt.media_type)
        assert answer.headers["content-location"] == f"/search.{fmt.suffix}?kind=bulletins"
    html = client.get("/es/search?kind=bulletins", headers=BROWSER).text
    links = {text: unescape(href) for href, text in Page(html).links().items()}
    assert links["CSV"] == "/search.csv?kind=bulletins&lang=es"
    assert links["JSON-LD"] == "/search.jsonld?kind=bulletins&lang=es"


def test_names_are_in_the_language_that_is_asked_for(client: TestClient) -> None:
    for language, name in (("es", "Acciones"), ("en", "Actions")):
        shown = page(client, f"/{language}/search")
        assert name in boxes(shown, "kind")["actions"][0]
    spanish = rows(client.get("/search.csv?kind=places&state=mx-cmx&lang=es"))
    english = rows(client.get("/search.csv?kind=places&state=mx-cmx&lang=en"))
    assert "Ciudad de México" in [row["label"] for row in spanish]
    assert "Mexico City" in [row["label"] for row in english]


def test_pages_follow_one_another_and_have_everything_once(client: TestClient) -> None:
    address, seen = "/en/search?text=jalisco&limit=20", []
    first = client.get(address, headers=BROWSER)
    total = int(first.headers["X-Total-Count"])
    while True:
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200
        seen += found(answer.text)
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        if not following:
            break
        assert f'<link rel="next" href="{following[1].replace("&", "&amp;")}">' in answer.text
        address = following[1]
    assert 'rel="prev"' in answer.headers["link"]
    whole = rows(client.get("/search.csv?text=jalisco&lang=en"))
    assert len(whole) == total > 40
    assert seen == [row["label"] for row in whole]


def test_the_words_are_marked_and_where_else_they_are_is_told(small_client: TestClient) -> None:
    html = small_client.get("/en/search?text=tijuana&kind=actions", headers=BROWSER).text
    assert re.search(r'<small class="snippet">[^/]*<mark>Tijuana</mark></small>', html)
    html = small_client.get("/en/search?text=TIJUÁNA&kind=places", headers=BROWSER).text
    assert "<mark>Tijuana</mark>" in html
    assert 'class="snippet"' not in html


def test_what_is_found_can_be_seen_as_table_map_and_time_line(client: TestClient) -> None:
    query = "kind=actions&state=mx-jal"
    total = client.get(f"/en/search?{query}", headers=BROWSER).headers["X-Total-Count"]
    table = page(client, f"/en/search?{query}&view=table")
    assert len(table.texts("th", scope="row")) == int(total)
    assert table.texts("th", scope="col")[:4] == ["Name", "Kind", "Date", "Region"]
    for view in ("map", "timeline"):
        html = client.get(f"/en/search?{query}&view={view}", headers=BROWSER).text
        assert "<figure" in html
        assert "<svg" in html
    mixed = client.get("/en/search?text=jalisco&view=map", headers=BROWSER).text
    assert "Not in these pictures, but in the list below:" in mixed


def test_the_time_line_is_in_the_order_of_time(client: TestClient) -> None:
    query = "text=jalisco&kind=actions"
    html = client.get(f"/en/search?{query}&view=timeline", headers=BROWSER).text
    index: Index = client.app.state.parts.search  # type: ignore[attr-defined]
    asked = Asked("jalisco", {KIND: ("actions",)})
    ordered = [hit.iri for hit in index.found(asked, ranked=False).hits]
    listed = html.partition('class="plain found"')[2].partition("</ol>")[0]
    links = re.findall(r'href="/en/doc/action/([\w-]+)', listed)
    assert links == [iris.key_of(each) for each in ordered]


def test_a_facet_with_very_many_values_leads_to_all_of_them(client: TestClient) -> None:
    few = page(client, "/en/search?kind=places")
    assert len(boxes(few, "country")) == 8
    [whole] = [href for href, text in few.links().items() if text.endswith(": Country")]
    every = page(client, unescape(whole))
    index: Index = client.app.state.parts.search  # type: ignore[attr-defined]
    counts = index.counts(Asked(chosen={KIND: ("places",)}), "country")
    shown = boxes(every, "country")
    assert shown.keys() == {iris.key_of(each) for each in counts}
    assert shown["us"][0].endswith(f" {counts[iris.thing('place/us')]}")


def test_suggestions_are_names_that_begin_so(small_client: TestClient) -> None:
    answer = small_client.get("/search/suggestions.json?text=guad&lang=en")
    assert answer.json()["text"] == "guad"
    names = answer.json()["suggestions"]
    assert names[0] == "Guadalajara"
    assert "Government of Guadalajara" in names
    assert len(names) == len(set(names)) <= 8
    assert answer.headers["cache-control"].startswith("public")
    assert small_client.get("/search/suggestions.json").json()["suggestions"] == []


def test_whoever_holds_it_already_is_told_so(client: TestClient) -> None:
    for path, accept in (("/en/search?text=jalisco", BROWSER), ("/search.csv?text=jalisco", {})):
        first = client.get(path, headers=accept)
        assert "max-age" in first.headers["cache-control"]
        assert "Accept-Language" in first.headers["vary"]
        again = client.get(path, headers={**accept, "if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert not again.content


def test_a_graph_that_is_too_large_is_refused_and_a_table_is_sent_bit_by_bit(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "AT_ONCE", 20)
    answer = client.get("/search.ttl?kind=bulletins&kind=people", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "33 things are found; a graph is written of 20 at most." in answer.json()["detail"]
    assert len(rows(client.get("/search.csv?kind=bulletins&kind=people"))) == 33


def test_the_site_searches_what_an_endpoint_has(parts: Parts, small: EmbeddedStore) -> None:
    over_endpoint = replace(parts, store=small, search=Index.over(small), version=None)
    with TestClient(create_app(over_endpoint), base_url=SITE) as client:
        shown = client.get("/en/search?text=portland", headers=BROWSER)
        assert "Portland" in found(shown.text)
        assert "etag" not in client.get("/search.csv?text=portland").headers


def test_openapi_knows_every_parameter(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/search"]["get"]["parameters"]
    assert {"text", "kind", "state", "monthFrom", "view", "page", "limit"} <= {
        each["name"] for each in described
    }


def test_the_query_of_a_link_is_answered_by_the_page_it_leads_to(client: TestClient) -> None:
    shown = page(client, "/en/search?kind=actions&state=mx-jal")
    [address] = [href for href, text in shown.links().items() if text == "See the SPARQL"]
    query = parse_qs(urlsplit(unescape(address)).query)["query"][0]
    answer = client.app.state.parts.public.answer(  # type: ignore[attr-defined]
        Query(query), Wanted("text/csv", None)
    )
    total = client.get("/search?kind=actions&state=mx-jal").headers["X-Total-Count"]
    assert len(answer.body.splitlines()) - 1 == int(total)
