"""News of the data in a news reader: Atom and JSON Feed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from fastapi.testclient import TestClient
from tests import histories
from tests.conftest import SITE

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


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
    with TestClient(create_app(mine), base_url=SITE) as client:
        yield client


def served(parts: Parts, history: EmbeddedStore) -> TestClient:
    return TestClient(create_app(replace(parts, history=history, release="1.0.0")), base_url=SITE)


def parsed(client: TestClient, address: str) -> Any:
    """The feed as a news reader understands it, which found nothing wrong with it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    headers = {"content-type": answer.headers["content-type"], "content-location": SITE + address}
    found = feedparser.parse(answer.content, response_headers=headers)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    assert_valid(ElementTree.fromstring(answer.content))
    return found


def assert_valid(feed: ElementTree.Element) -> None:
    """What RFC 4287 §4.1 asks of a feed and its entries, as its schema (appendix B) does."""
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, (element.tag, name)
        assert (element.findtext(f"{ATOM}id") or "").startswith("https://w3id.org/diplolocal/")
        assert (element.findtext(f"{ATOM}updated") or "").endswith("Z")
        ways = [
            (link.get("rel"), link.get("type"), link.get("hreflang")) for link in links(element)
        ]
        assert len(ways) == len(set(ways))
        assert all((link.get("href") or "").startswith("http") for link in links(element))
        assert all(each.get("term") for each in element.findall(f"{ATOM}category"))
        assert all(element.findtext(f"{ATOM}{name}") != "" for name in ("title", "summary"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def links(element: ElementTree.Element) -> list[ElementTree.Element]:
    return element.findall(f"{ATOM}link")


def link(found: Any, relation: str) -> str | None:
    """Where the link of a feed or an entry leads to."""
    return next((each.href for each in found.links if each.rel == relation), None)


def member(key: str, version: str) -> str:
    return iris.member(iris.thing(key), version)


def test_a_news_reader_shows_the_newest_changes_first(site: TestClient) -> None:
    found = parsed(site, "/changes.atom?lang=en")
    assert found.headers["content-type"] == "application/atom+xml"
    assert (found.feed.title, found.feed.id) == ("Changes of diplolocal", iris.CHANGES)
    assert (found.feed.language, found.feed.updated) == ("en", "2026-12-01T00:00:00Z")
    assert [entry.title for entry in found.entries][:6] == [
        "New: diplolocal 1.1.0",
        "Changed: January 2021",
        "Withdrawn: One",
        "Merged with another: Other",
        "Removed: participation:2021-01-01-1",
        "New: diplolocal 1.0.0",
    ]
    assert len(found.entries) == 12
    release, bulletin, one, other, part = found.entries[:5]
    assert release.summary == (
        "The second. Added: 1. Changed: 1. Taken back: 1. Merged: 1. Removed: 1."
    )
    assert bulletin.id == member("bulletin/2021-01", "1.1.0")
    assert [tag.term for tag in bulletin.tags] == ["changed", f"{iris.ONTOLOGY}#Bulletin"]
    assert bulletin.tags[1].label == "Bulletin"
    assert one.summary == "It does not exist."
    assert other.summary.startswith("It was here twice. In its place: ")
    assert link(other, "related") == f"{SITE}/doc/firm/heir"
    assert (link(part, "predecessor-version"), part.updated) == (
        f"{SITE}/doc/participation/2021-01-01-1?version=1.0.0",
        "2026-12-01T00:00:00Z",
    )


def test_an_entry_leads_to_the_version_the_one_before_and_the_thing(site: TestClient) -> None:
    bulletin = parsed(site, "/changes.atom").entries[1]
    document = f"{SITE}/doc/bulletin/2021-01"
    assert link(bulletin, "alternate") == f"{document}?version=1.1.0"
    assert link(bulletin, "predecessor-version") == f"{document}?version=1.0.0"
    assert link(bulletin, "latest-version") == document


def test_what_names_hold_is_not_read_as_markup(site: TestClient) -> None:
    titles = [entry.title for entry in parsed(site, "/changes/1.0.0/1.atom?lang=en").entries]
    assert "New: One &lt;&amp; two&gt;" in titles or "New: One <& two>" in titles
    found = ElementTree.fromstring(site.get("/changes/1.0.0/1.atom?lang=en").content)
    assert "New: One <& two>" in [each.text for each in found.iter(f"{ATOM}title")]


@pytest.mark.parametrize(("asked", "title"), [("", "Cambios de"), ("?lang=en", "Changes of")])
def test_the_feed_speaks_the_language_asked_for_and_its_ids_stay(
    site: TestClient, asked: str, title: str
) -> None:
    found = parsed(site, f"/changes.atom{asked}")
    assert found.feed.title == f"{title} diplolocal"
    assert found.entries[1].id == member("bulletin/2021-01", "1.1.0")
    assert link(found.feed, "self") == f"{SITE}/changes.atom{asked}"
    by_header = site.get("/changes.atom", headers={"accept-language": "en"})
    assert by_header.headers["content-language"] == "en"
    assert by_header.headers["vary"] == "Accept, Accept-Language"


def test_a_client_may_ask_for_a_feed_by_its_media_type(site: TestClient) -> None:
    for kind in ("application/atom+xml", "application/feed+json"):
        answer = site.get("/changes", headers={"accept": kind})
        assert answer.headers["content-type"] == kind


def test_the_archive_has_every_single_change_once(parts: Parts) -> None:
    """RFC 5005 §4.2: whoever follows the archive to its end has all entries."""
    with served(parts, histories.large(a=600, b=2)) as client:
        newest = parsed(client, "/changes.atom")
        assert ARCHIVE not in [
            each.tag for each in ElementTree.fromstring(client.get("/changes.atom").content)
        ]
        found, address = [], link(newest.feed, "prev-archive")
        documents = []
        while address:
            documents.append(address.removeprefix(SITE))
            page = parsed(client, documents[-1])
            tree = ElementTree.fromstring(client.get(documents[-1]).content)
            assert tree.find(ARCHIVE) is not None
            assert link(page.feed, "current") == f"{SITE}/changes.atom"
            found += [entry.id for entry in page.entries]
            address = link(page.feed, "prev-archive")
        assert documents == [
            f"/changes/{page}.atom" for page in ("1.1.0/1", "1.0.0/3", "1.0.0/2", "1.0.0/1")
        ]
        assert len(found) == len(set(found)) == 602
        assert {entry.id for entry in newest.entries} <= set(found)


def test_of_a_large_release_the_newest_feed_tells_what_people_follow_and_says_so(
    parts: Parts,
) -> None:
    with served(parts, histories.large(a=300, b=2)) as client:
        found = parsed(client, "/changes.atom?lang=en")
        assert "every single change is in the archive" in found.feed.subtitle
        assert [entry.title for entry in found.entries[:2]] == ["New: b 0", "New: b 1"]
        # The firms of the large release are in the archive only.
        assert [entry for entry in found.entries if "a 1" in entry.title] == []


def test_the_newest_feed_has_whole_releases_and_no_more_than_a_page(parts: Parts) -> None:
    with served(parts, histories.large(a=200, b=100, c=100)) as client:
        found = parsed(client, "/changes.atom")
        assert len(found.entries) == 200
        assert {entry.title.split()[1] for entry in found.entries} == {"b", "c"}


def test_before_the_first_release_the_feed_is_empty_and_valid(parts: Parts) -> None:
    with served(parts, EmbeddedStore()) as client:
        found = parsed(client, "/changes.atom")
        assert (found.entries, link(found.feed, "prev-archive")) == ([], None)
        assert client.get("/changes.json").json()["items"] == []


def test_json_feed_tells_the_same(site: TestClient) -> None:
    answer = site.get("/changes.json?lang=en")
    assert answer.headers["content-type"] == "application/feed+json"
    tree = answer.json()
    assert {name: tree[name] for name in ("version", "title", "language", "feed_url")} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Changes of diplolocal",
        "language": "en",
        "feed_url": f"{SITE}/changes.json?lang=en",
    }
    atom = parsed(site, "/changes.atom?lang=en")
    assert [(item["id"], item["title"], item["url"]) for item in tree["items"]] == [
        (entry.id, entry.title, entry.link) for entry in atom.entries
    ]
    other = tree["items"][3]
    assert other["date_published"] == "2026-12-01T00:00:00Z"
    assert other["tags"] == ["merged", "Firm"]
    assert other["_diplolocal"] == {
        "change": "merged",
        "topic": iris.thing("firm/other"),
        "names": {"es": "Otra", "en": "Other"},
        "release": "1.1.0",
        "latest": f"{SITE}/doc/firm/other",
        "before": f"{SITE}/doc/firm/other?version=1.0.0",
        "reason": {"es": "Estaba dos veces.", "en": "It was here twice."},
        "replaced_by": iris.thing("firm/heir"),
    }
    for item in tree["items"]:
        assert item["content_text"]
    pages, address = [], tree["next_url"]
    while address:
        page = site.get(address.removeprefix(SITE)).json()
        pages.append(page["feed_url"])
        address = page.get("next_url")
    assert pages == [f"{SITE}/changes/{v}/1.json?lang=en" for v in ("1.1.0", "1.0.0")]
