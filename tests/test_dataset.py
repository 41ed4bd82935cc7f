"""The files: which graph each one is, which are refused and where, and the version of them all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.conftest import Run

from diplolocal import iris
from diplolocal.dataset import ROOMS, Dataset, Kind, find, quads, read
from diplolocal.errors import SourceError, SourcesUnreadable

PREFIX = "@prefix e: <http://e.org/> .\n"
MISPLACED_DATA = (
    "No file is expected here. A bulletin is data/bulletins/2021/2021-02.ttl, what it refers to is"
    " in data/reference/, twinnings, agreements and memberships are in data/relations/, links in"
    " data/links/, example queries in data/queries/; names are lower-case letters, digits and"
    " hyphens. What was withdrawn is in data/tombstones.ttl; data/releases/ is written by"
    " `diplolocal release`."
)
MISPLACED_ELSEWHERE = (
    "No file is expected here. Turtle files go to ontology/vocab/, ontology/alignments/ or"
    " shapes/, queries to ontology/checks/ or ontology/rules/, examples to shapes/examples/."
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data set of one file of each kind."""
    root = tmp_path / "small"
    for name in (
        "ontology/diplolocal.ttl",
        "ontology/prefixes.ttl",
        "ontology/checks/checks.ttl",
        "ontology/vocab/role.ttl",
        "ontology/alignments/prov.ttl",
        "shapes/action.ttl",
        "data/catalog.ttl",
        "data/bulletins/2021/2021-01.ttl",
        "data/reference/people.ttl",
        "data/reference/places/states.ttl",
        "data/relations/twinnings.ttl",
        "data/open-questions.ttl",
        "data/links/wikidata.ttl",
        "data/queries/maps.ttl",
        "data/releases/1.0.0.ttl",
        "data/tombstones.ttl",
    ):
        write(root / name, PREFIX + f'<http://e.org/{Path(name).stem}> e:p "{name}" .\n')
    write(root / "ontology/context.jsonld", '{"@context": {}}')
    write(root / "ontology/checks/missing-class.rq", "SELECT ?this { FILTER(false) }")
    write(root / "ontology/rules/link.rq", "CONSTRUCT {} {}")
    write(root / "data/releases/1.0.0.nq.gz", "")
    return root


# ------------------------------------------------------------------ what each file is


def test_each_file_is_a_graph(small: Path) -> None:
    graphs = {
        source.path.relative_to(small).as_posix(): source.graph.removeprefix(iris.NAMESPACE)
        for source in find(small).sources
    }
    assert graphs == {
        "ontology/diplolocal.ttl": "graph/ontology/diplolocal",
        "ontology/prefixes.ttl": "graph/ontology/prefixes",
        "ontology/checks/checks.ttl": "graph/ontology/checks",
        "ontology/vocab/role.ttl": "graph/vocab/role",
        "ontology/alignments/prov.ttl": "graph/alignments/prov",
        "shapes/action.ttl": "graph/shapes/action",
        "data/catalog.ttl": "graph/catalog",
        "data/bulletins/2021/2021-01.ttl": "graph/bulletin/2021-01",
        "data/reference/people.ttl": "graph/reference/people",
        "data/reference/places/states.ttl": "graph/reference/states",
        "data/relations/twinnings.ttl": "graph/relations/twinnings",
        "data/open-questions.ttl": "graph/open-questions",
        "data/links/wikidata.ttl": "graph/links/wikidata",
        "data/queries/maps.ttl": "graph/queries/maps",
        "data/releases/1.0.0.ttl": "graph/releases/1.0.0",
        "data/tombstones.ttl": "graph/tombstones",
    }


def test_sources_are_sorted_by_path(dataset: Dataset) -> None:
    paths = [source.path for source in dataset.sources]
    assert len(paths) > 30
    assert paths == sorted(paths)


def test_sources_are_chosen_by_kind(small: Path) -> None:
    found = find(small)
    assert [source.path.name for source in found.of(Kind.BULLETIN, Kind.CATALOG)] == [
        "2021-01.ttl",
        "catalog.ttl",
    ]
    assert {source.kind for source in found.described} == set(Kind) - {Kind.SHAPES}


def test_checks_and_rules_are_found(small: Path) -> None:
    found = find(small)
    assert (names(found.checks), names(found.rules)) == (["missing-class.rq"], ["link.rq"])


def test_what_belongs_beside_the_files_is_no_source(small: Path) -> None:
    before = find(small).sources
    for name in (
        "data/README.md",
        "shapes/README.md",
        "data/.DS_Store",
        "data/.cache/x.ttl",
        "shapes/examples/action/invalid-date.ttl",
    ):
        write(small / name, "anything")
    assert find(small).sources == before


def test_a_statement_is_in_the_graph_of_its_file(small: Path) -> None:
    [source] = find(small).of(Kind.CATALOG)
    assert list(quads(source)) == [
        Quad(
            NamedNode("http://e.org/catalog"),
            NamedNode("http://e.org/p"),
            Literal("data/catalog.ttl"),
            NamedNode(iris.graph("catalog")),
        )
    ]


def test_reading_gives_the_statements_of_all(small: Path) -> None:
    found = find(small)
    assert len(read(found.sources)) == 16
    assert len(read(found.described)) == 15
    assert read(()) == []


def test_a_subject_is_on_the_line_it_begins(small: Path) -> None:
    path = small / "data/reference/people.ttl"
    write(
        path,
        "# people\n"
        + PREFIX
        + '<http://e.org/one> e:p "one" ;\n    e:q e:two .\n\ne:two e:p "é" .\ne:two e:p e:one .\n',
    )
    [source] = [source for source in find(small).sources if source.path == path]
    assert source.subject_lines == {"http://e.org/one": 3, "http://e.org/two": 6}


# ------------------------------------------------------------------ files that are refused


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data/2021-02.ttl", MISPLACED_DATA),
        ("data/bulletins/2021-02.ttl", MISPLACED_DATA),
        ("data/bulletins/2022/2021-02.ttl", MISPLACED_DATA),
        ("data/bulletins/2021/2021-13.ttl", MISPLACED_DATA),
        ("data/bulletins/2021/2021-2.ttl", MISPLACED_DATA),
        ("data/bulletins/2021/extra/2021-02.ttl", MISPLACED_DATA),
        ("data/reference/People.ttl", MISPLACED_DATA),
        ("data/reference/años.ttl", MISPLACED_DATA),
        ("data/reference/people.TTL", MISPLACED_DATA),
        ("data/reference/people.ttl~", MISPLACED_DATA),
        ("data/reference/people.rq", MISPLACED_DATA),
        ("data/links/deep/ror.ttl", MISPLACED_DATA),
        ("data/queries/maps.rq", MISPLACED_DATA),
        ("ontology/questions/who.rq", MISPLACED_ELSEWHERE),
        ("ontology/extra.ttl", MISPLACED_ELSEWHERE),
        ("ontology/vocab/deep/role.ttl", MISPLACED_ELSEWHERE),
        ("ontology/checks/extra.ttl", MISPLACED_ELSEWHERE),
        ("ontology/vocab/role.rq", MISPLACED_ELSEWHERE),
        ("shapes/deep/action.ttl", MISPLACED_ELSEWHERE),
        ("shapes/notes.txt", MISPLACED_ELSEWHERE),
    ],
)
def test_a_file_in_the_wrong_place_is_named(small: Path, name: str, said: str) -> None:
    write(small / name, PREFIX)
    assert errors_of(lambda: find(small)) == [f"{small / name}: {said}"]


def test_two_files_that_would_be_one_graph_are_both_named(small: Path) -> None:
    second = small / "data/reference/places/people.ttl"
    write(second, PREFIX)
    first = small / "data/reference/people.ttl"
    assert errors_of(lambda: find(small)) == [
        f"{second}: This file and {first} would both be the graph"
        " https://w3id.org/diplolocal/graph/reference/people. Rename one of them."
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_missing_folder_is_named(small: Path, room: str) -> None:
    shutil.rmtree(small / room)
    assert errors_of(lambda: find(small)) == [
        f"{small / room}: There is no such folder. Run the command where ontology/, data/ and"
        " shapes/ are, or give --root."
    ]


def test_an_empty_folder_lacks_all_three(tmp_path: Path) -> None:
    assert [line.split(": ")[0] for line in errors_of(lambda: find(tmp_path))] == [
        str(tmp_path / room) for room in ROOMS
    ]


def test_a_file_in_a_folder_s_place_is_no_folder(small: Path) -> None:
    shutil.rmtree(small / "shapes")
    write(small / "shapes", "a file")
    assert len(errors_of(lambda: find(small))) == 1


def test_all_misplaced_files_are_named_at_once(small: Path) -> None:
    wrong = ["data/one.ttl", "data/two.ttl", "shapes/three.txt"]
    for name in wrong:
        write(small / name, "")
    shutil.rmtree(small / "ontology")
    assert [line.split(": ")[0] for line in errors_of(lambda: find(small))] == [
        str(small / name) for name in ("ontology", *wrong)
    ]


# ------------------------------------------------------------------ files that cannot be read


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            PREFIX + "\ne:one e:p nowhere:two .\n",
            3,
            "The prefix nowhere: is not declared in this file. Copy its @prefix line from"
            " ontology/prefixes.ttl, or mend the name.",
        ),
        (PREFIX + 'e:one e:p "one" .\ne:two e:p "two"\n\ne:three e:p 3 .\n', None, "not Turtle"),
        (PREFIX + "e:one e:p <no good iri> .\n", 2, "not Turtle"),
        (PREFIX + 'e:one e:p "never closed .\n', 2, "not Turtle"),
        (PREFIX + 'e:one e:p "one"', 2, "not Turtle"),
        ("{}", 1, "not Turtle"),
    ],
)
def test_what_is_no_turtle_is_named_with_its_line(
    small: Path, text: str, line: int | None, said: str
) -> None:
    path = small / "data/reference/people.ttl"
    write(path, text)
    [error] = errors_of(lambda: read(find(small).sources))
    where, _, reason = error.partition(": ")
    assert where.rpartition(":")[0] == str(path)
    assert where.rpartition(":")[2] in ([str(line)] if line else ["3", "4", "5"])
    assert said in reason


def test_what_is_not_utf_8_is_named_with_its_line(small: Path) -> None:
    path = small / "data/reference/people.ttl"
    path.write_bytes((PREFIX + '\ne:one e:p "Querétaro" .\n').encode("latin-1"))
    assert errors_of(lambda: read(find(small).sources)) == [
        f"{path}:3: This is not UTF-8 text. Save the file as UTF-8."
    ]


@pytest.mark.parametrize("text", ['[] e:p "one" .', "_:one e:p e:two .", "e:s e:p [ e:q 1 ] ."])
def test_a_blank_node_is_refused(small: Path, text: str) -> None:
    path = small / "data/reference/people.ttl"
    write(path, PREFIX + text)
    [error] = errors_of(lambda: read(find(small).sources))
    assert error.startswith(f"{path}: A blank node with the property http://e.org/")
    assert error.endswith(". Give it an IRI of its own.")


def test_a_blank_node_that_is_only_pointed_at_is_refused(small: Path) -> None:
    write(small / "data/reference/people.ttl", PREFIX + "e:s e:p [] .")
    assert len(errors_of(lambda: read(find(small).sources))) == 1


def test_shapes_may_hold_lists(small: Path) -> None:
    write(small / "shapes/action.ttl", PREFIX + "e:shape e:in (e:one e:two) .")
    assert len(read(find(small).of(Kind.SHAPES))) == 5


def test_every_file_that_cannot_be_read_is_named(small: Path) -> None:
    for name in ("data/catalog.ttl", "data/reference/people.ttl", "shapes/action.ttl"):
        write(small / name, "nonsense")
    with pytest.raises(SourcesUnreadable) as refusal:
        read(find(small).sources)
    assert [error.path.name for error in refusal.value.errors] == [
        "catalog.ttl",
        "people.ttl",
        "action.ttl",
    ]
    assert [error.line for error in refusal.value.errors] == [1, 1, 1]
    assert str(refusal.value) == "Files that cannot be read: 3. Nothing was changed."


def test_a_file_that_went_away_is_an_error(small: Path) -> None:
    found = find(small)
    path = small / "data/catalog.ttl"
    path.unlink()
    assert errors_of(lambda: read(found.sources)) == [
        f"{path}: The file cannot be read: No such file or directory"
    ]


def test_a_link_to_nothing_is_an_error(small: Path) -> None:
    (small / "data/links/ror.ttl").symlink_to("nowhere")
    assert errors_of(lambda: read(find(small).sources)) == [
        f"{small / 'data/links/ror.ttl'}: The file cannot be read: No such file or directory"
    ]


@pytest.mark.parametrize("command", ["validate", "build"])
@pytest.mark.parametrize(
    "name",
    [
        "data/reference/people.ttl",
        "shapes/action.ttl",
        "ontology/checks/missing-class.rq",
        "ontology/checks/checks.ttl",
    ],
)
def test_a_file_that_may_not_be_read_is_named(
    copy: Path, run: Run, command: str, name: str
) -> None:
    (copy / name).chmod(0)
    ran = run(command, "--root", copy, unprivileged=True)
    assert ran.code == 2
    assert ran.out == ""
    assert (
        f"{copy / name}: The file may not be read. Give yourself permission to read it (chmod u+r)."
    ) in ran.err.splitlines()
    assert "Traceback" not in ran.err


def test_a_rule_that_may_not_be_read_is_named(copy: Path, run: Run) -> None:
    rule = copy / "ontology/rules/link.rq"
    rule.chmod(0)
    ran = run("build", "--root", copy, unprivileged=True)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{rule}: The file may not be read.")


def test_a_folder_that_may_not_be_read_is_no_empty_folder(copy: Path, run: Run) -> None:
    folder = copy / "data/reference"
    folder.chmod(0)
    ran = run("validate", "--root", copy, unprivileged=True)
    folder.chmod(0o755)
    assert ran.code == 2
    assert str(folder) in ran.err
    assert "Traceback" not in ran.err


# ------------------------------------------------------------------ the version


def test_the_version_is_twelve_hex_digits_and_stays(small: Path) -> None:
    version = find(small).version
    assert len(version) == 12
    assert int(version, 16) >= 0
    assert find(small).version == version


def test_the_version_does_not_depend_on_the_place(small: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a much longer name" / "z"
    shutil.copytree(small, elsewhere)
    assert find(elsewhere).version == find(small).version


def test_the_version_does_not_depend_on_when_files_were_written(small: Path) -> None:
    version = find(small).version
    for path in small.rglob("*.ttl"):
        os.utime(path, (0, 0))
    assert find(small).version == version


def test_a_byte_anywhere_changes_the_version(small: Path) -> None:
    versions = [find(small).version]
    files = sorted(path for path in small.rglob("*") if path.is_file())
    for path in files:
        path.write_bytes(path.read_bytes() + b" ")
        versions.append(find(small).version)
    assert len(files) == 20
    assert len(set(versions)) == 21


def test_what_is_not_read_does_not_change_the_version(small: Path) -> None:
    version = find(small).version
    write(small / "data/README.md", "new")
    write(small / "shapes/examples/action/valid.ttl", "new")
    assert find(small).version == version


def test_another_name_changes_the_version(small: Path) -> None:
    version = find(small).version
    (small / "data/reference/people.ttl").rename(small / "data/reference/persons.ttl")
    assert find(small).version != version


def test_without_its_context_a_data_set_has_no_version(small: Path) -> None:
    (small / "ontology/context.jsonld").unlink()
    found = find(small)
    with pytest.raises(SourceError, match="The file cannot be read: No such file or directory"):
        _ = found.version


def errors_of(attempt: Callable[[], object]) -> list[str]:
    """What is said of each file that cannot be used."""
    with pytest.raises(SourcesUnreadable) as refusal:
        attempt()
    return [str(error) for error in refusal.value.errors]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]
