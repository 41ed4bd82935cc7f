"""The numbers of VoID: each is counted again here, from the quads themselves."""

from collections import Counter, defaultdict

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from diplolocal import iris, resources, void
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import construct, plain
from diplolocal.void import Counted, Serving

VOID = "http://rdfs.org/ns/void#"
EXT = "http://ldf.fi/void-ext#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DL = iris.ONTOLOGY + "#"
HOME = "https://example.mx/datos"


@pytest.fixture(scope="module")
def counts(store: EmbeddedStore) -> Counted:
    return void.counted(store)


@pytest.fixture(scope="module")
def said(counts: Counted, store: EmbeddedStore, real_build: Build) -> list[Triple]:
    prefixes = resources.prefixes(store)
    serving = Serving(HOME, [f"{HOME}/dumps/diplolocal.nq.gz"], real_build.counts, prefixes)
    return void.triples(counts, serving)


@pytest.fixture(scope="module")
def union(store: EmbeddedStore) -> list[Triple]:
    """Every statement, once."""
    return construct(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def values(said: list[Triple], subject: str, prop: str) -> list[str]:
    return [
        plain(triple.object)
        for triple in said
        if plain(triple.subject) == subject and triple.predicate.value == prop
    ]


def test_the_totals_are_those_of_the_graph(said: list[Triple], union: list[Triple]) -> None:
    things = {
        triple.subject for triple in union if plain(triple.subject).startswith(iris.thing(""))
    }
    expected = {
        "triples": len(union),
        "entities": len(things),
        "distinctSubjects": len({triple.subject for triple in union}),
        "distinctObjects": len({triple.object for triple in union}),
        "classes": len({each.object for each in union if each.predicate.value == TYPE}),
        "properties": len({triple.predicate for triple in union}),
    }
    told = {name: values(said, iris.DATASET, VOID + name) for name in expected}
    assert told == {name: [str(number)] for name, number in expected.items()}


def test_every_partition_has_the_numbers_of_the_graph(
    said: list[Triple], union: list[Triple], store: EmbeddedStore
) -> None:
    """Whatever partition there is: by class, by property, by class and property, and by the class
    or the datatype of the value."""
    classes: dict[object, set[str]] = defaultdict(set)
    for triple in union:
        if triple.predicate.value == TYPE:
            classes[triple.subject].add(plain(triple.object))
    counted: Counter[tuple[str, ...]] = Counter()
    for triple in union:
        prop, value = triple.predicate.value, triple.object
        counted["", prop] += 1
        for cls in classes[triple.subject]:
            counted[cls, prop] += 1
            for other in classes[value]:
                counted[cls, prop, other] += 1
            if isinstance(value, Literal):
                counted[cls, prop, value.datatype.value] += 1
    entities = Counter(cls for some in classes.values() for cls in some)
    paths = partitions(said)
    assert len(paths) > 1000
    for node, path in paths.items():
        if len(path) == 1:
            assert values(said, node, VOID + "entities") == [str(entities[path[0]])], node
        else:
            assert values(said, node, VOID + "triples") == [str(counted[path])], node


def test_every_class_every_property_and_what_our_classes_have_is_told(
    said: list[Triple], union: list[Triple]
) -> None:
    told = set(partitions(said).values())
    everything: set[tuple[str, ...]] = {
        (plain(each.object),) for each in union if each.predicate.value == TYPE
    }
    everything |= {("", triple.predicate.value) for triple in union}
    assert everything <= told
    actions = {
        triple.subject
        for triple in union
        if triple.predicate.value == TYPE and triple.object == NamedNode(DL + "Action")
    }
    properties = {each.predicate.value for each in union if each.subject in actions}
    assert {(DL + "Action", prop) for prop in properties} <= told
    assert (DL + "Action", DL + "hasParticipation", DL + "Participation") in told
    assert (DL + "Action", DL + "date", "http://id.loc.gov/datatypes/edtf/EDTF") in told


def test_the_subjects_and_objects_of_a_property_are_counted(
    said: list[Triple], union: list[Triple]
) -> None:
    subjects: dict[str, set[object]] = defaultdict(set)
    objects: dict[str, set[object]] = defaultdict(set)
    for triple in union:
        subjects[triple.predicate.value].add(triple.subject)
        objects[triple.predicate.value].add(triple.object)
    of_all = {node: path[1] for node, path in partitions(said).items() if path[0] == ""}
    assert set(of_all.values()) == set(subjects)
    for node, prop in of_all.items():
        assert values(said, node, VOID + "distinctSubjects") == [str(len(subjects[prop]))]
        assert values(said, node, VOID + "distinctObjects") == [str(len(objects[prop]))]


def test_the_links_to_each_data_set_are_counted_by_property(
    said: list[Triple], union: list[Triple]
) -> None:
    spaces = {
        "wikidata": "http://www.wikidata.org/entity/",
        "geonames": "https://sws.geonames.org/",
        "ror": "https://ror.org/",
    }
    assert void.targets() == {
        f"{iris.DATASET}#target:{name}": space for name, space in spaces.items()
    }
    told = {}
    for links in {plain(each.subject) for each in said if plain(each.object) == VOID + "Linkset"}:
        assert values(said, links, VOID + "subjectsTarget") == [iris.DATASET]
        [target] = values(said, links, VOID + "objectsTarget")
        [prop] = values(said, links, VOID + "linkPredicate")
        [number] = values(said, links, VOID + "triples")
        told[target.rpartition(":")[2], prop] = int(number)
        assert links in values(said, iris.DATASET, VOID + "subset")
    expected = Counter(
        (name, triple.predicate.value)
        for triple in union
        for name, space in spaces.items()
        if plain(triple.object).startswith(space)
        and triple.predicate.value.endswith(("#sameAs", "Match"))
    )
    assert told == expected
    assert told["wikidata", "http://www.w3.org/2002/07/owl#sameAs"] > 2000


def test_every_named_graph_is_a_subset_with_its_statements(
    said: list[Triple], store: EmbeddedStore, real_build: Build
) -> None:
    subsets = set(values(said, iris.DATASET, VOID + "subset"))
    assert set(real_build.counts) <= subsets
    for graph in ("bulletin/2021-01", "derived", "links/wikidata"):
        name = iris.graph(graph)
        number = len(resources.named_graph(store, name))
        assert values(said, name, VOID + "triples") == [str(number)]


def test_nothing_is_a_blank_node_and_no_statement_is_made_twice(said: list[Triple]) -> None:
    assert not any(isinstance(node, BlankNode) for each in said for node in each)
    assert len(said) == len(set(said))


def test_partitions_are_named_below_the_data_set(said: list[Triple]) -> None:
    names = {node.removeprefix(iris.DATASET) for node in partitions(said)}
    assert "#class:dl:Action" in names
    assert "#property:dl:date" in names
    assert "#class:dl:Action&property:dl:hasParticipation&class:dl:Participation" in names
    assert all(name.startswith("#") for name in names)


def test_addresses_begin_where_the_site_is(said: list[Triple]) -> None:
    assert values(said, iris.DATASET, VOID + "sparqlEndpoint") == [f"{HOME}/sparql"]
    assert values(said, iris.DATASET, VOID + "dataDump") == [f"{HOME}/dumps/diplolocal.nq.gz"]
    assert values(said, f"{HOME}/.well-known/void", "http://xmlns.com/foaf/0.1/primaryTopic") == [
        iris.DATASET
    ]


def test_what_was_not_counted_is_left_out() -> None:
    said = void.triples(None, Serving(HOME, (), {}, {}))
    assert values(said, iris.DATASET, VOID + "triples") == []
    assert values(said, iris.DATASET, VOID + "sparqlEndpoint") == [f"{HOME}/sparql"]


def test_a_store_with_nothing_in_it_has_nothing() -> None:
    counts = void.counted(EmbeddedStore([]))
    said = void.triples(counts, Serving(HOME, (), {}, {}))
    assert (counts.triples, counts.entities) == (0, 0)
    assert values(said, iris.DATASET, VOID + "triples") == ["0"]
    assert partitions(said) == {}


def partitions(said: list[Triple]) -> dict[str, tuple[str, ...]]:
    """What each partition is of: class, property, class or datatype of the value; a partition by
    property of everything begins with no class."""
    kinds = {VOID + "class": 0, VOID + "property": 1, EXT + "datatype": 2}
    above: dict[str, str] = {}
    of: dict[str, str] = {}
    for triple in said:
        prop, node = triple.predicate.value, plain(triple.object)
        if prop.endswith("Partition"):
            above[node] = plain(triple.subject)
        elif prop in kinds:
            of[plain(triple.subject)] = node
    found = {}
    for node in above:
        path: list[str] = []
        at = node
        while at != iris.DATASET:
            path.insert(0, of[at])
            at = above[at]
        is_property = "property:" in node.partition("#")[2].split("&")[0]
        found[node] = ("", *path) if is_property else tuple(path)
    return found
