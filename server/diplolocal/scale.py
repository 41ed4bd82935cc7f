"""From numbers to a few colours: a handful of classes, told apart by how dark they are."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from diplolocal.wording import Language, message, number, say

CLASSES = 5
"""How many colours there are besides that of nought."""

_STARTS = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
_SPREAD = ((), (4,), (2, 4), (1, 3, 5), (1, 2, 4, 5), (1, 2, 3, 4, 5))
"""Which colours so many classes have: as far from each other as can be."""


def starts(counts: Iterable[int]) -> tuple[int, ...]:
    """Where the classes of some numbers begin: each has a class of its own where they are few and
    small, else at 1 and then at round numbers.
    """
    most = max(counts, default=0)
    if most <= CLASSES:
        return tuple(range(1, most + 1))
    reached = [start for start in _STARTS if start <= most]
    return tuple(reached if len(reached) <= CLASSES else [1, *reached[1 - CLASSES :]])


def class_of(count: int, begins: Sequence[int]) -> int:
    """The class of a number: 0 for nought."""
    return bisect_right(begins, count)


def words(begins: Sequence[int], most: int, language: Language) -> tuple[str, ...]:
    """The classes in words, from that of nought on: `0`, `1`, `2–4`, `5–9`, `10 or more`."""
    ends = [*(start - 1 for start in begins[1:]), most]
    return ("0", *(_range(*each, most, language) for each in zip(begins, ends, strict=False)))


def places(begins: Sequence[int]) -> tuple[int, ...]:
    """The colours of the classes, by their places in the scale: 0 is that of nought."""
    return (0, *_SPREAD[len(begins)])


def colour(place: int) -> str:
    """The name of a colour in the style sheet."""
    return f"var(--map-{place})"


def _range(first: int, last: int, most: int, language: Language) -> str:
    written = number(first, language)
    if first == last:
        return written
    if last == most:
        return say(message("{count} or more", count=written), language)
    return f"{written}–{number(last, language)}"
