"""A build as the engine keeps it on disk, so that many processes can open it at once, in no time;
and so the records of its releases.

<builds>/.databases/<version>-<engine>/, <builds>/.databases/history-<records>-<engine>/

It is made from the build when it is first needed, and is no part of it: its bytes are the engine's
own, and differ each time. It may be deleted whenever nothing is served.
"""

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path

from diplolocal.build import UNFINISHED, Build, sweep
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError
from diplolocal.findings import Progress
from diplolocal.wording import message

FOLDER = ".databases"
_FORKING = multiprocessing.get_context("forkserver")
_KEPT = 6
"""How many databases stay, two of a build: another server may still answer from an older one."""


def database(made: Build, *, progress: Progress = lambda step, done, total: None) -> Path:
    """The folder for `EmbeddedStore.open`, made where it is missing; whole or not there at all.

    Raises BuildError where it cannot be written.
    """
    return _database(made, made.version, (made.store,), progress)


def history_database(made: Build, *, progress: Progress = lambda step, done, total: None) -> Path:
    """The same of what its releases recorded: all versions of all things, each in a graph of its
    own.
    """
    name = hashlib.sha256("".join(made.recorded.values()).encode()).hexdigest()[:12]
    return _database(made, f"history-{name}", made.records, progress)


def _database(made: Build, name: str, files: Sequence[Path], progress: Progress) -> Path:
    folders = made.folder.parent / FOLDER
    folder = folders / f"{name}-oxigraph-{version('pyoxigraph')}"
    if folder.is_dir():
        return folder
    size = sum(file.stat().st_size for file in files)

    def read(done: int) -> None:
        progress(message("Writing the database"), done // 1_000_000, size // 1_000_000)

    unfinished = folders / f"{UNFINISHED}{os.getpid()}"
    try:
        folders.mkdir(exist_ok=True)
        sweep(folders)
        _write_apart(files, unfinished, read)
        _make_room(folders)
        if not folder.is_dir():  # another process may have been quicker
            unfinished.rename(folder)
    except OSError as error:
        raise BuildError(
            folder,
            message(
                "The database cannot be written: {reason}. Choose another folder with --into.",
                reason=error.strerror or str(error),
            ),
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _write_apart(files: Sequence[Path], folder: Path, read: Callable[[int], None]) -> None:
    """Write the database in a process that ends with it: the engine keeps the memory that it took
    for this, and it is much.
    """
    ours, theirs = _FORKING.Pipe(duplex=False)
    process = _FORKING.Process(target=write, args=(files, folder, theirs), daemon=True)
    process.start()
    theirs.close()
    said: int | Exception | None = None
    with ours, suppress(EOFError):
        while isinstance(said := ours.recv(), int):
            read(said)
    process.join()
    if isinstance(said, Exception):
        raise said
    if process.exitcode:
        raise OSError(None, f"exit code {process.exitcode}")


def write(files: Sequence[Path], folder: Path, told: Connection) -> None:
    """Write the database of a build's statements, and tell how far it is, or what went wrong."""
    try:
        EmbeddedStore.write(files, folder, read=told.send)
    except (OSError, EOFError, SyntaxError) as error:
        told.send(error)


def _make_room(folders: Path) -> None:
    """Remove all but the newest ones."""
    finished = [each for each in folders.iterdir() if not each.name.startswith(UNFINISHED)]
    for old in sorted(finished, key=lambda each: each.stat().st_mtime_ns)[: -_KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)
