"""Do the example queries count right? Each number counted anew, from the facts (known.py) or from
what was written by hand (walked.py).
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.content import known, walked
from tests.content.asked import Row, answer
from tests.content.written import DL, SKOS, Graph, iris, of, slugs

from diplolocal.iris import thing
from diplolocal.store import Store

YEAR = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")


def place(key: str) -> NamedNode:
    return NamedNode(thing(f"place/{key}"))


def counted(counts: Counter[str]) -> list[Row]:
    """The rows of a table of names and numbers, the largest first, then by name."""
    return [(key, str(n)) for key, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def by_state(facts: Path) -> tuple[Counter[str], Counter[str]]:
    """The actions of each state, and those of bulletins alone."""
    told = Counter(
        iso
        for _, action in known.actions(facts)
        for iso in {one["state"] for one in action["mexican_actors"]} - {None}
    )
    return told + Counter(row["mx_state_iso"] for row in known.signings(facts)), told


def test_actions_per_year(store: Store, facts: Path) -> None:
    told = Counter(month[:4] for month, _ in known.actions(facts))
    signed = Counter(row["date_signed"][:4] for row in known.signings(facts))
    assert answer(store, "actions-per-year", "year actions inBulletins") == [
        (year, str(told[year] + signed[year]), str(told[year])) for year in sorted(told | signed)
    ]
    assert (told.total(), signed.total(), min(signed)) == (42, 86, "1953")


def test_actions_of_each_state(store: Store, facts: Path) -> None:
    total, told = by_state(facts)
    expected = [
        (iso, row["name_en"], str(total[iso]), str(told[iso]))
        for iso, row in sorted(
            known.states(facts).items(), key=lambda one: (-total[one[0]], one[0])
        )
    ]
    assert answer(store, "actions-by-state", "code state actions inBulletins") == expected
    assert expected[0] == ("MX-JAL", "Jalisco", "24", "7")
    assert [row[2] for row in expected].count("0") == 6


def test_actions_for_every_million_of_inhabitants(store: Store, facts: Path) -> None:
    total, _ = by_state(facts)
    expected = {}
    for iso, count in total.items():
        people = int(known.states(facts)[iso]["population_2020"])
        share = (Decimal(10_000_000 * count) / people).quantize(Decimal(1), ROUND_HALF_UP) / 10
        expected[iso] = (str(people), str(count), share)
    found = answer(store, "actions-per-million-inhabitants", "code population actions perMillion")
    assert {
        code: (people, count, Decimal(share or "")) for code, people, count, share in found
    } == expected
    order = [(-Decimal(share or ""), code) for code, _, _, share in found]
    assert order == sorted(order)


@pytest.mark.parametrize(("one", "other"), [("mx-jal", "mx-chh"), ("mx-nle", "mx-jal")])
def test_the_themes_of_two_states(one: str, other: str, store: Store, written: Graph) -> None:
    counts: dict[str, Counter[str]] = {one: Counter(), other: Counter()}
    for action, said in walked.actions(written):
        for state in {one, other} & {walked.slug(s) for s in walked.states_of(action, written)}:
            counts[state].update(walked.name(c, written) for c in iris(said[f"{DL}theme"]))
    found = answer(
        store,
        "two-states-compared",
        "theme actions actionsOfOther",
        state=place(one),
        other=place(other),
    )
    assert found == [
        (theme, str(counts[one][theme]), str(counts[other][theme]))
        for theme in sorted({*counts[one], *counts[other]})
    ]
    assert counts[one].total() > 0 < counts[other].total()


@pytest.mark.parametrize("year", ["2021", "2013"])
def test_the_themes_of_a_year(year: str, store: Store, written: Graph) -> None:
    themes = Counter(
        walked.name(theme, written)
        for action, said in walked.actions(written)
        if (walked.value(action, "date", written) or "")[:4] == year
        for theme in iris(said[f"{DL}theme"])
    )
    asked = Literal(year, datatype=YEAR)
    assert answer(store, "themes-of-a-year", "theme actions", year=asked) == counted(themes)
    assert themes


def test_actions_by_family_of_types(store: Store, written: Graph) -> None:
    found: Counter[str] = Counter()
    types: dict[str, set[str]] = {}
    for _, said in walked.actions(written):
        touched = set()
        for concept in iris(said[f"{DL}actionType"]):
            for family in walked.families(concept, written):
                touched.add(walked.name(family, written))
                types.setdefault(walked.name(family, written), set()).add(concept)
        found.update(touched)
    assert answer(store, "actions-by-family-of-types", "family actions types") == [
        (family, count, str(len(types[family or ""]))) for family, count in counted(found)
    ]
    assert found.total() > 128


def test_every_type_of_action_is_listed_used_or_not(store: Store, written: Graph) -> None:
    used = Counter(
        concept for _, said in walked.actions(written) for concept in slugs(said[f"{DL}actionType"])
    )
    found = answer(store, "action-types-and-their-use", "family concept type actions")
    names = {
        iri: walked.name(iri, written)
        for iri, said in list(written.items())
        if "action-type" in slugs(said[f"{SKOS}inScheme"])
    }
    assert {(row[0], row[2], row[3]) for row in found} == {
        (
            walked.name(next(iter(walked.families(iri, written))), written),
            name,
            str(used[walked.slug(iri)]),
        )
        for iri, name in names.items()
    }
    assert len(found) == len(names) == 61
    order = [(family, -int(count or 0), concept) for family, concept, _, count in found]
    assert order == sorted(order)


def test_who_acts_on_the_mexican_side(store: Store, written: Graph) -> None:
    who: dict[str, set[str]] = {}
    what: dict[str, set[str]] = {}
    for action, _ in walked.actions(written):
        for actor in walked.actors(action, "MexicanActor", written):
            (kind,) = iris(written[actor]["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"])
            who.setdefault(walked.name(kind, written), set()).add(actor)
            what.setdefault(walked.name(kind, written), set()).add(action)
    expected = counted(Counter({kind: len(actions) for kind, actions in what.items()}))
    assert answer(store, "mexican-actors-by-kind", "kind actors actions") == [
        (kind, str(len(who[kind or ""])), count) for kind, count in expected
    ]
    assert set(who) == {"Municipal government", "State government", "Subnational agency"}


def test_roles_on_either_side(store: Store, written: Graph) -> None:
    roles: dict[str, Counter[str]] = {"MexicanActor": Counter(), "InternationalActor": Counter()}
    for action, _ in walked.actions(written):
        for side, counts in roles.items():
            there = walked.actors(action, side, written)
            for one in walked.has(action, "hasParticipation", written):
                if there & {*walked.has(one, "actor", written)}:
                    (role,) = walked.has(one, "role", written)
                    counts[walked.name(role, written)] += 1
    mexican, foreign = roles.values()
    assert answer(store, "roles-on-either-side", "role mexicanSide otherSide") == [
        (role, str(mexican[role]), str(foreign[role])) for role in sorted(mexican | foreign)
    ]
    assert mexican["Signatory"] > 50 < foreign["Signatory"]


def test_networks_and_their_members(store: Store, facts: Path) -> None:
    members: dict[str, set[str]] = {}
    isos: dict[str, set[str]] = {}
    dated: Counter[str] = Counter()
    for row in known.relations(facts, "memberships"):
        network = known.NETWORKS.get(row["network"], row["network"])
        members.setdefault(network, set()).add(known.government(row, facts))
        isos.setdefault(network, set()).add(row["state_iso"])
        dated[network] += bool(row["since"])
    found = answer(store, "members-of-each-network", "network name members states withDate")
    assert {row[1:] for row in found} == {
        (name, str(len(who)), str(len(isos[name])), str(dated[name]))
        for name, who in members.items()
    }
    order = [(-int(count or 0), network) for network, _, count, _, _ in found]
    assert order == sorted(order)


def test_people_and_in_how_many_actions_they_appear(store: Store, facts: Path) -> None:
    named = Counter(
        known.FULL_NAMES.get(person["name"], person["name"])
        for _, action in known.actions(facts)
        for person in action["people"]
    )
    found = answer(store, "people-and-their-actions", "name actors actions")
    assert sorted(found) == sorted((name, "1", str(count)) for name, count in named.items())
    # The governor of Coahuila is the only one named twice.
    assert found[0] == ("Miguel Ángel Riquelme Solís", "1", "2")


def test_where_actions_took_place(store: Store, written: Graph) -> None:
    found: Counter[str] = Counter()
    for action, _ in walked.actions(written):
        found.update(walked.has(action, "takesPlaceIn", written))
    columns = "place name latitude longitude actions"
    answered = answer(store, "where-actions-took-place", columns)
    assert {(row[1], row[4]) for row in answered} == {
        (walked.name(iri, written), str(count)) for iri, count in found.items()
    }
    assert ("place:mx-02004", "Tijuana", "32.53246", "-117.01891", "1") in answered


def test_the_outline_of_every_state_with_its_actions(
    store: Store, facts: Path, written: Graph
) -> None:
    total, _ = by_state(facts)
    geo = "http://www.opengis.net/ont/geosparql#"
    outlines = {
        walked.value(iri, "isoCode", written): str(written[boundary][f"{geo}asWKT"][0].value)
        for iri, said in of("FederalEntity", written)
        for boundary in iris(said[f"{geo}hasGeometry"])
    }
    assert answer(store, "states-on-a-map", "code actions outline") == [
        (iso, str(total[iso]), outlines[iso]) for iso in sorted(known.states(facts))
    ]
