"""A validation report for people, for programs, and as RDF."""

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from diplolocal import iris
from diplolocal.findings import Report, Severity
from diplolocal.store import Term
from diplolocal.wording import LANGUAGES, Language, message, number, say

Prefixes = Mapping[str, str]

READABLE = 100
"""How many findings a report for people shows; it says how many it leaves out."""

_SH = "http://www.w3.org/ns/shacl#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_MARKS = {
    Severity.VIOLATION: message("Violation"),
    Severity.WARNING: message("Warning"),
}


def as_text(report: Report, language: Language, *, prefixes: Prefixes) -> str:
    """The report for somebody who is to mend the files: file and line, thing, what is wrong and
    what to do.
    """
    return "\n".join((*_blocks(report, language, prefixes), _summary(report, language)))


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


def _blocks(report: Report, language: Language, prefixes: Prefixes) -> Iterator[str]:
    for found in report.findings[:READABLE]:
        where = "" if found.file is None else f"{found.file}:{found.line}"
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
    if (left := len(report.findings) - READABLE) > 0:
        yield say(
            message(
                "{left} more findings are not shown here; `diplolocal validate --format json` has"
                " them all.",
                left=number(left, language),
            ),
            language,
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
