"""The pictures of the site: all of them (`/pictures`), and each by itself, of everything or of what
the filters of a search let through, as a page, as SVG, as a table, and as Vega-Lite.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import charts, counted, iris, network, pictures, resources
from diplolocal.charts import NIGHT, PAPER, Palette
from diplolocal.counted import Subject
from diplolocal.formats import CSV, HTML, Format
from diplolocal.listing import filters
from diplolocal.network import Network
from diplolocal.not_found import FileNotThere
from diplolocal.pictures import Picture
from diplolocal.search import Asked
from diplolocal.search_index import KIND, MONTH
from diplolocal.web import negotiation, searched
from diplolocal.web.drawn import PATH, absolute_links, backdrop_of, drawn, picture_of
from diplolocal.web.given import RANGE, given
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    tag_of,
    unchanged,
)
from diplolocal.wording import Language, message, say

router = APIRouter()

_SVG = Format("svg", "image/svg+xml", "SVG")
_VEGA_LITE = Format("vl.json", "application/vnd.vegalite.v6+json", "Vega-Lite")
_NEGOTIATED = (HTML, _SVG, CSV, _VEGA_LITE)
_DARK, _PLAIN, _PLAIN_DARK = (
    Format(suffix, _SVG.media_type, "SVG") for suffix in ("dark.svg", "plain.svg", "plain.dark.svg")
)
_PALETTES: Mapping[Format, tuple[Palette, bool]] = {
    _SVG: (PAPER, True),
    _DARK: (NIGHT, True),
    _PLAIN: (PAPER, False),
    _PLAIN_DARK: (NIGHT, False),
}
"""The colours of a file, and whether it says what it is called: a page that shows it does so."""

_NETWORK: Mapping[Format, Callable[[Network, Language], str]] = {
    Format("graphml", "application/graphml+xml", "GraphML"): network.graphml,
    Format("gexf", "application/gexf+xml", "GEXF"): network.gexf,
    Format("nodes.csv", CSV.media_type, "CSV"): network.nodes_table,
    Format("edges.csv", CSV.media_type, "CSV"): lambda found, _: network.edges_table(found),
}
"""What only a network is offered as."""

_OFFERED = (*_NEGOTIATED, _DARK, _PLAIN, _PLAIN_DARK)
_FACETS = tuple(facet for facet in searched.FACETS if facet != KIND)
_KNOWN = (searched.TEXT, *_FACETS, *RANGE, "lang")
_ENDS = ("mexicanActor", "counterpart")
_FILTERS = (
    "Filters are those of the search: `state=mx-jal`, `theme=culture`, `monthFrom=2021-01` …; each"
    " may be given several times, for any of its values."
)


@router.get(PATH, summary="Maps and charts")
def gallery(visit: VisitDep) -> Response:
    """All pictures, small, each with what it counts."""
    given(visit, PATH, known=("lang",), once=("lang",))
    negotiation.preferred(visit.accept, (HTML,))
    headers = {"Cache-Control": FRESH} if visit.parts.version else {}
    return page(
        visit, "pictures.html", headers=headers, definitions=pictures.definitions().values()
    )


@router.get(PATH + "/{name}", summary="A picture", description=_FILTERS)
def picture(name: str, visit: VisitDep) -> Response:
    """A picture in the format of its suffix (`actions-by-state.svg`), or in the one that the client
    prefers.
    """
    name, dot, suffix = name.partition(".")
    path = f"{PATH}/{pictures.definition(name).name}"
    if not dot:
        return _written(visit, name, negotiation.preferred(visit.accept, _NEGOTIATED))
    more = _NETWORK if pictures.definition(name).form == pictures.NETWORK else ()
    offered = {each.suffix: each for each in (*_OFFERED, *more)}
    if suffix not in offered:
        raise FileNotThere(f"{path}.{suffix}", [f"{path}.{each}" for each in offered])
    return _written(visit, name, offered[suffix])


def _written(visit: Visit, name: str, fmt: Format) -> Response:
    asked = _asked(visit, f"{PATH}/{name}")
    headers = _headers(visit, name, asked, fmt)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    if fmt is HTML:
        return _page(visit, name, asked, headers)
    body = _file(visit, name, asked, fmt)
    return Response(body.encode(), media_type=f"{fmt.media_type}; charset=utf-8", headers=headers)


def _file(visit: Visit, name: str, asked: Asked, fmt: Format) -> str:
    """The picture as a file."""
    if fmt in _NETWORK:
        made = counted.network_of(
            visit.parts.search, backdrop_of(visit), _subject(visit, name, asked)
        )
        return _NETWORK[fmt](made, visit.content)
    found = picture_of(visit, name, asked)
    links = absolute_links(visit, found)
    if fmt in _PALETTES:
        palette, titled = _PALETTES[fmt]
        return charts.svg(found, palette, links, titled=titled)
    if fmt is _VEGA_LITE:
        return charts.specification(found, PAPER, links)
    return "".join(_table(found, links))


def _table(found: Picture, links: Sequence[str | None]) -> Iterator[str]:
    """The numbers as a table (RFC 4180): each value by its IRI and its name, or the month; the
    number; where what it counts is found; and what is not known.
    """
    of = pictures.definition(found.name)
    things = [facet for facet in of.facets if facet != MONTH]
    heads = [
        head for facet in of.facets for head in ((facet, f"{facet}Label") if things else (facet,))
    ]
    yield _line([*heads, of.kind, "search", "note"])
    not_yet = say(message("not in the graph yet"), found.language)
    for row, link in zip(found.rows, links, strict=False):
        cells = [
            cell
            for pair in zip(row.values, row.labels, strict=True)
            for cell in (pair if things else pair[:1])
        ]
        count = "" if row.count is None else str(row.count)
        yield _line([*cells, count, link or "", not_yet if row.count is None else ""])


def _line(cells: Sequence[str]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(cells)
    return file.getvalue()


def _page(visit: Visit, name: str, asked: Asked, headers: Mapping[str, str]) -> Response:
    of = pictures.definition(name)
    shown = drawn(visit, name, asked)
    return page(
        visit,
        "picture.html",
        headers=headers,
        drawn=shown,
        alike=[
            each
            for each in pictures.definitions().values()
            if (each.facets, each.form) == (of.facets, of.form)
        ],
        chosen=_chosen(visit, asked),
        formats=_NEGOTIATED[1:],
        search=visit.to(
            searched.PATH, searched.query_of(visit, _subject(visit, name, asked).everything)
        ),
    )


def _subject(visit: Visit, name: str, asked: Asked) -> Subject:
    of = pictures.definition(name)
    return Subject(of.kind, of.facets, asked, visit.content)


def _chosen(visit: Visit, asked: Asked) -> Mapping[str, Sequence[str]]:
    """What was asked for, in words: the values of each filter by its label."""
    shown = [value for values in asked.chosen.values() for value in values]
    names = resources.names_of(visit.parts.store, [each for each in shown if iris.is_ours(each)])

    def called(value: str) -> str:
        said = names.get(value, {})
        return said.get(visit.content) or next(iter(said.values()), value)

    rest = {searched.TEXT: asked.text, RANGE[0]: asked.month_from, RANGE[1]: asked.month_to}
    every = {
        **asked.chosen,
        **{name: (value,) for name, value in rest.items() if value},
    }
    return {
        filters()[name].label[visit.language]: [called(value) for value in some]
        for name, some in every.items()
    }


def _asked(visit: Visit, path: str) -> Asked:
    """What the address asks for. Raises BadRequest for what a picture cannot be asked."""
    found = given(visit, path, known=_KNOWN, once=(searched.TEXT, *RANGE, "lang"))
    return searched.asked_of(visit, found)[0]


def _headers(visit: Visit, name: str, asked: Asked, fmt: Format) -> dict[str, str]:
    query = {**searched.query_of(visit, asked)}
    if "lang" in visit.request.query_params:
        query["lang"] = visit.content
    encoded = f"?{urlencode(query, doseq=True, safe=':/')}" if query else ""
    headers = described_headers(visit, f"{PATH}/{name}", fmt, _NEGOTIATED, query=encoded)
    headers["Vary"] = "Accept, Accept-Language"
    if fmt is not HTML:
        headers["Content-Language"] = Language(visit.content)
        if visit.parts.version:
            headers["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    return headers
