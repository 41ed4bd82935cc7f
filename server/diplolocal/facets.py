"""Which things are found by which value: sets of numbers, as bits.

A thing's number is its place in the order of all, so the first things found are the lowest bits;
what is found by several values is one AND, and how many those are is one count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facets:
    """For each facet and each of its values the things found by it, as bits."""

    found: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, int]]) -> "Facets":
        """From facet, value and things."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for facet, value, things in rows:
            found[facet][value] = things
        return cls(dict(found))

    def by_any(self, facet: str, values: Iterable[str]) -> int:
        """What is found by one of the values at least; nothing by a value that nobody knows."""
        known, found = self.found.get(facet, {}), 0
        for value in values:
            found |= known.get(value, 0)
        return found

    def all_of(self, facet: str) -> int:
        """What has any value of the facet."""
        return self.by_any(facet, self.found.get(facet, {}))

    def counts(self, facet: str, things: int) -> dict[str, int]:
        """How many of the things are found by each value; values by which none is are left out."""
        return {
            value: count
            for value, found in self.found.get(facet, {}).items()
            if (count := (found & things).bit_count())
        }


def members(things: int) -> Iterator[int]:
    """The numbers in a set, the lowest first."""
    packed = things.to_bytes((things.bit_length() + 7) // 8, "little")
    for place, byte in enumerate(packed):
        if byte:
            for bit in range(8):
                if byte >> bit & 1:
                    yield place * 8 + bit


def bits(numbers: Iterable[int]) -> int:
    """A set of numbers as bits."""
    packed = bytearray()
    for number in sorted(numbers):
        packed.extend(bytes(max(0, number // 8 + 1 - len(packed))))
        packed[number // 8] |= 1 << number % 8
    return int.from_bytes(packed, "little")


def among(things: int, numbers: Iterable[int]) -> Iterator[int]:
    """Those of the numbers that are in a set, in their order."""
    packed = things.to_bytes((things.bit_length() + 7) // 8, "little")
    end = len(packed) * 8
    return (each for each in numbers if each < end and packed[each >> 3] >> (each & 7) & 1)
