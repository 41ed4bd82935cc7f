"""Columns of labels beside columns of IRIs; all else stays as the engine wrote it."""

import csv
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad
from tests.conftest import SITE

from diplolocal import iris, labels, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import CSV, JSON, TSV, Format
from diplolocal.store import Query, Wanted
from diplolocal.store_errors import AnswerTooLarge
from diplolocal.wording import Language, say

PREF = "http://www.w3.org/2004/02/skos/core#prefLabel"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
EMPTY = EmbeddedStore()
KNOWN = {"x:a": "A", "x:b": 'B, "b"', "x:c": "C\nc\td", "x:d": "", "x:e": 'E"e', "x:f": "F\r"}
"""Labels that have to be quoted in CSV, escaped in TSV, or are empty."""


def test_a_column_of_iris_is_followed_by_their_labels() -> None:
    rows = "(<x:a> 1) (<x:b> 2)"
    assert labelled("?x ?n", rows, CSV) == b'x,xLabel,n\r\nx:a,A,1\r\nx:b,"B, ""b""",2\r\n'
    assert labelled("?x ?n", rows, TSV) == (
        b'?x\t?xLabel\t?n\n<x:a>\t"A"@en\t1\n<x:b>\t"B, \\"b\\""@en\t2\n'
    )


def test_a_label_of_two_lines_stays_one_cell() -> None:
    assert labelled("?x", "(<x:c>)", CSV) == b'x,xLabel\r\nx:c,"C\nc\td"\r\n'
    assert labelled("?x", "(<x:c>)", TSV) == b'?x\t?xLabel\n<x:c>\t"C\\nc\\td"@en\n'


def test_a_label_is_quoted_as_the_engine_quotes() -> None:
    rows = "(<x:e>) (<x:f>)"
    assert labelled("?x", rows, CSV) == b'x,xLabel\r\nx:e,"E""e"\r\nx:f,"F\r"\r\n'
    assert labelled("?x", rows, TSV) == b'?x\t?xLabel\n<x:e>\t"E\\"e"@en\n<x:f>\t"F\\r"@en\n'


def test_what_has_no_label_has_an_empty_cell() -> None:
    rows = '(<x:a>) (<x:none>) (UNDEF) ("x:a") (<x:d>)'
    assert labelled("?x", rows, CSV) == b"x,xLabel\r\nx:a,A\r\nx:none,\r\n,\r\nx:a,\r\nx:d,\r\n"
    assert labelled("?x", rows, TSV) == (
        b'?x\t?xLabel\n<x:a>\t"A"@en\n<x:none>\t\n\t\n"x:a"\t\n<x:d>\t""@en\n'
    )


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "(UNDEF 1)",
        "(<x:none> 1)",
        '("x:a" "<x:a>")',
        '("<x:a>" "\\t<x:a>")',
        "(<<( <x:a> <x:b> <x:c> )>> 1)",
        '("1"^^<x:a> "x:a"@en)',
    ],
)
@pytest.mark.parametrize("fmt", labels.FORMATS)
def test_a_table_without_an_iri_that_has_a_label_stays_as_it_is(rows: str, fmt: Format) -> None:
    assert labelled("?x ?y", rows, fmt) == written("?x ?y", rows, fmt)


def test_a_blank_node_has_no_label() -> None:
    answer = EMPTY.answer(
        Query("SELECT ?x ?y { BIND(BNODE() AS ?x) BIND(<x:a> AS ?y) }"),
        Wanted(JSON.media_type, None),
    )
    [_, [node, *others]] = table(labels.with_labels(answer.body, CSV, ask))
    assert node.startswith("_:")
    assert others == ["x:a", "A"]


def test_a_table_without_columns_stays_as_it_is() -> None:
    for fmt in labels.FORMATS:
        query, wanted = Query("SELECT * {}"), Wanted(fmt.media_type, None)
        answer = EMPTY.answer(query, Wanted(JSON.media_type, None)).body
        assert labels.with_labels(answer, fmt, ask) == EMPTY.answer(query, wanted).body


def test_a_name_that_is_taken_is_counted_on() -> None:
    rows = '(<x:a> <x:b> "here" <x:a>)'
    [header, row] = table(labelled("?x ?xLabel ?xLabel2 ?y", rows, CSV))
    assert header == ["x", "xLabel3", "xLabel", "xLabelLabel", "xLabel2", "y", "yLabel"]
    assert row == ["x:a", "A", "x:b", 'B, "b"', "here", "x:a", "A"]


def test_without_the_labels_the_table_is_byte_for_byte_that_of_the_engine() -> None:
    """Three hundred tables of what is hard to write, always the same ones."""
    chance = random.Random(11)
    cells = [
        *(f"<{iri}>" for iri in KNOWN),
        *("<x:none>", "<http://é.example/ñ?a=b,c;d>", "UNDEF", "1", "1.50", "-0.1e-7", "true"),
        *('""', '"a,b"', '"a\\"b"', '"\\r\\n"', '"\\r"', '"\\n"', '"\\t"', '" a "', '"x:a"'),
        *('"<x:a>"', '"ñ"@es-MX', '"-"@en', "'\\\\t'", '"1"^^<x:a>', '"INF"^^<x:double>'),
        "<<( <x:a> <x:b> <x:c> )>>",
    ]
    for _ in range(300):
        names = chance.sample(["x", "y", "xLabel", "z", "año"], k=chance.randint(1, 5))
        rows = [[chance.choice(cells) for _ in names] for _ in range(chance.randint(0, 6))]
        variables = " ".join(f"?{name}" for name in names)
        values = " ".join(f"({' '.join(row)})" for row in rows)
        labelled_columns = {
            place
            for place in range(len(names))
            if any(row[place].strip("<>") in KNOWN and row[place][0] == "<" for row in rows)
        }
        added = {place + number + 1 for number, place in enumerate(sorted(labelled_columns))}
        for fmt in labels.FORMATS:
            kept = without(labelled(variables, values, fmt), fmt, added)
            assert kept == written(variables, values, fmt), (variables, values)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            Language.ES,
            {
                "x:both": '"es"@es',
                "x:en": '"en"@en',
                "x:mx": '"mx"@es-mx',
                "x:mx-too": '"es"@es',
                "x:fr": '"fr"@fr',
                "x:bare": '"bare"',
                "x:pref": '"pref"@es',
                "x:two": '"first"@es',
            },
        ),
        (
            Language.EN,
            {
                "x:both": '"en"@en',
                "x:en": '"en"@en',
                "x:mx": '"mx"@es-mx',
                "x:mx-too": '"es"@es',
                "x:fr": '"fr"@fr',
                "x:bare": '"bare"',
                "x:pref": '"pref"@es',
                "x:two": '"first"@es',
            },
        ),
    ],
)
def test_a_label_is_in_the_language_asked_for_or_else_in_the_other_or_in_any(
    language: Language, expected: dict[str, str]
) -> None:
    found = resources.labels_of(named(), [*expected, "x:none"], language)
    assert {iri: str(label) for iri, label in found.items()} == expected


def test_names_for_a_page_are_by_language_and_regional_variants_count() -> None:
    found = labels.names_in(named(), [[NamedNode("x:both"), None], [NamedNode("x:mx-too")]])
    assert found == {
        "x:both": {Language.ES: "es", Language.EN: "en"},
        "x:mx-too": {Language.ES: "es"},
    }


def test_names_are_looked_up_for_the_rows_that_are_read() -> None:
    rows: Iterator[list[NamedNode]] = iter(
        [*([NamedNode("x:none")] for _ in range(999)), [NamedNode("x:en")], [NamedNode("x:mx")]]
    )
    assert labels.names_in(named(), rows) == {"x:en": {Language.EN: "en"}}
    assert next(rows) == [NamedNode("x:mx")], "what is not shown is not even read"


def test_many_labels_are_asked_for_in_portions() -> None:
    store = EmbeddedStore(
        quad(f"x:{number}", PREF, Literal(f"n{number}", language="es")) for number in range(4_500)
    )
    found = resources.labels_of(store, (f"x:{number}" for number in range(4_500)), Language.EN)
    assert len(found) == 4_500
    assert found["x:4499"].value == "n4499"


def test_more_different_iris_than_are_looked_up_are_refused_and_nothing_is_sent() -> None:
    def answer(count: int) -> bytes:
        rows = [{"x": {"type": "uri", "value": f"x:{number}"}} for number in range(count)]
        return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()

    assert labels.with_labels(answer(100_000), CSV, ask).startswith(b"x,xLabel\r\n") is False
    with pytest.raises(AnswerTooLarge) as refused:
        labels.with_labels(answer(100_001), CSV, ask)
    assert "more than 100000 different IRIs to label" in str(refused.value)


@pytest.mark.parametrize("fmt", labels.FORMATS)
def test_a_cell_that_is_larger_than_is_read_is_refused_in_words(fmt: Format) -> None:
    answer = EMPTY.answer(Query(large_cell()), Wanted(JSON.media_type, None)).body
    assert len(answer) > 2**25
    with pytest.raises(AnswerTooLarge, match="bytes in one cell"):
        labels.with_labels(answer, fmt, ask)


def test_a_cell_that_is_larger_than_is_read_is_refused_by_the_endpoint(client: TestClient) -> None:
    asked = {"query": large_cell(), "format": "csv", "labels": "es"}
    answer = client.get("/sparql", params=asked, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["status"]) == (403, 403)
    assert "bytes in one cell" in answer.json()["detail"]


def test_many_quotes_and_lines_in_a_cell_take_no_longer_than_they_are_long() -> None:
    text = '\r\n,"' * 1_000_000
    rows = [{"x": {"type": "uri", "value": "x:a"}, "y": {"type": "literal", "value": text}}]
    answer = json.dumps({"head": {"vars": ["y", "x"]}, "results": {"bindings": rows}}).encode()
    quoted = text.replace('"', '""')
    assert labels.with_labels(answer, CSV, ask).decode() == (f'y,x,xLabel\r\n"{quoted}",x:a,A\r\n')


def test_an_answer_of_yes_or_no_has_nothing_to_label() -> None:
    answer = EMPTY.answer(Query("ASK {}"), Wanted(JSON.media_type, None))
    with pytest.raises(BadRequest) as refused:
        labels.labelled(EMPTY, answer.body, CSV, Language.ES)
    assert say(refused.value.sentence, Language.EN) == (
        "The query is answered yes or no, so there is nothing to label. Ask without labels."
    )


@pytest.mark.parametrize(
    ("tag", "language"),
    [("es", Language.ES), ("en", Language.EN), ("es-MX", Language.ES), ("EN-gb", Language.EN)],
)
def test_a_regional_variant_is_its_language(tag: str, language: Language) -> None:
    assert labels.language_of(tag) is language


@pytest.mark.parametrize("tag", ["fr", "", "e", "spanish", "-es", "*", "es_MX"])
def test_a_language_without_labels_is_refused_with_those_there_are(tag: str) -> None:
    with pytest.raises(BadRequest, match="Choose one of: es, en"):
        labels.language_of(tag)


def test_the_endpoint_adds_labels_in_the_language_asked_for(client: TestClient) -> None:
    query = f"SELECT ?place {{ VALUES ?place {{ <{iris.thing('place/mx-cmx')}> }} }}"
    for tag, name in (("es-MX", "Ciudad de México"), ("en", "Mexico City")):
        asked = {"query": query, "format": "csv", "labels": tag}
        answer = client.get("/sparql", params=asked)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert table(answer.content) == [
            ["place", "placeLabel"],
            [iris.thing("place/mx-cmx"), name],
        ]


def test_the_endpoint_refuses_labels_where_there_can_be_none(client: TestClient) -> None:
    select, yes = "SELECT ?x { VALUES ?x { 1 } }", "ASK {}"
    for query, more in (
        (select, {"format": "json", "labels": "es"}),
        (select, {"format": "csv", "labels": "fr"}),
        (yes, {"format": "csv", "labels": "es"}),
    ):
        answer = client.get("/sparql", params={"query": query, **more})
        assert (answer.status_code, answer.json()["status"]) == (400, 400), more
        assert SITE not in answer.text


# What the tests above say in one word.


def labelled(variables: str, values: str, fmt: Format) -> bytes:
    """The table with the labels that are known here."""
    return labels.with_labels(written(variables, values, JSON), fmt, ask)


def written(variables: str, values: str, fmt: Format) -> bytes:
    """The table as the engine writes it."""
    query = Query(f"SELECT {variables} {{ VALUES ({variables}) {{ {values} }} }}")
    return EMPTY.answer(query, Wanted(fmt.media_type, None)).body


def large_cell() -> str:
    """A query for a text of 32 MiB."""
    doubled = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(25))
    return f'SELECT ?x25 {{ BIND("a" AS ?x0) {doubled} }}'


def ask(iris: Sequence[str]) -> Mapping[str, Literal]:
    return {iri: Literal(KNOWN[iri], language="en") for iri in iris if iri in KNOWN}


def table(body: bytes) -> list[list[str]]:
    """The cells of a CSV, as Python reads it."""
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def without(body: bytes, fmt: Format, places: set[int]) -> bytes:
    """The table without these columns, written by Python."""
    if fmt is TSV:
        lines = [line.split(b"\t") for line in body.removesuffix(b"\n").split(b"\n")]
        return b"".join(b"\t".join(left(line, places)) + b"\n" for line in lines)
    kept = io.StringIO(newline="")
    for row in table(body):
        cells = left(row, places)
        # Python marks the only cell of a row where it is empty; the engine does not.
        csv.writer(kept).writerow(cells) if cells not in ([""], []) else kept.write("\r\n")
    return kept.getvalue().encode()


def left(cells: Sequence[Any], places: set[int]) -> list[Any]:
    return [cell for place, cell in enumerate(cells) if place not in places]


def named() -> EmbeddedStore:
    """Things with labels in one language, in both, in a variant, in another, in none."""
    return EmbeddedStore(
        [
            quad("x:both", PREF, Literal("es", language="es")),
            quad("x:both", PREF, Literal("en", language="en")),
            quad("x:en", LABEL, Literal("en", language="en")),
            quad("x:mx", PREF, Literal("mx", language="es-MX")),
            quad("x:mx-too", PREF, Literal("mx", language="es-MX")),
            quad("x:mx-too", LABEL, Literal("es", language="es")),
            quad("x:fr", LABEL, Literal("fr", language="fr")),
            quad("x:bare", LABEL, Literal("bare")),
            quad("x:bare", LABEL, Literal("de", language="de")),
            quad("x:pref", LABEL, Literal("label", language="es")),
            quad("x:pref", PREF, Literal("pref", language="es")),
            quad("x:two", PREF, Literal("second", language="es")),
            quad("x:two", PREF, Literal("first", language="es")),
        ]
    )


def quad(subject: str, prop: str, label: Literal) -> Quad:
    return Quad(NamedNode(subject), NamedNode(prop), label, NamedNode("x:graph"))
