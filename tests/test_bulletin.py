"""A month as a newsletter: all of it, once, in order, and nothing that the graph does not say."""

from collections import Counter

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from diplolocal import bulletin, iris
from diplolocal.bulletin import Bulletin, Side
from diplolocal.embedded import EmbeddedStore
from diplolocal.not_found import NotInGraphYet, ResourceNotFound
from diplolocal.store import plain, select
from diplolocal.wording import LANGUAGES, Language

MONTH = "2021-09"
SEPTEMBER = iris.thing(f"bulletin/{MONTH}")
REGIONS = (
    *("Northwest", "Northeast", "West", "East"),
    *("North-central", "South-central", "Southwest", "Southeast"),
)
ACTIONS = """PREFIX dl: <https://w3id.org/diplolocal/def#>
SELECT ?action WHERE {{ ?action a dl:Action ; dl:reportedIn {bulletin} }}"""


@pytest.fixture(scope="module")
def september(store: EmbeddedStore) -> Bulletin:
    """September 2021, in English."""
    return bulletin.read(store, MONTH, Language.EN)


def test_september_has_eight_actions_and_what_the_editors_say(september: Bulletin) -> None:
    assert (september.iri, september.month) == (SEPTEMBER, MONTH)
    assert str(september.title) == "Mexican Local Diplomacy Newsletter September 2021"
    assert len(september.actions) == 8
    assert str(september.remark).startswith("The editors say that the issue is shorter")
    assert september.page == "https://cemeri.org/en/documento/d-diplomacia-local-septiembre-2021-ju"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_every_bulletin_is_in_it_once(
    store: EmbeddedStore, language: Language
) -> None:
    known = bulletin.months(store, language)
    assert len(known) >= 11
    for issue in known:
        found = bulletin.read(store, issue.month, language)
        asked = select(store, ACTIONS.format(bulletin=NamedNode(issue.iri)))
        assert Counter(action.iri for action in found.actions) == Counter(
            plain(row["action"]) for row in asked
        )


def test_the_eight_regions_come_in_the_order_of_the_bulletins(september: Bulletin) -> None:
    assert tuple(str(section.region) for section in september.sections) == REGIONS
    assert [len(section.actions) for section in september.sections] == [1] * 8


def test_a_region_without_actions_is_there(store: EmbeddedStore) -> None:
    february = bulletin.read(store, "2022-02", Language.EN)
    assert tuple(str(section.region) for section in february.sections) == REGIONS
    assert 0 in {len(section.actions) for section in february.sections}


def test_authors_are_named_in_the_order_of_the_bulletin_itself(september: Bulletin) -> None:
    assert [str(author) for author in september.authors] == [
        "Saúl Gopar Ensáztiga",
        "Mariana Danae Pérez Becerra",
        "Tannya Iran Estrada Castillo",
    ]
    assert "Local Diplomacy Studies Commission" in {str(each) for each in september.compilers}


def test_an_action_has_its_people_with_their_posts_and_both_sides(september: Bulletin) -> None:
    tapachula = september.actions[6]
    [mexican], [counterpart] = tapachula.of(Side.MEXICAN), tapachula.of(Side.COUNTERPART)
    assert str(mexican.actor) == "Municipal government of Tapachula"
    assert [str(person) for person in mexican.people] == ["Rosa Urbina"]
    assert str(mexican.post) == "Municipal President of Tapachula"
    assert [str(person) for person in counterpart.people] == ["Fernando Carrera"]
    assert str(tapachula.concluded).startswith("That Tapachula is the one in Chiapas")
    assert tapachula.of(Side.OTHER) == ()


def test_whom_the_bulletin_does_not_name_is_told_as_it_says(september: Bulletin) -> None:
    [companies] = september.actions[4].of(Side.COUNTERPART)
    assert companies.actor is None
    assert str(companies.called) == "Eight Israeli companies, not named"


def test_an_embassy_of_mexico_is_on_neither_side_and_an_unnamed_government_is_on_ours(
    store: EmbeddedStore,
) -> None:
    symposium = bulletin.read(store, "2021-01", Language.EN).actions[1]
    assert [str(each.called) for each in symposium.of(Side.MEXICAN)] == [
        "A local government of the Northeast, not named"
    ]
    assert len(symposium.of(Side.COUNTERPART)) == 2
    [may] = [
        action
        for action in bulletin.read(store, "2021-05", Language.EN).actions
        if action.of(Side.OTHER)
    ]
    assert [str(each.called) for each in may.of(Side.OTHER)] == ["Embassy of Mexico in Germany"]
    assert sum(len(may.of(side)) for side in Side) == len(may.participants)


def test_what_did_not_simply_occur_says_so(store: EmbeddedStore, september: Bulletin) -> None:
    assert {action.status for action in september.actions} == {None}
    july = bulletin.read(store, "2021-07", Language.EN)
    assert "Announced" in {str(action.status) for action in july.actions}


def test_highlights_are_what_the_editors_single_out(store: EmbeddedStore) -> None:
    rows = select(
        store,
        "PREFIX dl: <https://w3id.org/diplolocal/def#>\n"
        f"SELECT ?action WHERE {{ ?action dl:isHighlightOf {NamedNode(SEPTEMBER)} }}",
    )
    found = bulletin.read(store, MONTH, Language.ES).highlights
    assert {action.iri for action in found} == {plain(row["action"]) for row in rows}


def test_where_nothing_is_singled_out_nothing_is_made_up(small: EmbeddedStore) -> None:
    january = bulletin.read(small, "2021-01", Language.EN)
    assert [str(action.title) for action in january.actions] == ["First", "Second"]
    assert january.highlights == ()
    assert (january.remark, january.citation, january.authors) == (None, None, ())


def test_what_is_only_said_in_another_language_says_in_which(store: EmbeddedStore) -> None:
    text = f"""@prefix dl: <{iris.ONTOLOGY}#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <{iris.thing("bulletin/2020-01")}> a dl:Bulletin ; skos:prefLabel "Boletín"@es ;
        dl:month "2020-01"^^xsd:gYearMonth ."""
    found = bulletin.read(
        EmbeddedStore(parse(text, format=RdfFormat.TURTLE)), "2020-01", Language.EN
    )
    assert (found.title.text, found.title.tongue) == ("Boletín", "es")
    assert bulletin.read(store, MONTH, Language.EN).title.tongue is None


def test_a_month_that_is_missing_is_not_in_the_graph_yet(store: EmbeddedStore) -> None:
    with pytest.raises(NotInGraphYet) as raised:
        bulletin.read(store, "2021-08", Language.EN)
    assert [month for month, _ in raised.value.nearest] == ["2021-07", "2021-09"]


@pytest.mark.parametrize("month", ["2021-13", "abc", "", "2021-9", "2021-09-01", "..", "<x>"])
def test_what_is_no_month_has_no_bulletin(store: EmbeddedStore, month: str) -> None:
    with pytest.raises(ResourceNotFound) as raised:
        bulletin.read(store, month, Language.EN)
    assert not isinstance(raised.value, NotInGraphYet)
