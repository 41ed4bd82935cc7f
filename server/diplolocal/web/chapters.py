"""What the releases changed, remembered: the records never change while they are served."""

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from weakref import WeakKeyDictionary

from diplolocal import chronicle, terms
from diplolocal.chronicle import Chapter, Deed, Tally
from diplolocal.not_found import FileNotThere, HistoryNotKept, ReleaseNotFound
from diplolocal.store import Store
from diplolocal.terms import Definition
from diplolocal.web.remembered import Remembered
from diplolocal.web.responses import Visit

_chapters = Remembered(chronicle.chapters)
_terms = Remembered(terms.read)
_counting = Lock()
_counted: WeakKeyDictionary[Store, dict[str, tuple[Tally, ...]]] = WeakKeyDictionary()
"""What the releases of a history changed, by version number."""


def history_of(visit: Visit) -> Store:
    """All versions of all things. Raises HistoryNotKept where an endpoint answers."""
    if visit.parts.history is None:
        raise HistoryNotKept
    return visit.parts.history


def chapters_of(visit: Visit) -> tuple[Chapter, ...]:
    """What each release changed, the oldest first. Raises HistoryNotKept."""
    return _chapters.of(replace(visit.parts, store=history_of(visit))) or ()


def chapter_of(visit: Visit, version: str) -> Chapter:
    """What a release changed. Raises ReleaseNotFound for a version number that no release has."""
    chapters = chapters_of(visit)
    for chapter in chapters:
        if chapter.release.version == version:
            return chapter
    raise ReleaseNotFound(version, [chapter.release.version for chapter in chapters])


def page_of(visit: Visit, version: str, number: str) -> Chapter:
    """The release that has a page of this number. Raises ReleaseNotFound and FileNotThere."""
    chapter = chapter_of(visit, version)
    numbers = [str(each) for each in range(1, len(chapter.pages) + 1)]
    if number not in numbers:
        ends = dict.fromkeys((*numbers[:1], *numbers[-1:]))
        there = [f"/changes/{version}/{each}" for each in ends]
        raise FileNotThere(f"/changes/{version}/{number}", there)
    return chapter


def defined(visit: Visit) -> Mapping[str, Definition]:
    """The terms of the ontology as it is now."""
    return _terms.of(visit.parts) or {}


def tally_of(visit: Visit, chapter: Chapter) -> tuple[Tally, ...]:
    """How many of what a release did what to. Counting the first one takes half a second, so it is
    remembered.
    """
    history, known = history_of(visit), defined(visit)
    with _counting:
        counted = _counted.setdefault(history, {})
        if chapter.release.version not in counted:
            counted[chapter.release.version] = chronicle.tally(history, chapter.release, known)
        return counted[chapter.release.version]


def counts_of(visit: Visit, chapter: Chapter) -> Mapping[Deed, int]:
    """How many topics a release did what to."""
    counts: dict[Deed, int] = {}
    for each in tally_of(visit, chapter):
        counts[each.deed] = counts.get(each.deed, 0) + each.count
    return counts
