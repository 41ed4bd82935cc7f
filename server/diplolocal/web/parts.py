"""What the site is made of; tests hand in others."""

from collections.abc import Mapping
from dataclasses import dataclass

from diplolocal.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """What the site is made of.

    `version` is the build's, and the strong part of every ETag; None where an endpoint answers that
    may change at any time. `context` is the JSON-LD context; `prefixes` shorten IRIs; `public_url`
    begins addresses that must be absolute.
    """

    store: Store
    version: str | None
    context: bytes
    prefixes: Mapping[str, str]
    public_url: str | None
    query_bytes: int
