"""Triples as JSON-LD: whoever reads it gets the same graph back."""

import hashlib
import json
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from pyld import jsonld as pyld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from tests.processors import as_rdflib, by_npm, by_pyld, by_rdflib, canonical, with_context

from diplolocal import classes, frames, iris, resources
from diplolocal.bad_requests import NotAcceptable
from diplolocal.dataset import Dataset
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import NTRIPLES, RDFXML, TURTLE
from diplolocal.jsonld import compacted, framed, listed, words_of, written
from diplolocal.store import Store, plain
from diplolocal.web.parts import Parts

ADDRESS = "http://diplolocal.test/context/v1.jsonld"
ACTION = iris.thing("action/2021-01-03")
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FROZEN = "72be7223ac0d07299acb9751fedc690c99a425208b6f5f7ad6dff6dc5b5c8c08"
SHOWN = [
    ACTION,
    iris.thing("action/2021-01-02"),
    iris.thing("place/mx-jal"),
    iris.thing("bulletin/2021-01"),
    iris.thing("link/wikidata-place-mx-jal"),
    iris.NAMESPACE + "vocab/role/host",
]
SKOS = "http://www.w3.org/2004/02/skos/core#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
TYPED = [
    ("integer", "5"),
    ("integer", "-5"),
    ("integer", "0"),
    ("integer", "07"),
    ("integer", "+7"),
    ("integer", "-0"),
    ("integer", "9007199254740993"),
    ("integer", "123456789012345678901234567890"),
    ("integer", "five"),
    ("decimal", "20.50"),
    ("decimal", "1.0"),
    ("decimal", "3"),
    ("double", "1.5E0"),  # any other way to write it becomes this one, whoever reads it
    ("boolean", "true"),
    ("boolean", "false"),
    ("boolean", "1"),
    ("date", "2021-01-03"),
    ("gYearMonth", "2021-01"),
]
AWKWARD: list[NamedNode | Literal] = [
    Literal("plain"),
    Literal(""),
    Literal("5"),
    Literal("true"),
    Literal("@id"),
    Literal("dl:Action"),
    Literal('Querétaro "1" \\ \n \t \u0001 \u2028 <a> & {b} 😀', language="es"),
    Literal("Querétaro", language="es-MX"),
    Literal("two", language="es"),
    *(Literal(text, datatype=NamedNode(XSD + kind)) for kind, text in TYPED),
    Literal("2021-01~", datatype=NamedNode(EDTF)),
    Literal("x", datatype=NamedNode("urn:datatype")),
    Literal("http://e.org/not-an-iri"),
    NamedNode("http://e.org/an-iri"),
    NamedNode("http://e.org/ñ?a=b#c"),
    NamedNode("urn:isbn:0"),
    NamedNode("geo:20.67,-103.35"),
    NamedNode("http://www.opengis.net/ont/geosparql#//x"),
    NamedNode("http://www.opengis.net/ont/geosparql#"),
    NamedNode(iris.ONTOLOGY + "#Action"),
    NamedNode(iris.thing("place/mx-jal")),
]
PROPERTIES = [
    "http://e.org/p",
    "urn:x",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasActor",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    *(
        iris.ONTOLOGY + "#" + name
        for name in ("region", "theme", "actorClass", "seat", "quantity", "date", "unknown")
    ),
    "https://schema.org/latitude",
    "http://purl.org/dc/terms/created",
    "http://www.w3.org/2002/07/owl#deprecated",
]
"""Of every kind that the context knows, and of some that it does not."""


@pytest.fixture(scope="module")
def context(dataset: Dataset) -> bytes:
    return dataset.context.read_bytes()


@pytest.fixture(scope="module")
def frame_of(store: Store, parts: Parts, context: bytes) -> Any:
    """The frame of a class, with the context in it."""
    words = words_of(context)
    known = classes.read(store, parts.shapes, words)

    def made(name: str) -> dict[str, Any]:
        frame = frames.frame(known[name], known, words, address=ADDRESS)
        whole: dict[str, Any] = with_context(written(frame), context)
        return whole

    return made


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
@pytest.mark.parametrize("iri", SHOWN, ids=lambda iri: iri.removeprefix(iris.NAMESPACE))
def test_a_document_reads_back_as_the_same_graph(
    store: EmbeddedStore, context: bytes, iri: str
) -> None:
    said = resources.triples(store, iri)
    for document in (
        framed(said, iri, context=context, address=ADDRESS),
        compacted(said, context=context, address=ADDRESS),
    ):
        assert by_pyld(document, context) == set(said)
        assert by_rdflib(document, context) == set(said)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_no_kind_of_value_is_lost(context: bytes) -> None:
    documents, graphs = [], []
    for prop in PROPERTIES:
        said = [Triple(NamedNode(ACTION), NamedNode(prop), value) for value in AWKWARD]
        graphs += [set(said), set(said)]
        documents += [
            framed(said, ACTION, context=context, address=ADDRESS),
            compacted(said, context=context, address=ADDRESS),
        ]
    for document, graph in zip(documents, graphs, strict=True):
        assert by_pyld(document, context) == graph
        assert by_rdflib(document, context) == as_rdflib(graph)
    assert by_npm(documents, context) == graphs


@pytest.mark.parametrize("shape", [framed, compacted])
def test_blank_nodes_are_kept(context: bytes, shape: Any) -> None:
    once, twice, prop = BlankNode("a"), BlankNode("b"), NamedNode("http://e.org/p")
    said = [
        Triple(NamedNode(ACTION), prop, once),
        Triple(NamedNode(ACTION), prop, twice),
        Triple(once, prop, twice),
        Triple(twice, prop, twice),
        Triple(BlankNode("alone"), prop, BlankNode("alone")),
        Triple(BlankNode("x"), prop, BlankNode("y")),
        Triple(BlankNode("y"), prop, BlankNode("x")),
        Triple(once, NamedNode(RDF_TYPE), twice),
    ]
    given = [said, ACTION] if shape is framed else [said]
    document = shape(*given, context=context, address=ADDRESS)
    assert canonical(by_pyld(document, context)) == canonical(set(said))
    assert canonical(*by_npm([document], context)) == canonical(set(said))


def test_a_blank_node_that_only_one_thing_has_stands_in_it_without_a_label(context: bytes) -> None:
    node, prop = BlankNode("b"), NamedNode("http://e.org/p")
    said = [Triple(NamedNode(ACTION), prop, node), Triple(node, prop, Literal("x"))]
    document = json.loads(framed(said, ACTION, context=context, address=ADDRESS))
    assert document["http://e.org/p"] == {"http://e.org/p": "x"}


def test_what_is_said_twice_is_written_once(context: bytes) -> None:
    said = Triple(NamedNode(ACTION), NamedNode(iris.ONTOLOGY + "#inegiCode"), Literal("14039"))
    document = json.loads(framed([said, said], ACTION, context=context, address=ADDRESS))
    assert document["inegiCode"] == "14039"
    document = json.loads(compacted([said, said], context=context, address=ADDRESS))
    assert document["graph"] == [{"id": ACTION, "inegiCode": "14039"}]


def test_a_document_is_a_tree_that_begins_at_its_thing(
    store: EmbeddedStore, context: bytes
) -> None:
    document = json.loads(
        framed(resources.triples(store, ACTION), ACTION, context=context, address=ADDRESS)
    )
    assert list(document)[:4] == ["@context", "id", "type", "label"]
    assert document["@context"] == ADDRESS
    assert document["id"] == ACTION
    assert document["type"] == ["Action", "prov:Activity", "schema:Event", "sem:Event"]
    assert list(document["label"]) == ["en", "es"]
    first = document["hasParticipation"][0]
    assert first["id"] == iris.thing("participation/2021-01-03-1")
    assert list(first["actor"]) == ["id", "label"]
    assert list(first["role"]) == ["id", "label"]
    assert document["region"]["label"]["es"] == "Occidente"
    assert document["prov:qualifiedAssociation"][0] == first["id"]
    assert "graph" not in document


def test_numbers_and_truths_are_those_of_json(context: bytes) -> None:
    def shown(prop: str, value: Literal) -> Any:
        said = [Triple(NamedNode(ACTION), NamedNode(prop), value)]
        document = json.loads(compacted(said, context=context, address=ADDRESS))
        return document["graph"][0]

    def typed(kind: str, text: str) -> Literal:
        return Literal(text, datatype=NamedNode(XSD + kind))

    quantity, other = iris.ONTOLOGY + "#quantity", "http://e.org/p"
    assert shown(quantity, typed("integer", "8"))["quantity"] == 8
    assert shown(quantity, typed("integer", "08"))["quantity"] == "08"
    assert shown(other, typed("integer", "8"))[other] == 8
    assert shown(other, typed("integer", "9007199254740993"))[other] == {
        "@type": "xsd:integer",
        "@value": "9007199254740993",
    }
    assert shown("http://www.w3.org/2002/07/owl#deprecated", Literal(True))["deprecated"] is True
    assert shown(other, Literal(False))[other] is False
    assert shown("https://schema.org/latitude", typed("decimal", "20.50"))["latitude"] == "20.50"
    assert shown(other, typed("decimal", "1.0"))[other] == {"@type": "xsd:decimal", "@value": "1.0"}


def test_what_may_be_several_is_an_array_and_what_may_not_is_none(context: bytes) -> None:
    node = NamedNode(ACTION)
    said = [
        Triple(node, NamedNode(iris.ONTOLOGY + "#theme"), NamedNode("urn:one")),
        Triple(node, NamedNode(iris.ONTOLOGY + "#region"), NamedNode("urn:region")),
        Triple(node, NamedNode(SKOS + "altLabel"), Literal("A", language="en")),
        Triple(node, NamedNode(SKOS + "prefLabel"), Literal("B", language="en")),
        Triple(node, NamedNode(RDF_TYPE), NamedNode(iris.ONTOLOGY + "#Action")),
    ]
    assert json.loads(framed(said, ACTION, context=context, address=ADDRESS)) == {
        "@context": ADDRESS,
        "id": ACTION,
        "type": ["Action"],
        "label": {"en": "B"},
        "altLabel": {"en": ["A"]},
        "region": "urn:region",
        "theme": ["urn:one"],
    }


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("Action", ACTION),
        ("Action", iris.thing("action/2021-10-02")),
        ("FederalEntity", iris.thing("place/mx-jal")),
        ("Bulletin", iris.thing("bulletin/2021-01")),
        ("Link", iris.thing("link/wikidata-place-mx-jal")),
    ],
)
def test_the_frame_of_its_class_makes_the_tree_of_the_flat_list(
    store: EmbeddedStore, context: bytes, frame_of: Any, name: str, iri: str
) -> None:
    said = resources.triples(store, iri)
    flat = with_context(compacted(said, context=context, address=ADDRESS), context)
    tree = with_context(framed(said, iri, context=context, address=ADDRESS), context)
    assert pyld.frame(flat, frame_of(name)) == tree


def test_a_frame_makes_the_same_tree_of_a_graph_that_knows_more(
    store: EmbeddedStore, context: bytes, frame_of: Any
) -> None:
    """What is only named in the tree is then named with its classes."""
    said = resources.triples(store, ACTION)
    tree = with_context(framed(said, ACTION, context=context, address=ADDRESS), context)
    ours = iris.thing("")
    others = {plain(each.object) for each in said if plain(each.object).startswith(ours)}
    more = [
        triple
        for each in sorted(others)
        for triple in resources.triples(store, each)
        if triple.predicate.value != "http://xmlns.com/foaf/0.1/isPrimaryTopicOf"
    ]
    flat = with_context(compacted([*said, *more], context=context, address=ADDRESS), context)
    found = pyld.frame(flat, frame_of("Action"))
    assert len(flat["graph"]) > len(found)
    assert without_classes(found) == without_classes(tree)


def test_the_same_framing_of_the_same_triples_is_an_equal_graph(
    store: EmbeddedStore, context: bytes, frame_of: Any
) -> None:
    said = resources.triples(store, ACTION)
    nquads = (serialize(said, format=RdfFormat.N_TRIPLES) or b"").decode()
    tree = pyld.frame(pyld.from_rdf(nquads), frame_of("Action"))
    named = written({**tree, "@context": ADDRESS})
    assert by_pyld(named, context) == set(said)


def test_a_list_of_nodes_is_flat(store: EmbeddedStore, context: bytes) -> None:
    said = resources.triples(store, ACTION)
    document = json.loads(compacted(said, context=context, address=ADDRESS))
    assert list(document) == ["@context", "graph"]
    subjects = {triple.subject.value for triple in said if isinstance(triple.subject, NamedNode)}
    assert [node["id"] for node in document["graph"]] == sorted(subjects)


def test_what_the_tree_does_not_reach_follows_it(context: bytes) -> None:
    prop = NamedNode("http://e.org/p")
    said = [Triple(NamedNode(ACTION), prop, Literal("x")), Triple(NamedNode("urn:a"), prop, prop)]
    document = framed(said, ACTION, context=context, address=ADDRESS)
    assert [node["id"] for node in json.loads(document)["graph"]] == [ACTION, "urn:a"]
    assert by_pyld(document, context) == set(said)


def test_a_chain_without_end_is_not_followed_to_its_end(context: bytes) -> None:
    prop, nodes = NamedNode("urn:p"), [NamedNode(f"urn:{number}") for number in range(2_000)]
    said = [Triple(one, prop, other) for one, other in pairwise([NamedNode(ACTION), *nodes])]
    document = framed(said, ACTION, context=context, address=ADDRESS)
    assert by_pyld(document, context) == set(said)


def test_a_graph_without_statements_is_an_empty_list(context: bytes) -> None:
    assert json.loads(compacted([], context=context, address=ADDRESS)) == {
        "@context": ADDRESS,
        "graph": [],
    }


def test_an_iri_that_looks_like_a_prefixed_name_stays_what_it_is(context: bytes) -> None:
    said = [Triple(NamedNode("geo:1,2"), NamedNode("urn:p"), NamedNode("dl:Action"))]
    document = compacted(said, context=context, address=ADDRESS)
    assert json.loads(document)["@context"] == [ADDRESS, {"dl": None, "geo": None}]
    assert by_pyld(document, context) == set(said)


def test_spanish_is_written_as_it_is(context: bytes) -> None:
    said = Triple(NamedNode(ACTION), NamedNode(SKOS + "prefLabel"), Literal("Año", language="es"))
    assert '"Año"' in framed([said], ACTION, context=context, address=ADDRESS).decode()


def test_the_same_statements_in_any_order_are_the_same_bytes(
    store: EmbeddedStore, context: bytes
) -> None:
    said = resources.triples(store, ACTION)
    mixed = Random(5).sample(said, len(said))
    for shape, given in ((framed, [ACTION]), (compacted, [])):
        once: Any = shape(said, *given, context=context, address=ADDRESS)
        assert shape(mixed, *given, context=context, address=ADDRESS) == once


def test_many_triples_have_the_context_too(context: bytes) -> None:
    ntriples = b"".join(
        f'<urn:s{number % 5_000}> <{SKOS}altLabel> "ñ{number}"@es .\n'.encode()
        for number in range(20_000)
    )
    document = json.loads(listed(ntriples, context=context, address=ADDRESS))
    assert document["@context"] == ADDRESS
    assert len(document["graph"]) == 5_000
    assert document["graph"][0] == {
        "id": "urn:s0",
        "altLabel": {"es": ["ñ0", "ñ10000", "ñ15000", "ñ5000"]},
    }


def test_json_is_written_as_python_indents_it() -> None:
    tree = {"a": [], "b": {}, "c": [1, True, None, "ñ\n"], "d": {"e": [{"f": 1.5}]}}
    assert written(tree).decode() == json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("shape", [framed, compacted])
def test_a_triple_about_a_triple_has_no_form(context: bytes, shape: Any) -> None:
    inner = Triple(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))
    said = Triple(NamedNode(ACTION), NamedNode("urn:says"), inner)
    given = [[said], ACTION] if shape is framed else [[said]]
    with pytest.raises(NotAcceptable) as refusal:
        shape(*given, context=context, address=ADDRESS)
    assert refusal.value.offered == tuple(fmt.media_type for fmt in (TURTLE, NTRIPLES, RDFXML))


def test_the_context_of_a_version_is_frozen(context: bytes) -> None:
    """Others keep `/context/1.0.0.jsonld` for a year and never ask again. Until 1.0.0 is released,
    write the new hash here; afterwards, raise the version of the ontology (ontology/README.md).
    """
    assert hashlib.sha256(context).hexdigest() == FROZEN


def test_a_property_has_one_term_and_a_term_says_nothing_that_we_do_not_write(
    context: bytes,
) -> None:
    """What lets us write JSON-LD without a processor."""
    entries = json.loads(context)["@context"]
    terms = {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
    assert {key for term in terms.values() for key in term} == {"@id", "@type", "@container"}
    containers = [term["@container"] for term in terms.values() if "@container" in term]
    known = ["@set", "@language", ["@language", "@set"]]
    assert [each for each in containers if each not in known] == []
    assert all("@type" not in term for term in terms.values() if "@lang" in str(term))
    assert terms.pop("type") == {"@id": "@type", "@container": "@set"}
    words = words_of(context)
    assert len(words.properties) == len(
        [key for key in entries if key not in ("@version", "id", "graph", "type")]
    ) - len(words.prefixes)


def without_classes(node: Any, *, inner: bool = False) -> Any:
    """The tree, without the classes of what it only names."""
    if isinstance(node, list):
        return [without_classes(each, inner=inner) for each in node]
    if not isinstance(node, dict):
        return node
    named = inner and set(node) <= {"id", "type", "label", "termLabel"}
    return {
        key: without_classes(value, inner=True)
        for key, value in node.items()
        if not (named and key == "type")
    }
