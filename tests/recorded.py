"""A history made up: three releases of the small graph, told as their records tell it, and the
small graph as it is after them.

1.0.0 has neither the bulletin of March nor what it reports; the United Nations are still called
UN. 1.1.0 brings both. 1.2.0 withdraws one firm, merges another with its heir, and drops a
participation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.history import Change

RELEASES = {
    "1.0.0": "2026-01-01T00:00:00Z",
    "1.1.0": "2026-02-01T12:00:00Z",
    "1.2.0": "2026-03-01T00:00:00Z",
}
DATES = {
    "1.0.0": "Thu, 01 Jan 2026 00:00:00 GMT",
    "1.1.0": "Sun, 01 Feb 2026 12:00:00 GMT",
    "1.2.0": "Sun, 01 Mar 2026 00:00:00 GMT",
}
DROPPED = iris.thing("participation/2021-01-02-3")
UN = iris.thing("organisation/un")
MARCH = tuple(
    iris.thing(key)
    for key in (
        "bulletin/2021-03",
        "action/2021-03-01",
        "participation/2021-03-01-1",
        "participation/2021-03-01-2",
    )
)

_DCTERMS = "http://purl.org/dc/terms/"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_FIRMS = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dl: <https://w3id.org/diplolocal/def#>
PREFIX firm: <https://w3id.org/diplolocal/id/firm/>
PREFIX participation: <https://w3id.org/diplolocal/id/participation/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_BEFORE = """
firm:gone a dl:Firm ; skos:prefLabel "Gone"@en , "Ida"@es .
firm:merged a dl:Firm ; skos:prefLabel "Merged"@en , "Fusionada"@es .
participation:2021-01-02-3 a dl:Participation ; dl:actor firm:gone .
"""
_AFTER = """
firm:gone a dl:Tombstone ;
    skos:prefLabel "Gone"@en , "Ida"@es ;
    skos:changeNote "It never took part."@en , "Nunca participó."@es .
firm:merged a dl:Tombstone ;
    skos:prefLabel "Merged"@en , "Fusionada"@es ;
    skos:changeNote "Entered twice."@en , "Capturada dos veces."@es ;
    dcterms:isReplacedBy firm:heir .
firm:merged-before a dl:Tombstone ;
    skos:prefLabel "Merged before"@en , "Fusionada antes"@es ;
    skos:changeNote "Entered twice."@en , "Capturada dos veces."@es ;
    dcterms:isReplacedBy firm:merged .
firm:heir a dl:Firm ; skos:prefLabel "Heir"@en , "Heredera"@es .
"""

Topics = Mapping[str, frozenset[Triple]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The data as they are, and the records of their releases."""

    store: EmbeddedStore
    history: EmbeddedStore


def recorded(small: Iterable[Quad]) -> Recorded:
    """The small graph with a past."""
    now = list(small)
    topics = _topics(now)
    called = Triple(NamedNode(UN), _LABEL, Literal("UN", language="en"))
    was = frozenset(t for t in topics[UN] if t.predicate != _LABEL) | {called}
    before, after = _parsed(_BEFORE), _parsed(_AFTER)
    states: dict[str, Topics] = {
        "1.0.0": {
            **{topic: said for topic, said in topics.items() if topic not in MARCH},
            **before,
            UN: was,
        },
        "1.1.0": {**topics, **before},
        "1.2.0": {**topics, **after},
    }
    history: list[Quad] = []
    known: Topics = {}
    for version, state in states.items():
        history += _record(version, known, state)
        known = state
    graph = NamedNode(iris.graph("tombstones"))
    left = [_quad(triple, graph) for said in after.values() for triple in said]
    return Recorded(EmbeddedStore([*now, *left]), EmbeddedStore(history))


def _record(version: str, known: Topics, state: Topics) -> Iterable[Quad]:
    """What a release changed (`data/releases/<version>.nq.gz`)."""
    release = NamedNode(iris.release(version))
    date = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    issued = Literal(RELEASES[version], datatype=date)
    yield Quad(release, NamedNode(_DCTERMS + "issued"), issued, release)
    for topic in sorted(known.keys() | state.keys()):
        said = state.get(topic, frozenset())
        if known.get(topic) == said:
            continue
        member = NamedNode(iris.member(topic, version))
        tombstone = NamedNode(iris.ONTOLOGY + "#Tombstone")
        gone = not said or any(triple.object == tombstone for triple in said)
        there = Change.UPDATED if topic in known else Change.CREATED
        change = NamedNode(Change.DELETED if gone else there)
        yield Quad(member, _TYPE, change, release)
        yield Quad(member, NamedNode(_DCTERMS + "isVersionOf"), NamedNode(topic), release)
        yield Quad(member, NamedNode(_DCTERMS + "isPartOf"), release, release)
        for triple in said:
            yield _quad(triple, member)


def _topics(quads: Iterable[Quad]) -> Topics:
    found: dict[str, set[Triple]] = defaultdict(set)
    for quad in quads:
        subject, graph = quad.subject, quad.graph_name
        assert isinstance(subject, NamedNode)
        assert isinstance(graph, NamedNode)
        found[iris.topic_of(subject.value, graph.value)].add(quad.triple)
    return {topic: frozenset(said) for topic, said in found.items()}


def _parsed(turtle: str) -> Topics:
    found = parse(_FIRMS + turtle, format=RdfFormat.TURTLE)
    graph = NamedNode(iris.graph("reference", "firms"))
    return _topics(_quad(quad.triple, graph) for quad in found)


def _quad(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
