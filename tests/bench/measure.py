"""The steps from files to a store, at one size: `python -m tests.bench.measure REPOSITORY ACTIONS`.

Prints one JSON object: seconds, and at the end how large all of it is.
"""

import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from tests.bench import synthetic

from diplolocal import build, dataset, statements, validation
from diplolocal.database import database
from diplolocal.dataset import Dataset, Kind
from diplolocal.dumping import dumps
from diplolocal.embedded import EmbeddedStore
from diplolocal.findings import Report

Figures = dict[str, float]
_Made = TypeVar("_Made")


def figures(repository: Path, actions: int) -> Figures:
    """What each step takes, with so many synthetic actions beside the real files."""
    taken: Figures = {}

    def timed(what: str, work: Callable[[], _Made]) -> _Made:
        begun = time.perf_counter()
        made = work()
        taken[what] = time.perf_counter() - begun
        return made

    with tempfile.TemporaryDirectory() as temporary:
        root, into = Path(temporary, "files"), Path(temporary, "builds")
        kept_in = into / ".reports"
        found = synthetic.write(repository, root, actions=actions)
        known = timed("parse", lambda: statements.read(found.described))
        del known
        with watched() as worker:
            whole = timed("validate, the first time", lambda: validate(root, kept_in))
        timed("validate, nothing changed", lambda: validate(root, kept_in))
        change_one_bulletin(found)
        timed("validate, one bulletin changed", lambda: validate(root, kept_in))
        made = timed(
            "build, validated before",
            lambda: build.build(dataset.find(root), into, kept_in=kept_in),
        )
        folder = timed("write the database", lambda: database(made))
        with watched() as writer:
            taken_away = timed("write the dumps", lambda: dumps(made, folder))
        timed("load", lambda: EmbeddedStore.load(made.store))
        taken["statements, written by hand"] = whole.quads
        taken["statements, derived as well"] = sum(made.counts.values())
        taken["MB of a build, packed"] = made.store.stat().st_size // 1_000_000
        taken["MB of all dumps"] = sum(dump.bytes for dump in taken_away) // 1_000_000
    taken["MiB of each worker, at most"] = max(worker)
    taken["MiB of each writer of dumps, at most"] = max(writer)
    taken["MiB of memory, at most"] = peak(os.getpid())
    return taken


def validate(root: Path, kept_in: Path) -> Report:
    """A validation from the files, as the command does it. The synthetic data conform."""
    report = validation.validate(dataset.find(root), kept_in=kept_in)
    assert report.conforms
    return report


def change_one_bulletin(found: Dataset) -> None:
    """Another title for the first action of the newest bulletin."""
    path = found.of(Kind.BULLETIN)[-1].path
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'prefLabel "', 'prefLabel "Changed: ', text, count=2), encoding="utf-8")


class watched:  # noqa: N801 - read as a phrase: `with watched() as most`
    """The most memory that any process descended from this one has while the block runs, in MiB."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._most = [0]

    def __enter__(self) -> list[int]:
        self._thread.start()
        return self._most

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self._most += [peak(pid) for pid in below("self")]


def below(pid: int | str) -> list[int]:
    """The processes that descend from one."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text().split()):
                found += [child, *below(child)]
    return found


def peak(pid: int) -> int:
    """The most memory that a process has had, in MiB; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    json.dump(figures(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
