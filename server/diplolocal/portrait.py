"""What a page about a thing shows besides its own statements: what it is in a sentence, and the
sections that follow.

Which thing has which, in which order, stands in `portrait.ttl`; what the sections hold is found by
`queries/portrait-*.rq`, or, where it is what a list has of the thing, by the search.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from diplolocal import iris
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND
from diplolocal.store import Store, Term, bind, load_query, plain, select
from diplolocal.wording import Said, said

_DCTERMS = "http://purl.org/dc/terms/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SH = "http://www.w3.org/ns/shacl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_ANYTHING = _RDFS + "Resource"
WHOLES = (_SKOS + "inScheme", iris.ONTOLOGY + "#partOf")
"""By what a thing belongs to something that may have a portrait for all that does."""
_TARGETS = (_SH + "targetClass", *WHOLES)

_Graph = Mapping[str, Mapping[str, Sequence[Term]]]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: what it is called, what is to be known about it, and where what it holds is from.

    `collection` is the list that has it; `picture` that of which it is made; `of` the property by
    which actions point at it, and `of_class` its class where it is counted. `variable` is the
    filter by which actions are searched for that point at a member.
    """

    name: str
    title: Said
    about: Said | None
    collection: str | None
    picture: str | None
    of: str | None
    of_class: str | None
    variable: str | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is shown of things of some classes: a pattern for the sentence that says what one is,
    the filter by which it is searched for, the property by which actions point at it, and the
    sections.
    """

    sentence: Said
    variable: str | None
    by: str | None
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """What a section holds: with how many actions, when, or since when (EDTF), and what else is
    said of it there, as far as the section tells.
    """

    iri: str
    count: int | None = None
    date: Literal | None = None
    since: Literal | None = None
    notes: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a section holds of a thing: how much in all, and the first of it."""

    section: Section
    total: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a thing is described elsewhere: what the link says, how it was found and from what."""

    link: str
    property: str
    target: str
    method: str | None
    evidence: tuple[str, ...]


def portrait_of(classes: Iterable[str], wholes: Iterable[str] = ()) -> Portrait:
    """The portrait for a thing of these classes; that for what belongs to one of these `wholes`
    (the scheme of a concept, what a place is part of) goes first.
    """
    known = _portraits()
    wanted = (*wholes, *classes, _ANYTHING)
    return next(known[each] for each in wanted if each in known)


def section_of(portrait: Portrait, name: str) -> Section | None:
    """The section of that name, if it holds what a query finds."""
    found = (each for each in portrait.sections if each.name == name and _is_queried(each))
    return next(found, None)


def query(portrait: Portrait, section: Section, thing: str) -> str:
    """The query that finds what a section holds of a thing."""
    bound = {"thing": NamedNode(thing)}
    if section.of is None:
        return bind(load_query(f"portrait-{section.name}"), **bound)
    if section.of_class is None:
        return bind(load_query("portrait-actions"), **bound, by=NamedNode(section.of))
    assert portrait.by is not None
    bound |= {"by": NamedNode(portrait.by), "of": NamedNode(section.of)}
    return bind(load_query("portrait-around"), **bound, **{"class": NamedNode(section.of_class)})


def members(store: Store, text: str) -> tuple[Member, ...]:
    """What the query of a section finds, in its order."""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, text):
        for name, value in row.items():
            found[plain(row["item"])][name].append(value)
    return tuple(
        Member(
            iri=iri,
            count=int(plain(told["count"][0])) if told["count"] else None,
            date=_literal(told["date"]),
            since=_literal(told["since"]),
            notes=tuple(dict.fromkeys(told["note"])),
        )
        for iri, told in found.items()
    )


def held(
    store: Store, index: Index, portrait: Portrait, thing: str, *, most: int
) -> tuple[Held, ...]:
    """What the sections hold of a thing, the first of each; those that hold nothing left out, and
    those that are pictures.
    """
    found = []
    for section in portrait.sections:
        if section.collection is not None:
            kept = _listed(store, index, asked_of(portrait, thing, section.collection), most)
        elif _is_queried(section):
            each = members(store, query(portrait, section, thing))
            kept = len(each), each[:most]
        else:
            continue
        if kept[0]:
            found.append(Held(section, *kept))
    return tuple(found)


def asked_of(portrait: Portrait, thing: str, kind: str = "actions") -> Asked:
    """What is searched for where what a list has of a thing is wanted."""
    assert portrait.variable is not None
    return Asked(chosen={KIND: (kind,), portrait.variable: (thing,)})


def elsewhere(store: Store, thing: str) -> tuple[Elsewhere, ...]:
    """Where a thing is described elsewhere, as the links say."""
    found: dict[str, Elsewhere] = {}
    for row in select(store, bind(load_query("portrait-links"), thing=NamedNode(thing))):
        link = plain(row["link"])
        known = found[link].evidence if link in found else ()
        also = (plain(row["evidence"]),) if "evidence" in row else ()
        found[link] = Elsewhere(
            link=link,
            property=plain(row["property"]),
            target=plain(row["target"]),
            method=plain(row["method"]) if "method" in row else None,
            evidence=(*known, *also),
        )
    return tuple(found.values())


def _is_queried(section: Section) -> bool:
    return section.collection is None and section.picture is None


def _listed(store: Store, index: Index, asked: Asked, most: int) -> tuple[int, tuple[Member, ...]]:
    """How much of a list is found, and the first of it, with dates."""
    found = index.found(asked, count=most)
    nodes = [NamedNode(hit.iri) for hit in found.hits]
    dated = {
        each.iri: each for each in members(store, bind(load_query("portrait-dates"), item=nodes))
    }
    return found.total, tuple(dated.get(hit.iri, Member(hit.iri)) for hit in found.hits)


def _literal(terms: Sequence[Term]) -> Literal | None:
    return next((term for term in terms if isinstance(term, Literal)), None)


@cache
def _portraits() -> Mapping[str, Portrait]:
    """The portraits by class, or by what the things belong to."""
    written: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    text = (files("diplolocal") / "portrait.ttl").read_bytes()
    for quad in parse(text, format=RdfFormat.TURTLE):
        written[plain(quad.subject)][quad.predicate.value].append(quad.object)
    return {
        plain(kind): _portrait(about, written)
        for about in list(written.values())
        for prop in _TARGETS
        for kind in about.get(prop, ())
    }


def _portrait(about: Mapping[str, Sequence[Term]], graph: _Graph) -> Portrait:
    [first] = about[_DCTERMS + "hasPart"]
    return Portrait(
        sentence=_texts(about[_SH + "labelTemplate"]),
        variable=_one(about, _HYDRA + "variable"),
        by=_one(about, _SH + "path"),
        sections=tuple(_section(iri, graph[iri]) for iri in _sequence(first, graph)),
    )


def _section(iri: str, about: Mapping[str, Sequence[Term]]) -> Section:
    collection, picture = _one(about, _HYDRA + "collection"), _one(about, _FOAF + "depiction")
    comment = about.get(_RDFS + "comment")
    return Section(
        name=iri.partition("#")[2],
        title=_texts(about[_RDFS + "label"]),
        about=_texts(comment) if comment else None,
        collection=iris.key_of(collection) if collection else None,
        picture=iris.key_of(picture) if picture else None,
        of=_one(about, _SH + "path"),
        of_class=_one(about, _SH + "class"),
        variable=_one(about, _HYDRA + "variable"),
    )


def _sequence(node: Term, graph: _Graph) -> list[str]:
    """The members of an RDF list (RDF Schema §5.2)."""
    found = []
    while plain(node) in graph:
        about = graph[plain(node)]
        found.append(plain(about[_RDF + "first"][0]))
        [node] = about[_RDF + "rest"]
    return found


def _one(about: Mapping[str, Sequence[Term]], prop: str) -> str | None:
    return plain(about[prop][0]) if prop in about else None


def _texts(terms: Iterable[Term]) -> Said:
    return said({term.language or "": term.value for term in terms if isinstance(term, Literal)})
