"""The endpoint described: for people, for programs, at addresses of its own and at the endpoint."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, URIRef
from rdflib.compare import isomorphic
from tests.conftest import LIMITS, REPOSITORY, SITE, Page

from diplolocal.formats import GRAPH, JSON, JSONLD, NQUADS, QUADS, RESULTS, TRIG, Format
from diplolocal.remote import RemoteStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Allowance, Parts

SUITES = Path(os.environ.get("DIPLOLOCAL_SUITES", REPOSITORY.parent / "shared" / "suites"))
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
FORMATS = rdflib.Namespace("http://www.w3.org/ns/formats/")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,"
    "application/xml;q=0.3,image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2"
)
WRITTEN = (*GRAPH, *QUADS)
ENDPOINT = URIRef(f"{SITE}/sparql")
KINDS = {JSONLD: "json-ld", TRIG: "trig", NQUADS: "nquads"}


# In every format the same.


# The parsers of JSON-LD and of quads in rdflib 7.6 use names that rdflib warns of.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("fmt", WRITTEN, ids=lambda fmt: fmt.suffix)
def test_the_description_is_the_same_graph_in_every_format(client: TestClient, fmt: Format) -> None:
    by_suffix = client.get(f"/service.{fmt.suffix}")
    by_accept = client.get("/service", headers={"accept": fmt.media_type})
    at_endpoint = client.get("/sparql", headers={"accept": fmt.media_type})
    assert by_suffix.content == by_accept.content == at_endpoint.content
    for answer in (by_suffix, by_accept, at_endpoint):
        assert answer.headers["content-type"].partition(";")[0] == fmt.media_type
        assert answer.headers["content-location"] == f"/service.{fmt.suffix}"
        assert answer.headers["etag"] == by_suffix.headers["etag"]
    turtle = rdflib.Graph().parse(data=client.get("/service.ttl").text, format="turtle")
    assert isomorphic(read(by_suffix, fmt), turtle)


def test_two_formats_never_have_the_same_tag(client: TestClient) -> None:
    tags = {client.get(f"/service.{fmt.suffix}").headers["etag"] for fmt in WRITTEN}
    assert len(tags) == len(WRITTEN)


def test_turtle_is_shortened_by_the_prefixes_of_the_description(client: TestClient) -> None:
    text = client.get("/service.ttl").text
    assert "a sd:NamedGraph" in text
    assert "formats:SPARQL_Results_CSV" in text
    assert "<http://www.w3.org/ns/sparql-service-description#" not in text.partition("\n\n")[2]


# The three tests of the W3C.


def returns_rdf(client: TestClient) -> bool:
    answer = client.get("/sparql", headers={"accept": "*/*"})
    plain = client.get("/sparql", headers={"accept": ""})
    assert answer.content == plain.content
    return answer.status_code == 200 and len(graph(answer)) > 100


def has_endpoint_triple(client: TestClient) -> bool:
    return set(graph(client.get("/sparql")).objects(None, SD.endpoint)) == {ENDPOINT}


def conforms_to_schema(client: TestClient) -> bool:
    """SPARQL 1.1 Service Description §3.4: domains and ranges of what is said."""
    found = graph(client.get("/sparql"))
    [service] = found.subjects(RDF.type, SD.Service)
    [dataset] = found.objects(service, SD.defaultDataset)
    [default] = found.objects(dataset, SD.defaultGraph)
    named = list(found.objects(dataset, SD.namedGraph))
    return (
        (dataset, RDF.type, SD.Dataset) in found
        and (default, RDF.type, SD.Graph) in found
        and all((each, RDF.type, SD.NamedGraph) in found for each in named)
        and all(len(list(found.objects(each, SD.name))) == 1 for each in named)
        and all(
            (one, RDF.type, SD.Graph) in found
            for each in named
            for one in found.objects(each, SD.graph)
        )
        and (service, SD.supportedLanguage, SD.SPARQL11Query) in found
    )


W3C: dict[str, Callable[[TestClient], bool]] = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}
"""What each test of the manifest means; it has nothing but their names."""


def test_the_service_description_tests_of_the_w3c_are_passed(client: TestClient) -> None:
    manifest = SUITES / "sparql11-service-description" / "manifest.ttl"
    if not manifest.is_file():
        assert os.environ.get("CI") != "true", f"no {manifest}"
        pytest.skip(f"no {manifest}: set DIPLOLOCAL_SUITES")
    tests = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
    read_manifest = rdflib.Graph().parse(manifest)
    names = [
        str(test).rpartition("#")[2]
        for test in read_manifest.subjects(RDF.type, tests.ServiceDescriptionTest)
    ]
    assert {name: W3C[name](client) for name in names} == dict.fromkeys(W3C, True)


# What it says is so.


def test_the_endpoint_is_the_public_address_whoever_is_asked(parts: Parts) -> None:
    expected = "https://example.mx/datos/sparql"
    made = create_app(replace(parts, public_url="https://example.mx/datos"))
    with TestClient(made, base_url="http://asked.example:8080") as client:
        found = graph(client.get("/sparql"))
        assert list(found.objects(None, SD.endpoint)) == [URIRef(expected)]
        shown = Page(client.get("/service", headers={"accept": BROWSER}).text)
        assert expected in shown.texts("code")


@pytest.mark.parametrize("host", ["a b", "exa<mple", 'x"y', "{x}", "a/b?c#d", "[::1", "x:port"])
def test_a_host_that_is_none_breaks_nothing(parts: Parts, host: str) -> None:
    with TestClient(create_app(parts)) as client:
        answer = client.get("/service.nt", headers={"host": host})
        assert answer.status_code < 500
        if answer.status_code == 200:
            assert list(parse(answer.content, format=RdfFormat.N_TRIPLES))


def test_every_result_format_that_it_names_is_answered(client: TestClient) -> None:
    found = graph(client.get("/sparql"))
    types = {
        str(media_type)
        for fmt in found.objects(None, SD.resultFormat)
        for media_type in found.objects(fmt, FORMATS.media_type)
    }
    assert types == {fmt.media_type for fmt in (*RESULTS, *WRITTEN)}
    for media_type in types:
        is_graph = media_type in {fmt.media_type for fmt in WRITTEN}
        query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1" if is_graph else "SELECT (1 AS ?x) {}"
        answer = client.get("/sparql", params={"query": query}, headers={"accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_counts_are_those_that_the_endpoint_itself_answers(client: TestClient) -> None:
    found = graph(client.get("/sparql"))
    [union] = found.objects(None, SD.defaultGraph)
    told = {
        str(found.value(named, SD.name)): int(str(found.value(one, VOID.triples)))
        for named in found.subjects(RDF.type, SD.NamedGraph)
        for one in found.objects(named, SD.graph)
    }
    by_graph = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert told == {row["g"]: int(row["n"]) for row in rows(client, by_graph)}
    [everything] = rows(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert int(str(found.value(union, VOID.triples))) == int(everything["n"])
    assert sum(told.values()) >= int(everything["n"])


def test_the_union_is_the_default_graph_as_is_told(client: TestClient) -> None:
    found = graph(client.get("/sparql"))
    assert (None, SD.feature, SD.UnionDefaultGraph) in found
    assert (None, SD.feature, SD.DereferencesURIs) not in found
    assert (None, SD.feature, SD.EmptyGraphs) not in found


def test_what_it_leads_to_is_there(client: TestClient) -> None:
    found = graph(client.get("/sparql"))
    ours = {str(node) for node in found.objects() if isinstance(node, URIRef) and "#" not in node}
    led = sorted(node.removeprefix(SITE) for node in ours if node.startswith(SITE))
    assert led == [
        "/.well-known/sparql-examples",
        "/dumps/diplolocal.nq.gz",
        "/limits",
        "/queries",
        "/service",
        "/sparql",
    ]
    for path in (*led, "/dataset", "/graph/bulletin/2021-01"):
        assert client.get(path, headers={"accept": "*/*"}).status_code == 200, path


def test_the_limits_are_the_same_everywhere(parts: Parts) -> None:
    limits = replace(LIMITS, seconds=1.5, answer_rows=77)
    limited = replace(parts, limits=limits, workers=3, waiting=0, allowance=Allowance(60, 5))
    with TestClient(create_app(limited)) as client:
        told = client.get("/limits.json").json()
        assert told["limits"] == {
            "seconds": 1.5,
            "service-seconds": 60,
            "memory-bytes": 1_000_000_000,
            "answer-rows": 77,
            "answer-bytes": 100_000_000,
            "query-bytes": 10_000,
            "address-bytes": parts.address_bytes,
            "queries": 3,
            "queries-waiting": 0,
            "client-seconds": 60,
            "client-queries": 5,
        }
        assert told["services"] == ["https://query.wikidata.org/sparql"]
        header = client.get("/sparql", params={"query": "ASK {}"}).headers["sparql-limits"]
        assert header == ", ".join(f"{key}={value}" for key, value in told["limits"].items())
        schema = rdflib.Namespace("https://schema.org/")
        found = graph(client.get("/service.ttl"))
        assert told["limits"] == {
            str(found.value(limit, schema.propertyID)): found.value(limit, schema.maxValue).value  # type: ignore[union-attr]
            for limit in found.objects(None, schema.additionalProperty)
        }
        for path in ("/limits", "/service"):
            page = Page(client.get(path, params={"lang": "en"}, headers={"accept": BROWSER}).text)
            assert page.texts("strong")[:3] == [
                "1.5 seconds",
                "60 seconds",
                "1,000,000,000 bytes",
            ]
            assert "77 rows" in page.texts("strong")


@pytest.mark.parametrize("query", ["ASK {}", "ASK", "", None, "SELECT * { SERVICE <x:y> {} }"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_of_the_endpoint_announces_the_limits(
    client: TestClient, query: str | None, method: str
) -> None:
    asked = {} if query is None else {"query": query}
    if method == "GET":
        answer = client.get("/sparql", params=asked)
    else:
        answer = client.post("/sparql", data=asked)
    # RFC 9651 §3.2: a dictionary of numbers.
    limits = dict(each.split("=") for each in answer.headers["sparql-limits"].split(", "))
    assert limits["seconds"] == "30"
    assert all(re.fullmatch(r"[a-z-]+", key) for key in limits)
    assert all(re.fullmatch(r"\d+(\.\d{1,3})?", value) for value in limits.values())
    links = answer.headers["link"]
    assert '</service.ttl>; rel="service-desc"; type="text/turtle"' in links
    assert '</service>; rel="service-doc"; type="text/html"' in links
    exposed = client.get("/sparql", headers={"origin": "https://x.example"})
    assert exposed.headers["access-control-expose-headers"] == "*"


def test_a_client_that_looks_for_the_endpoint_as_comunica_does_finds_it(
    client: TestClient,
) -> None:
    answer = client.get("/sparql", headers={"accept": COMUNICA})
    assert answer.headers["content-type"] == "application/n-quads"
    quads = list(parse(answer.content, format=RdfFormat.N_QUADS))
    endpoints = [quad.object for quad in quads if quad.predicate.value == str(SD.endpoint)]
    assert [endpoint.value for endpoint in endpoints] == [str(ENDPOINT)]


# Of somebody's endpoint.


def test_an_endpoint_behind_the_site_is_counted_by_asking_it(parts: Parts, site: str) -> None:
    store = RemoteStore(f"{site}/sparql", seconds=30)
    ours = graph_of(replace(parts, counts={}))
    theirs = graph_of(replace(parts, store=store, public=store, version=None, counts={}))
    assert set(theirs.subject_objects(VOID.triples)) == set(ours.subject_objects(VOID.triples))
    assert (None, SD.extensionFunction, None) not in theirs


def test_an_endpoint_that_does_not_answer_is_described_without_counts(parts: Parts) -> None:
    store = RemoteStore("http://127.0.0.1:9/sparql", seconds=1)
    gone = replace(parts, store=store, public=store, version=None, counts={}, dump=None)
    found = graph_of(gone)
    assert (None, SD.endpoint, ENDPOINT) in found
    assert (None, VOID.triples, None) not in found
    with TestClient(create_app(gone), base_url=SITE) as client:
        page = Page(client.get("/service?lang=en", headers={"accept": BROWSER}).text)
        assert any(text.startswith("How many statements") for text in page.texts("p"))


# Documents as others are.


@pytest.mark.parametrize(
    ("address", "accept", "media_type"),
    [
        ("/service", BROWSER, "text/html"),
        ("/service", "text/turtle", "text/turtle"),
        ("/service.html", "text/turtle", "text/html"),
        ("/limits", BROWSER, "text/html"),
        ("/limits", "application/json", "application/json"),
        ("/limits.json", BROWSER, "application/json"),
        ("/limits.html", "application/json", "text/html"),
    ],
)
def test_a_page_is_in_the_format_that_is_asked_for(
    client: TestClient, address: str, accept: str, media_type: str
) -> None:
    answer = client.get(address, headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    held = {"accept": accept, "if-none-match": answer.headers["etag"]}
    again = client.get(address, headers=held)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "accept", "status"),
    [
        ("/service.csv", "*/*", 404),
        ("/limits.ttl", "*/*", 404),
        ("/service", "image/png", 406),
        ("/limits", "text/turtle", 406),
    ],
)
def test_what_is_not_offered_is_said_so(
    client: TestClient, address: str, accept: str, status: int
) -> None:
    answer = client.get(address, headers={"accept": accept})
    assert (answer.status_code, answer.json()["status"]) == (status, status)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_shows_formats_graphs_and_where_everything_is(
    client: TestClient, language: str
) -> None:
    page = Page(client.get("/service", params={"lang": language}).text)
    codes, links = page.texts("code"), page.links()
    assert {fmt.media_type for fmt in (*RESULTS, *WRITTEN)} <= set(codes)
    assert {f"/service.{fmt.suffix}" for fmt in WRITTEN} <= set(links)
    assert links["/graph/bulletin/2021-01"] == "2021-01"
    assert f"{SITE}/dumps/diplolocal.nq.gz" in links
    assert {"es": "Límites vigentes", "en": "Limits in force"}[language] in page.texts("h2")
    assert "https://w3id.org/diplolocal/dataset" in codes


def test_the_description_at_a_real_address_names_that_address(site: str) -> None:
    answer = httpx2.get(f"{site}/sparql", headers={"accept": "text/turtle"}, timeout=60)
    found = rdflib.Graph().parse(data=answer.text, format="turtle")
    assert list(found.objects(None, SD.endpoint)) == [URIRef(f"{site}/sparql")]


# What the tests above say in one word.


def graph(answer: Response) -> rdflib.Graph:
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.text, format="turtle")


def graph_of(parts: Parts) -> rdflib.Graph:
    with TestClient(create_app(parts), base_url=SITE) as client:
        return graph(client.get("/service.ttl"))


def read(answer: Response, fmt: Format) -> rdflib.Graph:
    """The graph as rdflib reads it; a context is read from our own file."""
    text = answer.text
    if fmt is JSONLD:
        context = json.loads((REPOSITORY / "ontology" / "context.jsonld").read_text("utf-8"))
        text = json.dumps({**answer.json(), **context})
    if fmt in QUADS:
        plain = rdflib.Graph()
        for quad in rdflib.Dataset().parse(data=text, format=KINDS[fmt]).quads():
            plain.add(quad[:3])
        return plain
    return rdflib.Graph().parse(data=text, format=KINDS.get(fmt, fmt.media_type))


def rows(client: TestClient, query: str) -> list[dict[str, str]]:
    answer = client.get("/sparql", params={"query": query}, headers={"accept": JSON.media_type})
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]
