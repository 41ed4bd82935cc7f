"""Whether the network is that of the graph, and other programs read it as it is."""

import csv
import io
from collections import defaultdict

import networkx
import pytest

from diplolocal import network
from diplolocal.embedded import EmbeddedStore
from diplolocal.network import Network
from diplolocal.store import plain, select
from diplolocal.wording import Language

PREFIX = "PREFIX dl: <https://w3id.org/diplolocal/def#> "
PAIRS = "SELECT * { ?action a dl:Action ; dl:mexicanActor ?one ; dl:counterpart ?other }"
GUANAJUATO, HIROSHIMA = (
    f"https://w3id.org/diplolocal/id/government/{key}"
    for key in ("mx-gua", "jp-hiroshima-prefecture")
)


@pytest.fixture(scope="module")
def whole(store: EmbeddedStore) -> Network:
    return network.read(store)


def test_each_tie_has_the_actions_of_the_graph(whole: Network, store: EmbeddedStore) -> None:
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(store, PREFIX + PAIRS):
        expected[plain(row["one"]), plain(row["other"])].add(plain(row["action"]))
    found = {(tie.mexican, tie.counterpart): set(tie.actions) for tie in whole.ties}
    assert found == expected
    assert whole.actors.keys() == {iri for pair in expected for iri in pair}


def test_the_strongest_tie_is_first(whole: Network) -> None:
    first = whole.ties[0]
    assert (first.mexican, first.counterpart, first.weight) == (GUANAJUATO, HIROSHIMA, 4)
    weights = [tie.weight for tie in whole.ties]
    assert weights == sorted(weights, reverse=True)


def test_an_actor_has_its_class_and_its_place(whole: Network) -> None:
    guanajuato, hiroshima = (whole.actors[iri] for iri in (GUANAJUATO, HIROSHIMA))
    assert guanajuato.cls.endswith("#StateGovernment")
    assert guanajuato.place == "https://w3id.org/diplolocal/id/place/mx-gua"
    assert hiroshima.cls.endswith("#ForeignSubnationalGovernment")
    assert hiroshima.place == "https://w3id.org/diplolocal/id/place/jp"


def test_a_part_has_only_what_some_actions_tie(whole: Network) -> None:
    action = whole.ties[-1].actions[0]
    part = network.within(whole, {action})
    assert part.ties
    assert {each for tie in part.ties for each in tie.actions} == {action}
    assert part.actors.keys() == {
        iri for tie in part.ties for iri in (tie.mexican, tie.counterpart)
    }
    assert not network.within(whole, set()).ties


@pytest.mark.parametrize("language", Language)
def test_networkx_reads_graphml_as_it_is(whole: Network, language: Language) -> None:
    same(networkx.parse_graphml(network.graphml(whole, language)), whole, language)


@pytest.mark.parametrize("language", Language)
def test_networkx_reads_gexf_as_it_is(whole: Network, language: Language) -> None:
    file = io.BytesIO(network.gexf(whole, language).encode())
    same(networkx.read_gexf(file), whole, language)


def test_the_tables_have_every_node_and_every_edge(whole: Network) -> None:
    nodes = rows(network.nodes_table(whole, Language.ES))
    edges = rows(network.edges_table(whole))
    assert {row["Id"] for row in nodes} == whole.actors.keys()
    assert {row["side"] for row in nodes} == {"mexican", "counterpart"}
    assert [(row["Source"], row["Target"], int(row["Weight"])) for row in edges] == [
        (tie.mexican, tie.counterpart, tie.weight) for tie in whole.ties
    ]
    assert [row["actions"].split("|") for row in edges] == [list(tie.actions) for tie in whole.ties]


def test_the_same_network_is_the_same_bytes(whole: Network, store: EmbeddedStore) -> None:
    again = network.read(store)
    for written in (network.graphml, network.gexf, network.nodes_table):
        assert written(whole, Language.ES) == written(again, Language.ES)


def same(read: "networkx.Graph[str]", whole: Network, language: Language) -> None:
    """Whether what was read has the nodes and the edges of the network."""
    assert set(read.nodes) == whole.actors.keys()
    assert {frozenset(edge) for edge in read.edges} == {
        frozenset((tie.mexican, tie.counterpart)) for tie in whole.ties
    }
    for tie in whole.ties:
        edge = read.edges[tie.mexican, tie.counterpart]
        assert edge["weight"] == tie.weight
        assert edge["actions"].split("|") == list(tie.actions)
    for iri, node in read.nodes(data=True):
        assert node["label"] == whole.name(iri, language)
        assert node["actions"] == len(whole.actions(iri))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
