"""Old versions over HTTP, and what is left of what is gone (RFC 7089, RFC 5829, RFC 9110)."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
import rdflib
from fastapi.testclient import TestClient
from pyoxigraph import Quad
from tests.conftest import SITE, Page
from tests.recorded import DATES, RELEASES, recorded

from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ID = "https://w3id.org/diplolocal/id/"
UN = "/doc/organisation/un"
MARCH = "/doc/bulletin/2021-03"
GONE = "/doc/firm/gone"
MERGED = "/doc/firm/merged"
FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}


@pytest.fixture(scope="module")
def past(parts: Parts, small_quads: list[Quad]) -> Parts:
    """The site over a small graph with three releases, the newest of which is served."""
    told = recorded(small_quads)
    return replace(
        parts,
        store=told.store,
        public=told.store,
        history=told.history,
        release="1.2.0",
        version="abcdef012345",
        cache_bytes=1_000_000,
    )


@pytest.fixture(scope="module")
def client(past: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(past), base_url=SITE, follow_redirects=False) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture(scope="module")
def forgetful(past: Parts) -> Iterator[TestClient]:
    """The same site, which keeps no answers."""
    app = create_app(replace(past, cache_bytes=0))
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


# Old versions.


@pytest.mark.parametrize(
    ("number", "name"),
    [("1.0.0", "UN"), ("1.1.0", "United Nations"), ("1.2.0", "United Nations")],
)
def test_an_old_version_reads_as_it_was_in_every_format(
    client: TestClient, number: str, name: str
) -> None:
    iri = rdflib.URIRef(ID + "organisation/un")
    for suffix, parser in FORMATS.items():
        answer = client.get(f"{UN}.{suffix}?version={number}")
        graph = rdflib.Graph().parse(data=answer.text, format=parser)
        assert rdflib.Literal(name, lang="en") in set(graph.objects(iri, rdflib.SKOS.prefLabel))
        assert answer.headers["memento-datetime"] == DATES[number]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["etag"] == f'"{number}-{suffix}"'
        assert answer.headers["content-location"] == f"{UN}.{suffix}?version={number}"
        document = rdflib.URIRef(f"https://w3id.org/diplolocal{UN}?version={number}")
        assert (iri, rdflib.FOAF.isPrimaryTopicOf, document) in graph
        release = rdflib.URIRef(f"https://w3id.org/diplolocal/dataset/{number}")
        assert (document, rdflib.DCTERMS.isPartOf, release) in graph
        assert (document, rdflib.DCTERMS.isVersionOf, iri) in graph
    tree = client.get(f"{UN}.jsonld?version={number}").json()
    assert (tree["id"], tree["label"]["en"]) == (ID + "organisation/un", name)


def test_the_newest_version_says_what_is_said_now(client: TestClient) -> None:
    for path in ("/doc/place/mx-jal", "/doc/action/2021-03-01", "/doc/government/mx-14039"):
        now, then = (
            rdflib.Graph().parse(data=client.get(f"{path}.nt{query}").text, format="nt")
            for query in ("", "?version=1.2.0")
        )
        # All but what is said of the document itself.
        apart = rdflib.URIRef("https://w3id.org/diplolocal" + path)
        for graph in (now, then):
            for document in (apart, rdflib.URIRef(f"{apart}?version=1.2.0")):
                graph.remove((document, None, None))
                graph.remove((None, None, document))
        assert set(now) == set(then)
        assert len(now) > 5


@pytest.mark.parametrize(
    ("language", "said", "date"),
    [
        ("en", "As it was in version 1.0.0 of the data, of 1 January 2026.", "As it is now"),
        ("es", "Como estaba en la versión 1.0.0 de los datos, del 1 de enero de 2026.", "Como"),
    ],
)
def test_the_page_of_an_old_version_says_so_and_leads_to_the_current_one(
    client: TestClient, language: str, said: str, date: str
) -> None:
    answer = browse(client, f"{UN}?version=1.0.0", language)
    page = Page(answer.text)
    assert page.texts("p", **{"class": "then"})[0].startswith(said)
    assert page.links()[UN].startswith(date)
    assert f"{UN}.ttl?version=1.0.0" in page.links()
    assert f"https://w3id.org/diplolocal{UN}?version=1.0.0" in page.texts("code")
    # It leads to the newest version, so it does not stay as it is.
    assert answer.headers["cache-control"] == "public, max-age=60"
    for link in page.links().keys() - {"#main"}:
        if link.startswith(("/doc/", "/timemap/", "/vocab/", "/def")):
            there = client.get(link, headers={"accept": BROWSER}, follow_redirects=True)
            assert (link, there.status_code) == (link, 200)


def test_the_page_of_now_says_nothing_of_the_past(client: TestClient) -> None:
    assert Page(browse(client, UN, "en").text).texts("p", **{"class": "then"}) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.0.0", {"successor-version": "1.1.0"}),
        ("1.1.0", {"predecessor-version": "1.0.0"}),
        ("1.2.0", {"predecessor-version": "1.0.0"}),
    ],
)
def test_an_old_version_links_to_those_beside_it(
    client: TestClient, number: str, expected: dict[str, str]
) -> None:
    found = links(client.get(f"{UN}.ttl?version={number}"))
    assert {
        relation: found[relation]
        for relation in ("predecessor-version", "successor-version")
        if relation in found
    } == {relation: f"{SITE}{UN}?version={other}" for relation, other in expected.items()}
    for relation in ("original", "timegate", "latest-version"):
        assert found[relation] == SITE + UN
    assert found["timemap"] == found["version-history"] == f"{SITE}/timemap{UN}"


def test_an_old_version_reads_in_schema_org_too(client: TestClient) -> None:
    for number, name in (("1.0.0", "UN"), ("1.1.0", "United Nations")):
        answer = client.get(f"{UN}.ttl?version={number}&_profile=schema")
        assert (answer.status_code, f'"{name}"@en' in answer.text) == (200, True)
        assert answer.headers["content-profile"] == "<https://schema.org/>"
        address = f"{UN}.ttl?version={number}&_profile=schema"
        assert answer.headers["content-location"] == address
        assert answer.headers["etag"] == f'"{number}-ttl-schema"'
        # What it is a member of is named as it was, too.
        member = client.get(f"/doc/government/mx-02004.ttl?version={number}&_profile=schema")
        assert f'"{name}"@en' in member.text


def test_every_topic_has_its_versions(client: TestClient) -> None:
    for path in ("/def", "/vocab/theme", "/vocab/theme/culture"):
        for suffix in ("ttl", "jsonld", "html"):
            answer = client.get(f"{path}.{suffix}?version=1.0.0")
            assert (path, suffix, answer.status_code) == (path, suffix, 200)
            assert answer.headers["memento-datetime"] == DATES["1.0.0"]


@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
@pytest.mark.parametrize("number", ["9.9.9", "", "../x", "1", "1.0.0 ", "\x00", "١.0.0", "x" * 999])
def test_a_release_that_there_is_not_is_not_found_naming_those_that_there_are(
    client: TestClient, suffix: str, number: str
) -> None:
    answer = client.get(UN + suffix, params={"version": number})
    assert (answer.status_code, answer.json()["offered"]) == (404, list(RELEASES))


def test_a_version_given_twice_is_refused(client: TestClient) -> None:
    answer = client.get(f"{UN}?version=1.0.0&version=1.0.0")
    assert (answer.status_code, answer.json()["title"]) == (400, "Solicitud incorrecta")


def test_before_it_came_a_thing_is_not_found_naming_where_it_is(client: TestClient) -> None:
    answer = client.get(f"{MARCH}?version=1.0.0", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["offered"]) == (404, ["1.1.0", "1.2.0"])
    assert "was not there in release 1.0.0" in answer.json()["detail"]
    assert client.get(f"{MARCH}?version=1.1.0").status_code == 200


def test_what_never_was_is_not_found_in_any_version(client: TestClient) -> None:
    for path in ("/doc/place/none", "/doc/%00", "/doc/a%20b", "/nonsense"):
        assert client.get(f"{path}?version=1.0.0").status_code == 404


def test_an_old_version_in_no_acceptable_format_is_refused(client: TestClient) -> None:
    answer = client.get(f"{UN}?version=1.0.0", headers={"accept": "image/png"})
    assert (answer.status_code, len(answer.json()["offered"])) == (406, 5)


def test_a_site_over_an_endpoint_has_no_old_versions(past: Parts) -> None:
    app = create_app(replace(past, history=None, release=None, version=None))
    with TestClient(app, base_url=SITE) as client:
        answer = client.get(f"{UN}?version=1.0.0", headers={"accept-language": "en"})
        now = client.get(f"{UN}.ttl", headers={"accept-datetime": DATES["1.0.0"]})
    assert answer.status_code == 404
    assert "keeps no history" in answer.json()["detail"]
    assert now.status_code == 200
    assert {"last-modified", "memento-datetime", "etag"} & set(now.headers) == set()
    assert "Accept-Datetime" not in now.headers["vary"]


# At a date.


@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("Thu, 01 Jan 2026 00:00:00 GMT", "1.0.0"),
        ("Sun, 01 Feb 2026 11:59:59 GMT", "1.0.0"),
        ("Sun, 01 Feb 2026 12:00:00 GMT", "1.1.0"),
        ("Sun, 01 Feb 2026 06:00:00 -0600", "1.1.0"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "1.2.0"),
        # RFC 7089 §4.5.3: before the first, the first.
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1.0.0"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".ttl"])
def test_a_date_leads_to_the_version_of_then(
    client: TestClient, date: str, number: str, suffix: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"{UN}{suffix}?lang=en", headers={"accept-datetime": date})
        assert answer.status_code == 302
        assert answer.headers["location"] == f"{UN}{suffix}?version={number}&lang=en"
        assert "accept-datetime" in answer.headers["vary"].lower()
        assert links(answer)["original"] == SITE + UN
        assert "memento-datetime" not in answer.headers
    there = client.get(answer.headers["location"])
    assert there.headers["memento-datetime"] == DATES[number]


def test_a_date_before_a_thing_came_leads_to_its_first_version(client: TestClient) -> None:
    answer = client.get(MARCH, headers={"accept-datetime": DATES["1.0.0"]})
    assert answer.headers["location"] == f"{MARCH}?version=1.1.0"


def test_a_date_finds_what_was_withdrawn(client: TestClient) -> None:
    for path in (GONE, MERGED, "/doc/participation/2021-01-02-3"):
        answer = client.get(path, headers={"accept-datetime": DATES["1.1.0"]})
        assert answer.headers["location"] == f"{path}?version=1.1.0"
        assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "date", ["", "nonsense", "2026-02-01", "Thu, 99 Jan 2026 00:00:00 GMT", "\x01", "9" * 4_000]
)
def test_a_date_that_is_none_is_refused(client: TestClient, date: str) -> None:
    answer = client.get(UN, headers={"accept-datetime": date})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_version_in_the_address_goes_before_a_date(client: TestClient) -> None:
    answer = client.get(f"{UN}?version=1.0.0", headers={"accept-datetime": "nonsense"})
    assert answer.headers["memento-datetime"] == DATES["1.0.0"]


def test_what_is_kept_for_one_date_is_not_given_to_another(client: TestClient) -> None:
    assert client.get(f"{UN}.ttl").status_code == 200
    moved = client.get(f"{UN}.ttl", headers={"accept-datetime": DATES["1.0.0"]})
    assert moved.status_code == 302
    assert client.get(f"{UN}.ttl").status_code == 200


def test_what_is_kept_in_one_profile_is_not_given_in_another(client: TestClient) -> None:
    accept = {"accept": "application/ld+json"}
    schema = {**accept, "accept-profile": "<https://schema.org/>"}
    tags = [client.get(UN, headers=headers).headers["etag"] for headers in (accept, schema, accept)]
    assert tags == [
        '"abcdef012345-jsonld"',
        '"abcdef012345-jsonld-schema"',
        '"abcdef012345-jsonld"',
    ]


# Which versions there are.


def test_the_versions_of_a_document_are_listed(client: TestClient) -> None:
    answer = client.get(f"/timemap{UN}")
    assert answer.headers["content-type"].startswith("application/link-format")
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; datetime="([^"]*)")?', answer.text)
    assert found[0] == (SITE + UN, "original timegate latest-version", "")
    assert found[2:] == [
        (f"{SITE}{UN}?version=1.0.0", "first memento", DATES["1.0.0"]),
        (f"{SITE}{UN}?version=1.1.0", "memento", DATES["1.1.0"]),
        (f"{SITE}{UN}?version=1.2.0", "last memento", DATES["1.2.0"]),
    ]
    for address, _, date in found[2:]:
        assert client.get(address).headers["memento-datetime"] == date


def test_the_versions_are_listed_as_json_too(client: TestClient) -> None:
    named = client.get(f"/timemap{GONE}.json")
    asked = client.get(f"/timemap{GONE}", headers={"accept": "application/json"})
    assert named.json() == asked.json()
    assert asked.headers["content-location"] == f"/timemap{GONE}.json"
    assert [each["uri"] for each in named.json()["mementos"]["list"]] == [
        f"{SITE}{GONE}?version=1.0.0",
        f"{SITE}{GONE}?version=1.1.0",
    ]
    assert named.json()["mementos"]["first"]["datetime"] == RELEASES["1.0.0"]


def test_a_list_that_is_held_already_is_not_sent_again(client: TestClient) -> None:
    tag = client.get(f"/timemap{UN}").headers["etag"]
    again = client.get(f"/timemap{UN}", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/doc/place/none", "/none", "/%00", "/", "/doc/a%20b", UN + ".exe", "/doc/%FF"]
)
def test_what_no_release_has_has_no_list(client: TestClient, path: str) -> None:
    answer = client.get(f"/timemap{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_list_in_no_acceptable_format_is_refused(client: TestClient) -> None:
    answer = client.get(f"/timemap{UN}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == ["application/link-format", "application/json"]


# What is gone.


@pytest.mark.parametrize(("suffix", "parser"), FORMATS.items())
@pytest.mark.parametrize("query", ["", "?version=1.2.0"])
def test_what_was_withdrawn_is_gone_and_its_tombstone_says_why(
    client: TestClient, suffix: str, parser: str, query: str
) -> None:
    answer = client.get(f"{GONE}.{suffix}{query}")
    assert answer.status_code == 410
    graph = rdflib.Graph().parse(data=answer.text, format=parser)
    iri = rdflib.URIRef(ID + "firm/gone")
    assert set(graph.objects(iri, rdflib.SKOS.changeNote)) == {
        rdflib.Literal("It never took part.", lang="en"),
        rdflib.Literal("Nunca participó.", lang="es"),
    }


@pytest.mark.parametrize(
    ("language", "reason"), [("en", "It never took part."), ("es", "Nunca participó.")]
)
def test_what_was_withdrawn_is_gone_for_readers_too(
    client: TestClient, language: str, reason: str
) -> None:
    answer = client.get(GONE, headers={"accept": BROWSER, "accept-language": language})
    page = Page(answer.text)
    assert (answer.status_code, page.texts("p", **{"class": "lead"})) == (410, [reason])
    assert {f"{GONE}?version=1.0.0", f"{GONE}?version=1.1.0"} <= page.links().keys()
    for accept in ("*/*", "application/json", "image/png"):
        problem = client.get(GONE, headers={"accept": accept, "accept-language": language})
        assert (problem.status_code, problem.json()["status"]) == (410, 410)
        assert problem.json()["detail"].endswith(reason)


def test_what_was_withdrawn_still_reads_as_it_was(client: TestClient) -> None:
    answer = client.get(f"{GONE}?version=1.1.0", headers={"accept": "text/turtle"})
    assert (answer.status_code, "dl:Firm" in answer.text) == (200, True)


def test_what_went_with_another_is_not_found_and_reads_as_it_was(client: TestClient) -> None:
    path = "/doc/participation/2021-01-02-3"
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?version=1.2.0").status_code == 410
    assert client.get(f"{path}.ttl?version=1.2.0").status_code == 410
    assert client.get(f"{path}.ttl?version=1.1.0").status_code == 200


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld", ".html", ".ttl?lang=en"])
@pytest.mark.parametrize("merged", ["merged", "merged-before"])
def test_what_was_merged_has_moved_to_what_is_left(
    client: TestClient, suffix: str, merged: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/doc/firm/{merged}{suffix}")
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/doc/firm/heir{suffix}"


def test_a_thing_that_was_merged_is_reached_by_its_iri(client: TestClient) -> None:
    answer = client.get("/id/firm/merged", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert [each.status_code for each in answer.history] == [303, 301]
    assert "Heir" in answer.text


# When it was changed.


@pytest.mark.parametrize(
    ("path", "number"),
    [
        (UN, "1.1.0"),
        ("/doc/membership/one", "1.1.0"),
        ("/doc/twinning/one", "1.0.0"),
        ("/doc/region/occidente", "1.1.0"),
        ("/vocab/theme", "1.2.0"),
    ],
)
def test_a_document_was_changed_when_a_release_changed_what_it_says(
    client: TestClient, path: str, number: str
) -> None:
    for suffix in ("html", "ttl", "jsonld", "nt", "rdf"):
        answer = client.get(f"{path}.{suffix}")
        assert answer.headers["last-modified"] == DATES[number]


def test_who_holds_it_since_then_is_told_so(client: TestClient, forgetful: TestClient) -> None:
    for site in (client, forgetful):
        date = site.get(f"{UN}.ttl").headers["last-modified"]
        again = site.get(f"{UN}.ttl", headers={"if-modified-since": date})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["last-modified"] == date


@pytest.mark.parametrize(
    "held",
    [
        {"if-modified-since": DATES["1.0.0"]},
        # A release is served some time after it was issued: a later date proves nothing.
        {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"if-modified-since": "nonsense"},
        {"if-modified-since": ""},
        # RFC 9110 §13.2.2: tags go before dates.
        {"if-modified-since": DATES["1.1.0"], "if-none-match": '"other"'},
        {"if-modified-since": DATES["1.1.0"], "if-none-match": ""},
    ],
)
def test_whoever_may_hold_something_else_gets_the_document(
    client: TestClient, forgetful: TestClient, held: dict[str, str]
) -> None:
    for site in (client, forgetful):
        assert site.get(f"{UN}.ttl", headers=held).status_code == 200


@pytest.mark.parametrize("release", ["1.2.0+abcdef012345", None])
def test_nobody_knows_when_unreleased_data_were_changed(past: Parts, release: str | None) -> None:
    with TestClient(create_app(replace(past, release=release)), base_url=SITE) as client:
        answer = client.get(f"{UN}.ttl", headers={"if-modified-since": DATES["1.1.0"]})
    assert answer.status_code == 200
    assert "last-modified" not in answer.headers
    assert "etag" in answer.headers


def browse(client: TestClient, path: str, language: str) -> httpx2.Response:
    answer: httpx2.Response = client.get(
        path, headers={"accept": BROWSER, "accept-language": language}
    )
    assert answer.status_code == 200
    return answer


def links(answer: httpx2.Response) -> dict[str, str]:
    """Where each relation of the `Link` header leads to."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])
    return {relation: target for target, names in found for relation in names.split()}
