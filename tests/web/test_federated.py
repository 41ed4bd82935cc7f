"""A real site that asks a real endpoint, as far as its operator lists it, and no other address that
a request names.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from tests.conftest import REPOSITORY, serving, wait_for

from diplolocal.build import Build

JALISCO = "https://w3id.org/diplolocal/id/place/mx-jal"
ELSEWHERE = f'<{JALISCO}> <http://e.org/twin> "Guadalajara, elsewhere" .'
TWIN = "{ ?place <http://e.org/twin> ?twin }"
BY_SERVICE = f"""
    SELECT ?label ?twin {{
        ?place <http://www.w3.org/2004/02/skos/core#prefLabel> ?label
        SERVICE <U> {TWIN}
    }} ORDER BY ?label
"""


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second Oxigraph, with one statement about a place of ours."""
    program = str(Path(sys.executable).with_name("oxigraph"))
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "twins.ttl").write_text(ELSEWHERE, encoding="utf-8")
    location = f"--location={folder / 'store'}"
    subprocess.run(
        [program, "load", location, "--file", folder / "twins.ttl"], check=True, capture_output=True
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "serve-read-only", location, f"--bind=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/query"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="module")
def hanging() -> Iterator["Listening"]:
    """An endpoint that takes what it is asked and never answers."""
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def down() -> str:
    """The address of an endpoint that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return f"http://127.0.0.1:{gone.getsockname()[1]}/sparql"


@pytest.fixture(scope="module")
def federated(real_build: Build, oxigraph: str, hanging: "Listening", down: str) -> Iterator[str]:
    """A real site that may ask these three, for eight seconds."""
    settings = {
        "DIPLOLOCAL_SERVICES": json.dumps([oxigraph, hanging.address, down]),
        "DIPLOLOCAL_SERVICE_SECONDS": "8",
        "DIPLOLOCAL_QUERY_SECONDS": "30",
    }
    with serving("--root", REPOSITORY, "--into", real_build.folder.parent, env=settings) as site:
        yield site


def test_what_another_endpoint_knows_is_joined_with_what_we_know(
    federated: str, oxigraph: str
) -> None:
    answer = ask(federated, BY_SERVICE.replace("<U>", f"<{oxigraph}>"))
    assert answer.status_code == 200, answer.text
    found = [
        (row["label"]["value"], row["twin"]["value"])
        for row in answer.json()["results"]["bindings"]
    ]
    assert found == [("Jalisco", "Guadalajara, elsewhere")] * 2  # its name in two languages


def test_an_endpoint_that_hangs_ends_the_query_in_time_and_harms_nobody(
    federated: str, hanging: "Listening"
) -> None:
    start = time.monotonic()
    answers: list[httpx2.Response] = []
    asking = threading.Thread(
        target=lambda: answers.append(
            ask(federated, f"ASK {{ SERVICE <{hanging.address}> {TWIN} }}")
        )
    )
    asking.start()
    hanging.wait_for_one()
    assert ask(federated, "ASK { ?s ?p 'meanwhile' }").json()["boolean"] is False
    assert answers == []
    asking.join(60)
    assert 7.5 < time.monotonic() - start < 30
    assert (answers[0].status_code, answers[0].json()["title"]) == (503, "Query took too long")
    assert "the limit is 8." in answers[0].json()["detail"]
    hanging.wait_until_left()  # the call has ended with the query
    assert ask(federated, "ASK { ?s ?p 'afterwards' }").json()["boolean"] is False


def test_an_endpoint_that_is_down_is_named_or_passed_over_in_silence(
    federated: str, down: str
) -> None:
    answer = ask(federated, f"SELECT * {{ SERVICE <{down}> {TWIN} }}")
    assert (answer.status_code, answer.json()["title"]) == (502, "Another endpoint gave no answer")
    assert answer.json()["detail"] == (
        f"<{down}>, asked with SERVICE, gave no answer that can be used. Try the part within"
        " SERVICE there, or again later; SERVICE SILENT goes on without it."
    )
    silent = ask(federated, f"SELECT * {{ SERVICE SILENT <{down}> {TWIN} }}")
    assert (silent.status_code, silent.json()["results"]["bindings"]) == (200, [{}])


def test_an_endpoint_that_is_not_listed_is_not_asked(federated: str, oxigraph: str) -> None:
    with listening() as other:
        answer = ask(federated, f"ASK {{ SERVICE SILENT <{other.address}> {TWIN} }}")
        assert (answer.status_code, answer.json()["title"]) == (403, "Refused")
        assert f"<{oxigraph}>" in answer.json()["detail"].partition("This server asks: ")[2]
        assert other.connections == 0


def test_unless_told_otherwise_only_wikidata_is_asked(site: str) -> None:
    answer = ask(site, "ASK { SERVICE ?anybody {} }")
    assert answer.status_code == 403
    assert "This server asks: <https://query.wikidata.org/sparql>." in answer.json()["detail"]


def test_no_address_of_a_request_is_fetched(federated: str) -> None:
    with listening() as other:
        iri = other.address
        graphs = {"default-graph-uri": iri, "named-graph-uri": iri}
        for query in (
            f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"DESCRIBE <{iri}>",
            f"CONSTRUCT {{ <{iri}> <{iri}> <{iri}> }} WHERE {{}}",
            f"LOAD <{iri}>",
        ):
            for more in ({}, graphs):
                for accept in ("application/ld+json", "text/turtle, text/csv"):
                    ask(federated, query, accept, **more)
        update = httpx2.post(f"{federated}/sparql", data={"update": f"LOAD <{iri}>"}, timeout=60)
        httpx2.get(f"{federated}/graphs", params={"graph": iri}, timeout=60)
        httpx2.get(f"{federated}/doc/place/mx-jal.jsonld", params={"context": iri}, timeout=60)
        assert update.status_code == 403
        assert other.connections == 0


def ask(site: str, query: str, accept: str = "*/*", **more: str) -> httpx2.Response:
    """The answer of a site, in English."""
    return httpx2.get(
        f"{site}/sparql",
        params={"query": query, **more},
        headers={"accept": accept, "accept-language": "en"},
        timeout=60,
    )


class Listening:
    """Somebody who listens on the loopback, counts who connects and says nothing."""

    def __init__(self, listens: socket.socket, held: ExitStack) -> None:
        self.address = f"http://127.0.0.1:{listens.getsockname()[1]}/sparql"
        self._listens, self._held = listens, held
        self._taken: list[socket.socket] = []

    @property
    def connections(self) -> int:
        """How many have connected and were not yet taken."""
        self._listens.settimeout(0)
        try:
            while True:
                self._take()
        except BlockingIOError:
            return len(self._taken)

    def wait_for_one(self) -> None:
        """Until somebody connects."""
        self._listens.settimeout(60)
        self._take()

    def wait_until_left(self) -> None:
        """Until who connected has hung up: what it said is followed by the end."""
        self._taken[-1].settimeout(60)
        while self._taken[-1].recv(65_536):
            pass

    def _take(self) -> None:
        self._taken.append(self._held.enter_context(self._listens.accept()[0]))


@contextmanager
def listening() -> Iterator[Listening]:
    """Such a one, while the block runs."""
    with ExitStack() as held:
        yield Listening(held.enter_context(socket.create_server(("127.0.0.1", 0))), held)
