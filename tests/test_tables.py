"""The tables of the dumps: what their columns mean, and the rows of real and of small data."""

from collections.abc import Mapping

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from diplolocal import formats
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Query, Wanted, load_query
from diplolocal.tables import Cell, Table, rows, tables
from diplolocal.wording import LANGUAGES, Language

ID = "https://w3id.org/diplolocal/id/"
VOCAB = "https://w3id.org/diplolocal/vocab/"
TABLES = {table.name: table for table in tables()}
Found = Mapping[str, Cell]


@pytest.fixture(scope="module")
def found(store: EmbeddedStore) -> Mapping[str, Mapping[str, Found]]:
    """The rows of the real data: by table and key, each by column."""
    return {name: by_key(store, table) for name, table in TABLES.items()}


def by_key(store: EmbeddedStore, table: Table) -> Mapping[str, Found]:
    names = [column.name for column in table.columns]
    named = [dict(zip(names, row, strict=True)) for row in rows(store, table)]
    whole = {str(row[table.key]): row for row in named}
    assert len(whole) == len(named)
    return whole


# ------------------------------------------------------------------ what is said of them


def test_these_are_the_tables() -> None:
    assert list(TABLES) == [
        "actions",
        "participations",
        "actors",
        "places",
        "twinnings",
        "agreements",
        "memberships",
        "people",
        "bulletins",
        "sources",
        "concepts",
    ]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_is_explained_in_both_languages(name: str) -> None:
    table = TABLES[name]
    texts = [table.title, table.description]
    texts += [text for column in table.columns for text in (column.title, column.description)]
    assert [text for text in texts if not all(text[language] for language in LANGUAGES)] == []
    sentences = [table.description, *(column.description for column in table.columns)]
    assert [each for each in sentences if each[Language.ES] == each[Language.EN]] == []
    for language in LANGUAGES:
        titles = [column.title[language] for column in table.columns]
        assert len(set(titles)) == len(titles), titles
    columns = [column.name for column in table.columns]
    assert (len(set(columns)), columns[0]) == (len(columns), table.key)


@pytest.mark.parametrize("name", TABLES)
def test_each_column_is_asked_for_or_has_the_labels_of_another(
    name: str, small: EmbeddedStore
) -> None:
    table = TABLES[name]
    text = load_query(f"table-{name}")
    answer = small.answer(Query(text), Wanted(results=formats.JSON.media_type, graph=None))
    solutions = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    asked = [variable.value for variable in solutions.variables]
    assert asked == [column.name for column in table.columns if not column.labels_of]
    for column in table.columns:
        if column.labels_of:
            [of] = [each for each in table.columns if each.name == column.labels_of]
            assert column.separator == of.separator
            assert column.language in LANGUAGES


def test_references_lead_to_the_key_of_a_table() -> None:
    led = {
        (table.name, column.name): column.refers_to
        for table in TABLES.values()
        for column in table.columns
        if column.refers_to
    }
    assert led["participations", "action"] == ("actions", "action")
    assert led["participations", "actor"] == ("actors", "actor")
    assert led["twinnings", "partner"] == ("places", "place")
    assert {column for table, column in led.values() if TABLES[table].key != column} == set()


# ------------------------------------------------------------------ real rows


def test_there_is_a_row_for_each_thing(found: Mapping[str, Mapping[str, Found]]) -> None:
    counts = {name: len(each) for name, each in found.items()}
    assert counts == counts | {
        "actions": 128,
        "participations": 254 + 14,
        "twinnings": 703,
        "agreements": 105,
        "memberships": 37,
        "bulletins": 11,
    }
    assert counts["places"] == 249 + 32 + 2478 + 628 + 8


def test_an_action_in_a_row(found: Mapping[str, Mapping[str, Found]]) -> None:
    row = found["actions"][ID + "action/2021-09-02"]
    assert (
        row["title_en"]
        == "Coahuila and the UN close workshops on a violence-against-women programme"
    )
    assert (row["date"], row["date_earliest"], row["date_latest"]) == (
        "2021-09",
        "2021-09-01",
        "2021-09-30",
    )
    assert (row["region"], row["region_es"]) == (ID + "region/noreste", "Noreste")
    assert row["states_en"] == ("Coahuila",)
    assert row["themes"] == (VOCAB + "theme/governance", VOCAB + "theme/human-rights")
    assert row["themes_es"] is not None
    assert len(row["themes_es"]) == 2
    assert row["mexican_actors"] == (ID + "government/mx-coa",)
    assert row["counterparts_es"] == ("Organización de las Naciones Unidas",)
    assert (row["bulletin"], row["sources"]) == (ID + "bulletin/2021-09", ())
    assert (row["highlight"], row["modes"], row["part_of"]) == ("true", (), None)
    assert str(row["note_en"]).startswith("That the government of Coahuila is the host")


def test_an_action_of_another_source_has_no_bulletin(
    found: Mapping[str, Mapping[str, Found]],
) -> None:
    row = found["actions"][ID + "action/signing-mx-02002-us-ca-calexico-2017"]
    assert (row["date"], row["bulletin"], row["highlight"]) == ("2017-05-24", None, "false")
    assert row["sources"] == (ID + "source/kxo-radio-calexico-mexicali",)
    assert row["relations"] == (ID + "twinning/mx-02002-us-ca-calexico",)


def test_labels_stand_in_the_order_of_what_they_name(
    found: Mapping[str, Mapping[str, Found]],
) -> None:
    names = {key: row["title_es"] for key, row in found["concepts"].items()}
    several = [row for row in found["actions"].values() if len(row["themes"] or ()) > 1]
    assert len(several) > 50
    assert all(
        row["themes_es"] == tuple(names[each] for each in row["themes"] or ()) for row in several
    )


def test_who_took_part_and_is_not_named_has_a_row_as_well(
    found: Mapping[str, Mapping[str, Found]],
) -> None:
    unnamed = [row for row in found["participations"].values() if row["named"] == "false"]
    assert len(unnamed) == 14
    assert {row["actor"] for row in unnamed} == {None}
    assert all(row["action"] in found["actions"] and row["title_es"] for row in unnamed)
    classes = {row["actor_class"] for row in unnamed}
    assert "https://w3id.org/diplolocal/def#InternationalActor" in classes
    first = found["participations"][ID + "participation/2021-09-01-1"]
    assert (first["mexican"], first["actor_class_en"]) == ("true", "Municipal government")
    assert (first["actor_es"], first["bulletin"]) == (
        "Ayuntamiento de Hermosillo",
        ID + "bulletin/2021-09",
    )


def test_an_actor_and_a_place_in_a_row(found: Mapping[str, Mapping[str, Found]]) -> None:
    mission = found["actors"][ID + "mission/embassy-of-portugal-in-mexico"]
    assert (mission["countries"], mission["states"]) == ((ID + "place/pt",), ())
    assert (mission["represents"], mission["class_es"]) == (ID + "place/pt", "Misión diplomática")
    government = found["actors"][ID + "government/mx-14039"]
    assert (government["mexican"], government["states_es"]) == ("true", ("Jalisco",))
    place = found["places"][ID + "place/mx-01001"]
    assert (place["inegi_code"], place["population_2020"]) == ("01001", "948990")
    assert (place["latitude"], place["longitude"]) == ("21.87982", "-102.29605")
    assert (place["part_of_es"], place["region"]) == ("Aguascalientes", ID + "region/centronorte")
    assert place["country"] == ID + "place/mx"


@pytest.mark.parametrize(
    ("since", "earliest", "latest"),
    [
        ("1953", "1953-01-01", "1953-12-31"),
        ("1972?", "1972-01-01", "1972-12-31"),
        ("1986-11", "1986-11-01", "1986-11-30"),
        ("2021-06?", "2021-06-01", "2021-06-30"),
        ("1960-08-26", "1960-08-26", "1960-08-26"),
    ],
)
def test_a_twinning_began_between_two_days(
    found: Mapping[str, Mapping[str, Found]], since: str, earliest: str, latest: str
) -> None:
    rows_of_it = [row for row in found["twinnings"].values() if row["since"] == since]
    assert rows_of_it
    bounds = {(row["since_earliest"], row["since_latest"]) for row in rows_of_it}
    assert bounds == {(earliest, latest)}


def test_a_twinning_names_its_mexican_place_first(
    found: Mapping[str, Mapping[str, Found]],
) -> None:
    row = found["twinnings"][ID + "twinning/mx-01001-pe-lampa"]
    assert (row["place"], row["partner"]) == (ID + "place/mx-01001", ID + "place/pe-lampa")
    assert (row["state_es"], row["partner_country_en"]) == ("Aguascalientes", "Peru")
    assert row["independent_sources"] == "2"
    assert len(row["sources"] or ()) == 3
    mexican = [row for row in found["twinnings"].values() if "/mx-" in str(row["place"])]
    assert len(mexican) == 703


def test_an_agreement_has_its_parties_and_its_signing(
    found: Mapping[str, Mapping[str, Found]],
) -> None:
    row = found["agreements"][ID + "instrument/mx-17007-jp-minoh-2003"]
    assert row["parties"] == (ID + "government/jp-minoh", ID + "government/mx-17007")
    assert row["actions"] == (ID + "action/signing-mx-17007-jp-minoh-2003",)
    assert (row["action_earliest"], row["action_latest"]) == ("2003-10-12", "2003-10-12")


def test_a_bulletin_counts_its_actions(found: Mapping[str, Mapping[str, Found]]) -> None:
    counted = {key: row["actions"] for key, row in found["bulletins"].items()}
    reported = [row["bulletin"] for row in found["actions"].values() if row["bulletin"]]
    assert counted == {key: str(reported.count(key)) for key in counted}
    assert found["bulletins"][ID + "bulletin/2021-09"]["actions"] == "8"


@pytest.mark.parametrize("name", TABLES)
def test_required_cells_are_there_and_references_resolve(
    name: str, found: Mapping[str, Mapping[str, Found]]
) -> None:
    for column in TABLES[name].columns:
        cells = [row[column.name] for row in found[name].values()]
        if column.required:
            assert None not in cells, column.name
        if column.refers_to:
            there = {*found[column.refers_to[0]], None}
            assert [cell for cell in cells if cell not in there] == [], column.name


# ------------------------------------------------------------------ a small graph


def test_rows_stand_in_the_order_of_the_bulletins(small: EmbeddedStore) -> None:
    keys = [str(row[0]).removeprefix(ID + "action/") for row in rows(small, TABLES["actions"])]
    assert keys == ["2021-01-01", "2021-01-02", "2021-03-01", "signing-pact"]


def test_what_is_not_said_is_an_empty_cell(small: EmbeddedStore) -> None:
    row = by_key(small, TABLES["actions"])[ID + "action/2021-03-01"]
    assert (row["status"], row["description_es"], row["themes"]) == (None, None, ())
    assert row["states_es"] == ("Baja California", "Jalisco")
    pact = by_key(small, TABLES["agreements"])
    assert list(pact) == [ID + "instrument/pact"]


def test_of_two_mexican_places_the_first_by_iri_is_first(small: EmbeddedStore) -> None:
    row = by_key(small, TABLES["twinnings"])[ID + "twinning/three"]
    assert (row["place"], row["partner"]) == (ID + "place/mx-14039", ID + "place/mx-14120")
    assert row["partner_country"] is None


def test_a_store_without_the_like_has_no_rows() -> None:
    assert rows(EmbeddedStore(), TABLES["twinnings"]) == []
