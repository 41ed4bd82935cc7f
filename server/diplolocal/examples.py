"""Example queries: read from the graph, where they are RDF like all else, and asked with values of
a reader's own (`data/queries/*.ttl`).

The layout is that of the SIB's examples: `sh:SPARQLExecutable` with the whole text, and beside it
parameters, each for one `VALUES` block of the text.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from pyoxigraph import Literal, NamedNode, Triple

from diplolocal import iris
from diplolocal.not_found import ExampleNotFound
from diplolocal.parameters import Parameter
from diplolocal.store import Store, Term, bind, construct, load_query, plain
from diplolocal.wording import LANGUAGES, Language, Said, said

_SH = "http://www.w3.org/ns/shacl#"
_SCHEMA = "https://schema.org/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"

_About = Mapping[str, Sequence[Term]]
"""What is said of a thing, by property."""


class Kind(StrEnum):
    """What a query gives; the value is the property that holds its text."""

    TABLE = "select"
    TRUTH = "ask"
    GRAPH = "construct"


@dataclass(frozen=True, slots=True)
class Example:
    """A query that somebody may begin with: what it is called and answers, the groups it is in, its
    text and parameters.
    """

    iri: str
    kind: Kind
    title: Said
    explanation: Said
    keywords: Mapping[Language, tuple[str, ...]]
    text: str
    parameters: tuple[Parameter, ...]

    @property
    def slug(self) -> str:
        """The name of the example in its address."""
        return iris.key_of(self.iri)


@dataclass(frozen=True, slots=True)
class Group:
    """The examples of one kind of question, and what that is called."""

    keyword: Said
    examples: tuple[Example, ...]


def triples(store: Store, iri: str | None = None) -> list[Triple]:
    """All the examples as a graph, or the one with its parameters."""
    found = construct(store, load_query("examples"))
    if iri is None:
        return found
    return [triple for triple in found if plain(triple.subject).partition("#")[0] == iri]


def read(store: Store) -> Mapping[str, Example]:
    """The examples by slug, in the order of their English titles."""
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples(store):
        about[plain(triple.subject)][triple.predicate.value].append(triple.object)
    found = [_example(iri, about) for iri, said_of_it in about.items() if _kinds(said_of_it)]
    found.sort(key=lambda each: (each.title[Language.EN].casefold(), each.iri))
    return {example.slug: example for example in found}


def find(examples: Mapping[str, Example], slug: str) -> Example:
    """The example of that name. Raises ExampleNotFound, which names those that are alike."""
    if slug not in examples:
        raise ExampleNotFound(slug, get_close_matches(slug, examples, n=3, cutoff=0.6))
    return examples[slug]


def groups(examples: Iterable[Example]) -> list[Group]:
    """The examples by keyword, sorted by the English one; an example may be in several.

    Keywords in two languages are the same one where they stand at the same examples: nothing in RDF
    ties one literal to another.
    """
    members: dict[Language, dict[str, list[Example]]] = {}
    for language in LANGUAGES:
        members[language] = defaultdict(list)
        for example in examples:
            for keyword in example.keywords[language]:
                members[language][keyword].append(example)
    spanish = sorted(members[Language.ES].items())
    found = []
    for keyword, some in sorted(members[Language.EN].items()):
        same = next((pair for pair in spanish if pair[1] == some), None)
        if same:
            spanish.remove(same)
        both = {"en": keyword} | ({"es": same[0]} if same else {})
        found.append(Group(said(both), tuple(some)))
    return found


def once(groups: Sequence[Group]) -> list[Group]:
    """The groups with each example in only one: the largest first, then what the others add."""
    left = {example.iri for group in groups for example in group.examples}
    found = []
    while left:
        thinned = [_only(group, left) for group in groups]
        largest = max(thinned, key=lambda group: len(group.examples))
        left -= {example.iri for example in largest.examples}
        found.append(largest)
    return found


def bound(example: Example, values: Mapping[str, NamedNode | Literal]) -> str:
    """The text of the query, asked of these values."""
    return bind(example.text, **values) if values else example.text


def _only(group: Group, iris: Container[str]) -> Group:
    return Group(group.keyword, tuple(each for each in group.examples if each.iri in iris))


def _kinds(about: _About) -> list[Kind]:
    return [kind for kind in Kind if _SH + kind in about]


def _example(iri: str, graph: Mapping[str, _About]) -> Example:
    about = graph[iri]
    [kind] = _kinds(about)
    text = plain(about[_SH + kind][0])
    parameters = [_parameter(plain(term), graph) for term in about.get(f"{_SH}parameter", ())]
    # In the order of the text, but the language of the labels last: it matters least.
    parameters.sort(key=lambda each: (each.name == "language", text.find(f"?{each.name}")))
    return Example(
        iri=iri,
        kind=kind,
        title=_texts(about, f"{_RDFS}label"),
        explanation=_texts(about, f"{_RDFS}comment"),
        keywords=_keywords(about),
        text=text,
        parameters=tuple(parameters),
    )


def _parameter(iri: str, graph: Mapping[str, _About]) -> Parameter:
    about = graph[iri]
    default = about[f"{_SCHEMA}defaultValue"][0]
    assert isinstance(default, NamedNode | Literal)

    def one(prop: str) -> str | None:
        return plain(about[prop][0]) if prop in about else None

    return Parameter(
        iri=iri,
        name=plain(about[f"{_SCHEMA}valueName"][0]),
        label=_texts(about, f"{_RDFS}label"),
        default=default,
        of_class=one(f"{_SH}class"),
        datatype=one(f"{_SH}datatype"),
        pattern=one(f"{_SH}pattern"),
    )


def _texts(about: _About, prop: str) -> Said:
    terms = [term for term in about.get(prop, ()) if isinstance(term, Literal)]
    return said({term.language or "": term.value for term in terms})


def _keywords(about: _About) -> Mapping[Language, tuple[str, ...]]:
    terms = [term for term in about.get(f"{_SCHEMA}keywords", ()) if isinstance(term, Literal)]
    return {
        language: tuple(sorted(term.value for term in terms if term.language == language))
        for language in LANGUAGES
    }
