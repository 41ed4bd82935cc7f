"""The nearest of what a thing is related to, in groups, and where they stand in a picture: the
thing at the left, a bar for each group at the right, and what is in the group beside it.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from diplolocal import iris
from diplolocal.portrait import Held
from diplolocal.resources import PARTS, ResourceDescription
from diplolocal.wording import Said

EACH, GROUPS = 3, 7
"""How many neighbours of a group are shown, and how many groups."""
_ACTION = "action"
_FEW = 3
"""Of fewer groups than these, what points at the thing is shown as well."""
_APART = (*PARTS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

_WIDTH, _BOX, _BAR = 720, 190, 250
_ROW, _CAPTION, _GAP, _LINE = 24, 22, 14, 19
_LETTERS = 20
"""How many letters of the name of the thing fit beside each other."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that a thing is related to, by how many actions where they are counted."""

    iri: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What a thing is related to in one way, of which only the nearest are shown: a section has a
    title, a property is named by its label; `incoming` where it points at the thing.
    """

    title: Said | None
    property: str | None
    total: int
    shown: tuple[Neighbour, ...]
    incoming: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A group in the picture: where its bar begins and ends, and the way to it (SVG 2 §9.3)."""

    group: Group
    top: int
    bottom: int
    way: str

    @property
    def rows(self) -> tuple[tuple[Neighbour, int], ...]:
        """The neighbours, each with the line that it stands on."""
        first = self.top + _CAPTION + _ROW - 8
        return tuple((each, first + place * _ROW) for place, each in enumerate(self.group.shown))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The picture: the lines of the name of the thing, each with its place, and the groups; `total`
    is how much the thing is related to, in the groups that are not shown as well.
    """

    height: int
    lines: tuple[tuple[str, int], ...]
    groups: tuple[Placed, ...]
    total: int
    width: int = _WIDTH
    box: int = _BOX
    bar: int = _BAR

    @property
    def middle(self) -> int:
        """The line in the middle."""
        return self.height // 2

    @property
    def box_height(self) -> int:
        """How high the box of the thing is."""
        return _LINE * len(self.lines) + 24

    @property
    def shown(self) -> int:
        """How much of that is shown."""
        return sum(len(placed.group.shown) for placed in self.groups)


def groups(description: ResourceDescription, held: Iterable[Held]) -> tuple[Group, ...]:
    """The groups around a thing, the most telling first: those that its sections count, what it
    points at (things before concepts), what else its sections hold (ties before actions), and,
    where that is little, what points at it. Something may be in several.
    """
    sections = [_group(each) for each in held if each.section.of_class]
    ties = [each for each in held if not each.section.of_class]
    ties.sort(key=lambda each: iris.kind_of(each.members[0].iri) == _ACTION)
    pointed = _pointed(description)
    pointed.sort(key=lambda group: iris.is_vocabulary(group.shown[0].iri))
    found = [*sections, *pointed, *map(_group, ties)]
    if len(found) < _FEW:
        seen = {near.iri for group in found for near in group.shown}
        found += [
            Group(None, each.property, each.count, _few(each.subjects), incoming=True)
            for each in description.mentions
            if not seen.intersection(each.subjects)
        ]
    return tuple(found)


def picture(name: str, around: Sequence[Group]) -> Surroundings | None:
    """Where the first of the groups around a thing of that name stand; None where there are
    none.
    """
    if not around:
        return None
    total, around = sum(group.total for group in around), around[:GROUPS]
    heights = [_CAPTION + _ROW * len(group.shown) for group in around]
    lines = textwrap.wrap(name, _LETTERS, max_lines=5, placeholder=" …") or [name]
    height = max(sum(heights) + _GAP * (len(around) - 1), _LINE * len(lines) + 24) + 2 * _GAP
    top = (height - sum(heights) - _GAP * (len(around) - 1)) // 2
    placed, middle = [], height // 2
    for group, tall in zip(around, heights, strict=True):
        aim, bend = top + tall // 2, (_BOX + _BAR) // 2
        way = f"M{_BOX} {middle}C{bend} {middle} {bend} {aim} {_BAR} {aim}"
        placed.append(Placed(group, top, top + tall, way))
        top += tall + _GAP
    first = middle - _LINE * (len(lines) - 1) // 2 + 5
    said = tuple((line, first + place * _LINE) for place, line in enumerate(lines))
    return Surroundings(height, said, tuple(placed), total)


def _group(held: Held) -> Group:
    few = tuple(Neighbour(each.iri, each.count) for each in held.members[:EACH])
    return Group(held.section.title, None, held.total, few)


def _pointed(description: ResourceDescription) -> list[Group]:
    """What the thing points at, by property."""
    found: dict[str, list[str]] = {}
    for each in description.shown:
        value = each.value.value if isinstance(each.value, NamedNode) else ""
        ours = iris.is_thing(value) or iris.is_vocabulary(value)
        if ours and each.property not in _APART:
            found.setdefault(each.property, []).append(value)
    return [Group(None, prop, len(things), _few(things)) for prop, things in found.items()]


def _few(things: Sequence[str]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(each) for each in things[:EACH])
