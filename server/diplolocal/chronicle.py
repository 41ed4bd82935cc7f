"""What each release changed, page by page, and told so that people understand it.

The pages of a release are made once and stay: they hold what it created, changed or deleted in the
order of the IRIs, so many on a page, and who has read a page never needs to read it again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode, Quad, Triple

from diplolocal import iris, resources, terms
from diplolocal.history import Change, Release, Version, releases, versions_of
from diplolocal.store import Store, Term, bind, load_query, plain, select
from diplolocal.terms import Definition
from diplolocal.wording import LANGUAGES, Said, said

PAGE = 250
"""How many changes a page holds. Never to be altered: the pages of past releases are immutable."""

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_NAMES = (
    _SKOS + "prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    _DCTERMS + "title",
)
_TOMBSTONE = iris.ONTOLOGY + "#Tombstone"


class Deed(StrEnum):
    """What was done to a topic, as people see it, in the order in which it is told."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REMOVED = "removed"


_DEEDS = {Change.CREATED: Deed.ADDED, Change.UPDATED: Deed.CHANGED}


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a release changed: its topics, page by page, and how many there are."""

    release: Release
    pages: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int:
        """How many topics it changed."""
        return sum(len(topics) for topics in self.pages)

    def members(self, number: int) -> tuple[str, ...]:
        """The versions of topics on the page of this number, which counts from 1."""
        return tuple(iris.member(topic, self.release.version) for topic in self.pages[number - 1])


@dataclass(frozen=True, slots=True)
class News:
    """One change: the version that a release made, and the one before, if any; what the topic is
    called and its classes, those of the version before where it was deleted; what it is for, of
    releases; why it was deleted, and what is there instead, if it was merged.
    """

    version: Version
    before: Version | None
    names: Said
    classes: tuple[str, ...]
    description: Said
    reason: Said
    successor: str | None
    deed: Deed


@dataclass(frozen=True, slots=True)
class Tally:
    """How many topics of the same class the same was done to; None: of no class."""

    deed: Deed
    kind: str | None
    count: int


def chapters(history: Store) -> tuple[Chapter, ...]:
    """What each release changed, the oldest first."""
    return tuple(Chapter(release, _pages(history, release)) for release in releases(history))


def _pages(history: Store, release: Release) -> tuple[tuple[str, ...], ...]:
    rows = select(history, bind(load_query("changed-topics"), release=NamedNode(release.iri)))
    topics = sorted(plain(row["topic"]) for row in rows)
    return tuple(tuple(topics[first : first + PAGE]) for first in range(0, len(topics), PAGE))


def contents(history: Store, members: Sequence[str]) -> Mapping[str, list[Quad]]:
    """All that is said in some versions of topics, each statement in the graph of its version."""
    nodes = [NamedNode(member) for member in members]
    found: dict[str, list[Quad]] = {member: [] for member in members}
    for row in select(history, bind(load_query("versions-whole"), member=nodes)):
        member, subject, prop = row["member"], row["subject"], row["property"]
        assert isinstance(member, NamedNode)
        assert isinstance(prop, NamedNode)
        assert not isinstance(subject, Literal | Triple)
        found[member.value].append(Quad(subject, prop, row["value"], member))
    return {member: sorted(quads, key=str) for member, quads in found.items()}


def news(history: Store, release: Release, topics: Sequence[str]) -> tuple[News, ...]:
    """What a release did to some of its topics, in their order."""
    known: dict[str, list[Version]] = defaultdict(list)
    for version in versions_of(history, topics):
        if version.release.issued <= release.issued:
            known[version.topic].append(version)
    ended = (each[-2] for each in known.values() if _deleted(each[-1]) and len(each) > 1)
    told = _told(history, (*(each[-1] for each in known.values()), *ended))
    return tuple(_news(known[topic], told) for topic in topics)


def deleted(history: Store, release: Release) -> tuple[str, ...]:
    """The topics that a release deleted."""
    rows = select(history, bind(load_query("deleted-topics"), release=NamedNode(release.iri)))
    return tuple(sorted(plain(row["topic"]) for row in rows))


def kind(classes: Sequence[str], defined: Mapping[str, Definition]) -> str | None:
    """What a topic of these classes is: the narrowest of those that the ontology defines, or else
    the first of them all.
    """
    ours = [each for each in classes if each in defined]
    wider = {above for each in ours for above in terms.above(defined, each)[1:]}
    return next((each for each in (*ours, *classes) if each not in wider), None)


def tally(history: Store, release: Release, defined: Mapping[str, Definition]) -> tuple[Tally, ...]:
    """How many topics a release did the same to, by what they are."""
    node = NamedNode(release.iri)
    counts: Counter[tuple[Deed, str]] = Counter()
    for row in select(history, bind(load_query("changes-by-class"), release=node)):
        change = Change(plain(row["change"]))
        if change in _DEEDS:
            classes = plain(row["classes"]).split(" ") if "classes" in row else []
            counts[_DEEDS[change], kind(sorted(classes), defined) or ""] += int(plain(row["count"]))
    for each in news(history, release, deleted(history, release)):
        counts[each.deed, kind(each.classes, defined) or ""] += 1
    found = (Tally(deed, what or None, count) for (deed, what), count in sorted(counts.items()))
    return tuple(sorted(found, key=lambda each: list(Deed).index(each.deed)))


_Facts = Mapping[str, Sequence[Term]]
"""What is said of a topic in one of its versions, by property."""


def _told(history: Store, versions: Iterable[Version]) -> Mapping[str, _Facts]:
    """What is said of the topics themselves in some of their versions, by member."""
    topics = {version.member: version.topic for version in versions}
    nodes = [NamedNode(member) for member in topics]
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in select(history, bind(load_query("told-of-topics"), member=nodes)):
        member = plain(row["member"])
        if plain(row["subject"]) == topics[member]:
            found[member][plain(row["property"])].append(row["value"])
    return found


def _news(versions: Sequence[Version], told: Mapping[str, _Facts]) -> News:
    version, before = versions[-1], versions[-2] if len(versions) > 1 else None
    now = told.get(version.member, {})
    was = told.get(before.member, {}) if before and _deleted(version) else now
    successors = sorted(plain(value) for value in now.get(_DCTERMS + "isReplacedBy", ()))
    return News(
        version=version,
        before=before,
        names=next(iter(_texts(now, *_NAMES)), {}) or next(iter(_texts(was, *_NAMES)), {}),
        classes=tuple(sorted(plain(value) for value in was.get(_RDF_TYPE, ()))),
        description=next(iter(_texts(now, _DCTERMS + "description")), {}),
        reason=next(iter(_texts(now, _SKOS + "changeNote")), {}),
        successor=successors[0] if successors and _deleted(version) else None,
        deed=_deed(version, now),
    )


def _deed(version: Version, now: _Facts) -> Deed:
    if not _deleted(version):
        return _DEEDS[version.change]
    if _DCTERMS + "isReplacedBy" in now:
        return Deed.MERGED
    is_stone = any(plain(value) == _TOMBSTONE for value in now.get(_RDF_TYPE, ()))
    return Deed.WITHDRAWN if is_stone else Deed.REMOVED


def _deleted(version: Version) -> bool:
    return version.change is Change.DELETED


def _texts(facts: _Facts, *properties: str) -> Iterator[Said]:
    """What the properties say, by language, as far as they say something."""
    for prop in properties:
        texts = {
            resources.primary_of(value.language): value.value
            for value in sorted(facts.get(prop, ()), key=str, reverse=True)
            if isinstance(value, Literal)
        }
        if texts:
            ours = {tag: text for tag, text in texts.items() if tag in LANGUAGES}
            yield said(ours or texts)
