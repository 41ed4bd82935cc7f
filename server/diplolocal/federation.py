"""Which queries would make this server ask another one: they are refused.

`SERVICE <http://…>` makes the *server* fetch an address that a stranger chose, SILENT included.
Engines read the space between words more freely than the grammar of SPARQL does, so the text is
read in every way it can be read, and refused if one of them has the word.
"""

import re

from diplolocal.errors import QueryRefused
from diplolocal.store import Query
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


def refuse(query: Query) -> None:
    """Raise QueryRefused for a query with a SERVICE clause (SPARQL 1.1 Federated Query §2)."""
    # Code-point escapes may be read before all else (SPARQL 1.1 Query §19.2) or where they stand.
    if _calls(query.text) or _calls(_CODE_POINT.sub(_character, query.text)):
        raise QueryRefused(
            message(
                "SERVICE is not answered here: this server asks no other. Ask the other endpoint"
                " yourself, or let it ask this one."
            )
        )


def _calls(text: str) -> bool:
    """Whether some reading of the text has the word where a keyword can be.

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
            return True
        if found := _skipped(text, place, character):
            reached[found.end()] = True
        if not found or (character == "<" and not _ADDRESS.match(text, place)):
            # An escaped character of a local name opens nothing: \\# is no comment.
            reached[min(place + (2 if character == "\\" else 1), len(text))] = True
    return False


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
