"""Triples as JSON-LD: whoever reads it gets the same graph back."""

import json
from typing import Any

import pytest
import rdflib
from pyld import jsonld as pyld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib.compare import isomorphic

from diplolocal import iris, resources
from diplolocal.dataset import Dataset
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import NotAcceptable
from diplolocal.formats import NTRIPLES, RDFXML, TURTLE
from diplolocal.jsonld import compacted, framed

ADDRESS = "http://diplolocal.test/context/v1.jsonld"
ACTION = iris.thing("action/2021-01-03")
XSD = "http://www.w3.org/2001/XMLSchema#"
SHOWN = [
    ACTION,
    iris.thing("action/2021-01-02"),
    iris.thing("place/mx-jal"),
    iris.thing("bulletin/2021-01"),
    iris.thing("link/wikidata-place-mx-jal"),
    iris.NAMESPACE + "vocab/role/host",
]
AWKWARD: list[NamedNode | Literal] = [
    Literal("plain"),
    Literal('Querétaro "1" \\ \n <a> & {b} 😀', language="es"),
    Literal("Querétaro", language="es-MX"),
    Literal("07", datatype=NamedNode(XSD + "integer")),
    Literal("1.0", datatype=NamedNode(XSD + "decimal")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("2021-01~", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
    Literal("http://e.org/not-an-iri"),
    NamedNode("http://e.org/an-iri"),
    NamedNode(iris.thing("place/mx-jal")),
]


@pytest.fixture(scope="module")
def context(dataset: Dataset) -> bytes:
    return dataset.context.read_bytes()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
@pytest.mark.parametrize("iri", SHOWN, ids=lambda iri: iri.removeprefix(iris.NAMESPACE))
@pytest.mark.parametrize("shape", ["framed", "compacted"])
def test_a_document_reads_back_as_the_same_graph(
    store: EmbeddedStore, context: bytes, iri: str, shape: str
) -> None:
    said = resources.triples(store, iri)
    document = (
        framed(said, iri, context=context, address=ADDRESS)
        if shape == "framed"
        else compacted(said, context=context, address=ADDRESS)
    )
    assert by_pyld(document, context) == set(said)
    assert isomorphic(by_rdflib(document, context), as_rdflib(said))


@pytest.mark.parametrize("prop", ["http://e.org/p", iris.ONTOLOGY + "#region", "urn:x"])
def test_no_kind_of_value_is_lost(context: bytes, prop: str) -> None:
    said = [Triple(NamedNode(ACTION), NamedNode(prop), value) for value in AWKWARD]
    for document in (
        framed(said, ACTION, context=context, address=ADDRESS),
        compacted(said, context=context, address=ADDRESS),
    ):
        assert by_pyld(document, context) == set(said)


def test_a_blank_node_is_kept(context: bytes) -> None:
    node = BlankNode("b")
    prop = NamedNode("http://e.org/p")
    said = [Triple(NamedNode(ACTION), prop, node), Triple(node, prop, Literal("x"))]
    document = framed(said, ACTION, context=context, address=ADDRESS)
    assert isomorphic(as_rdflib(by_pyld(document, context)), as_rdflib(said))


def test_what_is_said_twice_is_written_once(context: bytes) -> None:
    said = Triple(NamedNode(ACTION), NamedNode(iris.ONTOLOGY + "#inegiCode"), Literal("14039"))
    document = json.loads(framed([said, said], ACTION, context=context, address=ADDRESS))
    assert document["inegiCode"] == "14039"


def test_a_document_is_a_tree_that_begins_at_its_thing(
    store: EmbeddedStore, context: bytes
) -> None:
    document = json.loads(
        framed(resources.triples(store, ACTION), ACTION, context=context, address=ADDRESS)
    )
    assert document["@context"] == ADDRESS
    assert document["id"] == ACTION
    assert "Action" in document["type"]
    assert set(document["label"]) == {"en", "es"}
    parts = document["hasParticipation"]
    first = parts[0] if isinstance(parts, list) else parts
    assert set(first["label"]) == {"en", "es"}
    assert first["id"].startswith(iris.thing("participation/2021-01-03-"))
    assert "@graph" not in document
    assert "graph" not in document


def test_a_list_of_nodes_is_flat(store: EmbeddedStore, context: bytes) -> None:
    said = resources.triples(store, ACTION)
    document = json.loads(compacted(said, context=context, address=ADDRESS))
    assert set(document) == {"@context", "graph"}
    assert {node["id"] for node in document["graph"]} == {
        triple.subject.value for triple in said if isinstance(triple.subject, NamedNode)
    }


def test_spanish_is_written_as_it_is(context: bytes) -> None:
    said = Triple(
        NamedNode(ACTION),
        NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
        Literal("Año", language="es"),
    )
    assert '"Año"' in framed([said], ACTION, context=context, address=ADDRESS).decode()


def test_very_many_triples_are_the_same_graph_without_the_context(context: bytes) -> None:
    said = {
        Triple(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal("ñ", language="es"))
        for number in range(10_001)
    }
    written = compacted(said, context=context, address=ADDRESS)
    assert "@context" not in written.decode()
    assert {quad.triple for quad in parse(written, format=RdfFormat.JSON_LD)} == said
    assert compacted(reversed(list(said)), context=context, address=ADDRESS) == written
    assert "@context" in compacted(list(said)[1:], context=context, address=ADDRESS).decode()


def test_a_triple_about_a_triple_has_no_form(context: bytes) -> None:
    inner = Triple(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))
    said = Triple(NamedNode(ACTION), NamedNode("urn:says"), inner)
    with pytest.raises(NotAcceptable) as refusal:
        compacted([said], context=context, address=ADDRESS)
    assert refusal.value.offered == tuple(fmt.media_type for fmt in (TURTLE, NTRIPLES, RDFXML))


def with_context(document: bytes, context: bytes) -> dict[str, Any]:
    """The document as if its context had been fetched from the address it names."""
    parsed: dict[str, Any] = json.loads(document)
    assert parsed["@context"] == ADDRESS
    return {**parsed, "@context": json.loads(context)["@context"]}


def by_pyld(document: bytes, context: bytes) -> set[Triple]:
    nquads = pyld.to_rdf(with_context(document, context), {"format": "application/n-quads"})
    return {quad.triple for quad in parse(nquads, format=RdfFormat.N_QUADS)}


def by_rdflib(document: bytes, context: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(
        data=json.dumps(with_context(document, context)), format="application/ld+json"
    )


def as_rdflib(said: Any) -> rdflib.Graph:
    return rdflib.Graph().parse(data=serialize(said, format=RdfFormat.N_TRIPLES), format="nt")
