"""`/about`: what counts as an action, how it is coded, how to cite and contribute, in plain words;
and `/accessibility`: how the site is made for everybody, and how far that is so.
"""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import iris, listing, resources, terms, vocabularies
from diplolocal.formats import HTML
from diplolocal.resources import Names
from diplolocal.search import Asked
from diplolocal.search_index import KIND
from diplolocal.store import Store, Term, load_query, plain, select
from diplolocal.vocabularies import Concept
from diplolocal.web import negotiation, searched
from diplolocal.web.responses import FRESH, Visit, VisitDep, page

router = APIRouter()

PATH = "/about"
ACCESSIBILITY = "/accessibility"
_ACTION = iris.ONTOLOGY + "#Action"
_KINDS = ("actions", "twinnings", "agreements", "memberships")
_ACTIONS = Asked(chosen={KIND: ("actions",)})
_SCHEMES = {
    "actionType": "action-type",
    "theme": "theme",
    "status": "status",
    "confidence": "confidence",
}
"""The vocabularies that are explained, by the facet that each is of."""

_SHOWN = (
    "date",
    "mexicanActor",
    "counterpart",
    "actionType",
    "theme",
    "region",
    "status",
    "confidence",
    "reportedIn",
)
"""The columns of the list of actions that the example shows, in this order."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A concept as the page explains it: of how many actions it is, and where these are found."""

    concept: Concept
    actions: int
    address: str


@dataclass(frozen=True, slots=True)
class Example:
    """An action of the graph that explains the others: what is said of it, property by property."""

    iri: str
    facts: tuple[tuple[str, tuple[Term, ...]], ...]


@router.get(PATH, summary="About the graph")
def about(visit: VisitDep) -> Response:
    """What counts as an action, how it is coded, how to cite and how to contribute."""
    negotiation.preferred(visit.accept, (HTML,))
    store = visit.parts.store
    example = _example(store)
    definition = terms.read(store).get(_ACTION)
    return page(
        visit,
        "about.html",
        headers=_fresh(visit),
        definition=definition.meaning if definition else None,
        counts=visit.parts.search.counts(Asked(), KIND),
        found={kind: _address(visit, Asked(chosen={KIND: (kind,)})) for kind in _KINDS},
        explained={facet: _explained(visit, facet) for facet in _SCHEMES},
        schemes={facet: _scheme(facet) for facet in _SCHEMES},
        example=example,
        names=_names(store, example),
    )


@router.get(ACCESSIBILITY, summary="Accessibility")
def accessibility(visit: VisitDep) -> Response:
    """How the site is made for everybody, how that is tested, and what is known not to be good."""
    negotiation.preferred(visit.accept, (HTML,))
    return page(visit, "accessibility.html", headers=_fresh(visit))


def _fresh(visit: Visit) -> dict[str, str]:
    return {"Cache-Control": FRESH} if visit.parts.version else {}


def _address(visit: Visit, asked: Asked) -> str:
    return visit.to(searched.PATH, searched.query_of(visit, asked))


def _scheme(facet: str) -> str:
    return iris.of_path(f"/vocab/{_SCHEMES[facet]}")


def _explained(visit: Visit, facet: str) -> list[Explained]:
    """The topmost concepts of a vocabulary, with the actions that have them or what is below."""
    counts = visit.parts.search.counts(_ACTIONS, facet)
    return [
        Explained(
            concept,
            counts.get(concept.iri, 0),
            _address(visit, Asked(chosen={**_ACTIONS.chosen, facet: (concept.iri,)})),
        )
        for concept in vocabularies.read(visit.parts.store, _scheme(facet)).tops
        if not concept.is_deprecated
    ]


def _example(store: Store) -> Example | None:
    """An action to explain the others by; None where none is there that is good for it."""
    found = select(store, load_query("example-action"))
    if not found:
        return None
    action, listed = plain(found[0]["action"]), listing.listings()["actions"]
    facts = listing.facts_of(store, listed, [action])[action]
    columns = {column.name: column.property for column in listed.columns}
    shown = ((columns[name], tuple(facts.get(columns[name], ()))) for name in _SHOWN)
    return Example(action, tuple((prop, values) for prop, values in shown if values))


def _names(store: Store, example: Example | None) -> Names:
    """What the example and all that is said of it are called, and the class of actions."""
    shown = {_ACTION, *map(_scheme, _SCHEMES)}
    if example:
        shown.add(example.iri)
        for prop, values in example.facts:
            shown.update((prop, *(plain(each) for each in values if isinstance(each, NamedNode))))
    return resources.names_of(store, shown)
