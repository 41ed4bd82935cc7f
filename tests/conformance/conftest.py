"""What the conformance tests share: the report of their outcomes."""

from collections.abc import Generator

import pytest
from tests.conformance import earl, manifests
from tests.conformance.earl import Outcome
from tests.conformance.manifests import Case


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write down how each test of the W3C ended."""
    report = yield
    case = getattr(item, "callspec", None) and item.callspec.params.get("case")  # type: ignore[attr-defined]
    if isinstance(case, Case) and (report.when == "call" or report.failed):
        passed = "inapplicable" if case.reason else "passed"
        outcome = "failed" if report.failed else passed
        note = case.reason if outcome == "inapplicable" else ""
        earl.record(Outcome(case.iri, case.name, outcome, note), known=manifests.every_iri())
    return report
