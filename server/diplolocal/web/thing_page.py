"""The page about a thing, as it is or as a release had it, and the page about a named graph."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import iris, resources, schema_org
from diplolocal.store import Row, Store
from diplolocal.versions import State
from diplolocal.web.responses import Visit, page

_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://www.w3.org/2004/02/skos/core#editorialNote",
    "http://purl.org/dc/terms/description",
    iris.ONTOLOGY + "#editorialRemark",
    iris.ONTOLOGY + "#hasParticipation",
    iris.ONTOLOGY + "#unnamedActor",
)


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


def thing_page(
    visit: Visit,
    iri: str,
    headers: Mapping[str, str],
    *,
    store: Store,
    then: Then | None = None,
) -> Response:
    """The page about one resource. Raises ResourceNotFound where nothing is said of it."""
    description = resources.describe(store, iri)
    actions = resources.actions_of(store, iri)
    names = {
        **resources.names_of(store, [_iri(row, "action") for row in actions]),
        **description.names,
    }
    member = then.member if then else None
    markup = schema_org.triples(store, iri, document=member)
    return page(
        visit,
        "resource.html",
        headers=headers,
        markup=schema_org.script(markup, iri) if markup else None,
        description=description,
        facts=description.facts(_SHOWN_APART),
        actions=actions,
        names=names,
        path=visit.base + iris.uri_of(iris.path_of(iris.document_of(iri))),
        then=then,
    )


def graph_page(
    visit: Visit, iri: str, headers: Mapping[str, str], *, count: int, then: Then | None = None
) -> Response:
    """The page about a named graph, which has so many statements."""
    path = visit.base + iris.uri_of(iris.path_of(iri))
    return page(visit, "graph.html", headers=headers, iri=iri, count=count, path=path, then=then)


def _iri(row: Row, name: str) -> str:
    value = row[name]
    assert isinstance(value, NamedNode)
    return value.value
