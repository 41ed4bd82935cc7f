"""A conforming data set → its next release: a number, and a record of what it changed.

data/releases/<version>.ttl      what the release is, for readers
data/releases/<version>.nq.gz    each topic that it created, changed or deleted, as it is published
CITATION.cff                     where there is one, names it

The records of all releases hold every version of every thing, so the history needs nothing but the
files. What is written here is never changed.
"""

import gzip
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from diplolocal import citation, iris, releases, turtle
from diplolocal.build import derive
from diplolocal.dataset import Dataset, Kind, Source
from diplolocal.errors import BuildError, NotConforming, NotReleased
from diplolocal.findings import Progress
from diplolocal.history import Change
from diplolocal.statements import Statements
from diplolocal.validation import look, validate
from diplolocal.wording import LANGUAGES, Said, message

_DCAT = "http://www.w3.org/ns/dcat#"
_DCTERMS = "http://purl.org/dc/terms/"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDF_TYPE = f"<{_RDF}type>".encode()
_IS_VERSION_OF = f"<{_DCTERMS}isVersionOf>".encode()
_TOMBSTONE = f"<{iris.ONTOLOGY}#Tombstone>".encode()
_DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"

_COMMENT = """\
# Release {version}, written by `diplolocal release` and never changed; its record is beside it.
"""

_NAMED = 5
"""How many things a refusal names."""

Lines = frozenset[bytes]
"""What is said of a topic, each statement a line of N-Triples."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be released: the version number, when (UTC, `2026-11-23T10:00:00Z`), and what is
    new, in each language.
    """

    version: str
    issued: str
    description: Said


def release(
    dataset: Dataset,
    plan: Plan,
    *,
    kept_in: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Mapping[Change, int]:
    """Write the record of a release beside the others: how many topics it created, updated and
    deleted.

    Raises SourcesUnreadable, NotConforming, NotReleased where there is nothing new, the number is
    not higher, or something published has vanished, and BuildError where it cannot be written.
    Whatever goes wrong, no release is there afterwards.
    """
    _check(dataset, plan)
    folder = dataset.root / "data" / "releases"
    head, record = folder / f".{plan.version}.ttl", folder / f".{plan.version}.nq.gz"
    cited, citing = dataset.root / "CITATION.cff", dataset.root / ".CITATION.cff"
    places = {
        record: folder / f"{plan.version}.nq.gz",
        head: folder / f"{plan.version}.ttl",
        citing: cited,
    }
    try:
        folder.mkdir(exist_ok=True)
        head.write_text(_head(dataset, plan, head), encoding="utf-8")
        known, derived = _validated(_with(dataset, plan.version, head), kept_in, progress)
        changes = _changes(dataset, _topics(known, derived))
        _write(record, plan, changes)
        _cite(cited, citing, plan)
        _place(places)
    except OSError as error:
        reason = message("The release cannot be written: {reason}.", reason=error.strerror)
        raise BuildError(folder, reason) from error
    finally:
        for draft in places:
            draft.unlink(missing_ok=True)
    done = Counter(change for change, _ in changes.values())
    return {change: done[change] for change in Change}


def _cite(file: Path, draft: Path, plan: Plan) -> None:
    """Draft the file for citing the data, where there is one, with this version as the newest; all
    else in it, whatever its encoding, stays.
    """
    if file.is_file():
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        text = citation.released(text, plan.version, plan.issued[:10])
        draft.write_bytes(text.encode("utf-8", "surrogateescape"))


def _place(places: Mapping[Path, Path]) -> None:
    """Put each draft that there is into its place, the last one over what is there; none if one
    cannot be put.
    """
    put: list[Path] = []
    try:
        for draft, place in places.items():
            if draft.exists():
                draft.replace(place)
                put.append(place)
    except OSError:
        for place in put:
            place.unlink()
        raise


def _check(dataset: Dataset, plan: Plan) -> None:
    """Raise NotReleased where the number or the moment does not follow, or the files are released
    already.
    """
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", plan.version, re.ASCII):
        raise NotReleased(
            message(
                "{version} is no version number. Write three parts: 1.0.0.", version=plan.version
            )
        )
    before = releases.newest(dataset)
    if before and _parts(plan.version) <= _parts(before):
        raise NotReleased(
            message(
                "{version} does not come after {before}. Choose a higher number: the second part"
                " counts up for new data, the third for corrections.",
                version=plan.version,
                before=before,
            )
        )
    if before and plan.issued <= (last := releases.issued(dataset.releases[-1])):
        raise NotReleased(
            message(
                "{issued} is not later than {last}, when {before} was issued. Readers who have all"
                " until then would miss this release: choose a later moment.",
                issued=plan.issued,
                last=last,
                before=before,
            )
        )
    if before and releases.number(dataset) == before:
        raise NotReleased(message("Nothing was changed since release {before}.", before=before))


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _head(dataset: Dataset, plan: Plan, path: Path) -> str:
    """The release itself, in the style of the house."""
    release, before = NamedNode(iris.release(plan.version)), releases.newest(dataset)
    name = f"diplolocal {plan.version}"
    said: list[tuple[str, NamedNode | Literal]] = [
        (_RDF + "type", NamedNode(iris.ONTOLOGY + "#Release")),
        *((_LABEL, Literal(name, language=tag.value)) for tag in LANGUAGES),
        *(
            (_DCTERMS + "description", Literal(text, language=tag.value))
            for tag, text in plan.description.items()
        ),
        (_DCAT + "version", Literal(plan.version)),
        (_DCAT + "isVersionOf", NamedNode(iris.DATASET)),
        (_DCTERMS + "issued", Literal(plan.issued, datatype=NamedNode(_DATE_TIME))),
        (iris.STATE, Literal(dataset.state)),
    ]
    if before:
        said.append((_DCAT + "previousVersion", NamedNode(iris.release(before))))
    triples = (Triple(release, NamedNode(prop), value) for prop, value in said)
    style = turtle.house(dataset.root)
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(style.prefixes)) or b""
    return turtle.written(path, _COMMENT.format(version=plan.version) + text.decode(), style)


def _with(dataset: Dataset, version: str, head: Path) -> Dataset:
    """The data set with the release in it."""
    source = Source(head, iris.graph(Kind.RELEASES, version), Kind.RELEASES)
    return replace(dataset, sources=(*dataset.sources, source))


def _validated(
    dataset: Dataset, kept_in: Path | None, progress: Progress
) -> tuple[Statements, set[bytes]]:
    """What the files say and what the rules derive from it. Raises NotConforming."""
    known = look(dataset)
    report = validate(dataset, known=known, kept_in=kept_in, progress=progress)
    if not report.conforms:
        raise NotConforming(report)
    return known, derive(dataset, known)


def _topics(known: Statements, derived: Iterable[bytes]) -> Mapping[str, Lines]:
    """Everything that is said, by topic."""
    texts = ((source.graph, text.splitlines(keepends=True)) for source, text in known.texts.items())
    found: dict[str, set[bytes]] = defaultdict(set)
    for graph, lines in chain(texts, [(iris.DERIVED, list(derived))]):
        for line in lines:
            subject = line[1 : line.index(b" ") - 1].decode()
            found[iris.topic_of(subject, graph)].add(line)
    return {topic: frozenset(lines) for topic, lines in found.items()}


def _changes(dataset: Dataset, topics: Mapping[str, Lines]) -> Mapping[str, tuple[Change, Lines]]:
    """What is done to each topic that is not as the releases before left it. Raises NotReleased
    where something that must stay has vanished.
    """
    published = _published(dataset.records)
    there = {topic for topic, digest in published.items() if digest is not None}
    gone = sorted(there - topics.keys())
    if lost := [topic for topic in gone if iris.must_stay(topic)]:
        raise NotReleased(
            message(
                "These were published and have vanished: {things}. What was published stays:"
                " put a tombstone for each into data/tombstones.ttl (data/README.md), or bring it"
                " back.",
                things=", ".join(lost[:_NAMED]) + (" …" if len(lost) > _NAMED else ""),
            )
        )
    changes: dict[str, tuple[Change, Lines]] = {
        topic: (Change.DELETED, frozenset()) for topic in gone
    }
    for topic, lines in topics.items():
        if published.get(topic) == _digest(lines):
            continue
        deleted = any(_is_tombstone(line) for line in lines)
        change = Change.UPDATED if topic in there else Change.CREATED
        changes[topic] = (Change.DELETED if deleted else change, lines)
    return dict(sorted(changes.items()))


def _published(records: Iterable[Path]) -> Mapping[str, str | None]:
    """What was last published of each topic, as a hash; None where it was deleted silently."""
    published: dict[str, str | None] = {}
    for record in records:
        members: dict[bytes, set[bytes]] = defaultdict(set)
        topics: dict[bytes, str] = {}
        for triple, graph in _quads(record):
            subject, prop, value = triple.split(b" ", 2)
            if prop == _IS_VERSION_OF and subject != graph and _is_release(graph):
                topics[subject] = value[1 : value.index(b">")].decode()
            members[graph].add(triple)
        for member, topic in topics.items():
            lines = frozenset(members.get(member, ()))
            published[topic] = _digest(lines) if lines else None
    return published


def _quads(record: Path) -> Iterator[tuple[bytes, bytes]]:
    """Each statement of a record as a line of N-Triples, and the graph it is in."""
    try:
        with gzip.open(record, "rb") as lines:
            for line in lines:
                end = line.rindex(b" <")
                yield line[:end] + b" .\n", line[end + 1 : -3]
    except (OSError, ValueError, EOFError) as error:
        reason = message("The record of a release is missing or broken. Restore it from git.")
        raise BuildError(record, reason) from error


def _write(record: Path, plan: Plan, changes: Mapping[str, tuple[Change, Lines]]) -> None:
    release = f"<{iris.release(plan.version)}>".encode()
    issued = f'<{_DCTERMS}issued> "{plan.issued}"^^<{_DATE_TIME}>'.encode()
    with record.open("wb") as file, gzip.GzipFile("", "wb", 9, mtime=0, fileobj=file) as packed:
        packed.write(b"%s %s %s .\n" % (release, issued, release))
        for topic, (change, lines) in changes.items():
            member = f"<{iris.member(topic, plan.version)}>".encode()
            for prop, value in (
                (_RDF_TYPE, f"<{change}>".encode()),
                (_IS_VERSION_OF, f"<{topic}>".encode()),
                (f"<{_DCTERMS}isPartOf>".encode(), release),
            ):
                packed.write(b"%s %s %s %s .\n" % (member, prop, value, release))
            packed.writelines(line[:-2] + member + b" .\n" for line in sorted(lines))


def _is_release(graph: bytes) -> bool:
    return iris.is_release(graph[1:-1].decode())


def _is_tombstone(line: bytes) -> bool:
    return line.split(b" ", 2)[1:] == [_RDF_TYPE, _TOMBSTONE + b" .\n"]


def _digest(lines: Lines) -> str:
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()
