"""The statements of a build as files in every format, whole and by named graph, gzipped.

Everything is read and written in portions: memory does not grow with the data. The build is sorted,
so that what is written is sorted too.
"""

import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from diplolocal.formats import JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format

UNION = (TURTLE, NTRIPLES, JSONLD)
"""The formats that know no names of graphs."""

EACH = (NQUADS, TRIG, *UNION)
"""How a named graph is written."""

_GZIP_LEVEL = 6
_LINES_AT_ONCE = 100_000

Prefixes = Mapping[str, str]


def write_union(store: Path, path: Path, fmt: Format, prefixes: Prefixes) -> None:
    """Write the statements of all named graphs of a build, each once."""
    with _packed(path) as file:
        if fmt is NTRIPLES:
            file.writelines(_statements(store))
        else:
            serialize(_triples(store), file, format=_engine(fmt), prefixes=dict(prefixes))


def split(store: Path, folder: Path) -> Mapping[str, Path]:
    """Write each named graph of a build into a file of its own, as N-Triples; where they are, by
    name.
    """
    waiting: dict[bytes, list[bytes]] = defaultdict(list)
    paths: dict[bytes, Path] = {}

    def put() -> None:
        for name, lines in waiting.items():
            path = paths.setdefault(name, folder / f"{quote(name, safe='')}.nt")
            with path.open("ab") as file:
                file.writelines(lines)
        waiting.clear()

    for count, line in enumerate(_lines(store), start=1):
        end = line.rindex(b" <")
        waiting[line[end + 2 : line.rindex(b">")]].append(line[:end] + b" .\n")
        if count % _LINES_AT_ONCE == 0:
            put()
    put()
    return {name.decode(): paths[name] for name in sorted(paths)}


def write_trig(graphs: Mapping[str, Path], path: Path, prefixes: Prefixes) -> None:
    """Write named graphs, one after the other, from where `split` put them."""

    def quads() -> Iterator[Quad]:
        for name, triples in graphs.items():
            yield from _quads(name, triples)

    with _packed(path) as file:
        serialize(quads(), file, format=RdfFormat.TRIG, prefixes=dict(prefixes))


def write_graph(name: str, triples: Path, stem: Path, prefixes: Prefixes) -> None:
    """Write one named graph in each format, from where `split` put it."""
    for fmt in EACH:
        quads = _quads(name, triples)
        with _packed(stem.with_name(f"{stem.name}.{fmt.suffix}.gz")) as file:
            written = (quad.triple for quad in quads) if fmt in UNION else quads
            serialize(written, file, format=_engine(fmt), prefixes=dict(prefixes))


def _lines(store: Path) -> Iterator[bytes]:
    with gzip.open(store, "rb") as packed, io.BufferedReader(cast(Any, packed)) as lines:
        yield from lines


def _statements(store: Path) -> Iterator[bytes]:
    """The lines without the names of their graphs. What several graphs say stands in lines that
    follow one another.
    """
    before = b""
    for line in _lines(store):
        statement = line[: line.rindex(b" <")] + b" .\n"
        if statement != before:
            yield statement
        before = statement


def _triples(store: Path) -> Iterator[Triple]:
    before = None
    with gzip.open(store, "rb") as packed:
        # Lenient: the engine wrote it, so it need not ask again whether an IRI is one.
        for quad in parse(cast(Any, packed), format=RdfFormat.N_QUADS, lenient=True):
            triple = quad.triple
            if triple != before:
                yield triple
            before = triple


def _quads(name: str, triples: Path) -> Iterator[Quad]:
    graph = NamedNode(name)
    for quad in parse(path=triples, format=RdfFormat.N_TRIPLES, lenient=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into, gzipped; no name and no time in its header, so that the same is written
    as the same bytes (RFC 1952 §2.3).
    """
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, mtime=0, fileobj=file) as packed,
        io.BufferedWriter(cast(Any, packed), 1 << 18) as written,
    ):
        yield written


def _engine(fmt: Format) -> RdfFormat:
    engine = RdfFormat.from_media_type(fmt.media_type)
    assert engine is not None
    return engine
