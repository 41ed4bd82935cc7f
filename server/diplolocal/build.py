"""A conforming data set → a build: made once, never changed, the same bytes for the same files.

build/<version>/
├── store.nq.gz       what every store loads: the files, and what the rules derive from them
├── context.jsonld    the JSON-LD context
├── shapes.ttl        the shapes, all in one
├── report.json       what validation found: warnings, for violations forbid a build
├── releases/         what each release changed, as it was published
└── manifest.json     version, release, hashes of the files, statements by graph, newest month
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from diplolocal import iris, validated
from diplolocal.dataset import Dataset, Kind, ask_file, together
from diplolocal.errors import BuildError, NotConforming
from diplolocal.findings import Progress, Report
from diplolocal.formats import NTRIPLES
from diplolocal.releases import NONE, number
from diplolocal.statements import Statements, in_graph
from diplolocal.store import Query, Store, Wanted
from diplolocal.validation import look, validate
from diplolocal.wording import message

LAYOUT = 3
"""Which files a build has and what is derived; counted up when the code changes that, so that old
builds are made anew.
"""

_GZIP_LEVEL = 6
"""Four times as quick as the highest, and an eighth larger."""

_LINES_AT_ONCE = 100_000

_STORE, _CONTEXT, _SHAPES = "store.nq.gz", "context.jsonld", "shapes.ttl"
_MANIFEST, _REPORT = "manifest.json", "report.json"
_RELEASES = "releases"
UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: its folder, its version (12 hex digits), its newest bulletin's month, its
    quads by graph, the version number of its data, and the SHA-256 of each release's record.
    """

    folder: Path
    version: str
    newest: str | None
    counts: Mapping[str, int]
    release: str = NONE
    recorded: Mapping[str, str] = field(default_factory=dict)

    @property
    def records(self) -> tuple[Path, ...]:
        """What each release changed, the oldest first: gzipped N-Quads."""
        return tuple(self.folder / _RELEASES / name for name in self.recorded)

    @property
    def store(self) -> Path:
        """The gzipped N-Quads."""
        return self.folder / _STORE

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.folder / _CONTEXT

    @property
    def shapes(self) -> Path:
        """The shapes, in Turtle."""
        return self.folder / _SHAPES

    @property
    def report(self) -> Report:
        """What validation found."""
        return validated.read((self.folder / _REPORT).read_text(encoding="utf-8"))


def build(
    dataset: Dataset,
    into: Path,
    *,
    kept_in: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Build:
    """Make the build of the data set in a folder of its own below `into`, or find it there made
    already. `kept_in`: a folder where what validation finds is kept until the next time.

    Raises SourcesUnreadable, NotConforming, or BuildError where the folder cannot be written.
    Whatever goes wrong, and whenever it is killed, builds that were there stay whole: the folder
    gets its name only when it is complete.
    """
    folder = into / dataset.version
    if is_current(folder):
        return open_build(folder)
    known = look(dataset)
    report = validate(dataset, known=known, kept_in=kept_in, progress=progress)
    if not report.conforms:
        raise NotConforming(report)
    derived = derive(dataset, known)
    try:
        into.mkdir(parents=True, exist_ok=True)
        sweep(into)
        unfinished = into / f"{UNFINISHED}{os.getpid()}"
        unfinished.mkdir()
        _write_report(unfinished, dataset, report)
        _write(unfinished, dataset, known, derived)
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.rename(folder)
    except OSError as error:
        raise BuildError(
            into,
            message(
                "The build cannot be written: {reason}. Choose another folder with --into.",
                reason=error.strerror,
            ),
        ) from error
    return open_build(folder)


def derive(dataset: Dataset, known: Statements) -> set[bytes]:
    """What the rules conclude from what was written by hand and is not written there, each a line
    of N-Triples.
    """
    derived: set[bytes] = set()
    for rule in dataset.rules:
        derived.update(ask_file(rule, partial(_concluded, known.store)))
    for text in known.texts.values():
        derived.difference_update(text.splitlines(keepends=True))
    return derived


def _concluded(store: Store, rule: str) -> list[bytes]:
    answer = store.answer(Query(rule), Wanted(results=None, graph=NTRIPLES.media_type))
    return answer.body.splitlines(keepends=True)


def is_current(folder: Path) -> bool:
    """Whether the folder is a complete build in this program's layout."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(manifest.get("layout") == LAYOUT)


def open_build(folder: Path) -> Build:
    """The build in a folder. Raises BuildError where it is not whole: each file is compared with
    its hash.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        broken = [
            name for name, digest in manifest["files"].items() if _digest(folder / name) != digest
        ]
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(
            folder, message("This is not a complete build. Make one with `diplolocal build`.")
        ) from error
    if broken:
        raise BuildError(
            folder,
            message(
                "The build was changed after it was made: {names}. Delete the folder and make it"
                " again with"
                " `diplolocal build`.",
                names=", ".join(broken),
            ),
        )
    recorded = {
        Path(name).name: digest
        for name, digest in manifest["files"].items()
        if name.startswith(f"{_RELEASES}/")
    }
    return Build(
        folder,
        manifest["version"],
        manifest["newest"],
        manifest["counts"],
        manifest["release"],
        recorded,
    )


def before(made: Build) -> Build | None:
    """The newest other build beside a build that is whole; None where there is none. Builds of
    another layout count: what is written by hand is in all of them.
    """
    others = [folder for folder in made.folder.parent.iterdir() if (folder / _MANIFEST).is_file()]
    for folder in sorted(others, key=lambda each: (-each.stat().st_mtime_ns, each.name)):
        try:
            other = open_build(folder)
        except BuildError:
            continue
        if other.version != made.version and not folder.name.startswith(UNFINISHED):
            return other
    return None


def _write_report(folder: Path, dataset: Dataset, report: Report) -> None:
    text = validated.written(report, dataset.root)
    (folder / _REPORT).write_text(text, encoding="utf-8", newline="")


def _write(folder: Path, dataset: Dataset, known: Statements, derived: set[bytes]) -> None:
    lines = [*known.nquads(), *in_graph(iris.DERIVED, derived)]
    lines.sort()
    # No name and no time in the header, so that the same statements are the same bytes (RFC 1952
    # §2.3).
    with (
        (folder / _STORE).open("wb") as file,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, mtime=0, fileobj=file) as packed,
    ):
        for first in range(0, len(lines), _LINES_AT_ONCE):
            packed.write(b"".join(lines[first : first + _LINES_AT_ONCE]))
    shutil.copyfile(dataset.context, folder / _CONTEXT)
    shapes = together(dataset.of(Kind.SHAPES))
    (folder / _SHAPES).write_text(shapes, encoding="utf-8", newline="")
    (folder / _RELEASES).mkdir()
    for record in dataset.records:
        shutil.copyfile(record, folder / _RELEASES / record.name)
    files = (
        _CONTEXT,
        _REPORT,
        _SHAPES,
        _STORE,
        *(f"{_RELEASES}/{record.name}" for record in dataset.records),
    )
    months = [source.path.stem for source in dataset.of(Kind.BULLETIN)]
    counts = {source.graph: text.count(b"\n") for source, text in known.texts.items()}
    if derived:
        counts[iris.DERIVED] = len(derived)
    manifest = {
        "layout": LAYOUT,
        "version": dataset.version,
        "release": number(dataset),
        "newest": max(months, default=None),
        "files": {name: _digest(folder / name) for name in files},
        "counts": {graph: count for graph, count in sorted(counts.items()) if count},
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    for name in (*files, _MANIFEST):
        with (folder / name).open("rb") as written:
            os.fsync(written.fileno())


def sweep(into: Path) -> None:
    """Remove what killed processes left unfinished; the folder of a process that still runs is left
    alone.
    """
    for left in into.glob(f"{UNFINISHED}*"):
        pid = left.name.removeprefix(UNFINISHED)
        if pid.isdecimal() and (int(pid) == os.getpid() or not _is_running(int(pid))):
            shutil.rmtree(left)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
