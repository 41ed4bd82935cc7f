"""What the program says to people, in Spanish and in English.

A sentence is written once, in English, as a `Message`; its Spanish stands in `locale/es.po`. Only
the doors (command line and web) turn a message into text, because only they know who is reading.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal


class Language(StrEnum):
    """A language that all we say exists in; the value is its BCP 47 tag."""

    ES = "es"
    EN = "en"


LANGUAGES = tuple(Language)

Said = Mapping[Language, str]
"""The same text in each language."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that has not yet been said in any language.

    `text` is the English sentence with `{name}` for each of the `values`; a value may be a message
    itself.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in EDTF among the values of a message; it is said in words."""

    edtf: str


def message(text: str, **values: object) -> Message:
    """A message; written as a call so that its text is found when translations are compared with
    the code.
    """
    return Message(text, values)


def said(texts: Mapping[str, str]) -> Said:
    """The texts by our languages; where one is missing, the text of another."""
    fallback = next(iter(texts.values()), "")
    return {language: texts.get(language, fallback) for language in LANGUAGES}


def say(sentence: Message, language: Language) -> str:
    """The sentence in the language, its values filled in."""
    text = speaker(language)(sentence.text)
    return text.format(**{name: _said(value, language) for name, value in sentence.values.items()})


def speaker(language: Language) -> Callable[[str], str]:
    """What turns an English sentence into the language: for templates, which hold their own
    sentences.
    """
    sentences = _sentences(language)
    return lambda text: sentences.get(text, text)


def negotiate(preferred: Sequence[str]) -> Language:
    """The first of the preferred languages (BCP 47 tags or locale names) that we speak; Spanish if
    there is none.

    A regional variant is matched to its language: `es-MX` is answered in `es`.
    """
    tags = [tag.split(".")[0].replace("_", "-") for tag in preferred]
    chosen = negotiate_locale(tags, [language.value for language in LANGUAGES], sep="-")
    return Language(chosen.lower()) if chosen else Language.ES


def number(count: float, language: Language) -> str:
    """The count as people write it: 2,478."""
    return format_decimal(count, locale=_locale(language))


def in_words(edtf: str, language: Language) -> str:
    """An EDTF date (ISO 8601-2, level 0 and the qualifiers of level 1) as people say it: `2021-01~`
    is about January 2021.
    """
    if "/" in edtf:
        begin, end = edtf.split("/", 1)
        return " – ".join(
            in_words(part, language) if part not in ("", "..") else "…" for part in (begin, end)
        )
    plain = edtf.rstrip("~?%")
    text = _date_in_words(plain, language)
    match edtf[len(plain) :]:
        case "~":
            return say(message("about {date}", date=text), language)
        case "?":
            return say(message("{date}, uncertain", date=text), language)
        case "%":
            return say(message("about {date}, uncertain", date=text), language)
    return text


def month_name(month: str, language: Language) -> str:
    """A month without its year, shortened, as an axis has it: `2021-09` is Sept."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLL", locale=_locale(language))


def _said(value: object, language: Language) -> object:
    if isinstance(value, Message):
        return say(value, language)
    return in_words(value.edtf, language) if isinstance(value, Dated) else value


def _date_in_words(plain: str, language: Language) -> str:
    """What is no date is left as it is written."""
    found = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", plain)
    try:
        day = date(*(int(part or 1) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        return plain
    if found[3]:
        return format_date(day, "long", locale=_locale(language))
    return format_skeleton("yMMMM", day, locale=_locale(language))


def _locale(language: Language) -> Locale:
    return Locale("es", "MX") if language is Language.ES else Locale("en", "GB")


@cache
def _sentences(language: Language) -> Mapping[str, str]:
    """The translations from English, read from the catalogue; empty for English itself."""
    if language is Language.EN:
        return {}
    with (files("diplolocal") / "locale" / f"{language}.po").open("rb") as catalogue:
        return {
            str(entry.id): str(entry.string)
            for entry in read_po(catalogue)
            if entry.id and entry.string
        }
