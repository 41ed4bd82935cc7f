"""The monthly bulletin: a page, a PDF, an e-mail, a text; and all of them as feeds."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from diplolocal import bulletin, bulletin_text, bulletin_words, formats, iris, schema_org
from diplolocal.bulletin import Bulletin
from diplolocal.bulletin_figures import By
from diplolocal.formats import GRAPH, HTML, Format
from diplolocal.not_found import FileNotThere
from diplolocal.search import Asked
from diplolocal.web import letters, negotiation
from diplolocal.web.drawn import drawn, picture_of
from diplolocal.web.newsletters import FEEDS, PATH, address, record, written
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    tag_of,
    unchanged,
)

router = APIRouter()

PDF = Format("pdf", "application/pdf", "PDF")
TEXT = Format("txt", "text/plain", "Text")
MAIL = Format("eml", "message/rfc822", "E-mail")
MAIL_HTML = Format("email.html", "text/html", "HTML for e-mail")
FILES = (PDF, TEXT, MAIL, MAIL_HTML)
"""What the bulletin is to take away as."""

_NEGOTIATED = (HTML, PDF, TEXT, MAIL, *GRAPH)
_OFFERED = (HTML, *FILES, *GRAPH)
_SAVED = (MAIL, MAIL_HTML)
"""What is saved and opened in something else: our policy for content would take the styles of a
letter away.
"""

_MAP = "actions-by-state"
_CHARTS = ("actions-by-country", "actions-by-theme")


@router.get(PATH + ".atom", summary="The bulletins, whole, as Atom")
def atom(visit: VisitDep) -> Response:
    """The newest bulletins for news readers (RFC 4287), in the language of `lang`."""
    return _feed(visit, FEEDS[0])


@router.get(PATH + ".rss", summary="The bulletins, whole, as RSS")
def rss(visit: VisitDep) -> Response:
    """The newest bulletins for news readers (RSS 2.0), in the language of `lang`."""
    return _feed(visit, FEEDS[1])


@router.get(PATH + "/{name}", summary="The bulletin of a month")
def bulletin_of(name: str, visit: VisitDep) -> Response:
    """The bulletin of a month (`2021-09`): a page, a PDF, a text or an e-mail, by suffix or as the
    client prefers; its data are in the document about it.
    """
    month, dot, suffix = name.partition(".")
    path = f"{PATH}/{month}"
    found = bulletin.read(visit.parts.store, month, visit.content)
    fmt = (
        formats.by_suffix(_OFFERED, suffix)
        if dot
        else negotiation.preferred(visit.accept, _NEGOTIATED)
    )
    if fmt is None:
        raise FileNotThere(f"{path}.{suffix}", [f"{path}.{each.suffix}" for each in _OFFERED])
    if fmt in GRAPH:
        document = visit.base + iris.path_of(iris.document_of(found.iri))
        return RedirectResponse(f"{document}.{fmt.suffix}", 303, headers={"Vary": "Accept"})
    headers = _headers(visit, found, fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return _page(visit, found, headers)
    kind = fmt.media_type if fmt in (PDF, MAIL) else f"{fmt.media_type}; charset=utf-8"
    return Response(_WRITTEN[fmt.suffix](visit, found), media_type=kind, headers=headers)


def _feed(visit: Visit, fmt: Format) -> Response:
    headers = described_headers(visit, PATH, fmt, (HTML, *FEEDS))
    headers |= _spoken(visit, fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    return Response(written(visit, fmt), media_type=fmt.media_type, headers=headers)


def _spoken(visit: Visit, fmt: Format) -> dict[str, str]:
    """What the headers of a file say of its language: each has a validator of its own."""
    spoken = {"Content-Language": visit.content.value, "Vary": "Accept, Accept-Language"}
    if visit.parts.version:
        spoken["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    return spoken


def _headers(visit: Visit, found: Bulletin, fmt: Format) -> dict[str, str]:
    """Where the bulletin is in each format, and what a file is called."""
    headers = described_headers(visit, f"{PATH}/{found.month}", fmt, (HTML, *FILES))
    if fmt is HTML:
        return {**headers, "Vary": "Accept, Accept-Language"}
    how = "attachment" if fmt in _SAVED else "inline"
    name = bulletin_words.file_name(found, fmt.suffix)
    return {
        **headers,
        **_spoken(visit, fmt),
        "Content-Disposition": f'{how}; filename="{name}"',
    }


def _page(visit: Visit, found: Bulletin, headers: Mapping[str, str]) -> Response:
    language, figures = visit.language, found.figures
    markup = schema_org.triples(visit.parts.store, found.iri)
    return page(
        visit,
        "bulletin.html",
        headers=headers,
        markup=schema_org.script(markup, found.iri) if markup else None,
        bulletin=found,
        words=bulletin_words.words(language),
        compared=bulletin_words.compared(figures, language),
        columns=bulletin_words.columns(figures, language),
        cells=lambda count: bulletin_words.cells(figures, count, language),
        tables=[
            (by, bulletin_words.heading(by, language), bulletin_words.thing(by, language))
            for by in By
        ],
        remarks=bulletin_words.remarks(figures, language),
        record=record(visit, found),
        map=drawn(visit, _MAP, _asked(found)),
        charts=[drawn(visit, name, _asked(found)) for name in _CHARTS],
        files=FILES,
        feeds=FEEDS,
        path=f"{visit.base}{PATH}/{found.month}",
        document=visit.base + iris.path_of(iris.document_of(found.iri)),
    )


def _pdf(visit: Visit, found: Bulletin) -> bytes:
    # Here, because the typesetter is large, and nothing else waits for it.
    from diplolocal import bulletin_pdf

    picture = picture_of(visit, _MAP, _asked(found))
    return bulletin_pdf.written(found, record=record(visit, found), picture=picture)


def _asked(found: Bulletin) -> Asked:
    """The actions of a bulletin, as the search finds them."""
    return Asked(chosen={"bulletin": (found.iri,)})


def _text(visit: Visit, found: Bulletin) -> bytes:
    return bulletin_text.written(
        found, record=record(visit, found), link=lambda iri: address(visit, iri)
    ).encode()


def _mail(visit: Visit, found: Bulletin) -> bytes:
    return letters.mail(found, record=record(visit, found), link=lambda iri: address(visit, iri))


def _mail_html(visit: Visit, found: Bulletin) -> bytes:
    return letters.html(
        found, record=record(visit, found), link=lambda iri: address(visit, iri)
    ).encode()


_WRITTEN: Mapping[str, Callable[[Visit, Bulletin], bytes]] = {
    PDF.suffix: _pdf,
    TEXT.suffix: _text,
    MAIL.suffix: _mail,
    MAIL_HTML.suffix: _mail_html,
}
