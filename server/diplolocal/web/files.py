"""Files of the build, as they are: the JSON-LD context. And what belongs to the pages: the style
sheet.
"""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal.errors import ResourceNotFound
from diplolocal.formats import JSONLD
from diplolocal.web.responses import VisitDep

router = APIRouter()

_WEEK = "public, max-age=604800"
_ASSETS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@router.get("/context/{name}.jsonld", summary="The JSON-LD context")
def context(name: str, visit: VisitDep) -> Response:
    """The context: `v1` moves within its major version, `1.0.0` never changes (JSON-LD §3.1)."""
    if name not in ("v1", "1.0.0"):
        raise ResourceNotFound(f"context/{name}.jsonld")
    return Response(
        visit.parts.context, media_type=JSONLD.media_type, headers={"Cache-Control": _WEEK}
    )


@router.get("/static/{name}", include_in_schema=False)
def static(name: str) -> Response:
    """The style sheet and the icon."""
    if name not in _ASSETS:
        raise ResourceNotFound(f"static/{name}")
    content = (files("diplolocal.web") / "static" / name).read_bytes()
    return Response(
        content, media_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=3600"}
    )
