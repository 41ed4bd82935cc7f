"""Which other endpoints a query would make this server ask: those that are listed, no other.

`SERVICE <http://…>` makes the *server* fetch an address that a stranger chose, SILENT included.
Engines read the space between words more freely than the grammar of SPARQL does, so the text is
read in every way it can be read, and refused if one of them calls anything else.
"""

import re
import socket
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from diplolocal.store import Query
from diplolocal.store_errors import QueryRefused
from diplolocal.wording import message

_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_NAME = re.compile(r"[?$]\w+|:\w[\w-]*")
_IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_ADDRESS = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_STRING = re.compile(
    r"""
      \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
    | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n\r]|\\.)*"
    | '(?:[^'\\\n\r]|\\.)*'
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"#[^\n\r]*")
_CALL = re.compile(r"SERVICE[ \t\r\n]*(?:SILENT[ \t\r\n]*)?<([^<>]*)>", re.IGNORECASE | re.ASCII)
"""A call whose target is written out; a comment in between counts as none, and is refused."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 as IPv6 (RFC 6052 §2.1)."""


def calls(query: Query) -> bool:
    """Whether some reading of the query has a SERVICE clause (SPARQL 1.1 Federated Query §2)."""
    return any(True for _ in _targets(query))


def refuse(query: Query) -> None:
    """Raise QueryRefused for a query with a SERVICE clause."""
    check(query, ())


def check(query: Query, allowed: Collection[str]) -> tuple[str, ...]:
    """The endpoints that the query asks, each once; none where it has no SERVICE clause.

    Raises QueryRefused unless each is an IRI written out that is one of those allowed, letter by
    letter. A host that is a name must lead to the public Internet; an address, or `localhost`, is
    meant where it is listed.
    """
    asked = []
    for target in dict.fromkeys(_targets(query)):
        if target is None or target not in allowed:
            raise _refusal(target, allowed)
        asked.append(target)
    for endpoint in asked:
        if not _leads_outside(endpoint):
            raise QueryRefused(
                message(
                    "SERVICE <{endpoint}> is not answered: its name leads into a private network."
                    " An operator who means that lists its address instead.",
                    endpoint=endpoint,
                )
            )
    return tuple(asked)


def _refusal(target: str | None, allowed: Collection[str]) -> QueryRefused:
    if not allowed:
        return QueryRefused(
            message(
                "SERVICE is not answered here: this server asks no other. Ask the other endpoint"
                " yourself, or let it ask this one."
            )
        )
    listed = ", ".join(f"<{endpoint}>" for endpoint in sorted(allowed))
    if target is None:
        return QueryRefused(
            message(
                "SERVICE must be followed by the IRI of an endpoint in angle brackets, written out:"
                " no variable, no prefixed name, no escape, no comment before it. This server asks:"
                " {listed}.",
                listed=listed,
            )
        )
    return QueryRefused(
        message(
            "SERVICE <{endpoint}> is not answered here. This server asks: {listed}. Ask the other"
            " endpoint yourself, or let it ask this one; an operator adds one with the setting"
            " DIPLOLOCAL_SERVICES.",
            endpoint=target[:200],
            listed=listed,
        )
    )


def _leads_outside(endpoint: str) -> bool:
    """Whether an endpoint that is listed by a name is in the public Internet, as far as is known
    now; one without an address is nowhere.
    """
    try:
        host = urlsplit(endpoint).hostname or ""
    except ValueError:  # no address that anybody could mean
        return False
    if host == "localhost" or _address(host):
        return True
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(_is_public(str(address[0])) for *_, address in found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_public(text: str) -> bool:
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        last = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
        address = address.ipv4_mapped or address.sixtofour or last or address
    return address.is_global and not address.is_multicast


def _targets(query: Query) -> Iterator[str | None]:
    """What each SERVICE of each reading calls; None where that is not an IRI written out."""
    # Code-point escapes may be read before all else (SPARQL 1.1 Query §19.2) or where they stand.
    for text in dict.fromkeys((query.text, _CODE_POINT.sub(_character, query.text))):
        if "SERVICE" in text.upper():
            yield from _called(text)


def _called(text: str) -> Iterator[str | None]:
    """What is called where, in some reading of the text, the word stands where a keyword can be.

    A place that a reading reaches outside names, IRIs, strings and comments leads on to others. `<`
    is read both ways, as the beginning of an IRI and as "less than", unless `://` shows that it can
    only be an IRI; all else has one reading.
    """
    reached = bytearray(len(text) + 1)
    reached[0] = True
    for place, character in enumerate(text):
        if not reached[place]:
            continue
        if text[place : place + 7].upper() == "SERVICE":
            call = _CALL.match(text, place)
            yield call[1] if call else None
        if found := _skipped(text, place, character):
            reached[found.end()] = True
        if not found or (character == "<" and not _ADDRESS.match(text, place)):
            # An escaped character of a local name opens nothing: \\# is no comment.
            reached[min(place + (2 if character == "\\" else 1), len(text))] = True


def _skipped(text: str, place: int, character: str) -> re.Match[str] | None:
    """What begins here and can hold no keyword."""
    match character:
        case "?" | "$" | ":":
            return _NAME.match(text, place)
        case "<":
            return _IRI.match(text, place)
        case '"' | "'":
            return _STRING.match(text, place)
        case "#":
            return _COMMENT.match(text, place)
    return None


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= 0x10FFFF else found[0]
