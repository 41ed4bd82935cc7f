"""Citations for programs that keep references: BibTeX, RIS and CSL-JSON."""

import json
import re
from collections.abc import Iterator, Mapping

from diplolocal.citation import Kind, Work, genre, key, notes
from diplolocal.wording import Language

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""What LaTeX would read as a command, and how it is written; every other letter is UTF-8."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BABEL = {Language.ES: "spanish", Language.EN: "english"}


def bibtex(cited: Work, language: Language) -> bytes:
    """The citation for BibTeX, in UTF-8: `@misc` and no more than the fields that every style knows
    or passes over.
    """
    issued = cited.edition.issued or ""
    fields = {
        "author": " and ".join(f"{{{_latex(name)}}}" for name in cited.authors),
        "title": f"{{{_latex(cited.title[language])}}}",
        "howpublished": _latex(_published(cited, language)),
        "year": issued[:4],
        "version": _latex(cited.edition.version or ""),
        # An address is taken as it stands, and has no braces (RFC 3986 §2).
        "url": cited.iri,
        "note": _latex(notes(cited, language)),
        "langid": _BABEL[language],
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if issued:
        lines.append(f"  month = {_MONTHS[int(issued[5:7]) - 1]}")
    return (f"@misc{{{key(cited)},\n" + ",\n".join(lines) + "\n}\n").encode()


def ris(cited: Work, language: Language) -> bytes:
    """The citation in RIS: a tag to a line, lines that end as the format asks, in UTF-8."""
    tags = [("TY", "DATA"), *_tags(cited, language), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in tags).encode()


def csl(cited: Work, language: Language) -> bytes:
    """The citation for processors of CSL 1.0.2, as a list of one item."""
    kind = Kind.DATASET if cited.kind is Kind.QUERY else cited.kind
    item: dict[str, object] = {
        "id": key(cited),
        "type": kind.value,
        "title": cited.title[language],
        "author": [{"literal": name} for name in cited.authors],
        "genre": genre(cited, language),
        "URL": cited.iri,
        "language": language.value,
    }
    if cited.kind is not Kind.DATASET:
        item["container-title"] = cited.within[language]
    if cited.authors:
        item["publisher"] = cited.authors[0]
    if cited.edition.version:
        item["version"] = cited.edition.version
    if cited.edition.issued:
        item["issued"] = date(cited.edition.issued)
    if cited.date and (happened := date(cited.date)):
        item["event-date"] = happened
    if note := notes(cited, language):
        item["note"] = note
    return (json.dumps([item], ensure_ascii=False, indent=2) + "\n").encode()


def date(edtf: str) -> Mapping[str, object]:
    """A date for CSL with just the parts that are known: year, month, day; of an interval with both
    ends two of them. Empty where nothing is known for certain enough to be a number.
    """
    parts = []
    for end in edtf.split("/"):
        known = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?[~?%]?", end, re.ASCII)
        if known is None:
            return {}
        parts.append([int(part) for part in known.groups() if part])
    circa = {"circa": True} if re.search("[~?%]", edtf) else {}
    return {"date-parts": parts, **circa}


def _tags(cited: Work, language: Language) -> Iterator[tuple[str, str]]:
    for name in cited.authors:
        yield "AU", name
    yield "TI", cited.title[language]
    if cited.kind is not Kind.DATASET:
        yield "T2", cited.within[language]
    issued = cited.edition.issued
    if issued:
        yield "PY", issued[:4]
        yield "DA", issued.replace("-", "/") + "/"
    if cited.edition.version:
        yield "ET", cited.edition.version
    for name in cited.authors[:1]:
        yield "PB", name
    yield "M3", genre(cited, language)
    yield "LA", language.value
    yield "UR", cited.iri
    if note := notes(cited, language):
        yield "N1", note


def _published(cited: Work, language: Language) -> str:
    kind = f"[{genre(cited, language)}]"
    return kind if cited.kind is Kind.DATASET else f"{cited.within[language]} {kind}"


def _latex(text: str) -> str:
    """The text on one line, as LaTeX shows it."""
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))
