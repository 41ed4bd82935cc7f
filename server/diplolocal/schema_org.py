"""Things in the words of schema.org, for search engines and whoever knows no other vocabulary: a
graph, and the same as JSON-LD.

What can be said there is decided in the queries; nothing is said that our graph does not say. The
JSON-LD names the context of schema.org by its address and is written so that it means the same to
whoever reads it with that context.
"""

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Triple

from diplolocal import iris, jsonld
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Store, Term, bind, construct, load_query, plain
from diplolocal.wording import Language

CONTEXT = "https://schema.org/"
"""The context of the JSON-LD, and the namespace of its words."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_WITHOUT = ("participation", "unnamed", "boundary", "link", "question")
"""Kinds of things that schema.org has no words for."""

_FIRST = ("name", "alternateName", "description")
_LAST = ("identifier", "sameAs", "mainEntityOfPage")
_ADDRESSES = ("contentUrl", "license", "sameAs", "url")
"""Properties whose strings are addresses in the context; where they lead to is not described."""

_NAMED_ONLY = (*_ADDRESSES, "additionalType")

_Values = Mapping[str, Sequence[Term]]
"""What is said of one subject, by the name of the property."""


def has(iri: str) -> bool:
    """Whether things of its kind are described in schema.org, as far as the IRI tells."""
    return iris.is_vocabulary(iri) or (iris.is_thing(iri) and iris.kind_of(iri) not in _WITHOUT)


def triples(store: Store, iri: str, *, document: str | None = None) -> list[Triple]:
    """What schema.org has words for of all that is said of a thing, in a fixed order and without
    blank nodes; nothing where it has none. `document` is the IRI of the document about it where
    that is not the current one.
    """
    try:
        thing = NamedNode(iri)
    except ValueError:
        return []
    if not has(iri):
        return []
    page = NamedNode(document or iris.document_of(iri))
    found = construct(store, bind(load_query("schema-org"), thing=thing, page=page))
    named = {thing.value, *_pointed(found)}
    nodes = [NamedNode(each) for each in sorted(named)]
    found += construct(store, bind(load_query("schema-org-names"), thing=nodes))
    is_described = any(plain(triple.subject) == iri and _is_type(triple) for triple in found)
    return sorted(dict.fromkeys(found), key=str) if is_described else []


def dataset(record: Iterable[Triple]) -> list[Triple]:
    """The data set, from its record in DCAT."""
    graph = NamedNode(iris.DATASET)
    store = EmbeddedStore(
        Quad(triple.subject, triple.predicate, triple.object, graph) for triple in record
    )
    return sorted(set(construct(store, load_query("schema-org-dataset"))), key=str)


def document(found: Iterable[Triple], iri: str) -> bytes:
    """A graph about a thing as a tree of JSON-LD that begins with it."""
    said: dict[str, dict[str, list[Term]]] = {}
    for triple in found:
        properties = said.setdefault(plain(triple.subject), {})
        properties.setdefault(triple.predicate.value, []).append(triple.object)
    return jsonld.written({"@context": CONTEXT, **_node(said, iri, set())})


def script(found: Sequence[Triple], iri: str) -> str:
    """The same, safe within `<script>`: whatever the data say, it ends where it should (HTML
    §4.12.1.3). Empty where nothing is said.
    """
    return _safe(document(found, iri)) if found else ""


def web_page(address: str, title: str, language: Language) -> str:
    """A page that is about nothing in particular but belongs to the data set, safe as `script`."""
    return _safe(
        jsonld.written(
            {
                "@context": CONTEXT,
                "@id": address,
                "@type": "WebPage",
                "name": {"@language": language.value, "@value": title},
                "inLanguage": language.value,
                "license": _LICENSE,
                "isPartOf": {"@id": iris.DATASET},
            }
        )
    )


def _safe(written: bytes) -> str:
    return written.decode().rstrip("\n").replace("<", "\\u003c")


def _pointed(found: Iterable[Triple]) -> set[str]:
    """What is pointed at and is to be named."""
    pages = {plain(triple.subject) for triple in found} | {iris.DATASET}
    return {
        triple.object.value
        for triple in found
        if isinstance(triple.object, NamedNode)
        and iris.is_ours(triple.object.value)
        and _name(triple.predicate.value) not in _NAMED_ONLY
    } - pages


def _is_type(triple: Triple) -> bool:
    return triple.predicate.value == _TYPE


def _name(iri: str) -> str:
    return iri.removeprefix(CONTEXT)


def _node(said: Mapping[str, _Values], iri: str, done: set[str]) -> dict[str, object]:
    """A node, described where it is first met."""
    node: dict[str, object] = {"@id": iri}
    if iri in done:
        return node
    done.add(iri)
    about = said.get(iri, {})
    if kinds := sorted(_name(plain(kind)) for kind in about.get(_TYPE, ())):
        node["@type"] = kinds if len(kinds) > 1 else kinds[0]
    for prop in sorted(about.keys() - {_TYPE}, key=_place):
        key = _name(prop)
        values = [_value(said, key, each, done) for each in sorted(about[prop], key=_order)]
        node[key] = values if len(values) > 1 else values[0]
    return node


def _place(prop: str) -> tuple[int, str]:
    """Where a property stands in a node: names first, identifiers and the page last."""
    key = _name(prop)
    if key in _FIRST:
        return _FIRST.index(key) - len(_FIRST), key
    return (_LAST.index(key) + 1 if key in _LAST else 0), key


def _order(value: Term) -> tuple[str, str]:
    """Where a value stands among the values of its property: texts by their language."""
    return getattr(value, "language", None) or "", str(value)


def _value(said: Mapping[str, _Values], key: str, value: Term, done: set[str]) -> object:
    if not isinstance(value, Literal):
        iri = plain(value)
        return iri if key in _ADDRESSES and iri not in said else _node(said, iri, done)
    if value.language:
        return {"@language": value.language, "@value": value.value}
    return value.value == "true" if value.datatype.value == _BOOLEAN else value.value
