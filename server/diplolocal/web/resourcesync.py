"""Documents and their changes for programs that keep a copy: ResourceSync (ANSI/NISO Z39.99-2017).

What is synchronised are the documents about things and terms, at the addresses that negotiate; each
names the formats that it exists in. The lists are sitemaps, in parts of so many addresses.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import chronicle, history, iris
from diplolocal.chronicle import Chapter
from diplolocal.formats import GRAPH, HTML
from diplolocal.history import Change, Version
from diplolocal.not_found import ResourceNotFound
from diplolocal.web.chapters import chapter_of, chapters_of, history_of
from diplolocal.web.responses import FRESH, Visit, VisitDep, not_modified, text, unchanged

router = APIRouter()

_WELL_KNOWN = "/.well-known/resourcesync"
_PATH = "/resourcesync"
_CAPABILITIES = _PATH + "/capabilitylist.xml"
_AT_ONCE = 5_000
"""How many addresses a part has: 50,000 are allowed, and a part is to be read in one go."""

_CHANGES = {Change.CREATED: "created", Change.UPDATED: "updated", Change.DELETED: "deleted"}
"""What happened to a document (ResourceSync §7)."""


_NEVER = "1970-01-01T00:00:00Z"
"""Before the first release."""

Listed = TypeVar("Listed")


@dataclass(frozen=True, slots=True)
class Resource:
    """A document: its path, when it was last changed; in a list of changes, what happened, and the
    path of the document as it was then.
    """

    path: str
    changed: str
    change: str | None = None
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list: its path; in a list of changes, the moments between which they happened."""

    path: str
    begin: str | None = None
    end: str | None = None


@router.get(_WELL_KNOWN, summary="ResourceSync: where to begin")
def source_description(visit: VisitDep) -> Response:
    """The source description, which leads to the capability list (§8)."""
    history_of(visit)
    return _written(visit, "source.xml", capabilities=_CAPABILITIES)


@router.get(_CAPABILITIES, summary="ResourceSync: what there is")
def capability_list(visit: VisitDep) -> Response:
    """The list of what this source offers: all documents, and what became of them (§9)."""
    history_of(visit)
    return _written(visit, "capabilities.xml", well_known=_WELL_KNOWN)


@router.get(_PATH + "/resourcelist.xml", summary="ResourceSync: all documents, in parts")
def resource_list(visit: VisitDep) -> Response:
    """The documents that there are, and when a release last changed each (§10)."""
    count = len(_portions(_there(visit)))
    parts = [Part(f"{_PATH}/resourcelist/{number}.xml") for number in range(1, count + 1)]
    return _written(visit, "resourcelist-index.xml", parts=parts, at=_moment(visit))


@router.get(_PATH + "/resourcelist/{number}.xml", summary="ResourceSync: a part of all documents")
def resource_list_part(number: str, visit: VisitDep) -> Response:
    """A part of the documents."""
    found = _portion(_there(visit), number, f"{_PATH}/resourcelist/{number}.xml")
    return _written(visit, "resourcelist.xml", resources=found, at=_moment(visit))


@router.get(_PATH + "/changelist.xml", summary="ResourceSync: what changed, in parts")
def change_list(visit: VisitDep) -> Response:
    """What each release changed, the oldest first (§12)."""
    parts = [
        Part(
            f"{_PATH}/changelist/{chapter.release.version}/{number}.xml",
            _since(visit, chapter),
            chapter.release.issued,
        )
        for chapter in chapters_of(visit)
        for number in range(1, len(_portions(_topics(chapter))) + 1)
    ]
    begin = parts[0].begin if parts else _moment(visit)
    return _written(visit, "changelist-index.xml", parts=parts, begin=begin)


@router.get(
    _PATH + "/changelist/{version}/{number}.xml", summary="ResourceSync: what a release changed"
)
def change_list_part(version: str, number: str, visit: VisitDep) -> Response:
    """A part of what a release changed."""
    chapter = chapter_of(visit, version)
    path = f"{_PATH}/changelist/{version}/{number}.xml"
    topics = _portion(_topics(chapter), number, path)
    made = [
        each
        for each in history.versions_of(history_of(visit), topics)
        if each.release == chapter.release
    ]
    return _written(
        visit,
        "changelist.xml",
        resources=sorted(map(_resource, made), key=lambda each: each.path),
        begin=_since(visit, chapter),
        end=chapter.release.issued,
    )


def _there(visit: Visit) -> list[Resource]:
    """The documents about all that the newest release left there, by IRI."""
    store = history_of(visit)
    changed: dict[str, str] = {}
    for chapter in chapters_of(visit):
        changed |= dict.fromkeys(_topics(chapter), chapter.release.issued)
        for topic in chronicle.deleted(store, chapter.release):
            del changed[topic]
    return [Resource(_path(topic), moment) for topic, moment in sorted(changed.items())]


def _topics(chapter: Chapter) -> list[str]:
    return [topic for topics in chapter.pages for topic in topics]


def _resource(version: Version) -> Resource:
    """What became of a document; what was deleted has nothing to show for it."""
    change = _CHANGES[version.change]
    then = None if version.change is Change.DELETED else iris.path_of(version.member)
    return Resource(_path(version.topic), version.release.issued, change, then)


def _path(topic: str) -> str:
    return quote(iris.path_of(iris.document_of(topic)), safe="/:")


def _moment(visit: Visit) -> str:
    """When the newest release was issued."""
    chapters = chapters_of(visit)
    return chapters[-1].release.issued if chapters else _NEVER


def _since(visit: Visit, chapter: Chapter) -> str:
    """When the release before was issued: what changed after it stands in the list."""
    chapters = chapters_of(visit)
    place = chapters.index(chapter)
    return chapters[place - 1].release.issued if place else _NEVER


def _portions(found: Sequence[Listed]) -> list[Sequence[Listed]]:
    return [found[first : first + _AT_ONCE] for first in range(0, len(found), _AT_ONCE)]


def _portion(found: Sequence[Listed], number: str, path: str) -> Sequence[Listed]:
    """The part of this number. Raises ResourceNotFound."""
    portions = {str(place): some for place, some in enumerate(_portions(found), 1)}
    if number not in portions:
        raise ResourceNotFound(path)
    return portions[number]


def _written(visit: Visit, name: str, **values: object) -> Response:
    """One of the documents, with a tag from its bytes; without its body for whoever holds it."""
    body = text(
        visit,
        f"resourcesync/{name}",
        home=visit.home,
        up=_CAPABILITIES,
        formats=(HTML, *GRAPH),
        **values,
    ).encode()
    tag = hashlib.sha256(body).hexdigest()[:16]
    headers = {"Cache-Control": FRESH, "ETag": f'"{tag}"'}
    response = Response(body, media_type="application/xml", headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response
