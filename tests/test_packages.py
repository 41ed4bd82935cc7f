"""The descriptions of the tables, judged by the programs that read such descriptions."""

import json
import shutil
from pathlib import Path
from typing import Any

import csvw
import frictionless
import pytest

from diplolocal import iris
from diplolocal.build import Build
from diplolocal.dumping import FOLDER, Dump, dumps
from diplolocal.tables import tables


@pytest.fixture
def folder(small_build: Build, dumped: tuple[Dump, ...], tmp_path: Path) -> Path:
    """The tables with what describes them, to spoil."""
    return Path(shutil.copytree(small_build.folder / FOLDER / "tables", tmp_path / "tables"))


def test_the_data_package_is_valid(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.to_summary()
    assert len(report.tasks) == len(tables())


@pytest.mark.parametrize(
    ("file", "before", "after", "error"),
    [
        ("actions.csv", "/id/action/2021-09-02,", "/id/action/2021-09-01,", "primary-key"),
        ("participations.csv", "government/mx-26030", "government/none", "foreign-key"),
        ("actions.csv", "2021-09-01,2021-09-30", "2021-09-01,2021-09-31", "type-error"),
    ],
)
def test_the_data_package_tells_a_wrong_table(
    file: str, before: str, after: str, error: str, folder: Path
) -> None:
    text = (folder / file).read_bytes().decode()
    assert before in text
    (folder / file).write_bytes(text.replace(before, after).encode())
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert error in {found for [found] in report.flatten(["type"])}


def test_csv_on_the_web_is_valid(folder: Path) -> None:
    described = csvw.CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert described.is_valid, described.warnings
    assert len(described.tables) == len(tables())


def test_both_say_the_same_in_both_languages(folder: Path) -> None:
    package, metadata = read(folder, "datapackage.json"), read(folder, "csv-metadata.json")
    assert package["name"] == "diplolocal"
    assert package["id"] == metadata["dc:isVersionOf"]["@id"] == iris.DATASET
    assert package["version"] == metadata["dc:hasVersion"]
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert package["licenses"][0]["path"] == metadata["dc:license"]["@id"] == licence
    for resource, table in zip(package["resources"], metadata["tables"], strict=True):
        assert resource["path"] == table["url"]
        assert resource["titles"] == tagged(table["dc:title"])
        assert resource["descriptions"] == tagged(table["dc:description"])
        columns = table["tableSchema"]["columns"]
        for field, column in zip(resource["schema"]["fields"], columns, strict=True):
            assert field["name"] == column["name"]
            assert {**field["titles"], "und": field["name"]} == column["titles"]
            assert field["descriptions"] == tagged(column["dc:description"])
            assert set(field["descriptions"]) == {"es", "en"}


def test_columns_say_their_type_and_what_they_refer_to(folder: Path) -> None:
    [actions] = [each for each in read(folder, "datapackage.json")["resources"][:1]]
    fields = {field["name"]: field for field in actions["schema"]["fields"]}
    assert (fields["date_earliest"]["type"], fields["month"]["type"]) == ("date", "yearmonth")
    assert (fields["themes"]["type"], fields["themes"]["delimiter"]) == ("list", "|")
    assert fields["date"]["rdfType"] == "http://id.loc.gov/datatypes/edtf/EDTF"
    assert fields["action"]["constraints"] == {"required": True}
    bulletin = {"resource": "bulletins", "fields": ["bulletin"]}
    assert {"fields": ["bulletin"], "reference": bulletin} in actions["schema"]["foreignKeys"]
    table = read(folder, "csv-metadata.json")["tables"][0]
    columns = {column["name"]: column for column in table["tableSchema"]["columns"]}
    assert columns["date"]["datatype"] == {
        "base": "string",
        "@id": "http://id.loc.gov/datatypes/edtf/EDTF",
    }
    assert columns["region_es"]["aboutUrl"] == "{+region}"
    assert columns["region_es"]["lang"] == "es"
    assert columns["themes"]["separator"] == "|"
    assert table["tableSchema"]["primaryKey"] == "action"


def test_the_version_is_that_of_the_data(
    small_build: Build, dumped: tuple[Dump, ...], folder: Path
) -> None:
    assert dumps(small_build, Path("/nowhere")) == dumped
    assert read(folder, "datapackage.json")["version"] == small_build.release


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def tagged(texts: list[dict[str, str]]) -> dict[str, str]:
    return {text["@language"]: text["@value"] for text in texts}
