"""No query makes this server ask another one that is not listed, however SERVICE is written or
hidden; nothing else is refused for the word; and what is listed is asked.

Each of the first list was tried before Oxigraph: it reads them as a call, or an engine that follows
the letter of SPARQL 1.1 does.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from diplolocal import federation, formats
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Query, Wanted
from diplolocal.store_errors import QueryRefused, QuerySyntaxError, ServiceUnavailable
from diplolocal.wording import Language, say

WANTED = Wanted(results=formats.JSON.media_type, graph=formats.NTRIPLES.media_type)
LISTED = "https://query.example/sparql"
OTHER = "https://other.example/sparql"

CALLS = [
    "ASK { SERVICE <U> {} }",
    "ASK { service <U> {} }",
    "ASK { sErViCe <U> {} }",
    "ASK { SERVICE SILENT <U> {} }",
    "ASK { SERVICE\nSILENT\t<U>{} }",
    "ASK { SERVICE ?u {} VALUES ?u { <U> } }",
    "ASK { SERVICE $u {} VALUES ?u { <U> } }",
    "PREFIX e: <U> ASK { SERVICE e: {} }",
    "PREFIX : <U> ASK { SERVICE : {} }",
    "PREFIX service: <U> ASK { SERVICE service: {} }",
    "BASE <U> ASK { SERVICE <> {} }",
    "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> {} } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE <U> {} } }",
    "SELECT * { OPTIONAL { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { {} UNION { SERVICE <U> { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g { SERVICE <U> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "CONSTRUCT WHERE { ?s ?p ?o . SERVICE <U> { ?s ?p ?o } }",
    "DESCRIBE ?s WHERE { SERVICE <U> { ?s ?p ?o } }",
    # escapes of characters
    r"ASK { \u0053ERVICE <U> {} }",
    r"ASK { \U00000053ERVICE <U> {} }",
    r"ASK { \u0073\u0065\u0072\u0076\u0069\u0063\u0065 <U> {} }",
    r"ASK { SERVIC\u0045 <U> {} }",
    r'ASK { BIND("a\u0022" AS ?x) SERVICE <U> {} FILTER("b" = "b") }',
    r'ASK { BIND("a\U00000022" AS ?x) SERVICE <U> {} FILTER("b" = "b") }',
    r"ASK { BIND('a\u0027' AS ?x) SERVICE <U> {} FILTER('b' = 'b') }",
    r'ASK { BIND("a\u005C" AS ?x) SERVICE <U> {} FILTER("b" = "b") }',
    r'ASK { BIND("a\u0023" AS ?x) SERVICE <U> {} }',
    r"ASK { BIND(<urn:a\u0023> AS ?x) SERVICE <U> {} }",
    # comments that are none, and comments that end
    "ASK { # a comment\nSERVICE <U> {} }",
    "ASK { # a comment\rSERVICE <U> {} }",
    "ASK { # a comment \\u000A SERVICE <U> {}\n }",
    "ASK { BIND(<urn:a#b> AS ?x) SERVICE <U> {} }",
    'ASK { BIND("#" AS ?x) SERVICE <U> {} }',
    "ASK { BIND('#' AS ?x) SERVICE <U> {} }",
    'ASK { BIND("""#""" AS ?x) SERVICE <U> {} }',
    "PREFIX e: <urn:> ASK { ?s ?p e:a\\#b . SERVICE <U> {} }",
    "ASK { SERVICE # where?\n <U> {} }",
    # strings that end
    'ASK { BIND("" AS ?x) SERVICE <U> {} BIND("" AS ?y) }',
    'ASK { BIND("\\"" AS ?x) SERVICE <U> {} BIND("" AS ?y) }',
    'ASK { BIND("\\\\" AS ?x) SERVICE <U> {} BIND("" AS ?y) }',
    'ASK { BIND("""a"b""" AS ?x) SERVICE <U> {} }',
    'ASK { BIND("""a\\"""" AS ?x) SERVICE <U> {} BIND("" AS ?y) }',
    "ASK { BIND('''a'b\"''' AS ?x) SERVICE <U> {} }",
    'ASK { BIND("\'" AS ?x) SERVICE <U> {} BIND("\'" AS ?y) }',
    # no space before or after
    "ASK {SERVICE<U>{}}",
    "ASK { ?s ?p ?o.SERVICE<U>{} }",
    "ASK { {?s ?p ?o}SERVICE<U>{} }",
    'ASK { ?s ?p "a"@en.service<U>{} }',
    'ASK { ?s ?p "a"SERVICE<U>{} }',
    'ASK { ?s ?p "a"^^<urn:d>SERVICE<U>{} }',
    "ASK { ?s ?p <urn:o>SERVICE<U>{} }",
    "ASK { ?s ?p 1.SERVICE<U>{} }",
    "ASK { ?s ?p 1SERVICE<U>{} }",
    "ASK { ?s ?p -1.5SERVICE<U>{} }",
    "ASK { ?s ?p 1e0service<U>{} }",
    "ASK { ?s ?p trueSERVICE<U>{} }",
    "ASK { ?s ?p falseservice<U>{} }",
    "ASK { {?s ?p ?o}SERVICESILENT<U>{} }",
    "PREFIX e: <U> ASK { SERVICEe:{} }",
    "PREFIX e: <U> ASK { SERVICESILENTe:{} }",
    "PREFIX : <urn:> ASK { ?s ?p :.SERVICE<U>{} }",
    "PREFIX : <urn:> ASK { ?s ?p :\tSERVICE<U>{} }",
    # smaller and greater, which look like an IRI
    "ASK { FILTER(1<2)SERVICE<U>{}FILTER(3>2) }",
    "ASK { ?s ?p ?o FILTER(?s<?p)SERVICE<U>{}FILTER(?p>?s) }",
    'ASK { FILTER(1<2#>"""\n)SERVICE<U>{} #"""\n }',
    'ASK { FILTER(\'a\'<\'>"\')SERVICE<U>{}FILTER("a"="a") }',
    """ASK { FILTER('a'<'>"')BIND(<urn:a#b> AS ?x)SERVICE<U>{}FILTER("a"="a") }""",
]

NO_CALLS = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT $service { $service ?p ?o }",
    "SELECT ?serviceName ?myservice { ?serviceName ?p ?myservice }",
    'SELECT * { ?s ?p "service" }',
    "SELECT * { ?s ?p 'SERVICE <urn:x> {}' }",
    'SELECT * { ?s ?p """ SERVICE "<urn:x>" {} """ }',
    "SELECT * { ?s ?p ''' SERVICE '<urn:x>' {} ''' }",
    'SELECT * { ?s ?p "\\" SERVICE <urn:x> {}" }',
    'SELECT * { ?s ?p "service"@en }',
    'SELECT * { ?s ?p "x"^^<urn:service> }',
    "SELECT * { ?s <urn:service> ?o }",
    "SELECT * { ?s <http://e.org/service/SERVICE> ?o }",
    "SELECT * { <http://e.org/service?service=service> ?p ?o }",
    "PREFIX e: <urn:> SELECT * { ?s e:service ?o }",
    "PREFIX : <urn:> SELECT * { ?s :service ?o }",
    "PREFIX e: <urn:service:> SELECT * { ?s e:SERVICE ?o }",
    "PREFIX e: <urn:> SELECT * { ?s e:servicePoint ?o }",
    "PREFIX type: <urn:> SELECT * { ?s ?p type:migrant-services }",
    "SELECT * { ?s ?p ?o } # SERVICE <urn:x> {}",
    "# SERVICE <urn:x> {}\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o # service\n }",
    "SELECT * { FILTER(1 < 2) ?s ?p ?o FILTER(3 > 2) }",
]

ASKED = [
    "ASK { SERVICE <U> {} }",
    "ASK { service<U>{} }",
    "ASK { SERVICE\r\n\t <U> {} }",
    "ASK { SERVICE SILENT <U> {} }",
    "ASK { serviceSilent\n<U>{} }",
    "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "SELECT * { SERVICE <U> { ?s ?p ?o } SERVICE SILENT <U> { ?s ?q ?r } }",
    "SELECT * { SERVICE <U> { ?s ?p ?o SERVICE <U> { ?s ?q ?r } } }",
    "SELECT ?service { SERVICE <U> { ?service ?p 'SERVICE <urn:x> {}' } } # SERVICE <urn:y> {}",
    "BASE <urn:x> ASK { SERVICE <U> {} }",
]
"""Calls of what is listed, that are answered."""

TARGETS = [
    "<https://query.example/sparql@other.example>",
    "<https://query.example/sparql/>",
    "<https://query.example/sparql?query=x>",
    "<https://query.example/sparql#>",
    "<https://query.example/sparq>",
    "<https://query.example/>",
    "<https://query.example:443/sparql>",
    "<https://query.example/./sparql>",
    "<https://query.example/x/../sparql>",
    "<https://query.example/%73parql>",
    "<https://user@query.example/sparql>",
    "<https://QUERY.example/sparql>",
    "<HTTPS://query.example/sparql>",
    "<http://query.example/sparql>",
    "<https://query.example.other.example/sparql>",
    "<https://other.example/https://query.example/sparql>",
    "<https://query.example\\sparql>",
    "<//query.example/sparql>",
    "</sparql>",
    "<sparql>",
    "<>",
    "< https://query.example/sparql>",
    "<https://query.example/sparql >",
    "<https://query.example/sparql",
    "<<https://query.example/sparql>>",
    "<https://query.example/<https://query.example/sparql>",
    r"<https://query.example/sp\u0061rql>",
    r"<https://query.example/sp\U00000061rql>",
    r"\u003Chttps://query.example/sparql>",
    r"<https://query.example/sparql\u003E",
    "# why\n<https://query.example/sparql>",
    "SILENT # why\n<https://query.example/sparql>",
    "SILENT SILENT <https://query.example/sparql>",
    "\f<https://query.example/sparql>",
    "\N{NO-BREAK SPACE}<https://query.example/sparql>",
    "\N{ZERO WIDTH SPACE}<https://query.example/sparql>",
    "'https://query.example/sparql'",
    "w:sparql",
    "SILENT w:",
    "w:",
    ":",
    "?e",
    "$e",
    "SILENT ?e",
    "_:e",
    "(<https://query.example/sparql>)",
    "",
]
"""What is not, letter by letter, the endpoint that is listed."""


@pytest.mark.parametrize("query", CALLS)
def test_a_call_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        federation.refuse(Query(query.replace("<U>", "<http://127.0.0.1:9/>")))
    assert str(refusal.value) == (
        "SERVICE is not answered here: this server asks no other. Ask the other endpoint yourself,"
        " or let it ask this one."
    )


@pytest.mark.parametrize("query", CALLS)
def test_a_call_of_what_is_not_listed_is_refused(query: str) -> None:
    called = query.replace("<U>", f"<{OTHER}>")
    fine = f"ASK {{ SERVICE <{LISTED}> {{}} }}"
    for text in (called, f"{fine}\n{called}", f"{called}\n{fine}"):
        with pytest.raises(QueryRefused):
            federation.check(Query(text), [LISTED])


@pytest.mark.parametrize("query", CALLS)
def test_a_call_is_known_as_one(query: str) -> None:
    assert federation.calls(Query(query.replace("<U>", f"<{OTHER}>")))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("before", ["SERVICE", "SERVICE ", "service SILENT "])
def test_only_the_very_text_of_what_is_listed_is_called(target: str, before: str) -> None:
    query = f"""
        BASE <https://query.example/> PREFIX w: <https://query.example/> PREFIX : <{LISTED}>
        SELECT * {{ VALUES ?e {{ <{LISTED}> }} {before}{target} {{ ?s ?p ?o }} }}
    """
    with pytest.raises(QueryRefused, match=r"<https://query\.example/sparql>"):
        federation.check(Query(query), [LISTED])


def test_a_refusal_says_which_endpoint_which_are_asked_and_how_one_is_added() -> None:
    listed = ["https://a.example/sparql", "https://b.example/sparql"]
    with pytest.raises(QueryRefused) as refusal:
        federation.check(Query(f"ASK {{ SERVICE <{OTHER}> {{}} }}"), listed)
    assert str(refusal.value) == (
        "SERVICE <https://other.example/sparql> is not answered here. This server asks:"
        " <https://a.example/sparql>, <https://b.example/sparql>. Ask the other endpoint yourself,"
        " or let it ask this one; an operator adds one with the setting DIPLOLOCAL_SERVICES."
    )
    assert "DIPLOLOCAL_SERVICES" in say(refusal.value.sentence, Language.ES)


def test_a_refusal_of_a_variable_says_how_an_endpoint_is_written() -> None:
    with pytest.raises(QueryRefused) as refusal:
        federation.check(Query("ASK { SERVICE ?e {} }"), [LISTED])
    assert str(refusal.value) == (
        "SERVICE must be followed by the IRI of an endpoint in angle brackets, written out: no"
        " variable, no prefixed name, no escape, no comment before it. This server asks:"
        " <https://query.example/sparql>."
    )


def test_a_long_name_is_cut_in_a_refusal() -> None:
    with pytest.raises(QueryRefused) as refusal:
        federation.check(Query(f"ASK {{ SERVICE <urn:{'x' * 100_000}> {{}} }}"), [LISTED])
    assert len(str(refusal.value)) < 500


def test_nobody_else_is_asked_whatever_the_engine_makes_of_a_query() -> None:
    with answering(rows) as (listed, asked), answering(rows) as (other, others):
        none, listing = of_values(), of_values(listed)
        for query in CALLS:
            for store, called in ((none, listed), (none, other), (listing, other)):
                with pytest.raises(QueryRefused):
                    store.answer(Query(query.replace("<U>", f"<{called}>")), WANTED)
    assert (asked, others) == ([], [])


def test_whatever_the_engine_makes_of_a_query_what_is_listed_is_asked_or_it_is_refused() -> None:
    ended: Counter[str] = Counter()
    with answering(rows) as (listed, asked):
        store = of_values(listed)
        for query in CALLS:
            try:
                store.answer(Query(query.replace("<U>", f"<{listed}>")), WANTED)
                ended["answered"] += 1
            except (QueryRefused, QuerySyntaxError) as error:
                ended[type(error).__name__] += 1
    assert {path for path, _ in asked} == {"/sparql"}
    # Refused: variables, prefixed names, relative names, a comment before the IRI, escapes.
    assert ended == {"answered": 56, "QueryRefused": 9, "QuerySyntaxError": 5}


# ------------------------------------------------------------------ what is listed


@pytest.mark.parametrize("query", ASKED)
def test_what_is_listed_is_asked(query: str) -> None:
    with answering(rows) as (listed, asked):
        text = query.replace("<U>", f"<{listed}>")
        assert federation.check(Query(text), [OTHER, listed]) == (listed,)
        of_values(OTHER, listed).answer(Query(text), WANTED)
    assert {path for path, _ in asked} == {"/sparql"}


def test_each_endpoint_that_a_query_asks_is_named_once() -> None:
    a, b, c = (f"http://127.0.0.1:9/{name}" for name in "abc")
    calls = " ".join(f"SERVICE <{endpoint}> {{ ?s ?p ?o }}" for endpoint in (a, b, a))
    query = Query(f"SELECT * {{ {calls} }}")
    assert federation.check(query, (c, b, a)) == (a, b)
    with pytest.raises(QueryRefused, match=r"SERVICE <http://127\.0\.0\.1:9/b> is not answered"):
        federation.check(query, [a])


def test_what_the_other_end_says_is_joined_with_what_is_here() -> None:
    with answering(rows) as (listed, _):
        query = f"SELECT ?s ?o {{ ?s <urn:p> ?o SERVICE <{listed}> {{ ?s ?p ?x }} }}"
        answer = of_values(listed).answer(Query(query), WANTED)
    found = json.loads(answer.body)["results"]["bindings"]
    assert sorted((row["s"]["value"], row["o"]["value"]) for row in found) == [
        ("urn:s", "1"),
        ("urn:s", "a"),
        ("urn:s", "false"),
        ("urn:s", "true"),
    ]


@pytest.mark.parametrize(
    "name", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "10.1", "224.1"]
)
def test_a_listed_name_that_leads_into_a_private_network_is_not_asked(name: str) -> None:
    with answering(rows) as (listed, asked):
        named = listed.replace("127.0.0.1", name)
        with pytest.raises(QueryRefused, match="its name leads into a private network"):
            of_values(named).answer(Query(f"ASK {{ SERVICE <{named}> {{}} }}"), WANTED)
    assert asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_a_private_address_that_is_listed_is_meant(address: str) -> None:
    with answering(rows) as (listed, asked):
        named = listed.replace("127.0.0.1", address)
        of_values(named).answer(Query(f"ASK {{ SERVICE <{named}> {{}} }}"), WANTED)
    assert len(asked) == 1


def test_a_listed_name_that_leads_nowhere_is_an_endpoint_that_does_not_answer() -> None:
    nowhere = f"http://{'x' * 64}.invalid/sparql"  # no name is so long: nobody is asked for it
    with pytest.raises(ServiceUnavailable):
        of_values(nowhere).answer(Query(f"ASK {{ SERVICE <{nowhere}> {{}} }}"), WANTED)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with answering(rows) as (secret, asked):

        def redirect(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Location", secret)
            request.send_header("Content-Length", "0")
            request.end_headers()

        with answering(redirect) as (listed, redirected):
            store, query = of_values(listed), f"SELECT * {{ SERVICE <{listed}> {{ ?s ?p ?o }} }}"
            with pytest.raises(ServiceUnavailable) as failure:
                store.answer(Query(query), WANTED)
            silent = store.answer(Query(query.replace("SERVICE", "SERVICE SILENT")), WANTED)
    assert (len(redirected), asked) == (2, [])
    assert f"<{listed}>, asked with SERVICE, " in str(failure.value)
    assert secret not in str(failure.value)
    assert json.loads(silent.body)["results"]["bindings"] == [{}]


def test_what_an_endpoint_says_of_a_failure_stays_between_it_and_this_server() -> None:
    def fail(request: BaseHTTPRequestHandler) -> None:
        request.send_error(500, explain="the password is swordfish")

    with answering(fail) as (listed, _), pytest.raises(ServiceUnavailable) as failure:
        of_values(listed).answer(Query(f"ASK {{ SERVICE <{listed}> {{}} }}"), WANTED)
    assert str(failure.value) == (
        f"<{listed}>, asked with SERVICE, answered with HTTP 500. Try the part within SERVICE"
        " there, or again later; SERVICE SILENT goes on without it."
    )


def test_an_endpoint_that_is_down_is_named_or_passed_over_in_silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        listed = f"http://127.0.0.1:{gone.getsockname()[1]}/sparql"
    store, query = of_values(listed), f"SELECT * {{ SERVICE <{listed}> {{ ?s ?p ?o }} }}"
    with pytest.raises(ServiceUnavailable) as failure:
        store.answer(Query(query), WANTED)
    assert str(failure.value) == (
        f"<{listed}>, asked with SERVICE, gave no answer that can be used. Try the part within"
        " SERVICE there, or again later; SERVICE SILENT goes on without it."
    )
    # One solution without values, as if nothing had been asked (Federated Query §2.3).
    silent = store.answer(Query(query.replace("SERVICE", "SERVICE SILENT")), WANTED)
    assert json.loads(silent.body)["results"]["bindings"] == [{}]


# ------------------------------------------------------------------ what never fetches


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <U> { ?s ?p ?o }",
        "SELECT * FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <U> FROM NAMED <U> { GRAPH <U> { ?s ?p ?o } }",
        "SELECT * { GRAPH <U> { ?s ?p ?o } }",
        "ASK { <U> <U> <U> }",
        "DESCRIBE <U>",
        "DESCRIBE <U> FROM <U>",
        "BASE <U> PREFIX e: <U> SELECT * { e: ?p <x> }",
        "SELECT (<U>(1) AS ?x) {}",
        "LOAD <U>",
        "LOAD SILENT <U> INTO GRAPH <U>",
    ],
)
@pytest.mark.parametrize("graphs", [(), ("U",)], ids=["its own dataset", "a dataset asked for"])
def test_a_name_is_never_fetched(query: str, graphs: tuple[str, ...]) -> None:
    with answering(rows) as (listed, asked):
        named = tuple(graph.replace("U", listed) for graph in graphs)
        asking = Query(query.replace("<U>", f"<{listed}>"), named, named)
        try:
            of_values(listed).answer(asking, WANTED)
        except QuerySyntaxError:
            assert query.startswith(("LOAD", "SELECT (<U>(1)"))
    assert asked == []


# ------------------------------------------------------------------ what is no call


@pytest.mark.parametrize("query", NO_CALLS)
def test_the_word_elsewhere_is_answered(query: str) -> None:
    federation.refuse(Query(query))
    assert not federation.calls(Query(query))
    answer = EmbeddedStore().answer(Query(query), Wanted(formats.CSV.media_type, None))
    assert len(answer.body.splitlines()) == 1


def test_an_escape_of_no_character_is_left_as_it_is() -> None:
    federation.refuse(Query(r"ASK { ?s ?p '\UFFFFFFFF' }"))


@pytest.mark.parametrize(
    "piece",
    ["service", "<", '"', "'", '"""', "'''", '"""\\', "\"'", "#\n", "\\", "?", ":", r"\u0053"],
)
def test_a_large_query_is_read_quickly(piece: str) -> None:
    text = f"service {piece * (250_000 // len(piece))}"
    start = time.process_time()
    with pytest.raises(QueryRefused):
        federation.check(Query(text), [LISTED])
    assert time.process_time() - start < 5


def of_values(*services: str) -> EmbeddedStore:
    """A store with a few statements that may ask these."""
    values = (Literal("a"), Literal(1), Literal(value=True), Literal(value=False))
    subject, predicate, graph = (NamedNode(f"urn:{name}") for name in "spg")
    quads = (Quad(subject, predicate, value, graph) for value in values)
    return EmbeddedStore(quads, services=services)


def rows(request: BaseHTTPRequestHandler) -> None:
    """Answer any query with one row: ?s is <urn:s>."""
    bindings = [{"s": {"type": "uri", "value": "urn:s"}}]
    body = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": bindings}}).encode()
    request.send_response(200)
    request.send_header("Content-Type", formats.JSON.media_type)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def answering(
    answer: Callable[[BaseHTTPRequestHandler], None],
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """An endpoint that answers so: its address, and the path and the body of what it was asked."""
    asked: list[tuple[str, str]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked.append((self.path, self.rfile.read(length).decode()))
            answer(self)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sparql", asked
        finally:
            server.shutdown()
            thread.join()
