"""A month in numbers: what is counted, against which bulletins, and what is said of that."""

from collections.abc import Mapping

import pytest
from pyoxigraph import NamedNode

from diplolocal import bulletin, iris
from diplolocal.bulletin import Bulletin
from diplolocal.bulletin_figures import By
from diplolocal.bulletin_words import compared, remarks
from diplolocal.embedded import EmbeddedStore
from diplolocal.search import Asked, Index
from diplolocal.store import plain, select
from diplolocal.wording import Language

PROPERTIES = {
    By.REGION: "dl:region",
    By.COUNTRY: "dl:counterpartCountry",
    By.THEME: "dl:theme",
    By.ACTION_TYPE: "dl:actionType/skos:broader*",
}


@pytest.fixture(scope="module")
def september(store: EmbeddedStore) -> Bulletin:
    """September 2021, in English."""
    return bulletin.read(store, "2021-09", Language.EN)


def counted(store: EmbeddedStore, month: str, by: By) -> Mapping[str, int]:
    """How many actions of a bulletin each thing has, asked of the store."""
    rows = select(
        store,
        f"""PREFIX dl: <https://w3id.org/diplolocal/def#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?thing (COUNT(DISTINCT ?action) AS ?count) WHERE {{
          ?action a dl:Action ; dl:reportedIn {NamedNode(iris.thing("bulletin/" + month))} ;
            {PROPERTIES[by]} ?thing
          FILTER NOT EXISTS {{ ?thing skos:broader ?wider }}
        }} GROUP BY ?thing""",
    )
    return {plain(row["thing"]): int(plain(row["count"])) for row in rows}


@pytest.mark.parametrize("by", By)
def test_the_counts_are_those_of_the_graph_and_of_the_search(
    september: Bulletin, store: EmbeddedStore, search: Index, by: By
) -> None:
    found = september.figures.counts[by]
    here = {thing: count.here for thing, count in found.items() if count.here}
    before = {thing: count.before for thing, count in found.items() if count.before}
    assert here == counted(store, "2021-09", by) != {}
    assert before == counted(store, "2021-07", by) != {}
    asked = Asked(chosen={"bulletin": (september.iri,), "kind": ("actions",)})
    searched = search.counts(asked, by.value)
    assert here == {thing: searched[thing] for thing in here}


def test_the_total_is_of_actions_alone(september: Bulletin) -> None:
    total = september.figures.total
    assert (total.here, total.before) == (8, 3)
    assert total.mean == pytest.approx(38 / 9)


def test_the_month_before_is_the_one_that_is_there_and_the_missing_one_is_named(
    september: Bulletin,
) -> None:
    figures = september.figures
    assert figures.before is not None
    assert figures.after is not None
    assert (figures.before.month, figures.after.month) == ("2021-07", "2021-10")
    assert figures.missing == ("2021-08",)
    assert [issue.month for issue in figures.year] == [
        f"2021-{month:02}" for month in (1, 2, 3, 5, 7, 9, 10, 11, 12)
    ]
    said = compared(figures, Language.EN)
    assert "Actions recorded: 8." in said
    assert "In the bulletin before it in the graph, July 2021: 3." in said
    assert "Not in the graph yet, which does not mean that nothing happened: August 2021." in said
    assert "Mean of the bulletins of 2021 that are in the graph (9, this one included): 4.2" in said
    assert "julio de 2021: 3" in compared(figures, Language.ES)


def test_the_months_between_are_counted_over_the_turn_of_a_year(store: EmbeddedStore) -> None:
    january = bulletin.read(store, "2022-01", Language.EN).figures
    assert january.before is not None
    assert (january.before.month, january.missing) == ("2021-12", ())
    assert [issue.month for issue in january.year] == ["2022-01", "2022-02"]


def test_the_first_bulletin_has_none_before_it(store: EmbeddedStore) -> None:
    first = bulletin.read(store, "2021-01", Language.EN).figures
    assert first.before is None
    assert first.total.before is None
    assert first.missing == ()
    assert "It is the first bulletin in the graph." in compared(first, Language.EN)


def test_how_the_compared_bulletins_were_read_is_said(september: Bulletin) -> None:
    said = remarks(september.figures, Language.EN)
    assert [text.partition(":")[0] for text in said] == [
        "February 2021",
        "March 2021, May 2021, July 2021, October 2021, November 2021 and December 2021",
    ]
    assert all("may report more actions" in text for text in said)


def test_a_bulletin_without_actions_is_nothing_to_divide_by(small: EmbeddedStore) -> None:
    april = bulletin.read(small, "2021-04", Language.EN).figures
    assert (april.total.here, april.total.before) == (0, 1)
    assert april.total.mean == pytest.approx(1)
    assert {count.here for count in april.counts[By.REGION].values()} == {0}


def test_every_region_is_told_and_of_countries_only_those_of_the_two_months(
    september: Bulletin,
) -> None:
    assert len(september.figures.told(By.REGION)) == 8
    countries = september.figures.told(By.COUNTRY)
    assert {iris.key_of(iri) for iri in countries} == {"us", "il", "ma"}
    assert len(september.figures.counts[By.COUNTRY]) > len(countries)
    assert [count.here for count in countries.values()] == [4, 1, 0]
