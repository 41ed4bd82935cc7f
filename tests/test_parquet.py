"""Tables as Parquet, read by pyarrow, which is another program than the one that wrote them."""

from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from pyarrow import types

from diplolocal import parquet
from diplolocal.dumping import Dump
from diplolocal.tables import Row, Table, tables

TABLES = {table.name: table for table in tables()}


def written(table: Table, rows: list[Row], path: Path) -> pyarrow.Table:
    parquet.write(table, rows, path)
    return pyarrow.parquet.read_table(path)


def row(table: Table, **cells: str | tuple[str, ...]) -> Row:
    """A row with these cells; the others are empty."""
    return tuple(
        cells.get(column.name, () if column.separator else None) for column in table.columns
    )


def test_values_have_the_type_of_their_column(tmp_path: Path) -> None:
    place = TABLES["places"]
    cells = {"place": "urn:a", "population_2020": "948990", "latitude": "21.87982"}
    read = written(place, [row(place, **cells), row(place, place="urn:b")], tmp_path / "a")
    assert read["population_2020"].to_pylist() == [948990, None]
    assert read["latitude"].to_pylist() == [21.87982, None]
    assert read["inegi_code"].to_pylist() == [None, None]
    assert types.is_int64(read.schema.field("population_2020").type)
    assert types.is_float64(read.schema.field("latitude").type)
    assert types.is_string(read.schema.field("inegi_code").type)


def test_days_are_dates_and_edtf_stays_text(tmp_path: Path) -> None:
    action = TABLES["actions"]
    days = {"date": "2021-01~", "date_earliest": "2021-01-01", "date_latest": "2021-01-31"}
    before = {"date": "1969", "date_earliest": "1969-01-01", "highlight": "true"}
    read = written(action, [row(action, **days), row(action, **before)], tmp_path / "a")
    assert read["date"].to_pylist() == ["2021-01~", "1969"]
    assert read["date_earliest"].to_pylist() == [date(2021, 1, 1), date(1969, 1, 1)]
    assert read["date_latest"].to_pylist() == [date(2021, 1, 31), None]
    assert read["highlight"].to_pylist() == [None, True]
    assert types.is_date32(read.schema.field("date_latest").type)


def test_several_values_are_a_list_and_none_an_empty_one(tmp_path: Path) -> None:
    membership = TABLES["memberships"]
    several = row(membership, listed_in_years=("2019", "2021"), sources=("urn:a|b",))
    read = written(membership, [several, row(membership), several], tmp_path / "a")
    assert read["listed_in_years"].to_pylist() == [[2019, 2021], [], [2019, 2021]]
    assert read["sources"].to_pylist() == [["urn:a|b"], [], ["urn:a|b"]]


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    read = written(TABLES["twinnings"], [], tmp_path / "a")
    assert (read.num_rows, len(read.schema.names)) == (0, len(TABLES["twinnings"].columns))


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    table = TABLES["people"]
    rows = [row(table, person=f"urn:{number}", name="José") for number in range(500)]
    for name in ("first", "second"):
        parquet.write(table, rows, tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_parquet_has_what_csv_has(name: str, dumped: tuple[Dump, ...]) -> None:
    files = {each.name: each.file for each in dumped}
    columns = TABLES[name].columns
    text = {column.name: pyarrow.string() for column in columns}
    options = pyarrow.csv.ConvertOptions(column_types=text)
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    csv = pyarrow.csv.read_csv(
        files[f"tables/{name}.csv"], convert_options=options, parse_options=parsing
    )
    read = pyarrow.parquet.read_table(files[f"tables/{name}.parquet"])
    assert read.schema.names == csv.schema.names
    assert read.num_rows == csv.num_rows > 0
    for column in columns:
        assert [_text(value) for value in read[column.name].to_pylist()] == [
            _text(value) for value in csv[column.name].to_pylist()
        ]


def _text(value: object) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
