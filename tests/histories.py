"""Histories to test with: two small releases (`history.trig`), and releases of any size."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, parse

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.history import Change

_DCTERMS = "http://purl.org/dc/terms/"
_DATE_TIME = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


def small() -> EmbeddedStore:
    """The two releases of `history.trig`."""
    return EmbeddedStore(parse(path=Path(__file__).parent / "history.trig"))


def large(**releases: int) -> EmbeddedStore:
    """Releases, each a month after the other, that created so many firms: `large(a=300, b=2)`
    makes 1.0.0 and 1.1.0.
    """
    return EmbeddedStore(
        quad
        for minor, (name, count) in enumerate(releases.items())
        for quad in _release(minor, name, count)
    )


def _release(minor: int, name: str, count: int) -> Iterator[Quad]:
    version = f"1.{minor}.0"
    release = NamedNode(iris.release(version))
    issued = Literal(f"2026-{minor + 1:02}-01T00:00:00Z", datatype=_DATE_TIME)
    yield Quad(release, NamedNode(_DCTERMS + "issued"), issued, release)
    for number in range(count):
        topic = NamedNode(iris.thing(f"firm/{name}-{number:05}"))
        member = NamedNode(iris.member(topic.value, version))
        yield Quad(member, _TYPE, NamedNode(Change.CREATED), release)
        yield Quad(member, NamedNode(_DCTERMS + "isPartOf"), release, release)
        yield Quad(member, NamedNode(_DCTERMS + "isVersionOf"), topic, release)
        yield Quad(topic, _TYPE, NamedNode(iris.ONTOLOGY + "#Firm"), member)
        yield Quad(topic, _LABEL, Literal(f"{name} {number}", language="es"), member)
