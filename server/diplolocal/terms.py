"""The terms of the ontology: its classes and properties, with what they mean, how they hang
together, and records that show their use.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from diplolocal import iris
from diplolocal.store import Store, Term, bind, load_query, plain, select
from diplolocal.wording import Said, said

_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_BROADER = (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf")
_ALIGNED = (
    *_BROADER,
    f"{_OWL}equivalentClass",
    f"{_OWL}equivalentProperty",
    *(f"{_SKOS}{nearness}Match" for nearness in ("exact", "close", "broad", "narrow", "related")),
)
_LAST = 1000
"""The place of a property that the ontology gives none."""


class Kind(StrEnum):
    """What a term is, in the order in which one reads them; the value is its class in OWL."""

    CLASS = f"{_OWL}Class"
    OBJECT = f"{_OWL}ObjectProperty"
    DATATYPE = f"{_OWL}DatatypeProperty"
    ANNOTATION = f"{_OWL}AnnotationProperty"


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term relates to one of somebody else: the property that says how, and their term."""

    property: str
    other: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or a property.

    `traits` are what else it is in OWL, such as symmetric; `rule` is the name of the rule that
    derives it; `examples` are records that show its use.
    """

    iri: str
    kind: Kind
    label: Said
    meaning: Said
    order: int
    broader: tuple[str, ...]
    disjoint: tuple[str, ...]
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    inverses: tuple[str, ...]
    traits: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    rule: str | None
    examples: tuple[str, ...]
    notes: tuple[Literal, ...]
    is_deprecated: bool
    successors: tuple[str, ...]

    @property
    def name(self) -> str:
        """What stands after the # of its IRI: its anchor on a page."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a record says: its property and value, and whether a rule derived that."""

    property: str
    value: Term
    is_derived: bool


Records = Mapping[str, Sequence[Fact]]
"""What some things say, in the order in which pages show it."""


def read(store: Store) -> Mapping[str, Definition]:
    """The terms by IRI."""
    about: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in select(store, load_query("definitions")):
        about[plain(row["term"])][plain(row["property"])].add(row["value"])
    return {
        term: _definition(term, said_of_it)
        for term, said_of_it in sorted(about.items())
        if _kinds(said_of_it)
    }


def above(terms: Mapping[str, Definition], name: str) -> tuple[str, ...]:
    """A class and those that it is a kind of, the nearest first."""
    found = [name]
    for each in found:
        found.extend(
            broader for broader in terms[each].broader if broader in terms and broader not in found
        )
    return tuple(found)


def narrower(terms: Mapping[str, Definition], name: str) -> tuple[str, ...]:
    """The terms directly below one."""
    return tuple(term.iri for term in terms.values() if name in term.broader)


def instances(store: Store) -> Mapping[str, int]:
    """How many things there are of each class, those of its narrower classes among them."""
    rows = select(store, load_query("instances-by-class"))
    return {plain(row["class"]): int(plain(row["things"])) for row in rows}


def records(store: Store, things: Iterable[str]) -> Records:
    """What is said of some things."""
    nodes = [NamedNode(thing) for thing in sorted(set(things))]
    if not nodes:
        return {}
    found: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
    by_hand: set[tuple[str, str, Term]] = set()
    rows = select(store, bind(load_query("statements"), resource=nodes))
    for row in sorted(rows, key=lambda row: plain(row["graph"]) == iris.DERIVED):
        fact = Fact(plain(row["property"]), row["value"], plain(row["graph"]) == iris.DERIVED)
        key = (plain(row["resource"]), fact.property, fact.value)
        if key not in by_hand:
            by_hand.add(key)
            order = int(plain(row["order"])) if "order" in row else _LAST
            found[plain(row["resource"])].append((order, fact))
    return {
        thing: tuple(fact for _, fact in sorted(facts, key=_place))
        for thing, facts in sorted(found.items())
    }


def versions(history: Store) -> Mapping[str, str]:
    """The version IRIs that the ontology had, and for each the version of its document that a
    release recorded last (OWL 2 Structural Specification §3.1).
    """
    rows = select(history, load_query("ontology-versions"))
    return {plain(row["version"]): plain(row["member"]) for row in rows}


def _place(ordered: tuple[int, Fact]) -> tuple[bool, bool, int, str, str]:
    """Where a fact is read: the class and the name first, then in the order of the ontology."""
    order, fact = ordered
    is_name = fact.property in (f"{_SKOS}prefLabel", f"{_RDFS}label")
    return fact.property != f"{_RDF}type", not is_name, order, fact.property, str(fact.value)


def _kinds(about: Mapping[str, set[Term]]) -> list[Kind]:
    types = {plain(term) for term in about.get(f"{_RDF}type", ())}
    return [kind for kind in Kind if kind in types]


def _definition(term: str, about: Mapping[str, set[Term]]) -> Definition:
    def values(*props: str) -> tuple[str, ...]:
        return tuple(sorted(plain(value) for prop in props for value in about.get(prop, ())))

    def texts(*props: str) -> list[Literal]:
        found = (value for prop in props for value in about.get(prop, ()))
        return sorted((value for value in found if isinstance(value, Literal)), key=str)

    kind = _kinds(about)[0]
    broader = values(*_BROADER)
    return Definition(
        iri=term,
        kind=kind,
        label=said({text.language or "": text.value for text in texts(f"{_RDFS}label")}),
        meaning=said({text.language or "": text.value for text in texts(f"{_SKOS}definition")}),
        order=int(next(iter(values("http://www.w3.org/ns/shacl#order")), _LAST)),
        broader=tuple(each for each in broader if iris.is_ours(each)),
        disjoint=values(f"{_OWL}disjointWith"),
        domains=values(f"{_RDFS}domain", "https://schema.org/domainIncludes"),
        ranges=values(f"{_RDFS}range"),
        inverses=values(f"{_OWL}inverseOf"),
        traits=tuple(each for each in values(f"{_RDF}type") if each != kind),
        alignments=tuple(
            Alignment(prop, other)
            for prop in _ALIGNED
            for other in values(prop)
            if not iris.is_ours(other)
        ),
        rule=next(iter(values(iris.ONTOLOGY + "#derivedBy")), None),
        examples=values("http://purl.org/vocab/vann/example"),
        notes=tuple(texts(f"{_SKOS}changeNote", f"{_SKOS}scopeNote", f"{_SKOS}editorialNote")),
        is_deprecated="true" in values(f"{_OWL}deprecated"),
        successors=values("http://purl.org/dc/terms/isReplacedBy"),
    )
