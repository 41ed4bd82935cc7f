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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Self

from pyoxigraph import Quad, RdfFormat, parse

from diplolocal.errors import DiploLocalError
from diplolocal.findings import Finding
from diplolocal.parts import Part
from diplolocal.shacl import Engine, apply, in_ntriples
from diplolocal.wording import Message, message

_Worker = subprocess.Popen[bytes]

_PATIENCE_SECONDS = 5
"""How long is waited for a thread whose worker was killed."""


class Workers:
    """Workers while the block runs, started as they are needed. What they have not done when it
    ends is not done.

    An interrupt may come at any moment, also while a lock is being taken, which then stays taken:
    the block of an executor of `concurrent.futures` then never ends. So who asks shares with the
    threads only queues that are not written in Python, and does not wait for ever for their end.
    """

    def __init__(self, shapes: Iterable[Quad], engine: Engine) -> None:
        self._task = (in_ntriples(shapes), engine)
        self._asked: SimpleQueue[Part | None] = SimpleQueue()
        self._answered: SimpleQueue[tuple[Part, list[Finding] | Exception]] = SimpleQueue()
        self._left = 0
        # Each thread has a worker of its own, and waits for it.
        self._threads: list[threading.Thread] = []
        self._all: list[_Worker] = []
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        for worker in self._all:
            worker.kill()
        for _each in range(_processors()):
            self._asked.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    @property
    def done(self) -> int:
        """How many parts are examined whose findings were not taken yet."""
        return self._answered.qsize()

    def examine(self, part: Part) -> None:
        """Have a part looked at; `findings` says what was found."""
        self._asked.put(part)
        self._left += 1
        if len(self._threads) < min(self._left, _processors()):
            thread = threading.Thread(target=self._work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def findings(self) -> Iterator[tuple[Part, list[Finding]]]:
        """Each part that is to be examined with what the shapes find in it, as soon as a worker has
        looked. Raises DiploLocalError where one could not.
        """
        while self._left:
            part, answer = self._answered.get()
            self._left -= 1
            if isinstance(answer, Exception):
                raise answer
            yield part, answer

    def _work(self) -> None:
        """Have parts examined by one worker until the block ends."""
        worker = None
        while (part := self._asked.get()) and not self._ended:
            try:
                worker = worker or self._started()
                self._answered.put((part, _told(worker, part)))
            except Exception as error:  # whatever it is, who asked is told
                self._answered.put((part, error))
        if worker:
            worker.kill()
            worker.communicate()

    def _started(self) -> _Worker:
        try:
            worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "diplolocal.workers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                process_group=0,  # Ctrl+C is for the process that asks, which then ends this one
            )
        except OSError as error:
            raise _nothing_known(error.strerror) from error
        self._all.append(worker)
        if self._ended:
            worker.kill()  # who ended the block may have looked before
        assert worker.stdin is not None
        with suppress(BrokenPipeError):  # whoever asks it a part is told how it ended
            pickle.dump(self._task, worker.stdin)
        return worker


def _told(worker: _Worker, part: Part) -> list[Finding]:
    """What a worker finds in a part. Raises DiploLocalError where it cannot look, or has ended."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        pickle.dump((part.things, part.text), worker.stdin)
        worker.stdin.flush()
        answer: list[Finding] | Message = pickle.load(worker.stdout)
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        worker.kill()
        reason = message("exit code {code}", code=worker.wait())
        raise _nothing_known(reason) from error
    if isinstance(answer, Message):
        raise DiploLocalError(answer)
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
    try:
        serve(sys.stdin.buffer, answers)
    except (OSError, EOFError, pickle.UnpicklingError):
        os._exit(1)  # who asked has ended in the middle of it, and nobody reads what is said
