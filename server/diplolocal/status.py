"""How much there is and what is missing: things by class, coverage by month, region and federal
entity, links, open questions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from diplolocal import iris
from diplolocal.resources import Names, names_of
from diplolocal.store import Row, Store, load_query, plain, select
from diplolocal.wording import LANGUAGES, Language, Said

TARGETS = {"geonames": "GeoNames", "ror": "ROR", "wikidata": "Wikidata"}
"""What the targets of links call themselves; the keys are the names of the files of links."""

_TERM = iris.ONTOLOGY + "#"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_DESCRIPTION = "http://purl.org/dc/terms/description"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many things there are of a class: each counts under the narrowest of its classes."""

    iri: str
    things: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month, its bulletin and the actions that this reports, by region; `bulletin` is None where
    the month is not in the graph yet, which does not mean that nothing happened.
    """

    month: str
    bulletin: str | None
    actions: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its actions."""
        return sum(self.actions.values())


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A region: its federal entities, its actions of bulletins and those of other sources only."""

    iri: str
    entities: int
    in_bulletins: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class EntityCount:
    """A federal entity with its municipalities: what it takes part in, each thing counted once."""

    iri: str
    region: str | None
    in_bulletins: int
    elsewhere: int
    twinnings: int
    agreements: int
    memberships: int


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many links to a target (`wikidata`) from things of a class, by property and method."""

    target: str
    cls: str
    property: str
    method: str
    links: int


@dataclass(frozen=True, slots=True)
class LinkedClass:
    """A class whose things are linked, or should be: how many there are, how many have an item of
    Wikidata.
    """

    iri: str
    things: int
    with_item: int

    @property
    def without_item(self) -> int:
        """How many have none."""
        return self.things - self.with_item


_Counted = TypeVar("_Counted", ClassCount, EntityCount, LinkedClass)


@dataclass(frozen=True, slots=True)
class Question:
    """An open question: how it is put, what would settle it, the things it is about and the items
    that sources name and that were not accepted.
    """

    iri: str
    type: str
    label: Said
    description: Said
    about: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How much there is and what is missing. `names` has what every IRI in it is called."""

    classes: tuple[ClassCount, ...]
    months: tuple[Month, ...]
    regions: tuple[RegionCount, ...]
    entities: tuple[EntityCount, ...]
    links: tuple[LinkCount, ...]
    linked: tuple[LinkedClass, ...]
    questions: tuple[Question, ...]
    names: Names

    @property
    def by_type(self) -> tuple[tuple[str, tuple[Question, ...]], ...]:
        """The open questions by their type."""
        ordered = sorted(self.questions, key=lambda question: question.type)
        return tuple(
            (kind, tuple(some)) for kind, some in groupby(ordered, lambda question: question.type)
        )

    @property
    def targets(self) -> tuple[str, ...]:
        """What there are links to."""
        return tuple(sorted({count.target for count in self.links}))

    def linked_to(self, target: str, cls: str) -> int:
        """How many links there are from the things of a class to a target."""
        return sum(each.links for each in self.links if (each.target, each.cls) == (target, cls))

    @property
    def methods(self) -> tuple[tuple[str, str, str, int], ...]:
        """Target, property, method: how many links."""
        sums: dict[tuple[str, str, str], int] = defaultdict(int)
        for each in self.links:
            sums[each.target, each.property, each.method] += each.links
        return tuple((*key, links) for key, links in sorted(sums.items()))


def read(store: Store) -> Status:
    """The status of all that a store holds."""
    classes = tuple(
        ClassCount(_iri(row, "class"), _count(row, "things"))
        for row in _ask(store, "things-by-class")
    )
    entities = tuple(_entity(row) for row in _ask(store, "coverage-by-entity"))
    regions = tuple(
        RegionCount(
            _iri(row, "region"),
            *(_count(row, name) for name in ("entities", "inBulletins", "elsewhere")),
        )
        for row in _ask(store, "coverage-by-region")
    )
    links = tuple(
        LinkCount(
            target=plain(row["target"]),
            cls=_iri(row, "class"),
            property=_iri(row, "property"),
            method=_iri(row, "method"),
            links=_count(row, "links"),
        )
        for row in _ask(store, "links-by-kind")
    )
    linked = tuple(
        LinkedClass(_iri(row, "class"), _count(row, "things"), _count(row, "withItem"))
        for row in _ask(store, "things-with-item")
    )
    questions = _questions(store)
    shown = {each.iri for some in (classes, entities, regions, linked) for each in some}
    shown.update(name for each in links for name in (each.cls, each.property, each.method))
    shown.update(name for each in questions for name in (each.type, *each.about))
    return Status(
        classes=classes,
        months=months(store),
        regions=regions,
        entities=entities,
        links=links,
        linked=linked,
        questions=questions,
        names=names_of(store, shown),
    )


def by_name(counted: Iterable[_Counted], names: Names, language: Language) -> list[_Counted]:
    """What was counted, in the order of its names."""
    return sorted(counted, key=lambda each: names.get(each.iri, {}).get(language, "").casefold())


def months(store: Store) -> tuple[Month, ...]:
    """Every month from the first bulletin to the newest, those without a bulletin among them."""
    bulletins: dict[str, str] = {}
    actions: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _ask(store, "actions-by-bulletin"):
        month = plain(row["month"])
        bulletins[month] = _iri(row, "bulletin")
        if "region" in row:
            actions[month][_iri(row, "region")] = _count(row, "actions")
    if not bulletins:
        return ()
    return tuple(
        Month(month, bulletins.get(month), actions.get(month, {}))
        for month in _span(min(bulletins), max(bulletins))
    )


def _ask(store: Store, name: str) -> list[Row]:
    return select(store, load_query(name))


def _iri(row: Row, name: str) -> str:
    return plain(row[name])


def _count(row: Row, name: str) -> int:
    """A count; what nothing was found for is none."""
    return int(plain(row[name])) if name in row else 0


def _entity(row: Row) -> EntityCount:
    region = plain(row["region"]) if "region" in row else None
    counted = ("inBulletins", "elsewhere", "twinnings", "agreements", "memberships")
    return EntityCount(_iri(row, "entity"), region, *(_count(row, name) for name in counted))


def _span(first: str, last: str) -> Iterator[str]:
    """Every month from one to another, both included."""
    begin, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(begin, end + 1))


def _questions(store: Store) -> tuple[Question, ...]:
    texts: dict[tuple[str, str], dict[Language, str]] = defaultdict(dict)
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    found: dict[str, None] = {}
    for row in _ask(store, "open-questions"):
        question, prop, value = _iri(row, "question"), _iri(row, "property"), row["value"]
        found[question] = None
        language = getattr(value, "language", None)
        if language in LANGUAGES:
            texts[question, prop][Language(language)] = plain(value)
        else:
            values[question, prop].append(plain(value))
    return tuple(
        Question(
            iri,
            next(iter(values[iri, _TERM + "questionType"]), ""),
            texts[iri, _LABEL],
            texts[iri, _DESCRIPTION],
            tuple(values[iri, _TERM + "about"]),
            tuple(values[iri, _TERM + "candidate"]),
        )
        for iri in found
    )
