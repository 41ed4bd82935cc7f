"""The page about a thing, as it is or as a release had it, and the page about a named graph."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import Response

from diplolocal import iris, resources, schema_org
from diplolocal.store import Row, Store, plain
from diplolocal.versions import State
from diplolocal.web.portrayed import mentions_of, portrayed, sentence_of, timemap_of
from diplolocal.web.responses import Visit, page

_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#label",
    _SKOS + "prefLabel",
    _SKOS + "definition",
    _SKOS + "editorialNote",
    "http://purl.org/dc/terms/description",
    iris.ONTOLOGY + "#editorialRemark",
    iris.ONTOLOGY + "#hasParticipation",
    iris.ONTOLOGY + "#unnamedActor",
)
_ELSEWHERE = (_OWL + "sameAs", _SKOS + "closeMatch")
"""What the page shows with how it was found, where it is known."""
_MENTIONS = 10
"""How many of those that point at a thing by a property the page shows."""


@dataclass(frozen=True, slots=True)
class Then:
    """An old version on its page: what a release left, the query that asks for it, and where all
    versions are listed.
    """

    state: State
    query: str
    timemap: str

    @property
    def member(self) -> str:
        """The IRI of the document as it was."""
        return iris.member(self.state.topic, self.state.release.version)


def thing_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about one resource. Raises ResourceNotFound where nothing is said of it."""
    description = resources.describe(visit.parts.store, iri, most=_MENTIONS)
    shown = portrayed(visit, description)
    apart = (*_SHOWN_APART, *(_ELSEWHERE if shown.elsewhere else ()))
    return page(
        visit,
        "resource.html",
        headers=headers,
        markup=_markup(visit.parts.store, iri, None),
        description=description,
        facts=description.facts(apart),
        portrayed=shown,
        sentence=shown.sentence,
        actions=(),
        names=shown.names,
        mentions=mentions_of(visit, description),
        path=_path(visit, iri),
        then=None,
        timemap=timemap_of(visit, iri),
    )


def old_page(
    visit: Visit, iri: str, headers: Mapping[str, str], *, store: Store, then: Then
) -> Response:
    """The page about a resource as it was: without what is only counted as it is today. Raises
    ResourceNotFound where nothing was said of it.
    """
    description = resources.describe(store, iri, most=None)
    actions = resources.actions_of(store, iri)
    called = resources.names_of(store, [_iri(row, "action") for row in actions])
    return page(
        visit,
        "resource.html",
        headers=headers,
        markup=_markup(store, iri, then.member),
        description=description,
        facts=description.facts(_SHOWN_APART),
        portrayed=None,
        sentence=sentence_of(visit, description),
        actions=actions,
        names={**called, **description.names},
        mentions=[(each, "") for each in description.mentions],
        path=_path(visit, iri),
        then=then,
        timemap=then.timemap,
    )


def graph_page(
    visit: Visit, iri: str, headers: Mapping[str, str], *, count: int, then: Then | None = None
) -> Response:
    """The page about a named graph, which has so many statements."""
    path = visit.base + iris.uri_of(iris.path_of(iri))
    return page(visit, "graph.html", headers=headers, iri=iri, count=count, path=path, then=then)


def _markup(store: Store, iri: str, member: str | None) -> str | None:
    markup = schema_org.triples(store, iri, document=member)
    return schema_org.script(markup, iri) if markup else None


def _path(visit: Visit, iri: str) -> str:
    return visit.base + iris.uri_of(iris.path_of(iris.document_of(iri)))


def _iri(row: Row, name: str) -> str:
    return plain(row[name])
