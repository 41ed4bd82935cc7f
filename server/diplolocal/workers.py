"""Processes that apply the shapes to parts, one for each processor.

A worker is this module, run by a Python of its own that is told and answers through its standard
streams. It knows nothing of the process that asks, neither its threads nor its main program, and it
ends when that process does, however that ends.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Self

from pyoxigraph import Quad, RdfFormat, parse

from diplolocal.errors import DiploLocalError
from diplolocal.findings import Finding
from diplolocal.parts import Part
from diplolocal.shacl import Engine, apply, in_ntriples
from diplolocal.wording import Message, message

_Worker = subprocess.Popen[bytes]


class Workers:
    """Workers while the block runs, started as they are needed. What they have not done when it
    ends is not done.
    """

    def __init__(self, shapes: Iterable[Quad], engine: Engine) -> None:
        self._task = (in_ntriples(shapes), engine)
        # Each thread has a worker of its own, and waits for it.
        self._threads = ThreadPoolExecutor(_processors())
        self._own = threading.local()
        self._all: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._all:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.kill()  # the one that was just being started, too
            worker.communicate()

    def examine(self, part: Part) -> "Future[list[Finding]]":
        """What the shapes find in a part, when a worker has looked; or DiploLocalError."""
        return self._threads.submit(self._ask, part)

    def _ask(self, part: Part) -> list[Finding]:
        try:
            worker = getattr(self._own, "worker", None) or self._started()
        except OSError as error:
            raise _nothing_known(error.strerror) from error
        try:
            answer = _told(worker, (part.things, part.text))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            worker.kill()
            reason = message("exit code {code}", code=worker.wait())
            raise _nothing_known(reason) from error
        if isinstance(answer, Message):
            raise DiploLocalError(answer)
        return answer

    def _started(self) -> _Worker:
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "diplolocal.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # Ctrl+C is for the process that asks, which then ends this one
        )
        self._all.append(worker)
        self._own.worker = worker
        assert worker.stdin is not None
        pickle.dump(self._task, worker.stdin)
        return worker


def _told(worker: _Worker, work: tuple[frozenset[str], bytes]) -> list[Finding] | Message:
    """What a worker answers."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    pickle.dump(work, worker.stdin)
    worker.stdin.flush()
    answer: list[Finding] | Message = pickle.load(worker.stdout)
    return answer


def _nothing_known(reason: object) -> DiploLocalError:
    return DiploLocalError(
        message(
            "A process that applies the shapes ended before it was done ({reason}), so nothing is"
            " known of the data. Free some memory and try again.",
            reason=reason,
        )
    )


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Apply the shapes that are told first to each part that is told then, until no more is."""
    text, engine = pickle.load(asked)
    shapes = list(parse(text, format=RdfFormat.N_TRIPLES))
    while True:
        try:
            things, data = pickle.load(asked)
        except EOFError:
            return
        answer: list[Finding] | Message
        try:
            answer = list(apply(shapes, data, engine=engine, focus=things))
        except DiploLocalError as error:
            answer = error.sentence
        pickle.dump(answer, answers)
        answers.flush()


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    # What a library prints goes to standard error: it is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)
