"""How the data set, a record of it, or a question to it is cited; and its `CITATION.cff`.

A citation names the version, because data change, and the bulletin or source that reports what is
cited, because ours is only the record of it. It names no day on which anything was read: that day
is the reader's, and what is written here is kept and read on other days as well.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from diplolocal import iris
from diplolocal.not_found import ResourceNotFound
from diplolocal.resources import primary_of
from diplolocal.store import Row, Store, Term, bind, load_query, plain, select
from diplolocal.wording import Dated, Language, Message, Said, message, said, say


class Kind(StrEnum):
    """What is cited; the value is its type among those of CSL 1.0.2."""

    DATASET = "dataset"
    RECORD = "webpage"
    QUERY = "dataset-query"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version of the data is cited, and the day on which it was issued: of what was changed
    since a release (`1.0.0+…`) that of the release. None before the first, or where an endpoint
    answers.
    """

    version: str | None
    issued: str | None = None

    @property
    def is_released(self) -> bool:
        """Whether everybody can have this very version again."""
        return self.issued is not None and "+" not in (self.version or "")


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited.

    `iri` is what it is called for ever, `then` where it is as it was in this version; `within` is
    what the data set is called, `date` (EDTF) when it happened, `reports` are how those are cited
    that report it, and `itself` is how a bulletin or source is cited of which this is a record.
    """

    iri: str
    kind: Kind
    title: Said
    within: Said
    authors: tuple[str, ...]
    edition: Edition
    then: str | None = None
    date: str | None = None
    reports: tuple[Said, ...] = ()
    itself: Said | None = None


_GENRES = {
    Kind.DATASET: message("data set"),
    Kind.RECORD: message("record"),
    Kind.QUERY: message("query and its answer"),
}


def work(store: Store, iri: str, edition: Edition, *, as_it_was: Store | None = None) -> Work:
    """What is cited by one of our IRIs; `as_it_was` says of it what an old version said. Raises
    ResourceNotFound for what is not described here.
    """
    whole = _by_kind(select(store, load_query("citation-of-all")))
    try:
        rows = select(as_it_was or store, bind(load_query("citation"), thing=NamedNode(iri)))
    except ValueError as error:
        raise ResourceNotFound(iri) from error
    found = _by_kind(rows)
    if not found["class"] or not iris.is_ours(iri):
        raise ResourceNotFound(iri)
    # What has no name, such as a participation, has its path.
    names = found["title"] or found["name"] or [("", Literal(iris.path_of(iri)))]
    title = _said(names)
    return Work(
        iri=iri,
        kind=_kind(iri),
        title=title,
        within=_said(whole["title"]) if whole["title"] else title,
        authors=tuple(dict.fromkeys(plain(text) for _, text in whole["author"])),
        edition=edition,
        then=_then(iri, edition),
        date=next((plain(text) for _, text in found["date"]), None),
        reports=tuple(_reports(found)),
        itself=_said(found["itself"]) if found["itself"] else None,
    )


def text(cited: Work, language: Language) -> str:
    """The citation as a sentence or two, as it stands in a list of references."""
    return " ".join(filter(None, _sentences(cited, language))).strip()


def genre(cited: Work, language: Language) -> str:
    """What kind of work it is, in words."""
    return say(_GENRES[cited.kind], language)


def notes(cited: Work, language: Language) -> str:
    """Where this very version is, who reports it, and how to cite the work that this is a record
    of; empty where there is nothing of that.
    """
    found = []
    if cited.then:
        found.append(message("This version: {address}", address=cited.then))
    if cited.reports:
        sources = " ".join(each[language] for each in cited.reports)
        found.append(message("Reported in: {sources}", sources=sources))
    if cited.itself:
        found.append(message("The work itself: {citation}", citation=cited.itself[language]))
    return " ".join(say(each, language) for each in found)


def key(cited: Work) -> str:
    """A key for a list of references: letters, digits, hyphens and points."""
    path = iris.path_of(cited.iri).removeprefix("/id")
    parts = ("diplolocal", path, cited.edition.version or "")
    return re.sub(r"[^0-9A-Za-z.]+", "-", "-".join(filter(None, parts))).strip("-")


def released(text: str, version: str, day: str) -> str:
    """The text of `CITATION.cff` for another version, released on that day (`2026-12-01`)."""
    text = re.sub(r"^version:.*$", f"version: {version}", text, flags=re.MULTILINE)
    return re.sub(r"^date-released:.*$", f"date-released: {day}", text, flags=re.MULTILINE)


def _sentences(cited: Work, language: Language) -> Iterator[str]:
    def spoken(sentence: Message) -> str:
        return say(sentence, language)

    version, issued = cited.edition.version, cited.edition.issued
    yield spoken(
        message(
            "{authors} ({year}). {title} [{genre}].",
            authors=", ".join(cited.authors),
            year=issued[:4] if issued else message("n.d."),
            title=cited.title[language],
            genre=_GENRES[cited.kind],
        )
    )
    if cited.kind is not Kind.DATASET:
        yield spoken(message("In: {within}.", within=cited.within[language]))
    if version and issued:
        sentence = (
            message("Version {version}, {date}.", version=version, date=Dated(issued))
            if cited.edition.is_released
            else message(
                "Version {version}, changed since {date}.", version=version, date=Dated(issued)
            )
        )
        yield spoken(sentence)
    elif version:
        yield spoken(message("Version {version}.", version=version))
    yield cited.iri
    yield notes(cited, language)


def _kind(iri: str) -> Kind:
    if iri == iris.DATASET or iris.is_release(iri):
        return Kind.DATASET
    return Kind.QUERY if iris.is_query(iri) else Kind.RECORD


def _then(iri: str, edition: Edition) -> str | None:
    """Where it stays as it was: only documents have old versions."""
    if not edition.is_released or edition.version is None:
        return None
    if iri == iris.DATASET:
        return iris.release(edition.version)
    return iris.member(iri, edition.version) if _has_versions(iri) else None


def _has_versions(iri: str) -> bool:
    return iris.is_thing(iri) or iris.is_vocabulary(iri)


_Found = dict[str, list[tuple[str, Term]]]
"""What was found, by what it says: about what, and the text."""


def _by_kind(rows: Iterable[Row]) -> _Found:
    found: _Found = defaultdict(list)
    for row in rows:
        about = plain(row["about"]) if "about" in row else ""
        found[plain(row["what"])].append((about, row["text"]))
    return found


def _said(texts: Iterable[tuple[str, Term]]) -> Said:
    """The texts by language."""
    return said({primary_of(_tag(text)): plain(text) for _, text in texts})


def _tag(text: Term) -> str | None:
    return text.language if isinstance(text, Literal) else None


def _reports(found: _Found) -> Iterator[Said]:
    """How each bulletin and source is cited: as the graph says, or else by name and address."""
    cited = {about for about, _ in found["report"]}
    for about in sorted(cited | {about for about, _ in found["report name"]}):
        if about in cited:
            yield _said(pair for pair in found["report"] if pair[0] == about)
            continue
        names = _said(pair for pair in found["report name"] if pair[0] == about)
        address = next((plain(text) for each, text in found["report page"] if each == about), about)
        yield {language: f"{name}. {address}" for language, name in names.items()}
