"""What can be asked: the `Store` protocol, with one verb, and our ways to ask it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from diplolocal import formats
from diplolocal.bad_requests import BadRequest
from diplolocal.store_errors import StoreUnavailable
from diplolocal.wording import message

Term = NamedNode | Literal | BlankNode | Triple
Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL query and the dataset it asks to be put to.

    No graphs named: the dataset of the query's own FROM clauses, or else all there is, with the
    union of the named graphs as default graph. Graphs named: exactly that dataset (SPARQL 1.1
    Protocol §2.1.4).
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The media type for either kind of answer; None where nothing was acceptable."""

    results: str | None
    graph: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query of a stranger may take: seconds, those of one that asks other endpoints, bytes
    of memory besides the statements, and bytes and rows (solutions or triples) of its answer.
    """

    seconds: float
    service_seconds: float
    memory_bytes: int
    answer_bytes: int
    answer_rows: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long whoever asks will wait: so many seconds, or as long as the store allows; and whether
    nobody waits any more.
    """

    seconds: float | None = None
    gone: Callable[[], bool] = lambda: False


PATIENT = Patience()


@dataclass(frozen=True, slots=True)
class Answer:
    """Finished bytes, because bytes may cross threads, processes and networks; `seconds` that they
    took, by what was done: waiting, answering.
    """

    body: bytes
    media_type: str
    seconds: Mapping[str, float] = field(default_factory=dict)


class Store(Protocol):
    """A read-only SPARQL dataset. Safe to call from any thread."""

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """The answer, whole, in the media type wanted for its kind.

        Raises NotAcceptable where that is None, QuerySyntaxError, QueryRefused, StoreUnavailable;
        a store with limits QueryTimeout, QueryTooCostly, AnswerTooLarge and StoreBusy as well.
        """
        ...

    def close(self) -> None:
        """Let go of what the store holds open."""
        ...


def plain(term: Term) -> str:
    """The IRI of a node, the text of a literal: the term without how it is written."""
    return str(getattr(term, "value", term))


def graph_name(iri: str) -> NamedNode:
    """A graph as a request names it. Raises BadRequest where its name is no absolute IRI."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest(
            message("{name} is not an absolute IRI, so no graph is called so.", name=iri)
        ) from error


def load_query(name: str) -> str:
    """The text of `queries/<name>.rq`."""
    return (files("diplolocal") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def bind(text: str, /, **terms: NamedNode | Literal | Iterable[NamedNode | Literal]) -> str:
    """The query asked of other terms: replaces the body of `VALUES ?name { an example }` for each
    name.

    Terms write themselves, escaped, so nothing is ever pasted into SPARQL by hand. Raises KeyError
    where the query has no such block.
    """
    bodies = {
        name: " ".join(map(str, [value] if isinstance(value, NamedNode | Literal) else value))
        for name, value in terms.items()
    }
    missing = set(bodies)

    def filled(found: re.Match[str]) -> str:
        missing.discard(found["name"])
        return f"{found['head']}{{ {bodies[found['name']]} }}"

    # In one pass, so that a literal that looks like such a block is not bound in its turn.
    names = "|".join(bodies)
    blocks = rf"(?P<head>VALUES\s+\?(?P<name>{names})\s*)\{{[^{{}}]*\}}"
    text = re.sub(blocks, filled, text)
    if missing:
        raise KeyError(*sorted(missing))
    return text


def select(store: Store, text: str) -> list[Row]:
    """The rows of a SELECT query; a variable without a value is missing from its row."""
    solutions = _results(store, text)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("not a SELECT query")
    names = [variable.value for variable in solutions.variables]
    return [
        {name: value for name in names if (value := solution[name]) is not None}
        for solution in solutions
    ]


def construct(store: Store, text: str) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE query."""
    answer = store.answer(Query(text), Wanted(results=None, graph=formats.NTRIPLES.media_type))
    return [quad.triple for quad in parse(answer.body, format=RdfFormat.N_TRIPLES)]


def _results(store: Store, text: str) -> QuerySolutions | QueryBoolean:
    answer = store.answer(Query(text), Wanted(results=formats.JSON.media_type, graph=None))
    try:
        return parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise StoreUnavailable(
            message("The answer of the SPARQL store is broken: {reason}", reason=error)
        ) from error
