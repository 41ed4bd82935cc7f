"""ResourceSync: the documents and their changes for programs that keep a copy."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from tests import histories
from tests.conftest import SITE

from diplolocal.embedded import EmbeddedStore
from diplolocal.web import resourcesync
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RS = "{http://www.openarchives.org/rs/terms/}"
FIRST, SECOND = "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"
EVER = "1970-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def site(parts: Parts) -> Iterator[TestClient]:
    mine = replace(parts, history=histories.small(), release="1.1.0", version="a" * 12)
    with TestClient(create_app(mine), base_url=SITE) as client:
        yield client


def read(client: TestClient, address: str) -> ElementTree.Element:
    answer = client.get(address.removeprefix(SITE))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml"
    return ElementTree.fromstring(answer.content)


def leads(tree: ElementTree.Element) -> dict[str, dict[str, str]]:
    """The addresses of a list, each with what is said of it."""
    found = {}
    for entry in (*tree.findall(f"{SITEMAP}url"), *tree.findall(f"{SITEMAP}sitemap")):
        said = entry.find(f"{RS}md")
        found[entry.findtext(f"{SITEMAP}loc") or ""] = {} if said is None else dict(said.attrib)
    return found


def capability(tree: ElementTree.Element) -> dict[str, str]:
    said = tree.find(f"{RS}md")
    assert said is not None
    return dict(said.attrib)


def links(element: ElementTree.Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in element.findall(f"{RS}ln"):
        found.setdefault(each.attrib["rel"], []).append(each.attrib["href"])
    return found


def test_from_the_well_known_address_every_list_is_found(site: TestClient) -> None:
    source = read(site, "/.well-known/resourcesync")
    assert capability(source) == {"capability": "description"}
    [[capabilities, said]] = leads(source).items()
    assert said == {"capability": "capabilitylist"}
    offered = read(site, capabilities)
    assert capability(offered) == {"capability": "capabilitylist"}
    assert links(offered)["up"] == [f"{SITE}/.well-known/resourcesync"]
    lists = leads(offered)
    assert [each["capability"] for each in lists.values()] == ["resourcelist", "changelist"]
    for address, each in lists.items():
        index = read(site, address)
        assert index.tag == f"{SITEMAP}sitemapindex"
        assert capability(index)["capability"] == each["capability"]
        assert links(index)["up"] == [capabilities]
        for part in leads(index):
            tree = read(site, part)
            assert capability(tree)["capability"] == each["capability"]
            assert (links(tree)["up"], links(tree)["index"]) == ([capabilities], [address])


def test_the_resource_list_has_every_document_that_is_there(site: TestClient) -> None:
    assert capability(read(site, "/resourcesync/resourcelist.xml")) == {
        "capability": "resourcelist",
        "at": SECOND,
    }
    tree = read(site, "/resourcesync/resourcelist/1.xml")
    found = {
        entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod")
        for entry in tree.findall(f"{SITEMAP}url")
    }
    assert found == {
        f"{SITE}/dataset/1.0.0": FIRST,
        f"{SITE}/dataset/1.1.0": SECOND,
        f"{SITE}/doc/action/2021-01-01": FIRST,
        f"{SITE}/doc/bulletin/2021-01": SECOND,
        f"{SITE}/doc/firm/heir": FIRST,
    }
    alternates = links(tree.findall(f"{SITEMAP}url")[0])["alternate"]
    assert alternates == [
        f"{SITE}/dataset/1.0.0.{suffix}" for suffix in ("html", "ttl", "jsonld", "nt", "rdf")
    ]


def test_the_change_list_has_what_became_of_each_document_in_the_order_of_time(
    site: TestClient,
) -> None:
    index = read(site, "/resourcesync/changelist.xml")
    assert capability(index) == {"capability": "changelist", "from": EVER}
    first, second = leads(index).items()
    assert first == (f"{SITE}/resourcesync/changelist/1.0.0/1.xml", {"from": EVER, "until": FIRST})
    assert second[1] == {"from": FIRST, "until": SECOND}
    tree = read(site, second[0])
    assert capability(tree) == {"capability": "changelist", "from": FIRST, "until": SECOND}
    assert leads(tree) == {
        f"{SITE}/{path}": {"change": change, "datetime": SECOND}
        for path, change in (
            ("dataset/1.1.0", "created"),
            ("doc/bulletin/2021-01", "updated"),
            ("doc/firm/one", "deleted"),
            ("doc/firm/other", "deleted"),
            ("doc/participation/2021-01-01-1", "deleted"),
        )
    }
    _, bulletin, one, *_ = tree.findall(f"{SITEMAP}url")
    assert links(bulletin)["memento"] == [f"{SITE}/doc/bulletin/2021-01?version=1.1.0"]
    assert links(one) == {}


def test_long_lists_are_cut_into_parts_that_hold_everything(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resourcesync, "_AT_ONCE", 100)
    mine = replace(parts, history=histories.large(a=250, b=1), release="1.1.0")
    with TestClient(create_app(mine), base_url=SITE) as client:
        for name, count in (("resourcelist", 3), ("changelist", 4)):
            index = leads(read(client, f"/resourcesync/{name}.xml"))
            assert len(index) == count
            assert len({loc for part in index for loc in leads(read(client, part))}) == 251


def test_before_the_first_release_the_lists_are_empty(parts: Parts) -> None:
    mine = replace(parts, history=EmbeddedStore())
    with TestClient(create_app(mine), base_url=SITE) as client:
        for name in ("resourcelist", "changelist"):
            assert leads(read(client, f"/resourcesync/{name}.xml")) == {}


def test_whoever_holds_a_list_is_told_so(site: TestClient) -> None:
    answer = site.get("/resourcesync/changelist.xml")
    again = site.get(
        "/resourcesync/changelist.xml", headers={"if-none-match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert site.head("/resourcesync/changelist.xml").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/resourcesync/resourcelist/0.xml",
        "/resourcesync/resourcelist/2.xml",
        "/resourcesync/resourcelist/-1.xml",
        "/resourcesync/resourcelist/x.xml",
        "/resourcesync/changelist/9.9.9/1.xml",
        "/resourcesync/changelist/1.0.0/2.xml",
        "/resourcesync/none.xml",
    ],
)
def test_a_part_that_is_not_there_is_not_found(site: TestClient, address: str) -> None:
    answer = site.get(address, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
