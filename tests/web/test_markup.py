"""What search engines find in our pages: schema.org in JSON-LD."""

import json
import re
from typing import Any

import extruct
import pytest
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, parse
from tests.conftest import SITE
from tests.schema_org_context import expanded

from diplolocal import iris

THINGS = {
    "/doc/action/2021-01-03": "Event",
    "/doc/bulletin/2021-01": "PublicationIssue",
    "/doc/firm/airbus": "Corporation",
    "/doc/government/mx-jal": "GovernmentOrganization",
    "/doc/organisation/unesco": "Organization",
    "/doc/person/enrique-alfaro-ramirez": "Person",
    "/doc/place/mx": "Country",
    "/doc/place/mx-14039": "AdministrativeArea",
    "/vocab/theme": "DefinedTermSet",
    "/vocab/theme/culture": "DefinedTerm",
}
OTHERS = ("/actions", "/def", "/dumps", "/quality", "/queries", "/sparql", "/service", "/shapes")


def block(html: str) -> str:
    """The text of the one block of JSON-LD."""
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return str(found)


def page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("path", THINGS)
def test_the_page_of_a_thing_holds_its_profile_of_schema_org(client: TestClient, path: str) -> None:
    document = block(page(client, path))
    assert json.loads(document)["@type"] == THINGS[path]
    profile = client.get(f"{path}.nt?_profile=schema")
    assert profile.status_code == 200
    graph = {quad.triple for quad in parse(profile.content, format=RdfFormat.N_TRIPLES)}
    assert expanded(document) == graph
    assert expanded(client.get(f"{path}.jsonld?_profile=schema").content) == graph


@pytest.mark.parametrize("path", ["/", "/dataset"])
def test_home_and_the_page_of_the_data_set_hold_the_data_set(client: TestClient, path: str) -> None:
    document = json.loads(block(page(client, path)))
    assert (document["@id"], document["@type"]) == (iris.DATASET, "Dataset")
    assert document["url"] == f"{SITE}/dataset"
    assert document["version"] == client.get(path).headers["Dataset-Version"]


@pytest.mark.parametrize("path", OTHERS)
def test_every_other_page_is_a_part_of_the_data_set(client: TestClient, path: str) -> None:
    html = page(client, f"{path}?lang=en")
    document = json.loads(block(html))
    assert document["@id"] == f"{SITE}/en{path}"
    assert document["@type"] == "WebPage"
    assert document["isPartOf"] == {"@id": iris.DATASET}
    title, *_of_pictures = re.findall(r"<title>(.*?)</title>", html)
    assert document["name"] == {"@language": "en", "@value": title}


def test_an_address_cannot_end_the_block(client: TestClient) -> None:
    html = page(client, "/actions?text=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert json.loads(block(html))["@type"] == "WebPage"
    assert "<script>" not in html


def test_the_rules_for_scripts_stay_as_they_were(client: TestClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy


def test_extruct_finds_what_we_say(client: TestClient) -> None:
    for path in ("/", "/actions", *THINGS):
        html = page(client, path)
        found: dict[str, list[Any]] = extruct.extract(html, base_url=SITE + path)
        assert found.pop("json-ld") == [json.loads(block(html))], path
        assert not found["microdata"]
        assert not found["microformat"]
