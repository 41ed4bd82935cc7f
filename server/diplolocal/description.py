"""What the SPARQL endpoint says of itself (SPARQL 1.1 Service Description, 2013).

What is always true stands in `service.ttl`; here is added what depends on where and how the site is
served: its address, the limits in force, the named graphs with their counts, federation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.store import Limits, Store, load_query, plain, select
from diplolocal.wording import LANGUAGES, Message, Said, message, said, say

_SD = "http://www.w3.org/ns/sparql-service-description#"
_SDM = "https://w3id.org/vocab/sdm#"
_SCHEMA = "https://schema.org/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_DCTERMS = "http://purl.org/dc/terms/"
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements there are: in the union of the named graphs and in each of them."""

    union: int
    graphs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many queries are answered at once and how many more may wait; the seconds a minute and
    the queries at once that one client may have. 0: no limit, or none that is known; with no limit
    at once nobody waits.
    """

    queries: int = 0
    waiting: int = 0
    client_seconds: float = 0
    client_queries: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """What a description depends on: the address of the endpoint and of the `dump` (None: there is
    none), what a query and what many may take, the endpoints that SERVICE may ask, the version of
    the data (None: somebody's endpoint answers) and how many there are (None: not known).
    """

    endpoint: str
    limits: Limits
    query_bytes: int
    address_bytes: int
    crowd: Crowd = Crowd()
    services: tuple[str, ...] = ()
    version: str | None = None
    counts: Counts | None = None
    dump: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in force: its key (`answer-rows`), how much, and what it means."""

    key: str
    value: float
    unit: Said
    name: Said
    note: Said


def counted(store: Store, graphs: Mapping[str, int] = {}) -> Counts:
    """The counts of a store; those of its graphs may be known already."""
    [all_there_is] = select(store, load_query("statements-in-all"))
    if not graphs:
        rows = select(store, load_query("statements-by-graph"))
        graphs = {plain(row["graph"]): int(plain(row["statements"])) for row in rows}
    return Counts(int(plain(all_there_is["statements"])), graphs)


def values(service: Service) -> Mapping[str, float]:
    """How much each limit in force allows, by its key."""
    limits, crowd = service.limits, service.crowd
    found = {
        "seconds": limits.seconds,
        "service-seconds": limits.service_seconds if service.services else None,
        "memory-bytes": limits.memory_bytes if service.version else None,
        "answer-rows": limits.answer_rows,
        "answer-bytes": limits.answer_bytes,
        "query-bytes": service.query_bytes,
        "address-bytes": service.address_bytes,
        "queries": crowd.queries or None,
        "queries-waiting": crowd.waiting if crowd.queries else None,
        "client-seconds": crowd.client_seconds or None,
        "client-queries": crowd.client_queries or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def limits_in_force(service: Service) -> tuple[Limit, ...]:
    """The limits of the service with what they are called and what they mean."""
    written = _written(service.endpoint)
    return tuple(
        Limit(
            key,
            value,
            unit=_texts(written, service, key, _SCHEMA + "unitText"),
            name=_texts(written, service, key, _RDFS + "label"),
            note=_texts(written, service, key, _RDFS + "comment"),
        )
        for key, value in values(service).items()
    )


def triples(service: Service) -> list[Triple]:
    """The description as a graph without blank nodes; what is not in force is left out."""
    kept = {_part(service, f"limit-{key}") for key in values(service)}
    always = [
        triple
        for triple in _written(service.endpoint)
        if ("#limit-" not in plain(triple.subject) or triple.subject in kept)
        # What another's engine has besides SPARQL 1.1 is not known.
        and (service.version or triple.predicate.value != _SD + "extensionFunction")
    ]
    return [*always, *_limited(service), *_federated(service), *_dataset(service)]


def functions(service: Service) -> tuple[str, ...]:
    """The functions that queries may use besides those of SPARQL 1.1."""
    return tuple(
        sorted(
            plain(triple.object)
            for triple in triples(service)
            if triple.predicate.value == _SD + "extensionFunction"
        )
    )


def _limited(service: Service) -> Iterator[Triple]:
    """The limits as numbers, in a sentence, and the two that the vocabulary sdm has words for."""
    whole, feature = _part(service, "service"), _part(service, "limits")
    for key, value in values(service).items():
        limit = _part(service, f"limit-{key}")
        yield _triple(whole, _SCHEMA + "additionalProperty", limit)
        yield _triple(limit, _SCHEMA + "maxValue", _number(value))
    yield _triple(feature, _SDM + "queryTimeOut", _number(round(service.limits.seconds * 1000)))
    yield _triple(feature, _SDM + "maxResultPerRequest", _number(service.limits.answer_rows))
    yield from _sentence(
        feature,
        message(
            "A query may take {seconds} seconds; its answer may have {rows} rows and {bytes} bytes."
            " What does not fit is refused, and nothing of it is sent.",
            seconds=f"{service.limits.seconds:g}",
            rows=f"{service.limits.answer_rows:,}",  # as people write it in Mexico as well
            bytes=f"{service.limits.answer_bytes:,}",
        ),
    )


def _federated(service: Service) -> Iterator[Triple]:
    """Which endpoints SERVICE may ask (SPARQL 1.1 Federated Query)."""
    whole, federation = _part(service, "service"), _part(service, "federation")
    yield _triple(whole, _SD + "feature", federation)
    yield _triple(federation, _RDF + "type", NamedNode(_SD + "Feature"))
    yield from _sentence(federation, federation_policy(service.services))
    if service.services:
        yield _triple(whole, _SD + "feature", NamedNode(_SD + "BasicFederatedQuery"))
    for endpoint in service.services:
        yield _triple(federation, _DCTERMS + "references", NamedNode(endpoint))


def federation_policy(services: tuple[str, ...]) -> Message:
    """What is done with SERVICE, in a sentence."""
    if not services:
        return message("SERVICE is refused: this endpoint asks no other.")
    return message(
        "SERVICE may ask {endpoints} and no other endpoint, however it is written.",
        endpoints=", ".join(services),
    )


def _dataset(service: Service) -> Iterator[Triple]:
    """The graphs with their counts (§3.2.6, §3.2.7), the version and where everything is."""
    dataset = _part(service, "dataset")
    if service.version:
        yield _triple(dataset, _DCAT + "version", Literal(service.version))
    if service.dump:
        home = NamedNode(iris.NAMESPACE + "dataset")
        yield _triple(home, _VOID + "dataDump", NamedNode(service.dump))
    if service.counts is None:
        return
    union = _part(service, "union")
    yield _triple(union, _VOID + "triples", _number(service.counts.union))
    for name, statements in sorted(service.counts.graphs.items()):
        named, graph = _part(service, quote(iris.path_of(name).lstrip("/"))), NamedNode(name)
        yield _triple(dataset, _SD + "namedGraph", named)
        yield _triple(named, _RDF + "type", NamedNode(_SD + "NamedGraph"))
        yield _triple(named, _SD + "name", graph)
        yield _triple(named, _SD + "graph", graph)
        yield _triple(graph, _RDF + "type", NamedNode(_SD + "Graph"))
        yield _triple(graph, _VOID + "triples", _number(statements))


def _sentence(node: NamedNode, sentence: Message) -> Iterator[Triple]:
    for language in LANGUAGES:
        text = Literal(say(sentence, language), language=language.value)
        yield _triple(node, _DCTERMS + "description", text)


def _texts(written: tuple[Triple, ...], service: Service, key: str, prop: str) -> Said:
    """What is said of a limit by a property, in each language."""
    limit = _part(service, f"limit-{key}")
    return said(
        {
            str(triple.object.language): triple.object.value
            for triple in written
            if triple.subject == limit
            and triple.predicate.value == prop
            and isinstance(triple.object, Literal)
        }
    )


def _part(service: Service, name: str) -> NamedNode:
    return NamedNode(f"{service.endpoint}#{name}")


def _triple(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(prop), value)


def _number(value: float) -> Literal:
    whole = float(value).is_integer()
    return Literal(
        str(int(value)) if whole else f"{value:.3f}",
        datatype=NamedNode(_XSD + ("integer" if whole else "decimal")),
    )


@lru_cache(maxsize=8)  # of the addresses that a site is asked at, which strangers choose
def _written(endpoint: str) -> tuple[Triple, ...]:
    """What is always true, of the endpoint at this address."""
    return tuple(quad.triple for quad in parse(_text(), format=RdfFormat.TURTLE, base_iri=endpoint))


def _text() -> bytes:
    return (files("diplolocal") / "service.ttl").read_bytes()
