"""A build → somebody's SPARQL store: all of it or nothing.

Every graph is first sent to another name, in portions, and counted there; then one update moves all
of them to where they belong and drops those of ours that are no longer in the build. An update with
several operations is one transaction, where the engine has any (SPARQL 1.1 Update §3: "SHOULD").
Graphs of others are left alone. Only SPARQL 1.1 is asked of the engine.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from itertools import groupby

from diplolocal import exchange, iris
from diplolocal.build import Build
from diplolocal.errors import NotPublished
from diplolocal.exchange import Bounds, Login
from diplolocal.findings import Progress
from diplolocal.store import Store
from diplolocal.store_errors import StoreError
from diplolocal.union import counts_of
from diplolocal.wording import Message, message

_STATEMENTS_AT_ONCE = 1_000
"""What one update sends; some five thousand are too much for Virtuoso's compiler."""

_BYTES_AT_ONCE = 200_000
_GRAPHS_AT_ONCE = 200
"""How many graphs one update drops, where that need not be one transaction."""

_UPDATE_SECONDS = 3600
"""How long one update may take: the last one moves everything."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a build is published: the store as it is asked, the address that takes updates, and who
    says so there.
    """

    store: Store
    update: str
    login: Login | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: graphs and statements that are there now, and graphs that were removed."""

    graphs: int
    statements: int
    removed: int


class _Refused(Exception):
    """The engine did not do what an update asks; nothing of it was done."""


class _Unknown(Exception):
    """Whether an update was done is not known: the answer was lost."""


def publish(
    made: Build, target: Target, *, progress: Progress = lambda step, done, total: None
) -> Published:
    """Load the build into a store, in place of what of ours is there.

    Raises NotPublished, which says what is there now, or the StoreError of a store that cannot be
    asked in the first place.
    """
    before = counts_of(target.store)
    wanted = {iris.staged(made.version, graph): count for graph, count in made.counts.items()}
    try:
        _drop(target, counts_of(target.store, iris.STAGED))
        _send(made, target, progress)
        if counts_of(target.store, iris.STAGED) != wanted:
            raise _Refused(message("it counts other statements than were sent"))
    except (_Refused, _Unknown, StoreError) as error:
        raise _nothing_changed(target, error) from error
    except BaseException:  # somebody pressed Ctrl+C
        _tidy(target)
        raise
    gone = sorted(before.keys() - made.counts.keys())
    progress(message("Putting the graphs in their place"), 0, 1)
    try:
        _update(target, _switch(made, gone))
    except _Refused as error:
        raise _nothing_changed(target, error) from error
    except _Unknown as error:
        _look(made, target, before, error)
    _verify(made, target)
    return Published(len(made.counts), sum(made.counts.values()), len(gone))


def _send(made: Build, target: Target, progress: Progress) -> None:
    total, done = sum(made.counts.values()), 0
    with gzip.open(made.store, "rt", encoding="utf-8", newline="\n") as lines:
        for portion in _portions(lines):
            blocks = (
                f"GRAPH <{iris.staged(made.version, graph)}> {{\n{''.join(triples)}}}\n"
                for graph, triples in _by_graph(portion)
            )
            _update(target, f"INSERT DATA {{\n{''.join(blocks)}}}")
            done += len(portion)
            progress(message("Sending statements"), done, total)


def _portions(lines: Iterable[str]) -> Iterator[list[tuple[str, str]]]:
    """Statements with their graphs, as many as one update may have."""
    portion: list[tuple[str, str]] = []
    size = 0
    for line in lines:
        triple, _, graph = line.rpartition(" <")
        portion.append((graph.rpartition(">")[0], f"{triple} .\n"))
        size += len(line.encode())
        if len(portion) == _STATEMENTS_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _by_graph(portion: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for graph, statements in groupby(sorted(portion), key=lambda statement: statement[0]):
        yield graph, [triple for _, triple in statements]


def _switch(made: Build, gone: Iterable[str]) -> str:
    moves = [
        f"MOVE GRAPH <{iris.staged(made.version, graph)}> TO GRAPH <{graph}>"
        for graph in sorted(made.counts)
    ]
    return " ;\n".join((*moves, *(f"DROP SILENT GRAPH <{graph}>" for graph in gone)))


def _drop(target: Target, graphs: Iterable[str]) -> None:
    drops = [f"DROP SILENT GRAPH <{graph}>" for graph in graphs]
    for first in range(0, len(drops), _GRAPHS_AT_ONCE):
        _update(target, " ;\n".join(drops[first : first + _GRAPHS_AT_ONCE]))


def _tidy(target: Target) -> None:
    """Remove what was sent, as well as that can be done; the next time it is removed too."""
    with suppress(_Refused, _Unknown, StoreError):
        _drop(target, counts_of(target.store, iris.STAGED))


def _update(target: Target, text: str) -> None:
    bounds = Bounds(_UPDATE_SECONDS)
    try:
        received = exchange.post(
            target.update, [("update", text)], bounds, headers={}, login=target.login
        )
    except exchange.OutOfTime as error:
        raise _Unknown(message("it took longer than an hour")) from error
    except (HTTPException, OSError, ValueError) as error:
        raise _Unknown(str(getattr(error, "reason", error))) from error
    if received.status in (401, 403):
        raise _Refused(
            message(
                "HTTP {status}; who may change it is told by DIPLOLOCAL_UPDATE_USER and"
                " DIPLOLOCAL_UPDATE_PASSWORD",
                status=received.status,
            )
        )
    if not 200 <= received.status < 300:
        said = exchange.text_of(received)
        raise _Refused(f"HTTP {received.status}: {said}" if said else f"HTTP {received.status}")


def _nothing_changed(target: Target, error: Exception) -> NotPublished:
    _tidy(target)
    return NotPublished(
        message(
            "Nothing was published at {address}: {reason}. What was there before is there"
            " still. Mend it and publish again.",
            address=target.update,
            reason=_reason(error),
        )
    )


def _look(made: Build, target: Target, before: Mapping[str, int], error: _Unknown) -> None:
    """Find out whether the last update was done though its answer was lost. What was sent stays:
    the engine may be about to move it.
    """
    with suppress(StoreError):
        now = counts_of(target.store)
        if now == made.counts and now != before:
            return
    raise NotPublished(
        message(
            "It is not known whether the build was published at {address}: {reason}. What was"
            " there before is there still, or all of the new one is. Look whether the engine"
            " runs, and publish again: that is safe.",
            address=target.update,
            reason=_reason(error),
        )
    ) from error


def _verify(made: Build, target: Target) -> None:
    now = counts_of(target.store)
    wrong = sorted(
        graph for graph in {*now, *made.counts} if now.get(graph) != made.counts.get(graph)
    )
    if wrong:
        raise NotPublished(
            message(
                "The build was published at {address}, but graphs there have other counts than in"
                " the build: {graphs}. Publish again; if that does not help, the engine writes"
                " something in another way.",
                address=target.update,
                graphs=", ".join(wrong[:5]),
            )
        )


def _reason(error: Exception) -> Message | str:
    if isinstance(error, StoreError):
        return error.sentence
    reason = error.args[0]
    return reason if isinstance(reason, Message) else str(reason)
