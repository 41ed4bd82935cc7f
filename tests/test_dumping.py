"""The dumps of a build: all say the same, by every parser, as the same bytes each time."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.conftest import Run

from diplolocal import iris
from diplolocal.build import UNFINISHED, Build, open_build
from diplolocal.database import database
from diplolocal.dumping import FOLDER, SUMS, Dump, dumps, everything
from diplolocal.errors import BuildError
from diplolocal.search_index import FILE
from diplolocal.tables import tables
from diplolocal.wording import Language

RAPPER = {"nq": "nquads", "trig": "trig", "ttl": "turtle", "nt": "ntriples"}
"""What rapper calls a format; it does not read JSON-LD."""

RDFLIB = {"nq": "nquads", "trig": "trig", "ttl": "turtle", "nt": "nt", "jsonld": "json-ld"}
WITH_NAMES = ("nq", "trig")


@pytest.fixture(scope="module")
def real_dumps(real_build: Build) -> tuple[Dump, ...]:
    return dumps(real_build, database(real_build))


@pytest.mark.filterwarnings(
    "ignore:.* is deprecated, use Dataset:DeprecationWarning"
)  # rdflib does
@pytest.mark.parametrize("suffix", RDFLIB)
def test_three_parsers_count_the_same_in_every_dump(
    suffix: str, small_build: Build, dumped: tuple[Dump, ...], tmp_path: Path
) -> None:
    graphs = [each for each in dumped if each.format.suffix == suffix and not each.table]
    assert len(graphs) == 1 + 11
    expected = {each.name: count_of(each, small_build) for each in graphs}
    assert {each.name: len(list(quads(each))) for each in graphs} == expected
    assert {each.name: counted_by_rdflib(each) for each in graphs} == expected
    if suffix in RAPPER:
        assert {each.name: counted_by_rapper(each, tmp_path) for each in graphs} == expected


def test_every_dump_of_the_real_data_has_every_statement(
    real_build: Build, real_dumps: tuple[Dump, ...], tmp_path: Path
) -> None:
    whole = [each for each in real_dumps if not each.bulletin and each.format.suffix in RDFLIB]
    assert [each.format.suffix for each in whole] == ["nq", "trig", "ttl", "nt", "jsonld"]
    all_of_them = sum(real_build.counts.values())
    assert {len(list(quads(each))) for each in whole} == {all_of_them}
    read = [each for each in whole if each.format.suffix in RAPPER]
    assert {counted_by_rapper(each, tmp_path) for each in read} == {all_of_them}


def test_all_formats_say_the_same(dumped: tuple[Dump, ...]) -> None:
    said = {each.name: set(quads(each)) for each in dumped if each.format.suffix in RDFLIB}
    assert said["diplolocal.trig.gz"] == said["diplolocal.nq.gz"]
    union = {quad.triple for quad in said["diplolocal.nq.gz"]}
    for suffix in ("ttl", "nt", "jsonld"):
        assert {quad.triple for quad in said[f"diplolocal.{suffix}.gz"]} == union


def test_a_bulletin_is_its_graph(dumped: tuple[Dump, ...]) -> None:
    said = {each.name: set(quads(each)) for each in dumped if each.format.suffix in RDFLIB}
    graph = iris.graph("bulletin", "2021-09")
    whole = {quad for quad in said["diplolocal.nq.gz"] if quad.graph_name == NamedNode(graph)}
    assert len(whole) > 100
    assert said["bulletins/2021-09.trig.gz"] == said["bulletins/2021-09.nq.gz"] == whole
    for suffix in ("ttl", "nt", "jsonld"):
        triples = {quad.triple for quad in said[f"bulletins/2021-09.{suffix}.gz"]}
        assert triples == {quad.triple for quad in whole}


def test_turtle_and_trig_have_the_prefixes_of_the_house(dumped: tuple[Dump, ...]) -> None:
    for name in ("diplolocal.ttl.gz", "diplolocal.trig.gz", "bulletins/2021-09.ttl.gz"):
        text = gzip.decompress(named(dumped, name).file.read_bytes()).decode()
        assert "@prefix action: <https://w3id.org/diplolocal/id/action/> ." in text
        assert "\naction:2021-09-01 " in text.replace("\n\t", "\n")


def test_the_n_quads_are_those_of_the_build(small_build: Build, dumped: tuple[Dump, ...]) -> None:
    first = dumped[0]
    assert first == everything(small_build)
    assert (first.name, first.file) == ("diplolocal.nq.gz", small_build.store)


def test_every_dump_says_what_it_is(dumped: tuple[Dump, ...]) -> None:
    names = [each.name for each in dumped]
    assert names[:7] == [
        "diplolocal.nq.gz",
        "diplolocal.trig.gz",
        "diplolocal.ttl.gz",
        "diplolocal.nt.gz",
        "diplolocal.jsonld.gz",
        "tables/actions.csv",
        "tables/actions.parquet",
    ]
    assert [each.table for each in dumped[5 : 5 + 2 * len(tables())]] == [
        table.name for table in tables() for _ in range(2)
    ]
    months = [each.bulletin for each in dumped if each.bulletin]
    assert months == sorted(months)
    found = named(dumped, "bulletins/2021-09/actions.csv")
    assert (found.format.media_type, found.compressed) == ("text/csv", False)
    assert (found.table, found.bulletin) == ("actions", "2021-09")
    assert found.title[Language.ES] == "Boletín de septiembre de 2021: Acciones (CSV)"
    assert found.title[Language.EN] == "Bulletin of September 2021: Actions (CSV)"
    described = named(dumped, "tables/datapackage.json")
    assert (described.table, described.bulletin) == (None, None)


def test_sizes_and_sums_are_those_of_the_files(
    small_build: Build, dumped: tuple[Dump, ...]
) -> None:
    for each in dumped:
        content = each.file.read_bytes()
        assert (each.bytes, each.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    sums = (small_build.folder / FOLDER / SUMS).read_text()
    assert sums == "".join(
        sorted((f"{each.sha256}  {each.name}\n" for each in dumped), key=name_of)
    )


def test_the_tables_of_a_bulletin_are_its_rows(dumped: tuple[Dump, ...]) -> None:
    whole = named(dumped, "tables/actions.csv").file.read_bytes().decode()
    part = named(dumped, "bulletins/2021-09/actions.csv").file.read_bytes().decode()
    header, rows = part.split("\r\n", 1)
    assert whole.startswith(header)
    assert rows in whole
    assert rows.count("https://w3id.org/diplolocal/id/action/2021-09-0") == 8


def test_the_same_files_make_the_same_bytes(
    small_root: Path, small_build: Build, dumped: tuple[Dump, ...], run: Run, tmp_path: Path
) -> None:
    into = tmp_path / "again"
    ran = run("build", "--root", small_root, "--into", into, env={"PYTHONHASHSEED": "7"})
    assert ran.code == 0, ran.err
    again = into / small_build.version
    assert contents(again) == contents(small_build.folder)
    assert len(contents(again)) > len(dumped)


def test_dumps_are_made_once(small_build: Build, dumped: tuple[Dump, ...]) -> None:
    folder = small_build.folder / FOLDER
    before = folder.stat().st_mtime_ns
    assert dumps(small_build, Path("/nowhere")) == dumped
    assert folder.stat().st_mtime_ns == before


@pytest.mark.parametrize("spoiled", ["cut", "lost", "unreadable", "older"])
def test_dumps_that_are_not_whole_are_made_anew(
    spoiled: str, small_build: Build, dumped: tuple[Dump, ...], tmp_path: Path
) -> None:
    made = copied(small_build, tmp_path)
    folder = made.folder / FOLDER
    manifest = folder / "dumps.json"
    match spoiled:
        case "cut":
            (folder / "diplolocal.ttl.gz").write_bytes(b"")
        case "lost":
            (folder / "tables" / "actions.csv").unlink()
        case "unreadable":
            manifest.write_text("{")
        case "older":
            manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "layout": 0}))
    (made.folder / f"{UNFINISHED}99999999").mkdir()
    found = dumps(made, database(small_build))
    assert [(each.name, each.sha256) for each in found] == [
        (each.name, each.sha256) for each in dumped
    ]
    assert contents(made.folder) == contents(small_build.folder)


def test_where_dumps_cannot_be_written_is_said(small_build: Build, tmp_path: Path) -> None:
    made = copied(small_build, tmp_path, without=FOLDER)
    (made.folder / FOLDER).write_text("mine")
    with pytest.raises(BuildError, match=r"dumps: The dumps cannot be written: .* --into\."):
        dumps(made, database(small_build))
    assert (made.folder / FOLDER).read_text() == "mine"
    assert not list(made.folder.glob(f"{UNFINISHED}*"))


def test_the_dumps_of_three_builds_are_kept(
    small_build: Build, dumped: tuple[Dump, ...], tmp_path: Path
) -> None:
    made = copied(small_build, tmp_path, without=FOLDER)
    for age in range(1, 5):
        older = tmp_path / f"older-{age}" / FOLDER
        older.mkdir(parents=True)
        os.utime(older, (1_000_000 - age, 1_000_000 - age))
    dumps(made, database(small_build))
    left = {each.parent.name for each in tmp_path.glob(f"*/{FOLDER}")}
    assert left == {made.folder.name, "older-1", "older-2"}


# ------------------------------------------------------------------ what the tests look with


def quads(dump: Dump) -> list[Quad]:
    content = gzip.decompress(dump.file.read_bytes())
    return list(parse(content, format=RdfFormat.from_media_type(dump.format.media_type)))


def counted_by_rdflib(dump: Dump) -> int:
    content = gzip.decompress(dump.file.read_bytes())
    if dump.format.suffix not in WITH_NAMES:
        return len(rdflib.Graph().parse(data=content, format=RDFLIB[dump.format.suffix]))
    whole = rdflib.Dataset()
    whole.parse(data=content, format=RDFLIB[dump.format.suffix])
    return len(list(whole.quads()))


def counted_by_rapper(dump: Dump, folder: Path) -> int:
    rapper = shutil.which("rapper")
    if rapper is None:
        assert not os.environ.get("CI"), "rapper is not there: Debian's raptor2-utils"
        pytest.skip("rapper is not there: Debian's raptor2-utils")
    file = folder / "dump"
    file.write_bytes(gzip.decompress(dump.file.read_bytes()))
    command = [rapper, "--count", "--input", RAPPER[dump.format.suffix], str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    assert "rror" not in told
    return int(told.split("Parsing returned ")[1].split()[0])


def count_of(dump: Dump, made: Build) -> int:
    """How many statements it has. No statement stands in two files, so that the union has as many
    as there are quads.
    """
    if dump.bulletin:
        return made.counts[iris.graph("bulletin", dump.bulletin)]
    return sum(made.counts.values())


def named(dumped: tuple[Dump, ...], name: str) -> Dump:
    return next(each for each in dumped if each.name == name)


def name_of(line: str) -> str:
    return line.split("  ")[1].strip()


def contents(folder: Path) -> Mapping[str, bytes]:
    # The bytes of the index for searching: test_build.py.
    files = (each for each in folder.rglob("*") if each.is_file() and each.name != FILE)
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def copied(made: Build, folder: Path, *, without: str = "") -> Build:
    ignored = shutil.ignore_patterns(without)
    return open_build(Path(shutil.copytree(made.folder, folder / made.version, ignore=ignored)))
