"""What changed as a Linked Data Event Stream: pages in the TREE vocabulary that a client walks.

The root leads to the first page of each release, that page to the others of the release. The value
of each way is the moment of the release, so that a client passes by the releases that it has. What
is always true of the stream stands in `event-stream.ttl`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.chronicle import Chapter, contents
from diplolocal.history import Release, Version, versions_of
from diplolocal.store import Store
from diplolocal.wording import LANGUAGES, Message, say

_DCTERMS = "http://purl.org/dc/terms/"
_LDES = "https://w3id.org/ldes#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_TREE = "https://w3id.org/tree#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_STREAM = NamedNode(iris.CHANGES)
_CREATED = NamedNode(_DCTERMS + "created")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the root of the stream is, and where the pages of each release are, by version number
    and number of the page.
    """

    root: str
    page: Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a way leads: the address and the number of the page, and how many members are there."""

    address: str
    number: int
    members: int


def root(chapters: Sequence[Chapter], addresses: Addresses, *, note: Message | None) -> list[Quad]:
    """The first page: what the stream is, and the ways to the releases; `note` is a remark for
    people.
    """
    quads = [Quad(*triple) for triple in _static()]
    quads.append(_quad(_STREAM, _TREE + "view", NamedNode(addresses.root)))
    if note:
        for language in LANGUAGES:
            text = Literal(say(note, language), language=language.value)
            quads.append(_quad(_STREAM, _RDFS + "comment", text))
    node = NamedNode(addresses.root)
    quads += [
        _quad(node, _RDF_TYPE, NamedNode(_TREE + "Node")),
        _quad(node, _RDF_TYPE, NamedNode(_LDES + "EventSource")),
    ]
    for chapter in chapters:
        if chapter.pages:
            to = Target(addresses.page(chapter.release.version, 1), 1, chapter.count)
            quads += _ways(node, to, chapter.release)
    return quads


def page(history: Store, chapter: Chapter, number: int, addresses: Addresses) -> list[Quad]:
    """A page of a release: what became of its topics, and from the first one the ways to the
    others. First come the ways, then each member with all that is said of it (TREE Profile).
    """
    release = chapter.release
    node = NamedNode(addresses.page(release.version, number))
    quads = [
        _quad(node, _RDF_TYPE, NamedNode(_TREE + "Node")),
        _quad(node, _LDES + "immutable", Literal("true", datatype=NamedNode(_XSD + "boolean"))),
        _quad(_STREAM, _RDF_TYPE, NamedNode(_LDES + "EventStream")),
    ]
    if number == 1:
        for other, topics in enumerate(chapter.pages[1:], 2):
            to = Target(addresses.page(release.version, other), other, len(topics))
            quads += _ways(node, to, release)
    topics = chapter.pages[number - 1]
    made = {each.topic: each for each in versions_of(history, topics) if each.release == release}
    payload = contents(history, [version.member for version in made.values()])
    for topic in topics:
        quads += _event(made[topic])
        quads += payload[made[topic].member]
    return quads


@cache
def prefixes() -> dict[str, str]:
    """The prefixes that the pages are written with."""
    parsed = parse(_text(), format=RdfFormat.TURTLE)
    for _ in parsed:
        pass
    return parsed.prefixes


def _ways(node: NamedNode, to: Target, release: Release) -> Iterator[Quad]:
    """The ways from a node to another: all members there are of the moment of the release."""
    moment = Literal(release.issued, datatype=NamedNode(_XSD + "dateTime"))
    for name in ("GreaterThanOrEqualTo", "LessThanOrEqualTo"):
        way = NamedNode(iris.within(node.value, name, release.version, str(to.number)))
        yield _quad(node, _TREE + "relation", way)
        yield _quad(way, _RDF_TYPE, NamedNode(f"{_TREE}{name}Relation"))
        yield _quad(way, _TREE + "node", NamedNode(to.address))
        yield _quad(way, _TREE + "path", _CREATED)
        yield _quad(way, _TREE + "value", moment)
        remaining = Literal(str(to.members), datatype=NamedNode(_XSD + "integer"))
        yield _quad(way, _TREE + "remainingItems", remaining)


def _event(version: Version) -> list[Quad]:
    """What a release did to a topic."""
    member = NamedNode(version.member)
    issued = Literal(version.release.issued, datatype=NamedNode(_XSD + "dateTime"))
    return [
        _quad(_STREAM, _TREE + "member", member),
        _quad(member, _RDF_TYPE, NamedNode(version.change)),
        Quad(member, _CREATED, issued),
        _quad(member, _DCTERMS + "isPartOf", NamedNode(version.release.iri)),
        _quad(member, _DCTERMS + "isVersionOf", NamedNode(version.topic)),
    ]


def _quad(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(prop), value)


def _static() -> list[Triple]:
    return [quad.triple for quad in parse(_text(), format=RdfFormat.TURTLE)]


@cache
def _text() -> bytes:
    return (files("diplolocal") / "event-stream.ttl").read_bytes()
