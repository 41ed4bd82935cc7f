"""What the tests of the content share: the folder of the facts."""

import os
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.content.written import Graph
from tests.content.written import written as graph_of

from diplolocal.dataset import Dataset


@pytest.fixture(scope="session")
def facts() -> Path:
    """The folder of the facts. Without it a test is skipped, or fails where CI=true."""
    folder = Path(
        os.environ.get("DIPLOLOCAL_FACTS") or REPOSITORY.parent / "shared" / "facts"
    ).resolve()
    if not folder.is_dir():
        reason = f"There are no facts in {folder}. Name their folder in DIPLOLOCAL_FACTS."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def written(dataset: Dataset) -> Graph:
    """All that is written by hand and served."""
    return graph_of(dataset.described)
