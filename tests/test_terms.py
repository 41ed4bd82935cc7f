"""The terms of the ontology as the graph has them, and the records that show their use."""

from collections.abc import Mapping

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from diplolocal import terms
from diplolocal.embedded import EmbeddedStore
from diplolocal.terms import Alignment, Definition, Kind
from diplolocal.wording import Language

DL = "https://w3id.org/diplolocal/def#"
ID = "https://w3id.org/diplolocal/id/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RETIRED = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

dl:old a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:label "old"@en , "viejo"@es ;
    skos:definition "What was."@en , "Lo que fue."@es ; owl:inverseOf dl:older ;
    rdfs:subPropertyOf dl:new ; owl:deprecated true ; dcterms:isReplacedBy dl:new ;
    skos:changeNote "2027: too narrow."@en ; rdfs:isDefinedBy <https://w3id.org/diplolocal/def> .
dl:new a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/diplolocal/def> .
dl:prefix-x rdfs:isDefinedBy <https://w3id.org/diplolocal/def> .
"""
HISTORY = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix data: <https://w3id.org/diplolocal/dataset/> .
@prefix def: <https://w3id.org/diplolocal/def/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/diplolocal/def?version=1.0.0> {
  <https://w3id.org/diplolocal/def> owl:versionIRI def:1.0.0 }
<https://w3id.org/diplolocal/def?version=1.0.1> {
  <https://w3id.org/diplolocal/def> owl:versionIRI def:1.0.0 }
<https://w3id.org/diplolocal/def?version=1.1.0> {
  <https://w3id.org/diplolocal/def> owl:versionIRI def:1.1.0 }
data:1.1.0 { <https://w3id.org/diplolocal/def?version=1.1.0> dcterms:isPartOf data:1.1.0 .
  data:1.1.0 dcterms:issued "2027-03-01T00:00:00Z"^^xsd:dateTime }
data:1.0.1 { <https://w3id.org/diplolocal/def?version=1.0.1> dcterms:isPartOf data:1.0.1 .
  data:1.0.1 dcterms:issued "2027-02-01T00:00:00Z"^^xsd:dateTime }
data:1.0.0 { <https://w3id.org/diplolocal/def?version=1.0.0> dcterms:isPartOf data:1.0.0 .
  data:1.0.0 dcterms:issued "2027-01-01T00:00:00Z"^^xsd:dateTime }
"""


@pytest.fixture(scope="module")
def known(store: EmbeddedStore) -> Mapping[str, Definition]:
    """The real terms, by name."""
    return {term.name: term for term in terms.read(store).values()}


def test_a_class_says_what_it_means_and_where_it_stands(known: Mapping[str, Definition]) -> None:
    state = known["StateGovernment"]
    assert (state.kind, state.iri) == (Kind.CLASS, f"{DL}StateGovernment")
    assert state.label == {Language.EN: "State government", Language.ES: "Gobierno estatal"}
    assert state.meaning[Language.ES].endswith(".")
    assert state.broader == (f"{DL}MexicanActor",)
    assert f"{DL}Person" in known["Actor"].disjoint


def test_a_property_says_of_what_it_is_said_and_what_its_values_are(
    known: Mapping[str, Definition],
) -> None:
    assert (known["date"].kind, known["date"].domains) == (Kind.DATATYPE, (f"{DL}Action",))
    assert known["date"].ranges == ("http://id.loc.gov/datatypes/edtf/EDTF",)
    assert known["reportedIn"].domains == (f"{DL}Action", f"{DL}Instrument", f"{DL}Relation")
    assert (known["region"].order, known["derivedBy"].kind) == (4, Kind.ANNOTATION)
    assert (known["territory"].rule, known["region"].rule) == ("territory", None)
    assert known["twinnedWith"].traits == ("http://www.w3.org/2002/07/owl#SymmetricProperty",)


def test_a_term_names_those_of_others_that_it_is_aligned_with(
    known: Mapping[str, Definition],
) -> None:
    assert known["Country"].alignments == (
        Alignment(f"{RDFS}subClassOf", "https://schema.org/Country"),
        Alignment(
            "http://www.w3.org/2004/02/skos/core#closeMatch",
            "http://www.wikidata.org/entity/Q6256",
        ),
        Alignment(
            "http://www.w3.org/2004/02/skos/core#narrowMatch",
            "http://www.wikidata.org/entity/Q3624078",
        ),
    )


def test_what_is_above_a_class_is_told_from_near_to_far(store: EmbeddedStore) -> None:
    known = terms.read(store)
    assert terms.above(known, f"{DL}StateGovernment") == (
        f"{DL}StateGovernment",
        f"{DL}MexicanActor",
        f"{DL}Actor",
    )
    assert terms.narrower(known, f"{DL}Publication") == (f"{DL}Bulletin", f"{DL}Source")
    assert terms.narrower(known, f"{DL}Person") == ()


def test_a_retired_term_is_read_with_its_successor_and_its_note() -> None:
    graph = NamedNode("https://w3id.org/diplolocal/graph/ontology/diplolocal")
    store = EmbeddedStore(
        Quad(each.subject, each.predicate, each.object, graph)
        for each in parse(RETIRED.encode(), format=RdfFormat.TURTLE)
    )
    known = terms.read(store)
    assert list(known) == [f"{DL}new", f"{DL}old"]
    old = known[f"{DL}old"]
    assert (old.is_deprecated, old.successors, old.inverses) == (
        True,
        (f"{DL}new",),
        (f"{DL}older",),
    )
    assert [note.value for note in old.notes] == ["2027: too narrow."]
    assert terms.narrower(known, f"{DL}new") == (f"{DL}old",)


def test_things_are_counted_with_those_of_narrower_classes(store: EmbeddedStore) -> None:
    things = terms.instances(store)
    states, mexican = things[f"{DL}StateGovernment"], things[f"{DL}MexicanActor"]
    assert (states, things[f"{DL}FederalEntity"]) == (32, 32)
    assert mexican > states + things[f"{DL}MunicipalGovernment"]
    assert f"{DL}StateEnterprise" not in things


def test_a_record_is_told_class_and_name_first_and_what_is_derived_is_marked(
    store: EmbeddedStore,
) -> None:
    thing = f"{ID}action/2021-01-03"
    [facts] = terms.records(store, [thing]).values()
    names = [fact.property.rpartition("#")[2] for fact in facts]
    assert names[0] == "type"
    assert names.index("prefLabel") < names.index("date") < names.index("confidence")
    counterparts = [fact for fact in facts if fact.property == f"{DL}counterpart"]
    dates = [fact for fact in facts if fact.property == f"{DL}date"]
    assert [fact.is_derived for fact in counterparts] == [True]
    assert [(fact.is_derived, fact.value) for fact in dates] == [
        (
            False,
            Literal("2021-01", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
        )
    ]
    assert terms.records(store, []) == {}


def test_every_class_that_has_things_has_one_as_its_example(
    store: EmbeddedStore, known: Mapping[str, Definition]
) -> None:
    things = terms.instances(store)
    examples = {
        term.iri: term.examples
        for term in known.values()
        if term.kind is Kind.CLASS and term.iri in things
    }
    records = terms.records(store, (thing for some in examples.values() for thing in some))
    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    for name, some in examples.items():
        classes = [fact.value for fact in records[some[0]] if fact.property == rdf_type]
        assert NamedNode(name) in classes, f"{some} is no example of {name}"


def test_a_version_of_the_ontology_is_the_last_that_a_release_recorded() -> None:
    member = "https://w3id.org/diplolocal/def?version="
    assert terms.versions(EmbeddedStore(parse(HISTORY.encode(), format=RdfFormat.TRIG))) == {
        "https://w3id.org/diplolocal/def/1.0.0": f"{member}1.0.1",
        "https://w3id.org/diplolocal/def/1.1.0": f"{member}1.1.0",
    }
