"""Example queries as they are read from the graph, over those of `examples.trig`."""

import pytest
from pyoxigraph import Literal, NamedNode

from diplolocal import examples, iris
from diplolocal.dataset import Dataset, Kind, quads
from diplolocal.embedded import EmbeddedStore
from diplolocal.examples import Example
from diplolocal.not_found import ExampleNotFound
from diplolocal.store import Store, select
from diplolocal.wording import Language

XSD = "http://www.w3.org/2001/XMLSchema#"
JALISCO = NamedNode(iris.thing("place/mx-jal"))
COLIMA = NamedNode(iris.thing("place/mx-col"))


def test_an_example_has_its_title_explanation_kind_text_and_parameters(
    exemplified: EmbeddedStore,
) -> None:
    example = examples.read(exemplified)["towns-of-a-state"]
    assert example.iri == "https://w3id.org/diplolocal/queries/towns-of-a-state"
    assert example.kind is examples.Kind.TABLE
    assert example.title == {"en": "Towns of a state", "es": "Ciudades de un estado"}
    assert example.explanation[Language.ES] == "¿Qué ciudades tiene un estado? Todas."
    assert example.keywords == {"en": ("places",), "es": ("lugares",)}
    assert example.text.startswith("PREFIX dl: <https://w3id.org/diplolocal/def#>\nPREFIX place:")
    assert [parameter.name for parameter in example.parameters] == ["state", "language"]
    state, language = example.parameters
    assert (state.label[Language.ES], state.default, state.of_class, state.options) == (
        "Estado",
        JALISCO,
        "https://w3id.org/diplolocal/def#FederalEntity",
        (),
    )
    assert (language.default, language.datatype, language.options) == (
        Literal("en"),
        f"{XSD}string",
        ("en", "es"),
    )


def test_the_three_kinds_of_query_are_told_apart(exemplified: EmbeddedStore) -> None:
    found = examples.read(exemplified)
    assert {slug: example.kind.name for slug, example in found.items()} == {
        "a-theme-as-a-graph": "GRAPH",
        "actions-of-a-month": "TABLE",
        "codes": "TABLE",
        "elsewhere": "TABLE",
        "is-it-called-so": "TRUTH",
        "many": "TABLE",
        "towns-of-a-state": "TABLE",
    }


def test_every_real_example_is_read_and_its_parameters_stand_in_its_text(
    dataset: Dataset,
) -> None:
    store = EmbeddedStore(quad for source in dataset.of(Kind.QUERIES) for quad in quads(source))
    found = examples.read(store)
    rows = select(
        store,
        "SELECT ?example { ?example a <http://www.w3.org/ns/shacl#SPARQLExecutable> }",
    )
    assert len(found) == len(rows) >= 40
    for example in found.values():
        values = {parameter.name: parameter.default for parameter in example.parameters}
        assert all(example.title.values())
        assert all(example.explanation.values())
        assert examples.bound(example, values)  # raises KeyError without a block to bind


def test_the_graph_of_an_example_is_the_example_and_its_parameters(
    exemplified: EmbeddedStore,
) -> None:
    iri = "https://w3id.org/diplolocal/queries/towns-of-a-state"
    found = examples.triples(exemplified, iri)
    assert {str(triple.subject) for triple in found} == {
        f"<{iri}>",
        f"<{iri}#language>",
        f"<{iri}#state>",
    }
    assert len(found) == 24
    assert set(found) < set(examples.triples(exemplified))


def test_keywords_of_two_languages_are_one_where_they_stand_at_the_same_examples(
    exemplified: EmbeddedStore,
) -> None:
    groups = examples.groups(examples.read(exemplified).values())
    assert [(dict(group.keyword), [one.slug for one in group.examples]) for group in groups] == [
        ({"es": "códigos", "en": "codes"}, ["codes", "many"]),
        ({"es": "federada", "en": "federated"}, ["elsewhere"]),
        ({"es": "grafos", "en": "graphs"}, ["a-theme-as-a-graph"]),
        ({"es": "lugares", "en": "places"}, ["actions-of-a-month", "towns-of-a-state"]),
        ({"es": "tiempo", "en": "time"}, ["actions-of-a-month"]),
        ({"es": "sí o no", "en": "yes or no"}, ["is-it-called-so"]),
    ]


def test_each_example_is_once_in_the_largest_of_its_groups(exemplified: EmbeddedStore) -> None:
    groups = examples.once(examples.groups(examples.read(exemplified).values()))
    assert [(group.keyword[Language.EN], len(group.examples)) for group in groups] == [
        ("codes", 2),
        ("places", 2),
        ("federated", 1),
        ("graphs", 1),
        ("yes or no", 1),
    ]


def test_an_unknown_example_is_not_found_and_those_alike_are_named(
    exemplified: EmbeddedStore,
) -> None:
    known = examples.read(exemplified)
    with pytest.raises(ExampleNotFound, match="Perhaps you mean: towns-of-a-state,"):
        examples.find(known, "town-of-a-state")
    with pytest.raises(ExampleNotFound, match=r"no example query xyzzy\. All of them: /queries"):
        examples.find(known, "xyzzy")


def test_a_value_takes_the_place_of_the_one_in_the_text(exemplified: EmbeddedStore) -> None:
    example = of(exemplified, "towns-of-a-state")
    bound = examples.bound(example, {"state": COLIMA})
    assert "VALUES ?state { <https://w3id.org/diplolocal/id/place/mx-col> }" in bound
    assert 'VALUES ?language { "en" }' in bound
    assert examples.bound(example, {}) == example.text


def of(store: Store, slug: str) -> Example:
    return examples.read(store)[slug]
