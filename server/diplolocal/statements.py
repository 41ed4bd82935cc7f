"""What the files say, as text: a line of N-Triples for each statement, by file and by subject.

Text is read, compared, sorted and handed to another process in a fraction of the time that objects
take; Oxigraph makes its own of it where something is asked.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import RdfFormat, parse, serialize

from diplolocal.dataset import Source, quads
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import SourceError, SourcesUnreadable

Subject = bytes
"""A subject as N-Triples writes it, `<https://…>`."""


@dataclass(frozen=True)
class Statements:
    """What some files say, each in N-Triples; read once, and asked in several ways."""

    texts: Mapping[Source, bytes]

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return sum(text.count(b"\n") for text in self.texts.values())

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of all that is said, and in which graph."""
        whole = hashlib.sha256()
        for source, text in self.texts.items():
            whole.update(f"{source.graph} {len(text)}\n".encode())
            whole.update(text)
        return whole.digest()

    @cached_property
    def blocks(self) -> Mapping[Subject, list[bytes]]:
        """All that is said of each subject, whatever the file."""
        blocks: dict[Subject, list[bytes]] = {}
        for text in self.texts.values():
            for line in text.splitlines(keepends=True):
                subject = line[: line.index(b" ")]
                if subject in blocks:
                    blocks[subject].append(line)
                else:
                    blocks[subject] = [line]
        return blocks

    @cached_property
    def homes(self) -> Mapping[Subject, Source]:
        """The file in which each subject is described first."""
        homes: dict[Subject, Source] = {}
        for source, text in self.texts.items():
            for line in text.splitlines():
                homes.setdefault(line[: line.index(b" ")], source)
        return homes

    @cached_property
    def store(self) -> EmbeddedStore:
        """A store to ask, made when it is first wanted."""
        return EmbeddedStore.of_triples((source.graph, text) for source, text in self.texts.items())

    def nquads(self) -> Iterator[bytes]:
        """Each statement with the graph of its file, as a line of N-Quads."""
        for source, text in self.texts.items():
            yield from in_graph(source.graph, text.splitlines(keepends=True))


def in_graph(graph: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of N-Triples as lines of N-Quads, in a graph."""
    end = f"<{graph}> .\n".encode()
    return (line[:-2] + end for line in lines)


def read(sources: tuple[Source, ...]) -> Statements:
    """What the files say. Raises SourcesUnreadable naming every file that cannot be read."""
    errors: list[SourceError] = []
    texts: dict[Source, bytes] = {}
    for source in sources:
        try:
            texts[source] = _ntriples(source)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise SourcesUnreadable(errors)
    return Statements(texts)


def _ntriples(source: Source) -> bytes:
    """The file in N-Triples. Raises SourceError as `dataset.quads` does."""
    triples = parse(source.text.encode(), format=RdfFormat.TURTLE)
    try:
        text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    except SyntaxError:
        text = b"_:"
    if text.startswith(b"_:") or any(mark in text for mark in (b"\n_:", b"> _:", b"> <<(")):
        # Seldom: it may be named only in a text. The way by objects knows, and says what is wrong.
        text = serialize((quad.triple for quad in quads(source)), format=RdfFormat.N_TRIPLES) or b""
    return text
