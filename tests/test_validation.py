"""The mistakes that people make are found and named, with file and line; the data have none."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.bench import synthetic
from tests.conftest import REPOSITORY, Run, command, environment

from diplolocal import iris
from diplolocal.dataset import ROOMS, Dataset, find
from diplolocal.errors import DiploLocalError, SourcesUnreadable
from diplolocal.findings import Finding, Report, Severity
from diplolocal.shacl import Engine
from diplolocal.validation import validate
from diplolocal.wording import LANGUAGES, Language, Message, say

JANUARY = "data/bulletins/2021/2021-01.ttl"
SEPTEMBER = "data/bulletins/2021/2021-09.ttl"
COUNTRIES = "data/reference/countries.ttl"
GOVERNMENTS = "data/reference/state-governments.ttl"
STATES = "data/reference/states.ttl"
MUNICIPALITIES = "data/reference/municipalities.ttl"
AGREEMENTS = "data/relations/agreements.ttl"
TWINNINGS = "data/relations/twinnings.ttl"
WIKIDATA = "data/links/wikidata.ttl"
VOCAB = "https://w3id.org/diplolocal/vocab/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is written instead of what in which block, and what must be found."""

    file: str
    subject: str
    right: str
    wrong: str
    rule: str
    path: str | None
    value: str | None
    says: str


MISTAKES = {
    "a literal where an IRI belongs": Mistake(
        JANUARY,
        "action:2021-01-01",
        "dl:region region:noroeste",
        'dl:region "Noroeste"',
        "shapes#Action-region",
        "region",
        '"Noroeste"',
        "Write its IRI, for instance dl:region region:noroeste.",
    ),
    "an INEGI code of four digits": Mistake(
        MUNICIPALITIES,
        "place:mx-26030",
        '"26030"',
        '"2630"',
        "shapes#Municipality-inegiCode",
        "inegiCode",
        '"2630"',
        "INEGI",
    ),
    "an INEGI code on two lines": Mistake(
        MUNICIPALITIES,
        "place:mx-07089",
        '"07089"',
        r'"07\n089"',
        "shapes#Municipality-inegiCode",
        "inegiCode",
        r'"07\n089"',
        "INEGI",
    ),
    "an INEGI code of another state": Mistake(
        MUNICIPALITIES,
        "place:mx-11020",
        '"11020"',
        '"12020"',
        "check/inegi-contradicts-state",
        None,
        '"12020"',
        "The INEGI code 12020 does not begin with that of the federal entity",
    ),
    "an unknown action type": Mistake(
        JANUARY,
        "action:2021-01-02",
        "action-type:forum",
        "action-type:banquet",
        "shapes#Action-actionType",
        "actionType",
        f"<{VOCAB}action-type/banquet>",
        "An action has one to three types, all of the scheme action-type.",
    ),
    "a thing that nobody describes": Mistake(
        JANUARY,
        "action:2021-01-02",
        "action-type:forum",
        "action-type:banquet",
        "check/dangling-reference",
        None,
        f"<{VOCAB}action-type/banquet>",
        f"{VOCAB}action-type/banquet, which no file describes.",
    ),
    "a month that does not exist": Mistake(
        SEPTEMBER,
        "action:2021-09-01",
        'dl:date "2021-09"',
        'dl:date "2021-13"',
        "shapes#Action-date",
        "date",
        f'"2021-13"^^<{EDTF}>',
        "The date is not EDTF",
    ),
    "a day that never was": Mistake(
        JANUARY,
        "action:2021-01-01",
        'dl:date "2021-01"',
        'dl:date "2021-02-30"',
        "check/date-that-never-was",
        None,
        f'"2021-02-30"^^<{EDTF}>',
        "The date 2021-02-30 does not exist",
    ),
    "two Spanish labels": Mistake(
        SEPTEMBER,
        "action:2021-09-01",
        '"Hermosillo recibe certificado de la campaña MCR2030"@es',
        '"Hermosillo recibe certificado de la campaña MCR2030"@es , "Otro nombre"@es',
        "shapes#Action-label",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        None,
        "An action must have exactly one title in English and one in Spanish.",
    ),
    "a label in a third language": Mistake(
        MUNICIPALITIES,
        "place:mx-01003",
        '"Calvillo"@es',
        '"Calvillo"@es , "Calvillo"@fr',
        "shapes#Territory-label",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        '"Calvillo"@fr',
        "exactly one name in English and one in Spanish",
    ),
    "a municipality in another state": Mistake(
        MUNICIPALITIES,
        "place:mx-01002",
        "dl:partOf place:mx-agu",
        "dl:partOf place:mx-zac",
        "check/inegi-contradicts-state",
        None,
        '"01002"',
        "The INEGI code 01002 does not begin with that of the federal entity",
    ),
    "a municipality in the north of Siberia": Mistake(
        MUNICIPALITIES,
        "place:mx-01004",
        "schema:latitude 22.",
        "schema:latitude 72.",
        "shapes#MexicanTerritory-latitude",
        "https://schema.org/latitude",
        '"72.36641"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        "latitude",
    ),
    "two things with one identifier": Mistake(
        COUNTRIES,
        "place:de",
        'dl:isoAlpha3 "DEU"',
        'dl:isoAlpha3 "FRA"',
        "check/shared-code",
        None,
        '"FRA"',
        "The code FRA",
    ),
    "a twinning with itself": Mistake(
        TWINNINGS,
        "twinning:mx-01001-us-ca-lynwood",
        "place:us-ca-lynwood ;",
        "place:mx-01001 ;",
        "check/one-way-twinning",
        None,
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "two different territories",
    ),
    "an agreement without a source": Mistake(
        AGREEMENTS,
        "instrument:mx-02004-kr-busan-1995",
        ";\n    dl:reportedIn source:grandculture-busan-tijuana .",
        ".",
        "check/agreement-without-source",
        None,
        None,
        "No publication reports the agreement.",
    ),
    "a link to what is no item": Mistake(
        WIKIDATA,
        "link:wikidata-agency-de-giz",
        "wd:Q462763",
        "wd:P462763",
        "shapes#Link-object",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#object",
        "<http://www.wikidata.org/entity/P462763>",
        "A link leads to exactly one Wikidata item",
    ),
}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real files with every one of the mistakes."""
    root = tmp_path_factory.mktemp("spoiled")
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, root / room)
    for mistake in {
        (mistake.file, mistake.subject, mistake.right): mistake for mistake in MISTAKES.values()
    }.values():
        spoil(root / mistake.file, mistake.subject, mistake.right, mistake.wrong)
    return root


@pytest.fixture(scope="module")
def kept_once(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where is kept what was found in the real files."""
    folder = tmp_path_factory.mktemp("kept")
    validate(dataset, kept_in=folder)
    return folder


@pytest.fixture
def kept(kept_once: Path, tmp_path: Path) -> Path:
    """A copy of that folder: with it, a copy of the files that differs in little is validated in
    less time.
    """
    return shutil.copytree(kept_once, tmp_path / "kept")


@pytest.fixture(scope="module")
def report(spoiled: Path) -> Report:
    return validate(find(spoiled))


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_and_named(report: Report, spoiled: Path, mistake: Mistake) -> None:
    node = node_of(spoiled / mistake.file, mistake.subject)
    [found] = [
        finding
        for finding in report.findings
        if (finding.node, finding.rule.removeprefix(iris.NAMESPACE)) == (node, mistake.rule)
    ]
    path = mistake.path
    if path is not None and ":" not in path:
        path = f"{iris.ONTOLOGY}#{path}"
    assert (found.severity, found.path, found.value) == (Severity.VIOLATION, path, mistake.value)
    assert (found.file, found.line) == (
        spoiled / mistake.file,
        line_of(spoiled / mistake.file, mistake.subject),
    )
    assert mistake.says in found.messages[Language.EN]
    assert found.messages[Language.ES] not in ("", found.messages[Language.EN])
    assert all("{" not in found.messages[language] for language in LANGUAGES)
    assert set(found.labels) == set(LANGUAGES)


def test_nothing_else_is_found(report: Report, spoiled: Path) -> None:
    expected = {
        (node_of(spoiled / mistake.file, mistake.subject), mistake.rule)
        for mistake in MISTAKES.values()
    }
    # A code of another state is wrong in three ways: by its state, by the key of its IRI, and as
    # that of another municipality. Whoever has a code that another has is named as well.
    expected |= {
        (iris.thing("place/mx-11020"), "check/key-contradicts-code"),
        (iris.thing("place/mx-11020"), "check/shared-code"),
        (iris.thing("place/mx-12020"), "check/shared-code"),
        (iris.thing("place/fr"), "check/shared-code"),
    }
    violations = {
        (finding.node, finding.rule.removeprefix(iris.NAMESPACE))
        for finding in report.findings
        if finding.severity is Severity.VIOLATION
    }
    assert violations == expected


def test_findings_stand_in_the_order_of_the_files(report: Report) -> None:
    places = [(finding.severity, str(finding.file), finding.line) for finding in report.findings]
    assert places == sorted(places)


def test_the_thing_s_name_is_said(report: Report) -> None:
    [found] = [finding for finding in report.findings if finding.value == '"Noroeste"']
    assert found.labels == {
        Language.EN: "Medical and business border crossing opens in Tijuana",
        Language.ES: "Se abre en Tijuana el cruce fronterizo médico y de negocios",
    }


def test_the_command_names_what_is_to_mend(spoiled: Path, run: Run) -> None:
    ran = run("validate", "--root", spoiled)
    assert ran.code == 1
    for mistake in MISTAKES.values():
        path = spoiled / mistake.file
        where = f"Violation  {path}:{line_of(path, mistake.subject)}\n  {mistake.subject}"
        assert where in ran.out
        assert mistake.says in ran.out
    assert (
        ran.out.splitlines()[-1].startswith("The data do not conform. Violations: "),
        ran.err,
    ) == (True, "")


def test_the_real_data_have_nothing_to_mend(dataset: Dataset) -> None:
    found = validate(dataset)
    assert [finding for finding in found.findings if finding.severity is Severity.VIOLATION] == []
    assert (found.conforms, found.files) == (True, len(dataset.sources))
    assert found.quads > 10_000


def test_a_validation_says_how_far_it_is(dataset: Dataset) -> None:
    steps = steps_of(dataset)
    [total] = {total for _, _, total in steps}
    done = [done for _, done, _ in steps]
    assert (done, done[-1], steps[-1][0]) == (sorted(done), total, "Done")
    assert total > len(dataset.checks) + 10
    checks = [said for said, _, _ in steps if said.startswith("Check ")]
    assert checks == [f"Check {path.stem}" for path in dataset.checks]
    assert [said for said, _, _ in steps].count("Shapes") == total - len(checks)


# ------------------------------------------------------------------ what is kept


def test_what_has_not_changed_is_not_looked_at_again(dataset: Dataset, kept: Path) -> None:
    assert steps_of(dataset, kept) == [("Done", 0, 0)]
    report = validate(dataset, kept_in=kept)
    assert (report.conforms, report.files) == (True, len(dataset.sources))


def test_when_one_bulletin_changed_its_part_and_the_checks_are_looked_at(
    copy: Path, kept: Path
) -> None:
    dataset = find(copy)
    spoil(copy / JANUARY, "action:2021-01-01", "dl:region region:noroeste", 'dl:region "Noroeste"')
    steps = steps_of(find(copy), kept)
    assert [said for said, _, _ in steps].count("Shapes") == 1
    assert steps[-1] == ("Done", len(dataset.checks) + 1, len(dataset.checks) + 1)
    [found] = violations(validate(find(copy), kept_in=kept))
    assert found.value == '"Noroeste"'


def test_when_one_check_changed_it_alone_is_asked(real_copy: Path, kept: Path) -> None:
    path = real_copy / "ontology/checks/missing-class.rq"
    path.write_text(path.read_text(encoding="utf-8") + "# Another comment.\n", encoding="utf-8")
    assert steps_of(find(real_copy), kept) == [("Check missing-class", 0, 1), ("Done", 1, 1)]


def test_when_a_shape_changed_every_part_is_looked_at_and_no_check(
    real_copy: Path, kept: Path
) -> None:
    path = real_copy / "shapes/person.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "# Another comment.\n", encoding="utf-8")
    assert {said for said, _, _ in steps_of(find(real_copy), kept)} == {"Shapes", "Done"}


def test_the_other_engine_looks_for_itself(tmp_path: Path, copy: Path) -> None:
    shutil.rmtree(copy / "data")
    (copy / "data").mkdir()
    dataset = find(copy)
    first, second = (
        steps_of(dataset, tmp_path / "kept", engine) for engine in (Engine.RUDOF, Engine.PYSHACL)
    )
    assert first[-1] == second[-1] != ("Done", 0, 0)
    assert steps_of(dataset, tmp_path / "kept", Engine.RUDOF) == [("Done", 0, 0)]


def test_what_is_kept_says_the_same_of_spoiled_data(
    spoiled: Path, report: Report, kept: Path
) -> None:
    assert validate(find(spoiled), kept_in=kept) == report
    assert validate(find(spoiled), kept_in=kept) == report


def test_a_line_that_moves_moves_in_what_is_kept(copy: Path, kept: Path) -> None:
    path = copy / JANUARY
    spoil(path, "action:2021-01-01", "dl:region region:noroeste", 'dl:region "Noroeste"')
    [before] = violations(validate(find(copy), kept_in=kept))
    path.write_text("# One line more.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert steps_of(find(copy), kept) == [("Done", 0, 0)]
    [after] = violations(validate(find(copy), kept_in=kept))
    assert before.line is not None
    assert after == replace(before, line=before.line + 1)


def test_what_is_kept_does_not_grow(copy: Path, kept: Path) -> None:
    sizes = []
    for number in range(4):
        append(copy / JANUARY, f"<{iris.thing('action/2021-01-99')}> a <urn:class-{number}> .")
        validate(find(copy), kept_in=kept)
        sizes.append(sum(path.stat().st_size for path in kept.iterdir()))
    assert max(sizes) - min(sizes) < 3_000
    assert [path.name for path in kept.iterdir()] == ["rudof.json"]


def test_where_what_is_kept_is_broken_everything_is_looked_at(dataset: Dataset, kept: Path) -> None:
    (kept / "rudof.json").write_bytes(b"{}")
    assert steps_of(dataset, kept)[-1][2] > len(dataset.checks) + 10
    assert steps_of(dataset, kept) == [("Done", 0, 0)]


def test_where_nothing_can_be_kept_everything_is_looked_at(copy: Path, tmp_path: Path) -> None:
    shutil.rmtree(copy / "data")
    (copy / "data").mkdir()
    (tmp_path / "file").write_text("mine")
    assert validate(find(copy), kept_in=tmp_path / "file") == validate(find(copy))
    assert (tmp_path / "file").read_text() == "mine"


# ------------------------------------------------------------------ processes that end


def test_a_process_that_ends_is_said_and_never_taken_for_a_pass(dataset: Dataset) -> None:
    stopped = threading.Event()

    def kill_workers() -> None:
        while not stopped.is_set():
            for pid in workers_of(os.getpid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    killer = threading.Thread(target=kill_workers)
    killer.start()
    try:
        with pytest.raises(DiploLocalError, match="nothing is known of the data"):
            validate(dataset)
    finally:
        stopped.set()
        killer.join()


@pytest.mark.parametrize("seconds", [0, 0.02, 0.1])
def test_an_interrupted_validation_ends_with_all_its_processes(
    tmp_path: Path, seconds: float
) -> None:
    process = subprocess.Popen(
        [command(), "validate", "--root", str(REPOSITORY)],
        # An interrupt may leave taken what coverage locks while it measures.
        env={name: each for name, each in environment().items() if not name.startswith("COV")},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        end = time.monotonic() + 30
        while not (workers := workers_of(process.pid)) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(seconds)  # others are being started, and what they shall do is handed out
        workers |= workers_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does on Ctrl+C
        out, err = process.communicate(timeout=15)
    finally:
        # Where it hangs, the tests that follow shall not find what it leaves.
        for pid in {process.pid, *workers_of(process.pid)}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()
    assert workers != set()
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert (process.returncode != 0, out, "Traceback" in err) == (True, "", False)
    assert not (tmp_path / "build").exists()


def test_shapes_that_cannot_be_applied_are_said_so(copy: Path, run: Run) -> None:
    path = copy / "shapes/person.ttl"
    append(path, 'shapes:PersonShape sh:property [ sh:path "text" ; sh:minCount 1 ] .')
    ran = run("validate", "--root", copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("The shapes cannot be applied. Mend the files in shapes/: ")
    assert "Traceback" not in ran.err


# ------------------------------------------------------------------ bad input at scale


def test_a_file_of_200_mb_is_named_and_the_errors_of_others_too(copy: Path, run: Run) -> None:
    large = copy / "data/reference/large.ttl"
    large.touch()
    os.truncate(large, 200_000_000)
    line = append(copy / SEPTEMBER, 'action:2021-09-99 nowhere:date "2021" .')
    begun = time.monotonic()
    ran = run("validate", "--root", copy)
    assert (ran.code, ran.out, time.monotonic() - begun < 20) == (2, "", True)
    assert ran.err.splitlines() == [
        f"{copy / SEPTEMBER}:{line}: The prefix nowhere: is not declared in this file. Copy its"
        " @prefix line from ontology/prefixes.ttl, or mend the name.",
        f"{large}: The file has 200 MB; files of up to 50 MB are read. Divide it into several, or"
        " move it elsewhere.",
        "Files that cannot be read: 2. Nothing was changed.",
    ]
    assert run("build", "--root", copy).err == ran.err


def test_ten_thousand_errors_are_counted_by_rule_and_the_full_report_is_in_a_file(
    tmp_path: Path, run: Run
) -> None:
    root = tmp_path / "many"
    synthetic.write(REPOSITORY, root, actions=2_500)
    for path in (root / "data/bulletins").glob("21*/*.ttl"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"dl:region <.*>", 'dl:region "Noroeste"', text)
        text = re.sub(r"dl:theme <.*>", 'dl:theme "Comercio"', text)
        text = re.sub(r'("Acción .*")@es', r"\1@fr", text)
        path.write_text(text, encoding="utf-8")
    ran = run("validate", "--root", root)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert len(lines) < 200
    counts = dict(re.findall(r"^(\S+)\. Findings: ([\d,]+), shown: 3$", ran.out, re.MULTILINE))
    assert counts["shapes:Action-region"] == counts["shapes:Action-theme"] == "2,500"
    assert counts["shapes:Action-label"] == counts["shapes:Action-description"] == "2,500"
    left = re.search(
        r"^([\d,]+) more findings are not shown here; all of them are in (.*)\.$", lines[-3]
    )
    assert left is not None
    assert int(left[1].replace(",", "")) > 9_900
    whole = (tmp_path / left[2]).read_text(encoding="utf-8")
    shown = len(re.findall(r"^Violation  |^Warning  ", ran.out, re.MULTILINE))
    all_of_them = len(re.findall(r"^Violation  |^Warning  ", whole, re.MULTILINE))
    assert all_of_them == int(left[1].replace(",", "")) + shown
    assert whole.splitlines()[-1] == lines[-1]
    as_json = run("validate", "--root", root, "--format", "json")
    assert len(json.loads(as_json.out)["findings"]) == all_of_them


# ------------------------------------------------------------------ files that cannot be read


def test_files_that_cannot_be_read_are_all_named(copy: Path) -> None:
    prefix = append(copy / JANUARY, 'action:2021-01-99 nowhere:date "2021" .')
    turtle = append(copy / MUNICIPALITIES, "place:mx-99999 a dl:Municipality ;; .. ")
    found = unreadable(lambda: validate(find(copy)))
    assert found[0] == (
        f"{copy / JANUARY}:{prefix}",
        "The prefix nowhere: is not declared in this file. Copy its @prefix line from"
        " ontology/prefixes.ttl, or mend the name.",
    )
    assert found[1][0] == f"{copy / MUNICIPALITIES}:{turtle}"
    assert found[1][1].startswith("This is not Turtle: ")
    assert len(found) == 2


def test_the_command_names_the_line_that_cannot_be_read(copy: Path, run: Run) -> None:
    line = append(copy / SEPTEMBER, 'action:2021-09-99 nowhere:date "2021" .')
    ran = run("validate", "--root", copy, "--lang", "es")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0].startswith(f"{copy / SEPTEMBER}:{line}: ")
    assert "nowhere:" in ran.err
    assert ran.err.count("\n") == 2


def test_a_check_without_a_description_is_an_error(copy: Path) -> None:
    path = copy / "ontology/checks/brand-new.rq"
    path.write_text("SELECT ?this { FILTER(false) }")
    assert unreadable(lambda: validate(find(copy))) == [
        (
            str(path),
            "The check is not described in ontology/checks/checks.ttl. Add its label, severity"
            " and message.",
        )
    ]


def test_a_check_that_is_no_query_is_named(copy: Path, run: Run) -> None:
    path = copy / "ontology/checks/missing-class.rq"
    path.write_text("SELECT ?this {")
    ran = run("validate", "--root", copy)
    assert ran.code in (2, 3)
    assert str(path) in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("file", "subject", "right", "wrong", "rules"),
    [
        (MUNICIPALITIES, "place:mx-02004", '"02004"', '"02099"', {"key-contradicts-code"}),
        (STATES, "place:mx-jal", 'dl:inegiCode "14"', 'dl:inegiCode "15"', {"shared-code"}),
        (STATES, "place:mx-jal", '"MX-JAL"', '"MX-PUE"', {"key-contradicts-code", "shared-code"}),
        (COUNTRIES, "place:de", '"DE"', '"FR"', {"key-contradicts-code", "shared-code"}),
        (
            GOVERNMENTS,
            "government:mx-jal",
            "place:mx-jal",
            "place:mx-nay",
            {"key-contradicts-code"},
        ),
    ],
)
def test_a_code_or_a_territory_of_another_is_named(
    real_copy: Path, kept: Path, file: str, subject: str, right: str, wrong: str, rules: set[str]
) -> None:
    spoil(real_copy / file, subject, right, wrong)
    found = {
        finding.rule.removeprefix(iris.check(""))
        for finding in validate(find(real_copy), kept_in=kept).findings
        if finding.node == node_of(real_copy / file, subject)
    }
    assert found == rules


def test_a_context_that_is_none_is_named_with_its_line(copy: Path) -> None:
    path = copy / "ontology/context.jsonld"
    path.write_text('{\n  "@context": {\n')
    found = unreadable(lambda: validate(find(copy)))
    assert [where for where, _ in found] == [f"{path}:3"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("checks/missing-class.rq", "ASK {}"),
        ("checks/missing-class.rq", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"),
        ("checks/missing-class.rq", "SELECT ?that { ?that ?p ?o }"),
        ("rules/link.rq", "SELECT ?s { ?s ?p ?o }"),
    ],
)
def test_a_query_of_another_kind_is_named(copy: Path, name: str, text: str) -> None:
    path = copy / "ontology" / name
    path.write_text(text)
    found = unreadable(lambda: validate(find(copy)))
    assert [where for where, _ in found] == [str(path)]


def test_a_warning_does_not_forbid(copy: Path, kept: Path) -> None:
    spoil(copy / JANUARY, "action:2021-01-01", 'dl:date "2021-01"', 'dl:date "2021-03"')
    found = validate(find(copy), kept_in=kept)
    [warning] = [
        finding for finding in found.findings if finding.rule == iris.check("date-outside-bulletin")
    ]
    assert (warning.severity, warning.value) == (Severity.WARNING, f'"2021-03"^^<{EDTF}>')
    assert found.conforms


# ------------------------------------------------------------------ how it is watched


def steps_of(
    dataset: Dataset, kept_in: Path | None = None, engine: Engine = Engine.RUDOF
) -> list[tuple[str, int, int]]:
    """What a validation says that it does: the steps, how many are done, how many there are."""
    steps: list[tuple[str, int, int]] = []

    def progress(step: Message, done: int, total: int) -> None:
        steps.append((say(step, Language.EN), done, total))

    validate(dataset, kept_in=kept_in, engine=engine, progress=progress)
    return steps


def workers_of(pid: int) -> set[int]:
    """The processes that apply shapes for a process."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            parent = status.read_text().partition("PPid:\t")[2].partition("\n")[0]
            if parent == str(pid) and b"workers" in (status.parent / "cmdline").read_bytes():
                found.add(int(status.parent.name))
    return found


def violations(report: Report) -> list[Finding]:
    return [found for found in report.findings if found.severity is Severity.VIOLATION]


# ------------------------------------------------------------------ how it is spoiled


def block_of(text: str, subject: str) -> re.Match[str]:
    found = re.search(rf"^{re.escape(subject)}$.*?^$", text + "\n", re.MULTILINE | re.DOTALL)
    assert found is not None, subject
    return found


def spoil(path: Path, subject: str, right: str, wrong: str) -> None:
    """Write the mistake into the block of a subject."""
    text = path.read_text(encoding="utf-8")
    block = block_of(text, subject)
    assert block[0].count(right) == 1, (subject, right)
    spoiled = block[0].replace(right, wrong)
    path.write_text(text[: block.start()] + spoiled + text[block.end() :], encoding="utf-8")


def append(path: Path, line: str) -> int:
    """Write a line at the end of a file; its number."""
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + line + "\n"
    path.write_text(text, encoding="utf-8")
    return text.count("\n")


def line_of(path: Path, subject: str) -> int:
    return path.read_text(encoding="utf-8").splitlines().index(subject) + 1


def node_of(path: Path, subject: str) -> str:
    """The IRI of a prefixed name, by the prefixes of its file."""
    prefixes = re.findall(r"^@prefix ([\w-]*): <(.*)> \.", path.read_text(), re.MULTILINE)
    return iris.expand(subject, dict(prefixes))


def unreadable(attempt: Callable[[], object]) -> list[tuple[str, str]]:
    """Where and what, of each file that cannot be used."""
    with pytest.raises(SourcesUnreadable) as refusal:
        attempt()
    return [
        (f"{error.path}:{error.line}" if error.line else str(error.path), reason_of(str(error)))
        for error in refusal.value.errors
    ]


def reason_of(sentence: str) -> str:
    return sentence.split(": ", 1)[1]
