"""Tables as Parquet, typed: days are dates, numbers are numbers, several values are a list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from arro3.core import Array, DataType, Field, Schema, list_array
from arro3.core import Table as Arrow
from arro3.io import write_parquet

from diplolocal.tables import Cell, Column, Row, Table

_XSD = "http://www.w3.org/2001/XMLSchema#"
_EPOCH = date(1970, 1, 1).toordinal()

Read = Callable[[str], object]

_TYPES: Mapping[str, tuple[DataType, Read]] = {
    _XSD + "boolean": (DataType.bool(), lambda text: text == "true"),
    _XSD + "date": (DataType.int32(), lambda text: date.fromisoformat(text).toordinal() - _EPOCH),
    _XSD + "decimal": (DataType.float64(), float),
    _XSD + "gYear": (DataType.int32(), int),
    _XSD + "integer": (DataType.int64(), int),
}
"""The type of the values of a datatype, and how they are read; of all others, text."""


def write(table: Table, rows: Sequence[Row], path: Path) -> None:
    """Write a table as Parquet: the same rows are the same bytes."""
    arrays = [
        _array(column, [row[place] for row in rows]) for place, column in enumerate(table.columns)
    ]
    fields = [
        Field(column.name, array.type) for column, array in zip(table.columns, arrays, strict=True)
    ]
    written = Arrow.from_arrays(arrays, schema=Schema(fields))
    write_parquet(written, path, compression="zstd(3)")


def _array(column: Column, cells: Sequence[Cell]) -> Array:
    kind, read = _TYPES.get(column.datatype, (DataType.string(), str))
    if column.separator is None:
        values = [read(cell) if isinstance(cell, str) else None for cell in cells]
        return _dated(column, Array(values, kind))
    several = [cell if isinstance(cell, tuple) else () for cell in cells]
    ends = [0]
    for each in several:
        ends.append(ends[-1] + len(each))
    members = Array([read(value) for each in several for value in each], kind)
    # The name that Parquet itself has for the members of a list.
    member = Field("element", kind, nullable=False)
    return list_array(Array(ends, DataType.int32()), members, type=DataType.list(member))


def _dated(column: Column, array: Array) -> Array:
    """Days counted from 1970 as dates."""
    return array.cast(DataType.date32()) if column.datatype == _XSD + "date" else array
