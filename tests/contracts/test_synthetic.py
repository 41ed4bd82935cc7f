"""The synthetic data of the bench conform, are as many as asked, and the same each time."""

from pathlib import Path

from tests.bench import synthetic
from tests.conftest import REPOSITORY

from diplolocal import iris
from diplolocal.dataset import Kind, read
from diplolocal.validation import validate

ACTION = "<https://w3id.org/diplolocal/def#Action>"


def test_synthetic_data_conform_and_are_as_many_as_asked(tmp_path: Path) -> None:
    dataset = synthetic.write(REPOSITORY, tmp_path, actions=100)
    of_the_real_data = iris.thing("firm/omni-8-textil")
    assert [found.node for found in validate(dataset).findings] == [of_the_real_data]
    actions = [quad for quad in read(dataset.of(Kind.BULLETIN)) if str(quad.object) == ACTION]
    assert len(actions) == 42 + 100


def test_synthetic_data_are_the_same_each_time(tmp_path: Path) -> None:
    versions = {
        synthetic.write(REPOSITORY, tmp_path / name, actions=50).version for name in ("one", "two")
    }
    assert len(versions) == 1
