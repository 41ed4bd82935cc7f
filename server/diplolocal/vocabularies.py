"""The concepts of a vocabulary: what each is called and means, which are below which, and how many
things use it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from diplolocal.store import Store, Term, bind, load_query, plain, select
from diplolocal.wording import Said, said

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_MATCHES = tuple(
    f"{_SKOS}{nearness}Match" for nearness in ("exact", "close", "broad", "narrow", "related")
)


@dataclass(frozen=True, slots=True)
class Match:
    """How a concept relates to one of somebody else: the property that says how, and theirs."""

    property: str
    other: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme; `things` is how many use it, `narrower` the concepts below it."""

    iri: str
    label: Said
    meaning: Said
    example: Said
    scope: Said
    notation: str
    matches: tuple[Match, ...]
    is_deprecated: bool
    things: int
    narrower: tuple["Concept", ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The concepts of a scheme as a tree, how many there are in all, and the properties by which
    things use them.
    """

    tops: tuple[Concept, ...]
    count: int
    properties: tuple[str, ...]


def read(store: Store, scheme: str) -> Vocabulary:
    """The concepts of a scheme; in each branch by notation."""
    node = NamedNode(scheme)
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, bind(load_query("concepts"), scheme=node)):
        about[plain(row["concept"])][plain(row["property"])].append(row["value"])
    uses: Counter[str] = Counter()
    properties = set()
    for row in select(store, bind(load_query("uses-of-concepts"), scheme=node)):
        uses[plain(row["concept"])] += int(plain(row["things"]))
        properties.add(plain(row["property"]))
    below: dict[str, set[str]] = defaultdict(set)
    for concept, said_of_it in about.items():
        for broader in map(plain, said_of_it.get(f"{_SKOS}broader", ())):
            if broader in about:
                below[broader].add(concept)

    def tree(concepts: set[str]) -> tuple[Concept, ...]:
        made = (_concept(each, about[each], uses[each], tree(below[each])) for each in concepts)
        return tuple(sorted(made, key=lambda each: (each.notation, each.iri)))

    hanging = {concept for narrower in below.values() for concept in narrower}
    return Vocabulary(tree(about.keys() - hanging), len(about), tuple(sorted(properties)))


def _concept(
    iri: str, about: Mapping[str, list[Term]], things: int, narrower: tuple[Concept, ...]
) -> Concept:
    def texts(name: str) -> Said:
        terms = (term for term in about.get(_SKOS + name, ()) if isinstance(term, Literal))
        return said({term.language or "": term.value for term in terms})

    return Concept(
        iri=iri,
        label=texts("prefLabel"),
        meaning=texts("definition"),
        example=texts("example"),
        scope=texts("scopeNote"),
        notation=min(map(plain, about.get(f"{_SKOS}notation", ())), default=""),
        matches=tuple(
            Match(prop, other)
            for prop in _MATCHES
            for other in sorted(map(plain, about.get(prop, ())))
        ),
        is_deprecated=any(plain(value) == "true" for value in about.get(_DEPRECATED, ())),
        things=things,
        narrower=narrower,
    )
