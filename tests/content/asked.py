"""The example queries, as the tests of the content ask them: read from their files, not by the
server's own reader.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY

from diplolocal import formats, resources
from diplolocal.iris import NAMESPACE, shorten
from diplolocal.store import Query, Store, Wanted, bind, construct, plain, select

QUERIES = f"{NAMESPACE}queries/"
SH = "http://www.w3.org/ns/shacl#"
KINDS = ("select", "ask", "construct")

Term = NamedNode | Literal
Said = dict[str, list[Term]]
Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as its file has it: the kind, the text, and what is said of it and of each parameter
    by property; where two files describe it, both.
    """

    slug: str
    kind: str
    text: str
    said: Said
    parameters: Mapping[str, Said] = field(default_factory=dict)


def _all() -> dict[str, Asked]:
    said: dict[str, Said] = {}
    for path in sorted((REPOSITORY / "data" / "queries").glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            assert isinstance(quad, Quad)
            assert isinstance(quad.object, Term)
            about = said.setdefault(plain(quad.subject), {})
            about.setdefault(quad.predicate.value, []).append(quad.object)
    found = {}
    for iri, about in sorted(said.items()):
        if kinds := [kind for kind in KINDS if f"{SH}{kind}" in about]:
            parameters = map(plain, about.get(f"{SH}parameter", []))
            slug = iri.removeprefix(QUERIES)
            text = about[f"{SH}{kinds[0]}"][0].value
            by_name = {one.rpartition("#")[2]: said[one] for one in sorted(parameters)}
            found[slug] = Asked(slug, kinds[0], text, about, by_name)
    return found


ASKED = _all()
FEDERATED = sorted(slug for slug, asked in ASKED.items() if "SERVICE" in asked.text)
LOCAL = sorted(ASKED.keys() - set(FEDERATED))


def text_of(name: str, **values: Term | str) -> str:
    """The text of a query, asked of other values: a term, or a text."""
    terms = {
        parameter: Literal(value) if isinstance(value, str) else value
        for parameter, value in values.items()
    }
    return bind(ASKED[name].text, **terms) if terms else ASKED[name].text


def rows(
    store: Store, text: str, columns: tuple[str, ...], *, prefixes: Mapping[str, str] | None = None
) -> list[Row]:
    """The rows of an answer: IRIs as prefixed names, literals as their text, None for nothing."""
    prefixes = prefixes or resources.prefixes(store)
    return [
        tuple(
            shorten(plain(row[column]), prefixes) if column in row else None for column in columns
        )
        for row in select(store, text)
    ]


def answer(store: Store, name: str, columns: str, **values: Term | str) -> list[Row]:
    """The rows of the answer to a query, these columns of them, asked of these values."""
    return rows(store, text_of(name, **values), tuple(columns.split()))


def asks(store: Store, name: str, **values: Term | str) -> bool:
    """The answer to a query that is answered by yes or no, asked of these values."""
    return is_true(store, text_of(name, **values))


def is_true(store: Store, text: str) -> bool:
    """The answer to an ASK."""
    wanted = Wanted(results=formats.JSON.media_type, graph=None)
    found = json.loads(store.answer(Query(text), wanted).body)["boolean"]
    assert isinstance(found, bool)
    return found


def made(store: Store, name: str, **values: Term | str) -> set[tuple[str, str, str]]:
    """The graph that a query makes, asked of these values: its triples as N-Triples writes them."""
    triples = construct(store, text_of(name, **values))
    return {(str(one.subject), str(one.predicate), str(one.object)) for one in triples}
