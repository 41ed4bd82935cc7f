"""What a release records: what it created, updated and deleted, and that nothing vanishes."""

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from diplolocal import history, iris
from diplolocal.build import Build, build
from diplolocal.database import history_database
from diplolocal.dataset import find
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError, NotConforming, NotReleased
from diplolocal.history import Change
from diplolocal.not_found import ResourceNotFound
from diplolocal.releases import number
from diplolocal.releasing import Plan, release
from diplolocal.wording import Language

FIRM = "https://w3id.org/diplolocal/id/firm/"
SAID = {Language.ES: "Un ejemplo.", Language.EN: "An example."}
BULLETIN = Path("data", "bulletins", "2021", "2021-01.ttl")
REFERENCE = Path("data", "reference", "firms.ttl")
TOMBSTONES = Path("data", "tombstones.ttl")
NONE = dict.fromkeys(Change, 0)

NEW_FIRM = """
<{iri}> a <https://w3id.org/diplolocal/def#Firm> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "Example"@en , "{name}"@es ;
    <https://w3id.org/diplolocal/def#basedIn> <https://w3id.org/diplolocal/id/place/us> .
"""
STONE = """
<{iri}> a <https://w3id.org/diplolocal/def#Tombstone> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "Example"@en , "Ejemplo"@es ;
    <http://www.w3.org/2004/02/skos/core#changeNote> "Entered twice."@en , "Capturado dos veces."@es
    {replaced} .
"""
REPLACED = "; <http://purl.org/dc/terms/isReplacedBy> <{iri}>"


@pytest.fixture
def root(small_root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_root, tmp_path / "root"))


@pytest.fixture(scope="module")
def released(small_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with a first release, which has two firms that nothing refers to."""
    root = Path(shutil.copytree(small_root, tmp_path_factory.mktemp("released") / "root"))
    for name in ("one", "other"):
        add(root / REFERENCE, NEW_FIRM.format(iri=FIRM + name, name=name))
    make(root, "1.0.0", "2026-11-01T00:00:00Z")
    return root


@pytest.fixture
def again(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "again"))


def add(path: Path, text: str) -> None:
    path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")


def remove(path: Path, iri: str) -> None:
    """The Turtle block of the thing."""
    before, _, rest = path.read_text("utf-8").partition(f"\n<{iri}> a ")
    path.write_text(before + rest.partition(" .\n")[2], "utf-8")


def make(root: Path, version: str, issued: str = "2026-12-01T00:00:00Z") -> Mapping[Change, int]:
    return release(find(root), Plan(version, issued, SAID))


def told(root: Path, tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore.open(history_database(built(root, tmp_path)))


def built(root: Path, tmp_path: Path) -> Build:
    return build(find(root), tmp_path / "builds")


def test_the_first_release_creates_every_topic_with_all_that_is_said_of_it(
    released: Path, tmp_path: Path
) -> None:
    store = told(released, tmp_path)
    [first] = history.releases(store)
    assert (first.version, first.issued) == ("1.0.0", "2026-11-01T00:00:00Z")
    with gzip.open(built(released, tmp_path).store) as packed:
        published = {quad.triple for quad in parse(packed.read(), format=RdfFormat.N_QUADS)}
    [record] = find(released).records
    with gzip.open(record) as packed:
        quads = list(parse(packed.read(), format=RdfFormat.N_QUADS))
    recorded = {quad.triple for quad in quads if str(quad.graph_name) != f"<{first.iri}>"}
    assert recorded == published
    action = iris.thing("action/2021-01-03")
    [version] = history.versions(store, action)
    assert version.member == "https://w3id.org/diplolocal/doc/action/2021-01-03?version=1.0.0"
    assert version.change is Change.CREATED
    said = {str(triple.subject) for triple in history.statements(store, version.member)}
    assert said == {f"<{action}>"}


def test_the_file_for_citing_names_the_newest_release(again: Path) -> None:
    file = again / "CITATION.cff"
    file.write_text("title: x\nversion: 1.0.0\ndate-released: 2026-11-01\n", "utf-8")
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    make(again, "1.1.0")
    assert file.read_text("utf-8") == "title: x\nversion: 1.1.0\ndate-released: 2026-12-01\n"


def test_all_else_in_the_file_for_citing_stays_byte_for_byte(again: Path) -> None:
    file = again / "CITATION.cff"
    kept = b"title: caf\xe9\r\nidentifiers:\n  - version: 1.0.0\n"
    file.write_bytes(kept + b"version: 1.0.0\n")
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    make(again, "1.1.0")
    assert file.read_bytes() == kept + b"version: 1.1.0\n"


def test_there_is_no_release_where_the_file_for_citing_cannot_be_written(again: Path) -> None:
    file = again / "CITATION.cff"
    file.write_text("version: 1.0.0\n", "utf-8")
    (again / ".CITATION.cff").symlink_to(again / "nowhere" / "at all")
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    with pytest.raises(BuildError, match="The release cannot be written"):
        make(again, "1.1.0")
    assert file.read_text("utf-8") == "version: 1.0.0\n"
    released = [path.name for path in sorted((again / "data" / "releases").iterdir())]
    assert released == ["1.0.0.nq.gz", "1.0.0.ttl"]


def test_there_is_no_half_of_a_release(again: Path) -> None:
    in_its_way = again / "data" / "releases" / "1.1.0.ttl"
    (in_its_way / "x").mkdir(parents=True)
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    with pytest.raises(BuildError, match="The release cannot be written"):
        make(again, "1.1.0")
    assert [path.name for path in in_its_way.parent.glob("*.nq.gz")] == ["1.0.0.nq.gz"]


def test_a_release_records_only_what_changed(again: Path, tmp_path: Path) -> None:
    bulletin = again / BULLETIN
    text = bulletin.read_text("utf-8")
    bulletin.write_text(text.replace("First issue of the series.", "The first issue."), "utf-8")
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    # The release itself is new, too.
    done = make(again, "1.1.0")
    assert done == NONE | {Change.CREATED: 2, Change.UPDATED: 1}
    store = told(again, tmp_path)
    assert [each.version for each in history.releases(store)] == ["1.0.0", "1.1.0"]
    versions = history.versions(store, iris.thing("bulletin/2021-01"))
    assert [(each.release.version, each.change) for each in versions] == [
        ("1.0.0", Change.CREATED),
        ("1.1.0", Change.UPDATED),
    ]
    before, after = (str(history.statements(store, each.member)) for each in versions)
    assert ("First issue of the series." in before, "The first issue." in after) == (True, True)
    assert "The first issue." not in before


def test_what_was_merged_or_withdrawn_is_deleted_with_its_tombstone(
    again: Path, tmp_path: Path
) -> None:
    for name, stays in (("one", ""), ("other", REPLACED.format(iri=FIRM + "heir"))):
        remove(again / REFERENCE, FIRM + name)
        add(again / TOMBSTONES, STONE.format(iri=FIRM + name, replaced=stays))
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "heir", name="heredera"))
    assert make(again, "1.1.0") == NONE | {Change.CREATED: 2, Change.DELETED: 2}
    store = told(again, tmp_path)
    first, last = history.versions(store, FIRM + "other")
    assert (first.change, last.change) == (Change.CREATED, Change.DELETED)
    assert "Capturado dos veces." in str(history.statements(store, last.member))
    # What is gone stays gone, and is not recorded again.
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "last", name="última"))
    assert make(again, "1.2.0", "2027-01-01T00:00:00Z") == NONE | {Change.CREATED: 2}


def test_what_was_published_does_not_vanish_silently(again: Path) -> None:
    remove(again / REFERENCE, FIRM + "one")
    with pytest.raises(NotReleased, match=f"have vanished: {FIRM}one"):
        make(again, "1.1.0")
    assert sorted(path.name for path in (again / "data" / "releases").iterdir()) == [
        "1.0.0.nq.gz",
        "1.0.0.ttl",
    ]


def test_what_only_belongs_to_another_goes_with_it(again: Path, tmp_path: Path) -> None:
    unnamed = iris.thing("unnamed/2021-01-02-2")
    bulletin = again / BULLETIN
    text = bulletin.read_text("utf-8").replace(
        "unnamed:2021-01-02-1 ,\n        unnamed:2021-01-02-2 ;", "unnamed:2021-01-02-1 ;"
    )
    before, _, rest = text.partition("\nunnamed:2021-01-02-2\n")
    bulletin.write_text(before + rest[rest.index("\n\n") :], "utf-8")
    assert make(again, "1.1.0")[Change.DELETED] == 1
    store = told(again, tmp_path)
    assert history.versions(store, unnamed)[-1].change is Change.DELETED
    with pytest.raises(ResourceNotFound):
        history.statements(store, history.versions(store, unnamed)[-1].member)


@pytest.mark.parametrize(
    "version", ["1", "1.0", "1.0.0.0", "v1.0.1", "1.0.01", "1.1.0-beta", "١.0.0"]
)
def test_a_version_number_has_three_parts(root: Path, version: str) -> None:
    with pytest.raises(NotReleased, match="is no version number"):
        make(root, version)


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9"])
def test_a_release_comes_after_the_one_before(again: Path, version: str) -> None:
    with pytest.raises(NotReleased, match=f"{version} does not come after 1.0.0"):
        make(again, version)


@pytest.mark.parametrize("issued", ["2026-11-01T00:00:00Z", "2026-10-31T23:59:59Z"])
def test_a_release_is_issued_after_the_one_before(again: Path, issued: str) -> None:
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    with pytest.raises(NotReleased, match=f"{issued} is not later than 2026-11-01T00:00:00Z"):
        make(again, "1.1.0", issued)


def test_what_is_released_already_is_not_released_again(again: Path) -> None:
    with pytest.raises(NotReleased, match=r"Nothing was changed since release 1\.0\.0"):
        make(again, "1.1.0")


def test_what_does_not_conform_is_not_released(root: Path) -> None:
    add(root / REFERENCE, f"<{FIRM}x> a <https://w3id.org/diplolocal/def#Firm> .\n")
    with pytest.raises(NotConforming):
        make(root, "1.0.0")
    assert list((root / "data" / "releases").iterdir()) == []


def test_the_version_number_says_whether_the_files_are_those_that_were_released(
    root: Path, again: Path
) -> None:
    assert number(find(root)) == f"0.0.0+{find(root).version}"
    assert number(find(again)) == "1.0.0"
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    assert number(find(again)) == f"1.0.0+{find(again).version}"


def test_releases_are_in_the_order_of_their_numbers(again: Path) -> None:
    for minor in (2, 10):
        add(again / REFERENCE, NEW_FIRM.format(iri=f"{FIRM}new-{minor}", name=f"nueva {minor}"))
        make(again, f"1.{minor}.0", f"2027-01-{minor:02}T00:00:00Z")
    assert [record.name for record in find(again).records] == [
        "1.0.0.nq.gz",
        "1.2.0.nq.gz",
        "1.10.0.nq.gz",
    ]
    assert number(find(again)) == "1.10.0"


def test_the_same_release_is_the_same_bytes(small_root: Path, tmp_path: Path) -> None:
    records = []
    for name in ("first", "second"):
        root = Path(shutil.copytree(small_root, tmp_path / name))
        make(root, "1.0.0")
        records.append([path.read_bytes() for path in sorted((root / "data/releases").iterdir())])
    assert records[0] == records[1]


def test_a_broken_record_is_named(again: Path) -> None:
    [record] = find(again).records
    record.write_bytes(record.read_bytes()[:1000])
    add(again / REFERENCE, NEW_FIRM.format(iri=FIRM + "third", name="tercera"))
    with pytest.raises(BuildError, match=r"1\.0\.0\.nq\.gz: The record of a release is missing"):
        make(again, "1.1.0")
