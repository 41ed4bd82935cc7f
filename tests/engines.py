"""Engines that tests talk to: a real Oxigraph server and a real Virtuoso, on this machine only."""

import gzip
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import wait_for

from diplolocal.build import Build

PASSWORD = "made-up"
"""The password of Virtuoso's administrator `dba`, in a test."""

_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10

[SPARQL]
MaxQueryExecutionTime = 60
{more}
"""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine: where it is asked and changed, how one logs in, its process, and where its
    SQL is asked, if it has any.
    """

    query: str
    update: str
    login: dict[str, str]
    process: subprocess.Popen[bytes]
    sql: str = ""


@contextmanager
def oxigraph(folder: Path, *options: str, command: str = "serve") -> Iterator[Engine]:
    """An Oxigraph server over the store in a folder."""
    port = free_port()
    started = subprocess.Popen(
        [oxigraph_program(), command, *options, f"--location={folder}", f"--bind=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/")
        yield Engine(f"{address}/query", f"{address}/update", {}, started)
    finally:
        end(started)


def oxigraph_program() -> str:
    """The server that is installed beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name("oxigraph"))


@contextmanager
def virtuoso(folder: Path, *, more: str = "") -> Iterator[Engine]:
    """A Virtuoso with a database of its own in a folder; `more`: lines for its section SPARQL."""
    program = shutil.which("virtuoso-t")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("virtuoso-t is missing: apt-get install virtuoso-opensource-7-bin")
        pytest.skip("virtuoso-t is missing: apt-get install virtuoso-opensource-7-bin")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=sql, http=http, more=more))
    usual = [program, "+configfile", "virtuoso.ini", "+foreground"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if not (folder / "virtuoso.db").exists():
        password = ["+pwdold", "dba", "+pwddba", PASSWORD]
        subprocess.run([*usual, *password], timeout=60, check=False, **quiet)  # type: ignore[call-overload]
    started = subprocess.Popen(usual, **quiet)  # type: ignore[call-overload]
    address = f"http://127.0.0.1:{http}/sparql"
    login = {"DIPLOLOCAL_UPDATE_USER": "dba", "DIPLOLOCAL_UPDATE_PASSWORD": PASSWORD}
    try:
        wait_for(address, seconds=60)
        yield Engine(address, f"{address}-auth", login, started, f"127.0.0.1:{sql}")
    finally:
        end(started)


def tell(engine: Engine, *commands: str) -> None:
    """Tell Virtuoso something in SQL, as its administrator."""
    program = shutil.which("isql-vt")
    assert program is not None
    text = "".join(f"{command};\n" for command in commands)
    said = subprocess.run(
        [program, engine.sql, "dba", PASSWORD, "ERRORS=STDOUT"],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "***" not in said.stdout, said.stdout


@contextmanager
def virtuoso_with(build: Build, folder: Path, *, more: str = "") -> Iterator[Engine]:
    """A Virtuoso that holds a build, loaded by its own loader."""
    with gzip.open(build.store) as packed:
        (folder / "build.nq").write_bytes(packed.read())
    with virtuoso(folder, more=more) as engine:
        # 512: N-Quads. https://docs.openlinksw.com/virtuoso/fn_ttlp/
        tell(engine, "DB.DBA.TTLP (file_to_string_output ('build.nq'), '', 'urn:none', 512)")
        yield engine


@contextmanager
def oxigraph_with(build: Build, folder: Path, *options: str) -> Iterator[Engine]:
    """An Oxigraph server that holds a build and takes no updates."""
    loaded = [oxigraph_program(), "load", "--location", str(folder), "--file", str(build.store)]
    subprocess.run(loaded, check=True, capture_output=True)
    with oxigraph(folder, *options, command="serve-read-only") as engine:
        yield engine


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server that a test started, at once: what it holds is thrown away."""
    process.kill()
    process.wait(timeout=10)
