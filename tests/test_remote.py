"""The remote store before endpoints that misbehave: each is a real server on this machine."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs

import pytest

from diplolocal import __version__, formats
from diplolocal.errors import (
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
    StoreError,
    StoreUnavailable,
)
from diplolocal.formats import GRAPH, JSON, NTRIPLES, RESULTS, TURTLE, XML
from diplolocal.remote import RemoteStore
from diplolocal.store import Answer, Query, Wanted, select

TABLE_OR_GRAPH = Wanted(JSON.media_type, TURTLE.media_type)
RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:x"}}]}}'
XML_RESULT = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    b'<head><variable name="x"/></head><results/></sparql>'
)


class Endpoint:
    """A server that says what it was told to say, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.media_type, self.body = 200, JSON.media_type, RESULT
        self.length: int | None = None
        self.asked: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(parse_qs(body.decode(), keep_blank_values=True))
                endpoint.headers.append(dict(self.headers))
                self.send_response(endpoint.status)
                if endpoint.media_type:
                    self.send_header("Content-Type", endpoint.media_type)
                length = len(endpoint.body) if endpoint.length is None else endpoint.length
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(endpoint.body)

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/sparql"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def says(self, body: bytes, media_type: str = JSON.media_type, status: int = 200) -> None:
        self.body, self.media_type, self.status = body, media_type, status

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    yield server
    server.close()


@pytest.fixture
def remote(endpoint: Endpoint) -> RemoteStore:
    return RemoteStore(endpoint.address, seconds=10)


def test_an_answer_is_handed_on_as_it_came(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(RESULT, "application/sparql-results+json; charset=UTF-8")
    assert ask_it(remote) == Answer(RESULT, "application/sparql-results+json")


def test_the_query_and_its_dataset_are_posted(endpoint: Endpoint, remote: RemoteStore) -> None:
    query = Query("SELECT ?x { ?x ?p 'ñ & = +' }", ("urn:a", "urn:b"), ("urn:c",))
    remote.answer(query, TABLE_OR_GRAPH)
    assert endpoint.asked == [
        {
            "query": [query.text],
            "default-graph-uri": ["urn:a", "urn:b"],
            "named-graph-uri": ["urn:c"],
        }
    ]


def test_it_says_what_it_accepts_and_who_it_is(endpoint: Endpoint, remote: RemoteStore) -> None:
    ask_it(remote)
    assert (endpoint.headers[0]["Accept"], endpoint.headers[0]["User-Agent"]) == (
        "application/sparql-results+json, text/turtle",
        f"diplolocal/{__version__}",
    )


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DROP ALL",
        "PREFIX e: <urn:e> clear default",
        "LOAD <urn:x> INTO GRAPH <urn:y>",
    ],
)
def test_an_update_is_never_sent_as_an_update(
    endpoint: Endpoint, remote: RemoteStore, text: str
) -> None:
    endpoint.says(b"no such query", "text/plain", 400)
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        remote.answer(Query(text), TABLE_OR_GRAPH)
    assert [set(asked) for asked in endpoint.asked] in ([], [{"query"}])


@pytest.mark.parametrize("text", ["", "SELEC ?x {}", "{}", "what is this?"])
def test_what_is_no_query_is_left_to_the_endpoint_to_judge(
    endpoint: Endpoint, remote: RemoteStore, text: str
) -> None:
    endpoint.says(b"expected SELECT", "text/plain", 400)
    with pytest.raises(QuerySyntaxError, match=r"^The query cannot be read: expected SELECT$"):
        remote.answer(Query(text), TABLE_OR_GRAPH)


def test_service_is_refused_before_anybody_is_asked(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    with pytest.raises(QueryRefused):
        remote.answer(Query("ASK { SERVICE <urn:x> {} }"), TABLE_OR_GRAPH)
    assert endpoint.asked == []


def test_an_endpoint_that_nobody_listens_at_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}/sparql"
    said = failure(RemoteStore(address, seconds=10))
    assert said.startswith(f"The SPARQL endpoint {address} gave no usable answer: ")
    assert "Connection refused" in said
    assert said.endswith(". Check its address and that it runs.")


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "nonsense", "http://", "file:///etc"])
def test_an_address_that_is_none_is_an_error_and_no_crash(address: str) -> None:
    assert failure(RemoteStore(address, seconds=10)).startswith(
        f"The SPARQL endpoint {address} gave no usable answer: "
    )


def test_an_endpoint_that_does_not_answer_in_time_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/sparql"
        assert "timed out" in failure(RemoteStore(address, seconds=1))


def test_an_endpoint_that_hangs_up_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            connection, _ = rude.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{rude.getsockname()[1]}/sparql"
        assert failure(RemoteStore(address, seconds=10)).startswith(
            f"The SPARQL endpoint {address} gave no usable answer: "
        )
        thread.join()


def test_a_page_is_no_answer(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(b"<html><body>Welcome</body></html>", "text/html; charset=utf-8")
    assert failure(remote) == unusable(endpoint, "Content-Type text/html")


@pytest.mark.parametrize("media_type", ["application/octet-stream", "application/json", "what?"])
def test_an_answer_of_an_unknown_kind_is_none(
    endpoint: Endpoint, remote: RemoteStore, media_type: str
) -> None:
    endpoint.says(RESULT, media_type)
    assert failure(remote) == unusable(endpoint, f"Content-Type {media_type}")


def test_an_answer_without_a_kind_is_none(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(RESULT, "")
    assert failure(remote) == unusable(endpoint, "Content-Type ?")


def test_an_endpoint_that_fails_is_quoted_without_its_markup(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"<html><h1>Out of\n memory</h1></html>", "text/html", 500)
    assert failure(remote) == unusable(endpoint, "Out of memory")


def test_a_long_excuse_is_cut(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(b"x" * 10_000, "text/plain", 500)
    assert failure(remote) == unusable(endpoint, "x" * 300)


@pytest.mark.parametrize("status", [403, 429, 502, 503])
def test_another_status_is_named(endpoint: Endpoint, remote: RemoteStore, status: int) -> None:
    endpoint.says(b"no", "text/plain", status)
    assert failure(remote) == unusable(endpoint, f"HTTP {status}")


@pytest.mark.parametrize("status", [401, 404, 414])
def test_a_refusal_is_an_unusable_answer(
    endpoint: Endpoint, remote: RemoteStore, status: int
) -> None:
    endpoint.says(b"not here", "text/plain", status)
    assert failure(remote) == unusable(endpoint, "not here")


def test_a_query_that_the_endpoint_cannot_read_is_a_syntax_error(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"<p>line 1: <b>wrong</b></p>", "text/html", 400)
    with pytest.raises(QuerySyntaxError, match=r"^The query cannot be read: line 1: wrong$"):
        ask_it(remote)


def test_an_endpoint_with_nothing_acceptable_is_not_acceptable(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"no", "text/plain", 406)
    with pytest.raises(NotAcceptable) as no_table:
        remote.answer(Query("ASK {}"), Wanted(None, TURTLE.media_type))
    with pytest.raises(NotAcceptable) as no_graph:
        remote.answer(Query("DESCRIBE <urn:x>"), Wanted(JSON.media_type, None))
    assert no_table.value.offered == tuple(fmt.media_type for fmt in RESULTS)
    assert no_graph.value.offered == tuple(fmt.media_type for fmt in GRAPH)


def test_an_answer_of_the_kind_that_was_not_wanted_is_not_acceptable(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"<urn:s> <urn:p> <urn:o> .", "application/n-triples")
    with pytest.raises(NotAcceptable):
        remote.answer(Query("DESCRIBE <urn:x>"), Wanted(JSON.media_type, None))


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON.media_type, RESULT),
        (XML.media_type, XML_RESULT),
        (NTRIPLES.media_type, b'<urn:s> <urn:p> "one" .\n<urn:s> <urn:p> "two" .'),
        (TURTLE.media_type, b'@prefix e: <urn:e> .\ne:s e:p "one", "two" .'),
        ("application/ld+json", b'[{"@id":"urn:s","urn:p":[{"@value":"one"}]}]'),
        (
            "application/rdf+xml",
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>',
        ),
    ],
    ids=lambda value: value.rpartition("/")[2] if isinstance(value, str) else "",
)
def test_an_answer_that_breaks_off_is_an_error(
    endpoint: Endpoint, remote: RemoteStore, media_type: str, body: bytes
) -> None:
    wanted = (
        Wanted(media_type, None)
        if formats.by_media_type(RESULTS, media_type)
        else Wanted(None, media_type)
    )
    endpoint.says(body, media_type)
    assert remote.answer(Query("ASK {}"), wanted).body == body
    endpoint.says(body[:-6], media_type)
    with pytest.raises(StoreUnavailable):
        remote.answer(Query("ASK {}"), wanted)


def test_an_answer_shorter_than_announced_is_an_error(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"x\r\nurn:x\r\n", "text/csv")
    endpoint.length = 1_000
    with pytest.raises(StoreUnavailable):
        remote.answer(Query("SELECT ?x {}"), Wanted("text/csv", None))


@pytest.mark.parametrize("body", [b"{}", b'{"head":{}}', b"[]", b'{"results":{}}', b"null"])
def test_json_that_is_no_result_is_an_error(
    endpoint: Endpoint, remote: RemoteStore, body: bytes
) -> None:
    endpoint.says(body)
    with pytest.raises(StoreUnavailable):
        select(remote, "SELECT ?x {}")


@pytest.mark.parametrize("status", [403, 406, 503])
def test_the_answer_to_a_refusal_is_closed(
    endpoint: Endpoint, remote: RemoteStore, status: int
) -> None:
    endpoint.says(b"no" * 1_000, "text/plain", status)
    with pytest.raises(StoreError if status != 406 else NotAcceptable) as refusal:
        ask_it(remote)
    cause = refusal.value.__cause__
    assert isinstance(cause, HTTPError)
    closed = cause.closed
    cause.close()
    assert closed


def ask_it(store: RemoteStore) -> Answer:
    return store.answer(Query("SELECT ?x { ?x ?p ?o }"), TABLE_OR_GRAPH)


def failure(store: RemoteStore) -> str:
    """What is said when the store gives no answer."""
    with pytest.raises(StoreUnavailable) as failed:
        ask_it(store)
    return str(failed.value)


def unusable(endpoint: Endpoint, reason: str) -> str:
    return (
        f"The SPARQL endpoint {endpoint.address} gave no usable answer: {reason}."
        " Check its address and that it runs."
    )
