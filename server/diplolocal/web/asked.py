"""What a request asks: the parameters of its address and of its body, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.requests import ClientDisconnect

from diplolocal.bad_requests import BadRequest, RequestTooLarge, UnsupportedMediaType
from diplolocal.formats import Format
from diplolocal.wording import message

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
READ = (QUERY, FORM)
"""The kinds of body that a query may come in."""

WITH_BODY = ("POST", "QUERY")
"""The methods that ask by a body (RFC 9110 §9.3.3; the HTTP QUERY method)."""

_DIRECT = {QUERY: "query", "application/sparql-update": "update"}
_DRAINED = 20
"""How many times as much as is read is taken from whoever sends too much, and thrown away: who is
cut off in the middle of sending does not read the answer.
"""

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the parameters of the protocol (SPARQL 1.1 Protocol §2.1) and ours."""

    parameters: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter."""
        return tuple(value for key, value in self.parameters if key == name)

    def one(self, name: str) -> str | None:
        """The value of a parameter that may be given once. Raises BadRequest where it is given more
        often.
        """
        values = self.all(name)
        if len(values) > 1:
            raise BadRequest(
                message("The parameter {name} is given more than once. Give it once.", name=name)
            )
        return values[0] if values else None

    def seconds(self) -> float | None:
        """How long the client will wait (`timeout`). Raises BadRequest for what is no such time."""
        given = self.one("timeout")
        if given is None:
            return None
        if not _SECONDS.fullmatch(given) or not float(given):
            raise BadRequest(
                message(
                    "The parameter timeout cannot be {given}. Give a number of seconds above zero,"
                    " such as 5 or 0.5.",
                    given=given,
                )
            )
        return float(given)

    def file_stem(self) -> str | None:
        """What the file that the answer is wanted as is called (`download`), without suffix; None
        where it is not wanted as a file. Raises BadRequest for what is more than a name.
        """
        given = self.one("download")
        if given and not _FILE_NAME.fullmatch(given):
            raise BadRequest(
                message(
                    "A file cannot be called {given} here. Use letters without accents, digits,"
                    " hyphens, underscores and dots.",
                    given=given,
                )
            )
        return None if given is None else given or "diplolocal"


def saved(stem: str | None, fmt: Format) -> Mapping[str, str]:
    """The header by which a browser saves an answer instead of showing it (RFC 6266)."""
    if stem is None:
        return {}
    suffix = f".{fmt.suffix}"
    return {"Content-Disposition": f'attachment; filename="{stem.removesuffix(suffix)}{suffix}"'}


async def asked_of(request: Request) -> Asked:
    """The parameters of the address and of the body, as the three ways of the protocol put them."""
    address = parameters(request.url.query)
    if request.method not in WITH_BODY:
        return Asked(address)
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    body = await _body(request)
    if kind == FORM:
        return Asked((*address, *parameters(body)))
    if name := _DIRECT.get(kind):
        return Asked((*address, (name, body)))
    raise UnsupportedMediaType(
        message(
            "A query is sent as {form} or as {query}, not as {kind}.",
            form=FORM,
            query=QUERY,
            kind=content_type or "?",
        )
    )


def parameters(encoded: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a form or an address. Raises BadRequest where it is not properly encoded
    (RFC 3986 §2.1), or not in UTF-8.
    """
    if _BROKEN_ESCAPE.search(encoded):
        raise BadRequest(
            message(
                "A percent sign stands without two hexadecimal digits. Write the sign itself as"
                " {sign}.",
                sign="%25",
            )
        )
    try:
        return tuple(parse_qsl(encoded, keep_blank_values=True, errors="strict"))
    except (UnicodeDecodeError, ValueError) as error:
        raise _not_utf_8() from error


async def _body(request: Request) -> str:
    """The body as text. Raises RequestTooLarge where it is larger than is read here, BadRequest
    where it is not UTF-8.
    """
    limit = request.app.state.parts.query_bytes
    received, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= limit:
                received += chunk
            if size > limit * _DRAINED:
                break
    except ClientDisconnect as error:
        raise BadRequest(message("The request broke off before its end.")) from error
    if size > limit:
        raise RequestTooLarge(limit)
    declared = request.headers.get("content-type", "").lower()
    if "charset=" in declared and "utf-8" not in declared:
        raise _not_utf_8()
    try:
        return received.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf_8() from error


def _not_utf_8() -> BadRequest:
    return BadRequest(message("The query is not UTF-8. Send it as UTF-8."))
