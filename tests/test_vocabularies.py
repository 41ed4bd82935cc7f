"""The concepts of a vocabulary, as a tree, and how many things use each."""

import pytest
from pyoxigraph import NamedNode

from diplolocal import vocabularies
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import select
from diplolocal.vocabularies import Concept, Match
from diplolocal.wording import Language

VOCAB = "https://w3id.org/diplolocal/vocab/"


def test_a_scheme_is_a_tree_of_its_concepts(store: EmbeddedStore) -> None:
    types = vocabularies.read(store, f"{VOCAB}action-type")
    assert (types.count, len(types.tops)) == (61, 9)
    assert types.properties == ("https://w3id.org/diplolocal/def#actionType",)
    agreements = next(each for each in types.tops if each.notation == "AGR")
    assert agreements.label == {Language.EN: "Agreements", Language.ES: "Acuerdos"}
    assert len(agreements.narrower) == 9
    notations = [each.notation for each in agreements.narrower]
    assert notations == sorted(notations)


def test_a_concept_says_what_it_means_with_an_example_and_its_matches(
    store: EmbeddedStore,
) -> None:
    concept = _concept(store, "action-type", "cooperation-agreement")
    assert concept.meaning[Language.EN].startswith("A")
    assert concept.example[Language.ES].startswith("La secretaría de un estado")
    assert concept.matches == (
        Match(
            "http://www.w3.org/2004/02/skos/core#relatedMatch",
            "http://www.wikidata.org/entity/Q131569",
        ),
    )
    assert concept.is_deprecated is False


@pytest.mark.parametrize(("scheme", "name"), [("theme", "culture"), ("status", "announced")])
def test_what_uses_a_concept_is_counted(store: EmbeddedStore, scheme: str, name: str) -> None:
    concept = NamedNode(f"{VOCAB}{scheme}/{name}")
    [row] = select(
        store,
        "PREFIX dl: <https://w3id.org/diplolocal/def#>"
        f" SELECT (COUNT(*) AS ?n) {{ ?action dl:theme|dl:status {concept} }}",
    )
    assert str(_concept(store, scheme, name).things) == row["n"].value  # type: ignore[union-attr]


def test_what_is_no_scheme_has_no_concepts(store: EmbeddedStore) -> None:
    nothing = vocabularies.read(store, f"{VOCAB}nothing")
    assert (nothing.tops, nothing.count, nothing.properties) == ((), 0, ())


def _concept(store: EmbeddedStore, scheme: str, name: str) -> Concept:
    waiting = list(vocabularies.read(store, VOCAB + scheme).tops)
    for concept in waiting:
        if concept.iri == f"{VOCAB}{scheme}/{name}":
            return concept
        waiting.extend(concept.narrower)
    raise AssertionError(f"There is no concept {name}.")
