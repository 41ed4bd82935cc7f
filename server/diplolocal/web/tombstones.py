"""What was withdrawn or merged: gone (RFC 9110 §15.5.11) or moved (§15.4.2), with what is left."""

from collections.abc import Mapping, Sequence

from fastapi.responses import RedirectResponse, Response
from pyoxigraph import Literal, NamedNode, Triple

from diplolocal import iris
from diplolocal.formats import HTML, PAGE, PROBLEM
from diplolocal.not_found import Withdrawn
from diplolocal.store import Store, load_query, plain, select
from diplolocal.web import mementos, negotiation
from diplolocal.web.parts import Parts
from diplolocal.web.remembered import Remembered
from diplolocal.web.representations import Asked
from diplolocal.web.responses import FRESH, Visit, document, page
from diplolocal.wording import Said, message, said, say

_NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"
_REASON = "http://www.w3.org/2004/02/skos/core#changeNote"


def _read(store: Store) -> Mapping[str, str | None]:
    return {
        plain(row["thing"]): plain(row["survivor"]) if "survivor" in row else None
        for row in select(store, load_query("tombstones"))
    }


_stones = Remembered(_read)


def of(parts: Parts) -> Mapping[str, str | None]:
    """What was withdrawn, and what is there instead where it was merged."""
    return _stones.of(parts) or {}


def moved(visit: Visit, survivor: str, suffix: str) -> Response:
    """Where the document about a thing is that was merged with another, in the same format."""
    path = visit.base + iris.uri_of(iris.path_of(iris.document_of(survivor))) + suffix
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(path + query, 301, headers={"Cache-Control": FRESH})


def gone(
    visit: Visit, asked: Asked, triples: Sequence[Triple], *, headers: Mapping[str, str]
) -> Response:
    """What is left of a thing that was withdrawn: its tombstone, in the format that is asked for.

    Raises Withdrawn where that is none, or nothing is left.
    """
    iri, fmt = asked.iri, asked.format
    if not asked.suffix:
        fmt = negotiation.choose(visit.accept, (PROBLEM, *PAGE))
    names, reasons = _texts(triples, iri, _NAME), _texts(triples, iri, _REASON)
    if fmt is None or fmt is PROBLEM or not reasons:
        nothing = message("it belonged to something that was changed, and left no tombstone.")
        raise Withdrawn(iri, reasons.get(visit.language) or say(nothing, visit.language))
    if fmt is HTML:
        return page(
            visit,
            "tombstone.html",
            status=410,
            headers=headers,
            iri=iri,
            name=names.get(visit.language, iri),
            reason=reasons[visit.language],
            path=visit.base + asked.path,
            versions=mementos.listed(visit, iri),
        )
    response = document(visit, fmt, triples, iri)
    response.status_code = 410
    response.headers.update(headers)
    return response


def _texts(triples: Sequence[Triple], iri: str, prop: str) -> Said:
    """What a property says of a thing in each language; empty where it says nothing."""
    node, predicate = NamedNode(iri), NamedNode(prop)
    found = {
        triple.object.language or "": triple.object.value
        for triple in triples
        if triple.subject == node
        and triple.predicate == predicate
        and isinstance(triple.object, Literal)
    }
    return said(found) if found else {}
