"""`Accept`, a suffix or a parameter → a choice of format and language (RFC 9110 §12)."""

import re
from collections.abc import Sequence

import mimeparse

from diplolocal import formats
from diplolocal.errors import BadRequest
from diplolocal.formats import Format
from diplolocal.wording import Language, message, negotiate

_READ = 4_000
"""How many characters of an `Accept` are read: no client that is known sends as many."""


def choose(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """The offered format that the client likes best, the first offered where it has no preference,
    None where none fits.

    A header that cannot be read is as good as none.
    """
    if accept and len(accept) > _READ:
        accept = accept[:_READ].rpartition(",")[0]
    if not accept or not accept.strip(", \t"):
        return offered[0]
    # python-mimeparse prefers the last of equals, and knows only lower-case types.
    preferred = [fmt.media_type for fmt in reversed(offered)]
    try:
        best = mimeparse.best_match(preferred, accept.lower())
    except mimeparse.MimeTypeParseException:
        return offered[0]
    return next((fmt for fmt in offered if fmt.media_type == best), None)


def choose_each(
    accept: str | None, names: Sequence[str], tables: Sequence[Sequence[Format]]
) -> tuple[Format | None, ...]:
    """The format chosen from each of the tables: as the parameter `format` names it, or else as
    `Accept` does. SPARQLWrapper sends several names: the first that is known is meant.

    Raises BadRequest where no table has what is named.
    """
    if not names:
        return tuple(choose(accept, offered) for offered in tables)
    chosen = tuple(formats.named(offered, names) for offered in tables)
    if not any(chosen):
        suffixes = dict.fromkeys(fmt.suffix for offered in tables for fmt in offered)
        raise BadRequest(
            message(
                "There is no format {name}. Choose one of: {offered}.",
                name=", ".join(names),
                offered=", ".join(suffixes),
            )
        )
    return chosen


def speak(accept_language: str | None, asked: str | None) -> Language:
    """The language of a page: what was asked for in the address, else what the client prefers, else
    Spanish.
    """
    if asked in tuple(Language):
        return Language(asked)
    weighted = []
    for position, part in enumerate((accept_language or "").split(",")):
        if found := re.fullmatch(
            r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part
        ):
            weighted.append((-float(found[2] or 1), position, found[1]))
    return negotiate([tag for weight, _, tag in sorted(weighted) if weight < 0])
