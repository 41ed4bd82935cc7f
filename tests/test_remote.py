"""The remote store before endpoints that misbehave: each is a real server on this machine."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import __version__, formats
from diplolocal.bad_requests import BadRequest, NotAcceptable
from diplolocal.formats import GRAPH, JSON, NTRIPLES, RESULTS, TURTLE, XML
from diplolocal.remote import RemoteStore
from diplolocal.store import Answer, Limits, Patience, Query, Wanted, select
from diplolocal.store_errors import (
    AnswerTooLarge,
    NobodyWaits,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    StoreUnavailable,
)

TABLE_OR_GRAPH = Wanted(JSON.media_type, TURTLE.media_type)
RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:x"}}]}}'
VIRTUOSO_RESULT = b"""
{ "head": { "link": [], "vars": ["x"] },
  "results": { "distinct": false, "ordered": true, "bindings": [
    { "x": { "type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#byte",
             "value": "7" }} ] } }"""
LIMITS = Limits(seconds=0.5, service_seconds=1, memory_bytes=1, answer_bytes=2_000, answer_rows=20)


class Endpoint:
    """A server that says what it was told to say, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.media_type, self.body = 200, JSON.media_type, RESULT
        self.length: int | None = None
        self.more: dict[str, str] = {}
        self.pieces: Iterable[bytes] | None = None
        self.asked: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        self.was_left = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(parse_qs(body.decode(), keep_blank_values=True))
                endpoint.headers.append(dict(self.headers))
                self.send_response(endpoint.status)
                if endpoint.media_type:
                    self.send_header("Content-Type", endpoint.media_type)
                for name, value in endpoint.more.items():
                    self.send_header(name, value)
                length = len(endpoint.body) if endpoint.length is None else endpoint.length
                if endpoint.pieces is None:
                    self.send_header("Content-Length", str(length))
                self.end_headers()
                try:
                    for piece in endpoint.pieces or (endpoint.body,):
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    endpoint.was_left.set()

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


def test_an_answer_is_handed_on(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(RESULT, "application/sparql-results+json; charset=UTF-8")
    assert ask_it(remote) == Answer(RESULT, "application/sparql-results+json")


@pytest.mark.parametrize(
    ("fmt", "body"),
    [
        (
            JSON,
            b'{"type":"literal","value":"7","datatype":"http://www.w3.org/2001/XMLSchema#byte"}',
        ),
        (XML, b'<literal datatype="http://www.w3.org/2001/XMLSchema#byte">7</literal>'),
        (formats.CSV, b"x\r\n7\r\n"),
        (formats.TSV, b'?x\n"7"^^<http://www.w3.org/2001/XMLSchema#byte>\n'),
    ],
    ids=lambda value: value.suffix if isinstance(value, formats.Format) else "",
)
def test_a_table_is_asked_for_in_json_and_written_as_it_was_wanted(
    endpoint: Endpoint, remote: RemoteStore, fmt: formats.Format, body: bytes
) -> None:
    endpoint.says(VIRTUOSO_RESULT)
    answer = remote.answer(Query("SELECT ?x { ?x ?p ?o }"), Wanted(fmt.media_type, None))
    assert (body in answer.body, answer.media_type) == (True, fmt.media_type)
    assert endpoint.headers[0]["Accept"] == JSON.media_type


@pytest.mark.parametrize("fmt", GRAPH, ids=lambda fmt: fmt.suffix)
@pytest.mark.parametrize("sent", [NTRIPLES, TURTLE], ids=lambda fmt: fmt.suffix)
def test_a_graph_is_written_as_it_was_wanted_each_triple_once(
    endpoint: Endpoint, remote: RemoteStore, fmt: formats.Format, sent: formats.Format
) -> None:
    endpoint.says(b'<urn:s> <urn:p> "o"@es .\n<urn:s> <urn:p> "o"@es .\n', sent.media_type)
    answer = remote.answer(Query("DESCRIBE <urn:s>"), Wanted(None, fmt.media_type))
    found = [
        quad.triple for quad in parse(answer.body, format=RdfFormat.from_extension(fmt.suffix))
    ]
    assert found == [Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o", language="es"))]
    assert answer.media_type == fmt.media_type


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
    endpoint.says(b"", NTRIPLES.media_type)
    remote_graph(remote)
    assert [(sent["Accept"], sent["User-Agent"]) for sent in endpoint.headers] == [
        ("application/sparql-results+json", f"diplolocal/{__version__}"),
        ("application/n-triples, text/turtle;q=0.5", f"diplolocal/{__version__}"),
    ]


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
def test_an_update_is_never_sent(endpoint: Endpoint, remote: RemoteStore, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        remote.answer(Query(text), TABLE_OR_GRAPH)
    assert endpoint.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELEC ?x {}",
        "{}",
        "what is this?",
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1/> {}',
        "# SELECT\nDROP ALL",
        "# SELECT",
        "#\u2028DROP ALL;\nSELECT * {}",
        "#\fDROP ALL;\nSELECT * {}",
        "PREFIX a: <urn:a> DROP ALL # > SELECT * {}",
        "PREFIX a: <urn:a DROP ALL ;> SELECT * {}",
        "PREFIX select: <urn:select> DROP ALL",
        "BASE <urn:select> INSERT DATA { <a> <b> <c> }",
        "SELECTED ?x {}",
    ],
)
def test_what_is_no_query_is_not_sent(endpoint: Endpoint, remote: RemoteStore, text: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"expected SELECT, ASK, CONSTRUCT or DESCRIBE$"):
        remote.answer(Query(text), TABLE_OR_GRAPH)
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        ("select * {}", "application/sparql-results+json"),
        (
            "#c\nPREFIX : <urn:a#>\nprefix b:<urn:construct>\nASK{}",
            "application/sparql-results+json",
        ),
        ("BASE <urn:b> CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples, text/turtle;q=0.5"),
        ("DESCRIBE<urn:x>", "application/n-triples, text/turtle;q=0.5"),
    ],
)
def test_the_form_of_the_query_says_what_is_asked_for(
    endpoint: Endpoint, remote: RemoteStore, text: str, accept: str
) -> None:
    if accept.startswith("application/n"):
        endpoint.says(b"", NTRIPLES.media_type)
    remote.answer(Query(text), TABLE_OR_GRAPH)
    assert endpoint.headers[0]["Accept"] == accept


def test_a_graph_whose_name_is_no_iri_is_not_sent(endpoint: Endpoint, remote: RemoteStore) -> None:
    with pytest.raises(BadRequest, match="is not an absolute IRI"):
        remote.answer(Query("ASK {}", ("urn:x> DROP ALL #",)), TABLE_OR_GRAPH)
    assert endpoint.asked == []


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


@pytest.mark.parametrize("fmt", RESULTS, ids=lambda fmt: fmt.suffix)
def test_a_table_that_breaks_off_is_an_error(
    endpoint: Endpoint, remote: RemoteStore, fmt: formats.Format
) -> None:
    endpoint.says(RESULT[:-3])
    with pytest.raises(StoreUnavailable):
        remote.answer(Query("SELECT ?x {}"), Wanted(fmt.media_type, None))


@pytest.mark.parametrize("fmt", GRAPH, ids=lambda fmt: fmt.suffix)
@pytest.mark.parametrize("sent", [NTRIPLES, TURTLE], ids=lambda fmt: fmt.suffix)
def test_a_graph_that_breaks_off_is_an_error(
    endpoint: Endpoint, remote: RemoteStore, fmt: formats.Format, sent: formats.Format
) -> None:
    endpoint.says(b'<urn:s> <urn:p> "one" .\n<urn:s> <urn:p> "tw', sent.media_type)
    with pytest.raises(StoreUnavailable):
        remote.answer(Query("DESCRIBE <urn:x>"), Wanted(None, fmt.media_type))


def test_a_graph_whose_end_nothing_tells_is_an_error(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"", NTRIPLES.media_type)
    endpoint.pieces = [b"<urn:s> <urn:p> <urn:o> .\n"]
    with pytest.raises(StoreUnavailable, match="neither Content-Length nor Transfer-Encoding"):
        remote_graph(remote)


def test_chunks_that_break_off_are_an_error(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(b"", NTRIPLES.media_type)
    endpoint.more = {"Transfer-Encoding": "chunked"}
    line = b"<urn:s> <urn:p> <urn:o> .\n"
    endpoint.pieces = [b"%x\r\n%s\r\n" % (len(line), line)]
    with pytest.raises(StoreUnavailable):
        remote_graph(remote)
    endpoint.pieces = [b"%x\r\n%s\r\n0\r\n\r\n" % (len(line), line)]
    assert remote_graph(remote) == line


def test_an_answer_shorter_than_announced_is_an_error(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"<urn:s> <urn:p> <urn:o> .\n", NTRIPLES.media_type)
    endpoint.length = 1_000
    with pytest.raises(StoreUnavailable):
        remote_graph(remote)


@pytest.mark.parametrize("body", [b"{}", b'{"head":{}}', b"[]", b'{"results":{}}', b"null"])
def test_json_that_is_no_result_is_an_error(
    endpoint: Endpoint, remote: RemoteStore, body: bytes
) -> None:
    endpoint.says(body)
    with pytest.raises(StoreUnavailable):
        select(remote, "SELECT ?x {}")


def test_a_redirect_is_not_followed(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.says(b"", "text/plain", 303)
    endpoint.more = {"Location": "/elsewhere"}
    assert failure(remote) == unusable(endpoint, "HTTP 303")
    assert len(endpoint.asked) == 1


# ------------------------------------------------------------------ what it may take


def test_an_answer_of_more_bytes_than_allowed_is_not_read_on(endpoint: Endpoint) -> None:
    endpoint.pieces = repeat(b" " * 1_000)
    with pytest.raises(AnswerTooLarge, match=r"more than 2000 bytes"):
        ask_it(RemoteStore(endpoint.address, seconds=10, limits=LIMITS))
    assert endpoint.was_left.wait(10)


def test_an_answer_that_grows_too_large_here_is_not_given(endpoint: Endpoint) -> None:
    endpoint.says(b"<urn:s> <urn:p> <urn:o> .\n", NTRIPLES.media_type)
    few = replace(LIMITS, answer_bytes=30)
    graph = RemoteStore(endpoint.address, seconds=10, limits=few)
    with pytest.raises(AnswerTooLarge, match=r"more than 30 bytes"):
        graph.answer(Query("DESCRIBE <urn:s>"), Wanted(None, formats.RDFXML.media_type))


@pytest.mark.parametrize(("rows", "is_given"), [(20, True), (21, False)])
def test_only_so_many_rows_are_given(endpoint: Endpoint, rows: int, is_given: bool) -> None:
    store = RemoteStore(endpoint.address, seconds=10, limits=LIMITS)
    bindings = b",".join([b"{}"] * rows)
    endpoint.says(b'{"head":{"vars":["x"]},"results":{"bindings":[%s]}}' % bindings)
    with nullcontext() if is_given else pytest.raises(AnswerTooLarge, match=r"more than 20 rows"):
        ask_it(store)
    triples = (b"<urn:s> <urn:p> <urn:%d> .\n" % number for number in range(rows))
    endpoint.says(b"".join(triples), NTRIPLES.media_type)
    with nullcontext() if is_given else pytest.raises(AnswerTooLarge, match=r"more than 20 rows"):
        remote_graph(store)


def dripping() -> Iterator[bytes]:
    """A byte now and then, so that no silence lasts long."""
    while True:
        yield b" "
        time.sleep(0.02)


def test_an_endpoint_that_drips_is_left_at_the_limit(endpoint: Endpoint) -> None:
    endpoint.pieces = dripping()
    begun = time.monotonic()
    with pytest.raises(QueryTimeout) as late:
        ask_it(RemoteStore(endpoint.address, seconds=30, limits=LIMITS))
    assert (late.value.limit, late.value.elapsed >= 0.5) == (0.5, True)
    assert time.monotonic() - begun < 10
    assert endpoint.was_left.wait(10)


def test_an_endpoint_that_drips_is_left_at_its_own_limit(endpoint: Endpoint) -> None:
    endpoint.pieces = dripping()
    assert failure(RemoteStore(endpoint.address, seconds=0.5)) == unusable(endpoint, "timed out")


def test_who_asks_may_have_less_patience(endpoint: Endpoint) -> None:
    endpoint.pieces = dripping()
    store = RemoteStore(endpoint.address, seconds=30, limits=replace(LIMITS, seconds=30))
    with pytest.raises(QueryTimeout) as late:
        store.answer(Query("ASK {}"), TABLE_OR_GRAPH, Patience(seconds=0.3))
    assert late.value.limit == 0.3


def test_the_line_is_cut_when_nobody_waits(endpoint: Endpoint) -> None:
    gone = threading.Event()

    def until_gone() -> Iterator[bytes]:
        yield b" "
        gone.set()
        yield from dripping()

    endpoint.pieces = until_gone()
    with pytest.raises(NobodyWaits):
        RemoteStore(endpoint.address, seconds=30).answer(
            Query("ASK {}"), TABLE_OR_GRAPH, Patience(gone=gone.is_set)
        )
    assert endpoint.was_left.wait(10)


# ------------------------------------------------------------------ what is cut (Virtuoso)


@pytest.mark.parametrize(
    ("status", "more"),
    [(200, {"X-SQL-State": "S1TAT"}), (206, {})],
)
def test_what_was_found_until_the_time_was_up_is_no_answer(
    endpoint: Endpoint, remote: RemoteStore, status: int, more: dict[str, str]
) -> None:
    endpoint.says(RESULT, status=status)
    endpoint.more = more
    with pytest.raises(QueryTimeout):
        ask_it(remote)


def test_a_table_that_was_cut_is_no_answer(endpoint: Endpoint, remote: RemoteStore) -> None:
    endpoint.more = {"X-SPARQL-MaxRows": "10000"}
    with pytest.raises(AnswerTooLarge, match=r"more than 10000 rows"):
        ask_it(remote)


def test_a_graph_that_may_have_been_cut_is_no_answer(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.more = {"X-SPARQL-MaxRows": "3"}
    triples = [b"<urn:s> <urn:p> <urn:%d> .\n" % number for number in range(3)]
    endpoint.says(b"".join(triples[:2]), NTRIPLES.media_type)
    assert remote_graph(remote) == b"".join(triples[:2])
    endpoint.says(b"".join(triples), NTRIPLES.media_type)
    with pytest.raises(AnswerTooLarge, match=r"more than 3 rows"):
        remote_graph(remote)


def test_an_endpoint_that_does_not_cut_is_only_asked_once(
    endpoint: Endpoint, remote: RemoteStore
) -> None:
    endpoint.says(b"<urn:s> <urn:p> <urn:o> .\n", NTRIPLES.media_type)
    for _ in range(3):
        remote_graph(remote)
    assert ["?other" in asked["query"][0] for asked in endpoint.asked] == [
        False,
        True,
        False,
        False,
    ]


def ask_it(store: RemoteStore) -> Answer:
    return store.answer(Query("SELECT ?x { ?x ?p ?o }"), TABLE_OR_GRAPH)


def remote_graph(store: RemoteStore) -> bytes:
    return store.answer(Query("DESCRIBE <urn:x>"), Wanted(None, NTRIPLES.media_type)).body


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
