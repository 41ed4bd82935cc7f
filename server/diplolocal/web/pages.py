"""Home, and the documents about things: `/id/…` → `/doc/…`, vocabularies, ontology, graphs."""

import re
from itertools import groupby
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode

from diplolocal import formats, iris, resources, status
from diplolocal.bad_requests import NotAcceptable
from diplolocal.formats import HTML, PAGE, Format
from diplolocal.not_found import ResourceNotFound
from diplolocal.search import Asked
from diplolocal.store import Row, load_query, select
from diplolocal.web import documents, edition, negotiation, signposts
from diplolocal.web.drawn import drawn
from diplolocal.web.responses import FRESH, Visit, VisitDep, page
from diplolocal.wording import message, say

router = APIRouter()

_NO_KEY = re.compile(r"[\x00-\x1f\x7f\ufffd]")
"""What no key has: control characters (%00), and what stands for bytes that are no text (%ff)."""


@router.get("/", summary="Home", include_in_schema=False)
def home(visit: VisitDep) -> Response:
    """What this is, and what is newest."""
    if negotiation.choose(visit.accept, (HTML,)) is None:
        raise NotAcceptable([HTML.media_type])
    store = visit.parts.store
    regions, actions = (
        select(store, load_query("regions")),
        select(store, load_query("latest-actions")),
    )
    months = status.months(store)
    shown = {
        _iri(row, name)
        for rows in (regions, actions)
        for row in rows
        for name in row
        if _is_iri(row, name)
    }
    [totals] = select(store, load_query("totals"))
    return page(
        visit,
        "home.html",
        headers={
            "Link": signposts.of_site(visit.parts),
            **({"Cache-Control": FRESH} if visit.parts.version else {}),
        },
        site_links=signposts.site_links(visit.parts),
        totals=totals,
        years=[(year, list(some)) for year, some in groupby(months, lambda each: each.month[:4])],
        kinds=_kinds(visit),
        map=drawn(visit, "actions-by-state"),
        regions=regions,
        actions=actions,
        names=resources.names_of(store, shown),
        description=None,
        markup=edition.markup(visit.parts),
    )


@router.get("/id/{key:path}", summary="A thing: where its document is")
def thing(key: str, visit: VisitDep) -> Response:
    """A thing is no document: see other (Cool URIs for the Semantic Web §4.2). A rule on the path,
    no look-up.
    """
    iri = iris.thing(key)
    if _NO_KEY.search(key):
        raise ResourceNotFound(iri)
    path = (visit.pages if visit.spoken else visit.base) + quote(
        iris.path_of(iris.document_of(iri))
    )
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
    return RedirectResponse(
        path + query, 303, headers={"Vary": "Accept", "Cache-Control": "public, max-age=86400"}
    )


@router.get("/doc/{key:path}", summary="The document about a thing")
def about_thing(key: str, visit: VisitDep) -> Response:
    """What is said of a thing, in the format of the suffix, or else the one that the client
    prefers.
    """
    key, fmt = _suffixed(key)
    return documents.about(visit, iris.thing(key), fmt)


@router.get(
    "/{path:path}", summary="The document at any other of our IRIs", include_in_schema=False
)
def about(path: str, visit: VisitDep) -> Response:
    """Vocabularies, ontology, data set, named graphs: documents at their own IRI."""
    path, fmt = _suffixed(path)
    return documents.about(visit, iris.of_path(path), fmt)


def _suffixed(path: str) -> tuple[str, Format | None]:
    """The path without the suffix of a format, and the format."""
    stem, dot, suffix = path.rpartition(".")
    fmt = formats.by_suffix(PAGE, suffix) if dot and stem else None
    return (path, None) if fmt is None else (stem, fmt)


def _kinds(visit: Visit) -> list[tuple[str, str, int]]:
    """The kinds of things that the home page counts: name, title, how many there are."""
    counts = visit.parts.search.counts(Asked(), "kind")
    titles = {
        "actions": message("actions"),
        "twinnings": message("twinnings"),
        "agreements": message("agreements"),
        "memberships": message("memberships"),
    }
    return [
        (kind, say(title, visit.language), counts.get(kind, 0)) for kind, title in titles.items()
    ]


def _is_iri(row: Row, name: str) -> bool:
    return isinstance(row[name], NamedNode)


def _iri(row: Row, name: str) -> str:
    value = row[name]
    assert isinstance(value, NamedNode)
    return value.value
