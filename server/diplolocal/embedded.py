"""A Store over Oxigraph in this process."""

import gzip
import io
import re
from collections.abc import Iterable, Iterator
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
    serialize,
)
from pyoxigraph import Store as Oxigraph

from diplolocal import federation, formats, iris
from diplolocal.errors import BadRequest, NotAcceptable, QuerySyntaxError, StoreUnavailable
from diplolocal.store import Answer, Query, Wanted
from diplolocal.wording import message

_BYTES_AT_ONCE = 16_000_000
"""How much text is read into a store at once."""


class EmbeddedStore:
    """Quads in memory, asked by Oxigraph.

    The default graph holds the union of the named graphs, each statement once. Oxigraph's own union
    would count a statement once for each graph that has it, and override a query's FROM.
    """

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._oxigraph = Oxigraph()
        self._oxigraph.bulk_extend(_with_union(quads))

    @classmethod
    def load(cls, path: Path) -> Self:
        """A store with the gzipped N-Quads of a build.

        Raises OSError or SyntaxError where they cannot be read.
        """
        store = cls()
        with gzip.open(path, "rb") as packed, io.BufferedReader(cast(Any, packed)) as nquads:
            while lines := nquads.readlines(_BYTES_AT_ONCE):
                triples = (line[: line.rindex(b" <")] + b" .\n" for line in lines)
                store._read(lines, RdfFormat.N_QUADS)
                store._read(triples, RdfFormat.N_TRIPLES)
        return store

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
        self._oxigraph.load(b"".join(lines), format=fmt, to_graph=graph, lenient=True)

    def answer(self, query: Query, wanted: Wanted) -> Answer:
        """See `Store.answer`.

        Asked and written in one go: Oxigraph's results may not leave the thread they were made in,
        and an error would carry them out in its trace.
        """
        federation.refuse(query)
        named = bool(query.default_graphs or query.named_graphs)
        try:
            result = self._oxigraph.query(
                query.text,
                base_iri=iris.NAMESPACE,
                # Both or neither: a default graph alone would leave all named graphs visible, and
                # SPARQL 1.1 Protocol §2.1.4 wants exactly the dataset that was asked for.
                default_graph=[_node(iri) for iri in query.default_graphs] if named else None,
                named_graphs=[_node(iri) for iri in query.named_graphs] if named else None,
            )
            is_graph = isinstance(result, QueryTriples)
            media_type = wanted.graph if is_graph else wanted.results
            body = None if media_type is None else _written(result, media_type)
            del result
        except SyntaxError as error:
            raise _syntax_error(error) from error
        except (OSError, RuntimeError) as error:
            reason = str(error)
        else:
            if media_type is None or body is None:
                offered = formats.GRAPH if is_graph else formats.RESULTS
                raise NotAcceptable([fmt.media_type for fmt in offered])
            return Answer(body, media_type)
        raise StoreUnavailable(message("The SPARQL store failed: {reason}", reason=reason))

    def close(self) -> None:
        """Nothing is held open."""


def _with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)


def _node(iri: str) -> NamedNode:
    """A graph named in a request. Raises BadRequest where its name is no IRI."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(
            message("{name} is not an absolute IRI, so no graph is called so.", name=iri)
        ) from error


def _written(result: QuerySolutions | QueryBoolean | QueryTriples, media_type: str) -> bytes:
    if isinstance(result, QueryTriples):
        # A graph is a set; the engine writes a triple each time that it is constructed.
        triples = dict.fromkeys(result)
        return serialize(triples, format=RdfFormat.from_media_type(media_type)) or b""
    return result.serialize(format=QueryResultsFormat.from_media_type(media_type)) or b""


def _syntax_error(error: SyntaxError) -> QuerySyntaxError:
    """Oxigraph says `error at 3:14: expected …`."""
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return QuerySyntaxError(str(error))
    # The engine may list all that it expected, which helps nobody.
    reason = found[3] if len(found[3]) <= 200 else found[3][:200].rpartition(",")[0] + " …"
    return QuerySyntaxError(reason, line=int(found[1]), column=int(found[2]))
