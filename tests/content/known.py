"""What the facts know of actions and ties, for the answers to queries.

Nothing here looks into a Turtle file: all comes from bulletins/*.json, twinning/*.csv and
gazetteer/*.csv. What the facts say and the graph leaves out on purpose is named below.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.content.written import table

Fact = dict[str, Any]
Told = dict[str, str]

# A list names the municipality and not the state, and several have the name: no twinning of ours.
UNDETERMINED = {("El Oro", "Santa Cruz"), ("Tuxpan", "Niquero")}
# Told by the bulletin of January 2022 as well: one action, counted as that of the bulletin.
TOLD_TWICE = ("Meoqui", "San Elizario (Texas)")
# The municipalities that INEGI's catalogue has and the file of twinnings does not find there.
NEW = {"San Quintín": "02006"}
# The texts that one side passed alone, and the friendships of which no signing was read.
ONE_SIDED = ("resolution", "ordinance")
NOT_READ = ("friendship city relation", "friendship province/municipality relation")
REGIONS = {
    "centronorte": "North-central",
    "centrosur": "South-central",
    "noreste": "Northeast",
    "noroeste": "Northwest",
    "occidente": "West",
    "oriente": "East",
    "sureste": "Southeast",
    "suroeste": "Southwest",
}
# What the facts call a network, and what it is called here.
NETWORKS = {
    "CDP (environmental disclosure)": "CDP",
    "ICLEI - Local Governments for Sustainability": "ICLEI – Local Governments for Sustainability",
    "Making Cities Resilient 2030 (MCR2030)": "Making Cities Resilient 2030",
}
# What the facts call a partner, and what its government is called after here.
IN_ENGLISH = {"Catalunya": "Catalonia", "Euskadi": "the Basque Country", "Port Laredo": "Laredo"}
# Another bulletin has the full name.
FULL_NAMES = {"Miguel Riquelme": "Miguel Ángel Riquelme Solís"}
# Of Mexico's federal government, associations of Mexican governments, and the publisher.
NO_PARTNERS = {
    "CEMERI",
    "Mexican Agency for International Development Cooperation",
    "Mexican Association of State Offices of International Affairs",
    "National Conference of Governors",
    "Secretariat of Foreign Affairs (Mexico)",
}
KINDS = {"twinning": "Twinning", "friendship": "Friendship", "cooperation": "Cooperation"}


@cache
def bulletins(facts: Path) -> dict[str, Fact]:
    """The bulletins by month, in their order."""
    paths = sorted((facts / "bulletins").glob("*.json"))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in paths}


def actions(facts: Path) -> Iterator[tuple[str, Fact]]:
    """Each action of a bulletin with the month of the bulletin; none of them has another date."""
    for month, issue in bulletins(facts).items():
        for action in issue["actions"]:
            assert action["date"] is None
            yield month, action


def numbered(facts: Path) -> Iterator[tuple[str, Fact]]:
    """Each action of a bulletin with its key."""
    for month, issue in bulletins(facts).items():
        for number, action in enumerate(issue["actions"], 1):
            yield f"action:{month}-{number:02}", action


@cache
def relations(facts: Path, name: str) -> list[Told]:
    with (facts / "twinning" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def twinnings(facts: Path) -> list[Told]:
    """The twinnings whose municipality is known."""
    rows = relations(facts, "twinnings")
    return [row for row in rows if (row["mx_name"], row["foreign_name"]) not in UNDETERMINED]


def twice(facts: Path) -> list[Told]:
    """The agreement that a bulletin tells of."""
    (row,) = [
        row
        for row in relations(facts, "agreements")
        if (row["mx_party"], row["foreign_party"]) == TOLD_TWICE
    ]
    return [row]


def signings(facts: Path) -> list[Told]:
    """The agreements that are actions of their own: dated, and told by no bulletin."""
    known = [row for row in relations(facts, "agreements") if row["date_signed"]]
    return [row for row in known if row not in twice(facts)]


def founds(row: Told) -> bool:
    """Whether it begins a twinning or a friendship, by its kind and subject in the facts."""
    told = f"{row['instrument_type']}, {row['subject']}"
    begins = any(word in told for word in ("twinning", "sister", "friendship"))
    again = any(word in told for word in ("reaffirmation", "renewal", "accession", "intent"))
    return begins and not again


def is_past(row: Told) -> bool:
    """Whether it was read that it came about, not only that it would."""
    return "announced" not in row["instrument_type"]


def is_municipal(row: Told) -> bool:
    return row["mx_level"] == "municipality"


def key_of(row: Told) -> tuple[str, str, str]:
    """The Mexican party by its code, the foreign one by its name and country."""
    return (
        row["mx_inegi"] or NEW[row["mx_name"]],
        row["foreign_name"],
        row["country_alpha2"],
    )


def pair(row: Told, facts: Path) -> tuple[str, str, str]:
    """The parties of an agreement, named as in the file of twinnings.

    A name that a state and a municipality share is the municipality's where the partner is one.
    """
    name, iso = row["mx_party"], row["mx_state_iso"]
    town = next(
        (
            place["inegi"]
            for place in table(facts, "mx_municipalities")
            if (place["name"], place["state_iso"]) == (name, iso)
        ),
        "",
    )
    state = states(facts)[iso]
    is_state = name.removeprefix("Estado de ") == state["name_es"]
    is_towns = bool(town) and (row["foreign_kind"] == "municipal government" or not is_state)
    assert is_state or is_towns, name
    code = town if is_towns else state["inegi"]
    return code, row["foreign_party"].partition(" (")[0], row["country_alpha2"]


def town_of(row: Told) -> str:
    """The name of the foreign party of an agreement, as its government is called after here."""
    name = row["foreign_party"].partition(";")[0].partition(" (")[0]
    return IN_ENGLISH.get(name, name)


def has_item(row: Told, facts: Path) -> bool:
    """Whether the facts have an item of Wikidata for the foreign party of an agreement.

    A town of the United States is told by its state, where it is given: of the two called Mission,
    the one in Texas has none, and the one without a state has.
    """
    state = re.search(r"\((.*)\)", row["foreign_party"]) if row["country_alpha2"] == "US" else None
    return any(
        one["foreign_qid"]
        and (one["foreign_name"], one["country_alpha2"]) == (town_of(row), row["country_alpha2"])
        and (state is None or one["foreign_admin"] == state[1])
        for one in twinnings(facts)
    )


def seen_in_bulletins(facts: Path) -> list[tuple[str, str]]:
    """Which municipality had to do with which country, once for each action of a bulletin.

    Meoqui's twinning is left out: it is counted with the agreements.
    """
    codes = {(r["name"], r["state_iso"]): r["inegi"] for r in table(facts, "mx_municipalities")}
    found = []
    for _, action in actions(facts):
        lands = {one["country"] for one in action["counterparts"]} - {None}
        for one in action["mexican_actors"]:
            if one["level"] in ("municipality", "municipal-agency") and one["name"] != "Meoqui":
                name = one["name"].partition(" (")[0].removeprefix("Tourist police of ")
                found += [(codes[name, one["state"]], land) for land in sorted(lands)]
    return found


def government(row: Told, facts: Path) -> str:
    if row["level"] == "municipality":
        return f"Municipal government of {row['mx_name']}"
    return f"Government of {states(facts)[row['state_iso']]['name_en']}"


def point(place: Told) -> str | None:
    """The longitude and the latitude, as a decimal is written: without zeros at its end."""
    lon, lat = (place[axis].rstrip("0").removesuffix(".") for axis in ("lon", "lat"))
    return f"POINT({lon} {lat})" if lat else None


def date_alone(edtf: str) -> str:
    """A date without the mark of doubt."""
    return edtf.rstrip("?~%")


def states(facts: Path) -> dict[str, Told]:
    return {row["iso"]: row for row in table(facts, "mx_states")}


def countries(facts: Path) -> dict[str, str]:
    return {row["alpha2"]: row["name_en"] for row in table(facts, "countries")}
