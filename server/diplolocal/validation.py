"""Shapes and checks: does what is known have the form it must have?

The shapes of `shapes/` are applied to it, and each query of `ontology/checks/`, which must find
nothing, is asked of it. Both see what was written by hand, before anything is derived from it.
Shapes are applied part by part, in several processes. What was found is kept by a hash of what it
depends on: what has not changed is not looked at again.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from diplolocal import __version__, iris, kept, parts, shacl, statements
from diplolocal.dataset import Dataset, Kind, ask_file, read, read_context, text_of
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import SourceError, SourcesUnreadable
from diplolocal.findings import Finding, Progress, Report, Severity
from diplolocal.kept import Kept
from diplolocal.reach import beyond
from diplolocal.shacl import Engine, in_ntriples
from diplolocal.statements import Statements
from diplolocal.store import Row, Store, Term, construct, load_query, plain, select
from diplolocal.wording import message, said
from diplolocal.workers import Workers

MAKE = f"{__version__} 1"
"""What makes the findings; its number is counted up when the code changes what is found or how it
is said, so that kept ones are made anew.
"""

_WARNING = NamedNode("http://www.w3.org/ns/shacl#Warning")
_LABELS = (
    NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
    NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
)


def validate(
    dataset: Dataset,
    *,
    known: Statements | None = None,
    kept_in: Path | None = None,
    engine: Engine = Engine.RUDOF,
    progress: Progress = lambda step, done, total: None,
) -> Report:
    """What is wrong with the data set.

    `known`: what its files say, if that was read already; `kept_in`: a folder where what is found
    is kept until the next time. Raises SourcesUnreadable as `look` does.
    """
    known = known or look(dataset)
    before = kept.recall(kept_in, engine) if kept_in else {}
    found = _found(dataset, known, before, engine, progress)
    if kept_in and found.keys() != before.keys():
        kept.keep(kept_in, engine, found)
    located = sorted(
        (_located(each, known) for findings in found.values() for each in findings), key=_in_order
    )
    return Report(tuple(located), files=len(dataset.sources), quads=known.count)


def look(dataset: Dataset) -> Statements:
    """What the files say. Raises SourcesUnreadable naming every file that cannot be used: data and
    shapes, but also a rule that is no query, or a context that is none. Without them there is no
    build.
    """
    nothing = EmbeddedStore()
    errors: list[SourceError] = []
    looks: tuple[Callable[[], object], ...] = (
        partial(read, dataset.of(Kind.SHAPES)),
        partial(read_context, dataset.context),
        *(partial(ask_file, rule, partial(construct, nothing)) for rule in dataset.rules),
        *(partial(ask_file, check, partial(select, nothing)) for check in dataset.checks),
    )
    known = Statements({})
    try:
        known = statements.read(dataset.described)
    except SourcesUnreadable as unreadable:
        errors.extend(unreadable.errors)
    for each in looks:
        try:
            each()
        except SourceError as error:
            errors.append(error)
        except SourcesUnreadable as unreadable:
            errors.extend(unreadable.errors)
    if errors:
        raise SourcesUnreadable(errors)
    return known


def _found(
    dataset: Dataset, known: Statements, before: Kept, engine: Engine, progress: Progress
) -> Kept:
    """What the shapes find in each part, and each check in everything, by a hash of what that
    depends on. What is in `before` is not looked for again.
    """
    sources = dataset.of(Kind.SHAPES)
    shapes = read(sources)
    shaped = _hash(MAKE, engine, shacl.version(engine), *(source.text for source in sources))
    checked = _hash(MAKE, metadata.version("pyoxigraph"), known.digest)
    checks = {_hash(checked, path.stem, text_of(path)): path for path in dataset.checks}
    found: dict[str, Sequence[Finding]] = {key: before.get(key, ()) for key in checks}
    with Workers(shapes, engine) as workers:
        parts_left = 0
        for part in parts.cut(known, beyond(shapes)):
            key = _hash(shaped, part.key)
            found[key] = before.get(key, ())
            if key not in before:
                workers.examine(part)
                parts_left += 1
        left = {key: path for key, path in checks.items() if key not in before}
        total = parts_left + len(left)
        descriptions = _descriptions(known.store, dataset.checks) if left else {}
        for done, (key, path) in enumerate(left.items()):
            progress(message("Check {name}", name=path.stem), done + workers.done, total)
            found[key] = list(_against_check(known.store, path, descriptions))
        for done, (part, findings) in enumerate(workers.findings(), len(left) + 1):
            progress(message("Shapes"), done + workers.done, total)
            found[_hash(shaped, part.key)] = findings
    progress(message("Done"), total, total)
    return found


def examine(
    statements: list[Quad],
    shapes: Iterable[Quad],
    checks: Sequence[Path],
    *,
    engine: Engine = Engine.RUDOF,
    focus: frozenset[str] | None = None,
) -> list[Finding]:
    """What the shapes and the checks say of the statements as a whole, in this process and without
    saying in which file: what `validate` finds part by part.

    `focus`: the only nodes that shapes are applied to (SHACL §3.4), all the others being context;
    the checks look at everything. Raises SourcesUnreadable for a check that is not described.
    """
    findings = list(shacl.apply(shapes, in_ntriples(statements), engine=engine, focus=focus))
    store = EmbeddedStore(statements)
    descriptions = _descriptions(store, checks)
    for path in checks:
        findings.extend(_against_check(store, path, descriptions))
    return findings


def _in_order(found: Finding) -> tuple[str | int, ...]:
    """Violations first, then by file, line and node."""
    file, line, path = str(found.file or ""), found.line or 0, found.path or ""
    return (found.severity, file, line, found.node, found.rule, path, str(found.value))


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


def _located(found: Finding, known: Statements) -> Finding:
    """The finding with the node's labels, its file and its line."""
    subject = f"<{found.node}>".encode()
    if subject not in known.homes:
        return found
    names = {
        triple.object.language or "": triple.object.value
        for triple in parse(b"".join(known.blocks[subject]), format=RdfFormat.N_TRIPLES)
        if triple.predicate in _LABELS and isinstance(triple.object, Literal)
    }
    source = known.homes[subject]
    line = source.subject_lines.get(found.node)
    return replace(found, labels=said(names), file=source.path, line=line)


def _hash(*depends: str | bytes) -> str:
    """SHA-256 of all that something depends on."""
    whole = hashlib.sha256()
    for each in depends:
        text = each.encode() if isinstance(each, str) else each
        whole.update(b"%d " % len(text) + text)
    return whole.hexdigest()


def _filled(text: str, row: Row) -> str:
    """`{?value}` and the like replaced by what was found (SHACL §5.2.2)."""
    return re.sub(
        r"\{[?$](\w+)\}", lambda found: plain(row[found[1]]) if found[1] in row else found[0], text
    )


def _language(term: Term) -> str:
    return getattr(term, "language", None) or ""
