"""A build as the engine keeps it on disk, so that many processes can open it at once, in no time.

<builds>/.databases/<version>-<engine>/

It is made from the build when it is first needed, and is no part of it: its bytes are the engine's
own, and differ each time. It may be deleted whenever nothing is served.
"""

import multiprocessing
import os
import shutil
from collections.abc import Callable
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
_KEPT = 3
"""How many databases stay: another server may still answer from an older one."""


def database(made: Build, *, progress: Progress = lambda step, done, total: None) -> Path:
    """The folder for `EmbeddedStore.open`, made where it is missing; whole or not there at all.

    Raises BuildError where it cannot be written.
    """
    folders = made.folder.parent / FOLDER
    folder = folders / f"{made.version}-oxigraph-{version('pyoxigraph')}"
    if folder.is_dir():
        return folder
    size = made.store.stat().st_size

    def read(done: int) -> None:
        progress(message("Writing the database"), done // 1_000_000, size // 1_000_000)

    unfinished = folders / f"{UNFINISHED}{os.getpid()}"
    try:
        folders.mkdir(exist_ok=True)
        sweep(folders)
        _write_apart(made.store, unfinished, read)
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


def _write_apart(path: Path, folder: Path, read: Callable[[int], None]) -> None:
    """Write the database in a process that ends with it: the engine keeps the memory that it took
    for this, and it is much.
    """
    ours, theirs = _FORKING.Pipe(duplex=False)
    process = _FORKING.Process(target=write, args=(path, folder, theirs), daemon=True)
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


def write(path: Path, folder: Path, told: Connection) -> None:
    """Write the database of a build's statements, and tell how far it is, or what went wrong."""
    try:
        EmbeddedStore.write(path, folder, read=told.send)
    except (OSError, EOFError, SyntaxError) as error:
        told.send(error)


def _make_room(folders: Path) -> None:
    """Remove all but the newest ones."""
    finished = [each for each in folders.iterdir() if not each.name.startswith(UNFINISHED)]
    for old in sorted(finished, key=lambda each: each.stat().st_mtime_ns)[: -_KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)
