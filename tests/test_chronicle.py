"""What each release changed, page by page, and how it is told."""

import pytest
from tests import histories

from diplolocal import chronicle, iris, terms
from diplolocal.chronicle import PAGE, Deed, Tally
from diplolocal.embedded import EmbeddedStore

FIRM, PUBLICATION = iris.ONTOLOGY + "#Firm", iris.ONTOLOGY + "#Publication"


@pytest.fixture(scope="module")
def history() -> EmbeddedStore:
    return histories.small()


def test_a_release_is_told_in_pages_that_stay(history: EmbeddedStore) -> None:
    first, last = chronicle.chapters(history)
    assert (first.release.version, first.count, len(first.pages)) == ("1.0.0", 7, 1)
    assert last.pages == (
        (
            iris.release("1.1.0"),
            iris.thing("bulletin/2021-01"),
            iris.thing("firm/one"),
            iris.thing("firm/other"),
            iris.thing("participation/2021-01-01-1"),
        ),
    )
    assert last.members(1)[1] == f"{iris.NAMESPACE}doc/bulletin/2021-01?version=1.1.0"
    # The size is written down here as well: another one would alter the pages of past releases.
    assert PAGE == 250
    [before] = chronicle.chapters(histories.large(a=601))
    assert [len(topics) for topics in before.pages] == [250, 250, 101]
    grown, _ = chronicle.chapters(histories.large(a=601, b=300))
    assert grown == before


def test_there_are_no_chapters_without_releases() -> None:
    assert chronicle.chapters(EmbeddedStore()) == ()


def test_each_change_is_told_with_its_name_and_what_was_there_before(
    history: EmbeddedStore,
) -> None:
    _, last = chronicle.chapters(history)
    told = {
        each.version.topic: each for each in chronicle.news(history, last.release, last.pages[0])
    }
    bulletin, one, other, part = (
        told[iris.thing(key)]
        for key in ("bulletin/2021-01", "firm/one", "firm/other", "participation/2021-01-01-1")
    )
    assert (bulletin.deed, dict(bulletin.names)) == (
        Deed.CHANGED,
        {"es": "Enero de 2021", "en": "January 2021"},
    )
    assert bulletin.before
    assert bulletin.before.member.endswith("doc/bulletin/2021-01?version=1.0.0")
    assert (one.deed, dict(one.reason), one.successor) == (
        Deed.WITHDRAWN,
        {"es": "No existe.", "en": "It does not exist."},
        None,
    )
    assert FIRM in one.classes  # what it was, and not that it is a tombstone
    assert (other.deed, other.successor) == (Deed.MERGED, iris.thing("firm/heir"))
    assert (part.deed, dict(part.names)) == (Deed.REMOVED, {})


def test_an_earlier_release_knows_nothing_of_a_later_one(history: EmbeddedStore) -> None:
    first, _ = chronicle.chapters(history)
    [told] = chronicle.news(history, first.release, [iris.thing("firm/one")])
    assert (told.deed, told.before, dict(told.reason)) == (Deed.ADDED, None, {})


def test_changes_are_counted_by_what_was_done_and_by_class(
    history: EmbeddedStore, small: EmbeddedStore
) -> None:
    first, last = chronicle.chapters(history)
    defined = terms.read(small)
    assert Tally(Deed.ADDED, FIRM, 3) in chronicle.tally(history, first.release, defined)
    assert chronicle.tally(history, last.release, defined) == (
        Tally(Deed.ADDED, iris.ONTOLOGY + "#Release", 1),
        Tally(Deed.CHANGED, iris.ONTOLOGY + "#Bulletin", 1),
        Tally(Deed.WITHDRAWN, FIRM, 1),
        Tally(Deed.MERGED, FIRM, 1),
        Tally(Deed.REMOVED, iris.ONTOLOGY + "#Participation", 1),
    )


def test_a_topic_is_what_its_narrowest_class_says(small: EmbeddedStore) -> None:
    defined = terms.read(small)
    bulletin = iris.ONTOLOGY + "#Bulletin"
    assert chronicle.kind(["http://www.w3.org/ns/prov#Entity", bulletin, PUBLICATION], defined) == (
        bulletin
    )
    assert chronicle.kind(["urn:b", "urn:c"], defined) == "urn:b"
    assert chronicle.kind([], defined) is None
