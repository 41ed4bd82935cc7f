"""What every request is taken out of and every answer is put into: the path below which the site
is, and the headers that all answers have.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diplolocal.web.signposts import LICENSE

ONLY_OURS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
}
_VERSION = "Dataset-Version"
_LICENSED = f'<{LICENSE}>; rel="license"'
_OF_THE_PROGRAM = ("/static/", "/healthz", "/readyz", "/metrics", "/openapi.json")
"""What is not data: the program has a licence of its own."""


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


class Always:
    """What every answer says: that browsers may fetch, run and send nothing but what is of this
    site (Content Security Policy §3) and are to believe its media type; the version number of the
    data; and, where it is data, their licence (RFC 4946 §2.1).
    """

    def __init__(self, app: ASGIApp, *, release: str | None) -> None:
        self._app = app
        self._headers = {**ONLY_OURS, **({_VERSION: release} if release else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI 3.0)."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if _is_data(scope["path"], message["status"]):
                    _license(headers)
            await send(message)

        await self._app(scope, receive, guarded)


def _is_data(path: str, status: int) -> bool:
    return (status < 300 or status == 304) and not path.startswith(_OF_THE_PROGRAM)


def _license(headers: MutableHeaders) -> None:
    """Join the licence to the links that the answer has, unless it is among them."""
    links = ", ".join(headers.getlist("link"))
    if 'rel="license"' not in links:
        headers["Link"] = f"{links}, {_LICENSED}" if links else _LICENSED
