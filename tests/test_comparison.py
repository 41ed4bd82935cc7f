"""What stands side by side when several of one kind are compared, over the real data: each number
is counted anew with SPARQL.
"""

import pytest

from diplolocal import backdrop, comparison, iris
from diplolocal.backdrop import Backdrop
from diplolocal.comparison import FACETS, KINDS, Comparison, Section
from diplolocal.embedded import EmbeddedStore
from diplolocal.search import Index
from diplolocal.store import plain, select
from diplolocal.wording import Language

JALISCO, NUEVO_LEON, OAXACA = (iris.thing(f"place/mx-{key}") for key in ("jal", "nle", "oax"))
UNITED_STATES, CANADA = iris.thing("place/us"), iris.thing("place/ca")
COUNTED = {
    "country": "dl:counterpartCountry",
    "theme": "dl:theme/skos:broader*",
    "actionType": "dl:actionType/skos:broader*",
    "actor": "(dl:mexicanActor|dl:counterpart)",
}
"""How an action leads to a value of each facet, as the ontology tells it."""

PREFIXES = f"PREFIX dl: <{iris.ONTOLOGY}#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


@pytest.fixture(scope="module")
def behind(store: EmbeddedStore) -> Backdrop:
    """What pictures and comparisons stand on."""
    return backdrop.read(store)


def section(found: Comparison, kind: str, facet: str) -> Section:
    [each] = [each for each in found.sections if (each.kind, each.facet) == (kind, facet)]
    return each


def numbers(of: Section) -> dict[str, tuple[int | None, ...]]:
    return {row.value: tuple(cell.count for cell in row.cells) for row in of.rows}


def counted(store: EmbeddedStore, state: str, way: str) -> dict[str, int]:
    rows = select(
        store,
        f"{PREFIXES} SELECT ?value (COUNT(DISTINCT ?action) AS ?actions)"
        f" WHERE {{ ?action a dl:Action ; dl:territory <{state}> ; {way} ?value }} GROUP BY ?value",
    )
    return {plain(row["value"]): int(plain(row["actions"])) for row in rows}


def compared(
    search: Index,
    behind: Backdrop,
    store: EmbeddedStore,
    facet: str,
    *values: str,
    language: Language = Language.EN,
) -> Comparison:
    return comparison.compare(search, behind, store, language, (facet, values))


@pytest.mark.parametrize("facet", ["country", "theme", "actionType", "actor"])
def test_each_number_is_that_of_the_graph(
    search: Index, behind: Backdrop, store: EmbeddedStore, facet: str
) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    both = [counted(store, state, COUNTED[facet]) for state in (JALISCO, NUEVO_LEON)]
    expected = {
        value: tuple(each.get(value, 0) for each in both) for value in both[0].keys() | both[1]
    }
    assert len(expected) > 5
    assert numbers(section(found, "actions", facet)) == expected


def test_each_number_is_that_of_the_search_that_it_names(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "country", UNITED_STATES, CANADA)
    rows = [*found.totals, *(row for each in found.sections for row in each.rows)]
    cells = [cell for row in rows for cell in row.cells if cell.count is not None]
    assert len(cells) > 100
    assert [cell.count for cell in cells] == [
        search.found(cell.asked, count=0).total for cell in cells
    ]


def test_what_all_of_them_have_is_shared(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    both = [counted(store, state, COUNTED["country"]) for state in (JALISCO, NUEVO_LEON)]
    shared = {row.value for row in section(found, "actions", "country").shared}
    assert shared == both[0].keys() & both[1].keys()
    assert UNITED_STATES in shared


def test_a_state_is_not_compared_by_region_nor_with_itself(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    assert {each.facet for each in found.sections} == {
        *("country", "theme", "actionType", "actor", "month", "network")
    }
    assert [row.value for row in found.totals] == list(KINDS)


def test_mexico_is_no_partner(search: Index, behind: Backdrop, store: EmbeddedStore) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    assert iris.thing("place/mx") not in numbers(section(found, "twinnings", "country"))


def test_what_is_narrower_follows_what_is_broader_and_the_most_goes_first(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    rows = section(found, "actions", "actionType").rows
    assert (rows[0].value, rows[0].depth) == (f"{iris.NAMESPACE}vocab/action-type/agreement", 0)
    above: list[str] = []
    for row in rows:
        del above[row.depth :]
        assert behind.broader.get(row.value) == (above[-1] if above else None)
        above.append(row.value)
    tops = [sum(cell.count or 0 for cell in row.cells) for row in rows if not row.depth]
    assert tops == sorted(tops, reverse=True)


def test_what_is_equally_frequent_is_sorted_by_its_name_in_the_language(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    for language in Language:
        found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON, language=language)
        rows = section(found, "twinnings", "country").rows
        names = [
            found.names[row.value][language].casefold()
            for row in rows
            if sum(cell.count or 0 for cell in row.cells) == 1
        ]
        assert len(names) > 3
        assert names == sorted(names)


def test_a_month_that_is_not_in_the_graph_has_no_numbers(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "month", "2021-09", "2021-08")
    assert found.missing == {"2021-08"}
    assert [tuple(cell.count for cell in row.cells) for row in found.totals] == [(8, None)]
    assert all(row.cells[1].count is None for each in found.sections for row in each.rows)
    assert not any(each.shared for each in found.sections)


def test_a_month_without_a_bulletin_says_so_among_the_others(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "state", JALISCO, NUEVO_LEON)
    months = numbers(section(found, "actions", "month"))
    assert list(months) == sorted(behind.months)
    assert months["2021-08"] == (None, None)
    assert months["2021-03"] == (1, 0)


def test_rates_are_computed_from_the_census_where_all_have_a_population(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "state", JALISCO, OAXACA)
    assert found.populations == {JALISCO: 8_348_151, OAXACA: 4_132_148}
    [actions, *_] = found.rates
    assert actions == ("actions", (24 / 8.348151, 1 / 4.132148))
    assert compared(search, behind, store, "country", UNITED_STATES, CANADA).rates == ()


def test_lists_that_know_no_country_but_mexico_are_left_out(
    search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    found = compared(search, behind, store, "country", UNITED_STATES, CANADA)
    assert [row.value for row in found.totals] == ["actions", "twinnings", "agreements"]


def test_all_that_can_be_compared_has_something_to_compare(search: Index, behind: Backdrop) -> None:
    for facet in FACETS:
        choices = comparison.choices(search, behind, facet)
        assert len(choices) > 5
        assert all(choices.values())
    assert "2021-08" not in comparison.choices(search, behind, "month")
    assert iris.thing("place/mx") not in comparison.choices(search, behind, "country")
