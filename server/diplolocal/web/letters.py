"""A bulletin to be sent: as the HTML of an e-mail, as an e-mail to open and send on (RFC 5322), and
as the text of an entry of a feed.

Mail readers know no style sheets, so the elements of a letter have their styles themselves; those
of a feed, whose reader shows them as it likes, have none.
"""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from diplolocal import bulletin_text, bulletin_words, iris
from diplolocal.bulletin import Bulletin
from diplolocal.bulletin_figures import By
from diplolocal.bulletin_words import Link
from diplolocal.web.responses import letter

_HOST = "w3id.org"
"""Who the identifiers of our letters are told apart from those of others by (RFC 5322 §3.6.4)."""


def entry(bulletin: Bulletin, *, record: str, link: Link) -> str:
    """The bulletin as HTML, whole, for a feed."""
    return letter(bulletin.language, "bulletin.entry.html", **_values(bulletin, record, link))


def html(bulletin: Bulletin, *, record: str, link: Link) -> str:
    """The bulletin as the HTML of an e-mail."""
    return letter(bulletin.language, "bulletin.email.html", **_values(bulletin, record, link))


def mail(bulletin: Bulletin, *, record: str, link: Link) -> bytes:
    """The bulletin as an e-mail without sender and receiver, for whoever sends it: text, and the
    same as HTML.
    """
    name = f"{iris.path_of(bulletin.iri).strip('/').replace('/', '.')}.{bulletin.language}"
    written = EmailMessage(policy=SMTP)
    written["Subject"] = str(bulletin.title)
    written["Message-ID"] = f"<diplolocal.{name}@{_HOST}>"
    # Mail programs open it as a draft.
    written["X-Unsent"] = "1"
    text = bulletin_text.written(bulletin, record=record, link=link)
    written.set_content(text, cte="quoted-printable")
    written.add_alternative(
        html(bulletin, record=record, link=link), subtype="html", cte="quoted-printable"
    )
    written["Content-Language"] = bulletin.language.value
    # A boundary by chance would make other bytes each time; = and _ cannot stand together in what
    # is quoted-printable (RFC 2045 §6.7).
    written.set_boundary(f"=_diplolocal.{name}")
    return written.as_bytes()


def _values(bulletin: Bulletin, record: str, link: Link) -> Mapping[str, object]:
    """What the templates name."""
    language, figures = bulletin.language, bulletin.figures
    return {
        "bulletin": bulletin,
        "words": bulletin_words.words(language),
        "credit": bulletin_words.credit(bulletin, language),
        "compared": bulletin_words.compared(figures, language),
        "columns": bulletin_words.columns(figures, language),
        "tables": [
            (
                bulletin_words.heading(by, language),
                bulletin_words.thing(by, language),
                [
                    (bulletin.names[thing], bulletin_words.cells(figures, count, language))
                    for thing, count in figures.told(by).items()
                ],
            )
            for by in By
        ],
        "remarks": bulletin_words.remarks(figures, language),
        "details": lambda action: bulletin_words.details(action, language),
        "record": record,
        "link": link,
    }
