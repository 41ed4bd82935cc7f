"""The mistakes that people make are found and named, with file and line; the data have none."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, Run

from diplolocal import iris
from diplolocal.dataset import ROOMS, Dataset, find
from diplolocal.errors import SourcesUnreadable
from diplolocal.findings import Report, Severity
from diplolocal.validation import validate
from diplolocal.wording import LANGUAGES, Language, Message, say

JANUARY = "data/bulletins/2021/2021-01.ttl"
SEPTEMBER = "data/bulletins/2021/2021-09.ttl"
COUNTRIES = "data/reference/countries.ttl"
GOVERNMENTS = "data/reference/state-governments.ttl"
STATES = "data/reference/states.ttl"
MUNICIPALITIES = "data/reference/municipalities.ttl"
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
    # A code of another state is wrong in two ways: by its state, and by the key of its IRI.
    expected.add((iris.thing("place/mx-11020"), "check/key-contradicts-code"))
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
        assert f"Violation  {path}:{line_of(path, mistake.subject)}\n  {mistake.subject} –" in (
            ran.out
        )
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


def test_a_validation_says_how_far_it_is(copy: Path) -> None:
    shutil.rmtree(copy / "shapes" / "examples")
    for path in (copy / "ontology" / "checks").glob("*.rq"):
        if path.stem != "missing-class":
            path.unlink()
    for path in (copy / "shapes").glob("*.ttl"):
        if path.stem != "text":
            path.unlink()
    steps: list[tuple[str, int, int]] = []

    def progress(step: Message, done: int, total: int) -> None:
        steps.append((say(step, Language.EN), done, total))

    validate(find(copy), progress=progress)
    assert [done for _, done, _ in steps] == list(range(len(steps)))
    assert {total for _, _, total in steps} == {len(steps) - 1}
    assert [said for said, _, _ in steps] == ["Shapes", "Check missing-class", "Done"]


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
    copy: Path, file: str, subject: str, right: str, wrong: str, rules: set[str]
) -> None:
    spoil(copy / file, subject, right, wrong)
    found = {
        finding.rule.removeprefix(iris.check(""))
        for finding in validate(find(copy)).findings
        if finding.node == node_of(copy / file, subject)
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


def test_a_warning_does_not_forbid(copy: Path) -> None:
    spoil(copy / JANUARY, "action:2021-01-01", 'dl:date "2021-01"', 'dl:date "2021-03"')
    found = validate(find(copy))
    [warning] = [
        finding for finding in found.findings if finding.rule == iris.check("date-outside-bulletin")
    ]
    assert (warning.severity, warning.value) == (Severity.WARNING, f'"2021-03"^^<{EDTF}>')
    assert found.conforms


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
