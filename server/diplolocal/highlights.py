"""Where a text has the words that were searched for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diplolocal.stems import folded, stems, words

_WORD = re.compile(r"[^\W_]+")
_LONG = 240
"""How many letters of a longer text are shown."""
_BEFORE = 60
"""How many of them stand before the first word that was searched for, about."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `is_sought`: it is a word that was searched for."""

    text: str
    is_sought: bool


def highlighted(text: str, asked: str, language: str = "") -> tuple[Piece, ...]:
    """The text, in pieces: the words that begin with one of those asked for, or are inflected from
    the same.
    """
    beginnings = tuple(folded(word) for word in words(asked))
    sought = frozenset(stem for word in words(asked) for stem in stems(word))
    return tuple(_pieces(text, beginnings, sought, language))


def excerpt(text: str, asked: str, language: str = "") -> tuple[Piece, ...]:
    """The same of a long text, as much as is read at a glance; nothing where none of the words are
    there.
    """
    found = highlighted(text, asked, language)
    first = next((place for place, piece in enumerate(found) if piece.is_sought), None)
    if first is None:
        return ()
    before = sum(len(piece.text) for piece in found[:first])
    if len(text) <= _LONG:
        return found
    begin = text.rfind(" ", 0, max(0, before - _BEFORE)) + 1
    end = text.rfind(" ", 0, begin + _LONG) if begin + _LONG < len(text) else len(text)
    cut = "".join(("… " if begin else "", text[begin:end], " …" if end < len(text) else ""))
    return highlighted(cut, asked, language)


def _pieces(
    text: str, beginnings: tuple[str, ...], sought: frozenset[str], language: str
) -> Iterator[Piece]:
    done = 0
    for found in _WORD.finditer(text):
        word = found[0].lower()
        if folded(word).startswith(beginnings) or stems(word, language) & sought:
            if found.start() > done:
                yield Piece(text[done : found.start()], is_sought=False)
            yield Piece(found[0], is_sought=True)
            done = found.end()
    if done < len(text):
        yield Piece(text[done:], is_sought=False)
