"""The SPARQL endpoint described for people and machines, and the limits in force."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import description, iris
from diplolocal.formats import GRAPH, HTML, PLAIN_JSON, QUADS, RESULTS, Format
from diplolocal.web import negotiation
from diplolocal.web.describing import OFFERED, PATH, described, service_of, tagged
from diplolocal.web.responses import Visit, VisitDep, page
from diplolocal.wording import say

router = APIRouter()

_LIMITS = "/limits"
_LIMITS_FORMATS = (HTML, PLAIN_JSON)


@router.get(PATH, summary="The SPARQL endpoint described")
def service(visit: VisitDep) -> Response:
    """Languages, formats, graphs with their counts, limits and federation, in the format that the
    client prefers: a page, or the service description as a graph.
    """
    return _preferred(visit, OFFERED, _service)


@router.get(PATH + ".{suffix}", summary="The SPARQL endpoint described, in one format")
def service_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    return _suffixed(visit, f"{PATH}.{suffix}", OFFERED, _service)


@router.get(_LIMITS, summary="The limits in force")
def limits(visit: VisitDep) -> Response:
    """How long a query may take and how large an answer may be, as a page or as JSON."""
    return _preferred(visit, _LIMITS_FORMATS, _limits)


@router.get(_LIMITS + ".{suffix}", summary="The limits in force, in one format")
def limits_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    return _suffixed(visit, f"{_LIMITS}.{suffix}", _LIMITS_FORMATS, _limits)


def _preferred(
    visit: Visit, offered: Sequence[Format], write: Callable[[Visit, Format], Response]
) -> Response:
    fmt = negotiation.preferred(visit.accept, offered)
    return write(visit, fmt)


def _suffixed(
    visit: Visit,
    path: str,
    offered: Sequence[Format],
    write: Callable[[Visit, Format], Response],
) -> Response:
    stem, _, suffix = path.rpartition(".")
    return write(visit, negotiation.suffixed(offered, stem, suffix))


def _service(visit: Visit, fmt: Format) -> Response:
    if fmt is not HTML:
        return described(visit, fmt)
    found, known = service_of(visit), visit.parts.prefixes
    response = page(
        visit,
        "service.html",
        service=found,
        limits=description.limits_in_force(found),
        federation=say(description.federation_policy(found.services), visit.language),
        functions=[(iris.shorten(each, known), each) for each in description.functions(found)],
        kinds=_by_kind(found.counts.graphs if found.counts else {}),
        tables=RESULTS,
        graphs=(*GRAPH, *QUADS),
    )
    return tagged(visit, response, PATH, fmt, OFFERED)


def _limits(visit: Visit, fmt: Format) -> Response:
    found = service_of(visit, counting=False)
    if fmt is HTML:
        response = page(
            visit,
            "limits.html",
            service=found,
            limits=description.limits_in_force(found),
            federation=say(description.federation_policy(found.services), visit.language),
        )
    else:
        body = {
            "endpoint": found.endpoint,
            "version": found.version,
            "limits": description.values(found),
            "services": found.services,
            "dump": found.dump,
        }
        written = json.dumps(body, ensure_ascii=False, indent=2).encode() + b"\n"
        response = Response(written, media_type=fmt.media_type, headers={"Vary": "Accept"})
    return tagged(visit, response, _LIMITS, fmt, _LIMITS_FORMATS)


def _by_kind(graphs: Mapping[str, int]) -> list[tuple[str, list[tuple[str, int]]]]:
    """The graphs and their counts by what their IRIs begin with: `/graph/bulletin`."""

    def kind(graph: tuple[str, int]) -> str:
        return iris.path_of(graph[0]).rpartition("/")[0]

    ordered = sorted(graphs.items(), key=lambda graph: (kind(graph), graph[0]))
    return [(name, list(some)) for name, some in groupby(ordered, kind)]
