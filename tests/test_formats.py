"""The table of serialisations: registered names, and an engine that can write each."""

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from diplolocal import formats
from diplolocal.formats import GRAPH, HTML, PAGE, QUADS, RESULTS, RESULTS_ALIASES, Format


def test_the_formats_by_suffix() -> None:
    assert {fmt.suffix: fmt.media_type for fmt in (*PAGE, *QUADS, *RESULTS)} == {
        "html": "text/html",
        "ttl": "text/turtle",
        "jsonld": "application/ld+json",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "trig": "application/trig",
        "nq": "application/n-quads",
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
    }


def test_the_defaults_come_first() -> None:
    assert [table[0].suffix for table in (GRAPH, RESULTS, PAGE)] == ["ttl", "json", "html"]


def test_every_format_has_its_own_suffix_media_type_and_label() -> None:
    table = (*PAGE, *QUADS, *RESULTS)
    for names in (
        {fmt.suffix for fmt in table},
        {fmt.media_type for fmt in table},
        {fmt.label for fmt in table},
    ):
        assert len(names) == len(table)


@pytest.mark.parametrize("fmt", [*GRAPH, *QUADS], ids=lambda fmt: fmt.suffix)
def test_the_engine_writes_every_graph_format_under_the_same_names(fmt: Format) -> None:
    engine = RdfFormat.from_media_type(fmt.media_type)
    assert engine is not None
    assert (engine.file_extension, engine.media_type) == (fmt.suffix, fmt.media_type)


@pytest.mark.parametrize("fmt", RESULTS, ids=lambda fmt: fmt.suffix)
def test_the_engine_writes_every_table_format(fmt: Format) -> None:
    engine = QueryResultsFormat.from_media_type(fmt.media_type)
    assert engine is not None
    assert engine == QueryResultsFormat.from_extension(
        {"json": "srj", "xml": "srx"}.get(fmt.suffix, fmt.suffix)
    )


def test_an_alias_is_another_media_type_for_a_format_that_there_is() -> None:
    offered = {fmt.suffix: fmt.label for fmt in RESULTS}
    assert {alias.media_type: alias.suffix for alias in RESULTS_ALIASES} == {
        "application/json": "json",
        "application/xml": "xml",
        "text/xml": "xml",
    }
    assert [offered[alias.suffix] for alias in RESULTS_ALIASES] == [
        alias.label for alias in RESULTS_ALIASES
    ]


def test_a_format_is_found_by_its_suffix_among_those_offered() -> None:
    assert formats.by_suffix(PAGE, "html") is HTML
    assert formats.by_suffix(GRAPH, "html") is None


def test_a_format_is_found_by_its_media_type_among_those_offered() -> None:
    assert formats.by_media_type(RESULTS, "text/csv") is formats.CSV
    assert formats.by_media_type(GRAPH, "text/csv") is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ttl", formats.TURTLE),
        ("TTL", formats.TURTLE),
        ("text/turtle", formats.TURTLE),
        ("turtle", formats.TURTLE),
        ("n3", formats.TURTLE),
        ("rdf+xml", formats.RDFXML),
        ("application/rdf+xml", formats.RDFXML),
        # A plus that is not encoded in an address arrives as a space.
        ("application/rdf xml", formats.RDFXML),
        ("application/ld json", formats.JSONLD),
        ("nquads", formats.NQUADS),
        ("n-quads", formats.NQUADS),
        ("trig", formats.TRIG),
        ("ntriples", formats.NTRIPLES),
        ("csv", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_a_format_is_found_by_the_names_that_clients_give_it(
    name: str, found: Format | None
) -> None:
    assert formats.named((*GRAPH, *QUADS), (name,)) is found


def test_the_first_known_of_several_names_is_meant() -> None:
    assert formats.named(GRAPH, ("xlsx", "nt", "ttl")) is formats.NTRIPLES
    assert formats.named(GRAPH, ("xlsx",)) is None
