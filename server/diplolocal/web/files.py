"""Files of the build, as they are: the JSON-LD context. And what belongs to the pages: style
sheets, scripts, the icon, and the editor of the query page where it was fetched.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal.errors import ResourceNotFound
from diplolocal.formats import JSONLD
from diplolocal.web.responses import Visit, VisitDep, not_modified, unchanged

router = APIRouter()

_WEEK = "public, max-age=604800"
_CSS = "text/css; charset=utf-8"
_SCRIPT = "text/javascript; charset=utf-8"
_ASSETS = {
    "style.css": _CSS,
    "icon.svg": "image/svg+xml",
    "query.css": _CSS,
    "query.js": _SCRIPT,
    "editor/yasqe.min.css": _CSS,
    "editor/yasqe.min.js": _SCRIPT,
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages, plain and compressed (a quarter of it goes over the wire)."""

    content: bytes
    compressed: bytes
    tag: str


@router.get("/context/{name}.jsonld", summary="The JSON-LD context")
def context(name: str, visit: VisitDep) -> Response:
    """The context: `v1` moves within its major version, `1.0.0` never changes (JSON-LD §3.1)."""
    if name not in ("v1", "1.0.0"):
        raise ResourceNotFound(f"context/{name}.jsonld")
    return Response(
        visit.parts.context, media_type=JSONLD.media_type, headers={"Cache-Control": _WEEK}
    )


@router.get("/static/{name:path}", include_in_schema=False)
def static(name: str, visit: VisitDep) -> Response:
    """A file of the pages. Raises ResourceNotFound for any other, and for the editor where it was
    not fetched when this package was built.
    """
    asset = _asset(name) if name in _ASSETS else None
    if asset is None:
        raise ResourceNotFound(f"static/{name}")
    compressed = _takes_gzip(visit)
    headers = {
        "Cache-Control": "public, max-age=3600",
        "ETag": f'"{asset.tag}-gzip"' if compressed else f'"{asset.tag}"',
        "Vary": "Accept-Encoding",
        **({"Content-Encoding": "gzip"} if compressed else {}),
    }
    body = asset.compressed if compressed else asset.content
    response = Response(body, headers={"Content-Type": _ASSETS[name], **headers})
    return not_modified(response) if unchanged(visit, headers) else response


@cache
def _asset(name: str) -> Asset | None:
    file = files("diplolocal.web") / "static" / name
    if not file.is_file():
        return None
    content = file.read_bytes()
    tag = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, mtime=0), tag)


def _takes_gzip(visit: Visit) -> bool:
    """Whether the client reads what gzip compressed (RFC 9110 §12.5.3)."""
    codings = visit.request.headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return "gzip" in codings
