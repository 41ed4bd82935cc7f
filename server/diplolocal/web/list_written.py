"""A page of a list as a graph (Hydra Core Vocabulary §5) and as a table (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from fastapi.responses import Response
from pyoxigraph import Literal, NamedNode, Triple

from diplolocal import iris, listing, resources
from diplolocal.formats import Format
from diplolocal.listing import Column, Facts
from diplolocal.store import Term, plain
from diplolocal.web.listed import NOT_YET_DATED, Listed, dated_until, query_of
from diplolocal.web.responses import Visit, document
from diplolocal.wording import LANGUAGES, Language, Message, say

_AS = "https://www.w3.org/ns/activitystreams#"
_DCTERMS = "http://purl.org/dc/terms/"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SH = "http://www.w3.org/ns/shacl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_PREFIXES = {"as": _AS, "hydra": _HYDRA, "sh": _SH, "schema": "https://schema.org/"}
PORTION = 1_000
"""How many members of a table are read at once."""
_BETWEEN = "|"
"""What stands between several values in a cell, as in the tables of the dumps."""


def graph(visit: Visit, found: Listed, fmt: Format) -> Response:
    """The page as a graph: the collection, this part of it, and what is said of its members."""
    facts = listing.facts_of(visit.parts.store, found.listing, found.things)
    shown = {column.property for column in found.listing.columns if column.things}
    pointed = {
        plain(value)
        for said_of in facts.values()
        for prop, values in said_of.items()
        if prop in shown
        for value in values
    }
    triples = [
        *_collection(visit, found),
        *listing.triples(facts),
        *listing.labels(visit.parts.store, pointed - facts.keys()),
        *_changes(found),
    ]
    known = {**_PREFIXES, **visit.parts.prefixes}
    shortening = replace(visit, parts=replace(visit.parts, prefixes=known))
    return document(shortening, fmt, triples, _iri(visit, found))


def table(visit: Visit, found: Listed) -> Iterator[bytes]:
    """The page as a table, portion by portion: a row for each member, its IRI and its name, and
    what the list says of it; beside a column of things stands one with their names.
    """
    heads = [
        head
        for each in found.listing.columns
        for head in ((each.name, f"{each.name}Label") if each.things else (each.name,))
    ]
    changed = ("modified", "deleted") if found.is_of_changes else ()
    yield _written([["iri", "label", *heads, *changed]])
    for first in range(0, len(found.things), PORTION):
        yield _written(_rows(visit, found, found.things[first : first + PORTION]))


def _rows(visit: Visit, found: Listed, things: Sequence[str]) -> Iterator[list[str]]:
    store, columns = visit.parts.store, found.listing.columns
    facts = listing.facts_of(store, found.listing, things)
    pointed = {
        plain(value)
        for said_of in facts.values()
        for column in columns
        if column.things
        for value in said_of.get(column.property, ())
    }
    called = resources.labels_of(store, pointed | facts.keys(), visit.content)
    names = {iri: label.value for iri, label in called.items()}
    for thing, said_of in facts.items():
        cells = [cell for each in columns for cell in _cells(each, said_of, names, visit.content)]
        yield [thing, names.get(thing, ""), *cells, *_dated(found, thing)]


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _cells(
    column: Column, said_of: Facts, names: Mapping[str, str], language: Language
) -> Iterator[str]:
    """What stands in the cell of a column and in that of its names, both in the same order."""
    values = _spoken(said_of.get(column.property, ()), language)
    yield _BETWEEN.join(values)
    if column.things:
        yield _BETWEEN.join(names.get(each, "").replace(_BETWEEN, "/") for each in values)


def _spoken(values: Sequence[Term], language: Language) -> list[str]:
    """The values without the texts that say the same in another language."""
    return [
        plain(value)
        for value in values
        if not isinstance(value, Literal) or value.language in (None, "", language)
    ]


def _dated(found: Listed, thing: str) -> list[str]:
    if thing not in found.changes:
        return []
    changed = found.changes[thing]
    return [changed.issued, "true" if changed.deleted else "false"]


def _iri(visit: Visit, found: Listed) -> str:
    """The IRI of the collection: the address of the list, with its filters."""
    return f"{visit.home}/{found.listing.name}{query_of(visit, found)}"


def _collection(visit: Visit, found: Listed) -> Iterator[Triple]:
    of = found.listing
    collection = NamedNode(_iri(visit, found))

    def page(start: int) -> NamedNode:
        # The address names the limit, so that no page is called as the collection is.
        query = query_of(visit, found, start, limit=str(found.limit))
        return NamedNode(f"{visit.home}/{of.name}{query}")

    for kind in (_HYDRA + "Collection", _SH + "SPARQLExecutable", _SH + "SPARQLSelectExecutable"):
        yield _triple(collection, _RDF + "type", NamedNode(kind))
    for language, title in of.title.items():
        yield _triple(collection, _RDFS + "label", Literal(title, language=language))
    if dated_until(visit, found) is not None:
        yield from _sentence(collection, NOT_YET_DATED)
    total = Literal(str(found.total), datatype=NamedNode(_XSD + "integer"))
    yield _triple(collection, _HYDRA + "totalItems", total)
    yield _triple(collection, _SH + "select", Literal(found.text))
    yield _triple(collection, "https://schema.org/target", NamedNode(f"{visit.home}/sparql"))
    yield _triple(collection, _DCTERMS + "isPartOf", NamedNode(iris.DATASET))
    yield _triple(collection, _DCTERMS + "license", NamedNode(_LICENSE))
    for thing in found.things:
        yield _triple(collection, _HYDRA + "member", NamedNode(thing))
    if found.limit is None:
        return
    view = page(found.start)
    yield _triple(collection, _HYDRA + "view", view)
    yield _triple(view, _RDF + "type", NamedNode(_HYDRA + "PartialCollectionView"))
    turns = {"first": 0, "previous": found.previous, "next": found.next}
    for name, start in turns.items():
        if start is not None:
            yield _triple(view, _HYDRA + name, page(start))


def _changes(found: Listed) -> Iterator[Triple]:
    """When members were changed; those that are gone are tombstones (Activity Streams 2.0 §3.3)."""
    moment = NamedNode(_XSD + "dateTime")
    for thing in found.things:
        if thing in found.changes:
            changed, node = found.changes[thing], NamedNode(thing)
            issued = Literal(changed.issued, datatype=moment)
            yield _triple(node, _DCTERMS + "modified", issued)
            if changed.deleted:
                yield _triple(node, _RDF + "type", NamedNode(iris.ONTOLOGY + "#Tombstone"))
                yield _triple(node, _AS + "deleted", issued)


def _sentence(node: NamedNode, sentence: Message) -> Iterator[Triple]:
    for language in LANGUAGES:
        text = Literal(say(sentence, language), language=language)
        yield _triple(node, _RDFS + "comment", text)


def _triple(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(prop), value)
