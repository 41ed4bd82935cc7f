"""The SPARQL endpoint: every case of the SPARQL 1.1 Protocol's query operation, one under another;
and real clients that ask it over HTTP.
"""

import csv
import gzip
import html
import io
import json
import re
import socket
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx2
import pandas
import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from rdflib.compare import isomorphic
from rdflib.namespace import RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from tests.conftest import REPOSITORY, SITE, Page
from tests.processors import by_npm

from diplolocal import store_errors
from diplolocal.build import Build
from diplolocal.errors import DiploLocalError
from diplolocal.store import PATIENT, Answer, Patience, Query, Wanted
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import message

DL = "https://w3id.org/diplolocal/def#"
JANUARY = "https://w3id.org/diplolocal/graph/bulletin/2021-01"
SEPTEMBER = "https://w3id.org/diplolocal/graph/bulletin/2021-09"
REGIONS = f"""PREFIX dl: <{DL}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?region ?name WHERE {{
  ?region a dl:Region ; skos:prefLabel ?name FILTER(LANG(?name) = "es")
}}
ORDER BY ?region LIMIT 2"""
REGIONS_ROWS = [
    {
        "region": {"type": "uri", "value": "https://w3id.org/diplolocal/id/region/centronorte"},
        "name": {"type": "literal", "xml:lang": "es", "value": "Centronorte"},
    },
    {
        "region": {
            "type": "uri",
            "value": "https://w3id.org/diplolocal/id/region/centrosur",
        },
        "name": {"type": "literal", "xml:lang": "es", "value": "Centrosur"},
    },
]
ACTIONS = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?action a <{DL}Action> }}"
CONSTRUCT = """CONSTRUCT { <urn:s> <urn:p> "ñ"@es , 1 } WHERE {}"""
CONSTRUCTED = {
    Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("ñ", language="es")),
    Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(1)),
}
DESCRIBE = "DESCRIBE <https://w3id.org/diplolocal/id/region/centronorte>"
ASK = "ASK {}"
YES = {"head": {}, "boolean": True}
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RESULT_TYPES = [
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
]
GRAPH_TYPES = [
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
]
GRAPH_SUFFIXES = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")


# The three ways to ask.


def test_a_query_by_get_is_answered_in_json(client: TestClient) -> None:
    answer = ask(client, REGIONS)
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert answer.json() == {
        "head": {"vars": ["region", "name"]},
        "results": {"bindings": REGIONS_ROWS},
    }


def test_a_query_by_post_as_a_form_is_answered_as_by_get(client: TestClient) -> None:
    answer = client.post("/sparql", data={"query": REGIONS})
    assert answer.json()["results"]["bindings"] == REGIONS_ROWS


def test_a_query_by_post_as_it_is_is_answered_as_by_get(client: TestClient) -> None:
    answer = client.post(
        "/sparql", content=REGIONS, headers={"content-type": "application/sparql-query"}
    )
    assert answer.json()["results"]["bindings"] == REGIONS_ROWS


@pytest.mark.parametrize(
    "content_type",
    [
        "application/sparql-query; charset=utf-8",
        'Application/SPARQL-Query;charset="UTF-8"',
        "application/sparql-query",
    ],
)
def test_the_kind_of_a_body_may_have_parameters_and_capitals(
    client: TestClient, content_type: str
) -> None:
    answer = client.post(
        "/sparql", content='ASK { FILTER("ñ" = "\\u00F1") }', headers={"content-type": content_type}
    )
    assert answer.json() == YES


def test_a_query_by_the_method_query_is_answered_as_by_post(client: TestClient) -> None:
    for body, content_type in (
        (REGIONS, "application/sparql-query"),
        (urlencode({"query": REGIONS}), FORM),
    ):
        answer = client.request(
            "QUERY", "/sparql", content=body, headers={"content-type": content_type}
        )
        assert answer.json()["results"]["bindings"] == REGIONS_ROWS


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    full, empty = ask(client, REGIONS), client.head("/sparql", params={"query": REGIONS})
    for answer in (full, empty):
        assert answer.headers.pop("server-timing").startswith("write;dur=")
    assert (empty.status_code, empty.content) == (200, b"")
    assert dict(empty.headers) == dict(full.headers)


def test_the_parameters_of_a_direct_post_stand_in_the_address(client: TestClient) -> None:
    answer = client.post(
        "/sparql",
        params={"format": "csv", "default-graph-uri": JANUARY},
        content=ACTIONS,
        headers={"content-type": "application/sparql-query"},
    )
    assert answer.text == "n\r\n8\r\n"


# The formats.


def test_ask_without_accept_is_answered_in_json(client: TestClient) -> None:
    answer = ask(client, ASK, accept="")
    assert (answer.headers["content-type"], answer.json()) == (RESULT_TYPES[0], YES)


def test_a_construct_without_accept_is_answered_in_turtle(client: TestClient) -> None:
    answer = ask(client, CONSTRUCT, accept="")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert triples(answer) == CONSTRUCTED


@pytest.mark.parametrize("media_type", RESULT_TYPES)
def test_every_format_of_results_says_the_same(client: TestClient, media_type: str) -> None:
    answer = ask(client, REGIONS, accept=media_type)
    assert kind(answer) == media_type
    assert table(answer) == [
        ["region", "name"],
        ["https://w3id.org/diplolocal/id/region/centronorte", "Centronorte"],
        ["https://w3id.org/diplolocal/id/region/centrosur", "Centrosur"],
    ]


@pytest.mark.parametrize("media_type", GRAPH_TYPES)
def test_every_format_of_graphs_says_the_same(client: TestClient, media_type: str) -> None:
    answer = ask(client, CONSTRUCT, accept=media_type)
    assert kind(answer) == media_type
    assert triples(answer) == CONSTRUCTED


@pytest.mark.parametrize("media_type", GRAPH_TYPES)
def test_a_description_is_the_same_graph_in_every_format(
    client: TestClient, media_type: str
) -> None:
    answer = ask(client, DESCRIBE, accept=media_type)
    assert triples(answer) == triples(ask(client, DESCRIBE))
    assert Triple(
        NamedNode("https://w3id.org/diplolocal/id/region/centronorte"),
        NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
        Literal("Centronorte", language="es"),
    ) in triples(answer)


def test_json_ld_has_our_context(client: TestClient) -> None:
    answer = ask(client, DESCRIBE, accept="application/ld+json").json()
    assert answer["@context"] == f"{SITE}/context/v1.jsonld"
    assert answer["graph"] == [
        {
            "id": "https://w3id.org/diplolocal/id/region/centronorte",
            "type": ["Region", "schema:Place"],
            "label": {"en": "North-central", "es": "Centronorte"},
            "name": {"en": "North-central", "es": "Centronorte"},
        }
    ]


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        *zip(("json", "xml", "csv", "tsv"), RESULT_TYPES, strict=True),
        ("html", "text/html"),
    ],
)
def test_the_parameter_format_goes_before_accept_for_results(
    client: TestClient, suffix: str, media_type: str
) -> None:
    answer = ask(client, REGIONS, accept="image/png", format=suffix)
    assert (answer.status_code, kind(answer)) == (200, media_type)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [*zip(GRAPH_SUFFIXES, GRAPH_TYPES, strict=True), ("html", "text/html")],
)
def test_the_parameter_format_goes_before_accept_for_graphs(
    client: TestClient, suffix: str, media_type: str
) -> None:
    answer = ask(client, CONSTRUCT, accept="image/png", format=suffix)
    assert (answer.status_code, kind(answer)) == (200, media_type)


def test_a_format_that_does_not_exist_is_refused_with_those_that_do(client: TestClient) -> None:
    answer = ask(client, ASK, format="xlsx", accept_language="en")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad request",
        "status": 400,
        "detail": "There is no format xlsx. Choose one of: json, xml, csv, tsv, html, ttl, jsonld,"
        " nt, rdf, trig, nq.",
    }


@pytest.mark.parametrize("alias", ["application/json", "application/xml", "text/xml"])
def test_a_client_that_asks_by_an_everyday_name_gets_the_results_by_that_name(
    client: TestClient, alias: str
) -> None:
    answer = ask(client, ASK, accept=alias)
    assert kind(answer) == alias
    registered = f"application/sparql-results+{alias.rpartition('/')[2]}"
    assert answer.content == ask(client, ASK, accept=registered).content


def test_one_graph_without_a_name_is_the_same_as_quads(client: TestClient) -> None:
    for quads, triples_only in (("nq", "nt"), ("trig", "ttl")):
        answer = ask(client, CONSTRUCT, format=quads)
        assert answer.content == ask(client, CONSTRUCT, format=triples_only).content
        assert {quad.graph_name for quad in parse(answer.content, format=RdfFormat.TRIG)} == {
            DefaultGraph()
        }


def test_thousands_of_triples_are_json_ld_with_our_context(
    client: TestClient, real_build: Build
) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } LIMIT 10001 }"
    many = ask(client, query, format="jsonld")
    assert many.json()["@context"] == f"{SITE}/context/v1.jsonld"
    [found] = by_npm([many.content], real_build.context.read_bytes())
    assert found == triples(ask(client, query, format="nt"))
    assert len(found) == 10_001


def test_the_better_liked_of_two_formats_is_taken(client: TestClient) -> None:
    accept = "text/csv;q=0.5, application/sparql-results+xml;q=0.6, text/turtle"
    assert kind(ask(client, ASK, accept=accept)) == "application/sparql-results+xml"
    assert kind(ask(client, CONSTRUCT, accept=accept)) == "text/turtle"


@pytest.mark.parametrize(
    ("query", "asked", "offered"),
    [
        (REGIONS, {"accept": "text/turtle"}, RESULT_TYPES),
        (ASK, {"accept": "image/png"}, RESULT_TYPES),
        (CONSTRUCT, {"accept": "text/csv"}, GRAPH_TYPES),
        (CONSTRUCT, {"accept": "application/json"}, GRAPH_TYPES),
        (REGIONS, {"format": "ttl"}, RESULT_TYPES),
        (DESCRIBE, {"format": "json"}, GRAPH_TYPES),
    ],
)
def test_a_format_of_the_wrong_kind_is_refused_naming_what_is_offered(
    client: TestClient, query: str, asked: dict[str, str], offered: list[str]
) -> None:
    answer = ask(client, query, accept_language="en", **asked)
    assert (answer.status_code, answer.json()) == (
        406,
        {
            "type": "about:blank",
            "title": "Not acceptable",
            "status": 406,
            "detail": f"Not offered in that format. Offered: {', '.join(offered)}.",
            "offered": offered,
        },
    )


def test_what_json_ld_cannot_say_is_refused_and_no_bug(client: TestClient) -> None:
    quoted = "CONSTRUCT { <urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> } WHERE {}"
    answer = ask(client, quoted, accept="application/ld+json")
    assert answer.status_code == 406
    assert len(triples(ask(client, quoted, accept="text/turtle"))) == 1


@pytest.mark.parametrize(
    ("download", "suffix", "name"),
    [
        ("", "csv", "diplolocal.csv"),
        ("regions", "csv", "regions.csv"),
        ("regions.csv", "csv", "regions.csv"),
        ("regions.csv", "json", "regions.csv.json"),
        ("a-b_c.2", "tsv", "a-b_c.2.tsv"),
    ],
)
def test_an_answer_is_saved_as_a_file_where_that_is_wanted(
    client: TestClient, download: str, suffix: str, name: str
) -> None:
    answer = ask(client, REGIONS, format=suffix, download=download)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content == ask(client, REGIONS, format=suffix).content
    assert "content-disposition" not in ask(client, REGIONS, format=suffix).headers


@pytest.mark.parametrize("download", ["../x", "/etc/passwd", ".x", 'a"b', "a\r\nb", "ñ", "a" * 101])
def test_a_file_name_that_is_more_than_a_name_is_refused(client: TestClient, download: str) -> None:
    answer = ask(client, ASK, download=download, accept_language="en")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(f"A file cannot be called {download} here.")


def test_labels_stand_beside_the_iris_of_a_table_in_csv(client: TestClient) -> None:
    answer = ask(client, REGIONS, format="csv", labels="en")
    assert table(answer) == [
        ["region", "regionLabel", "name"],
        ["https://w3id.org/diplolocal/id/region/centronorte", "North-central", "Centronorte"],
        ["https://w3id.org/diplolocal/id/region/centrosur", "South-central", "Centrosur"],
    ]
    assert (kind(answer), answer.headers["vary"]) == ("text/csv", "Accept")


def test_labels_stand_beside_the_iris_of_a_table_in_tsv(client: TestClient) -> None:
    answer = ask(client, REGIONS, accept="text/tab-separated-values", labels="es")
    assert answer.text.splitlines()[:2] == [
        "?region\t?regionLabel\t?name",
        '<https://w3id.org/diplolocal/id/region/centronorte>\t"Centronorte"@es\t"Centronorte"@es',
    ]


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        (
            {"labels": "en", "format": "json"},
            "Columns of labels are added to text/csv, text/tab-separated-values only. Ask for one"
            " of them, for instance with format=csv.",
        ),
        (
            {"labels": "fr", "format": "csv"},
            "There are no labels in the language fr. Choose one of: es, en.",
        ),
    ],
)
def test_labels_that_cannot_be_are_refused(
    client: TestClient, asked: dict[str, str], detail: str
) -> None:
    answer = ask(client, REGIONS, accept_language="en", **asked)
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)


def test_an_answer_says_what_it_depends_on(client: TestClient) -> None:
    for query in (ASK, CONSTRUCT):
        assert "Accept" in vary(ask(client, query))
    assert {"Accept", "Accept-Language"} <= vary(ask(client, ASK, accept="text/html"))


# Requests that break the protocol.


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("query", (ASK, "SELECT * {}")),
        ("query", (ASK, ASK)),
        ("update", ("CLEAR ALL", "CLEAR ALL")),
    ],
)
def test_what_may_be_given_once_is_refused_when_given_twice(
    client: TestClient, name: str, values: tuple[str, str]
) -> None:
    given = {name: list(values)}
    for answer in (
        client.get("/sparql", params=given, headers={"accept-language": "en"}),
        client.post("/sparql", data=given, headers={"accept-language": "en"}),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (
            400,
            f"The parameter {name} is given more than once. Give it once.",
        )


@pytest.mark.parametrize("content_type", [FORM, "application/sparql-query"])
def test_a_query_in_both_address_and_body_is_refused(client: TestClient, content_type: str) -> None:
    body = urlencode({"query": ASK}) if content_type == FORM else ASK
    answer = client.post(
        "/sparql", params={"query": ASK}, content=body, headers={"content-type": content_type}
    )
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_an_update_is_refused_by_whatever_way(client: TestClient) -> None:
    update = "INSERT DATA { <urn:s> <urn:p> <urn:o> }"
    english = {"accept-language": "en"}
    answers = [
        client.get("/sparql", params={"update": update}, headers=english),
        client.post("/sparql", data={"update": update}, headers=english),
        client.post(
            "/sparql",
            content=update,
            headers={**english, "content-type": "application/sparql-update"},
        ),
    ]
    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [
        (403, "Updates are refused: this endpoint is read-only by design.")
    ] * 3
    assert ask(client, "ASK { <urn:s> ?p ?o }").json() == {"head": {}, "boolean": False}


def test_an_update_sent_as_a_query_is_a_query_that_cannot_be_read(client: TestClient) -> None:
    answer = ask(client, "INSERT DATA { <urn:s> <urn:p> <urn:o> }")
    assert (answer.status_code, answer.json()["line"]) == (400, 1)
    assert ask(client, "ASK { <urn:s> ?p ?o }").json() == {"head": {}, "boolean": False}


def test_a_query_together_with_an_update_is_refused(client: TestClient) -> None:
    answer = client.post(
        "/sparql", data={"query": ASK, "update": "CLEAR ALL"}, headers={"accept-language": "en"}
    )
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Both a query and an update were sent. Send one of them.",
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data"])
def test_a_body_of_another_kind_is_refused(client: TestClient, content_type: str) -> None:
    answer = client.post(
        "/sparql",
        content=ASK,
        headers={"content-type": content_type, "accept-language": "en"},
    )
    assert (answer.status_code, answer.json()) == (
        415,
        {
            "type": "about:blank",
            "title": "Unsupported media type",
            "status": 415,
            "detail": f"A query is sent as {FORM} or as application/sparql-query, not as"
            f" {content_type}.",
        },
    )


def test_a_body_of_no_kind_is_refused(client: TestClient) -> None:
    answer = client.post("/sparql", content=ASK)
    assert (answer.status_code, answer.json()["title"] != "") == (415, True)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/sparql-query", b'ASK { FILTER("\xf1" = "n") }'),
        ("application/sparql-query; charset=utf-16", ASK.encode("utf-16")),
        ("application/sparql-query; charset=UTF-16", ASK.encode()),
        ("application/sparql-query; charset=iso-8859-1", ASK.encode()),
        (FORM, b"query=ASK%20%7B%20FILTER(%22%F1%22%20%3D%20%22n%22)%20%7D"),
        (FORM, b"query=ASK{}\xf1"),
    ],
)
def test_a_query_that_is_not_utf_8_is_refused(
    client: TestClient, content_type: str, body: bytes
) -> None:
    headers = {"content-type": content_type, "accept-language": "en"}
    answer = client.post("/sparql", content=body, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The query is not UTF-8. Send it as UTF-8.",
    )


def test_a_query_in_the_address_that_is_not_utf_8_is_refused(client: TestClient) -> None:
    answer = client.get("/sparql?query=ASK%20%7B%7D%20%23%FF", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The query is not UTF-8. Send it as UTF-8.",
    )


@pytest.mark.parametrize("form", [{}, {"format": "json"}])
def test_a_post_without_a_query_is_refused(client: TestClient, form: dict[str, str]) -> None:
    headers = {"content-type": FORM, "accept-language": "en"}
    answer = client.post("/sparql", content=urlencode(form), headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The parameter query is missing.",
    )


def test_a_body_may_have_as_many_bytes_as_are_allowed_and_no_more(
    client: TestClient, parts: Parts
) -> None:
    headers = {"content-type": "application/sparql-query", "accept-language": "en"}
    whole = ASK.ljust(parts.query_bytes)
    assert client.post("/sparql", content=whole, headers=headers).json() == YES
    answer = client.post("/sparql", content=whole + " ", headers=headers)
    assert (answer.status_code, answer.json()) == (
        413,
        {
            "type": "about:blank",
            "title": "Request too large",
            "status": 413,
            "detail": "The request is larger than the 10000 bytes that are read here.",
        },
    )


def test_an_address_may_have_as_many_bytes_as_are_allowed_and_no_more(
    client: TestClient, parts: Parts
) -> None:
    address = "/sparql?query=ASK%7B%7D%20%23"
    whole = address.ljust(parts.address_bytes, "x")
    assert client.get(whole).json() == YES
    answer = client.get(whole + "x", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()) == (
        414,
        {
            "type": "about:blank",
            "title": "Address too long",
            "status": 414,
            "detail": "The address is longer than the 32000 bytes that are read here. Send a long"
            " query by POST, in the body.",
        },
    )


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELECT * {", 1, 11), ("", 1, 1), ("SELECT *\n{ ?s\n?p }", 3, 5)],
)
def test_a_query_that_cannot_be_read_is_refused_with_line_and_column(
    client: TestClient, query: str, line: int, column: int
) -> None:
    answer = ask(client, query, accept_language="en")
    problem = answer.json()
    assert (answer.status_code, problem["title"]) == (400, "Query that cannot be read")
    assert (problem["line"], problem["column"]) == (line, column)
    assert f"at line {line}, column {column}: " in problem["detail"]


def test_service_is_refused(client: TestClient) -> None:
    answer = ask(
        client,
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        accept_language="en",
    )
    assert (answer.status_code, answer.json()["title"]) == (403, "Refused")
    assert answer.json()["detail"].startswith("SERVICE is not answered here")


# What an answer may take.


class Hearing:
    """A store that notes how long it is asked to wait, and answers what it is told to."""

    def __init__(self, outcome: Answer | DiploLocalError) -> None:
        self.patience: list[float | None] = []
        self._outcome = outcome

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        self.patience.append(patience.seconds)
        if isinstance(self._outcome, DiploLocalError):
            raise self._outcome
        return self._outcome

    def close(self) -> None: ...


def answered_by(
    parts: Parts, outcome: Answer | DiploLocalError, **asked: str
) -> tuple[Response, list[float | None]]:
    """What becomes of a store's outcome, and how long the store was given for it."""
    store = Hearing(outcome)
    with TestClient(create_app(replace(parts, public=store)), base_url=SITE) as client:
        return ask(client, ASK, accept_language="en", **asked), store.patience


YES_BYTES = Answer(b'{"head":{},"boolean":true}', RESULT_TYPES[0], {"wait": 0.5, "answer": 0.0123})


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("5", 5), ("0.5", 0.5), (".25", 0.25), ("1000000", 1_000_000)]
)
def test_a_client_says_how_long_it_will_wait(parts: Parts, timeout: str, seconds: float) -> None:
    answer, patience = answered_by(parts, YES_BYTES, timeout=timeout)
    assert (answer.json(), patience) == (YES, [seconds])


def test_who_does_not_say_how_long_waits_as_long_as_the_store_allows(parts: Parts) -> None:
    assert answered_by(parts, YES_BYTES)[1] == [None]


@pytest.mark.parametrize("timeout", ["-1", "0", "nan", "1e999", "", "5s"])
def test_a_time_to_wait_that_is_none_is_refused_and_nobody_asked(
    parts: Parts, timeout: str
) -> None:
    answer, patience = answered_by(parts, YES_BYTES, timeout=timeout)
    assert (answer.status_code, patience) == (400, [])
    assert answer.json()["detail"] == (
        f"The parameter timeout cannot be {timeout}. Give a number of seconds above zero, such as 5"
        " or 0.5."
    )


def test_an_answer_says_where_the_time_went(parts: Parts) -> None:
    answer, _ = answered_by(parts, YES_BYTES)
    assert re.fullmatch(
        r"wait;dur=500\.0, answer;dur=12\.3, write;dur=\d+\.\d", answer.headers["server-timing"]
    )


@pytest.mark.parametrize(
    ("error", "status", "retry_after", "members"),
    [
        (store_errors.StoreBusy(7), 503, "7", {}),
        (store_errors.QueryTimeout(30, 30.0517), 503, "31", {"limit": 30, "elapsed": 30.052}),
        (store_errors.QueryTooCostly(1_000_000_000, 0.25), 503, "1", {"elapsed": 0.25}),
        (store_errors.AnswerTooLarge(9, message("bytes")), 403, None, {"limit": 9}),
        (store_errors.NobodyWaits(), 503, None, {}),
        (store_errors.StoreUnavailable(message("gone")), 502, None, {}),
        (store_errors.QuerySyntaxError("x", line=3, column=4), 400, None, {"line": 3, "column": 4}),
        (store_errors.QuerySyntaxError("x"), 400, None, {}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, DiploLocalError) else "",
)
def test_a_store_that_gives_no_answer_is_heard_out(
    parts: Parts,
    error: DiploLocalError,
    status: int,
    retry_after: str | None,
    members: dict[str, object],
) -> None:
    answer, _ = answered_by(parts, error)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers.get("retry-after") == retry_after
    usual = ("type", "title", "status", "detail")
    assert {name: value for name, value in problem.items() if name not in usual} == members


def test_every_answer_announces_the_limits(client: TestClient) -> None:
    refused = client.post("/sparql", content="x")
    for answer in (ask(client, ASK), ask(client, "ASK"), client.get("/sparql"), refused):
        assert answer.headers["sparql-limits"].startswith("seconds=30, ")
        assert 'rel="service-desc"' in answer.headers["link"]


@pytest.mark.parametrize(
    ("query", "control"),
    [
        (ASK, "public, max-age=60"),
        ("SELECT (NOW() AS ?now) {}", "no-store"),
        ("SELECT (rand() AS ?any) {}", "no-store"),
        ("SELECT (StrUuid() AS ?any) {}", "no-store"),
        ("SELECT ?brand {}", "public, max-age=60"),
    ],
)
def test_only_what_is_answered_alike_each_time_may_be_kept(
    client: TestClient, query: str, control: str
) -> None:
    answer = ask(client, query)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, control)


# The dataset.


def test_without_a_named_dataset_the_union_of_all_graphs_is_asked(client: TestClient) -> None:
    assert count(ask(client, ACTIONS)) == 128


def test_the_union_has_each_triple_of_the_build_once(client: TestClient, real_build: Build) -> None:
    with gzip.open(real_build.store, "rt", encoding="utf-8") as nquads:
        quads = list(parse(nquads.read().encode(), format=RdfFormat.N_QUADS))
    distinct = {quad.triple for quad in quads}
    everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert count(ask(client, everything)) == len(distinct)
    assert sum(real_build.counts.values()) == len(quads)


def test_no_triple_is_said_in_two_graphs(client: TestClient) -> None:
    twice = """SELECT ?s ?p ?o ?g ?h WHERE { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o }
        FILTER(STR(?g) < STR(?h)) }"""
    assert ask(client, twice).json()["results"]["bindings"] == []


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [([JANUARY], 8), ([JANUARY, SEPTEMBER], 16), (["urn:nowhere"], 0)],
)
def test_default_graph_uri_asks_exactly_those_graphs(
    client: TestClient, graphs: list[str], expected: int
) -> None:
    asked = {"query": ACTIONS, "default-graph-uri": graphs}
    assert count(client.get("/sparql", params=asked)) == expected
    assert count(client.post("/sparql", data=asked)) == expected


def test_named_graph_uri_asks_exactly_those_named_graphs(client: TestClient) -> None:
    graphs = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?action a <{DL}Action> }} }}"
    asked = {"query": graphs, "named-graph-uri": SEPTEMBER}
    assert table(client.get("/sparql", params={**asked, "format": "csv"})) == [["g"], [SEPTEMBER]]
    assert count(client.get("/sparql", params={"query": ACTIONS, "named-graph-uri": JANUARY})) == 0


def test_default_and_named_graphs_together_are_the_dataset(client: TestClient) -> None:
    query = f"""SELECT (COUNT(*) AS ?n) WHERE {{ ?a a <{DL}Action> GRAPH ?g {{ ?b a <{DL}Action> }}
        }}"""
    asked = {"query": query, "default-graph-uri": JANUARY, "named-graph-uri": SEPTEMBER}
    assert count(client.get("/sparql", params=asked)) == 64


def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(client: TestClient) -> None:
    query = ACTIONS.replace("WHERE", f"FROM <{JANUARY}> FROM <{SEPTEMBER}> WHERE")
    assert count(ask(client, query)) == 16
    asked = {"query": query, "default-graph-uri": SEPTEMBER}
    assert count(client.get("/sparql", params=asked)) == 8


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("value", ["not an iri", "", "<urn:x>"])
def test_a_graph_that_is_no_iri_is_refused(client: TestClient, name: str, value: str) -> None:
    answer = client.get("/sparql", params={"query": ASK, name: value})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


# The page for people.


def test_a_browser_finds_a_form_with_a_query_that_can_be_asked_as_it_stands(
    client: TestClient,
) -> None:
    answer = client.get("/sparql", headers={"accept": BROWSER})
    page = Page(answer.text)
    assert kind(answer) == "text/html"
    assert page.texts("h1") == ["SPARQL"]
    assert page.forms() == [("get", "/es/search"), ("get", "/es/sparql")]
    query = textarea(answer)
    assert len(ask(client, query).json()["results"]["bindings"]) == 8


def test_every_format_of_the_form_is_answered(client: TestClient) -> None:
    page = Page(client.get("/sparql", headers={"accept": BROWSER}).text)
    suffixes = [has["value"] for tag, has, _ in page.elements if tag == "option"]
    assert suffixes == ["html", "csv", "tsv", "json", "xml", "ttl", "jsonld", "nt", "rdf"]
    for suffix in suffixes:
        query = CONSTRUCT if suffix in ("ttl", "jsonld", "nt", "rdf") else REGIONS
        assert ask(client, query, format=suffix).status_code == 200, suffix


@pytest.mark.parametrize("accept", ["*/*", "", *GRAPH_TYPES])
def test_who_asks_nothing_and_is_no_browser_gets_the_description_of_the_service(
    client: TestClient, accept: str
) -> None:
    answer = client.get("/sparql", headers={"accept": accept})
    assert kind(answer) == (accept if accept in GRAPH_TYPES else "text/turtle")
    endpoint = NamedNode(f"{SITE}/sparql")
    sd = "http://www.w3.org/ns/sparql-service-description#endpoint"
    assert Triple(NamedNode(f"{SITE}/sparql#service"), NamedNode(sd), endpoint) in triples(answer)


def test_who_asks_nothing_in_a_format_that_there_is_not_is_told_what_there_is(
    client: TestClient,
) -> None:
    answer = client.get("/sparql", headers={"accept": "text/csv"})
    assert (answer.status_code, answer.json()["offered"]) == (406, [*GRAPH_TYPES, "text/html"])


def test_a_browser_gets_the_rows_as_a_table_below_its_query(client: TestClient) -> None:
    answer = ask(client, REGIONS, accept=BROWSER, accept_language="en")
    page = Page(answer.text)
    assert textarea(answer) == REGIONS
    assert "Answer 2 rows" in page.texts("h2")
    assert page.texts("th") == ["region", "name"]
    assert page.texts("td") == [
        "North-central region:centronorte",
        "Centronorte",
        "South-central region:centrosur",
        "Centrosur",
    ]
    assert page.links()["/doc/region/centronorte"] == "North-central"


def test_a_browser_gets_a_graph_as_text(client: TestClient) -> None:
    page = Page(ask(client, CONSTRUCT, accept=BROWSER).text)
    [text] = page.texts("pre")
    assert {quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)} == CONSTRUCTED


def test_a_browser_gets_yes_or_no(client: TestClient) -> None:
    answers = [
        Page(ask(client, query, accept=BROWSER, accept_language="en").text).texts(
            "p", **{"class": "truth"}
        )
        for query in (ASK, "ASK { FILTER(false) }")
    ]
    assert answers == [["yes"], ["no"]]


def test_an_empty_cell_is_shown_empty(client: TestClient) -> None:
    page = Page(ask(client, "SELECT ?a ?b { VALUES (?a ?b) { (UNDEF 2) } }", accept=BROWSER).text)
    assert page.texts("td") == ["", "2"]


def test_a_browser_whose_query_cannot_be_read_is_told_so_in_a_page(client: TestClient) -> None:
    answer = ask(client, "SELECT * {", accept=BROWSER, accept_language="en")
    page = Page(answer.text)
    assert answer.status_code == 400
    assert "Query that cannot be read" in page.texts("h2")
    assert any(
        text.startswith("The query cannot be read, at line 1, column 11: ")
        for text in page.texts("p")
    )


def test_a_script_in_a_query_or_an_answer_stays_text(client: TestClient) -> None:
    attack = '</textarea><script>alert("1")</script>'
    query = f"SELECT ('{attack}' AS ?x) (<urn:x> AS ?y) {{}}"
    answer = ask(client, query, accept=BROWSER)
    assert not any(scripts(Page(answer.text)))
    assert textarea(answer) == query
    assert Page(answer.text).texts("td")[0] == attack
    refused = ask(client, attack, accept=BROWSER)
    assert refused.status_code == 400
    assert not any(scripts(Page(refused.text)))


@pytest.mark.parametrize(
    "iri",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc"],
)
def test_an_iri_that_a_browser_would_run_is_shown_and_not_linked(
    client: TestClient, iri: str
) -> None:
    page = Page(ask(client, f"SELECT (<{iri}> AS ?x) {{}}", accept=BROWSER).text)
    assert page.texts("td") == [iri]
    assert iri not in page.links()


def test_the_language_asked_for_stays_when_the_form_is_sent(client: TestClient) -> None:
    page = Page(client.get("/sparql", params={"lang": "en"}, headers={"accept": BROWSER}).text)
    assert page.forms() == [("get", "/en/search"), ("get", "/en/sparql")]
    assert page.texts("input", type="hidden") == []


# Real clients, real HTTP.


def test_sparqlwrapper_reads_json(site: str) -> None:
    for method in ("GET", POST):
        found = wrapped(site, REGIONS, JSON, method=method)
        assert found["results"]["bindings"] == REGIONS_ROWS


def test_sparqlwrapper_reads_xml(site: str) -> None:
    document = wrapped(site, ASK, XML)
    assert document.getElementsByTagName("boolean")[0].firstChild.data == "true"


def test_sparqlwrapper_reads_csv_and_tsv(site: str) -> None:
    assert wrapped(site, ACTIONS, CSV) == b"n\r\n128\r\n"
    assert wrapped(site, ACTIONS, TSV) == b"?n\n128\n"


# SPARQLWrapper 2.0 and the JSON-LD parser of rdflib 7.6 use a class that rdflib warns of.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("wanted", [TURTLE, JSONLD, XML, RDFXML])
def test_sparqlwrapper_reads_a_graph(site: str, wanted: str) -> None:
    found = wrapped(site, CONSTRUCT, wanted)
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found)
    assert isomorphic(graph, rdflib_graph(CONSTRUCTED))


def test_pandas_reads_a_table(site: str) -> None:
    query = f"""PREFIX dl: <{DL}> SELECT ?month (COUNT(?action) AS ?actions) WHERE {{
        ?action a dl:Action ; dl:reportedIn/dl:month ?month }} GROUP BY ?month ORDER BY ?month"""
    frame = pandas.read_csv(f"{site}/sparql?{urlencode({'query': query, 'format': 'csv'})}")
    months = ["01", "02", "03", "05", "07", "09", "10", "11", "12"]
    assert frame.to_dict("list") == {
        "month": [*(f"2021-{month}" for month in months), "2022-01", "2022-02"],
        "actions": [8, 4, 4, 3, 3, 8, 3, 2, 3, 2, 2],
    }


def test_the_store_of_rdflib_asks_it(site: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{site}/sparql"))
    regions = graph.query(f"SELECT ?r WHERE {{ ?r a <{DL}Region> }}")
    assert len(list(regions)) == 8
    jalisco = rdflib.URIRef("https://w3id.org/diplolocal/id/place/mx-jal")
    assert list(graph.objects(jalisco, RDF.type)).count(rdflib.URIRef(DL + "FederalEntity")) == 1
    built = graph.query(CONSTRUCT).graph
    assert built is not None
    assert isomorphic(built, rdflib_graph(CONSTRUCTED))


def test_who_sends_far_too_much_reads_the_refusal_over_http(site: str) -> None:
    for content in (b"x" * 10_000_000, iter([b"x" * 100_000] * 20)):
        answer = httpx2.post(
            f"{site}/sparql", content=content, headers={"content-type": "application/sparql-query"}
        )
        assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert httpx2.get(f"{site}/sparql?query=ASK%7B%7D").json() == YES


@pytest.mark.parametrize("size", [32_001, 60_000])
def test_an_address_that_is_too_long_is_refused_in_so_many_words_over_http(
    site: str, size: int
) -> None:
    answer = over_http(site, "/sparql?query=".ljust(size, "x"))
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert b"access-control-allow-origin: *\r\n" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 414


def test_the_method_query_is_answered_over_http(site: str) -> None:
    answer = httpx2.request(
        "QUERY",
        f"{site}/sparql",
        content=ACTIONS,
        headers={"content-type": "application/sparql-query", "accept": "text/csv"},
    )
    assert answer.text == "n\r\n128\r\n"


@pytest.mark.parametrize(
    "path",
    [
        *("/sparql?query=%00", "/graphs/%00", "/%FF", "/%", "/%zz", "/es/%ff", "/en/id/%00"),
        *("/doc/%00", "/doc/%ff", "/doc/%", "/doc/%zz", "/id/%00", "/id/%ff", "/id/a%0Ab"),
    ],
)
def test_rubbish_in_an_address_is_refused_over_http(site: str, path: str) -> None:
    assert over_http(site, path).split(b" ")[1] in (b"400", b"404")


def test_a_long_query_may_be_posted_over_http(site: str) -> None:
    long = "ASK { FILTER(1 IN (1" + ", 2" * 40_000 + ")) }"
    assert httpx2.post(f"{site}/sparql", data={"query": long}, timeout=60).json() == YES


# What the tests above say in one word.


def ask(
    client: TestClient, query: str, *, accept: str = "*/*", accept_language: str = "", **more: str
) -> Response:
    """The answer to a query by GET."""
    headers = {"accept": accept, "accept-language": accept_language}
    answer: Response = client.get("/sparql", params={"query": query, **more}, headers=headers)
    return answer


def over_http(site: str, address: str) -> bytes:
    """The answer to an address that clients would not send as it is."""
    host, _, port = site.removeprefix("http://").partition(":")
    request = f"GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def kind(answer: Response) -> str:
    """The media type without its parameters."""
    return answer.headers["content-type"].partition(";")[0]


def vary(answer: Response) -> set[str]:
    return {name.strip() for name in answer.headers["vary"].split(",")}


def count(answer: Response) -> int:
    """The number in the only row of an answer in JSON."""
    [row] = answer.json()["results"]["bindings"]
    return int(row["n"]["value"])


def table(answer: Response) -> list[list[str]]:
    """The header and the rows of a table, whatever it is written in."""
    if kind(answer) == "text/csv":
        return list(csv.reader(io.StringIO(answer.text)))
    found = parse_query_results(
        answer.content, format=QueryResultsFormat.from_media_type(kind(answer))
    )
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [names, *([str(getattr(row[name], "value", "")) for name in names] for row in found)]


def triples(answer: Response) -> set[Triple]:
    """The graph, whatever it is written in; a context is read from our own file."""
    assert answer.status_code == 200, answer.text
    if kind(answer) == "application/ld+json":
        context = json.loads((REPOSITORY / "ontology" / "context.jsonld").read_text("utf-8"))
        body = json.dumps({**answer.json(), **context}).encode()
    else:
        body = answer.content
    graph_format = RdfFormat.from_media_type(kind(answer))
    return {quad.triple for quad in parse(body, format=graph_format)}


def scripts(page: Page) -> list[str]:
    """What a browser would run: not the description for search engines."""
    data = page.texts("script", type="application/ld+json")
    return [text for text in page.texts("script") if text not in data]


def textarea(answer: Response) -> str:
    """The query that the form holds, line by line as it was sent."""
    [query] = [
        html.unescape(found)
        for found in re.findall(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    ]
    return query


def wrapped(site: str, query: str, wanted: str, *, method: str = "GET") -> Any:
    """What SPARQLWrapper makes of the answer when it is used as its README says."""
    wrapper = SPARQLWrapper(f"{site}/sparql")
    wrapper.setQuery(query)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(wanted)
    return wrapper.query().convert()


def rdflib_graph(found: set[Triple]) -> rdflib.Graph:
    text = "".join(f"{triple} .\n" for triple in found)
    return rdflib.Graph().parse(data=text, format="nt")
