"""The endpoint's description of itself as an answer, and its limits as headers of every answer.

No routes: `sparql` answers with it where no query is asked, `service` at an address of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from fastapi.responses import Response

from diplolocal import description
from diplolocal.description import Counts, Crowd, Service
from diplolocal.formats import GRAPH, HTML, QUADS, Format
from diplolocal.store import Store
from diplolocal.store_errors import StoreError
from diplolocal.web.parts import Parts
from diplolocal.web.responses import (
    FRESH,
    Visit,
    described_headers,
    document,
    not_modified,
    unchanged,
)

PATH = "/service"
"""Where the description is as a page, and with a suffix in each format of a graph."""

OFFERED = (HTML, *GRAPH, *QUADS)
"""The formats of the description."""

DUMP = "/dumps/diplolocal.nq.gz"
"""Where everything is at once."""

_ENDPOINT = "/sparql"
_COUNTED_SECONDS = 300
"""How long the counts of an endpoint are believed: counting takes it long."""

_PATIENCE_SECONDS = 2
_counting = Lock()
_counted: WeakKeyDictionary[Store, tuple[float, Counts | None]] = WeakKeyDictionary()
"""When a store was counted, and what was found."""


def described(visit: Visit, fmt: Format) -> Response:
    """The service description (SPARQL 1.1 Service Description §2) in a format of `GRAPH` or
    `QUADS`: what GET /sparql without a query answers to whoever does not prefer the query page.

    The whole answer (304 where the client holds it) but for `limit_headers`, which every answer of
    /sparql has.
    """
    service = service_of(visit)
    triples = description.triples(service)
    response = document(visit, fmt, triples, service.endpoint, tree=False)
    return tagged(visit, response, PATH, fmt, OFFERED)


def tagged(
    visit: Visit, response: Response, path: str, fmt: Format, offered: Sequence[Format]
) -> Response:
    """The answer with the headers of a document, or without its body for whoever holds it already.

    Its tag comes from its bytes: the version of the build does not tell when a setting was changed.
    """
    tag = hashlib.sha256(bytes(response.body)).hexdigest()[:16]
    response.headers.update(described_headers(visit, path, fmt, offered))
    response.headers["ETag"] = f'"{tag}-{fmt.suffix}"'
    response.headers["Cache-Control"] = FRESH
    return not_modified(response) if unchanged(visit, response.headers) else response


def limit_headers(parts: Parts) -> Mapping[str, str]:
    """The headers by which every answer of /sparql announces its limits and where they are
    explained; the same as long as the site is served.

    `SPARQL-Limits` is a dictionary of structured fields (RFC 9651 §3.2) whose keys name their unit.
    It is not `X-SPARQL-MaxRows`: clients of Virtuoso take that one for "this answer was cut".
    `Link` has the relations of RFC 8631; an answer that has a `Link` of its own joins the two.
    """
    values = description.values(_service(parts, home=""))
    # RFC 9651 §3.3: an integer, or a decimal with at most three digits after the point.
    found = (f"{key}={value:.3f}".rstrip("0").rstrip(".") for key, value in values.items())
    link = (
        f'<{parts.base}{PATH}.ttl>; rel="service-desc"; type="text/turtle",'
        f' <{parts.base}{PATH}>; rel="service-doc"; type="{HTML.media_type}"'
    )
    return {"SPARQL-Limits": ", ".join(found), "Link": link}


def service_of(visit: Visit, *, counting: bool = True) -> Service:
    """The service that is visited, as its description needs it."""
    return _service(visit.parts, home=visit.home, counts=_counts(visit.parts) if counting else None)


def _service(parts: Parts, *, home: str, counts: Counts | None = None) -> Service:
    return Service(
        endpoint=home + _ENDPOINT,
        limits=parts.limits,
        query_bytes=parts.query_bytes,
        address_bytes=parts.address_bytes,
        crowd=Crowd(
            queries=parts.workers,
            waiting=parts.waiting,
            client_seconds=parts.allowance.seconds,
            client_queries=parts.allowance.parallel,
        ),
        services=parts.services,
        version=parts.version,
        counts=counts,
        dump=home + DUMP if parts.dump else None,
    )


def _counts(parts: Parts) -> Counts | None:
    """Counted once of a build, and now and then of an endpoint, which may change; None where it
    does not say: the rest of the description is true all the same.
    """
    # Whoever asks while somebody counts for long is answered with what is known.
    if _counting.acquire(timeout=_PATIENCE_SECONDS):
        try:
            begun, known = monotonic(), _counted.get(parts.store)
            if not known or (parts.version is None and begun - known[0] > _COUNTED_SECONDS):
                _counted[parts.store] = begun, _asked(parts)
        finally:
            _counting.release()
    return _counted.get(parts.store, (0, None))[1]


def _asked(parts: Parts) -> Counts | None:
    try:
        return description.counted(parts.store, parts.counts)
    except StoreError:
        return None
