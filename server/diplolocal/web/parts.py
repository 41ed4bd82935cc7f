"""What the site is made of; tests hand in others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from diplolocal.dumping import Dump
from diplolocal.findings import Report
from diplolocal.search import Index
from diplolocal.store import Limits, Store


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one client may ask: query seconds in a minute, and queries at once; 0: as many as it
    likes. Clients on this machine are only held to it where `loopback` says so.
    """

    seconds: float = 0
    parallel: int = 0
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """What is written down about requests: figures for Prometheus, a line each in the log, and the
    texts of their queries there.
    """

    metrics: bool = False
    access_log: bool = False
    queries: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What the site is made of.

    `store` answers the queries of the house; `public` those of strangers, within the `limits`, and
    with SERVICE of the `services` alone.
    `version` is the build's, and the strong part of every ETag; None where an endpoint answers that
    may change at any time. `release` is the version number of the data (`1.0.0`, or
    `1.0.0+<version>` where they were changed since), `history` all versions of all things, release
    by release; None where an endpoint answers. `context` is the JSON-LD context; `shapes` say what
    well-formed means; `prefixes` shorten IRIs; `public_url` is where the site is for the world and
    begins addresses that must be absolute; `query_bytes` and `address_bytes` are what the body and
    the address of a request may have. `search` finds things in `store` and counts them. `counts`
    has the statements of each named graph; `dump` is the build as N-Quads, gzipped, and `dumps` are
    all files to take away, it among them.
    `cache_bytes`: how much of finished answers is kept. `reports` is where errors are reported, an
    address with places for title and text; None: nobody says. `report` is what validation found in
    the data; None where an endpoint answers.
    `proxies` are the networks of those whose word is taken for who asks. `workers` queries of
    strangers are answered at once and `waiting` more may wait; 0 and 0: as an endpoint of somebody
    does.
    """

    store: Store
    public: Store
    limits: Limits
    version: str | None
    context: bytes
    shapes: Store
    prefixes: Mapping[str, str]
    public_url: str
    query_bytes: int
    search: Index
    services: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    dump: Path | None = None
    release: str | None = None
    history: Store | None = None
    dumps: tuple[Dump, ...] = ()
    cache_bytes: int = 0
    allowance: Allowance = Allowance()
    watched: Watched = Watched()
    proxies: tuple[str, ...] = ()
    workers: int = 0
    waiting: int = 0
    address_bytes: int = 32_000
    reports: str | None = None
    report: Report | None = None

    @property
    def base(self) -> str:
        """The path of the public address, without a slash at its end: what a proxy may have taken
        away from the front of each path.
        """
        return urlsplit(self.public_url).path.rstrip("/")
