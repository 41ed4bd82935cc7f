"""What validation found, as a build keeps it."""

import json
from dataclasses import replace
from pathlib import Path

from diplolocal import validated
from diplolocal.build import Build
from diplolocal.dataset import Dataset
from diplolocal.findings import Finding, Report, Severity
from diplolocal.wording import Language

WARNING = Finding(
    Severity.WARNING,
    rule="https://w3id.org/diplolocal/shapes#Firm-seat",
    node="https://w3id.org/diplolocal/id/firm/example",
    labels={Language.ES: "Ejemplo", Language.EN: "Example"},
    messages={Language.ES: "No se sabe dónde.", Language.EN: "It is not known where."},
    path="https://w3id.org/diplolocal/def#basedIn",
    file=Path("/somewhere/data/reference/firms.ttl"),
    line=7,
)


def test_what_is_written_reads_back_with_files_as_they_are_named_anywhere() -> None:
    nowhere = replace(WARNING, file=None, line=None, value='"x"')
    report = Report((WARNING, nowhere), files=3, quads=12)
    text = validated.written(report, Path("/somewhere"))
    there = replace(WARNING, file=Path("data/reference/firms.ttl"))
    assert validated.read(text) == replace(report, findings=(there, nowhere))
    assert "/somewhere" not in text


def test_the_same_report_is_the_same_text_on_another_machine() -> None:
    moved = replace(WARNING, file=Path("/elsewhere/data/reference/firms.ttl"))
    assert validated.written(Report((WARNING,), 1, 1), Path("/somewhere")) == validated.written(
        Report((moved,), 1, 1), Path("/elsewhere")
    )


def test_a_build_tells_what_was_looked_at_and_which_warnings_stay(
    real_build: Build, dataset: Dataset
) -> None:
    report = real_build.report
    assert report.conforms
    assert report.files == len(dataset.sources)
    assert report.quads == sum(
        count for graph, count in real_build.counts.items() if not graph.endswith("/derived")
    )
    [warning] = report.findings
    assert (warning.severity, warning.node.rpartition("/")[2]) == (
        Severity.WARNING,
        "omni-8-textil",
    )
    assert str(warning.file) == "data/reference/firms.ttl"
    assert json.loads((real_build.folder / "report.json").read_text())["quads"] == report.quads
