"""pySHACL, the reference engine: slower, and right where another one differs."""

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from diplolocal.findings import Finding, Severity
from diplolocal.store import Term
from diplolocal.wording import said

_SH = "http://www.w3.org/ns/shacl#"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def findings(shapes: Iterable[Quad], data: Iterable[Quad]) -> Iterator[Finding]:
    """What pySHACL finds (SHACL §3), with its own words for messages."""
    # An ill-typed literal is a finding, and no line of a log.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    _conforms, results, _text = pyshacl.validate(
        _graph(data), shacl_graph=_graph(shapes), inference="none", inplace=True
    )
    assert isinstance(results, rdflib.Graph)
    sh = rdflib.Namespace(_SH)
    # Only what the report lists: sh:detail holds results as well, of shapes that a shape uses.
    for result in results.objects(None, sh.result):
        path, value = results.value(result, sh.resultPath), results.value(result, sh.value)
        text = " ".join(map(str, results.objects(result, sh.resultMessage)))
        yield Finding(
            severity=Severity(str(results.value(result, sh.resultSeverity)).removeprefix(_SH)),
            rule=str(results.value(result, sh.sourceShape)),
            node=str(results.value(result, sh.focusNode)),
            labels={},
            messages=said({"": text}),
            path=None if path is None else str(path),
            value=None if value is None else _from_rdflib(value),
        )


def _graph(quads: Iterable[Quad]) -> rdflib.Graph:
    """The statements as one graph in pySHACL's language."""
    graph = rdflib.Graph()
    for quad in quads:
        graph.add((_in_rdflib(quad.subject), _in_rdflib(quad.predicate), _in_rdflib(quad.object)))
    return graph


@lru_cache(maxsize=100_000)
def _in_rdflib(term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language or term.datatype.value == _XSD_STRING:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def _from_rdflib(term: rdflib.term.Node) -> str:
    """The term as N-Triples writes it: on one line."""
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None else NamedNode(str(term.datatype))
        return str(Literal(str(term), language=term.language, datatype=datatype))
    return term.n3()
