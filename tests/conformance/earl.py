"""The outcomes of conformance tests in EARL (Evaluation and Report Language 1.0 Schema), in Turtle.

Without dates: the same outcomes are the same bytes. Each test adds its own, whichever process runs
it, so the report is whole when all of them have run.
"""

import fcntl
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, parse
from tests.conftest import REPOSITORY

from diplolocal import __version__
from diplolocal.store import plain

REPORT = Path(os.environ.get("DIPLOLOCAL_EARL") or REPOSITORY / "build" / "earl.ttl")

_EARL = "http://www.w3.org/ns/earl#"
_TITLE = "http://purl.org/dc/terms/title"
_DESCRIPTION = "http://purl.org/dc/terms/description"
_HEAD = f"""@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <{_EARL}> .
@base <https://w3id.org/diplolocal/conformance> .

<#diplolocal>
    a earl:TestSubject , earl:Software , doap:Project ;
    doap:name "diplolocal" ;
    doap:release [ doap:revision "{__version__}" ] .

<#tests>
    a earl:Assertor , earl:Software ;
    dcterms:title "The conformance tests of diplolocal"@en .
"""


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """How a test ended: `passed`, `failed`, or `inapplicable` for the reason in `note`."""

    test: str
    title: str
    outcome: str
    note: str = ""


def record(outcome: Outcome, *, known: Collection[str], report: Path = REPORT) -> None:
    """Add an outcome to the report, or put it in place of an older one. Tests that are not known
    any more go.
    """
    report.parent.mkdir(parents=True, exist_ok=True)
    with report.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = {each.test: each for each in read(report) if each.test in known}
        written = written_as_turtle({**found, outcome.test: outcome}.values())
        fresh = report.with_suffix(".new")
        fresh.write_text(written, encoding="utf-8")
        fresh.replace(report)


def read(report: Path) -> list[Outcome]:
    """The outcomes of a report; none where there is none."""
    if not report.exists():
        return []
    said: dict[object, dict[str, str]] = {}
    for quad in parse(path=report, format=RdfFormat.TURTLE):
        said.setdefault(quad.subject, {})[quad.predicate.value] = plain(quad.object)
    results = {getattr(node, "value", ""): facts for node, facts in said.items()}
    return sorted(
        Outcome(
            facts[_EARL + "test"],
            facts[_TITLE],
            results[facts[_EARL + "result"]][_EARL + "outcome"].removeprefix(_EARL),
            results[facts[_EARL + "result"]].get(_DESCRIPTION, ""),
        )
        for facts in said.values()
        if _EARL + "test" in facts
    )


def written_as_turtle(outcomes: Collection[Outcome]) -> str:
    """The report."""
    return "\n".join([_HEAD, *(_assertion(outcome) for outcome in sorted(outcomes))])


def _assertion(outcome: Outcome) -> str:
    note = f" ; dcterms:description {_text(outcome.note)}" if outcome.note else ""
    return f"""[] a earl:Assertion ;
    dcterms:title {_text(outcome.title)} ;
    earl:assertedBy <#tests> ;
    earl:subject <#diplolocal> ;
    earl:test <{outcome.test}> ;
    earl:mode earl:automatic ;
    earl:result [ a earl:TestResult ; earl:outcome earl:{outcome.outcome}{note} ] .
"""


def _text(text: str) -> str:
    return str(Literal(text, language="en"))
