"""The shapes at their own IRI: a page, and each format of graphs, so that others can use them."""

from decimal import Decimal

import pytest
import rdflib
from fastapi.testclient import TestClient
from pyshacl import validate
from rdflib.compare import isomorphic
from tests.conftest import REPOSITORY, Page

PARSERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.fixture(scope="module")
def files() -> rdflib.Graph:
    """The shapes as they are written."""
    graph = rdflib.Graph()
    for path in sorted((REPOSITORY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf"])
def test_the_shapes_are_those_of_the_files_in_every_format(
    client: TestClient, files: rdflib.Graph, suffix: str
) -> None:
    answer = client.get("/shapes", headers={"accept": TYPES[suffix]})
    assert answer.headers["content-type"].partition(";")[0] == TYPES[suffix]
    assert answer.headers["content-location"] == f"/shapes.{suffix}"
    assert answer.content == client.get(f"/shapes.{suffix}").content
    served = rdflib.Graph().parse(data=answer.content, format=PARSERS[suffix])
    assert isomorphic(_by_value(served), _by_value(files))


def test_somebody_can_validate_with_the_shapes_as_they_are_served(client: TestClient) -> None:
    shapes = rdflib.Graph().parse(data=client.get("/shapes.ttl").content, format="turtle")
    person = "shapes/examples/person/"
    for name, expected in {"valid-name": True, "invalid-one-label": False}.items():
        data = rdflib.Graph().parse(REPOSITORY / f"{person}{name}.ttl")
        conforms, _, text = validate(data, shacl_graph=shapes)
        assert conforms is expected, text


@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [
        ("en", "Shapes: what well-formed means", "What is asked of Action – shapes:ActionShape"),
        (
            "es",
            "Formas: qué es un registro bien hecho",
            "Qué se pide de Acción – shapes:ActionShape",
        ),
    ],
)
def test_the_page_shows_every_shape_at_its_anchor(
    client: TestClient, files: rdflib.Graph, language: str, title: str, asked: str
) -> None:
    answer = client.get(f"/shapes?lang={language}", headers={"accept": "text/html"})
    page = Page(answer.text)
    assert (answer.status_code, page.texts("h1")) == (200, [title])
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    targets = {*files.subjects(sh.targetClass), *files.subjects(sh.targetSubjectsOf)}
    anchors = {has["id"] for _, has, _ in page.elements if "id" in has}
    assert {str(target).partition("#")[2] for target in targets} <= anchors
    assert asked in {has.get("aria-label") for _, has, _ in page.elements}
    assert answer.headers["etag"].endswith(f'-html-{language}"')


def test_the_shapes_are_not_sent_again_to_who_holds_them(client: TestClient) -> None:
    tag = client.get("/shapes.ttl").headers["etag"]
    again = client.get("/shapes.ttl", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_format_that_is_not_there_is_refused(client: TestClient) -> None:
    answer = client.get("/shapes", headers={"accept": "image/png"})
    assert (answer.status_code, "text/turtle" in answer.json()["offered"]) == (406, True)
    assert client.get("/shapes.png").status_code == 404


def _by_value(graph: rdflib.Graph) -> rdflib.Graph:
    """The graph with its numbers written one way: the store keeps 33.0 as 33."""
    same = rdflib.Graph()
    for subject, prop, term in graph:
        if isinstance(term, rdflib.Literal) and isinstance(term.value, Decimal):
            term = rdflib.Literal(float(term.value))
        same.add((subject, prop, term))
    return same
