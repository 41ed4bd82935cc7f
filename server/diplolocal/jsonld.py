"""Triples → JSON-LD with our context, written directly.

A processor that compacts and frames what any context may say needs 28 ms for an action with five
participations; a writer that knows how our context is built needs less than one. It relies on what
`tests/test_jsonld.py` holds of the context: each property has one term at most, and a term says
nothing but the type of its values, `@language` and `@set`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from json.encoder import encode_basestring as _quoted

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from diplolocal import formats
from diplolocal.bad_requests import NotAcceptable
from diplolocal.store import Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = _RDF + "type"
_NATIVE: Mapping[str, tuple[str, Callable[[str], object]]] = {
    # Beyond 53 bits, readers that have floating-point numbers only would round (RFC 8259 §6).
    _XSD + "integer": (r"0|-?[1-9][0-9]{0,14}", int),
    _XSD + "boolean": (r"true|false", "true".__eq__),
}
"""Which literals JSON has itself, and how: those that come back as they were. A decimal does not:
`20.50` as a number of JSON is a double to whoever reads it (JSON-LD 1.1 API §8.2.2), and `1.0` an
integer, so decimals are strings whose type the context knows; so are doubles.
"""

_DEEPEST = 20
"""How deep a tree is: what lies deeper follows it. Our documents have four levels."""

_SCHEME = re.compile(rb"<([a-z][a-z0-9+.-]*):(?!//)", re.IGNORECASE)
"""Where an IRI begins that has no authority, in N-Triples; literals may have more of the kind."""

_Values = Mapping[str, Iterable[Term]]
"""What is said of one subject, by property."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the context says of a property: its key; the type of its values (`@id`, `@vocab` or a
    datatype), if any; whether they stand by language; whether there may be several. Where it only
    `points`, nothing is described: it says for readers of another vocabulary, by its prefix, what
    ours says already.
    """

    key: str
    kind: str | None = None
    by_language: bool = False
    many: bool = False

    @property
    def points(self) -> bool:
        """Whether its values are named only."""
        return self.kind == "@id" and ":" in self.key


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """What the context makes of IRIs: the properties it knows, the terms without a type, its
    prefixes by namespace, and a pattern for those.
    """

    properties: Mapping[str, Word]
    classes: Mapping[str, str]
    prefixes: Mapping[str, str]
    begins: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Written:
    """A graph on its way to a document: the words; what is said of each subject; how many times
    each blank node is pointed at, and which subjects were written already.
    """

    words: Words
    said: Mapping[str, _Values]
    pointed: Mapping[str, int]
    done: set[str]


def framed(triples: Collection[Triple], iri: str, *, context: bytes, address: str) -> bytes:
    """The triples as a tree that begins at `iri`; `address` is where the context is published.

    A node stands wherever it is pointed at, except within itself (`@embed: @always` of JSON-LD 1.1
    Framing §4.2) and where properties of other vocabularies repeat what ours say. What cannot be
    reached from `iri` follows the tree in a list. Raises NotAcceptable for a triple term of RDF
    1.2, for which JSON-LD 1.1 has no form.
    """
    said: dict[str, dict[str, dict[Term, None]]] = {}
    for triple in triples:
        properties = said.setdefault(_name(triple.subject), {})
        properties.setdefault(triple.predicate.value, {})[triple.object] = None
    pointed = Counter(
        _name(value)
        for properties in said.values()
        for values in properties.values()
        for value in values
        if isinstance(value, BlankNode)
    )
    ntriples = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    words, named = _understood(context, address, ntriples)
    graph = _Written(words, said, pointed, set())
    tree = _node(graph, iri, said.get(iri, {}), (iri,))
    flat = replace(graph, said={})
    left = [_node(flat, each, said[each]) for each in sorted(said.keys() - graph.done)]
    if not left:
        return written({"@context": named, **tree})
    return written({"@context": named, "graph": [tree, *left] if iri in said else left})


def compacted(triples: Iterable[Triple], *, context: bytes, address: str) -> bytes:
    """The triples as a flat list of nodes (JSON-LD 1.1 §5.6). Raises NotAcceptable as `framed`."""
    ntriples = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return listed(ntriples, context=context, address=address)


def listed(ntriples: bytes, *, context: bytes, address: str) -> bytes:
    """The same of a graph in N-Triples, however many they are: a node is written before the next
    one is read.
    """
    lines = sorted(set(ntriples.splitlines()))
    words, named = _understood(context, address, ntriples)
    flat = _Written(words, {}, {}, set())
    head, tail = written({"@context": named, "graph": []}).rsplit(b"]", 1)
    into = BytesIO(head)
    into.seek(len(head))
    between = "\n    "
    triples = (quad.triple for quad in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES))
    for subject, some in groupby(triples, key=lambda triple: _name(triple.subject)):
        properties: dict[str, list[Term]] = {}
        for triple in some:
            properties.setdefault(triple.predicate.value, []).append(triple.object)
        into.write((between + _text(_node(flat, subject, properties), "    ")).encode())
        between = ",\n    "
    into.write((b"\n  ]" if lines else b"]") + tail)
    return into.getvalue()


def written(tree: Mapping[str, object]) -> bytes:
    """A tree of JSON, as `json.dumps` indents it and three times as quick: that has no C code for
    indented text.
    """
    return (_text(tree, "") + "\n").encode()


def _text(value: object, indent: str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    inner = indent + "  "
    if isinstance(value, dict) and value:
        pairs = [f"{inner}{_quoted(key)}: {_text(each, inner)}" for key, each in value.items()]
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        items = [inner + _text(each, inner) for each in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    return json.dumps(value)


def _node(
    graph: _Written, subject: str, properties: _Values, above: tuple[str, ...] = ()
) -> dict[str, object]:
    """A node with what is said of it: `id`, `type`, `label`, then by key."""
    graph.done.add(subject)
    types: list[str] = []
    found: dict[str, object] = {}
    for iri, values in properties.items():
        for value in sorted(values, key=_order):
            if iri == _TYPE and not isinstance(value, Literal):
                types.append(word(graph.words, _name(value)))
            else:
                _say(found, graph, iri, value, above)
    # A blank node that is described where alone it is pointed at needs no label.
    nameless = subject.startswith("_:") and above and graph.pointed.get(subject) == 1
    head: dict[str, object] = {} if nameless else {"id": _short(graph.words, subject)}
    if types:
        head["type"] = sorted(types, key=_own_first)
    if "label" in found:
        head["label"] = found.pop("label")
    return {**head, **{key: found[key] for key in sorted(found, key=_own_first)}}


def _order(value: Term) -> tuple[str, str]:
    """Where a value stands among the values of its property."""
    return getattr(value, "language", None) or "", str(value)


def _own_first(key: str) -> tuple[bool, str]:
    """Where a key or a type stands: what has no prefix goes before what is another's."""
    return ":" in key, key


def _say(
    found: dict[str, object], graph: _Written, iri: str, value: Term, above: tuple[str, ...]
) -> None:
    """Add a value of a property, under the term if its value can stand there (JSON-LD 1.1 API
    §7.3), else under a key that says nothing of its values.
    """
    words = graph.words
    known = words.properties.get(iri) or Word(_key(words, iri))
    if not isinstance(value, Literal):
        fits = known.kind in (None, "@id", "@vocab") and not known.by_language
        shown = _pointed(graph, value, known if fits else Word(known.key), above)
    elif value.language:
        if known.by_language and not value.direction:
            texts = found.setdefault(known.key, {})
            assert isinstance(texts, dict)
            _add(texts, value.language, value.value, many=known.many)
            return
        fits = known.kind is None and not known.by_language
        shown = {"@language": value.language, "@value": value.value}
        if value.direction:
            shown["@direction"] = value.direction.value
    else:
        datatype = value.datatype.value
        plain = datatype == _XSD + "string"
        fits = not known.by_language and known.kind in (None if plain else datatype, None)
        shown = _literal(words, value.value, datatype, typed=known.kind == datatype or plain)
    if fits:
        _add(found, known.key, shown, many=known.many)
    else:
        _add(found, _key(words, iri), shown, many=False)


def _add(into: dict[str, object], key: str, value: object, *, many: bool) -> None:
    """Add a value under a key: in an array where there may be several, or are."""
    if key not in into:
        into[key] = [value] if many else value
        return
    there = into[key]
    if not isinstance(there, list):
        there = into[key] = [there]
    there.append(value)


def _pointed(graph: _Written, value: Term, known: Word, above: tuple[str, ...]) -> object:
    """What a property points at: described where it stands, or its IRI."""
    name = _name(value)
    if name in graph.said and name not in above and not known.points and len(above) < _DEEPEST:
        return _node(graph, name, graph.said[name], (*above, name))
    if known.kind is None:
        return {"id": _short(graph.words, name)}
    return word(graph.words, name) if known.kind == "@vocab" else _short(graph.words, name)


def _literal(words: Words, text: str, datatype: str, *, typed: bool) -> object:
    """A literal as JSON has it, or as text; with its type, unless that is known.

    That is `@type` and not our `type`, which rdflib takes for a list of classes (7.6.0).
    """
    pattern, native = _NATIVE.get(datatype, ("", None))
    if native and re.fullmatch(pattern, text):
        return native(text)
    return text if typed else {"@type": word(words, datatype), "@value": text}


def _name(term: Term) -> str:
    """The IRI of a node, or the label of one without. Raises NotAcceptable for a triple term."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    raise NotAcceptable([fmt.media_type for fmt in formats.GRAPH if fmt is not formats.JSONLD])


def word(words: Words, iri: str) -> str:
    """The IRI of a class, as short as the context makes it (`Action`)."""
    return words.classes.get(iri) or _short(words, iri)


def _key(words: Words, iri: str) -> str:
    """A key for a property under which values stand as they are, of whatever type."""
    short = _short(words, iri)
    known = words.properties.get(iri)
    return iri if known and known.key == short else short


@lru_cache(maxsize=50_000)
def _short(words: Words, iri: str) -> str:
    """The IRI with a prefix of the context, or as it is (JSON-LD 1.1 §4.1.5)."""
    found = words.begins.match(iri)
    return f"{words.prefixes[found[0]]}:{iri[found.end() :]}" if found else iri


def _understood(context: bytes, address: str, ntriples: bytes) -> tuple[Words, object]:
    """The words of the context, and what a document names as its context.

    `geo:20.67,-103.35` is an IRI (RFC 5870), and `geo` a prefix of ours: where an IRI of the graph
    would be read as a prefixed name, the document does without that prefix (JSON-LD 1.1 §4.1.5).
    """
    words = words_of(context)
    found = {match[1].decode() for match in _SCHEME.finditer(ntriples)}
    lost = sorted(found.intersection(words.prefixes.values()))
    if not lost:
        return words, address
    kept = {space: prefix for space, prefix in words.prefixes.items() if prefix not in lost}
    return replace(words, prefixes=kept, begins=_beginning(kept)), [address, dict.fromkeys(lost)]


@cache
def words_of(context: bytes) -> Words:
    """What a context of ours makes of IRIs."""
    entries: dict[str, str | dict[str, str | list[str]]] = json.loads(context)["@context"]
    prefixes = {
        entry: name for name, entry in entries.items() if isinstance(entry, str) and "://" in entry
    }
    namespaces = {name: namespace for namespace, name in prefixes.items()}
    properties, classes = {}, {}
    for key, entry in entries.items():
        said = entry if isinstance(entry, dict) else {"@id": entry}
        iri = _expanded(str(said.get("@id")), namespaces)
        if iri is None or key in namespaces:
            continue  # another name for a keyword, or a prefix
        kind = str(said.get("@type", ""))
        properties[iri] = Word(
            key=key,
            kind=_expanded(kind, namespaces) or kind or None,
            by_language="@language" in said.get("@container", ()),
            many="@set" in said.get("@container", ()),
        )
        if said.keys() == {"@id"}:
            classes[iri] = key
    return Words(properties, classes, prefixes, _beginning(prefixes))


def _expanded(name: str, namespaces: Mapping[str, str]) -> str | None:
    """The IRI that is written so, in full or with a prefix; None for what is none."""
    prefix, _, local = name.partition(":")
    if prefix in namespaces:
        return namespaces[prefix] + local
    return name if "://" in name else None


def _beginning(prefixes: Iterable[str]) -> re.Pattern[str]:
    """What begins with one of the namespaces and can be written with its prefix."""
    return re.compile(f"(?:{'|'.join(map(re.escape, prefixes))})(?=.)(?!//)", re.DOTALL)
