"""SPARQL 1.1 Service Description: the W3C's tests."""

from collections.abc import Callable, Mapping

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from tests.conformance.manifests import SERVICE_DESCRIPTION, Case, cases
from tests.conftest import SITE

SD = "http://www.w3.org/ns/sparql-service-description#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

SCHEMA: Mapping[str, tuple[str, str]] = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", ""),
    "defaultSupportedEntailmentProfile": ("Service", ""),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "propertyFeature": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "inputFormat": ("Service", ""),
    "resultFormat": ("Service", ""),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
    "entailmentRegime": ("NamedGraph", ""),
    "supportedEntailmentProfile": ("NamedGraph", ""),
}
"""The properties of the vocabulary with the class of their subjects and, where it is one of the
vocabulary, of their values (§3.4).
"""

CLASSES = {name for pair in SCHEMA.values() for name in pair if name}
ALSO = {"Dataset": "GraphCollection"}
"""The classes whose instances are those of another as well."""


def get_on_the_endpoint_returns_rdf(client: TestClient) -> None:
    for accept in ("", "*/*", "text/turtle", "application/rdf+xml"):
        answer = client.get("/sparql", headers={"accept": accept})
        media_type = answer.headers["content-type"].partition(";")[0]
        assert answer.status_code == 200
        assert media_type == (accept if "/r" in accept else "text/turtle") or accept == media_type
        parsed = list(parse(answer.content, format=RdfFormat.from_media_type(media_type)))
        assert len(parsed) > 50


def the_endpoint_is_the_address_that_was_asked(client: TestClient) -> None:
    endpoints = {
        triple.object for triple in described(client) if triple.predicate.value == SD + "endpoint"
    }
    assert endpoints == {NamedNode(f"{SITE}/sparql")}


def every_statement_is_one_that_the_vocabulary_has_words_for(client: TestClient) -> None:
    triples = described(client)
    types: set[tuple[object, str]] = set()
    for triple in triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            name = triple.object.value.removeprefix(SD)
            types |= {(triple.subject, name), (triple.subject, ALSO.get(name, name))}
            assert not triple.object.value.startswith(SD) or name in CLASSES
    used = [triple for triple in triples if triple.predicate.value.startswith(SD)]
    described_here = {triple.subject for triple in triples}
    for triple in used:
        subjects, values = SCHEMA[triple.predicate.value.removeprefix(SD)]
        assert (triple.subject, subjects) in types, triple
        assert isinstance(triple.object, NamedNode | BlankNode), triple
        if values and triple.object in described_here:
            assert (triple.object, values) in types, triple
    named = [triple.subject for triple in used if triple.predicate.value == SD + "name"]
    assert sorted(map(str, named)) == sorted(
        str(subject) for subject, name in types if name == "NamedGraph"
    )
    assert sum(name == "Service" for _, name in types) == 1


CHECKS: Mapping[str, Callable[[TestClient], None]] = {
    "returns-rdf": get_on_the_endpoint_returns_rdf,
    "has-endpoint-triple": the_endpoint_is_the_address_that_was_asked,
    "conforms-to-schema": every_statement_is_one_that_the_vocabulary_has_words_for,
}
"""The manifest says what each test is for; how to test it is left to whoever does."""


def test_each_test_of_the_manifest_has_its_check_here() -> None:
    assert {case.key for case in cases(SERVICE_DESCRIPTION)} in (set(CHECKS), set())


@pytest.mark.parametrize("case", cases(SERVICE_DESCRIPTION), ids=lambda case: case.key)
def test_the_endpoint_describes_itself(case: Case, client: TestClient) -> None:
    CHECKS[case.key](client)


def described(client: TestClient) -> list[Triple]:
    """The description."""
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    return [quad.triple for quad in parse(answer.content, format=RdfFormat.TURTLE)]
