"""What the shapes ask, read from SHACL: as whoever shows it or writes it in another language needs
it.
"""

from collections.abc import Mapping

import pytest
from pyoxigraph import Literal, NamedNode

from diplolocal import constraints
from diplolocal.constraints import NodeShape, PropertyShape
from diplolocal.dataset import Dataset, Kind, together
from diplolocal.store import Store
from diplolocal.web.parts import Parts
from diplolocal.wording import Language

DL = "https://w3id.org/diplolocal/def#"
SHAPES = "https://w3id.org/diplolocal/shapes#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PEOPLE = """
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://w3id.org/diplolocal/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

s:A sh:class dl:Actor .
s:B sh:class dl:Person .
s:Thing-height sh:path dl:height ; sh:minInclusive 1 ; sh:maxInclusive 9 ; sh:minLength 2 ;
    sh:maxLength 3 ; sh:in ( 1 2 ) ; sh:severity sh:Warning ; sh:message "Nur so."@de .
s:Thing-whole sh:path dl:whole ; sh:or ( s:A s:B ) ; sh:message "Whose?"@en , "¿De quién?"@es .
s:ThingShape sh:targetClass dl:Thing ; sh:property s:Thing-whole , s:Thing-height .
s:NotedShape sh:targetSubjectsOf dl:note .
"""


@pytest.fixture(scope="module")
def shapes(parts: Parts) -> Mapping[str, NodeShape]:
    """The real shapes, by name."""
    return {shape.iri.removeprefix(SHAPES): shape for shape in constraints.read(parts.shapes)}


def test_every_shape_that_has_a_target_is_read(
    dataset: Dataset, shapes: Mapping[str, NodeShape]
) -> None:
    text = together(dataset.of(Kind.SHAPES))
    assert len(shapes) == text.count("sh:targetClass") + text.count("sh:targetSubjectsOf")
    assert shapes["ActionShape"].target_classes == (f"{DL}Action",)
    assert shapes["NoteShape"].targets_with == ("http://www.w3.org/2004/02/skos/core#note",)


def test_a_closed_shape_says_what_is_ignored(shapes: Mapping[str, NodeShape]) -> None:
    action, pattern = shapes["ActionShape"], shapes["ActionIriShape"].pattern
    assert (action.closed, f"{XSD}string" in action.ignored) == (True, False)
    assert "http://www.w3.org/2002/07/owl#deprecated" in action.ignored
    assert pattern is not None
    assert pattern.startswith(r"^https://w3id\.org/diplolocal/id/action/")
    assert shapes["ActionIriShape"].closed is False


def test_what_is_asked_of_a_property_is_read(shapes: Mapping[str, NodeShape]) -> None:
    asked = _asked(shapes["ActionShape"])
    types = asked["Action-actionType"]
    assert (types.path, types.min_count, types.max_count) == (f"{DL}actionType", 1, 3)
    assert types.scheme == "https://w3id.org/diplolocal/vocab/action-type"
    assert types.node_kind == "http://www.w3.org/ns/shacl#IRI"
    assert asked["Action-reportedIn"].classes == (f"{DL}Publication",)
    assert asked["Action-date"].datatype == "http://id.loc.gov/datatypes/edtf/EDTF"
    label = asked["Action-label"]
    assert (label.languages, label.unique_lang, label.min_length) == (("en", "es"), True, 1)
    assert label.message[Language.EN].startswith("An action must have exactly one title")
    assert label.message[Language.ES].startswith("Una acción debe tener exactamente un título")


def test_a_value_that_may_be_of_two_classes_names_both(shapes: Mapping[str, NodeShape]) -> None:
    network = _asked(shapes["MembershipShape"])["Membership-network"]
    assert network.classes == (f"{DL}InternationalActor", f"{DL}Instrument")


def test_the_values_that_there_are_stand_in_the_order_of_their_list() -> None:
    [_, thing] = constraints.read(constraints.opened(PEOPLE))
    height, whole = thing.properties
    assert height.values == _numbers("1", "2")
    assert (height.min_inclusive, height.max_inclusive) == _numbers("1", "9")
    assert height.message == {Language.EN: "Nur so.", Language.ES: "Nur so."}
    assert (height.min_length, height.max_length) == (2, 3)
    assert (height.severity, whole.severity) == (
        "http://www.w3.org/ns/shacl#Warning",
        "http://www.w3.org/ns/shacl#Violation",
    )
    assert whole.classes == (f"{DL}Actor", f"{DL}Person")
    assert whole.message == {Language.EN: "Whose?", Language.ES: "¿De quién?"}


def test_the_shapes_of_a_class_are_those_that_aim_at_it_or_above(
    shapes: Mapping[str, NodeShape],
) -> None:
    known = tuple(shapes.values())
    found = constraints.of_class(known, (f"{DL}StateGovernment", f"{DL}MexicanActor", f"{DL}Actor"))
    assert [shape.iri.removeprefix(SHAPES) for shape in found] == [
        "ActorShape",
        "StateGovernmentIriShape",
        "StateGovernmentShape",
    ]


def test_the_same_shapes_are_the_same_graph_each_time(parts: Parts, dataset: Dataset) -> None:
    again = constraints.opened(together(dataset.of(Kind.SHAPES)))
    assert _written(again) == _written(parts.shapes)
    assert len(_written(again)) > 1500


def _numbers(*numbers: str) -> tuple[Literal, ...]:
    return tuple(Literal(number, datatype=NamedNode(f"{XSD}integer")) for number in numbers)


def _asked(shape: NodeShape) -> Mapping[str, PropertyShape]:
    return {each.iri.removeprefix(SHAPES): each for each in shape.properties}


def _written(shapes: Store) -> list[str]:
    return sorted(map(str, constraints.triples(shapes)))
