"""Read the environment once: what a server may be told from outside."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from diplolocal.errors import SettingRefused


def _list(written: object) -> object:
    """What a JSON list holds."""
    if not isinstance(written, str):
        return written
    try:
        return json.loads(written)
    except ValueError as error:
        raise ValueError('Input should be a JSON list, such as ["one", "other"]') from error


_List = (NoDecode, BeforeValidator(_list))
_Reports = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:https://|mailto:)(?:[^\s<>\"{}|^`\\]|\{title\}|\{body\})+$", max_length=2_000
    ),
]
_Endpoint = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|^`\\]+$")]


class Settings(BaseSettings):
    """What a server may be told; each is the environment variable DIPLOLOCAL_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="DIPLOLOCAL_", env_ignore_empty=True, frozen=True)

    root: Path | None = Field(
        default=None,
        description="folder with ontology/, data/ and shapes/; empty: here, or what was installed",
    )
    builds: Path = Field(default=Path("build"), description="folder that builds are made in")
    endpoint: str | None = Field(
        default=None, description="SPARQL endpoint to ask instead of the embedded store"
    )
    endpoint_seconds: int = Field(
        default=30, gt=0, description="seconds that an endpoint may take for an answer"
    )
    update_endpoint: str | None = Field(
        default=None, description="address at which that endpoint takes updates, to publish a build"
    )
    update_user: str | None = Field(default=None, description="who may change it")
    update_password: SecretStr | None = Field(default=None, description="… and the password")
    public_url: str | None = Field(
        default=None,
        description="address of the site as the world sees it; empty: where it listens",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="port to listen on; 0: any free one"
    )
    query_bytes: int = Field(
        default=250_000, gt=0, description="bytes that the body of a query may have"
    )
    # Beyond 65,535 bytes the HTTP server takes an address for a broken request.
    address_bytes: int = Field(
        default=32_000,
        ge=8_000,
        le=60_000,
        description="bytes that the address of a request may have",
    )
    query_seconds: float = Field(
        default=30, gt=0, description="seconds that a query of a stranger may take"
    )
    query_memory_bytes: int = Field(
        default=1_000_000_000, gt=0, description="bytes of memory that such a query may take"
    )
    query_workers: int = Field(
        default=4, gt=0, description="how many such queries are answered at once"
    )
    query_waiting: int = Field(default=32, ge=0, description="how many more may wait their turn")
    answer_bytes: int = Field(
        default=100_000_000, gt=0, description="bytes that an answer may have"
    )
    answer_rows: int = Field(
        default=1_000_000, gt=0, description="rows (solutions or triples) that an answer may have"
    )
    services: Annotated[tuple[_Endpoint, ...], *_List] = Field(
        default=("https://query.wikidata.org/sparql",),
        description="endpoints that SERVICE may ask, as a JSON list; []: none",
    )
    service_seconds: float = Field(
        default=60, gt=0, description="seconds that a query with SERVICE may take"
    )
    cache_bytes: int = Field(
        default=64_000_000, ge=0, description="bytes of answers that are kept for who asks again"
    )
    rate_seconds: float = Field(
        default=60, ge=0, description="query seconds a minute that a client may use; 0: any number"
    )
    rate_parallel: int = Field(
        default=5, ge=0, description="queries of one client answered at once; 0: any number"
    )
    rate_loopback: bool = Field(
        default=False, description="whether clients on this machine are held to these rates too"
    )
    reports: _Reports | None = Field(
        default=None,
        description="where errors are reported: an https or mailto address with {title} and {body}",
    )
    proxies: Annotated[tuple[IPvAnyNetwork, ...], *_List] = Field(
        default=(),
        description="networks of proxies whose X-Forwarded-For is believed, as a JSON list",
    )
    metrics: bool = Field(default=False, description="whether /metrics is there, for Prometheus")
    access_log: bool = Field(
        default=False, description="whether each request is a line of JSON on standard error"
    )
    log_queries: bool = Field(
        default=False, description="whether these lines have the texts of queries"
    )


def read(**options: object) -> Settings:
    """The settings: options that are not None go before the environment.

    Raises SettingRefused where a value cannot be used.
    """
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingRefused(str(first["loc"][0]), str(first["input"]), first["msg"]) from error
