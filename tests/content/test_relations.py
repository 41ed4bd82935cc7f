"""Are twinnings and memberships true to the facts? Row by row; agreements: test_agreements.py.

The facts are CSV files that are not in the repository (see conftest.py). What was concluded, and
differs from a row or adds to it, is listed here with its reason. How sure a tie is follows from its
sources: here the rule is worked out again, from the rows.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.content.tied import (
    OF_ANYBODY,
    OF_WIKIPEDIA,
    OFFICIAL,
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
    CLOSE_MATCH,
    DL,
    FOAF,
    RDF,
    SKOS,
    WIKIDATA,
    Graph,
    Row,
    Said,
    iris,
    languages,
    of,
    slugs,
    texts,
    values,
    written,
)

from diplolocal.dataset import Dataset, Kind
from diplolocal.iris import thing

Key = tuple[str, str, str]
"""The Mexican place, and the country and the name of the other."""

# No state is given and several municipalities have the name: no twinning, and an open question.
NOT_DETERMINED = {("El Oro", "Santa Cruz"), ("Tuxpan", "Niquero")}
SAN_QUINTIN = "02006"
# A doubt about the day alone is written into the date.
DOUBTFUL_SINCE = {("Puerto Vallarta", "Santa Barbara"): "1972?"}
ANNOUNCED = {
    ("Zapotlán el Grande", "Redwood City"): "2013-12-06?",
    ("Mazatlán", "Mission"): "2021-06?",
}
# The README of the facts: these years were worked out from the text.
DERIVED = {
    ("Ciudad de México", "Seoul"),
    ("Guadalajara", "Guadalajara"),
    ("Oaxaca de Juárez", "Palo Alto"),
    ("Querétaro", "Bakersfield"),
    ("Cuernavaca", "Minneapolis"),
}
# The bulletin leaves open where San Elizario lies.
PLACE_CONCLUDED = {("Meoqui", "San Elizario")}
# twinnings.csv says Massachusetts, agreements.csv says California, both from one newspaper.
DISPUTED = {("Jocotepec", "Plymouth")}
# agreements.csv gives the unit that twinnings.csv leaves out.
UNIT_OF_AGREEMENTS = {("CN", "Chengdu"): "Sichuan"}
# One item of Wikidata: with and without its state it is the same place.
SAME_ITEM = {("US", "Ontario"): "California"}
DISTRICTS = {"Huishan (Wuxi)": "Wuxi", "Putuo (Shanghai)": "Shanghai", "Seocho (Seoul)": "Seoul"}
NETWORKS = {
    "CDP (environmental disclosure)": "CDP",
    "ICLEI - Local Governments for Sustainability": "ICLEI – Local Governments for Sustainability",
    "Making Cities Resilient 2030 (MCR2030)": "Making Cities Resilient 2030",
}


def test_every_row_is_a_twinning_but_the_two_whose_municipality_is_not_known(
    facts: Path, graph: Graph
) -> None:
    assert len(rows(facts, "twinnings")) == 705
    assert len(of("Twinning", graph)) == 703
    assert twinnings(graph).keys() == twinned(facts).keys()


def test_a_twinning_has_the_kind_and_the_number_of_sources_of_its_row(
    facts: Path, graph: Graph
) -> None:
    assert {
        key: (slugs(said[f"{DL}relationType"]), values(said[f"{DL}independentSources"]))
        for key, said in twinnings(graph).items()
    } == {key: ([row["kind"]], [row["n_sources"]]) for key, row in twinned(facts).items()}


def test_a_twinning_began_when_its_row_says_with_a_question_mark_where_that_is_doubtful(
    facts: Path, graph: Graph
) -> None:
    doubtful = DOUBTFUL_SINCE | ANNOUNCED
    found = {key: values(said[f"{DL}since"]) for key, said in twinnings(graph).items()}
    assert found == {
        key: [doubtful.get(names(row), row["since"])] if row["since"] else []
        for key, row in twinned(facts).items()
    }
    assert sum(since != [] for since in found.values()) == 80


def test_a_twinning_is_reported_in_the_sources_of_its_row(facts: Path, graph: Graph) -> None:
    assert {key: addresses(said, graph) for key, said in twinnings(graph).items()} == {
        key: frozenset(map(address, sources(row))) for key, row in twinned(facts).items()
    }


def test_how_sure_a_twinning_is_follows_from_its_sources_and_from_what_was_concluded(
    facts: Path, graph: Graph
) -> None:
    found = {key: slugs(said[f"{DL}confidence"]) for key, said in twinnings(graph).items()}
    assert found == {key: [expected_sure(row, facts)] for key, row in twinned(facts).items()}
    assert Counter(degree for (degree,) in found.values()) == {
        "confirmed": 98,
        "probable": 242,
        "reported": 362,
        "disputed": 1,
    }


def test_what_was_concluded_about_a_twinning_is_told_in_both_languages(
    facts: Path, graph: Graph
) -> None:
    assert {
        key: languages(said[f"{SKOS}editorialNote"])
        for key, said in twinnings(graph).items()
        if said[f"{SKOS}editorialNote"]
    } == {
        key: ["en", "es"]
        for key, row in twinned(facts).items()
        if concluded(row, facts) or names(row) in DISPUTED
    }


def test_a_partner_lies_where_its_row_says_or_directly_in_its_country(
    facts: Path, graph: Graph
) -> None:
    found = twinnings(graph)
    where = {key: above(partner(said, graph), graph) for key, said in found.items()}
    # What tells a unit from the town of the same name is ours.
    assert {
        key: re.sub(r" \(region\)$| Prefecture$", "", label(place, graph))
        for key, place in where.items()
    } == {
        key: DISTRICTS.get(row["foreign_name"], "")
        or unit(row, facts)
        or label(thing(f"place/{row['country_alpha2'].lower()}"), graph)
        for key, row in twinned(facts).items()
    }


def test_a_partner_in_the_united_states_without_its_state_is_not_guessed_but_asked(
    facts: Path, graph: Graph
) -> None:
    found = twinnings(graph)
    without = {
        partner(found[key], graph)
        for key, row in twinned(facts).items()
        if row["country_alpha2"] == "US" and not unit(row, facts)
    }
    assert len(without) == 34
    assert {tuple(languages(graph[one][f"{SKOS}note"])) for one in without} == {("en", "es")}
    question = graph[thing("question/united-states-places-without-a-state")]
    assert set(iris(question[f"{DL}about"])) == without


def test_a_partner_is_close_to_the_item_of_its_rows(facts: Path, graph: Graph) -> None:
    found = twinnings(graph)
    expected = {
        (partner(found[key], graph), WIKIDATA + row["foreign_qid"])
        for key, row in twinned(facts).items()
        if row["foreign_qid"]
    }
    assert len(expected) == 186
    assert expected == {
        (*iris(said[f"{RDF}subject"]), *iris(said[f"{RDF}object"]))
        for _, said in of("Link", graph)
        if values(said[f"{DL}linkEvidence"]) == ["sister-cities-p190"]
        and iris(said[f"{RDF}predicate"]) == [CLOSE_MATCH]
        and slugs(said[f"{DL}linkMethod"]) == ["single-source"]
    }


def test_no_two_relations_or_agreements_have_one_name(graph: Graph) -> None:
    kinds = ("Twinning", "Membership", "Instrument")
    told = [texts(said[f"{SKOS}prefLabel"]) for kind in kinds for _, said in of(kind, graph)]
    for one_language in zip(*told, strict=True):
        assert [name for name, times in Counter(one_language).items() if times > 1] == []


def test_every_row_is_a_membership_with_its_dates_its_sources_and_its_field(
    facts: Path, graph: Graph
) -> None:
    found = {
        key: (
            values(said[f"{DL}since"]),
            sorted(values(said[f"{DL}listedInYear"])),
            addresses(said, graph),
            [note for note in texts(said[f"{SKOS}note"])[:1] if note.startswith("Field: ")],
        )
        for key, said in memberships(graph).items()
    }
    assert len(found) == 37
    assert found == {
        membership(row, facts): (
            [row["since"]] if row["since"] else [],
            row["listed_years"].split(),
            frozenset(map(address, sources(row))),
            [f"{row['note'].capitalize()}."] if row["note"] else [],
        )
        for row in rows(facts, "memberships")
    }


def test_how_sure_a_membership_is_follows_from_its_sources_and_from_what_was_concluded(
    facts: Path, graph: Graph
) -> None:
    expected = {}
    for row in rows(facts, "memberships"):
        told = sources(row)
        # A seat on the board of ICLEI or a certificate of MCR2030 is not called a membership.
        doubt = all("/junta-directiva-" in one or "cemeri.org" in one for one in told)
        degree = "reported" if doubt else sure(told, independent=len(told))
        expected[membership(row, facts)] = ([degree], ["en", "es"] if doubt else [])
    assert {
        key: (slugs(said[f"{DL}confidence"]), languages(said[f"{SKOS}editorialNote"]))
        for key, said in memberships(graph).items()
    } == expected


def test_a_source_is_of_the_type_of_its_host(facts: Path, graph: Graph) -> None:
    tables = ("twinnings", "agreements", "memberships")
    told = {source for name in tables for row in rows(facts, name) for source in sources(row)}
    types = {
        page: slugs(said[f"{DL}sourceType"])
        for _, said in of("Source", graph)
        for page in iris(said[f"{FOAF}page"])
    }
    bulletins = {page for _, said in of("Bulletin", graph) for page in iris(said[f"{FOAF}page"])}
    assert len(told - bulletins) == 141
    for source in told - bulletins:
        (kind,) = types[address(source)]
        assert (kind == "official") == bool(OFFICIAL.search(source)), source
        assert (kind == "list") == bool(OF_ANYBODY.search(source)), source


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """Ties, those that they tie, their sources, and what is asked about them."""
    return written(
        dataset.of(Kind.REFERENCE, Kind.RELATIONS, Kind.BULLETIN, Kind.LINKS, Kind.QUESTIONS)
    )


def twinned(facts: Path) -> dict[Key, Row]:
    """The rows of which the Mexican place is known, each by what it ties."""
    told = [row for row in rows(facts, "twinnings") if names(row) not in NOT_DETERMINED]
    found = {
        (mexican_place(inegi(row), facts), row["country_alpha2"], row["foreign_name"]): row
        for row in told
    }
    assert len(found) == len(told)
    return found


def twinnings(graph: Graph) -> dict[Key, Said]:
    """The twinnings, each by what it ties."""
    found = {}
    for _, said in of("Twinning", graph):
        other = partner(said, graph)
        (own,) = set(iris(said[f"{DL}party"])) - {other}
        found[own, country(other, graph), label(other, graph)] = said
    return found


def memberships(graph: Graph) -> dict[tuple[str, str], Said]:
    """The memberships, each by the place of the member and the name of the network."""
    found = {}
    for _, said in of("Membership", graph):
        (member,), (network,) = iris(said[f"{DL}member"]), iris(said[f"{DL}network"])
        (place,) = iris(graph[member][f"{DL}governs"])
        found[place, label(network, graph)] = said
    return found


def membership(row: Row, facts: Path) -> tuple[str, str]:
    network = row["network"]
    return mexican_place(row["mx_inegi"], facts), NETWORKS.get(network, network)


def partner(said: Said, graph: Graph) -> str:
    """The foreign party."""
    kind = f"{DL}ForeignTerritory"
    (found,) = [one for one in iris(said[f"{DL}party"]) if kind in iris(graph[one][f"{RDF}type"])]
    return found


def names(row: Row) -> tuple[str, str]:
    return row["mx_name"], row["foreign_name"]


def inegi(row: Row) -> str:
    return SAN_QUINTIN if row["mx_name"] == "San Quintín" else row["mx_inegi"]


def unit(row: Row, facts: Path) -> str:
    """The unit in which the partner lies: of the row, or of the one other row that gives it."""
    where = row["country_alpha2"], row["foreign_name"]
    if row["foreign_admin"] or where in SAME_ITEM:
        return row["foreign_admin"] or SAME_ITEM[where]
    if row["country_alpha2"] == "US":
        return ""
    known = {
        other["foreign_admin"]
        for other in rows(facts, "twinnings")
        if (other["country_alpha2"], other["foreign_name"]) == where and other["foreign_admin"]
    }
    return known.pop() if len(known) == 1 else UNIT_OF_AGREEMENTS.get(where, "")


def expected_sure(row: Row, facts: Path) -> str:
    if names(row) in DISPUTED:
        return "disputed"
    if concluded(row, facts):
        return "reported"
    return sure(sources(row), independent=int(row["n_sources"]))


def concluded(row: Row, facts: Path) -> bool:
    """Something about the tie was concluded and not read."""
    where = row["country_alpha2"], row["foreign_name"]
    merged = not row["foreign_admin"] and unit(row, facts) != "" and where not in SAME_ITEM
    # The facts count a copy of Wikipedia as a second source.
    copies = row["n_sources"] != "1" and all(map(OF_WIKIPEDIA.search, sources(row)))
    return (
        merged
        or copies
        or row["mx_name"] == "San Quintín"
        or names(row) in DERIVED | PLACE_CONCLUDED | ANNOUNCED.keys()
    )
