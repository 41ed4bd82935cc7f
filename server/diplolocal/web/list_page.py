"""The page of a list: its filters as a form, its members, and the query that it stands for."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import iris, listing, resources
from diplolocal.formats import CSV, GRAPH
from diplolocal.parameters import Parameter
from diplolocal.resources import Names
from diplolocal.store import plain
from diplolocal.web import at_hand
from diplolocal.web.given import LIMIT_NAME
from diplolocal.web.listed import (
    SINCE,
    UNTIL,
    Listed,
    dated_until,
    query_of,
)
from diplolocal.web.responses import Visit, page

_LOOKED_THROUGH = 300
"""How many choices a field has that one looks through; of more, one writes the name."""
_SHOWN = 3
"""How many columns the page shows of a member."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the form: what is written in it, what that is called, and its choices, each as it
    is given and as it is called; none where one writes.
    """

    name: str
    label: str
    written: str
    called: str
    choices: tuple[tuple[str, str], ...]


def list_page(visit: Visit, found: Listed, headers: Mapping[str, str]) -> Response:
    """The page of the list."""
    of, store = found.listing, visit.parts.store
    facts = listing.facts_of(store, of, found.things)
    columns = of.columns[:_SHOWN]
    shown = {
        plain(value)
        for said_of in facts.values()
        for values in said_of.values()
        for value in values
        if isinstance(value, NamedNode)
    }
    names = resources.names_of(store, {*shown, *facts, *(each.property for each in columns)})
    return page(
        visit,
        "list.html",
        headers=headers,
        found=found,
        facts=facts,
        columns=columns,
        names=names,
        entries=[each for parameter in of.filters for each in _entries(visit, found, parameter)],
        path=f"{visit.base}/{of.name}",
        downloads=(*GRAPH, CSV),
        address=lambda start, **more: query_of(visit, found, start, **_asked(visit), **more),
        whole=query_of(visit, found),
        editor="?" + urlencode({"query": found.text, **_asked(visit)}),
        between=_between(found),
        undated=dated_until(visit, found) is not None,
        limit_name=LIMIT_NAME,
    )


def _asked(visit: Visit) -> dict[str, str]:
    return {"lang": visit.content} if visit.content is not visit.language else {}


def _between(found: Listed) -> dict[str, str]:
    """The days between which the members were changed, as the form keeps them."""
    span = {SINCE: found.span.since, UNTIL: found.span.until}
    return {name: day for name, day in span.items() if day}


def _entries(visit: Visit, found: Listed, parameter: Parameter) -> list[Entry]:
    """The fields of a filter: one for each of its values, and one to begin with."""
    things = at_hand.things(visit, parameter)
    values = found.values.get(parameter.name, ())
    if 0 < len(things) <= _LOOKED_THROUGH:
        names = at_hand.names(visit, parameter)
        choices = _choices(visit, names)
    else:
        chosen = [value.value for value in values if isinstance(value, NamedNode)]
        names, choices = resources.names_of(visit.parts.store, chosen) if chosen else {}, ()
    empty = Entry(parameter.name, parameter.label[visit.language], "", "", choices)
    return [
        replace(
            empty,
            written=iris.shorten(value.value, visit.parts.prefixes) if things else value.value,
            called=names.get(value.value, {}).get(visit.content, ""),
        )
        for value in values
    ] or [empty]


def _choices(visit: Visit, names: Names) -> tuple[tuple[str, str], ...]:
    """The choices by name, as dictionaries order them: without regard to accents."""
    written = [
        (iris.shorten(iri, visit.parts.prefixes), said.get(visit.content, iri))
        for iri, said in names.items()
    ]
    return tuple(sorted(written, key=lambda each: (_folded(each[1]), each[0])))


def _folded(label: str) -> str:
    return unicodedata.normalize("NFD", label).encode("ascii", "ignore").decode().casefold()
