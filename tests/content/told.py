"""What the facts tell of the bulletins, and which records of ours they should have become."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.content.written import DL, SKOS, Graph, Said, iris, of, state, table, texts

from diplolocal.iris import thing

Fact = dict[str, Any]

COUNTS = {
    "2021-01": 8,
    "2021-02": 4,
    "2021-03": 4,
    "2021-05": 3,
    "2021-07": 3,
    "2021-09": 8,
    "2021-10": 3,
    "2021-11": 2,
    "2021-12": 3,
    "2022-01": 2,
    "2022-02": 2,
}
"""The bulletins and how many actions each reports: 42 in all."""

ACTIONS = [f"{month}-{n:02}" for month, count in COUNTS.items() for n in range(1, count + 1)]

# The role in the facts, where the vocabulary has another word: who shares a role has the same.
ROLE = {
    "certifier": "award-giver",
    "co-host": "host",
    "co-organiser": "organiser",
    "other-side-of-border": "counterpart",
    "target-market": "target",
}
# The municipality that the facts mean, as INEGI names it.
MUNICIPALITY = {
    "Chihuahua (municipality)": "Chihuahua",
    "Pachuca": "Pachuca de Soto",
    "Puebla (city government)": "Puebla",
}
# The acronym is that of the ministry, of which the directorate is a part.
AGENCY = {
    "General Directorate of Business Management, Ministry of Economy of Coahuila (SEC)": (
        "General Directorate of Business Management, Ministry of Economy of Coahuila"
    ),
}
CLASSES = {
    "chamber": ["Chamber"],
    "diplomatic-mission": ["DiplomaticMission"],
    "firm": ["Firm"],
    "foreign-state": ["ForeignAgency", "ForeignState"],
    "foreign-subnational-government": ["ForeignSubnationalGovernment"],
    "international-organisation": ["CityNetwork", "InternationalOrganisation"],
    # The Prosperity Fund; the others of this type are fairs.
    "other": ["ForeignAgency"],
}
# Counterparts by the names of their records. Whoever is named as a country is its government; two
# organisations that the facts write as one have a participation each.
COUNTERPARTS = {
    "Germany": ["Government of Germany"],
    "Morocco": ["Government of Morocco"],
    "Pan American Health Organization / World Health Organization (PAHO/WHO)": [
        "Pan American Health Organization",
        "World Health Organization",
    ],
    "Republic of Korea": ["Government of South Korea"],
    "San Elizario": ["Government of San Elizario"],
    "United States of America": ["Government of the United States"],
}

every_bulletin = pytest.mark.parametrize("month", COUNTS)
every_action = pytest.mark.parametrize("key", ACTIONS)


def bulletin(facts: Path, month: str) -> Fact:
    told: Fact = json.loads((facts / "bulletins" / f"{month}.json").read_text("utf-8"))
    return told


def action(facts: Path, key: str) -> Fact:
    told: Fact = bulletin(facts, key[:7])["actions"][int(key[8:]) - 1]
    return told


def is_event(party: Fact) -> bool:
    """A fair or a conference, which the facts count among the counterparts: here an instrument."""
    return bool(party["role"] == "venue")


def role(fact: Fact) -> str:
    said: str = fact["role"]
    return ROLE.get(said, said)


def mexican_actor(fact: Fact, facts: Path, graph: Graph) -> str:
    """The actor that the facts mean, found by name and state."""
    code = fact["state"].lower()
    if fact["level"] == "federal-entity":
        return thing(f"government/{code}")
    if fact["level"] == "municipality":
        name = MUNICIPALITY.get(fact["name"], fact["name"])
        (inegi,) = [
            row["inegi"]
            for row in table(facts, "mx_municipalities")
            if (row["name"], row["state_iso"]) == (name, fact["state"])
        ]
        return thing(f"government/mx-{inegi}")
    (agency,) = [
        iri
        for iri, said in of("SubnationalAgency", graph)
        if texts(said[f"{SKOS}prefLabel"])[0] == AGENCY.get(fact["name"], fact["name"])
        and state(fact["state"]) in territories_of(iri, graph)
    ]
    return agency


def counterparts(fact: Fact, graph: Graph) -> list[str]:
    """The actors that the facts mean, found by English name, acronym, or both."""
    named = {
        name: iri
        for kind in CLASSES[fact["type"]]
        for iri, said in of(kind, graph)
        for label in [texts(said[f"{SKOS}prefLabel"])[0]]
        for acronym in [next(iter(texts(said[f"{SKOS}altLabel"])), "")]
        for name in (label, acronym, f"{label} ({acronym})")
    }
    return [named[name] for name in COUNTERPARTS.get(fact["name"], [fact["name"]])]


def territories_of(actor: str, graph: Graph) -> list[str]:
    """Where an actor belongs: its seat, what it represents or governs, or its government's, and
    the territories above."""
    said = graph[actor]
    ties = ("agencyOf", "basedIn", "represents", "governs", "partOf")
    above = [one for tie in ties for one in iris(said[f"{DL}{tie}"])]
    return above + [place for one in above for place in territories_of(one, graph)]


def parts_of(key: str, graph: Graph) -> list[Said]:
    """The participations of an action, in the order of their numbers."""
    parts = iris(graph[thing(f"action/{key}")][f"{DL}hasParticipation"])
    assert parts == [thing(f"participation/{key}-{n}") for n in range(1, len(parts) + 1)]
    return [graph[part] for part in parts]


def unnamed_of(key: str, graph: Graph) -> list[Said]:
    """The unnamed actors of an action, in the order of their numbers."""
    unnamed = iris(graph[thing(f"action/{key}")][f"{DL}unnamedActor"])
    assert unnamed == [thing(f"unnamed/{key}-{n}") for n in range(1, len(unnamed) + 1)]
    return [graph[one] for one in unnamed]
