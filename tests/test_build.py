"""The build: the same bytes for the same files, whole or not there at all, and what is derived."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from tests.conftest import REPOSITORY, Run, command, environment

from diplolocal import iris, search_index
from diplolocal.build import LAYOUT, Build, before, build, derive, is_current, open_build
from diplolocal.dataset import Dataset, Kind, Source, find
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError, NotConforming, SourcesUnreadable
from diplolocal.releases import number
from diplolocal.statements import Statements
from diplolocal.wording import Language, Message, say

XSD = "http://www.w3.org/2001/XMLSchema#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SCHEMA = "https://schema.org/"
GEO = "http://www.opengis.net/ont/geosparql#"
VOCAB = iris.NAMESPACE + "vocab/"
PREFIXES = """
    @prefix dl: <https://w3id.org/diplolocal/def#> .
    @prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
    @prefix id: <https://w3id.org/diplolocal/id/> .
    @prefix place: <https://w3id.org/diplolocal/id/place/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix prov: <http://www.w3.org/ns/prov#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix schema: <https://schema.org/> .
    dl:MexicanActor rdfs:subClassOf dl:Actor .
    dl:StateGovernment rdfs:subClassOf dl:MexicanActor .
    dl:Agency rdfs:subClassOf dl:MexicanActor .
    dl:InternationalActor rdfs:subClassOf dl:Actor .
    dl:Firm rdfs:subClassOf dl:InternationalActor .
    dl:DiplomaticMission rdfs:subClassOf dl:InternationalActor .
    dl:ForeignState rdfs:subClassOf dl:InternationalActor .
"""


# ------------------------------------------------------------------ the folder


@pytest.fixture(scope="module")
def dataset(small_root: Path) -> Dataset:
    """The small data set: whatever is true of its build is true of the real one."""
    return find(small_root)


@pytest.fixture(scope="module")
def small_build(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Its build."""
    return build(dataset, tmp_path_factory.mktemp("small-build"))


def test_a_build_holds_what_its_manifest_says(small_build: Build, dataset: Dataset) -> None:
    names = set(contents(small_build.folder)) - {"manifest.json"}
    records = {f"releases/{record.name}" for record in dataset.records}
    assert names >= {"store.nq.gz", "context.jsonld", "shapes.ttl", "report.json", *records}
    manifest = json.loads((small_build.folder / "manifest.json").read_text())
    quads = quads_of(small_build)
    assert manifest == {
        "layout": LAYOUT,
        "version": dataset.version,
        "release": number(dataset),
        "newest": "2022-02",
        "files": {
            name: hashlib.sha256((small_build.folder / name).read_bytes()).hexdigest()
            for name in names
        },
        "counts": {
            graph: sum(str(quad.graph_name) == f"<{graph}>" for quad in quads)
            for graph in {str(quad.graph_name)[1:-1] for quad in quads}
        },
    }


def test_a_build_is_what_its_manifest_says(small_build: Build, dataset: Dataset) -> None:
    opened = open_build(small_build.folder)
    assert opened == small_build
    assert (opened.folder.name, opened.version) == (dataset.version, dataset.version)
    assert opened.newest == "2022-02"
    assert set(opened.counts) == {source.graph for source in dataset.described} | {iris.DERIVED}
    assert opened.release == number(dataset)
    assert [record.read_bytes() for record in opened.records] == [
        record.read_bytes() for record in dataset.records
    ]
    assert opened.context.read_bytes() == dataset.context.read_bytes()


def test_the_store_holds_the_files_and_what_follows(small_build: Build) -> None:
    jalisco = NamedNode(iris.thing("place/mx-jal"))
    held = {
        (str(quad.graph_name)[1:-1], str(quad.object)[1:-1])
        for quad in quads_of(small_build)
        if (quad.subject, quad.predicate) == (jalisco, NamedNode(RDF_TYPE))
    }
    assert held >= {
        (iris.graph("reference", "states"), iris.ONTOLOGY + "#FederalEntity"),
        (iris.DERIVED, iris.ONTOLOGY + "#Territory"),
    }


def test_nothing_derived_was_written_by_hand(small_build: Build) -> None:
    written: set[Triple] = set()
    derived: set[Triple] = set()
    for quad in quads_of(small_build):
        (derived if quad.graph_name == NamedNode(iris.DERIVED) else written).add(quad.triple)
    assert len(derived) > 1_000
    assert written & derived == set()


def test_the_same_files_in_another_folder_are_the_same_bytes(
    copy: Path, small_build: Build, tmp_path: Path
) -> None:
    again = build(find(copy), tmp_path / "elsewhere")
    assert again.folder != small_build.folder
    assert contents(again.folder) == contents(small_build.folder)


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_another_process_makes_the_same_bytes(
    run: Run, dataset: Dataset, small_build: Build, tmp_path: Path, seed: str
) -> None:
    into = tmp_path / "elsewhere"
    env = {"PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "LANG": "de_DE"}
    ran = run("build", "--root", dataset.root, "--into", into, env=env)
    assert (ran.code, ran.out) == (0, f"{into / small_build.version}\n")
    assert contents(into / small_build.version) == contents(small_build.folder)
    search_index.make(EmbeddedStore.load(small_build.store), tmp_path / search_index.FILE)
    searched = (into / small_build.version / search_index.FILE).read_bytes()
    assert searched == (tmp_path / search_index.FILE).read_bytes()


def test_a_build_that_is_there_is_not_made_again(dataset: Dataset, small_build: Build) -> None:
    steps: list[Message] = []
    before = {path: path.stat() for path in small_build.folder.iterdir()}
    found = build(
        dataset, small_build.folder.parent, progress=lambda step, done, total: steps.append(step)
    )
    assert (found, steps) == (small_build, [])
    assert {path: path.stat() for path in small_build.folder.iterdir()} == before


def test_a_build_says_how_far_it_is(dataset: Dataset, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    build(
        dataset,
        tmp_path,
        progress=lambda step, done, total: steps.append((say(step, Language.EN), done, total)),
    )
    parts = steps[-1][2] - len(dataset.checks)
    assert parts >= 1
    assert steps[-1] == ("Done", len(dataset.checks) + parts, len(dataset.checks) + parts)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)


# ------------------------------------------------------------------ what must not be built


def test_data_that_do_not_conform_leave_the_build_that_was_there(
    copy: Path, small_build: Build, tmp_path: Path
) -> None:
    into = with_a_build(small_build, tmp_path)
    spoil(copy)
    with pytest.raises(NotConforming) as refusal:
        build(find(copy), into)
    violations = [found for found in refusal.value.report.findings if found.value]
    assert [found.value for found in violations] == ['"Noroeste"']
    shown = [path.name for path in into.iterdir() if not path.name.startswith(".")]
    assert shown == [small_build.version]
    assert contents(open_build(into / small_build.version).folder) == contents(small_build.folder)


def test_the_command_says_why_it_does_not_build(copy: Path, run: Run, tmp_path: Path) -> None:
    spoil(copy)
    ran = run("build", "--root", copy, "--into", tmp_path / "builds")
    assert (ran.code, ran.out) == (1, "")
    lines = ran.err.splitlines()
    assert lines[0] == f"Violation  {copy / 'data/bulletins/2021/2021-01.ttl'}:43"
    assert lines[-1] == (
        "The data do not conform, so no build was made; a build made earlier stays as it was. Run"
        " `diplolocal validate` and mend what it names."
    )
    assert [path.name for path in (tmp_path / "builds").iterdir()] == [".reports"]


def test_files_that_cannot_be_read_are_not_built(
    copy: Path, small_build: Build, tmp_path: Path
) -> None:
    into = with_a_build(small_build, tmp_path)
    (copy / "data/reference/people.ttl").write_text("nonsense")
    with pytest.raises(SourcesUnreadable):
        build(find(copy), into)
    assert open_build(into / small_build.version).version == small_build.version


def test_a_rule_that_is_no_query_is_named(copy: Path, run: Run, tmp_path: Path) -> None:
    rule = copy / "ontology/rules/link.rq"
    rule.write_text("CONSTRUCT {")
    ran = run("build", "--root", copy, "--into", tmp_path / "builds")
    assert ran.code in (2, 3)
    assert str(rule) in ran.err
    assert "Traceback" not in ran.err


# ------------------------------------------------------------------ a build that is killed


def test_a_killed_build_leaves_no_half_build(
    dataset: Dataset, small_build: Build, tmp_path: Path, run: Run
) -> None:
    into = tmp_path / "builds"
    into.mkdir()
    killed = kill_while_writing(into)
    assert [name.rpartition("-")[0] for name in sorted(killed)] == ["", ".unfinished"]
    assert not is_current(into / dataset.version)
    ran = run("build", "--root", dataset.root, "--into", into)
    assert (ran.code, ran.out) == (0, f"{into / dataset.version}\n")
    left = {path.name for path in into.iterdir()}
    assert left == {dataset.version, ".databases", ".reports"}
    assert contents(into / dataset.version) == contents(small_build.folder)


def test_what_a_dead_process_left_is_swept_and_nothing_else(
    dataset: Dataset, small_build: Build, tmp_path: Path
) -> None:
    old = with_a_build(small_build, tmp_path).rename(tmp_path / "old")
    (old / small_build.version).rename(old / "0123456789ab")
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = [f".unfinished-{dead.pid}", f".unfinished-{os.getpid()}"]
    running = f".unfinished-{os.getppid()}"
    for name in (*left, running, "notes"):
        (old / name).mkdir()
        (old / name / "store.nq.gz").write_bytes(b"half")
    made = build(dataset, old)
    assert {path.name for path in old.iterdir()} == {
        "0123456789ab",
        running,
        "notes",
        made.version,
    }
    assert contents(made.folder) == contents(small_build.folder)


def test_what_has_a_like_name_does_not_stop_a_build(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / ".unfinished-by-hand").mkdir()
    made = build(dataset, tmp_path)
    assert is_current(made.folder)


def test_a_folder_without_a_manifest_is_made_again(
    dataset: Dataset, small_build: Build, tmp_path: Path
) -> None:
    into = with_a_build(small_build, tmp_path)
    (into / small_build.version / "manifest.json").unlink()
    assert contents(build(dataset, into).folder) == contents(small_build.folder)


def test_a_build_in_an_older_layout_is_made_again(
    dataset: Dataset, small_build: Build, tmp_path: Path
) -> None:
    into = with_a_build(small_build, tmp_path)
    manifest = into / small_build.version / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "layout": LAYOUT - 1}))
    assert not is_current(manifest.parent)
    assert contents(build(dataset, into).folder) == contents(small_build.folder)


# ------------------------------------------------------------------ folders that cannot be used


def test_a_folder_that_may_not_be_written_is_named(
    run: Run, dataset: Dataset, tmp_path: Path
) -> None:
    into = tmp_path / "locked"
    into.mkdir(mode=0o555)
    ran = run("build", "--root", dataset.root, "--into", into, unprivileged=True)
    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        f"{into}: The build cannot be written: Permission denied. Choose another folder with"
        " --into.\n",
    )


@pytest.mark.parametrize("name", ["taken", "taken/below"])
def test_a_file_in_the_folder_s_place_is_named(dataset: Dataset, tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(BuildError) as refusal:
        build(dataset, tmp_path / name)
    assert str(refusal.value).startswith(f"{tmp_path / name}: The build cannot be written: ")
    assert str(refusal.value).endswith(". Choose another folder with --into.")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("name", ["store.nq.gz", "context.jsonld"])
def test_a_file_that_was_changed_is_noticed(
    dataset: Dataset, small_build: Build, tmp_path: Path, name: str
) -> None:
    folder = with_a_build(small_build, tmp_path) / small_build.version
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    with pytest.raises(BuildError) as on_opening:
        open_build(folder)
    with pytest.raises(BuildError) as on_building:
        build(dataset, folder.parent)
    assert str(on_opening.value) == str(on_building.value)
    assert str(on_opening.value) == (
        f"{folder}: The build was changed after it was made: {name}. Delete the folder and make"
        " it again with `diplolocal build`."
    )


@pytest.mark.parametrize("name", ["store.nq.gz", "context.jsonld", "manifest.json"])
def test_a_build_that_lacks_a_file_is_none(small_build: Build, tmp_path: Path, name: str) -> None:
    folder = with_a_build(small_build, tmp_path) / small_build.version
    (folder / name).unlink()
    assert incomplete(folder)


@pytest.mark.parametrize("manifest", ["", "{", "{}", '{"layout": 1}'])
def test_a_manifest_that_is_none_is_no_build(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    assert incomplete(tmp_path)


@pytest.mark.parametrize("manifest", ["", "{", "{}", '{"layout": "one"}'])
def test_a_manifest_that_is_none_is_not_current(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    assert is_current(tmp_path) is False


# ------------------------------------------------------------------ the build before


def test_the_build_before_is_the_newest_other_one_that_is_whole(
    small_build: Build, tmp_path: Path
) -> None:
    made = another(small_build, tmp_path / "made", minutes=3)
    another(small_build, tmp_path / "oldest", minutes=1)
    another(small_build, tmp_path / "older", minutes=2)
    spoilt = another(small_build, tmp_path / "spoilt", minutes=4)
    spoilt.store.write_bytes(b"")
    another(small_build, tmp_path / ".unfinished-1", minutes=5)
    (tmp_path / "no-build").mkdir()
    (tmp_path / "file").touch()
    found = before(made)
    assert found is not None
    assert (found.folder, found.version) == (tmp_path / "older", "older")


def test_a_build_made_later_is_one_to_compare_with_too(small_build: Build, tmp_path: Path) -> None:
    made = another(small_build, tmp_path / "made", minutes=1)
    another(small_build, tmp_path / "older", minutes=0)
    later = another(small_build, tmp_path / "later", minutes=2)
    assert before(made) == later


def test_a_build_in_another_layout_can_be_compared_with(small_build: Build, tmp_path: Path) -> None:
    made = another(small_build, tmp_path / "made", minutes=1)
    older = another(small_build, tmp_path / "older", minutes=0, layout=LAYOUT - 1)
    assert not is_current(older.folder)
    assert before(made) == older


def test_a_build_alone_has_none_before_it(small_build: Build, tmp_path: Path) -> None:
    made = another(small_build, tmp_path / "made", minutes=1)
    assert before(made) is None
    shutil.copytree(made.folder, tmp_path / "copy")
    assert before(made) is None  # a copy is the same version


# ------------------------------------------------------------------ what follows from the files


def test_a_thing_is_all_that_its_class_is_a_kind_of() -> None:
    assert derived(
        "superclasses",
        """
        dl:StateGovernment a owl:Class . dl:MexicanActor a owl:Class . dl:Actor a owl:Class .
        dl:Actor rdfs:subClassOf prov:Agent .
        id:jal a dl:StateGovernment .
        """,
    ) == {
        triple("jal", RDF_TYPE, NamedNode(kind))
        for kind in (
            iris.ONTOLOGY + "#MexicanActor",
            iris.ONTOLOGY + "#Actor",
            "http://www.w3.org/ns/prov#Agent",
        )
    }


def test_what_our_property_ties_a_wider_one_ties() -> None:
    assert derived(
        "superproperties",
        """
        dl:actor rdfs:isDefinedBy <https://w3id.org/diplolocal/def> ;
            rdfs:subPropertyOf prov:agent .
        dcterms:creator rdfs:subPropertyOf prov:wasAttributedTo .
        id:p dl:actor id:jal ; dcterms:creator id:somebody .
        """,
    ) == {triple("p", "http://www.w3.org/ns/prov#agent", thing("jal"))}


PARTIES = """
    id:a a dl:Action ; dl:hasParticipation id:p1 , id:p2 , id:p3 .
    id:p1 dl:actor id:jal . id:p2 dl:actor id:firm . id:p3 dl:actor id:nobody .
    id:jal a dl:StateGovernment . id:firm a dl:Firm .
"""


def test_the_mexican_actors_of_an_action() -> None:
    assert derived("mexican-actor", PARTIES) == {triple("a", "#mexicanActor", thing("jal"))}


def test_whoever_took_part_is_an_actor_for_readers_of_sem() -> None:
    assert derived("has-actor", PARTIES) == {
        triple("a", SEM + "hasActor", thing("jal")),
        triple("a", SEM + "hasActor", thing("firm")),
    }


def test_the_counterparts_of_an_action() -> None:
    assert derived("counterpart", PARTIES) == {triple("a", "#counterpart", thing("firm"))}


def test_an_embassy_of_mexico_is_no_counterpart() -> None:
    party = """
        id:a a dl:Action ; dl:hasParticipation id:p .
        id:p dl:actor id:e . id:e a dl:DiplomaticMission ; dl:represents place:"""
    assert derived("counterpart", f"{party}mx .") == set()
    assert derived("counterpart", f"{party}de .") == {triple("a", "#counterpart", thing("e"))}


def test_the_territories_of_an_action() -> None:
    assert derived(
        "territory",
        """
        id:a a dl:Action ; dl:region id:occidente ; dl:hasParticipation id:p1 , id:p2 .
        id:p1 dl:actor id:culture . id:p2 dl:actor id:france .
        id:culture a dl:Agency ; dl:agencyOf id:gdl-government .
        id:gdl-government a dl:MexicanActor ; dl:governs id:gdl .
        id:gdl dl:partOf id:jalisco . id:jalisco dl:partOf id:mexico . id:mexico a dl:Country .
        id:france a dl:ForeignState ; dl:governs id:fr . id:fr a dl:Territory .
        """,
    ) == {triple("a", "#territory", thing(name)) for name in ("gdl", "jalisco", "occidente")}


def test_the_countries_of_named_and_unnamed_counterparts() -> None:
    assert derived(
        "counterpart-country",
        """
        id:a a dl:Action ; dl:unnamedActor id:u1 , id:u2 ;
            dl:hasParticipation id:p1 , id:p2 , id:p3 , id:p4 , id:p5 , id:p6 .
        id:p1 dl:actor id:government . id:government a dl:ForeignState ; dl:governs id:fr .
        id:p2 dl:actor id:embassy . id:embassy a dl:DiplomaticMission ; dl:represents id:de .
        id:p6 dl:actor id:abroad . id:abroad a dl:DiplomaticMission ; dl:represents place:mx .
        place:mx a dl:Country .
        id:p3 dl:actor id:firm . id:firm a dl:Firm ; dl:basedIn id:lyon . id:lyon dl:partOf id:it .
        id:p4 dl:actor id:office . id:office a dl:InternationalActor ; dl:agencyOf id:unit .
        id:unit dl:agencyOf id:kingdom . id:kingdom dl:governs id:es .
        id:p5 dl:actor id:jal . id:jal a dl:StateGovernment ; dl:basedIn id:mx .
        id:u1 dl:actorClass dl:Firm ; dl:basedIn id:jp .
        id:u2 dl:actorClass dl:StateGovernment ; dl:basedIn id:mx .
        id:fr a dl:Country . id:de a dl:Country . id:it a dl:Country . id:es a dl:Country .
        id:jp a dl:Country . id:mx a dl:Country .
        """,
    ) == {
        triple("a", "#counterpartCountry", thing(name)) for name in ("fr", "de", "it", "es", "jp")
    }


@pytest.mark.parametrize(
    ("edtf", "bounds", "precision"),
    [
        ("2021", ("2021-01-01", "2021-12-31", "2021-01-01", "2021-12-31"), "year"),
        ("2021-01", ("2021-01-01", "2021-01-31", "2021-01-01", "2021-01-31"), "month"),
        ("2021-04", ("2021-04-01", "2021-04-30", "2021-04-01", "2021-04-30"), "month"),
        ("2021-02", ("2021-02-01", "2021-02-28", "2021-02-01", "2021-02-28"), "month"),
        ("2024-02", ("2024-02-01", "2024-02-29", "2024-02-01", "2024-02-29"), "month"),
        ("2000-02", ("2000-02-01", "2000-02-29", "2000-02-01", "2000-02-29"), "month"),
        ("1900-02", ("1900-02-01", "1900-02-28", "1900-02-01", "1900-02-28"), "month"),
        ("2021-12", ("2021-12-01", "2021-12-31", "2021-12-01", "2021-12-31"), "month"),
        ("2021-01-14", ("2021-01-14",) * 4, "day"),
        ("2021-01-14~", ("2021-01-14",) * 4, "day"),
        ("2021-02?", ("2021-02-01", "2021-02-28", "2021-02-01", "2021-02-28"), "month"),
        ("2021%", ("2021-01-01", "2021-12-31", "2021-01-01", "2021-12-31"), "year"),
        (
            "2021-01-14/2021-01-20",
            ("2021-01-14", "2021-01-14", "2021-01-20", "2021-01-20"),
            "interval",
        ),
        ("2021-01/2021-02", ("2021-01-01", "2021-01-31", "2021-02-01", "2021-02-28"), "interval"),
        ("2020~/2024-02", ("2020-01-01", "2020-12-31", "2024-02-01", "2024-02-29"), "interval"),
        ("2021-01/..", ("2021-01-01", "2021-01-31", None, None), "open"),
        ("../2021-02", (None, None, "2021-02-01", "2021-02-28"), "open"),
    ],
)
def test_the_bounds_of_a_date(edtf: str, bounds: tuple[str | None, ...], precision: str) -> None:
    expected = {
        triple("a", SEM + name, Literal(day, datatype=NamedNode(XSD + "date")))
        for name, day in zip(
            (
                "hasEarliestBeginTimeStamp",
                "hasLatestBeginTimeStamp",
                "hasEarliestEndTimeStamp",
                "hasLatestEndTimeStamp",
            ),
            bounds,
            strict=True,
        )
        if day is not None
    }
    expected.add(triple("a", "#datePrecision", NamedNode(f"{VOCAB}date-precision/{precision}")))
    assert derived("date-bounds", dated(edtf)) == expected


@pytest.mark.parametrize(
    ("edtf", "month"),
    [
        ("2021-01", "2021-01"),
        ("2021-01~", "2021-01"),
        ("2021-01-14", "2021-01"),
        ("2021-01-14?", "2021-01"),
        ("2021-01-14/2021-01-20", "2021-01"),
        ("2021-01/2021-01-20", "2021-01"),
        ("2021-01/2021-02", None),
        ("2021", None),
        ("2021-01/..", None),
        ("../2021-01", None),
        ("2021/2021", None),
    ],
)
def test_the_month_of_a_date(edtf: str, month: str | None) -> None:
    expected = (
        set()
        if month is None
        else {triple("a", "#inMonth", Literal(month, datatype=NamedNode(XSD + "gYearMonth")))}
    )
    assert derived("in-month", dated(edtf)) == expected


def test_a_link_says_its_statement() -> None:
    assert derived(
        "link",
        """
        id:l a dl:Link ; rdf:subject id:jal ; rdf:predicate owl:sameAs ;
            rdf:object <http://www.wikidata.org/entity/Q13160> .
        """,
    ) == {
        triple(
            "jal",
            "http://www.w3.org/2002/07/owl#sameAs",
            NamedNode("http://www.wikidata.org/entity/Q13160"),
        )
    }


def test_participations_and_links_are_named_after_what_they_tie() -> None:
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert derived(
        "labels",
        """
        id:p a dl:Participation ; dl:actor id:jal ; dl:role id:host .
        id:jal skos:prefLabel "Government of Jalisco"@en , "Gobierno de Jalisco"@es .
        id:host skos:prefLabel "host"@en , "anfitrión"@es .
        id:l a dl:Link ; rdf:subject id:jal ; rdf:object <http://e.org/Q1> .
        """,
    ) == {
        triple("p", label, Literal("Government of Jalisco – host", language="en")),
        triple("p", label, Literal("Gobierno de Jalisco – anfitrión", language="es")),
        triple("l", label, Literal("Government of Jalisco – http://e.org/Q1", language="en")),
        triple("l", label, Literal("Gobierno de Jalisco – http://e.org/Q1", language="es")),
    }


def test_a_twinning_ties_both_ways() -> None:
    assert derived("twinned-with", "id:t dl:party id:one , id:other .") == {
        triple("one", "#twinnedWith", thing("other")),
        triple("other", "#twinnedWith", thing("one")),
    }


def test_a_point_is_its_longitude_and_then_its_latitude() -> None:
    point = Literal("POINT(-103.35 20.67)", datatype=NamedNode(GEO + "wktLiteral"))
    assert derived(
        "point",
        """
        id:a schema:latitude 20.67 ; schema:longitude -103.35 .
        id:b schema:latitude 20.67 .
        """,
    ) == {triple("a", "#point", point)}


def test_readers_of_schema_org_find_name_description_and_a_certain_date() -> None:
    assert derived(
        "schema-view",
        """
        id:a a dl:Action ; skos:prefLabel "Visit"@en ; dcterms:description "They came."@en ;
            dl:date "2021-01-14"^^edtf:EDTF .
        id:b a dl:Action ; dl:date "2021-01~"^^edtf:EDTF .
        id:c a dl:Action ; dl:date "2021-01/2021-02"^^edtf:EDTF .
        <http://e.org/x> skos:prefLabel "not ours"@en .
        """,
    ) == {
        triple("a", SCHEMA + "name", Literal("Visit", language="en")),
        triple("a", SCHEMA + "description", Literal("They came.", language="en")),
        triple("a", SCHEMA + "startDate", Literal("2021-01-14")),
    }


def test_what_was_asserted_is_not_derived() -> None:
    known = """
        id:t dl:party id:one , id:other .
        id:one dl:twinnedWith id:other .
    """
    assert derived("twinned-with", known) == {triple("other", "#twinnedWith", thing("one"))}


def test_what_several_rules_conclude_is_derived_once(dataset: Dataset) -> None:
    found = list(parse(b"".join(derive(dataset, small(PARTIES))), format=RdfFormat.N_TRIPLES))
    assert len(found) == len(set(found))
    assert triple("a", SEM + "hasActor", thing("jal")) in {quad.triple for quad in found}


# ------------------------------------------------------------------ how it is tried


def quads_of(made: Build) -> list[Quad]:
    with gzip.open(made.store) as packed:
        return list(parse(packed.read(), format=RdfFormat.N_QUADS))


def derived(rule: str, turtle: str) -> set[Triple]:
    """What one rule of the real files concludes from small Turtle."""
    real = find(REPOSITORY)
    [path] = [path for path in real.rules if path.stem == rule]
    alone = Dataset(real.root, real.sources, checks=(), rules=(path,))
    lines = b"".join(derive(alone, small(turtle)))
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}


def small(turtle: str) -> Statements:
    """Statements of a file that nobody wrote."""
    source = Source(Path("small.ttl"), "urn:graph", Kind.REFERENCE)
    triples = parse(PREFIXES + turtle, format=RdfFormat.TURTLE)
    return Statements({source: serialize(triples, format=RdfFormat.N_TRIPLES) or b""})


def dated(edtf: str) -> str:
    return f'id:a a dl:Action ; dl:date "{edtf}"^^edtf:EDTF .'


def thing(name: str) -> NamedNode:
    return NamedNode(iris.thing(name))


def triple(name: str, prop: str, value: NamedNode | Literal) -> Triple:
    prop = iris.ONTOLOGY + prop if prop.startswith("#") else prop
    return Triple(thing(name), NamedNode(prop), value)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        # The bytes of these: test_dumping.py, test_search.py.
        if path.is_file() and "dumps" not in path.parts and path.name != search_index.FILE
    }


def with_a_build(real: Build, tmp_path: Path) -> Path:
    """A folder of builds with a copy of a good one."""
    shutil.copytree(real.folder, tmp_path / "builds" / real.version)
    return tmp_path / "builds"


def another(made: Build, folder: Path, *, minutes: int, layout: int = LAYOUT) -> Build:
    """A copy of a build as one of another version, made some minutes later than the first."""
    shutil.copytree(made.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    changed = {**manifest, "version": folder.name, "layout": layout}
    (folder / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    os.utime(folder, (minutes * 60, minutes * 60))
    return open_build(folder)


def spoil(root: Path) -> None:
    """Write a literal where an IRI belongs."""
    path = root / "data/bulletins/2021/2021-01.ttl"
    text = path.read_text(encoding="utf-8")
    assert "dl:region region:noroeste" in text
    path.write_text(text.replace("dl:region region:noroeste", 'dl:region "Noroeste"', 1))


def incomplete(folder: Path) -> bool:
    with pytest.raises(BuildError) as refusal:
        open_build(folder)
    return str(refusal.value) == (
        f"{folder}: This is not a complete build. Make one with `diplolocal build`."
    )


def kill_while_writing(into: Path) -> list[str]:
    """Kill a build in the middle of writing; what it leaves. A quicker one is tried again."""
    for _ in range(10):
        process = subprocess.Popen(
            [command(), "build", "--root", str(REPOSITORY), "--into", str(into)],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not any(into.glob(".unfinished-*")) and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = [path.name for path in into.iterdir()]
        if any(name.startswith(".unfinished-") for name in left):
            return left
        shutil.rmtree(into)
        into.mkdir()
    raise AssertionError("no build was caught in the middle")
