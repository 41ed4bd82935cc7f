"""Documents about things: where they say that they are, in which format, and what becomes of
addresses and headers that nobody should send.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import Quad, RdfFormat, parse
from tests.conftest import SITE, Page

from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JALISCO = "/doc/place/mx-jal"
ACTION = "/doc/action/2021-01-03"
ID = "https://w3id.org/diplolocal/id/"
OWN = "https://w3id.org/diplolocal/def"
SCHEMA = "https://schema.org/"
MEDIA_TYPES = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
STRANGE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/diplolocal/graph/strange> {
    <https://w3id.org/diplolocal/id/person/josé-niño> skos:prefLabel "José"@es .
    <https://w3id.org/diplolocal/id/person/☃> skos:prefLabel "Snowman"@en .
    <https://w3id.org/diplolocal/id/person/j.ttl> skos:prefLabel "With a dot"@en .
    <https://w3id.org/diplolocal/id/person/o'neill,(a)&b=c;d> skos:prefLabel "Signs"@en .
}
"""


@pytest.fixture(scope="module")
def strange(parts: Parts, small_quads: list[Quad]) -> Iterator[TestClient]:
    """A site that knows things whose keys need care."""
    written = parse(STRANGE.encode(), format=RdfFormat.TRIG)
    store = EmbeddedStore([*small_quads, *written])
    app = create_app(replace(parts, store=store, public=store))
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


# Where a document is.


@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_a_document_says_where_it_is_and_where_the_others_are(
    client: TestClient, suffix: str
) -> None:
    for address, accept in ((JALISCO, MEDIA_TYPES[suffix]), (f"{JALISCO}.{suffix}", "image/png")):
        answer = client.get(address, headers={"accept": accept})
        assert answer.headers["content-location"] == f"{JALISCO}.{suffix}"
        alternates = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"(?:,|$)', link(answer))
        assert dict(alternates) == {
            f"{JALISCO}.{other}": media_type
            for other, media_type in MEDIA_TYPES.items()
            if other != suffix
        }
        head = client.head(address, headers={"accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        apart = ("server-timing",)
        assert {name: value for name, value in head.headers.items() if name not in apart} == {
            name: value for name, value in answer.headers.items() if name not in apart
        }


def test_what_is_negotiated_varies_by_what_it_is_negotiated_by(client: TestClient) -> None:
    varies = {name.strip() for name in client.get(JALISCO).headers["vary"].split(",")}
    assert varies == {"Accept", "Accept-Language", "Accept-Profile", "Accept-Datetime"}


def test_data_say_which_profile_they_are_in(client: TestClient) -> None:
    for suffix in ("ttl", "jsonld", "nt", "rdf"):
        answer = client.get(f"{JALISCO}.{suffix}")
        assert answer.headers["content-profile"] == f"<{OWN}>"
        assert f'<{OWN}>; rel="profile"' in link(answer)


def test_a_document_has_the_signposts_of_its_thing(client: TestClient) -> None:
    iri = "https://w3id.org/diplolocal/id/place/mx-jal"
    assert f'<{iri}>; rel="cite-as"' in link(client.get(f"{JALISCO}.html"))
    assert f'<{SITE}{JALISCO}>; rel="describes"; type="text/html"' in link(
        client.get(f"{JALISCO}.ttl")
    )


# Keys that need care.


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("josé-niño", "jos%C3%A9-ni%C3%B1o"),
        ("☃", "%E2%98%83"),
        ("o'neill,(a)&b=c;d", "o'neill,(a)&b=c;d"),
    ],
)
def test_a_key_of_any_signs_is_answered_in_every_format(
    strange: TestClient, key: str, address: str
) -> None:
    path = f"/doc/person/{address}"
    moved = strange.get(f"/id/person/{address}")
    assert strange.get(moved.headers["location"]).status_code == 200
    for suffix, media_type in MEDIA_TYPES.items():
        answer = strange.get(path, headers={"accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-location"] == f"{path}.{suffix}"
        there = strange.get(answer.headers["content-location"])
        assert (there.status_code, suffix == "html" or there.content == answer.content) == (
            200,
            True,
        )
    graph = rdflib.Graph().parse(data=strange.get(f"{path}.ttl").text, format="turtle")
    iri = rdflib.URIRef(f"https://w3id.org/diplolocal/id/person/{key}")
    assert set(graph.objects(iri, rdflib.SKOS.prefLabel)) != set()
    page = Page(strange.get(f"{path}.html").text)
    assert f"{path}.ttl" in page.links()


# What nobody should send.


@pytest.mark.parametrize(
    "path",
    [
        "/doc/%zz",
        "/doc/%",
        "/doc/%ff",
        "/doc/%00",
        "/doc/%0d%0aSet-Cookie:x",
        "/doc/place/mx-jal.exe",
        "/doc/place/mx-jal.ttl.ttl",
        "/doc/place/mx-jal.",
        "/doc/place/mx-jal/",
        "/doc/PLACE/mx-jal",
        "/doc/../../etc/passwd",
        "/doc/..%2f..%2fetc/passwd",
        "/doc/%2e%2e/%2e%2e/etc/passwd",
        "/doc/..\\..\\etc",
        "/doc//",
        "/doc/<script>",
        "/doc/{{7*7}}",
        "/doc/" + "é" * 500,
        "/doc/" + "a/" * 2_000,
        "/vocab/%ff",
        "/graph/%00.nt",
        "/def/%C2%85",
        "/dataset/9.9.9",
    ],
    ids=lambda path: str(path)[:30].encode("ascii", "replace").decode().replace("\x00", ""),
)
@pytest.mark.parametrize("query", ["", "?version=1.0.0", "?_profile=schema", "?lang=%00"])
def test_what_is_no_address_of_ours_is_refused_with_a_problem(
    client: TestClient, path: str, query: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, path + query)
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "accept",
    [
        ";;;",
        "text/turtle;q=nan",
        "text/turtle;q=inf",
        "text/turtle;q=-1",
        "text/turtle;q=1e999",
        "text/turtle;q=",
        'text/turtle;profile="',
        'text/turtle;profile="a,b;c"',
        "text/turtle;" * 800,
        "a/b;q=0.1," * 1_000,
        "\x00",
        "/",
        "*/turtle",
        "text/",
    ],
    ids=lambda accept: str(accept)[:20].replace("\x00", "NUL"),
)
def test_an_absurd_accept_is_answered_or_refused(client: TestClient, accept: str) -> None:
    for name in ("accept", "accept-profile"):
        answer = client.get(JALISCO, headers={name: accept})
        assert answer.status_code in (200, 406)


# Profiles.


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (f"{JALISCO}.jsonld?_profile=schema", {}),
        (f"{JALISCO}.jsonld?_profile=https://schema.org/", {}),
        (f"{JALISCO}?_profile=schema", {"accept": "application/ld+json"}),
        (JALISCO, {"accept": f'application/ld+json;profile="{SCHEMA}"'}),
        (
            JALISCO,
            {
                "accept": 'application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted'
                f' {SCHEMA}"; q=0.5, text/html;q=0.1'
            },
        ),
        (JALISCO, {"accept": "application/ld+json", "accept-profile": f"<{SCHEMA}>"}),
        (
            JALISCO,
            {"accept": "application/ld+json", "accept-profile": f"<{OWN}>;q=0.2, <{SCHEMA}>"},
        ),
        (JALISCO, {"accept": "application/ld+json", "accept-profile": "<http://schema.org/>"}),
    ],
)
def test_schema_org_is_asked_for_in_many_ways(
    client: TestClient, address: str, headers: dict[str, str]
) -> None:
    answer = client.get(address, headers=headers)
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["content-profile"] == f"<{SCHEMA}>"
    assert answer.headers["content-location"] == f"{JALISCO}.jsonld?_profile=schema"
    assert answer.headers["etag"].endswith('-jsonld-schema"')
    assert f'<{SCHEMA}>; rel="profile"' in link(answer)
    tree = answer.json()
    assert (tree["@context"], tree["@id"]) == (SCHEMA, ID + "place/mx-jal")
    assert "State" in tree["@type"]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (f"{JALISCO}.jsonld", {"accept-profile": f"<{SCHEMA}>"}),  # a suffix is not negotiated
        (f"{JALISCO}.jsonld?_profile=diplolocal", {"accept-profile": f"<{SCHEMA}>"}),
        (JALISCO, {"accept": "application/ld+json", "accept-profile": f"<{SCHEMA}>;q=0"}),
        (JALISCO, {"accept": f'application/ld+json, text/turtle;q=0.1;profile="{SCHEMA}"'}),
        ("/graph/derived", {"accept": "application/ld+json", "accept-profile": f"<{SCHEMA}>"}),
        ("/doc/participation/2021-01-03-1.jsonld?_profile=schema", {}),
    ],
)
def test_our_own_model_is_what_is_given_otherwise(
    client: TestClient, address: str, headers: dict[str, str]
) -> None:
    assert client.get(address, headers=headers).headers["content-profile"] == f"<{OWN}>"


def test_schema_org_is_the_same_graph_in_every_format(client: TestClient) -> None:
    graphs = [
        set(
            rdflib.Graph().parse(
                data=client.get(f"{ACTION}.{suffix}?_profile=schema").text, format=name
            )
        )
        for suffix, name in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"))
    ]
    assert graphs[0] == graphs[1] == graphs[2]
    event = rdflib.URIRef(ID + "action/2021-01-03")
    assert (event, rdflib.RDF.type, rdflib.URIRef(SCHEMA + "Event")) in graphs[0]
    assert all(not str(prop).startswith(f"{OWN}#") for _, prop, _ in graphs[0])


def test_every_profile_is_linked_to_and_answered(client: TestClient) -> None:
    for suffix in ("html", "ttl", "jsonld"):
        said = link(client.get(f"{JALISCO}.{suffix}"))
        found = dict(
            re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"; profile="[^"]*"', said)
        )
        assert found == {
            f"{JALISCO}.{other}?_profile=schema": MEDIA_TYPES[other]
            for other in ("ttl", "jsonld", "nt", "rdf")
        }
        for address, media_type in found.items():
            answer = client.get(address)
            assert answer.headers["content-type"].partition(";")[0] == media_type
            assert answer.headers["content-profile"] == f"<{SCHEMA}>"


@pytest.mark.parametrize("path", [JALISCO, "/doc/action/2021-01-03", "/vocab/theme/culture"])
def test_a_page_says_in_schema_org_what_it_is_about(client: TestClient, path: str) -> None:
    [script] = Page(client.get(f"{path}.html").text).texts("script", type="application/ld+json")
    assert json.loads(script) == client.get(f"{path}.jsonld?_profile=schema").json()


@pytest.mark.parametrize("query", ["_profile=zz", "_profile=", "_profile=schema&_profile=schema"])
def test_a_profile_that_there_is_not_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"{JALISCO}?{query}", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (400, "Bad request")


def test_a_profile_that_nobody_knows_is_as_good_as_none(client: TestClient) -> None:
    framed = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"'
    for headers in ({"accept": framed}, {"accept-profile": "<https://example.org/>"}):
        answer = client.get(f"{JALISCO}", headers={"accept": "application/ld+json", **headers})
        assert answer.headers["content-profile"] == f"<{OWN}>"


def test_whoever_asks_for_a_profile_is_given_data_unless_it_wants_a_page(
    client: TestClient,
) -> None:
    wanted = {"accept-profile": f"<{OWN}>"}
    assert client.get(JALISCO, headers=wanted).headers["content-type"].startswith("text/turtle")
    page = client.get(JALISCO, headers={**wanted, "accept": BROWSER})
    assert page.headers["content-type"].startswith("text/html")


def link(answer: Response) -> str:
    return answer.headers["link"]
