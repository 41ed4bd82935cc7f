"""Put the parts together into one FastAPI app."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from diplolocal import __version__
from diplolocal.errors import BadRequest, DiploLocalError, MethodRefused, ResourceNotFound
from diplolocal.web import files, pages, quality, sparql
from diplolocal.web.parts import Parts
from diplolocal.web.responses import problem, visit_of
from diplolocal.wording import message

_EXPOSED = ("Content-Disposition", "Content-Location", "ETag", "Link", "Retry-After")
_ALLOWED = {"/sparql": "GET, HEAD, POST"}
"""The methods of an address where they are not those of all others (RFC 9110 §10.2.1)."""


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


def create_app(parts: Parts) -> FastAPI:
    """The site over these parts."""
    app = FastAPI(
        title="diplolocal",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.parts = parts
    # Data for everyone, from any page (CORS, Fetch Standard §3.2), without credentials.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=_EXPOSED,
    )
    app.add_middleware(HeadIsGet)
    app.add_exception_handler(DiploLocalError, _answer_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(Exception, _answer_bug)
    for router in (files.router, sparql.router, quality.router, pages.router):
        app.include_router(router)
    return app


def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DiploLocalError)
    return problem(visit_of(request, request.query_params.get("lang")), error)


def _answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: an unknown method, an unknown path."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _answer_error(request, ResourceNotFound(request.url.path))
    response = _answer_error(request, MethodRefused(request.method))
    response.headers["Allow"] = _ALLOWED.get(request.url.path, "GET, HEAD")
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
    return response
