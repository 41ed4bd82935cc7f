"""The database of a build: made once, whole or not at all, opened by many."""

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest

from diplolocal.build import Build
from diplolocal.database import FOLDER, database
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError
from diplolocal.store import select
from diplolocal.wording import Language, Message, say

EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
BY_GRAPH = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


@pytest.fixture
def made(tmp_path: Path) -> Build:
    """A build of three statements in two graphs, one of them in both."""
    folder = tmp_path / "builds" / "abcdef012345"
    folder.mkdir(parents=True)
    lines = [
        '<urn:a> <urn:p> "1" <urn:g:1> .',
        '<urn:a> <urn:p> "1" <urn:g:2> .',
        '<urn:b> <urn:p> "2" <urn:g:2> .',
    ]
    (folder / "store.nq.gz").write_bytes(gzip.compress("\n".join([*lines, ""]).encode(), mtime=0))
    return Build(folder, "abcdef012345", None, {"urn:g:1": 1, "urn:g:2": 2})


def test_a_database_holds_what_the_build_holds_and_the_union_once(made: Build) -> None:
    on_disk, in_memory = EmbeddedStore.open(database(made)), EmbeddedStore.load(made.store)
    assert [row["o"].value for row in select(on_disk, EVERYTHING)] == ["1", "2"]  # type: ignore[union-attr]
    for query in (EVERYTHING, BY_GRAPH):
        assert select(on_disk, query) == select(in_memory, query)


def test_a_database_is_made_once_and_opened_by_many(made: Build) -> None:
    folder = database(made)
    made.store.write_bytes(b"")
    assert database(made) == folder
    stores = [EmbeddedStore.open(folder) for _ in range(3)]
    assert [len(select(store, EVERYTHING)) for store in stores] == [2, 2, 2]


def test_a_database_lies_beside_its_build_and_is_no_part_of_it(made: Build) -> None:
    folder = database(made)
    assert folder.parent == made.folder.parent / FOLDER
    assert [path.name for path in made.folder.iterdir()] == ["store.nq.gz"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_build_that_breaks_off_leaves_no_database(made: Build) -> None:
    made.store.write_bytes(made.store.read_bytes()[:-12])
    with pytest.raises(EOFError):
        database(made)
    assert list((made.folder.parent / FOLDER).iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(made: Build) -> None:
    left = made.folder.parent / FOLDER / ".unfinished-999999999"
    left.mkdir(parents=True)
    database(made)
    assert not left.exists()


def test_the_six_newest_databases_stay(made: Build) -> None:
    folders = []
    for number in range(8):
        folder = database(replace(made, version=f"{number:012x}"))
        os.utime(folder, (number, number))
        folders.append(folder)
    assert sorted(folders[0].parent.iterdir()) == folders[2:]


def test_what_is_done_is_told(made: Build) -> None:
    told: list[str] = []

    def progress(step: Message, done: int, total: int) -> None:
        told.append(f"{say(step, Language.ES)} {done}/{total}")

    database(made, progress=progress)
    assert told == ["Se escribe la base de datos 0/0"]


def test_a_folder_that_may_not_be_written_is_told(made: Build) -> None:
    (made.folder.parent / FOLDER).write_text("in the way")
    with pytest.raises(BuildError, match=r"The database cannot be written: .* --into\."):
        database(made)
