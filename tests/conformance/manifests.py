"""The W3C's test manifests as data: requests, and what is expected of the answers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rdflib
from rdflib import RDF, URIRef
from rdflib.term import Node
from tests.conftest import REPOSITORY

SUITES = Path(os.environ.get("DIPLOLOCAL_SUITES", REPOSITORY.parent / "shared" / "suites"))
PROTOCOL = "sparql11-protocol"
SERVICE_DESCRIPTION = "sparql11-service-description"
GRAPH_STORE = "sparql11-graph-store"
MANIFESTS = {
    PROTOCOL: ("manifest.ttl",),
    SERVICE_DESCRIPTION: ("manifest.ttl",),
    GRAPH_STORE: ("manifest-direct.ttl", "manifest-indirect.ttl"),
}
"""The manifests that have entries, of each suite."""

_MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_HTTP = rdflib.Namespace("http://www.w3.org/2011/http#")
_CONTENT = rdflib.Namespace("http://www.w3.org/2011/content#")
_UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_RDFS = rdflib.Namespace("http://www.w3.org/2000/01/rdf-schema#")


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer should be: one of the `statuses` (`200`, or `4` for every 4xx); the value and
    the kind of a result; a graph in Turtle.
    """

    statuses: tuple[str, ...]
    boolean: bool | None = None
    kind: str | None = None
    content_type: str | None = None
    turtle: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what is expected of its answer."""

    method: str
    address: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expected: Expected


@dataclass(frozen=True, slots=True)
class Case:
    """A test: over these graphs (IRI and file), one exchange after another. `reason` says why it is
    not for a store that only reads, and is empty for all others.
    """

    iri: str
    name: str
    graphs: tuple[tuple[str, Path], ...]
    exchanges: tuple[Exchange, ...]
    reason: str = ""

    @property
    def key(self) -> str:
        """The name within its manifest: `query_get`."""
        return self.iri.rpartition("#")[2]


@cache
def cases(suite: str) -> tuple[Case, ...]:
    """The tests of a suite in the order of its manifests; none where the suites are not here."""
    found: list[Case] = []
    for name in MANIFESTS[suite] if SUITES.is_dir() else ():
        manifest = rdflib.Graph().parse(SUITES / suite / name)
        [entries] = manifest.objects(None, _MF.entries)
        listed = list(manifest.items(entries))
        # head_non_existing_direct is described, but was forgotten in the list.
        forgotten = sorted(set(manifest.subjects(_MF.name)) - set(listed), key=str)
        found += [_case(manifest, test) for test in (*listed, *forgotten)]
    return tuple(found)


def every_iri() -> tuple[str, ...]:
    """The IRIs of all the tests."""
    return tuple(case.iri for suite in MANIFESTS for case in cases(suite))


def _case(manifest: rdflib.Graph, test: Node) -> Case:
    requests = _follow(manifest, test, _MF.action, _HTTP.requests)
    exchanges = tuple(_exchange(manifest, each) for each in manifest.items(requests or RDF.nil))
    graphs = tuple(
        (_said(manifest, data, _RDFS.label), Path(_said(manifest, data, _UT.graph)[7:]))
        for data in sorted(manifest.objects(test, _UT.graphData), key=str)
    )
    name = " ".join(_said(manifest, test, _MF.name).split())
    return Case(str(test), name, graphs, exchanges, _reason(exchanges))


def _reason(exchanges: tuple[Exchange, ...]) -> str:
    """Why a test is not for a store that only reads."""
    refused = [
        exchange
        for exchange in exchanges
        if is_write(exchange) and not set(exchange.expected.statuses) <= {"4"}
    ]
    if not refused:
        return ""
    if any(exchange.address.startswith("/gsp") for exchange in refused):
        return (
            "Read-only by design: PUT, POST and DELETE are refused (405, with Allow). What the test"
            " reads was answered as it expects, after the data were put in place by other means."
        )
    return "Read-only by design: the update that the test needs is refused (403)."


def is_write(exchange: Exchange) -> bool:
    """Whether the request would change something."""
    if exchange.address.startswith("/gsp"):
        return exchange.method not in ("GET", "HEAD")
    kinds = [value for name, value in exchange.headers if name.lower() == "content-type"]
    by_kind = any(kind.startswith("application/sparql-update") for kind in kinds)
    return by_kind or b"update=" in exchange.body or "update=" in exchange.address


def _exchange(manifest: rdflib.Graph, request: Node) -> Exchange:
    body, answer = manifest.value(request, _HTTP.body), manifest.value(request, _HTTP.resp)
    encoding = _said(manifest, body, _CONTENT.characterEncoding) or "utf-8"
    return Exchange(
        method=_said(manifest, request, _HTTP.methodName),
        address=_said(manifest, request, _HTTP.absolutePath),
        headers=tuple(_headers(manifest, request)),
        body=_said(manifest, body, _CONTENT.chars).encode(encoding),
        expected=_expected(manifest, answer),
    )


def _expected(manifest: rdflib.Graph, answer: Node | None) -> Expected:
    boolean = _said(manifest, answer, _MF.expectedBoolean)
    content_types = [value for _, value in _headers(manifest, answer)]
    statuses = sorted(
        _STATUS[str(status).rpartition("#")[2]]
        for status in manifest.objects(answer, _MF.expectedStatus)
    )
    return Expected(
        statuses=tuple(statuses),
        boolean=boolean == "true" if boolean else None,
        kind=_said(manifest, answer, _MF.expectedFormat) or None,
        content_type=content_types[0] if content_types else None,
        turtle=_said(manifest, manifest.value(answer, _HTTP.body), _CONTENT.chars) or None,
    )


_STATUS = {
    "OK": "200",
    "Created": "201",
    "NoContent": "204",
    "NotFound": "404",
    "StatusCode2xx": "2",
    "StatusCode3xx": "3",
    "StatusCode4xx": "4",
}


def _headers(manifest: rdflib.Graph, subject: Node | None) -> Iterator[tuple[str, str]]:
    listed = manifest.value(subject, _HTTP.headers) if subject is not None else None
    for header in manifest.items(listed or RDF.nil):
        yield _said(manifest, header, _HTTP.fieldName), _said(manifest, header, _HTTP.fieldValue)


def _follow(manifest: rdflib.Graph, subject: Node | None, *path: URIRef) -> Node | None:
    for predicate in path:
        subject = None if subject is None else manifest.value(subject, predicate)
    return subject


def _said(manifest: rdflib.Graph, subject: Node | None, predicate: URIRef) -> str:
    """What is said, as text; empty where nothing is."""
    found = _follow(manifest, subject, predicate)
    return "" if found is None else str(found)
