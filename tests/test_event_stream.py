"""The event stream: what a client of LDES and TREE needs to follow it."""

from collections.abc import Iterable

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from tests import histories

from diplolocal import chronicle, event_stream, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.event_stream import Addresses
from diplolocal.wording import message

TREE, LDES = "https://w3id.org/tree#", "https://w3id.org/ldes#"
DCTERMS = "http://purl.org/dc/terms/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
AS = "https://www.w3.org/ns/activitystreams#"
ROOT = "http://site.test/changes"
ADDRESSES = Addresses(ROOT, lambda version, number: f"{ROOT}/{version}/{number}")


@pytest.fixture(scope="module")
def history() -> EmbeddedStore:
    return histories.small()


def values(quads: Iterable[Quad], subject: str, prop: str) -> list[str]:
    """What the default graph says, without how it is written."""
    return [
        str(getattr(quad.object, "value", ""))
        for quad in quads
        if quad.graph_name == DefaultGraph()
        and quad.subject == NamedNode(subject)
        and quad.predicate == NamedNode(prop)
    ]


def ways(quads: list[Quad], node: str) -> dict[str, list[tuple[str, str]]]:
    """Where a node leads: by address, the kind of each way and its value."""
    found: dict[str, list[tuple[str, str]]] = {}
    for way in values(quads, node, TREE + "relation"):
        [to] = values(quads, way, TREE + "node")
        [kind] = values(quads, way, TYPE)
        [value] = values(quads, way, TREE + "value")
        assert values(quads, way, TREE + "path") == [DCTERMS + "created"]
        found.setdefault(to, []).append((kind.removeprefix(TREE), value))
    return found


def test_the_root_says_what_the_stream_is_and_leads_to_each_release(history: EmbeddedStore) -> None:
    quads = event_stream.root(chronicle.chapters(history), ADDRESSES, note=None)
    stream = iris.CHANGES
    for prop, value in (
        (TYPE, LDES + "EventStream"),
        (TREE + "view", ROOT),
        (LDES + "timestampPath", DCTERMS + "created"),
        (LDES + "versionOfPath", DCTERMS + "isVersionOf"),
        (LDES + "versionCreateObject", AS + "Create"),
        (LDES + "versionUpdateObject", AS + "Update"),
        (LDES + "versionDeleteObject", AS + "Delete"),
        (LDES + "pollingInterval", "86400"),
        (TREE + "shape", stream + "#member"),
    ):
        assert values(quads, stream, prop) == [value]
    assert values(quads, stream, TREE + "member") == []
    assert values(quads, ROOT, LDES + "retentionPolicy") == []  # everything is kept
    first, second = "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"
    both = "GreaterThanOrEqualToRelation", "LessThanOrEqualToRelation"
    assert ways(quads, ROOT) == {
        f"{ROOT}/1.0.0/1": [(kind, first) for kind in both],
        f"{ROOT}/1.1.0/1": [(kind, second) for kind in both],
    }


def test_a_remark_is_made_in_both_languages(history: EmbeddedStore) -> None:
    quads = event_stream.root((), ADDRESSES, note=message("Not found"))
    said = {quad.object for quad in quads if "comment" in quad.predicate.value}
    assert {Literal("Not found", language="en"), Literal("No se encontró", language="es")} < said


def test_a_page_has_each_member_with_all_that_is_said_of_it(history: EmbeddedStore) -> None:
    _, last = chronicle.chapters(history)
    quads = event_stream.page(history, last, 1, ADDRESSES)
    node = f"{ROOT}/1.1.0/1"
    assert values(quads, node, LDES + "immutable") == ["true"]
    assert ways(quads, node) == {}
    assert values(quads, iris.CHANGES, TREE + "member") == list(last.members(1))
    member = iris.member(iris.thing("bulletin/2021-01"), "1.1.0")
    assert values(quads, member, TYPE) == [AS + "Update"]
    assert values(quads, member, DCTERMS + "isVersionOf") == [iris.thing("bulletin/2021-01")]
    assert values(quads, member, DCTERMS + "isPartOf") == [iris.release("1.1.0")]
    assert values(quads, member, DCTERMS + "created") == ["2026-12-01T00:00:00Z"]
    payload = [quad.triple for quad in quads if quad.graph_name == NamedNode(member)]
    assert {triple.object for triple in payload} >= {Literal("January 2021", language="en")}
    assert {triple.subject for triple in payload} == {NamedNode(iris.thing("bulletin/2021-01"))}
    gone = iris.member(iris.thing("participation/2021-01-01-1"), "1.1.0")
    assert values(quads, gone, TYPE) == [AS + "Delete"]
    assert [quad for quad in quads if quad.graph_name == NamedNode(gone)] == []


def test_all_quads_of_a_member_stand_together_after_the_ways() -> None:
    """TREE Profile §2: a client may read a page as it comes."""
    history = histories.large(a=300)
    [chapter] = chronicle.chapters(history)
    quads = event_stream.page(history, chapter, 1, ADDRESSES)
    begins = [place for place, quad in enumerate(quads) if quad.predicate.value == TREE + "member"]
    assert len(begins) == 250
    assert all(
        quad.subject.value != f"{ROOT}/1.0.0/1"
        for quad in quads[begins[0] :]
        if isinstance(quad.subject, NamedNode)
    )
    for begin, end in zip(begins, [*begins[1:], len(quads)], strict=True):
        member = quads[begin].object
        rest = quads[begin + 1 : end]
        assert all(member in (quad.subject, quad.graph_name) for quad in rest)


def test_from_the_first_page_of_a_release_every_page_is_reached_once() -> None:
    history = histories.large(a=600, b=1)
    chapters = chronicle.chapters(history)
    pages = {
        f"{ROOT}/{chapter.release.version}/{number}": event_stream.page(
            history, chapter, number, ADDRESSES
        )
        for chapter in chapters
        for number in range(1, len(chapter.pages) + 1)
    }
    reached, left = [], [(ROOT, event_stream.root(chapters, ADDRESSES, note=None))]
    for node, quads in left:
        reached.append(node)
        left += [(to, pages[to]) for to in ways(quads, node)]
    assert sorted(reached) == sorted([ROOT, *pages])
    members = [m for quads in pages.values() for m in values(quads, iris.CHANGES, TREE + "member")]
    assert len(members) == len(set(members)) == 601


def test_the_same_page_is_the_same_quads_in_the_same_order(history: EmbeddedStore) -> None:
    first, _ = chronicle.chapters(history)
    again, _ = chronicle.chapters(histories.small())
    one = event_stream.page(history, first, 1, ADDRESSES)
    assert one == event_stream.page(histories.small(), again, 1, ADDRESSES)
