"""From a picture to SVG, with vl-convert: Vega-Lite without a browser, and without a network.

A drawing names its colours as the style sheet does, and the rows of its numbers instead of
addresses. Both are filled in when it is shown: a page follows light and dark by itself, a file has
fixed colours. Converting takes some tens of milliseconds, so the finished drawings are kept.
"""

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from diplolocal import iris, mending
from diplolocal.drawing import Specification
from diplolocal.pictures import Picture

Palette = Mapping[str, str]
"""Colours by their names in the style sheet."""

Links = Sequence[str | None]
"""For each row of a picture the address of what it counts."""

SITE: Palette = {}
"""In a page: the style sheet says what they are."""

PAPER: Palette = {
    "ink": "#221d1b",
    "soft": "#655c56",
    "line": "#ddd4cb",
    "paper": "#fffdf9",
    "tint": "#f6efe6",
    "map-0": "#efe7dd",
    "map-1": "#f2c9b4",
    "map-2": "#e0987f",
    "map-3": "#b65751",
    "map-4": "#963a4b",
    "map-5": "#5c1530",
    "series-1": "#7a2138",
    "series-2": "#0067a3",
    "series-3": "#a85400",
    "series-4": "#00735a",
    "series-5": "#8a4a9e",
    "series-6": "#7d6200",
    "series-7": "#3b6e8f",
    "series-8": "#655c56",
}
"""On paper, and in files: the light ones of the style sheet."""

NIGHT: Palette = {
    "ink": "#efe8e1",
    "soft": "#b3a79d",
    "line": "#463d38",
    "paper": "#1b1715",
    "tint": "#28221f",
    "map-0": "#332b27",
    "map-1": "#6a3541",
    "map-2": "#964d57",
    "map-3": "#bd6a68",
    "map-4": "#e39c8c",
    "map-5": "#fbd5c4",
    "series-1": "#f09bb0",
    "series-2": "#7cc0f0",
    "series-3": "#eea365",
    "series-4": "#5fceac",
    "series-5": "#d3a4e3",
    "series-6": "#dcc15e",
    "series-7": "#a5cbe2",
    "series-8": "#b3a79d",
}
"""Where it is dark: the dark ones of the style sheet."""

_KEPT = 256
"""Of how many drawings the SVG is kept."""
_LINE = 90
"""How many letters there are in a line below the title."""
_COLOUR = re.compile(r"var\(--([\w-]+)\)")
_LINK = re.compile(
    rf'<a href="{re.escape(iris.row(0))[:-1]}(\d+)" aria-label="[^"]*">(.*?)</a>', re.S
)


def svg(picture: Picture, colours: Palette, links: Links = (), *, titled: bool = False) -> str:
    """The picture as SVG, its marks linked as far as there are links; `titled`: with what it is
    called above it, for where nothing else says so.

    It has no style and no script in it, and ids of its own, so that it can stand in a page beside
    others.
    """
    found = drawn(_written(_drawing(picture, titled=titled)))
    linked = _LINK.sub(lambda mark: _linked(mark, links), found)
    name = f"{picture.name}-{zlib.crc32(_written(picture.drawing).encode()):08x}"
    opening, rest = linked.split(">", 1)
    said = "".join(
        f'<{tag} id="{name}-{tag}">{escape(text)}</{tag}>'
        for tag, text in (("title", picture.title), ("desc", picture.description))
    )
    role = "group" if "<a " in rest else "img"
    labelled = f' role="{role}" aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
    return _coloured(f"{opening}{labelled}>{said}{rest}", colours)


def specification(picture: Picture, colours: Palette, links: Links = ()) -> str:
    """The picture as Vega-Lite, with its data in it: JSON that makes the same SVG anywhere."""
    written = json.dumps(_drawing(picture, titled=True), ensure_ascii=False, indent=1) + "\n"
    places = ((iris.row(place), link) for place, link in enumerate(links) if link)
    for row, link in places:
        written = written.replace(f'"{row}"', json.dumps(link, ensure_ascii=False))
    return _coloured(written, colours)


@lru_cache(_KEPT)
def drawn(written: str) -> str:
    """A drawing in Vega-Lite as SVG."""
    # Here, because its engine takes half a second to start, which no other command should wait for.
    import vl_convert

    return mending.mended(vl_convert.vegalite_to_svg(written, allowed_base_urls=[]))


def _drawing(picture: Picture, *, titled: bool) -> Specification:
    if not titled:
        return picture.drawing
    credit = f"diplolocal. {picture.credit}." if picture.credit else "diplolocal"
    said = (picture.description, *picture.notes, credit)
    lines = [line for text in said for line in wrap(text, _LINE)]
    title = {"text": picture.title, "subtitle": lines}
    return {**picture.drawing, "description": picture.description, "title": title}


def _written(of: Specification) -> str:
    return json.dumps(of, ensure_ascii=False, separators=(",", ":"))


def _linked(mark: re.Match[str], links: Links) -> str:
    place = int(mark[1])
    link = links[place] if place < len(links) else None
    if link is None:
        return mark[2]
    return mark[0].replace(f'"{iris.row(place)}"', quoteattr(link), 1)


def _coloured(text: str, colours: Palette) -> str:
    return _COLOUR.sub(lambda name: colours.get(name[1], name[0]), text)
