"""A thing as it was when a release was issued, and when a release last changed it.

What a page says of a thing is more than the thing: those that took part in it, the names of what it
points at, and what mentions it. So an old version is a small store of all these as they were then,
asked by the same queries as the data of today.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.history import Release, Version, releases, versions, versions_of
from diplolocal.resources import PARTS
from diplolocal.store import Store, bind, construct, load_query, plain, select

_TERMS = (iris.ONTOLOGY, iris.graph("ontology", "borrowed"))
"""The topics that say what classes and properties are called."""

_GOVERNS = iris.ONTOLOGY + "#governs"
_NETWORK = iris.ONTOLOGY + "#network"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class State:
    """A topic as it was when a release was issued: the version that held then, and all versions of
    it, the oldest first.
    """

    release: Release
    version: Version
    versions: tuple[Version, ...]

    @property
    def topic(self) -> str:
        """What it is a state of."""
        return self.version.topic

    @property
    def before(self) -> Version | None:
        """The version before the one that held."""
        place = self.versions.index(self.version)
        return self.versions[place - 1] if place else None

    @property
    def after(self) -> Version | None:
        """The version after the one that held."""
        return next(iter(self.versions[self.versions.index(self.version) + 1 :]), None)


def release_of(history: Store, number: str) -> Release | None:
    """The release of this version number, if there is one."""
    return next((each for each in releases(history) if each.version == number), None)


def state(known: tuple[Version, ...], release: Release) -> State | None:
    """A topic, all versions of which are given, when a release was issued; None where it had not
    come yet.
    """
    there = [each for each in known if each.release.issued <= release.issued]
    return State(release, there[-1], known) if there else None


def last_change(history: Store, thing: str, *, terms: bool) -> str | None:
    """When (xsd:dateTime) a release last changed what a document says of a thing: the thing, what
    it points at, or what mentions it; with `terms` also the names of classes and properties.

    None where no release has the thing. A release that took back a mention counts as well.
    """
    if not versions(history, thing):
        return None
    node = NamedNode(thing)
    topics = [node, *(NamedNode(topic) for topic in _TERMS if terms)]
    [row] = select(history, bind(load_query("last-change"), topic=topics, thing=node))
    return plain(row["issued"])


def as_of(history: Store, held: State, store: Store, *, whole: bool) -> EmbeddedStore:
    """A store with a topic as it was, what belongs to it, and what it points at; `whole`: what
    mentioned it as well, as a page shows it.

    The records do not tell what was derived: that is what the rules derive in the `store` of today.
    What classes and properties are called is taken from there, too.
    """
    said = _said(history, [held.version])
    parts = _objects(said, PARTS)
    near = _objects(said)
    if whole:
        near |= _mentioning(history, {held.topic, *_objects(said, (_GOVERNS,))})
    said |= _said(history, _held_of(history, near - {held.topic}, held.release))
    # What those who took part point at: who they are and in which role; and networks of members.
    far = _objects(triple for triple in said if plain(triple.subject) in parts)
    far |= _objects(said, (_NETWORK,))
    far -= near | {held.topic}
    said |= _said(history, _held_of(history, far, held.release))
    return EmbeddedStore(_in_graphs(said, {held.topic, *parts}, store))


def _held_of(history: Store, topics: Collection[str], release: Release) -> list[Version]:
    """The version of each topic that was there when a release was issued."""
    found: dict[str, Version] = {}
    for version in versions_of(history, sorted(filter(iris.is_ours, topics))):
        if version.release.issued <= release.issued:
            found[version.topic] = version
    return list(found.values())


def _said(history: Store, held: Iterable[Version]) -> set[Triple]:
    """What was said in these versions."""
    members = [NamedNode(version.member) for version in held]
    return set(construct(history, bind(load_query("said-in"), member=members)))


def _mentioning(history: Store, things: Iterable[str]) -> set[str]:
    """The topics that have ever mentioned the things; those that no longer do say nothing of it."""
    nodes = [NamedNode(thing) for thing in sorted(things)]
    rows = select(history, bind(load_query("mentioned-by"), thing=nodes))
    # The ontology has things as examples, which no page shows, and is long.
    return {plain(row["topic"]) for row in rows} - {iris.ONTOLOGY}


def _objects(triples: Iterable[Triple], properties: Collection[str] | None = None) -> set[str]:
    """What the statements point at, by these properties or by any."""
    return {
        triple.object.value
        for triple in triples
        if isinstance(triple.object, NamedNode)
        and (properties is None or triple.predicate.value in properties)
    }


def _in_graphs(said: Collection[Triple], shown: Iterable[str], store: Store) -> Iterator[Quad]:
    """The statements, with what classes and properties are called: apart, what is derived."""
    written, derived = NamedNode(iris.graph("versions")), NamedNode(iris.DERIVED)
    resources = [NamedNode(iri) for iri in sorted(shown)]
    by_rule = set(construct(store, bind(load_query("derived-about"), resource=resources)))
    terms = {triple.predicate.value for triple in said} | _objects(said, (_TYPE,))
    nodes = [NamedNode(term) for term in sorted(terms)]
    for triple in construct(store, bind(load_query("term-names"), term=nodes)):
        yield _quad(triple, written)
    for triple in said:
        yield _quad(triple, derived if triple in by_rule else written)


def _quad(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
