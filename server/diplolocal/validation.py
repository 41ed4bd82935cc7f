"""Shapes and checks: does what is known have the form it must have?

The shapes of `shapes/` are applied to it, and each query of `ontology/checks/`, which must find
nothing, is asked of it. Both see what was written by hand, before anything is derived from it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from diplolocal import iris
from diplolocal.dataset import Dataset, Kind, Source, ask_file, read, read_context
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import SourceError, SourcesUnreadable
from diplolocal.findings import Finding, Progress, Report, Severity
from diplolocal.shacl import Engine, apply
from diplolocal.store import Row, Store, Term, bind, construct, load_query, plain, select
from diplolocal.wording import message, said

_WARNING = NamedNode("http://www.w3.org/ns/shacl#Warning")


def validate(
    dataset: Dataset,
    *,
    engine: Engine = Engine.RUDOF,
    progress: Progress = lambda step, done, total: None,
) -> Report:
    """What is wrong with the data set. Raises SourcesUnreadable where its files cannot be read."""
    sources = dataset.described
    statements = read(sources)
    _look_at_queries(dataset)
    shapes = read(dataset.of(Kind.SHAPES))
    findings = examine(statements, shapes, dataset.checks, engine=engine, progress=progress)
    named = EmbeddedStore(statements if findings else ())  # for the names of what was found
    located = [_located(found, named, sources) for found in findings]
    located.sort(key=_in_order)
    return Report(tuple(located), files=len(dataset.sources), quads=len(statements))


def examine(
    statements: list[Quad],
    shapes: Iterable[Quad],
    checks: Sequence[Path],
    *,
    engine: Engine = Engine.RUDOF,
    focus: frozenset[str] | None = None,
    progress: Progress = lambda step, done, total: None,
) -> list[Finding]:
    """What the shapes and the checks say of the statements, without saying in which file.

    `focus`: the only nodes that shapes are applied to (SHACL §3.4), all the others being context;
    the checks look at everything. Raises SourcesUnreadable for a check that is not described.
    """
    total = len(checks) + 1
    progress(message("Shapes"), 0, total)
    findings = list(apply(shapes, statements, engine=engine, focus=focus))
    store = EmbeddedStore(statements)
    descriptions = _descriptions(store, checks)
    for done, path in enumerate(checks, 1):
        progress(message("Check {name}", name=path.stem), done, total)
        findings.extend(_against_check(store, path, descriptions))
    progress(message("Done"), total, total)
    return findings


def _in_order(found: Finding) -> tuple[str, str, int, str, str, str]:
    """Violations first, then by file, line and node."""
    file, line = str(found.file or ""), found.line or 0
    return (found.severity, file, line, found.node, found.rule, str(found.value))


def _look_at_queries(dataset: Dataset) -> None:
    """Raise SourcesUnreadable for a rule that is no query, or a context that is none: they are no
    data, but without them there is no build.
    """
    nothing = EmbeddedStore()
    errors: list[SourceError] = []
    looks: tuple[Callable[[], object], ...] = (
        partial(read_context, dataset.context),
        *(partial(ask_file, rule, partial(construct, nothing)) for rule in dataset.rules),
        *(partial(ask_file, check, partial(select, nothing)) for check in dataset.checks),
    )
    for look in looks:
        try:
            look()
        except SourceError as error:
            errors.append(error)
    if errors:
        raise SourcesUnreadable(errors)


def _against_check(
    store: Store, path: Path, descriptions: Mapping[str, Finding]
) -> Iterator[Finding]:
    for row in ask_file(path, partial(select, store)):
        if "this" not in row:
            reason = message(
                "The check does not say in ?this what it found. Give it that variable."
            )
            raise SourcesUnreadable([SourceError(path, reason)])
        value = row.get("value")
        found = descriptions[path.stem]
        yield replace(
            found,
            node=plain(row["this"]),
            messages={language: _filled(text, row) for language, text in found.messages.items()},
            value=None if value is None else str(value),
        )


def _descriptions(store: Store, paths: Iterable[Path]) -> Mapping[str, Finding]:
    """What a check says when it finds something, from checks.ttl. Raises SourcesUnreadable for a
    query without one.
    """
    texts: dict[str, dict[str, str]] = {}
    severities: dict[str, Severity] = {}
    for row in select(store, load_query("checks")):
        name = plain(row["query"])
        texts.setdefault(name, {})[_language(row["message"])] = plain(row["message"])
        # Any other value is a finding of the shape of checks, not an error of ours.
        gentle = row["severity"] == _WARNING
        severities[name] = Severity.WARNING if gentle else Severity.VIOLATION
    found = {
        name: Finding(
            severities[name], rule=iris.check(name), node="", labels={}, messages=said(by_language)
        )
        for name, by_language in texts.items()
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
        _language(row["label"]): plain(row["label"])
        for row in select(store, bind(load_query("names"), resource=NamedNode(found.node)))
    }
    for source in sources:
        if line := source.subject_lines.get(found.node):
            return replace(found, labels=said(names), file=source.path, line=line)
    return replace(found, labels=said(names))


def _filled(text: str, row: Row) -> str:
    """`{?value}` and the like replaced by what was found (SHACL §5.2.2)."""
    return re.sub(
        r"\{[?$](\w+)\}", lambda found: plain(row[found[1]]) if found[1] in row else found[0], text
    )


def _language(term: Term) -> str:
    return getattr(term, "language", None) or ""
