"""Coverage and quality: what the graph holds, what is missing, what its sources leave open."""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import iris, measures, status, status_json
from diplolocal.formats import GRAPH, HTML, PLAIN_JSON, Format
from diplolocal.status import TARGETS, Status
from diplolocal.store import Store
from diplolocal.web import negotiation
from diplolocal.web.parts import Parts
from diplolocal.web.remembered import Remembered
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

_PATH = "/quality"
_OFFERED = (HTML, PLAIN_JSON, *GRAPH)
_measures = Remembered(measures.measured)
_read: WeakKeyDictionary[Store, Status] = WeakKeyDictionary()
"""The status of stores over a build, which never changes."""


@router.get(_PATH, summary="Coverage and quality")
def quality(visit: VisitDep) -> Response:
    """How much there is, what is missing and what is open, in the format that the client prefers:
    a page, or JSON as `diplolocal status` writes it.
    """
    fmt = negotiation.preferred(visit.accept, _OFFERED)
    return _written(visit, fmt)


@router.get(_PATH + ".{suffix}", summary="Coverage and quality in one format")
def quality_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    fmt = negotiation.suffixed(_OFFERED, _PATH, suffix)
    return _written(visit, fmt)


def _written(visit: Visit, fmt: Format) -> Response:
    headers = described_headers(visit, _PATH, fmt, _OFFERED)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept, Accept-Language", **headers}))
    if fmt in GRAPH:
        return _measured(visit, fmt, headers)
    found = _status(visit.parts)
    if fmt is HTML:
        return page(
            visit,
            "quality.html",
            headers=headers,
            found=found,
            names=found.names,
            classes=status.by_name(found.classes, found.names, visit.language),
            entities=status.by_name(found.entities, found.names, visit.language),
            linked=status.by_name(found.linked, found.names, visit.language),
            targets=TARGETS,
        )
    body = status_json.as_json(found, version=visit.parts.version)
    return Response(body, media_type=fmt.media_type, headers={"Vary": "Accept", **headers})


def _measured(visit: Visit, fmt: Format, headers: Mapping[str, str]) -> Response:
    """How good the data are, in numbers, as a graph (DQV)."""
    found = _measures.of(visit.parts) or ()
    triples = measures.triples(found, visit.parts.prefixes)
    response = document(visit, fmt, triples, iris.QUALITY, tree=False)
    response.headers.update(headers)
    return response


def _status(parts: Parts) -> Status:
    """The status, read once of a build and each time of an endpoint, which may change."""
    if parts.version is None:
        return status.read(parts.store)
    if parts.store not in _read:
        _read[parts.store] = status.read(parts.store)
    return _read[parts.store]
