"""Workers find what one process finds, and whatever happens to them is said, never passed over."""

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from diplolocal.errors import DiploLocalError
from diplolocal.findings import Finding
from diplolocal.parts import Part
from diplolocal.shacl import Engine, in_ntriples
from diplolocal.wording import Message
from diplolocal.workers import Workers, serve

PREFIXES = "@prefix e: <http://e.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."
RIGHT = """
    e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:P .
    e:P a sh:PropertyShape ; sh:path e:p ; sh:maxCount 0 ; sh:message "None."@en .
"""
WRONG = RIGHT.replace("sh:path e:p", "sh:path 'p'")
ENDED = (
    "A process that applies the shapes ended before it was done (exit code {code}), so nothing is"
    " known of the data. Free some memory and try again."
)


def shapes(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, format=RdfFormat.TURTLE))


def part(name: str) -> Part:
    """A thing of class C with a property that it must not have."""
    iri = f"http://e.org/{name}"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/C>"
    text = f'<{iri}> {kind} .\n<{iri}> <http://e.org/p> "{name}" .\n'
    return Part(frozenset({iri}), text.encode(), key=name)


@pytest.mark.parametrize("engine", Engine)
def test_each_part_is_answered_with_what_is_found_in_it(engine: Engine) -> None:
    with Workers(shapes(RIGHT), engine) as workers:
        asked = ("one", "two", "three", "four")
        for name in asked:
            workers.examine(part(name))
        found = {each.key: findings for each, findings in workers.findings()}
    assert {name: [each.node for each in findings] for name, findings in found.items()} == {
        name: [f"http://e.org/{name}"] for name in asked
    }
    assert children() == set()


def test_only_the_things_of_the_part_are_looked_at() -> None:
    neighbour = Part(frozenset(), part("one").text, key="none")
    with Workers(shapes(RIGHT), Engine.RUDOF) as workers:
        assert found_in(workers, neighbour) == []


def test_no_process_is_started_for_nothing() -> None:
    with Workers(shapes(RIGHT), Engine.RUDOF):
        assert children() == set()


def test_a_worker_that_is_killed_is_an_error_in_words() -> None:
    with Workers(shapes(RIGHT), Engine.RUDOF) as workers:
        found_in(workers, part("one"))
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(DiploLocalError) as refusal:
            found_in(workers, part("two"))
    assert str(refusal.value) == ENDED.format(code=-9)


def test_shapes_that_the_engine_cannot_read_are_an_error_in_words() -> None:
    with Workers(shapes(WRONG), Engine.RUDOF) as workers, pytest.raises(DiploLocalError) as refusal:
        found_in(workers, part("one"))
    assert str(refusal.value).startswith(
        "The shapes cannot be applied. Mend the files in shapes/: SHACL error: "
    )


def test_where_no_process_can_be_started_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Workers(shapes(RIGHT), Engine.RUDOF) as workers, pytest.raises(DiploLocalError) as refusal:
        found_in(workers, part("one"))
    assert "(No such file or directory)" in str(refusal.value)


def test_workers_end_with_the_block_also_in_the_middle_of_their_work() -> None:
    taken: list[Part] = []

    def interrupted() -> None:
        with Workers(shapes(RIGHT), Engine.PYSHACL) as workers:
            for number in range(10_000):
                workers.examine(part(str(number)))
            taken.append(next(workers.findings())[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert children() == set()
    assert len(taken) == 1


@pytest.mark.parametrize("told", ["nothing", "half of the shapes", "half of a part"])
def test_a_worker_whose_asker_is_gone_ends_without_a_word(told: str) -> None:
    task, asked = (
        pickle.dumps((in_ntriples(shapes(RIGHT)), Engine.RUDOF)),
        pickle.dumps((part("one").things, part("one").text)),
    )
    said = {"nothing": b"", "half of the shapes": task[:50], "half of a part": task + asked[:50]}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "diplolocal.workers"],
        input=said[told],
        capture_output=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_process_with_threads_of_large_stacks_has_workers_too() -> None:
    before = threading.stack_size(512 * 1024 * 1024)
    try:
        with Workers(shapes(RIGHT), Engine.RUDOF) as workers:
            assert len(found_in(workers, part("one"))) == 1
    finally:
        threading.stack_size(before)


def test_a_worker_does_not_import_what_lies_in_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "diplolocal.py").write_text("raise SystemExit('imported')")
    (tmp_path / "pickle.py").write_text("raise SystemExit('imported')")
    asking = (
        "from tests.test_workers import *\n"
        "with Workers(shapes(RIGHT), Engine.RUDOF) as workers:\n"
        "    print(len(found_in(workers, part('one'))))\n"
    )
    here = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys\nsys.path.insert(0, {str(here)!r})\n{asking}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_a_worker_answers_one_part_after_another_until_there_are_no_more() -> None:
    asked = io.BytesIO()
    pickle.dump((in_ntriples(shapes(RIGHT)), Engine.RUDOF), asked)
    for name in ("one", "two"):
        pickle.dump((part(name).things, part(name).text), asked)
    assert [
        [each.node for each in answer] if isinstance(answer, list) else answer
        for answer in served(asked)
    ] == [["http://e.org/one"], ["http://e.org/two"]]


def test_a_worker_answers_with_a_sentence_where_it_finds_nothing_out() -> None:
    asked = io.BytesIO()
    pickle.dump((in_ntriples(shapes(WRONG)), Engine.RUDOF), asked)
    pickle.dump((part("one").things, part("one").text), asked)
    [answer] = served(asked)
    assert isinstance(answer, Message)
    assert answer.text == "The shapes cannot be applied. Mend the files in shapes/: {reason}"


def served(asked: io.BytesIO) -> Iterator[list[Finding] | Message]:
    answers = io.BytesIO()
    asked.seek(0)
    serve(asked, answers)
    answers.seek(0)
    while answers.tell() < len(answers.getvalue()):
        yield pickle.load(answers)


def found_in(workers: Workers, one: Part) -> list[Finding]:
    """What is found in the only part that is examined."""
    workers.examine(one)
    [(_, found)] = workers.findings()
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def children() -> set[int]:
    """The workers that this process has."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            line = (status.parent / "cmdline").read_bytes()
            parent = status.read_text().partition("PPid:\t")[2].partition("\n")[0]
        except OSError:
            continue
        if b"diplolocal.workers" in line and int(parent) == os.getpid():
            found.add(int(status.parent.name))
    return found
