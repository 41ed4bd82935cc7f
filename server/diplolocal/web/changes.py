"""What changed: the releases as a page for people, as an event stream, and as feeds."""

import hashlib
from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import Quad, RdfFormat, serialize

from diplolocal import event_stream, formats
from diplolocal.bad_requests import NotAcceptable
from diplolocal.chronicle import Chapter, Deed, news
from diplolocal.event_stream import Addresses
from diplolocal.formats import HTML, JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format
from diplolocal.not_found import FileNotThere
from diplolocal.resources import names_of
from diplolocal.web import negotiation
from diplolocal.web.chapters import chapters_of, counts_of, history_of, page_of
from diplolocal.web.feeds import (
    FEEDS,
    address,
    archive,
    called,
    headings,
    kinds,
    newest,
    unreleased,
    written,
)
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    unchanged,
)
from diplolocal.wording import say

router = APIRouter()

_PATH = "/changes"
_STREAM = (TRIG, NQUADS, JSONLD)
"""How a page of the stream is written: its members are named graphs."""

_ROOT = (HTML, *_STREAM, TURTLE, NTRIPLES, *FEEDS)
_PAGE = (HTML, *_STREAM, *FEEDS)
_ORDERED = (TRIG, NQUADS)
_PROFILE = "https://w3id.org/tree/profile"
"""Of what is written in order: first the ways, then member by member (TREE Profile §2)."""

_FOREVER = "public, max-age=31536000, immutable"


@router.get(_PATH, summary="What changed, release by release")
def changes(visit: VisitDep) -> Response:
    """The releases with what each of them changed: as a page, as the root of an event stream
    (Linked Data Event Streams 1.0.0), or as a feed, in the format that the client prefers.
    """
    fmt = negotiation.choose(visit.accept, _ROOT)
    if fmt is None:
        history_of(visit)
        raise NotAcceptable([offered.media_type for offered in _ROOT])
    return _changes(visit, fmt, suffix="")


@router.get(_PATH + ".{suffix}", summary="What changed, in one format")
def changes_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix: `atom` and `json` are feeds for readers of news."""
    fmt = formats.by_suffix(_ROOT, suffix)
    if fmt is None:
        raise FileNotThere(f"{_PATH}.{suffix}", _suffixed(_PATH, _ROOT))
    return _changes(visit, fmt, suffix=f".{suffix}")


@router.get(_PATH + "/{version}/{number}", summary="A page of what a release changed")
def changes_page(version: str, number: str, visit: VisitDep) -> Response:
    """The changes of a release, so many on a page, in the format of the suffix, or else the one
    that the client prefers. It never changes; as a feed it is a page of the archive (RFC 5005 §4).
    """
    place, dot, suffix = number.partition(".")
    chapter = page_of(visit, version, place)
    path = f"{_PATH}/{version}/{place}"
    if dot:
        fmt = formats.by_suffix(_PAGE, suffix)
        if fmt is None:
            raise FileNotThere(f"{path}.{suffix}", _suffixed(path, _PAGE))
    else:
        fmt = negotiation.preferred(visit.accept, _PAGE)
    return _page(visit, chapter, int(place), (fmt, dot + suffix))


def _suffixed(path: str, offered: Sequence[Format]) -> list[str]:
    """The addresses of a document in each format."""
    return [f"{path}.{fmt.suffix}" for fmt in offered]


def _changes(visit: Visit, fmt: Format, *, suffix: str) -> Response:
    if fmt is HTML:
        response = _changes_page(visit)
    elif fmt in FEEDS:
        response = _text(visit, written(visit, newest(visit), fmt), fmt)
    else:
        [note] = unreleased(visit) or [None]
        quads = event_stream.root(chapters_of(visit), _addresses(visit, suffix), note=note)
        response = _quads(fmt, quads)
    return _tagged(visit, response, _PATH, (fmt, _ROOT))


def _page(visit: Visit, chapter: Chapter, number: int, asked: tuple[Format, str]) -> Response:
    """A page of a release in a format, asked for by its suffix or by negotiation."""
    fmt, suffix = asked
    forever = False
    if fmt is HTML:
        response = _changes_of_page(visit, chapter, number)
    elif fmt in FEEDS:
        response = _text(visit, written(visit, archive(visit, chapter, number), fmt), fmt)
    else:
        addresses = _addresses(visit, suffix)
        quads = event_stream.page(history_of(visit), chapter, number, addresses)
        response = _quads(fmt, quads)
        forever = True
    path = f"{_PATH}/{chapter.release.version}/{number}"
    return _tagged(visit, response, path, (fmt, _PAGE), forever=forever)


def _addresses(visit: Visit, suffix: str) -> Addresses:
    """Where the pages of the stream are: in the format of the suffix as well, if they have it."""
    root = f"{visit.home}{_PATH}"
    own = suffix if formats.by_suffix(_STREAM, suffix.removeprefix(".")) else ""
    return Addresses(root + suffix, lambda version, number: f"{root}/{version}/{number}{own}")


def _quads(fmt: Format, quads: Sequence[Quad]) -> Response:
    """The quads in their order."""
    known = event_stream.prefixes() if fmt in (TRIG, TURTLE) else None
    body = serialize(quads, format=RdfFormat.from_media_type(fmt.media_type), prefixes=known) or b""
    profile = f';profile="{_PROFILE}"' if fmt in _ORDERED else ""
    return Response(body, media_type=fmt.media_type + profile, headers={"Vary": "Accept"})


def _text(visit: Visit, body: bytes, fmt: Format) -> Response:
    headers = {"Content-Language": visit.language, "Vary": "Accept, Accept-Language"}
    return Response(body, media_type=fmt.media_type, headers=headers)


def _tagged(
    visit: Visit,
    response: Response,
    path: str,
    offered: tuple[Format, Sequence[Format]],
    *,
    forever: bool = False,
) -> Response:
    """The answer with the headers of a document, or without its body for whoever holds it; what a
    release changed never changes again.
    """
    fmt, others = offered
    tag = hashlib.sha256(bytes(response.body)).hexdigest()[:16]
    response.headers.update(described_headers(visit, path, fmt, others))
    response.headers["ETag"] = f'"{tag}-{fmt.suffix}"'
    response.headers["Cache-Control"] = _FOREVER if forever else FRESH
    return not_modified(response) if unchanged(visit, response.headers) else response


def _changes_page(visit: Visit) -> Response:
    """The releases, newest first, with how much each of them changed."""
    chapters = chapters_of(visit)
    counts = {each.release.version: counts_of(visit, each) for each in chapters}
    return page(
        visit,
        "changes.html",
        chapters=chapters[::-1],
        counts=counts,
        deeds=_deeds(counts),
        headings=headings(visit.language),
        remarks=[say(remark, visit.language) for remark in unreleased(visit)],
        graphs=(*_STREAM, TURTLE, NTRIPLES),
        feeds=FEEDS,
        resourcesync="/.well-known/resourcesync",
        path=visit.base + _PATH,
    )


def _changes_of_page(visit: Visit, chapter: Chapter, number: int) -> Response:
    """What became of each topic on a page."""
    found = news(history_of(visit), chapter.release, chapter.pages[number - 1])
    what = kinds(visit, found)
    shown = {each.successor for each in found if each.successor}
    names = names_of(visit.parts.store, {*shown, *(kind for kind in what.values() if kind)})
    return page(
        visit,
        "changes-page.html",
        chapter=chapter,
        number=number,
        found=found,
        kinds=what,
        names=names,
        headings=headings(visit.language),
        called=called,
        address=address,
        formats=_PAGE[1:],
        path=f"{visit.base}{_PATH}/{chapter.release.version}",
    )


def _deeds(counts: Mapping[str, Mapping[Deed, int]]) -> list[Deed]:
    """What was done at all, in the order in which it is told."""
    return [deed for deed in Deed if any(deed in each for each in counts.values())]
