"""Where the data come from, and whom to credit: a page, JSON, and the sources as a graph."""

import json

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import credits, iris
from diplolocal.credits import Credit
from diplolocal.formats import GRAPH, HTML, PLAIN_JSON, Format
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

PATH = "/credits"
OFFERED = (HTML, PLAIN_JSON, *GRAPH)
"""How the credits are written; the first is the default."""


@router.get(PATH, summary="Sources and credit")
def sources(visit: VisitDep) -> Response:
    """Every bulletin and source with its citation, its licence, what was taken from it and how many
    records rest on it, in the format that the client prefers.
    """
    fmt = negotiation.preferred(visit.accept, OFFERED)
    return _written(visit, fmt)


@router.get(PATH + ".{suffix}", summary="Sources and credit, in one format")
def sources_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    fmt = negotiation.suffixed(OFFERED, PATH, suffix)
    return _written(visit, fmt)


def _written(visit: Visit, fmt: Format) -> Response:
    headers = described_headers(visit, PATH, fmt, OFFERED)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept, Accept-Language", **headers}))
    if fmt is HTML:
        return _page(visit, headers)
    if fmt is PLAIN_JSON:
        body = {"sources": [_tree(each) for each in credits.read(visit.parts.store)]}
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        response = Response(text.encode(), media_type=fmt.media_type, headers={"Vary": "Accept"})
    else:
        triples = credits.triples(visit.parts.store)
        response = document(visit, fmt, triples, iris.DATASET, tree=False)
    response.headers.update(headers)
    return response


def _page(visit: Visit, headers: dict[str, str]) -> Response:
    found = credits.read(visit.parts.store)
    sources = [each for each in found if not each.month and not each.is_publisher]
    return page(
        visit,
        "credits.html",
        headers=headers,
        bulletins=[each for each in found if each.month],
        publishers=[each for each in found if each.is_publisher],
        described=[each for each in sources if each.is_described],
        others=[each for each in sources if not each.is_described],
        path=visit.base + PATH,
    )


def _tree(credit: Credit) -> dict[str, object]:
    """A source as JSON has it; what is not known is left out."""
    known = {
        "id": credit.iri,
        "name": credit.name,
        "citation": credit.citation,
        "license": credit.license,
        "rights": credit.rights,
        "taken": credit.taken,
        "pages": credit.pages,
    }
    return {**{key: value for key, value in known.items() if value}, "records": credit.records}
