"""A dump taken from our server: how quickly it comes, and what the server needs for it."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
from tests.bench.peers import Peer

DUMP = "/dumps/diplolocal.nq.gz"
TABLE = "/dumps/tables/participations.csv"
_LOOKS = 20
"""How often the memory is looked at while a file comes."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of so many MB that came in so many seconds; the memory of the server in MB before and,
    at most, meanwhile.
    """

    path: str
    megabytes: float
    seconds: float
    before: float
    most: float


def of(server: Peer, path: str) -> Download:
    """The file, taken once and thrown away."""
    parts = urlsplit(server.endpoint)
    before = most = server.megabytes()
    begun, size, looked = time.perf_counter(), 0, 0
    with httpx2.stream("GET", f"{parts.scheme}://{parts.netloc}{path}", timeout=60) as answer:
        answer.raise_for_status()
        length = int(answer.headers["content-length"])
        for piece in answer.iter_raw():
            size += len(piece)
            if size * _LOOKS > looked * length:
                looked += 1
                most = max(most, server.megabytes())
    assert size == length
    return Download(path, size / 1_000_000, time.perf_counter() - begun, before, most)
