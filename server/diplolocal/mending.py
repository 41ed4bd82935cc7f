"""SVG as Vega writes it, mended for a page: marks named for those who listen and titled for those
who point, nothing said twice, and coordinates no finer than can be seen.
"""

import re
from xml.etree import ElementTree as Xml

_NAMESPACES = re.compile(r' xmlns(?::xlink)?="[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+")
_POINT = re.compile(r"([MLZ])(?:(-?[\d.]+),(-?[\d.]+))?")
_OUTLINE = re.compile(r"[MLZ\d.,-]+")
_MEASURES = {"d", "dx", "dy", "height", "transform", "viewBox", "width", "x", "x2", "y", "y2"}
_KEPT = {
    *_MEASURES,
    *("fill", "opacity", "stroke", "stroke-dasharray", "stroke-width"),
    *("font-family", "font-size", "font-weight", "text-anchor"),
    "href",
}
"""The attributes that draw something; the others are for Vega's own scripts."""


def mended(svg: str) -> str:
    """The drawing, mended."""
    root = Xml.fromstring(_NAMESPACES.sub("", svg).replace("xlink:href", "href"))
    font = next((text.get("font-family", "") for text in root.iter("text")), "")
    _mend(root, font)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    if font:
        root.set("font-family", font)
    return Xml.tostring(root, encoding="unicode")


def _mend(element: Xml.Element, font: str) -> None:
    """Mend what is in an element, and take out what draws nothing."""
    for child in list(element):
        _mend(child, font)
        if _draws_nothing(child):
            element.remove(child)
    said = element.get("aria-label") if element.get("role") == "graphics-symbol" else None
    is_mark = element.tag in ("path", "line", "text")
    for name in set(element.keys()) - _KEPT:
        del element.attrib[name]
    if element.get("font-family") == font:
        del element.attrib["font-family"]
    if element.get("opacity") == "1":
        del element.attrib["opacity"]
    for name in _MEASURES & set(element.keys()):
        element.set(name, _shortened(element.get(name, "")))
    if is_mark and said:
        title = Xml.Element("title")
        title.text = said
        element.insert(0, title)
    if element.tag == "a":
        element.set("aria-label", element.findtext("*/title", ""))


def _draws_nothing(element: Xml.Element) -> bool:
    """Whether nobody sees an element: Vega frames every group with paths, and clips maps to where
    they are anyway.
    """
    if element.tag in ("g", "defs"):
        return element.tag == "defs" or len(element) == 0
    if element.tag != "path":
        return False
    frames = not {"fill", "stroke"} & set(element.keys()) and not len(element)
    return element.get("d", "") in ("", "M0,0h0v0h0Z") or frames


def _shortened(value: str) -> str:
    """Coordinates to a tenth of a pixel, outlines from point to point."""
    rounded = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
    is_outline = len(rounded) > 60 and _OUTLINE.fullmatch(rounded)
    return _outline(rounded) if is_outline else rounded


def _outline(path: str) -> str:
    """A path of straight lines, each point told from the one before (SVG 2 §9.3.4)."""
    pieces: list[str] = []
    at = start = (0, 0)
    for letter, x, y in _POINT.findall(path):
        if letter == "Z":
            pieces.append("z")
            at = start
            continue
        point = round(float(x) * 10), round(float(y) * 10)
        if letter == "M":
            start = point
        elif point == at:
            continue
        pieces.append(f"{letter.lower()}{_tenths(point[0] - at[0])}{_next(point[1] - at[1])}")
        at = point
    # Points after the first are reached by lines anyway, so their letter need not be written.
    return "".join(pieces).replace("l-", "-").replace("l", " ")


def _tenths(count: int) -> str:
    """So many tenths, as short as can be: `-.3`, `12.5`."""
    whole, rest = divmod(abs(count), 10)
    digits = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{digits}" if count < 0 else digits


def _next(count: int) -> str:
    """The same after another number: a sign parts them, or a comma."""
    return _tenths(count) if count < 0 else f",{_tenths(count)}"
