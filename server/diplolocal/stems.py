"""Words as they are searched for: without accents and capitals, and by what they are inflected
from, in Spanish and in English.
"""

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

from diplolocal.wording import LANGUAGES, Language

_WORD = re.compile(r"[^\W_]+")
_ALGORITHMS = {Language.ES: "spanish", Language.EN: "english"}
_BARRED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters whose stroke is no accent to Unicode."""
_KEPT = 50_000
"""How many words are remembered; a language has some more."""


def folded(text: str) -> str:
    """The text without accents and capitals."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_BARRED)


def words(text: str) -> list[str]:
    """The words of a text, as they stand in it, in lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", text.lower()))


@lru_cache(_KEPT)
def stems(word: str, language: str = "") -> frozenset[str]:
    """What a word in lower case may be inflected from, without accents: in a language that we
    speak, or else in any of them.

    Snowball makes ciudades to ciudad, but ciudad to ciud: so the word itself is among them. To ask
    again for the stem of a stem would make hermanamiento and Hermosillo the same. Whoever searches
    may leave the accents out, so the word without them is asked as well.
    """
    spoken = [each for each in LANGUAGES if each == language] or LANGUAGES
    forms = (word, folded(word))
    stemmed = (_stemmer(each).stemWord(form) for each in spoken for form in forms)
    return frozenset(map(folded, (word, *stemmed)))


@cache
def _stemmer(language: Language) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_ALGORITHMS[language])
