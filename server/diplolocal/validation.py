"""Shapes and checks: does what is known have the form it must have?

pySHACL validates against `shapes/` (SHACL Core), the engine asks each query of `ontology/checks/`,
which must find nothing. Both see what was written by hand, before anything is derived from it.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from rdflib.namespace import RDF, SH

from diplolocal import iris
from diplolocal.dataset import Dataset, Kind, Source, read
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import SourceError, SourcesUnreadable
from diplolocal.findings import Finding, Report, Severity
from diplolocal.store import Row, Store, Term, bind, load_query, select
from diplolocal.wording import LANGUAGES, Language, Message, Said, message

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)

Progress = Callable[[Message, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""


def validate(dataset: Dataset, *, progress: Progress = lambda step, done, total: None) -> Report:
    """What is wrong with the data set. Raises SourcesUnreadable where its files cannot be read."""
    sources = dataset.described
    statements = read(sources)
    shapes = _rdflib_graph(read(dataset.of(Kind.SHAPES)))
    data = _rdflib_graph(statements)
    store = EmbeddedStore(statements)
    descriptions = _descriptions(store, dataset.checks)
    targeting = len({subject for predicate in _TARGETS for subject in shapes.subjects(predicate)})
    total = targeting + len(dataset.checks)
    findings: list[Finding] = []
    for done, (shape, alone) in enumerate(_one_by_one(shapes)):
        progress(message("Shape {name}", name=shape.rpartition("#")[2]), done, total)
        findings.extend(_against_shapes(data, alone))
    for done, path in enumerate(dataset.checks, targeting):
        progress(message("Check {name}", name=path.stem), done, total)
        findings.extend(_against_check(store, path, descriptions))
    progress(message("Done"), total, total)
    located = [_located(found, store, sources) for found in findings]
    located.sort(
        key=lambda found: (
            found.severity,
            str(found.file),
            found.line or 0,
            found.node,
            found.rule,
            str(found.value),
        )
    )
    return Report(tuple(located), files=len(dataset.sources), quads=len(statements))


def _rdflib_graph(statements: Iterable[Quad]) -> rdflib.Graph:
    """The statements as one graph in pySHACL's language. Ill-typed literals are findings, not log
    lines.
    """
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    nquads = serialize((quad.triple for quad in statements), format=RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=nquads or b"", format="nt")


def _one_by_one(shapes: rdflib.Graph) -> Iterator[tuple[str, rdflib.Graph]]:
    """Each shape that names its focus nodes (SHACL §2.1.3), with all shapes it may use but no other
    target.

    So a long validation can say where it is. pySHACL's own `use_shapes` forgets property shapes
    that have an IRI.
    """
    targets = [
        triple for predicate in _TARGETS for triple in shapes.triples((None, predicate, None))
    ]
    untargeted = rdflib.Graph()
    untargeted += shapes
    for triple in targets:
        untargeted.remove(triple)
    for shape in sorted({subject for subject, _, _ in targets}):
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
    for result in results.subjects(RDF.type, SH.ValidationResult):
        severity = str(results.value(result, SH.resultSeverity)).rpartition("#")[2]
        path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
        texts = [
            text
            for text in results.objects(result, SH.resultMessage)
            if isinstance(text, rdflib.Literal)
        ]
        node = results.value(result, SH.focusNode)
        yield Finding(
            severity=Severity(severity),
            rule=str(results.value(result, SH.sourceShape)),
            node=str(node),
            labels={},
            messages=_said(
                {str(text.language): str(text) for text in texts}, otherwise=" ".join(texts)
            ),
            path=None if path is None else str(path),
            value=None if value is None else value.n3(),
        )


def _against_check(
    store: Store, path: Path, descriptions: Mapping[str, Finding]
) -> Iterator[Finding]:
    for row in select(store, path.read_text(encoding="utf-8")):
        value = row.get("value")
        found = descriptions[path.stem]
        yield replace(
            found,
            node=_plain(row["this"]),
            messages=_said(
                {language: _filled(text, row) for language, text in found.messages.items()}
            ),
            value=None if value is None else str(value),
        )


def _descriptions(store: Store, paths: Iterable[Path]) -> Mapping[str, Finding]:
    """What a check says when it finds something, from checks.ttl. Raises SourcesUnreadable for a
    query without one.
    """
    found: dict[str, Finding] = {}
    for row in select(store, load_query("checks")):
        name, text = _plain(row["query"]), row["message"]
        known = found.get(name)
        messages = {**(known.messages if known else {}), Language(_language(text)): _plain(text)}
        severity = Severity(_plain(row["severity"]).rpartition("#")[2])
        found[name] = Finding(
            severity, rule=iris.check(name), node="", labels={}, messages=messages
        )
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
