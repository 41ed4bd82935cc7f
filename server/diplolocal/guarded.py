"""A Store for strangers' queries: each runs in a process of its own that can be ended.

Oxigraph cannot be told to stop, and some queries end the process they run in. So a query runs in a
worker: it has a deadline, a cap of memory and a cap of its answer. A worker that takes too long,
needs too much, or whose asker has gone is killed, and another one is forked, in some milliseconds,
from a quiet process that has read all the code and opened nothing. What a worker answers is whole,
or it is an error.
"""

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from diplolocal import federation
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import DiploLocalError
from diplolocal.store import PATIENT, Answer, Limits, Patience, Query, Wanted
from diplolocal.store_errors import (
    NobodyWaits,
    QueryTimeout,
    QueryTooCostly,
    StoreBusy,
    StoreUnavailable,
)
from diplolocal.wording import message

STACK_BYTES = 512 * 1024 * 1024
"""What a thread may use to answer a query of the size that is read here: the engine reads and plans
recursively, and on a usual stack of 8 MiB some thousand brackets end the process. Memory is only
used as deep as a query goes.
"""

_LOOK_SECONDS = 0.05
"""How often somebody who waits is looked at."""

_SLOW_SECONDS = 1
"""After this a query makes way for the others (setpriority, POSIX)."""

_SLOW_NICENESS = 10
_GRACE_SECONDS = 5
"""After its deadline and this, a worker ends by itself, should nobody be left to end it."""

_TURNS = 2
"""How many times as long as it may take a query waits for its turn, before it is sent away."""

_TRIES = 3
"""How many workers are begun, one after another, before it is said that none can be."""

_GROWN_BYTES = 300_000_000
"""A worker that has ever needed more is not used again: memory is seldom given back."""

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["__main__", "diplolocal.guarded"])


@dataclass(frozen=True, slots=True)
class _Worker:
    process: ForkServerProcess
    connection: Connection


@dataclass(frozen=True, slots=True)
class _Task:
    query: Query
    wanted: Wanted
    seconds: float


@dataclass(frozen=True, slots=True)
class _Done:
    """What a worker says: an answer or why there is none; the most memory it ever had, in bytes."""

    answer: Answer | DiploLocalError
    peak: int


class GuardedStore:
    """A database (see `EmbeddedStore.open`), asked within limits by so many workers at once; so
    many queries more may wait for one, and the others are sent away.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        *,
        services: Collection[str] = (),
        workers: int,
        waiting: int,
    ) -> None:
        """Raises StoreUnavailable where no worker can be started."""
        self._folder = folder
        self._limits = limits
        self._services = frozenset(services)
        self._room = workers + waiting
        self._counting = threading.Lock()
        self._asked = 0
        self._turns = threading.Semaphore(workers)
        self._all: set[_Worker] = set()
        self._idle: deque[_Worker] = deque([self._started()])

    @property
    def asked(self) -> int:
        """How many queries are being answered or wait."""
        return self._asked

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """See `Store.answer`. Raises NobodyWaits as well, soon after patience ends."""
        limit = self._seconds(query, patience)
        asked = time.monotonic()
        with self._turn(patience, asked + (patience.seconds or limit * _TURNS)):
            begun = time.monotonic()
            answer = self._answered(_Task(query, wanted, limit), patience)
        spent = {"wait": begun - asked, "answer": time.monotonic() - begun}
        return Answer(answer.body, answer.media_type, spent)

    def close(self) -> None:
        """End the workers, whatever they do; nobody may ask any more."""
        while self._idle:
            self._end(self._idle.pop())
        for worker in list(self._all):
            with suppress(ValueError):  # its own thread was quicker
                worker.process.kill()

    def _seconds(self, query: Query, patience: Patience) -> float:
        """How long a query may take: what is allowed here, or less if that is asked for."""
        limits = self._limits
        allowed = limits.service_seconds if federation.calls(query) else limits.seconds
        return allowed if patience.seconds is None else min(allowed, patience.seconds)

    @contextmanager
    def _turn(self, patience: Patience, until: float) -> Iterator[None]:
        """Wait for a worker to be free."""
        with self._counting:
            if self._asked >= self._room:
                raise StoreBusy(ceil(self._limits.seconds))
            self._asked += 1
        try:
            while not self._turns.acquire(timeout=_LOOK_SECONDS):
                if patience.gone():
                    raise NobodyWaits
                if time.monotonic() > until:
                    raise StoreBusy(ceil(self._limits.seconds))
            try:
                yield
            finally:
                self._turns.release()
        finally:
            with self._counting:
                self._asked -= 1

    def _answered(self, task: _Task, patience: Patience) -> Answer:
        worker, begun = self._set_to_work(task), time.monotonic()
        again = False
        try:
            slow = self._wait(worker, task.seconds, patience)
            done: _Done = worker.connection.recv()
            again = not slow and done.peak < _GROWN_BYTES
        except (EOFError, OSError) as error:
            elapsed = time.monotonic() - begun
            raise QueryTooCostly(self._limits.memory_bytes, elapsed) from error
        finally:
            if again:
                self._idle.append(worker)
            else:
                self._end(worker)
        if isinstance(done.answer, DiploLocalError):
            raise done.answer
        return done.answer

    def _wait(self, worker: _Worker, seconds: float, patience: Patience) -> bool:
        """Wait until the worker says something; whether it was slow."""
        begun, slow = time.monotonic(), False
        while not worker.connection.poll(_LOOK_SECONDS):
            elapsed = time.monotonic() - begun
            if patience.gone():
                raise NobodyWaits
            if elapsed > seconds:
                raise QueryTimeout(seconds, elapsed)
            if elapsed > _SLOW_SECONDS and not slow:
                slow = True
                with suppress(OSError):
                    assert worker.process.pid is not None
                    os.setpriority(os.PRIO_PGRP, worker.process.pid, _SLOW_NICENESS)
        return slow

    def _set_to_work(self, task: _Task) -> _Worker:
        """A worker that has the task: one that is idle, unless somebody has ended it, or a new
        one.
        """
        while True:
            try:
                worker, new = self._idle.pop(), False
            except IndexError:
                worker, new = self._started(), True
            try:
                worker.connection.send(task)
            except OSError as error:
                self._end(worker)
                if new:
                    raise StoreUnavailable(
                        message("The SPARQL store failed: {reason}", reason=error.strerror)
                    ) from error
            else:
                return worker

    def _end(self, worker: _Worker) -> None:
        self._all.discard(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        worker.process.close()

    def _started(self) -> _Worker:
        """A new worker, ready: another one, where one is ended on the way. Raises StoreUnavailable
        where none gets so far.
        """
        for _ in range(_TRIES):
            worker, reason = self._begun()
            if not reason:
                return worker
            self._end(worker)
        raise StoreUnavailable(message("The SPARQL store failed: {reason}", reason=reason))

    def _begun(self) -> tuple[_Worker, str]:
        """A new worker, and why it is not ready, if it is not."""
        ours, theirs = _FORKING.Pipe()
        process = _FORKING.Process(
            target=work, args=(theirs, self._folder, self._limits, self._services), daemon=True
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._all.add(worker)
        try:
            return worker, ours.recv()
        except (EOFError, OSError) as error:
            return worker, str(error) or type(error).__name__


def work(asked: Connection, folder: Path, limits: Limits, services: Collection[str]) -> None:
    """Answer one query after another, until nobody is left to ask; or end in the attempt."""
    os.setpgid(0, 0)  # Ctrl+C is for the process that asks
    try:
        store = EmbeddedStore.open(folder, limits=limits, services=services)
    except OSError as error:
        asked.send(str(error))
        return
    threading.stack_size(STACK_BYTES)
    answering = threading.Thread(target=_answer_all, args=(asked, store, limits.memory_bytes))
    answering.start()
    answering.join()


def _answer_all(asked: Connection, store: EmbeddedStore, memory_bytes: int) -> None:
    _cap(memory_bytes)
    asked.send("")
    with suppress(EOFError, ConnectionError):
        while True:
            task: _Task = asked.recv()
            signal.setitimer(signal.ITIMER_REAL, task.seconds + _GRACE_SECONDS)
            answer: Answer | DiploLocalError
            try:
                answer = store.answer(task.query, task.wanted)
            except DiploLocalError as error:
                answer = error
            except MemoryError:
                os.abort()  # as the engine does where it finds no memory
            signal.setitimer(signal.ITIMER_REAL, 0)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            asked.send(_Done(answer, peak))


def _cap(memory_bytes: int) -> None:
    """Let this process have so much more memory than it has now, and no more: whatever asks for it
    is ended (RLIMIT_AS, setrlimit(2)). Where the system does not tell what it has, there is no cap.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
