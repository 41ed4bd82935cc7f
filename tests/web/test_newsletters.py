"""The bulletins in a news reader: Atom and RSS, whole, newest first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from tests import histories
from tests.conftest import SITE, Page

from diplolocal import bulletin, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import LANGUAGES, Language

SUFFIXES = ("atom", "rss")
VERSIONS = {"atom": "atom10", "rss": "rss20"}


@pytest.fixture(scope="module")
def released(parts: Parts, small: EmbeddedStore) -> Iterator[TestClient]:
    """The small graph with two small releases."""
    mine = replace(parts, store=small, public=small, history=histories.small(), version="a" * 12)
    with TestClient(create_app(mine), base_url=SITE) as client:
        yield client


def valid(text: bytes, suffix: str) -> None:
    """Holds a feed against its schema."""
    schema = etree.RelaxNG(etree.parse(Path(__file__).with_name(f"{suffix}.rng")))
    schema.assertValid(etree.fromstring(text))


def feed(client: TestClient, suffix: str, language: str) -> Any:
    """The feed as a news reader understands it, which found nothing wrong with it."""
    answer = client.get(f"/bulletins.{suffix}?lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    assert answer.content.startswith(b"<?xml")
    valid(answer.content, suffix)
    headers = {"content-type": answer.headers["content-type"], "content-location": SITE}
    found = feedparser.parse(answer.content, response_headers=headers)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == VERSIONS[suffix]
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_every_bulletin_is_in_the_feed_once(
    client: TestClient, store: EmbeddedStore, suffix: str, language: Language
) -> None:
    found = feed(client, suffix, language)
    known = bulletin.months(store, language)
    assert [entry.id for entry in found.entries] == [issue.iri for issue in known]
    for entry, issue in zip(found.entries, known, strict=True):
        told = bulletin.read(store, issue.month, language)
        page = Page(entry.content[0].value)
        assert entry.title == str(told.title)
        headings = page.texts("h3")
        for action in told.actions:
            assert headings.count(str(action.title)) == 1
            assert page.texts("p").count(str(action.description)) == 1
        assert entry.link == f"{SITE}/{language}/bulletins/{issue.month}"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_authors_are_named(client: TestClient, suffix: str) -> None:
    [september] = [each for each in feed(client, suffix, "es").entries if each.id[-7:] == "2021-09"]
    names = [author.name for author in september.authors]
    assert "Saúl Gopar Ensáztiga" in ", ".join(names)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_no_release_dates_is_of_the_end_of_its_month(client: TestClient, suffix: str) -> None:
    newest = feed(client, suffix, "en").entries[0]
    stamp = newest.updated if suffix == "atom" else newest.published
    assert stamp in ("2022-02-28T00:00:00Z", "Mon, 28 Feb 2022 00:00:00 +0000")


def test_what_a_release_changed_is_of_its_day(released: TestClient) -> None:
    entries = {each.id: each.updated for each in feed(released, "atom", "en").entries}
    moments = set(entries.values())
    assert {each[:4] for each in moments} - {"2021"}
    text = released.get("/bulletins.atom?lang=en").text
    assert text.count(f"<updated>{max(moments)}</updated>") >= 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_language_of_the_address_is_that_of_the_feed(client: TestClient, suffix: str) -> None:
    for language in LANGUAGES:
        answer = client.get(f"/{language}/bulletins.{suffix}")
        assert answer.headers["content-language"] == language
        valid(answer.content, suffix)


def test_pages_of_bulletins_name_the_feeds(client: TestClient) -> None:
    page = Page(client.get("/en/bulletins/2021-09", headers={"Accept": "text/html"}).text)
    for media_type, suffix in (("application/atom+xml", "atom"), ("application/rss+xml", "rss")):
        [link] = [
            has
            for name, has, _ in page.elements
            if name == "link" and has.get("type") == media_type
        ]
        assert link["href"] == f"/bulletins.{suffix}?lang=en"
        assert link["rel"] == "alternate"


def test_whoever_holds_the_feed_gets_it_once(client: TestClient) -> None:
    first = client.get("/bulletins.rss?lang=es")
    held = {"If-None-Match": first.headers["etag"]}
    again = client.get("/bulletins.rss?lang=es", headers=held)
    assert (again.status_code, again.content) == (304, b"")


def test_the_feed_of_changes_fits_the_same_schema(released: TestClient) -> None:
    valid(released.get("/changes.atom").content, "atom")


def test_a_schema_refuses_what_is_no_feed() -> None:
    with pytest.raises(etree.DocumentInvalid):
        valid(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "atom")
    with pytest.raises(etree.DocumentInvalid):
        valid(b'<rss version="2.0"/>', "rss")


def test_the_feed_has_an_identifier_of_its_own_in_each_language(client: TestClient) -> None:
    found = {feed(client, "atom", language).feed.id for language in LANGUAGES}
    assert found == {f"{iris.NAMESPACE}bulletins#{language}" for language in LANGUAGES}
