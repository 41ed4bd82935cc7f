"""What a reader may set in an example query, and what is given for it, over `examples.trig`."""

import pytest
from pyoxigraph import Literal, NamedNode

from diplolocal import examples, iris, parameters, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.embedded import EmbeddedStore
from diplolocal.parameters import Parameter
from diplolocal.store import Store
from diplolocal.wording import Language

XSD = "http://www.w3.org/2001/XMLSchema#"
JALISCO = NamedNode(iris.thing("place/mx-jal"))
COLIMA = NamedNode(iris.thing("place/mx-col"))


def test_the_choices_for_a_parameter_are_the_instances_of_its_class(
    exemplified: EmbeddedStore,
) -> None:
    state = parameter(exemplified, "towns-of-a-state", "state")
    assert {iri: dict(names) for iri, names in parameters.choices(exemplified, state).items()} == {
        iris.thing("place/mx-bcn"): {"es": "Baja California", "en": "Baja California"},
        iris.thing("place/mx-col"): {"es": "Colima", "en": "Colima"},
        iris.thing("place/mx-jal"): {"es": "Jalisco", "en": "Jalisco"},
    }


def test_the_choices_for_a_concept_are_those_of_its_scheme(exemplified: EmbeddedStore) -> None:
    theme = parameter(exemplified, "a-theme-as-a-graph", "theme")
    found = parameters.choices(exemplified, theme)
    assert found
    assert {iri.rpartition("/")[0] for iri in found} == {"https://w3id.org/diplolocal/vocab/theme"}


@pytest.mark.parametrize(
    "given",
    ["https://w3id.org/diplolocal/id/place/mx-col", "place:mx-col", "Colima", " colima ", "COLIMA"],
)
def test_a_thing_is_given_by_iri_prefixed_name_or_name(
    exemplified: EmbeddedStore, given: str
) -> None:
    assert value(exemplified, "towns-of-a-state", "state", given) == COLIMA


@pytest.mark.parametrize(
    "given",
    [
        "place:mx-14039",  # a municipality
        "Wonderland",
        "place:none",
        "> } # <",
        "https://w3id.org/diplolocal/id/place/mx-jal> } ?x { <urn:x",
    ],
)
def test_what_is_nothing_of_the_class_is_refused_with_what_is_expected(
    exemplified: EmbeddedStore, given: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        value(exemplified, "towns-of-a-state", "state", given)
    assert str(caught.value) == (
        f"The parameter state is given as {given}, which is nothing of the class dl:FederalEntity."
        " Give a thing of that class by its name, its IRI or its prefixed name, such as"
        " place:mx-jal."
    )


def test_what_is_called_almost_so_is_named(exemplified: EmbeddedStore) -> None:
    with pytest.raises(BadRequest, match=r"or its prefixed name, such as place:mx-col\.$"):
        value(exemplified, "towns-of-a-state", "state", "Colina")


def test_a_name_of_several_things_is_refused_with_all_of_them(exemplified: EmbeddedStore) -> None:
    state = parameter(exemplified, "towns-of-a-state", "state")
    same = {
        iris.thing("place/mx-col"): {Language.EN: "Victoria", Language.ES: "Victoria"},
        iris.thing("place/mx-jal"): {Language.EN: "Victory", Language.ES: "victoria"},
    }
    prefixes = resources.prefixes(exemplified)
    with pytest.raises(BadRequest, match="several things are called: place:mx-col, place:mx-jal"):
        parameters.value(state, "Victoria", same, prefixes)
    assert parameters.value(state, "Victory", same, prefixes) == JALISCO


def test_a_literal_has_the_datatype_of_its_parameter(exemplified: EmbeddedStore) -> None:
    assert value(exemplified, "actions-of-a-month", "month", "2021-03") == Literal(
        "2021-03", datatype=NamedNode(f"{XSD}gYearMonth")
    )
    assert value(exemplified, "is-it-called-so", "name", 'a "b" \\ ñ') == Literal('a "b" \\ ñ')
    assert value(exemplified, "towns-of-a-state", "language", "es") == Literal("es")


@pytest.mark.parametrize(
    ("slug", "name", "given", "expected"),
    [
        ("actions-of-a-month", "month", "2021-13", "xsd:gYearMonth, such as 2021-01"),
        ("actions-of-a-month", "month", "January", "xsd:gYearMonth, such as 2021-01"),
        ("actions-of-a-month", "month", "2021-01\n", "xsd:gYearMonth, such as 2021-01"),
        ("towns-of-a-state", "language", "fr", "xsd:string ^(en|es)$, such as en"),
        ("towns-of-a-state", "language", "es\n", "xsd:string ^(en|es)$, such as en"),
    ],
)
def test_a_literal_that_does_not_fit_is_refused_with_what_is_expected(
    exemplified: EmbeddedStore, slug: str, name: str, given: str, expected: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        value(exemplified, slug, name, given)
    assert str(caught.value) == (
        f"The parameter {name} is given as {given}; expected is {expected}."
    )


@pytest.mark.parametrize(
    ("datatype", "given", "fits"),
    [
        ("integer", "-7", True),
        ("integer", "7.5", False),
        ("integer", "9" * 19, False),
        ("gYear", "2021", True),
        ("gYear", "21", False),
        ("gYear", "２０２１", False),
    ],
)
def test_numbers_and_years_are_held_to_their_form(datatype: str, given: str, fits: bool) -> None:
    default = Literal("2021", datatype=NamedNode(XSD + datatype))
    said = {Language.EN: "Number", Language.ES: "Número"}
    number = Parameter("urn:x#n", "n", said, default, None, XSD + datatype, None)
    if fits:
        assert parameters.value(number, given, {}, {}) == Literal(
            given, datatype=NamedNode(XSD + datatype)
        )
    else:
        with pytest.raises(BadRequest, match=f"expected is xsd:{datatype}, such as 2021"):
            parameters.value(number, given, {}, {})


def parameter(store: Store, slug: str, name: str) -> Parameter:
    return next(each for each in examples.read(store)[slug].parameters if each.name == name)


def value(store: Store, slug: str, name: str, given: str) -> NamedNode | Literal:
    asked = parameter(store, slug, name)
    offered = parameters.choices(store, asked) if asked.of_class else {}
    return parameters.value(asked, given, offered, resources.prefixes(store))
