"""Drawings of numbers in Vega-Lite (https://vega.github.io/vega-lite/): bars, months, matrices; and
the look that all of them have.

Colours stand in a drawing by the names that the style sheet gives them, and for the address of what
a number counts stands the row of the number: `charts.py` says what they are where it is shown.
"""

import json
from collections.abc import Mapping, Sequence

from diplolocal import iris, scale
from diplolocal.counted import Row
from diplolocal.wording import Language, message, month_name, say

Specification = Mapping[str, object]
"""A drawing, or a part of one, in Vega-Lite's JSON."""

FONT = "'Source Sans 3', 'Segoe UI', system-ui, sans-serif"
INK, SOFT, LINE, PAPER, TINT = (
    f"var(--{name})" for name in ("ink", "soft", "line", "paper", "tint")
)
LINKED: Specification = {
    "description": {"field": "sentence"},
    "href": {"condition": {"test": "isValid(datum.href)", "field": "href"}, "value": None},
}
"""What marks say, and where they lead."""

_BAR, _BAR_BELOW = "var(--map-4)", "var(--map-2)"
_BAR_STEP, _CELL = 24, 30
_BARS_WIDTH, _MONTHS_WIDTH, _MONTHS_HEIGHT = 330, 720, 200
_LETTERS = 38
"""How long a name is in a drawing; the whole one is in the table."""
_LABELLED = 24
"""Up to how many months each has its name below it."""
_DARK_FROM = 3
"""From which colour on a number in it is written in that of the paper."""
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def whole(drawing: Specification) -> Specification:
    """A drawing that stands by itself, with the look that all have."""
    return {"$schema": _SCHEMA, **drawing, "config": _LOOK, "padding": 4}


def data(rows: Sequence[Row]) -> list[dict[str, object]]:
    """What the mark of each row has: its number, what it says in words, and where it leads."""
    return [
        {
            "count": row.count,
            "sentence": row.sentence,
            **({"href": iris.row(place)} if row.asked else {}),
        }
        for place, row in enumerate(rows)
    ]


def short(name: str, letters: int = _LETTERS) -> str:
    """A name as far as there is room for it: Vega could cut it as well, but takes long."""
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"


def bars(rows: Sequence[Row]) -> Specification:
    """Bars one below the other, names at their left and numbers at their ends; what is narrower is
    set in, and paler.
    """
    names = ["\u2003" * row.depth + short(row.labels[0]) for row in rows]
    values = [
        {**datum, "place": place, "below": row.depth > 0}
        for place, (datum, row) in enumerate(zip(data(rows), rows, strict=True))
    ]
    axis = {
        "title": None,
        "labelExpr": f"{json.dumps(names, ensure_ascii=False)}[datum.value]",
        "labelLimit": 0,
    }
    most = max((row.count or 0 for row in rows), default=0)
    paler = {"condition": {"test": "datum.below", "value": _BAR_BELOW}, "value": _BAR}
    return {
        "width": _BARS_WIDTH,
        "height": {"step": _BAR_STEP},
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "place",
                "type": "ordinal",
                "scale": {"paddingInner": 0.3},
                "axis": axis,
            },
            "x": _length("count", most),
        },
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {**LINKED, "color": paler}},
            _numbers(align="left", dx=6),
        ],
    }


def months(rows: Sequence[Row], language: Language) -> Specification:
    """Bars from left to right; a month that is not in the graph yet is a pale column that says
    so.
    """
    most = max((row.count or 0 for row in rows), default=0)
    values = [
        {**datum, "month": row.values[0], "most": max(most, 1)}
        for datum, row in zip(data(rows), rows, strict=True)
    ]
    counted = [{"filter": "isValid(datum.count)"}]
    absent = [{"filter": "!isValid(datum.count)"}]
    height, not_yet = _length("count", most), say(message("not in the graph yet"), language)
    pale = {"type": "bar", "color": TINT, "stroke": LINE, "strokeDash": [3, 3]}
    upright = {"type": "text", "angle": 270, "align": "left", "aria": False, "color": SOFT}
    return {
        "width": _MONTHS_WIDTH,
        "height": _MONTHS_HEIGHT,
        "data": {"values": values},
        "encoding": {"x": _months_axis(rows, language)},
        "layer": [
            {
                "transform": absent,
                "mark": pale,
                "encoding": {"y": _length("most", most), "description": LINKED["description"]},
            },
            {
                "transform": absent,
                "mark": upright,
                "encoding": {"y": {"value": _MONTHS_HEIGHT - 8}, "text": {"value": not_yet}},
            },
            {
                "transform": counted,
                "mark": {"type": "bar", "cornerRadiusEnd": 2, "color": _BAR},
                "encoding": {"y": height, **LINKED},
            },
            {"transform": counted, "encoding": {"y": height}, "layer": [_numbers(dy=-9)]},
        ],
    }


def matrix(rows: Sequence[Row]) -> Specification:
    """A field for each pair, darker where there is more, with the number in it."""
    begins = scale.starts(row.count or 0 for row in rows)
    tints = scale.places(begins)
    values = []
    for datum, row in zip(data(rows), rows, strict=True):
        tint = tints[scale.class_of(row.count or 0, begins)]
        values.append(
            {
                **datum,
                "row": short(row.labels[0]),
                "column": short(row.labels[1], 28),
                "fill": scale.colour(tint),
                "ink": PAPER if tint >= _DARK_FROM else INK,
            }
        )
    down = {"title": None, "labelLimit": 0}
    across = {**down, "orient": "top", "labelAngle": -50, "labelAlign": "left"}
    return {
        "width": {"step": _CELL},
        "height": {"step": _CELL - 4},
        "data": {"values": values},
        "encoding": {
            "y": {"field": "row", "type": "nominal", "sort": _sides(rows, 0), "axis": down},
            "x": {"field": "column", "type": "nominal", "sort": _sides(rows, 1), "axis": across},
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 2},
                "encoding": {**LINKED, "fill": {"field": "fill", "type": "nominal", "scale": None}},
            },
            _numbers(ink={"field": "ink", "type": "nominal", "scale": None}),
        ],
    }


def _length(field: str, most: int) -> Specification:
    """How long bars are; a number at the end of the longest has room as well."""
    domain = [0, max(most, 1) * 1.06]
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": domain, "nice": False},
    }


def _numbers(ink: Specification | None = None, **mark: object) -> Specification:
    """The numbers in or beside their marks."""
    text = {"field": "count", "type": "quantitative"}
    return {
        "mark": {"type": "text", "aria": False, "color": INK, **mark},
        "encoding": {"text": text, **({"color": ink} if ink else {})},
    }


def _months_axis(rows: Sequence[Row], language: Language) -> Specification:
    """The months, each with its name where there is room, and below that the year where it begins;
    else the years.
    """
    months = [row.values[0] for row in rows]
    begin = [month for month in months if month.endswith("-01") or month == months[0]]
    few = len(months) <= _LABELLED
    names = {
        month: [
            *([month_name(month, language)] if few else []),
            *([month[:4]] if month in begin else []),
        ]
        for month in (months if few else begin)
    }
    axis = {
        "title": None,
        "values": list(names),
        "labelExpr": f"{json.dumps(names, ensure_ascii=False)}[datum.value]",
        "labelAngle": 0,
        "labelLineHeight": 16,
    }
    padding = {"paddingInner": 0.15, "paddingOuter": 0.1}
    return {"field": "month", "type": "ordinal", "sort": months, "scale": padding, "axis": axis}


def _sides(rows: Sequence[Row], side: int) -> list[str]:
    """The names at one side of a matrix, those with the most first."""
    sums: dict[str, int] = {}
    for row in rows:
        name = short(row.labels[side], (_LETTERS, 28)[side])
        sums[name] = sums.get(name, 0) + (row.count or 0)
    return sorted(sums, key=lambda name: (-sums[name], name.casefold()))


_LOOK: Specification = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 13,
        "labelPadding": 8,
        "domain": False,
        "ticks": False,
        "grid": False,
    },
    "title": {
        "color": INK,
        "fontSize": 17,
        "anchor": "start",
        "offset": 16,
        "subtitleColor": SOFT,
        "subtitleFontSize": 13,
        "subtitlePadding": 6,
        "frame": "bounds",
    },
    "text": {"fontSize": 13, "baseline": "middle"},
    "legend": {
        "title": None,
        "labelColor": INK,
        "labelFontSize": 13,
        "symbolType": "square",
        "symbolSize": 220,
        "symbolStrokeColor": LINE,
        "symbolStrokeWidth": 1,
        "columnPadding": 18,
    },
}
