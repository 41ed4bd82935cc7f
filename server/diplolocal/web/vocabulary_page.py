"""The pages about a concept scheme, with its concepts as a tree, and about one of its concepts."""

from collections.abc import Iterator, Mapping

from fastapi.responses import Response

from diplolocal import iris, resources, schema_org, vocabularies
from diplolocal.vocabularies import Concept
from diplolocal.web.portrayed import mentions_of, portrayed, timemap_of
from diplolocal.web.responses import Visit, page

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    *(
        _SKOS + name
        for name in (
            "prefLabel",
            "definition",
            "example",
            "hasTopConcept",
            "inScheme",
            "narrower",
            "notation",
            "scopeNote",
            "topConceptOf",
        )
    ),
)
_MENTIONS = 10
"""How many of those that use a concept by a property the page shows."""


def vocabulary_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about a scheme or a concept. Raises ResourceNotFound where nothing is said of it."""
    store = visit.parts.store
    description = resources.describe(store, iri, most=_MENTIONS)
    scheme = iris.scheme_of(iri)
    vocabulary = vocabularies.read(store, scheme)
    concept = next((each for each in _all(vocabulary.tops) if each.iri == iri), None)
    shown = portrayed(visit, description)
    called = {scheme, *vocabulary.properties}
    called.update(match.property for each in _all(vocabulary.tops) for match in each.matches)
    return page(
        visit,
        "concept.html" if concept else "scheme.html",
        headers=headers,
        description=description,
        facts=description.facts(_SHOWN_APART),
        vocabulary=vocabulary,
        scheme=scheme,
        concept=concept,
        portrayed=shown,
        mentions=mentions_of(visit, description),
        names={**resources.names_of(store, called), **shown.names},
        path=visit.base + iris.path_of(iri),
        markup=schema_org.script(schema_org.triples(store, iri), iri),
        timemap=timemap_of(visit, iri),
    )


def _all(concepts: tuple[Concept, ...]) -> Iterator[Concept]:
    for concept in concepts:
        yield concept
        yield from _all(concept.narrower)
