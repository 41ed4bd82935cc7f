"""Things in the words of schema.org: what is said, and that nothing else is."""

import json
from collections.abc import Mapping

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tests.schema_org_context import expanded

from diplolocal import catalog, iris, schema_org
from diplolocal.catalog import Download, Edition
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select
from diplolocal.wording import LANGUAGES, Language

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ACTION, PAGE = iris.thing("action/2021-01-01"), iris.document_of(iris.thing("action/2021-01-01"))
TURTLE = """
@prefix action: <https://w3id.org/diplolocal/id/action/> .
@prefix bulletin: <https://w3id.org/diplolocal/id/bulletin/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix government: <https://w3id.org/diplolocal/id/government/> .
@prefix mode: <https://w3id.org/diplolocal/vocab/mode/> .
@prefix participation: <https://w3id.org/diplolocal/id/participation/> .
@prefix person: <https://w3id.org/diplolocal/id/person/> .
@prefix role: <https://w3id.org/diplolocal/vocab/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/diplolocal/vocab/status/> .

action:2021-01-01 a dl:Action ; skos:prefLabel "A </script><!-- meeting"@en ;
    dcterms:description "They met."@en ; dl:date "DATE"^^edtf:EDTF ; dl:status status:STATUS ;
    dl:mode mode:in-person ; dl:reportedIn bulletin:2021-01 ;
    dl:hasParticipation participation:1 , participation:2 , participation:3 .
participation:1 dl:actor government:host ; dl:role role:organiser ; dl:representedBy person:ana .
participation:2 dl:actor government:guest ; dl:role role:visitor ; dl:representedBy person:li .
participation:3 dl:actor government:other ; dl:role role:counterpart .
government:host a dl:StateGovernment ; skos:prefLabel "The host"@en .
bulletin:2021-01 a dl:Bulletin ; dcterms:bibliographicCitation "CEDL (2021). January."@en .
"""
WIDER = {
    "AdministrativeArea": "Place",
    "CollegeOrUniversity": "Organization",
    "Corporation": "Organization",
    "GovernmentOrganization": "Organization",
    "State": "AdministrativeArea",
}
"""The class above, of the classes that schema.org has below one that we name."""


def made(date: str = "2021-01-14", status: str = "occurred") -> EmbeddedStore:
    text = TURTLE.replace("DATE", date).replace("STATUS", status)
    return EmbeddedStore(parse(text, format=RdfFormat.TURTLE))


def of(found: list[Triple], subject: str, name: str) -> set[str]:
    """The values of a property of schema.org."""
    return {
        plain(triple.object)
        for triple in found
        if plain(triple.subject) == subject
        and triple.predicate.value == (TYPE if name == "a" else schema_org.CONTEXT + name)
    }


@pytest.fixture(scope="module")
def one_of_each(store: EmbeddedStore) -> Mapping[str, str]:
    """A thing of each class, and a concept and a scheme."""
    rows = select(
        store,
        """SELECT ?class (MIN(?each) AS ?thing) WHERE {
            GRAPH ?graph { ?each a ?class }
            FILTER(?graph != <https://w3id.org/diplolocal/graph/derived>)
            FILTER(STRSTARTS(STR(?each), "https://w3id.org/diplolocal/id/")
                || STRSTARTS(STR(?each), "https://w3id.org/diplolocal/vocab/"))
        } GROUP BY ?class""",
    )
    return {plain(row["class"]): plain(row["thing"]) for row in rows}


def test_an_action_is_an_event_with_each_part_as_its_role_says() -> None:
    found = schema_org.triples(made(), ACTION)
    assert of(found, ACTION, "a") == {schema_org.CONTEXT + "Event"}
    assert of(found, ACTION, "organizer") == {iris.thing("government/host")}
    assert of(found, ACTION, "attendee") == {
        iris.thing("government/guest"),
        iris.thing("person/li"),
    }
    # Who stands for the organiser is not the organiser, and was perhaps not there.
    assert of(found, ACTION, "about") == {
        iris.thing("government/other"),
        iris.thing("person/ana"),
    }
    assert of(found, iris.thing("government/host"), "name") == {"The host"}
    attendance = schema_org.CONTEXT + "OfflineEventAttendanceMode"
    assert of(found, ACTION, "eventAttendanceMode") == {attendance}


def test_the_page_of_an_action_names_the_bulletin_that_it_rests_on() -> None:
    found = schema_org.triples(made(), ACTION)
    bulletin = iris.thing("bulletin/2021-01")
    assert of(found, ACTION, "subjectOf") == {bulletin}
    assert of(found, ACTION, "mainEntityOfPage") == {PAGE}
    assert of(found, PAGE, "isBasedOn") == {bulletin}
    assert of(found, PAGE, "citation") == {"CEDL (2021). January."}
    assert of(found, PAGE, "license") == {"https://creativecommons.org/licenses/by/4.0/"}
    assert of(found, PAGE, "isPartOf") == {iris.DATASET}


def test_an_old_version_is_on_its_own_page() -> None:
    member = iris.member(ACTION, "1.0.0")
    found = schema_org.triples(made(), ACTION, document=member)
    assert of(found, ACTION, "mainEntityOfPage") == {member}
    assert not of(found, PAGE, "isPartOf")


@pytest.mark.parametrize("date", ["2021", "2021-01", "2021-01-14"])
def test_a_certain_and_single_date_begins_the_event(date: str) -> None:
    found = schema_org.triples(made(date), ACTION)
    [begins] = [each for each in found if each.predicate.value.endswith("/startDate")]
    assert begins.object == Literal(date, datatype=NamedNode(schema_org.CONTEXT + "Date"))


@pytest.mark.parametrize("date", ["2021-01~", "2021?", "2021-01/2021-03", "202X", "2021-21", "../"])
def test_no_other_date_does(date: str) -> None:
    assert not of(schema_org.triples(made(date), ACTION), ACTION, "startDate")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("occurred", set()),
        ("announced", set()),
        ("cancelled", {"https://schema.org/EventCancelled"}),
    ],
)
def test_only_a_status_that_means_the_same_is_said(status: str, said: set[str]) -> None:
    assert of(schema_org.triples(made(status=status), ACTION), ACTION, "eventStatus") == said


def test_a_script_ends_where_it_should_whatever_the_data_say() -> None:
    found = schema_org.triples(made(), ACTION)
    script = schema_org.script(found, ACTION)
    assert "<" not in script
    [name] = [json.loads(script)["name"]]
    assert name == {"@language": "en", "@value": "A </script><!-- meeting"}


def test_the_same_is_written_the_same() -> None:
    once, again = (schema_org.triples(made(), ACTION) for _ in range(2))
    assert once == again
    assert schema_org.script(once, ACTION) == schema_org.script(again, ACTION)


@pytest.mark.parametrize(
    "iri",
    [
        iris.thing("action/1999-01-01"),
        iris.thing("participation/1"),
        iris.thing("a<b"),
        iris.ONTOLOGY,
        "http://www.wikidata.org/entity/Q1",
        "no IRI",
    ],
)
def test_of_what_schema_org_has_no_words_for_nothing_is_said(iri: str) -> None:
    found = schema_org.triples(made(), iri)
    assert found == []
    assert schema_org.script(found, iri) == ""


def test_what_is_described_is_known_from_the_iri(
    store: EmbeddedStore, one_of_each: Mapping[str, str]
) -> None:
    for iri in one_of_each.values():
        assert schema_org.has(iri) == bool(schema_org.triples(store, iri)), iri


def test_a_thing_of_any_class_is_the_same_graph_for_pyld(
    store: EmbeddedStore, one_of_each: Mapping[str, str]
) -> None:
    described = [iri for iri in one_of_each.values() if schema_org.has(iri)]
    assert len(described) >= 30
    for iri in described:
        found = schema_org.triples(store, iri)
        assert expanded(schema_org.document(found, iri)) == set(found), iri
        assert of(found, iri, "name"), iri


def test_nothing_is_in_other_words_than_those_of_schema_org(
    store: EmbeddedStore, one_of_each: Mapping[str, str]
) -> None:
    for iri in one_of_each.values():
        for triple in schema_org.triples(store, iri):
            assert triple.predicate.value.startswith((schema_org.CONTEXT, TYPE)), triple


def test_the_classes_are_those_of_the_alignment_or_below(
    store: EmbeddedStore, one_of_each: Mapping[str, str]
) -> None:
    for iri in one_of_each.values():
        said = of(schema_org.triples(store, iri), iri, "a")
        rows = select(store, f"SELECT ?type WHERE {{ <{iri}> a ?type }}")
        types = {plain(row["type"]) for row in rows}
        aligned = {each for each in types if each.startswith(schema_org.CONTEXT)}
        names = {each.removeprefix(schema_org.CONTEXT) for each in said}
        above = {schema_org.CONTEXT + WIDER.get(name, name) for name in names}
        if aligned and said:
            assert aligned & (said | above), (iri, said, aligned)


def test_the_dates_of_actions_are_those_that_the_rule_derives(store: EmbeddedStore) -> None:
    rows = select(
        store,
        """SELECT ?action ?date WHERE {
            ?action a <https://w3id.org/diplolocal/def#Action>
            OPTIONAL { ?action <https://schema.org/startDate> ?date }
        }""",
    )
    assert len(rows) > 100
    for row in rows[::7]:
        iri = plain(row["action"])
        derived = {plain(row["date"])} if "date" in row else set()
        assert of(schema_org.triples(store, iri), iri, "startDate") == derived, iri


def test_a_state_has_its_codes_and_its_place(store: EmbeddedStore) -> None:
    jalisco = iris.thing("place/mx-jal")
    document = json.loads(schema_org.document(schema_org.triples(store, jalisco), jalisco))
    codes = {each["propertyID"]: each["value"] for each in document["identifier"]}
    assert codes == {"INEGI": "14", "ISO 3166": "MX-JAL"}
    assert document["geo"]["@type"] == "GeoCoordinates"
    assert document["sameAs"][0] == "http://www.wikidata.org/entity/Q13160"
    assert [each["@type"] for each in document["containedInPlace"]] == ["Country", "Place"]


def test_the_data_set_is_described_as_search_engines_ask(store: EmbeddedStore) -> None:
    title = {language: "All" for language in LANGUAGES}
    dump = Download(
        name="diplolocal.nq.gz",
        address="https://example.mx/dumps/diplolocal.nq.gz",
        title=title,
        media_type="application/n-quads",
        label="N-Quads",
        compressed=True,
        bytes=123,
        sha256="ab" * 32,
    )
    record = catalog.record(store, Edition("https://example.mx", [dump], "1.0.0+abc"))
    found = schema_org.dataset(record)
    text = schema_org.document(found, iris.DATASET)
    assert expanded(text) == set(found)
    document = json.loads(text)
    assert document["@type"] == "Dataset"
    assert document["version"] == "1.0.0+abc"
    assert document["url"] == "https://example.mx/dataset"
    assert document["isAccessibleForFree"] is True
    assert document["inLanguage"] == ["en", "es"]
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    for description in document["description"]:
        assert 50 <= len(description["@value"]) <= 5000
    months = select(store, "SELECT ?m { ?b <https://w3id.org/diplolocal/def#month> ?m }")
    covered = sorted(plain(row["m"]) for row in months)
    assert document["temporalCoverage"] == f"{covered[0]}/{covered[-1]}"
    assert document["spatialCoverage"]["@type"] == "Country"
    assert document["includedInDataCatalog"]["@type"] == "DataCatalog"
    assert document["creator"]["@type"] == document["publisher"].get("@type", "Organization")
    [download] = [document["distribution"]]
    assert download["contentUrl"] == dump.address
    assert download["encodingFormat"] == ["application/gzip", "application/n-quads"]
    assert (download["contentSize"], download["sha256"]) == ("123 B", dump.sha256)
    template = document["potentialAction"]["target"]["urlTemplate"]
    assert template == "https://example.mx/sparql{?query}"


def test_any_other_page_belongs_to_the_data_set() -> None:
    script = schema_org.web_page("https://example.mx/a?b=</script>", "Ñ <b>", Language.ES)
    assert "<" not in script
    page = json.loads(script)
    assert page["@id"] == "https://example.mx/a?b=</script>"
    assert page["name"] == {"@language": "es", "@value": "Ñ <b>"}
    assert page["isPartOf"] == {"@id": iris.DATASET}
