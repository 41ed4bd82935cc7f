"""The context of schema.org as far as we use it, so that nothing is fetched.

From `schemaorgcontext.jsonld` of schema.org 27.01: of the properties that our documents have, these
are addresses or dates there, all others plain. There the namespace is `http:`; the house and
schema.org's own pages write `https:`.
"""

import json
from typing import Any

from pyld import jsonld
from pyoxigraph import RdfFormat, Triple, parse

_ADDRESSES = (
    "contentUrl",
    "inDefinedTermSet",
    "isBasedOn",
    "isPartOf",
    "license",
    "mainEntityOfPage",
    "sameAs",
    "target",
    "url",
)
_DATES = ("dateModified", "datePublished", "endDate", "sdDatePublished", "startDate")
_CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@id": f"https://schema.org/{name}", "@type": "@id"} for name in _ADDRESSES},
    **{name: {"@id": f"https://schema.org/{name}", "@type": "Date"} for name in _DATES},
}


def expanded(document: str | bytes) -> set[Triple]:
    """The graph that PyLD reads in a document that names the context of schema.org."""
    parsed: dict[str, Any] = json.loads(document)
    assert parsed["@context"] == "https://schema.org/"
    nquads = jsonld.to_rdf({**parsed, "@context": _CONTEXT}, {"format": "application/n-quads"})
    return {quad.triple for quad in parse(nquads, format=RdfFormat.N_QUADS)}
