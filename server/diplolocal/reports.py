"""A validation report for people, for programs, and as RDF."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from diplolocal import iris
from diplolocal.findings import Finding, Report, Severity
from diplolocal.store import Term
from diplolocal.wording import LANGUAGES, Language, Message, message, number, say

Prefixes = Mapping[str, str]

READABLE = 100
"""How many findings a person reads; where there are more, only the first of each rule are shown."""

OF_EACH_RULE = 3
"""How many those are."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_MARKS = {
    Severity.VIOLATION: message("Violation"),
    Severity.WARNING: message("Warning"),
}


def as_text(
    report: Report, language: Language, *, prefixes: Prefixes, all_in: Path | None = None
) -> str:
    """The report for somebody who is to mend the files: file and line, thing, what is wrong and
    what to do. Of too many findings, the first of each rule, and how many there are.

    `all_in`: the file that has them all, to be named where some are left out.
    """
    if len(report.findings) <= READABLE:
        return as_full_text(report, language, prefixes=prefixes)
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for found in report.findings:
        by_rule[found.rule].append(found)
    lines: list[str] = []
    room = READABLE
    for rule, findings in by_rule.items():
        shown = findings[: min(OF_EACH_RULE, room)]
        room -= len(shown)
        heading = message(
            "{rule}. Findings: {count}, shown: {shown}",
            rule=iris.shorten(rule, prefixes),
            count=number(len(findings), language),
            shown=len(shown),
        )
        lines += (say(heading, language), "", *_blocks(shown, language, prefixes))
    lines += (say(_left_out(report, READABLE - room, all_in, language), language), "")
    return "\n".join((*lines, _summary(report, language)))


def as_full_text(report: Report, language: Language, *, prefixes: Prefixes) -> str:
    """The same with every finding, in the order of the files."""
    return "\n".join((*_blocks(report.findings, language, prefixes), _summary(report, language)))


def write_whole(
    report: Report, file: Path, language: Language, *, prefixes: Prefixes
) -> Path | None:
    """Write the full report to a file where `as_text` leaves something out, and remove it where it
    does not; the file if it is there.
    """
    try:
        if len(report.findings) <= READABLE:
            file.unlink(missing_ok=True)
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        text = as_full_text(report, language, prefixes=prefixes)
        file.write_text(f"{text}\n", encoding="utf-8")
    except OSError:
        return None
    return file


def as_json(report: Report, language: Language) -> str:
    """The report for a program; messages in both languages, `message` in the one asked for."""
    count = report.count()
    return json.dumps(
        {
            "conforms": report.conforms,
            "files": report.files,
            "quads": report.quads,
            "violations": count[Severity.VIOLATION],
            "warnings": count[Severity.WARNING],
            "findings": [
                {
                    "severity": found.severity,
                    "file": None if found.file is None else str(found.file),
                    "line": found.line,
                    "node": found.node,
                    "label": found.labels.get(language) or None,
                    "path": found.path,
                    "value": found.value,
                    "message": found.messages[language],
                    "messages": {tag: found.messages[tag] for tag in LANGUAGES},
                    "rule": found.rule,
                }
                for found in report.findings
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def as_turtle(report: Report, *, prefixes: Prefixes) -> str:
    """The report as RDF (SHACL §3.6); it reads back as what pySHACL would say, with the checks
    beside the shapes.
    """
    known = {name: prefixes[name] for name in ("dl", "sh", "xsd") if name in prefixes}
    return (serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=known) or b"").decode()


def _blocks(findings: Iterable[Finding], language: Language, prefixes: Prefixes) -> Iterator[str]:
    for found in findings:
        where = "" if found.file is None else str(found.file)
        where += "" if found.line is None else f":{found.line}"
        name = iris.shorten(found.node, prefixes)
        label = found.labels.get(language)
        yield f"{say(_MARKS[found.severity], language)}  {where or name}"
        if where:
            yield f"  {name}" + (f" – {label}" if label else "")
        if found.path:
            value = "" if found.value is None else f" = {found.value}"
            yield f"  {iris.shorten(found.path, prefixes)}{value}"
        yield f"  {found.messages[language]}"
        yield f"  ({iris.shorten(found.rule, prefixes)})"
        yield ""


def _left_out(report: Report, shown: int, all_in: Path | None, language: Language) -> Message:
    left = number(len(report.findings) - shown, language)
    if all_in is None:
        return message(
            "{left} more findings are not shown here; `diplolocal validate --format json` has"
            " them all.",
            left=left,
        )
    return message(
        "{left} more findings are not shown here; all of them are in {file}.",
        left=left,
        file=all_in,
    )


def _summary(report: Report, language: Language) -> str:
    count = report.count()
    verdict = (
        message("The data conform.") if report.conforms else message("The data do not conform.")
    )
    return say(
        message(
            "{verdict} Violations: {violations}, warnings: {warnings}, in {files} files with"
            " {quads} statements.",
            verdict=verdict,
            violations=number(count[Severity.VIOLATION], language),
            warnings=number(count[Severity.WARNING], language),
            files=number(report.files, language),
            quads=number(report.quads, language),
        ),
        language,
    )


def _triples(report: Report) -> Iterator[Triple]:
    root = BlankNode("report")
    yield Triple(root, _RDF_TYPE, NamedNode(_SH + "ValidationReport"))
    yield Triple(root, NamedNode(_SH + "conforms"), Literal(report.conforms))
    for index, found in enumerate(report.findings):
        result = BlankNode(f"result{index}")
        yield Triple(root, NamedNode(_SH + "result"), result)
        yield Triple(result, _RDF_TYPE, NamedNode(_SH + "ValidationResult"))
        yield Triple(result, NamedNode(_SH + "resultSeverity"), NamedNode(_SH + found.severity))
        yield Triple(result, NamedNode(_SH + "focusNode"), _term(found.node))
        yield Triple(result, NamedNode(_SH + "sourceShape"), _term(found.rule))
        if found.path is not None:
            yield Triple(result, NamedNode(_SH + "resultPath"), NamedNode(found.path))
        if found.value is not None:
            yield Triple(result, NamedNode(_SH + "value"), _parsed(found.value))
        for tag in LANGUAGES:
            yield Triple(
                result, NamedNode(_SH + "resultMessage"), Literal(found.messages[tag], language=tag)
            )


def _term(text: str) -> NamedNode | Literal:
    """An IRI where it is one."""
    return NamedNode(text) if text.startswith(("http://", "https://")) else Literal(text)


def _parsed(value: str) -> Term:
    """The term that a finding's value, as N-Triples writes it, stands for; the text itself where it
    is none.
    """
    try:
        [statement] = parse(f"<urn:s> <urn:p> {value} .", format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        return Literal(value)
    term: Term = statement.object
    return term
