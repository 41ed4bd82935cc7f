"""What takes long is found out once of a build, and an endpoint that is silent says nothing."""

from dataclasses import replace

import pytest

from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Store
from diplolocal.store_errors import StoreUnavailable
from diplolocal.web.parts import Parts
from diplolocal.web.remembered import Remembered
from diplolocal.wording import message


def test_a_build_is_asked_once_and_each_store_for_itself(
    parts: Parts, small: EmbeddedStore
) -> None:
    asked: list[Store] = []

    def read(store: Store) -> int:
        asked.append(store)
        return len(asked)

    remembered = Remembered(read)
    assert [remembered.of(parts), remembered.of(parts)] == [1, 1]
    assert remembered.of(replace(parts, store=small)) == 2
    assert asked == [parts.store, small]


def silent(store: Store) -> int:
    raise StoreUnavailable(message("Not found"))


def test_an_endpoint_that_is_silent_says_nothing(parts: Parts) -> None:
    assert Remembered(silent).of(replace(parts, version=None)) is None


def test_a_build_that_cannot_be_read_is_an_error_each_time(parts: Parts) -> None:
    remembered = Remembered(silent)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            remembered.of(parts)
