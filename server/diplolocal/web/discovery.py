"""What programs look for before they know anything of a site: robots.txt (RFC 9309), sitemaps, the
catalogue of services (RFC 9727), and the links of a page as a document (RFC 9264).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pyoxigraph import NamedNode

from diplolocal import iris
from diplolocal.formats import HTML, TURTLE, Format
from diplolocal.listing import listings
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Store, bind, load_query, plain, select
from diplolocal.web import negotiation, representations, signposts
from diplolocal.web.describing import tagged
from diplolocal.web.remembered import Remembered
from diplolocal.web.responses import FRESH, Visit, VisitDep, not_modified, text, unchanged
from diplolocal.web.signposts import CATALOG, FEEDS, LINKSET, LINKSETS, Item, Link

router = APIRouter()

API_CATALOG = "/.well-known/api-catalog"
_PROFILE = "https://www.rfc-editor.org/info/rfc9727"
_FIRST = (
    *("/", "/about", "/accessibility", "/browse", "/bulletins", "/compare", CATALOG, "/pictures"),
    *("/quality", "/queries", "/search", "/service", "/sparql"),
)
"""Pages that are not about one thing."""

_PARAMETERS = ("anchor", "lang")
"""The parameters of a set of links: it would be that of the data set, were others passed over."""

_AT_ONCE = 20_000
"""How many pages a sitemap lists: 50,000 are allowed, and it is read in one go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its path, and the day on which a release last changed what it is about."""

    path: str
    changed: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sitemap: its number and the newest day of its pages."""

    number: int
    changed: str | None


def _pages(store: Store) -> tuple[tuple[str, str], ...]:
    """The paths of the pages, and what each is about. A bulletin has its record and its text."""
    things = [plain(row["thing"]) for row in select(store, load_query("pages"))]
    months = {iri: month for iri in things if (month := iris.month_of(iri))}
    return (
        *((quote(iris.path_of(iris.document_of(iri)), safe="/"), iri) for iri in things),
        *((f"/bulletins/{month}", iri) for iri, month in months.items()),
    )


_about = Remembered(_pages)


@router.get("/robots.txt", summary="What robots are asked")
def robots(visit: VisitDep) -> Response:
    """What robots are asked to leave alone, and where the sitemap is (RFC 9309)."""
    written = text(visit, "robots.txt", home=visit.home, base=visit.base)
    return _kept(visit, written.encode(), "text/plain; charset=utf-8")


@router.get("/sitemap.xml", summary="The sitemap: its parts")
def sitemap(visit: VisitDep) -> Response:
    """Where the pages are listed, and when those of each list last changed (sitemaps.org 0.9)."""
    entries = _entries(visit)
    parts = [
        Part(number, max((each.changed for each in some if each.changed), default=None))
        for number, some in enumerate(_portions(entries), 1)
    ]
    return _xml(visit, text(visit, "sitemap.xml", home=visit.home, parts=parts))


@router.get("/sitemaps/{number}.xml", summary="A part of the sitemap")
def sitemap_part(number: str, visit: VisitDep) -> Response:
    """The pages, each in both languages, with the day on which it last changed where a release
    tells.
    """
    if number not in _numbers(visit):  # before the pages are listed, which takes a while
        raise ResourceNotFound(f"sitemaps/{number}.xml")
    entries = _portions(_entries(visit))[int(number) - 1]
    return _xml(visit, text(visit, "sitemap-part.xml", home=visit.home, entries=entries))


@router.get(API_CATALOG, summary="The services, for programs")
def api_catalog(visit: VisitDep) -> Response:
    """Each service with its description and its documentation, as a set of links (RFC 9727)."""
    body = signposts.as_json(_services(visit))
    link = f'<{visit.base}{API_CATALOG}>; rel="api-catalog", <{_PROFILE}>; rel="profile"'
    return _kept(
        visit,
        body,
        f'{LINKSETS[0].media_type}; profile="{_PROFILE}"',
        {"Link": link, "Vary": "Accept"},
    )


@router.get(LINKSET, summary="The links of a page")
def linkset(
    visit: VisitDep,
    anchor: Annotated[str, Query(description="IRI of the thing; unless given, the data set")] = (
        iris.DATASET
    ),
) -> Response:
    """What the page about a thing links to, level 2 of FAIR Signposting, in the format that the
    client prefers (RFC 9264).
    """
    representations.only(visit, _PARAMETERS)
    fmt = negotiation.preferred(visit.accept, LINKSETS)
    return _linkset(visit, anchor, fmt)


@router.get(LINKSET + ".{suffix}", summary="The links of a page, in one format")
def linkset_as(
    suffix: str,
    visit: VisitDep,
    anchor: Annotated[str, Query(description="IRI of the thing; unless given, the data set")] = (
        iris.DATASET
    ),
) -> Response:
    """The same in the format of the suffix: `json` or `txt`."""
    representations.only(visit, _PARAMETERS)
    fmt = negotiation.suffixed(LINKSETS, LINKSET, suffix)
    return _linkset(visit, anchor, fmt)


def _linkset(visit: Visit, anchor: str, fmt: Format) -> Response:
    if not _is_described(visit.parts.store, anchor):
        raise ResourceNotFound(anchor)
    items = _items(visit) if anchor == iris.DATASET else []
    links = signposts.all_links(visit.parts, anchor, items)
    body = signposts.as_json(links) if fmt is LINKSETS[0] else signposts.as_text(links)
    response = Response(body, media_type=fmt.media_type, headers={"Vary": "Accept"})
    answer = tagged(visit, response, LINKSET, fmt, LINKSETS)
    if anchor != iris.DATASET:
        for name in ("Content-Location", "Link"):
            answer.headers[name] = re.sub(
                r"(/linkset\.\w+)", rf"\1?anchor={quote(anchor, safe='/:')}", answer.headers[name]
            )
    return answer


def _is_described(store: Store, iri: str) -> bool:
    """Whether the IRI is one of ours that something is said of."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    return iris.is_ours(iri) and bool(
        select(store, bind(load_query("is-described"), resource=node))
    )


def _items(visit: Visit) -> list[Item]:
    """The files of the data set."""
    return [
        Item(
            f"{visit.home}/dumps/{dump.name}",
            "application/gzip" if dump.compressed else dump.format.media_type,
        )
        for dump in visit.parts.dumps
        if dump.bulletin is None
    ]


def _services(visit: Visit) -> list[Link]:
    """The services of the site, each an anchor of its own, after the list of them all."""
    home, catalog = visit.home, visit.home + API_CATALOG
    described: dict[str, list[tuple[str, str, str]]] = {
        "/sparql": [
            ("service-desc", "/service.ttl", TURTLE.media_type),
            ("service-doc", "/service", HTML.media_type),
            ("service-meta", "/.well-known/void", TURTLE.media_type),
            ("status", "/readyz", "text/plain"),
        ],
        "/": [
            ("service-desc", "/openapi.json", "application/json"),
            ("service-doc", CATALOG, HTML.media_type),
        ],
    }
    for name in listings():
        described[f"/{name}"] = [("service-desc", "/openapi.json", "application/json")]
    if visit.parts.dump is not None:
        described["/dumps"] = [("service-doc", CATALOG, HTML.media_type)]
    if visit.parts.history is not None:
        described["/changes"] = [
            ("service-doc", CATALOG, HTML.media_type),
            *(("alternate", path, media_type) for path, media_type in FEEDS),
        ]
    links = [Link(catalog, "item", home + path) for path in described]
    for path, some in described.items():
        links += [Link(home + path, rel, home + target, kind) for rel, target, kind in some]
    return links


def _numbers(visit: Visit) -> Sequence[str]:
    """The numbers of the parts that the sitemap has."""
    pages = len(_FIRST) + len(_about.of(visit.parts) or ())
    return [str(number) for number, _ in enumerate(range(0, pages, _AT_ONCE), 1)]


def _entries(visit: Visit) -> Sequence[Entry]:
    """Every page that may be listed, in a fixed order."""
    changed = _changed(visit.parts.history)
    paths = [Entry(path, changed.get(iris.of_path(path))) for path in _FIRST]
    paths += [Entry(path, changed.get(iri)) for path, iri in _about.of(visit.parts) or ()]
    return paths


def _changed(history: Store | None) -> Mapping[str, str]:
    """The day of the release that last changed each topic."""
    if history is None:
        return {}
    rows = select(history, load_query("last-changes"))
    return {plain(row["topic"]): plain(row["issued"])[:10] for row in rows}


def _portions(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [entries[first : first + _AT_ONCE] for first in range(0, len(entries), _AT_ONCE)]


def _xml(visit: Visit, written: str) -> Response:
    return _kept(visit, written.encode(), "application/xml; charset=utf-8")


def _kept(visit: Visit, body: bytes, media_type: str, more: Mapping[str, str] = {}) -> Response:
    """An answer that has but one format, with a tag from its bytes; without its body for whoever
    holds it already.
    """
    tag = hashlib.sha256(body).hexdigest()[:16]
    headers = {"Cache-Control": FRESH, "ETag": f'"{tag}"', "Content-Type": media_type, **more}
    response = Response(body, headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response
