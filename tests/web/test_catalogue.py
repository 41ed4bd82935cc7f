"""The data set on the site: its page, its record, its numbers as the endpoint counts them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from fastapi.testclient import TestClient
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from tests.conftest import SITE, Page

from diplolocal.dumping import Dump
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, JSONLD, NQUADS, TURTLE, Format
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import Language

DATASET = URIRef("https://w3id.org/diplolocal/dataset")
VERSION = URIRef("http://www.w3.org/ns/dcat#version")
DQV = Namespace("http://www.w3.org/ns/dqv#")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
KINDS = {"jsonld": "json-ld", "ttl": "turtle", "nt": "nt", "rdf": "xml"}


def dump(name: str, fmt: Format, *, bulletin: str | None = None) -> Dump:
    title = {Language.EN: f"In English: {name}", Language.ES: f"En español: {name}"}
    return Dump(
        name=name,
        file=Path("/nowhere"),
        bytes=5,
        sha256="0" * 64,
        format=fmt,
        compressed=name.endswith(".gz"),
        table=None,
        bulletin=bulletin,
        title=title,
    )


DUMPS = (
    dump("diplolocal.nq.gz", NQUADS),
    dump("bulletins/2021-09.ttl.gz", TURTLE, bulletin="2021-09"),
)


def graph(client: TestClient, address: str, **headers: str) -> Graph:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


def asked(client: TestClient, query: str) -> list[dict[str, str]]:
    """What the endpoint says."""
    headers = {"accept": "application/sparql-results+json"}
    rows = client.get("/sparql", params={"query": query}, headers=headers).json()
    return [
        {name: value["value"] for name, value in row.items()} for row in rows["results"]["bindings"]
    ]


# Numbers.


def test_the_totals_are_what_the_endpoint_counts(client: TestClient) -> None:
    void = graph(client, "/.well-known/void")
    told = {
        name: str(void.value(DATASET, VOID[name]))
        for name in ("triples", "distinctSubjects", "distinctObjects", "entities")
    }
    [row] = asked(
        client,
        "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects)"
        " (COUNT(DISTINCT ?o) AS ?distinctObjects) (COUNT(DISTINCT ?thing) AS ?entities) WHERE {"
        " ?s ?p ?o BIND(IF(REGEX(STR(?s), '^https://w3id.org/diplolocal/id/'), ?s, 1/0) AS ?thing)"
        " }",
    )
    assert told == row


def test_the_things_of_each_class_are_what_the_endpoint_counts(client: TestClient) -> None:
    void = graph(client, "/.well-known/void")
    told = {
        str(void.value(part, VOID["class"])): str(void.value(part, VOID.entities))
        for part in void.objects(DATASET, VOID.classPartition)
    }
    rows = asked(client, "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c")
    assert told == {row["c"]: row["n"] for row in rows}
    assert len(told) > 50


def test_the_statements_of_each_graph_are_what_the_endpoint_counts(client: TestClient) -> None:
    void = graph(client, "/.well-known/void")
    told = {
        str(part): str(void.value(part, VOID.triples))
        for part in void.objects(DATASET, VOID.subset)
        if (part, RDF.type, VOID.Linkset) not in void
    }
    rows = asked(client, "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert told == {row["g"]: row["n"] for row in rows}


def test_the_links_are_what_the_endpoint_counts(client: TestClient) -> None:
    void = graph(client, "/.well-known/void")
    linksets = list(void.subjects(RDF.type, VOID.Linkset))
    assert len(linksets) >= 6
    for links in linksets:
        target = void.value(links, VOID.objectsTarget)
        space = void.value(target, VOID.uriSpace)
        prop = void.value(links, VOID.linkPredicate)
        [row] = asked(
            client,
            "SELECT (COUNT(*) AS ?n) WHERE {"
            f" ?s <{prop}> ?o FILTER(REGEX(STR(?o), '^{space}')) }}",
        )
        assert str(void.value(links, VOID.triples)) == row["n"]


def test_an_editor_reads_which_classes_a_property_joins(client: TestClient) -> None:
    """As the editor of the SIB asks a description for it."""
    void = graph(client, "/.well-known/void")
    rows = void.query(
        "PREFIX void: <http://rdfs.org/ns/void#> PREFIX ext: <http://ldf.fi/void-ext#>"
        " SELECT DISTINCT ?from ?prop ?to ?datatype WHERE {"
        " ?cp void:class ?from ; void:propertyPartition ?pp . ?pp void:property ?prop ."
        " OPTIONAL { { ?pp void:classPartition [ void:class ?to ] } UNION"
        " { ?pp ext:datatypePartition [ ext:datatype ?datatype ] } } }"
    )
    dl = "https://w3id.org/diplolocal/def#"
    found = {tuple(str(each) if each is not None else "" for each in row) for row in rows}  # type: ignore[union-attr]
    assert (dl + "Action", dl + "reportedIn", dl + "Bulletin", "") in found
    assert (dl + "Bulletin", dl + "month", "", str(rdflib.XSD.gYearMonth)) in found


# Documents.


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", ["/dataset", "/.well-known/void", "/quality"])
def test_a_description_is_the_same_graph_in_every_format(client: TestClient, path: str) -> None:
    turtle = graph(client, f"{path}.ttl")
    for fmt in GRAPH:
        by_suffix = client.get(f"{path}.{fmt.suffix}")
        by_accept = client.get(path, headers={"accept": fmt.media_type})
        assert by_accept.content == by_suffix.content
        assert by_suffix.headers["content-type"].partition(";")[0] == fmt.media_type
        assert by_suffix.headers["content-location"] == f"{path}.{fmt.suffix}"
        text = by_suffix.text
        if fmt is JSONLD:
            context = client.get("/context/v1.jsonld").json()
            text = json.dumps({**by_suffix.json(), **context})  # nothing is fetched here
        assert isomorphic(Graph().parse(data=text, format=KINDS[fmt.suffix]), turtle)


@pytest.mark.parametrize("path", ["/dataset", "/.well-known/void"])
def test_who_holds_it_already_is_told_so(client: TestClient, path: str) -> None:
    first = client.get(f"{path}.ttl")
    again = client.get(f"{path}.ttl", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.head(f"{path}.ttl").headers["etag"] == first.headers["etag"]


def test_programs_that_prefer_nothing_get_turtle_where_void_is_looked_for(
    client: TestClient,
) -> None:
    for accept in ("*/*", "", BROWSER):
        answer = client.get("/.well-known/void", headers={"accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == "text/turtle"
    assert client.get("/.well-known/void", headers={"accept": "image/png"}).status_code == 406
    assert client.get("/.well-known/void.csv").status_code == 404


def test_the_catalogue_is_described_with_the_data_set(client: TestClient) -> None:
    answer = client.get("/catalog")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dataset")
    record = graph(client, "/dataset.ttl")
    assert (URIRef("https://w3id.org/diplolocal/catalog"), DCAT.dataset, DATASET) in record


def test_the_record_has_the_files_and_void_those_of_everything(parts: Parts) -> None:
    made = create_app(replace(parts, dumps=DUMPS))
    with TestClient(made, base_url=SITE) as client:
        record, void = graph(client, "/dataset.ttl"), graph(client, "/.well-known/void")
        address = URIRef(f"{SITE}/dumps/diplolocal.nq.gz")
        assert list(record.objects(None, DCAT.downloadURL)) == [address]
        assert list(void.objects(DATASET, VOID.dataDump)) == [address]
        page = Page(client.get("/dataset", params={"lang": "en"}, headers={"accept": BROWSER}).text)
        assert page.links()["/dumps/diplolocal.nq.gz"] == "diplolocal.nq.gz"
        assert "In English: diplolocal.nq.gz" in page.texts("td")
        header = client.get("/dataset", headers={"accept": BROWSER}).headers["link"]
        assert f'<{address}>; rel="item"; type="application/gzip"' in header


def test_addresses_come_from_the_configuration_and_names_never_change(parts: Parts) -> None:
    made = create_app(replace(parts, public_url="https://example.mx/datos", dumps=DUMPS))
    with TestClient(made, base_url="http://asked.example") as client:
        record = graph(client, "/datos/dataset.ttl")
        void = graph(client, "/datos/.well-known/void")
        assert not any("asked.example" in str(node) for each in (*record, *void) for node in each)
        assert URIRef("https://example.mx/datos/sparql") in record.objects(None, DCAT.endpointURL)
        assert str(void.value(DATASET, VOID.sparqlEndpoint)) == "https://example.mx/datos/sparql"
        assert client.get("/datos/catalog", follow_redirects=False).headers["location"] == (
            "/datos/dataset"
        )
        page = Page(client.get("/datos/dataset", headers={"accept": BROWSER}).text)
        assert all(
            link.startswith(("/datos/", "#", "http://", "https://")) for link in page.links()
        )


def test_the_version_is_the_same_in_the_record_on_the_page_and_in_the_header(
    parts: Parts,
) -> None:
    made = create_app(replace(parts, release="3.2.1"))
    with TestClient(made, base_url=SITE) as client:
        answer = client.get("/dataset.ttl")
        record = Graph().parse(data=answer.text, format="turtle")
        assert str(record.value(DATASET, VERSION)) == "3.2.1"
        assert answer.headers["dataset-version"] == "3.2.1"
        page = Page(client.get("/dataset", headers={"accept": BROWSER}).text)
        assert "3.2.1" in page.texts("code")


def test_measurements_are_in_the_record_and_at_quality(client: TestClient) -> None:
    record, quality = graph(client, "/dataset.ttl"), graph(client, "/quality.ttl")
    measured = set(record.objects(DATASET, DQV.hasQualityMeasurement))
    assert len(measured) == 9
    assert measured == set(quality.objects(DATASET, DQV.hasQualityMeasurement))
    [row] = asked(
        client,
        "PREFIX dl: <https://w3id.org/diplolocal/def#> SELECT (COUNT(DISTINCT ?a) AS ?all)"
        " (COUNT(DISTINCT ?day) AS ?days) WHERE { ?a a dl:Action ; dl:date ?d"
        " BIND(IF(REGEX(STR(?d), '^[0-9]{4}-[0-9]{2}-[0-9]{2}'), ?a, 1/0) AS ?day) }",
    )
    node = URIRef("https://w3id.org/diplolocal/quality#measured:actions-dated-to-the-day")
    value = float(str(quality.value(node, DQV.value)))
    assert value == round(int(row["days"]) / int(row["all"]), 4)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_says_what_the_data_set_is_in_both_languages(
    client: TestClient, language: str
) -> None:
    answer = client.get("/dataset", params={"lang": language}, headers={"accept": BROWSER})
    page = Page(answer.text)
    assert answer.headers["content-language"] == language
    headings = {
        "es": ["Para llevar", "Para preguntar", "En cifras", "Lo que se sabe", "Como datos"],
        "en": ["To take away", "To ask", "In numbers", "What is known", "As data"],
    }
    assert page.texts("h2") == headings[language]
    counts = [text for text in page.texts("li") if re.search(r"\d / \d", text)]
    assert len(counts) == 9


def test_an_endpoint_that_does_not_describe_the_data_set_has_no_record(
    parts: Parts, small: EmbeddedStore
) -> None:
    made = create_app(replace(parts, store=small, version=None, release=None, history=None))
    with TestClient(made, base_url=SITE) as client:
        assert client.get("/dataset.ttl").status_code == 404
        assert client.get("/dataset", headers={"accept": BROWSER}).status_code == 404
        assert client.get("/.well-known/void").status_code == 200


def test_an_endpoint_has_a_record_without_version_files_and_feeds(parts: Parts) -> None:
    made = create_app(
        replace(parts, version=None, release=None, history=None, dumps=(), dump=None, counts={})
    )
    with TestClient(made, base_url=SITE) as client:
        record = graph(client, "/dataset.ttl")
        assert record.value(DATASET, VERSION) is None
        assert record.value(DATASET, DCAT.distribution) is None
        assert record.value(DATASET, DCTERMS.title) is not None
        assert not any("/changes" in str(node) for each in record for node in each)
        page = Page(client.get("/dataset", headers={"accept": BROWSER}).text)
        assert "/changes" not in page.links()
