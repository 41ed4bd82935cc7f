"""The description of the endpoint says what is so: counted, asked and compared."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from tests.conftest import LIMITS

from diplolocal import description, formats
from diplolocal.build import Build
from diplolocal.description import Counts, Crowd, Service
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Query, Term, Wanted, plain, select
from diplolocal.wording import Language

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DESCRIPTION = "http://purl.org/dc/terms/description"
TRIPLES = "http://rdfs.org/ns/void#triples"
ENDPOINT = "https://x.example/sparql"
WIKIDATA = "https://query.wikidata.org/sparql"
GEOF = "http://www.opengis.net/def/function/geosparql/"
XSD = "http://www.w3.org/2001/XMLSchema#"

SERVICE = Service(
    endpoint=ENDPOINT,
    limits=LIMITS,
    query_bytes=250_000,
    address_bytes=16_000,
    crowd=Crowd(queries=2, waiting=32, client_seconds=60, client_queries=5),
    services=(WIKIDATA,),
    version="abc",
    counts=Counts(3, {"https://w3id.org/diplolocal/graph/derived": 2, "urn:other": 1}),
    dump="https://x.example/dumps/diplolocal.nq.gz",
)

TERMS = {
    "class": "Dataset Feature Graph NamedGraph Service",
    "property": "availableGraphs defaultDataset defaultEntailmentRegime defaultGraph endpoint"
    " extensionFunction feature graph name namedGraph resultFormat supportedLanguage",
    "instance": "BasicFederatedQuery SPARQL10Query SPARQL11Query UnionDefaultGraph",
}
"""The terms of SPARQL 1.1 Service Description §3 that are true of this service."""

RANGES = {
    "availableGraphs": "Dataset",
    "defaultDataset": "Dataset",
    "defaultGraph": "Graph",
    "graph": "Graph",
    "namedGraph": "NamedGraph",
}
"""What the schema of the W3C says of the value of a property (§3.4); a dataset is a collection of
graphs.
"""


def test_the_counts_of_a_build_are_those_of_its_statements(
    store: EmbeddedStore, real_build: Build
) -> None:
    told, asked = description.counted(store, real_build.counts), description.counted(store)
    assert told == asked
    everything = select(store, "SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")
    assert told.union == len(everything)
    for graph, statements in told.graphs.items():
        [row] = select(store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        assert int(plain(row["n"])) == statements, graph


def test_a_statement_of_two_graphs_counts_for_both_and_once_in_the_union(
    small: EmbeddedStore,
) -> None:
    triple = "<urn:s> <urn:p> <urn:o>"
    quads = parse(f"{triple} <urn:a> .\n{triple} <urn:b> .", format=RdfFormat.N_QUADS)
    assert description.counted(EmbeddedStore(quads)) == Counts(1, {"urn:a": 1, "urn:b": 1})
    assert description.counted(EmbeddedStore()) == Counts(0, {})
    assert description.counted(small).union > 1000


def test_every_named_graph_is_described_with_its_count() -> None:
    found = description.triples(SERVICE)
    [dataset] = values(found, f"{ENDPOINT}#service", SD + "defaultDataset")
    graphs = values(found, plain(dataset), SD + "namedGraph")
    counted = {
        plain(name): values(found, plain(graph), TRIPLES)
        for named in graphs
        for name in values(found, plain(named), SD + "name")
        for graph in values(found, plain(named), SD + "graph")
    }
    assert counted == {
        "https://w3id.org/diplolocal/graph/derived": [number(2)],
        "urn:other": [number(1)],
    }
    assert {plain(graph) for graph in graphs} == {
        f"{ENDPOINT}#graph/derived",
        f"{ENDPOINT}#urn%3Aother",
    }
    [union] = values(found, plain(dataset), SD + "defaultGraph")
    assert values(found, plain(union), TRIPLES) == [number(3)]


def test_what_is_not_known_is_not_said() -> None:
    found = description.triples(replace(SERVICE, counts=None, dump=None, version=None))
    said = {triple.predicate.value for triple in found}
    assert not {TRIPLES, SD + "namedGraph", SD + "extensionFunction"} & said
    assert "http://rdfs.org/ns/void#dataDump" not in said
    assert SD + "endpoint" in said
    assert not [t for t in found if "memory" in plain(t.subject)]


def test_the_description_has_no_blank_nodes_and_nothing_twice() -> None:
    found = description.triples(SERVICE)
    assert not [t for t in found if isinstance(t.subject, BlankNode) or "_:" in str(t.object)]
    assert len(found) == len(set(found))


def test_all_that_is_for_people_is_said_in_both_languages() -> None:
    languages: dict[tuple[str, str], list[str]] = {}
    for triple in description.triples(SERVICE):
        if isinstance(triple.object, Literal) and triple.object.language:
            said = languages.setdefault((plain(triple.subject), triple.predicate.value), [])
            said.append(triple.object.language)
    assert {tuple(sorted(said)) for said in languages.values()} == {("en", "es")}
    assert (f"{ENDPOINT}#limits", DESCRIPTION) in languages
    assert (f"{ENDPOINT}#federation", DESCRIPTION) in languages


def test_it_uses_the_terms_of_the_w3c_and_only_those_that_are_true() -> None:
    used = {
        term.value.removeprefix(SD)
        for triple in description.triples(SERVICE)
        for term in (triple.predicate, triple.object)
        if isinstance(term, NamedNode) and term.value.startswith(SD)
    }
    assert used == {name for names in TERMS.values() for name in names.split()}


def test_it_conforms_to_the_schema_of_the_w3c() -> None:
    found = description.triples(SERVICE)
    for triple in found:
        if kind := RANGES.get(triple.predicate.value.removeprefix(SD)):
            assert NamedNode(SD + kind) in values(found, plain(triple.object), RDF_TYPE), triple
    named = [t.subject for t in found if t.object == NamedNode(SD + "NamedGraph")]
    assert [len(values(found, plain(each), SD + "name")) for each in named] == [1, 1]
    assert values(found, f"{ENDPOINT}#service", SD + "endpoint") == [NamedNode(ENDPOINT)]


def test_federation_is_only_told_of_where_there_is_some() -> None:
    federated, alone = NamedNode(SD + "BasicFederatedQuery"), replace(SERVICE, services=())
    assert federated in features(SERVICE)
    assert federated not in features(alone)
    told = {
        tuple(sorted(map(plain, values(description.triples(service), part, DESCRIPTION))))
        for service, part in (
            (SERVICE, f"{ENDPOINT}#federation"),
            (alone, f"{ENDPOINT}#federation"),
        )
    }
    assert told == {
        (
            f"SERVICE may ask {WIKIDATA} and no other endpoint, however it is written.",
            f"SERVICE puede preguntar a {WIKIDATA} y a ningún otro punto de acceso, se escriba"
            " como se escriba.",
        ),
        (
            "SERVICE is refused: this endpoint asks no other.",
            "SERVICE se rechaza: este punto de acceso no pregunta a ningún otro.",
        ),
    }
    assert "service-seconds" not in description.values(alone)


def test_every_limit_is_a_number_with_a_name_in_both_languages() -> None:
    assert description.values(SERVICE) == {
        "seconds": 30,
        "service-seconds": 60,
        "memory-bytes": 1_000_000_000,
        "answer-rows": 1_000_000,
        "answer-bytes": 100_000_000,
        "query-bytes": 250_000,
        "address-bytes": 16_000,
        "queries": 2,
        "queries-waiting": 32,
        "client-seconds": 60,
        "client-queries": 5,
    }
    assert list(description.values(replace(SERVICE, crowd=Crowd(), services=()))) == [
        "seconds",
        "memory-bytes",
        "answer-rows",
        "answer-bytes",
        "query-bytes",
        "address-bytes",
    ]
    for limit in description.limits_in_force(SERVICE):
        for text in (limit.name, limit.note, limit.unit):
            assert all(text.values()), limit.key
        assert limit.name[Language.ES] != limit.name[Language.EN], limit.key


def test_every_limit_in_force_is_in_the_description_and_no_other() -> None:
    for service in (SERVICE, replace(SERVICE, crowd=Crowd(), services=())):
        found = description.triples(service)
        parts = values(found, f"{ENDPOINT}#service", "https://schema.org/additionalProperty")
        told = {
            plain(key): float(plain(value))
            for part in parts
            for key in values(found, plain(part), "https://schema.org/propertyID")
            for value in values(found, plain(part), "https://schema.org/maxValue")
        }
        assert told == description.values(service)
        mentioned = {plain(t.subject) for t in found if "#limit-" in plain(t.subject)}
        assert mentioned == {plain(part) for part in parts}


def test_a_limit_may_be_a_part_of_a_second() -> None:
    found = description.triples(replace(SERVICE, limits=replace(LIMITS, seconds=0.5)))
    limit, feature = f"{ENDPOINT}#limit-seconds", f"{ENDPOINT}#limits"
    assert values(found, limit, "https://schema.org/maxValue") == [
        Literal("0.500", datatype=NamedNode(XSD + "decimal"))
    ]
    assert values(found, feature, "https://w3id.org/vocab/sdm#queryTimeOut") == [number(500)]


def test_the_formats_told_are_those_that_are_written() -> None:
    found = description.triples(SERVICE)
    told = values(found, f"{ENDPOINT}#service", SD + "resultFormat")
    types = [
        plain(one) for fmt in told for one in values(found, plain(fmt), f"{FORMATS}media_type")
    ]
    written = (*formats.RESULTS, *formats.GRAPH, *formats.QUADS)
    assert sorted(types) == sorted(fmt.media_type for fmt in written)


# What each function that is told of answers, with arguments for which everybody can see it.
POINT, SQUARE = "POINT(1 1)", "POLYGON((0 0,0 2,2 2,2 0,0 0))"
APART, BESIDE = "POINT(9 9)", "POLYGON((2 0,2 2,4 2,4 0,2 0))"
OVER, LINE = "POLYGON((1 1,1 3,3 3,3 1,1 1))", "LINESTRING(-1 1,3 1)"
DATE, TIME = f'"2021-01-31T10:20:30"^^<{XSD}dateTime>', f'"2021-01-31"^^<{XSD}date>'
ANSWERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    GEOF + "distance": (("POINT(0 0)", "POINT(0 1)"), "111195"),
    GEOF + "sfContains": ((SQUARE, POINT), "true"),
    GEOF + "sfCrosses": ((LINE, SQUARE), "true"),
    GEOF + "sfDisjoint": ((SQUARE, APART), "true"),
    GEOF + "sfEquals": ((SQUARE, SQUARE), "true"),
    GEOF + "sfIntersects": ((SQUARE, OVER), "true"),
    GEOF + "sfOverlaps": ((SQUARE, OVER), "true"),
    GEOF + "sfTouches": ((SQUARE, BESIDE), "true"),
    GEOF + "sfWithin": ((POINT, SQUARE), "true"),
    XSD + "date": ((DATE,), "2021-01-31"),
    XSD + "dayTimeDuration": (('"P1DT2H"',), "P1DT2H"),
    XSD + "duration": (('"P1Y2M"',), "P1Y2M"),
    XSD + "gYear": ((TIME,), "2021"),
    XSD + "gYearMonth": ((TIME,), "2021-01"),
    XSD + "time": ((DATE,), "10:20:30"),
    XSD + "yearMonthDuration": (('"P1Y2M"',), "P1Y2M"),
}


def test_the_functions_told_of_are_those_that_are_tried_here() -> None:
    assert list(description.functions(SERVICE)) == sorted(ANSWERS)


@pytest.mark.parametrize("function", sorted(ANSWERS))
def test_a_function_that_is_told_of_answers(function: str) -> None:
    given, expected = ANSWERS[function]
    arguments = [f'"{one}"^^{WKT}' if function.startswith(GEOF) else one for one in given]
    if function == GEOF + "distance":
        arguments.append("<http://www.opengis.net/def/uom/OGC/1.0/metre>")
    query = f"SELECT (<{function}>({', '.join(arguments)}) AS ?x) {{}}"
    [row] = select(EmbeddedStore(), query)
    assert plain(row["x"]).partition(".")[0] == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT REDUCED ?x WHERE { ?x ?y ?z . OPTIONAL { ?z ?a ?b . FILTER(!BOUND(?c)) } }",
        "DESCRIBE ?x FROM <urn:a> FROM NAMED <urn:b> WHERE { GRAPH ?g { ?x a [] } }",
        "BASE <urn:x> PREFIX : <#> ASK { { :a :b 1.5 } UNION { _:c :d (1 true 'x'@en) } }",
        "SELECT * { ?s ?p ?o FILTER regex(str(?s), '^a', 'i') } ORDER BY DESC(?o) LIMIT 1 OFFSET 2",
    ],
)
def test_a_query_of_sparql_1_0_is_understood(query: str) -> None:
    wanted = Wanted(formats.JSON.media_type, formats.NTRIPLES.media_type)
    assert EmbeddedStore().answer(Query(query), wanted).body is not None


# What the tests above say in one word.

WKT = "<http://www.opengis.net/ont/geosparql#wktLiteral>"


def values(found: list[Triple], subject: str, prop: str) -> list[Term]:
    node = NamedNode(subject)
    return [t.object for t in found if t.subject == node and t.predicate.value == prop]


def features(service: Service) -> list[Term]:
    return values(description.triples(service), f"{ENDPOINT}#service", SD + "feature")


def number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(XSD + "integer"))
