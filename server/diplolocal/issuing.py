"""The bulletin of a month as files, for whoever sends or prints it."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from diplolocal import backdrop, bulletin, bulletin_text, bulletin_words, iris, pictures
from diplolocal.build import Build
from diplolocal.bulletin import Bulletin
from diplolocal.citation import Edition
from diplolocal.history import day_of
from diplolocal.opening import history_of, indexed, opened
from diplolocal.search import Asked, Index
from diplolocal.settings import Settings
from diplolocal.store import Store
from diplolocal.wording import Language


class Form(StrEnum):
    """How a bulletin is written; the value ends the name of its file."""

    PDF = "pdf"
    HTML = "html"
    TEXT = "txt"
    MAIL = "eml"


@dataclass(frozen=True, slots=True)
class Issued:
    """A file: what it is called unless it is told otherwise, and what is in it."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a bulletin is written with; `home` is the address of the site, if it has one."""

    store: Store
    made: Build | None
    home: str | None
    record: str

    def link(self, iri: str) -> str:
        """Where a thing is read: on the site, or else where its IRI leads."""
        return self.home + iris.uri_of(iris.path_of(iris.document_of(iri))) if self.home else iri


def issued(
    read: Settings, month: str, forms: tuple[Form, ...], language: Language
) -> tuple[Issued, ...]:
    """The bulletin of a month in some forms. Raises ResourceNotFound, NotInGraphYet."""
    store, made = opened(read, language)
    with closing(store):
        found = bulletin.read(store, month, language)
        history = history_of(made, language) if made else None
        version = made.release if made else None
        edition = Edition(version, day_of(history, version))
        record = bulletin_words.record(store, found, edition)
        home = f"{read.public_url.rstrip('/')}/{language}" if read.public_url else None
        desk = _Desk(store, made, home, record)
        return tuple(
            Issued(bulletin_words.file_name(found, form), _WRITTEN[form](found, desk))
            for form in forms
        )


# The typesetter, the drawing of charts and the web framework are large: each is loaded by those
# alone who need it.


def _pdf(found: Bulletin, desk: _Desk) -> bytes:
    from diplolocal import bulletin_pdf

    made, store = desk.made, desk.store
    index = Index.open(indexed(made, found.language)) if made else Index.over(store)
    with closing(index):
        asked = Asked(chosen={"bulletin": (found.iri,)})
        behind = backdrop.read(store)
        picture = pictures.picture(index, behind, "actions-by-state", asked, found.language)
    return bulletin_pdf.written(found, record=desk.record, picture=picture)


def _html(found: Bulletin, desk: _Desk) -> bytes:
    from diplolocal.web import letters

    return letters.html(found, record=desk.record, link=desk.link).encode()


def _text(found: Bulletin, desk: _Desk) -> bytes:
    return bulletin_text.written(found, record=desk.record, link=desk.link).encode()


def _mail(found: Bulletin, desk: _Desk) -> bytes:
    from diplolocal.web import letters

    return letters.mail(found, record=desk.record, link=desk.link)


_WRITTEN: Mapping[Form, Callable[[Bulletin, _Desk], bytes]] = {
    Form.PDF: _pdf,
    Form.HTML: _html,
    Form.TEXT: _text,
    Form.MAIL: _mail,
}
