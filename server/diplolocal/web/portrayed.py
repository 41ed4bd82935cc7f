"""What pages about things and concepts show besides their own statements, with the addresses that
lead to all of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from diplolocal import history, iris, neighbours, portrait, resources, sentences
from diplolocal.neighbours import Surroundings
from diplolocal.portrait import Elsewhere, Held, Portrait, Section
from diplolocal.resources import Mention, Names, ResourceDescription
from diplolocal.search import Asked
from diplolocal.search_index import KIND
from diplolocal.sentences import Piece
from diplolocal.store import Term, plain
from diplolocal.web import mementos, searched
from diplolocal.web.responses import Visit

RELATED = "/related"
"""Where all of a section is, and all that points at a thing by a property."""
OF, BY = "of", "by"
_PICTURES = "/pictures"
_ACTIONS = "actions"

MOST = 10
"""How much of a section a page shows."""
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as it is shown: what it holds, where all of it is, and where the actions are that
    it counts of each of its members.
    """

    held: Held
    rest: str
    counted: Mapping[str, str]

    @property
    def section(self) -> Section:
        """What it is called."""
        return self.held.section


@dataclass(frozen=True, slots=True)
class Depicted:
    """A picture of what a thing does: where it is with its numbers, and where it is itself, for
    light and for dark pages.
    """

    section: Section
    page: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A graph that says something of a thing, in so many statements."""

    graph: str
    statements: int


@dataclass(frozen=True, slots=True)
class Portrayed:
    """What a page shows: what the thing is in a sentence, how many actions there are in all and
    where (None where a section says so), its surroundings, pictures, the sections, where it is
    described elsewhere, which graphs say what, and what all these are called.
    """

    sentence: tuple[Piece, ...]
    actions: tuple[int, str] | None
    surroundings: Surroundings | None
    pictures: tuple[Depicted, ...]
    sections: tuple[Shown, ...]
    elsewhere: tuple[Elsewhere, ...]
    sayings: tuple[Saying, ...]
    names: Names


def portrayed(visit: Visit, description: ResourceDescription) -> Portrayed:
    """What the page about a thing shows today."""
    store, of = visit.parts.store, portrait_of(description)
    held = portrait.held(store, visit.parts.search, of, description.iri, most=MOST)
    groups = neighbours.groups(description, held)
    elsewhere = portrait.elsewhere(store, description.iri)
    shown = {member.iri for each in held for member in each.members}
    shown |= {plain(note) for each in held for member in each.members for note in member.notes}
    shown |= {near.iri for group in groups for near in group.shown}
    shown |= {each for link in elsewhere for each in (link.property, link.method) if each}
    names = {**resources.names_of(store, filter(_is_named, shown)), **description.names}
    name = names.get(description.iri, {}).get(visit.content, "")
    return Portrayed(
        sentence=sentence_of(visit, description),
        actions=_in_all(visit, of, description.iri),
        surroundings=neighbours.picture(name, groups),
        pictures=tuple(_depicted(visit, of, description.iri)),
        sections=tuple(
            Shown(
                each,
                _rest(visit, of, description.iri, each.section),
                counted(visit, of, description.iri, each),
            )
            for each in held
        ),
        elsewhere=elsewhere,
        sayings=_sayings(description),
        names=names,
    )


def sentence_of(visit: Visit, description: ResourceDescription) -> tuple[Piece, ...]:
    """What the thing is in a sentence."""

    def values(name: str) -> Sequence[Term]:
        prop = iris.expand(name, visit.parts.prefixes)
        found = description.values(prop)
        written = [each for each in found if prop != _TYPE or plain(each) in description.types]
        return [
            each for each in written if getattr(each, "language", None) in (None, visit.content)
        ]

    pattern = portrait_of(description).sentence[visit.language]
    return sentences.sentence(pattern, description.iri, values)


def portrait_of(description: ResourceDescription) -> Portrait:
    """What is shown of a thing."""
    wholes = (plain(each) for prop in portrait.WHOLES for each in description.values(prop))
    return portrait.portrait_of(description.types, wholes)


def related(visit: Visit, thing: str, by: str) -> str:
    """The address of all of a section, or of all that points at a thing by a property."""
    prefixes = visit.parts.prefixes
    return visit.to(RELATED, {OF: iris.shorten(thing, prefixes), BY: iris.shorten(by, prefixes)})


def mentions_of(visit: Visit, description: ResourceDescription) -> list[tuple[Mention, str]]:
    """What points at a thing, by property, each with the address of all of it."""
    return [(each, related(visit, description.iri, each.property)) for each in description.mentions]


def timemap_of(visit: Visit, iri: str) -> str | None:
    """Where all versions of the document about a thing are listed; None where none is kept."""
    known = visit.parts.history
    if known is None or not history.versions(known, iri):
        return None
    return visit.base + mementos.TIMEMAP + iris.uri_of(iris.path_of(iris.document_of(iri)))


def _in_all(visit: Visit, of: Portrait, thing: str) -> tuple[int, str] | None:
    """How many actions there are, and where, if several sections have some of them each."""
    if of.variable is None or any(each.collection == _ACTIONS for each in of.sections):
        return None
    asked = portrait.asked_of(of, thing)
    total = visit.parts.search.found(asked, count=0).total
    return (total, visit.to(searched.PATH, searched.query_of(visit, asked))) if total else None


def _depicted(visit: Visit, of: Portrait, thing: str) -> Iterator[Depicted]:
    """The pictures in order, where there are actions to be seen."""
    depicted = [each for each in of.sections if each.picture]
    if not depicted or not visit.parts.search.found(portrait.asked_of(of, thing), count=0).total:
        return
    assert of.variable is not None
    query = searched.query_of(visit, Asked(chosen={of.variable: (thing,)}))
    encoded = urlencode({**query, "lang": visit.content}, doseq=True, safe=":/")
    for section in depicted:
        path = f"{_PICTURES}/{section.picture}"
        file = f"{visit.base}{path}.{{}}?{encoded}"
        light, dark = (file.format(suffix) for suffix in ("plain.svg", "plain-dark.svg"))
        yield Depicted(section, visit.to(path, query), light, dark)


def _rest(visit: Visit, of: Portrait, thing: str, section: Section) -> str:
    if section.collection is None:
        return related(visit, thing, section.name)
    asked = portrait.asked_of(of, thing, section.collection)
    return visit.to(searched.PATH, searched.query_of(visit, asked))


def counted(visit: Visit, of: Portrait, thing: str, held: Held) -> Mapping[str, str]:
    """Where the actions are that a section counts: of each of its members."""
    section = held.section
    if section.variable is None:
        return {}
    actions = Asked(chosen={KIND: (_ACTIONS,)})
    if section.of_class is not None:
        actions = portrait.asked_of(of, thing)
    return {
        member.iri: visit.to(
            searched.PATH,
            searched.query_of(
                visit,
                replace(actions, chosen={**actions.chosen, section.variable: (member.iri,)}),
            ),
        )
        for member in held.members
    }


def _sayings(description: ResourceDescription) -> tuple[Saying, ...]:
    """Which graphs say something of the thing itself, those that say most first; what was derived
    is nobody's saying.
    """
    counts = Counter(
        graph
        for statement in description.statements
        for graph in statement.graphs
        if graph != iris.DERIVED
    )
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Saying(graph, count) for graph, count in ordered)


def _is_named(name: str) -> bool:
    """Whether this is the IRI of something that may have a name, and no text."""
    return name.startswith(("http://", "https://"))
