"""Who acts with whom: Mexican actors and their counterparts, tied by the actions in which they take
part together; as GraphML, as GEXF, and as tables of nodes and edges.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from diplolocal.resources import Names, names_of
from diplolocal.store import Store, load_query, plain, select
from diplolocal.wording import Language

_NODE = ("label", "side", "class", "place", "placeLabel", "actions")
_EDGE = ("weight", "actions")
_BETWEEN = "|"
"""What stands between several values in a cell, as in the tables of the dumps."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the network, its class, and the federal entity that it belongs to, or else the
    country; None where it belongs to none.
    """

    iri: str
    cls: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """A Mexican actor, a counterpart, and the actions in which both take part."""

    mexican: str
    counterpart: str
    actions: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How many actions tie them."""
        return len(self.actions)


@dataclass(frozen=True, slots=True)
class Network:
    """Actors by their IRIs, the ties between them, and what all of these are called."""

    actors: Mapping[str, Actor]
    ties: tuple[Tie, ...]
    names: Names

    def name(self, iri: str, language: Language) -> str:
        """What something is called: in the language, or else in the other, or else its IRI."""
        said = self.names.get(iri, {})
        return said.get(language) or next(iter(said.values()), iri)

    def actions(self, iri: str) -> frozenset[str]:
        """The actions by which an actor is tied."""
        return frozenset(
            action
            for tie in self.ties
            if iri in (tie.mexican, tie.counterpart)
            for action in tie.actions
        )


def read(store: Store) -> Network:
    """The network of all that a store holds."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select(store, load_query("network-actors")):
        found = {name: plain(term) for name, term in row.items()}
        told[found["actor"]] = {**found, **told[found["actor"]]}
    actors = {
        iri: Actor(iri, said["class"], said.get("entity") or said.get("country"))
        for iri, said in told.items()
    }
    between: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(store, load_query("network-ties")):
        between[plain(row["actor"]), plain(row["counterpart"])].add(plain(row["action"]))
    tied = {iri for pair in between for iri in pair}
    actors = {iri: each for iri, each in actors.items() if iri in tied}
    named = {name for each in actors.values() for name in (each.iri, each.cls, each.place) if name}
    return Network(actors, _ties(between), names_of(store, sorted(named)))


def within(network: Network, actions: Collection[str]) -> Network:
    """As much of the network as some actions make."""
    ties = _ties(
        {
            (tie.mexican, tie.counterpart): {each for each in tie.actions if each in actions}
            for tie in network.ties
        }
    )
    there = {iri for tie in ties for iri in (tie.mexican, tie.counterpart)}
    actors = {iri: each for iri, each in network.actors.items() if iri in there}
    return Network(actors, ties, network.names)


def graphml(network: Network, language: Language) -> str:
    """The network in GraphML (http://graphml.graphdrawing.org)."""
    root = Xml.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for domain, names in (("node", _NODE), ("edge", _EDGE)):
        for name in names:
            key = {"id": f"{domain}-{name}", "for": domain, "attr.name": name}
            Xml.SubElement(root, "key", {**key, "attr.type": _type(domain, name)})
    graph = Xml.SubElement(root, "graph", edgedefault="undirected")
    for iri, *values in _nodes(network, language):
        _values(Xml.SubElement(graph, "node", id=iri), "data", "key", "node", values)
    for source, target, *values in _edges(network):
        edge = Xml.SubElement(graph, "edge", source=source, target=target)
        _values(edge, "data", "key", "edge", values)
    return _text(root)


def gexf(network: Network, language: Language) -> str:
    """The network in GEXF, which Gephi reads (https://gexf.net)."""
    root = Xml.Element("gexf", xmlns="http://www.gexf.net/1.2draft", version="1.2")
    graph = Xml.SubElement(root, "graph", defaultedgetype="undirected", mode="static")
    for domain, names in (("node", _NODE), ("edge", _EDGE)):
        attributes = Xml.SubElement(graph, "attributes", {"class": domain, "mode": "static"})
        for name in names:
            kind = "integer" if _type(domain, name) == "int" else "string"
            Xml.SubElement(attributes, "attribute", id=f"{domain}-{name}", title=name, type=kind)
    nodes = Xml.SubElement(graph, "nodes")
    for iri, *values in _nodes(network, language):
        node = Xml.SubElement(nodes, "node", id=iri, label=str(values[0]))
        _values(Xml.SubElement(node, "attvalues"), "attvalue", "for", "node", values)
    edges = Xml.SubElement(graph, "edges")
    for place, (source, target, *values) in enumerate(_edges(network)):
        ends = {"id": str(place), "source": source, "target": target, "weight": str(values[0])}
        edge = Xml.SubElement(edges, "edge", ends)
        _values(Xml.SubElement(edge, "attvalues"), "attvalue", "for", "edge", values)
    return _text(root)


def nodes_table(network: Network, language: Language) -> str:
    """The actors as a table (RFC 4180), with the names of columns that Gephi knows."""
    return _table(("Id", "Label", *_NODE[1:]), _nodes(network, language))


def edges_table(network: Network) -> str:
    """The ties as a table; the same in every language."""
    rows = ((source, target, "Undirected", *rest) for source, target, *rest in _edges(network))
    return _table(("Source", "Target", "Type", "Weight", "actions"), rows)


def _ties(between: Mapping[tuple[str, str], Collection[str]]) -> tuple[Tie, ...]:
    """The ties, the strongest first; of equals those of actors with more of them."""
    found = [Tie(*pair, tuple(sorted(actions))) for pair, actions in between.items() if actions]
    sums: Counter[str] = Counter()
    for tie in found:
        sums[tie.mexican] += tie.weight
        sums[tie.counterpart] += tie.weight

    def order(tie: Tie) -> tuple[int, int, str, str]:
        around = sums[tie.mexican] + sums[tie.counterpart]
        return -tie.weight, -around, tie.mexican, tie.counterpart

    return tuple(sorted(found, key=order))


def _nodes(network: Network, language: Language) -> Iterable[tuple[str, ...]]:
    mexicans = {tie.mexican for tie in network.ties}
    for iri, actor in sorted(network.actors.items()):
        yield (
            iri,
            network.name(iri, language),
            "mexican" if iri in mexicans else "counterpart",
            network.name(actor.cls, language),
            actor.place or "",
            network.name(actor.place, language) if actor.place else "",
            str(len(network.actions(iri))),
        )


def _edges(network: Network) -> Iterable[tuple[str, ...]]:
    for tie in network.ties:
        yield tie.mexican, tie.counterpart, str(tie.weight), _BETWEEN.join(tie.actions)


def _type(domain: str, name: str) -> str:
    return "int" if (domain, name) in (("node", "actions"), ("edge", "weight")) else "string"


def _values(of: Xml.Element, tag: str, key: str, domain: str, values: Sequence[str]) -> None:
    """What is said of a node or an edge; what is not known is left out."""
    names = _NODE if domain == "node" else _EDGE
    for name, value in zip(names, values, strict=True):
        if value and tag == "data":
            Xml.SubElement(of, tag, {key: f"{domain}-{name}"}).text = value
        elif value:
            Xml.SubElement(of, tag, {key: f"{domain}-{name}", "value": value})


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([heads, *rows])
    return file.getvalue()


def _text(root: Xml.Element) -> str:
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written.decode() + "\n"
