"""The suites themselves, and the report of their outcomes."""

import os
from pathlib import Path

import pytest
from tests.conformance import earl
from tests.conformance.earl import Outcome
from tests.conformance.manifests import MANIFESTS, SUITES, cases


def test_all_tests_of_the_suites_are_read() -> None:
    if not SUITES.is_dir():
        assert os.environ.get("CI") != "true", f"no W3C suites in {SUITES}"
        pytest.skip(f"no W3C suites in {SUITES}: set DIPLOLOCAL_SUITES")
    assert {suite: len(cases(suite)) for suite in MANIFESTS} == {
        "sparql11-protocol": 34,
        "sparql11-service-description": 3,
        "sparql11-graph-store": 14,
    }


def test_a_report_is_read_back_as_it_was_written_in_whatever_order(tmp_path: Path) -> None:
    outcomes = [
        Outcome("urn:a", 'A "quoted" title', "passed"),
        Outcome("urn:b", "ñ", "inapplicable", "for a reason"),
        Outcome("urn:c", "c", "failed"),
    ]
    reports = [tmp_path / "there.ttl", tmp_path / "back.ttl"]
    for report, order in zip(reports, (outcomes, reversed(outcomes)), strict=True):
        for outcome in order:
            earl.record(outcome, known=("urn:a", "urn:b", "urn:c"), report=report)
    assert earl.read(reports[0]) == outcomes
    assert reports[0].read_bytes() == reports[1].read_bytes()


def test_a_later_outcome_takes_the_place_of_an_earlier_one_and_what_is_unknown_goes(
    tmp_path: Path,
) -> None:
    report = tmp_path / "earl.ttl"
    for test, outcome in (("urn:a", "passed"), ("urn:gone", "passed"), ("urn:a", "failed")):
        earl.record(Outcome(test, "", outcome), known=("urn:a",), report=report)
    assert earl.read(report) == [Outcome("urn:a", "", "failed")]
