"""A crowd asks, one in ten of it hostile: nobody else is harmed, and nothing said is wrong.

Twelve seconds here; `make bench` has a minute of the same, or set STORM_SECONDS.
"""

import os
from collections.abc import Iterator

import pytest
from tests.bench import peers
from tests.conftest import REPOSITORY
from tests.load import weather
from tests.load.weather import Weather

from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore

SECONDS = float(os.environ.get("STORM_SECONDS", "12"))


@pytest.fixture(scope="module")
def after(real_build: Build, store: EmbeddedStore) -> Iterator[Weather]:
    """What was seen of one storm over a server with small limits."""
    with peers.diplolocal(REPOSITORY, real_build.folder.parent, weather.SMALL) as server:
        yield weather.of(server, store, seconds=SECONDS)


def test_every_answer_is_right_or_is_the_refusal_that_is_announced(after: Weather) -> None:
    assert after.told.wrong == []


def test_pages_and_queries_are_answered_all_the_while(after: Weather) -> None:
    outcomes = after.told.outcomes
    assert outcomes["page 200"] > 20
    assert outcomes["query 200"] > 20
    assert set(name for name in outcomes if name.startswith("page")) == {"page 200"}


def test_every_attack_was_made_and_none_was_answered_with_its_end(after: Weather) -> None:
    made = {name.partition(" ")[0] for name in after.told.outcomes} - {"page", "query"}
    assert made == weather.ATTACKS


def test_the_endpoint_answers_a_new_query_within_two_seconds_after_it(after: Weather) -> None:
    assert after.first_count == 128
    assert after.first_seconds < 2


def test_the_memory_of_the_server_is_back_to_about_what_it_was(after: Weather) -> None:
    assert after.megabytes_after < after.megabytes_before + weather.MEGABYTES_MORE
