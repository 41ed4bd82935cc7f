"""Shapes and checks: does what is known have the form it must have?

pySHACL validates against `shapes/` (SHACL Core), the engine asks each query of `ontology/checks/`,
which must find nothing. Both see what was written by hand, before anything is derived from it.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from diplolocal import iris
from diplolocal.dataset import Dataset, Kind, Source, ask_file, read
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import SourceError, SourcesUnreadable
from diplolocal.findings import Finding, Progress, Report, Severity
from diplolocal.store import Row, Store, Term, bind, load_query, select
from diplolocal.wording import LANGUAGES, Said, message

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


def validate(dataset: Dataset, *, progress: Progress = lambda step, done, total: None) -> Report:
    """What is wrong with the data set. Raises SourcesUnreadable where its files cannot be read."""
    sources = dataset.described
    statements = read(sources)
    shapes = read(dataset.of(Kind.SHAPES))
    store = EmbeddedStore(statements)
    findings = examine(statements, shapes, dataset.checks, progress=progress)
    located = [_located(found, store, sources) for found in findings]
    located.sort(key=_in_order)
    return Report(tuple(located), files=len(dataset.sources), quads=len(statements))


def examine(
    statements: list[Quad],
    shapes: Iterable[Quad],
    checks: Sequence[Path],
    *,
    focus: frozenset[str] | None = None,
    progress: Progress = lambda step, done, total: None,
) -> list[Finding]:
    """What the shapes and the checks say of the statements, without saying in which file.

    `focus`: the only nodes that shapes are applied to (SHACL §3.4), all the others being context;
    the checks look at everything. Raises SourcesUnreadable for a check that is not described.
    """
    data, forms = _rdflib_graph(statements), _rdflib_graph(shapes)
    if focus is not None:
        forms = _retargeted(data, forms, focus)
    store = EmbeddedStore(statements)
    descriptions = _descriptions(store, checks)
    targeting = sorted({shape for path in _TARGETS for shape in forms.subjects(path)}, key=str)
    total = len(targeting) + len(checks)
    findings: list[Finding] = []
    for done, (shape, alone) in enumerate(_one_by_one(forms, targeting)):
        progress(message("Shape {name}", name=shape.rpartition("#")[2]), done, total)
        findings.extend(_against_shapes(data, alone))
    for done, path in enumerate(checks, len(targeting)):
        progress(message("Check {name}", name=path.stem), done, total)
        findings.extend(_against_check(store, path, descriptions))
    progress(message("Done"), total, total)
    return findings


def _in_order(found: Finding) -> tuple[str, str, int, str, str, str]:
    """Violations first, then by file, line and node."""
    file, line = str(found.file or ""), found.line or 0
    return (found.severity, file, line, found.node, found.rule, str(found.value))


def _rdflib_graph(statements: Iterable[Quad]) -> rdflib.Graph:
    """The statements as one graph in pySHACL's language. Ill-typed literals are findings, not log
    lines.
    """
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = rdflib.Graph()
    for quad in statements:
        graph.add((_in_rdflib(quad.subject), _in_rdflib(quad.predicate), _in_rdflib(quad.object)))
    return graph


@lru_cache(maxsize=100_000)
def _in_rdflib(term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language or term.datatype.value == str(XSD.string):
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def _one_by_one(
    shapes: rdflib.Graph, targeting: Iterable[Node]
) -> Iterator[tuple[str, rdflib.Graph]]:
    """Each shape that names its focus nodes (SHACL §2.1.3), with the shapes it uses, untargeted.

    So a long validation can say where it is. pySHACL's own `use_shapes` forgets property shapes
    that have an IRI.
    """
    targets = [triple for path in _TARGETS for triple in shapes.triples((None, path, None))]
    untargeted = rdflib.Graph()
    untargeted += shapes
    for triple in targets:
        untargeted.remove(triple)
    for shape in targeting:
        alone = [triple for triple in targets if triple[0] == shape]
        for triple in alone:
            untargeted.add(triple)
        yield str(shape), untargeted
        for triple in alone:
            untargeted.remove(triple)


def _against_shapes(data: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    _conforms, results, _text = pyshacl.validate(
        data, shacl_graph=shapes, inference="none", inplace=True
    )
    assert isinstance(results, rdflib.Graph)
    # Only what the report lists: sh:detail holds results as well, of shapes that a shape uses.
    for result in results.objects(None, SH.result):
        severity = str(results.value(result, SH.resultSeverity)).rpartition("#")[2]
        path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
        texts = results.objects(result, SH.resultMessage)
        said = {str(getattr(text, "language", None)): str(text) for text in texts}
        yield Finding(
            severity=Severity(severity),
            rule=str(results.value(result, SH.sourceShape)),
            node=str(results.value(result, SH.focusNode)),
            labels={},
            messages=_said(said),
            path=None if path is None else str(path),
            value=None if value is None else _as_ntriples(value),
        )


def _as_ntriples(term: Node) -> str:
    """The term as N-Triples writes it: on one line."""
    if isinstance(term, rdflib.Literal):
        datatype = None if term.datatype is None else NamedNode(str(term.datatype))
        return str(Literal(str(term), language=term.language, datatype=datatype))
    return term.n3()


def _retargeted(data: rdflib.Graph, shapes: rdflib.Graph, focus: frozenset[str]) -> rdflib.Graph:
    """The shapes with their targets narrowed to those focus nodes, each named (SHACL §2.1.3.1).

    pySHACL's own `focus_nodes` lets a node pass wrongly where a shape uses another by sh:node.
    """
    narrowed = rdflib.Graph()
    for shape, predicate, value in shapes:
        if predicate not in _TARGETS:
            narrowed.add((shape, predicate, value))
            continue
        for node in _focus_nodes(data, predicate, value):
            if str(node) in focus:
                narrowed.add((shape, SH.targetNode, node))
    return narrowed


def _focus_nodes(data: rdflib.Graph, target: Node, value: Node) -> Iterator[Node]:
    """The nodes that a target names (SHACL §2.1.3)."""
    if target == SH.targetNode:
        yield value
    elif target == SH.targetSubjectsOf:
        yield from data.subjects(value)
    elif target == SH.targetObjectsOf:
        yield from data.objects(None, value)
    else:
        for cls in data.transitive_subjects(RDFS.subClassOf, value):
            yield from data.subjects(RDF.type, cls)


def _against_check(
    store: Store, path: Path, descriptions: Mapping[str, Finding]
) -> Iterator[Finding]:
    for row in ask_file(path, partial(select, store)):
        value = row.get("value")
        found = descriptions[path.stem]
        yield replace(
            found,
            node=_plain(row["this"]),
            messages={language: _filled(text, row) for language, text in found.messages.items()},
            value=None if value is None else str(value),
        )


def _descriptions(store: Store, paths: Iterable[Path]) -> Mapping[str, Finding]:
    """What a check says when it finds something, from checks.ttl. Raises SourcesUnreadable for a
    query without one.
    """
    said: dict[str, dict[str, str]] = {}
    severities: dict[str, Severity] = {}
    for row in select(store, load_query("checks")):
        name = _plain(row["query"])
        said.setdefault(name, {})[_language(row["message"])] = _plain(row["message"])
        # Any other value is a finding of the shape of checks, not an error of ours.
        gentle = row["severity"] == NamedNode(str(SH.Warning))
        severities[name] = Severity.WARNING if gentle else Severity.VIOLATION
    found = {
        name: Finding(
            severities[name], rule=iris.check(name), node="", labels={}, messages=_said(texts)
        )
        for name, texts in said.items()
    }
    unknown = [path for path in paths if path.stem not in found]
    if unknown:
        reason = message(
            "The check is not described in ontology/checks/checks.ttl. Add its label, severity"
            " and message."
        )
        raise SourcesUnreadable([SourceError(path, reason) for path in unknown])
    return found


def _located(found: Finding, store: Store, sources: tuple[Source, ...]) -> Finding:
    """The finding with the node's labels, its file and its line."""
    if not found.node.startswith(("http://", "https://")):
        return found
    names = {
        _language(row["label"]): _plain(row["label"])
        for row in select(store, bind(load_query("names"), resource=NamedNode(found.node)))
    }
    for source in sources:
        if line := source.subject_lines.get(found.node):
            return replace(found, labels=_said(names), file=source.path, line=line)
    return replace(found, labels=_said(names))


def _said(texts: Mapping[str, str], otherwise: str = "") -> Said:
    """The texts by our languages; another language's text, or what is given otherwise, where one is
    missing.
    """
    fallback = next(iter(texts.values()), "") or otherwise
    return {language: texts.get(language, fallback) for language in LANGUAGES}


def _filled(text: str, row: Row) -> str:
    """`{?value}` and the like replaced by what was found (SHACL §5.2.2)."""
    return re.sub(
        r"\{[?$](\w+)\}", lambda found: _plain(row[found[1]]) if found[1] in row else found[0], text
    )


def _plain(term: Term) -> str:
    return str(getattr(term, "value", term))


def _language(term: Term) -> str:
    return getattr(term, "language", None) or ""
