"""Do the shapes and checks find what they are there to find, and nothing else?

Each file of `shapes/examples/` is put beside the real data as a bulletin of January 2099. Many are
examined at once, those that do not speak of each other's subjects, so no finding can be another's.
Both engines are asked: the everyday one and the reference must say the same of every example.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from tests.conftest import REPOSITORY

from diplolocal import iris
from diplolocal.dataset import Dataset, Kind, Source, read
from diplolocal.embedded import EmbeddedStore
from diplolocal.findings import Finding
from diplolocal.shacl import Engine
from diplolocal.store import Store, select
from diplolocal.validation import examine

EXAMPLES = REPOSITORY / "shapes" / "examples"
BULLETIN = NamedNode(iris.graph("bulletin", "2099-01"))
SHAPES = iris.NAMESPACE + "shapes#"
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = f"PREFIX dl: <{iris.ONTOLOGY}#> PREFIX rdf: <{RDF}> PREFIX sh: <{SH}>"
CODES = {f"{iris.ONTOLOGY}#{name}" for name in ("inegiCode", "isoCode", "isoAlpha3")}
TARGETS = "(sh:targetClass|sh:targetNode|sh:targetSubjectsOf|sh:targetObjectsOf)"

WHAT_TO_DO = {
    "en": "Write|Choose|Remove|Correct|Add|Describe|Say|Move|Leave|Keep|Use|Begin|Look at it again"
    "|Exactly one action must point to it",
    "es": "Escriba|Escríbala|Elija|Quite|Quítela|Corrija|Corríjala|Agregue|Descríbalo|Diga|Mueva"
    "|Deje|Déjelo|Use|Úselo|Empiece|Revísela|Exactamente una acción debe apuntarle",
}
"""How the sentence begins that says what to do; in Spanish the reader is addressed as usted."""

TOLD_TU = re.compile(
    r"(?:^|[.;:] |, [ou] |\by )(?:Escr[ií]be|Elige|Qu[ií]ta|Corr[ií]ge|Agrega|Descr[ií]be|Dilo|Di\b"
    r"|Mueve|D[eé]ja|Usa|[ÚU]sal|Empieza|Rev[ií]sa|Busca|Om[ií]te|Pon\b|N[oó]mbra|Define|Da\b)\w*",
    re.IGNORECASE,
)

Examined = Callable[["Example"], list[Finding]]


@dataclass(frozen=True, slots=True)
class Example:
    """A file of examples: what it says, of whom, whom else it mentions, which codes it gives."""

    name: str
    statements: tuple[Quad, ...]
    subjects: frozenset[str]
    mentioned: frozenset[str]
    codes: frozenset[str]

    def minds(self, other: "Example") -> bool:
        """Whether one of them speaks of what the other describes, or both give the same code."""
        return bool(
            self.subjects & other.mentioned
            or other.subjects & self.mentioned
            or self.codes & other.codes
        )


NAMES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.ttl"))
VALID = [name for name in NAMES if Path(name).name.startswith("valid-")]
INVALID = [name for name in NAMES if Path(name).name.startswith("invalid-")]


@pytest.mark.parametrize("name", VALID)
def test_a_valid_example_has_no_finding(
    name: str, examples: dict[str, Example], examined: Examined
) -> None:
    assert short(about(examples[name], examined)) == set()


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_example_fails_by_the_rule_it_names_and_by_no_other(
    name: str, examples: dict[str, Example], examined: Examined
) -> None:
    found = about(examples[name], examined)
    assert {one.rule for one in found} == {rule_named_by(name)}, short(found)


def test_no_example_makes_anything_else_look_wrong(
    groups: list[list[Example]], examined: Examined
) -> None:
    for group in groups:
        subjects = frozenset[str]().union(*(one.subjects for one in group))
        assert short(one for one in examined(group[0]) if one.node not in subjects) == set()


def test_every_example_is_called_valid_or_invalid() -> None:
    assert sorted(VALID + INVALID) == NAMES


def test_an_example_stands_in_the_folder_of_the_file_that_has_its_rule(dataset: Dataset) -> None:
    homes = {
        quad.subject.value: source.path.stem
        for source in dataset.of(Kind.SHAPES)
        for quad in read((source,))
        if isinstance(quad.subject, NamedNode)
    }
    homes |= {iris.check(path.stem): f"checks/{path.stem}" for path in dataset.checks}
    elsewhere = {
        name: homes.get(rule_named_by(name))
        for name in INVALID
        if homes.get(rule_named_by(name)) != Path(name).parent.as_posix()
    }
    assert elsewhere == {}


def test_every_shapes_file_and_every_check_has_a_valid_and_an_invalid_example(
    dataset: Dataset,
) -> None:
    folders = {source.path.stem for source in dataset.of(Kind.SHAPES)}
    folders |= {f"checks/{path.stem}" for path in dataset.checks}
    assert {Path(name).parent.as_posix() for name in VALID} == folders
    assert {Path(name).parent.as_posix() for name in INVALID} == folders


def test_every_rule_has_an_invalid_example(dataset: Dataset, shapes: list[Quad]) -> None:
    rules = rules_of(shapes) | {iris.check(path.stem) for path in dataset.checks}
    assert rules - {rule_named_by(name) for name in INVALID} == set()


def test_no_shape_is_left_unused(shapes: list[Quad]) -> None:
    unused = f"""{PREFIXES}
        SELECT ?shape WHERE {{
            ?shape a ?kind .
            FILTER(?kind IN (sh:NodeShape, sh:PropertyShape))
            FILTER NOT EXISTS {{ ?shape {TARGETS} ?target . }}
            FILTER NOT EXISTS {{ ?user sh:property|sh:node|rdf:first ?shape . }}
        }}"""
    assert column(EmbeddedStore(shapes), unused, "shape") == set()


def test_focus_finds_the_same_as_the_whole_validation(
    dataset: Dataset,
    statements: list[Quad],
    shapes: list[Quad],
    groups: list[list[Example]],
    examined: Examined,
) -> None:
    group = max(groups, key=len)
    assert len(group) >= 15
    data = [*statements, *(quad for one in group for quad in one.statements)]
    assert short(examine(data, shapes, dataset.checks)) == short(examined(group[0]))


def test_focus_applies_the_shapes_to_the_nodes_named_and_to_no_other(
    statements: list[Quad], shapes: list[Quad], examples: dict[str, Example]
) -> None:
    seen = examples["person/invalid-one-label.ttl"]
    unseen = examples["instrument/invalid-one-label.ttl"]
    data = [*statements, *seen.statements, *unseen.statements]
    found = examine(data, shapes, (), focus=seen.subjects)
    assert {(one.rule, one.node) for one in found} == {
        (SHAPES + "Person-label", iris.thing("person/example-person"))
    }


def test_a_check_whose_message_has_no_language_is_a_finding(
    dataset: Dataset, statements: list[Quad], shapes: list[Quad]
) -> None:
    check = NamedNode(iris.check("orphan-actor"))
    silent = Quad(check, NamedNode(f"{SH}message"), Literal("Nobody speaks so."), BULLETIN)
    found = examine([*statements, silent], shapes, dataset.checks, focus=frozenset({check.value}))
    assert {(one.rule, one.node, one.value) for one in found} == {
        (SHAPES + "Check-message", check.value, '"Nobody speaks so."')
    }


def test_every_rule_speaks_once_in_each_language(
    dataset: Dataset, statements: list[Quad], shapes: list[Quad]
) -> None:
    spoken = messages([*statements, *shapes])
    rules = rules_of(shapes) | {iris.check(path.stem) for path in dataset.checks}
    assert rules - set(spoken) == set()
    languages = {rule: sorted(language for language, _ in said) for rule, said in spoken.items()}
    assert {rule: said for rule, said in languages.items() if said != ["en", "es"]} == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_message_says_what_to_do(
    language: str, dataset: Dataset, statements: list[Quad], shapes: list[Quad]
) -> None:
    spoken = messages([*statements, *shapes])
    rules = rules_of(shapes) | {iris.check(path.stem) for path in dataset.checks}
    advice = re.compile(rf"[.:] (?:{WHAT_TO_DO[language]})\b")
    silent = {
        text
        for rule in rules
        for spoken_in, text in spoken[rule]
        if spoken_in == language and not advice.search(text)
    }
    assert silent == set()


def test_spanish_messages_address_the_reader_as_usted(
    statements: list[Quad], shapes: list[Quad]
) -> None:
    told = {
        found[0]: text
        for said in messages([*statements, *shapes]).values()
        for language, text in said
        if language == "es" and (found := TOLD_TU.search(text))
    }
    assert told == {}


def test_a_message_of_a_check_names_the_same_values_in_both_languages(
    statements: list[Quad],
) -> None:
    different = {
        rule: said
        for rule, said in messages(statements).items()
        if len({tuple(sorted(re.findall(r"\{\?\w+\}", text))) for _, text in said}) > 1
    }
    assert different == {}


def test_every_check_is_described_and_every_description_has_its_query(
    dataset: Dataset, statements: list[Quad]
) -> None:
    described = {
        (str(getattr(row["check"], "value", "")), str(getattr(row["query"], "value", "")))
        for row in select(
            EmbeddedStore(statements),
            f"{PREFIXES} SELECT ?check ?query WHERE {{ ?check a dl:Check ; dl:query ?query . }}",
        )
    }
    assert described == {(iris.check(path.stem), path.stem) for path in dataset.checks}
    assert {path.stem for path in dataset.checks} == {
        path.stem for path in (REPOSITORY / "ontology" / "checks").glob("*.rq")
    }


def test_the_shapes_are_shacl(shapes: list[Quad]) -> None:
    ntriples = serialize((quad.triple for quad in shapes), format=RdfFormat.N_TRIPLES)
    graph = rdflib.Graph().parse(data=ntriples or b"", format="nt")
    conforms, _results, text = pyshacl.validate(
        rdflib.Graph(), shacl_graph=graph, inference="none", meta_shacl=True
    )
    assert conforms, text


@pytest.fixture(scope="module")
def statements(dataset: Dataset, examples: dict[str, Example]) -> list[Quad]:
    """What is written by hand, as validation sees it, without what no example refers to: the
    reference engine would take minutes to read all municipalities.
    """
    everything: dict[object, list[Quad]] = defaultdict(list)
    for quad in read(dataset.described):
        everything[quad.subject].append(quad)
    whole = tuple(source for source in dataset.described if is_context(source))
    waiting: list[object] = [quad.subject for quad in read(whole)]
    waiting += [quad.object for one in examples.values() for quad in one.statements]
    needed: dict[object, list[Quad]] = {}
    while waiting:
        subject = waiting.pop()
        if subject in everything and subject not in needed:
            needed[subject] = everything[subject]
            waiting.extend(quad.object for quad in needed[subject])
    return [quad for quads in needed.values() for quad in quads]


@pytest.fixture(scope="module")
def shapes(dataset: Dataset) -> list[Quad]:
    """The real shapes."""
    return read(dataset.of(Kind.SHAPES))


@pytest.fixture(scope="module")
def examples() -> dict[str, Example]:
    """Every example by its name."""
    return {name: example(name) for name in NAMES}


@pytest.fixture(scope="module")
def groups(examples: dict[str, Example]) -> list[list[Example]]:
    """The examples, together where none speaks of what another describes."""
    together: list[list[Example]] = []
    for one in examples.values():
        for group in together:
            if not any(one.minds(other) for other in group):
                group.append(one)
                break
        else:
            together.append([one])
    return together


@pytest.fixture(scope="module", params=list(Engine))
def examined(
    request: pytest.FixtureRequest,
    dataset: Dataset,
    statements: list[Quad],
    shapes: list[Quad],
    groups: list[list[Example]],
) -> Examined:
    """By each engine: what is found where an example and the others of its group are added, and not
    without them; examined once for the whole group, when the first of them is asked for.
    """
    number = {one.name: place for place, group in enumerate(groups) for one in group}
    known: dict[int, list[Finding]] = {}
    engine: Engine = request.param
    without = examine(statements, shapes, dataset.checks, engine=engine, focus=frozenset())

    def findings(one: Example) -> list[Finding]:
        place = number[one.name]
        if place not in known:
            group = groups[place]
            known[place] = examine(
                [*statements, *(quad for each in group for quad in each.statements)],
                shapes,
                dataset.checks,
                engine=engine,
                focus=frozenset[str]().union(*(each.subjects for each in group)),
            )
        return [found for found in known[place] if found not in without]

    return findings


def is_context(source: Source) -> bool:
    """Whether the file is the ontology's, the catalogue or one of two bulletins."""
    if source.kind is Kind.BULLETIN:
        return source.path.stem in ("2021-01", "2021-09")
    return source.kind not in (Kind.REFERENCE, Kind.LINKS, Kind.RELATIONS, Kind.QUESTIONS)


def rules_of(shapes: Sequence[Quad]) -> set[str]:
    """The shapes that a finding can name: those that have a target or stand in sh:property of such
    a one, and that constrain anything themselves. What is only a condition of another is not named.
    """
    text = f"""{PREFIXES}
        SELECT DISTINCT ?rule WHERE {{
            ?shape {TARGETS} ?target ;
                sh:property* ?rule .
            ?rule ?constraint ?value .
            FILTER(?constraint NOT IN (rdf:type, sh:path, sh:property, sh:severity, sh:message,
                sh:targetClass, sh:targetNode, sh:targetSubjectsOf, sh:targetObjectsOf))
        }}"""
    return column(EmbeddedStore(shapes), text, "rule")


def column(store: Store, text: str, name: str) -> set[str]:
    return {str(getattr(row[name], "value", "")) for row in select(store, text)}


def messages(statements: Iterable[Quad]) -> dict[str, list[tuple[str, str]]]:
    """What each shape or check says: language and text."""
    said: dict[str, list[tuple[str, str]]] = {}
    for quad in statements:
        if quad.predicate.value == f"{SH}message" and isinstance(quad.object, Literal):
            assert isinstance(quad.subject, NamedNode)
            text = (quad.object.language or "", quad.object.value)
            said.setdefault(quad.subject.value, []).append(text)
    return said


def example(name: str) -> Example:
    statements = []
    subjects: set[str] = set()
    mentioned: set[str] = set()
    codes: set[str] = set()
    for quad in parse((EXAMPLES / name).read_bytes(), format=RdfFormat.TURTLE):
        assert not isinstance(quad.subject, Triple)
        assert not isinstance(quad.object, Triple)
        statements.append(Quad(quad.subject, quad.predicate, quad.object, BULLETIN))
        subjects.add(quad.subject.value)
        if quad.predicate.value == f"{RDF}subject":  # a link speaks of the thing that it links
            subjects.add(quad.object.value)
        mentioned |= {quad.subject.value, quad.object.value}
        if quad.predicate.value in CODES:
            codes.add(quad.object.value)
    sets = (frozenset(subjects), frozenset(mentioned), frozenset(codes))
    return Example(name, tuple(statements), *sets)


def rule_named_by(name: str) -> str:
    """The rule that the first line of an invalid example names."""
    first = (EXAMPLES / name).read_text(encoding="utf-8").partition("\n")[0]
    found = re.fullmatch(r"# fails: (?:shapes:([\w-]+)|check ([\w-]+))", first)
    assert found, f"{name} does not begin with the rule that it breaks"
    return SHAPES + found[1] if found[1] else iris.check(found[2])


def about(example: Example, examined: Examined) -> list[Finding]:
    return [found for found in examined(example) if found.node in example.subjects]


def short(findings: Iterable[Finding]) -> set[tuple[str, str, str | None, str | None]]:
    """What tells findings apart, without the long texts."""
    return {(found.rule, found.node, found.path, found.value) for found in findings}
