"""The ontology is published as FOOPS! wants it (FAIR Ontologies Pitfall Scanner): its checks, by
their names, asked over HTTP of the ontology as it is served. Left out are those that ask other
services: PURL1 and FIND2 (prefix.cc), FIND3 (a registry), and OM4.2 (the licence's own page).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
import rdflib
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from tests.conftest import SITE, Page

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

ONTOLOGY = URIRef("https://w3id.org/diplolocal/def")
VANN = rdflib.Namespace("http://purl.org/vocab/vann/")
DL = "https://w3id.org/diplolocal/def#"
RDF_TYPES = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
PARSERS = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt"}
REUSED = ("http://xmlns.com/foaf/", "http://www.w3.org/ns/prov#", "https://schema.org/")

Check = Callable[[TestClient, Graph], object]


@pytest.fixture(scope="module")
def ontology(client: TestClient) -> Graph:
    """The ontology as it is served."""
    answer = client.get("/def", headers={"accept": "text/turtle"})
    return Graph().parse(data=answer.content, format="turtle")


def _negotiated(client: TestClient, ontology: Graph) -> object:
    answers = (client.get("/def", headers={"accept": wanted}) for wanted in RDF_TYPES)
    return [each.headers["content-type"].partition(";")[0] for each in answers]


def _documented(client: TestClient, ontology: Graph) -> object:
    answer = client.get("/def", headers={"accept": "text/html"})
    return answer.headers["content-type"], len(Page(answer.text).texts("h1"))


def _facts(*props: URIRef) -> Check:
    """How many values the ontology has of each property."""
    return lambda _, ontology: [len(list(ontology.objects(ONTOLOGY, prop))) for prop in props]


def _version(client: TestClient, ontology: Graph) -> object:
    iri = str(ontology.value(ONTOLOGY, OWL.versionIRI))
    path = iri.removeprefix("https://w3id.org/diplolocal")
    found = [client.get(path, headers={"accept": wanted}) for wanted in (*RDF_TYPES, "text/html")]
    return [each.status_code for each in found]


def _reused(client: TestClient, ontology: Graph) -> object:
    turtle = client.get("/graph/alignments/schema.ttl").text
    return "https://schema.org/" in turtle or "schema:" in turtle


def _unversioned(client: TestClient, ontology: Graph) -> object:
    return [term for term in _terms(ontology) if not str(term).startswith(DL)]


def _without(prop: URIRef) -> Check:
    """The terms that do not have exactly one value in each of the two languages."""

    def check(client: TestClient, ontology: Graph) -> object:
        return [
            term
            for term in _terms(ontology)
            if sorted(
                str(each.language)
                for each in ontology.objects(term, prop)
                if isinstance(each, Literal)
            )
            != ["en", "es"]
        ]

    return check


CHECKS: Mapping[str, tuple[Check, object]] = {
    "CN1 content negotiation": (_negotiated, list(RDF_TYPES)),
    "DOC1 HTML documentation": (_documented, ("text/html; charset=utf-8", 1)),
    "FIND1 the prefix is declared": (
        lambda _, ontology: str(ontology.value(ONTOLOGY, VANN.preferredNamespacePrefix)),
        "dl",
    ),
    "HTTP1 an open protocol": (
        lambda client, _: client.get("/def.ttl").headers["access-control-allow-origin"],
        "*",
    ),
    "OM1 title, description, licence, version IRI, author, namespace": (
        _facts(
            DCTERMS.title,
            DCTERMS.description,
            DCTERMS.license,
            OWL.versionIRI,
            DCTERMS.creator,
            VANN.preferredNamespaceUri,
        ),
        [2, 2, 1, 1, 1, 1],
    ),
    "OM2 prefix, version, creation date, citation": (
        _facts(
            VANN.preferredNamespacePrefix,
            OWL.versionInfo,
            DCTERMS.created,
            DCTERMS.bibliographicCitation,
        ),
        [1, 1, 1, 2],
    ),
    "OM3 publisher, modified": (_facts(DCTERMS.publisher, DCTERMS.modified), [1, 1]),
    "OM4.1 the licence": (
        lambda _, ontology: str(ontology.value(ONTOLOGY, DCTERMS.license)),
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "OM5.1 provenance": (_facts(DCTERMS.creator, DCTERMS.created), [1, 1]),
    "RDF1 served as RDF": (
        lambda client, ontology: [
            len(
                Graph().parse(data=client.get("/def", headers={"accept": kind}).content, format=fmt)
            )
            == len(ontology)
            for kind, fmt in PARSERS.items()
        ],
        [True] * len(PARSERS),
    ),
    "URI1 resolvable": (lambda client, _: client.get("/def").status_code, 200),
    "URI2 one identifier": (
        lambda _, ontology: list(ontology.subjects(RDF.type, OWL.Ontology)),
        [ONTOLOGY],
    ),
    "URI2 terms without a version": (_unversioned, []),
    "VER1 a version IRI": (
        lambda _, ontology: str(ontology.value(ONTOLOGY, OWL.versionIRI)),
        f"{ONTOLOGY}/1.0.0",
    ),
    "VER2 the version IRI resolves": (_version, [200] * 5),
    "VOC1 metadata of others": (_facts(DCTERMS.title, RDFS.label), [2, 2]),
    "VOC2 terms of others": (_reused, True),
    "VOC3 labels": (_without(RDFS.label), []),
    "VOC4 definitions": (_without(SKOS.definition), []),
    "OOPS! P08 every term says where it is defined": (
        lambda _, ontology: [
            term for term in _terms(ontology) if ontology.value(term, RDFS.isDefinedBy) != ONTOLOGY
        ],
        [],
    ),
    "OOPS! P06 no circle of classes": (
        lambda _, ontology: [
            term
            for term in _terms(ontology)
            if any(
                term in ontology.transitive_objects(wider, RDFS.subClassOf)
                for wider in ontology.objects(term, RDFS.subClassOf)
            )
        ],
        [],
    ),
    "OOPS! P19 one domain and one range at most": (
        lambda _, ontology: [
            term
            for term in _terms(ontology)
            for prop in (RDFS.domain, RDFS.range)
            if len(list(ontology.objects(term, prop))) > 1
        ],
        [],
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_ontology_passes(client: TestClient, ontology: Graph, name: str) -> None:
    check, expected = CHECKS[name]
    assert check(client, ontology) == expected


def test_the_terms_that_are_checked_are_all_of_them(ontology: Graph) -> None:
    assert len(list(_terms(ontology))) > 100


def test_a_version_that_never_was_is_not_found_and_those_there_are_are_named(
    client: TestClient,
) -> None:
    answer = client.get("/def/9.9.9", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "There is no https://w3id.org/diplolocal/def/9.9.9 here. There is:"
        " https://w3id.org/diplolocal/def/1.0.0."
    )
    assert client.get("/def/9.9.9.ttl").status_code == 404


def _terms(ontology: Graph) -> Iterator[rdflib.term.Node]:
    """The classes and properties."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    for kind in kinds:
        yield from (
            term
            for term in ontology.subjects(RDF.type, kind)
            if (term, RDFS.isDefinedBy, None) in ontology
        )


def test_an_earlier_version_of_the_ontology_is_read_where_a_release_recorded_it(
    parts: Parts,
) -> None:
    told = f"""
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        <{iris.release("0.9.0")}> {{
          <{iris.release("0.9.0")}> dcterms:issued "2026-01-01T00:00:00Z" .
          <{iris.ONTOLOGY}?version=0.9.0> dcterms:isVersionOf <{iris.ONTOLOGY}> ;
            a <https://www.w3.org/ns/activitystreams#Create> ;
            dcterms:isPartOf <{iris.release("0.9.0")}> .
        }}
        <{iris.ONTOLOGY}?version=0.9.0> {{
          <{iris.ONTOLOGY}> a owl:Ontology ; owl:versionIRI <{iris.ONTOLOGY}/0.9.0> .
        }}
    """
    history = EmbeddedStore(parse(told, format=RdfFormat.TRIG))
    app = create_app(replace(parts, history=history, release="1.0.0"))
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        moved = client.get("/def/0.9.0.ttl")
        assert (moved.status_code, moved.headers["location"]) == (302, "/def.ttl?version=0.9.0")
        read = client.get(moved.headers["location"])
        assert f"<{iris.ONTOLOGY}/0.9.0>" in read.text
        assert client.get("/def/0.8.0.ttl").status_code == 404
