"""Every version of every thing, release by release, as the records of the releases have them.

A record (`data/releases/1.0.0.nq.gz`) holds what its release created, changed or deleted, as it
was published: the statements of each topic in a named graph, the member, and in the graph of the
release what happened to it. All records together are a store, which is asked like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode, Triple

from diplolocal.resources import named_graph
from diplolocal.store import Store, bind, load_query, plain, select

ACTIVITY = "https://www.w3.org/ns/activitystreams#"


class Change(StrEnum):
    """What a release did to a topic: the activity that says so (Activity Streams 2.0 §2)."""

    CREATED = ACTIVITY + "Create"
    UPDATED = ACTIVITY + "Update"
    DELETED = ACTIVITY + "Delete"


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its version number, its IRI, and when it was issued (xsd:dateTime in UTC)."""

    version: str
    iri: str
    issued: str


@dataclass(frozen=True, slots=True)
class Version:
    """A topic as a release left it: the IRI of the document as it was then, and what was done."""

    member: str
    topic: str
    release: Release
    change: Change


def releases(history: Store) -> tuple[Release, ...]:
    """The releases, the oldest first."""
    return tuple(
        _release(plain(row["release"]), plain(row["issued"]))
        for row in select(history, load_query("releases"))
    )


def day_of(history: Store | None, version: str | None) -> str | None:
    """The day on which a version was issued (`2026-11-22`), or the release that it goes on from
    (`1.0.0+…`); None where that is not known.
    """
    known = releases(history) if history else ()
    days = {each.version: each.issued[:10] for each in known}
    return days.get((version or "").partition("+")[0])


def versions(history: Store, topic: str) -> tuple[Version, ...]:
    """The versions of a topic, the oldest first; none of what no release has."""
    return versions_of(history, (topic,))


def versions_of(history: Store, topics: Iterable[str]) -> tuple[Version, ...]:
    """The versions of several topics, the oldest first."""
    nodes = [NamedNode(topic) for topic in topics]
    return tuple(
        Version(
            plain(row["member"]),
            plain(row["topic"]),
            _release(plain(row["release"]), plain(row["issued"])),
            Change(plain(row["change"])),
        )
        for row in select(history, bind(load_query("versions-of"), topic=nodes))
    )


def statements(history: Store, member: str) -> list[Triple]:
    """What was said of a topic in one of its versions. Raises ResourceNotFound where nothing was:
    it was deleted without a tombstone.
    """
    return named_graph(history, member)


def _release(iri: str, issued: str) -> Release:
    return Release(iri.rpartition("/")[2], iri, issued)
