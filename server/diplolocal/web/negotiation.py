"""`Accept`, a suffix or a parameter → a choice of format, profile and language (RFC 9110 §12,
Content Negotiation by Profile).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mimeparse

from diplolocal import formats, iris
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.formats import Format
from diplolocal.not_found import ResourceNotFound
from diplolocal.wording import Language, message, negotiate

_READ = 4_000
"""How many characters of an `Accept` are read: no client that is known sends as many."""

_RANGE = re.compile(
    r"""(?P<range><[^<>"]*>|[^\s;,"<>]+)(?P<parameters>(?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s;,"]*))*)"""
)
_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))""")


@dataclass(frozen=True, slots=True)
class Profile:
    """A model that a description may follow: its IRI (RFC 6906), and its name in an address."""

    iri: str
    token: str


OWN = Profile(iris.ONTOLOGY, "diplolocal")
SCHEMA = Profile("https://schema.org/", "schema")
PROFILES = (OWN, SCHEMA)
"""The models that things are described in; the first is the default."""

_SPELLINGS = {
    "http://schema.org/": SCHEMA,
    "https://schema.org": SCHEMA,
    "http://schema.org": SCHEMA,
}


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
        # A comma within quotes parts nothing, and no parameter that may be quoted matters here.
        best = mimeparse.best_match(preferred, re.sub(r'"[^"]*"', '""', accept.lower()))
    except mimeparse.MimeTypeParseException:
        return offered[0]
    return next((fmt for fmt in offered if fmt.media_type == best), None)


def preferred(accept: str | None, offered: Sequence[Format]) -> Format:
    """The same. Raises NotAcceptable where none fits (RFC 9110 §15.5.7)."""
    fmt = choose(accept, offered)
    if fmt is None:
        raise NotAcceptable([each.media_type for each in offered])
    return fmt


def suffixed(offered: Sequence[Format], path: str, suffix: str) -> Format:
    """The offered format of the suffix that an address has after the path. Raises ResourceNotFound
    where there is none.
    """
    fmt = formats.by_suffix(offered, suffix)
    if fmt is None:
        raise ResourceNotFound(f"{path}.{suffix}")
    return fmt


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


def profile(
    asked: str | None,
    *,
    accept: str | None = None,
    media_type: str | None = None,
    accept_profile: str | None = None,
) -> Profile | None:
    """The profile that is asked for, None where none is that we know: by its name or IRI in the
    address (`asked`), by the parameter `profile` of the media type in `Accept` (RFC 6906 §3.1), or
    by `Accept-Profile`.

    Raises BadRequest where the address names one that there is not.
    """
    if asked is not None:
        known = next((each for each in PROFILES if each.token == asked), None) or _profile(asked)
        if known is None:
            raise BadRequest(
                message(
                    "There is no profile {name}. Choose one of: {offered}.",
                    name=asked,
                    offered=", ".join(each.token for each in PROFILES),
                )
            )
        return known
    wanted = [
        iri
        for name, parameters in _ranges(accept)
        if name.lower() == media_type
        for iri in parameters.get("profile", "").split()
    ]
    wanted += [name.strip("<>") for name, _ in _ranges(accept_profile)]
    return next((found for iri in wanted if (found := _profile(iri))), None)


def _profile(iri: str) -> Profile | None:
    return next((each for each in PROFILES if each.iri == iri), None) or _SPELLINGS.get(iri)


def _ranges(header: str | None) -> Iterator[tuple[str, dict[str, str]]]:
    """What a header accepts, with the parameters of each, the most welcome first."""
    found = []
    for position, each in enumerate(_RANGE.finditer((header or "")[:_READ])):
        parameters = {
            name.lower(): quoted or bare
            for name, quoted, bare in _PARAMETER.findall(each["parameters"])
        }
        weight = _weight(parameters.pop("q", "1"))
        if weight:
            found.append((-weight, position, each["range"], parameters))
    for _, _, name, parameters in sorted(found, key=lambda each: each[:2]):
        yield name, parameters


def _weight(text: str) -> float:
    """A weight (RFC 9110 §12.4.2); what is none is as good as 1."""
    return float(text) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", text, re.ASCII) else 1.0


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
