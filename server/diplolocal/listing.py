"""The lists of the site: every kind of thing, as far as some filters let it through, in a fixed
order.

What a list is called and has as columns stands in `listing.ttl`; what it lists, and its filters, in
`queries/list-<name>.rq`. There each filter is a block between two comments, kept only where it is
asked for: so what a list stands for is always one query, which anybody may ask.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import iris, parameters
from diplolocal.formats import TSV
from diplolocal.parameters import Parameter
from diplolocal.resources import Names
from diplolocal.store import Query, Store, Term, Wanted, bind, construct, load_query, plain, select
from diplolocal.wording import Said, said

Values = Mapping[str, Sequence[NamedNode | Literal]]
"""What is asked of a list: the values of each filter, of which any will do."""

Facts = Mapping[str, Sequence[Term]]
"""What is said of a member, by property."""

_CSVW = "http://www.w3.org/ns/csvw#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "https://schema.org/"
_SH = "http://www.w3.org/ns/shacl#"
_TYPE = _RDF + "type"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"

_BLOCK = re.compile(r"^ *# filter: (?P<name>\w+)\n(?P<body>.*?)^ *# end\n", re.M | re.S)
_PREFIX = re.compile(r"^PREFIX (?P<prefix>[\w-]+): <.*>\n", re.M)
_LETTERS = {
    "a": "áàâäãåāăą",
    "c": "çćč",
    "e": "éèêëēęě",
    "i": "íìîïī",
    "l": "ł",
    "n": "ñńň",
    "o": "óòôöõōø",
    "s": "śšșş",
    "u": "úùûüūů",
    "z": "źžż",
}
"""What is written with an accent, and what is searched for instead: as the queries do."""
_PLAIN = str.maketrans({each: plainly for plainly, some in _LETTERS.items() for each in some})
_OF_A_TOMBSTONE = (
    "http://purl.org/dc/terms/isReplacedBy",
    "http://www.w3.org/2004/02/skos/core#changeNote",
)
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_AT_ONCE = 1_000
"""Of how many members the facts are asked for in one query."""

_Graph = Mapping[str, Mapping[str, Sequence[Term]]]


@dataclass(frozen=True, slots=True)
class Column:
    """What a list says of each member: the values of a property, or the `things` that it points to;
    `name` heads it in a table.
    """

    property: str
    name: str
    things: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: what it is called, the class of what it lists, the query with all its filters, those
    filters, and what it says of each member.
    """

    name: str
    title: Said
    description: Said
    of_class: str
    text: str
    filters: tuple[Parameter, ...]
    columns: tuple[Column, ...]


@cache
def _written() -> _Graph:
    """What is written of the lists."""
    written: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse((files("diplolocal") / "listing.ttl").read_bytes(), format=RdfFormat.TURTLE):
        written[str(quad.subject)][quad.predicate.value].append(quad.object)
    return {
        subject.removeprefix("<").removesuffix(">"): said_of for subject, said_of in written.items()
    }


@cache
def filters() -> Mapping[str, Parameter]:
    """The filters of lists and of the search, by name, in the order in which they are written."""
    specified = [iri for iri, said_of in _written().items() if _SCHEMA + "valueName" in said_of]
    return {each.name: each for each in (_filter(iri, _written()[iri]) for iri in specified)}


@cache
def listings() -> Mapping[str, Listing]:
    """The lists by name."""
    found = [
        _listing(iri, _written(), filters())
        for iri, said_of in _written().items()
        if _CSVW + "column" in said_of
    ]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def query(listing: Listing, values: Values) -> str:
    """The query that the list stands for: the things that it lists, in its order."""

    def kept(block: re.Match[str]) -> str:
        return block["body"] if block["name"] in values else ""

    text = _BLOCK.sub(kept, listing.text)
    bound = bind(text, **values) if values else text
    return _PREFIX.sub(lambda line: line[0] if _uses(bound, line["prefix"]) else "", bound)


def members(store: Store, text: str) -> tuple[str, ...]:
    """The IRIs of the things that the query of a list finds."""
    answer = store.answer(Query(text), Wanted(results=TSV.media_type, graph=None))
    _, *lines = answer.body.rstrip(b"\n").split(b"\n")
    return tuple(line.partition(b"\t")[0][1:-1].decode() for line in lines)


def facts_of(store: Store, listing: Listing, things: Sequence[str]) -> Mapping[str, Facts]:
    """What the list says of some of its members: label, classes and columns; of what was withdrawn
    or merged why, and what is there instead.
    """
    columns = (each.property for each in listing.columns)
    return _facts(store, things, {LABEL, _TYPE, *_OF_A_TOMBSTONE, *columns})


def triples(facts: Mapping[str, Facts]) -> list[Triple]:
    """What is said of some members, as a graph."""
    return [
        Triple(NamedNode(thing), NamedNode(prop), value)
        for thing, said_of in facts.items()
        for prop, values in said_of.items()
        for value in values
    ]


def labels(store: Store, things: Iterable[str]) -> list[Triple]:
    """What some things are called, as a graph."""
    nodes = [NamedNode(thing) for thing in sorted(set(things))]
    return [
        Triple(NamedNode(plain(row["resource"])), NamedNode(LABEL), row["label"])
        for row in select(store, bind(load_query("labels"), resource=nodes))
        if plain(row["place"]) == "1"
    ]


def choices(store: Store, parameter: Parameter) -> frozenset[str]:
    """The things that may be chosen for a filter; none where its value is a literal."""
    if parameter.of_class is None:
        return frozenset()
    bound = {"class": NamedNode(parameter.of_class), "default": parameter.default}
    rows = select(store, bind(load_query("list-choices"), **bound))
    return frozenset(plain(row["thing"]) for row in rows)


def value(
    parameter: Parameter,
    given: str,
    prefixes: Mapping[str, str],
    *,
    things: frozenset[str],
    names: Callable[[], Names],
) -> NamedNode | Literal:
    """The term that is meant: one of the `things` that may be chosen, by its IRI, prefixed name or
    key, or else by what it is called, as `names` tells when asked; or a literal by its text. Raises
    BadRequest where nothing is meant, or more than one thing.
    """
    if parameter.of_class is None:
        found = parameters.value(parameter, given, {}, prefixes)
        return Literal(folded(given)) if parameter.datatype == _STRING else found
    meant = {iris.expand(given, prefixes)} & things or {
        thing for thing in things if iris.key_of(thing).rpartition("#")[2] == given
    }
    if len(meant) == 1:
        return NamedNode(meant.pop())
    return parameters.value(parameter, given, names(), prefixes)


def folded(text: str) -> str:
    """The text as it is searched for: in lower case, without accents."""
    return " ".join(text.lower().translate(_PLAIN).split())


def _facts(store: Store, things: Sequence[str], properties: Container[str]) -> Mapping[str, Facts]:
    """What is said of some things with these properties, asked for in portions."""
    found: dict[str, dict[str, list[Term]]] = {thing: defaultdict(list) for thing in things}
    for first in range(0, len(things), _AT_ONCE):
        portion = [NamedNode(thing) for thing in things[first : first + _AT_ONCE]]
        for triple in construct(store, bind(load_query("list-members"), thing=portion)):
            if (prop := triple.predicate.value) in properties:
                found[plain(triple.subject)][prop].append(triple.object)
    return {
        thing: {prop: sorted(set(values), key=str) for prop, values in facts.items()}
        for thing, facts in found.items()
    }


def _uses(text: str, prefix: str) -> bool:
    """Whether a query uses a prefix outside of its declaration."""
    return re.search(rf"(?<![\w-]){prefix}:(?! <)", text) is not None


def _filter(iri: str, about: Mapping[str, Sequence[Term]]) -> Parameter:
    [default] = about[_SCHEMA + "defaultValue"]
    assert isinstance(default, NamedNode | Literal)

    def one(prop: str) -> str | None:
        return plain(about[prop][0]) if prop in about else None

    return Parameter(
        iri=iri,
        name=plain(about[_SCHEMA + "valueName"][0]),
        label=_texts(about[_RDFS + "label"]),
        default=default,
        of_class=one(_SH + "class"),
        datatype=one(_SH + "datatype"),
        pattern=None,
    )


def _listing(iri: str, graph: _Graph, filters: Mapping[str, Parameter]) -> Listing:
    about, name = graph[iri], iris.key_of(iri)
    text = load_query(f"list-{name}")
    [columns] = about[_CSVW + "column"]
    return Listing(
        name=name,
        title=_texts(about[_RDFS + "label"]),
        description=_texts(about[_RDFS + "comment"]),
        of_class=plain(about[_SH + "targetClass"][0]),
        text=text,
        filters=tuple(filters[block["name"]] for block in _BLOCK.finditer(text)),
        columns=tuple(_column(prop, graph) for prop in _sequence(columns, graph)),
    )


def _column(prop: str, graph: _Graph) -> Column:
    name = iris.key_of(prop).rpartition("#")[2]
    return Column(prop, name, things=_CSVW + "datatype" not in graph.get(prop, {}))


def _sequence(node: Term, graph: _Graph) -> list[str]:
    """The members of an RDF list (RDF Schema §5.2)."""
    found = []
    while str(node) in graph:
        found.append(plain(graph[str(node)][_RDF + "first"][0]))
        [node] = graph[str(node)][_RDF + "rest"]
    return found


def _texts(terms: Iterable[Term]) -> Said:
    literals = [term for term in terms if isinstance(term, Literal)]
    return said({term.language or "": term.value for term in literals})
