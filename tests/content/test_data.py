"""Are the files what they should be? Each Turtle file of data/, ontology/ and shapes/ as it is.

Whether the data are true is asked in test_facts.py; whether they are well formed, by the shapes.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from tests.conftest import REPOSITORY

from diplolocal.dataset import Kind, Source, find, quads, read
from diplolocal.iris import DERIVED, NAMESPACE, ONTOLOGY

DL = f"{ONTOLOGY}#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"

SOURCES = find(REPOSITORY).sources
DATA = [s for s in SOURCES if s.path.is_relative_to(REPOSITORY / "data")]
# These name the terms of others to say something of them.
ABOUT_OTHERS = {
    "ontology/alignments/sdg.ttl",
    "ontology/borrowed.ttl",
    "ontology/diplolocal.ttl",
}
# In the sources: 705 twinnings, of two of which the municipality is not known; 103 agreements, 87
# with a date, one of which a bulletin reports.
NUMBERS = {
    "Country": 249,
    "FederalEntity": 32,
    "StateGovernment": 32,
    "Boundary": 32,
    "Municipality": 2_478,
    "MunicipalGovernment": 2_478,
    "Region": 8,
    "Bulletin": 11,
    "Action": 42 + 86,
    "Twinning": 703,
    "Membership": 37,
}
# What describes itself, and no file here does.
ANSWERED = {f"{NAMESPACE}sparql"}
# Named by a rule, from the actor and the role, or from the thing and what it is linked to.
NAMED_BY_RULE = {f"{DL}Participation", f"{DL}Link"}
CLASSES_OF_OTHERS = {
    "    a dcat:Dataset ;",
    "    a schema:PropertyValueSpecification ;",
    "    a sh:SPARQLAskExecutable ,",
    "    a sh:SPARQLConstructExecutable ,",
    "    a sh:SPARQLExecutable ,",
}
ONCE_IN_EACH_LANGUAGE = {
    f"{RDFS}comment",
    f"{RDFS}label",
    f"{SKOS}prefLabel",
    f"{SKOS}note",
    f"{SKOS}editorialNote",
    f"{DCTERMS}description",
    f"{DCTERMS}title",
    f"{DCTERMS}bibliographicCitation",
    f"{DCTERMS}rights",
    f"{DL}editorialRemark",
    f"{DL}inCapacityOf",
}


def name_of(source: Source) -> str:
    return source.path.relative_to(REPOSITORY).as_posix()


every_file = pytest.mark.parametrize("source", SOURCES, ids=name_of)
every_data_file = pytest.mark.parametrize("source", DATA, ids=name_of)


@every_file
def test_a_file_parses_and_says_something_in_its_own_graph(source: Source) -> None:
    assert {quad.graph_name for quad in quads(source)} == {NamedNode(source.graph)}
    assert source.graph.startswith(f"{NAMESPACE}graph/")
    assert source.graph != DERIVED


@every_file
def test_a_file_speaks_only_of_what_is_ours(source: Source) -> None:
    others = {s for s in subjects(source) if not s.startswith(NAMESPACE)}
    assert others == set() or name_of(source) in ABOUT_OTHERS


@every_data_file
def test_data_never_define_a_term_or_a_concept(source: Source) -> None:
    wrong = {
        subject
        for subject in subjects(source)
        if not subject.startswith(
            tuple(NAMESPACE + room for room in ("id/", "dataset", "queries/"))
        )
    }
    assert wrong == set()


@every_file
def test_a_file_has_blank_nodes_only_for_the_lists_of_shapes(source: Source) -> None:
    nodes = [q for q in quads(source) if isinstance(q.subject, BlankNode)]
    lists = {"first", "rest"}
    assert {q.predicate.value.rpartition("#")[2] for q in nodes} <= (
        lists if source.kind is Kind.SHAPES else set()
    )


@every_data_file
def test_every_reference_of_data_resolves(source: Source) -> None:
    described = {quad.subject for quad in read(SOURCES)}
    dangling = {
        (str(quad.subject), str(quad.object))
        for quad in quads(source)
        if isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(NAMESPACE)
        and quad.object.value not in ANSWERED
        and quad.object not in described
    }
    assert dangling == set()


def test_a_thing_is_described_in_one_file_only() -> None:
    homes = Counter(subject for source in DATA for subject in subjects(source))
    assert [subject for subject, count in homes.items() if count > 1] == []


@every_data_file
def test_everything_has_a_name_in_both_languages(source: Source) -> None:
    # The data set as a whole has a title instead, a query what SHACL gives it.
    naming = {f"{SKOS}prefLabel", f"{DCTERMS}title", f"{RDFS}label"}
    named = {str(q.subject) for q in quads(source) if q.predicate.value in naming}
    left_to_a_rule = {str(q.subject) for q in typed(quads(source), *NAMED_BY_RULE)}
    assert {f"<{subject}>" for subject in subjects(source)} - named - left_to_a_rule == set()
    assert one_sided(source) == []


def test_the_numbers_are_those_of_the_sources() -> None:
    counted = Counter(str(q.object) for s in DATA for q in typed(quads(s)))
    assert {kind: counted[f"<{DL}{kind}>"] for kind in NUMBERS} == NUMBERS


def test_every_municipality_that_is_described_has_its_government_and_the_other_way_round() -> None:
    said = [q for s in DATA for q in quads(s)]
    governed = {q.object for q in said if q.predicate.value == f"{DL}governs"}
    places = typed(iter(said), f"{DL}Municipality", f"{DL}FederalEntity")
    assert {q.subject for q in places} <= governed


@every_file
def test_a_file_declares_exactly_the_prefixes_that_it_uses_in_alphabetical_order(
    source: Source,
) -> None:
    declared = re.findall(r"^@prefix ([\w-]*): <[^>]*> \.$", source.text, re.MULTILINE)
    assert declared == sorted(declared)
    assert set(declared) == set(re.findall(r"(?<![\w-])([A-Za-z][\w-]*):", bare(source)))


@every_file
def test_a_file_is_written_in_the_style_of_the_house(source: Source) -> None:
    lines = source.path.read_bytes().decode().split("\n")
    assert lines[-1] == ""
    assert lines[-2] != ""
    assert lines[0].startswith("# ")
    wrong = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if "\t" in line or "\r" in line or line != line.rstrip()
    ]
    assert wrong == []
    indented = [len(line) - len(line.lstrip(" ")) for line in around_queries(source).split("\n")]
    assert [width for width in indented if width % 4] == []
    doubled = [number for number, two in enumerate(pairwise(lines), 1) if two == ("", "")]
    assert doubled == []


@every_file
def test_there_is_one_block_for_each_subject_and_blocks_are_sorted(source: Source) -> None:
    blocks = [subject for subject in written_blocks(source) if subject.startswith(NAMESPACE)]
    assert blocks == sorted(
        {subject for subject in subjects(source) if subject.startswith(NAMESPACE)},
        key=place_of_what_happened if of_happenings(source) else None,
    )


@every_data_file
def test_a_block_of_data_begins_with_its_class_and_has_english_before_spanish(
    source: Source,
) -> None:
    for block in around_queries(source).strip().split("\n\n")[1:]:
        said = [line for line in block.split("\n") if not line.startswith("#")]
        assert said[1].startswith("    a dl:") or said[1] in CLASSES_OF_OTHERS
        for statement in re.split(r" [;.]$", block, flags=re.MULTILINE):
            tags = re.findall(r'"@(\w+)(?: ,)?$', statement, re.MULTILINE)
            assert tags == sorted(tags), statement


def subjects(source: Source) -> set[str]:
    return {q.subject.value for q in quads(source) if isinstance(q.subject, NamedNode)}


def typed(statements: Iterator[Quad], *classes: str) -> list[Quad]:
    """The statements that give a class, or one of these classes."""
    return [
        quad
        for quad in statements
        if quad.predicate.value == TYPE
        and isinstance(quad.object, NamedNode)
        and (not classes or quad.object.value in classes)
    ]


def one_sided(source: Source) -> list[tuple[str, str]]:
    """Subjects and properties whose texts are not exactly one in English and one in Spanish."""
    told: dict[tuple[str, str], list[str]] = {}
    for quad in quads(source):
        if quad.predicate.value in ONCE_IN_EACH_LANGUAGE:
            assert isinstance(quad.object, Literal)
            key = (str(quad.subject), quad.predicate.value)
            told.setdefault(key, []).append(quad.object.language or "")
    return [key for key, languages in told.items() if sorted(languages) != ["en", "es"]]


def around_queries(source: Source) -> str:
    """The text of a file without its texts of several lines: those are queries, and not Turtle."""
    return re.sub(r'""".*?"""', '""', source.text, flags=re.DOTALL)


def bare(source: Source) -> str:
    """The text without prefix lines, comments, strings and IRIs."""
    text = re.sub(r"^@prefix.*$", "", around_queries(source), flags=re.MULTILINE)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|<[^>\s]*>|^\s*#.*$', " ", text, flags=re.MULTILINE)


def written_blocks(source: Source) -> list[str]:
    """The subjects that stand alone at the left margin, in the order of the file."""
    prefixes = dict(re.findall(r"^@prefix ([\w-]*): <([^>]*)>", source.text, re.MULTILINE))
    return [
        iri or prefixes[prefix] + local
        for iri, prefix, local in re.findall(
            r"^(?:<([^>\s]*)>|([\w-]+):([\w.-]+))$", around_queries(source), re.MULTILINE
        )
    ]


def of_happenings(source: Source) -> bool:
    return source.kind is Kind.BULLETIN or source.path.stem == "agreements"


def place_of_what_happened(iri: str) -> tuple[str, int, int]:
    """First the bulletin; then each action, those that took part, those that are not named; then
    what belongs to no action.
    """
    kind, key = iri.removeprefix(f"{NAMESPACE}id/").split("/")
    order = ["bulletin", "action", "participation", "unnamed"]
    if kind not in order:
        return f"~{iri}", 0, 0
    action, _, part = key.rpartition("-") if kind in order[2:] else (key, "", "0")
    return re.sub(r"\d+", lambda n: n[0].zfill(9), action), order.index(kind), int(part)
