"""Tables as files: CSV and Parquet, whole and by bulletin, and what describes them."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from diplolocal import iris, packages, parquet
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import CSV, CSV_METADATA, DATA_PACKAGE, PARQUET, Format
from diplolocal.packages import About, Stored
from diplolocal.tables import BULLETIN, Cell, Column, Row, Table, rows, tables

FORMATS = (CSV, PARQUET)
"""How a table is written."""

DESCRIPTIONS: Mapping[str, Format] = {
    "datapackage.json": DATA_PACKAGE,
    # Where CSV on the Web looks for it, beside the tables (§5.3).
    "csv-metadata.json": CSV_METADATA,
}
"""The files that describe the tables, and what they are."""


def write_table(table: Table, database: Path, folder: Path, bulletins: Path) -> None:
    """Write the table `<folder>/<name>` and, where its rows are of bulletins, those of each into
    `<bulletins>/<month>/`. The rows are asked of the database of a build.
    """
    found = rows(EmbeddedStore.open(database), table)
    _write(table, found, folder)
    for month, some in _by_month(table, found).items():
        into = bulletins / month
        into.mkdir(exist_ok=True)
        _write(table, some, into)


def write_descriptions(about: About, folder: Path, stored: Mapping[str, Stored]) -> None:
    """Write what describes the tables that are in the folder; `stored` has their files."""
    texts = {
        DATA_PACKAGE: packages.data_package(tables(), about, stored),
        CSV_METADATA: packages.csv_on_the_web(tables(), about),
    }
    for name, fmt in DESCRIPTIONS.items():
        (folder / name).write_bytes(texts[fmt])


def _write(table: Table, found: Sequence[Row], folder: Path) -> None:
    _write_csv(table, found, folder / f"{table.name}.{CSV.suffix}")
    parquet.write(table, found, folder / f"{table.name}.{PARQUET.suffix}")


def _write_csv(table: Table, found: Sequence[Row], path: Path) -> None:
    """RFC 4180: a header, commas, CRLF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in table.columns)
        writer.writerows(map(_text, table.columns, row) for row in found)


def _text(column: Column, cell: Cell) -> str:
    return (column.separator or "").join(cell) if isinstance(cell, tuple) else cell or ""


def _by_month(table: Table, found: Sequence[Row]) -> Mapping[str, list[Row]]:
    """The rows of each bulletin; of a table whose rows are reported in none, nothing."""
    months: dict[str, list[Row]] = defaultdict(list)
    place = table.place(BULLETIN)
    for row in found if place and table.key != BULLETIN else ():
        cell = row[place or 0]
        if isinstance(cell, str) and (month := iris.month_of(cell)):
            months[month].append(row)
    return months
