"""The table of serialisations: suffix, media type, label."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer: `suffix` of an address, registered `media_type`, `label` for
    people.
    """

    suffix: str
    media_type: str
    label: str


HTML = Format("html", "text/html", "HTML")
JSONLD = Format("jsonld", "application/ld+json", "JSON-LD")
TURTLE = Format("ttl", "text/turtle", "Turtle")
NTRIPLES = Format("nt", "application/n-triples", "N-Triples")
RDFXML = Format("rdf", "application/rdf+xml", "RDF/XML")
TRIG = Format("trig", "application/trig", "TriG")
NQUADS = Format("nq", "application/n-quads", "N-Quads")
JSON = Format("json", "application/sparql-results+json", "JSON")
XML = Format("xml", "application/sparql-results+xml", "XML")
CSV = Format("csv", "text/csv", "CSV")
TSV = Format("tsv", "text/tab-separated-values", "TSV")

PLAIN_JSON = Format("json", "application/json", "JSON")
PROBLEM = Format("json", "application/problem+json", "JSON")
JSON_SCHEMA = Format("json", "application/schema+json", "JSON Schema")

PARQUET = Format("parquet", "application/vnd.apache.parquet", "Parquet")
CSV_METADATA = Format("json", "application/csvm+json", "CSV on the Web")
DATA_PACKAGE = Format("json", "application/vnd.datapackage+json", "Frictionless Data Package")

GRAPH = (TURTLE, JSONLD, NTRIPLES, RDFXML)
"""How a graph is written; the first is the default."""

QUADS = (TRIG, NQUADS)
"""How graphs are written together with their names."""

RESULTS = (JSON, XML, CSV, TSV)
"""How a table of results is written (SPARQL 1.1 Query Results JSON, XML, CSV and TSV); the first is
the default.
"""

RESULTS_ALIASES = (
    PLAIN_JSON,
    Format("xml", "application/xml", "XML"),
    Format("xml", "text/xml", "XML"),
)
"""Names by which clients ask for a table of results though they are not its registered ones."""

PAGE = (HTML, *GRAPH)
"""How a document about a thing is written; the first is the default."""


NAMES = {
    "json-ld": JSONLD,
    "n-quads": NQUADS,
    "n-triples": NTRIPLES,
    "n3": TURTLE,
    "nquads": NQUADS,
    "ntriples": NTRIPLES,
    "rdf+xml": RDFXML,
    "turtle": TURTLE,
    "xml": RDFXML,
}
"""Names for formats of graphs, beside suffix and media type, that SPARQLWrapper and others send."""


def named(offered: Sequence[Format], names: Sequence[str]) -> Format | None:
    """The offered format that the first known one of the names means: suffix, media type, other.

    In an address a plus that is not encoded is a space: `application/rdf xml` is RDF/XML.
    """
    for name in (name.lower().replace(" ", "+") for name in names):
        found = by_suffix(offered, name) or by_media_type(offered, name) or NAMES.get(name)
        if found in offered:
            return found
    return None


def by_suffix(offered: Sequence[Format], suffix: str) -> Format | None:
    """The offered format with this suffix, if there is one."""
    return next((fmt for fmt in offered if fmt.suffix == suffix), None)


def by_media_type(offered: Sequence[Format], media_type: str) -> Format | None:
    """The offered format with this media type, if there is one."""
    return next((fmt for fmt in offered if fmt.media_type == media_type), None)
