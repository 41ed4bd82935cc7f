"""Where the data come from: each bulletin and source with its licence, what was taken from it, and
how much rests on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, Triple

from diplolocal import iris
from diplolocal.resources import primary_of
from diplolocal.store import Store, Term, construct, load_query, plain, select
from diplolocal.wording import Said, said

_DCTERMS = "http://purl.org/dc/terms/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PAGE = "http://xmlns.com/foaf/0.1/page"
_MONTH = iris.ONTOLOGY + "#month"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PUBLISHER = iris.ONTOLOGY + "#Publisher"


@dataclass(frozen=True, slots=True)
class Credit:
    """A bulletin, source or publisher: what it is called and how it is cited, its licence (an IRI)
    or what is known of its rights, what was taken, where it is, and how many records rest on it;
    `month` is that of a bulletin.
    """

    iri: str
    name: Said
    citation: Said
    license: str | None
    rights: Said
    taken: Said
    pages: tuple[str, ...]
    records: int
    month: str | None
    is_publisher: bool

    @property
    def is_described(self) -> bool:
        """Whether its licence, or what is known of it, was written down."""
        return bool(self.license or self.rights)


def triples(store: Store) -> list[Triple]:
    """All sources as a graph."""
    return construct(store, load_query("credits"))


def read(store: Store) -> tuple[Credit, ...]:
    """All bulletins, sources and publishers: the bulletins by month, then those on which most
    rests.
    """
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples(store):
        about[plain(triple.subject)][triple.predicate.value].append(triple.object)
    about.pop(iris.DATASET, None)
    rows = select(store, load_query("credit-counts"))
    counts = {plain(row["source"]): int(plain(row["records"])) for row in rows}
    found = (_credit(iri, values, counts.get(iri, 0)) for iri, values in about.items())
    return tuple(sorted(found, key=_place))


def _credit(iri: str, values: Mapping[str, list[Term]], records: int) -> Credit:
    def one(prop: str) -> str | None:
        return min((plain(term) for term in values.get(prop, ())), default=None)

    return Credit(
        iri=iri,
        name=_said(values.get(_SKOS + "prefLabel", ())),
        citation=_said(values.get(_DCTERMS + "bibliographicCitation", ())),
        license=one(_DCTERMS + "license"),
        rights=_said(values.get(_DCTERMS + "rights", ())),
        taken=_said(values.get(_SKOS + "note", ())),
        pages=tuple(sorted(plain(term) for term in values.get(_PAGE, ()))),
        records=records,
        month=one(_MONTH),
        is_publisher=_PUBLISHER in map(plain, values.get(_TYPE, ())),
    )


def _place(credit: Credit) -> tuple[bool, str, bool, int, str]:
    return (
        credit.month is None,
        credit.month or "",
        not credit.is_described,
        -credit.records,
        credit.iri,
    )


def _said(terms: Iterable[Term]) -> Said:
    """The texts by language; empty where there is none."""
    texts: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        if isinstance(term, Literal):
            texts[primary_of(term.language)].append(term.value)
    return said({tag: " ".join(sorted(some)) for tag, some in texts.items()}) if texts else {}
