"""For whoever runs the site: does it live, can it answer, how is it doing."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import choose_encoder

from diplolocal import __version__
from diplolocal.formats import JSON
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Patience, Query, Wanted
from diplolocal.store_errors import NotReady, StoreError
from diplolocal.web.parts import Parts
from diplolocal.web.records import Record
from diplolocal.web.responses import VisitDep

router = APIRouter(include_in_schema=False)

_READY_SECONDS = 2
"""How long a site that is ready may take to say so."""

_PROBES = ("/healthz", "/readyz", "/metrics")
_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "QUERY", "PUT", "PATCH", "DELETE")
_SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120)


class Figures:
    """What Prometheus is told. Each site has its own, so that many can be in one process."""

    def __init__(self, parts: Parts) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "diplolocal_requests",
            "Requests, by the template of the path.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = _histogram("request", "Seconds from request to answer.", registry, "route")
        self._cached = Counter(
            "diplolocal_cached_answers", "Answers that were kept from before.", registry=registry
        )
        self._queries = Counter(
            "diplolocal_queries", "Queries of strangers.", ["outcome"], registry=registry
        )
        self._waiting = _histogram("query_waiting", "Seconds that a query waited.", registry)
        self._answering = _histogram("query_answering", "Seconds that a query took.", registry)
        asked = Gauge(
            "diplolocal_queries_asked", "Queries being answered or waiting now.", registry=registry
        )
        asked.set_function(lambda: getattr(parts.public, "asked", 0))
        Info("diplolocal", "What is served.", registry=registry).info(
            {"version": __version__, "data": parts.version or ""}
        )

    def count(self, record: Record) -> None:
        """Count a request that is over."""
        route = record.route or ("cached" if record.cached else "none")
        if route in _PROBES:
            return
        method = record.method if record.method in _METHODS else "other"
        self._requests.labels(route, method, record.status).inc()
        self._seconds.labels(route).observe(record.seconds)
        if record.cached:
            self._cached.inc()
        if record.outcome:
            self._queries.labels(record.outcome).inc()
            self._waiting.observe(record.waiting_seconds)
            self._answering.observe(record.answering_seconds)


def _histogram(name: str, what: str, registry: CollectorRegistry, *labels: str) -> Histogram:
    return Histogram(
        f"diplolocal_{name}_seconds", what, labels, buckets=_SECONDS, registry=registry
    )


@router.get("/healthz")
async def health() -> Response:
    """The process lives; nothing is asked for it."""
    return _plain("ok\n")


@router.get("/readyz")
def readiness(visit: VisitDep) -> Response:
    """Strangers' queries are answered: one that needs nothing is, soon enough."""
    wanted, patience = Wanted(JSON.media_type, None), Patience(seconds=_READY_SECONDS)
    try:
        visit.parts.public.answer(Query("ASK {}"), wanted, patience)
    except StoreError as error:
        raise NotReady(error.sentence) from error
    return _plain("ready\n")


@router.get("/metrics")
async def metrics(visit: VisitDep, accept: Annotated[str, Header()] = "") -> Response:
    """The figures, for Prometheus, where the operator wants them to be there."""
    figures = visit.request.app.state.figures
    if not isinstance(figures, Figures):
        raise ResourceNotFound(visit.request.url.path)
    write, media_type = choose_encoder(accept)
    return _plain(write(figures.registry), media_type)


def _plain(body: str | bytes, media_type: str = "text/plain; charset=utf-8") -> Response:
    return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
