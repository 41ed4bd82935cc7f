"""No query makes this server ask another one, however SERVICE is written or hidden; and nothing
else is refused for the word.

Each of the first list was tried before Oxigraph: it reads them as a call, or an engine that follows
the letter of SPARQL 1.1 does.
"""

import socket

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from diplolocal import federation, formats
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import QueryRefused, QuerySyntaxError, StoreUnavailable
from diplolocal.store import Query, Wanted

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


@pytest.mark.parametrize("query", CALLS)
def test_a_call_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        federation.refuse(Query(query.replace("<U>", "<http://127.0.0.1:9/>")))
    assert str(refusal.value) == (
        "SERVICE is not answered here: this server asks no other. Ask the other endpoint yourself,"
        " or let it ask this one."
    )


def test_nobody_is_asked_whatever_the_engine_makes_of_a_query() -> None:
    store = EmbeddedStore(
        Quad(NamedNode("urn:s"), NamedNode("urn:p"), value, NamedNode("urn:g"))
        for value in (Literal("a"), Literal(1), Literal(value=True), Literal(value=False))
    )
    asked = []
    for query in CALLS:
        # Whoever is called is not there, so that a call ends at once and shows as an error.
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            address = f"<http://127.0.0.1:{stranger.getsockname()[1]}/>"
        try:
            store.answer(Query(query.replace("<U>", address)), Wanted("text/csv", "text/turtle"))
        except (QueryRefused, QuerySyntaxError):
            continue
        except StoreUnavailable:
            asked.append(query)
    assert asked == []


@pytest.mark.parametrize("query", NO_CALLS)
def test_the_word_elsewhere_is_answered(query: str) -> None:
    federation.refuse(Query(query))
    answer = EmbeddedStore().answer(Query(query), Wanted(formats.CSV.media_type, None))
    assert len(answer.body.splitlines()) == 1


def test_an_escape_of_no_character_is_left_as_it_is() -> None:
    federation.refuse(Query(r"ASK { ?s ?p '\UFFFFFFFF' }"))
