"""Programs that others wrote ask our endpoint, over HTTP, as their users would.

SPARQLWrapper, pandas and rdflib are in `web/test_sparql.py`.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tests.clients.programs import answer_of, comunica, program
from tests.conftest import wait_for

DL = "https://w3id.org/diplolocal/def#"
REGION = "https://w3id.org/diplolocal/id/region/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ACTIONS = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?action a <{DL}Action> }}"
REGIONS = f"""PREFIX dl: <{DL}>
SELECT ?region ?name WHERE {{ ?region a dl:Region ; <{LABEL}> ?name FILTER(LANG(?name) = "es") }}
ORDER BY ?region LIMIT 2"""
NAMES = ["Centronorte", "Centrosur"]
ASK = f"ASK {{ <{REGION}centronorte> a <{DL}Region> }}"
CONSTRUCT = (
    f"CONSTRUCT {{ ?r <{LABEL}> ?n }} WHERE {{ ?r <{LABEL}> ?n FILTER(?r = <{REGION}oriente>) }}"
)


# Comunica.


def test_comunica_reads_a_table_from_what_it_is_told_is_an_endpoint(site: str) -> None:
    found = json.loads(asked_by_comunica(f"sparql@{site}/sparql", REGIONS, "sparql-results+json"))
    assert [row["name"]["value"] for row in found["results"]["bindings"]] == NAMES
    assert found["metadata"]["httpRequests"] == 1


def test_comunica_finds_out_by_itself_that_it_is_an_endpoint(site: str) -> None:
    """It reads the service description at the address, and then asks."""
    found = json.loads(asked_by_comunica(f"{site}/sparql", ACTIONS, "sparql-results+json"))
    assert [row["n"]["value"] for row in found["results"]["bindings"]] == ["128"]
    assert found["metadata"]["httpRequests"] == 2


def test_comunica_asks_yes_or_no(site: str) -> None:
    assert asked_by_comunica(f"{site}/sparql", ASK, "simple") == b"true\n"


def test_comunica_constructs_a_graph(site: str) -> None:
    found = asked_by_comunica(f"{site}/sparql", CONSTRUCT, "n-triples")
    assert triples(found) == EAST


# roqet, of Rasqal: over the protocol it reads tables only.


def test_roqet_reads_a_table(site: str) -> None:
    found = asked_by_roqet(site, REGIONS, "csv").decode().split()
    assert found == ["region,name", *(f"{REGION}{name.lower()},{name}" for name in NAMES)]


def test_roqet_reads_a_count(site: str) -> None:
    assert asked_by_roqet(site, ACTIONS, "tsv") == b"?n\n128\n"


# A SERVICE clause in a query to somebody else's Oxigraph.


def test_another_endpoint_joins_what_it_has_with_what_we_have(site: str, other: str) -> None:
    query = f"""SELECT ?note ?name WHERE {{
        ?region <urn:note> ?note
        SERVICE <{site}/sparql> {{ ?region <{LABEL}> ?name }}
    }} ORDER BY ?name"""
    assert rows(other, query) == [
        {"note": "mine", "name": "East"},
        {"note": "mine", "name": "Oriente"},
    ]


def test_another_endpoint_asks_us_yes_or_no(site: str, other: str) -> None:
    asked = {"query": f"ASK {{ SERVICE <{site}/sparql> {{ <{REGION}oriente> a <{DL}Region> }} }}"}
    assert httpx2.get(f"{other}/query", params=asked).json()["boolean"] is True


# curl.


def test_curl_reads_a_table(site: str) -> None:
    asked = ("--data-urlencode", f"query={ACTIONS}", "-H", "Accept: text/csv")
    assert asked_by_curl(f"{site}/sparql", *asked) == b"n\r\n128\r\n"


def test_curl_sends_a_query_as_it_is(site: str) -> None:
    header = "Content-Type: application/sparql-query"
    found = asked_by_curl(f"{site}/sparql", "--data-binary", ASK, "-H", header)
    assert json.loads(found)["boolean"] is True


def test_curl_reads_a_graph(site: str) -> None:
    asked = ("--get", "--data-urlencode", f"query={CONSTRUCT}", "-d", "format=nt")
    assert triples(asked_by_curl(f"{site}/sparql", *asked)) == EAST


# What the tests above say in one word.

EAST = {
    Triple(NamedNode(f"{REGION}oriente"), NamedNode(LABEL), Literal(name, language=language))
    for language, name in (("en", "East"), ("es", "Oriente"))
}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server with one statement of its own."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "own.nt").write_text(f'<{REGION}oriente> <urn:note> "mine" .')
    oxigraph = str(Path(sys.executable).with_name("oxigraph"))
    answer_of(oxigraph, "load", "--location", folder / "db", "--file", folder / "own.nt")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [oxigraph, "serve-read-only", "--location", str(folder / "db")]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def asked_by_comunica(source: str, query: str, wanted: str) -> bytes:
    """What Comunica prints. `wanted`: the end of a media type, or simple."""
    media_type = wanted if wanted == "simple" else f"application/{wanted}"
    return answer_of(*comunica(), source, query, "-t", media_type)


def asked_by_roqet(site: str, query: str, wanted: str) -> bytes:
    roqet = program("roqet", "rasqal-utils")
    return answer_of(roqet, "--quiet", "-p", f"{site}/sparql", "-e", query, "-r", wanted)


def asked_by_curl(address: str, *arguments: str) -> bytes:
    curl = program("curl", "curl")
    return answer_of(curl, "--silent", "--show-error", "--fail", address, *arguments)


def rows(address: str, query: str) -> list[dict[str, str]]:
    """The rows that an Oxigraph server answers, as plain text."""
    answer = httpx2.get(f"{address}/query", params={"query": query}, timeout=30)
    assert answer.status_code == 200, answer.text
    bindings = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def triples(text: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)}
