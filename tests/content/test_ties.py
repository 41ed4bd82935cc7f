"""Do the example queries on partners, twinnings and agreements answer right? Each answer worked out
anew, from the facts (known.py) or from what was written by hand (walked.py).
"""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from tests.content import known, walked
from tests.content.asked import answer, asks
from tests.content.written import DL, FOAF, Graph, iris, of, slugs, values

from diplolocal.iris import thing
from diplolocal.store import Store


def place(key: str) -> NamedNode:
    return NamedNode(thing(f"place/{key}"))


def acts_with(graph: Graph) -> list[tuple[str, str, str]]:
    """Each action with a state and a country that took part in it."""
    return [
        (action, state, country)
        for action, _ in walked.actions(graph)
        for state in walked.states_of(action, graph)
        for country in walked.countries_of(action, graph)
    ]


def ties(facts: Path) -> Counter[tuple[str, str]]:
    """How many twinnings each state, with its municipalities, has with each country."""
    return Counter((row["mx_state_iso"], row["country_alpha2"]) for row in known.twinnings(facts))


@pytest.mark.parametrize("key", ["mx-jal", "mx-yuc"])
def test_the_countries_of_a_state(key: str, store: Store, facts: Path, written: Graph) -> None:
    actions = Counter(
        country for _, state, country in acts_with(written) if walked.slug(state) == key
    )
    counts = {walked.name(country, written): [n, 0] for country, n in actions.items()}
    for (iso, country), count in ties(facts).items():
        if iso == key.upper():
            counts.setdefault(known.countries(facts)[country], [0, 0])[1] = count
    expected = sorted(counts.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))
    found = answer(store, "countries-of-a-state", "country actions twinnings", state=place(key))
    assert found == [(country, str(acts), str(tied)) for country, (acts, tied) in expected]


@pytest.mark.parametrize("key", ["jp", "us"])
def test_the_states_of_a_country(key: str, store: Store, facts: Path, written: Graph) -> None:
    actions = Counter(
        state for _, state, country in acts_with(written) if walked.slug(country) == key
    )
    counts = {walked.name(state, written): [n, 0] for state, n in actions.items()}
    for (iso, country), count in ties(facts).items():
        if country == key.upper():
            counts.setdefault(known.states(facts)[iso]["name_en"], [0, 0])[1] = count
    expected = sorted(counts.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))
    found = answer(store, "states-of-a-country", "state actions twinnings", country=place(key))
    assert found == [(state, str(acts), str(tied)) for state, (acts, tied) in expected]


def test_the_states_of_mexico_do_not_deal_with_mexico(store: Store) -> None:
    assert answer(store, "states-of-a-country", "state", country=place("mx")) == []
    assert answer(store, "twinnings-with-a-country", "twinning", country=place("mx")) == []


def test_edges_between_states_and_countries(store: Store, facts: Path, written: Graph) -> None:
    acts = Counter(
        (walked.slug(state).upper(), walked.slug(country).upper())
        for _, state, country in acts_with(written)
    )
    tied = ties(facts)
    found = answer(store, "edges-between-states-and-countries", "source target actions twinnings")
    assert found == [(*pair, str(acts[pair]), str(tied[pair])) for pair in sorted(acts | tied)]
    assert tied.total() == 703


@pytest.mark.parametrize(
    ("state", "country", "expected"),
    # Jalisco's governor met the Chinese ambassador; no action of Tlaxcala is known.
    [("mx-jal", "cn", True), ("mx-tla", "us", False), ("mx-jal", "mx", False)],
)
def test_whether_a_state_deals_with_a_country(
    state: str, country: str, expected: bool, store: Store
) -> None:
    asked = {"state": place(state), "country": place(country)}
    assert asks(store, "does-a-state-deal-with-a-country", **asked) is expected


def test_counterparts_that_several_states_share(store: Store, written: Graph) -> None:
    found: dict[str, tuple[set[str], set[str]]] = {}
    for action, _ in walked.actions(written):
        for actor in walked.actors(action, "InternationalActor", written):
            dealt, acts = found.setdefault(actor, (set(), set()))
            if where := walked.states_of(action, written):
                dealt |= where
                acts.add(action)
    expected = sorted(
        (-len(dealt), -len(acts), actor) for actor, (dealt, acts) in found.items() if len(dealt) > 1
    )
    columns = "name states actions"
    assert answer(store, "counterparts-of-several-states", columns) == [
        (walked.name(actor, written), str(-dealt), str(-acts)) for dealt, acts, actor in expected
    ]
    assert walked.slug(expected[0][2]) == "us-tx-mcallen"


@pytest.mark.parametrize("theme", ["culture", "climate"])
def test_the_actions_on_a_theme(theme: str, store: Store, written: Graph) -> None:
    expected = []
    for action, said in walked.actions(written):
        if theme in slugs(said[f"{DL}theme"]):
            states = sorted(walked.name(s, written) for s in walked.states_of(action, written))
            date = walked.value(action, "date", written) or ""
            expected += [(date, walked.slug(action), state) for state in states or [""]]
    concept = NamedNode(f"https://w3id.org/diplolocal/vocab/theme/{theme}")
    found = answer(store, "actions-on-a-theme", "date action state", theme=concept)
    assert [
        (date, (action or "").removeprefix("action:"), state or "") for date, action, state in found
    ] == sorted(expected)


def test_the_twinnings_of_each_state(store: Store, facts: Path) -> None:
    rows = known.twinnings(facts)
    expected = []
    for iso, state in known.states(facts).items():
        own = [row for row in rows if row["mx_state_iso"] == iso]
        municipal = [row for row in own if known.is_municipal(row)]
        expected.append(
            (
                iso,
                state["name_en"],
                str(len(own)),
                str(len(own) - len(municipal)),
                str(len(municipal)),
                str(len({row["country_alpha2"] for row in own})),
                str(sum(bool(row["since"]) for row in own)),
            )
        )
    expected.sort(key=lambda row: (-int(row[2]), row[0]))
    columns = "code state twinnings ofTheState ofMunicipalities countries withDate"
    assert answer(store, "twinnings-by-state", columns) == expected
    assert sum(int(row[3]) for row in expected) == 29


@pytest.mark.parametrize("country", ["JP", "KR"])
def test_the_twinnings_with_a_country(country: str, store: Store, facts: Path) -> None:
    expected = Counter(
        (
            known.states(facts)[row["mx_state_iso"]]["name_en"],
            row["foreign_name"],
            known.KINDS[row["kind"]],
            row["since"] or None,
        )
        for row in known.twinnings(facts)
        if row["country_alpha2"] == country
    )
    columns = "state partner type since"
    found = answer(store, "twinnings-with-a-country", columns, country=place(country.lower()))
    assert Counter(found) == expected
    assert expected.total() > 5


@pytest.mark.parametrize("code", ["14039", "19039"])
def test_the_twinnings_of_a_municipality(
    code: str, store: Store, facts: Path, written: Graph
) -> None:
    columns = "partner country since independentSources"
    asked = {"municipality": place(f"mx-{code}")}
    found = answer(store, "twinnings-of-a-municipality", columns, **asked)
    assert {(*row[:2], row[2] and known.date_alone(row[2]), row[3]) for row in found} == {
        (
            row["foreign_name"],
            known.countries(facts)[row["country_alpha2"]],
            row["since"] or None,
            row["n_sources"],
        )
        for row in known.twinnings(facts)
        if row["mx_inegi"] == code
    }
    # Each source of a twinning is a row, with its address.
    pages = Counter(
        (walked.slug(twinning), page)
        for twinning, said in of("Twinning", written)
        if f"mx-{code}" in slugs(said[f"{DL}party"])
        for source in iris(said[f"{DL}reportedIn"])
        for page in values(written[source][f"{FOAF}page"])
    )
    told = answer(store, "twinnings-of-a-municipality", "twinning page", **asked)
    assert Counter(
        ((twinning or "").removeprefix("twinning:"), page) for twinning, page in told
    ) == (pages)


def test_twinnings_by_confidence_and_independent_sources(store: Store, written: Graph) -> None:
    expected = Counter(
        (
            walked.name(iris(said[f"{DL}confidence"])[0], written),
            values(said[f"{DL}independentSources"])[0],
        )
        for _, said in of("Twinning", written)
    )
    columns = "confidence independentSources twinnings"
    assert answer(store, "twinnings-by-confidence-and-sources", columns) == [
        (*key, str(count)) for key, count in sorted(expected.items())
    ]


def test_the_independent_sources_are_those_of_the_facts(store: Store, facts: Path) -> None:
    found: Counter[str | None] = Counter()
    columns = "independentSources twinnings"
    for sources, count in answer(store, "twinnings-by-confidence-and-sources", columns):
        found[sources] += int(count or 0)
    assert found == Counter(row["n_sources"] for row in known.twinnings(facts))


def test_twinnings_of_which_an_action_is_known(store: Store, written: Graph) -> None:
    active = {
        one for _, said in walked.actions(written) for one in iris(said[f"{DL}concernsRelation"])
    }
    total: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for twinning, _ in of("Twinning", written):
        state = walked.state_of(walked.sides(twinning, written)[0], written)
        code = walked.value(state, "isoCode", written) or ""
        total[code] += 1
        seen[code] += twinning in active
    assert answer(store, "twinnings-with-recorded-activity", "code twinnings withAction") == [
        (code, str(count), str(seen[code])) for code, count in sorted(total.items())
    ]
    assert 0 < seen.total() < total.total() == 703


@pytest.mark.parametrize("key", ["mx-gua", "mx-jal", "mx-chh"])
def test_the_agreements_of_a_state(key: str, store: Store, facts: Path) -> None:
    rows = [
        row for row in known.relations(facts, "agreements") if row["mx_state_iso"] == key.upper()
    ]
    found = {*answer(store, "agreements-of-a-state", "agreement date", state=place(key))}
    assert len({agreement for agreement, _ in found}) == len(found) == len(rows)
    assert Counter(date and known.date_alone(date) for _, date in found) == Counter(
        row["date_signed"] or None for row in rows
    )


def test_an_agreement_only_announced_is_told_from_one_signed(store: Store) -> None:
    found = answer(store, "agreements-of-a-state", "agreement status", state=place("mx-jal"))
    assert ("instrument:mx-14023-us-ca-redwood-city-2013", "Announced") in found
    assert {status for _, status in found} == {"Announced", "Occurred", None}
