"""Are those who took part true to the facts? Actor by actor in the 42 actions of the bulletins.

The facts are not in the repository: bulletins as JSON, gazetteers as CSV, in the folder that
DIPLOLOCAL_FACTS names, or in shared/facts beside the checkout. Without them these tests are skipped
with that reason; where CI=true they fail, so that nobody takes silence for agreement. Where a
record differs from the words of the facts, it does so in a table, here or in told.py, with the
reason. What an action is coded as: test_bulletins.py. Places, organisations: test_gazetteer.py.
"""

import re
from pathlib import Path

import pytest
from tests.content.told import (
    ACTIONS,
    COUNTERPARTS,
    Fact,
    action,
    counterparts,
    every_action,
    is_event,
    mexican_actor,
    parts_of,
    role,
    territories_of,
    unnamed_of,
)
from tests.content.written import (
    DL,
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
    values,
    written,
)

from diplolocal.dataset import Dataset
from diplolocal.iris import NAMESPACE, thing

NOT_IN_THE_FACTS = ""
# Class, place, number and role of those without a name or a body, and what the facts call them.
# Those that the facts leave out must have been there: the other side, or who gave the award.
UNNAMED = {
    "2021-01-02": [
        (NOT_IN_THE_FACTS, "MexicanActor", "", "", "participant"),
        ("German companies (not named)", "Firm", "de", "", "participant"),
    ],
    "2021-03-03": [
        ("Guadalajara Metropolitan Area (AMG)", "MetropolitanBody", "mx-jal", "", "beneficiary"),
    ],
    "2021-03-04": [(NOT_IN_THE_FACTS, "InternationalActor", "", "", "counterpart")],
    "2021-05-02": [(NOT_IN_THE_FACTS, "InternationalActor", "", "", "award-giver")],
    "2021-07-02": [(NOT_IN_THE_FACTS, "MexicanActor", "", "", "participant")],
    "2021-09-05": [("Israeli companies (eight, not named)", "Firm", "il", "8", "participant")],
    "2021-10-01": [(NOT_IN_THE_FACTS, "InternationalActor", "", "", "counterpart")],
    "2021-10-02": [(NOT_IN_THE_FACTS, "DiplomaticMission", "", "", "participant")],
    "2021-11-01": [
        ("Guadalajara Metropolitan Area (AMG)", "MetropolitanBody", "mx-jal", "", "recipient"),
        (NOT_IN_THE_FACTS, "InternationalOrganisation", "", "", "award-giver"),
    ],
    "2021-12-01": [(NOT_IN_THE_FACTS, "InternationalActor", "", "", "counterpart")],
    "2021-12-02": [
        (
            "Authorities of El Paso, Texas",
            "ForeignSubnationalGovernment",
            "us-tx-el-paso",
            "",
            "partner",
        ),
    ],
    "2022-01-02": [(NOT_IN_THE_FACTS, "InternationalActor", "", "", "award-giver")],
}

AGENCIES = {
    "mx-26030-tourist-police": "government/mx-26030",
    # The directorate is part of the ministry, and the acronym in its name is the ministry's.
    "mx-coa-general-directorate-of-business-management": "agency/mx-coa-ministry-of-economy",
    "mx-coa-ministry-of-economy": "government/mx-coa",
    "mx-jal-general-coordination-of-strategic-growth-and-economic-development": "government/mx-jal",
    "mx-jal-ministry-of-culture": "government/mx-jal",
    "mx-jal-ministry-of-tourism": "government/mx-jal",
    "mx-mor-state-commission-of-public-security": "government/mx-mor",
}

# For whom a person acts, in the facts and here, and the post in Spanish, which the facts leave out.
OMNI_8 = ("Omni 8 Textil", "firm/omni-8-textil", "Inversionista o directivo de Omni 8 Textil")
COAHUILA = ("Coahuila", "government/mx-coa", "Gobernador de Coahuila")
ACTS_FOR = {
    "Carlo Gahilian": OMNI_8,
    "Carlos Manuel Merino": ("Tabasco", "government/mx-tab", "Gobernador de Tabasco"),
    "Enrique Alfaro Ramírez": ("Jalisco", "government/mx-jal", "Gobernador de Jalisco"),
    "Fernando Carrera": (
        "UNICEF",
        "organisation/unicef-mexico",
        "Representante de UNICEF en México",
    ),
    "Francisco Quiroga Fernández": (
        "Mexico",
        "mission/embassy-of-mexico-in-germany",
        "Embajador de México en Alemania",
    ),
    "Graeme C. Clark": (
        "Canada",
        "mission/embassy-of-canada-in-mexico",
        "Embajador de Canadá en México",
    ),
    "Heide Fulton": (
        "United States of America",
        "agency/us-department-of-state",
        "Secretaria adjunta para Programas del Hemisferio Occidental del Departamento de Estado"
        " de Estados Unidos",
    ),
    "Javier Corral": ("Chihuahua", "government/mx-chh", "Gobernador de Chihuahua"),
    "Jesús Mesta Fitzmaurice": (
        "Chihuahua",
        "government/mx-chh",
        "Coordinador ejecutivo del Gabinete de Chihuahua",
    ),
    "José Antonio Ortiz": (
        "Morelos",
        "agency/mx-mor-state-commission-of-public-security",
        "Comisionado Estatal de Seguridad Pública",
    ),
    "José Castañeda": OMNI_8,
    "Mark Davis": OMNI_8,
    "Miguel Riquelme": COAHUILA,
    "Miguel Ángel Riquelme Solís": COAHUILA,
    "Norma Bustamante": ("Mexicali", "government/mx-02002", "Alcaldesa de Mexicali"),
    "Rosa Urbina": ("Tapachula", "government/mx-07089", "Presidenta municipal de Tapachula"),
    "Steve Ajamain": OMNI_8,
    "Xavier Orendáin": (
        "Jalisco",
        "agency/mx-jal-general-coordination-of-strategic-growth-and-economic-development",
        "Coordinador general de Crecimiento Estratégico y Desarrollo Económico de Jalisco",
    ),
    "Yu Yue": (
        "China",
        "mission/consulate-general-of-china-in-tijuana",
        "Cónsul general de China en Tijuana",
    ),
    "Zhu Qingqiao": (
        "China",
        "mission/embassy-of-china-in-mexico",
        "Embajador de China en México",
    ),
}
# Another bulletin has the full name.
FULL_NAME = {"Miguel Riquelme": "Miguel Ángel Riquelme Solís"}

# What an editorial note says when the facts mark a field as concluded and not read.
CONCLUDED = {
    r"region": "[Tt]he region|Northeast was meant",
    r"action_type": "action is|action of|one of cooperation",
    r"modality": "in person",
    r"status": "under way|still open",
    r"instrument": "name",
    r"themes\[\d\]": "theme|subject|about",
    r"\w+\[\d\]\.level": "State government|municipal government|the government of",
    r"\w+\[\d\]\.state": "is the one in|[Tt]he State|the state|Coahuila",
    r"\w+\[\d\]\.country": "country|Spain|United States",
    r"\w+\[\d\]\.type": "international organisation|instrument|local ones",
    r"\w+\[\d\]\.on_behalf_of": "acted for",
    r"\w+\[\d\]\.(name|position|role)": "concluded|was read as",
}


@every_action
def test_who_took_part_in_which_role_is_as_in_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    mexican = [
        (mexican_actor(one, facts, graph), role(one))
        for one in fact["mexican_actors"]
        if is_named(one)
    ]
    foreign = [
        (actor, role(one))
        for one in fact["counterparts"]
        if is_named(one)
        for actor in counterparts(one, graph)
    ]
    assert [
        (*iris(part[f"{DL}actor"]), *slugs(part[f"{DL}role"])) for part in parts_of(key, graph)
    ] == mexican + foreign


def test_an_agency_that_took_part_belongs_to_the_government_that_its_name_says(
    facts: Path, graph: Graph
) -> None:
    took_part = {
        mexican_actor(one, facts, graph)
        for key in ACTIONS
        for one in action(facts, key)["mexican_actors"]
        if one["level"].endswith("agency")
    }
    agencies = {thing(f"agency/{slug}"): thing(above) for slug, above in AGENCIES.items()}
    assert {iri: iris(graph[iri][f"{DL}agencyOf"]) for iri in agencies} == {
        iri: [above] for iri, above in agencies.items()
    }
    assert set(agencies) - took_part == {ministry := thing("agency/mx-coa-ministry-of-economy")}
    assert took_part < set(agencies)
    assert texts(graph[ministry][f"{SKOS}altLabel"]) == ("SEC", "SEC")


@every_action
def test_who_has_no_name_stays_so_with_class_place_number_and_role(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, expected = action(facts, key), UNNAMED.get(key, [])
    told = [one for one in fact["mexican_actors"] + fact["counterparts"] if not is_named(one)]
    assert [(one["name"], role(one)) for one in told if not is_event(one)] == [
        (name, role_) for name, *_, role_ in expected if name != NOT_IN_THE_FACTS
    ]
    unnamed = unnamed_of(key, graph)
    assert [
        (
            *(kind.removeprefix(DL) for kind in iris(one[f"{DL}actorClass"])),
            "".join(slugs(one[f"{DL}basedIn"])),
            "".join(values(one[f"{DL}quantity"])),
            *slugs(one[f"{DL}role"]),
        )
        for one in unnamed
    ] == [tuple(known) for _, *known in expected]
    assert [languages(one[f"{SKOS}note"]) for one in unnamed] == [["en", "es"]] * len(expected)
    # That somebody was there of whom the facts do not speak was concluded.
    for one, (name, *_) in zip(unnamed, expected, strict=True):
        assert name or languages(one[f"{SKOS}editorialNote"]) == ["en", "es"]


@every_action
def test_a_counterpart_is_of_the_country_of_the_facts_or_of_the_gazetteer(
    key: str, facts: Path, graph: Graph
) -> None:
    firms = {row["name"]: row["country"] for row in table(facts, "firms")}
    for one in action(facts, key)["counterparts"]:
        country = one["country"] or (firms.get(one["name"]) if one["type"] == "firm" else None)
        expected = [thing(f"place/{country.lower()}")] if country else []
        for actor in counterparts(one, graph) if is_named(one) else []:
            assert countries_of(actor, graph) == expected


@every_action
def test_persons_and_their_posts_are_as_in_the_facts(key: str, facts: Path, graph: Graph) -> None:
    expected = []
    for fact in action(facts, key)["people"]:
        on_behalf_of, actor, post_es = ACTS_FOR[fact["name"]]
        assert fact["on_behalf_of"] == on_behalf_of
        name = FULL_NAME.get(fact["name"], fact["name"])
        # What stands in brackets is a remark of the facts and belongs to the editorial note.
        post = fact["position"].removesuffix(" (as given in the bulletin)")
        expected.append((name, name, post, post_es, thing(actor)))
    found = [
        (
            *texts(graph[person][f"{SKOS}prefLabel"]),
            *texts(part[f"{DL}inCapacityOf"]),
            *iris(part[f"{DL}actor"]),
        )
        for part in parts_of(key, graph)
        for person in iris(part[f"{DL}representedBy"])
    ]
    assert sorted(found) == sorted(expected)


def test_a_person_known_by_a_shorter_name_has_it_as_another_name(graph: Graph) -> None:
    found = {
        texts(said[f"{SKOS}prefLabel"])[0]: texts(said[f"{SKOS}altLabel"])
        for _, said in of("Person", graph)
    }
    for short, full in FULL_NAME.items():
        assert found[full] == (short, short)


@every_action
def test_what_was_inferred_or_is_uncertain_is_told_in_both_languages_and_lowers_confidence(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    doubtful = bool(fact["inferred"] or fact["uncertain"])
    assert languages(said[f"{SKOS}editorialNote"]) == (["en", "es"] if doubtful else [])
    assert slugs(said[f"{DL}confidence"]) == ["reported" if doubtful else "probable"]


@every_action
def test_the_note_speaks_of_every_field_that_was_inferred(
    key: str, facts: Path, graph: Graph
) -> None:
    inferred = action(facts, key)["inferred"]
    english, spanish = texts(graph[thing(f"action/{key}")][f"{SKOS}editorialNote"])
    for path in inferred:
        (words,) = [words for field, words in CONCLUDED.items() if re.fullmatch(field, path)]
        assert re.search(words, english), path
    assert not inferred or re.search("se deduj", spanish)


@every_action
def test_what_was_inferred_of_a_participant_is_told_beside_it(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    inferred = set(re.findall(r"(?:mexican_actors|counterparts)\[\d\]", " ".join(fact["inferred"])))
    beside = records(key, fact, graph)
    silent = [
        path
        for path in sorted(inferred)
        for record in beside[path]
        if languages(record[f"{SKOS}editorialNote"]) != ["en", "es"]
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


def is_named(party: Fact) -> bool:
    """Whether a party of the facts is an actor with a name: neither an event nor unnamed."""
    unnamed = {name for actors in UNNAMED.values() for name, *_ in actors}
    return not is_event(party) and party["name"] not in unnamed


def countries_of(actor: str, graph: Graph) -> list[str]:
    """The country of an actor."""
    countries = {iri for iri, _ in of("Country", graph)}
    return [place for place in territories_of(actor, graph) if place in countries]


def records(key: str, fact: Fact, graph: Graph) -> dict[str, list[Said]]:
    """What each party of the facts has become; of an event it is the action that speaks."""
    parts, unnamed = iter(parts_of(key, graph)), unnamed_of(key, graph)
    names = [name for name, *_ in UNNAMED.get(key, [])]
    found: dict[str, list[Said]] = {}
    for side in ("mexican_actors", "counterparts"):
        for index, one in enumerate(fact[side]):
            if is_named(one):
                count = len(COUNTERPARTS.get(one["name"], [one["name"]]))
                beside = [next(parts) for _ in range(count)]
            else:
                beside = [] if is_event(one) else [unnamed[names.index(one["name"])]]
            found[f"{side}[{index}]"] = beside
    return found
