"""A month as a newsletter: the editors' remark, what they single out, the eight regions with their
actions, and the month in figures; all of it in one language, as the graph has it.

Pages, PDF, e-mail and feeds are written from this, and say the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from diplolocal import iris
from diplolocal.bulletin_figures import Figures, Issue, figures, issues
from diplolocal.not_found import ResourceNotFound
from diplolocal.resources import absent, labels_of, primary_of
from diplolocal.store import Store, Term, bind, construct, load_query, plain, select
from diplolocal.wording import Language

_DL = iris.ONTOLOGY + "#"
_DCTERMS = "http://purl.org/dc/terms/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PAGE = "http://xmlns.com/foaf/0.1/page"
_OCCURRED = iris.NAMESPACE + "vocab/status/occurred"

_Facts = Mapping[str, Sequence[Term]]
"""What is said of a thing, by property."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text, and its language where that is not the one that was asked for."""

    text: str
    tongue: str | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Named:
    """A thing and what it is called."""

    iri: str
    name: Told

    def __str__(self) -> str:
        return self.name.text


class Side(StrEnum):
    """On which side somebody takes part: of the Mexican local actors, of their counterparts, or of
    neither, as a chamber does.
    """

    MEXICAN = "mexican"
    COUNTERPART = "counterpart"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part in an action, in which role; `actor` is None where the source does not name
    it, and `called` says what it does say. `people` act for it, in the `post` that they have.
    """

    side: Side
    actor: Named | None
    called: Told
    role: Named | None
    people: tuple[Named, ...]
    post: Told | None


@dataclass(frozen=True, slots=True)
class Action:
    """An action as the newsletter tells it; `date` is in EDTF, `status` None where it simply
    occurred, and `concluded` what was concluded and not read.
    """

    iri: str
    title: Told
    description: Told | None
    date: str
    region: str | None
    types: tuple[Named, ...]
    themes: tuple[Named, ...]
    status: Named | None
    participants: tuple[Participant, ...]
    instruments: tuple[Named, ...]
    places: tuple[Named, ...]
    concluded: Told | None
    is_highlight: bool

    def of(self, side: Side) -> tuple[Participant, ...]:
        """Those of a side."""
        return tuple(each for each in self.participants if each.side == side)


@dataclass(frozen=True, slots=True)
class Section:
    """A region with the actions that the month has of it, perhaps none; `region` is None for the
    actions that are of no region.
    """

    region: Named | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A month as a newsletter. `authors` and `citation` are those of the work that this is a record
    of, in the order in which it names them; `page` is where that work is, `note` how it was read.
    """

    iri: str
    month: str
    language: Language
    title: Told
    remark: Told | None
    note: Told | None
    authors: tuple[Named, ...]
    compilers: tuple[Named, ...]
    citation: Told | None
    page: str | None
    sections: tuple[Section, ...]
    figures: Figures
    names: Mapping[str, str]

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in the order of the sections."""
        return tuple(action for section in self.sections for action in section.actions)

    @property
    def highlights(self) -> tuple[Action, ...]:
        """The actions that the editors single out in their introduction."""
        return tuple(action for action in self.actions if action.is_highlight)


def read(store: Store, month: str, language: Language) -> Bulletin:
    """The bulletin of a month (`2021-09`). Raises ResourceNotFound for what is no month,
    NotInGraphYet for a month whose bulletin is not there.
    """
    iri = iris.thing(f"bulletin/{month}")
    if iris.month_of(iri) is None:
        raise ResourceNotFound(month)
    facts = _facts(store, iri)
    if iri not in facts:
        raise absent(store, iri)
    known = issues(store, language)
    [issue] = [each for each in known if each.iri == iri]
    regions = [plain(row["region"]) for row in select(store, load_query("bulletin-regions"))]
    counted = figures(store, issue, known, regions)
    reader = _Reader(store, language, facts, (regions, counted))
    return reader.bulletin(issue, counted, regions)


def months(store: Store, language: Language) -> tuple[Issue, ...]:
    """The bulletins that are in the graph, newest first."""
    return issues(store, language)[::-1]


def _facts(store: Store, iri: str) -> Mapping[str, _Facts]:
    """What is said of the bulletin, its actions, and those who take part, by thing."""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in construct(store, bind(load_query("bulletin"), bulletin=NamedNode(iri))):
        found[plain(triple.subject)][triple.predicate.value].append(triple.object)
    return {
        thing: {prop: sorted(set(values), key=str) for prop, values in said.items()}
        for thing, said in found.items()
    }


class _Reader:
    """Reads the facts of a bulletin in one language."""

    def __init__(
        self,
        store: Store,
        language: Language,
        facts: Mapping[str, _Facts],
        counted: tuple[Sequence[str], Figures],
    ) -> None:
        regions, found = counted
        self._language = language
        self._facts = facts
        shown = {
            value.value
            for said in facts.values()
            for values in said.values()
            for value in values
            if isinstance(value, NamedNode)
        }
        shown.update(regions, facts, *found.counts.values())
        self._labels = labels_of(store, shown, language)
        rows = select(store, load_query("bulletin-mexican-classes"))
        self._mexican = frozenset(plain(row["class"]) for row in rows)

    def bulletin(self, issue: Issue, counted: Figures, regions: Sequence[str]) -> Bulletin:
        """All of it."""
        said, iri = self._facts[issue.iri], issue.iri
        reported = NamedNode(iri)
        actions = [
            self._action(thing, facts, iri)
            for thing, facts in sorted(self._facts.items(), key=lambda one: iris.place(one[0]))
            if reported in facts.get(_DL + "reportedIn", ())
        ]
        citation = self._text(said, _DCTERMS + "bibliographicCitation")
        return Bulletin(
            iri=iri,
            month=issue.month,
            language=self._language,
            title=self._name(iri).name,
            remark=self._text(said, _DL + "editorialRemark"),
            note=self._text(said, _SKOS + "note"),
            authors=_as_cited(self._things(said, _DCTERMS + "creator"), citation),
            compilers=(
                *self._things(said, _DL + "compiledBy"),
                *self._things(said, _DCTERMS + "publisher"),
            ),
            citation=citation,
            page=next((plain(page) for page in said.get(_PAGE, ())), None),
            sections=tuple(self._sections(actions, regions)),
            figures=counted,
            names={
                thing: str(self._name(thing)) for some in counted.counts.values() for thing in some
            },
        )

    def _sections(self, actions: Iterable[Action], regions: Sequence[str]) -> Iterable[Section]:
        by_region: dict[str | None, list[Action]] = {region: [] for region in (*regions, None)}
        for action in actions:
            by_region[action.region if action.region in by_region else None].append(action)
        for region, some in by_region.items():
            if region is not None or some:
                yield Section(self._name(region) if region else None, tuple(some))

    def _action(self, iri: str, said: _Facts, bulletin: str) -> Action:
        status = next(iter(said.get(_DL + "status", ())), None)
        occurred = status is None or plain(status) == _OCCURRED
        parts = [*said.get(_DL + "hasParticipation", ()), *said.get(_DL + "unnamedActor", ())]
        return Action(
            iri=iri,
            title=self._name(iri).name,
            description=self._text(said, _DCTERMS + "description"),
            date=next((plain(date) for date in said.get(_DL + "date", ())), bulletin[-7:]),
            region=next((plain(region) for region in said.get(_DL + "region", ())), None),
            types=self._things(said, _DL + "actionType"),
            themes=self._things(said, _DL + "theme"),
            status=None if occurred or status is None else self._name(plain(status)),
            participants=tuple(
                self._participant(plain(part), said)
                for part in sorted(parts, key=lambda part: iris.place(plain(part)))
            ),
            instruments=self._things(said, _DL + "underInstrument"),
            places=self._things(said, _DL + "takesPlaceIn"),
            concluded=self._text(said, _SKOS + "editorialNote"),
            is_highlight=NamedNode(bulletin) in said.get(_DL + "isHighlightOf", ()),
        )

    def _participant(self, part: str, action: _Facts) -> Participant:
        said = self._facts.get(part, {})
        actor = next(iter(said.get(_DL + "actor", ())), None)
        named = self._name(plain(actor)) if actor else None
        role = next(iter(said.get(_DL + "role", ())), None)
        return Participant(
            side=self._side(actor, said, action),
            actor=named,
            called=named.name if named else self._name(part).name,
            role=self._name(plain(role)) if role else None,
            people=self._things(said, _DL + "representedBy"),
            post=self._text(said, _DL + "inCapacityOf"),
        )

    def _side(self, actor: Term | None, said: _Facts, action: _Facts) -> Side:
        """Whose side it is: as the rules derive it of those that are named."""
        classes = [plain(each) for each in said.get(_DL + "actorClass", ())]
        if actor in action.get(_DL + "mexicanActor", ()) or self._mexican.intersection(classes):
            return Side.MEXICAN
        if actor in action.get(_DL + "counterpart", ()) or classes:
            return Side.COUNTERPART
        return Side.OTHER

    def _things(self, said: _Facts, prop: str) -> tuple[Named, ...]:
        named = [self._name(plain(value)) for value in said.get(prop, ())]
        return tuple(sorted(named, key=lambda each: (str(each).casefold(), each.iri)))

    def _name(self, iri: str) -> Named:
        label = self._labels.get(iri)
        return Named(iri, self._told(label) if label else Told(iris.key_of(iri)))

    def _text(self, said: _Facts, prop: str) -> Told | None:
        """The text in the language asked for, or else in another."""
        texts = [value for value in said.get(prop, ()) if isinstance(value, Literal)]
        mine = [each for each in texts if primary_of(each.language) == self._language]
        return next((self._told(each) for each in mine or texts), None)

    def _told(self, literal: Literal) -> Told:
        tongue = literal.language
        return Told(literal.value, tongue if primary_of(tongue) != self._language else None)


def _as_cited(authors: Iterable[Named], citation: Told | None) -> tuple[Named, ...]:
    """The authors in the order in which the citation of their work names them."""
    text = str(citation or "")

    def place(author: Named) -> tuple[bool, int, str]:
        found = text.find(str(author).rpartition(" ")[2])
        return found < 0, found, str(author)

    return tuple(sorted(authors, key=place))
