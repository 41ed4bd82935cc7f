"""Pictures as they stand in pages: drawn, their marks linked to the searches that find what they
count. Any room may show one: `drawn(visit, "actions-by-month", asked)` and the macro of
`figure.html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from diplolocal import backdrop, charts, pictures
from diplolocal.backdrop import Backdrop
from diplolocal.pictures import Picture
from diplolocal.search import Asked
from diplolocal.store_errors import StoreUnavailable
from diplolocal.web import searched
from diplolocal.web.remembered import Remembered
from diplolocal.web.responses import Visit
from diplolocal.wording import message

PATH = "/pictures"
EVERYTHING = Asked()
_FILES = {"svg": "SVG", "csv": "CSV", "vl.json": "Vega-Lite"}
_OF_A_NETWORK = {
    "graphml": "GraphML",
    "gexf": "GEXF",
    "nodes.csv": "CSV (nodes)",
    "edges.csv": "CSV (edges)",
}
_backdrops = Remembered(backdrop.read)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, as SVG that follows light and dark, and for each of its `linked` rows the path of
    the page with what it counts. `query` is what was asked for, as the addresses of its files have
    it.
    """

    picture: Picture
    svg: str
    links: tuple[str | None, ...]
    query: Mapping[str, str | Sequence[str]]

    @property
    def files(self) -> Mapping[str, str]:
        """The formats that the picture is offered in: what each is called, by its suffix."""
        return {**_FILES, **(_OF_A_NETWORK if self.picture.nodes else {})}

    def file(self, visit: Visit, suffix: str) -> str:
        """The path of the picture in one of its formats, in the language of the content."""
        encoded = urlencode({**self.query, "lang": visit.content}, doseq=True, safe=":/")
        return f"{visit.base}{PATH}/{self.picture.name}.{suffix}?{encoded}"

    def page(self, visit: Visit) -> str:
        """The path of the page of the picture."""
        return visit.to(f"{PATH}/{self.picture.name}", self.query)


def drawn(visit: Visit, name: str, asked: Asked = EVERYTHING) -> Drawn:
    """The picture of that name of what is asked for, for a page. Raises FileNotThere where there
    is no picture of that name.
    """
    picture = picture_of(visit, name, asked)
    links = tuple(
        visit.to(searched.PATH, searched.query_of(visit, row.asked)) if row.asked else None
        for row in picture.linked
    )
    svg = charts.svg(picture, charts.SITE, links)
    return Drawn(picture, svg, links, searched.query_of(visit, asked))


def picture_of(visit: Visit, name: str, asked: Asked) -> Picture:
    """The picture of that name of what is asked for, in the language of the content. Raises
    FileNotThere where there is no picture of that name.
    """
    behind = backdrop_of(visit)
    return pictures.picture(visit.parts.search, behind, name, asked, visit.content)


def backdrop_of(visit: Visit) -> Backdrop:
    """What all pictures stand on. Raises StoreUnavailable where somebody's endpoint does not
    answer.
    """
    found = _backdrops.of(visit.parts)
    if found is None:
        raise StoreUnavailable(
            message("The SPARQL store gave no answer, so there is nothing to draw.")
        )
    return found


def absolute_links(visit: Visit, picture: Picture) -> tuple[str | None, ...]:
    """For each row the address, for the world, of the page with what it counts."""
    front = f"{visit.home}/{visit.content}"
    return tuple(
        front + searched.address(visit, row.asked) if row.asked else None for row in picture.linked
    )
