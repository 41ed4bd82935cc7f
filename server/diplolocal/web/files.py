"""What programs need to read our JSON-LD: the context, a frame and a JSON Schema for each class.
And what belongs to the pages: style sheets, scripts, the icon, and the editor of the query page
where it was fetched.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import classes, frames, iris, json_schema, jsonld
from diplolocal.classes import Described
from diplolocal.formats import JSON_SCHEMA, JSONLD, Format
from diplolocal.not_found import FileNotThere, ResourceNotFound
from diplolocal.web.responses import Visit, VisitDep, not_modified, unchanged

router = APIRouter()

_CONTEXTS = {
    "v1": "public, max-age=604800",
    "1.0.0": "public, max-age=31536000, immutable",
}
"""The versions of the context, and how long others may keep each (RFC 9111 §5.2.2, RFC 8246)."""
_DAY = "public, max-age=86400"
_CSS = "text/css; charset=utf-8"
_SCRIPT = "text/javascript; charset=utf-8"
_ASSETS = {
    "style.css": _CSS,
    "icon.svg": "image/svg+xml",
    "query.css": _CSS,
    "query.js": _SCRIPT,
    "search.js": _SCRIPT,
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
    if name not in _CONTEXTS:
        raise FileNotThere(f"context/{name}.jsonld", [f"{each}.jsonld" for each in _CONTEXTS])
    return _given(visit, visit.parts.context, JSONLD, _CONTEXTS[name])


@router.get("/frames/{name}.jsonld", summary="The JSON-LD frame of a class")
def frame(name: str, visit: VisitDep) -> Response:
    """A frame (JSON-LD 1.1 Framing): by it, any processor makes of a graph the tree that a document
    about an instance of the class is.
    """
    known = _known(visit)
    described = _described(known, name, "frames/{}.jsonld")
    words = jsonld.words_of(visit.parts.context)
    address = visit.home + iris.path_of(iris.CONTEXT)
    body = jsonld.written(frames.frame(described, known, words, address=address))
    return _given(visit, body, JSONLD, _DAY)


@router.get("/schemas/{name}.json", summary="The JSON Schema of a class")
def schema(name: str, visit: VisitDep) -> Response:
    """A JSON Schema (2020-12), made of the shapes: what a document about an instance of the class
    is as JSON.
    """
    known = _known(visit)
    described = _described(known, name, "schemas/{}.json")
    words = jsonld.words_of(visit.parts.context)
    return _given(
        visit, jsonld.written(json_schema.schema(described, known, words)), JSON_SCHEMA, _DAY
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


def _given(visit: Visit, body: bytes, fmt: Format, freshness: str) -> Response:
    """A file, or that it is as the client holds it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": freshness, "ETag": tag}
    response = Response(body, media_type=fmt.media_type, headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _described(known: Mapping[str, Described], name: str, path: str) -> Described:
    if name not in known:
        raise FileNotThere(path.format(name), [path.format(each) for each in sorted(known)])
    return known[name]


def _known(visit: Visit) -> Mapping[str, Described]:
    parts = visit.parts
    return classes.read(parts.store, parts.shapes, jsonld.words_of(parts.context))


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
