"""Things as they were in a release, and when a release last changed them."""

import pytest
from pyoxigraph import Quad
from tests.recorded import DROPPED, MARCH, RELEASES, UN, Recorded, recorded

from diplolocal import history, iris, resources
from diplolocal.history import Change, Release
from diplolocal.resources import ResourceDescription
from diplolocal.store import Store, plain, select
from diplolocal.versions import State, as_of, last_change, release_of, state
from diplolocal.wording import Language

JALISCO = iris.thing("place/mx-jal")
MEMBERSHIP = iris.thing("membership/one")
GONE = iris.thing("firm/gone")
SECOND = iris.thing("action/2021-01-02")


@pytest.fixture(scope="module")
def told(small_quads: list[Quad]) -> Recorded:
    return recorded(small_quads)


def then(told: Recorded, iri: str, number: str) -> State:
    found = state(history.versions(told.history, iri), release(told, number))
    assert found is not None
    return found


def release(told: Recorded, number: str) -> Release:
    found = release_of(told.history, number)
    assert found is not None
    return found


def test_a_release_is_found_by_its_number(told: Recorded) -> None:
    assert release(told, "1.1.0").issued == RELEASES["1.1.0"]
    assert release_of(told.history, "1.0.1") is None


@pytest.mark.parametrize(
    ("number", "held", "before", "after"),
    [
        ("1.0.0", "1.0.0", None, "1.1.0"),
        ("1.1.0", "1.1.0", "1.0.0", None),
        ("1.2.0", "1.1.0", "1.0.0", None),
    ],
)
def test_of_a_thing_the_version_holds_that_was_the_newest_then(
    told: Recorded, number: str, held: str, before: str | None, after: str | None
) -> None:
    found = then(told, UN, number)
    three = (found.version, found.before, found.after)
    numbers = [each and each.release.version for each in three]
    assert numbers == [held, before, after]


def test_before_it_came_a_thing_has_no_version_and_after_it_went_a_deleted_one(
    told: Recorded,
) -> None:
    march = history.versions(told.history, MARCH[0])
    assert state(march, release(told, "1.0.0")) is None
    changes = [then(told, GONE, number).version.change for number in RELEASES]
    assert changes == [Change.CREATED, Change.CREATED, Change.DELETED]


@pytest.mark.parametrize("number", RELEASES)
def test_what_did_not_change_is_described_as_it_is_today(told: Recorded, number: str) -> None:
    old = as_of(told.history, then(told, JALISCO, number), told.store, whole=True)
    was, is_now = (resources.describe(store, JALISCO) for store in (old, told.store))
    assert (was.types, shown(was)) == (is_now.types, shown(is_now))
    assert triples(old, JALISCO) == triples(told.store, JALISCO)
    assert was.mentions == is_now.mentions
    assert dict(was.names) == dict(is_now.names)


def test_names_are_those_of_then(told: Recorded) -> None:
    names = []
    for number in RELEASES:
        old = as_of(told.history, then(told, MEMBERSHIP, number), told.store, whole=True)
        names.append(resources.describe(old, MEMBERSHIP).names[UN])
    assert [name.get(Language.EN) for name in names] == ["UN", "United Nations", "United Nations"]
    assert "UN" in str(triples(as_of_document(told, MEMBERSHIP, "1.0.0"), MEMBERSHIP))


def test_a_page_of_then_has_the_actions_of_then(told: Recorded) -> None:
    tijuana = iris.thing("government/mx-02004")
    actions = []
    for number in RELEASES:
        old = as_of(told.history, then(told, tijuana, number), told.store, whole=True)
        actions.append([plain(row["action"]) for row in resources.actions_of(old, tijuana)])
    assert [MARCH[1] in each for each in actions] == [False, True, True]
    assert all(iris.thing("action/2021-01-01") in each for each in actions)


def test_those_who_took_part_are_those_of_then(told: Recorded) -> None:
    third = as_of_document(told, MARCH[1], "1.1.0")
    names = str(triples(third, MARCH[1]))
    assert "Government of Tijuana" in names
    assert "Government of Guadalajara" in names


def test_what_was_dropped_without_a_tombstone_says_nothing(told: Recorded) -> None:
    changes = [then(told, DROPPED, number).version.change for number in RELEASES]
    assert changes == [Change.CREATED, Change.CREATED, Change.DELETED]


@pytest.mark.parametrize(
    ("iri", "number"),
    [
        # Itself, what it mentions, what mentions it, what mentions it through a participation.
        (UN, "1.1.0"),
        (MEMBERSHIP, "1.1.0"),
        (iris.thing("government/mx-02004"), "1.1.0"),
        (iris.thing("region/occidente"), "1.1.0"),
        (MARCH[0], "1.1.0"),
        (iris.thing("firm/gone"), "1.2.0"),
        (iris.thing("firm/heir"), "1.2.0"),
        (SECOND, "1.0.0"),
        (JALISCO, "1.1.0"),
        (iris.thing("twinning/one"), "1.0.0"),
    ],
)
def test_the_last_change_is_that_of_whatever_a_document_says(
    told: Recorded, iri: str, number: str
) -> None:
    assert last_change(told.history, iri, terms=False) == RELEASES[number]


def test_what_no_release_has_was_never_changed(told: Recorded) -> None:
    assert last_change(told.history, iris.thing("place/none"), terms=True) is None


def shown(description: ResourceDescription) -> list[tuple[str, str, bool]]:
    """What a page shows, and which of it as derived."""
    return [
        (each.property, str(each.value), each.graphs == (iris.DERIVED,))
        for each in description.shown
    ]


def as_of_document(told: Recorded, iri: str, number: str) -> Store:
    return as_of(told.history, then(told, iri, number), told.store, whole=False)


def triples(store: Store, iri: str) -> set[str]:
    return set(map(str, resources.triples(store, iri)))


def test_an_old_version_has_nothing_of_other_things(told: Recorded) -> None:
    store = as_of_document(told, UN, "1.0.0")
    rows = select(store, "SELECT DISTINCT ?s WHERE { ?s ?p ?o }")
    subjects = {plain(row["s"]) for row in rows}
    assert subjects & {JALISCO, MEMBERSHIP} == set()
