"""The page of an example query: its form, text, answer, and the code to ask it elsewhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi.responses import Response
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from diplolocal import iris
from diplolocal.examples import Kind
from diplolocal.formats import CSV, GRAPH, JSON, TSV, XML
from diplolocal.resources import Names
from diplolocal.store import Answer, Term
from diplolocal.web.chosen import Chosen, Field
from diplolocal.web.responses import Visit, page
from diplolocal.web.shown import show
from diplolocal.web.snippets import snippets

ASK = "ask"
"""The parameter by which a reader says that an example that asks other endpoints may do so."""
TABLE = (CSV, TSV, JSON, XML)
"""How the answer of a query that gives a table, or yes or no, is offered."""

MOST = 200
"""How many rows or triples of an answer the page shows; the downloads have all."""
_CHOICES = 300
"""How many choices a list has that one looks through; more are searched by typing."""
_CODE = re.compile(r"[+-]?0[0-9]+")

_SPOKEN = {"en": "English", "es": "Español"}
_NUMERIC = tuple("http://www.w3.org/2001/XMLSchema#" + name for name in ("integer", "gYear"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen: how it is given, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the form: its choices, to look through where they are `listed` and else to search,
    and what is written there.
    """

    name: str
    label: str
    written: str
    choices: tuple[Choice, ...] = ()
    listed: bool = False
    numeric: bool = False


def example_page(
    visit: Visit, chosen: Chosen, answer: Answer | None, headers: Mapping[str, str]
) -> Response:
    """The page with the answer, or without where it was not asked for."""
    example = chosen.example
    texts = _codes(answer) if answer and example.kind is Kind.TABLE else ()
    is_graph = example.kind is Kind.GRAPH
    return page(
        visit,
        "query.html",
        headers=headers,
        permalink=chosen.path(),
        example=example,
        chosen=chosen,
        entries=[_entry(visit, each) for each in chosen.fields],
        shown=show(visit, answer, most=MOST) if answer else None,
        snippets=snippets(visit, chosen, texts=texts),
        downloads=GRAPH if is_graph else TABLE,
        dot="/answer." if is_graph else ".",
        editor=visit.to("/sparql", {"query": chosen.query.text}),
        path=visit.base + iris.path_of(example.iri),
    )


def _codes(answer: Answer) -> Sequence[str]:
    """The columns of a table that hold codes which only look like numbers, in any of its rows."""
    found = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    columns = [variable.value for variable in found.variables]
    holding = {column for row in found for column in columns if _is_code(row[column])}
    return [column for column in columns if column in holding]


def _is_code(term: Term | None) -> bool:
    """Whether it is a text that a program would take for a number, and lose its first digit."""
    return isinstance(term, Literal) and _CODE.fullmatch(term.value) is not None


def _entry(visit: Visit, chosen: Field) -> Entry:
    parameter = chosen.parameter
    entry = Entry(parameter.name, parameter.label[visit.content], chosen.value.value)
    if parameter.options:
        options = tuple(Choice(text, _SPOKEN.get(text, text)) for text in parameter.options)
        return replace(entry, choices=options, listed=True)
    if isinstance(chosen.value, Literal):
        return replace(entry, numeric=parameter.datatype in _NUMERIC)
    choices = _choices(visit, chosen.choices)
    listed = len(choices) <= _CHOICES
    written = next((each.value for iri, each in choices if iri == chosen.value.value), "")
    by_name = sorted((choice for _, choice in choices), key=lambda each: _folded(each.label))
    return replace(entry, written=written, choices=tuple(by_name), listed=listed)


def _choices(visit: Visit, offered: Names) -> list[tuple[str, Choice]]:
    """What there is to choose from. A few are given by prefixed name; many are searched by typing,
    so they are given by what they are called, where nothing else is called so.
    """
    called = {iri: labels[visit.content] for iri, labels in offered.items()}
    used = Counter(
        label.casefold() for labels in offered.values() for label in set(labels.values())
    )
    found = []
    for iri, label in called.items():
        name, alone = iris.shorten(iri, visit.parts.prefixes), used[label.casefold()] == 1
        by_name = alone and len(called) > _CHOICES
        found.append(
            (iri, Choice(label if by_name else name, label if alone else f"{label} ({name})"))
        )
    return found


def _folded(label: str) -> str:
    """The label to be sorted by: without accents, as dictionaries do."""
    return unicodedata.normalize("NFD", label).encode("ascii", "ignore").decode().casefold()
