"""Are the lists of concepts whole? Each scheme, concept by concept; and what they are matched with.

What one concept must carry is also a shape; here it is read from the files without any SHACL, and
what only shows when all concepts of a scheme are seen together is asked too.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.conftest import REPOSITORY

from diplolocal.dataset import Kind, find, read
from diplolocal.iris import NAMESPACE

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
VOCAB = f"{NAMESPACE}vocab/"

IN_BOTH_LANGUAGES = (
    f"{SKOS}prefLabel",
    f"{SKOS}definition",
    f"{SKOS}example",
    f"{DCTERMS}source",
)

# What was settled, and what was added since; a concept may be added, never removed.
FAMILIES = {
    "agreement": "twinning-agreement friendship-agreement cooperation-agreement specific-agreement"
    " memorandum-of-understanding letter-of-intent agreement-renewal agreement-termination"
    " contract-with-foreign-firm",
    "contact": "outgoing-visit incoming-visit diplomatic-meeting official-meeting remote-meeting"
    " forum technical-mission",
    "representation": "office-opening office-closure representative-appointment"
    " international-office local-rule",
    "economic-promotion": "trade-mission business-matchmaking fair investment"
    " investment-incentive facility-opening tourism-promotion place-branding",
    "cooperation": "joint-project cooperation-received cooperation-offered international-funding"
    " humanitarian-aid educational-exchange cultural-exchange workshop",
    "network": "network-joining network-leaving network-office network-commitment"
    " cross-border-mechanism",
    "recognition": "award-received certification-received award-given candidacy",
    "political-voice": "statement-of-support criticism request",
    "diaspora": "migrant-services migrant-coinvestment",
}
SETTLED = {
    "action-type": " ".join([*FAMILIES, *FAMILIES.values()]),
    "theme": "trade-investment tourism industry agriculture-food science-technology education"
    " culture sport environment climate water energy urban-development health migration security"
    " border disaster-risk governance human-rights social-development general-relations",
    "role": "initiator host visitor signatory participant recipient award-giver funder implementer"
    " facilitator beneficiary venue organiser partner presenter trainer evaluator investor"
    " candidate counterpart target witness observer addressee framework",
    "mode": "in-person remote hybrid outgoing incoming third-place bilateral trilateral"
    " multilateral",
    "status": "occurred ongoing announced cancelled",
    "confidence": "confirmed probable reported disputed refuted",
    "instrument-type": "agreement memorandum letter-of-intent twinning-agreement programme project"
    " award certification campaign platform event designation resolution declaration decree"
    " protocol friendship-agreement",
    "relation-type": "twinning friendship network-membership office-abroad cross-border-body"
    " strategic-alliance cooperation",
    "date-precision": "day month season year interval decade open",
    "link-method": "identifier agreed-sources single-source human",
    "organisation-type": "un-body intergovernmental development-bank fund cooperation-agency"
    " foreign-ministry humanitarian ngo foundation political-foundation think-tank"
    " cultural-institute university government-agency city-network subnational-network"
    " chamber-of-commerce programme",
    "source-type": "official press list other",
    "question-type": "conflicting-sources missing-identifier doubtful-identity doubtful-reading"
    " missing-source",
}
# The schemes in which something was added or made clearer since they were first published.
VERSIONS = {
    "confidence": "1.1.0",
    "instrument-type": "1.1.0",
    "organisation-type": "1.1.0",
    "relation-type": "1.1.0",
    "theme": "1.1.0",
}
MATCHES = {f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
WIKIDATA = "http://www.wikidata.org/entity/"
GOALS = [f"http://metadata.un.org/sdg/{number}" for number in range(1, 18)]

Described = dict[str, dict[str, list[NamedNode | Literal]]]

every_scheme = pytest.mark.parametrize("scheme", sorted(SETTLED))


def test_there_is_one_file_for_each_scheme_and_no_other() -> None:
    assert [source.path.stem for source in find(REPOSITORY).of(Kind.VOCABULARY)] == sorted(SETTLED)


@every_scheme
def test_a_scheme_holds_every_concept_that_was_settled(scheme: str) -> None:
    assert set(SETTLED[scheme].split()) - {slug(iri) for iri in concepts(scheme)} == set()


@every_scheme
def test_a_file_describes_its_scheme_and_its_concepts_and_nothing_else(scheme: str) -> None:
    kinds = {iri: [kind.value for kind in said[TYPE]] for iri, said in described(scheme).items()}
    assert kinds.pop(VOCAB + scheme) == [f"{SKOS}ConceptScheme"]
    assert kinds == {f"{VOCAB}{scheme}/{slug(iri)}": [f"{SKOS}Concept"] for iri in kinds}


@every_scheme
def test_a_scheme_says_what_it_is_whose_and_which_version(scheme: str) -> None:
    said = described(scheme)[VOCAB + scheme]
    assert languages(said[f"{SKOS}prefLabel"]) == ["en", "es"]
    assert languages(said[f"{SKOS}definition"]) == ["en", "es"]
    assert values(said[f"{DCTERMS}creator"]) == [f"{NAMESPACE}id/body/diplolocal"]
    assert values(said[f"{DCTERMS}license"]) == ["https://creativecommons.org/licenses/by/4.0/"]
    assert values(said[f"{OWL}versionInfo"]) == [VERSIONS.get(scheme, "1.0.0")]
    (created,) = values(said[f"{DCTERMS}created"])
    (modified,) = values(said[f"{DCTERMS}modified"])
    assert created <= modified


@every_scheme
def test_a_concept_has_label_definition_example_and_source_once_in_each_language(
    scheme: str,
) -> None:
    incomplete = [
        (slug(iri), predicate)
        for iri, said in concepts(scheme).items()
        for predicate in IN_BOTH_LANGUAGES
        if languages(said[predicate]) != ["en", "es"] or not all(values(said[predicate]))
    ]
    assert incomplete == []


@every_scheme
def test_a_note_or_another_name_of_a_concept_is_in_both_languages(scheme: str) -> None:
    one_sided = [
        (slug(iri), predicate)
        for iri, said in described(scheme).items()
        for predicate in (f"{SKOS}altLabel", f"{SKOS}scopeNote")
        if set(languages(said[predicate])) not in (set(), {"en", "es"})
    ]
    assert one_sided == []


@every_scheme
def test_a_notation_is_one_for_each_concept_and_unique(scheme: str) -> None:
    notations = {
        slug(iri): values(said[f"{SKOS}notation"]) for iri, said in concepts(scheme).items()
    }
    assert {key: found for key, found in notations.items() if len(found) != 1} == {}
    assert repeated(code for found in notations.values() for code in found) == []


@every_scheme
def test_a_label_is_unique_in_its_scheme_and_language(scheme: str) -> None:
    labels = [
        str(label) for said in concepts(scheme).values() for label in said[f"{SKOS}prefLabel"]
    ]
    assert repeated(labels) == []


@every_scheme
def test_a_concept_is_in_its_scheme_and_hangs_in_one_place(scheme: str) -> None:
    misplaced = []
    for iri, said in concepts(scheme).items():
        above = [*said[f"{SKOS}broader"], *said[f"{SKOS}topConceptOf"]]
        if values(said[f"{SKOS}inScheme"]) != [VOCAB + scheme] or len(above) != 1:
            misplaced.append(slug(iri))
    assert misplaced == []


@every_scheme
def test_broader_and_narrower_are_said_both_ways_within_the_scheme(scheme: str) -> None:
    assert pairs(scheme, f"{SKOS}broader") == swapped(pairs(scheme, f"{SKOS}narrower"))
    assert {broader for _, broader in pairs(scheme, f"{SKOS}broader")} <= set(concepts(scheme))


@every_scheme
def test_top_concepts_are_said_both_ways(scheme: str) -> None:
    tops = pairs(scheme, f"{SKOS}topConceptOf")
    assert tops == swapped(pairs(scheme, f"{SKOS}hasTopConcept"))
    assert tops


def test_the_action_types_hang_below_their_families() -> None:
    below = defaultdict(set)
    for narrower, broader in pairs("action-type", f"{SKOS}broader"):
        below[slug(broader)].add(slug(narrower))
    settled = {family: set(types.split()) for family, types in FAMILIES.items()}
    assert {family: types - below[family] for family, types in settled.items()} == {
        family: set() for family in FAMILIES
    }
    assert set(below) == set(FAMILIES)


def test_every_identifier_that_was_verified_is_matched_by_a_term_or_a_concept(
    facts: Path,
) -> None:
    verified = {row["qid"]: row["label_en"] for row in links(facts) if row["qid"]}
    # In the facts one item stands for two terms: treaty, and what is no treaty.
    assert len(verified) == len([row for row in links(facts) if row["qid"]]) - 1
    matched = {target for _, _, target in matches()}
    assert {q: name for q, name in verified.items() if WIKIDATA + q not in matched} == {}


def test_no_term_and_no_concept_is_matched_with_what_the_facts_do_not_have(facts: Path) -> None:
    verified = {WIKIDATA + row["qid"] for row in links(facts) if row["qid"]}
    verified |= {row["uri"] for row in links(facts) if row["kind"] == "SDG"}
    assert {match for match in matches() if match[2] not in verified} == set()


def test_a_match_is_as_close_as_the_facts_allow(facts: Path) -> None:
    allowed = {row["qid"]: row["skos_match"] for row in links(facts) if row["term"] != "treaty"}
    too_close = [
        (subject, target)
        for subject, predicate, target in matches()
        if predicate == f"{SKOS}exactMatch"
        and target.startswith(WIKIDATA)
        and allowed[target.removeprefix(WIKIDATA)] != "exactMatch"
    ]
    assert too_close == []


def test_nothing_is_matched_with_one_thing_in_two_ways() -> None:
    assert repeated(f"{subject} {target}" for subject, _, target in matches()) == []


def test_an_agreement_is_related_to_a_treaty_and_is_none() -> None:
    treaty = f"{WIKIDATA}Q131569"
    assert {(s, predicate) for s, predicate, target in matches() if target == treaty} == {
        (f"{VOCAB}instrument-type/agreement", f"{SKOS}relatedMatch"),
        (f"{VOCAB}action-type/cooperation-agreement", f"{SKOS}relatedMatch"),
    }


def test_the_goals_have_the_names_and_the_items_of_the_facts(facts: Path) -> None:
    goals = described_in(Kind.ALIGNMENT, "sdg")
    assert {
        iri: (*map(str, said[f"{SKOS}prefLabel"]), *values(said[f"{SKOS}exactMatch"]))
        for iri, said in goals.items()
        if not iri.startswith(NAMESPACE)
    } == {
        row["uri"]: (f'"{row["label_en"]}"@en', f'"{row["label_es"]}"@es', WIKIDATA + row["qid"])
        for row in links(facts)
        if row["kind"] == "SDG"
    }
    assert {iri for iri in goals if not iri.startswith(NAMESPACE)} == set(GOALS)


def test_every_goal_is_the_concern_of_a_theme() -> None:
    concerned = {target for _, _, target in matches() if target in GOALS}
    assert sorted(concerned) == sorted(GOALS)


def test_only_alignments_name_the_goals() -> None:
    vocabularies = read(find(REPOSITORY).of(Kind.VOCABULARY))
    assert [quad for quad in vocabularies if str(quad.object).strip("<>") in GOALS] == []


def links(facts: Path) -> list[dict[str, str]]:
    """The rows that pair a term of ours with an item elsewhere."""
    with (facts / "gazetteer" / "vocab_links.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def matches() -> list[tuple[str, str, str]]:
    """What of ours is matched with what of others, and how."""
    return [
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in read(find(REPOSITORY).of(Kind.VOCABULARY, Kind.ALIGNMENT))
        if quad.predicate.value in MATCHES
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    ]


def described(scheme: str) -> Described:
    """What the file of a scheme says, by subject and property."""
    return described_in(Kind.VOCABULARY, scheme)


@cache
def described_in(kind: Kind, name: str) -> Described:
    """What a file says, by subject and property."""
    sources = find(REPOSITORY).of(kind)
    found: Described = defaultdict(lambda: defaultdict(list))
    for quad in read(tuple(source for source in sources if source.path.stem == name)):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def concepts(scheme: str) -> Described:
    return {iri: said for iri, said in described(scheme).items() if iri != VOCAB + scheme}


def pairs(scheme: str, predicate: str) -> set[tuple[str, str]]:
    return {
        (iri, value) for iri, said in described(scheme).items() for value in values(said[predicate])
    }


def swapped(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(second, first) for first, second in found}


def repeated(found: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(found).items() if count > 1)


def slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def values(objects: Iterable[NamedNode | Literal]) -> list[str]:
    return [one.value for one in objects]


def languages(objects: Iterable[NamedNode | Literal]) -> list[str]:
    return sorted(one.language or "" for one in objects if isinstance(one, Literal))
