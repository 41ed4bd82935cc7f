"""IRIs: the namespace of the house, and the ways between an IRI, a path of a request and a file.

The only module that builds or takes apart an IRI. The namespace is a constant, not a setting: data
do not change their names when they move house (`data/README.md`, "IRIs").
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

NAMESPACE = "https://w3id.org/diplolocal/"
ONTOLOGY = NAMESPACE + "def"
DATASET = NAMESPACE + "dataset"
CATALOG = NAMESPACE + "catalog"
CHANGES = NAMESPACE + "changes"
QUALITY = NAMESPACE + "quality"
SHAPES = NAMESPACE + "shapes"
CONTEXT = NAMESPACE + "context/v1.jsonld"
DERIVED = NAMESPACE + "graph/derived"
STATE = ONTOLOGY + "#state"
STAGED = NAMESPACE + "staged/"

_THINGS = NAMESPACE + "id/"
_FROM_A_SOURCE = ("bulletin", "action", "participation", "unnamed")
_OF_AN_ACTION = ("participation", "unnamed")
_PASSING = ("participation", "unnamed", "link", "question")
_DOCUMENTS = NAMESPACE + "doc/"


def graph(*parts: str) -> str:
    """The IRI of a named graph: `graph("bulletin", "2021-01")`."""
    return NAMESPACE + "/".join(("graph", *parts))


def staged(version: str, graph: str) -> str:
    """Where the graph of a build waits in another store until all of the build is there."""
    return f"{STAGED}{version}/{graph.removeprefix(NAMESPACE)}"


def check(name: str) -> str:
    """The IRI of a cross-record check."""
    return f"{NAMESPACE}check/{name}"


def schema(name: str) -> str:
    """The IRI of the JSON Schema of a class, by its name in the context: `schema("Action")`."""
    return f"{NAMESPACE}schemas/{name}.json"


def thing(key: str) -> str:
    """The IRI of a thing from its kind and key: `thing("place/mx-jal")`."""
    return _THINGS + key


def month_of(iri: str) -> str | None:
    """The month (`2021-01`) of which the thing is the bulletin; None where it is none."""
    found = re.fullmatch(rf"{_THINGS}bulletin/(\d{{4}}-(?:0[1-9]|1[0-2]))", iri, re.ASCII)
    return found[1] if found else None


def key_of(iri: str) -> str:
    """The last part of an IRI: the key of a thing among those of its kind."""
    return iri.rpartition("/")[2]


def of_path(path: str) -> str:
    """The IRI that a path of a request stands for, on whatever host it was asked."""
    return NAMESPACE + path.lstrip("/")


def path_of(iri: str) -> str:
    """The path at which one of our IRIs is answered; another's IRI is its own address."""
    return "/" + iri.removeprefix(NAMESPACE) if is_ours(iri) else iri


def place(iri: str) -> tuple[str, ...]:
    """Where a thing stands among others in a file, to be sorted by: ours by IRI, then
    those of others; a bulletin is followed by its actions, an action by those that took part in it.
    """
    kind, _, key = iri.removeprefix(_THINGS).partition("/")
    if kind not in _FROM_A_SOURCE:
        return ("" if is_ours(iri) else "~", iri)
    key, _, part = key.rpartition("-") if kind in _OF_AN_ACTION else (key, "", "")
    counted = re.sub(r"\d+", lambda number: number[0].zfill(9), key)
    return "", f"{_THINGS}action/", counted, str(_FROM_A_SOURCE.index(kind)), part.zfill(9)


def is_ours(iri: str) -> bool:
    """Whether the IRI is in our namespace."""
    return iri.startswith(NAMESPACE)


def is_thing(iri: str) -> bool:
    """Whether the IRI is that of a thing, which is no document."""
    return iri.startswith(_THINGS)


def kind_of(thing: str) -> str:
    """The kind of a thing, which its IRI names: `action`, `place`."""
    return thing.removeprefix(_THINGS).partition("/")[0]


def is_vocabulary(iri: str) -> bool:
    """Whether the IRI is that of a concept scheme or a concept."""
    return iri.startswith(f"{NAMESPACE}vocab/")


def is_query(iri: str) -> bool:
    """Whether the IRI is that of an example query."""
    return iri.startswith(f"{NAMESPACE}queries/")


def scheme_of(concept: str) -> str:
    """The concept scheme that a concept is in, or the scheme itself."""
    return f"{NAMESPACE}vocab/{concept.removeprefix(NAMESPACE).split('/')[1]}"


def uri_of(iri: str) -> str:
    """The IRI, or the path of one, as it stands in a header: what may not be in a URI is
    percent-encoded (RFC 3987 §3.1).
    """
    return quote(iri, safe="/:?#[]@!$&'()*+,;=~%")


def document_of(iri: str) -> str:
    """The IRI of the document about a thing; what is not under `id/` is a document itself."""
    return _DOCUMENTS + iri.removeprefix(_THINGS) if iri.startswith(_THINGS) else iri.split("#")[0]


def of_document(document: str) -> str:
    """What a document is about: the thing, or the document itself where it is not under `doc/`."""
    is_about = document.startswith(_DOCUMENTS)
    return _THINGS + document.removeprefix(_DOCUMENTS) if is_about else document


def release(version: str) -> str:
    """The IRI of a release of the data set: `release("1.0.0")`."""
    return f"{DATASET}/{version}"


def within(document: str, *names: str) -> str:
    """The IRI of something that a document describes besides: `within(DATASET, "class:dl:Action")`.

    What a fragment may not hold is percent-encoded (RFC 3986 §3.5).
    """
    return f"{document}#{quote('&'.join(names), safe='/:&=')}"


def is_release(iri: str) -> bool:
    """Whether the IRI is that of a release of the data set."""
    return re.fullmatch(rf"{DATASET}/\d+\.\d+\.\d+", iri, re.ASCII) is not None


def must_stay(topic: str) -> bool:
    """Whether what was published once never vanishes without a tombstone: a thing or a concept.
    What only belongs to another (participations, links) goes with it, and questions are answered.
    """
    kind = topic.removeprefix(_THINGS).partition("/")[0]
    return topic.startswith((_THINGS, NAMESPACE + "vocab/")) and kind not in _PASSING


def topic_of(subject: str, graph: str) -> str:
    """What the versions of a statement are versions of: the thing that it is about, or the document
    that defines the term; for a subject that is not ours, the named graph that says it.
    """
    if not is_ours(subject):
        return graph
    return subject if subject.startswith(_THINGS) else subject.split("#")[0]


def row(place: int) -> str:
    """What stands in a drawing for the address of what a row of its numbers counts."""
    return f"{NAMESPACE}row/{place}"


def member(topic: str, version: str) -> str:
    """The IRI of a topic's document as it was when a release changed it."""
    return f"{document_of(topic)}?version={version}"


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """The IRI as a prefixed name if a prefix fits (the longest namespace wins), else as it is."""
    fitting = [
        (len(namespace), prefix)
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace)
    ]
    if not fitting:
        return iri
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def expand(name: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that a prefixed name stands for; a name with no known prefix is returned as it is."""
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name
