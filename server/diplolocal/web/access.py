"""The access log: each request a line of JSON, without what could tell who asked what.

Addresses are shortened to a network, and the text of a query is only there where the operator
wants it.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network

from diplolocal.web.records import Record

LOGGER = logging.getLogger("diplolocal.access")

_KEPT_BITS = {4: 24, 6: 64}
"""How much of an address is kept, by the version of IP."""


def to_standard_error() -> None:
    """Write the lines to standard error, once, and nowhere else."""
    if not LOGGER.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log(record: Record, *, queries: bool) -> None:
    """Write down a request that is over; with its query where `queries` are wanted."""
    LOGGER.info(line(record, now=datetime.now(UTC), queries=queries))


def line(record: Record, *, now: datetime, queries: bool) -> str:
    """A request as a line of JSON."""
    said: dict[str, object] = {
        "time": now.isoformat(timespec="milliseconds"),
        "method": record.method,
        "path": record.path,
        "status": record.status,
        "bytes": record.sent_bytes,
        "milliseconds": round(record.seconds * 1000, 1),
        "client": shortened(record.client),
        "agent": record.agent,
        "cached": record.cached,
    }
    if record.outcome:
        said["outcome"] = record.outcome
        said["waiting_milliseconds"] = round(record.waiting_seconds * 1000, 1)
        said["answering_milliseconds"] = round(record.answering_seconds * 1000, 1)
    if queries and record.query:
        said["query"] = record.query
    return json.dumps(said)  # ASCII: whatever a client sends, one line is one line


def shortened(address: str) -> str:
    """An address without what tells one household from the next; nothing of what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    network = ip_network((found, _KEPT_BITS[found.version]), strict=False)
    return str(network.network_address)
