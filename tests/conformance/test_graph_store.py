"""SPARQL 1.1 Graph Store HTTP Protocol: the W3C's tests, as far as they read.

Their writing is refused, each time; then what they would have written is put in place, as a new
build would, so that their reading is tested in full.
"""

from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib.compare import isomorphic
from tests.conformance.manifests import GRAPH_STORE, Case, Exchange, cases, is_write
from tests.conftest import SITE

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

MADE = "urn:the-graph-that-a-post-would-make"
READ_ONLY = ["head_non_existing_direct", "head_non_existing_indirect"]
"""The tests that write nothing."""


def test_the_tests_that_write_nothing_are_those_and_no_others() -> None:
    found = sorted(case.key for case in cases(GRAPH_STORE) if not case.reason)
    assert found == (READ_ONLY if cases(GRAPH_STORE) else [])


@pytest.mark.parametrize("case", cases(GRAPH_STORE), ids=lambda case: case.key)
def test_a_graph_is_read_as_it_was_put_in_place_and_never_written(case: Case, parts: Parts) -> None:
    quads: set[Quad] = set()
    for exchange in case.exchanges:
        store = EmbeddedStore(quads)
        app = create_app(replace(parts, store=store, public=store))
        with TestClient(app, base_url=SITE) as client:
            answer = client.request(
                exchange.method,
                address(exchange),
                headers=dict(exchange.headers),
                content=exchange.body,
            )
        if is_write(exchange):
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
            assert answer.json()["status"] == 405
            quads = changed(quads, exchange)
        else:
            assert str(answer.status_code) in exchange.expected.statuses
            assert_as_expected(answer, exchange)


def address(exchange: Exchange) -> str:
    """Where our store is asked for what the manifest asks."""
    return exchange.address.replace("/gsp", "/graphs", 1).replace("$LOCATION$", quote(MADE))


def changed(quads: set[Quad], exchange: Exchange) -> set[Quad]:
    """The data after the writing that was refused (§5.3 to §5.5)."""
    graph = named(exchange)
    kept = {quad for quad in quads if quad.graph_name != graph or exchange.method == "POST"}
    if exchange.method == "DELETE":
        return kept
    node = graph if graph is not None else NamedNode("urn:default")
    return kept | {
        Quad(quad.subject, quad.predicate, quad.object, node)
        for text in bodies(exchange)
        for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    }


def named(exchange: Exchange) -> NamedNode | None:
    """The graph that is written to; None for the default graph."""
    parts = urlsplit(exchange.address)
    parameters: Mapping[str, str] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "default" in parameters:
        return None
    path = parts.path.removeprefix("/gsp").lstrip("/")
    if path:
        return NamedNode(iris.graph(path))
    return NamedNode(parameters.get("graph", MADE))


def bodies(exchange: Exchange) -> list[bytes]:
    """The graphs in a body: one, or one for each part."""
    content_type = dict(exchange.headers)["content-type"]
    if not content_type.startswith("multipart/"):
        return [exchange.body]
    head = f"Content-Type: {content_type}\n\n".encode()
    found = message_from_bytes(head + exchange.body.strip())
    payloads = [part.get_payload(decode=True) for part in found.walk() if not part.is_multipart()]
    assert len(payloads) > 1
    return [payload for payload in payloads if isinstance(payload, bytes)]


def assert_as_expected(answer: Response, exchange: Exchange) -> None:
    expected = exchange.expected
    if exchange.method == "HEAD":
        assert answer.content == b""
    if expected.content_type:
        assert answer.headers["content-type"] == expected.content_type
    if expected.turtle:
        graphs = [rdflib.Graph().parse(data=text) for text in (answer.text, expected.turtle)]
        assert isomorphic(*graphs)
        assert len(graphs[0]) > 0
