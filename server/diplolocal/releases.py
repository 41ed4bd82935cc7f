"""The releases that the files record: which version number the data have."""

from pyoxigraph import Literal

from diplolocal import iris
from diplolocal.dataset import Dataset, Source, quads

_ISSUED = "http://purl.org/dc/terms/issued"

NONE = "0.0.0"
"""What was there before the first release."""


def newest(dataset: Dataset) -> str | None:
    """The version number of the newest release; None before the first."""
    return dataset.releases[-1].path.stem if dataset.releases else None


def number(dataset: Dataset) -> str:
    """The version number of the data: that of the newest release, `1.0.0`, or where the files are
    others by now, `1.0.0+` and their version (Semantic Versioning 2.0.0 §10).
    """
    if not dataset.releases:
        return f"{NONE}+{dataset.version}"
    release = dataset.releases[-1]
    is_released = state_of(release) == dataset.state
    return release.path.stem if is_released else f"{release.path.stem}+{dataset.version}"


def state_of(release: Source) -> str:
    """The state of the files that were released."""
    return _said(release, iris.STATE)


def issued(release: Source) -> str:
    """When it was issued (xsd:dateTime in UTC)."""
    return _said(release, _ISSUED)


def _said(release: Source, prop: str) -> str:
    """What the release says of itself; empty where it says nothing, as no valid one does."""
    values = (quad.object for quad in quads(release) if quad.predicate.value == prop)
    return next((value.value for value in values if isinstance(value, Literal)), "")
