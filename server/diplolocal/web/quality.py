"""Coverage and quality: what the graph holds, what is missing, what its sources leave open."""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import iris, measures, resources, status, status_json
from diplolocal.formats import GRAPH, HTML, PLAIN_JSON, Format
from diplolocal.resources import Names
from diplolocal.status import TARGETS, Status
from diplolocal.store import Store, load_query, plain, select
from diplolocal.web import negotiation
from diplolocal.web.drawn import drawn
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
from diplolocal.wording import number

router = APIRouter()

_PATH = "/quality"
_OFFERED = (HTML, PLAIN_JSON, *GRAPH)
_measures = Remembered(measures.measured)
_read: WeakKeyDictionary[Store, Status] = WeakKeyDictionary()
"""The status of stores over a build, which never changes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How much the data are held to: shapes of things, of what is said of them, and checks."""

    things: int
    properties: int
    checks: int


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
    if fmt is HTML:
        return _page(visit, headers)
    body = status_json.as_json(_status(visit.parts), version=visit.parts.version)
    return Response(body, media_type=fmt.media_type, headers={"Vary": "Accept", **headers})


def _page(visit: Visit, headers: Mapping[str, str]) -> Response:
    found = _status(visit.parts)
    measured = [each for each in _measures.of(visit.parts) or () if each.cls is None]
    return page(
        visit,
        "quality.html",
        headers=headers,
        found=found,
        names=found.names,
        classes=status.by_name(found.classes, found.names, visit.content),
        entities=status.by_name(found.entities, found.names, visit.content),
        linked=status.by_name(found.linked, found.names, visit.content),
        targets=TARGETS,
        measured=measured,
        averages={each.metric: number(float(each.value), visit.language) for each in measured},
        metrics=measures.names(),
        meanings=measures.definitions(),
        coverage=drawn(visit, "actions-by-month"),
        rules=_rules(visit.parts),
        rule_names=_rule_names(visit.parts),
    )


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


def _rules(parts: Parts) -> Rules:
    """What the data are held to, here: an endpoint may have been held to something else."""
    [counted] = select(parts.shapes, load_query("how-many-shapes"))
    checks = {plain(row["query"]) for row in select(parts.store, load_query("checks"))}
    return Rules(int(plain(counted["things"])), int(plain(counted["properties"])), len(checks))


def _rule_names(parts: Parts) -> Names:
    """What the things are called in which validation found something, and the properties."""
    found = parts.report.findings if parts.report else ()
    shown = {name for each in found for name in (each.node, each.path) if name}
    return resources.names_of(parts.store, shown)
