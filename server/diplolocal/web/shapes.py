"""The shapes at their own IRIs, so that others can validate their data with them: a page, and each
format of graphs.
"""

from collections.abc import Iterator, Mapping

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import constraints, iris, resources
from diplolocal.constraints import NodeShape
from diplolocal.entries import by_property
from diplolocal.formats import HTML, PAGE, Format
from diplolocal.web import negotiation
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    document,
    not_modified,
    page,
    unchanged,
)

router = APIRouter()


@router.get("/shapes", summary="The shapes")
def shapes(visit: VisitDep) -> Response:
    """What well-formed means, in SHACL: as the client prefers it."""
    fmt = negotiation.preferred(visit.accept, PAGE)
    return _shapes(visit, fmt)


@router.get("/shapes.{suffix}", summary="The shapes, in a format")
def shapes_written(suffix: str, visit: VisitDep) -> Response:
    """What well-formed means, in SHACL: in the format of the suffix."""
    fmt = negotiation.suffixed(PAGE, iris.SHAPES, suffix)
    return _shapes(visit, fmt)


def _shapes(visit: Visit, fmt: Format) -> Response:
    headers = described_headers(visit, iris.path_of(iris.SHAPES), fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return _page(visit, headers)
    triples = constraints.triples(visit.parts.shapes)
    response = document(visit, fmt, triples, iris.SHAPES, tree=False)
    response.headers.update(headers)
    return response


def _page(visit: Visit, headers: Mapping[str, str]) -> Response:
    known = constraints.read(visit.parts.shapes)
    return page(
        visit,
        "shapes.html",
        headers=headers,
        shapes=[(shape, by_property([shape])) for shape in known],
        names=resources.names_of(visit.parts.store, set(_shown(known))),
        iri=iris.SHAPES,
        path=visit.base + iris.path_of(iris.SHAPES),
    )


def _shown(shapes: tuple[NodeShape, ...]) -> Iterator[str]:
    """Every IRI that the page shows and that may have a name."""
    for shape in shapes:
        yield from (*shape.target_classes, *shape.targets_with, *shape.ignored)
        for each in shape.properties:
            yield from (each.path, *each.classes)
            yield from filter(None, (each.datatype, each.scheme))
            values = (*each.values, each.has_value)
            yield from (value.value for value in values if isinstance(value, NamedNode))
