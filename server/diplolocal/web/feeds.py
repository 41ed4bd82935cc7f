"""What changed as a feed for people: Atom (RFC 4287) and JSON Feed 1.1, newest first.

The newest is at one address; whoever wants everything follows the archive, page by page, to the
first release (RFC 5005 §4). The pages of the archive are those of the event stream.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from diplolocal import chronicle, iris
from diplolocal.chronicle import PAGE, Chapter, Deed, News
from diplolocal.formats import Format
from diplolocal.resources import Names, names_of
from diplolocal.web.chapters import chapters_of, counts_of, defined, history_of
from diplolocal.web.responses import Visit, text
from diplolocal.wording import Language, Message, message, number, say

ATOM = Format("atom", "application/atom+xml", "Atom")
JSON_FEED = Format("json", "application/feed+json", "JSON Feed")
FEEDS = (ATOM, JSON_FEED)
"""How a feed is written."""

_TITLES: Mapping[Deed, Callable[[str], Message]] = {
    Deed.ADDED: lambda name: message("New: {name}", name=name),
    Deed.CHANGED: lambda name: message("Changed: {name}", name=name),
    Deed.WITHDRAWN: lambda name: message("Withdrawn: {name}", name=name),
    Deed.MERGED: lambda name: message("Merged with another: {name}", name=name),
    Deed.REMOVED: lambda name: message("Removed: {name}", name=name),
}
_HEADINGS: Mapping[Deed, Message] = {
    Deed.ADDED: message("Added"),
    Deed.CHANGED: message("Changed"),
    Deed.WITHDRAWN: message("Taken back"),
    Deed.MERGED: message("Merged"),
    Deed.REMOVED: message("Removed"),
}

_TITLE = message("Changes of diplolocal")
_ABOUT = message(
    "What each release changed, newest first. Of a release with more than {most} changes, this page"
    " tells the release, its bulletins and actions, and what was withdrawn or merged, but no more"
    " than {most} in all; every single change is in the archive of this feed.",
    most=PAGE,
)
EMPTY = "1970-01-01T00:00:00Z"
"""When a feed was updated that has nothing yet: Atom asks for a moment (RFC 4287 §4.2.15)."""

_FOLLOWED = (iris.thing("bulletin/"), iris.thing("action/"))
"""The things whose changes are told one by one, however many others changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as a reader of feeds shows it. `id` never changes; `kind` is the class of the topic
    and `called` what that is called; `address` is the version that the release made, `latest` the
    thing as it is now, `before` the version before, if any.
    """

    id: str
    title: str
    text: str
    kind: str | None
    called: str
    updated: str
    address: str
    latest: str
    before: str | None
    successor: str | None
    news: News


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, or a page of its archive: where it is, where the newest is, where it goes on."""

    title: str
    about: str
    path: str
    archived: bool
    previous: str | None
    updated: str
    entries: Sequence[Entry]


def newest(visit: Visit) -> Feed:
    """The feed that one subscribes to. Raises HistoryNotKept."""
    chapters = chapters_of(visit)
    found: list[News] = []
    for chapter in reversed(chapters):
        topics = _listed(visit, chapter)
        if found and len(found) + len(topics) > PAGE:
            break
        found += chronicle.news(history_of(visit), chapter.release, topics)
    about = [say(sentence, visit.language) for sentence in (_ABOUT, *unreleased(visit))]
    return Feed(
        title=say(_TITLE, visit.language),
        about=" ".join(about),
        path="/changes",
        archived=False,
        previous=_last_page(chapters),
        updated=chapters[-1].release.issued if chapters else EMPTY,
        entries=_entries(visit, found),
    )


def archive(visit: Visit, chapter: Chapter, page: int) -> Feed:
    """A page of the archive: the same changes as on the page of the event stream."""
    found = chronicle.news(history_of(visit), chapter.release, chapter.pages[page - 1])
    version = chapter.release.version
    title = message(
        "Changes of diplolocal: release {version}, page {number}", version=version, number=page
    )
    earlier = [each for each in chapters_of(visit) if each.release.issued < chapter.release.issued]
    return Feed(
        title=say(title, visit.language),
        about=say(_ABOUT, visit.language),
        path=f"/changes/{version}/{page}",
        archived=True,
        previous=f"/changes/{version}/{page - 1}" if page > 1 else _last_page(earlier),
        updated=chapter.release.issued,
        entries=_entries(visit, found),
    )


def unreleased(visit: Visit) -> tuple[Message, ...]:
    """The remark that the data have changed since the newest release, where that is so."""
    version, changed, _ = (visit.parts.release or "").partition("+")
    sentence = message(
        "The data have changed since release {version}. What changed is told with the next"
        " release.",
        version=version,
    )
    return (sentence,) if changed else ()


def headings(language: Language) -> Mapping[Deed, str]:
    """What was done, as headings of numbers."""
    return {deed: say(heading, language) for deed, heading in _HEADINGS.items()}


def kinds(visit: Visit, found: Sequence[News]) -> Mapping[str, str | None]:
    """What each topic is, by its IRI: its narrowest class."""
    known = defined(visit)
    return {each.version.topic: chronicle.kind(each.classes, known) for each in found}


def address(visit: Visit, iri: str) -> str:
    """Where one of our IRIs is answered on this site, absolute."""
    return visit.home + quote(iris.path_of(iri), safe="/:?=&#%~+,;@!$'()*")


def written(visit: Visit, feed: Feed, fmt: Format) -> bytes:
    """The feed in one of the formats of feeds."""
    if fmt is JSON_FEED:
        tree = _tree(visit, feed)
        return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"
    values = {"home": visit.home, "query": _query(visit), "feed": feed}
    return text(visit, "changes.atom", **values).encode()


def _listed(visit: Visit, chapter: Chapter) -> tuple[str, ...]:
    """The topics of a release that the newest feed tells one by one."""
    topics = [topic for page in chapter.pages for topic in page]
    if len(topics) <= PAGE:
        return tuple(topics)
    gone = chronicle.deleted(history_of(visit), chapter.release)
    newest_first = sorted(topics, key=iris.key_of, reverse=True)
    ordered = (
        *(topic for topic in topics if topic == chapter.release.iri),
        *(topic for topic in gone if iris.must_stay(topic)),
        *(topic for kind in _FOLLOWED for topic in newest_first if topic.startswith(kind)),
    )
    return tuple(dict.fromkeys(ordered))[:PAGE]


def _last_page(chapters: Sequence[Chapter]) -> str | None:
    """The newest page of the archive of some releases."""
    for chapter in reversed(chapters):
        if chapter.pages:
            return f"/changes/{chapter.release.version}/{len(chapter.pages)}"
    return None


def _entries(visit: Visit, found: Sequence[News]) -> list[Entry]:
    what = kinds(visit, found)
    shown = {kind for kind in what.values() if kind}
    names = names_of(
        visit.parts.store, {*shown, *(each.successor for each in found if each.successor)}
    )
    return [_entry(visit, each, what[each.version.topic], names) for each in found]


def _entry(visit: Visit, each: News, kind: str | None, names: Names) -> Entry:
    version, language = each.version, visit.language
    return Entry(
        id=version.member,
        title=say(_TITLES[each.deed](called(visit, each)), language),
        text=" ".join(_sentences(visit, each, names)),
        kind=kind,
        called=_name(names.get(kind, {}), language) or kind if kind else "",
        updated=version.release.issued,
        address=address(visit, version.member),
        latest=address(visit, iris.document_of(version.topic)),
        before=address(visit, each.before.member) if each.before else None,
        successor=address(visit, iris.document_of(each.successor)) if each.successor else None,
        news=each,
    )


def called(visit: Visit, each: News) -> str:
    """What a topic is called in the language of the visit, or else its short IRI."""
    return _name(each.names, visit.language) or iris.shorten(
        each.version.topic, visit.parts.prefixes
    )


def _name(names: Mapping[Language, str], language: Language) -> str:
    return names.get(language) or next(iter(names.values()), "")


def _sentences(visit: Visit, each: News, names: Names) -> list[str]:
    """What there is to say of a change beside its title."""
    language = visit.language
    sentences = [_name(each.description, language)] if iris.is_release(each.version.topic) else []
    if each.reason:
        sentences.append(_name(each.reason, language))
    if each.successor:
        name = _name(names.get(each.successor, {}), language) or each.successor
        sentences.append(say(message("In its place: {name}.", name=name), language))
    if each.version.topic == each.version.release.iri:
        sentences += _counts(visit, each)
    return [sentence for sentence in sentences if sentence]


def _counts(visit: Visit, each: News) -> list[str]:
    """How much a release changed, in numbers."""
    chapter = next(one for one in chapters_of(visit) if one.release == each.version.release)
    language = visit.language
    return [
        f"{headings(language)[deed]}: {number(count, language)}."
        for deed, count in counts_of(visit, chapter).items()
    ]


def _query(visit: Visit) -> str:
    """The end of an address that asks for the language of the visit, where it was asked for."""
    asked = visit.spoken or "lang" in visit.request.query_params
    return f"?lang={visit.content}" if asked else ""


def _tree(visit: Visit, feed: Feed) -> Mapping[str, object]:
    """The feed as JSON Feed 1.1 has it; what it has no name for stands under `_diplolocal`."""
    query = _query(visit)
    tree: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": f"{visit.home}{feed.path}{query}",
        "feed_url": f"{visit.home}{feed.path}.json{query}",
        "language": visit.language.value,
        "authors": [{"name": "diplolocal", "url": visit.home + "/"}],
        "items": [_item(entry, visit.language) for entry in feed.entries],
    }
    if feed.previous:
        tree["next_url"] = f"{visit.home}{feed.previous}.json{query}"
    return tree


def _item(entry: Entry, language: Language) -> Mapping[str, object]:
    each = entry.news
    more = {
        "change": each.deed.value,
        "topic": each.version.topic,
        "names": {tag.value: name for tag, name in each.names.items()},
        "release": each.version.release.version,
        "latest": entry.latest,
        "before": entry.before,
        "reason": {tag.value: said for tag, said in each.reason.items()} or None,
        "replaced_by": each.successor,
    }
    return {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "content_text": entry.text or entry.title,
        "date_published": entry.updated,
        "language": language.value,
        "tags": [each.deed.value, *([entry.called] if entry.kind else [])],
        "_diplolocal": {key: value for key, value in more.items() if value is not None},
    }
