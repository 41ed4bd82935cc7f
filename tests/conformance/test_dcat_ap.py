"""DCAT-AP 3: the record of the data set, held against the official SHACL shapes by pySHACL.

All files of the suite are applied. Values of the lists of the European Publications Office are not
fetched: the record itself says what they are, which is what the shapes ask after. Two things are
left out, since they cannot be met by anybody:

- a property shape that `dcat-ap-SHACL.ttl` names and does not hold (two of them);
- `:ChecksumAlgorithmRestriction`, which wants the algorithm to be of a class of SPDX, whose terms
  begin with `http://`, and to begin with `https://` itself.
"""

import os
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from fastapi.testclient import TestClient
from rdflib import DCAT, SH, Graph, URIRef
from tests.conformance.manifests import SUITES
from tests.conftest import SITE

from diplolocal import iris
from diplolocal.dumping import Dump
from diplolocal.formats import CSV, GRAPH, PARQUET, PLAIN_JSON, QUADS
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.wording import Language

SHAPES = SUITES / "dcat-ap"
FILES = (
    "dcat-ap-SHACL.ttl",
    "deprecateduris.ttl",
    "mdr-vocabularies.shape.ttl",
    "range.ttl",
    "shapes.ttl",
    "shapes_recommended.ttl",
)
IMPOSSIBLE = URIRef("http://data.europa.eu/r5r#ChecksumAlgorithmRestriction")
CATALOG = "https://w3id.org/diplolocal/catalog"
DATASET = URIRef("https://w3id.org/diplolocal/dataset")


def shapes(name: str) -> Graph:
    """A file of the suite, without what cannot be met."""
    path = SHAPES / name
    if not path.is_file():
        assert os.environ.get("CI") != "true", f"no {path}"
        pytest.skip(f"no {path}: set DIPLOLOCAL_SUITES")
    graph = Graph().parse(path)
    for node, prop in list(graph.subject_objects(SH.property)):
        if (prop, SH.path, None) not in graph:
            graph.remove((node, SH.property, prop))
    graph.remove((None, SH.node, IMPOSSIBLE))
    return graph


def results(record: Graph, shapes: Graph) -> dict[str, set[tuple[str, str]]]:
    """What the shapes find, by severity: the node and the path."""
    _, report, _ = pyshacl.validate(record, shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph)
    found: dict[str, set[tuple[str, str]]] = {"Violation": set(), "Warning": set(), "Info": set()}
    # Only what the report lists: sh:detail holds results as well, of shapes that a shape uses.
    for result in report.objects(None, SH.result):
        severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2]
        where = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        found[severity].add((str(where[0]), str(where[1])))
    return found


@pytest.fixture(scope="module")
def record(parts: Parts) -> Graph:
    """The record of a release with a file in each format."""
    title = {Language.EN: "A file", Language.ES: "Un archivo"}
    inside = (*GRAPH, *QUADS, CSV, PARQUET, PLAIN_JSON)
    dumps = tuple(
        Dump(
            name=f"file.{fmt.suffix}.gz" if packed else f"file.{fmt.suffix}",
            file=Path(),
            bytes=1_000_000_000_000,
            sha256="0a" * 32,
            format=fmt,
            compressed=packed,
            table=None,
            bulletin=None,
            title=title,
        )
        for fmt in inside
        for packed in (True, False)
    )
    made = create_app(replace(parts, dumps=dumps))
    with TestClient(made, base_url=SITE) as client:
        graph = Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
    assert len(list(graph.objects(DATASET, DCAT.distribution))) == len(dumps) == 18
    return graph


@pytest.mark.parametrize("name", FILES)
def test_the_record_of_the_data_set_conforms(record: Graph, name: str) -> None:
    assert results(record, shapes(name))["Violation"] == set()


def test_of_what_is_recommended_only_what_nobody_knows_is_missing(record: Graph) -> None:
    warnings = results(record, shapes("shapes_recommended.ttl"))["Warning"]
    ours = {
        (node, path.rpartition("/")[2].rpartition("#")[2])
        for node, path in warnings
        if node.startswith((str(DATASET), CATALOG, f"{SITE}/sparql"))
        and not iris.is_release(node)  # what is true of all releases is said of the data set
    }
    assert ours <= {(CATALOG, "issued"), (CATALOG, "modified")}


@pytest.mark.parametrize(
    ("removed", "file"),
    [
        (rdflib.DCTERMS.title, "shapes.ttl"),
        (rdflib.DCTERMS.description, "dcat-ap-SHACL.ttl"),
        (DCAT.endpointURL, "shapes.ttl"),
    ],
)
def test_the_shapes_find_what_is_missing(record: Graph, removed: URIRef, file: str) -> None:
    spoilt = Graph()
    for statement in record:
        if statement[1] != removed:
            spoilt.add(statement)
    assert results(spoilt, shapes(file))["Violation"]


def test_a_theme_of_no_list_is_found(record: Graph) -> None:
    spoilt = Graph()
    for statement in record:
        spoilt.add(statement)
    spoilt.add((DATASET, rdflib.DCTERMS.accrualPeriodicity, URIRef("urn:x:sometimes")))
    assert results(spoilt, shapes("mdr-vocabularies.shape.ttl"))["Violation"]


def test_every_file_of_the_suite_is_applied() -> None:
    there = {path.name for path in Path(SHAPES).glob("*.ttl")}
    assert there in (set(FILES), set())
