"""The dumps: everything to take away, whole and by bulletin, in every format; made once of a build.

build/<version>/dumps/
├── diplolocal.{trig,ttl,nt,jsonld}.gz    everything; as N-Quads it is the build's own store.nq.gz
├── tables/                               <table>.csv, <table>.parquet, and what describes them
├── bulletins/                            <month>.{nq,trig,ttl,nt,jsonld}.gz, <month>/<table>.csv …
├── SHA256SUMS                            of all of these
└── dumps.json                            the size and the hash of each

TriG and N-Quads say in which graph a statement stands; the other formats have the union of the
graphs, each statement once. A bulletin is its graph: what was written by hand from that issue.
The folder is there when it is whole. The same build makes the same bytes.
"""

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from diplolocal import formats, graph_files, iris, resources, table_files
from diplolocal.build import UNFINISHED, Build, sweep
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError
from diplolocal.findings import Progress
from diplolocal.formats import NQUADS, TRIG, Format
from diplolocal.packages import About, Stored
from diplolocal.store import Store, plain
from diplolocal.tables import tables
from diplolocal.wording import LANGUAGES, Dated, Message, Said, message, said, say

FOLDER = "dumps"
SUMS = "SHA256SUMS"
LAYOUT = 1
"""Which dumps there are and what is in them; counted up when the code changes that."""

_MANIFEST = "dumps.json"
_STEM, _TABLES, _BULLETINS = "diplolocal", "tables", "bulletins"
_WHOLE = (NQUADS, TRIG, *graph_files.UNION)
_KEPT = 3
"""Of how many builds the dumps stay: another server may still send those of an older one."""
_PROCESSES = 2
"""More would take more memory than a small machine has."""
_FORKING = multiprocessing.get_context("forkserver")
_DCTERMS = "http://purl.org/dc/terms/"

Task = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Dump:
    """One file to take away: its `name` (a path below that of the dumps) and where it lies, its
    size and its SHA-256 (hexadecimal).

    `format` is what is inside; `compressed`: gzip is around it. `table` is the table that it has,
    `bulletin` the month of which it is; None: of everything.
    """

    name: str
    file: Path
    bytes: int
    sha256: str
    format: Format
    compressed: bool
    table: str | None
    bulletin: str | None
    title: Said


def dumps(
    made: Build, database: Path, *, progress: Progress = lambda step, done, total: None
) -> tuple[Dump, ...]:
    """The dumps of a build, made where they are missing: everything, the tables, the bulletins by
    month. `database` is that of the build.

    Raises BuildError where they cannot be written.
    """
    folder = made.folder / FOLDER
    stored = _stored(folder)
    if stored is None:
        try:
            _make(made, database, progress)
        except (OSError, BrokenProcessPool) as error:
            raise BuildError(
                folder,
                message(
                    "The dumps cannot be written: {reason}. Choose another folder with --into.",
                    reason=getattr(error, "strerror", None) or str(error),
                ),
            ) from error
        stored = _stored(folder) or {}
    found = (_dump(name, folder / name, each) for name, each in stored.items())
    return tuple(sorted((everything(made), *found), key=_place))


def everything(made: Build) -> Dump:
    """All statements as N-Quads: the dump that is there as soon as the build is."""
    return _dump(_name(NQUADS), made.store, _look(made.store))


def _make(made: Build, database: Path, progress: Progress) -> None:
    """Make the folder; it gets its name when it is whole."""
    folder, unfinished = made.folder / FOLDER, made.folder / f"{UNFINISHED}{os.getpid()}"
    sweep(made.folder)
    try:
        for name in (_TABLES, _BULLETINS):
            (unfinished / name).mkdir(parents=True)
        store = EmbeddedStore.open(database)
        _do(_tasks(made, database, unfinished, resources.prefixes(store)), progress)
        _describe(made, store, unfinished)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
        _make_room(made.folder.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _tasks(
    made: Build, database: Path, folder: Path, prefixes: Mapping[str, str]
) -> Iterator[Task]:
    """What can be done at the same time, the longest first."""
    yield partial(write_graphs, made.store, folder, prefixes)
    for table in tables():
        into = folder / _TABLES, folder / _BULLETINS
        yield partial(table_files.write_table, table, database, *into)
    for fmt in graph_files.UNION:
        yield partial(graph_files.write_union, made.store, folder / _name(fmt), fmt, prefixes)


def write_graphs(store: Path, folder: Path, prefixes: Mapping[str, str]) -> None:
    """Write the named graphs of a build: together as TriG, and those of the bulletins each for
    itself.
    """
    parts = folder / "graphs"
    parts.mkdir()
    graphs = graph_files.split(store, parts)
    graph_files.write_trig(graphs, folder / _name(TRIG), prefixes)
    for name, triples in graphs.items():
        month = iris.key_of(name)
        if name == iris.graph("bulletin", month):
            graph_files.write_graph(name, triples, folder / _BULLETINS / month, prefixes)
    shutil.rmtree(parts)


def _do(tasks: Iterator[Task], progress: Progress) -> None:
    """Do the tasks in processes that end with them: what they take in memory is not kept."""
    with ProcessPoolExecutor(_PROCESSES, mp_context=_FORKING) as processes:
        begun = [processes.submit(task) for task in tasks]
        try:
            for done, each in enumerate(as_completed(begun), start=1):
                each.result()
                progress(message("Writing the dumps"), done, len(begun))
        except BaseException:
            processes.shutdown(cancel_futures=True)
            raise


def _describe(made: Build, store: Store, folder: Path) -> None:
    """Write what describes the tables, the sums, and what there is."""
    csv = {
        table.name: _look(folder / _TABLES / f"{table.name}.{formats.CSV.suffix}")
        for table in tables()
    }
    table_files.write_descriptions(_about(made, store), folder / _TABLES, csv)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stored = {path.relative_to(folder).as_posix(): _look(path) for path in files}
    # The N-Quads are no file of this folder, and yet a dump.
    sums = {**stored, _name(NQUADS): _look(made.store)}
    lines = (f"{each.sha256}  {name}\n" for name, each in sorted(sums.items()))
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    manifest = {
        "layout": LAYOUT,
        "files": {
            name: {"bytes": each.bytes, "sha256": each.sha256} for name, each in stored.items()
        },
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / _MANIFEST).write_text(text, encoding="utf-8")


def _about(made: Build, store: Store) -> About:
    """What the tables are of, as the data set says it."""
    texts: dict[str, dict[str, str]] = {"title": {}, "description": {}, "license": {}}
    for triple in resources.triples(store, iris.DATASET):
        name = triple.predicate.value.removeprefix(_DCTERMS)
        if name in texts and plain(triple.subject) == iris.DATASET:
            texts[name][getattr(triple.object, "language", None) or ""] = plain(triple.object)
    [licence] = texts["license"].values()
    return About(said(texts["title"]), said(texts["description"]), licence, made.release)


def _stored(folder: Path) -> Mapping[str, Stored] | None:
    """The files of a folder of dumps that is whole and in this program's layout."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        files = {
            name: Stored(each["bytes"], each["sha256"]) for name, each in manifest["files"].items()
        }
        sizes = all((folder / name).stat().st_size == each.bytes for name, each in files.items())
    except (OSError, ValueError, KeyError):
        return None
    return files if sizes and manifest.get("layout") == LAYOUT else None


def _look(path: Path) -> Stored:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Stored(path.stat().st_size, digest)


def _name(fmt: Format) -> str:
    return f"{_STEM}.{fmt.suffix}.gz"


def _dump(name: str, file: Path, stored: Stored) -> Dump:
    """A dump by its name, which says what it is."""
    room, _, rest = name.rpartition("/")
    stem, *suffixes = rest.split(".")
    compressed = suffixes[-1] == "gz"
    offered = (*graph_files.EACH, *table_files.FORMATS)
    fmt = table_files.DESCRIPTIONS.get(rest) or formats.by_suffix(offered, suffixes[0])
    assert fmt
    is_table = fmt in table_files.FORMATS
    of_bulletin = room.removeprefix(_BULLETINS).strip("/") if is_table else stem
    bulletin = of_bulletin if room.startswith(_BULLETINS) else None
    return Dump(
        name=name,
        file=file,
        bytes=stored.bytes,
        sha256=stored.sha256,
        format=fmt,
        compressed=compressed,
        table=stem if is_table else None,
        bulletin=bulletin,
        title=_title(fmt, stem if is_table else None, bulletin),
    )


def _title(fmt: Format, table: str | None, bulletin: str | None) -> Said:
    titles = {each.name: each.title for each in tables()}
    month = Dated(bulletin) if bulletin else ""

    def sentence(of: str) -> Message:
        if fmt in table_files.DESCRIPTIONS.values():
            return message("Description of the tables ({format})", format=fmt.label)
        if table and bulletin:
            return message(
                "Bulletin of {month}: {table} ({format})", month=month, table=of, format=fmt.label
            )
        if table:
            return message("Table: {table} ({format})", table=of, format=fmt.label)
        if bulletin:
            return message("Bulletin of {month} ({format})", month=month, format=fmt.label)
        return message("Everything ({format})", format=fmt.label)

    return {
        language: say(sentence(titles[table][language] if table else ""), language)
        for language in LANGUAGES
    }


def _place(dump: Dump) -> tuple[str, int, int, str]:
    """Where a dump stands in a list: everything, the tables, the bulletins by month."""
    names: Sequence[str | None] = [None, *(table.name for table in tables())]
    known = (*_WHOLE, *table_files.FORMATS, *table_files.DESCRIPTIONS.values())
    return (
        dump.bulletin or "",
        names.index(dump.table) if dump.table else len(names) * (dump.format not in _WHOLE),
        known.index(dump.format),
        dump.name,
    )


def _make_room(builds: Path) -> None:
    """Remove all dumps but those that were made last."""
    found = sorted(builds.glob(f"*/{FOLDER}"), key=lambda each: each.stat().st_mtime_ns)
    for old in found[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
