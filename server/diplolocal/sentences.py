"""What a thing is in a sentence: a pattern, filled with what the graph says of the thing.

`{dl:partOf}` in a pattern stands for what the thing has of that property, `{this}` for the thing
itself; what is within `[…]` is left out where one of its places stays empty. So a sentence never
says more than the graph.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from diplolocal.store import Term

THIS = "this"
MOST = 4
"""How many values of a property are named in a sentence; of more, the rest is counted."""

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{([\w:-]+)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: words, or things or values named one after the other, of which `more`
    are not named.
    """

    words: str = ""
    terms: tuple[Term, ...] = ()
    more: int = 0


def sentence(
    pattern: str, thing: str, values: Callable[[str], Sequence[Term]]
) -> tuple[Piece, ...]:
    """The sentence about a thing; `values` tells what it has of a property, given by its prefixed
    name. Empty where something that is not optional is missing.
    """

    def known(name: str) -> Sequence[Term]:
        return (NamedNode(thing),) if name == THIS else values(name)

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(known(name) for name in _PLACE.findall(part[1])) else ""

    text = re.sub(r"\s+", " ", _OPTIONAL.sub(kept, pattern)).strip()
    if not all(known(name) for name in _PLACE.findall(text)):
        return ()
    pieces = []
    for place, part in enumerate(_PLACE.split(text)):
        if place % 2:
            terms = tuple(known(part))
            pieces.append(Piece(terms=terms[:MOST], more=max(0, len(terms) - MOST)))
        elif part:
            pieces.append(Piece(words=part))
    return tuple(pieces)
