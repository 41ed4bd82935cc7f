"""Shapes applied to data: two engines, the same findings.

rudof is the everyday engine, because it is several times quicker; pySHACL is the reference, and a
test holds that both say the same of every example. Messages are the shapes' own, in both languages.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

import pyrudof
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from diplolocal.findings import Finding, Severity
from diplolocal.store import Term
from diplolocal.wording import Said, said

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_LITERAL = re.compile(
    r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^<>]*)>)?', re.DOTALL
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
    statements: Iterable[Quad],
    *,
    engine: Engine = Engine.RUDOF,
    focus: frozenset[str] | None = None,
) -> Iterator[Finding]:
    """What the shapes find in the statements (SHACL §3), without saying in which file.

    `focus`: the only nodes that shapes are applied to, all the others being context.
    """
    data, forms = list(statements), list(shapes)
    messages = _messages(forms)
    if focus is not None:
        forms = list(_narrowed(forms, data, focus))
    for found in _ENGINES[engine](forms, data):
        yield Finding(
            severity=found.severity,
            rule=found.rule,
            node=found.node,
            labels={},
            messages=messages.get(found.rule) or found.messages,
            path=found.path,
            value=found.value,
        )


def _by_rudof(shapes: list[Quad], data: list[Quad]) -> Iterator[Finding]:
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(_ntriples(data), pyrudof.RDFFormat.NTriples)
    rudof.read_shacl(_ntriples(shapes), pyrudof.ShaclFormat.NTriples)
    for result in rudof.validate_shacl():
        yield Finding(
            severity=Severity(result.severity),
            rule=result.source_shape or "",
            node=result.focus_node,
            labels={},
            messages=said({"": result.message}),
            path=result.path,
            value=None if result.value is None else _as_ntriples(result.value),
        )


def _by_pyshacl(shapes: list[Quad], data: list[Quad]) -> Iterator[Finding]:
    from diplolocal import shacl_reference  # slow to import: only where it is asked for

    return shacl_reference.findings(shapes, data)


_ENGINES: Mapping[Engine, Callable[[list[Quad], list[Quad]], Iterator[Finding]]] = {
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


def _narrowed(shapes: list[Quad], data: list[Quad], focus: frozenset[str]) -> Iterator[Quad]:
    """The shapes with their targets (SHACL §2.1.3) narrowed to the nodes in focus, each named."""
    targeted = _targeted(data, focus)
    for quad in shapes:
        target = quad.predicate.value
        if target not in _TARGETS:
            yield quad
            continue
        value = str(getattr(quad.object, "value", ""))
        nodes = {value} & focus if target == f"{_SH}targetNode" else targeted[target, value]
        for node in sorted(nodes):
            yield Quad(quad.subject, NamedNode(f"{_SH}targetNode"), NamedNode(node))


def _targeted(data: list[Quad], focus: frozenset[str]) -> Mapping[tuple[str, str], set[str]]:
    """The nodes in focus that each target would name: by class, as subjects, as objects."""
    wider: dict[str, set[str]] = defaultdict(set)
    for quad in data:
        if quad.predicate.value == _SUBCLASS:
            wider[_iri(quad.subject)].add(_iri(quad.object))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in data:
        subject, target = _iri(quad.subject), _iri(quad.object)
        if subject in focus:
            found[f"{_SH}targetSubjectsOf", quad.predicate.value].add(subject)
            if quad.predicate.value == _TYPE:
                for cls in _closure(target, wider):
                    found[f"{_SH}targetClass", cls].add(subject)
        if target in focus:
            found[f"{_SH}targetObjectsOf", quad.predicate.value].add(target)
    return found


def _closure(start: str, wider: Mapping[str, set[str]]) -> set[str]:
    """A class and all those above it."""
    reached, waiting = {start}, [start]
    while waiting:
        for above in wider.get(waiting.pop(), set()) - reached:
            reached.add(above)
            waiting.append(above)
    return reached


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _ntriples(quads: Iterable[Quad]) -> str:
    return (serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b"").decode()


def _as_ntriples(value: str) -> str:
    """rudof writes an IRI without its brackets, and does not escape what is in a literal."""
    if found := _LITERAL.fullmatch(value):
        datatype = NamedNode(found["datatype"]) if found["datatype"] else None
        return str(Literal(found["text"], language=found["language"], datatype=datatype))
    return value if value.startswith("_:") else f"<{value}>"
