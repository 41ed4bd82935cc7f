"""The tables described for programs: a Data Package of Frictionless, and CSV on the Web.

Both say the same, which stands in `tables.ttl`: what each table and column is, types, keys.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diplolocal import iris
from diplolocal.tables import Column, Table
from diplolocal.wording import LANGUAGES, Language, Said

_XSD = "http://www.w3.org/2001/XMLSchema#"

_FRICTIONLESS: Mapping[str, Mapping[str, str]] = {
    "anyURI": {"type": "string", "format": "uri"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date"},
    "decimal": {"type": "number"},
    "gYear": {"type": "integer"},
    "gYearMonth": {"type": "yearmonth"},
    "integer": {"type": "integer"},
    "string": {"type": "string"},
}
"""The datatypes of XML Schema in Table Schema; of all others, text."""


@dataclass(frozen=True, slots=True)
class About:
    """What the tables are of: the data set's title and description, its licence (an IRI), and the
    version number of the data.
    """

    title: Said
    description: Said
    license: str
    version: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it is stored: how many bytes, and their SHA-256."""

    bytes: int
    sha256: str


def data_package(tables: Sequence[Table], about: About, stored: Mapping[str, Stored]) -> bytes:
    """The Data Package (Frictionless) of the tables; `stored` has the file of each, by name.

    It has one language for titles: English stands there, and `titles` and `descriptions` have both.
    """
    package = {
        "name": "diplolocal",
        "id": iris.DATASET,
        "homepage": iris.DATASET,
        "version": about.version,
        **_both(about.title, about.description),
        "licenses": [{"name": "CC-BY-4.0", "path": about.license}],
        "resources": [_resource(table, stored[table.name]) for table in tables],
    }
    return _written(package)


def csv_on_the_web(tables: Sequence[Table], about: About) -> bytes:
    """The tables as CSV on the Web describes them (Metadata Vocabulary for Tabular Data, 2015).

    Read by the letter, each row must have what a foreign key refers to (§5.5.1.1); so only columns
    that are never empty are foreign keys here. The Data Package has all of them.
    """
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": _tagged(about.title),
        "dc:description": _tagged(about.description),
        "dc:license": {"@id": about.license},
        "dc:isVersionOf": {"@id": iris.DATASET},
        "dc:hasVersion": about.version,
        "tables": [_table(table) for table in tables],
    }
    return _written(group)


def _resource(table: Table, stored: Stored) -> Mapping[str, object]:
    keys = [
        {
            "fields": [column.name],
            "reference": {
                "resource": "" if column.refers_to[0] == table.name else column.refers_to[0],
                "fields": [column.refers_to[1]],
            },
        }
        for column in table.columns
        if column.refers_to
    ]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        **_both(table.title, table.description),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": stored.bytes,
        "hash": f"sha256:{stored.sha256}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": [table.key],
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _field(column: Column) -> Mapping[str, object]:
    local = column.datatype.removeprefix(_XSD)
    kind = _FRICTIONLESS.get(local, _FRICTIONLESS["string"])
    if column.separator:
        item = kind["type"] if kind["type"] in ("integer", "number") else "string"
        kind = {"type": "list", "delimiter": column.separator, "itemType": item}
    return {
        "name": column.name,
        **_both(column.title, column.description),
        **kind,
        "rdfType": column.datatype,
        **({"constraints": {"required": True}} if column.required else {}),
    }


def _table(table: Table) -> Mapping[str, object]:
    keys = [
        {
            "columnReference": column.name,
            "reference": {
                "resource": f"{column.refers_to[0]}.csv",
                "columnReference": column.refers_to[1],
            },
        }
        for column in table.columns
        if column.refers_to and column.required
    ]
    return {
        "url": f"{table.name}.csv",
        "dc:title": _tagged(table.title),
        "dc:description": _tagged(table.description),
        "tableSchema": {
            "columns": [_column(table, column) for column in table.columns],
            "primaryKey": table.key,
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _column(table: Table, column: Column) -> Mapping[str, object]:
    about = column.labels_of or table.key
    one = all(each.separator is None for each in table.columns if each.name in (about, column.name))
    return {
        "name": column.name,
        # The header of the file has the name: it is a title of no language.
        "titles": {"und": column.name, **_texts(column.title)},
        "dc:description": _tagged(column.description),
        "datatype": _datatype(column.datatype),
        **({"required": True} if column.required else {}),
        **({"separator": column.separator} if column.separator else {}),
        **({"lang": column.language} if column.language else {}),
        # A label in a list is not told apart by a rule.
        **({"aboutUrl": f"{{+{about}}}"} if one or not column.labels_of else {}),
        **(
            {"propertyUrl": column.property} if column.property and column.name != table.key else {}
        ),
    }


def _datatype(datatype: str) -> object:
    """A datatype of XML Schema by its name, another as text of that kind (§5.11)."""
    if datatype.startswith(_XSD):
        return datatype.removeprefix(_XSD)
    return {"base": "string", "@id": datatype}


def _both(title: Said, description: Said) -> Mapping[str, object]:
    return {
        "title": title[Language.EN],
        "titles": _texts(title),
        "description": description[Language.EN],
        "descriptions": _texts(description),
    }


def _texts(texts: Said) -> Mapping[str, str]:
    return {language.value: texts[language] for language in LANGUAGES}


def _tagged(texts: Said) -> Sequence[Mapping[str, str]]:
    return [{"@value": texts[each], "@language": each.value} for each in LANGUAGES]


def _written(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
