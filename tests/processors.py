"""Processors of JSON-LD by others: what each makes of our documents, with nothing fetched."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import rdflib
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse, serialize
from tests.clients.programs import JSONLD, answer_of, fetched, node

_SCRIPT = Path(__file__).parent / "clients" / "jsonld.cjs"


def with_context(document: bytes, context: bytes) -> Any:
    """The document as if its context had been fetched from the address it names; a flat list of
    nodes with full IRIs names none.
    """
    parsed: Any = json.loads(document)
    if isinstance(parsed, list):
        return parsed
    ours = json.loads(context)["@context"]
    named = parsed["@context"]
    if isinstance(named, str):
        assert named.endswith("/context/v1.jsonld")
        return {**parsed, "@context": ours}
    assert named[0].endswith("/context/v1.jsonld")
    return {**parsed, "@context": [ours, *named[1:]]}


def by_pyld(document: bytes, context: bytes) -> set[Triple]:
    """The graph that PyLD reads."""
    nquads = jsonld.to_rdf(with_context(document, context), {"format": "application/n-quads"})
    return _triples(nquads)


def by_rdflib(document: bytes, context: bytes) -> set[Triple]:
    """The graph that rdflib reads."""
    text = json.dumps(with_context(document, context))
    graph = rdflib.Graph().parse(data=text, format="application/ld+json")
    return _triples(graph.serialize(format="nt"))


def as_rdflib(triples: Iterable[Triple]) -> set[Triple]:
    """The graph as rdflib has it, which writes numbers in its own way."""
    text = serialize(triples, format=RdfFormat.N_TRIPLES)
    return _triples(rdflib.Graph().parse(data=text or b"", format="nt").serialize(format="nt"))


def by_npm(documents: Sequence[bytes], context: bytes) -> list[set[Triple]]:
    """The graphs that npm's jsonld reads, in one process."""
    given = {"context": json.loads(context), "documents": [json.loads(each) for each in documents]}
    printed = answer_of(node(), _SCRIPT, fetched(JSONLD), given=json.dumps(given).encode())
    return [_triples(nquads) for nquads in json.loads(printed)]


def canonical(triples: set[Triple]) -> set[Quad]:
    """The graph with labels for its blank nodes that any such graph has (RDFC-1.0)."""
    dataset = Dataset(Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _triples(nquads: str) -> set[Triple]:
    return {quad.triple for quad in parse(nquads, format=RdfFormat.N_QUADS)}
