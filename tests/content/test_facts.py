"""Are the bulletins true to the facts? Record by record against the facts they were made from.

The facts are not in the repository: bulletins as JSON, gazetteers as CSV, in the folder that
DIPLOLOCAL_FACTS names, or in shared/facts beside the checkout. Without them these tests are skipped
with that reason; where CI=true they fail, so that nobody takes silence for agreement. Places,
organisations, firms and links: test_gazetteer.py.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode
from tests.content.written import (
    DCTERMS,
    DL,
    FOAF,
    SKOS,
    WIKIDATA,
    Graph,
    Said,
    iris,
    languages,
    of,
    slugs,
    table,
    texts,
    written,
)

from diplolocal.dataset import Dataset
from diplolocal.iris import NAMESPACE, thing

FOAF_PAGE = f"{FOAF}page"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

Fact = dict[str, Any]

MONTHS = ("2021-01", "2021-09")
ACTIONS = [f"{month}-{number:02}" for month in MONTHS for number in range(1, 9)]

every_action = pytest.mark.parametrize("key", ACTIONS)
every_bulletin = pytest.mark.parametrize("month", MONTHS)

# What the facts say in their own words, in those of the vocabularies.
STATUS = {
    "completed": "occurred",
    "ongoing": "ongoing",
    # Jalisco and Google: not said. That it occurred was concluded, and the note says so.
    None: "occurred",
}
MODE = {None: [], "in-person": ["in-person"], "virtual": ["remote"]}
ROLE = {"other-side-of-border": "counterpart", "certifier": "award-giver"}
ACTION_TYPE = {
    "inauguration": "facility-opening",
    "forum-participation": "forum",
    "cooperation-project": "joint-project",
    # The three that are signed are signed with firms.
    "agreement-signing": "contract-with-foreign-firm",
    "award-received": "award-received",
    "certification": "certification-received",
    "workshop": "workshop",
    "visit": "incoming-visit",
    "business-matchmaking": "business-matchmaking",
    "commitment-renewal": "agreement-renewal",
}
THEMES = {
    "border": "border crossing",
    "culture": "culture",
    "disaster-risk": "disaster risk reduction; resilience",
    "education": "digital skills; education",
    "general-relations": "bilateral ties",
    "governance": "administrative simplification; digital government; public policy;"
    " regulatory improvement",
    "health": "health services",
    "human-rights": "child rights; gender-based violence; women's rights",
    "industry": "industry 4.0",
    "migration": "migration",
    "science-technology": "3D; artificial intelligence; digital promotion; software; technology",
    "security": "human trafficking; peace; public security; security; vehicle theft",
    "social-development": "humanitarian assistance",
    "tourism": "business tourism; medical tourism; tourism",
    "trade-investment": "business networking; e-commerce; economic promotion; investment;"
    " local products; trade; trade promotion",
}
# Said of what kind of action it is, not of what it is about.
NO_THEME = {"knowledge exchange", "recognition"}
ACTS_FOR = {
    "Enrique Alfaro Ramírez": ("Jalisco", "government/mx-jal"),
    "Zhu Qingqiao": ("China", "mission/embassy-of-china-in-mexico"),
    "José Antonio Ortiz": ("Morelos", "agency/mx-mor-state-commission-of-public-security"),
    "Rosa Urbina": ("Tapachula", "government/mx-07089"),
    "Fernando Carrera": ("UNICEF", "organisation/unicef-mexico"),
    "Carlos Manuel Merino": ("Tabasco", "government/mx-tab"),
    "Heide Fulton": ("United States of America", "agency/us-department-of-state"),
}


@every_bulletin
def test_a_bulletin_has_its_titles_authors_publisher_address_and_remark(
    month: str, facts: Path, graph: Graph
) -> None:
    fact = bulletin(facts, month)
    said = graph[thing(f"bulletin/{month}")]
    assert texts(said[f"{SKOS}prefLabel"]) == (fact["title_en"], fact["title_es"])
    assert texts(said[f"{DL}editorialRemark"]) == (
        fact["editorial_note_en"],
        fact["editorial_note_es"],
    )
    assert [texts(graph[one][f"{SKOS}prefLabel"]) for one in iris(said[f"{DCTERMS}creator"])] == [
        (author, author) for author in fact["authors"]
    ]
    for predicate, acronym in (
        (f"{DCTERMS}publisher", fact["publisher"]),
        (f"{DL}compiledBy", fact["commission"]),
    ):
        (body,) = iris(said[predicate])
        assert texts(graph[body][f"{SKOS}altLabel"]) == (acronym, acronym)
    assert iris(said[FOAF_PAGE]) == [fact["url"]]
    assert [month_.value for month_ in said[f"{DL}month"]] == [fact["month"]]


@every_bulletin
def test_a_bulletin_reports_the_actions_of_the_facts_and_no_other(
    month: str, facts: Path, graph: Graph
) -> None:
    issue = NamedNode(thing(f"bulletin/{month}"))
    reported = {subject for subject, said in graph.items() if issue in said[f"{DL}reportedIn"]}
    count = len(bulletin(facts, month)["actions"])
    assert reported == {thing(f"action/{month}-{n:02}") for n in range(1, count + 1)}


@every_action
def test_an_action_has_the_titles_and_the_summaries_of_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    assert texts(said[f"{SKOS}prefLabel"]) == (fact["title_en"], fact["title_es"])
    assert texts(said[f"{DCTERMS}description"]) == (fact["summary_en"], fact["summary_es"])


@every_action
def test_an_action_has_the_region_date_status_mode_and_highlight_of_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    issue = thing(f"bulletin/{key[:7]}")
    assert iris(said[f"{DL}region"]) == [thing(f"region/{fact['region']}")]
    # No day is given for any of the sixteen, so the date is the month of the bulletin.
    assert said[f"{DL}date"] == [Literal(fact["date"] or key[:7], datatype=NamedNode(EDTF))]
    assert slugs(said[f"{DL}status"]) == [STATUS[fact["status"]]]
    assert slugs(said[f"{DL}mode"]) == MODE[fact["modality"]]
    assert iris(said[f"{DL}isHighlightOf"]) == ([issue] if fact["is_highlight"] else [])
    assert iris(said[f"{DL}reportedIn"]) == [issue]


@every_action
def test_an_action_is_of_the_type_of_the_facts(key: str, facts: Path, graph: Graph) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    with_mission = fact["counterparts"][0]["type"] == "diplomatic-mission"
    meeting = "diplomatic-meeting" if with_mission else "official-meeting"
    expected = {**ACTION_TYPE, "meeting": meeting}[fact["action_type"]]
    assert slugs(said[f"{DL}actionType"]) == [expected]


@every_action
def test_an_action_is_about_what_the_facts_say(key: str, facts: Path, graph: Graph) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    concept = {word: theme for theme, words in THEMES.items() for word in words.split("; ")}
    expected = {concept[word] for word in fact["themes"] if word not in NO_THEME}
    assert set(slugs(said[f"{DL}theme"])) == expected


@every_action
def test_who_took_part_in_which_role_is_as_in_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    mexican = [(mexican_actor(one, facts, graph), role(one)) for one in fact["mexican_actors"]]
    foreign = [(counterpart(one, graph), role(one)) for one in named(fact["counterparts"])]
    assert [
        (*iris(part[f"{DL}actor"]), *slugs(part[f"{DL}role"])) for part in parts_of(key, graph)
    ] == mexican + foreign


@every_action
def test_who_is_not_named_stays_so_with_country_and_number(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    number = {"eight": ["8"]}
    expected = [
        (
            f"{DL}Firm",
            [thing(f"place/{one['country'].lower()}")],
            next((count for word, count in number.items() if word in one["name"]), []),
            role(one),
        )
        for one in fact["counterparts"]
        if one not in named(fact["counterparts"])
    ]
    if not fact["mexican_actors"]:
        expected.insert(0, (f"{DL}MexicanActor", [], [], "participant"))
    unnamed = [graph[iri] for iri in iris(graph[thing(f"action/{key}")][f"{DL}unnamedActor"])]
    assert [
        (
            *iris(one[f"{DL}actorClass"]),
            iris(one[f"{DL}basedIn"]),
            [quantity.value for quantity in one[f"{DL}quantity"]],
            *slugs(one[f"{DL}role"]),
        )
        for one in unnamed
    ] == expected


@every_action
def test_a_counterpart_is_of_the_country_of_the_facts_or_of_the_gazetteer(
    key: str, facts: Path, graph: Graph
) -> None:
    for one in named(action(facts, key)["counterparts"]):
        country = one["country"]
        if country is None and one["type"] == "firm":
            (country,) = [r["country"] for r in table(facts, "firms") if r["name"] == one["name"]]
        expected = [thing(f"place/{country.lower()}")] if country else []
        assert countries_of(counterpart(one, graph), graph) == expected


@every_action
def test_persons_and_their_posts_are_as_in_the_facts(key: str, facts: Path, graph: Graph) -> None:
    expected = []
    for fact in action(facts, key)["people"]:
        on_behalf_of, actor = ACTS_FOR[fact["name"]]
        assert fact["on_behalf_of"] == on_behalf_of
        # What stands in brackets is a remark of the facts and belongs to the editorial note.
        post = fact["position"].removesuffix(" (as given in the bulletin)")
        expected.append((fact["name"], fact["name"], post, thing(actor)))
    found = [
        (
            *texts(graph[person][f"{SKOS}prefLabel"]),
            texts(part[f"{DL}inCapacityOf"])[0],
            *iris(part[f"{DL}actor"]),
        )
        for part in parts_of(key, graph)
        for person in iris(part[f"{DL}representedBy"])
    ]
    assert found == expected


@every_action
def test_an_instrument_is_the_one_of_the_facts(key: str, facts: Path, graph: Graph) -> None:
    name = action(facts, key)["instrument"]
    instruments = iris(graph[thing(f"action/{key}")][f"{DL}underInstrument"])
    # The label may say more, to tell the instrument from others: (Yucatán), of Morelos with LoJack.
    labels = [texts(graph[one][f"{SKOS}prefLabel"])[0].replace("–", "-") for one in instruments]
    acronyms = [one.value for iri in instruments for one in graph[iri][f"{SKOS}altLabel"]]
    if name is None:
        assert labels == []
    else:
        long, _, acronym = name.removesuffix(")").partition(" (")
        assert [label.startswith(long) for label in labels] == [True]
        assert set(acronyms) == ({acronym} if acronym else set())


@every_action
def test_what_was_inferred_or_is_uncertain_is_told_in_both_languages_and_lowers_confidence(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    doubtful = bool(fact["inferred"] or fact["uncertain"])
    assert languages(said[f"{SKOS}editorialNote"]) == (["en", "es"] if doubtful else [])
    assert slugs(said[f"{DL}confidence"]) == ["reported" if doubtful else "probable"]


@every_action
def test_what_was_inferred_of_a_participant_is_told_beside_it(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    inferred = {
        (side, int(index))
        for side, index in re.findall(
            r"(mexican_actors|counterparts)\[(\d)\]", " ".join(fact["inferred"])
        )
    }
    first = {"mexican_actors": 0, "counterparts": len(fact["mexican_actors"])}
    parts = parts_of(key, graph)
    silent = [
        (side, index)
        for side, index in sorted(inferred)
        if languages(parts[first[side] + index][f"{SKOS}editorialNote"]) != ["en", "es"]
    ]
    assert silent == []


def test_every_item_of_wikidata_that_a_word_is_matched_with_was_verified(
    facts: Path, graph: Graph
) -> None:
    verified = {WIKIDATA + row["qid"] for row in table(facts, "vocab_links")}
    verified |= {row["uri"] for row in table(facts, "vocab_links")}
    matched = {
        iri
        for subject, said in graph.items()
        if subject.startswith((f"{NAMESPACE}vocab/", DL))
        for match in ("exactMatch", "closeMatch", "narrowMatch", "broadMatch", "relatedMatch")
        for iri in iris(said[f"{SKOS}{match}"])
    }
    assert len(matched) > 30
    assert matched - verified == set()


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """What is written by hand, by subject and property, objects in the order of the file."""
    return written(dataset.described)


def bulletin(facts: Path, month: str) -> Fact:
    told: Fact = json.loads((facts / "bulletins" / f"{month}.json").read_text("utf-8"))
    return told


def action(facts: Path, key: str) -> Fact:
    told: Fact = bulletin(facts, key[:7])["actions"][int(key[8:]) - 1]
    return told


def named(counterparts: list[Fact]) -> list[Fact]:
    return [one for one in counterparts if "not named" not in one["name"]]


def role(fact: Fact) -> str:
    said: str = fact["role"]
    return ROLE.get(said, said)


def mexican_actor(fact: Fact, facts: Path, graph: Graph) -> str:
    """The actor that the facts mean, found by name and state."""
    code = fact["state"].lower()
    if fact["level"] == "federal-entity":
        return thing(f"government/{code}")
    if fact["level"] == "municipality":
        (inegi,) = [
            row["inegi"]
            for row in table(facts, "mx_municipalities")
            if (row["name"], row["state_iso"]) == (fact["name"], fact["state"])
        ]
        return thing(f"government/mx-{inegi}")
    (agency,) = [
        iri
        for iri, said in of("SubnationalAgency", graph)
        if texts(said[f"{SKOS}prefLabel"])[0] == fact["name"]
        and iris(said[f"{DL}agencyOf"]) == [thing(f"government/{code}")]
    ]
    return agency


def counterpart(fact: Fact, graph: Graph) -> str:
    """The actor that the facts mean, found by its English name, its acronym, or both."""
    if fact["name"] == "United States of America":
        return thing("government/us")
    classes = {
        "chamber": ["Chamber"],
        "diplomatic-mission": ["DiplomaticMission"],
        "firm": ["Firm"],
        "foreign-state": ["ForeignAgency"],
        "international-organisation": ["InternationalOrganisation"],
    }[fact["type"]]
    (found,) = [
        iri
        for kind in classes
        for iri, said in of(kind, graph)
        for name in [texts(said[f"{SKOS}prefLabel"])[0]]
        for acronym in [next(iter(texts(said[f"{SKOS}altLabel"])), "")]
        if fact["name"] in (name, acronym, f"{name} ({acronym})")
    ]
    return found


def countries_of(actor: str, graph: Graph) -> list[str]:
    """The country of an actor: of its seat, that it represents or governs, or its government's."""
    said = graph[actor]
    above = [place for one in iris(said[f"{DL}agencyOf"]) for place in countries_of(one, graph)]
    own = [
        place for tie in ("basedIn", "represents", "governs") for place in iris(said[f"{DL}{tie}"])
    ]
    return own + above


def parts_of(key: str, graph: Graph) -> list[Said]:
    """The participations of an action, in the order of their numbers."""
    parts = iris(graph[thing(f"action/{key}")][f"{DL}hasParticipation"])
    assert parts == [thing(f"participation/{key}-{n}") for n in range(1, len(parts) + 1)]
    return [graph[part] for part in parts]
