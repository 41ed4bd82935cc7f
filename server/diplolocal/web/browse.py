"""`/browse`: ways in for whoever does not know what to search for: regions with their states and
municipalities, themes and types of action as trees, countries, and all who took part from A to Z.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import iris, listing, resources, vocabularies
from diplolocal.formats import HTML
from diplolocal.not_found import ResourceNotFound
from diplolocal.search import Asked
from diplolocal.search_index import KIND
from diplolocal.store import bind, load_query, plain, select
from diplolocal.vocabularies import Concept
from diplolocal.web import at_hand, negotiation, searched
from diplolocal.web.drawn import backdrop_of
from diplolocal.web.responses import FRESH, Visit, VisitDep, page
from diplolocal.wording import Language

router = APIRouter()

PATH = "/browse"
_KINDS = ("actions", "twinnings", "agreements", "memberships")
_TREES = {"theme": "theme", "actionType": "action-type"}
"""The vocabularies that are shown as trees, by the facet that each is of."""

_OTHER = "#"
"""Where names are filed that begin with no letter."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many members of a list, and where they are found."""

    kind: str
    things: int
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be browsed to: what it is called, what there is of it, list by list, and
    the entries below it; of a federal entity, how many municipalities.
    """

    iri: str
    called: str
    counts: tuple[Count, ...]
    below: tuple["Entry", ...] = ()
    municipalities: int = 0


Letters = Sequence[tuple[str, Sequence[Entry]]]
"""What is filed under each letter."""


@router.get(PATH, summary="Browse")
def browse(visit: VisitDep) -> Response:
    """The trees and the index of names, each with how much there is and where it is found."""
    negotiation.preferred(visit.accept, (HTML,))
    backdrop = backdrop_of(visit)
    countries = _entries(visit, "country", _KINDS[:3], backdrop.things.get("country", ()))
    return page(
        visit,
        "browse.html",
        headers=_fresh(visit),
        regions=_regions(visit),
        trees={facet: _tree(visit, facet) for facet in _TREES},
        countries=[each for each in countries if each.counts],
        actors=_actors(visit),
        titles=_titles(visit.language),
    )


@router.get(PATH + "/{key}", summary="The municipalities of a state")
def state(key: str, visit: VisitDep) -> Response:
    """The municipalities of the federal entity with that key, `mx-jal`, from A to Z: those of which
    there is something first, and then all.
    """
    negotiation.preferred(visit.accept, (HTML,))
    entity = iris.thing(f"place/{key}")
    if entity not in at_hand.things(visit, listing.filters()["state"]):
        raise ResourceNotFound(visit.request.url.path)
    asked = bind(load_query("municipalities-of"), entity=NamedNode(entity))
    found = [plain(row["municipality"]) for row in select(visit.parts.store, asked)]
    [of] = _entries(visit, "state", _KINDS, [entity])
    municipalities = _entries(visit, "municipality", _KINDS, found)
    return page(
        visit,
        "browse-state.html",
        headers=_fresh(visit),
        of=of,
        letters=_by_letter((each.called, each) for each in municipalities),
        active=[each for each in municipalities if each.counts],
        total=len(municipalities),
        kinds=_KINDS,
        titles=_titles(visit.language),
    )


def _fresh(visit: Visit) -> dict[str, str]:
    return {"Cache-Control": FRESH} if visit.parts.version else {}


def _entries(
    visit: Visit,
    facet: str,
    kinds: Iterable[str],
    values: Collection[str],
) -> list[Entry]:
    """The values of a facet by name, each with what the lists have of it."""
    counted = {kind: visit.parts.search.counts(_of(kind), facet) for kind in kinds}
    names = resources.names_of(visit.parts.store, values)
    entries = (
        Entry(
            value,
            _called(names.get(value, {}), value, visit.content),
            tuple(
                Count(kind, counts[value], _address(visit, kind, facet, value))
                for kind, counts in counted.items()
                if value in counts
            ),
        )
        for value in values
    )
    return sorted(entries, key=lambda each: (listing.folded(each.called), each.iri))


def _of(kind: str) -> Asked:
    return Asked(chosen={KIND: (kind,)})


def _regions(visit: Visit) -> list[Entry]:
    """The regions, each with its federal entities."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in select(visit.parts.store, load_query("entities-of-regions")):
        found[plain(row["region"])][plain(row["entity"])] = int(plain(row["municipalities"]))
    return [
        replace(
            region,
            below=tuple(
                replace(entity, municipalities=found[region.iri][entity.iri])
                for entity in _entries(visit, "state", _KINDS, found[region.iri])
            ),
        )
        for region in _entries(visit, "region", _KINDS, found)
    ]


def _tree(visit: Visit, facet: str) -> list[Entry]:
    """The concepts of a vocabulary, those of which there are no actions among them."""
    scheme = iris.of_path(f"/vocab/{_TREES[facet]}")
    counts = visit.parts.search.counts(_of("actions"), facet)

    def entry(concept: Concept) -> Entry:
        count = counts.get(concept.iri)
        address = _address(visit, "actions", facet, concept.iri)
        return Entry(
            concept.iri,
            _called(concept.label, concept.iri, visit.content),
            (Count("actions", count, address),) if count else (),
            tuple(map(entry, concept.narrower)),
        )

    return [entry(each) for each in vocabularies.read(visit.parts.store, scheme).tops]


def _actors(visit: Visit) -> Letters:
    """Who takes part in actions, by name; a government is filed under the name of what it governs,
    since all of them are called governments.
    """
    counts = visit.parts.search.counts(_of("actions"), "actor")
    entries = _entries(visit, "actor", ("actions",), counts)
    rows = select(visit.parts.store, load_query("governed-places"))
    governed = {plain(row["actor"]): plain(row["place"]) for row in rows}
    names = resources.names_of(visit.parts.store, governed.values())
    return _by_letter(
        (_called(names.get(governed.get(each.iri, ""), {}), each.called, visit.content), each)
        for each in entries
    )


def _by_letter(filed: Iterable[tuple[str, Entry]]) -> Letters:
    """The entries by the letter that they are filed under; what begins with no letter goes last."""

    def letter(name: str) -> str:
        first = listing.folded(name)[:1].upper()
        return first if first.isalpha() else _OTHER

    ordered = sorted(filed, key=lambda each: (letter(each[0]) == _OTHER, listing.folded(each[0])))
    return [
        (name, [each for _, each in some])
        for name, some in groupby(ordered, key=lambda each: letter(each[0]))
    ]


def _titles(language: Language) -> Mapping[str, str]:
    """What the lists are called, by name."""
    titles = {name: each.title[language] for name, each in listing.listings().items()}
    return dict(sorted(titles.items(), key=lambda each: listing.folded(each[1])))


def _address(visit: Visit, kind: str, facet: str, value: str) -> str:
    asked = Asked(chosen={KIND: (kind,), facet: (value,)})
    return visit.to(searched.PATH, searched.query_of(visit, asked))


def _called(said: Mapping[Language, str], iri: str, language: Language) -> str:
    return said.get(language) or next(iter(said.values()), iri)
