"""Whether pictures become SVG that may stand in a page, with colours that can be told apart."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from diplolocal import backdrop, charts, iris, pictures
from diplolocal.charts import NIGHT, PAPER, SITE, Palette
from diplolocal.embedded import EmbeddedStore
from diplolocal.pictures import Picture
from diplolocal.search import Asked, Index
from diplolocal.wording import Language

STYLES = Path(charts.__file__).parent / "web" / "static" / "style.css"
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    *("svg", "g", "a", "path", "rect", "line", "text", "tspan", "title", "desc"),
}
MAP = tuple(f"map-{place}" for place in range(6))
SERIES = tuple(f"series-{place}" for place in range(1, 9))
DARK_FROM = 3
"""From this colour of the scale on, a number in it has the colour of the paper."""


@pytest.fixture(scope="module")
def drawn(search: Index, store: EmbeddedStore) -> Sequence[Picture]:
    """All pictures, of everything."""
    behind = backdrop.read(store)
    return [
        pictures.picture(search, behind, name, Asked(), Language.EN)
        for name in pictures.definitions()
    ]


def test_there_is_nothing_in_it_that_a_page_may_not_hold(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        root = Xml.fromstring(charts.svg(picture, SITE, links(picture)))
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in ALLOWED
            assert not any(name == "style" or name.startswith("on") for name in element.attrib)


def test_no_two_pictures_have_an_id_in_common(drawn: Sequence[Picture]) -> None:
    ids = [
        element.get("id")
        for picture in drawn
        for element in Xml.fromstring(charts.svg(picture, SITE)).iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids)) == 2 * len(drawn)


def test_it_says_what_it_is_to_those_who_listen(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        for given, role in ((links(picture), "group"), ((), "img")):
            root = Xml.fromstring(charts.svg(picture, SITE, given))
            assert root.get("role") == role
            said = {
                element.get("id"): element.text
                for element in root
                if element.tag in (f"{SVG}title", f"{SVG}desc")
            }
            assert said[root.get("aria-labelledby")] == picture.title
            assert said[root.get("aria-describedby")] == picture.description


def test_every_mark_is_linked_and_named_by_its_number(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        root = Xml.fromstring(charts.svg(picture, SITE, links(picture)))
        found = {a.get("href"): a.get("aria-label") for a in root.iter(f"{SVG}a")}
        sentences = {
            link: row.sentence
            for row, link in zip(picture.linked, links(picture), strict=True)
            if link
        }
        assert found.items() <= sentences.items()
        not_drawn = {sentences[link] for link in sentences.keys() - found.keys()}
        if picture.name == "network":
            assert len(found) >= 60
        else:
            assert all(any(each in note for note in picture.notes) for each in not_drawn)
        for a in root.iter(f"{SVG}a"):
            assert [title.text for title in a.iter(f"{SVG}title")] == [a.get("aria-label")]


def test_without_links_nothing_is_linked(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        svg = charts.svg(picture, PAPER)
        assert "<a " not in svg
        assert "href" not in svg
        assert iris.row(0)[:-1] not in svg


def test_an_address_cannot_end_its_attribute(drawn: Sequence[Picture]) -> None:
    picture = drawn[0]
    svg = charts.svg(picture, SITE, ['/search?a=1&b="><script>'])
    [a] = Xml.fromstring(svg).iter(f"{SVG}a")
    assert a.get("href") == '/search?a=1&b="><script>'


def test_a_file_has_fixed_colours_and_a_page_has_those_of_the_style_sheet(
    drawn: Sequence[Picture],
) -> None:
    known = set(PAPER)
    for picture in drawn:
        named = set(re.findall(r"var\(--([\w-]+)\)", charts.svg(picture, SITE)))
        assert named
        assert named <= known
        for palette in (PAPER, NIGHT):
            assert "var(" not in charts.svg(picture, palette, titled=True)
            assert "var(" not in charts.specification(picture, palette)


def test_the_specification_makes_the_same_picture(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        made = charts.drawn(charts.specification(picture, PAPER, links(picture)))
        svg = charts.svg(picture, PAPER, links(picture), titled=True)
        assert marks(made) == marks(svg)


def test_the_specification_has_its_data_and_asks_for_none(drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        written = json.loads(charts.specification(picture, PAPER, links(picture)))
        assert written["$schema"] == "https://vega.github.io/schema/vega-lite/v6.json"
        assert not list(addresses_of_data(written))
        assert written["title"]["text"] == picture.title


def test_data_from_elsewhere_are_refused() -> None:
    asks = {"data": {"url": "https://example.org/numbers.json"}, "mark": "bar", "encoding": {}}
    with pytest.raises(ValueError, match="not allowed"):
        charts.drawn(json.dumps(asks))


def test_threads_draw_the_same(drawn: Sequence[Picture]) -> None:
    alone = [charts.svg(picture, SITE) for picture in drawn]
    charts.drawn.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda picture: charts.svg(picture, SITE), drawn)) == alone


def test_nothing_but_a_picture_starts_the_engine() -> None:
    code = "import sys, diplolocal.charts; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("palette", [PAPER, NIGHT])
def test_the_colours_of_files_are_those_of_the_style_sheet(palette: Palette) -> None:
    light, dark = re.findall(r":root \{(.*?)\}", STYLES.read_text(encoding="utf-8"), re.S)[:2]
    written = dict(re.findall(r"--([\w-]+): (#\w+);", dark if palette is NIGHT else light))
    assert {name: written[name] for name in palette} == palette


@pytest.mark.parametrize("palette", [PAPER, NIGHT])
def test_text_can_be_read_on_every_colour_of_the_scale(palette: Palette) -> None:
    for place, name in enumerate(MAP):
        ink = palette["paper" if place >= DARK_FROM else "ink"]
        assert contrast(palette[name], ink) >= 4.5, name
    for name in ("ink", "soft"):
        assert contrast(palette[name], palette["paper"]) >= 4.5


@pytest.mark.parametrize("palette", [PAPER, NIGHT])
@pytest.mark.parametrize("seen", ["as it is", "deuteranopia", "protanopia"])
def test_the_scale_grows_steadily_for_every_eye(palette: Palette, seen: str) -> None:
    colours = [EYES[seen](palette[name]) for name in MAP]
    steps = [luminance_contrast(one, other) for one, other in pairwise(colours)]
    assert min(steps) >= 1.2
    brightness = [luminance(colour) for colour in colours]
    assert brightness in (sorted(brightness), sorted(brightness, reverse=True))


@pytest.mark.parametrize("palette", [PAPER, NIGHT])
def test_series_stand_out_from_the_paper_and_from_each_other(palette: Palette) -> None:
    for name in SERIES:
        assert contrast(palette[name], palette["paper"]) >= 3
    for one, other in combinations(SERIES, 2):
        assert palette[one] != palette[other]


def links(picture: Picture) -> list[str | None]:
    return [
        f"https://diplolocal.test/search?row={place}" if row.asked else None
        for place, row in enumerate(picture.linked)
    ]


def marks(svg: str) -> list[tuple[str, dict[str, str], str | None]]:
    """What is drawn, without what stands around it."""
    root = Xml.fromstring(svg)
    return [
        (element.tag, dict(element.items()), element.text)
        for child in root
        if child.tag not in (f"{SVG}title", f"{SVG}desc")
        for element in child.iter()
    ]


def addresses_of_data(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if "url" in tree:
            yield str(tree["url"])
        for each in tree.values():
            yield from addresses_of_data(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from addresses_of_data(each)


Colour = tuple[float, float, float]


def linear(colour: str) -> Colour:
    """The colour in linear RGB (sRGB, IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def deuteranopic(colour: str) -> Colour:
    """As it is seen without the middle cones (Viénot, Brettel and Mollon 1999)."""
    red, green, blue = linear(colour)
    mixed = 0.29275 * red + 0.70725 * green
    return mixed, mixed, max(0.0, -0.02234 * red + 0.02234 * green + blue)


def protanopic(colour: str) -> Colour:
    """As it is seen without the long cones."""
    red, green, blue = linear(colour)
    mixed = 0.11238 * red + 0.88762 * green
    return mixed, mixed, max(0.0, 0.00401 * red - 0.00401 * green + blue)


EYES = {"as it is": linear, "deuteranopia": deuteranopic, "protanopia": protanopic}


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luminance_contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast(one: str, other: str) -> float:
    return luminance_contrast(linear(one), linear(other))
