"""A validation report for people, for programs, and as RDF that other SHACL tools read."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

from diplolocal.findings import Finding, Report, Severity
from diplolocal.reports import as_full_text, as_json, as_text, as_turtle, write_whole
from diplolocal.wording import Language

PREFIXES = {
    "dl": "https://w3id.org/diplolocal/def#",
    "place": "https://w3id.org/diplolocal/id/place/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": "https://w3id.org/diplolocal/shapes#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FILE = Path("data/reference/municipalities.ttl")
CODE = Finding(
    Severity.VIOLATION,
    rule="https://w3id.org/diplolocal/shapes#Municipality-inegiCode",
    node="https://w3id.org/diplolocal/id/place/mx-26030",
    labels={Language.EN: "Hermosillo", Language.ES: "Hermosillo (Sonora)"},
    messages={Language.EN: "Five digits.", Language.ES: "Cinco dígitos."},
    path="https://w3id.org/diplolocal/def#inegiCode",
    value='"2630"',
    file=FILE,
    line=25,
)
ELSEWHERE = Finding(
    Severity.WARNING,
    rule="https://w3id.org/diplolocal/check/orphan",
    node="http://e.org/orphan",
    labels={},
    messages={Language.EN: "Nobody points at it.", Language.ES: "Nadie lo señala."},
)
REPORT = Report((CODE, ELSEWHERE), files=43, quads=11_169)


def test_the_text_says_where_what_and_what_to_do() -> None:
    assert as_text(REPORT, Language.EN, prefixes=PREFIXES).splitlines() == [
        "Violation  data/reference/municipalities.ttl:25",
        "  place:mx-26030 – Hermosillo",
        '  dl:inegiCode = "2630"',
        "  Five digits.",
        "  (shape:Municipality-inegiCode)",
        "",
        "Warning  http://e.org/orphan",
        "  Nobody points at it.",
        "  (https://w3id.org/diplolocal/check/orphan)",
        "",
        "The data do not conform. Violations: 1, warnings: 1, in 43 files with 11,169 statements.",
    ]


def test_the_text_is_spanish_for_those_who_read_spanish() -> None:
    lines = as_text(REPORT, Language.ES, prefixes=PREFIXES).splitlines()
    assert lines[1:4] == [
        "  place:mx-26030 – Hermosillo (Sonora)",
        '  dl:inegiCode = "2630"',
        "  Cinco dígitos.",
    ]
    english = as_text(REPORT, Language.EN, prefixes=PREFIXES).splitlines()
    assert [lines[index] == english[index] for index in (0, 6, 7, 10)] == [False] * 4
    assert "11,169" in lines[10]


def test_a_missing_value_is_not_shown_as_one() -> None:
    report = Report((replace(CODE, value=None),), files=1, quads=1)
    assert "  dl:inegiCode" in as_text(report, Language.EN, prefixes=PREFIXES).splitlines()


def test_the_text_of_nothing_is_one_line() -> None:
    assert as_text(Report((), files=1, quads=2), Language.EN, prefixes={}) == (
        "The data conform. Violations: 0, warnings: 0, in 1 files with 2 statements."
    )


def test_of_too_many_findings_the_first_of_each_rule_are_shown_and_the_others_counted() -> None:
    text = as_text(many(250), Language.EN, prefixes=PREFIXES)
    assert [line for line in text.splitlines() if not line.startswith("  ")] == [
        "shape:Municipality-inegiCode. Findings: 250, shown: 3",
        "",
        "Violation  data/reference/municipalities.ttl:1",
        "",
        "Violation  data/reference/municipalities.ttl:2",
        "",
        "Violation  data/reference/municipalities.ttl:3",
        "",
        "https://w3id.org/diplolocal/check/orphan. Findings: 1, shown: 1",
        "",
        "Warning  http://e.org/orphan",
        "",
        "247 more findings are not shown here; `diplolocal validate --format json` has them all.",
        "",
        "The data do not conform. Violations: 250, warnings: 1, in 43 files with 11,169"
        " statements.",
    ]


def test_a_file_that_has_them_all_is_named_where_some_are_left_out() -> None:
    text = as_text(many(250), Language.EN, prefixes=PREFIXES, all_in=Path("build/report.txt"))
    assert text.splitlines()[-3] == (
        "247 more findings are not shown here; all of them are in build/report.txt."
    )
    spanish = as_text(many(250), Language.ES, prefixes=PREFIXES, all_in=Path("build/report.txt"))
    assert spanish.splitlines()[-3] == (
        "No se muestran aquí 247 hallazgos más; todos están en build/report.txt."
    )


def test_of_ten_thousand_findings_of_many_rules_no_more_than_a_hundred_are_shown() -> None:
    findings = tuple(
        replace(CODE, rule=f"http://e.org/rule-{number % 60}", line=number)
        for number in range(10_000)
    )
    text = as_text(Report(findings, files=1, quads=1), Language.EN, prefixes=PREFIXES)
    assert text.count("Violation  ") == 100
    assert text.count(". Findings: 16") == 60  # each rule is counted: 166 or 167 of each
    assert text.count(", shown: 3") == 33
    assert text.count(", shown: 1") == 1
    assert text.count(", shown: 0") == 26
    assert len(text.splitlines()) < 800


@pytest.mark.parametrize("count", [1, 99])
def test_as_many_as_can_be_read_are_all_shown_in_the_order_of_the_files(count: int) -> None:
    text = as_text(many(count), Language.EN, prefixes=PREFIXES)
    assert re.findall(r"^Violation  .*:(\d+)$", text, re.MULTILINE) == [
        str(number) for number in range(1, count + 1)
    ]
    assert "more findings" not in text


def test_the_full_text_has_them_all() -> None:
    text = as_full_text(many(250), Language.EN, prefixes=PREFIXES)
    assert text.count("Violation  ") == 250
    assert text.splitlines()[-1].startswith("The data do not conform. Violations: 250, ")


def test_the_full_report_is_written_where_some_are_left_out_and_removed_where_none_are(
    tmp_path: Path,
) -> None:
    file = tmp_path / "build" / "report.txt"
    assert write_whole(many(250), file, Language.EN, prefixes=PREFIXES) == file
    assert file.read_text(encoding="utf-8") == (
        as_full_text(many(250), Language.EN, prefixes=PREFIXES) + "\n"
    )
    assert write_whole(many(2), file, Language.EN, prefixes=PREFIXES) is None
    assert not file.exists()


def test_a_full_report_that_cannot_be_written_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("mine")
    file = tmp_path / "build" / "report.txt"
    assert write_whole(many(250), file, Language.EN, prefixes=PREFIXES) is None


def test_a_thing_whose_line_is_not_known_is_named_with_its_file() -> None:
    report = Report((replace(CODE, line=None),), files=1, quads=1)
    lines = as_text(report, Language.EN, prefixes=PREFIXES).splitlines()
    assert lines[:2] == [
        "Violation  data/reference/municipalities.ttl",
        "  place:mx-26030 – Hermosillo",
    ]


def test_json_has_them_all_in_both_languages() -> None:
    parsed = json.loads(as_json(many(250), Language.EN))
    assert len(parsed["findings"]) == 251
    assert json.loads(as_json(REPORT, Language.EN)) == {
        "conforms": False,
        "files": 43,
        "quads": 11_169,
        "violations": 1,
        "warnings": 1,
        "findings": [
            {
                "severity": "Violation",
                "file": "data/reference/municipalities.ttl",
                "line": 25,
                "node": "https://w3id.org/diplolocal/id/place/mx-26030",
                "label": "Hermosillo",
                "path": "https://w3id.org/diplolocal/def#inegiCode",
                "value": '"2630"',
                "message": "Five digits.",
                "messages": {"en": "Five digits.", "es": "Cinco dígitos."},
                "rule": "https://w3id.org/diplolocal/shapes#Municipality-inegiCode",
            },
            {
                "severity": "Warning",
                "file": None,
                "line": None,
                "node": "http://e.org/orphan",
                "label": None,
                "path": None,
                "value": None,
                "message": "Nobody points at it.",
                "messages": {"en": "Nobody points at it.", "es": "Nadie lo señala."},
                "rule": "https://w3id.org/diplolocal/check/orphan",
            },
        ],
    }


def test_json_says_the_message_in_the_language_asked_for() -> None:
    [first, _] = json.loads(as_json(REPORT, Language.ES))["findings"]
    assert (first["message"], first["label"]) == ("Cinco dígitos.", "Hermosillo (Sonora)")


def test_json_of_nothing_conforms() -> None:
    assert json.loads(as_json(Report((), files=1, quads=2), Language.EN)) == {
        "conforms": True,
        "files": 1,
        "quads": 2,
        "violations": 0,
        "warnings": 0,
        "findings": [],
    }


def test_turtle_reads_back_as_a_shacl_report() -> None:
    expected = """
        @prefix dl: <https://w3id.org/diplolocal/def#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        [] a sh:ValidationReport ;
            sh:conforms false ;
            sh:result [
                a sh:ValidationResult ;
                sh:resultSeverity sh:Violation ;
                sh:focusNode <https://w3id.org/diplolocal/id/place/mx-26030> ;
                sh:sourceShape <https://w3id.org/diplolocal/shapes#Municipality-inegiCode> ;
                sh:resultPath dl:inegiCode ;
                sh:value "2630" ;
                sh:resultMessage "Five digits."@en , "Cinco dígitos."@es
            ] , [
                a sh:ValidationResult ;
                sh:resultSeverity sh:Warning ;
                sh:focusNode <http://e.org/orphan> ;
                sh:sourceShape <https://w3id.org/diplolocal/check/orphan> ;
                sh:resultMessage "Nobody points at it."@en , "Nadie lo señala."@es
            ] .
    """
    assert isomorphic(
        rdflib.Graph().parse(data=as_turtle(REPORT, prefixes=PREFIXES), format="turtle"),
        rdflib.Graph().parse(data=expected, format="turtle"),
    )


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("<http://e.org/a>", rdflib.URIRef("http://e.org/a")),
        ('"Querétaro \\"1\\"\\n"@es', rdflib.Literal('Querétaro "1"\n', lang="es")),
        ('"7"^^<http://www.w3.org/2001/XMLSchema#integer>', rdflib.Literal(7)),
        ("not a term", rdflib.Literal("not a term")),
        ('"a" . <urn:s> <urn:p> <urn:o>', rdflib.Literal('"a" . <urn:s> <urn:p> <urn:o>')),
    ],
)
def test_turtle_has_the_value_as_the_term_it_is(value: str, term: rdflib.term.Identifier) -> None:
    report = Report((replace(CODE, value=value),), files=1, quads=1)
    read = rdflib.Graph().parse(data=as_turtle(report, prefixes=PREFIXES), format="turtle")
    assert list(read.objects(None, rdflib.SH.value)) == [term]


def test_turtle_of_nothing_conforms() -> None:
    read = rdflib.Graph().parse(
        data=as_turtle(Report((), files=1, quads=2), prefixes={}), format="turtle"
    )
    assert [bool(value) for value in read.objects(None, rdflib.SH.conforms)] == [True]
    assert len(read) == 2


def many(count: int) -> Report:
    """A report of as many findings, one on each line of a file, and one more."""
    findings = tuple(replace(CODE, line=number) for number in range(1, count + 1))
    return Report((*findings, ELSEWHERE), files=43, quads=11_169)
