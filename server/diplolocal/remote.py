"""A Store over somebody's SPARQL endpoint.

Engines differ in how they write. Virtuoso's JSON-LD loses languages and datatypes, its TSV writes
no terms, and its answer to a CONSTRUCT may be CSV. So every endpoint is asked for the two formats
that all of them write well, JSON for tables and N-Triples (or Turtle) for graphs, and what was
wanted is written here.
"""

import json
import math
import re
import time
from dataclasses import dataclass, replace
from http.client import HTTPException

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from diplolocal import exchange, federation, formats
from diplolocal.bad_requests import NotAcceptable
from diplolocal.exchange import Bounds, Received
from diplolocal.store import (
    PATIENT,
    Answer,
    Limits,
    Patience,
    Query,
    Wanted,
    bind,
    graph_name,
    load_query,
)
from diplolocal.store_errors import (
    AnswerTooLarge,
    NobodyWaits,
    QuerySyntaxError,
    QueryTimeout,
    StoreUnavailable,
)
from diplolocal.wording import message

_TABLE = formats.JSON.media_type
_GRAPHS = (formats.NTRIPLES.media_type, formats.TURTLE.media_type)
_QUOTED = (401, 404, 414, 500)
"""The statuses of refusals whose text says more than the number."""

_IS_GRAPH = {"SELECT": False, "ASK": False, "CONSTRUCT": True, "DESCRIBE": True}
_BEGINNING = re.compile(
    r"""
    (?>  # nothing is read a second time in another way: a comment stays one
      ( [ \t\r\n]
      | \#[^\x00-\x08\x0a-\x1f\x85\u2028\u2029]*
      | BASE[ \t\r\n]*{iri}
      | PREFIX[ \t\r\n]*[^\s:<]*:[ \t\r\n]*{iri}
      )*
    )
    (?P<form>SELECT|ASK|CONSTRUCT|DESCRIBE)\b
    """.replace("{iri}", r'<[^<>"{}|^`\\\x00-\x20]*>'),
    re.IGNORECASE | re.VERBOSE,
)
"""The prologue of a query (SPARQL 1.1 Query §19.8) and the word that says what it is."""

_LEAST_ROWS = 10_000
"""How many rows an endpoint is asked for at least, to see whether it cuts."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question under way: what may still be used for it, and when it began."""

    query: Query
    wanted: Wanted
    bounds: Bounds
    limit: float | None
    begun: float


class RemoteStore:
    """A SPARQL 1.1 endpoint, asked within limits. Its default graph has to be the union of our
    graphs; `union` sees to that where it is not.
    """

    def __init__(self, endpoint: str, *, seconds: float, limits: Limits | None = None) -> None:
        """`seconds`: how long the endpoint may take for an answer. `limits`: those of strangers'
        queries; its bytes bound what is read from the endpoint as well.
        """
        self._endpoint = endpoint
        self._seconds = seconds
        self._limits = limits
        self._uncut = 0
        """So many rows were once given uncut."""

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """See `Store.answer`. An answer that is not whole is an error: some engines break off after
        a 200, some cut at a number of rows.
        """
        federation.refuse(query)
        asked = self._asked(query, wanted, patience)
        accepted = _accepted(query, wanted)
        received = self._exchanged(asked, accepted)
        media_type = self._kind(received, asked, accepted)
        try:
            if media_type == _TABLE:
                assert wanted.results is not None
                answer = Answer(self._table(received, wanted.results), wanted.results)
            else:
                assert wanted.graph is not None
                answer = Answer(self._graph(received, asked, wanted.graph), wanted.graph)
        except (SyntaxError, ValueError) as error:
            raise self._unavailable(str(error)) from error
        if self._limits and len(answer.body) > self._limits.answer_bytes:
            raise AnswerTooLarge(self._limits.answer_bytes, message("bytes"))
        return answer

    def close(self) -> None:
        """Nothing is held open: each question is a request of its own."""

    def _asked(self, query: Query, wanted: Wanted, patience: Patience) -> _Asked:
        allowed = [self._limits.seconds if self._limits else None, patience.seconds]
        limit = min((seconds for seconds in allowed if seconds is not None), default=None)
        seconds = self._seconds if limit is None else min(limit, self._seconds)
        most = self._limits.answer_bytes if self._limits else None
        bounds = Bounds(seconds, most, patience.gone)
        return _Asked(query, wanted, bounds, limit, time.monotonic())

    def _exchanged(self, asked: _Asked, accepted: tuple[str, ...]) -> Received:
        query = asked.query
        # Virtuoso puts the names of graphs into the text of the query, so they are looked at first.
        form = [
            ("query", query.text),
            *(("default-graph-uri", graph_name(graph).value) for graph in query.default_graphs),
            *(("named-graph-uri", graph_name(graph).value) for graph in query.named_graphs),
        ]
        try:
            accept = ", ".join(_weighed(media_type) for media_type in accepted)
            return exchange.post(self._endpoint, form, asked.bounds, headers={"Accept": accept})
        except exchange.OutOfTime as error:
            elapsed = time.monotonic() - asked.begun
            if asked.limit is not None and elapsed >= asked.limit:
                raise QueryTimeout(asked.limit, elapsed) from error
            raise self._unavailable("timed out") from error
        except exchange.Abandoned as error:
            raise NobodyWaits() from error
        except exchange.TooManyBytes as error:
            raise AnswerTooLarge(asked.bounds.answer_bytes or 0, message("bytes")) from error
        except (HTTPException, OSError, ValueError) as error:
            raise self._unavailable(str(getattr(error, "reason", error))) from error

    def _kind(self, received: Received, asked: _Asked, accepted: tuple[str, ...]) -> str:
        """The media type of an answer that can be read; anything else is an error."""
        if received.status == 400:
            raise _syntax_error(received)
        if received.status == 406:
            raise _not_acceptable(asked.wanted)
        if received.status not in (200, 206):
            quoted = received.status in _QUOTED
            raise self._unavailable(
                exchange.text_of(received) if quoted else f"HTTP {received.status}"
            )
        # Virtuoso's "anytime" queries: what there is when time is up (X-SQL-State S1TAT).
        if received.status == 206 or received.headers.get("X-SQL-State"):
            elapsed = time.monotonic() - asked.begun
            raise QueryTimeout(math.ceil(elapsed), elapsed)
        media_type = _media_type(received)
        if media_type in accepted:
            return media_type
        if media_type in _kinds():
            raise _not_acceptable(asked.wanted)
        raise self._unavailable(f"Content-Type {media_type or '?'}")

    def _table(self, received: Received, media_type: str) -> bytes:
        if most := received.headers.get("X-SPARQL-MaxRows"):  # Virtuoso cut it there
            raise AnswerTooLarge(int(most), message("rows"))
        if self._limits and len(received.body) > self._limits.answer_rows:  # a row has bytes
            rows = parse_query_results(received.body, format=QueryResultsFormat.JSON)
            count = 1 if isinstance(rows, QueryBoolean) else sum(1 for _ in rows)
            if count > self._limits.answer_rows:
                raise AnswerTooLarge(self._limits.answer_rows, message("rows"))
        found = parse_query_results(received.body, format=QueryResultsFormat.JSON)
        return found.serialize(format=QueryResultsFormat.from_media_type(media_type)) or b""

    def _graph(self, received: Received, asked: _Asked, media_type: str) -> bytes:
        if not received.is_framed:  # N-Triples and Turtle have no mark of their end
            raise ValueError("neither Content-Length nor Transfer-Encoding")
        quads = parse(received.body, format=RdfFormat.from_media_type(_media_type(received)))
        triples = dict.fromkeys(quad.triple for quad in quads)
        if self._limits and len(triples) > self._limits.answer_rows:
            raise AnswerTooLarge(self._limits.answer_rows, message("rows"))
        if len(triples) > self._uncut:
            self._check_uncut(len(triples), asked)
        return serialize(triples, format=RdfFormat.from_media_type(media_type)) or b""

    def _check_uncut(self, count: int, asked: _Asked) -> None:
        """Raise AnswerTooLarge where the endpoint cuts graphs of so many triples.

        Virtuoso cuts a graph where it cuts a table (ResultSetMaxRows), and only says so of a table.
        So it is asked for a table of so many rows.
        """
        side = math.isqrt(max(count, _LEAST_ROWS) - 1) + 1
        numbers = [Literal(number) for number in range(side)]
        query = Query(bind(load_query("rows"), one=numbers, other=numbers))
        left = max(asked.begun + asked.bounds.seconds - time.monotonic(), 0.001)
        probe = replace(asked, query=query, bounds=Bounds(left, gone=asked.bounds.gone))
        received = self._exchanged(probe, (formats.CSV.media_type,))
        most = received.headers.get("X-SPARQL-MaxRows")
        if most is None:
            self._uncut = side * side
        elif count >= int(most):
            raise AnswerTooLarge(int(most), message("rows"))

    def _unavailable(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(
            message(
                "The SPARQL endpoint {endpoint} gave no usable answer: {reason}. Check its"
                " address and that it runs.",
                endpoint=self._endpoint,
                reason=reason,
            )
        )


def _accepted(query: Query, wanted: Wanted) -> tuple[str, ...]:
    """What the endpoint is asked to write: the kind that the query asks for, since Virtuoso makes a
    table of a graph where both will do.

    Raises QuerySyntaxError for what is no query: Virtuoso does updates wherever they come in, and
    fetches what its own DEFINE tells it to.
    """
    found = _BEGINNING.match(query.text)
    if found is None:
        raise QuerySyntaxError("expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    is_graph = _IS_GRAPH[found["form"].upper()]
    if (wanted.graph if is_graph else wanted.results) is None:
        raise _not_acceptable(wanted)
    return _GRAPHS if is_graph else (_TABLE,)


def _weighed(media_type: str) -> str:
    """N-Triples rather than Turtle, which some engines write alone."""
    return f"{media_type};q=0.5" if media_type == formats.TURTLE.media_type else media_type


def _kinds() -> frozenset[str]:
    return frozenset(fmt.media_type for fmt in (*formats.RESULTS, *formats.GRAPH))


def _media_type(received: Received) -> str:
    return received.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _not_acceptable(wanted: Wanted) -> NotAcceptable:
    offered = formats.RESULTS if wanted.results is None else formats.GRAPH
    return NotAcceptable([fmt.media_type for fmt in offered])


def _syntax_error(received: Received) -> QuerySyntaxError:
    """What the endpoint says of the query: as text, or in a problem document (RFC 9457)."""
    try:
        problem = json.loads(received.body)
    except ValueError:
        return QuerySyntaxError(exchange.text_of(received))
    if not isinstance(problem, dict):
        return QuerySyntaxError(exchange.text_of(received))
    return QuerySyntaxError(str(problem.get("detail", exchange.text_of(received)))[:300])
