"""Everything a page says about one IRI, asked of the real build."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from diplolocal import iris, resources
from diplolocal.dataset import Dataset, quads
from diplolocal.embedded import EmbeddedStore
from diplolocal.not_found import ResourceNotFound
from diplolocal.wording import Language

DL = iris.ONTOLOGY + "#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ACTION = iris.thing("action/2021-01-01")
JALISCO = iris.thing("place/mx-jal")
JANUARY = iris.graph("bulletin", "2021-01")


def test_an_action_is_described_with_its_parts(store: EmbeddedStore) -> None:
    action = resources.describe(store, ACTION)
    assert (action.iri, action.types) == (ACTION, (DL + "Action",))
    assert [part.iri for part in action.parts] == [
        iris.thing("participation/2021-01-01-1"),
        iris.thing("participation/2021-01-01-2"),
    ]
    assert [part.values(DL + "actor") for part in action.parts] == [
        (NamedNode(iris.thing("government/mx-02004")),),
        (NamedNode(iris.thing("government/us")),),
    ]
    assert all(part.types == (DL + "Participation",) for part in action.parts)


def test_unnamed_actors_are_parts_too(store: EmbeddedStore) -> None:
    action = resources.describe(store, iris.thing("action/2021-01-02"))
    assert {part.iri.removeprefix(iris.thing("")) for part in action.parts} == {
        "participation/2021-01-02-1",
        "unnamed/2021-01-02-1",
        "unnamed/2021-01-02-2",
    }


def test_a_property_has_its_values(store: EmbeddedStore) -> None:
    action = resources.describe(store, ACTION)
    assert action.values(DL + "date") == (
        Literal("2021-01", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
    )
    assert set(action.values(DL + "theme")) == {
        NamedNode(f"{iris.NAMESPACE}vocab/theme/{name}") for name in ("tourism", "border", "health")
    }
    assert action.values(DL + "noSuchProperty") == ()


def test_a_statement_says_which_graphs_say_so(store: EmbeddedStore) -> None:
    action = resources.describe(store, ACTION)
    graphs = {(said.property, str(said.value)): said.graphs for said in action.statements}
    tijuana = f"<{iris.thing('government/mx-02004')}>"
    assert graphs[DL + "region", f"<{iris.thing('region/noroeste')}>"] == (JANUARY,)
    assert graphs[DL + "mexicanActor", tijuana] == (iris.DERIVED,)
    assert {graph for sayers in graphs.values() for graph in sayers} == {JANUARY, iris.DERIVED}


def test_a_statement_of_two_files_names_both() -> None:
    said = (NamedNode("urn:s"), NamedNode("urn:p"), Literal("x"))
    store = EmbeddedStore(Quad(*said, NamedNode(f"urn:{graph}")) for graph in ("b", "a"))
    [statement] = resources.describe(store, "urn:s").statements
    assert (statement.value, statement.graphs) == (Literal("x"), ("urn:a", "urn:b"))


def test_statements_stand_in_the_order_of_the_ontology(store: EmbeddedStore) -> None:
    statements = resources.describe(store, ACTION).statements
    assert [said.order for said in statements] == sorted(said.order for said in statements)
    assert statements == resources.describe(store, ACTION).statements


def test_people_are_shown_what_is_said_in_our_own_words(store: EmbeddedStore) -> None:
    action = resources.describe(store, ACTION)
    everything = {said.property for said in action.statements}
    shown = {said.property for said in action.shown}
    assert {SCHEMA + "name", SCHEMA + "description"} <= everything
    assert not any(prop.startswith(SCHEMA) for prop in shown)
    assert {DL + "region", DL + "mexicanActor", SKOS + "prefLabel"} <= shown


def test_a_derived_class_is_no_type(store: EmbeddedStore) -> None:
    place = resources.describe(store, JALISCO)
    assert place.types == (DL + "FederalEntity",)
    assert NamedNode(DL + "Territory") in place.values(RDF_TYPE)


def test_everything_shown_has_its_name_in_both_languages(store: EmbeddedStore) -> None:
    action = resources.describe(store, ACTION)
    ours = {
        said.value.value
        for part in (action, *action.parts)
        for said in part.shown
        if isinstance(said.value, NamedNode) and iris.is_ours(said.value.value)
    }
    assert len(ours) > 10
    assert {iri for iri in ours if set(action.names.get(iri, {})) != set(Language)} == set()
    assert action.names[iris.thing("region/noroeste")][Language.ES] == "Noroeste"
    assert action.names[ACTION][Language.EN] == (
        "Medical and business border crossing opens in Tijuana"
    )


def test_a_place_is_mentioned_by_what_points_at_it(store: EmbeddedStore) -> None:
    mentions = {
        mention.property.removeprefix(DL): mention
        for mention in resources.describe(store, JALISCO).mentions
    }
    assert iris.thing("government/mx-jal") in mentions["governs"].subjects
    assert all(
        mention.count >= len(mention.subjects)
        and list(mention.subjects) == sorted(mention.subjects)
        for mention in mentions.values()
    )
    subjects = {subject for mention in mentions.values() for subject in mention.subjects}
    assert not any("/id/action/" in subject or "/id/link/" in subject for subject in subjects)


def test_of_many_that_point_at_a_thing_fifty_are_named_and_all_are_counted() -> None:
    prop, target = NamedNode("urn:p"), NamedNode("urn:target")
    graph = NamedNode("urn:g")
    store = EmbeddedStore(
        [Quad(target, prop, Literal("x"), graph)]
        + [Quad(NamedNode(f"urn:s{number:03}"), prop, target, graph) for number in range(120)]
    )
    [mention] = resources.describe(store, "urn:target").mentions
    assert (mention.property, mention.count) == ("urn:p", 120)
    assert mention.subjects == tuple(f"urn:s{number:03}" for number in range(50))


@pytest.mark.parametrize(
    "iri",
    [iris.thing("place/atlantis"), "http://e.org/x", "not an iri", "", "urn:a> } #"],
)
def test_what_nothing_is_said_of_is_not_found(store: EmbeddedStore, iri: str) -> None:
    for ask in (resources.describe, resources.triples, resources.named_graph):
        with pytest.raises(ResourceNotFound) as refusal:
            ask(store, iri)
        assert refusal.value.iri == iri
        assert str(refusal.value) == (
            f"Nothing in this graph is called {iri}. Look for it on the home page or with a query."
        )


# ------------------------------------------------------------------ documents as graphs


def test_the_document_of_a_thing_is_what_is_said_of_it(store: EmbeddedStore) -> None:
    said = resources.triples(store, ACTION)
    action, document = NamedNode(ACTION), NamedNode(iris.document_of(ACTION))
    described = {
        Triple(action, NamedNode(one.property), one.value)
        for one in resources.describe(store, ACTION).statements
    }
    assert described <= set(said)
    foaf = "http://xmlns.com/foaf/0.1/"
    assert {
        Triple(document, NamedNode(foaf + "primaryTopic"), action),
        Triple(action, NamedNode(foaf + "isPrimaryTopicOf"), document),
        Triple(
            document,
            NamedNode("http://purl.org/dc/terms/license"),
            NamedNode("https://creativecommons.org/licenses/by/4.0/"),
        ),
        Triple(
            NamedNode(iris.thing("region/noroeste")),
            NamedNode(SKOS + "prefLabel"),
            Literal("Noroeste", language="es"),
        ),
    } <= set(said)
    assert len(said) == len(set(said))


def test_the_document_names_whoever_took_part(store: EmbeddedStore) -> None:
    names = {
        triple.object
        for triple in resources.triples(store, ACTION)
        if triple.subject == NamedNode(iris.thing("government/mx-02004"))
    }
    assert {getattr(name, "language", None) for name in names} == {"en", "es"}


def test_a_named_graph_is_its_file(store: EmbeddedStore, dataset: Dataset) -> None:
    [source] = [source for source in dataset.sources if source.path.name == "regions.ttl"]
    assert set(resources.named_graph(store, iris.graph("reference", "regions"))) == {
        quad.triple for quad in quads(source)
    }


# ------------------------------------------------------------------ finding


@pytest.mark.parametrize("name", ["Jalisco", "jalisco", "JALISCO", "  Jalisco "])
def test_a_thing_is_found_by_its_name_in_any_case(store: EmbeddedStore, name: str) -> None:
    assert resources.find(store, name) == [JALISCO]


@pytest.mark.parametrize(
    "name",
    [
        "Medical and business border crossing opens in Tijuana",
        "Se abre en Tijuana el cruce fronterizo médico y de negocios",
        "SE ABRE EN TIJUANA EL CRUCE FRONTERIZO MÉDICO Y DE NEGOCIOS",
    ],
)
def test_a_thing_is_found_by_its_name_in_any_language(store: EmbeddedStore, name: str) -> None:
    assert resources.find(store, name) == [ACTION]


@pytest.mark.parametrize("name", ["Jalisc", "no such thing", "", '" } } #', "jalisco*", "\\"])
def test_what_nothing_is_called_is_not_found(store: EmbeddedStore, name: str) -> None:
    assert resources.find(store, name) == []


def test_all_that_are_called_so_are_found_in_order(store: EmbeddedStore) -> None:
    label = NamedNode(SKOS + "prefLabel")
    small = EmbeddedStore(
        Quad(NamedNode(iri), label, Literal("Ñandú", language="es"), NamedNode("urn:g"))
        for iri in ("urn:b", "urn:a")
    )
    assert resources.find(small, "ÑANDÚ") == ["urn:a", "urn:b"]


def test_names_of_nothing_are_none(store: EmbeddedStore) -> None:
    assert resources.names_of(store, []) == {}
    assert resources.names_of(store, ["http://e.org/nameless"]) == {}


def test_a_name_in_another_language_is_not_one_of_ours() -> None:
    label = NamedNode(SKOS + "prefLabel")
    store = EmbeddedStore(
        Quad(NamedNode("urn:s"), label, name, NamedNode("urn:g"))
        for name in (Literal("one", language="en"), Literal("un", language="fr"), Literal("1"))
    )
    assert resources.names_of(store, ["urn:s"]) == {"urn:s": {Language.EN: "one"}}


# ------------------------------------------------------------------ the house


def test_the_prefixes_are_those_of_the_ontology(store: EmbeddedStore, dataset: Dataset) -> None:
    found = resources.prefixes(store)
    assert {prefix: found[prefix] for prefix in ("dl", "place", "skos")} == {
        "dl": DL,
        "place": iris.thing("place/"),
        "skos": SKOS,
    }
    text = (dataset.root / "ontology" / "prefixes.ttl").read_bytes()
    declared = [
        quad.object.value
        for quad in parse(text, format=RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#prefix") and isinstance(quad.object, Literal)
    ]
    assert sorted(found) == sorted(declared)


def test_the_ontology_says_its_version(store: EmbeddedStore) -> None:
    assert resources.versions(store) == {iris.ONTOLOGY + "/1.0.0"}


def test_the_actions_of_a_place_come_newest_first(store: EmbeddedStore) -> None:
    rows = resources.actions_of(store, JALISCO)
    dates = [row["date"].value for row in rows if isinstance(row["date"], Literal)]
    assert len(dates) == len(rows) > 0
    assert dates == sorted(dates, reverse=True)
    assert all(str(row["action"])[1:].startswith(iris.thing("action/")) for row in rows)


def test_the_actions_of_a_bulletin_are_its_eight(store: EmbeddedStore) -> None:
    rows = resources.actions_of(store, iris.thing("bulletin/2021-01"))
    assert {str(row["action"])[1:-1] for row in rows} == {
        iris.thing(f"action/2021-01-{number:02}") for number in range(1, 9)
    }
