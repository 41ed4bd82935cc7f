"""SPARQL 1.1 Protocol: the W3C's tests, one under another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.conformance.manifests import PROTOCOL, Case, Exchange, cases, is_write
from tests.conftest import SITE

from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, RESULTS
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

UPDATES = [
    "update_base_uri",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_full",
    "update_dataset_named_graphs",
    "update_post_direct",
    "update_post_form",
]
"""The tests that need an update to succeed."""

KINDS = {
    "boolean": [fmt.media_type for fmt in RESULTS[:2]],
    "tabular": [fmt.media_type for fmt in RESULTS],
    "RDF": [fmt.media_type for fmt in GRAPH],
}


def test_the_tests_that_need_an_update_are_those_and_no_others() -> None:
    found = [case for case in cases(PROTOCOL) if case.reason]
    assert sorted(case.key for case in found) == (UPDATES if cases(PROTOCOL) else [])
    assert {case.reason for case in found} <= {
        "Read-only by design: the update that the test needs is refused (403)."
    }


@pytest.mark.parametrize("case", cases(PROTOCOL), ids=lambda case: case.key)
def test_the_protocol_is_kept(case: Case, parts: Parts) -> None:
    store = EmbeddedStore(quads_of(case))
    with TestClient(create_app(replace(parts, store=store, public=store)), base_url=SITE) as client:
        for exchange in case.exchanges:
            answer = client.request(
                exchange.method,
                exchange.address.replace("/sparql/", "/sparql", 1),
                headers=dict(exchange.headers),
                content=exchange.body,
            )
            if not case.reason:
                assert difference(answer, exchange) == ""
            elif is_write(exchange):
                assert (answer.status_code, answer.json()["status"]) == (403, 403)


def quads_of(case: Case) -> Iterator[Quad]:
    """The data of a test, each file in the graph that it names."""
    for graph, path in case.graphs:
        for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))


def difference(answer: Response, exchange: Exchange) -> str:
    """What the answer has that the manifest does not expect; empty where it is as expected."""
    expected, kind = exchange.expected, answer.headers["content-type"].partition(";")[0]
    said = f"{answer.status_code} {kind} {answer.text[:200]}"
    if str(answer.status_code)[0] not in expected.statuses:
        return said
    if expected.kind is not None and kind not in KINDS[expected.kind]:
        return said
    if expected.boolean is not None and answer.json()["boolean"] is not expected.boolean:
        return said
    return ""
