"""How good the data are: the small graph is counted by hand, the real one again."""

from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from diplolocal import iris, measures, resources
from diplolocal.embedded import EmbeddedStore
from diplolocal.measures import Measure
from diplolocal.store import Term, plain, select
from diplolocal.wording import LANGUAGES

DQV = "http://www.w3.org/ns/dqv#"
DL = "PREFIX dl: <https://w3id.org/diplolocal/def#> "
QUALITY = iris.QUALITY + "#"


def test_the_small_graph_is_measured_as_counted_by_hand(small: EmbeddedStore) -> None:
    found = {
        measure.metric.removeprefix(QUALITY): (measure.part, measure.whole)
        for measure in measures.measured(small)
        if measure.cls is None
    }
    # Bulletins of January, March and April: February is missing.
    assert found["months-with-a-bulletin"] == (3, 4)
    actions = {plain(row["n"]) for row in select(small, DL + COUNT)}
    assert {str(whole) for name, (_, whole) in found.items() if name.startswith("actions")} == (
        actions
    )


COUNT = "SELECT (COUNT(DISTINCT ?action) AS ?n) WHERE { ?action a dl:Action }"


def test_the_shares_of_the_actions_are_those_of_the_graph(store: EmbeddedStore) -> None:
    rows = select(store, DL + "SELECT ?action ?p ?o WHERE { ?action a dl:Action ; ?p ?o }")
    said: dict[str, list[tuple[str, Term]]] = {}
    for row in rows:
        said.setdefault(plain(row["action"]), []).append((plain(row["p"]), row["o"]))

    def having(name: str) -> int:
        return sum(any(p == f"{iris.ONTOLOGY}#{name}" for p, _ in some) for some in said.values())

    def dated(*lengths: int) -> int:
        dates = [plain(o) for some in said.values() for p, o in some if p.endswith("def#date")]
        return sum(len(date.rstrip("?~%")) in lengths for date in dates)

    reports = sum(p.endswith("#reportedIn") for some in said.values() for p, _ in some)
    expected = {
        "actions-dated-to-the-day": dated(len("2021-01-01")),
        "actions-dated-to-the-month": dated(len("2021-01-01"), len("2021-01")),
        "actions-with-a-counterpart": having("counterpart"),
        "actions-with-a-country": having("counterpartCountry"),
        "actions-with-a-mexican-actor": having("mexicanActor"),
        "actions-with-a-place": having("takesPlaceIn"),
        "actions-with-a-source": having("reportedIn"),
        "sources-per-action": reports,
    }
    found = {
        measure.metric.removeprefix(QUALITY): (measure.part, measure.whole)
        for measure in measures.measured(store)
        if measure.cls is None and "months" not in measure.metric
    }
    assert found == {name: (part, len(said)) for name, part in expected.items()}


def test_a_class_is_measured_by_its_things_with_an_item(store: EmbeddedStore) -> None:
    found = {each.cls: each for each in measures.measured(store) if each.cls}
    countries = found[iris.ONTOLOGY + "#Country"]
    assert (countries.part, countries.whole, countries.value) == (249, 249, Decimal("1.0000"))


def test_what_there_is_nothing_of_is_not_measured() -> None:
    assert measures.measured(EmbeddedStore([])) == ()


def test_a_measurement_says_of_what_it_is_and_what_it_came_to() -> None:
    metric = QUALITY + "linked-to-wikidata"
    measure = Measure(metric, 1, 3, iris.ONTOLOGY + "#Firm")
    said = measures.triples((measure,), {"dl": iris.ONTOLOGY + "#"})
    node = NamedNode(QUALITY + "measured:linked-to-wikidata&class:dl:Firm")
    found = {triple.predicate.value: triple.object for triple in said if triple.subject == node}
    partition = NamedNode(iris.DATASET + "#class:dl:Firm")
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert found[DQV + "computedOn"] == partition
    assert found[DQV + "isMeasurementOf"] == NamedNode(metric)
    assert found[DQV + "value"] == Literal("0.3333", datatype=decimal)
    back = [each.object for each in said if each.subject == partition]
    assert back == [node]


def test_every_metric_is_measured_and_explained_in_both_languages(store: EmbeddedStore) -> None:
    said = measures.triples(measures.measured(store), resources.prefixes(store))
    metrics = {each.subject for each in said if each.object == NamedNode(DQV + "Metric")}
    used = {each.object for each in said if each.predicate.value == DQV + "isMeasurementOf"}
    assert metrics == used
    for metric in metrics:
        for name in ("prefLabel", "definition"):
            texts = [
                triple.object
                for triple in said
                if triple.subject == metric and triple.predicate.value.endswith(f"#{name}")
            ]
            languages = {text.language for text in texts if isinstance(text, Literal)}
            assert languages == set(LANGUAGES), (metric, name)
    assert {NamedNode(iri) for iri in measures.names()} >= metrics
