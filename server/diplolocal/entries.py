"""What a reference of the ontology says of each term: for a class a record that shows it, what the
shapes ask of it, and queries that use it; for a property where it is used, and one of its values.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from diplolocal import constraints, examples, terms
from diplolocal.constraints import NodeShape, PropertyShape
from diplolocal.examples import Example
from diplolocal.store import Store, Term, bind, load_query
from diplolocal.terms import Definition, Fact, Kind, Records

_QUERIES = 3
"""How many example queries a class has at most."""
_TEXT = 120
"""How many characters of a text a record shows."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What is asked of the values of a property, by one shape or several: how many there are (None:
    as many as one likes), and what each shape says.
    """

    property: str
    least: int
    most: int | None
    shapes: tuple[PropertyShape, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A record that shows the use of a term: its IRI, and what it says, in Turtle without prefixes;
    or the value that it has of a property.
    """

    thing: str
    turtle: str = ""
    value: Term | None = None


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """A class: what is below it and what is never it, how many things are of it, a record, what its
    shapes ask and the classes above that ask more, queries, and one that lists the things of it.
    """

    term: Definition
    narrower: tuple[str, ...]
    disjoint: tuple[str, ...]
    things: int
    sample: Sample | None
    shapes: tuple[NodeShape, ...]
    constraints: tuple[Constraint, ...]
    asked_above: tuple[str, ...]
    queries: tuple[Example, ...]
    listing: str


@dataclass(frozen=True, slots=True)
class PropertyEntry:
    """A property: what is below it, the classes whose shapes name it, and a value of it."""

    term: Definition
    narrower: tuple[str, ...]
    used_in: tuple[str, ...]
    sample: Sample | None


@dataclass(frozen=True, slots=True)
class Reference:
    """All the terms by IRI, and their entries by IRI."""

    terms: Mapping[str, Definition]
    classes: Mapping[str, ClassEntry]
    properties: Mapping[str, PropertyEntry]


def read(store: Store, shapes: Store, prefixes: Mapping[str, str]) -> Reference:
    """The reference of the ontology that is in the store."""
    known = terms.read(store)
    records = terms.records(store, (thing for each in known.values() for thing in each.examples))
    asked = constraints.read(shapes)
    naming = _naming(examples.read(store).values())
    listing = load_query("instances")
    things = terms.instances(store)
    classes = {}
    for term in known.values():
        if term.kind is not Kind.CLASS:
            continue
        own = constraints.of_class(asked, (term.iri,))
        classes[term.iri] = ClassEntry(
            term=term,
            narrower=terms.narrower(known, term.iri),
            disjoint=_disjoint(known, term),
            things=things.get(term.iri, 0),
            sample=_record(term, records, prefixes),
            shapes=own,
            constraints=by_property(own),
            asked_above=tuple(
                each
                for each in terms.above(known, term.iri)[1:]
                if constraints.of_class(asked, (each,))
            ),
            queries=_queries(known, term, naming),
            listing=_listing(listing, term),
        )
    properties = {
        term.iri: PropertyEntry(
            term,
            terms.narrower(known, term.iri),
            _used_in(asked, term.iri),
            _value(known, term, records),
        )
        for term in known.values()
        if term.kind is not Kind.CLASS
    }
    return Reference(known, classes, properties)


def _disjoint(known: Mapping[str, Definition], term: Definition) -> tuple[str, ...]:
    """The classes that nothing of this one is: said once, it holds both ways (OWL 2 §9.1.3)."""
    others = {each.iri for each in known.values() if term.iri in each.disjoint}
    return tuple(sorted(others | set(term.disjoint)))


def _record(term: Definition, records: Records, prefixes: Mapping[str, str]) -> Sample | None:
    thing = next((each for each in term.examples if each in records), None)
    if thing is None:
        return None
    by_hand = [fact for fact in records[thing] if not fact.is_derived]
    return Sample(thing, turtle(thing, by_hand, prefixes))


def turtle(thing: str, facts: Sequence[Fact], prefixes: Mapping[str, str]) -> str:
    """What a record says, in the order given, without the lines of prefixes; long texts are cut."""
    node = NamedNode(thing)
    triples = [Triple(node, NamedNode(fact.property), _cut(fact.value)) for fact in facts]
    written = (serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"").decode()
    lines = [line for line in written.splitlines() if not line.startswith("@prefix")]
    return "\n".join(lines).replace("\t", "    ").strip()


def _cut(value: Term) -> Term:
    if not isinstance(value, Literal) or len(value.value) <= _TEXT:
        return value
    text = value.value[:_TEXT].rsplit(" ", 1)[0] + " …"
    if value.language:
        return Literal(text, language=value.language)
    return Literal(text, datatype=value.datatype)


def by_property(shapes: Sequence[NodeShape]) -> tuple[Constraint, ...]:
    """What the shapes of one class ask, by property: all of it holds."""
    found: dict[str, Constraint] = {}
    for each in (each for shape in shapes for each in shape.properties):
        known = found.get(each.path, Constraint(each.path, 0, None, ()))
        most = [count for count in (known.most, _most(each)) if count is not None]
        found[each.path] = replace(
            known,
            least=max(known.least, each.min_count or 0),
            most=min(most, default=None),
            shapes=(*known.shapes, each),
        )
    return tuple(sorted(found.values(), key=lambda each: (each.least == 0, each.property)))


def _most(shape: PropertyShape) -> int | None:
    """How many values there may be: of a text that is said once in each language, as many as there
    are languages (SHACL §4.4.4, §4.4.5).
    """
    once_in_each = len(shape.languages) if shape.unique_lang and shape.languages else None
    counts = [count for count in (shape.max_count, once_in_each) if count is not None]
    return min(counts, default=None)


def _queries(
    known: Mapping[str, Definition], term: Definition, naming: Mapping[str, Sequence[Example]]
) -> tuple[Example, ...]:
    """The queries that name the class, those first that name no other, the shortest of them before
    longer ones; where none does, those that name a property of its own.
    """
    own = [each.name for each in known.values() if each.domains == (term.iri,)]
    found = {query.iri: query for name in own for query in naming.get(name, ())}
    chosen = naming.get(term.name) or tuple(found.values())

    def place(query: Example) -> tuple[int, int, str]:
        return len(set(re.findall(r"\bdl:[A-Z]\w+", query.text))), len(query.text), query.iri

    return tuple(sorted(chosen, key=place)[:_QUERIES])


def _naming(queries: Iterable[Example]) -> Mapping[str, Sequence[Example]]:
    """The queries by the names of the terms in their texts."""
    found: dict[str, list[Example]] = defaultdict(list)
    for query in queries:
        for name in sorted(set(re.findall(r"\bdl:(\w+)", query.text))):
            found[name].append(query)
    return found


def _listing(query: str, term: Definition) -> str:
    """The query for the things of a class, without the comment that is for us."""
    return bind(query, **{"class": NamedNode(term.iri)}).partition("\n")[2].strip()


def _used_in(shapes: Sequence[NodeShape], prop: str) -> tuple[str, ...]:
    """The classes whose shapes ask something of the property."""
    found = (
        shape.target_classes
        for shape in shapes
        if any(each.path == prop for each in shape.properties)
    )
    return tuple(sorted({name for classes in found for name in classes}))


def _value(known: Mapping[str, Definition], term: Definition, records: Records) -> Sample | None:
    """A value of the property: in a record chosen for it, else in one chosen for its domain, else
    in any.
    """
    chosen = [term, *(known[name] for name in term.domains if name in known)]
    things = [thing for each in chosen for thing in each.examples]
    for thing in (*things, *records):
        for fact in records.get(thing, ()):
            if fact.property == term.iri:
                return Sample(thing, value=_cut(fact.value))
    return None
