"""What goes back: headers of documents, answers to those who hold them already, problems."""

import dataclasses

import pytest
import rdflib
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal import bad_requests, errors, not_found, store_errors
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.web.problems import STATUS

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACTION = "/doc/action/2021-01-03"


# Documents.


@pytest.mark.parametrize(
    ("accept", "tag"),
    [
        ("text/html", "html-es"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
    ],
)
def test_a_document_has_a_tag_made_of_version_and_format(
    client: TestClient, parts: Parts, accept: str, tag: str
) -> None:
    answer = client.get(ACTION, headers={"accept": accept})
    assert answer.headers["etag"] == f'"{parts.version}-{tag}"'
    assert answer.headers["cache-control"] == "public, max-age=60"


def test_a_page_has_another_tag_in_another_language(client: TestClient) -> None:
    tags = [
        client.get(ACTION, headers={"accept": "text/html", "accept-language": tag}).headers["etag"]
        for tag in ("es", "en")
    ]
    assert [tag.rpartition("-")[2] for tag in tags] == ['es"', 'en"']


@pytest.mark.parametrize("path", [ACTION, "/def", "/vocab/theme", "/graph/bulletin/2021-01"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json"])
def test_who_holds_a_document_already_is_told_so_without_a_body(
    client: TestClient, path: str, accept: str
) -> None:
    full = client.get(path, headers={"accept": accept})
    tag = full.headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(path, headers={"accept": accept, "if-none-match": held})
        assert (held, again.status_code, again.content) == (held, 304, b"")
        # RFC 9110 §15.4.5: what a 200 would have said for the cache.
        for name in ("etag", "vary", "cache-control", "content-location"):
            assert (name, again.headers[name]) == (name, full.headers[name])


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_who_holds_anything_at_all_may_say_so_with_a_star(client: TestClient, accept: str) -> None:
    # RFC 9110 §13.1.2: `*` is met by any document that there is.
    answer = client.get(ACTION, headers={"accept": accept, "if-none-match": "*"})
    assert (answer.status_code, answer.content) == (304, b"")


def test_who_holds_another_version_format_or_language_gets_the_document(
    client: TestClient,
) -> None:
    tag = client.get(ACTION, headers={"accept": "text/turtle"}).headers["etag"]
    for accept, held in (
        ("text/html", tag),
        ("text/turtle", '"000000000000-ttl"'),
        ("text/turtle", tag.strip('"')),
    ):
        again = client.get(ACTION, headers={"accept": accept, "if-none-match": held})
        assert (again.status_code, len(again.content) > 0) == (200, True)


def test_what_is_not_there_is_not_there_whatever_one_holds(
    client: TestClient, parts: Parts
) -> None:
    held = {"accept": "text/html", "if-none-match": f'"{parts.version}-html-es"'}
    assert client.get("/doc/none", headers=held).status_code == 404


def test_a_site_over_an_endpoint_that_may_change_gives_no_tag(parts: Parts) -> None:
    app = create_app(dataclasses.replace(parts, version=None))
    with TestClient(app, base_url=SITE) as client:
        answer = client.get(ACTION, headers={"accept": "text/turtle", "if-none-match": "x"})
        page = Page(client.get(ACTION, headers={"accept": BROWSER, "accept-language": "en"}).text)
    assert answer.status_code == 200
    assert {"etag", "cache-control"} & set(answer.headers) == set()
    assert answer.headers["content-location"] == f"{ACTION}.ttl"
    assert not any("Version of the data" in text for text in page.texts("p"))


def test_turtle_uses_the_prefixes_of_the_house_and_only_those_it_needs(client: TestClient) -> None:
    text = client.get("/doc/place/mx-jal.ttl").text
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert {"dl:", "place:", "region:", "skos:", "foaf:", "dcterms:"} <= declared
    body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
    # `a` is rdf:type, and every text is an xsd:string or an rdf:langString.
    assert {prefix for prefix in declared if prefix not in body} <= {"rdf:", "xsd:"}
    assert "https://w3id.org/diplolocal/def#" not in body


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
def test_the_same_question_is_answered_in_the_same_bytes(client: TestClient, suffix: str) -> None:
    first, second = (client.get(f"{ACTION}.{suffix}").content for _ in range(2))
    assert first == second


def test_a_text_says_its_character_set(client: TestClient) -> None:
    types = [
        client.get(f"{ACTION}.{suffix}").headers["content-type"]
        for suffix in ("html", "ttl", "jsonld", "nt", "rdf")
    ]
    assert types == [
        "text/html; charset=utf-8",
        "text/turtle; charset=utf-8",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
    ]


def test_the_address_of_the_context_begins_as_the_world_sees_the_site(parts: Parts) -> None:
    elsewhere = dataclasses.replace(parts, public_url="https://data.example.org")
    with TestClient(create_app(elsewhere), base_url=SITE) as client:
        document = client.get(f"{ACTION}.jsonld").json()
    assert document["@context"] == "https://data.example.org/context/v1.jsonld"


def test_the_link_to_the_other_language_keeps_what_else_was_asked(client: TestClient) -> None:
    answer = client.get(
        "/sparql", params={"query": "ASK {}", "lang": "en"}, headers={"accept": BROWSER}
    )
    [link] = [
        has["href"] for tag, has, _ in Page(answer.text).elements if has.get("class") == "language"
    ]
    other = client.get(link, headers={"accept": BROWSER})
    assert other.headers["content-language"] == "es"
    assert Page(other.text).texts("p", **{"class": "truth"}) == ["sí"]


# Problems.


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("", 404, "application/problem+json"),
        ("*/*", 404, "application/problem+json"),
        ("text/turtle", 404, "application/problem+json"),
        ("application/ld+json", 404, "application/problem+json"),
        ("garbage", 404, "application/problem+json"),
        (BROWSER, 404, "text/html; charset=utf-8"),
        ("text/html", 404, "text/html; charset=utf-8"),
        ("text/html;q=0.5, application/problem+json;q=0.4", 404, "text/html; charset=utf-8"),
        ("application/json", 404, "application/problem+json"),
        ("application/problem+json", 404, "application/problem+json"),
        ("image/png", 404, "application/problem+json"),
    ],
)
def test_a_problem_is_a_page_for_a_browser_and_a_document_for_everybody_else(
    client: TestClient, accept: str, status: int, kind: str
) -> None:
    answer = client.get("/doc/none", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert {"Accept", "Accept-Language"} <= {
        name.strip() for name in answer.headers["vary"].split(",")
    }
    assert answer.headers["cache-control"] == "no-store"


def test_a_problem_speaks_the_language_of_the_address_or_else_the_preferred_one(
    client: TestClient,
) -> None:
    answers = [
        client.get(f"/doc/none{asked}", headers={"accept-language": preferred})
        for asked, preferred in (("", "es"), ("", "en"), ("?lang=es", "en"), ("?lang=en", "es"))
    ]
    assert [(answer.headers["content-language"], answer.json()["title"]) for answer in answers] == [
        ("es", "No se encontró"),
        ("en", "Not found"),
        ("es", "No se encontró"),
        ("en", "Not found"),
    ]


def test_what_a_stranger_wrote_stays_text_in_a_problem(client: TestClient) -> None:
    attack = "<script>alert(1)</script>"
    answer = client.get(f"/doc/{attack}", headers={"accept": BROWSER, "accept-language": "en"})
    page = Page(answer.text)
    # The description for search engines is no script, and holds what was asked as text, too.
    assert page.texts("script") == page.texts("script", type="application/ld+json")
    assert attack in page.texts("p", **{"class": "lead"})[0]


def test_each_error_has_the_status_that_http_gives_it() -> None:
    expected: dict[type[errors.DiploLocalError], int] = {
        not_found.ResourceNotFound: 404,
        bad_requests.NotAcceptable: 406,
        bad_requests.BadRequest: 400,
        bad_requests.UnsupportedMediaType: 415,
        bad_requests.RequestTooLarge: 413,
        store_errors.QuerySyntaxError: 400,
        store_errors.QueryRefused: 403,
        store_errors.StoreUnavailable: 502,
        errors.DiploLocalError: 500,
    }
    assert {cls: STATUS[cls][0] for cls in expected} == expected


def test_a_graph_read_from_turtle_is_what_n_triples_say(client: TestClient) -> None:
    turtle = rdflib.Graph().parse(data=client.get(f"{ACTION}.ttl").text, format="turtle")
    ntriples = rdflib.Graph().parse(data=client.get(f"{ACTION}.nt").text, format="nt")
    assert set(turtle) == set(ntriples)
