"""The files: find them, say which named graph each one is, read them.

ontology/<name>.ttl                 …/graph/ontology/<name>: diplolocal, prefixes, borrowed
ontology/vocab/<scheme>.ttl         …/graph/vocab/<scheme>
ontology/alignments/<partner>.ttl   …/graph/alignments/<partner>
ontology/checks/checks.ttl          …/graph/ontology/checks
data/catalog.ttl                    …/graph/catalog
data/open-questions.ttl             …/graph/open-questions
data/bulletins/<year>/<month>.ttl   …/graph/bulletin/<month>
data/reference/**/<name>.ttl        …/graph/reference/<name>
data/relations/<kind>.ttl           …/graph/relations/<kind>
data/links/<target>.ttl             …/graph/links/<target>
data/queries/<group>.ttl            …/graph/queries/<group>
data/releases/<version>.ttl         …/graph/releases/<version>
data/tombstones.ttl                 …/graph/tombstones
shapes/<subject>.ttl                …/graph/shapes/<subject>, which is not served
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.bad_requests import NotAcceptable
from diplolocal.errors import SourceError, SourcesUnreadable
from diplolocal.store_errors import QuerySyntaxError
from diplolocal.wording import Message, message

_Answer = TypeVar("_Answer")

ROOMS = ("ontology", "data", "shapes")
"""The folders of a data set."""


FILE_BYTES = 50_000_000
"""How large a file is that is read: fifty times the largest. What is larger is no source that a
person writes, and would take some gigabytes of memory.
"""


class Kind(StrEnum):
    """What a file is about; the value is the first part of its graph's key."""

    ONTOLOGY = "ontology"
    VOCABULARY = "vocab"
    ALIGNMENT = "alignments"
    SHAPES = "shapes"
    CATALOG = "catalog"
    QUESTIONS = "open-questions"
    BULLETIN = "bulletin"
    REFERENCE = "reference"
    RELATIONS = "relations"
    LINKS = "links"
    QUERIES = "queries"
    RELEASES = "releases"
    TOMBSTONES = "tombstones"


_PLACES: tuple[tuple[str, Kind], ...] = (
    (r"ontology/(?P<key>borrowed|diplolocal|prefixes)\.ttl", Kind.ONTOLOGY),
    (r"ontology/checks/(?P<key>checks)\.ttl", Kind.ONTOLOGY),
    (r"ontology/vocab/(?P<key>[a-z0-9-]+)\.ttl", Kind.VOCABULARY),
    (r"ontology/alignments/(?P<key>[a-z0-9-]+)\.ttl", Kind.ALIGNMENT),
    (r"shapes/(?P<key>[a-z0-9-]+)\.ttl", Kind.SHAPES),
    (r"data/catalog\.ttl", Kind.CATALOG),
    (r"data/open-questions\.ttl", Kind.QUESTIONS),
    (r"data/bulletins/\d{4}/(?P<key>\d{4}-(?:0[1-9]|1[0-2]))\.ttl", Kind.BULLETIN),
    (r"data/reference/(?:[a-z0-9-]+/)*(?P<key>[a-z0-9-]+)\.ttl", Kind.REFERENCE),
    (r"data/relations/(?P<key>[a-z0-9-]+)\.ttl", Kind.RELATIONS),
    (r"data/links/(?P<key>[a-z0-9-]+)\.ttl", Kind.LINKS),
    (r"data/queries/(?P<key>[a-z0-9-]+)\.ttl", Kind.QUERIES),
    (r"data/releases/(?P<key>\d+\.\d+\.\d+)\.ttl", Kind.RELEASES),
    (r"data/tombstones\.ttl", Kind.TOMBSTONES),
)
_OTHER_PLACES = (
    r"(?:.*/)?README\.md",
    r"ontology/context\.jsonld",
    r"ontology/(?:checks|rules)/[a-z0-9-]+\.rq",
    r"shapes/examples/.*\.ttl",
    r"data/releases/\d+\.\d+\.\d+\.nq\.gz",
)


@dataclass(frozen=True)
class Source:
    """One Turtle file and the named graph it is."""

    path: Path
    graph: str
    kind: Kind

    @cached_property
    def text(self) -> str:
        """The file's text. Raises SourceError where it cannot be read."""
        return text_of(self.path)

    @cached_property
    def subject_lines(self) -> dict[str, int]:
        """The line, from 1, on which each subject begins; only subjects at the left margin, as the
        house writes them.
        """
        prefixes = dict(re.findall(r"^@prefix\s+([\w-]*):\s*<([^>]*)>", self.text, re.MULTILINE))
        lines: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := re.match(r"<([^>]*)>|([\w-]*:[^\s;,]+)", line):
                lines.setdefault(found[1] or iris.expand(found[2], prefixes), number)
        return lines


@dataclass(frozen=True)
class Dataset:
    """All the files of one state of knowledge, sorted by path."""

    root: Path
    sources: tuple[Source, ...]
    checks: tuple[Path, ...]
    rules: tuple[Path, ...]

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.root / "ontology" / "context.jsonld"

    @cached_property
    def version(self) -> str:
        """12 hex digits for all the files: SHA-256 over the sorted (path, file hash) pairs."""
        return self._hash((*(source.path for source in self.sources), *self.records))

    @cached_property
    def state(self) -> str:
        """The same without what is written about releases: what a release is a release of."""
        return self._hash(
            source.path for source in self.sources if source.kind is not Kind.RELEASES
        )

    @property
    def records(self) -> tuple[Path, ...]:
        """What each release changed, as it was published: N-Quads, gzipped; the oldest first."""
        return tuple(source.path.with_suffix(".nq.gz") for source in self.releases)

    @property
    def releases(self) -> tuple[Source, ...]:
        """The releases, the oldest first."""

        def number(release: Source) -> list[int]:
            return [int(part) for part in release.path.stem.split(".")]

        return tuple(sorted(self.of(Kind.RELEASES), key=number))

    def _hash(self, paths: Iterable[Path]) -> str:
        digest = hashlib.sha256()
        for path in sorted((*paths, *self.checks, *self.rules, self.context)):
            try:
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise SourceError(path, _unreadable(error)) from error
            digest.update(f"{path.relative_to(self.root).as_posix()} {content}\n".encode())
        return digest.hexdigest()[:12]

    def of(self, *kinds: Kind) -> tuple[Source, ...]:
        """The sources of these kinds."""
        return tuple(source for source in self.sources if source.kind in kinds)

    @property
    def described(self) -> tuple[Source, ...]:
        """The sources that are served: all but the shapes."""
        return tuple(source for source in self.sources if source.kind is not Kind.SHAPES)


def text_of(path: Path) -> str:
    """The text of a file. Raises SourceError, with the line where it is not UTF-8."""
    try:
        if (size := path.stat().st_size) > FILE_BYTES:
            raise SourceError(
                path,
                message(
                    "The file has {size} MB; files of up to {limit} MB are read. Divide it into"
                    " several, or move it elsewhere.",
                    size=size // 1_000_000,
                    limit=FILE_BYTES // 1_000_000,
                ),
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(
            path, message("This is not UTF-8 text. Save the file as UTF-8."), line=line
        ) from error
    except OSError as error:
        raise SourceError(path, _unreadable(error)) from error


def together(sources: Iterable[Source]) -> str:
    """The texts of Turtle files as one: a prefix may be declared again (RDF 1.1 Turtle §2.4)."""
    return "\n".join(source.text for source in sources)


def ask_file(path: Path, ask: Callable[[str], _Answer]) -> _Answer:
    """What a query in a file answers.

    Raises SourceError where the file holds no query, or one of another kind than is asked.
    """
    try:
        return ask(text_of(path))
    except QuerySyntaxError as error:
        raise SourceError(path, error.sentence, line=error.line) from error
    except (NotAcceptable, TypeError) as error:
        raise SourceError(
            path,
            message(
                "A query of another kind is wanted here: a check is a SELECT, a rule a CONSTRUCT."
            ),
        ) from error


def read_context(path: Path) -> bytes:
    """The JSON-LD context. Raises SourceError where the file is none (JSON-LD 1.1 §3.1)."""
    text = text_of(path)
    try:
        document = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise SourceError(
            path, message("This is not JSON: {reason}", reason=error), line=line
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("@context"), dict):
        raise SourceError(path, message('The file has no object "@context" at its top.'))
    return text.encode()


def find(root: Path) -> Dataset:
    """The data set below a folder that holds `ontology/`, `data/` and `shapes/`.

    Raises SourcesUnreadable where a folder is missing, a file is in no known place, or two files
    claim one graph.
    """
    sources: list[Source] = []
    queries: list[Path] = []
    paths, errors = _files(root)
    for path in paths:
        relative = path.relative_to(root).as_posix()
        if source := _source(path, relative):
            sources.append(source)
        elif path.suffix == ".rq" and any(re.fullmatch(place, relative) for place in _OTHER_PLACES):
            queries.append(path)
        elif not any(re.fullmatch(place, relative) for place in _OTHER_PLACES):
            errors.append(SourceError(path, _misplaced(relative)))
    errors.extend(_clashes(sources))
    if errors:
        raise SourcesUnreadable(errors)
    return Dataset(
        root=root,
        sources=tuple(sources),
        checks=tuple(path for path in queries if path.parent.name == "checks"),
        rules=tuple(path for path in queries if path.parent.name == "rules"),
    )


def turtle_files(root: Path) -> list[Path]:
    """Every Turtle file of the rooms, the examples of shapes too, whether in its place or not.

    Raises SourcesUnreadable where a folder is missing or cannot be read.
    """
    paths, errors = _files(root)
    if errors:
        raise SourcesUnreadable(errors)
    return [path for path in paths if path.suffix == ".ttl"]


def quads(source: Source) -> Iterator[Quad]:
    """The statements of a file, each in the file's graph.

    Raises SourceError, with the line, where the file is not Turtle or has a blank node: what has no
    IRI cannot be pointed at, and would get another name in each build. Shapes may hold lists.
    """
    graph = NamedNode(source.graph)
    try:
        for quad in parse(source.text.encode(), format=RdfFormat.TURTLE):
            if source.kind is not Kind.SHAPES and _is_nameless(quad):
                raise SourceError(
                    source.path,
                    message(
                        "A blank node with the property {property}. Give it an IRI of its own.",
                        property=quad.predicate.value,
                    ),
                )
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise SourceError(source.path, not_turtle(error), line=error.lineno) from error


def _is_nameless(quad: Quad) -> bool:
    return any(isinstance(term, BlankNode | Triple) for term in (quad.subject, quad.object))


def read(sources: tuple[Source, ...]) -> list[Quad]:
    """The statements of several files. Raises SourcesUnreadable naming every file that cannot be
    read.
    """
    errors: list[SourceError] = []
    statements: list[Quad] = []
    for source in sources:
        try:
            statements.extend(quads(source))
        except SourceError as error:
            errors.append(error)
    if errors:
        raise SourcesUnreadable(errors)
    return statements


def _files(root: Path) -> tuple[list[Path], list[SourceError]]:
    """All files of the rooms, hidden ones left out; the folders that are missing or unreadable."""
    found: list[Path] = []
    errors: list[SourceError] = []

    def unreadable(error: OSError) -> None:
        errors.append(SourceError(Path(error.filename), _unreadable(error)))

    for room in ROOMS:
        if not _is_folder(root / room):
            errors.append(
                SourceError(
                    root / room,
                    message(
                        "There is no such folder. Run the command where ontology/, data/ and"
                        " shapes/ are, or give --root."
                    ),
                )
            )
            continue
        for folder, folders, names in os.walk(root / room, onerror=unreadable):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found.extend(Path(folder) / name for name in names if not name.startswith("."))
    return sorted(found), errors


def _is_folder(path: Path) -> bool:
    """Whether there is such a folder, as far as we may know."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _source(path: Path, relative: str) -> Source | None:
    for place, kind in _PLACES:
        if found := re.fullmatch(place, relative):
            key = found.groupdict().get("key")
            if kind is Kind.BULLETIN and path.parent.name != path.stem[:4]:
                return None
            return Source(path, iris.graph(kind, key) if key else iris.graph(kind), kind)
    return None


def _clashes(sources: list[Source]) -> list[SourceError]:
    """The files whose graph another file already is."""
    first: dict[str, Source] = {}
    errors = []
    for source in sources:
        if (other := first.setdefault(source.graph, source)) is not source:
            errors.append(
                SourceError(
                    source.path,
                    message(
                        "This file and {other} would both be the graph {graph}. Rename one of"
                        " them.",
                        other=other.path,
                        graph=source.graph,
                    ),
                )
            )
    return errors


def _misplaced(relative: str) -> Message:
    if relative.startswith("data/"):
        return message(
            "No file is expected here. A bulletin is data/bulletins/2021/2021-02.ttl, what it"
            " refers to is in data/reference/, twinnings, agreements and memberships are in"
            " data/relations/, links in data/links/, example queries in data/queries/; names are"
            " lower-case letters, digits and hyphens. What was withdrawn is in data/tombstones.ttl;"
            " data/releases/ is written by `diplolocal release`."
        )
    return message(
        "No file is expected here. Turtle files go to ontology/vocab/, ontology/alignments/ or"
        " shapes/, queries to ontology/checks/ or ontology/rules/, examples to shapes/examples/."
    )


def not_turtle(error: SyntaxError) -> Message:
    """What is wrong with a text that is not Turtle."""
    reason = re.sub(r"^Parser error at .*?: ", "", error.msg)
    if found := re.search(r"The prefix (\S*): has not been declared", reason):
        return message(
            "The prefix {prefix}: is not declared in this file. Copy its @prefix line from"
            " ontology/prefixes.ttl,"
            " or mend the name.",
            prefix=found[1],
        )
    return message("This is not Turtle: {reason}", reason=reason)


def _unreadable(error: OSError) -> Message:
    if isinstance(error, PermissionError):
        return message("The file may not be read. Give yourself permission to read it (chmod u+r).")
    return message("The file cannot be read: {reason}", reason=error.strerror)
