"""Are the identifiers elsewhere those of the gazetteers, and is the rest asked? Row by row.

A link says how sure it is; what is in doubt or missing is an open question. The gazetteers are CSV
files among the facts, which are not in the repository (see conftest.py).
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.content.written import (
    CLOSE_MATCH,
    DL,
    GEONAMES,
    RDF,
    SAME_AS,
    SKOS,
    WIKIDATA,
    Graph,
    actors,
    firm_names,
    iris,
    languages,
    of,
    organisations,
    slugs,
    state,
    table,
    values,
    written,
)

from diplolocal.dataset import Dataset, Kind
from diplolocal.iris import thing

Link = tuple[str, str, frozenset[str]]

# Countries for which the README of the gazetteer says that a person chose the item.
CHOSEN_BY_HAND = {"AQ", "EH", "NL", "PS", "SH"}
EVIDENCE = {
    "google-covid19-open-data": "google-kg",
    "data-commons": "datacommons",
    "public": "single-files",
}
BOTH = frozenset({"google-kg", "datacommons"})
# What a third file decides between the two that differ. For Teocaltiche the gazetteer names none:
# the item that was not taken is also that of another municipality.
RESOLVED = {
    "14039": frozenset({"google-kg", "openclimate"}),
    "30193": frozenset({"datacommons", "openclimate"}),
    "14091": frozenset({"datacommons"}),
}


def test_the_links_of_countries_are_those_of_the_gazetteer_each_with_its_method(
    facts: Path, graph: Graph
) -> None:
    expected: dict[tuple[str, str], Link] = {}
    for row in table(facts, "countries"):
        country = thing(f"place/{row['alpha2'].lower()}")
        sources = dict(part.split(": ", 1) for part in row["source"].split("; "))
        pairing = frozenset(sources["qid"].split("+"))
        method = "human" if row["alpha2"] in CHOSEN_BY_HAND else agreed(pairing)
        expected[country, WIKIDATA + row["qid"]] = (SAME_AS, method, pairing)
        pairing = frozenset(sources["geonames_id"].split(" = "))
        geonames = f"{GEONAMES}{row['geonames_id']}/"
        expected[country, geonames] = (SAME_AS, agreed(pairing), pairing)
    assert links(graph, [iri for iri, _ in of("Country", graph)]) == expected


def test_the_links_of_states_are_those_of_the_gazetteer_each_with_its_method(
    facts: Path, graph: Graph
) -> None:
    expected: dict[tuple[str, str], Link] = {}
    for row in table(facts, "mx_states"):
        sources = dict(part.split(": ", 1) for part in row["source"].split("; "))
        files = sources["qid"].removesuffix(" (3 agree)").split("=")
        pairing = frozenset(EVIDENCE.get(file, file) for file in files)
        expected[state(row["iso"]), WIKIDATA + row["qid"]] = (SAME_AS, agreed(pairing), pairing)
        assert sources["geonames_id"] == "GeoNames admin1Codes"
        geonames = f"{GEONAMES}{row['geonames_id']}/"
        expected[state(row["iso"]), geonames] = (SAME_AS, "single-source", frozenset({"geonames"}))
    assert links(graph, [iri for iri, _ in of("FederalEntity", graph)]) == expected


def test_the_links_of_municipalities_are_close_where_the_item_may_be_the_towns(
    facts: Path, graph: Graph
) -> None:
    expected: dict[tuple[str, str], Link] = {}
    for row in table(facts, "mx_municipalities"):
        place = thing(f"place/mx-{row['inegi']}")
        status, _, shared = row["qid_status"].partition("+")
        pairing = {
            "agree": BOTH,
            "resolved": RESOLVED.get(row["inegi"]),
            "datacommons-only": frozenset({"datacommons"}),
        }.get(status)
        if pairing:
            close = bool(shared) or status == "datacommons-only"
            predicate = CLOSE_MATCH if close else SAME_AS
            expected[place, WIKIDATA + row["qid"]] = (predicate, agreed(pairing), pairing)
        if row["geonames_id"]:
            # GeoNames carries the code of INEGI, so the identifier pairs them.
            geonames = f"{GEONAMES}{row['geonames_id']}/"
            expected[place, geonames] = (SAME_AS, "identifier", frozenset({"geonames"}))
    found = links(graph, [iri for iri, _ in of("Municipality", graph)])
    assert {key: link for key, link in found.items() if expected.get(key) != link} == {}
    assert expected.keys() - found.keys() == set()
    assert len([target for _, target in found if target.startswith(WIKIDATA)]) == 2449
    assert len([target for _, target in found if target.startswith(GEONAMES)]) == 2471


def test_no_item_is_that_of_two_municipalities_nor_one_of_those_in_conflict(
    facts: Path, graph: Graph
) -> None:
    places = [iri for iri, _ in of("Municipality", graph)]
    items = Counter(target for _, target in links(graph, places))
    assert {item: count for item, count in items.items() if count > 1} == {}
    rejected = {
        WIKIDATA + item
        for row in table(facts, "mx_municipalities")
        if row["qid_status"] in ("conflict", "resolved")
        for item in re.findall(r"Q\d+", row["qid_alt"])
    }
    # The one that google gives to Teocaltiche is that of another municipality, where it is right.
    assert rejected & items.keys() == {f"{WIKIDATA}Q2445115"}


@pytest.mark.parametrize("kind", ["agency", "body", "firm", "mission", "organisation"])
def test_the_links_of_organisations_and_firms_are_those_of_the_gazetteer(
    kind: str, facts: Path, graph: Graph
) -> None:
    rows = dict(organisations(facts)) | {firm_names(row)[0]: row for row in table(facts, "firms")}
    expected: dict[tuple[str, str], Link] = {}
    things = {iri: name for name, iri in actors(graph).items() if iri.startswith(thing(f"{kind}/"))}
    for iri, name in things.items():
        row = rows.get(name, {})
        first = [part.strip().split(" ")[0] for part in row.get("source", "").split(";")]
        pairing = frozenset(EVIDENCE.get(word, word) for word in first if word)
        if row.get("qid"):
            # Files of unknown making are not enough to say that it is the same.
            weak = "weak" in row["note"] or pairing == {"single-files"}
            predicate = CLOSE_MATCH if weak else SAME_AS
            expected[iri, WIKIDATA + row["qid"]] = (predicate, agreed(pairing), pairing)
        if row.get("ror_id"):
            # ROR's records of these firms are those of one country.
            close = kind == "firm" or "may be the Costa Rica seat" in row["note"]
            predicate = CLOSE_MATCH if close else SAME_AS
            expected[iri, row["ror_id"]] = (predicate, "single-source", frozenset({"ror"}))
    assert len(things) >= 2
    assert links(graph, things) == expected


def test_a_link_that_is_close_for_a_reason_of_its_own_tells_it(facts: Path, graph: Graph) -> None:
    by_rule = {
        thing(f"place/mx-{row['inegi']}")
        for row in table(facts, "mx_municipalities")
        if row["qid_status"] == "datacommons-only"
    }
    silent = [
        iri
        for iri, said in of("Link", graph)
        if iris(said[f"{RDF}predicate"]) == [CLOSE_MATCH]
        and languages(said[f"{SKOS}editorialNote"]) != ["en", "es"]
        for one in iris(said[f"{RDF}subject"])
        if one not in by_rule and slugs(graph[one][f"{RDF}type"]) != ["def#ForeignTerritory"]
    ]
    assert silent == []


def test_nothing_else_is_linked(graph: Graph) -> None:
    linked = {one for _, said in of("Link", graph) for one in iris(said[f"{RDF}subject"])}
    kinds = {iri.removeprefix(thing("")).split("/")[0] for iri in linked}
    assert kinds <= {"place", "organisation", "firm", "agency", "body", "mission"}


def test_every_contradiction_of_the_gazetteer_is_an_open_question(
    facts: Path, graph: Graph
) -> None:
    assert asked("conflicting-sources", "place/mx-", graph) == {
        thing(f"place/mx-{row['inegi']}"): {
            WIKIDATA + item for item in re.findall(r"Q\d+", row["qid_alt"])
        }
        for row in table(facts, "mx_municipalities")
        if row["qid_status"] == "conflict"
    }


def test_every_item_that_was_not_found_is_an_open_question(facts: Path, graph: Graph) -> None:
    named = actors(graph)
    without = {named[name] for name, row in organisations(facts).items() if not row["qid"]}
    without |= {named[firm_names(row)[0]] for row in table(facts, "firms") if not row["qid"]}
    without |= {
        thing(f"place/mx-{row['inegi']}")
        for row in table(facts, "mx_municipalities")
        if row["qid_status"] == "none"
    }
    without.add(thing("body/cemeri"))
    questions = asked("missing-identifier", "", graph)
    assert len(without) == 38
    assert {iri: questions.get(iri) for iri in without} == {iri: set() for iri in without}


def test_what_may_be_another_thing_is_an_open_question(facts: Path, graph: Graph) -> None:
    asked_of = asked("doubtful-identity", "", graph)
    doubtful = {
        thing(f"place/mx-{row['inegi']}")
        for row in table(facts, "mx_municipalities")
        if row["qid_status"].endswith("+shared-with-settlement")
    }
    doubtful |= {thing("organisation/unodc"), thing("organisation/flacso")}
    assert len(doubtful) == 17
    assert doubtful - asked_of.keys() == set()


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """Reference data, links and open questions."""
    return written(dataset.of(Kind.REFERENCE, Kind.LINKS, Kind.QUESTIONS))


def links(graph: Graph, things: Iterable[str]) -> dict[tuple[str, str], Link]:
    """The links of things: predicate, method and evidence by thing and target."""
    found: dict[tuple[str, str], Link] = {}
    wanted = set(things)
    for _, said in of("Link", graph):
        (subject,), (target,) = iris(said[f"{RDF}subject"]), iris(said[f"{RDF}object"])
        if subject in wanted:
            assert (subject, target) not in found
            (predicate,), (method,) = iris(said[f"{RDF}predicate"]), slugs(said[f"{DL}linkMethod"])
            evidence = frozenset(values(said[f"{DL}linkEvidence"]))
            found[subject, target] = (predicate, method, evidence)
    return found


def asked(kind: str, about: str, graph: Graph) -> dict[str, set[str]]:
    """The candidates of the questions of a type, by the things that they are about."""
    return {
        one: set(iris(said[f"{DL}candidate"]))
        for _, said in of("OpenQuestion", graph)
        if slugs(said[f"{DL}questionType"]) == [kind]
        for one in iris(said[f"{DL}about"])
        if one.startswith(thing(about))
    }


def agreed(pairing: frozenset[str]) -> str:
    return "agreed-sources" if len(pairing) > 1 else "single-source"
