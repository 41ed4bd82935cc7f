"""A bulletin as a PDF, to print, to send and to have read aloud: tagged (PDF/UA-1), in one
language, the same bytes each time.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import typst

from diplolocal import bulletin_words, charts, iris
from diplolocal.bulletin import Action, Bulletin, Section, Told
from diplolocal.bulletin_figures import By
from diplolocal.pictures import Picture
from diplolocal.resources import primary_of
from diplolocal.wording import Language, in_words, message, say

Tree = str | int | None | Sequence["Tree"] | Mapping[str, "Tree"]
"""What the template is given, as JSON."""

_PROBE = (
    b'#set document(title: "-")\n#set text(font: "Libertinus Serif")\n'
    b"#json(bytes(sys.inputs.bulletin))"
)
"""A document of nothing but its data."""

_REGIONS = {Language.ES: "mx", Language.EN: "gb"}
"""Whose hyphens and quotation marks a language has."""


def written(bulletin: Bulletin, *, record: str, picture: Picture) -> bytes:
    """The PDF. `record` is how this record of the bulletin is cited, `picture` stands on the first
    page.
    """
    tree = _tree(bulletin, record, picture)
    template = (files("diplolocal") / "typst" / "bulletin.typ").read_bytes()
    try:
        return _set(template, tree)
    except typst.TypstError:
        # PDF/UA allows no empty boxes: what none of the fonts has, a name in Chinese letters, is
        # told by its number in Unicode.
        return _set(template, _legible(tree))


def _set(template: bytes, tree: Tree) -> bytes:
    """A template set with this data. Raises TypstError where a font lacks something."""
    done = typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"bulletin": json.dumps(tree, ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    assert isinstance(done, bytes)
    return done


def _legible(tree: Tree) -> Tree:
    """The data without what no font has."""
    if isinstance(tree, str):
        return "".join(each if _is_shown(each) else f"[U+{ord(each):04X}]" for each in tree)
    if isinstance(tree, Mapping):
        return {name: _legible(each) for name, each in tree.items()}
    return [_legible(each) for each in tree] if isinstance(tree, Sequence) else tree


@cache
def _is_shown(character: str) -> bool:
    """Whether a font has the character."""
    if character.isascii() and (character.isprintable() or character.isspace()):
        return True
    try:
        _set(_PROBE, character)
    except typst.TypstError:
        return False
    return True


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with typst: those of a machine would make other pages on each."""
    return typst.Fonts(include_system_fonts=False)


def _tree(bulletin: Bulletin, record: str, picture: Picture) -> Mapping[str, Tree]:
    language = bulletin.language
    month = in_words(bulletin.month, language)
    return {
        "language": language.value,
        "region": _REGIONS[language],
        "title": str(bulletin.title),
        "month": month,
        "authors": [str(each) for each in bulletin.authors],
        "keywords": _keywords(bulletin),
        "description": bulletin_words.compared(bulletin.figures, language),
        "running": str(bulletin.title),
        "paging": say(message("Page {page} of {pages}", page="{page}", pages="{pages}"), language),
        "credit": bulletin_words.credit(bulletin, language),
        "words": bulletin_words.words(language),
        "remark": _told(bulletin.remark),
        "note": _told(bulletin.note),
        "compared": bulletin_words.compared(bulletin.figures, language),
        "map": None if picture.is_empty else _picture(picture),
        "highlights": [
            {
                "key": _key(action),
                "title": _told(action.title),
                "region": _told(section.region.name) if section.region else None,
            }
            for section in bulletin.sections
            for action in section.actions
            if action.is_highlight
        ],
        "sections": [_section(section, language) for section in bulletin.sections],
        "numbers": list(bulletin_words.numbers(bulletin.figures, language)),
        "figures": [_table(bulletin, by) for by in By],
        "remarks": bulletin_words.remarks(bulletin.figures, language),
        "citation": _told(bulletin.citation),
        "page-address": bulletin.page,
        "record": record,
    }


def _picture(picture: Picture) -> Tree:
    """The picture, and for whoever does not see it what it shows."""
    credit = say(message("Map: {credit}", credit=picture.credit), picture.language)
    rows = [row.sentence for row in picture.rows if row.count]
    return {
        "svg": charts.svg(picture, charts.PAPER),
        "title": ". ".join(filter(None, (picture.title, credit))),
        "alt": f"{picture.description} {'; '.join(rows)}",
    }


def _section(section: Section, language: Language) -> Tree:
    name = section.region.name if section.region else None
    return {
        "name": _told(name or Told(bulletin_words.words(language)["no-region"])),
        "actions": [_action(action, language) for action in section.actions],
    }


def _action(action: Action, language: Language) -> Tree:
    kinds = ", ".join(str(kind) for kind in action.types)
    return {
        "key": _key(action),
        "iri": action.iri,
        "short": bulletin_words.short(action.iri),
        "title": _told(action.title),
        "kicker": " · ".join(filter(None, (in_words(action.date, language), kinds))),
        "description": _told(action.description),
        "details": list(bulletin_words.details(action, language)),
        "concluded": _told(action.concluded),
    }


def _table(bulletin: Bulletin, by: By) -> Tree:
    language, figures = bulletin.language, bulletin.figures
    return {
        "heading": bulletin_words.heading(by, language),
        "head": bulletin_words.thing(by, language),
        "none": say(message("None in these months."), language),
        "columns": bulletin_words.columns(figures, language),
        "rows": [
            {
                "name": bulletin.names[thing],
                "count": count.here,
                "cells": bulletin_words.cells(figures, count, language),
            }
            for thing, count in figures.told(by).items()
        ],
    }


def _keywords(bulletin: Bulletin) -> Sequence[str]:
    """The themes of the month, by which a library finds it."""
    themes = {str(theme) for action in bulletin.actions for theme in action.themes}
    return sorted(themes, key=str.casefold)


def _told(told: Told | None) -> Tree:
    if told is None:
        return None
    # The typesetter knows languages without regions, by two letters or three.
    tongue = primary_of(told.tongue)
    return {"text": told.text, "tongue": tongue if len(tongue) in (2, 3) else None}


def _key(action: Action) -> str:
    """What an action is called within the document."""
    return f"action-{iris.key_of(action.iri)}"
