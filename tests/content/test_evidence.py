"""Do the example queries on sources, quality, links and words answer right? Each answer worked out
anew, from the facts or from what was written by hand.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY
from tests.content import known, walked
from tests.content.asked import answer, asks
from tests.content.written import (
    DL,
    RDF,
    SKOS,
    WIKIDATA,
    Graph,
    iris,
    of,
    table,
    texts,
    values,
)

from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.iris import NAMESPACE, thing
from diplolocal.store import Store, plain

GEONAMES = "https://sws.geonames.org/"
MATCHES = ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")


# Codes and links.


def test_the_states_with_their_codes(store: Store, facts: Path) -> None:
    columns = "state iso inegi english spanish item geonames"
    assert answer(store, "states-with-their-codes", columns) == [
        (
            f"place:{iso.lower()}",
            iso,
            row["inegi"],
            row["name_en"],
            row["name_es"],
            f"wd:{row['qid']}",
            f"{GEONAMES}{row['geonames_id']}/",
        )
        for iso, row in sorted(known.states(facts).items())
    ]


def test_the_countries_with_their_codes(store: Store, facts: Path) -> None:
    columns = "iso alpha3 english spanish item"
    assert answer(store, "countries-with-their-codes", columns) == [
        (row["alpha2"], row["alpha3"], row["name_en"], row["name_es"], f"wd:{row['qid']}")
        for row in sorted(table(facts, "countries"), key=lambda row: row["alpha2"])
    ]


@pytest.mark.parametrize("iso", ["MX-JAL", "MX-SON", "MX-OAX"])
def test_the_municipalities_of_a_state_with_their_items(
    iso: str, store: Store, facts: Path
) -> None:
    match = {"agree": "owl:sameAs", "resolved": "owl:sameAs", "datacommons-only": "skos:closeMatch"}
    rows = [row for row in table(facts, "mx_municipalities") if row["state_iso"] == iso]
    state = NamedNode(thing(f"place/{iso.lower()}"))
    columns = "code name match item"
    found = answer(store, "municipalities-of-a-state-with-their-items", columns, state=state)
    assert [row[:2] for row in found] == sorted((row["inegi"], row["name"]) for row in rows)
    for row, (code, _, matched, item) in zip(
        sorted(rows, key=lambda row: row["inegi"]), found, strict=True
    ):
        status, _, shared = row["qid_status"].partition("+")
        expected = "skos:closeMatch" if shared else match.get(status)
        assert (code, matched, item) == (
            row["inegi"],
            expected,
            f"wd:{row['qid']}" if expected else None,
        )


def test_organisations_and_firms_with_their_identifiers(store: Store, facts: Path) -> None:
    found = answer(store, "partners-with-their-identifiers", "name item ror")
    expected = {
        (row["name_en"], row["qid"] and f"wd:{row['qid']}", row["ror_id"])
        for row in table(facts, "organisations")
    }
    names = {name for name, _, _ in found}
    missing = {row for row in expected if row[0] not in names}
    # An agency of Mexico's federation as well.
    inegi = "National Institute of Statistics and Geography"
    assert {row[0] for row in missing} == {*known.NO_PARTNERS, inegi}
    assert {(a, b or None, c or None) for a, b, c in expected - missing} <= set(found)
    assert ("Google", "wd:Q95", "https://ror.org/00njsd438") in found
    # Several rows of one differ in the other name alone.
    assert len({tuple(row) for row in found}) == len(names)


def test_links_by_target_and_method(store: Store, written: Graph) -> None:
    expected = Counter(
        (
            values(said[f"{RDF}object"])[0].split("/")[2],
            re.sub(r".*[/#]", "", values(said[f"{RDF}predicate"])[0]),
            walked.name(walked.has(link, "linkMethod", written)[0], written),
        )
        for link, said in of("Link", written)
    )
    found = answer(store, "links-by-target-and-method", "target match method links")
    assert {
        (target, (match or "").partition(":")[2], method): int(links or 0)
        for target, match, method, links in found
    } == expected
    assert sum(int(row[3] or 0) for row in found) == len(of("Link", written)) > 5_000


# Sources and what was concluded.


@pytest.mark.parametrize("action", ["2021-01-03", "2021-09-01"])
def test_what_is_said_of_an_action_is_what_its_file_says(action: str, store: Store) -> None:
    month = action[:7]
    path = REPOSITORY / "data" / "bulletins" / month[:4] / f"{month}.ttl"
    iri = NamedNode(thing(f"action/{action}"))
    in_file = Counter(
        (quad.predicate.value, plain(quad.object))
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        if quad.subject == iri
    )
    found = answer(store, "what-is-said-of-an-action", "graph property value", action=iri)
    graphs = Counter(graph for graph, _, _ in found)
    assert graphs[f"graph:bulletin/{month}"] == in_file.total()
    assert set(graphs) == {f"graph:bulletin/{month}", "graph:derived"}
    derived = {prop for graph, prop, _ in found if graph == "graph:derived"}
    assert {"dl:mexicanActor", "dl:counterpart", "dl:territory", "dl:inMonth"} <= derived
    assert not {"dl:date", "dl:theme", "skos:prefLabel"} & derived


def test_what_was_concluded_is_given_in_both_languages(store: Store, written: Graph) -> None:
    expected = sorted(
        (kind, iri, *texts(said[f"{SKOS}editorialNote"]))
        for iri, said in list(written.items())
        for kind in iris(said[f"{RDF}type"])
        if kind.startswith(DL) and said[f"{SKOS}editorialNote"]
    )
    found = answer(store, "what-was-concluded-and-from-what", "class thing english spanish")
    assert [row[2:] for row in found] == [row[2:] for row in expected]
    assert Counter(row[0] for row in found)["dl:Action"] >= 42


def test_sources_and_what_rests_on_them(store: Store, written: Graph) -> None:
    counts: dict[str, Counter[str]] = {}
    for kind in ("Action", "Twinning", "Membership", "Instrument"):
        for _, said in of(kind, written):
            for source in iris(said[f"{DL}reportedIn"]):
                counts.setdefault(source, Counter())[kind] += 1
    expected = set()
    for source, count in counts.items():
        types = [walked.name(one, written) for one in walked.has(source, "sourceType", written)]
        numbers = [str(count[kind]) for kind in ("Action", "Twinning", "Membership", "Instrument")]
        expected.add((types[0] if types else None, walked.name(source, written), *numbers))
    columns = "type name actions twinnings memberships instruments"
    found = answer(store, "sources-and-what-rests-on-them", columns)
    assert set(found) == expected
    assert len(found) == len(counts)


def test_records_by_kind_of_source(store: Store, written: Graph) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for kind in ("Action", "Membership", "Twinning"):
        for iri, _ in of(kind, written):
            types = set()
            for publication in walked.has(iri, "reportedIn", written):
                found = walked.has(publication, "sourceType", written)
                types |= {walked.name(one, written) for one in found} or {"Bulletin"}
            expected.update((kind, one) for one in types)
    assert answer(store, "records-by-kind-of-source", "record source records") == [
        (*key, str(count)) for key, count in sorted(expected.items())
    ]
    assert expected["Action", "Bulletin"] == 42


def test_statements_by_graph(store: Store, real_build: Build) -> None:
    found = answer(store, "statements-by-graph", "graph statements")
    assert {
        NAMESPACE + "graph/" + (graph or "").removeprefix("graph:"): int(count or 0)
        for graph, count in found
    } == dict(real_build.counts)


# Quality.


def test_how_precise_the_dates_are(store: Store, facts: Path, written: Graph) -> None:
    length = Counter(len(row["date_signed"]) for row in known.signings(facts))
    doubtful = Counter(
        len(known.date_alone(date))
        for _, said in walked.actions(written)
        for date in values(said[f"{DL}date"])
        if date != known.date_alone(date)
    )
    months = sum(1 for _ in known.actions(facts))
    assert answer(store, "how-precise-the-dates-are", "precision actions inDoubt") == [
        ("Day", str(length[10]), str(doubtful[10])),
        ("Month", str(length[7] + months), str(doubtful[7])),
        ("Year", str(length[4]), str(doubtful[4])),
    ]


def test_how_sure_the_actions_of_each_state_are(store: Store, written: Graph) -> None:
    total: Counter[str] = Counter()
    sure: Counter[str] = Counter()
    for action, _ in walked.actions(written):
        for state in walked.states_of(action, written):
            code = walked.value(state, "isoCode", written) or ""
            total[code] += 1
            sure[code] += walked.concepts(action, "confidence", written) == ["confirmed"]
    expected = [
        # Half of a per cent is rounded up.
        (code, str(n), str(sure[code]), str((200 * sure[code] + n) // (2 * n)))
        for code, n in sorted(total.items())
    ]
    assert answer(store, "confidence-by-state", "code actions confirmed percent") == expected
    assert len(expected) == 26
    assert {"0", "100"} < {row[3] for row in expected}


def test_open_questions_and_what_they_are_about(store: Store, written: Graph) -> None:
    expected = Counter(
        (walked.name(kind, written), walked.name(iri, written), walked.slug(about))
        for iri, _ in of("OpenQuestion", written)
        for kind in walked.has(iri, "questionType", written)
        for about in walked.has(iri, "about", written)
    )
    found = answer(store, "open-questions", "type text about")
    assert Counter((kind, text, re.sub(".*:", "", about or "")) for kind, text, about in found) == (
        expected
    )
    assert len({text for _, text, _ in found}) == len(of("OpenQuestion", written))


def test_everything_has_a_source_until_something_has_none(
    store: Store,
) -> None:
    assert asks(store, "is-every-record-sourced") is True
    graph = NamedNode(f"{NAMESPACE}graph/test")
    of_class = NamedNode(f"{RDF}type")
    for kind in ("Action", "Membership", "Twinning"):
        new = Quad(NamedNode(thing("x/new")), of_class, NamedNode(f"{DL}{kind}"), graph)
        told = Quad(new.subject, NamedNode(f"{DL}reportedIn"), NamedNode(thing("source/x")), graph)
        assert asks(EmbeddedStore([new, told]), "is-every-record-sourced") is True
        assert asks(EmbeddedStore([new]), "is-every-record-sourced") is False


# Words.


@pytest.mark.parametrize("scheme", ["theme", "action-type", "confidence"])
def test_a_vocabulary_in_both_languages(scheme: str, store: Store, written: Graph) -> None:
    iri = f"{NAMESPACE}vocab/{scheme}"
    expected = [
        (
            *values(said[f"{SKOS}notation"]),
            *texts(said[f"{SKOS}prefLabel"]),
            *texts(said[f"{SKOS}definition"]),
            walked.slug((iris(said[f"{SKOS}broader"]) or [""])[0]),
        )
        for _, said in sorted(written.items())
        if iri in iris(said[f"{SKOS}inScheme"])
    ]
    columns = "notation english spanish definitionInEnglish definitionInSpanish broader"
    found = answer(store, "concepts-of-a-vocabulary", columns, scheme=NamedNode(iri))
    assert [(*row[:5], (row[5] or "").partition(":")[2]) for row in found] == expected
    assert len(found) == len(set(found)) >= 5


def test_concepts_and_what_they_match(store: Store, written: Graph) -> None:
    expected = {
        (walked.name(iri, written), f"skos:{match}", target)
        for iri, said in list(written.items())
        if iri.startswith(f"{NAMESPACE}vocab/")
        for match in MATCHES
        for target in iris(said[f"{SKOS}{match}"])
    }
    found = answer(store, "concepts-and-what-they-match", "name match target")
    assert {
        (name, match, (target or "").replace("wd:", WIKIDATA)) for name, match, target in found
    } == expected
    assert len(found) == len(expected) > 30


def test_the_terms_of_the_ontology(store: Store, written: Graph) -> None:
    expected = [
        (
            iri.replace(DL, "dl:"),
            *texts(said["http://www.w3.org/2000/01/rdf-schema#label"]),
            texts(said[f"{SKOS}definition"])[1],
        )
        for iri, said in sorted(written.items())
        if iri.startswith(DL) and said[f"{SKOS}definition"]
    ]
    columns = "term english spanish definition"
    assert answer(store, "terms-of-the-ontology", columns, language="es") == expected
