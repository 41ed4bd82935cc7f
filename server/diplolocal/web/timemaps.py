"""Which versions a document has: a TimeMap (RFC 7089 §5)."""

import hashlib

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import formats, iris, jsonld
from diplolocal.bad_requests import NotAcceptable
from diplolocal.formats import Format
from diplolocal.not_found import ResourceNotFound
from diplolocal.web import mementos, negotiation
from diplolocal.web.mementos import LINK_FORMAT, TIMEMAP, TIMEMAPS
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    not_modified,
    unchanged,
)

router = APIRouter()


@router.get(TIMEMAP + "/{path:path}", summary="The versions of a document")
def timemap(path: str, visit: VisitDep) -> Response:
    """Every release that has what is described at a path (`doc/place/mx-jal`), as the client
    prefers it: in the link format of Memento, or as JSON (`.json`).
    """
    stem, _, suffix = path.rpartition(".")
    named = formats.by_suffix(TIMEMAPS, suffix) if stem else None
    fmt = named or negotiation.choose(visit.accept, TIMEMAPS)
    found = iris.of_document(iris.of_path(stem if named else path))
    try:
        NamedNode(found)
    except ValueError as error:
        raise ResourceNotFound(found) from error
    releases = mementos.listed(visit, found)
    if not releases:
        raise ResourceNotFound(found)
    if fmt is None:
        raise NotAcceptable([offered.media_type for offered in TIMEMAPS])
    if fmt is LINK_FORMAT:
        body = mementos.as_links(visit, found, releases)
    else:
        body = jsonld.written(mementos.as_tree(visit, found, releases))
    return _given(visit, found, body, fmt)


def _given(visit: Visit, iri: str, body: bytes, fmt: Format) -> Response:
    place = visit.base + TIMEMAP + iris.uri_of(iris.path_of(iris.document_of(iri)))
    headers = {
        "Cache-Control": FRESH,
        "Content-Location": f"{place}.{fmt.suffix}",
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Link": ", ".join(
            f'<{place}.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
            for other in TIMEMAPS
            if other is not fmt
        ),
        "Vary": "Accept",
    }
    response = Response(body, media_type=fmt.media_type, headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response
