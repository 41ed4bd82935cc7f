"""What is shown of an answer: the first of it, and how much there is in all."""

from collections.abc import Mapping

import pytest
from fastapi import Request
from pyoxigraph import Literal, NamedNode

from diplolocal.formats import HTML
from diplolocal.store import PATIENT, Answer, Query
from diplolocal.store_errors import AnswerTooLarge
from diplolocal.web import answers
from diplolocal.web.parts import Parts
from diplolocal.web.responses import Visit
from diplolocal.web.shown import Shown, show
from diplolocal.wording import Language

JALISCO = "https://w3id.org/diplolocal/id/place/mx-jal"
NUMBERS = "SELECT ?n { VALUES ?n { 1 2 3 4 5 } }"
GRAPH_OF_FIVE = (
    "CONSTRUCT { ?n <urn:is> ?n } { VALUES ?n { <urn:1> <urn:2> <urn:3> <urn:4> <urn:5> } }"
)


@pytest.fixture
def visit(parts: Parts) -> Visit:
    """A visit of nobody in particular."""
    request = Request({"type": "http", "headers": [], "path": "/", "query_string": b""})
    return Visit(request, parts, Language.EN, Language.EN)


def test_yes_and_no_are_shown_as_such(visit: Visit) -> None:
    assert asked(visit, "ASK {}") == Shown(truth=True)
    assert asked(visit, "ASK { FILTER(false) }") == Shown(truth=False)


@pytest.mark.parametrize(("most", "first"), [(2, 2), (5, 5), (1000, 5)])
def test_the_first_rows_are_shown_and_all_are_counted(visit: Visit, most: int, first: int) -> None:
    shown = asked(visit, NUMBERS, most=most)
    assert (shown.first, shown.total) == (first, 5)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    assert shown.rows == [(Literal(str(n), datatype=integer),) for n in range(1, first + 1)]


@pytest.mark.parametrize(("most", "first"), [(2, 2), (5, 5), (1000, 5)])
def test_the_first_triples_are_shown_and_all_are_counted(
    visit: Visit, most: int, first: int
) -> None:
    shown = asked(visit, GRAPH_OF_FIVE, most=most)
    assert (shown.first, shown.total) == (first, 5)
    lines = [f"<urn:{n}> <urn:is> <urn:{n}> ." for n in range(1, first + 1)]
    assert str(shown.turtle).splitlines() == lines


def test_a_triple_counts_once_however_often_it_is_given(visit: Visit) -> None:
    line = b'<urn:a> <urn:b> "two\\nlines"@en .\n'
    other = b"<urn:a> <urn:b> <urn:c> .\n"
    shown = show(visit, Answer(line + other + line, "application/n-triples"), most=1)
    assert (shown.first, shown.total) == (1, 2)
    assert str(shown.turtle).splitlines()[-1] == '<urn:a> <urn:b> "two\\nlines"@en .'


@pytest.mark.parametrize(
    "query", ["SELECT ?a { ?a a <urn:n> }", "CONSTRUCT WHERE { ?a a <urn:n> }"]
)
def test_nothing_is_none_of_none(visit: Visit, query: str) -> None:
    shown = asked(visit, query)
    assert (shown.first, shown.total, list(shown.rows), shown.truth) == (0, 0, [], None)
    assert (shown.turtle is not None) == query.startswith("CONSTRUCT")


def test_a_row_without_columns_is_a_row(visit: Visit) -> None:
    shown = asked(visit, "SELECT * {}")
    assert (shown.total, shown.columns, shown.rows) == (1, [], [()])


@pytest.mark.parametrize(
    ("values", "numeric"),
    [
        ("(1 2.5) (3e0 4)", {"a", "b"}),
        ("(1 UNDEF) (UNDEF 2)", {"a", "b"}),
        ("(1 'one') (2 2)", {"a"}),
        ("('09' UNDEF) ('10' UNDEF)", set[str]()),
    ],
)
def test_columns_of_numbers_alone_are_numeric(visit: Visit, values: str, numeric: set[str]) -> None:
    assert asked(visit, f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}").numeric == numeric


def test_only_what_is_shown_is_named(visit: Visit) -> None:
    query = f"SELECT ?a {{ VALUES ?a {{ <urn:unknown> <{JALISCO}> }} }}"
    names: Mapping[str, Mapping[str, str]] = {JALISCO: {"es": "Jalisco", "en": "Jalisco"}}
    assert asked(visit, query).names == names
    assert asked(visit, query, most=1).names == {}


def test_a_cell_too_large_to_be_read_is_refused_and_no_bug(visit: Visit) -> None:
    long = ['BIND("' + "x" * 1000 + '" AS ?v0)']
    for step in (0, 1):
        long.append(f"BIND(CONCAT({', '.join([f'?v{step}'] * 150)}) AS ?v{step + 1})")
    with pytest.raises(AnswerTooLarge) as refused:
        asked(visit, f"SELECT ?v2 {{ {' '.join(long)} }}")
    assert refused.value.limit == 16 * 1024 * 1024


def asked(visit: Visit, query: str, *, most: int = 10) -> Shown:
    """What is shown of the answer to a query."""
    return show(visit, answers.ask(visit, Query(query), HTML, HTML, PATIENT), most=most)
