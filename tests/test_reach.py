"""Our shapes look one step ahead, and no farther; shapes that look farther are known as such."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from diplolocal.dataset import Dataset, Kind, read
from diplolocal.reach import TYPE, beyond

IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
PREFIXES = """
    @prefix e: <http://e.org/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def test_our_shapes_look_one_step_ahead_at_class_and_scheme(dataset: Dataset) -> None:
    assert beyond(read(dataset.of(Kind.SHAPES))) == frozenset({TYPE, IN_SCHEME})


def test_of_shapes_that_ask_of_a_thing_alone_nothing_more_is_seen() -> None:
    turtle = """
        e:S a sh:NodeShape ; sh:targetClass e:C ; sh:closed true ; sh:property e:P .
        e:P a sh:PropertyShape ; sh:path e:p ; sh:minCount 1 ; sh:in ( "a" "b" ) .
    """
    assert beyond(shapes(turtle)) == frozenset()


@pytest.mark.parametrize(
    ("constraint", "seen"),
    [
        ("sh:minCount 1", frozenset()),
        ("sh:class e:C", frozenset({TYPE})),
        ("sh:node e:Other", frozenset({"http://e.org/q"})),
        ("sh:or ( e:Other [ sh:class e:C ] )", frozenset({"http://e.org/q", TYPE})),
        ("sh:not e:Other", frozenset({"http://e.org/q"})),
    ],
)
def test_what_is_asked_of_a_value_is_seen_one_step_ahead(
    constraint: str, seen: frozenset[str]
) -> None:
    assert beyond(shapes(asked_of_a_value(constraint))) == seen


@pytest.mark.parametrize(
    "farther",
    [
        pytest.param("e:S sh:targetObjectsOf e:p .", id="objects of a property"),
        pytest.param("e:S sh:targetNode e:a .", id="a node"),
        pytest.param("e:S sh:target [ sh:select 'SELECT ?this {}' ] .", id="nodes asked for"),
        pytest.param("e:S a owl:Class .", id="a shape that is a class"),
        pytest.param("e:P sh:path [ sh:inversePath e:p ] .", id="what points here"),
        pytest.param("e:P sh:path ( e:p e:q ) .", id="two properties in a row"),
        pytest.param("e:P sh:path [ sh:zeroOrMorePath e:p ] .", id="any number in a row"),
        pytest.param("e:P sh:path [ sh:alternativePath ( e:p e:q ) ] .", id="one of two"),
        pytest.param("e:P sh:path e:p ; sh:node e:Closed .", id="all that a value has"),
        pytest.param("e:P sh:path e:p ; sh:node e:Two .", id="the class of a value's value"),
        pytest.param("e:P sh:path e:p ; sh:node e:Three .", id="a value's value's value"),
        pytest.param("e:P sh:path e:p ; sh:lessThan e:q .", id="a word that is not listed"),
        pytest.param("e:P sh:path e:p ; sh:sparql [ sh:select '' ] .", id="a query"),
    ],
)
def test_shapes_that_look_farther_are_known_as_such(farther: str) -> None:
    near = asked_of_a_value("sh:minCount 1")
    asked = """
        e:S sh:property e:P .
        e:Closed a sh:NodeShape ; sh:closed true .
        e:Two a sh:NodeShape ; sh:property [ sh:path e:q ; sh:class e:C ] .
        e:Three a sh:NodeShape ; sh:property [ sh:path e:q ; sh:node e:Other ] .
    """
    assert beyond(shapes(near + asked)) is not None
    assert beyond(shapes(near + asked + farther)) is None


def test_shapes_that_ask_for_each_other_come_to_an_end() -> None:
    turtle = "e:S sh:node e:T . e:T sh:node e:S ; sh:class e:C ."
    assert beyond(shapes(turtle)) == frozenset()


def asked_of_a_value(constraint: str) -> str:
    """A shape that asks something of what a thing refers to, and some that it may be asked by."""
    return f"""
        e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:V .
        e:V a sh:PropertyShape ; sh:path e:v ; {constraint} .
        e:Other a sh:NodeShape ; sh:property e:Q .
        e:Q a sh:PropertyShape ; sh:path e:q ; sh:hasValue e:one .
    """


def shapes(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, format=RdfFormat.TURTLE))
