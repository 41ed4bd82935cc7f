"""Promises of JSON-LD: whatever the route, it is the graph that the other formats are, to whoever
reads it; and what a document about an instance of a class looks like.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, Triple, parse
from tests.contracts.test_http import EXAMPLES, UNNAMED
from tests.processors import as_rdflib, by_npm, by_pyld, by_rdflib, canonical

from diplolocal import classes, iris
from diplolocal.classes import Described
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import JSONLD, TURTLE
from diplolocal.jsonld import words_of
from diplolocal.store import plain, select
from diplolocal.web.parts import Parts

CONSTRUCTED = (
    "CONSTRUCT WHERE { ?action <https://w3id.org/diplolocal/def#theme> ?theme }",
    "CONSTRUCT { <urn:a> <urn:p> 1, 1.50, 1.5E0, true, '1', '1'^^<urn:t>, [<urn:q> ()] } WHERE {}",
    "DESCRIBE <https://w3id.org/diplolocal/id/place/mx-jal>",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1000",
)
LARGE = "/graph/derived"
"""Some ten thousand statements of few kinds: nothing that the others have not."""
ADDRESSES = (
    *(pair[0] for pair in EXAMPLES.values()),
    *(address for address in UNNAMED if address != LARGE),
    "/vocab/theme/governance",
    "/def/1.0.0",
    "/graph/bulletin/2021-01",
    "/doc/action/2021-10-02",
    "/graphs?graph=https://w3id.org/diplolocal/graph/links/ror",
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A document in JSON-LD, and the graph that its address is in Turtle."""

    address: str
    document: bytes
    graph: set[Triple]


@pytest.fixture(scope="module")
def known(parts: Parts) -> Mapping[str, Described]:
    """The classes of which there are frames and schemas."""
    return classes.read(parts.store, parts.shapes, words_of(parts.context))


@pytest.fixture(scope="module")
def answered(
    client: TestClient, store: EmbeddedStore, known: Mapping[str, Described]
) -> list[Answered]:
    """What is asked for: every route, an instance of every class, and what queries construct."""
    found: list[Answered] = []
    for address in (*ADDRESSES, *instances(store, known)):
        if answer := asked(client, address):
            found.append(answer)
    for query in CONSTRUCTED:
        answer = asked(client, "/sparql", query=query)
        assert answer
        found.append(answer)
    return found


def test_most_routes_have_json_ld(answered: list[Answered]) -> None:
    addresses = {each.address for each in answered}
    assert {"/def", "/vocab/theme", "/graphs", "/service", "/dataset"} <= addresses
    assert len(answered) > 60


def test_pyld_reads_every_document_as_the_graph_it_is(
    answered: list[Answered], parts: Parts
) -> None:
    wrong = [
        each.address
        for each in answered
        if canonical(by_pyld(each.document, parts.context)) != canonical(each.graph)
    ]
    assert wrong == []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
def test_rdflib_reads_every_document_as_the_graph_it_is(
    answered: list[Answered], parts: Parts
) -> None:
    wrong = [
        each.address
        for each in answered
        if canonical(by_rdflib(each.document, parts.context)) != canonical(as_rdflib(each.graph))
    ]
    assert wrong == []


def test_npm_jsonld_reads_every_document_as_the_graph_it_is(
    answered: list[Answered], parts: Parts
) -> None:
    read = by_npm([each.document for each in answered], parts.context)
    wrong = [
        each.address
        for each, graph in zip(answered, read, strict=True)
        if canonical(graph) != canonical(each.graph)
    ]
    assert wrong == []


def test_every_document_names_the_context_that_is_published(
    client: TestClient, answered: list[Answered]
) -> None:
    parsed = [(each.address, json.loads(each.document)) for each in answered]
    # The pages of the event stream never change, so that they do without what may.
    assert {where for where, document in parsed if isinstance(document, list)} <= {"/changes"}
    named = [document["@context"] for _, document in parsed if isinstance(document, dict)]
    [address] = {json.dumps(each) for each in named}
    assert client.get(json.loads(address)).headers["content-type"] == JSONLD.media_type


def test_a_document_leads_to_the_json_schema_of_its_class(client: TestClient) -> None:
    answer = client.get("/doc/action/2021-01-03.jsonld")
    link = '</schemas/Action.json>; rel="describedby"; type="application/schema+json"'
    assert link in answer.headers["link"]
    assert client.get("/schemas/Action.json").headers["content-type"] in link
    assert "/schemas/" not in client.get("/doc/action/2021-01-03.ttl").headers["link"]


def asked(client: TestClient, address: str, **params: str) -> Answered | None:
    """What an address answers in JSON-LD and in Turtle; None where it has no such form."""
    found = client.get(address, params=params or None, headers={"accept": JSONLD.media_type})
    if found.status_code == 303:
        place = found.headers["location"]
        # A page that leads to the file of something else has no form of its own.
        return None if place.endswith(".jsonld") else asked(client, place)
    if found.headers.get("content-type") != JSONLD.media_type or is_no_graph(address):
        return None
    other = client.get(address, params=params or None, headers={"accept": TURTLE.media_type})
    assert other.headers["content-type"].startswith(TURTLE.media_type)
    graph = {quad.triple for quad in parse(other.content, format=RdfFormat.TURTLE)}
    return Answered(address, found.content, graph)


def is_no_graph(address: str) -> bool:
    """Whether what is there is for processors of JSON-LD, and says nothing itself."""
    return address.startswith(("/context/", "/frames/"))


def instances(store: EmbeddedStore, known: Mapping[str, Described]) -> Iterator[str]:
    """The document about one instance of each class that has any."""
    for described in known.values():
        rows = select(
            store, f"SELECT ?thing WHERE {{ ?thing a <{described.iri}> }} ORDER BY ?thing LIMIT 1"
        )
        for row in rows:
            yield iris.path_of(iris.document_of(plain(row["thing"])))
