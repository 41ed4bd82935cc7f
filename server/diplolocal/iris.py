"""IRIs: the namespace of the house, and the ways between an IRI, a path of a request and a file.

The only module that builds or takes apart an IRI. The namespace is a constant, not a setting: data
do not change their names when they move house (`data/README.md`, "IRIs").
"""

import re
from collections.abc import Mapping

NAMESPACE = "https://w3id.org/diplolocal/"
ONTOLOGY = NAMESPACE + "def"
DATASET = NAMESPACE + "dataset"
CONTEXT = NAMESPACE + "context/v1.jsonld"
DERIVED = NAMESPACE + "graph/derived"
STAGED = NAMESPACE + "staged/"

_THINGS = NAMESPACE + "id/"
_FROM_A_SOURCE = ("bulletin", "action", "participation", "unnamed")
_OF_AN_ACTION = ("participation", "unnamed")
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


def document_of(iri: str) -> str:
    """The IRI of the document about a thing; what is not under `id/` is a document itself."""
    return _DOCUMENTS + iri.removeprefix(_THINGS) if iri.startswith(_THINGS) else iri.split("#")[0]


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
