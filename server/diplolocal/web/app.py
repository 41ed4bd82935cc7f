"""Put the parts together into one FastAPI app."""

from dataclasses import replace
from functools import partial

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from diplolocal import __version__
from diplolocal.bad_requests import AddressTooLong, BadRequest, MethodRefused
from diplolocal.errors import DiploLocalError
from diplolocal.not_found import ResourceNotFound
from diplolocal.web import (
    about,
    access,
    browse,
    bulletins,
    catalogue,
    changes,
    citing,
    compare,
    credits,
    discovery,
    dumps,
    files,
    graphs,
    lists,
    operations,
    pages,
    pictures,
    quality,
    queries,
    query_page,
    related,
    report,
    resourcesync,
    search,
    service,
    shapes,
    sparql,
    timemaps,
)
from diplolocal.web.cache import Cache
from diplolocal.web.describing import limit_headers
from diplolocal.web.envelope import ONLY_OURS, Always, Below
from diplolocal.web.manners import Purses
from diplolocal.web.methods import HeadIsGet, OpenToAll, allow, allowed
from diplolocal.web.operations import Figures
from diplolocal.web.parts import Parts, Watched
from diplolocal.web.problems import problem
from diplolocal.web.records import Recorded, RecordedStore, Routed, Watch
from diplolocal.web.responses import visit_of
from diplolocal.web.spoken import Spoken
from diplolocal.wording import message


class Site(FastAPI):
    """The framework's application, and around it what answers from memory and what writes each
    request down: those are asked first, and cost less than the framework's own way in.
    """

    outermost: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI 3.0)."""
        await self.outermost(scope, receive, send)


def create_app(parts: Parts) -> Site:
    """The site over these parts."""
    app = Site(
        title="diplolocal",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        dependencies=[Depends(_short_enough)],
    )
    app.state.parts = replace(parts, public=RecordedStore(parts.public))
    app.state.limit_headers = limit_headers(parts)
    app.state.purses = Purses(parts.allowance)
    app.state.figures = Figures(parts) if parts.watched.metrics else None
    app.add_middleware(Routed)
    app.add_middleware(OpenToAll)
    app.add_middleware(Always, release=parts.release)
    app.add_middleware(HeadIsGet)
    app.outermost = _around(app, parts)
    app.add_exception_handler(DiploLocalError, _answer_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(Exception, _answer_bug)
    rooms = (
        operations,
        catalogue,
        discovery,
        changes,
        resourcesync,
        files,
        dumps,
        query_page,
        sparql,
        graphs,
        service,
        shapes,
        bulletins,
        lists,
        search,
        pictures,
        about,
        browse,
        compare,
        quality,
        queries,
        citing,
        credits,
        related,
        report,
        timemaps,
        pages,
    )
    for router in (room.router for room in rooms):
        app.include_router(router)
    app.state.routes = [route for room in rooms for route in room.router.routes]
    return app


def _around(app: Site, parts: Parts) -> ASGIApp:
    """What is around the framework's application. Every request is written down where somebody
    watches, else only those that are not answered from memory.
    """
    inner: ASGIApp = Spoken(super(Site, app).__call__)
    watches = _watches(app, parts.watched)
    if not watches:
        inner = Recorded(inner, watches=())
    if parts.version and parts.cache_bytes:
        inner = Cache(inner, limit_bytes=parts.cache_bytes)
    if parts.base:
        inner = Below(inner, base=parts.base)
    return Recorded(inner, watches=watches) if watches else inner


def _watches(app: FastAPI, watched: Watched) -> list[Watch]:
    """Those who look at each request when it is over."""
    watches: list[Watch] = []
    if watched.metrics:
        watches.append(app.state.figures.count)
    if watched.access_log:
        watches.append(partial(access.log, queries=watched.queries))
    return watches


async def _short_enough(request: Request) -> None:
    """Raise AddressTooLong where that is so (RFC 9110 §15.5.15)."""
    limit: int = request.app.state.parts.address_bytes
    path: bytes = request.scope.get("raw_path", b"")
    if len(path) + len(b"?") + len(request.scope["query_string"]) > limit:
        raise AddressTooLong(limit)


def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DiploLocalError)
    return problem(visit_of(request, request.query_params.get("lang")), error)


def _answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: an unknown method, an unknown path."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _answer_error(request, ResourceNotFound(request.url.path))
    response = _answer_error(request, MethodRefused(request.method))
    response.headers.update(allow(allowed(request.scope)))
    return response


def _answer_invalid(request: Request, error: Exception) -> Response:
    return _answer_error(
        request, BadRequest(message("The request cannot be read. Check its parameters."))
    )


def _answer_bug(request: Request, error: Exception) -> Response:
    """A bug: the trace is logged by the server, the stranger only learns that it is ours."""
    response = _answer_error(
        request,
        DiploLocalError(
            message(
                "This is a mistake of ours, not yours. It was written down; please try again later."
            )
        ),
    )
    # A bug is answered outside of the middleware that says so for all other answers.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers.update(ONLY_OURS)
    return response
