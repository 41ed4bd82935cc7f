"""What a server may be told from outside, and that it is all described in its README."""

import re
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, Run

from diplolocal import settings
from diplolocal.errors import SettingRefused
from diplolocal.settings import Settings

DEFAULTS = {
    "root": None,
    "builds": Path("build"),
    "endpoint": None,
    "endpoint_seconds": 30,
    "public_url": None,
    "host": "127.0.0.1",
    "port": 8000,
    "query_bytes": 250_000,
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DIPLOLOCAL_{name.upper()}", raising=False)


def test_the_defaults() -> None:
    assert settings.read().model_dump() == DEFAULTS


def test_the_environment_goes_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ROOT": "/somewhere",
        "BUILDS": "builds",
        "ENDPOINT": "http://127.0.0.1:9/sparql",
        "ENDPOINT_SECONDS": "5",
        "PUBLIC_URL": "https://example.org",
        "HOST": "::1",
        "PORT": "0",
        "QUERY_BYTES": "10",
    }.items():
        monkeypatch.setenv(f"DIPLOLOCAL_{name}", value)
    assert settings.read().model_dump() == {
        "root": Path("/somewhere"),
        "builds": Path("builds"),
        "endpoint": "http://127.0.0.1:9/sparql",
        "endpoint_seconds": 5,
        "public_url": "https://example.org",
        "host": "::1",
        "port": 0,
        "query_bytes": 10,
    }


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPLOLOCAL_PORT", "8001")
    monkeypatch.setenv("DIPLOLOCAL_HOST", "0.0.0.0")
    read = settings.read(port=8002, host=None, root=None)
    assert (read.port, read.host, read.root) == (8002, "0.0.0.0", None)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"DIPLOLOCAL_{name.upper()}", "")
    assert settings.read().model_dump() == DEFAULTS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "many"),
        ("port", "-1"),
        ("port", "65536"),
        ("endpoint_seconds", "0"),
        ("endpoint_seconds", "soon"),
        ("query_bytes", "-5"),
        ("query_bytes", "1.5"),
    ],
)
def test_an_unusable_value_is_a_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DIPLOLOCAL_{name.upper()}", value)
    with pytest.raises(SettingRefused) as refusal:
        settings.read()
    assert refusal.value.name == name
    assert re.fullmatch(
        rf"DIPLOLOCAL_{name.upper()} cannot be {re.escape(value)}: Input should be .*\."
        r" Change or unset it\.",
        str(refusal.value),
    )


def test_the_command_says_which_variable_is_unusable(run: Run) -> None:
    ran = run("validate", env={"DIPLOLOCAL_PORT": "many"})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("DIPLOLOCAL_PORT cannot be many: ")
    assert ran.err.count("\n") == 1


def test_settings_cannot_be_changed_once_read() -> None:
    read = settings.read()
    with pytest.raises(ValueError, match="frozen"):
        read.port = 1


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_readme_has_a_row_for_each_setting_and_no_other() -> None:
    readme = (REPOSITORY / "server" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `DIPLOLOCAL_([A-Z_]+)` \|(.*)\|$", readme, re.MULTILINE)
    assert [name.lower() for name, _ in rows] == list(Settings.model_fields)
    assert [name for name, text in rows if not text.strip(" |")] == []
