"""What differs between two versions of the data."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from diplolocal import iris
from diplolocal.changes import ClassChanges, compare
from diplolocal.embedded import EmbeddedStore
from diplolocal.iris import thing
from diplolocal.wording import Language

DL = iris.ONTOLOGY + "#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


@pytest.fixture
def later(small_quads: list[Quad]) -> list[Quad]:
    """The small graph a while later: the first action is gone with its participation, Guadalajara
    is called otherwise, and two states are new.
    """
    gone = {thing("action/2021-01-01"), thing("participation/2021-01-01-1")}
    kept = [quad for quad in small_quads if subject(quad) not in gone]
    renamed = [
        said(thing("place/mx-14039"), LABEL, Literal("Guadalajara, Jal.", language="es"))
        if (subject(quad), str(quad.object)) == (thing("place/mx-14039"), '"Guadalajara"@es')
        else quad
        for quad in kept
    ]
    new = [
        said(thing(f"place/mx-{code}"), RDF_TYPE, NamedNode(DL + "FederalEntity"))
        for code in ("zac", "mor")
    ]
    return [*renamed, *new]


def test_things_are_new_gone_or_changed_by_class(small: EmbeddedStore, later: list[Quad]) -> None:
    changes = compare(small, EmbeddedStore(later), version="abc")
    assert changes.before == "abc"
    assert changes.classes == (
        ClassChanges(DL + "Action", (), (thing("action/2021-01-01"),), ()),
        ClassChanges(DL + "FederalEntity", (thing("place/mx-mor"), thing("place/mx-zac")), (), ()),
        ClassChanges(DL + "Municipality", (), (), (thing("place/mx-14039"),)),
        ClassChanges(DL + "Participation", (), (thing("participation/2021-01-01-1"),), ()),
    )


def test_the_other_way_round_what_was_new_is_gone(small: EmbeddedStore, later: list[Quad]) -> None:
    changes = {each.iri: each for each in compare(EmbeddedStore(later), small, version="x").classes}
    assert changes[DL + "Action"].new == (thing("action/2021-01-01"),)
    assert changes[DL + "FederalEntity"].gone == (thing("place/mx-mor"), thing("place/mx-zac"))
    assert changes[DL + "Municipality"].changed == (thing("place/mx-14039"),)


def test_the_classes_are_called_by_their_names(small: EmbeddedStore, later: list[Quad]) -> None:
    names = compare(small, EmbeddedStore(later), version="abc").names
    assert names[DL + "Action"] == {Language.EN: "Action", Language.ES: "Acción"}


def test_a_version_does_not_differ_from_itself(
    small: EmbeddedStore, small_quads: list[Quad]
) -> None:
    assert compare(small, EmbeddedStore(reversed(small_quads)), version="abc").classes == ()


def test_what_is_derived_and_the_file_of_a_statement_make_no_difference(
    small: EmbeddedStore, small_quads: list[Quad]
) -> None:
    elsewhere = NamedNode(iris.graph("reference", "elsewhere"))
    moved = [
        Quad(quad.subject, quad.predicate, quad.object, elsewhere)
        for quad in small_quads
        if quad.graph_name != NamedNode(iris.DERIVED)
    ]
    assert len(moved) < len(small_quads)
    assert compare(small, EmbeddedStore(moved), version="abc").classes == ()


def test_terms_and_concepts_are_compared_too(small: EmbeddedStore, small_quads: list[Quad]) -> None:
    without = [quad for quad in small_quads if subject(quad) != DL + "confidence"]
    [change] = compare(small, EmbeddedStore(without), version="abc").classes
    assert change.gone == (DL + "confidence",)


def test_a_thing_that_changed_its_class_is_changed_in_the_one_that_it_has_now(
    small: EmbeddedStore, small_quads: list[Quad]
) -> None:
    nations, was = thing("organisation/un"), NamedNode(DL + "InternationalOrganisation")
    reclassed = [
        said(nations, RDF_TYPE, NamedNode(DL + "CityNetwork"))
        if (subject(quad), quad.object) == (nations, was)
        else quad
        for quad in small_quads
    ]
    [change] = compare(small, EmbeddedStore(reclassed), version="abc").classes
    assert change == ClassChanges(DL + "CityNetwork", (), (), (nations,))


def test_a_thing_of_a_class_and_of_a_wider_one_is_changed_in_the_narrower(
    small: EmbeddedStore, small_quads: list[Quad]
) -> None:
    wider = said(thing("place/mx-jal"), RDF_TYPE, NamedNode(DL + "Territory"))
    [change] = compare(small, EmbeddedStore([*small_quads, wider]), version="abc").classes
    assert change == ClassChanges(DL + "FederalEntity", (), (), (thing("place/mx-jal"),))


def subject(quad: Quad) -> str:
    assert isinstance(quad.subject, NamedNode)
    return quad.subject.value


def said(iri: str, prop: str, value: NamedNode | Literal) -> Quad:
    """A statement of a file."""
    return Quad(
        NamedNode(iri), NamedNode(prop), value, NamedNode(iris.graph("reference", "places"))
    )
