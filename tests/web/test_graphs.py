"""The Graph Store Protocol, as far as it reads: graphs by their names, whole, in every format."""

import json
from typing import Any

import httpx2
import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from tests.conftest import REPOSITORY, Page

from diplolocal import iris
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, QUADS, Format
from diplolocal.resources import named_graph
from diplolocal.store import construct, load_query
from diplolocal.web.parts import Parts

JANUARY = iris.graph("bulletin", "2021-01")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TYPES = [fmt.media_type for fmt in (*GRAPH, *QUADS)]
VOID = "http://rdfs.org/ns/void#"


@pytest.mark.parametrize("fmt", [*GRAPH, *QUADS], ids=lambda fmt: fmt.suffix)
def test_a_graph_is_whole_in_every_format(
    client: TestClient, store: EmbeddedStore, fmt: Format
) -> None:
    answer = client.get("/graphs", params={"graph": JANUARY}, headers={"accept": fmt.media_type})
    assert answer.headers["content-type"].partition(";")[0] == fmt.media_type
    name = NamedNode(JANUARY) if fmt in QUADS else DefaultGraph()
    expected = {
        Quad(triple.subject, triple.predicate, triple.object, name)
        for triple in named_graph(store, JANUARY)
    }
    assert quads(answer) == expected
    assert len(expected) > 100


@pytest.mark.parametrize("fmt", [*GRAPH, *QUADS], ids=lambda fmt: fmt.suffix)
def test_the_default_graph_is_the_union_and_has_no_name(
    small_client: TestClient, small: EmbeddedStore, fmt: Format
) -> None:
    found = quads(small_client.get(f"/graphs?default&format={fmt.suffix}"))
    union = set(construct(small, load_query("everything")))
    assert {quad.triple for quad in found} == union
    assert {quad.graph_name for quad in found} == {DefaultGraph()}


@pytest.mark.parametrize(
    "address",
    [
        f"/graphs?graph={JANUARY}",
        "/graphs?graph=https%3A%2F%2Fw3id.org%2Fdiplolocal%2Fgraph%2Fbulletin%2F2021-01",
        "/graphs/bulletin/2021-01",
        "/graphs/bulletin%2F2021-01",
        f"/graphs/{JANUARY}",
        "/graphs/https%3A%2F%2Fw3id.org%2Fdiplolocal%2Fgraph%2Fbulletin%2F2021-01",
    ],
)
def test_a_graph_is_named_in_the_parameter_or_in_the_path(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": "application/n-triples"})
    at_home = client.get("/graph/bulletin/2021-01.nt")
    assert set(answer.content.splitlines()) == set(at_home.content.splitlines())


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    for address in (f"/graphs?graph={JANUARY}", "/graphs", "/graphs/none"):
        full, empty = client.get(address), client.head(address)
        for answer in (full, empty):
            answer.headers.pop("server-timing", None)
        assert (empty.status_code, empty.content) == (full.status_code, b"")
        assert dict(empty.headers) == dict(full.headers)


@pytest.mark.parametrize("accept", ["*/*", "", BROWSER])
def test_who_does_not_choose_gets_turtle(client: TestClient, accept: str) -> None:
    answer = client.get("/graphs/bulletin/2021-01", headers={"accept": accept})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/csv", "application/json", "image/png"])
def test_a_format_that_is_none_of_a_graph_is_refused(client: TestClient, accept: str) -> None:
    for address in ("/graphs/bulletin/2021-01", "/graphs?default"):
        answer = client.get(address, headers={"accept": accept})
        assert (answer.status_code, answer.json()["offered"]) == (406, TYPES)


@pytest.mark.parametrize(
    "address", ["/graphs?graph=urn:none", "/graphs/none", "/graphs/urn:none", "/graphs/"]
)
@pytest.mark.parametrize("accept", ["*/*", "text/csv"])
def test_a_graph_that_is_not_there_is_not_found_in_whatever_format(
    client: TestClient, address: str, accept: str
) -> None:
    answer = client.get(address, headers={"accept": accept})
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize("graph", ["", "derived", "/graph/derived", "not an iri", "<urn:x>"])
def test_a_graph_whose_name_is_no_absolute_iri_is_refused(client: TestClient, graph: str) -> None:
    answer = client.get("/graphs", params={"graph": graph}, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        f"{graph} is not an absolute IRI, so no graph is called so.",
    )


def test_a_graph_and_the_default_graph_at_once_are_refused(client: TestClient) -> None:
    answer = client.get(f"/graphs?default&graph={JANUARY}", headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Both a graph and the default graph were asked for. Ask for one.",
    )


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "address", ["/graphs", "/graphs?default", f"/graphs?graph={JANUARY}", "/graphs/derived"]
)
def test_nobody_writes(client: TestClient, method: str, address: str) -> None:
    answer = client.request(
        method, address, content="<urn:s> <urn:p> 1 .", headers={"content-type": "text/turtle"}
    )
    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_who_holds_a_graph_already_is_told_so(client: TestClient, parts: Parts) -> None:
    address = f"/graphs?graph={JANUARY}&format=nq"
    full = client.get(address)
    assert full.headers["etag"] == f'"{parts.version}-nq"'
    assert full.headers["cache-control"] == "public, max-age=60"
    again = client.get(address, headers={"if-none-match": full.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["etag"], again.headers["vary"]) == (full.headers["etag"], "Accept")


def test_a_graph_is_saved_as_a_file_where_that_is_wanted(client: TestClient) -> None:
    answer = client.get(f"/graphs?graph={JANUARY}&format=trig&download=january")
    assert answer.headers["content-disposition"] == 'attachment; filename="january.trig"'


# The list of the graphs.


def test_a_browser_gets_the_graphs_with_their_counts(client: TestClient, real_build: Build) -> None:
    answer = client.get("/graphs", headers={"accept": BROWSER, "accept-language": "en"})
    page = Page(answer.text)
    assert page.texts("h1") == ["Named graphs"]
    names = [link for link in page.links().values() if link.startswith(iris.graph(""))]
    assert names == sorted(real_build.counts)
    counts = page.texts("td", **{"class": "count"})
    assert counts == [f"{real_build.counts[name]:,}" for name in names]
    assert page.links()["/graph/bulletin/2021-01"] == JANUARY


def test_the_page_of_the_graphs_speaks_spanish_too(client: TestClient) -> None:
    page = Page(client.get("/graphs?lang=es", headers={"accept": BROWSER}).text)
    assert page.texts("h1") == ["Grafos con nombre"]


def test_every_link_of_the_list_leads_somewhere(client: TestClient) -> None:
    page = Page(client.get("/graphs", headers={"accept": BROWSER}).text)
    links = [link for link in page.links() if link.startswith("/graphs?") and "format" in link]
    assert len(links) == len(TYPES) + len(GRAPH)
    for link in links:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("fmt", GRAPH, ids=lambda fmt: fmt.suffix)
def test_the_list_is_a_graph_too(client: TestClient, real_build: Build, fmt: Format) -> None:
    answer = client.get("/graphs", params={"format": fmt.suffix})
    found = {quad.triple for quad in quads(answer)}
    whole = NamedNode(iris.DATASET)
    for name, count in real_build.counts.items():
        assert Triple(whole, NamedNode(VOID + "subset"), NamedNode(name)) in found
        assert Triple(NamedNode(name), NamedNode(VOID + "triples"), Literal(count)) in found
    assert len(found) == 2 * len(real_build.counts) + 1


# Real HTTP.


def test_rdflib_reads_a_graph_over_http(site: str) -> None:
    graph = rdflib.Graph().parse(f"{site}/graphs/bulletin/2021-01", format="turtle")
    assert len(graph) == len(httpx2.get(f"{site}/graph/bulletin/2021-01.nt").text.splitlines())


def test_the_default_graph_is_read_whole_over_http(site: str, store: EmbeddedStore) -> None:
    answer = httpx2.get(f"{site}/graphs?default&format=nt", timeout=60)
    assert len(answer.content.splitlines()) == len(construct(store, load_query("everything")))
    assert answer.headers["server-timing"].startswith("wait;dur=")


def quads(answer: Response) -> set[Quad]:
    """What an answer says, whatever it is written in."""
    assert answer.status_code == 200, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type != "application/ld+json":
        return set(parse(answer.content, format=RdfFormat.from_media_type(media_type)))
    return set(parse(_with_context(answer), format=RdfFormat.JSON_LD))


def _with_context(answer: Response) -> bytes:
    """JSON-LD with our own file for its context."""
    document: Any = answer.json()
    if isinstance(document, dict):
        context = json.loads((REPOSITORY / "ontology" / "context.jsonld").read_text("utf-8"))
        document |= context
    return json.dumps(document).encode()
