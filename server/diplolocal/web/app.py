"""Put the parts together into one FastAPI app."""

from dataclasses import replace
from functools import partial

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diplolocal import __version__
from diplolocal.errors import (
    AddressTooLong,
    BadRequest,
    DiploLocalError,
    MethodRefused,
    ResourceNotFound,
)
from diplolocal.web import (
    access,
    dumps,
    files,
    graphs,
    operations,
    pages,
    quality,
    queries,
    query_page,
    service,
    sparql,
)
from diplolocal.web.cache import Cache
from diplolocal.web.describing import limit_headers
from diplolocal.web.manners import Purses
from diplolocal.web.methods import OpenToAll, allow, allowed
from diplolocal.web.operations import Figures
from diplolocal.web.parts import Parts, Watched
from diplolocal.web.records import Recorded, RecordedStore, Routed, Watch
from diplolocal.web.responses import problem, visit_of
from diplolocal.wording import message

_ONLY_OURS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
}


class HeadIsGet:
    """A HEAD is a GET; whoever speaks HTTP leaves the body out (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI 3.0)."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            # A copy: whoever leaves the body out looks at the method that was asked.
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


class Below:
    """The site below a path of a host (`base`): a proxy may take that path away, or pass it on."""

    def __init__(self, app: ASGIApp, *, base: str) -> None:
        self._app = app
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI 3.0)."""
        if scope["type"] == "http" and scope["path"].startswith(self._base + "/"):
            base = self._base.encode()
            raw = scope.get("raw_path", b"").removeprefix(base)
            scope = {**scope, "path": scope["path"].removeprefix(self._base), "raw_path": raw}
        await self._app(scope, receive, send)


class OnlyOurs:
    """Every answer tells browsers to fetch, run and send nothing but what is of this site (Content
    Security Policy §3), and to believe its media type.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI 3.0)."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_ONLY_OURS)
            await send(message)

        await self._app(scope, receive, guarded)


def create_app(parts: Parts) -> FastAPI:
    """The site over these parts."""
    app = FastAPI(
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
    app.add_middleware(OnlyOurs)
    app.add_middleware(HeadIsGet)
    if parts.version and parts.cache_bytes:
        app.add_middleware(Cache, limit_bytes=parts.cache_bytes)
    if parts.base:
        app.add_middleware(Below, base=parts.base)
    app.add_middleware(Recorded, watches=_watches(app, parts.watched))
    app.add_exception_handler(DiploLocalError, _answer_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(Exception, _answer_bug)
    rooms = (operations, files, dumps, query_page, sparql, graphs, service, quality, queries, pages)
    for router in (room.router for room in rooms):
        app.include_router(router)
    app.state.routes = [route for room in rooms for route in room.router.routes]
    return app


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
    response.headers.update(_ONLY_OURS)
    return response
