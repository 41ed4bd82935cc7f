"""What pictures stand on, whatever they count: places with their boundaries, regions, concepts, the
months, and what all of these are called.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from diplolocal import network, status
from diplolocal.network import Network
from diplolocal.resources import Names, names_of
from diplolocal.store import Store, load_query, plain, select
from diplolocal.wording import Language

Ring = tuple[tuple[float, float], ...]
"""A closed line of longitudes and latitudes."""

_GRID = 0.02
"""The step, in degrees, that boundaries are drawn to: less than a pixel of the largest map."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What pictures stand on.

    `things` has those that each facet may have as value (`state`, `country`, `region`, `theme`,
    `actionType`), `broader` the concept above each one, `codes` the code of each country (ISO
    3166-1 alpha-2), `boundaries` the polygons of each federal entity, each its rings. `months` are
    all from the first bulletin to the newest, and whether they have one. `network` is who acts
    with whom.
    """

    things: Mapping[str, tuple[str, ...]]
    broader: Mapping[str, str]
    codes: Mapping[str, str]
    boundaries: Mapping[str, tuple[tuple[Ring, ...], ...]]
    months: Mapping[str, bool]
    names: Names
    network: Network

    def name(self, iri: str, language: Language) -> str:
        """What something is called: in the language, or else in the other, or else its IRI."""
        said = self.names.get(iri, {})
        return said.get(language) or next(iter(said.values()), iri)


def read(store: Store) -> Backdrop:
    """What pictures over a store stand on."""
    things: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select(store, load_query("backdrop")):
        detail = plain(row["detail"]) if "detail" in row else ""
        things[plain(row["facet"])][plain(row["thing"])] = detail
    boundaries = {iri: _polygons(wkt) for iri, wkt in things["state"].items() if wkt}
    broader = {
        iri: above
        for facet in ("theme", "actionType")
        for iri, above in things[facet].items()
        if above
    }
    return Backdrop(
        things={facet: tuple(found) for facet, found in things.items()},
        broader=broader,
        codes={iri: code for iri, code in things["country"].items() if code},
        boundaries=boundaries,
        months={each.month: each.bulletin is not None for each in status.months(store)},
        names=names_of(store, [iri for found in things.values() for iri in found]),
        network=network.read(store),
    )


def _polygons(wkt: str) -> tuple[tuple[Ring, ...], ...]:
    """The polygons of a boundary in WKT (OGC 06-103r4 §7): its rings, outer ones clockwise, as they
    are drawn on a sphere; the others the other way round.
    """
    polygons = re.findall(r"\((\([^()]*\)(?:\s*,\s*\([^()]*\))*)\)", wkt)
    return tuple(
        tuple(
            _turned(ring, clockwise=place == 0)
            for place, text in enumerate(re.findall(r"\(([^()]*)\)", polygon))
            if len(ring := _ring(text)) > 3
        )
        for polygon in polygons
    )


def _ring(text: str) -> Ring:
    """The points of a ring on the grid: neighbours meet, because both have the same points."""
    points: list[tuple[float, float]] = []
    for pair in text.split(","):
        longitude, latitude = (
            round(round(float(each) / _GRID) * _GRID, 2) for each in pair.split()
        )
        if (longitude, latitude) != (points[-1] if points else None):
            points.append((longitude, latitude))
    return tuple(points)


def _turned(ring: Ring, *, clockwise: bool) -> Ring:
    doubled = sum((x1 - x0) * (y1 + y0) for (x0, y0), (x1, y1) in pairwise(ring))
    return ring if (doubled > 0) is clockwise else ring[::-1]
