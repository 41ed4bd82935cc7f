"""Maps: the 32 federal entities, and the countries of the world, coloured by what is counted.

The world is Natural Earth's, at 1:110 million (public domain), through Michael Bostock's
world-atlas; the federal entities are those of the graph. Small countries that this map of the world
does not have are not drawn: whoever shows it names them beside it (`unmapped`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from diplolocal import scale
from diplolocal.backdrop import Backdrop
from diplolocal.counted import Row
from diplolocal.drawing import LINKED, PAPER, Specification, data
from diplolocal.wording import Language

WORLD_CREDIT: Final = "Natural Earth"
STATES_CREDIT: Final = "INEGI; mxmaps (Diego Valle-Jones)"

_LEGEND = {"orient": "bottom", "direction": "horizontal", "labelFontSize": 15}
_WORLD_SIZE = {"width": 760, "height": 372}
_STATES_SIZE = {"width": 700, "height": 450}
_UNSEEN = "AQ"
"""Antarctica, which has nobody to act with and a third of the map."""


def map_of_states(rows: Sequence[Row], backdrop: Backdrop, language: Language) -> Specification:
    """The federal entities, each in the colour of its number."""
    classes = _Classes.of(rows, language)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": backdrop.boundaries[row.values[0]]},
            **datum,
            "class": classes.word(row),
        }
        for row, datum in zip(rows, data(rows), strict=True)
        if row.values[0] in backdrop.boundaries
    ]
    return {
        **_STATES_SIZE,
        "projection": {"type": "conicConformal", "parallels": [17.5, 29.5], "rotate": [102, 0, 0]},
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": PAPER, "strokeWidth": 0.8},
        "encoding": classes.encoding(),
    }


def map_of_world(rows: Sequence[Row], backdrop: Backdrop, language: Language) -> Specification:
    """The countries, each in the colour of its number; those without any as well."""
    classes = _Classes.of(rows, language)
    values = [
        {"code": backdrop.codes[row.values[0]], **datum, "class": classes.word(row)}
        for row, datum in zip(rows, data(rows), strict=True)
        if row.values[0] in backdrop.codes
    ]
    counted = {row.values[0] for row in rows}
    values += [
        {"code": code, "sentence": backdrop.name(iri, language)}
        for iri, code in backdrop.codes.items()
        if iri not in counted
    ]
    shown = ["count", "sentence", "href", "class"]
    looked_up = {"data": {"values": values}, "key": "code", "fields": shown}
    return {
        **_WORLD_SIZE,
        "projection": {"type": "naturalEarth1", "rotate": [-11, 0, 0]},
        "data": {"values": _world(), "format": {"type": "topojson", "feature": "countries"}},
        "transform": [
            {"filter": f"datum.properties.iso_a2 != '{_UNSEEN}'"},
            {"lookup": "properties.iso_a2", "from": looked_up},
            {"calculate": "datum.sentence || datum.properties.name", "as": "sentence"},
            {"calculate": f"datum.class || '{classes.words[0]}'", "as": "class"},
        ],
        "mark": {"type": "geoshape", "stroke": PAPER, "strokeWidth": 0.5},
        "encoding": classes.encoding(),
    }


def unmapped(rows: Sequence[Row], backdrop: Backdrop) -> tuple[Row, ...]:
    """What is counted of countries that the map of the world does not have."""
    return tuple(row for row in rows if backdrop.codes.get(row.values[0]) not in _drawn())


@dataclass(frozen=True, slots=True)
class _Classes:
    """The classes of the numbers of a map: where they begin, in words, in colours."""

    begins: tuple[int, ...]
    words: tuple[str, ...]
    colours: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], language: Language) -> "_Classes":
        counts = [row.count or 0 for row in rows]
        begins = scale.starts(counts)
        words = scale.words(begins, max(counts, default=0), language)
        return cls(begins, words, tuple(map(scale.colour, scale.places(begins))))

    def word(self, row: Row) -> str:
        return self.words[scale.class_of(row.count or 0, self.begins)]

    def encoding(self) -> Specification:
        return {
            **LINKED,
            "color": {
                "field": "class",
                "type": "ordinal",
                "scale": {"domain": list(self.words), "range": list(self.colours)},
                "legend": _LEGEND,
            },
        }


@cache
def _world() -> Mapping[str, object]:
    """The base map, as TopoJSON."""
    path = files("diplolocal") / "maps" / "world-110m.topojson"
    world: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return world


@cache
def _drawn() -> frozenset[str]:
    """The countries that the base map has, by code."""
    countries = _world()["objects"]["countries"]["geometries"]  # type: ignore[index]
    return frozenset(each["properties"].get("iso_a2") for each in countries) - {_UNSEEN}
