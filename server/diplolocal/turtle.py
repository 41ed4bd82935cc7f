"""The style of the house: writes Turtle as every file here is written, and loses nothing.

Reading is the engine's (pyoxigraph). Before a text is handed out it is read again: it says what
the file said.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from unicodedata import normalize

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from diplolocal import iris
from diplolocal.comments import Comments, comments
from diplolocal.dataset import not_turtle, text_of
from diplolocal.errors import FilesLeft, NotStyled, SourceError
from diplolocal.wording import message

_FIRST = (
    "rdf:type skos:prefLabel dcterms:title rdfs:label rdfs:comment skos:altLabel skos:definition"
    " dcterms:description skos:notation"
    " dcterms:bibliographicCitation dcterms:creator dcterms:publisher dl:compiledBy dcterms:license"
    " dcterms:rights dcterms:created dcterms:modified dcterms:date dcterms:language"
    " dcterms:spatial dcat:keyword schema:keywords schema:valueName schema:defaultValue"
    " rdf:subject rdf:predicate rdf:object"
)
_THEN = (
    "foaf:homepage foaf:page foaf:mbox dcterms:source"
    " owl:versionInfo owl:versionIRI vann:preferredNamespacePrefix vann:preferredNamespaceUri"
    " skos:hasTopConcept skos:inScheme skos:topConceptOf skos:broader skos:narrower skos:related"
    " skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch"
    " rdfs:subClassOf rdfs:subPropertyOf owl:disjointWith rdfs:domain rdfs:range"
    " schema:domainIncludes dl:derivedBy sh:order rdfs:isDefinedBy sh:declare sh:prefix"
    " sh:namespace sh:targetClass sh:targetSubjectsOf sh:path sh:closed sh:ignoredProperties"
    " sh:minCount sh:maxCount sh:class sh:datatype sh:nodeKind sh:node sh:in sh:hasValue"
    " sh:minInclusive sh:pattern sh:languageIn sh:uniqueLang sh:or sh:property"
    " schema:target sh:prefixes sh:parameter sh:select sh:ask sh:construct"
)
_LAST = (
    "dl:reportedIn dl:isHighlightOf dl:confidence sh:severity sh:message"
    " dl:editorialRemark skos:example skos:scopeNote skos:editorialNote skos:changeNote skos:note"
    " dcterms:isReplacedBy owl:deprecated"
)
"""The order in which a block is read: names, then our own terms as pages show them (sh:order in the
ontology), then those of others, what is not listed, at last what it all rests on and the notes.
"""

_AS_GIVEN = "http://purl.org/dc/terms/creator"
"""Authors keep their order: it says something to people, if not in RDF."""

_LANGUAGES = ("", "en", "es")
_WIDTH = 120
"""A list that would make a line longer is written with one item to a line."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SH = "http://www.w3.org/ns/shacl#"
_BARE = {
    f"{_XSD}integer": r"[+-]?\d+",
    f"{_XSD}decimal": r"[+-]?\d*\.\d+",
    f"{_XSD}double": r"[+-]?(\d+\.\d*|\.?\d+)[eE][+-]?\d+",
    f"{_XSD}boolean": r"true|false",
}
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\"\\]")
_HIDDEN_IN_LINES = re.compile(r'[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\\]|"(?="|\Z)')
"""The same in a text between three quotes: its lines end as they are, and so do most quotes."""
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_0-9"
)
_MORE = "-" + _BASE + "\u00b7\u0300-\u036f\u203f\u2040"
_LOCAL = re.compile(rf"[{_BASE}](?:[{_MORE}.]*[{_MORE}])?")
"""A name that needs no escapes (PN_LOCAL); any other IRI is written in full."""

_Term = NamedNode | Literal | tuple["_Term", ...]
_Blocks = dict[NamedNode, dict[NamedNode, dict[_Term, None]]]


@dataclass(frozen=True)
class Style:
    """The prefixes of the house and the order of its properties."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    order: Mapping[str, float] = field(default_factory=dict)

    def place(self, predicate: str) -> tuple[int, float, str]:
        """Where a property stands in a block: to be sorted by."""
        name = iris.shorten(predicate, self.prefixes)
        part, number = self._places.get(predicate, (3, 0))
        return part, number, name

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, float]]:
        places = {term: (1, number) for term, number in self.order.items()}
        for part, names in ((0, _FIRST), (2, _THEN), (4, _LAST)):
            for number, name in enumerate(names.split()):
                places[iris.expand(name, self.prefixes)] = part, number
        return {**places, f"{_RDF}type": (0, -1)}


def house(root: Path) -> Style:
    """The style of a data set, as its ontology has it.

    Raises SourceError where the ontology cannot be read.
    """
    told: dict[str, dict[str, str]] = {}
    for name in ("prefixes", "diplolocal"):
        path = root / "ontology" / f"{name}.ttl"
        for quad in _read(path, text_of(path).removeprefix("\ufeff"))[0]:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                told.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    return Style(
        prefixes={
            each[f"{_SH}prefix"]: each[f"{_SH}namespace"]
            for each in told.values()
            if f"{_SH}prefix" in each and f"{_SH}namespace" in each
        },
        order={
            term: float(each[f"{_SH}order"]) for term, each in told.items() if f"{_SH}order" in each
        },
    )


def format_files(
    paths: Iterable[Path], style: Style, check: bool, changed: Callable[[Path], None]
) -> None:
    """Write files in the style, only those that change, telling which; with `check`, none.

    Raises FilesLeft where some cannot be formatted, after the others were; with `check`, NotStyled
    where files would change.
    """
    count = 0
    errors: list[SourceError] = []
    for path in paths:
        try:
            text = text_of(path)
            if (styled := written(path, text, style)) == text:
                continue
            if not check:
                _replace(path, styled)
        except SourceError as error:
            errors.append(error)
        else:
            count += 1
            changed(path)
    if errors:
        raise FilesLeft(errors)
    if check and count:
        raise NotStyled(count)


def written(path: Path, text: str, style: Style) -> str:
    """The text of a file in the style.

    Raises SourceError where it is not Turtle, has blank nodes that are not lists, or where the
    result would not say the same.
    """
    text = text.removeprefix("\ufeff")
    quads, own = _read(path, text)
    blocks, kept = _blocks(path, quads), comments(text)
    styled = _Writer(style, own).file(blocks, kept)
    again, _ = _read(path, styled)
    if _canonical(again) != _canonical(quads) or comments(styled).lines != kept.lines:
        raise SourceError(
            path,
            message(
                "Written in the style of the house, this file would not say the same. It stays as"
                " it is; please report it as a fault of this program."
            ),
        )
    return styled


class _Writer:
    """Writes one file, and remembers which prefixes it needed."""

    def __init__(self, style: Style, own: Mapping[str, str]) -> None:
        known = dict(style.prefixes)
        for prefix, namespace in sorted(own.items()):
            if prefix not in known and namespace not in known.values():
                known[prefix] = namespace
        self._style = style
        self._known = sorted(known.items(), key=lambda item: (-len(item[1]), item[0]))
        self._used: dict[str, str] = {}

    def file(self, blocks: _Blocks, kept: Comments) -> str:
        """The whole: comments and prefixes, blocks, comments of the end."""
        subjects = sorted(blocks, key=lambda subject: iris.place(subject.value))
        parts = [
            "\n".join((*kept.of.get(subject, ()), self._block(subject, blocks[subject])))
            for subject in subjects
        ]
        top = list(kept.top)
        if not top and not self._used and subjects and subjects[0] in kept.of:
            # Read again, what opens the file is on the file.
            top.append(kept.of[subjects[0]])
            parts[0] = self._block(subjects[0], blocks[subjects[0]])
        prefixes = [f"@prefix {prefix}: <{self._used[prefix]}> ." for prefix in sorted(self._used)]
        top = [*top[:-1], [*(top[-1] if top else []), *prefixes]]
        paragraphs = [*("\n".join(group) for group in top), *parts, *map("\n".join, kept.end)]
        return "\n\n".join(filter(None, paragraphs)) + "\n" * any(paragraphs)

    def _block(self, subject: NamedNode, said: dict[NamedNode, dict[_Term, None]]) -> str:
        statements = []
        for predicate in sorted(said, key=lambda each: self._style.place(each.value)):
            verb = "a" if predicate.value == f"{_RDF}type" else self._name(predicate.value)
            objects = list(said[predicate])
            if predicate.value != _AS_GIVEN:
                objects.sort(key=self._place)
            lines = [self._object(f"    {verb} ", objects[0])]
            lines.extend(self._object(" " * 8, each) for each in objects[1:])
            statements.append(" ,\n".join(lines))
        return f"{self._term(subject)}\n" + " ;\n".join(statements) + " ."

    def _object(self, before: str, term: _Term) -> str:
        line = before + self._term(term)
        if not isinstance(term, tuple) or len(line) + len(" ;") <= _WIDTH:
            return line
        indent = " " * (len(before) - len(before.lstrip()))
        items = "".join(f"{indent}    {self._term(item)}\n" for item in term)
        return f"{before}(\n{items}{indent})"

    def _place(self, term: _Term) -> tuple[int, int, str, str, str]:
        """IRIs by name, then literals by language and text, then lists."""
        if isinstance(term, Literal):
            tag = term.language or ""
            rank = _LANGUAGES.index(tag) if tag in _LANGUAGES else len(_LANGUAGES)
            return 1, rank, tag, _alphabetical(term.value), str(term)
        name = self._term(term)
        return (2 if isinstance(term, tuple) else 0), 0, "", _counted(name), name

    def _term(self, term: _Term) -> str:
        if isinstance(term, tuple):
            return f"( {' '.join(map(self._term, term))} )"
        if isinstance(term, NamedNode):
            return "()" if term.value == f"{_RDF}nil" else self._name(term.value)
        datatype = term.datatype.value
        if datatype in _BARE and re.fullmatch(_BARE[datatype], term.value, re.ASCII):
            return term.value
        text = _quoted(term.value)
        if term.language:
            direction = f"--{term.direction}" if term.direction else ""
            return f"{text}@{term.language}{direction}"
        return text if datatype == f"{_XSD}string" else f"{text}^^{self._name(datatype)}"

    def _name(self, iri: str) -> str:
        for prefix, namespace in self._known:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self._used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"


def _read(path: Path, text: str) -> tuple[list[Quad], Mapping[str, str]]:
    """The statements of a text in its order, and its prefixes."""
    parser = parse(text.encode(), format=RdfFormat.TURTLE)
    try:
        return list(parser), parser.prefixes
    except SyntaxError as error:
        raise SourceError(path, not_turtle(error), line=error.lineno) from error


def _blocks(path: Path, quads: Sequence[Quad]) -> _Blocks:
    """What is said of each subject, lists put together. Raises SourceError for a blank node that is
    no item of a list, or of two.
    """
    cells: dict[BlankNode, dict[str, list[Quad]]] = {}
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            cells.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad)

    def term(of: Quad) -> _Term:
        if isinstance(of.object, NamedNode | Literal):
            return of.object
        items: list[_Term] = []
        node: object = of.object
        while node != NamedNode(f"{_RDF}nil"):
            cell = cells.pop(node, {}) if isinstance(node, BlankNode) else {}
            links = cell.get(f"{_RDF}first", []), cell.get(f"{_RDF}rest", [])
            if len(cell) != 2 or any(len(each) != 1 for each in links):
                raise _nameless(path, of)
            items.append(term(links[0][0]))
            node = links[1][0].object
        return tuple(items)

    blocks: _Blocks = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            block = blocks.setdefault(quad.subject, {})
            block.setdefault(quad.predicate, {})[term(quad)] = None
        elif isinstance(quad.subject, Triple):
            raise _nameless(path, quad)
    for cell in cells.values():
        raise _nameless(path, next(iter(cell.values()))[0])
    return blocks


def _nameless(path: Path, quad: Quad) -> SourceError:
    return SourceError(
        path,
        message(
            "A blank node with the property {property}. Give it an IRI of its own.",
            property=quad.predicate.value,
        ),
    )


def _canonical(quads: Iterable[Quad]) -> Dataset:
    """The statements with their blank nodes named by what they are, to be compared."""
    graph = Dataset(quads)
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return graph


def _alphabetical(text: str) -> str:
    """What a text is sorted by: capitals and accents do not count."""
    return normalize("NFKD", text.casefold())


def _counted(name: str) -> str:
    """What a name is sorted by: unnamed:2021-01-01-2 comes before unnamed:2021-01-01-10."""
    return re.sub(r"(?<=-)\d+", lambda number: number[0].zfill(9), name, flags=re.ASCII)


def _quoted(text: str) -> str:
    """The text in its quotes, nothing hidden; one of several lines, as a query is, keeps them."""
    if "\n" not in text:
        return f'"{_escaped(text, _HIDDEN)}"'
    return f'"""{_escaped(text, _HIDDEN_IN_LINES)}"""'


def _escaped(text: str, hidden: re.Pattern[str]) -> str:
    return hidden.sub(lambda each: _ESCAPES.get(each[0]) or f"\\u{ord(each[0]):04X}", text)


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all."""
    target, beside = path.resolve(), None
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            beside = Path(file.name)
            file.write(text.encode())
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        if beside:
            beside.unlink(missing_ok=True)
        raise SourceError(
            path, message("The file cannot be written: {reason}", reason=error.strerror)
        ) from error
