"""Are agreements and their signings true to the facts? Row by row; twinnings: test_relations.py.

The facts are a CSV file that is not in the repository (see conftest.py). What was concluded, and
differs from a row or adds to it, is listed here with its reason.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.content.tied import (
    above,
    address,
    addresses,
    country,
    label,
    mexican_place,
    rows,
    sources,
    sure,
)
from tests.content.written import (
    DL,
    SKOS,
    Graph,
    Row,
    Said,
    iris,
    languages,
    of,
    slugs,
    state,
    table,
    texts,
    values,
    written,
)

from diplolocal.dataset import Dataset, Kind
from diplolocal.iris import thing

Record = tuple[str, frozenset[str], str, frozenset[str]]
"""The Mexican party, the names of the others, the date, and the addresses of the sources."""

# The first that is found in what a row calls the agreement.
INSTRUMENT_TYPES = (
    ("resolution|ordinance", "resolution"),
    ("Decreto", "decree"),
    ("^(letter|convention) of intent", "letter-of-intent"),
    ("^memorandum", "memorandum"),
    ("declaration", "declaration"),
    ("protocol", "protocol"),
    ("^friendship (city|province)", "friendship-agreement"),
    ("^cooperation or twinning", "agreement"),
    ("sister|twinning", "twinning-agreement"),
    ("", "agreement"),
)
THEMES = {
    "agriculture-food": "agriculture; agriculture and forestry; forestry",
    "border": "border security; cross-border freight; vehicle inspections",
    "climate": "climate; climate change",
    "culture": "culture; experience; general cooperation incl. culture;"
    " historical and cultural exchange",
    "education": "education; exchange of officials and students; higher education",
    "energy": "energy",
    "environment": "air quality; environment",
    "general-relations": "; common interests of both communities; economic and general exchange;"
    " exchange of information; general cooperation incl. culture; sister city selection;"
    " invitation to sister state relationship; sister state relationship; technical assistance;"
    " sister-state relationship",
    "governance": "2040 municipal development plan; best practices; good practices;"
    " exchange of officials and students; municipal practice; public policy",
    "health": "health; health sciences",
    "human-rights": "gender equality",
    "industry": "industry",
    "migration": "migrants and refugees; migration",
    "science-technology": "R&D; digital infrastructure; innovation; research and innovation;"
    " science; science and technology",
    "security": "border security; public safety; security",
    "social-development": "quality of life; social",
    "sport": "sport",
    "tourism": "tourism",
    "trade-investment": "business; commerce; economic; economic and general exchange;"
    " economic cooperation; economic development; economic exchange; economy; investment;"
    " logistics hubs; trade",
    "urban-development": "urban planning and rehabilitation",
    "water": "water resources",
}
# Said besides themes that are there: events beside tourism, film beside culture.
NO_THEME = {"events", "film"}
# The parties of a row whose names are other ones in the graph.
PARTIES = {
    "UNDP (PNUD)": "United Nations Development Programme",
    "UNHCR (ACNUR)": "Office of the United Nations High Commissioner for Refugees",
    "Port Laredo (Texas); Green Corridors": "Laredo; Green Corridors",
    "Manitoba (Ministry of Agriculture and Food)": "Ministry of Agriculture and Food of Manitoba",
    "Bayern (Bavaria)": "Bavaria",
    "Catalunya (Catalonia)": "Catalonia",
    "Euskadi (Basque Country)": "Basque Country",
}
# What stands in brackets after a partner and is not the unit in which it lies.
NO_UNIT = {"Legislature", "former Urawa", *(name.partition("(")[2][:-1] for name in PARTIES)}
MINISTRY = "Jalisco (Secretaría de Desarrollo Rural)"
# Which rows leave something open, and what was concluded.
CONCLUDED = {
    ("Guanajuato", "Québec"): "that it is the state",
    ("Veracruz", "Alberta"): "that it is the state",
    ("Nuevo León", "Port Laredo (Texas); Green Corridors"): "that the port acted for the city",
    ("Guadalajara", "Guadalajara"): "the year",
    ("Querétaro", "Euskadi (Basque Country)"): "the day",
    ("Mérida", "Antigua Guatemala"): "which one it is",
    ("Colima", "Quetzaltenango"): "which one it is",
    ("Meoqui", "San Elizario (Texas)"): "which one it is",
    ("Jocotepec", "Plymouth (California)"): "which one it is",
}


def test_every_row_is_an_agreement_of_its_type_between_its_parties(
    facts: Path, graph: Graph
) -> None:
    agreed = rows(facts, "agreements")
    assert len(agreed) == 103
    assert {
        record: slugs(instrument(key, graph)[f"{DL}instrumentType"])
        for record, key in agreements(graph).items()
    } == {expected(row, facts): [instrument_type(row)] for row in agreed}


def test_a_partner_lies_in_the_country_and_the_unit_of_its_row(facts: Path, graph: Graph) -> None:
    found, told = agreements(graph), {}
    for row in rows(facts, "agreements"):
        unit = re.search(r"\((.+?)\)", row["foreign_party"])
        places = [
            place
            for party in parties_to(found[expected(row, facts)], graph)
            for place in iris(graph[party][f"{DL}governs"])
            if "/place/mx-" not in place
        ]
        for place in places:
            assert country(place, graph) == row["country_alpha2"], row
            if unit and unit[1] not in NO_UNIT:
                told[row["foreign_party"]] = (unit[1], label(above(place, graph), graph))
    assert len(told) == 33
    assert [pair for pair in told.values() if pair[0] != pair[1]] == []


def test_what_was_concluded_about_an_agreement_is_told_in_both_languages(
    facts: Path, graph: Graph
) -> None:
    found = {
        record: languages(instrument(key, graph)[f"{SKOS}editorialNote"])
        for record, key in agreements(graph).items()
    }
    assert found == {
        expected(row, facts): ["en", "es"] if named(row) in CONCLUDED else []
        for row in rows(facts, "agreements")
    }


def test_a_dated_agreement_is_signed_by_one_action_and_an_undated_one_by_none(
    facts: Path, graph: Graph
) -> None:
    keys = set(agreements(graph).values())
    under = Counter(
        key
        for _, said in of("Action", graph)
        for key in slugs(said[f"{DL}underInstrument"])
        if key in keys
    )
    assert set(under.values()) == {1}
    assert len(under) == sum(row["date_signed"] != "" for row in rows(facts, "agreements")) == 87
    # Meoqui and San Elizario: what the bulletin reports is the only action.
    assert len(signings(graph)) == 86


def test_an_action_is_reported_where_its_agreement_is_and_signed_by_its_parties(
    graph: Graph,
) -> None:
    for key, said in signings(graph).items():
        assert iris(said[f"{DL}underInstrument"]) == [thing(f"instrument/{key}")]
        assert addresses(said, graph) == addresses(instrument(key, graph), graph), key
        parts = iris(said[f"{DL}hasParticipation"])
        assert parts == [
            thing(f"participation/signing-{key}-{n}") for n in range(1, len(parts) + 1)
        ]
        actors = [actor for part in parts for actor in iris(graph[part][f"{DL}actor"])]
        assert sorted(actors) == sorted(parties_to(key, graph)), key


def test_an_action_is_in_the_region_of_its_state(facts: Path, graph: Graph) -> None:
    regions = {row["iso"]: row["region"].lower() for row in table(facts, "mx_states")}
    assert {record: slugs(said[f"{DL}region"]) for record, said in signed(graph).items()} == {
        expected(row, facts): [regions[row["mx_state_iso"]]] for row in dated(facts)
    }


def test_an_action_is_about_the_first_four_themes_of_its_row(facts: Path, graph: Graph) -> None:
    found = {record: set(slugs(said[f"{DL}theme"])) for record, said in signed(graph).items()}
    assert found == {expected(row, facts): themes(row) for row in dated(facts)}


def test_an_action_is_as_sure_as_its_sources_make_it(facts: Path, graph: Graph) -> None:
    degrees = {}
    for row in dated(facts):
        told = sources(row)
        doubt = named(row) in CONCLUDED
        degrees[expected(row, facts)] = (
            "reported" if doubt else sure(told, independent=len(told)),
            ["en", "es"] if doubt else [],
        )
    assert {
        record: (*slugs(said[f"{DL}confidence"]), languages(said[f"{SKOS}editorialNote"]))
        for record, said in signed(graph).items()
    } == degrees


def test_a_signing_of_which_only_the_announcement_was_read_is_announced(
    facts: Path, graph: Graph
) -> None:
    announced = {
        expected(row, facts)
        for row in dated(facts)
        if "signing announced" in row["instrument_type"]
    }
    assert len(announced) == 2
    assert {record: slugs(said[f"{DL}status"]) for record, said in signed(graph).items()} == {
        expected(row, facts): ["announced" if expected(row, facts) in announced else "occurred"]
        for row in dated(facts)
    }


def test_where_the_other_side_decided_alone_the_mexican_one_is_the_addressee(
    facts: Path, graph: Graph
) -> None:
    alone = {
        expected(row, facts)
        for row in dated(facts)
        if row["instrument_type"].startswith("foreign ")
    }
    assert len(alone) == 6
    assert {
        record
        for record, said in signed(graph).items()
        if [slugs(graph[part][f"{DL}role"]) for part in iris(said[f"{DL}hasParticipation"])]
        == [["addressee"], ["initiator"]]
    } == alone


def test_an_action_concerns_the_twinning_of_its_parties(graph: Graph) -> None:
    pairs = {frozenset(iris(said[f"{DL}party"])): iri for iri, said in of("Twinning", graph)}
    concerned = Counter[bool]()
    for key, said in signings(graph).items():
        places = frozenset(
            place
            for actor in parties_to(key, graph)
            for place in iris(graph[actor][f"{DL}governs"])
        )
        twinning = [pairs[places]] if places in pairs else []
        assert iris(said[f"{DL}concernsRelation"]) == twinning, key
        concerned[bool(twinning)] += 1
    assert concerned == {True: 65, False: 21}


def test_only_the_two_whose_source_says_so_are_said_to_be_registered(
    facts: Path, graph: Graph
) -> None:
    registered = {
        expected(row, facts)
        for row in rows(facts, "agreements")
        if "registered" in row["instrument_type"]
    }
    assert len(registered) == 2
    assert {
        record
        for record, key in agreements(graph).items()
        if "is registered" in " ".join(texts(instrument(key, graph)[f"{SKOS}note"]))
    } == registered


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """Agreements, their parties, their signings and their sources."""
    return written(dataset.of(Kind.REFERENCE, Kind.RELATIONS, Kind.BULLETIN))


def expected(row: Row, facts: Path) -> Record:
    """What the agreement of a row is between, of when and from where."""
    others = PARTIES.get(row["foreign_party"]) or re.sub(r" \(.*\)", "", row["foreign_party"])
    return (
        mexican_party(row, facts),
        frozenset(others.split("; ")),
        row["date_signed"],
        frozenset(map(address, sources(row))),
    )


def agreements(graph: Graph) -> dict[Record, str]:
    """The keys of the agreements, by what they are between, of when and from where."""
    dates = {
        iri: values(said[f"{DL}date"])[0]
        for _, said in of("Action", graph)
        for iri in iris(said[f"{DL}underInstrument"])
    }
    found = {}
    for iri, said in of("Instrument", graph):
        actors = iris(said[f"{DL}contractingParty"])
        own = [actor for actor in actors if re.search(r"/(government|agency)/mx-", actor)]
        if own and iri.startswith(thing("instrument/mx-")):
            others = frozenset(name(actor, graph) for actor in actors if actor not in own)
            record = own[0], others, dates.get(iri, ""), addresses(said, graph)
            found[record] = iri.removeprefix(thing("instrument/"))
    assert len(found) == 103
    return found


def instrument(key: str, graph: Graph) -> Said:
    return graph[thing(f"instrument/{key}")]


def parties_to(key: str, graph: Graph) -> list[str]:
    return iris(instrument(key, graph)[f"{DL}contractingParty"])


def signings(graph: Graph) -> dict[str, Said]:
    """The actions that sign an agreement, by its key."""
    start = thing("action/signing-")
    return {
        iri.removeprefix(start): said for iri, said in list(graph.items()) if iri.startswith(start)
    }


def signed(graph: Graph) -> dict[Record, Said]:
    """The actions that sign an agreement, by what is signed."""
    made = signings(graph)
    return {record: made[key] for record, key in agreements(graph).items() if key in made}


def dated(facts: Path) -> list[Row]:
    """The rows that an action of their own signs."""
    return [
        row
        for row in rows(facts, "agreements")
        if row["date_signed"] and row["mx_party"] != "Meoqui"
    ]


def named(row: Row) -> tuple[str, str]:
    return row["mx_party"], row["foreign_party"]


def mexican_party(row: Row, facts: Path) -> str:
    """The government that the row means, or the ministry that it names."""
    if row["mx_party"] == MINISTRY:
        return thing("agency/mx-jal-ministry-of-rural-development")
    (own_state,) = [one for one in table(facts, "mx_states") if one["iso"] == row["mx_state_iso"]]
    towns = [
        one["inegi"]
        for one in table(facts, "mx_municipalities")
        if (one["name"], one["state_iso"]) == (row["mx_party"], row["mx_state_iso"])
    ]
    is_state = row["mx_party"] in (own_state["name_es"], "Estado de México")
    if is_state and towns:
        # A state and a municipality have the name: the twinning of the pair tells which.
        partner = re.sub(r" \(.*\)", "", row["foreign_party"])
        levels = {
            one["mx_level"]
            for one in rows(facts, "twinnings")
            if (one["mx_name"], one["mx_state_iso"]) == (row["mx_party"], row["mx_state_iso"])
            and one["foreign_name"] == partner
        }
        # Where there is none the partner does, and for Colima the address of its source.
        is_state = levels == {"federal-entity"} or (
            not levels and row["foreign_kind"] == "subnational government"
        )
    place = state(own_state["iso"]) if is_state else mexican_place(towns[0], facts)
    return place.replace("/place/", "/government/")


def name(actor: str, graph: Graph) -> str:
    """The name by which the facts know a party: that of its place, or its own."""
    places = iris(graph[actor][f"{DL}governs"])
    return label(places[0] if places else actor, graph)


def instrument_type(row: Row) -> str:
    return next(kind for form, kind in INSTRUMENT_TYPES if re.search(form, row["instrument_type"]))


def themes(row: Row) -> set[str]:
    """The first four themes of which the row speaks, in its order."""
    found: dict[str, None] = {}
    for word in row["subject"].split(", "):
        about = [theme for theme, words in THEMES.items() if word in words.split("; ")]
        assert about or word in NO_THEME, word
        found |= dict.fromkeys(about)
    return set(list(found)[:4])
