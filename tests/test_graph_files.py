"""Statements as files, from a build of a few lines."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from diplolocal import graph_files
from diplolocal.formats import JSONLD, NTRIPLES, TRIG, TURTLE, Format

LINES = """\
<urn:a> <urn:p> "1" <urn:g:one> .
<urn:a> <urn:p> "1" <urn:g:two> .
<urn:a> <urn:p> "1"@es <urn:g:two> .
<urn:a> <urn:p> "a <b> . \\"c\\" <urn:g:one> ." <urn:g:one> .
<urn:b> <urn:p> <urn:a> <urn:g:one> .
<urn:b> <urn:p> <urn:a> <urn:g:two> .
"""
PREFIXES = {"u": "urn:"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.nq.gz"
    path.write_bytes(gzip.compress(LINES.encode()))
    return path


def text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


@pytest.mark.parametrize("fmt", [TURTLE, NTRIPLES, JSONLD])
def test_what_two_graphs_say_is_there_once(fmt: Format, store: Path, tmp_path: Path) -> None:
    graph_files.write_union(store, tmp_path / "union", fmt, PREFIXES)
    read = list(parse(text(tmp_path / "union"), format=RdfFormat.from_media_type(fmt.media_type)))
    expected = {quad.triple for quad in parse(LINES, format=RdfFormat.N_QUADS)}
    assert len(read) == len(expected) == 4
    assert {quad.triple for quad in read} == expected


def test_n_triples_stay_sorted(store: Path, tmp_path: Path) -> None:
    graph_files.write_union(store, tmp_path / "union", NTRIPLES, {})
    lines = text(tmp_path / "union").splitlines()
    assert lines == sorted(lines)


def test_turtle_has_the_prefixes(store: Path, tmp_path: Path) -> None:
    graph_files.write_union(store, tmp_path / "union", TURTLE, PREFIXES)
    assert text(tmp_path / "union").startswith("@prefix u: <urn:> .\nu:a u:p ")


def test_each_graph_has_a_file_of_its_own(store: Path, tmp_path: Path) -> None:
    graphs = graph_files.split(store, tmp_path)
    assert list(graphs) == ["urn:g:one", "urn:g:two"]
    assert graphs["urn:g:two"].read_text() == (
        '<urn:a> <urn:p> "1" .\n<urn:a> <urn:p> "1"@es .\n<urn:b> <urn:p> <urn:a> .\n'
    )
    assert len(graphs["urn:g:one"].read_text().splitlines()) == 3


def test_trig_has_the_graphs_one_after_the_other(store: Path, tmp_path: Path) -> None:
    graphs = graph_files.split(store, tmp_path)
    graph_files.write_trig(graphs, tmp_path / "all", PREFIXES)
    written = text(tmp_path / "all")
    assert written.count("{") == 2
    read = set(parse(written, format=RdfFormat.TRIG))
    assert read == set(parse(LINES, format=RdfFormat.N_QUADS))


def test_a_graph_is_written_in_each_format(store: Path, tmp_path: Path) -> None:
    graphs = graph_files.split(store, tmp_path)
    graph_files.write_graph("urn:g:two", graphs["urn:g:two"], tmp_path / "two", PREFIXES)
    for fmt in graph_files.EACH:
        written = text(tmp_path / f"two.{fmt.suffix}.gz")
        read = list(parse(written, format=RdfFormat.from_media_type(fmt.media_type)))
        assert len(read) == 3
        assert Triple(NamedNode("urn:b"), NamedNode("urn:p"), NamedNode("urn:a")) in [
            quad.triple for quad in read
        ]
        assert ("urn:g:two" in written.replace("u:g:two", "urn:g:two")) == (
            fmt not in graph_files.UNION
        ), fmt
    assert "{" in text(tmp_path / f"two.{TRIG.suffix}.gz")


def test_packed_files_have_no_time(store: Path, tmp_path: Path) -> None:
    graph_files.write_union(store, tmp_path / "union", NTRIPLES, {})
    assert (tmp_path / "union").read_bytes()[3:8] == b"\0\0\0\0\0"  # flags, time: RFC 1952 §2.3
