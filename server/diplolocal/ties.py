"""The drawing of a network: Mexican actors at the left, counterparts at the right, and between them
bands as wide as the actions are many that they have together.

Where each stands is found by the middle of those that it is tied to (Sugiyama, Tagawa and Toda
1981), so that few bands cross; the same ties make the same drawing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from diplolocal import iris
from diplolocal.counted import Row
from diplolocal.drawing import INK, LINKED, Specification, short
from diplolocal.network import Network
from diplolocal.wording import Language

MOST = 60
"""How many ties are drawn at most, the strongest: more could not be told apart."""

_SWEEPS = 24
_STEP, _WIDTH, _LETTERS = 20, 260, 80
_SERIES = 7
_OTHERS = "var(--series-8)"
_BENT = (0, 0.5, 0.5, 1)
"""Where a band is bent on its way from left to right: it leaves and arrives level."""

_Places = tuple[Mapping[str, float], Mapping[str, float]]
"""How far down each actor of either side stands."""


def ties(
    rows: Sequence[Row], nodes: Sequence[Row], network: Network, language: Language
) -> Specification:
    """The drawing of the strongest ties and their actors. `rows` are all ties, the strongest first;
    `nodes` what is said of each actor, whose links come after those of the rows.
    """
    drawn = rows[:MOST]
    sides = _ordered(drawn)
    height = max(map(len, sides), default=1) * _STEP
    places = _placed(sides, height)
    colours = _colours(drawn, network)
    actors = [
        {
            **_said(row, len(rows) + number),
            "side": side,
            "y": round(places[side][row.values[0]], 1),
            "name": short(row.labels[0], _LETTERS),
            "class": network.name(network.actors[row.values[0]].cls, language),
        }
        for number, row in enumerate(nodes)
        for side in (0, 1)
        if row.values[0] in places[side]
    ]
    classes = {network.name(cls, language): colour for cls, colour in colours.items()}
    return {
        "width": _WIDTH,
        "height": height,
        "encoding": {"y": _down(height), "x": _across("side")},
        "layer": [
            _bands(drawn, places, network, colours),
            _dots(actors, classes),
            *(_names(actors, side) for side in (0, 1)),
        ],
    }


def _said(row: Row, place: int) -> Mapping[str, object]:
    linked = {"href": iris.row(place)} if row.asked else {}
    return {"sentence": row.sentence, "count": row.count, **linked}


def _bands(
    rows: Sequence[Row], places: _Places, network: Network, colours: Mapping[str, str]
) -> Specification:
    values = [
        {
            "tie": number,
            "sentence": row.sentence,
            "count": row.count,
            "colour": colours[network.actors[row.values[1]].cls],
            "side": x,
            "y": round(places[step > 1][row.values[step > 1]], 1),
            "step": step,
        }
        for number, row in enumerate(rows)
        for step, x in enumerate(_BENT)
    ]
    most = max((row.count or 0 for row in rows), default=1)
    widths = {"domain": [1, max(most, 2)], "range": [1.5, min(1.5 * max(most, 2), 14)]}
    raw: Specification = {"type": "nominal", "scale": None}
    return {
        "data": {"values": values},
        "mark": {"type": "line", "interpolate": "basis", "opacity": 0.55},
        "encoding": {
            "detail": {"field": "tie", "type": "nominal"},
            "order": {"field": "step", "type": "quantitative"},
            "stroke": {"field": "colour", **raw},
            "strokeWidth": {
                "field": "count",
                "type": "quantitative",
                "scale": widths,
                "legend": None,
            },
            "description": LINKED["description"],
        },
    }


def _dots(actors: Sequence[Specification], classes: Mapping[str, str]) -> Specification:
    scale = {"domain": list(classes), "range": list(classes.values())}
    legend = {
        "orient": "top",
        "columns": 3,
        "labelLimit": 0,
        "symbolType": "circle",
        "symbolStrokeWidth": 0,
        "values": [name for name in classes if classes[name] != INK],
    }
    return {
        "data": {"values": actors},
        "mark": {"type": "circle", "size": 90, "opacity": 1, "aria": False},
        "encoding": {
            "color": {"field": "class", "type": "nominal", "scale": scale, "legend": legend},
        },
    }


def _names(actors: Sequence[Specification], side: int) -> Specification:
    return {
        "data": {"values": [each for each in actors if each["side"] == side]},
        "mark": {
            "type": "text",
            "align": ("right", "left")[side],
            "dx": (-12, 12)[side],
            "color": INK,
        },
        "encoding": {**LINKED, "text": {"field": "name", "type": "nominal"}},
    }


def _down(height: float) -> Specification:
    scale = {"domain": [0, height], "range": [0, height], "nice": False, "zero": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}


def _across(field: str) -> Specification:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}


def _ordered(rows: Sequence[Row]) -> tuple[Sequence[str], Sequence[str]]:
    """The actors of each side from top to bottom, so that few bands cross."""
    tied: dict[str, list[str]] = defaultdict(list)
    sides: tuple[list[str], list[str]] = ([], [])
    for row in rows:
        left, right = row.values
        for side, iri in zip(sides, row.values, strict=True):
            if iri not in side:
                side.append(iri)
        tied[left].append(right)
        tied[right].append(left)
    for sweep in range(_SWEEPS):
        moved, still = sides[sweep % 2], sides[1 - sweep % 2]
        at = {iri: (place + 0.5) / len(still) for place, iri in enumerate(still)}
        middle = {iri: fmean(at[each] for each in tied[iri]) for iri in moved}
        moved.sort(key=lambda iri: (middle[iri], iri))
    return sides


def _placed(sides: tuple[Sequence[str], Sequence[str]], height: float) -> _Places:
    left, right = (
        {iri: (place + 0.5) * height / len(side) for place, iri in enumerate(side)}
        for side in sides
    )
    return left, right


def _colours(rows: Sequence[Row], network: Network) -> Mapping[str, str]:
    """The colour of each class of counterparts, those with the most first; Mexican actors have that
    of the text.
    """
    left, right = (sorted({row.values[side] for row in rows}) for side in (0, 1))
    counted = Counter(network.actors[iri].cls for iri in right)
    ordered = sorted(counted, key=lambda cls: (-counted[cls], cls))
    return {
        **{network.actors[iri].cls: INK for iri in left},
        **{
            cls: f"var(--series-{place})" if place <= _SERIES else _OTHERS
            for place, cls in enumerate(ordered, 1)
        },
    }
