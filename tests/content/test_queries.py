"""Is every example query fit to be shown? In both languages, whole, portable, with one order only,
and its parameters do what they say. Whether the answers are right is in test_questions.py,
test_answers.py, test_counts.py, test_ties.py, test_evidence.py and test_made.py.
"""

import re
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import rdflib
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from rdflib.plugins.sparql import prepareQuery
from tests.content.asked import (
    ASKED,
    LOCAL,
    QUERIES,
    SH,
    Asked,
    Row,
    Said,
    asks,
    is_true,
    made,
    rows,
    text_of,
)
from tests.content.written import DL, RDF, Graph
from tests.content.written import iris as nodes

from diplolocal import iris, resources
from diplolocal.dataset import Dataset, Kind, Source, quads
from diplolocal.embedded import EmbeddedStore
from diplolocal.iris import shorten
from diplolocal.store import Store, construct

RESULTS = "application/sparql-results+json"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
TABLES = [slug for slug in LOCAL if ASKED[slug].kind == "select"]
GRAPHS = [slug for slug in LOCAL if ASKED[slug].kind == "construct"]
OF_A_CLASS = [
    (slug, name)
    for slug in LOCAL
    for name, said in ASKED[slug].parameters.items()
    if f"{SH}class" in said
]
IN_A_LANGUAGE = [slug for slug in LOCAL if "language" in ASKED[slug].parameters]
# What this engine does not finish in half a minute: it walks the paths from the wrong end.
TOO_MUCH_FOR_RDFLIB = {"networks-by-state", "states-and-the-oecd", "twinnings-by-state"}
NONE = {"none": "http://none.example/"}
VARYING = {f"{SCHEMA}defaultValue"}
# Names alone, and each of them is the same in both languages.
SAME_IN_BOTH = {"people-and-their-actions", "states-without-an-action"}
TESTS = ("test_answers", "test_counts", "test_evidence", "test_made", "test_ties")

every_query = pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
every_table = pytest.mark.parametrize("slug", TABLES)


def texts(said: Said, prop: str) -> dict[str, list[str]]:
    """The texts of a property, by language."""
    found: dict[str, list[str]] = {"en": [], "es": []}
    for term in said[prop]:
        assert isinstance(term, Literal)
        found[term.language or ""].append(term.value)
    return found


def columns(slug: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    head = "\n" + re.sub(
        r"\((?:[^()]|\([^()]*\)|\((?:[^()]|\([^()]*\))*\))* AS (\?\w+)\)", r"\1", text_of(slug)
    )
    return tuple(re.findall(r"\?(\w+)", head.partition("\nSELECT")[2].partition(" WHERE")[0]))


# What is said of them.


@every_query
def test_a_query_is_explained_in_two_to_four_sentences_in_each_language(asked: Asked) -> None:
    for language, (explained,) in texts(asked.said, f"{RDFS}comment").items():
        assert explained.endswith((".", "?")), language
        assert 2 <= len(re.findall(r"[.?](?:\s|$)", explained)) <= 4, language


@every_query
def test_the_title_of_a_query_is_a_phrase_of_its_own_in_each_language(asked: Asked) -> None:
    titles = texts(asked.said, f"{RDFS}label")
    (english,), (spanish,) = titles["en"], titles["es"]
    assert english != spanish
    assert not {english[-1], spanish[-1]} & {".", ":"}
    assert english.endswith("?") == spanish.startswith("¿")


def test_no_two_queries_have_the_same_title() -> None:
    titles = Counter(term for asked in ASKED.values() for term in asked.said[f"{RDFS}label"])
    assert [term for term, count in titles.items() if count > 1] == []


def test_a_kind_of_question_is_always_called_the_same_in_both_languages() -> None:
    where: dict[str, dict[str, set[str]]] = {"en": defaultdict(set), "es": defaultdict(set)}
    for slug, asked in ASKED.items():
        for language, words in texts(asked.said, f"{SCHEMA}keywords").items():
            for word in words:
                where[language][word].add(slug)
    english, spanish = ([frozenset(one) for one in found.values()] for found in where.values())
    # Nothing in RDF ties a word to its translation but that they stand at the same queries.
    assert len(set(english)) == len(english)
    assert set(english) == set(spanish)
    assert len(english) == len(spanish)


def test_there_are_more_than_forty_and_ten_of_them_take_a_parameter() -> None:
    assert len(ASKED) == 71
    with_choice = {slug for slug, asked in ASKED.items() if {*asked.parameters} - {"language"}}
    assert len(with_choice) >= 10


def test_every_query_has_its_answer_worked_out_in_a_test() -> None:
    told = "".join((Path(__file__).parent / f"{name}.py").read_text("utf-8") for name in TESTS)
    assert set(re.findall(r'"([a-z-]+)"', told)) & {*LOCAL} == {*LOCAL}


# The texts.


@every_query
def test_a_query_is_sparql_as_another_engine_reads_it(asked: Asked) -> None:
    parsed = prepareQuery(asked.text)
    assert parsed.algebra.name.removesuffix("Query").lower() == asked.kind


@every_query
def test_a_query_calls_no_function_of_one_engine(asked: Asked) -> None:
    bare = re.sub(r'"[^"]*"|#[^\n]*|PREFIX .*', "", re.sub(r"<[^>\s]*>", "IRI", asked.text))
    # What is named by an IRI and called: a cast to a datatype would be one too, and is not used.
    assert re.findall(r"(?:IRI|[\w-]+:[\w-]+)\s*\((?!dl:)", bare) == []


@every_query
def test_a_query_declares_exactly_the_prefixes_that_it_uses_as_the_house_does(
    asked: Asked, store: Store
) -> None:
    declared = re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", asked.text, re.MULTILINE)
    assert declared == sorted(declared)
    house = resources.prefixes(store)
    assert {prefix: house.get(prefix) for prefix, _ in declared} == dict(declared)
    bare = re.sub(r'"[^"]*"|<[^>\s]*>|#[^\n]*', "", re.sub(r"(?m)^PREFIX .*$", "", asked.text))
    used = set(re.findall(r"(?<![\w?-])([a-z][\w-]*):", bare))
    assert {prefix for prefix, _ in declared} == used


@every_table
def test_the_order_of_an_answer_is_its_only_one(slug: str, store: Store) -> None:
    by = re.findall(r"\?(\w+)", text_of(slug).rpartition("\nORDER BY ")[2])
    assert {*by} <= {*columns(slug)}
    found = rows(store, text_of(slug), tuple(by))
    assert found
    assert [row for row, count in Counter(found).items() if count > 1] == []


@every_table
def test_a_query_gives_the_same_answer_over_http(
    slug: str, client: TestClient, store: Store
) -> None:
    asked = {"query": text_of(slug)}
    told = client.get("/sparql", params=asked, headers={"Accept": RESULTS}).json()
    assert tuple(told["head"]["vars"]) == columns(slug)
    prefixes = resources.prefixes(store)
    answered = [
        tuple(shorten(row[one]["value"], prefixes) if one in row else None for one in columns(slug))
        for row in told["results"]["bindings"]
    ]
    assert answered == rows(store, text_of(slug), columns(slug))


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
@pytest.mark.parametrize("slug", sorted({*LOCAL} - TOO_MUCH_FOR_RDFLIB))
def test_another_engine_gives_the_same_answer_on_a_part_of_the_data(
    slug: str, sample: list[Quad], reference: rdflib.Dataset
) -> None:
    store, asked = EmbeddedStore(sample), ASKED[slug]
    other = reference.query(asked.text)
    if asked.kind == "ask":
        assert other.askAnswer is asks(store, slug) is True
    elif asked.kind == "construct":
        assert other.graph is not None
        found = {tuple(term.n3() for term in triple) for triple in other.graph}
        assert found == made(store, slug)
        assert len(found) > 10
    else:
        names = [rdflib.Variable(name) for name in columns(slug)]
        assert [
            tuple(None if row.get(name) is None else str(row[name]) for name in names)
            for row in other.bindings
        ] == rows(store, asked.text, columns(slug), prefixes=NONE)


# The parameters.


@every_query
def test_a_parameter_stands_in_the_text_with_its_default(asked: Asked, store: Store) -> None:
    house = resources.prefixes(store)
    assert {one.value for one in asked.said.get(f"{SH}parameter", [])} == {
        f"{QUERIES}{asked.slug}#{name}" for name in asked.parameters
    }
    for name, said in asked.parameters.items():
        (default,), (variable,) = said[f"{SCHEMA}defaultValue"], said[f"{SCHEMA}valueName"]
        assert variable.value == name
        written = str(default)
        for prefix, namespace in house.items():
            written = re.sub(rf"<{re.escape(namespace)}(\w[\w-]*)>", rf"{prefix}:\1", written)
        blocks = re.findall(rf"VALUES \?{name} \{{ ([^{{}}]*) \}}", asked.text)
        assert {*blocks} == {written}


@every_query
def test_a_query_whose_answer_has_labels_has_them_in_the_language_of_choice(asked: Asked) -> None:
    chooses = "?language" in asked.text
    assert chooses == ("language" in asked.parameters)
    if chooses:
        said = asked.parameters["language"]
        (pattern,), (datatype,) = said[f"{SH}pattern"], said[f"{SH}datatype"]
        assert (pattern.value, datatype.value.rpartition("#")[2]) == ("^(en|es)$", "string")


def test_a_parameter_of_one_name_is_always_called_and_typed_the_same() -> None:
    ways = defaultdict(set)
    for asked in ASKED.values():
        for name, said in asked.parameters.items():
            same = {prop: terms for prop, terms in said.items() if prop not in VARYING}
            ways[name].add(repr(sorted((prop, sorted(map(str, ts))) for prop, ts in same.items())))
    assert {name: len(found) for name, found in ways.items()} == dict.fromkeys(ways, 1)


@pytest.mark.parametrize(("slug", "name"), OF_A_CLASS)
def test_a_parameter_is_an_instance_of_its_class_and_others_answer_too(
    slug: str, name: str, store: Store, written: Graph
) -> None:
    said = ASKED[slug].parameters[name]
    (default,), (of_class,) = said[f"{SCHEMA}defaultValue"], said[f"{SH}class"]
    choices = sorted(
        iri for iri, about in list(written.items()) if of_class.value in nodes(about[f"{RDF}type"])
    )
    assert default.value in choices
    own = text_of(slug)
    others = [
        text_of(slug, **{name: NamedNode(choice)}) for choice in choices[:: len(choices) // 8]
    ]
    found = [answered(store, slug, text) for text in (own, *others)]
    assert found[0] not in ([], [("false",)])
    # What is chosen matters: somewhere there is another answer.
    assert any(other != found[0] for other in found[1:])


@pytest.mark.parametrize("slug", IN_A_LANGUAGE)
def test_in_spanish_the_answer_has_as_many_rows_and_other_words(slug: str, store: Store) -> None:
    english = rows(store, text_of(slug, language="en"), columns(slug))
    spanish = rows(store, text_of(slug, language="es"), columns(slug))
    assert len(spanish) == len(english)
    assert slug in SAME_IN_BOTH or spanish != english


def answered(store: Store, slug: str, text: str) -> list[Row]:
    """The answer as rows, whatever the kind of the query."""
    kind = ASKED[slug].kind
    if kind == "select":
        return rows(store, text, columns(slug))
    if kind == "construct":
        return sorted({(str(one.subject), str(one.object)) for one in construct(store, text)})
    return [(str(is_true(store, text)).lower(),)]


@pytest.fixture(scope="module")
def sample(dataset: Dataset) -> list[Quad]:
    """A part of the real data that rdflib reads and asks in time: two bulletins, the agreements of
    two states, a ninth of the twinnings, and all that these refer to; and what is derived.
    """
    by_subject: dict[object, list[Quad]] = defaultdict(list)
    tied: dict[object, list[object]] = defaultdict(list)
    for source in dataset.described:
        for quad in () if source.path.stem == "checks" else quads(source):
            by_subject[quad.subject].append(quad)
            if quad.predicate.value in (f"{RDF}subject", f"{DL}governs"):
                tied[quad.object].append(quad.subject)
    taken: dict[object, None] = {}
    todo = [thing for source in dataset.described for thing in begun_with(source)]
    while todo:
        if (thing := todo.pop()) not in taken:
            taken[thing] = None
            todo += [quad.object for quad in by_subject[thing]] + tied[thing]
    written = [quad for thing in taken for quad in by_subject[thing]]
    store, graph = EmbeddedStore(written), NamedNode(iris.DERIVED)
    rules = [rule.read_text(encoding="utf-8") for rule in dataset.rules]
    derived = {triple for rule in rules for triple in construct(store, rule)}
    derived -= {quad.triple for quad in written}
    return [*written, *(Quad(one.subject, one.predicate, one.object, graph) for one in derived)]


def begun_with(source: Source) -> list[object]:
    """The things of a file with which the part of the data begins."""
    things = list(dict.fromkeys(quad.subject for quad in quads(source)))
    match source.path.stem:
        case "agreements":
            return [one for one in things if re.search("mx-(jal|14|gua|11)", str(one))]
        case "twinnings":
            return list(things[::9])
        case "2021-01" | "2021-09" | "memberships" | "regions" | "states":
            return list(things)
    is_of_words = source.kind in (Kind.ONTOLOGY, Kind.VOCABULARY, Kind.ALIGNMENT)
    return list(things) if is_of_words else []


@pytest.fixture(scope="module")
def reference(sample: list[Quad]) -> rdflib.Dataset:
    """The same part for rdflib, whose default graph is then the union as well."""
    dataset = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings():
        # rdflib tells itself that a name is old.
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(data=serialize(sample, format=RdfFormat.N_QUADS), format="nquads")
    return dataset
