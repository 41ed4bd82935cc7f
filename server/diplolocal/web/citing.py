"""How to cite the data set, a record, or a query: as a page, as text, and for programs that keep
references.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from diplolocal import bibliography, citation, formats, history, iris, versions
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.citation import Edition, Work
from diplolocal.formats import HTML, Format
from diplolocal.web import mementos, negotiation, representations
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    tag_of,
    unchanged,
)
from diplolocal.wording import LANGUAGES, Language, message

router = APIRouter()

PATH = "/cite"
BIBTEX = Format("bib", "application/x-bibtex", "BibTeX")
RIS = Format("ris", "application/x-research-info-systems", "RIS")
CSL = Format("json", "application/vnd.citationstyles.csl+json", "CSL-JSON")
TEXT = Format("txt", "text/plain", "Text")
OFFERED = (HTML, BIBTEX, RIS, CSL, TEXT)
"""How a citation is written; the first is the default."""

_REFERENCE = Format("txt", "text/x-bibliography", "Text")
"""The text by the name that clients of DOIs ask for it."""

_KNOWN = (*OFFERED, _REFERENCE)
_NAMES: Mapping[str, Format] = {"bibtex": BIBTEX, "csl": CSL, "text": TEXT}
"""What people call the formats, beside suffix and media type."""

IriParameter = Annotated[str | None, Query(description="what is cited; nothing: the data set")]


@router.get(PATH, summary="How to cite")
def cite(
    visit: VisitDep,
    iri: IriParameter = None,
    name: Annotated[
        str | None, Query(alias="format", description="bibtex, ris, csl or text")
    ] = None,
) -> Response:
    """How the thing with this IRI is cited (`iri`; without it the data set), in the `format` that
    is named, or else the one that the client prefers.
    """
    _check(visit, ("iri", "format"))
    fmt = _named(name) if name is not None else negotiation.choose(visit.accept, _KNOWN)
    if fmt is None:
        _work(visit, iri or iris.DATASET)  # what does not exist is not found, in whatever format
        raise NotAcceptable([offered.media_type for offered in OFFERED])
    return _written(visit, iri, fmt)


@router.get(PATH + ".{suffix}", summary="How to cite, in one format")
def cite_as(suffix: str, visit: VisitDep, iri: IriParameter = None) -> Response:
    """The same in the format of the suffix: `bib`, `ris`, `json` (CSL), `txt`."""
    _check(visit, ("iri",))
    fmt = negotiation.suffixed(OFFERED, PATH, suffix)
    return _written(visit, iri, fmt)


def _check(visit: Visit, known: Sequence[str]) -> None:
    """Raise BadRequest where a parameter is unknown (the data set would be cited instead of what
    was meant) or given more than once.
    """
    representations.only(visit, (*known, "lang"))
    for name in known:
        representations.one(visit, name)


def _named(name: str) -> Format:
    fmt = formats.named(_KNOWN, (name,)) or _NAMES.get(name.lower())
    if fmt is None:
        raise BadRequest(
            message(
                "There is no format {name}. Choose one of: {offered}.",
                name=name,
                offered=", ".join(offered.suffix for offered in OFFERED),
            )
        )
    return fmt


def _written(visit: Visit, iri: str | None, fmt: Format) -> Response:
    cited = _work(visit, iri or iris.DATASET)
    query = f"?iri={quote(iri, safe='')}" if iri else ""
    headers = described_headers(visit, PATH, fmt, OFFERED, query=query)
    headers["Vary"] = "Accept, Accept-Language"
    if visit.parts.version:
        # Every format has sentences in the language of the visit.
        headers |= {
            "ETag": tag_of(visit, visit.parts.version, citation.key(cited), fmt.media_type, HTML),
            "Cache-Control": FRESH,
        }
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return _page(visit, cited, headers, query)
    body = _WRITERS[fmt](cited, visit.language)
    charset = "; charset=utf-8" if fmt.media_type.startswith("text/") else ""
    return Response(
        body,
        media_type=fmt.media_type + charset,
        headers={**headers, "Content-Language": visit.language},
    )


def _line(cited: Work, language: Language) -> bytes:
    return (citation.text(cited, language) + "\n").encode()


_WRITERS: Mapping[Format, Callable[[Work, Language], bytes]] = {
    BIBTEX: bibliography.bibtex,
    RIS: bibliography.ris,
    CSL: bibliography.csl,
    TEXT: _line,
    _REFERENCE: _line,
}
_SHOWN = (BIBTEX, RIS, CSL)
"""What the page shows besides the text, which it has in both languages."""


def _page(visit: Visit, cited: Work, headers: Mapping[str, str], query: str) -> Response:
    written = [
        (fmt, _WRITERS[fmt](cited, visit.language).decode().replace("\r\n", "\n")) for fmt in _SHOWN
    ]
    return page(
        visit,
        "cite.html",
        headers=headers,
        cited=cited,
        texts=[(language, citation.text(cited, language)) for language in LANGUAGES],
        written=written,
        query=query,
    )


def _work(visit: Visit, name: str) -> Work:
    """What is cited by an IRI, of a thing or of a document about it, or of that as it was in a
    release (`…?version=1.0.0`). Raises ResourceNotFound, ReleaseNotFound, NotThereThen.
    """
    document, asked, then = name.partition(f"?{mementos.VERSION}=")
    iri = iris.of_document(document)
    store = visit.parts.store
    if not asked:
        # A release is cited as itself, whatever came after it.
        number = iris.key_of(iri) if iris.is_release(iri) else visit.parts.release
        return citation.work(store, iri, _edition(visit, number))
    known, state = mementos.held(visit, iri, then)
    as_it_was = versions.as_of(known, state, store, whole=False)
    return citation.work(store, iri, _edition(visit, then), as_it_was=as_it_was)


def _edition(visit: Visit, number: str | None) -> Edition:
    """The version with the day on which it, or the release that it goes on from, was issued."""
    return Edition(number, history.day_of(visit.parts.history, number))
