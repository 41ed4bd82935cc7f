"""Everything a page says about one IRI."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from diplolocal import iris
from diplolocal.not_found import FileNotThere, NotInGraphYet, ResourceNotFound
from diplolocal.store import Row, Store, Term, bind, construct, load_query, plain, select
from diplolocal.wording import LANGUAGES, Language, Said

_Label = tuple[int, Literal]
"""A label and the place of its property: skos:prefLabel goes before rdfs:label."""

Names = Mapping[str, Said]
"""What each IRI is called, by language."""

_SHOWN_IF_DERIVED = (
    iris.ONTOLOGY,
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2004/02/skos/core#",
)
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LAST = 1000
_MENTIONED = 50
_LABELS_AT_ONCE = 2_000
"""Of how many resources the labels are asked for in one query."""
PARTS = (iris.ONTOLOGY + "#hasParticipation", iris.ONTOLOGY + "#unnamedActor")
"""What they point at belongs to one thing alone, and is described with it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A property and a value that a resource has, the graphs (files) that say so, and the
    property's place on a page.
    """

    property: str
    value: Term
    graphs: tuple[str, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Mention:
    """By which property a resource is pointed at: by how many subjects, and the first of them."""

    property: str
    count: int
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResourceDescription:
    """All that a page about one resource needs, in a fixed order.

    `parts` describes what belongs to the resource alone and is shown with it: the participations of
    an action. `names` has what every IRI shown is called.
    """

    iri: str
    types: tuple[str, ...]
    statements: tuple[Statement, ...]
    parts: tuple["ResourceDescription", ...]
    mentions: tuple[Mention, ...]
    names: Names

    @property
    def shown(self) -> tuple[Statement, ...]:
        """The statements for people: not those derived only for readers of other vocabularies."""
        return tuple(
            statement
            for statement in self.statements
            if statement.graphs != (iris.DERIVED,)
            or statement.property.startswith(_SHOWN_IF_DERIVED)
        )

    def facts(self, apart: Collection[str]) -> list[tuple[str, list[Statement]]]:
        """What a page lists, by property; what it shows apart from that is left out."""
        facts: dict[str, list[Statement]] = {}
        for statement in self.shown:
            if statement.property not in apart:
                facts.setdefault(statement.property, []).append(statement)
        return list(facts.items())

    def values(self, prop: str) -> tuple[Term, ...]:
        """The values of a property."""
        return tuple(statement.value for statement in self.statements if statement.property == prop)


def describe(store: Store, iri: str, *, most: int | None = _MENTIONED) -> ResourceDescription:
    """What is said of a resource, and of those that point at it by each property at most so many;
    None: all. Raises ResourceNotFound where nothing is.
    """
    node = _node(iri)
    own = _statements(store, [node])[iri]
    if not own:
        raise absent(store, iri)
    part_iris = [
        NamedNode(value)
        for value in _iris(own)
        if any(value == plain(s.value) and s.property in PARTS for s in own)
    ]
    parts = _statements(store, part_iris) if part_iris else {}
    mentions = _mentions(store, node, most)
    shown = {iri, *parts, *_iris(own), *(mention.property for mention in mentions)}
    shown.update(subject for mention in mentions for subject in mention.subjects)
    shown.update(value for statements in parts.values() for value in _iris(statements))
    names = names_of(store, shown)
    return ResourceDescription(
        iri=iri,
        types=_types(own),
        statements=own,
        parts=tuple(
            ResourceDescription(
                part.value, _types(parts[part.value]), parts[part.value], (), (), names
            )
            for part in part_iris
        ),
        mentions=mentions,
        names=names,
    )


def triples(store: Store, iri: str, *, document: str | None = None) -> list[Triple]:
    """The document about a resource as a graph; `document` is its IRI where it is not the current
    one. Raises ResourceNotFound where nothing is said of it.
    """
    bound = {"resource": _node(iri), "document": _node(document or iris.document_of(iri))}
    found = construct(store, bind(load_query("document"), **bound))
    if not found:
        raise absent(store, iri)
    return found


def named_graph(store: Store, iri: str) -> list[Triple]:
    """The statements of a named graph. Raises ResourceNotFound where it has none."""
    found = construct(store, bind(load_query("graph"), graph=_node(iri)))
    if not found:
        raise ResourceNotFound(iri)
    return found


def find(store: Store, name: str) -> list[str]:
    """The IRIs of what is called so, in whatever language and case."""
    try:
        asked = Literal(name.strip().lower())
    except ValueError:  # bytes of the command line that are no text
        return []
    rows = select(store, bind(load_query("named"), name=asked))
    return [plain(row["resource"]) for row in rows]


def names_of(store: Store, resources: Iterable[str]) -> Names:
    """What the resources are called in our languages, as far as they have a name."""
    return {
        iri: {
            language: min(said, key=lambda label: _preference(label, language))[1].value
            for language in LANGUAGES
            if (said := [label for label in labels if primary_of(label[1].language) == language])
        }
        for iri, labels in _labels(store, resources).items()
    }


def labels_of(store: Store, resources: Iterable[str], language: Language) -> Mapping[str, Literal]:
    """What the resources are called: in this language, or else in the other, or else in any."""
    return {
        iri: min(labels, key=lambda label: _preference(label, language))[1]
        for iri, labels in _labels(store, resources).items()
    }


def primary_of(tag: str | None) -> str:
    """The language of a tag without its region: `es` of `es-MX` (BCP 47 §2.2.1)."""
    return (tag or "").partition("-")[0].lower()


def _labels(store: Store, iris: Iterable[str]) -> Mapping[str, list[_Label]]:
    """Every label of the resources, asked for in portions."""
    nodes = [NamedNode(iri) for iri in sorted(set(iris))]
    found: dict[str, list[_Label]] = defaultdict(list)
    for first in range(0, len(nodes), _LABELS_AT_ONCE):
        portion = nodes[first : first + _LABELS_AT_ONCE]
        for row in select(store, bind(load_query("labels"), resource=portion)):
            label = row["label"]
            if isinstance(label, Literal):
                found[plain(row["resource"])].append((int(plain(row["place"])), label))
    return found


def _preference(label: _Label, language: Language) -> tuple[int, bool, int, str]:
    """The smaller, the better: language, `es` before `es-MX`, property, and then the alphabet, so
    that the choice is always the same.
    """
    place, literal = label
    primary = primary_of(literal.language)
    ranks = {language.value: 0, **{other.value: 1 for other in LANGUAGES if other != language}}
    return ranks.get(primary, 3 if primary else 2), literal.language != primary, place, str(literal)


def prefixes(store: Store) -> Mapping[str, str]:
    """The prefixes of the house."""
    return {
        plain(row["prefix"]): plain(row["namespace"])
        for row in select(store, load_query("prefixes"))
    }


def versions(store: Store) -> frozenset[str]:
    """The version IRIs of the ontology (OWL 2 Structural Specification §3.1)."""
    return frozenset(plain(row["version"]) for row in select(store, load_query("versions")))


def actions_of(store: Store, iri: str) -> list[Row]:
    """The actions that a thing has to do with, newest first: `action`, `date`."""
    return select(store, bind(load_query("actions"), thing=_node(iri)))


def absent(store: Store, iri: str) -> ResourceNotFound:
    """Why nothing is said of a resource: the bulletin of a month since the first one is not here
    yet, anything else is not known.
    """
    if iri.startswith(f"{iris.ONTOLOGY}/"):
        return FileNotThere(iri, sorted(versions(store)))
    month = iris.month_of(iri)
    if month is None:
        return ResourceNotFound(iri)
    rows = select(store, load_query("bulletins"))
    there = sorted((plain(row["month"]), plain(row["bulletin"])) for row in rows)
    earlier = [each for each in there if each[0] < month]
    later = [each for each in there if each[0] > month]
    if not earlier:
        return ResourceNotFound(iri)
    return NotInGraphYet(iri, month, (*earlier[-1:], *later[:1]))


def _node(iri: str) -> NamedNode:
    """Raises ResourceNotFound for what is no IRI at all."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise ResourceNotFound(iri) from error


def _statements(store: Store, nodes: list[NamedNode]) -> Mapping[str, tuple[Statement, ...]]:
    """What is said of each of the nodes, in the order in which a page shows it."""
    graphs: dict[tuple[str, str, Term], set[str]] = defaultdict(set)
    orders: dict[str, int] = {}
    for row in select(store, bind(load_query("statements"), resource=nodes)):
        prop = plain(row["property"])
        graphs[plain(row["resource"]), prop, row["value"]].add(plain(row["graph"]))
        orders[prop] = int(plain(row["order"])) if "order" in row else _LAST
    found: dict[str, list[Statement]] = {node.value: [] for node in nodes}
    for (resource, prop, value), sayers in graphs.items():
        found[resource].append(Statement(prop, value, tuple(sorted(sayers)), orders[prop]))
    return {
        resource: tuple(sorted(said, key=lambda one: (one.order, one.property, str(one.value))))
        for resource, said in found.items()
    }


def mentioning(iri: str, prop: str) -> str:
    """The query for all that points at a resource by a property: `item`."""
    bound = {"resource": _node(iri), "property": NamedNode(prop)}
    return bind(load_query("mentioning"), **bound)


def _mentions(store: Store, node: NamedNode, most: int | None) -> tuple[Mention, ...]:
    mentions = []
    for row in select(store, bind(load_query("mentions"), resource=node)):
        prop = plain(row["property"])
        rows = select(store, mentioning(node.value, prop))
        subjects = tuple(plain(found["item"]) for found in rows[:most])
        mentions.append(Mention(prop, int(plain(row["count"])), subjects))
    return tuple(mentions)


def _types(statements: Iterable[Statement]) -> tuple[str, ...]:
    """The classes written by hand; what the rules derive from them says less."""
    return tuple(
        plain(statement.value)
        for statement in statements
        if statement.property == _TYPE and iris.DERIVED not in statement.graphs
    )


def _iris(statements: Iterable[Statement]) -> list[str]:
    """Every IRI that the statements show."""
    shown: dict[str, None] = {}
    for statement in statements:
        shown[statement.property] = None
        if isinstance(statement.value, NamedNode):
            shown[statement.value.value] = None
    return list(shown)
