"""What a validation found: plain facts, for people and for programs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from diplolocal.wording import Message, Said

Progress = Callable[[Message, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""


class Severity(StrEnum):
    """How grave a finding is (SHACL §2.1.4): a violation forbids the build, a warning is only
    shown.
    """

    VIOLATION = "Violation"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where.

    `file` and `line` (from 1) tell where `node` is described, where that can be told; `path` is the
    IRI of the property concerned, `value` the offending value as written in N-Triples; `rule` is
    the IRI of the shape or check.
    """

    severity: Severity
    rule: str
    node: str
    labels: Said
    messages: Said
    path: str | None = None
    value: str | None = None
    file: Path | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that a validation found, and what it looked at: how many files, and quads in them."""

    findings: tuple[Finding, ...]
    files: int
    quads: int

    @property
    def conforms(self) -> bool:
        """Whether there is no violation (SHACL §3.4.1); warnings do not count."""
        return not any(finding.severity is Severity.VIOLATION for finding in self.findings)

    def count(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        return {
            severity: sum(finding.severity is severity for finding in self.findings)
            for severity in Severity
        }
