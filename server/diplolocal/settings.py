"""Read the environment once: what a server may be told from outside."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from diplolocal.errors import SettingRefused


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
    public_url: str | None = Field(
        default=None,
        description="address of the site as the world sees it; empty: as it is asked",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="port to listen on; 0: any free one"
    )
    query_bytes: int = Field(
        default=250_000, gt=0, description="bytes that the body of a query may have"
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
