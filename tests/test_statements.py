"""What files say, as text: the same as by objects, and the same complaints about a file."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from diplolocal import dataset as files
from diplolocal.dataset import Dataset, Kind, Source
from diplolocal.errors import SourcesUnreadable
from diplolocal.statements import Statements, read

ONE = Source(Path("one.ttl"), "http://e.org/graph/one", Kind.REFERENCE)
TWO = Source(Path("two.ttl"), "http://e.org/graph/two", Kind.REFERENCE)
SMALL = Statements(
    {
        ONE: b'<http://e.org/a> <http://e.org/p> "1" .\n<http://e.org/b> <http://e.org/p> "2" .\n',
        TWO: b"<http://e.org/a> <http://e.org/q> <http://e.org/b> .\n",
    }
)


def test_text_says_what_objects_say(dataset: Dataset) -> None:
    known = read(dataset.described)
    by_objects = files.read(dataset.described)
    assert set(parse(b"".join(known.nquads()), format=RdfFormat.N_QUADS)) == set(by_objects)
    assert known.count == len(by_objects)


def test_a_subject_has_all_that_is_said_of_it_in_any_file_and_one_home() -> None:
    assert SMALL.blocks[b"<http://e.org/a>"] == [
        b'<http://e.org/a> <http://e.org/p> "1" .\n',
        b"<http://e.org/a> <http://e.org/q> <http://e.org/b> .\n",
    ]
    assert SMALL.homes == {b"<http://e.org/a>": ONE, b"<http://e.org/b>": ONE}
    assert SMALL.count == 3


def test_a_store_holds_each_statement_in_its_graph_and_in_the_union() -> None:
    held = {
        (quad.graph_name, str(quad.triple))
        for quad in SMALL.store._oxigraph  # the quads themselves, not what a query makes of them
        if isinstance(quad.graph_name, NamedNode)
    }
    assert len(held) == 3
    assert {graph for graph, _ in held} == {NamedNode(ONE.graph), NamedNode(TWO.graph)}
    assert len(SMALL.store._oxigraph) == 6


@pytest.mark.parametrize(
    "other",
    [
        {ONE: SMALL.texts[ONE]},
        {ONE: SMALL.texts[ONE] + SMALL.texts[TWO], TWO: b""},
        {ONE: SMALL.texts[TWO], TWO: SMALL.texts[ONE]},
    ],
)
def test_what_is_said_elsewhere_has_another_digest(other: dict[Source, bytes]) -> None:
    assert Statements(other).digest != SMALL.digest
    assert Statements(dict(SMALL.texts)).digest == SMALL.digest


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ('<urn:a> <urn:p> "no end .', ":1: This is not Turtle: "),
        ("\n<urn:a> no:prefix <urn:b> .", ":2: The prefix no: is not declared"),
        ("<urn:a> <urn:p> [ ] .", ": A blank node with the property urn:p. "),
        ("[] <urn:p> <urn:a> .", ": A blank node with the property urn:p. "),
        ("<urn:a> <urn:p> ( 1 2 ) .", ": A blank node with the property "),
    ],
)
def test_what_cannot_be_read_is_named_as_always(tmp_path: Path, turtle: str, said: str) -> None:
    wrong, right = tmp_path / "wrong.ttl", tmp_path / "right.ttl"
    wrong.write_text(turtle)
    right.write_text("<urn:a> <urn:p> <urn:b> .")
    sources = tuple(
        Source(path, f"http://e.org/{path.stem}", Kind.REFERENCE) for path in (wrong, right, wrong)
    )
    with pytest.raises(SourcesUnreadable) as refusal:
        read(sources)
    assert [str(error).startswith(f"{wrong}{said}") for error in refusal.value.errors] == [True] * 2


def test_a_text_that_speaks_of_blank_nodes_is_none(tmp_path: Path) -> None:
    path = tmp_path / "text.ttl"
    path.write_text(r'<urn:a> <urn:p> "> _:b and > <<( and \n_:c" .')
    source = Source(path, "http://e.org/graph", Kind.REFERENCE)
    assert read((source,)).texts[source] == (
        rb'<urn:a> <urn:p> "> _:b and > <<( and \n_:c" .' + b"\n"
    )
