"""The site in a language that its addresses name: `/es/…` and `/en/…`.

Routes do not know: the language is taken off the path before them, and stands in the scope.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from diplolocal.wording import LANGUAGES, Language

_SPOKEN = "diplolocal.language"


class Spoken:
    """An application (ASGI 3.0) whose every address exists in each language as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        if scope["type"] == "http":
            scope = _without_language(scope)
        await self._app(scope, receive, send)


def language_of(scope: Scope) -> Language | None:
    """The language that the address names."""
    return scope.get(_SPOKEN)


def _without_language(scope: Scope) -> Scope:
    path: str = scope["path"]
    for language in LANGUAGES:
        first = f"/{language}"
        if path == first or path.startswith(first + "/"):
            return {
                **scope,
                "path": path.removeprefix(first) or "/",
                "raw_path": scope.get("raw_path", b"").removeprefix(first.encode()) or b"/",
                _SPOKEN: language,
            }
    return scope
