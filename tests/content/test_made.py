"""Do the example queries that make a graph make the right one? Each triple worked out anew, from
what was written by hand.
"""

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.content import known, walked
from tests.content.asked import made
from tests.content.written import CLOSE_MATCH, DL, RDF, SAME_AS, SKOS, WIKIDATA, Graph, iris, of

from diplolocal.iris import thing
from diplolocal.store import Store

SCHEMA = "https://schema.org/"
TWINNED = "<http://www.wikidata.org/prop/direct/P190>"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

Triples = set[tuple[str, str, str]]


def said(subject: str, prop: str, terms: list[NamedNode | Literal]) -> Triples:
    return {(f"<{subject}>", f"<{prop}>", str(term)) for term in terms}


def tied(subject: str, prop: str, things: set[str]) -> Triples:
    return said(subject, prop, [NamedNode(one) for one in things])


@pytest.mark.parametrize("key", ["mx-yuc", "mx-son"])
def test_a_state_as_a_graph(key: str, store: Store, written: Graph) -> None:
    expected: Triples = set()
    for action, about in walked.actions(written):
        if key not in map(walked.slug, walked.states_of(action, written)):
            continue
        around = {
            "theme": {*iris(about[f"{DL}theme"])},
            "reportedIn": {*iris(about[f"{DL}reportedIn"])},
            "mexicanActor": walked.actors(action, "MexicanActor", written),
            "counterpart": walked.actors(action, "InternationalActor", written),
            "counterpartCountry": walked.countries_of(action, written),
        }
        expected |= tied(action, f"{RDF}type", {f"{DL}Action"})
        expected |= said(action, f"{SKOS}prefLabel", about[f"{SKOS}prefLabel"])
        expected |= said(action, f"{DL}date", about[f"{DL}date"])
        for name, things in around.items():
            expected |= tied(action, f"{DL}{name}", things)
            for one in things:
                expected |= said(one, f"{SKOS}prefLabel", written[one][f"{SKOS}prefLabel"])
    assert made(store, "a-state-as-a-graph", state=NamedNode(thing(f"place/{key}"))) == expected
    assert len(expected) > 50


@pytest.mark.parametrize("month", ["2021-09", "2021-01"])
def test_the_actions_of_a_month_as_events(
    month: str, store: Store, facts: Path, written: Graph
) -> None:
    asked = Literal(month, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth"))
    found = made(store, "actions-as-events", month=asked)
    events = {s for s, p, o in found if (p, o) == (f"<{RDF}type>", f"<{SCHEMA}Event>")}
    expected: Triples = set()
    for event in events:
        action = event.strip("<>")
        about = written[action]
        expected |= tied(action, f"{RDF}type", {f"{SCHEMA}Event"})
        expected |= said(action, f"{SCHEMA}name", about[f"{SKOS}prefLabel"])
        description = about["http://purl.org/dc/terms/description"]
        expected |= said(action, f"{SCHEMA}description", description)
        date = walked.value(action, "date", written) or ""
        if date == known.date_alone(date):
            expected |= said(action, f"{SCHEMA}startDate", [Literal(date)])
        others = walked.actors(action, "Actor", written)
        others &= {
            *walked.actors(action, "MexicanActor", written),
            *walked.actors(action, "InternationalActor", written),
        }
        places = {*walked.has(action, "takesPlaceIn", written)}
        expected |= tied(action, f"{SCHEMA}participant", others)
        expected |= tied(action, f"{SCHEMA}location", places)
        for one in others | places:
            expected |= said(one, f"{SCHEMA}name", written[one][f"{SKOS}prefLabel"])
    assert found == expected
    titles = {
        action["title_en"]
        for key, action in known.numbered(facts)
        if key.startswith(f"action:{month}")
    }
    names = {o for s, p, o in found if s in events and p == f"<{SCHEMA}name>" and o.endswith("@en")}
    assert {str(Literal(title, language="en")) for title in titles} <= names
    assert len(titles) == 8


def test_a_date_in_doubt_is_no_date_of_an_event(store: Store, written: Graph) -> None:
    doubtful = {
        action: date
        for action, about in walked.actions(written)
        for date in [one.value for one in about[f"{DL}date"]]
        if date != known.date_alone(date) and len(known.date_alone(date)) >= 7
    }
    action, date = min(doubtful.items())
    month = NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")
    found = made(store, "actions-as-events", month=Literal(date[:7], datatype=month))
    told = {p for s, p, _ in found if s == f"<{action}>"}
    assert f"<{SCHEMA}name>" in told
    assert f"<{SCHEMA}startDate>" not in told


def test_who_works_with_whom(store: Store, written: Graph) -> None:
    expected: Triples = set()
    for action, _ in walked.actions(written):
        sides = [
            walked.actors(action, side, written) for side in ("MexicanActor", "InternationalActor")
        ]
        for one, other in product(*sides):
            expected |= tied(one, "http://purl.org/dc/terms/relation", {other})
            for each in (one, other):
                expected |= said(each, LABEL, written[each][f"{SKOS}prefLabel"])
    assert made(store, "who-works-with-whom") == expected
    assert len(expected) > 300


def test_twinnings_in_the_terms_of_wikidata(store: Store, written: Graph) -> None:
    items: dict[str, set[str]] = {}
    for _, link in of("Link", written):
        if {*iris(link[f"{RDF}predicate"])} <= {SAME_AS, CLOSE_MATCH}:
            for target in iris(link[f"{RDF}object"]):
                if target.startswith(WIKIDATA):
                    items.setdefault(iris(link[f"{RDF}subject"])[0], set()).add(f"<{target}>")
    expected: Triples = set()
    both: Counter[bool] = Counter()
    for twinning, _ in of("Twinning", written):
        here, there = walked.sides(twinning, written)
        pairs = list(product(items.get(here, ()), items.get(there, ())))
        both[bool(pairs)] += 1
        for one, other in pairs:
            expected |= {(one, TWINNED, other), (other, TWINNED, one)}
    assert made(store, "twinnings-for-wikidata") == expected
    assert both[True] > 250 < both[False]
