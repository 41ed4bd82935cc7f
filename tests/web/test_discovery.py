"""What a program finds that knows nothing but the address of the site."""

import json
import urllib.robotparser
from dataclasses import replace
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad
from tests.conftest import SITE, Page
from tests.web.test_catalogue import DUMPS

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JALISCO = iris.thing("place/mx-jal")


# Robots and the sitemap.


def robots(text: str) -> urllib.robotparser.RobotFileParser:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(text.splitlines())
    return parser


def test_robots_may_read_pages_and_are_asked_not_to_ask_queries(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    rules = robots(answer.text)
    for path in ("/", "/doc/place/mx-jal", "/dataset", "/dumps/diplolocal.nq.gz", "/sparql"):
        assert rules.can_fetch("*", SITE + path), path
    for path in ("/sparql?query=ASK%7B%7D", "/graphs?graph=urn:x"):
        assert not rules.can_fetch("*", SITE + path), path
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]


def test_below_a_path_the_rules_begin_with_it(parts: Parts) -> None:
    made = create_app(replace(parts, public_url="https://example.mx/datos"))
    with TestClient(made, base_url="http://asked.example") as client:
        rules = robots(client.get("/robots.txt").text)
        assert not rules.can_fetch("*", "https://example.mx/datos/sparql?query=ASK%7B%7D")
        assert rules.can_fetch("*", "https://example.mx/datos/doc/place/mx-jal")
        assert rules.site_maps() == ["https://example.mx/datos/sitemap.xml"]
        index = ElementTree.fromstring(client.get("/sitemap.xml").content)
        assert [each.text for each in index.iter(f"{SITEMAPS}loc")] == [
            "https://example.mx/datos/sitemaps/1.xml"
        ]


def pages(client: TestClient) -> dict[str, ElementTree.Element]:
    """Every page that the sitemap lists."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [str(each.text) for each in index.iter(f"{SITEMAPS}loc")]
    found: dict[str, ElementTree.Element] = {}
    for part in parts:
        some = ElementTree.fromstring(client.get(urlsplit(part).path).content)
        urls = list(some.iter(f"{SITEMAPS}url"))
        assert len(urls) <= 50_000
        for url in urls:
            location = str(url.findtext(f"{SITEMAPS}loc"))
            assert location not in found
            found[location] = url
    return found


def test_the_sitemap_lists_every_page_of_a_thing_once(
    small_client: TestClient, small: EmbeddedStore
) -> None:
    listed = pages(small_client)
    assert f"{SITE}/doc/place/mx-jal" in listed
    assert f"{SITE}/doc/action/2021-01-01" in listed
    assert f"{SITE}/vocab/theme" in listed
    assert f"{SITE}/def" in listed
    assert f"{SITE}/" in listed
    for page in (f"{SITE}/doc/place/mx-jal", f"{SITE}/vocab/theme", f"{SITE}/def"):
        assert small_client.get(urlsplit(page).path, headers={"accept": BROWSER}).is_success


def test_every_thing_of_the_data_is_in_the_sitemap(client: TestClient) -> None:
    query = (
        "SELECT DISTINCT ?t WHERE { ?t a ?c"
        " FILTER(REGEX(STR(?t), '^https://w3id.org/diplolocal/id/')) }"
    )
    headers = {"accept": "application/sparql-results+json"}
    rows = client.get("/sparql", params={"query": query}, headers=headers).json()
    things = {
        row["t"]["value"].replace("https://w3id.org/diplolocal/id/", f"{SITE}/doc/")
        for row in rows["results"]["bindings"]
    }
    assert len(things) > 10_000
    assert things <= set(pages(client))


def test_a_page_of_the_sitemap_has_its_two_languages(small_client: TestClient) -> None:
    url = pages(small_client)[f"{SITE}/doc/place/mx-jal"]
    links = {each.get("hreflang"): each.get("href") for each in url.iter(f"{XHTML}link")}
    assert links == {language: f"{SITE}/{language}/doc/place/mx-jal" for language in ("es", "en")}
    assert url.find(f"{SITEMAPS}lastmod") is None  # no release tells


def test_a_release_tells_when_a_page_last_changed(parts: Parts, small: EmbeddedStore) -> None:
    graph, moment = NamedNode(iris.release("1.0.0")), "2026-12-01T10:00:00Z"
    member = NamedNode(iris.member(JALISCO, "1.0.0"))
    date_time = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    terms = "http://purl.org/dc/terms/"
    said: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (member, "isVersionOf", NamedNode(JALISCO)),
        (member, "isPartOf", graph),
        (graph, "issued", Literal(moment, datatype=date_time)),
    ]
    history = EmbeddedStore(
        [Quad(node, NamedNode(terms + prop), value, graph) for node, prop, value in said]
    )
    made = create_app(replace(parts, store=small, history=history, version="0123456789ab"))
    with TestClient(made, base_url=SITE) as client:
        listed = pages(client)
        changed = {
            location: url.findtext(f"{SITEMAPS}lastmod")
            for location, url in listed.items()
            if url.find(f"{SITEMAPS}lastmod") is not None
        }
        assert changed == {f"{SITE}/doc/place/mx-jal": "2026-12-01"}
        index = ElementTree.fromstring(client.get("/sitemap.xml").content)
        assert [each.text for each in index.iter(f"{SITEMAPS}lastmod")] == ["2026-12-01"]


@pytest.mark.parametrize("number", ["0", "01", "99", "-1", "x", "1e0", "%00", "²", "9" * 900])
def test_there_is_no_other_part_of_the_sitemap(small_client: TestClient, number: str) -> None:
    assert small_client.get(f"/sitemaps/{number}.xml").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/.well-known/api-catalog"])
def test_who_holds_it_already_is_told_so(small_client: TestClient, path: str) -> None:
    first = small_client.get(path)
    again = small_client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = small_client.head(path)
    assert (head.content, head.headers["etag"]) == (b"", first.headers["etag"])
    assert first.headers["access-control-allow-origin"] == "*"


# Links.


def test_the_services_are_listed_with_what_describes_them(client: TestClient) -> None:
    answer = client.get("/.well-known/api-catalog")
    assert answer.headers["content-type"] == (
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    contexts = {each["anchor"]: each for each in answer.json()["linkset"]}
    items = [each["href"] for each in contexts[f"{SITE}/.well-known/api-catalog"]["item"]]
    assert set(items) == set(contexts) - {f"{SITE}/.well-known/api-catalog"}
    sparql = contexts[f"{SITE}/sparql"]
    assert sparql["service-desc"] == [{"href": f"{SITE}/service.ttl", "type": "text/turtle"}]
    assert sparql["service-doc"] == [{"href": f"{SITE}/service", "type": "text/html"}]
    openapi = contexts[f"{SITE}/"]["service-desc"]
    assert openapi == [{"href": f"{SITE}/openapi.json", "type": "application/json"}]


def test_what_the_services_are_described_by_is_there(client: TestClient) -> None:
    answer = client.get("/.well-known/api-catalog").json()
    for context in answer["linkset"]:
        for relation in ("service-desc", "service-doc", "service-meta", "status"):
            for link in context.get(relation, []):
                found = client.get(urlsplit(link["href"]).path, headers={"accept": link["type"]})
                assert found.status_code == 200, link
                assert found.headers["content-type"].startswith(link["type"])


def test_the_home_page_leads_to_all_of_it(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": BROWSER})
    header = answer.headers["link"]
    page = Page(answer.text)
    links = {(has["rel"], has["href"]) for tag, has, _ in page.elements if tag == "link"}
    for relation, path in (
        ("describedby", "/.well-known/void"),
        ("describedby", "/dataset.ttl"),
        ("describedby", "/dataset.jsonld"),
        ("api-catalog", "/.well-known/api-catalog"),
        ("linkset", "/linkset"),
        ("alternate", "/changes.atom"),
    ):
        assert (relation, path) in links
        assert f'<{path}>; rel="{relation}"' in header
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in links
    assert 'rel="license"' in header
    assert f'<{iris.DATASET}>; rel="cite-as"' in header


def test_the_links_of_the_data_set_are_a_document(parts: Parts) -> None:
    made = create_app(replace(parts, dumps=DUMPS))
    with TestClient(made, base_url=SITE) as client:
        answer = client.get("/linkset")
        assert answer.headers["content-type"] == "application/linkset+json"
        contexts = {each["anchor"]: each for each in answer.json()["linkset"]}
        page = contexts[f"{SITE}/dataset"]
        dump = {"href": f"{SITE}/dumps/diplolocal.nq.gz", "type": "application/gzip"}
        assert page["cite-as"] == [{"href": iris.DATASET}]
        assert page["item"] == [dump]
        assert {"href": f"{SITE}/dataset.ttl", "type": "text/turtle"} in page["describedby"]
        assert contexts[dump["href"]]["collection"] == [
            {"href": f"{SITE}/dataset", "type": "text/html"}
        ]
        described = contexts[f"{SITE}/dataset.ttl"]["describes"]
        assert described == [{"href": f"{SITE}/dataset", "type": "text/html"}]


@pytest.mark.parametrize("path", ["/linkset", "/linkset.json", "/linkset.txt"])
def test_the_links_of_a_thing_are_a_document_of_their_own(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"anchor": JALISCO})
    assert answer.status_code == 200
    assert answer.headers["content-location"].endswith(f"?anchor={JALISCO}")
    if path.endswith("txt"):
        assert answer.headers["content-type"].partition(";")[0] == "application/linkset"
        [first, *_] = answer.text.splitlines()
        assert first == f'<{JALISCO}>; rel="cite-as"; anchor="{SITE}/doc/place/mx-jal",'
    else:
        [page, *_] = answer.json()["linkset"]
        assert page["cite-as"] == [{"href": JALISCO}]
        assert page["collection"] == [{"href": iris.DATASET}]


@pytest.mark.parametrize(
    "anchor",
    ["", "place/mx-jal", "urn:x", "https://w3id.org/diplolocal/id/place/nowhere", "a b", "\x00"],
)
def test_what_is_not_described_has_no_links(client: TestClient, anchor: str) -> None:
    assert client.get("/linkset", params={"anchor": anchor}).status_code == 404


@pytest.mark.parametrize("path", ["/linkset", "/linkset.json", "/linkset.txt"])
def test_the_links_of_something_else_are_not_taken_for_those_that_are_meant(
    client: TestClient, path: str
) -> None:
    assert client.get(f"{path}?lang=en").status_code == 200
    refused = client.get(f"{path}?resource={JALISCO}&lang=en")
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        "There is no parameter resource at this address. There are: anchor, lang.",
    )


def test_the_links_are_in_two_formats(client: TestClient) -> None:
    assert client.get("/linkset", headers={"accept": "text/html"}).status_code == 406
    assert client.get("/linkset.ttl").status_code == 404
    text = client.get("/linkset", headers={"accept": "application/linkset"})
    assert text.headers["content-type"].partition(";")[0] == "application/linkset"
    assert json.loads(client.get("/linkset.json").content) == client.get("/linkset").json()


def test_without_a_build_there_are_no_files_and_no_feeds(
    parts: Parts, small: EmbeddedStore
) -> None:
    made = create_app(replace(parts, store=small, version=None, history=None, dump=None, dumps=()))
    with TestClient(made, base_url=SITE) as client:
        contexts = client.get("/.well-known/api-catalog").json()["linkset"]
        anchors = {each["anchor"] for each in contexts}
        assert f"{SITE}/sparql" in anchors
        assert not anchors & {f"{SITE}/dumps", f"{SITE}/changes"}
        assert "/changes" not in client.get("/", headers={"accept": BROWSER}).headers["link"]
