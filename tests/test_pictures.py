"""Whether pictures count what they say: each number against a query of its own, each row against
the search behind it.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from diplolocal import backdrop, cartography, charts, counted, iris, pictures
from diplolocal.backdrop import Backdrop
from diplolocal.embedded import EmbeddedStore
from diplolocal.not_found import FileNotThere
from diplolocal.search import Asked, Index
from diplolocal.store import plain, select
from diplolocal.wording import Language

ALL = Asked()
JALISCO = Asked(chosen={"state": (iris.thing("place/mx-jal"),)})
NAMES = (
    *("actions-by-state", "actions-by-country", "actions-by-month", "actions-by-region"),
    *("actions-by-theme", "actions-by-type", "states-and-countries", "types-and-themes"),
    *("network", "twinnings-by-state", "twinnings-by-country", "memberships-by-state"),
    "agreements-by-state",
)
PREFIX = "PREFIX dl: <https://w3id.org/diplolocal/def#> "
COUNTED: Mapping[str, str] = {
    "actions-by-state": "?thing a dl:Action ; dl:territory ?value . ?value a dl:FederalEntity",
    "actions-by-country": "?thing a dl:Action ; dl:counterpartCountry ?value",
    "actions-by-month": "?thing a dl:Action ; dl:reportedIn/dl:month ?value",
    "actions-by-region": "?thing a dl:Action ; dl:region ?value",
    "actions-by-theme": "?thing a dl:Action ; dl:theme ?value",
    "twinnings-by-state": "?thing a dl:Twinning ; dl:party/dl:partOf* ?value ."
    " ?value a dl:FederalEntity",
    "twinnings-by-country": "?thing a dl:Twinning ; dl:party/dl:partOf* ?value ."
    " ?value a dl:Country FILTER(?value != <https://w3id.org/diplolocal/id/place/mx>)",
}


@pytest.fixture(scope="module")
def behind(store: EmbeddedStore) -> Backdrop:
    return backdrop.read(store)


def test_there_are_these_pictures() -> None:
    assert tuple(pictures.definitions()) == NAMES


@pytest.mark.parametrize("name", COUNTED)
def test_each_number_is_what_the_graph_counts(
    name: str, search: Index, behind: Backdrop, store: EmbeddedStore
) -> None:
    query = f"SELECT ?value (COUNT(DISTINCT ?thing) AS ?n) {{ {COUNTED[name]} }} GROUP BY ?value"
    expected = {plain(row["value"]): int(plain(row["n"])) for row in select(store, PREFIX + query)}
    picture = pictures.picture(search, behind, name, ALL, Language.ES)
    assert {row.values[0]: row.count for row in picture.rows if row.count} == expected


@pytest.mark.parametrize("asked", [ALL, JALISCO, Asked(text="agua"), Asked(month_from="2021-06")])
@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_what_the_search_behind_it_finds(
    name: str, asked: Asked, search: Index, behind: Backdrop
) -> None:
    picture = pictures.picture(search, behind, name, asked, Language.EN)
    for row in picture.linked:
        if row.asked:
            assert search.found(row.asked, count=0).total == row.count
    if asked is not JALISCO:
        assert all(row.asked or row.things for row in picture.linked if row.count)


def test_a_number_that_no_search_finds_leads_nowhere(search: Index, behind: Backdrop) -> None:
    asked = Asked(chosen={"country": (iris.thing("place/fr"),)})
    rows = pictures.picture(search, behind, "actions-by-country", asked, Language.EN).rows
    # Spain took part in the same action, and in others as well, with others.
    assert [(row.labels[0], row.count) for row in rows if not row.asked] == [("Spain", 1)]


def test_a_month_that_is_missing_is_not_nought(search: Index, behind: Backdrop) -> None:
    rows = pictures.picture(search, behind, "actions-by-month", ALL, Language.EN).rows
    counts = {row.values[0]: row.count for row in rows}
    assert counts["2021-04"] is None
    assert counts["2021-01"] == 8
    [missing] = [row for row in rows if row.values == ("2021-04",)]
    assert missing.sentence == "April 2021: not in the graph yet"
    assert missing.asked is None


def test_a_month_whose_bulletin_reports_nothing_of_it_is_nought(
    search: Index, behind: Backdrop
) -> None:
    asked = Asked(chosen={"country": (iris.thing("place/jp"),)})
    rows = pictures.picture(search, behind, "actions-by-month", asked, Language.EN).rows
    assert {row.count for row in rows} >= {0, None}


def test_what_is_narrower_stands_below_what_is_broader(search: Index, behind: Backdrop) -> None:
    rows = pictures.picture(search, behind, "actions-by-type", ALL, Language.EN).rows
    last = ""
    for row in rows:
        if row.depth == 0:
            last = row.values[0]
        else:
            assert behind.broader[row.values[0]] == last
    assert rows[0].labels == ("Agreements",)
    assert {row.depth for row in rows} == {0, 1}


def test_all_regions_and_all_federal_entities_are_there(search: Index, behind: Backdrop) -> None:
    nothing = Asked(text="nothingiscalledso")
    for name, count in (("actions-by-region", 8), ("actions-by-state", 32)):
        picture = pictures.picture(search, behind, name, nothing, Language.EN)
        assert [row.count for row in picture.rows] == [0] * count
        assert picture.is_empty


def test_what_is_not_in_the_picture_is_said(search: Index, behind: Backdrop) -> None:
    picture = pictures.picture(search, behind, "actions-by-country", ALL, Language.EN)
    total = search.found(Asked(chosen={"kind": ("actions",)}), count=0).total
    countries = {row.values[0] for row in picture.rows}
    has = search.found(
        Asked(chosen={"kind": ("actions",), "country": tuple(countries)}), count=0
    ).total
    added = sum(row.count or 0 for row in picture.rows)
    assert picture.notes == (
        f"Not in the picture, because the graph names none (Country): {total - has} of {total}.",
        f"One may count in several places, so the numbers add up to {added}, more than the {has}"
        " that are counted.",
    )


def test_countries_too_small_for_the_map_are_named(search: Index, behind: Backdrop) -> None:
    picture = pictures.picture(search, behind, "twinnings-by-country", ALL, Language.EN)
    small = cartography.unmapped(picture.rows, behind)
    assert [row.sentence for row in small] == ["Guam: 1 twinning"]
    assert "Too small for this map: Guam: 1 twinning." in picture.notes


def test_each_counted_country_is_on_the_map_or_named(search: Index, behind: Backdrop) -> None:
    picture = pictures.picture(search, behind, "twinnings-by-country", ALL, Language.EN)
    svg = charts.svg(picture, charts.SITE)
    for row in picture.rows:
        assert f"<title>{row.sentence}</title>" in svg.replace("&amp;", "&") or any(
            row.sentence in note for note in picture.notes
        ), row.sentence


def test_all_federal_entities_have_a_boundary(behind: Backdrop) -> None:
    assert len(behind.boundaries) == 32
    for polygons in behind.boundaries.values():
        for polygon in polygons:
            for ring in polygon:
                assert ring[0] == ring[-1]
                assert all(-119 < x < -86 and 14 < y < 33 for x, y in ring)


def test_pictures_speak_both_languages(search: Index, behind: Backdrop) -> None:
    for name in NAMES:
        spoken = [pictures.picture(search, behind, name, ALL, language) for language in Language]
        assert len({picture.title for picture in spoken}) == 2
        assert len({picture.description for picture in spoken}) == 2
        counts = [sorted((row.values, row.count or 0) for row in each.rows) for each in spoken]
        assert counts[0] == counts[1]


def test_an_unknown_picture_is_told_with_those_that_there_are(
    search: Index, behind: Backdrop
) -> None:
    with pytest.raises(FileNotThere) as raised:
        pictures.picture(search, behind, "actions-by-mood", ALL, Language.EN)
    assert raised.value.offered == NAMES


def test_the_same_is_drawn_the_same(search: Index, behind: Backdrop, store: EmbeddedStore) -> None:
    again = replace(backdrop.read(store))
    for name in NAMES:
        one, other = (
            pictures.picture(search, each, name, ALL, Language.ES) for each in (behind, again)
        )
        assert one == other


def test_the_table_of_a_picture_names_what_it_counts(search: Index, behind: Backdrop) -> None:
    picture = pictures.picture(search, behind, "states-and-countries", ALL, Language.ES)
    assert picture.columns == ("Entidad federativa", "País", "Acciones")
    assert counted.facet_label("month", Language.EN) == "Month of the bulletin"
