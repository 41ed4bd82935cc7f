"""What pages about things hold: the same numbers as SPARQL and as the lists, of every class."""

import re
from importlib.resources import files

import pytest
from pyoxigraph import NamedNode

from diplolocal import iris, listing, portrait, resources
from diplolocal.embedded import EmbeddedStore
from diplolocal.listing import listings
from diplolocal.portrait import Held, Portrait
from diplolocal.search import Asked, Index
from diplolocal.search_index import KIND
from diplolocal.store import load_query, plain, select
from diplolocal.wording import Language

PREFIXES = """PREFIX dl: <https://w3id.org/diplolocal/def#>
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
COUNTED = [
    (
        "place/mx-jal",
        "own-actions",
        "?x dl:hasParticipation/dl:actor/dl:governs ?thing",
        12,
    ),
    (
        "place/mx-jal",
        "agency-actions",
        "?x dl:hasParticipation/dl:actor/dl:agencyOf+/dl:governs ?thing",
        2,
    ),
    (
        "place/mx-jal",
        "municipal-actions",
        "?x dl:hasParticipation/dl:actor/dl:agencyOf*/dl:governs/dl:partOf ?thing",
        10,
    ),
    ("place/mx-jal", "countries", "?a dl:territory ?thing ; dl:counterpartCountry ?x", 7),
    ("place/mx-jal", "counterparts", "?a dl:territory ?thing ; dl:counterpart ?x", 22),
    ("place/mx-jal", "municipalities", "?x dl:partOf ?thing . ?a dl:territory ?x", 4),
    ("place/mx-jal", "twinnings", "?x a dl:Twinning ; dl:party/dl:partOf* ?thing", 114),
    (
        "place/us-tx",
        "twinnings-abroad",
        "?x a dl:Twinning ; dl:party/dl:partOf* ?thing",
        98,
    ),
    (
        "place/us-tx",
        "abroad-actions",
        "?x dl:hasParticipation/dl:actor/((dl:agencyOf*/dl:governs)|dl:represents|dl:basedIn)"
        "/dl:partOf* ?thing",
        23,
    ),
    ("place/es", "actions", "?x dl:counterpartCountry ?thing", None),
    (
        "place/es",
        "dealing-states",
        "?a dl:counterpartCountry ?thing ; dl:territory ?x . ?x a dl:FederalEntity",
        None,
    ),
    ("place/es", "mexican-actors", "?a dl:counterpartCountry ?thing ; dl:mexicanActor ?x", None),
    ("region/occidente", "states", "?x dl:inRegion ?thing", 4),
    ("region/occidente", "actions", "?x dl:region ?thing", None),
    (
        "government/mx-jal",
        "company",
        "?a sem:hasActor ?thing , ?x . FILTER(?x != ?thing)",
        None,
    ),
    ("government/mx-14039", "agreements", "?x dl:contractingParty ?thing", None),
    ("government/mx-14039", "memberships", "?x dl:member ?thing", None),
    ("organisation/iclei", "members", "?x dl:network ?thing", 6),
    ("bulletin/2021-09", "actions", "?x a dl:Action ; dl:reportedIn ?thing", 8),
    (
        "person/enrique-alfaro-ramirez",
        "represented",
        "?x dl:hasParticipation/dl:representedBy ?thing",
        1,
    ),
]


@pytest.mark.parametrize(("key", "name", "pattern", "expected"), COUNTED)
def test_a_section_holds_as_much_as_sparql_counts(
    store: EmbeddedStore, search: Index, key: str, name: str, pattern: str, expected: int | None
) -> None:
    thing = iris.thing(key)
    found = {each.section.name: each for each in held(store, search, thing, most=5)}
    where = f"{{ VALUES ?thing {{ <{thing}> }} {pattern} }}"
    [row] = select(store, f"{PREFIXES}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {where}")
    assert found[name].total == int(plain(row["n"])) > 0
    assert len(found[name].members) == min(5, found[name].total)
    if expected is not None:
        assert found[name].total == expected


def test_each_action_of_a_state_is_one_of_its_own_its_agencies_or_its_municipalities(
    store: EmbeddedStore, search: Index
) -> None:
    parts = ("own-actions", "agency-actions", "municipal-actions")
    states = [
        plain(row["s"]) for row in select(store, f"{PREFIXES}SELECT ?s {{ ?s a dl:FederalEntity }}")
    ]
    assert len(states) == 32
    for state in states:
        of = portrait_of(store, state)
        found = [
            {member.iri for member in portrait.members(store, portrait.query(of, section, state))}
            for name in parts
            if (section := portrait.section_of(of, name))
        ]
        asked = portrait.asked_of(of, state)
        total = search.found(asked, count=None)
        assert set().union(*found) == {hit.iri for hit in total.hits}, state


@pytest.mark.parametrize(
    "key", ["place/mx-jal", "place/us", "place/mx-14039", "region/noreste", "government/mx-jal"]
)
def test_what_a_section_has_of_a_list_is_what_the_list_has(
    store: EmbeddedStore, search: Index, key: str
) -> None:
    thing = iris.thing(key)
    of = portrait_of(store, thing)
    assert of.variable is not None
    for each in portrait.held(store, search, of, thing, most=1):
        if each.section.collection:
            text = listing.query(
                listings()[each.section.collection], {of.variable: [NamedNode(thing)]}
            )
            assert each.total == len(listing.members(store, text)), each.section.name


@pytest.mark.parametrize(
    "key",
    [
        "id/place/mx-jal",
        "id/place/us",
        "id/region/occidente",
        "id/government/mx-jal",
        "id/bulletin/2021-09",
        "vocab/theme/culture",
        "vocab/action-type/agreement",
    ],
)
def test_what_a_section_counts_is_what_the_search_behind_the_number_finds(
    store: EmbeddedStore, search: Index, key: str
) -> None:
    thing = iris.of_path(key)
    of = portrait_of(store, thing)
    seen = 0
    for each in portrait.held(store, search, of, thing, most=1000):
        section = each.section
        if section.variable is None:
            continue
        for member in each.members:
            chosen = dict(portrait.asked_of(of, thing).chosen) if section.of_class else {}
            asked = Asked(chosen={KIND: ("actions",), **chosen, section.variable: (member.iri,)})
            assert search.found(asked, count=0).total == member.count, (section.name, member.iri)
            seen += 1
    assert seen > 0


def test_every_class_of_things_has_a_sentence_of_its_own_in_both_languages(
    store: EmbeddedStore,
) -> None:
    text = f"""{PREFIXES}SELECT DISTINCT ?class {{
      GRAPH ?g {{ ?thing a ?class }}
      FILTER(STRSTARTS(STR(?thing), "{iris.thing("")}"))
      FILTER(STRSTARTS(STR(?class), "{iris.ONTOLOGY}#"))
      FILTER(?g != <{iris.DERIVED}>)
    }}"""
    general = portrait.portrait_of([])
    classes = [plain(row["class"]) for row in select(store, text)]
    assert len(classes) > 30
    without = [each for each in classes if portrait.portrait_of([each]) == general]
    assert without == []
    for each in classes:
        sentence = portrait.portrait_of([each]).sentence
        assert sentence[Language.ES] != sentence[Language.EN]
        assert sentence[Language.ES].count("{") == sentence[Language.EN].count("{")
        assert sentence[Language.ES].count("[") == sentence[Language.EN].count("[")


def test_a_borough_of_the_capital_is_no_municipality(store: EmbeddedStore) -> None:
    borough, municipality = (
        portrait_of(store, iris.thing(f"place/{key}")) for key in ("mx-09011", "mx-14039")
    )
    assert borough.sentence[Language.EN].startswith("{this} is a borough of {dl:partOf}.")
    assert municipality.sentence[Language.EN].startswith("{this} is a municipality of Mexico")
    assert borough.sections == municipality.sections


def test_the_places_of_sentences_are_properties_that_there_are(store: EmbeddedStore) -> None:
    prefixes = resources.prefixes(store)
    text = files("diplolocal") / "portrait.ttl"
    places = set(re.findall(r"\{([\w-]+:[\w-]+)\}", text.read_text(encoding="utf-8")))
    used = {plain(row["p"]) for row in select(store, "SELECT DISTINCT ?p { ?s ?p ?o }")}
    assert {place for place in places if iris.expand(place, prefixes) not in used} == set()


def test_a_link_says_how_it_was_found(small: EmbeddedStore) -> None:
    found = portrait.elsewhere(small, iris.thing("place/mx-jal"))
    assert [each.target for each in found] == [
        "http://www.wikidata.org/entity/Q13160",
        "https://sws.geonames.org/4004156/",
    ]
    assert found[0].method == iris.of_path("vocab/link-method/agreed-sources")
    assert found[0].property == "http://www.w3.org/2002/07/owl#sameAs"


def test_the_evidence_of_a_link_is_told_with_it_once(store: EmbeddedStore) -> None:
    [found] = [
        each
        for each in portrait.elsewhere(store, iris.thing("place/zw"))
        if "wikidata" in each.target
    ]
    assert len(found.evidence) > 1
    assert len(found.evidence) == len(set(found.evidence))


def test_every_query_of_a_portrait_finds_something_as_it_stands(store: EmbeddedStore) -> None:
    names = [
        path.name.removesuffix(".rq")
        for path in (files("diplolocal") / "queries").iterdir()
        if path.name.startswith("portrait-")
    ]
    assert len(names) > 15
    empty = [name for name in names if not select(store, load_query(name))]
    assert empty == []


def portrait_of(store: EmbeddedStore, thing: str) -> Portrait:
    """The portrait for a thing."""
    description = resources.describe(store, thing, most=0)
    wholes = [plain(each) for prop in portrait.WHOLES for each in description.values(prop)]
    return portrait.portrait_of(description.types, wholes)


def held(store: EmbeddedStore, search: Index, thing: str, *, most: int) -> tuple[Held, ...]:
    """What the sections hold of a thing."""
    return portrait.held(store, search, portrait_of(store, thing), thing, most=most)
