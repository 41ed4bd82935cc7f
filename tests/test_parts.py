"""What is found part by part is what is found in the whole: on every example, on synthetic data,
and on data that are spoiled at random.
"""

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse, serialize
from tests.bench import synthetic
from tests.conftest import REPOSITORY

from diplolocal import shacl
from diplolocal.dataset import Dataset, Kind, Source
from diplolocal.dataset import read as quads
from diplolocal.findings import Finding
from diplolocal.parts import Part, cut
from diplolocal.reach import beyond
from diplolocal.shacl import Engine
from diplolocal.statements import Statements, read

EXAMPLES = sorted((REPOSITORY / "shapes" / "examples").rglob("*.ttl"))

Found = Counter[tuple[str, str, str | None, str | None]]


@pytest.mark.parametrize("things", [100, 1_500])
def test_on_all_examples_at_once_parts_find_what_the_whole_finds(
    things: int, shapes: list[Quad], examples: Statements
) -> None:
    whole = found_in_whole(shapes, examples)
    assert len(whole) > len(EXAMPLES) / 2
    assert found_in_parts(shapes, examples, things) == whole


def test_on_synthetic_data_parts_find_what_the_whole_finds(
    tmp_path: Path, shapes: list[Quad]
) -> None:
    dataset = synthetic.write(REPOSITORY, tmp_path, actions=400)
    # Without the places and actors that the actions refer to, so that there is much to find.
    known = read(dataset.of(Kind.ONTOLOGY, Kind.VOCABULARY, Kind.BULLETIN))
    whole = found_in_whole(shapes, known)
    assert len(whole) > 800
    assert found_in_parts(shapes, known, 300) == whole


@pytest.mark.parametrize("seed", range(3))
def test_on_spoiled_data_parts_find_what_the_whole_finds(
    seed: int, shapes: list[Quad], examples: Statements
) -> None:
    spoiled = spoil(examples, random.Random(seed))
    whole = found_in_whole(shapes, spoiled)
    assert len(whole) > 500
    assert found_in_parts(shapes, spoiled, 400) == whole


def test_the_reference_finds_the_same_in_a_part(shapes: list[Quad], examples: Statements) -> None:
    by_rudof = {
        part: found(shacl.apply(shapes, part.text, focus=part.things))
        for part in cut(examples, beyond(shapes), things=60)
    }
    part = max(by_rudof, key=lambda each: len(by_rudof[each]))
    assert len(by_rudof[part]) > 20
    by_pyshacl = shacl.apply(shapes, part.text, engine=Engine.PYSHACL, focus=part.things)
    assert set(found(by_pyshacl)) == set(by_rudof[part])


def test_every_thing_is_in_one_part(shapes: list[Quad], examples: Statements) -> None:
    parts = list(cut(examples, beyond(shapes), things=50))
    things = Counter(thing for part in parts for thing in part.things)
    assert set(things) == {subject[1:-1].decode() for subject in examples.blocks}
    assert set(things.values()) == {1}
    assert max(len(part.things) for part in parts) < 100
    assert len({part.key for part in parts}) == len(parts)


def test_shapes_that_look_farther_see_the_whole(examples: Statements) -> None:
    turtle = """
        @prefix dl: <https://w3id.org/diplolocal/def#> .
        @prefix e: <http://e.org/> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        e:S a sh:NodeShape ; sh:targetClass dl:Region ; sh:property e:P .
        e:P a sh:PropertyShape ; sh:path [ sh:inversePath dl:region ] ; sh:maxCount 1 .
    """
    shapes = list(parse(turtle, format=RdfFormat.TURTLE))
    [part] = cut(examples, beyond(shapes), things=50)
    assert len(part.things) == len(examples.blocks)
    assert found_in_parts(shapes, examples, 50) == found_in_whole(shapes, examples) != Counter()


# ------------------------------------------------------------------ what a part depends on


def small(**blocks: str) -> dict[str, Part]:
    """Parts of one thing each, by the name of the file that the thing is described in."""
    prefixes = "@prefix : <http://e.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    texts = {}
    for name, turtle in blocks.items():
        triples = parse(prefixes + turtle, format=RdfFormat.TURTLE)
        source = Source(Path(name, "file.ttl"), f"http://e.org/graph/{name}", Kind.REFERENCE)
        texts[source] = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    parts = cut(Statements(texts), frozenset({"http://e.org/scheme"}), things=1)
    return {name: part for name, part in zip(blocks, parts, strict=True)}


BEFORE = {
    "one": ":one a :C ; :p :two .",
    "two": ':two a :D ; :scheme :s ; :label "Two" .',
    "three": ":three a :C .",
}


@pytest.mark.parametrize(
    ("name", "turtle", "changed"),
    [
        ("one", ":one a :C ; :p :three .", {"one"}),
        ("three", ":three a :D .", {"three"}),
        ("two", ':two a :D ; :scheme :s ; :label "Zwei" .', {"two"}),
        ("two", ':two a :E ; :scheme :s ; :label "Two" .', {"one", "two"}),
        ("two", ':two a :D ; :scheme :t ; :label "Two" .', {"one", "two"}),
        ("three", ":three a :C . :one :q 1 .", {"one"}),
        ("three", ":three a :C ; rdfs:subClassOf :C .", {"one", "two", "three"}),
    ],
)
def test_a_part_changes_with_what_the_shapes_look_at_and_with_nothing_else(
    name: str, turtle: str, changed: set[str]
) -> None:
    before, after = small(**BEFORE), small(**{**BEFORE, name: turtle})
    assert {each for each in BEFORE if before[each].key != after[each].key} == changed


def test_a_part_holds_its_things_and_of_others_what_is_looked_at() -> None:
    assert small(**BEFORE)["one"].text.decode().splitlines() == [
        "<http://e.org/one> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/C> .",
        "<http://e.org/one> <http://e.org/p> <http://e.org/two> .",
        "<http://e.org/two> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/D> .",
        "<http://e.org/two> <http://e.org/scheme> <http://e.org/s> .",
    ]


def test_one_more_thing_in_a_large_file_changes_one_part() -> None:
    source = Source(Path("large.ttl"), "http://e.org/graph", Kind.REFERENCE)
    lines = [b'<http://e.org/%d> <http://e.org/p> "x" .\n' % number for number in range(1_050)]
    few, more = (
        {part.key for part in cut(Statements({source: b"".join(some)}), frozenset(), things=100)}
        for some in (lines[1:], lines)
    )
    assert (len(few), len(more), len(more - few)) == (11, 11, 1)


# ------------------------------------------------------------------ how it is tried


@pytest.fixture(scope="module")
def shapes(dataset: Dataset) -> list[Quad]:
    return quads(dataset.of(Kind.SHAPES))


@pytest.fixture(scope="module")
def examples(dataset: Dataset) -> Statements:
    """The ontology, two bulletins and all examples, valid and invalid, however they clash; what is
    not described among them is a finding as any other.
    """
    texts = dict(read(dataset.of(Kind.ONTOLOGY, Kind.VOCABULARY)).texts)
    texts |= read(dataset.of(Kind.BULLETIN)[:2]).texts
    for number, path in enumerate(EXAMPLES):
        source = Source(path, f"http://e.org/graph/{number}", Kind.REFERENCE)
        triples = parse(path.read_bytes(), format=RdfFormat.TURTLE)
        texts[source] = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return Statements(texts)


def spoil(known: Statements, chance: random.Random) -> Statements:
    """Every twentieth statement without its object, or with that of another."""
    texts = {source: text.splitlines(keepends=True) for source, text in known.texts.items()}
    objects = [line.split(b" ", 2)[2] for lines in texts.values() for line in lines]
    for lines in texts.values():
        for number, line in enumerate(lines):
            if chance.random() < 0.05:
                subject, prop, _ = line.split(b" ", 2)
                other = b" ".join((subject, prop, chance.choice(objects)))
                lines[number] = chance.choice((b"", other))
    return Statements({source: b"".join(lines) for source, lines in texts.items()})


def found_in_whole(shapes: list[Quad], known: Statements) -> Found:
    return found(shacl.apply(shapes, b"".join(known.texts.values())))


def found_in_parts(shapes: list[Quad], known: Statements, things: int) -> Found:
    return found(
        each
        for part in cut(known, beyond(shapes), things=things)
        for each in shacl.apply(shapes, part.text, focus=part.things)
    )


def found(findings: Iterable[Finding]) -> Found:
    return Counter((each.rule, each.node, each.path, each.value) for each in findings)
