"""The record of the data set for catalogues: DCAT 3 in the profile of DCAT-AP 3.

What the data say of themselves is asked by `catalogue.rq`, what is always true stands in
`catalog.ttl`; here is added what depends on the build and on where it is served.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Store, construct, load_query
from diplolocal.wording import LANGUAGES, Said

_ADMS = "http://www.w3.org/ns/adms#"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_DCAT = "http://www.w3.org/ns/dcat#"
_DCATAP = "http://data.europa.eu/r5r/"
_DCTERMS = "http://purl.org/dc/terms/"
_IANA = "https://www.iana.org/assignments/media-types/"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SPDX = "http://spdx.org/rdf/terms#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATASET = NamedNode(iris.DATASET)
_TITLE = NamedNode(_DCTERMS + "title")
_CHANGES = NamedNode(iris.within(iris.CATALOG, "changes"))
_GZIP = "application/gzip"
_LICENSE = NamedNode("https://creativecommons.org/licenses/by/4.0/")

FILE_TYPES = {
    "application/ld+json": "JSON_LD",
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "RDF_TRIG",
    "application/vnd.apache.parquet": "PARQUET",
    "text/csv": "CSV",
    "text/turtle": "RDF_TURTLE",
}
"""The file types of the European Publications Office, by media type; what is not listed is JSON."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away: its name among the dumps, its address, and what is in it."""

    name: str
    address: str
    title: Said
    media_type: str
    label: str
    compressed: bool
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a record depends on besides the data: where the site is, its files, the version of the
    data (None: not known), and whether its changes are told there.
    """

    home: str
    downloads: Sequence[Download] = ()
    version: str | None = None
    feeds: bool = False

    @property
    def release(self) -> str | None:
        """The IRI of the release that is served; None where the files were changed since, or where
        it is not known.
        """
        return iris.release(self.version) if self.version and "+" not in self.version else None


def record(store: Store, edition: Edition) -> list[Triple]:
    """The record as a graph without blank nodes. Raises ResourceNotFound where the data say nothing
    of themselves.
    """
    said = construct(store, load_query("catalogue"))
    if not any(triple.predicate == _TITLE and triple.subject == _DATASET for triple in said):
        raise ResourceNotFound(iris.DATASET)
    always = [
        triple
        for triple in _static(edition.home)
        if edition.feeds or _CHANGES not in (triple.subject, triple.object)
    ]
    found = dict.fromkeys((*always, *said, *_version(said, edition)))
    for download in edition.downloads:
        found |= dict.fromkeys(_distribution(download))
    return list(found)


def _version(said: Sequence[Triple], edition: Edition) -> Iterator[Triple]:
    """Which version this is, and since when it is so; a version that was changed since its release
    has no day on which it was issued.
    """
    if edition.version is None:
        return
    yield _triple(_DATASET, _DCAT + "version", Literal(edition.version))
    release, issued = edition.release, NamedNode(_DCTERMS + "issued")
    for triple in said:
        if isinstance(triple.subject, NamedNode) and triple.subject.value == release:
            if triple.predicate == issued:
                yield Triple(_DATASET, NamedNode(_DCTERMS + "modified"), triple.object)
                yield _triple(_DATASET, _DCAT + "hasCurrentVersion", triple.subject)
            if triple.predicate.value == _ADMS + "versionNotes":
                yield Triple(_DATASET, triple.predicate, triple.object)


def _distribution(download: Download) -> Iterator[Triple]:
    """A file as a distribution (DCAT 3 §6.8)."""
    node = NamedNode(iris.within(iris.DATASET, f"file:{download.name}"))
    address = NamedNode(download.address)
    yield _triple(_DATASET, _DCAT + "distribution", node)
    yield _triple(node, _RDF_TYPE, NamedNode(_DCAT + "Distribution"))
    for language in LANGUAGES:
        title = Literal(download.title[language], language=language.value)
        yield _triple(node, _DCTERMS + "title", title)
        yield _triple(node, _DCTERMS + "description", title)
    yield _triple(node, _DCAT + "accessURL", address)
    yield _triple(node, _DCAT + "downloadURL", address)
    size = Literal(str(download.bytes), datatype=NamedNode(_XSD + "nonNegativeInteger"))
    yield _triple(node, _DCAT + "byteSize", size)
    yield _triple(node, _DCTERMS + "license", _LICENSE)
    available = NamedNode(_AUTHORITY + "planned-availability/AVAILABLE")
    yield _triple(node, _DCATAP + "availability", available)
    yield from _format(node, download)
    yield from _checksum(node, download)


def _format(node: NamedNode, download: Download) -> Iterator[Triple]:
    code = FILE_TYPES.get(download.media_type, "JSON")
    kind = NamedNode(f"{_AUTHORITY}file-type/{code}")
    yield _triple(node, _DCTERMS + "format", kind)
    yield _triple(kind, _RDF_TYPE, NamedNode(_DCTERMS + "MediaTypeOrExtent"))
    yield _triple(kind, _RDF_TYPE, NamedNode(_SKOS + "Concept"))
    yield _triple(kind, _SKOS + "inScheme", NamedNode(_AUTHORITY + "file-type"))
    yield _triple(kind, _SKOS + "prefLabel", Literal(code.replace("_", " "), language="en"))
    yield from _media_type(node, "mediaType", download.media_type)
    if download.compressed:
        yield from _media_type(node, "compressFormat", _GZIP)


def _media_type(node: NamedNode, prop: str, media_type: str) -> Iterator[Triple]:
    value = NamedNode(_IANA + quote(media_type, safe="/+"))
    yield _triple(node, _DCAT + prop, value)
    yield _triple(value, _RDF_TYPE, NamedNode(_DCTERMS + "MediaType"))


def _checksum(node: NamedNode, download: Download) -> Iterator[Triple]:
    checksum = NamedNode(iris.within(iris.DATASET, f"file:{download.name}", "checksum"))
    digest = Literal(download.sha256, datatype=NamedNode(_XSD + "hexBinary"))
    yield _triple(node, _SPDX + "checksum", checksum)
    yield _triple(checksum, _RDF_TYPE, NamedNode(_SPDX + "Checksum"))
    yield _triple(checksum, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256"))
    yield _triple(checksum, _SPDX + "checksumValue", digest)


def _triple(subject: NamedNode, prop: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(prop), value)


@cache
def _static(home: str) -> tuple[Triple, ...]:
    """What is always true, of the site at this address."""
    return tuple(
        quad.triple for quad in parse(_text(), format=RdfFormat.TURTLE, base_iri=home + "/")
    )


def _text() -> bytes:
    return (files("diplolocal") / "catalog.ttl").read_bytes()
