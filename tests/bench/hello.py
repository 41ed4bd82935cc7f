"""The least that a server of this kind can do; pages asked again are measured beside it."""

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

BODY = b"hello"


async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer every request with the same five bytes (ASGI 3.0)."""
    assert scope["type"] == "http"
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(BODY))]
    await send(
        {"type": "http.response.start", "status": 200, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": BODY, "more_body": False})
