"""The record of the data set: what the data say, what is always true, what a build adds."""

from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from diplolocal import catalog, iris
from diplolocal.catalog import Download, Edition
from diplolocal.embedded import EmbeddedStore
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import construct, plain
from diplolocal.wording import Language

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
ADMS = "http://www.w3.org/ns/adms#"
SPDX = "http://spdx.org/rdf/terms#"
XSD = "http://www.w3.org/2001/XMLSchema#"
HOME = "https://example.mx/datos"
WHOLE = Download(
    name="diplolocal.nq.gz",
    address=f"{HOME}/dumps/diplolocal.nq.gz",
    title={Language.EN: "Everything", Language.ES: "Todo"},
    media_type="application/n-quads",
    label="N-Quads",
    compressed=True,
    bytes=1234,
    sha256="ab" * 32,
)
TABLE = replace(
    WHOLE,
    name="tables/actions.csv",
    address=f"{HOME}/dumps/tables/actions.csv",
    media_type="text/csv",
    compressed=False,
)
EDITION = Edition(HOME, (WHOLE, TABLE), "1.1.0", feeds=True)


def values(said: list[Triple], subject: str, prop: str) -> list[str]:
    return sorted(
        plain(triple.object)
        for triple in said
        if plain(triple.subject) == subject and triple.predicate.value == prop
    )


@pytest.fixture(scope="module")
def released(store: EmbeddedStore) -> EmbeddedStore:
    """What the data say of themselves, and two releases."""
    rows = store_of_dataset(store)
    for version, day, before in (("1.0.0", "01", None), ("1.1.0", "02", "1.0.0")):
        release, graph = (
            NamedNode(iris.release(version)),
            NamedNode(iris.graph("releases", version)),
        )
        moment = Literal(f"2026-12-{day}T00:00:00Z", datatype=NamedNode(XSD + "dateTime"))
        said: list[tuple[str, NamedNode | Literal]] = [
            (DCAT + "isVersionOf", NamedNode(iris.DATASET)),
            (DCAT + "version", Literal(version)),
            (DCTERMS + "issued", moment),
            (DCTERMS + "description", Literal(f"What is new in {version}", language="en")),
            ("http://www.w3.org/2004/02/skos/core#prefLabel", Literal(version, language="en")),
        ]
        if before:
            said.append((DCAT + "previousVersion", NamedNode(iris.release(before))))
        rows += [Quad(release, NamedNode(prop), value, graph) for prop, value in said]
    return EmbeddedStore(rows)


def store_of_dataset(store: EmbeddedStore) -> list[Quad]:
    graph = NamedNode(iris.graph("catalog"))
    text = f"CONSTRUCT {{ <{iris.DATASET}> ?p ?o }} WHERE {{ <{iris.DATASET}> ?p ?o }}"
    months = (
        "CONSTRUCT { ?b <https://w3id.org/diplolocal/def#month> ?m }"
        " WHERE { ?b <https://w3id.org/diplolocal/def#month> ?m }"
    )
    return [
        Quad(each.subject, each.predicate, each.object, graph)
        for each in (*construct(store, text), *construct(store, months))
    ]


def test_what_the_data_say_is_in_the_record(store: EmbeddedStore) -> None:
    said = catalog.record(store, EDITION)
    titles = values(said, iris.DATASET, DCTERMS + "title")
    assert "diplolocal: knowledge graph of Mexican local diplomacy" in titles
    assert values(said, iris.DATASET, DCTERMS + "license") == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    sources = values(said, iris.DATASET, DCTERMS + "source")
    assert iris.thing("source/geonames") in sources
    assert set(values(said, iris.thing("source/geonames"), DCTERMS + "title")) == {"GeoNames"}
    assert values(said, iris.thing("body/diplolocal"), "http://xmlns.com/foaf/0.1/name")


def test_the_months_that_are_covered_are_told(store: EmbeddedStore) -> None:
    said = catalog.record(store, EDITION)
    [period] = values(said, iris.DATASET, DCTERMS + "temporal")
    assert values(said, period, DCAT + "startDate") == ["2021-01"]
    assert values(said, period, DCAT + "endDate") == ["2022-02"]


def test_a_file_is_a_distribution_with_its_format_its_size_and_its_sum(
    store: EmbeddedStore,
) -> None:
    said = catalog.record(store, EDITION)
    whole, table = (
        f"{iris.DATASET}#file:diplolocal.nq.gz",
        f"{iris.DATASET}#file:tables/actions.csv",
    )
    assert values(said, iris.DATASET, DCAT + "distribution") == [whole, table]
    iana = "https://www.iana.org/assignments/media-types/"
    types = "http://publications.europa.eu/resource/authority/file-type/"
    assert values(said, whole, DCAT + "downloadURL") == [WHOLE.address]
    assert values(said, whole, DCAT + "accessURL") == [WHOLE.address]
    assert values(said, whole, DCAT + "mediaType") == [iana + "application/n-quads"]
    assert values(said, whole, DCAT + "compressFormat") == [iana + "application/gzip"]
    assert values(said, whole, DCTERMS + "format") == [types + "RDF_N_QUADS"]
    assert values(said, whole, DCAT + "byteSize") == ["1234"]
    assert values(said, whole, DCTERMS + "title") == ["Everything", "Todo"]
    [checksum] = values(said, whole, SPDX + "checksum")
    assert values(said, checksum, SPDX + "checksumValue") == ["ab" * 32]
    assert values(said, checksum, SPDX + "algorithm") == [SPDX + "checksumAlgorithm_sha256"]
    assert values(said, table, DCAT + "compressFormat") == []
    assert values(said, table, DCTERMS + "format") == [types + "CSV"]


def test_releases_are_versions_of_the_data_set(released: EmbeddedStore) -> None:
    said = catalog.record(released, EDITION)
    first, second = iris.release("1.0.0"), iris.release("1.1.0")
    assert values(said, iris.DATASET, DCAT + "hasVersion") == [first, second]
    assert values(said, second, DCAT + "previousVersion") == [first]
    assert values(said, second, DCAT + "isVersionOf") == [iris.DATASET]
    assert values(said, second, ADMS + "versionNotes") == ["What is new in 1.1.0"]
    assert values(said, first, DCTERMS + "issued") == ["2026-12-01T00:00:00Z"]


def test_the_release_that_is_served_dates_the_data_set(released: EmbeddedStore) -> None:
    said = catalog.record(released, EDITION)
    assert values(said, iris.DATASET, DCAT + "version") == ["1.1.0"]
    assert values(said, iris.DATASET, DCAT + "hasCurrentVersion") == [iris.release("1.1.0")]
    assert values(said, iris.DATASET, DCTERMS + "issued") == ["2026-12-01T00:00:00Z"]
    assert values(said, iris.DATASET, DCTERMS + "modified") == ["2026-12-02T00:00:00Z"]
    assert values(said, iris.DATASET, ADMS + "versionNotes") == ["What is new in 1.1.0"]


@pytest.mark.parametrize("version", ["1.1.0+0123456789ab", None])
def test_what_was_changed_since_the_release_has_no_day(
    released: EmbeddedStore, version: str | None
) -> None:
    said = catalog.record(released, replace(EDITION, version=version))
    assert values(said, iris.DATASET, DCAT + "version") == ([version] if version else [])
    assert values(said, iris.DATASET, DCTERMS + "modified") == []
    assert values(said, iris.DATASET, DCAT + "hasCurrentVersion") == []


def test_the_services_are_in_the_catalogue_with_their_addresses(store: EmbeddedStore) -> None:
    said = catalog.record(store, EDITION)
    services = values(said, iris.CATALOG, DCAT + "service")
    changes = iris.CATALOG + "#changes"
    assert services == sorted([f"{HOME}/sparql#service", changes, iris.CATALOG + "#lists"])
    assert values(said, f"{HOME}/sparql#service", DCAT + "endpointURL") == [f"{HOME}/sparql"]
    assert values(said, changes, DCAT + "endpointURL") == [f"{HOME}/changes"]
    assert values(said, iris.CATALOG, DCAT + "dataset") == [iris.DATASET]
    silent = catalog.record(store, replace(EDITION, feeds=False))
    assert changes not in {plain(node) for each in silent for node in (each.subject, each.object)}


def test_nothing_is_a_blank_node_and_no_statement_is_made_twice(store: EmbeddedStore) -> None:
    said = catalog.record(store, EDITION)
    assert not any(isinstance(node, BlankNode) for each in said for node in each)
    assert len(said) == len(set(said))


def test_data_that_say_nothing_of_themselves_have_no_record() -> None:
    with pytest.raises(ResourceNotFound):
        catalog.record(EmbeddedStore([]), EDITION)
