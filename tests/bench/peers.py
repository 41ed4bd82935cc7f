"""The servers that `make bench` asks: ours, started by the real command, and peers from PyPI."""

import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from diplolocal.build import Build

OURS, OXIGRAPH, RDFLIB = "diplolocal", "Oxigraph server", "rdflib-endpoint"
HELLO = "bare ASGI hello"
_SECONDS_TO_LOAD = 240


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that answers queries: what it is called, its endpoint, its process."""

    name: str
    endpoint: str
    pid: int

    def megabytes(self) -> float:
        """The memory of the process and of its children in MB; what they share is counted once
        (PSS, Linux proc_pid_smaps_rollup).
        """
        return sum(map(_proportional_bytes, _family(self.pid))) / 1_000_000


@contextmanager
def diplolocal(root: Path, builds: Path, env: Mapping[str, str] = {}) -> Iterator[Peer]:
    """Our server over a build that is there already; what it complains of is shown if it does not
    start.
    """
    command: list[str | Path] = [_program("diplolocal"), "serve", "--port", "0"]
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith("DIPLOLOCAL_")
    }
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            [*command, "--root", root, "--into", builds],
            env={**plain, "LC_ALL": "C.UTF-8", **env},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        with _ended(process):
            assert process.stdout is not None
            said = process.stdout.readline().split()
            if not said:
                complaints.seek(0)
                raise RuntimeError(complaints.read())
            address = next(word for word in said if word.startswith("http://"))
            yield Peer(OURS, f"{address.rstrip('/')}/sparql", process.pid)


@contextmanager
def oxigraph(build: Build, folder: Path) -> Iterator[Peer]:
    """The Oxigraph server over the same statements, packed for reading as its help advises."""
    program = _program("oxigraph")
    for arguments in (["load", "--file", build.store], ["optimize"]):
        subprocess.run([program, *arguments, "--location", folder], check=True, capture_output=True)
    port = _free_port()
    command: list[str | Path] = [program, "serve-read-only", "--union-default-graph"]
    process = subprocess.Popen(
        [*command, "--location", folder, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    with _ended(process):
        yield _answering(Peer(OXIGRAPH, f"http://127.0.0.1:{port}/query", process.pid), process)


@contextmanager
def rdflib_endpoint(build: Build, folder: Path) -> Iterator[Peer]:
    """rdflib-endpoint as its command serves a file: a data set whose default graph is the union."""
    file = folder / "build.nq"
    file.write_bytes(gzip.decompress(build.store.read_bytes()))
    port = _free_port()
    process = subprocess.Popen(
        [_program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), file],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with _ended(process):
        yield _answering(Peer(RDFLIB, f"http://127.0.0.1:{port}/", process.pid), process)


@contextmanager
def hello() -> Iterator[Peer]:
    """A bare ASGI application in the server that we use, too, and as we use it."""
    port = _free_port()
    told = ("--port", str(port), "--log-level", "error", "--no-access-log", "--lifespan", "off")
    process = subprocess.Popen([_program("uvicorn"), "tests.bench.hello:app", *told])
    with _ended(process):
        yield _answering(Peer(HELLO, f"http://127.0.0.1:{port}/", process.pid), process)


@contextmanager
def _ended(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _answering(peer: Peer, process: subprocess.Popen[bytes]) -> Peer:
    """The peer, as soon as it answers."""
    end = time.monotonic() + _SECONDS_TO_LOAD
    while True:
        try:
            httpx2.get(peer.endpoint, params={"query": "ASK {}"}).raise_for_status()
        except httpx2.TransportError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return peer


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += _family(int(child))
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
