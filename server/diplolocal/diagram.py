"""Where things stand in a picture of how they hang together: layers from top to bottom, and between
them the names of the arrows.

The way of Sugiyama, Tagawa and Toda (1981): each thing a layer below all that point at it; an arrow
over several layers holds a place in each; then crossings are made fewer, and arrows straighter.
The same input gives the same picture.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12
_GAP = 18
_LETTER = 7.4
"""How wide a letter is, about, in the type of the picture."""
_LINE = 16
_BOX_HEIGHT = 34
_STEP = 68
"""How far a layer is from the next: things and names take turns."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a thing to another; `keys` are what its names stand for, one below the other."""

    source: str
    target: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What has a place: a thing, or the names of an arrow; its middle, and how large it is."""

    keys: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Things, names of arrows, and the arrows as paths (SVG 2 §9.3)."""

    width: int
    height: int
    things: tuple[Placed, ...]
    names: tuple[Placed, ...]
    paths: tuple[str, ...]


@dataclass(slots=True)
class _Knot:
    """A place in a layer: a thing, the names of an arrow, or an arrow that passes."""

    keys: tuple[str, ...]
    layer: int
    width: float
    height: float
    x: float = 0


def draw(labels: Mapping[str, str], arrows: Sequence[Arrow]) -> Picture:
    """The picture of things and the arrows between them; `labels` are what things and arrows are
    called. Arrows that close a circle, or begin where they end, are left out.
    """
    layers = _layers(arrows)
    knots: list[_Knot] = []
    ways: list[list[_Knot]] = []
    things: dict[str, _Knot] = {}
    for name, layer in layers.items():
        things[name] = _Knot((name,), 2 * layer, _width(labels, (name,)) * 1.1 + 28, _BOX_HEIGHT)
        knots.append(things[name])
    for arrow in arrows:
        if arrow.source in layers and layers[arrow.source] < layers.get(arrow.target, 0):
            way = _way(things[arrow.source], things[arrow.target], arrow, labels)
            knots.extend(way[1:-1])
            ways.append(way)
    rows = _rows(knots)
    beside = _beside(ways)
    _order(rows, beside)
    _straighten(rows, beside)
    return _picture(rows, ways, set(map(id, things.values())))


def _layers(arrows: Sequence[Arrow]) -> Mapping[str, int]:
    """Each thing's layer: one below the lowest that points at it."""
    layers: dict[str, int] = {}
    for arrow in arrows:
        layers.setdefault(arrow.source, 0)
        layers.setdefault(arrow.target, 0)
    forward = [(each.source, each.target) for each in arrows if each.source != each.target]
    for _ in layers:  # what is not settled by then goes in a circle
        for source, target in forward:
            if layers[target] <= layers[source] < len(layers):
                layers[target] = layers[source] + 1
    return layers


def _way(source: _Knot, target: _Knot, arrow: Arrow, labels: Mapping[str, str]) -> list[_Knot]:
    names = _Knot(
        arrow.keys, source.layer + 1, _width(labels, arrow.keys) + 8, _LINE * len(arrow.keys)
    )
    passing = [_Knot((), layer, 6, 0) for layer in range(source.layer + 2, target.layer)]
    return [source, names, *passing, target]


def _width(labels: Mapping[str, str], keys: Sequence[str]) -> float:
    return max(len(labels[key]) for key in keys) * _LETTER


def _rows(knots: Sequence[_Knot]) -> list[list[_Knot]]:
    rows: list[list[_Knot]] = [[] for _ in range(max(knot.layer for knot in knots) + 1)]
    for knot in knots:
        rows[knot.layer].append(knot)
    return rows


def _beside(ways: Sequence[Sequence[_Knot]]) -> tuple[Mapping[int, list[_Knot]], ...]:
    """What each knot is tied to: in the layer above, and in the layer below."""
    over: dict[int, list[_Knot]] = defaultdict(list)
    under: dict[int, list[_Knot]] = defaultdict(list)
    for way in ways:
        for upper, lower in pairwise(way):
            over[id(lower)].append(upper)
            under[id(upper)].append(lower)
    return over, under


def _order(rows: Sequence[list[_Knot]], beside: tuple[Mapping[int, list[_Knot]], ...]) -> None:
    """Sort each layer by the middle of what its knots are tied to, down and up in turn."""
    places = {id(knot): place for row in rows for place, knot in enumerate(row)}
    for sweep in range(_SWEEPS):
        tied = beside[sweep % 2]
        for row in rows if sweep % 2 == 0 else reversed(rows):
            middle = {
                id(knot): _middle(
                    [places[id(each)] for each in tied.get(id(knot), ())], places[id(knot)]
                )
                for knot in row
            }
            row.sort(key=lambda knot: middle[id(knot)])
            places.update({id(knot): place for place, knot in enumerate(row)})


def _middle(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _straighten(rows: Sequence[list[_Knot]], beside: tuple[Mapping[int, list[_Knot]], ...]) -> None:
    """Move each knot towards what it is tied to, as far as its neighbours leave room."""
    over, under = beside
    for row in rows:
        _spread(row, [0.0] * len(row))
    for _ in range(_SWEEPS * 3):
        for row in rows:
            wished = [
                _middle(
                    [each.x for each in (*over.get(id(knot), ()), *under.get(id(knot), ()))], knot.x
                )
                for knot in row
            ]
            _spread(row, wished)


def _spread(row: Sequence[_Knot], wished: Sequence[float]) -> None:
    """Place the knots of a layer where they wish, as near as their widths allow: the middle between
    giving way to the right only, and to the left only.
    """
    if not row:
        return
    right, left = list(wished), list(wished)
    for place in range(1, len(row)):
        right[place] = max(right[place], right[place - 1] + _apart(row, place))
    for place in range(len(row) - 1, 0, -1):
        left[place - 1] = min(left[place - 1], left[place] - _apart(row, place))
    for knot, one, other in zip(row, right, left, strict=True):
        knot.x = (one + other) / 2


def _apart(row: Sequence[_Knot], place: int) -> float:
    return (row[place - 1].width + row[place].width) / 2 + _GAP


def _picture(
    rows: Sequence[Sequence[_Knot]], ways: Sequence[Sequence[_Knot]], things: set[int]
) -> Picture:
    left = min(knot.x - knot.width / 2 for row in rows for knot in row) - _GAP / 2
    right = max(knot.x + knot.width / 2 for row in rows for knot in row) + _GAP / 2
    tops, y = [], _GAP / 2
    for row in rows:
        height = max((knot.height for knot in row), default=0)
        tops.append(y + height / 2)
        y += height + _STEP / 2

    def placed(knot: _Knot) -> Placed:
        return Placed(
            knot.keys,
            round(knot.x - left),
            round(tops[knot.layer]),
            round(knot.width),
            round(knot.height),
        )

    everything = [knot for row in rows for knot in row]
    return Picture(
        width=round(right - left),
        height=round(y - _STEP / 2 + _GAP / 2),
        things=tuple(placed(knot) for knot in everything if id(knot) in things),
        names=tuple(placed(knot) for knot in everything if knot.keys and id(knot) not in things),
        paths=tuple(_path([placed(knot) for knot in way]) for way in ways),
    )


def _path(way: Sequence[Placed]) -> str:
    """A curve from the lower edge of the first to the upper edge of the last, through the middles
    of those between.
    """
    points = [(each.x, each.y) for each in way]
    points[0] = (way[0].x, way[0].y + way[0].height // 2)
    points[-1] = (way[-1].x, way[-1].y - way[-1].height // 2 - 5)
    path = f"M{points[0][0]} {points[0][1]}"
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = (y + to_y) // 2
        path += f"C{x} {bend} {to_x} {bend} {to_x} {to_y}"
    return path
