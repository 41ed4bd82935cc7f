"""A Store over Oxigraph in this process."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self, cast

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

from diplolocal import federation, formats
from diplolocal.errors import NotAcceptable, QuerySyntaxError, StoreUnavailable
from diplolocal.store import Answer, Query, Wanted, keywords
from diplolocal.wording import message


class EmbeddedStore:
    """Quads in memory, asked by Oxigraph."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._oxigraph = Oxigraph()
        self._oxigraph.bulk_extend(quads)

    @classmethod
    def load(cls, path: Path) -> Self:
        """A store holding the gzipped N-Quads of a build. Raises OSError or SyntaxError where they
        cannot be read.
        """
        store = cls()
        with gzip.open(path, "rb") as nquads:
            store._oxigraph.bulk_load(cast(IO[bytes], nquads), format=RdfFormat.N_QUADS)
        return store

    def answer(self, query: Query, wanted: Wanted) -> Answer:
        """See `Store.answer`. Asked and written in one go: Oxigraph's results may not leave the
        thread they were made in.
        """
        federation.refuse(query)
        named = bool(query.default_graphs or query.named_graphs)
        try:
            result = self._oxigraph.query(
                query.text,
                # Oxigraph's union would override the query's own FROM, and a default graph alone
                # would leave all named graphs visible: SPARQL 1.1 Protocol §2.1.4 wants exactly the
                # dataset that was asked for.
                use_default_graph_as_union=not named and "FROM" not in keywords(query.text),
                default_graph=[NamedNode(iri) for iri in query.default_graphs] if named else None,
                named_graphs=[NamedNode(iri) for iri in query.named_graphs] if named else None,
            )
            return _written(result, wanted)
        except SyntaxError as error:
            raise _syntax_error(error) from error
        except (OSError, RuntimeError) as error:
            raise StoreUnavailable(
                message("The SPARQL store failed: {reason}", reason=error)
            ) from error

    def quads(self) -> Iterable[Quad]:
        """All quads, in no order."""
        return self._oxigraph

    def close(self) -> None:
        """Nothing is held open."""


def _written(result: QuerySolutions | QueryBoolean | QueryTriples, wanted: Wanted) -> Answer:
    if isinstance(result, QueryTriples):
        if wanted.graph is None:
            raise NotAcceptable([fmt.media_type for fmt in formats.GRAPH])
        rdf_format = RdfFormat.from_media_type(wanted.graph)
        # A graph is a set; the engine writes a triple each time that it is constructed.
        body = serialize(dict.fromkeys(result), format=rdf_format)
        return Answer(body or b"", wanted.graph)
    if wanted.results is None:
        raise NotAcceptable([fmt.media_type for fmt in formats.RESULTS])
    results_format = QueryResultsFormat.from_media_type(wanted.results)
    return Answer(result.serialize(format=results_format) or b"", wanted.results)


def _syntax_error(error: SyntaxError) -> QuerySyntaxError:
    """Oxigraph says `error at 3:14: expected …`."""
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return QuerySyntaxError(str(error))
    return QuerySyntaxError(found[3], line=int(found[1]), column=int(found[2]))
