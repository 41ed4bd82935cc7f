"""What an address sets: parameters that are known there, none of them empty, and what is meant by
the value of a filter.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from diplolocal import listing
from diplolocal.bad_requests import BadRequest
from diplolocal.parameters import Parameter
from diplolocal.web import asked, at_hand
from diplolocal.web.responses import Visit
from diplolocal.wording import message

Given = Mapping[str, Sequence[str]]
"""The values of each parameter that is set."""

MOST = 1_000
"""How many members a page has at most."""
LIMIT_NAME = "limit"
RANGE = ("monthFrom", "monthTo")
_MANY = 200
"""How many parameters are read."""


def given(visit: Visit, path: str, *, known: Sequence[str], once: Collection[str]) -> Given:
    """What the address of the list at that path sets, by parameter. Raises BadRequest for what is
    not known, for what is empty, and for what is given more than once and may not be.
    """
    pairs = asked.parameters(visit.request.url.query)
    if len(pairs) > _MANY:
        raise BadRequest(
            message(
                "The address has {count} parameters; at most {most} are read. Ask for less.",
                count=len(pairs),
                most=_MANY,
            )
        )
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in known:
            raise BadRequest(
                message(
                    "The list {list} has no parameter {name}. It has: {known}.",
                    list=path,
                    name=name,
                    known=", ".join(known),
                )
            )
        if not value.strip():
            raise BadRequest(
                message(
                    "The parameter {name} is empty. Give it a value, or leave it out.", name=name
                )
            )
        found.setdefault(name, []).append(value)
    for name in (name for name in once if len(found.get(name, ())) > 1):
        raise BadRequest(
            message("The parameter {name} is given more than once. Give it once.", name=name)
        )
    return found


def filled(visit: Visit, known: Collection[str]) -> str | None:
    """The query of the address without the parameters that have no value, which a form sends for
    each of its fields that is left empty; None where there are none, or where there is something
    else that cannot be.
    """
    pairs = asked.parameters(visit.request.url.query)
    kept = [(name, value) for name, value in pairs if value.strip()]
    is_of_a_form = len(kept) < len(pairs) <= _MANY and {name for name, _ in pairs} <= {*known}
    return urlencode(kept, safe=":/") if is_of_a_form else None


def one(of: Given, name: str) -> str | None:
    """The value of a parameter that is given once."""
    return of[name][0] if name in of else None


def values(
    visit: Visit, parameter: Parameter, texts: Sequence[str]
) -> Sequence[NamedNode | Literal]:
    """What is meant by the values of a filter, each once. Raises BadRequest where nothing is meant,
    or more than one thing.
    """
    found = {
        listing.value(
            parameter,
            each,
            visit.parts.prefixes,
            things=at_hand.things(visit, parameter),
            names=partial(at_hand.names, visit, parameter),
        )
        for each in texts
    }
    return sorted(found, key=str)


def limit(of: Given) -> int | None:
    """How many members a page is to have. Raises BadRequest for what is no such number."""
    text = one(of, LIMIT_NAME)
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > MOST:
        raise BadRequest(
            message(
                "The parameter limit cannot be {given}. Give a number from 1 to {most}.",
                given=text,
                most=MOST,
            )
        )
    return int(text)


def check_range(months: Sequence[str]) -> None:
    """Raises BadRequest where the first month, if there are two, is after the last."""
    if list(months) != sorted(months):
        raise BadRequest(
            message(
                "{since} is after {until}, so nothing is between them. Turn them round.",
                since=f"monthFrom={months[0]}",
                until=f"monthTo={months[1]}",
            )
        )
