"""What a server may be told from outside, and that it is all described in its README."""

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.conftest import REPOSITORY, Run

from diplolocal import settings
from diplolocal.errors import SettingRefused
from diplolocal.settings import Settings

DEFAULTS = {
    "root": None,
    "builds": Path("build"),
    "endpoint": None,
    "endpoint_seconds": 30,
    "update_endpoint": None,
    "update_user": None,
    "update_password": None,
    "public_url": None,
    "host": "127.0.0.1",
    "port": 8000,
    "query_bytes": 250_000,
    "address_bytes": 32_000,
    "query_seconds": 30,
    "query_memory_bytes": 1_000_000_000,
    "query_workers": 4,
    "query_waiting": 32,
    "answer_bytes": 100_000_000,
    "answer_rows": 1_000_000,
    "services": ("https://query.wikidata.org/sparql",),
    "service_seconds": 60,
    "cache_bytes": 64_000_000,
    "rate_seconds": 60,
    "rate_parallel": 5,
    "rate_loopback": False,
    "proxies": (),
    "reports": None,
    "metrics": False,
    "access_log": False,
    "log_queries": False,
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
        "UPDATE_ENDPOINT": "http://127.0.0.1:9/update",
        "UPDATE_USER": "editor",
        "UPDATE_PASSWORD": "secret",
        "PUBLIC_URL": "https://example.org",
        "HOST": "::1",
        "PORT": "0",
        "QUERY_BYTES": "10",
        "ADDRESS_BYTES": "9000",
        "QUERY_SECONDS": "2.5",
        "QUERY_MEMORY_BYTES": "1000",
        "QUERY_WORKERS": "1",
        "QUERY_WAITING": "0",
        "ANSWER_BYTES": "20",
        "ANSWER_ROWS": "30",
        "SERVICES": '["https://a.example/sparql", "http://[::1]:3030/ds"]',
        "SERVICE_SECONDS": "5",
        "CACHE_BYTES": "0",
        "RATE_SECONDS": "0",
        "RATE_PARALLEL": "1",
        "RATE_LOOPBACK": "true",
        "PROXIES": '["10.0.0.0/8", "::1"]',
        "REPORTS": "mailto:data@example.org?subject={title}&body={body}",
        "METRICS": "true",
        "ACCESS_LOG": "1",
        "LOG_QUERIES": "yes",
    }.items():
        monkeypatch.setenv(f"DIPLOLOCAL_{name}", value)
    assert settings.read().model_dump() == {
        "root": Path("/somewhere"),
        "builds": Path("builds"),
        "endpoint": "http://127.0.0.1:9/sparql",
        "endpoint_seconds": 5,
        "update_endpoint": "http://127.0.0.1:9/update",
        "update_user": "editor",
        "update_password": SecretStr("secret"),
        "public_url": "https://example.org",
        "host": "::1",
        "port": 0,
        "query_bytes": 10,
        "address_bytes": 9_000,
        "query_seconds": 2.5,
        "query_memory_bytes": 1000,
        "query_workers": 1,
        "query_waiting": 0,
        "answer_bytes": 20,
        "answer_rows": 30,
        "services": ("https://a.example/sparql", "http://[::1]:3030/ds"),
        "service_seconds": 5,
        "cache_bytes": 0,
        "rate_seconds": 0,
        "rate_parallel": 1,
        "rate_loopback": True,
        "proxies": (IPv4Network("10.0.0.0/8"), IPv6Network("::1/128")),
        "reports": "mailto:data@example.org?subject={title}&body={body}",
        "metrics": True,
        "access_log": True,
        "log_queries": True,
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
        ("query_seconds", "0"),
        ("rate_seconds", "-1"),
        ("metrics", "sometimes"),
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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("services", "https://a.example/", "https://a.example/: Value error, Input should be a"),
        ("services", '["https://a.example/"', "Input should be a JSON list, such as"),
        ("services", '["urn:a"]', "urn:a: String should match pattern"),
        ("services", '["https://a.example/> <urn:b"]', "String should match pattern"),
        ("services", '["https://a.example/ "]', "String should match pattern"),
        ("services", '["https://a.example/\\n"]', "String should match pattern"),
        ("services", "3", "3: Input should be a valid tuple"),
        ("proxies", '["*"]', "*: value is not a valid IPv4 or IPv6 network"),
        ("proxies", '["10.0.0.1/8"]', "10.0.0.1/8: value is not a valid IPv4 or IPv6 network"),
        ("proxies", "*", "*: Value error, Input should be a JSON list"),
    ],
)
def test_an_unusable_list_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"DIPLOLOCAL_{name.upper()}", value)
    with pytest.raises(SettingRefused) as refusal:
        settings.read()
    assert refusal.value.name == name
    assert str(refusal.value).startswith(f"DIPLOLOCAL_{name.upper()} cannot be ")
    assert said in str(refusal.value)


def test_no_endpoint_at_all_may_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPLOLOCAL_SERVICES", "[]")
    assert settings.read().services == ()


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
