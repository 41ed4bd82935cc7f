"""A JSON Schema for each class: what we serve fits it, and what is spoilt does not."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from diplolocal import classes, iris, resources
from diplolocal.classes import Described
from diplolocal.embedded import EmbeddedStore
from diplolocal.json_schema import schema
from diplolocal.jsonld import Words, framed, words_of, written
from diplolocal.store import plain, select
from diplolocal.web.parts import Parts

ADDRESS = "http://diplolocal.test/context/v1.jsonld"
ACTION = iris.thing("action/2021-10-02")
SINGLE = {
    # What a rule derives, once or once in each language.
    *("earliestBegin", "earliestEnd", "latestBegin", "latestEnd", "datePrecision", "inMonth"),
    *("point", "startDate", "name", "schema:description"),
    # Where a shape looks at whatever has it (shapes/text.ttl, ontology.ttl).
    *("editorialNote", "rights", "scopeNote", "isDefinedBy"),
    # What documents, the data set and the ontology say of themselves.
    *("isPartOf", "primaryTopic", "primaryTopicOf", "title", "derivedBy", "deprecated"),
    *("versionIRI", "preferredNamespacePrefix", "preferredNamespaceUri"),
    *("prefix", "namespace", "order"),
    # What a list says of itself.
    *("totalItems", "view", "first", "next", "previous", "deleted"),
}
"""What is no array though no shape of a class limits it."""


@pytest.fixture(scope="module")
def words(parts: Parts) -> Words:
    return words_of(parts.context)


@pytest.fixture(scope="module")
def known(parts: Parts, words: Words) -> Mapping[str, Described]:
    return classes.read(parts.store, parts.shapes, words)


@pytest.fixture(scope="module")
def validators(known: Mapping[str, Described], words: Words) -> Mapping[str, Draft202012Validator]:
    """What tells whether a document fits the schema of a class; schemas themselves fit 2020-12."""
    made = {}
    for name, described in known.items():
        document = json.loads(written(schema(described, known, words)))
        Draft202012Validator.check_schema(document)
        made[name] = Draft202012Validator(document, format_checker=FormatChecker())
    return made


@pytest.fixture(scope="module")
def action(store: EmbeddedStore, parts: Parts) -> bytes:
    said = resources.triples(store, ACTION)
    return framed(said, ACTION, context=parts.context, address=ADDRESS)


def test_every_class_of_the_ontology_has_one(known: Mapping[str, Described]) -> None:
    ours = {name for name, each in known.items() if iris.is_ours(each.iri)}
    assert len(ours) >= 46
    assert {"Concept", "ConceptScheme", "SPARQLExecutable"} == set(known) - ours - {
        "PropertyValueSpecification"
    }


def test_documents_about_instances_of_every_class_fit_its_schema(
    store: EmbeddedStore,
    parts: Parts,
    known: Mapping[str, Described],
    validators: Mapping[str, Draft202012Validator],
) -> None:
    wrong, seen = [], 0
    for name, described in known.items():
        for iri in instances(store, described):
            said = resources.triples(store, iri)
            tree = json.loads(framed(said, iri, context=parts.context, address=ADDRESS))
            assert "graph" not in tree, iri
            seen += 1
            wrong += [
                (name, iri, error.json_path, error.message)
                for error in validators[name].iter_errors(tree)
            ]
    assert wrong == []
    assert seen > 90


def change(path: str, value: object) -> Callable[[Any], None]:
    """Puts a value where a path of keys and numbers leads to; None takes away what is there."""

    def changed(document: Any) -> None:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        for step in steps:
            document = document[step]
        if value is None:
            del document[last]
        else:
            document[last] = value

    return changed


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("id", "https://w3id.org/diplolocal/id/place/mx-jal", "$.id"),
        ("id", None, "$"),
        ("type", "Action", "$.type"),
        ("type", ["Actor"], "$.type"),
        ("label", "Coahuila", "$.label"),
        ("label/es", None, "$.label"),
        ("label/fr", "Coahuila", "$.label"),
        ("label/es", "", "$.label.es"),
        ("label/es", ["Coahuila"], "$.label.es"),
        ("date", "in October", "$.date"),
        ("date", 2021, "$.date"),
        ("date", None, "$"),
        ("theme", "https://w3id.org/diplolocal/vocab/theme/migration", "$.theme"),
        ("theme", [], "$.theme"),
        ("theme", ["https://w3id.org/diplolocal/vocab/theme/migration"] * 5, "$.theme"),
        ("theme/0", {"label": {"es": "Migración"}}, "$.theme[0]"),
        ("region", ["https://w3id.org/diplolocal/id/region/noreste"], "$.region"),
        ("region", None, "$"),
        ("hasParticipation/0/actor", None, "$.hasParticipation[0]"),
        ("hasParticipation/0/role", 5, "$.hasParticipation[0]"),
        ("unnamedActor/0/quantity", "8", "$.unnamedActor[0]"),
        ("unnamedActor/0/quantity", 0, "$.unnamedActor[0]"),
        ("unnamedActor/0/actorClass", "Country", "$.unnamedActor[0]"),
        ("themes", ["misspelt"], "$"),
    ],
)
def test_a_spoilt_document_does_not_fit(
    action: bytes,
    validators: Mapping[str, Draft202012Validator],
    path: str,
    value: object,
    where: str,
) -> None:
    document = json.loads(action)
    assert validators["Action"].is_valid(document)
    change(path, value)(document)
    assert where in [error.json_path for error in validators["Action"].iter_errors(document)]


def test_numbers_truths_and_dates_are_of_their_types(
    known: Mapping[str, Described], words: Words
) -> None:
    entity: Any = schema(known["FederalEntity"], known, words)["properties"]
    assert entity["population2020"]["type"] == "integer"
    assert entity["latitude"]["type"] == "string"
    assert entity["inegiCode"] == {
        **{key: entity["inegiCode"][key] for key in ("title", "description")},
        "type": "string",
        "pattern": "^[0-9]{2}$",
    }
    source: Any = schema(known["Source"], known, words)["properties"]
    assert source["dateRead"]["format"] == "date"


def test_it_speaks_both_languages(known: Mapping[str, Described], words: Words) -> None:
    made: Any = schema(known["Action"], known, words)
    assert made["$id"] == "https://w3id.org/diplolocal/schemas/Action.json"
    assert made["title"] == "Acción · Action"
    assert made["description"].startswith("Algo que ocurrió")
    assert "Something that happened" in made["description"]
    silent = [
        (name, field.word.key)
        for name, described in known.items()
        for field in described.fields
        if len(field.label) != 2
    ]
    assert silent == []


def test_the_context_says_array_where_a_class_may_have_several(
    known: Mapping[str, Described], words: Words
) -> None:
    """A property is an array unless every class that has it has one value of it at most."""
    several: dict[str, bool] = {}
    for described in known.values():
        for field in described.fields:
            if not field.asked:
                continue
            one_each = any(shape.unique_lang for shape in field.asked)
            one = one_each if field.word.by_language else field.most == 1
            several[field.word.key] = several.get(field.word.key, False) or not one
    said = {word.key: word.many for word in words.properties.values() if word.key in several}
    assert said == several
    unasked = {word.key for word in words.properties.values() if word.key not in several}
    single = {word.key for word in words.properties.values() if not word.many}
    assert {key for key in unasked & single if not key[0].isupper()} == SINGLE


def test_no_property_that_is_not_an_array_has_two_values(
    store: EmbeddedStore, words: Words
) -> None:
    rows = select(
        store,
        "SELECT DISTINCT ?p ?l WHERE { { SELECT ?s ?p ?l (COUNT(?o) AS ?n) WHERE {"
        " ?s ?p ?o BIND(LANG(?o) AS ?l) } GROUP BY ?s ?p ?l } FILTER(?n > 1) }",
    )
    several = {(plain(row["p"]), "l" in row and plain(row["l"]) != "") for row in rows}
    single = {(iri, word.by_language) for iri, word in words.properties.items() if not word.many}
    assert single & several == set()


def instances(store: EmbeddedStore, described: Described) -> Iterator[str]:
    """Some instances of a class, the same each time."""
    rows = select(
        store,
        f"SELECT ?thing WHERE {{ ?thing a <{described.iri}> }} ORDER BY SHA1(STR(?thing)) LIMIT 3",
    )
    for row in rows:
        yield plain(row["thing"])
