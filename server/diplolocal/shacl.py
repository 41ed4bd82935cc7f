"""Shapes applied to data: two engines, the same findings.

rudof is the everyday engine, because it is several times quicker; pySHACL is the reference, and a
test holds that both say the same of every example. Messages are the shapes' own, in both languages.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from importlib import metadata

import pyrudof
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from diplolocal.errors import DiploLocalError
from diplolocal.findings import Finding, Severity
from diplolocal.wording import Said, message, said

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SUBCLASS = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERAL = re.compile(
    r'"(?P<text>.*)"'
    r"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^(?:<(?P<datatype>[^<>]*)>|xsd:(?P<xsd>\w+)))?",
    re.DOTALL,
)
_TARGETS = tuple(
    _SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)


class Engine(StrEnum):
    """What applies the shapes."""

    RUDOF = "rudof"
    PYSHACL = "pyshacl"


def apply(
    shapes: Iterable[Quad],
    data: bytes,
    *,
    engine: Engine = Engine.RUDOF,
    focus: frozenset[str] | None = None,
) -> Iterator[Finding]:
    """What the shapes find in data, given in N-Triples (SHACL §3), without saying in which file.

    `focus`: the only nodes that shapes are applied to, all the others being context.
    Raises DiploLocalError where the engine cannot read the shapes.
    """
    forms = list(shapes)
    messages = _messages(forms)
    if focus is not None:
        forms = list(_narrowed(forms, data, focus))
    for found in _ENGINES[engine](forms, data) if data else ():
        yield replace(found, messages=messages.get(found.rule) or found.messages)


def in_ntriples(quads: Iterable[Quad]) -> bytes:
    """The statements as text, whatever their graphs."""
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def version(engine: Engine) -> str:
    """Which version of an engine there is."""
    return metadata.version(f"py{engine.removeprefix('py')}")


def _by_rudof(shapes: list[Quad], data: bytes) -> Iterator[Finding]:
    # Lax, its default, would leave out what it cannot read, and find nothing there.
    strict = pyrudof.ReaderMode.Strict
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())  # a used one keeps something of shapes before
    try:
        rudof.read_data(data.decode(), pyrudof.RDFFormat.NTriples, reader_mode=strict)
        form = pyrudof.ShaclFormat.NTriples
        rudof.read_shacl(in_ntriples(shapes).decode(), form, reader_mode=strict)
        results = rudof.validate_shacl()
    except pyrudof.RudofError as error:
        raise DiploLocalError(
            message(
                "The shapes cannot be applied. Mend the files in shapes/: {reason}", reason=error
            )
        ) from error
    for result in results:
        yield Finding(
            severity=Severity(result.severity),
            rule=result.source_shape or "",
            node=result.focus_node,
            labels={},
            messages=said({"": result.message}),
            path=result.path,
            value=None if result.value is None else _as_ntriples(result.value),
        )


def _by_pyshacl(shapes: list[Quad], data: bytes) -> Iterator[Finding]:
    from diplolocal import shacl_reference  # slow to import: only where it is asked for

    return shacl_reference.findings(shapes, parse(data, format=RdfFormat.N_TRIPLES))


_ENGINES: Mapping[Engine, Callable[[list[Quad], bytes], Iterator[Finding]]] = {
    Engine.RUDOF: _by_rudof,
    Engine.PYSHACL: _by_pyshacl,
}


def _messages(shapes: Iterable[Quad]) -> Mapping[str, Said]:
    """What each shape says (SHACL §2.1.5), by its IRI."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in shapes:
        if quad.predicate.value == f"{_SH}message" and isinstance(quad.object, Literal):
            texts[str(getattr(quad.subject, "value", ""))][quad.object.language or ""] = (
                quad.object.value
            )
    return {shape: said(by_language) for shape, by_language in texts.items()}


def _narrowed(shapes: list[Quad], data: bytes, focus: frozenset[str]) -> Iterator[Quad]:
    """The shapes with their targets (SHACL §2.1.3) narrowed to the nodes in focus, each named."""
    targeted = _targeted(data, {f"<{node}>".encode() for node in focus})
    for quad in shapes:
        target = quad.predicate.value
        if target not in _TARGETS:
            yield quad
            continue
        value = str(getattr(quad.object, "value", ""))
        nodes = {value} & focus if target == f"{_SH}targetNode" else targeted[target, value]
        for node in sorted(nodes):
            yield Quad(quad.subject, NamedNode(f"{_SH}targetNode"), NamedNode(node))


def _targeted(data: bytes, focus: set[bytes]) -> Mapping[tuple[str, str], set[str]]:
    """The nodes in focus that each target would name: by class, as subjects, as objects."""
    lines = [line.split(b" ", 2) for line in data.splitlines()]
    wider: dict[bytes, set[bytes]] = defaultdict(set)
    for subject, prop, rest in lines:
        if prop == _SUBCLASS:
            wider[subject].add(rest[:-2])
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, prop, rest in lines:
        if subject in focus:
            found[f"{_SH}targetSubjectsOf", _iri(prop)].add(_iri(subject))
            if prop == _TYPE:
                for cls in _closure(rest[:-2], wider):
                    found[f"{_SH}targetClass", _iri(cls)].add(_iri(subject))
        if rest[:-2] in focus:
            found[f"{_SH}targetObjectsOf", _iri(prop)].add(_iri(rest[:-2]))
    return found


def _closure(start: bytes, wider: Mapping[bytes, set[bytes]]) -> set[bytes]:
    """A class and all those above it."""
    reached, waiting = {start}, [start]
    while waiting:
        for above in wider.get(waiting.pop(), set()) - reached:
            reached.add(above)
            waiting.append(above)
    return reached


def _iri(name: bytes) -> str:
    return name[1:-1].decode()


def _as_ntriples(value: str) -> str:
    """rudof writes an IRI without its brackets, the datatypes of XML Schema with a prefix, and does
    not escape what is in a literal.
    """
    if found := _LITERAL.fullmatch(value):
        iri = _XSD + found["xsd"] if found["xsd"] else found["datatype"]
        datatype = NamedNode(iri) if iri else None
        return str(Literal(found["text"], language=found["language"], datatype=datatype))
    return value if value.startswith("_:") else f"<{value}>"
