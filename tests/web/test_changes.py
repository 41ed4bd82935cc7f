"""What changed, on the site: the page, the event stream, and what is not there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests import histories
from tests.conftest import SITE, Page

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

TREE = "https://w3id.org/tree#"
FOREVER = "public, max-age=31536000, immutable"
RDF = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}


@pytest.fixture(scope="module")
def site(parts: Parts, small: EmbeddedStore) -> Iterator[TestClient]:
    """The site with two small releases, and nothing changed since."""
    mine = replace(
        parts,
        store=small,
        public=small,
        history=histories.small(),
        release="1.1.0",
        version="a" * 12,
    )
    with TestClient(create_app(mine), base_url=SITE, follow_redirects=False) as client:
        yield client


def served(parts: Parts) -> TestClient:
    return TestClient(create_app(parts), base_url=SITE, follow_redirects=False)


def quads(client: TestClient, address: str, suffix: str) -> set[Quad]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return set(parse(answer.content, format=RDF[suffix]))


def nodes(found: set[Quad], prop: str) -> list[str]:
    return sorted(str(quad.object.value) for quad in found if quad.predicate.value == TREE + prop)  # type: ignore[union-attr]


# For people.


@pytest.mark.parametrize(("language", "heading"), [("es", "Qué cambió"), ("en", "What changed")])
def test_the_page_lists_the_releases_newest_first(
    site: TestClient, language: str, heading: str
) -> None:
    answer = site.get(f"/changes?lang={language}", headers={"accept": "text/html"})
    assert answer.headers["content-language"] == language
    page = Page(answer.text)
    assert page.texts("h1") == [heading]
    versions = [text for text in page.texts("th", scope="row") if text[0].isdigit()]
    assert versions == ["1.1.0", "1.0.0"]
    assert page.texts("td", **{"class": "count"}) == [
        "1",
        "1",
        "1",
        "1",
        "1",
        "7",
        "0",
        "0",
        "0",
        "0",
    ]
    links = page.links()
    for version in ("1.1.0", "1.0.0"):
        assert links[f"/dataset/{version}"] == version
        assert f"/changes/{version}/1" in links
    for address in ("/changes.trig", f"/changes.atom?lang={language}"):
        assert address in links


def test_a_page_of_a_release_names_what_changed_and_why(site: TestClient) -> None:
    page = Page(site.get("/changes/1.1.0/1.html?lang=en").text)
    rows = page.texts("tr")[1:]
    assert rows == [
        "diplolocal 1.1.0ReleaseAdded1.1.0",
        "January 2021BulletinChanged1.1.0 · 1.0.0",
        "OneFirmTaken back: It does not exist.1.1.0 · 1.0.0",
        "OtherFirmMerged: It was here twice. firm:heir1.1.0 · 1.0.0",
        "participation:2021-01-01-1ParticipationRemoved1.1.0 · 1.0.0",
    ]
    links = page.links()
    assert f"{SITE}/doc/bulletin/2021-01?version=1.0.0" in links
    assert "/doc/bulletin/2021-01" in links


def test_changes_that_no_release_has_yet_are_said(parts: Parts) -> None:
    history = histories.small()
    with served(replace(parts, history=history, release="1.1.0+abcdef012345")) as client:
        page = client.get("/changes?lang=en", headers={"accept": "text/html"}).text
        assert "The data have changed since release 1.1.0." in page
        assert "han cambiado desde la versión publicada 1.1.0" in client.get("/changes.ttl").text
        for feed in ("atom", "json"):
            assert "have changed since release 1.1.0" in client.get(f"/changes.{feed}?lang=en").text
    with served(replace(parts, history=history, release="1.1.0")) as client:
        for suffix in ("html", "ttl", "atom", "json"):
            assert "since release" not in client.get(f"/changes.{suffix}?lang=en").text


def test_before_the_first_release_there_is_a_page_without_releases(parts: Parts) -> None:
    with served(replace(parts, history=EmbeddedStore(), release="0.0.0+abcdef012345")) as client:
        page = Page(client.get("/changes.html?lang=en").text)
        assert "There is no release yet." in page.texts("p")
        assert nodes(quads(client, "/changes.trig", "trig"), "node") == []


# For programs.


@pytest.mark.parametrize("suffix", RDF)
def test_a_client_walks_from_the_root_in_one_format(site: TestClient, suffix: str) -> None:
    root = quads(site, f"/changes.{suffix}", suffix)
    assert nodes(root, "view") == [f"{SITE}/changes.{suffix}"]
    pages = [f"{SITE}/changes/{version}/1.{suffix}" for version in ("1.0.0", "1.1.0")]
    assert nodes(root, "node") == sorted(pages * 2)
    members = {member for page in pages for member in nodes(quads(site, page, suffix), "member")}
    assert len(members) == 12
    assert all(iris.is_ours(member) and "?version=1." in member for member in members)


def test_every_format_of_a_page_says_the_same(site: TestClient) -> None:
    def said(suffix: str) -> set[Quad]:
        found = quads(site, f"/changes/1.1.0/1.{suffix}", suffix)
        return {quad for quad in found if f"1.{suffix}" not in str(quad.subject)}

    assert said("trig") == said("nq") == said("jsonld")
    assert len({quad.graph_name for quad in said("nq")}) == 5  # four payloads, and the page


def test_the_payload_is_in_the_graph_called_as_the_member(site: TestClient) -> None:
    found = quads(site, "/changes/1.1.0/1.nq", "nq")
    stone = NamedNode(f"{iris.NAMESPACE}doc/firm/other?version=1.1.0")
    payload = {
        quad.predicate.value.rpartition("/")[2] for quad in found if quad.graph_name == stone
    }
    assert payload == {"22-rdf-syntax-ns#type", "core#prefLabel", "core#changeNote", "isReplacedBy"}


def test_without_a_suffix_the_client_prefers_and_stays_with_negotiation(site: TestClient) -> None:
    answer = site.get("/changes", headers={"accept": "application/trig"})
    assert answer.headers["content-type"].startswith("application/trig")
    assert answer.headers["content-location"] == "/changes.trig"
    assert answer.headers["vary"] == "Accept"
    found = set(parse(answer.content, format=RdfFormat.TRIG))
    assert nodes(found, "view") == [f"{SITE}/changes"]
    assert nodes(found, "node")[0] == f"{SITE}/changes/1.0.0/1"
    # The root has no members, so that it exists as a single graph too; its pages do not.
    turtle = site.get("/changes.ttl")
    assert nodes(set(parse(turtle.content, format=RdfFormat.TURTLE)), "node")[0] == (
        f"{SITE}/changes/1.0.0/1"
    )
    refused = site.get("/changes/1.0.0/1", headers={"accept": "text/turtle"})
    assert (refused.status_code, "application/trig" in refused.json()["offered"]) == (406, True)


def test_what_is_written_in_order_says_that_it_is(site: TestClient) -> None:
    profile = ';profile="https://w3id.org/tree/profile"'
    types = [site.get(f"/changes/1.0.0/1.{suffix}").headers["content-type"] for suffix in RDF]
    assert types == [
        "application/trig" + profile,
        "application/n-quads" + profile,
        "application/ld+json",
    ]


@pytest.mark.parametrize("suffix", RDF)
def test_a_page_of_a_release_never_changes_and_the_root_may(site: TestClient, suffix: str) -> None:
    for address, kept in (
        (f"/changes/1.0.0/1.{suffix}", FOREVER),
        (f"/changes.{suffix}", "public, max-age=60"),
    ):
        answer = site.get(address)
        assert answer.headers["cache-control"] == kept
        tag = answer.headers["etag"]
        again = site.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        head = site.head(address)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_page_is_the_same_bytes_after_the_next_release_and_whatever_the_prefixes(
    parts: Parts,
) -> None:
    bodies = set()
    for history, prefixes in (
        (histories.large(a=300), parts.prefixes),
        (histories.large(a=300, b=20), {**parts.prefixes, "firm2": iris.thing("firm/a-")}),
    ):
        with served(replace(parts, history=history, prefixes=prefixes)) as client:
            bodies.add(client.get("/changes/1.0.0/2.trig").content)
    assert len(bodies) == 1


def test_below_a_path_every_address_begins_with_it(parts: Parts) -> None:
    home = "https://example.mx/datos"
    with served(replace(parts, history=histories.small(), public_url=home)) as client:
        root = set(parse(client.get("/changes.nq").content, format=RdfFormat.N_QUADS))
        assert nodes(root, "view") == [f"{home}/changes.nq"]
        assert all(node.startswith(f"{home}/changes/") for node in nodes(root, "node"))
        answer = client.get("/changes/1.1.0/1", headers={"accept": "application/n-quads"})
        assert answer.headers["content-location"] == "/datos/changes/1.1.0/1.nq"
        assert client.get("/changes.json").json()["feed_url"] == f"{home}/changes.json"
        links = Page(client.get("/changes.html").text).links()
        assert [link for link in links if link.startswith("/changes")] == []


# What is not there.


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/changes/9.9.9/1", "1.0.0, 1.1.0"),
        ("/changes/1.0.0/2", "/changes/1.0.0/1"),
        ("/changes/1.0.0/0", "/changes/1.0.0/1"),
        ("/changes/1.0.0/-1", "/changes/1.0.0/1"),
        ("/changes/1.0.0/01", "/changes/1.0.0/1"),
        ("/changes/1.0.0/%D9%A1", "/changes/1.0.0/1"),
        ("/changes/1.0.0/1e9", "/changes/1.0.0/1"),
        ("/changes/1.0.0/1.ttl", "/changes/1.0.0/1.trig"),
        ("/changes/1.0.0/1.", "/changes/1.0.0/1.trig"),
        ("/changes/1.0.0%0A/1", "1.0.0, 1.1.0"),
        ("/changes/../1", ""),
        ("/changes/1.0.0/", ""),
        ("/changes.csv", "/changes.trig"),
    ],
)
def test_what_is_not_there_is_not_found_and_what_is_there_is_named(
    site: TestClient, address: str, named: str
) -> None:
    answer = site.get(address, headers={"accept": "application/json"})
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in answer.json()["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/changes",
        "/changes.trig",
        "/changes.atom",
        "/changes.json",
        "/changes/1.0.0/1",
        "/changes/1.0.0/1.trig",
        "/.well-known/resourcesync",
        "/resourcesync/capabilitylist.xml",
        "/resourcesync/resourcelist.xml",
        "/resourcesync/resourcelist/1.xml",
        "/resourcesync/changelist.xml",
        "/resourcesync/changelist/1.0.0/1.xml",
    ],
)
def test_over_an_endpoint_nobody_knows_what_changed(parts: Parts, address: str) -> None:
    with TestClient(create_app(replace(parts, history=None)), base_url=SITE) as client:
        answer = client.get(address + "?lang=en", headers={"accept": "application/json, */*;q=0.1"})
        assert answer.status_code == 404
        assert "keeps no history" in answer.json()["detail"]
