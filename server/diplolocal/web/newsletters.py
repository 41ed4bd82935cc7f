"""The bulletins as feeds, whole and newest first: Atom (RFC 4287) and RSS 2.0."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from diplolocal import bulletin, bulletin_words, history, iris
from diplolocal.bulletin import Bulletin
from diplolocal.bulletin_figures import Issue
from diplolocal.citation import Edition
from diplolocal.formats import Format
from diplolocal.modified import Changed
from diplolocal.web import at_hand, letters
from diplolocal.web.feeds import ATOM, EMPTY
from diplolocal.web.responses import Visit, letter
from diplolocal.wording import message, number, say

PATH = "/bulletins"
RSS = Format("rss", "application/rss+xml", "RSS")
FEEDS = (ATOM, RSS)
"""How the feed of the bulletins is written."""

MOST = 36
"""How many bulletins the feed has."""

_TITLE = message("Bulletins of Mexican local diplomacy")
_ABOUT = message(
    "What Mexican states and municipalities do with foreign partners, month by month, compiled by"
    " CEDL, a commission of CEMERI, and told from the graph."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A bulletin as a reader of feeds shows it: when it was last changed, where its page and its
    PDF are, what it is in a sentence, and all of it as HTML.
    """

    bulletin: Bulletin
    updated: str
    address: str
    pdf: str
    summary: str
    html: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of the bulletins, in one language."""

    id: str
    title: str
    about: str
    path: str
    updated: str
    entries: Sequence[Entry]


def written(visit: Visit, fmt: Format) -> bytes:
    """The feed in a format."""
    values = {
        "home": visit.home,
        "query": f"?lang={visit.content}",
        "feed": _feed(visit),
        "moment": _moment,
    }
    return letter(visit.content, f"bulletins.{fmt.suffix}", **values).encode()


def record(visit: Visit, found: Bulletin) -> str:
    """How the record of a bulletin is cited that is served here."""
    parts = visit.parts
    edition = Edition(parts.release, history.day_of(parts.history, parts.release))
    return bulletin_words.record(parts.store, found, edition)


def address(visit: Visit, iri: str) -> str:
    """Where a thing is read on this site, absolute, in the language of what is told of it."""
    return f"{visit.home}/{visit.content}{iris.uri_of(iris.path_of(iris.document_of(iri)))}"


def _feed(visit: Visit) -> Feed:
    language = visit.content
    known = bulletin.months(visit.parts.store, language)
    about = [say(_ABOUT, language)]
    if len(known) > MOST:
        cut = message(
            "These are the newest {shown} of {count}; all of them are at {address}",
            shown=MOST,
            count=number(len(known), language),
            address=f"{visit.home}{PATH}",
        )
        about.append(say(cut, language))
    changes = at_hand.changes(visit.parts.history) if visit.parts.history else {}
    entries = [_entry(visit, issue, changes) for issue in known[:MOST]]
    return Feed(
        id=f"{iris.NAMESPACE}bulletins#{language}",
        title=say(_TITLE, language),
        about=" ".join(about),
        path=PATH,
        updated=max((each.updated for each in entries), default=EMPTY),
        entries=entries,
    )


def _entry(visit: Visit, issue: Issue, changes: Mapping[str, Changed]) -> Entry:
    found = bulletin.read(visit.parts.store, issue.month, visit.content)
    topics = (found.iri, *(action.iri for action in found.actions))
    issued = [changes[topic].issued for topic in topics if topic in changes]
    summary = bulletin_words.compared(found.figures, visit.content)
    return Entry(
        bulletin=found,
        updated=max(issued, default=_end(issue.month)),
        address=f"{visit.home}/{visit.content}{PATH}/{issue.month}",
        pdf=f"{visit.home}{PATH}/{issue.month}.pdf?lang={visit.content}",
        summary=str(found.remark or summary),
        html=letters.entry(
            found, record=record(visit, found), link=lambda iri: address(visit, iri)
        ),
    )


def _end(month: str) -> str:
    """The last day of a month, as long as nobody knows when its bulletin was changed."""
    _, last = monthrange(int(month[:4]), int(month[5:]))
    return f"{month}-{last:02}T00:00:00Z"


def _moment(stamp: str) -> str:
    """A moment as RSS has it (RFC 822 §5.1, with a year of four digits)."""
    return format_datetime(datetime.fromisoformat(stamp))
