"""The lists: what each lists, in which order, and what its filters let through."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY

from diplolocal import iris, listing, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.embedded import EmbeddedStore
from diplolocal.listing import Listing, Values, listings
from diplolocal.resources import Names
from diplolocal.store import plain, select

KINDS = sorted(listings())
FILTERS = [(name, each.name) for name in KINDS for each in listings()[name].filters]
COUNT = "SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ ?thing a <{of_class}> {more} }}"
MORE = {"agreements": f"; <{iris.ONTOLOGY}#contractingParty> ?party"}
MONTH = NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")
ACTION = iris.thing("action/")


def found(store: EmbeddedStore, name: str, **values: NamedNode | Literal) -> list[str]:
    asked: Values = {key: [value] for key, value in values.items()}
    members = listing.members(store, listing.query(listings()[name], asked))
    return [iris.key_of(each) for each in members]


def thing(key: str) -> NamedNode:
    return NamedNode(iris.thing(key))


@pytest.mark.parametrize("name", KINDS)
def test_a_list_without_filters_has_every_thing_of_its_class_once(
    store: EmbeddedStore, name: str
) -> None:
    of = listings()[name]
    members = listing.members(store, listing.query(of, {}))
    [row] = select(store, COUNT.format(of_class=of.of_class, more=MORE.get(name, "")))
    assert len(members) == len(set(members)) == int(plain(row["count"])) > 0


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("actions", "bulletins")])
def test_lists_without_dates_are_in_the_order_of_iris(store: EmbeddedStore, name: str) -> None:
    members = listing.members(store, listing.query(listings()[name], {}))
    assert list(members) == sorted(members)


def test_actions_and_bulletins_have_the_newest_first_and_then_the_order_of_iris(
    small: EmbeddedStore,
) -> None:
    expected = ["2021-03-01", "2021-01-01", "2021-01-02", "signing-pact"]
    assert found(small, "actions") == expected
    assert found(small, "bulletins") == ["2021-04", "2021-03", "2021-01"]


@pytest.mark.parametrize("name", KINDS)
def test_the_query_of_a_list_runs_as_it_stands(store: EmbeddedStore, name: str) -> None:
    listing.members(store, listings()[name].text)


@pytest.mark.parametrize(("name", "of_filter"), FILTERS)
def test_a_filter_keeps_some_members_and_asks_for_no_more(
    store: EmbeddedStore, name: str, of_filter: str
) -> None:
    of = listings()[name]
    [parameter] = [each for each in of.filters if each.name == of_filter]
    text = listing.query(of, {of_filter: [parameter.default]})
    kept = listing.members(store, text)
    assert set(kept) <= set(listing.members(store, listing.query(of, {})))
    assert re.findall(r"# filter|# end", text) == []
    declared = re.findall(r"^PREFIX ([\w-]+):", text, re.M)
    assert all(text.count(f"{prefix}:") > 1 for prefix in declared)


def test_every_filter_of_actions_lets_through_what_it_says(small: EmbeddedStore) -> None:
    assert found(small, "actions", state=thing("place/mx-jal")) == [
        "2021-03-01",
        "2021-01-02",
        "signing-pact",
    ]
    assert found(small, "actions", municipality=thing("place/mx-02004")) == [
        "2021-03-01",
        "2021-01-01",
    ]
    assert found(small, "actions", region=thing("region/noroeste")) == ["2021-01-01"]
    assert found(small, "actions", actor=thing("government/mx-jal")) == ["2021-01-02"]
    state_government = NamedNode(iris.ONTOLOGY + "#StateGovernment")
    assert found(small, "actions", actorType=state_government) == ["2021-01-02"]
    assert found(small, "actions", bulletin=thing("bulletin/2021-03")) == ["2021-03-01"]
    february = Literal("2021-02", datatype=MONTH)
    assert found(small, "actions", monthFrom=february) == ["2021-03-01"]
    assert found(small, "actions", monthTo=february) == ["2021-01-01", "2021-01-02", "signing-pact"]
    assert found(small, "actions", text=Literal("firma")) == ["signing-pact"]
    assert found(small, "actions", theme=NamedNode(iris.of_path("/vocab/theme/culture"))) == []


def test_several_values_of_a_filter_are_any_of_them_and_several_filters_all_of_them(
    small: EmbeddedStore,
) -> None:
    of = listings()["actions"]
    both = [thing("government/mx-jal"), thing("government/mx-02004")]
    assert [
        iris.key_of(each) for each in listing.members(small, listing.query(of, {"actor": both}))
    ] == [
        "2021-03-01",
        "2021-01-01",
        "2021-01-02",
    ]
    west = {"actor": both, "region": [thing("region/occidente")]}
    members = listing.members(small, listing.query(of, west))
    assert [iris.key_of(each) for each in members] == ["2021-03-01", "2021-01-02"]


def test_an_action_without_an_end_is_listed_by_its_begin_and_is_of_every_later_month() -> None:
    action = f"<{ACTION}ongoing>"
    store = EmbeddedStore(
        _quads(
            f"{action} a dl:Action ; dl:datePrecision date-precision:open ;"
            ' sem:hasEarliestBeginTimeStamp "2021-03-01"^^xsd:date .'
        )
    )
    assert found(store, "actions") == ["ongoing"]
    assert found(store, "actions", monthFrom=Literal("2022-01", datatype=MONTH)) == ["ongoing"]
    assert found(store, "actions", monthTo=Literal("2021-02", datatype=MONTH)) == []


@pytest.mark.parametrize("name", ["places", "twinnings", "actors"])
def test_a_place_is_found_whatever_the_accents_and_the_case(
    store: EmbeddedStore, name: str
) -> None:
    plainly = found(store, name, text=Literal(listing.folded("  TLAQUEPAQUE ")))
    assert plainly == found(store, name, text=Literal(listing.folded("Tláquepaque")))
    assert plainly


def test_every_letter_with_an_accent_in_the_data_is_folded_by_the_queries_as_by_the_program(
    store: EmbeddedStore,
) -> None:
    texts = {
        plain(row["said"])
        for row in select(
            store,
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
            " SELECT DISTINCT ?said WHERE { ?thing skos:prefLabel|skos:altLabel ?said }",
        )
    }
    folded = {letter for text in texts for letter in listing.folded(text)}
    assert {letter for letter in folded if letter.isalpha() and not letter.isascii()} == set()
    for path in sorted(Path(REPOSITORY / "server/diplolocal/queries").glob("list-*.rq")):
        replaced = re.findall(r'"\[(\w+)\]", "(\w)"', path.read_text(encoding="utf-8"))
        if replaced:
            assert {plainly: written for written, plainly in replaced} == listing._LETTERS


def test_a_value_is_an_iri_a_prefixed_name_a_key_or_a_name(store: EmbeddedStore) -> None:
    of, prefixes = listings()["actions"], resources.prefixes(store)
    [state] = [each for each in of.filters if each.name == "state"]
    things = listing.choices(store, state)
    names = resources.names_of(store, things)

    def meant(given: str) -> NamedNode | Literal:
        return listing.value(state, given, prefixes, things=things, names=lambda: names)

    jalisco = iris.thing("place/mx-jal")
    for given in (jalisco, "place:mx-jal", "mx-jal", "Jalisco", " jalisco "):
        assert meant(given) == NamedNode(jalisco)
    for given in ("mx-none", "place:mx", "place:", "http://[", "<x>", "\x00", "{}"):
        with pytest.raises(BadRequest, match=r"state.*dl:FederalEntity"):
            meant(given)


def test_names_are_read_only_where_they_are_needed(store: EmbeddedStore) -> None:
    [state] = [each for each in listings()["actions"].filters if each.name == "state"]
    things = frozenset({iris.thing("place/mx-jal")})

    def names() -> Names:
        raise AssertionError

    found = listing.value(state, "mx-jal", {}, things=things, names=names)
    assert found == thing("place/mx-jal")


@pytest.mark.parametrize(
    ("name", "count", "one"),
    [
        ("state", 32, "place/mx-jal"),
        ("municipality", 2478, "place/mx-14039"),
        ("region", 8, "region/occidente"),
        ("actorType", 21, None),
        ("theme", 22, None),
    ],
)
def test_what_may_be_chosen_is_what_is_of_the_class_and_beside_the_default(
    store: EmbeddedStore, name: str, count: int, one: str | None
) -> None:
    [parameter] = [each for each in listings()["actions"].filters if each.name == name]
    things = listing.choices(store, parameter)
    assert len(things) == count
    assert parameter.default.value in things
    assert one is None or iris.thing(one) in things


def test_every_default_may_be_chosen(store: EmbeddedStore) -> None:
    filters = {each.name: each for of in listings().values() for each in of.filters}
    wrong = [
        name
        for name, each in filters.items()
        if each.of_class and each.default.value not in listing.choices(store, each)
    ]
    assert wrong == []


def test_facts_have_the_classes_that_were_written_and_the_columns(small: EmbeddedStore) -> None:
    of: Listing = listings()["actions"]
    facts = listing.facts_of(small, of, [ACTION + "2021-01-01", ACTION + "none"])
    assert set(facts) == {ACTION + "2021-01-01", ACTION + "none"}
    assert facts[ACTION + "none"] == {}
    said_of = facts[ACTION + "2021-01-01"]
    types = said_of["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"]
    assert types == [NamedNode(iris.ONTOLOGY + "#Action")]
    assert [plain(each) for each in said_of[listing.LABEL]] == ["First", "Primera"]
    assert [plain(each) for each in said_of[iris.ONTOLOGY + "#date"]] == ["2021-01"]
    assert iris.ONTOLOGY + "#hasParticipation" not in said_of


def test_every_text_of_a_list_is_said_in_both_languages() -> None:
    for of in listings().values():
        for said in (of.title, of.description, *(each.label for each in of.filters)):
            assert len(set(said.values())) == 2 or said == {"es": "Actor", "en": "Actor"}


def _quads(turtle: str) -> list[Quad]:
    head = (
        f"@prefix dl: <{iris.ONTOLOGY}#> ."
        " @prefix date-precision: <https://w3id.org/diplolocal/vocab/date-precision/> ."
        " @prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> ."
        " @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    )
    return list(parse(head + turtle, format=RdfFormat.TURTLE))
