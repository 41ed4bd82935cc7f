"""Before, during and after a storm: what is measured of a server."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench.peers import Peer
from tests.load import hostile, ordinary
from tests.load.storm import Told, ask, is_announced, storm

from diplolocal.store import Store

SMALL: Mapping[str, str] = {
    "DIPLOLOCAL_QUERY_SECONDS": "2",
    "DIPLOLOCAL_QUERY_MEMORY_BYTES": "300000000",
    "DIPLOLOCAL_CACHE_BYTES": "8000000",
}
"""Small limits, so that a short storm meets them all."""

ATTACKS = {attack.__name__ for attack in hostile.ATTACKS}
MEGABYTES_MORE = 250
"""What Python keeps of the memory it once had, and the cache of 64 MB."""

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?a a <https://w3id.org/diplolocal/def#Action> }"
_CALM_SECONDS = 3
_STUCK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Weather:
    """What the clients were told; memory in MB before and after; the first answer after the storm
    and its seconds.
    """

    told: Told
    megabytes_before: float
    megabytes_after: float
    first_count: int
    first_seconds: float


def of(server: Peer, store: Store, *, seconds: float) -> Weather:
    """A storm of so many seconds over a server of what the store holds."""
    pages = [
        ordinary.page(path, ask(server, ordinary.page_request(path, 0))[0].body)
        for path in ordinary.PAGES
    ]
    asked = ordinary.queries(store)
    for visit in (*pages, *asked):
        reply, _ = ask(server, visit.request(0))
        right = visit.is_right(0, reply) or (is_announced(reply) and not visit.is_page)
        assert right, f"{visit.name}: {reply.status} {reply.body[:300]!r}"
    before = server.megabytes()
    # As many pages as queries: pages are what must never wait.
    told = storm(server, [*asked, *pages * (len(asked) // len(pages))], seconds=seconds)
    actions, taken = _first_answer(server)
    time.sleep(_CALM_SECONDS)
    return Weather(told, before, server.megabytes(), actions, taken)


def _first_answer(server: Peer) -> tuple[int, float]:
    """How many actions there are, asked anew until somebody answers; the seconds until then."""
    begun = time.monotonic()
    while True:
        query = {"query": f"{_COUNT} # {time.monotonic()}"}
        reply, _ = ask(server, ordinary.get(f"/sparql?{urlencode(query)}", "*/*"))
        taken = time.monotonic() - begun
        if reply.status == 200:
            [row] = json.loads(reply.body)["results"]["bindings"]
            return int(row["n"]["value"]), taken
        assert taken < _STUCK_SECONDS, f"{reply.status} {reply.body[:300]!r}"
        time.sleep(0.05)
