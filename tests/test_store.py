"""What can be asked, and that every store answers alike: the embedded one, and remote ones before
the Oxigraph server, Virtuoso, and our own site.

What the stores do not share is asked of those that do it, and says why.
"""

import csv
import io
import json
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.compare import isomorphic
from tests.conftest import REPOSITORY
from tests.engines import oxigraph_with, virtuoso_with

from diplolocal import formats, iris, union
from diplolocal.bad_requests import NotAcceptable
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, RESULTS, Format
from diplolocal.remote import RemoteStore
from diplolocal.store import (
    Answer,
    Query,
    Store,
    Wanted,
    bind,
    construct,
    load_query,
    select,
)
from diplolocal.store_errors import QueryRefused, QuerySyntaxError, StoreError, StoreUnavailable

JANUARY = iris.graph("bulletin", "2021-01")
SEPTEMBER = iris.graph("bulletin", "2021-09")
MONTHS = {path.stem for path in (REPOSITORY / "data" / "bulletins").rglob("*.ttl")}
BULLETINS = "PREFIX dl: <https://w3id.org/diplolocal/def#> SELECT ?b {} {{ ?b a dl:Bulletin }}"
GRAPHS = "SELECT DISTINCT ?g {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
TERMS = f"""
    SELECT ?x ?y {{ VALUES (?x ?y) {{
        ("Querétaro \\"1\\", <a>"@es <urn:x>)
        (7 UNDEF)
        ("2021-01~"^^<{EDTF}> "plain")
    }} }}
"""
GRAPH_OF_TERMS = f"""
    CONSTRUCT {{ <http://e.org/s> <http://e.org/p> ?x }} WHERE {{
        VALUES ?x {{ "Querétaro"@es 7 "2021-01~"^^<{EDTF}> "plain" <urn:x> }}
    }}
"""
ALL_GRAPHS = Wanted(results=None, graph=formats.NTRIPLES.media_type)


@pytest.fixture(scope="module")
def oxigraph(real_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An Oxigraph server that holds the build."""
    folder = tmp_path_factory.mktemp("oxigraph")
    with oxigraph_with(real_build, folder, "--union-default-graph") as engine:
        yield union.over(RemoteStore(engine.query, seconds=30))


@pytest.fixture(scope="module")
def virtuoso(real_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A Virtuoso that holds the build, beside graphs of its own."""
    with virtuoso_with(real_build, tmp_path_factory.mktemp("virtuoso")) as engine:
        yield union.over(RemoteStore(engine.query, seconds=60))


@pytest.fixture(scope="module")
def remote_site(site: str) -> Store:
    """Our own site, asked as an endpoint."""
    return union.over(RemoteStore(f"{site}/sparql", seconds=30))


@pytest.fixture(params=["embedded", "oxigraph", "virtuoso", "site"])
def every(request: pytest.FixtureRequest) -> Store:
    """Each of the stores over the same build."""
    return opened(request)


@pytest.fixture(params=["embedded", "site"])
def ours(request: pytest.FixtureRequest) -> Store:
    """The stores whose engine is told by us what to do."""
    return opened(request)


@pytest.fixture(params=["embedded", "oxigraph", "site"])
def strict(request: pytest.FixtureRequest) -> Store:
    """The stores that keep to the dataset of the protocol, whatever the query says."""
    return opened(request)


@pytest.fixture(params=["embedded", "virtuoso", "site"])
def choosing(request: pytest.FixtureRequest) -> Store:
    """The stores in which a query chooses its graphs itself."""
    return opened(request)


# ------------------------------------------------------------------ tables and truths


def test_json_keeps_language_datatype_and_what_has_no_value(every: Store) -> None:
    assert json.loads(results(every, TERMS, formats.JSON).body) == {
        "head": {"vars": ["x", "y"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "literal", "value": 'Querétaro "1", <a>', "xml:lang": "es"},
                    "y": {"type": "uri", "value": "urn:x"},
                },
                {"x": {"type": "literal", "value": "7", "datatype": XSD + "integer"}},
                {
                    "x": {"type": "literal", "value": "2021-01~", "datatype": EDTF},
                    "y": {"type": "literal", "value": "plain"},
                },
            ]
        },
    }


def test_xml_keeps_language_datatype_and_what_has_no_value(every: Store) -> None:
    tree = ElementTree.fromstring(results(every, TERMS, formats.XML).body)
    space = "{http://www.w3.org/2005/sparql-results#}"
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    found = [
        {binding.attrib["name"]: binding[0] for binding in result}
        for result in tree.iter(space + "result")
    ]
    kinds = [
        {
            name: (
                term.tag.removeprefix(space),
                term.text,
                term.get(language),
                term.get("datatype"),
            )
            for name, term in row.items()
        }
        for row in found
    ]
    assert kinds == [
        {"x": ("literal", 'Querétaro "1", <a>', "es", None), "y": ("uri", "urn:x", None, None)},
        {"x": ("literal", "7", None, XSD + "integer")},
        {
            "x": ("literal", "2021-01~", None, EDTF),
            "y": ("literal", "plain", None, None),
        },
    ]


def test_csv_holds_the_bare_values(every: Store) -> None:
    rows = list(csv.reader(io.StringIO(results(every, TERMS, formats.CSV).body.decode())))
    assert rows == [
        ["x", "y"],
        ['Querétaro "1", <a>', "urn:x"],
        ["7", ""],
        ["2021-01~", "plain"],
    ]


def test_tsv_holds_the_terms_as_turtle_writes_them(every: Store) -> None:
    lines = results(every, TERMS, formats.TSV).body.decode().splitlines()
    assert [line.split("\t") for line in lines] == [
        ["?x", "?y"],
        ['"Querétaro \\"1\\", <a>"@es', "<urn:x>"],
        ["7", ""],
        [f'"2021-01~"^^<{EDTF}>', '"plain"'],
    ]


@pytest.mark.parametrize("fmt", RESULTS, ids=lambda fmt: fmt.suffix)
def test_a_table_says_the_media_type_that_was_wanted(every: Store, fmt: Format) -> None:
    assert results(every, TERMS, fmt).media_type == fmt.media_type


@pytest.mark.parametrize(("pattern", "truth"), [("", True), ("FILTER(false)", False)])
def test_ask_is_answered_in_json(every: Store, pattern: str, truth: bool) -> None:
    answer = results(every, f"ASK {{ {pattern} }}", formats.JSON)
    assert json.loads(answer.body) == {"head": {}, "boolean": truth}


def test_ask_is_answered_in_xml(every: Store) -> None:
    tree = ElementTree.fromstring(results(every, "ASK {}", formats.XML).body)
    assert tree.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"


# ------------------------------------------------------------------ graphs


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
@pytest.mark.parametrize("fmt", GRAPH, ids=lambda fmt: fmt.suffix)
def test_a_graph_is_the_same_in_every_format(every: Store, fmt: Format) -> None:
    answer = every.answer(Query(GRAPH_OF_TERMS), Wanted(None, fmt.media_type))
    expected = rdflib.Graph()
    subject, prop = rdflib.URIRef("http://e.org/s"), rdflib.URIRef("http://e.org/p")
    for value in (
        rdflib.Literal("Querétaro", lang="es"),
        rdflib.Literal(7),
        rdflib.Literal("2021-01~", datatype=rdflib.URIRef(EDTF)),
        rdflib.Literal("plain"),
        rdflib.URIRef("urn:x"),
    ):
        expected.add((subject, prop, value))
    assert answer.media_type == fmt.media_type
    assert isomorphic(read_graph(answer), expected)


def test_construct_gives_no_triple_twice(every: Store) -> None:
    query = "CONSTRUCT { <urn:s> <urn:p> 1 } WHERE { VALUES ?x { 1 2 3 } }"
    assert every.answer(Query(query), ALL_GRAPHS).body.decode().splitlines() == [
        f'<urn:s> <urn:p> "1"^^<{XSD}integer> .'
    ]


def test_describe_is_a_graph(every: Store) -> None:
    bulletin = NamedNode(iris.thing("bulletin/2021-01"))
    month = NamedNode(iris.ONTOLOGY + "#month")
    said = construct(every, f"DESCRIBE {bulletin}")
    assert [triple.object for triple in said if triple.predicate == month] == [
        Literal("2021-01", datatype=NamedNode(XSD + "gYearMonth"))
    ]


# ------------------------------------------------------------------ which dataset


def test_without_a_dataset_all_graphs_are_one(every: Store) -> None:
    query = BULLETINS.format("")
    assert bulletins(every, Query(query)) == MONTHS


def test_without_a_dataset_every_graph_can_be_named(every: Store, real_build: Build) -> None:
    assert graphs(every, Query(GRAPHS.format(""))) == set(real_build.counts)


def test_a_default_graph_is_all_of_the_dataset(every: Store) -> None:
    dataset = ((JANUARY,), ())
    assert bulletins(every, Query(BULLETINS.format(""), *dataset)) == {"2021-01"}
    assert graphs(every, Query(GRAPHS.format(""), *dataset)) == set()


def test_several_default_graphs_are_merged(every: Store) -> None:
    query = Query(BULLETINS.format(""), (JANUARY, SEPTEMBER))
    assert bulletins(every, query) == {"2021-01", "2021-09"}


def test_a_named_graph_leaves_the_default_graph_empty(every: Store) -> None:
    dataset = ((), (SEPTEMBER,))
    assert bulletins(every, Query(BULLETINS.format(""), *dataset)) == set()
    assert graphs(every, Query(GRAPHS.format(""), *dataset)) == {SEPTEMBER}


def test_a_default_and_a_named_graph_are_kept_apart(every: Store) -> None:
    dataset = ((JANUARY,), (SEPTEMBER,))
    assert bulletins(every, Query(BULLETINS.format(""), *dataset)) == {"2021-01"}
    assert graphs(every, Query(GRAPHS.format(""), *dataset)) == {SEPTEMBER}


# Virtuoso adds the dataset that is asked for to that of the query (SPARQL 1.1 Protocol §2.1.4).


def test_a_dataset_that_is_asked_for_goes_before_that_of_the_query(strict: Store) -> None:
    query = Query(BULLETINS.format(f"FROM <{SEPTEMBER}>"), (JANUARY,))
    assert bulletins(strict, query) == {"2021-01"}


def test_a_graph_that_does_not_exist_is_empty(every: Store) -> None:
    query = Query(BULLETINS.format(""), (iris.graph("bulletin", "1999-01"),))
    assert bulletins(every, query) == set()


# The Oxigraph server with --union-default-graph overrides FROM: the union stays the default graph.


def test_from_chooses_the_default_graph(choosing: Store) -> None:
    clause = f"FROM <{JANUARY}>"
    assert bulletins(choosing, Query(BULLETINS.format(clause))) == {"2021-01"}


# In Virtuoso, a query with FROM and without FROM NAMED has all named graphs.


def test_from_leaves_no_named_graphs(ours: Store) -> None:
    assert graphs(ours, Query(GRAPHS.format(f"FROM <{JANUARY}>"))) == set()


def test_from_named_chooses_the_named_graphs(choosing: Store) -> None:
    clause = f"FROM NAMED <{SEPTEMBER}>"
    assert bulletins(choosing, Query(BULLETINS.format(clause))) == set()
    assert graphs(choosing, Query(GRAPHS.format(clause))) == {SEPTEMBER}


def test_from_in_lower_case_after_a_comment_chooses_too(choosing: Store) -> None:
    clause = f"# which one?\nfrom <{JANUARY}>"
    assert bulletins(choosing, Query(BULLETINS.format(clause))) == {"2021-01"}


@pytest.mark.parametrize(
    "mention",
    [
        'BIND("from" AS ?word)',
        "BIND(<urn:from> AS ?word)",
        "BIND(1 AS ?from)",
        "# from\n",
        "BIND(e:from AS ?word)",
        "BIND(e:made-from AS ?word)",
        'BIND("a"@from AS ?word)',
    ],
)
def test_the_word_from_elsewhere_does_not_change_the_dataset(every: Store, mention: str) -> None:
    query = f"PREFIX e: <urn:e> {BULLETINS.format('')[:-1]} {mention} }}"
    assert bulletins(every, Query(query)) == MONTHS


# ------------------------------------------------------------------ what is not answered


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p", "SELEC * {}", "", "{}"])
def test_a_query_that_cannot_be_read_is_a_syntax_error(every: Store, query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        every.answer(Query(query), Wanted(formats.JSON.media_type, formats.TURTLE.media_type))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "LOAD <http://127.0.0.1:9/>",
        "PREFIX e: <urn:e> DROP ALL",
    ],
)
def test_an_update_is_not_answered_and_changes_nothing(every: Store, update: str) -> None:
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        every.answer(Query(update), Wanted(formats.JSON.media_type, formats.TURTLE.media_type))
    assert bulletins(every, Query(BULLETINS.format(""))) == MONTHS
    assert select(every, "SELECT ?p { <urn:s> ?p ?o }") == []


def test_service_is_refused(every: Store) -> None:
    query = Query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryRefused, match=r"^SERVICE is not answered here"):
        every.answer(query, Wanted(formats.JSON.media_type, None))


def test_a_table_where_only_graphs_are_acceptable_is_refused(every: Store) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        every.answer(Query("ASK {}"), Wanted(None, formats.TURTLE.media_type))
    assert refusal.value.offered == tuple(fmt.media_type for fmt in RESULTS)


def test_a_graph_where_only_tables_are_acceptable_is_refused(every: Store) -> None:
    query = Query("CONSTRUCT { <urn:s> <urn:p> 1 } WHERE {}")
    with pytest.raises(NotAcceptable) as refusal:
        every.answer(query, Wanted(formats.JSON.media_type, None))
    assert refusal.value.offered == tuple(fmt.media_type for fmt in GRAPH)


def test_where_both_are_acceptable_the_query_decides(every: Store) -> None:
    both = Wanted(formats.CSV.media_type, formats.NTRIPLES.media_type)
    assert every.answer(Query("SELECT ?x { VALUES ?x { 1 } }"), both) == Answer(
        b"x\r\n1\r\n", "text/csv"
    )
    assert every.answer(Query("CONSTRUCT { <urn:s> <urn:p> <urn:o> } {}"), both) == Answer(
        b"<urn:s> <urn:p> <urn:o> .\n", "application/n-triples"
    )


# ------------------------------------------------------------------ our own ways to ask


def test_select_leaves_out_what_has_no_value(every: Store) -> None:
    assert select(every, TERMS) == [
        {"x": Literal('Querétaro "1", <a>', language="es"), "y": NamedNode("urn:x")},
        {"x": Literal(7)},
        {"x": Literal("2021-01~", datatype=NamedNode(EDTF)), "y": Literal("plain")},
    ]


def test_select_of_nothing_is_no_rows(every: Store) -> None:
    assert select(every, "SELECT ?x { FILTER(false) }") == []


def test_construct_gives_triples(every: Store) -> None:
    assert set(construct(every, GRAPH_OF_TERMS)) == {
        Triple(NamedNode("http://e.org/s"), NamedNode("http://e.org/p"), value)
        for value in (
            Literal("Querétaro", language="es"),
            Literal(7),
            Literal("2021-01~", datatype=NamedNode(EDTF)),
            Literal("plain"),
            NamedNode("urn:x"),
        )
    }


def test_select_is_not_for_ask() -> None:
    with pytest.raises(TypeError, match="not a SELECT query"):
        select(EmbeddedStore(), "ASK {}")


def test_every_query_of_the_house_runs_as_it_stands(store: EmbeddedStore) -> None:
    both = Wanted(formats.CSV.media_type, formats.NTRIPLES.media_type)
    lines = {
        file.name: len(store.answer(Query(load_query(file.name[:-3])), both).body.splitlines())
        for file in (files("diplolocal") / "queries").iterdir()
    }
    # What is gone, and what the records of releases tell, is not in the data themselves.
    elsewhere = {name for name in lines if "asked of the records" in load_query(name[:-3]).lower()}
    empty = {name for name, count in lines.items() if count < 2}
    assert empty - elsewhere <= {"tombstones.rq"}
    assert len(lines) >= 100


def test_there_is_no_other_query() -> None:
    with pytest.raises(FileNotFoundError):
        load_query("no-such-query")


# ------------------------------------------------------------------ bind


def test_bind_asks_of_another_term() -> None:
    text = "SELECT * { VALUES ?x { <urn:example> } ?x ?p ?o }"
    assert bind(text, x=NamedNode("urn:other")) == (
        "SELECT * { VALUES ?x { <urn:other> } ?x ?p ?o }"
    )


def test_bind_asks_of_several_terms_and_of_none() -> None:
    text = "SELECT ?x { VALUES ?x { 1 } }"
    several: list[NamedNode | Literal] = [NamedNode("urn:a"), Literal("b", language="es")]
    assert select(EmbeddedStore(), bind(text, x=several)) == [{"x": term} for term in several]
    assert select(EmbeddedStore(), bind(text, x=[])) == []


def test_bind_asks_of_a_name_wherever_it_stands() -> None:
    text = "SELECT * { { VALUES ?x { 1 } } UNION { VALUES ?x{2} } }"
    assert select(EmbeddedStore(), bind(text, x=Literal(3))) == [{"x": Literal(3)}] * 2


def test_bind_does_not_take_a_longer_name_for_the_name() -> None:
    text = "SELECT ?xy { VALUES ?xy { 1 } }"
    with pytest.raises(KeyError, match="x"):
        bind(text, x=Literal(2))


@pytest.mark.parametrize(
    "value",
    [
        '" } } INSERT DATA { <urn:s> <urn:p> "',
        "a } ?s ?p ?o { b",
        "quote \" and ' and \\ and \"\"\" and '''",
        "line\nbreak\r\ttab",
        r"\g<1> \1 \u0022 \U00000022",
        "# no comment",
        "{{name}} %s ?x $x",
        "ñ 😀 \u2028",
        "VALUES ?x { 1 }",
        "",
    ],
)
def test_a_bound_literal_stays_one_literal(value: str) -> None:
    text = "SELECT ?x ?y { VALUES ?x { 1 } VALUES ?y { 2 } }"
    assert select(EmbeddedStore(), bind(text, x=Literal(value))) == [
        {"x": Literal(value), "y": Literal(2)}
    ]


def test_a_bound_literal_is_not_bound_again() -> None:
    text = "SELECT ?x ?y { VALUES ?x { 1 } VALUES ?y { 2 } }"
    asked = bind(text, x=Literal("VALUES ?y { 2 }"), y=Literal("new"))
    assert select(EmbeddedStore(), asked) == [
        {"x": Literal("VALUES ?y { 2 }"), "y": Literal("new")}
    ]


@pytest.mark.parametrize("iri", ["urn:a> } #", "urn:a b", 'urn:"', "no scheme", "relative"])
def test_what_is_no_iri_cannot_be_bound(iri: str) -> None:
    with pytest.raises(ValueError, match=r"IRI"):
        bind("SELECT ?x { VALUES ?x { 1 } }", x=NamedNode(iri))


def test_the_errors_of_a_store_are_of_one_family() -> None:
    assert {QueryRefused, QuerySyntaxError, StoreUnavailable} <= set(StoreError.__subclasses__())


# ------------------------------------------------------------------ how it is asked


def opened(request: pytest.FixtureRequest) -> Store:
    names = {"embedded": "store", "site": "remote_site"}
    store: Store = request.getfixturevalue(names.get(request.param, request.param))
    return store


def results(store: Store, query: str, fmt: Format) -> Answer:
    return store.answer(Query(query), Wanted(fmt.media_type, None))


def column(store: Store, query: Query) -> set[str]:
    """The values of the only column."""
    found = json.loads(store.answer(query, Wanted(formats.JSON.media_type, None)).body)
    name = found["head"]["vars"][0]
    return {row[name]["value"] for row in found["results"]["bindings"]}


def graphs(store: Store, query: Query) -> set[str]:
    return column(store, query)


def bulletins(store: Store, query: Query) -> set[str]:
    """The months of the bulletins found."""
    return {value.rpartition("/")[2] for value in column(store, query)}


def read_graph(answer: Answer) -> rdflib.Graph:
    """The graph as another library reads it; a context is fetched from the site that names it."""
    return rdflib.Graph().parse(data=answer.body, format=answer.media_type)
