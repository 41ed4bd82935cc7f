"""A Store over Oxigraph in this process: in memory, or in a folder that many processes read."""

import gzip
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)
from pyoxigraph import Store as Oxigraph

from diplolocal import federation, formats, iris
from diplolocal.bad_requests import NotAcceptable
from diplolocal.errors import DiploLocalError
from diplolocal.store import PATIENT, Answer, Limits, Patience, Query, Wanted, graph_name
from diplolocal.store_errors import (
    AnswerTooLarge,
    QuerySyntaxError,
    ServiceUnavailable,
    StoreUnavailable,
)
from diplolocal.wording import message

_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_CSV_QUOTED = re.compile(rb'"[^"]*"')

_BYTES_AT_ONCE = 32_000_000
"""How much text is read into a store at once."""


class EmbeddedStore:
    """Quads, asked by Oxigraph.

    The default graph holds the union of the named graphs, each statement once. Oxigraph's own union
    would count a statement once for each graph that has it, and override a query's FROM.

    `limits` of an answer, if there are any; `services`: the endpoints that SERVICE may ask.
    """

    def __init__(
        self,
        quads: Iterable[Quad] = (),
        *,
        limits: Limits | None = None,
        services: Collection[str] = (),
    ) -> None:
        self._limits = limits
        self._services = services
        self._oxigraph = Oxigraph()
        self._load = self._oxigraph.load
        self._oxigraph.bulk_extend(_with_union(quads))

    @classmethod
    def open(
        cls, folder: Path, *, limits: Limits | None = None, services: Collection[str] = ()
    ) -> Self:
        """A store over a folder that `write` made; other processes may have it open as well.

        Raises OSError where it cannot be read.
        """
        store = cls(limits=limits, services=services)
        store._oxigraph = Oxigraph.read_only(str(folder))
        return store

    @classmethod
    def load(cls, path: Path, *, services: Collection[str] = ()) -> Self:
        """A store with the gzipped N-Quads of a build.

        Raises OSError or SyntaxError where they cannot be read.
        """
        store = cls(services=services)
        store._read_build(path)
        return store

    @classmethod
    def write(
        cls,
        paths: Sequence[Path],
        folder: Path,
        *,
        read: Callable[[int], None] = lambda done: None,
    ) -> None:
        """Put the gzipped N-Quads of a build into an empty folder, to be opened again and again.
        `read` is told how many bytes of the files are done.

        Raises OSError or SyntaxError where they cannot be read or written.
        """
        store = cls()
        store._oxigraph = Oxigraph(str(folder))
        store._load = store._oxigraph.bulk_load  # on disk ten times as quick, in memory slower
        before = 0
        for path in paths:
            store._read_build(path, read=partial(_told, read, before))
            before += path.stat().st_size
        store._oxigraph.optimize()
        store._oxigraph.flush()

    def _read_build(self, path: Path, *, read: Callable[[int], None] = lambda done: None) -> None:
        with (
            path.open("rb") as file,
            gzip.open(file, "rb") as packed,
            io.BufferedReader(cast(Any, packed)) as nquads,
        ):
            while lines := nquads.readlines(_BYTES_AT_ONCE):
                triples = (line[: line.rindex(b" <")] + b" .\n" for line in lines)
                self._read(lines, RdfFormat.N_QUADS)
                self._read(triples, RdfFormat.N_TRIPLES)
                read(file.tell())

    @classmethod
    def of_triples(cls, texts: Iterable[tuple[str, bytes]]) -> Self:
        """A store with triples in N-Triples as Oxigraph writes it, each text with the IRI of its
        graph.
        """
        store = cls()
        for graph, text in texts:
            store._read([text], RdfFormat.N_TRIPLES, NamedNode(graph))
            store._read([text], RdfFormat.N_TRIPLES)
        return store

    def _read(self, lines: Iterable[bytes], fmt: RdfFormat, graph: NamedNode | None = None) -> None:
        # Lenient: Oxigraph wrote it, so it need not ask again whether an IRI is one.
        self._load(b"".join(lines), format=fmt, to_graph=graph, lenient=True)

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """See `Store.answer`. Whoever asks must wait: what runs in this process cannot be ended.

        Asked and written in one go: Oxigraph's results may not leave the thread they were made in,
        and an error would carry them out in its trace.
        """
        asked = federation.check(query, self._services)
        try:
            return self._asked(query, wanted)
        except SyntaxError as error:
            raise _syntax_error(error) from error
        except DiploLocalError as error:
            refusal = error.with_traceback(None)
        except (OSError, RuntimeError) as error:
            reason = str(error)
            if reason.startswith("The custom function <"):
                refusal = QuerySyntaxError(reason)
            elif asked:
                refusal = ServiceUnavailable(asked, _status(reason))
            else:
                refusal = StoreUnavailable(
                    message("The SPARQL store failed: {reason}", reason=reason)
                )
        raise refusal

    def _asked(self, query: Query, wanted: Wanted) -> Answer:
        named = bool(query.default_graphs or query.named_graphs)
        result = self._oxigraph.query(
            query.text,
            base_iri=iris.NAMESPACE,
            # Both or neither: a default graph alone would leave all named graphs visible, and
            # SPARQL 1.1 Protocol §2.1.4 wants exactly the dataset that was asked for.
            default_graph=[graph_name(iri) for iri in query.default_graphs] if named else None,
            named_graphs=[graph_name(iri) for iri in query.named_graphs] if named else None,
        )
        is_graph = isinstance(result, QueryTriples)
        media_type = wanted.graph if is_graph else wanted.results
        if media_type is None:
            offered = formats.GRAPH if is_graph else formats.RESULTS
            raise NotAcceptable([fmt.media_type for fmt in offered])
        return Answer(_written(result, media_type, self._limits), media_type)

    def close(self) -> None:
        """Nothing is held open."""


def _told(read: Callable[[int], None], before: int, done: int) -> None:
    read(before + done)


def _with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)


def _written(
    result: QuerySolutions | QueryBoolean | QueryTriples, media_type: str, limits: Limits | None
) -> bytes:
    """The answer, whole. Raises AnswerTooLarge as soon as it has more than the limits allow."""
    into = io.BytesIO() if limits is None else _Bounded(limits.answer_bytes)
    if isinstance(result, QueryTriples):
        # A graph is a set; the engine writes a triple each time that it is constructed.
        triples = dict.fromkeys(result if limits is None else _first(result, limits.answer_rows))
        serialize(triples, into, format=RdfFormat.from_media_type(media_type))
    else:
        result.serialize(into, format=QueryResultsFormat.from_media_type(media_type))
        if limits is not None and isinstance(result, QuerySolutions):
            _count(into.getvalue(), media_type, limits.answer_rows)
    return into.getvalue()


class _Bounded(io.BytesIO):
    """Bytes that are written, up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, written: Any) -> int:
        """Add what is written. Raises AnswerTooLarge where that is too much."""
        if self.tell() + len(written) > self._limit:
            raise AnswerTooLarge(self._limit, message("bytes"))
        return super().write(written)


def _first(triples: QueryTriples, limit: int) -> Iterator[Triple]:
    for count, triple in enumerate(triples):
        if count == limit:
            raise AnswerTooLarge(limit, message("rows"))
        yield triple


def _count(body: bytes, media_type: str, limit: int) -> None:
    """Raise AnswerTooLarge where a table has more rows. Looks only where there are bytes for so
    many: a row takes one at least.
    """
    if len(body) > limit and _rows(body, media_type) > limit:
        raise AnswerTooLarge(limit, message("rows"))


def _rows(table: bytes, media_type: str) -> int:
    """How many rows a table has, by the marks that the engine writes between them, wherever they
    are not part of a value.
    """
    if media_type == formats.XML.media_type:
        return table.count(b"<result>")
    if media_type == formats.JSON.media_type:
        bare = _JSON_STRING.sub(b"", table)
        return bare.count(b"[{") + bare.count(b"},{")
    return _CSV_QUOTED.sub(b"", table).count(b"\n") - 1


def _status(reason: str) -> int | None:
    """The HTTP status that an endpoint asked with SERVICE answered with, if it answered."""
    found = re.search(r"\b[45]\d\d\b", reason)
    return int(found[0]) if found else None


def _syntax_error(error: SyntaxError) -> QuerySyntaxError:
    """Oxigraph says `error at 3:14: expected …`."""
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return QuerySyntaxError(str(error))
    # The engine may list all that it expected, which helps nobody.
    reason = found[3] if len(found[3]) <= 200 else found[3][:200].rpartition(",")[0] + " …"
    return QuerySyntaxError(reason, line=int(found[1]), column=int(found[2]))
