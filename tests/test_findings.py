"""What a validation found: whether it forbids the build, and how much there is of it."""

from diplolocal.findings import Finding, Report, Severity
from diplolocal.wording import Language


def test_a_report_without_findings_conforms() -> None:
    report = Report((), files=3, quads=30)
    assert report.conforms
    assert report.count() == {Severity.VIOLATION: 0, Severity.WARNING: 0}


def test_warnings_do_not_forbid() -> None:
    report = Report((finding(Severity.WARNING), finding(Severity.WARNING)), files=3, quads=30)
    assert report.conforms
    assert report.count() == {Severity.VIOLATION: 0, Severity.WARNING: 2}


def test_one_violation_forbids() -> None:
    report = Report((finding(Severity.WARNING), finding(Severity.VIOLATION)), files=3, quads=30)
    assert not report.conforms
    assert report.count() == {Severity.VIOLATION: 1, Severity.WARNING: 1}


def finding(severity: Severity) -> Finding:
    return Finding(
        severity,
        rule="urn:rule",
        node="urn:node",
        labels={},
        messages={Language.EN: "Wrong.", Language.ES: "Mal."},
    )
