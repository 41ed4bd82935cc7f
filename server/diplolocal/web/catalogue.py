"""The data set described for people and for catalogues: DCAT at `/dataset`, VoID where programs
look for it (`/.well-known/void`).
"""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from diplolocal import catalog, iris, measures, resources, status, void
from diplolocal.catalog import Download
from diplolocal.formats import GRAPH, HTML, PAGE, QUADS, Format
from diplolocal.listing import listings
from diplolocal.void import Serving
from diplolocal.web import documents, negotiation, signposts
from diplolocal.web.describing import tagged
from diplolocal.web.edition import downloads, edition, markup
from diplolocal.web.parts import Parts
from diplolocal.web.remembered import Remembered
from diplolocal.web.responses import Visit, VisitDep, document, page
from diplolocal.web.signposts import CATALOG, VOID, Item

router = APIRouter()

_RDF = tuple(fmt.media_type for fmt in (*GRAPH, *QUADS))
_SHOWN_APART = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://purl.org/dc/terms/description",
)
_counts = Remembered(void.counted)
_measures = Remembered(measures.measured)


@router.get(CATALOG, summary="The data set")
def dataset(visit: VisitDep) -> Response:
    """What the data set is, where it comes from, and how it is taken: as a page, or as a record of
    DCAT-AP, in the format that the client prefers.
    """
    if found := documents.past(visit, iris.DATASET, None):
        return found
    fmt = negotiation.preferred(visit.accept, PAGE)
    return _dataset(visit, fmt)


@router.get(CATALOG + ".{suffix}", summary="The data set, in one format")
def dataset_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    fmt = negotiation.suffixed(PAGE, CATALOG, suffix)
    return documents.past(visit, iris.DATASET, fmt) or _dataset(visit, fmt)


@router.get("/catalog", summary="The catalogue: where it is")
def catalogue(visit: VisitDep) -> Response:
    """The catalogue is described with the data set: see other."""
    moved = RedirectResponse(visit.base + CATALOG, 303, headers={"Vary": "Accept"})
    return documents.past(visit, iris.CATALOG, None) or moved


@router.get(VOID, summary="The data set in numbers")
def described(visit: VisitDep) -> Response:
    """How many statements, things, classes, properties and links there are (VoID), as Turtle unless
    the client prefers another format.
    """
    fmt = negotiation.preferred(visit.accept, GRAPH)
    return _void(visit, fmt)


@router.get(VOID + ".{suffix}", summary="The data set in numbers, in one format")
def described_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    return _void(visit, negotiation.suffixed(GRAPH, VOID, suffix))


def _whole(parts: Parts) -> list[Download]:
    """The files that have every statement."""
    return [each for each in downloads(parts) if each.media_type in _RDF]


def _dataset(visit: Visit, fmt: Format) -> Response:
    response = _dataset_page(visit) if fmt is HTML else _dataset_record(visit, fmt)
    answer = tagged(visit, response, CATALOG, fmt, PAGE)
    # A header of all files would be too long for some proxies; the set of links has them all.
    items = [Item(each.address, _served_as(each)) for each in _whole(visit.parts)]
    posts = signposts.signposts(visit.parts, iris.DATASET, fmt, items)
    void_link = f'<{visit.home}{VOID}>; rel="describedby"; type="{GRAPH[0].media_type}"'
    answer.headers["Link"] = ", ".join((answer.headers["Link"], posts, void_link))
    return answer


def _dataset_record(visit: Visit, fmt: Format) -> Response:
    parts = visit.parts
    triples = catalog.record(parts.store, edition(parts))
    found = _measures.of(parts)
    if found is not None:
        triples += measures.triples(found, parts.prefixes)
    return document(visit, fmt, triples, iris.DATASET, tree=False)


def _dataset_page(visit: Visit) -> Response:
    parts = visit.parts
    description = resources.describe(parts.store, iris.DATASET)
    months = [month for month in status.months(parts.store) if month.bulletin]
    found = _measures.of(parts) or ()
    return page(
        visit,
        "dataset.html",
        description=description,
        names=description.names,
        facts=description.facts(_SHOWN_APART),
        months=months,
        measures=[each for each in found if each.cls is None],
        metrics=measures.names(),
        downloads=downloads(parts),
        listings=listings().values(),
        path=visit.base + CATALOG,
        markup=markup(parts),
    )


def _void(visit: Visit, fmt: Format) -> Response:
    parts = visit.parts
    counts = _counts.of(parts)
    serving = Serving(
        home=visit.home,
        dumps=[each.address for each in _whole(parts)],
        graphs=parts.counts,
        prefixes=parts.prefixes,
    )
    response = document(visit, fmt, void.triples(counts, serving), iris.DATASET, tree=False)
    return tagged(visit, response, VOID, fmt, GRAPH)


def _served_as(download: Download) -> str:
    return "application/gzip" if download.compressed else download.media_type
