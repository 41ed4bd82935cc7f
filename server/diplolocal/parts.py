"""What is known, cut into parts that are validated one by one: quick, small, and kept.

A part is some things that are described near each other, and as much of the rest as the shapes look
at: what the things refer to, one step away, and which class is a kind of which. So what is found in
a part depends on the text of the part alone. That text has a hash; where it is the same, so is what
was found.
"""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diplolocal.dataset import Source
from diplolocal.reach import TYPE
from diplolocal.statements import Statements, Subject

THINGS = 1_500
"""How many things a part has, or a few more: a quarter of a second and 300 MiB, most of it for them
and not for the shapes.
"""

_SUBCLASS = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


@dataclass(frozen=True, slots=True)
class Part:
    """Things that shapes are applied to together, by IRI, and in N-Triples what the shapes look
    at; `key` is a hash of both.
    """

    things: frozenset[str]
    text: bytes
    key: str


def cut(
    statements: Statements, beyond: frozenset[str] | None, *, things: int = THINGS
) -> Iterator[Part]:
    """All that is known, in parts of about as many things.

    `beyond`: the properties that the shapes look at of what a thing refers to; None where they look
    farther than that, so that all is one part.
    """
    if beyond is None:
        yield _part(statements.blocks, b"".join(statements.texts.values()))
        return
    blocks = statements.blocks
    kinds = [line for lines in blocks.values() for line in lines if _property(line) == _SUBCLASS]
    seen = frozenset(f"<{name}>".encode() for name in {*beyond, TYPE})
    for near in _near(statements, things):
        own = {thing: blocks[thing] for thing in near}
        others = {_object(line) for lines in own.values() for line in lines} & blocks.keys()
        around = (
            line
            for other in sorted(others - own.keys())
            for line in blocks[other]
            if _property(line) in seen
        )
        yield _part(
            own, b"".join((*(line for lines in own.values() for line in lines), *around, *kinds))
        )


def _part(things: Iterable[Subject], text: bytes) -> Part:
    names = b" ".join(things)
    key = hashlib.sha256(b"%d %s\n%s" % (len(names), names, text)).hexdigest()
    return Part(frozenset(name[1:-1].decode() for name in names.split(b" ")), text, key)


def _near(statements: Statements, things: int) -> Iterator[list[Subject]]:
    """The subjects, so many at a time: those of files one after another, those of a large file
    apart.

    In a large file a subject's name says which of its parts it is in, so that one more of them
    leaves the other parts as they are.
    """
    by_file: dict[Source, list[Subject]] = defaultdict(list)
    for subject, source in statements.homes.items():
        by_file[source].append(subject)
    waiting: list[Subject] = []
    for subjects in by_file.values():
        if len(subjects) > things:
            yield from _by_name(subjects, things)
        else:
            if len(waiting) + len(subjects) > things:
                yield waiting
                waiting = []
            waiting += subjects
    if waiting:
        yield waiting


def _by_name(subjects: list[Subject], things: int) -> Iterable[list[Subject]]:
    """The subjects in as many groups as they need, by a number that their names make."""
    count = len(subjects) // things + 1
    groups: dict[int, list[Subject]] = defaultdict(list)
    for subject in subjects:
        groups[zlib.crc32(subject) % count].append(subject)
    return groups.values()


def _property(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _object(line: bytes) -> bytes:
    return line.split(b" ", 2)[2][:-3]
