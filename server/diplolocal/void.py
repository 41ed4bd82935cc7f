"""What the data set says of itself in the words of VoID, with numbers that are those of the graph.

What is always true stands in `void.ttl`. A partition has an IRI of its own, below that of the data
set, so that nobody meets a blank node: `…/dataset#class:dl:Action&property:dl:date`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.store import Row, Store, bind, load_query, plain, select

_VOID = "http://rdfs.org/ns/void#"
_EXT = "http://ldf.fi/void-ext#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_DATASET = NamedNode(iris.DATASET)
_SPACE = NamedNode(_VOID + "uriSpace")
_TARGETS = iris.within(iris.DATASET, "target:")


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in a store: the rows of each of the queries, by its name."""

    rows: Mapping[str, tuple[Row, ...]]

    @property
    def triples(self) -> int:
        """The statements of the union, each once."""
        return self.total("triples")

    @property
    def entities(self) -> int:
        """The things that are described at an IRI of ours."""
        return self.total("entities")

    def total(self, name: str) -> int:
        """One of the totals."""
        [totals] = self.rows["void-totals"]
        return int(plain(totals[name]))


@dataclass(frozen=True, slots=True)
class Serving:
    """What the description depends on besides: the address of the home page, those of the dumps,
    the statements of each named graph, and the prefixes that name the partitions.
    """

    home: str
    dumps: Sequence[str]
    graphs: Mapping[str, int]
    prefixes: Mapping[str, str]


def counted(store: Store) -> Counted:
    """Count a store: some three seconds for 180,000 statements on disk.

    Properties, pairs and datatypes are counted for the classes of ours and those that somebody
    wrote by hand; those that only a rule gives (`schema:Event`) are counted as classes.
    """
    simple = ("void-totals", "void-classes", "void-properties")
    rows = {name: tuple(select(store, load_query(name))) for name in simple}
    own = [NamedNode(plain(row["class"])) for row in rows["void-classes"] if _is_own(row)]
    pairs = bind(load_query("void-class-pairs"), **{"class": own, "other": own})
    rows["void-class-pairs"] = tuple(select(store, pairs))
    for name in ("void-properties-of-classes", "void-datatypes"):
        rows[name] = tuple(select(store, bind(load_query(name), **{"class": own})))
    spaces = [Literal(space) for space in targets().values()]
    rows["void-links"] = tuple(select(store, bind(load_query("void-links"), space=spaces)))
    return Counted(rows)


def targets() -> Mapping[str, str]:
    """What is linked to: the IRI of each data set and what its IRIs begin with."""
    return {
        plain(triple.subject): plain(triple.object)
        for triple in _static("")
        if triple.predicate == _SPACE and plain(triple.subject).startswith(_TARGETS)
    }


def triples(counts: Counted | None, serving: Serving) -> list[Triple]:
    """The description as a graph; without what was not counted."""
    found = list(_static(serving.home))
    for dump in serving.dumps:
        found.append(_triple(_DATASET, "dataDump", NamedNode(dump)))
    for graph, statements in sorted(serving.graphs.items()):
        found += _subset(NamedNode(graph), statements)
    if counts is not None:
        found += _totals(counts)
        found += _partitions(counts, serving.prefixes)
        found += _linksets(counts, serving.prefixes)
    return found


def _subset(graph: NamedNode, statements: int) -> Iterator[Triple]:
    yield _triple(_DATASET, "subset", graph)
    yield Triple(graph, _RDF_TYPE, NamedNode(_VOID + "Dataset"))
    yield _triple(graph, "triples", _number(statements))


def _totals(counts: Counted) -> Iterator[Triple]:
    for name in ("triples", "entities", "distinctSubjects", "distinctObjects"):
        yield _triple(_DATASET, name, _number(counts.total(name)))
    for name in ("classes", "properties"):
        yield _triple(_DATASET, name, _number(counts.total(name)))


def _partitions(counts: Counted, known: Mapping[str, str]) -> Iterator[Triple]:
    """The statements and things by class and property, each partition below the wider one."""

    def name(row: Row, variable: str, kind: str) -> str:
        return f"{kind}:{iris.shorten(plain(row[variable]), known)}"

    for row in counts.rows["void-classes"]:
        yield from _part(row, (), ("class", name(row, "class", "class")), ("entities",))
    for row in counts.rows["void-properties"]:
        numbers = ("triples", "distinctSubjects", "distinctObjects")
        yield from _part(row, (), ("property", name(row, "property", "property")), numbers)
    for query, variable, kind in (
        ("void-properties-of-classes", "property", "property"),
        ("void-class-pairs", "other", "class"),
        ("void-datatypes", "datatype", "datatype"),
    ):
        for row in counts.rows[query]:
            within = [name(row, "class", "class"), name(row, "property", "property")]
            above = within[: 1 if variable == "property" else 2]
            yield from _part(row, above, (kind, name(row, variable, kind)), ("triples",), variable)


def _part(
    row: Row,
    above: Sequence[str],
    named: tuple[str, str],
    numbers: Iterable[str],
    variable: str | None = None,
) -> Iterator[Triple]:
    """A partition by class, property or datatype of the one whose name is `above`."""
    kind, name = named
    namespace = _EXT if kind == "datatype" else _VOID
    whole = NamedNode(iris.within(iris.DATASET, *above)) if above else _DATASET
    part = NamedNode(iris.within(iris.DATASET, *above, name))
    value = NamedNode(plain(row[variable or kind]))
    yield Triple(whole, NamedNode(f"{namespace}{kind}Partition"), part)
    yield Triple(part, _RDF_TYPE, NamedNode(_VOID + "Dataset"))
    yield Triple(part, NamedNode(namespace + kind), value)
    for number in numbers:
        yield _triple(part, number, _number(int(plain(row[number]))))


def _linksets(counts: Counted, known: Mapping[str, str]) -> Iterator[Triple]:
    """The links to each other data set by each property (VoID §5)."""
    named = {space: iri for iri, space in targets().items()}
    for row in counts.rows["void-links"]:
        target, prop = named[plain(row["space"])], plain(row["property"])
        name = f"links:{target.removeprefix(_TARGETS)}:{iris.shorten(prop, known)}"
        links = NamedNode(iris.within(iris.DATASET, name))
        yield _triple(_DATASET, "subset", links)
        yield Triple(links, _RDF_TYPE, NamedNode(_VOID + "Linkset"))
        yield _triple(links, "subjectsTarget", _DATASET)
        yield _triple(links, "objectsTarget", NamedNode(target))
        yield _triple(links, "linkPredicate", NamedNode(prop))
        for number in ("triples", "distinctSubjects", "distinctObjects"):
            yield _triple(links, number, _number(int(plain(row[number]))))


def _is_own(row: Row) -> bool:
    return plain(row["own"]) == "yes"


def _triple(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(_VOID + prop), value)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


@cache
def _static(home: str) -> tuple[Triple, ...]:
    """What is always true, of the site at this address."""
    base = f"{home or iris.NAMESPACE.rstrip('/')}/"
    return tuple(quad.triple for quad in parse(_text(), format=RdfFormat.TURTLE, base_iri=base))


def _text() -> bytes:
    return (files("diplolocal") / "void.ttl").read_bytes()
