"""What the reference of the ontology says of each term."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from diplolocal import entries
from diplolocal.embedded import EmbeddedStore
from diplolocal.entries import Reference
from diplolocal.terms import Fact
from diplolocal.web.parts import Parts

DL = "https://w3id.org/diplolocal/def#"
ID = "https://w3id.org/diplolocal/id/"


@pytest.fixture(scope="module")
def reference(store: EmbeddedStore, parts: Parts) -> Reference:
    """The reference of the real ontology."""
    return entries.read(store, parts.shapes, parts.prefixes)


def test_every_term_has_an_entry(reference: Reference) -> None:
    entered = {*reference.classes, *reference.properties}
    assert entered == set(reference.terms)
    assert (len(reference.classes) > 40, len(reference.properties) > 60) == (True, True)


def test_a_class_shows_a_record_as_turtle_that_can_be_read(
    reference: Reference, parts: Parts
) -> None:
    sample = reference.classes[f"{DL}Action"].sample
    assert sample is not None
    assert sample.thing == f"{ID}action/2021-01-03"
    assert sample.turtle.startswith("action:2021-01-03 a dl:Action ;\n    skos:prefLabel ")
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in parts.prefixes.items())
    for entry in reference.classes.values():
        if entry.sample:
            quads = list(parse((head + entry.sample.turtle).encode(), format=RdfFormat.TURTLE))
            assert {quad.subject for quad in quads} == {NamedNode(entry.sample.thing)}
            assert len(entry.sample.turtle) < 2000


def test_a_long_text_of_a_record_is_cut_at_a_word(parts: Parts) -> None:
    text = "palabra " * 40
    facts = [
        Fact(f"{DL}seat", Literal(text, language="es"), False),
        Fact(f"{DL}point", Literal(text, datatype=NamedNode(f"{DL}text")), False),
        Fact(f"{DL}query", Literal("short"), False),
    ]
    written = entries.turtle(f"{ID}place/x", facts, parts.prefixes)
    assert re.findall(r'"(.*)"(\S*)', written)[0] == ("palabra " * 15 + "…", "@es")
    assert re.findall(r'"(.*)"(\S*)', written)[1:] == [
        ("palabra " * 15 + "…", "^^dl:text"),
        ("short", ""),
    ]


def test_a_class_without_a_record_has_none(reference: Reference) -> None:
    entry = reference.classes[f"{DL}StateEnterprise"]
    assert (entry.things, entry.sample) == (0, None)


def test_what_several_shapes_ask_of_a_property_is_one_line(reference: Reference) -> None:
    asked = {each.property: each for each in reference.classes[f"{DL}Action"].constraints}
    counts = {name.rpartition("#")[2]: (each.least, each.most) for name, each in asked.items()}
    assert counts["date"] == (1, 1)
    assert len(asked[f"{DL}date"].shapes) == 2
    assert counts["actionType"] == (1, 3)
    assert counts["reportedIn"] == (1, None)
    assert counts["prefLabel"] == (2, 2)
    assert counts["mode"] == (0, None)


def test_a_narrower_class_names_those_above_that_ask_more(reference: Reference) -> None:
    assert reference.classes[f"{DL}StateGovernment"].asked_above == (f"{DL}Actor",)
    assert reference.classes[f"{DL}Action"].asked_above == ()


def test_disjointness_holds_both_ways(reference: Reference) -> None:
    assert f"{DL}Action" in reference.classes[f"{DL}Person"].disjoint
    assert f"{DL}Person" in reference.classes[f"{DL}Action"].disjoint


def test_the_queries_of_a_class_name_it_or_a_property_of_its_own(reference: Reference) -> None:
    for entry in reference.classes.values():
        own = [
            each.term.name
            for each in reference.properties.values()
            if each.term.domains == (entry.term.iri,)
        ]
        names = "|".join([entry.term.name, *own])
        for query in entry.queries:
            assert re.search(rf"\bdl:({names})\b", query.text)
    assert [query.slug for query in reference.classes[f"{DL}OpenQuestion"].queries] == [
        "open-questions"
    ]
    assert reference.classes[f"{DL}Person"].queries == ()


def test_the_things_of_a_class_can_always_be_asked_for(
    reference: Reference, store: EmbeddedStore
) -> None:
    listing = reference.classes[f"{DL}Person"].listing
    assert f"VALUES ?class {{ <{DL}Person> }}" in listing
    assert listing.startswith("PREFIX skos:")


def test_a_property_says_whose_shapes_name_it_and_shows_a_value(reference: Reference) -> None:
    actor = reference.properties[f"{DL}actor"]
    assert actor.used_in == (f"{DL}Participation",)
    assert actor.sample is not None
    assert isinstance(actor.sample.value, NamedNode)
    unused = {each.term.name for each in reference.properties.values() if each.sample is None}
    assert unused == {"derivedBy", "partOfAction", "until"}
