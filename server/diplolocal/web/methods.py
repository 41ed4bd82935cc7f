"""Which methods an address has, and that any page of the web may use them.

Data for everyone, without credentials: every answer says so, refusals too (Fetch Standard §3.2).
An OPTIONS request is answered with the methods of its address (RFC 9110 §9.3.7), a browser's
preflight among them.
"""

from collections.abc import Mapping, Sequence

from fastapi.responses import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diplolocal.web.asked import READ

_OPEN = {
    "Access-Control-Allow-Origin": "*",
    # All of them: nothing here is sent with credentials (Fetch Standard §3.2.3).
    "Access-Control-Expose-Headers": "*",
}
_DAY = "86400"


def allowed(scope: Scope) -> tuple[str, ...]:
    """The methods of the address that is asked; those of a page where there is no such address."""
    routes: Sequence[Route] = scope["app"].state.routes
    path = next((each.path for each in routes if each.matches(scope)[0] is not Match.NONE), None)
    found = {"GET", "OPTIONS"} if path is None else {"OPTIONS"}
    for route in routes:
        if route.path == path:
            found |= route.methods or set()
    return tuple(sorted(found | {"HEAD"} if "GET" in found else found))


def allow(methods: Sequence[str]) -> Mapping[str, str]:
    """The headers that name the methods of an address (RFC 9110 §10.2.1), and the kinds of body
    that a QUERY may have there.
    """
    headers = {"Allow": ", ".join(methods)}
    return {**headers, "Accept-Query": ", ".join(READ)} if "QUERY" in methods else headers


class OpenToAll:
    """An application (ASGI 3.0) that pages of other sites may read, and that knows its methods."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""

        async def openly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_OPEN)
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await _options(scope)(scope, receive, openly)
        else:
            await self._app(scope, receive, openly)


def _options(scope: Scope) -> Response:
    methods = allow(allowed(scope))
    headers = {"Cache-Control": "no-store", **methods}
    asked = Headers(scope=scope)
    if "access-control-request-method" in asked:
        headers |= {
            "Access-Control-Allow-Methods": methods["Allow"],
            "Access-Control-Allow-Headers": asked.get("access-control-request-headers", "*"),
            "Access-Control-Max-Age": _DAY,
            "Vary": "Access-Control-Request-Headers",
        }
    return Response(status_code=204, headers=headers)


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
