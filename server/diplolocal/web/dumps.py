"""Everything at once: the statements of the build, to load into a store of one's own."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from diplolocal.errors import ResourceNotFound
from diplolocal.web.describing import DUMP
from diplolocal.web.responses import FRESH, VisitDep, not_modified, unchanged

router = APIRouter()


@router.get(DUMP, summary="All statements, as N-Quads")
def everything(visit: VisitDep) -> Response:
    """The named graphs as gzipped N-Quads, as they were built; parts of it on demand (RFC 9110
    §14).
    """
    parts = visit.parts
    if parts.dump is None:
        raise ResourceNotFound(DUMP)
    headers = {"ETag": f'"{parts.version}-nq-gz"', "Cache-Control": FRESH}
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    return FileResponse(
        parts.dump, media_type="application/gzip", filename="diplolocal.nq.gz", headers=headers
    )
