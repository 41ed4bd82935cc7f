"""Triples → JSON-LD with our context."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from diplolocal import formats
from diplolocal.errors import NotAcceptable
from diplolocal.store import Term

MOST = 10_000
"""How many triples are shortened by the context: so many take a second, eight times as many 18."""
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_RDF_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def framed(triples: Iterable[Triple], iri: str, *, context: bytes, address: str) -> bytes:
    """The triples as a tree that begins at `iri` (JSON-LD 1.1 Framing §2.2); `address` is where the
    context is published.

    Everything that is said must be reachable from `iri`: framing leaves the rest out. Raises
    NotAcceptable for a triple term of RDF 1.2, for which JSON-LD 1.1 has no form.
    """
    document = jsonld.from_rdf(_dataset(triples), {"useNativeTypes": False})
    frame = {"@context": _context(context), "@id": iri, "@embed": "@always"}
    tree = jsonld.frame(document, frame, {"omitGraph": True})
    return _written(tree, address)


def compacted(triples: Iterable[Triple], *, context: bytes, address: str) -> bytes:
    """The triples as a flat list of nodes (JSON-LD 1.1 §5.6); more than 10,000 of them with full
    IRIs and no context, as the engine writes them.
    """
    said = sorted(set(triples), key=str)
    if len(said) > MOST:
        return serialize(said, format=RdfFormat.JSON_LD) or b""
    document = jsonld.from_rdf(_dataset(said), {"useNativeTypes": False})
    return _written(jsonld.compact(document, _context(context), {"graph": True}), address)


def _written(tree: dict[str, Any], address: str) -> bytes:
    return json.dumps({**tree, "@context": address}, ensure_ascii=False, indent=2).encode() + b"\n"


@cache
def _context(context: bytes) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(context)["@context"]
    return parsed


def _dataset(triples: Iterable[Triple]) -> dict[str, list[dict[str, dict[str, str]]]]:
    """PyLD's own form of an RDF dataset: far quicker than N-Quads as text."""
    return {
        "@default": [
            {
                "subject": _node(triple.subject),
                "predicate": _node(triple.predicate),
                "object": _node(triple.object),
            }
            for triple in sorted(set(triples), key=str)  # the same bytes each time
        ]
    }


def _node(term: Term) -> dict[str, str]:
    match term:
        case NamedNode():
            return {"type": "IRI", "value": term.value}
        case BlankNode():
            return {"type": "blank node", "value": f"_:{term.value}"}
        case Literal() if term.language:
            return {
                "type": "literal",
                "value": term.value,
                "datatype": _RDF_LANGUAGE_STRING,
                "language": term.language,
            }
        case Literal():
            return {
                "type": "literal",
                "value": term.value,
                "datatype": term.datatype.value or _XSD_STRING,
            }
    raise NotAcceptable([fmt.media_type for fmt in formats.GRAPH if fmt is not formats.JSONLD])
