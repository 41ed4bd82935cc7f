"""Do the words hold together? The ontology, asked by a reasoner and term by term, and its context.

Consistency is asked of HermiT (OWL 2 DL) over everything that is served: ontology, alignments,
vocabularies, data and what the rules derive.
"""

import gzip
import io
import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import owlready2
import pytest
from fastapi.testclient import TestClient
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from tests.conftest import REPOSITORY
from tests.content.asked import ASKED

from diplolocal.build import Build
from diplolocal.dataset import Dataset, Kind, read
from diplolocal.iris import NAMESPACE, ONTOLOGY

DL = f"{ONTOLOGY}#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
VANN = "http://purl.org/vocab/vann/"
SH = "http://www.w3.org/ns/shacl#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
DOMAIN_INCLUDES = "https://schema.org/domainIncludes"

TYPE = f"{RDF}type"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
DATATYPES = {EDTF, WKT, f"{RDF}langString"} | {
    f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth", "integer", "string")
}
PROPERTY_KINDS = {
    f"{OWL}ObjectProperty",
    f"{OWL}DatatypeProperty",
    f"{OWL}AnnotationProperty",
}
VERSION = "1.0.0"

needs_java = pytest.mark.skipif(
    shutil.which("java") is None and os.environ.get("CI") != "true",
    reason="HermiT runs on Java, and there is none on this machine",
)

Described = dict[str, dict[str, list[NamedNode | Literal]]]


@needs_java
def test_a_reasoner_finds_nothing_that_contradicts_itself(everything: list[Quad]) -> None:
    assert inconsistent_classes(everything) == []


@needs_java
@pytest.mark.parametrize(
    "contradiction",
    [
        f"<{NAMESPACE}id/x> a <{DL}Action>, <{DL}Territory> .",
        # Only what governs is an actor (rdfs:domain), and an action is none.
        f"<{NAMESPACE}id/x> a <{DL}Action> ; <{DL}governs> <{NAMESPACE}id/y> .",
        # Only a country is represented (rdfs:range), and a country is no person.
        f"<{NAMESPACE}id/x> <{DL}represents> <{NAMESPACE}id/y> .<{NAMESPACE}id/y> a <{DL}Person> .",
    ],
)
def test_a_reasoner_finds_a_thing_that_contradicts_itself(
    contradiction: str, words: list[Quad]
) -> None:
    seeded = list(parse(contradiction, format=RdfFormat.TURTLE))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        inconsistent_classes([*words, *seeded])


@needs_java
def test_a_reasoner_finds_a_mistake_among_all_the_data(everything: list[Quad]) -> None:
    mistake = parse(
        f"<{NAMESPACE}id/action/2021-01-03> <{DL}governs> <{NAMESPACE}id/place/mx-jal> .",
        format=RdfFormat.TURTLE,
    )
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        inconsistent_classes([*everything, *mistake])


@needs_java
def test_a_reasoner_finds_a_class_that_nothing_can_belong_to(words: list[Quad]) -> None:
    seeded = parse(
        f"<{DL}Impossible> a <{OWL}Class> ; <{RDFS}subClassOf> <{DL}Firm>, <{DL}Country> .",
        format=RdfFormat.TURTLE,
    )
    assert inconsistent_classes([*words, *seeded]) == [f"{DL}Impossible"]


def test_the_header_says_all_that_is_asked_of_an_ontology(ontology: Described) -> None:
    header = ontology[ONTOLOGY]
    assert values(header[TYPE]) == [f"{OWL}Ontology"]
    for text in (f"{DCTERMS}title", f"{DCTERMS}description", f"{DCTERMS}bibliographicCitation"):
        assert languages(header[text]) == ["en", "es"]
    publisher = f"{NAMESPACE}id/body/diplolocal"
    assert values(header[f"{DCTERMS}creator"]) == [publisher]
    assert values(header[f"{DCTERMS}publisher"]) == [publisher]
    assert values(header[f"{DCTERMS}license"]) == ["https://creativecommons.org/licenses/by/4.0/"]
    assert values(header[f"{VANN}preferredNamespacePrefix"]) == ["dl"]
    assert values(header[f"{VANN}preferredNamespaceUri"]) == [DL]
    (created,), (modified,) = header[f"{DCTERMS}created"], header[f"{DCTERMS}modified"]
    assert [datatype(created), datatype(modified)] == [f"{XSD}date", f"{XSD}date"]
    assert created.value <= modified.value


def test_the_version_is_the_same_wherever_it_is_said(
    ontology: Described, client: TestClient
) -> None:
    header = ontology[ONTOLOGY]
    assert values(header[f"{OWL}versionInfo"]) == [VERSION]
    assert values(header[f"{OWL}versionIRI"]) == [f"{ONTOLOGY}/{VERSION}"]
    for citation in values(header[f"{DCTERMS}bibliographicCitation"]):
        assert re.findall(r"\d+\.\d+\.\d+", citation) == [VERSION, VERSION]
    assert client.get(f"/context/{VERSION}.jsonld").json() == context()
    assert client.get("/context/v1.jsonld").json() == context()


def test_every_term_has_one_label_and_one_definition_in_each_language(ontology: Described) -> None:
    incomplete = {
        term: (languages(said[f"{RDFS}label"]), languages(said[f"{SKOS}definition"]))
        for term, said in terms(ontology).items()
        if not languages(said[f"{RDFS}label"])
        == languages(said[f"{SKOS}definition"])
        == ["en", "es"]
    }
    assert incomplete == {}


def test_every_term_is_a_class_or_one_kind_of_property_named_as_such(ontology: Described) -> None:
    wrong = {}
    for term, said in terms(ontology).items():
        kinds = set(values(said[TYPE])) - {f"{OWL}SymmetricProperty"}
        upper = term.removeprefix(DL)[0].isupper()
        if len(kinds) != 1 or not kinds <= ({f"{OWL}Class"} if upper else PROPERTY_KINDS):
            wrong[term] = kinds
    assert wrong == {}


def test_no_two_terms_have_the_same_label(ontology: Described) -> None:
    named = defaultdict(list)
    for term, said in terms(ontology).items():
        for label in said[f"{RDFS}label"]:
            # A class and a property may share a word, as Region and region do.
            named[str(label), term.removeprefix(DL)[0].isupper()].append(term)
    assert {label: sharing for label, sharing in named.items() if len(sharing) > 1} == {}


def test_domains_and_ranges_and_wider_classes_are_known_classes(ontology: Described) -> None:
    classes = {t for t, said in terms(ontology).items() if f"{OWL}Class" in values(said[TYPE])}
    unknown = []
    for term, said in terms(ontology).items():
        ties_things = f"{OWL}ObjectProperty" in values(said[TYPE])
        ranges = {*classes, f"{SKOS}Concept"} if ties_things else DATATYPES
        for predicate, allowed in (
            (f"{RDFS}domain", classes),
            (DOMAIN_INCLUDES, classes),
            (f"{RDFS}subClassOf", classes),
            (f"{OWL}disjointWith", classes),
            (f"{RDFS}range", ranges),
        ):
            unknown += [(term, predicate, v) for v in values(said[predicate]) if v not in allowed]
    assert unknown == []


def test_a_property_is_derived_by_the_rule_that_it_names_and_by_no_other(
    ontology: Described, dataset: Dataset
) -> None:
    said = {
        (term.removeprefix(DL), rule)
        for term, described in terms(ontology).items()
        for rule in values(described[f"{DL}derivedBy"])
    }
    constructed = {
        (name, rule.stem)
        for rule in dataset.rules
        for name in re.findall(
            r"\bdl:(\w+)", rule.read_text("utf-8").partition("CONSTRUCT")[2].partition("WHERE")[0]
        )
    }
    assert said == constructed


def test_every_term_of_ours_in_a_turtle_file_is_defined_in_the_ontology(
    dataset: Dataset, ontology: Described
) -> None:
    used = {
        term.value
        for quad in read(dataset.sources)
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(DL)
    }
    prefixes = {f"{DL}prefix-{prefix}" for prefix in declared_prefixes()}
    assert used - prefixes == set(terms(ontology))


def test_everything_of_ours_that_a_turtle_file_points_at_is_described(dataset: Dataset) -> None:
    statements = read(dataset.sources)
    described = {s.value for quad in statements if isinstance(s := quad.subject, NamedNode)}
    used = {
        term.value
        for quad in statements
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(NAMESPACE)
    }
    # The version, and the endpoint, which describes itself.
    assert used - described == {f"{ONTOLOGY}/{VERSION}", f"{NAMESPACE}sparql"}


def test_every_term_of_ours_in_a_valid_example_of_a_shape_is_defined(
    ontology: Described,
) -> None:
    undefined = {
        (path.relative_to(REPOSITORY / "shapes" / "examples").as_posix(), term.value)
        for path in sorted((REPOSITORY / "shapes" / "examples").rglob("valid-*.ttl"))
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode)
        and term.value.startswith(DL)
        and term.value not in terms(ontology)
        # What an example defines itself.
        and not term.value.removeprefix(DL).lower().startswith("example")
    }
    assert undefined == set()


def test_every_name_of_ours_in_a_query_is_defined(dataset: Dataset) -> None:
    defined = {s.value for q in read(dataset.sources) if isinstance(s := q.subject, NamedNode)}
    for own in (REPOSITORY / "server" / "diplolocal").glob("*.ttl"):
        found = parse(path=own, format=RdfFormat.TURTLE, base_iri=NAMESPACE)
        defined |= {s.value for q in found if isinstance(s := q.subject, NamedNode)}
    texts = {path.name: path.read_text("utf-8") for path in queries()}
    texts |= {slug: asked.text for slug, asked in ASKED.items()}
    unknown = {
        (where, name)
        for where, text in texts.items()
        for name, iri in names_in(text).items()
        if iri.startswith(NAMESPACE) and iri not in defined
    }
    assert unknown == set()


def test_the_context_has_an_entry_for_every_class_and_property(ontology: Described) -> None:
    assert {term.removeprefix(DL) for term in terms(ontology)} - set(entries()) == set()


def test_the_context_expands_every_class_to_its_iri(ontology: Described) -> None:
    classes = sorted(t for t, s in terms(ontology).items() if f"{OWL}Class" in values(s[TYPE]))
    expanded = {
        term: jsonld.expand({**context(), "@id": "x:x", "@type": term.removeprefix(DL)})
        for term in classes
    }
    assert expanded == {term: [{"@id": "x:x", "@type": [term]}] for term in classes}


def test_the_context_expands_every_property_to_its_iri_and_datatype(ontology: Described) -> None:
    properties = {
        term: said
        for term, said in terms(ontology).items()
        if f"{OWL}Class" not in values(said[TYPE]) and term.removeprefix(DL) in entries()
    }
    expanded = {}
    for term, said in properties.items():
        ranges = values(said[f"{RDFS}range"])
        given = {"en": "x"} if ranges == [f"{RDF}langString"] else "x:y"
        expanded[term] = jsonld.expand({**context(), term.removeprefix(DL): given})
    assert len(expanded) > 50
    assert expanded == {term: [{term: [expected(said)]}] for term, said in properties.items()}


def test_the_context_writes_every_prefix_as_the_house_does() -> None:
    prefixes = {
        key: value
        for key, value in entries().items()
        if isinstance(value, str) and value.startswith("http")
    }
    assert prefixes.items() <= declared_prefixes().items()


def test_every_prefix_in_a_file_is_declared_for_the_house_with_the_same_namespace() -> None:
    house = declared_prefixes()
    files = [
        path
        for room in ("ontology", "data", "shapes", "server")
        for path in sorted((REPOSITORY / room).rglob("*"))
        if path.suffix in (".ttl", ".rq")
    ]
    assert len(files) > 100
    strange = {
        (prefix, namespace)
        for path in files
        for prefix, namespace in re.findall(
            r"^(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", path.read_text("utf-8"), re.MULTILINE
        )
        if house.get(prefix) != namespace
    }
    assert strange == set()


def test_a_prefix_and_a_namespace_are_declared_once_and_listed() -> None:
    quads = list(parse(path=REPOSITORY / "ontology" / "prefixes.ttl", format=RdfFormat.TURTLE))
    declared = [q.subject.value for q in quads if q.object == NamedNode(f"{SH}PrefixDeclaration")]
    listed = [q.object.value for q in quads if q.predicate.value == f"{SH}declare"]
    namespaces = [q.object.value for q in quads if q.predicate.value == f"{SH}namespace"]
    assert sorted(listed) == sorted(declared)
    assert declared == [f"{DL}prefix-{prefix}" for prefix in declared_prefixes()]
    assert len(set(namespaces)) == len(namespaces) == len(declared)


@pytest.fixture(scope="module")
def everything(real_build: Build) -> list[Quad]:
    """All that is served, derived statements included."""
    return list(parse(gzip.decompress(real_build.store.read_bytes()), format=RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def words(dataset: Dataset) -> list[Quad]:
    """Ontology, alignments and vocabularies, without the data."""
    return read(dataset.of(Kind.ONTOLOGY, Kind.ALIGNMENT, Kind.VOCABULARY))


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> Described:
    """What diplolocal.ttl says, by subject and property."""
    described: Described = defaultdict(lambda: defaultdict(list))
    for quad in read(
        tuple(one for one in dataset.of(Kind.ONTOLOGY) if one.path.stem == "diplolocal")
    ):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        described[quad.subject.value][quad.predicate.value].append(quad.object)
    return described


def inconsistent_classes(quads: Iterable[Quad]) -> list[str]:
    """The classes that HermiT finds to be empty by definition.

    Raises OwlReadyInconsistentOntologyError where the whole contradicts itself. EDTF is a datatype
    that HermiT does not know, so it is told to leave unknown ones alone.
    """
    triples = dict.fromkeys(quad.triple for quad in quads)
    world = owlready2.World()
    world.get_ontology("http://diplolocal.test/all").load(
        fileobj=io.BytesIO(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    )
    owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    nothing = f"{OWL}Nothing"
    return sorted({str(found.iri) for found in world.inconsistent_classes()} - {nothing})


def terms(ontology: Described) -> Described:
    """The classes and properties of ours."""
    return {
        subject: said
        for subject, said in ontology.items()
        if subject.startswith(DL) and not subject.startswith(f"{DL}prefix-")
    }


def values(objects: Iterable[NamedNode | Literal]) -> list[str]:
    return [one.value for one in objects]


def languages(objects: Iterable[NamedNode | Literal]) -> list[str]:
    return sorted(one.language or "" for one in objects if isinstance(one, Literal))


def datatype(term: NamedNode | Literal) -> str:
    assert isinstance(term, Literal)
    return term.datatype.value


def expected(said: dict[str, list[NamedNode | Literal]]) -> dict[str, str]:
    """What the value of a property is, in expanded JSON-LD."""
    if f"{OWL}ObjectProperty" in values(said[TYPE]):
        return {"@id": "x:y"}
    (kind,) = values(said[f"{RDFS}range"]) or [f"{XSD}string"]
    if kind == f"{RDF}langString":
        return {"@value": "x", "@language": "en"}
    return {"@value": "x:y"} if kind == f"{XSD}string" else {"@value": "x:y", "@type": kind}


def context() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(
        (REPOSITORY / "ontology" / "context.jsonld").read_text("utf-8")
    )
    return loaded


def entries() -> dict[str, object]:
    """The terms of the context."""
    found = context()["@context"]
    assert isinstance(found, dict)
    return found


def declared_prefixes() -> dict[str, str]:
    """The prefixes of the house with their namespaces, in the order of the file."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in parse(path=REPOSITORY / "ontology" / "prefixes.ttl", format=RdfFormat.TURTLE):
        assert not isinstance(quad.object, Triple)
        found[str(quad.subject)][quad.predicate.value] = quad.object.value
    return {
        one[f"{SH}prefix"]: one[f"{SH}namespace"] for one in found.values() if f"{SH}prefix" in one
    }


def queries() -> list[Path]:
    """Every query that is a file of its own: of the ontology and of the server."""
    found = [p for room in ("ontology", "server") for p in (REPOSITORY / room).rglob("*.rq")]
    assert {path.parent.name for path in found} == {"checks", "queries", "rules"}
    return sorted(found)


def names_in(text: str) -> dict[str, str]:
    """The prefixed names of a query and the IRIs they stand for; comments and strings left out."""
    prefixes = dict(re.findall(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", text, re.MULTILINE))
    body = re.sub(r'"[^"\n]*"|<[^>\s]*>|(?<!\S)#.*', " ", text)
    return {
        f"{prefix}:{local}": prefixes[prefix] + local
        for prefix, local in re.findall(r"([A-Za-z][\w-]*):([A-Za-z0-9][\w-]*)", body)
    }
