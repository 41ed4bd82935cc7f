"""A bulletin as plain text: for a terminal, and for whoever reads e-mail without pictures."""

from collections.abc import Iterator
from textwrap import wrap

from diplolocal import bulletin_words, iris
from diplolocal.bulletin import Action, Bulletin
from diplolocal.bulletin_figures import By
from diplolocal.bulletin_words import Link
from diplolocal.wording import in_words

WIDTH = 76
"""How many characters a line has at most, unless an address is longer (RFC 5322 §2.1.1: 78)."""


def written(bulletin: Bulletin, *, record: str, link: Link) -> str:
    """The text. `record` is how this record of the bulletin is cited, `link` says where things are
    read.
    """
    return "\n".join(_lines(bulletin, record, link)) + "\n"


def _lines(bulletin: Bulletin, record: str, link: Link) -> Iterator[str]:
    language = bulletin.language
    words = bulletin_words.words(language)
    yield from _wrapped(str(bulletin.title).upper())
    yield "=" * WIDTH
    yield from _wrapped(bulletin_words.credit(bulletin, language))
    if bulletin.remark:
        yield from _heading(words["remark"])
        yield from _wrapped(str(bulletin.remark))
    yield ""
    yield from _wrapped(bulletin_words.compared(bulletin.figures, language))
    if bulletin.note:
        yield from _wrapped(f"{words['read']} {bulletin.note}")
    if bulletin.highlights:
        yield from _heading(words["highlights"])
        for action in bulletin.highlights:
            yield from _wrapped(str(action.title), "* ")
    for section in bulletin.sections:
        yield from _heading(str(section.region or words["no-region"]).upper())
        if not section.actions:
            yield from _wrapped(words["none"])
        for place, action in enumerate(section.actions):
            if place:
                yield ""
            yield from _action(bulletin, action, link)
    yield from _heading(words["figures"])
    yield from _figures(bulletin)
    yield from _heading(words["about"])
    if bulletin.page:
        yield from (words["original"], bulletin.page, "")
    if bulletin.citation:
        yield from (*_wrapped(f"{words['cite']} {bulletin.citation}"), "")
    yield from (*_wrapped(f"{words['cite-record']} {record}"), "")
    yield from _wrapped(words["licence"])


def _action(bulletin: Bulletin, action: Action, link: Link) -> Iterator[str]:
    language = bulletin.language
    words = bulletin_words.words(language)
    yield from _wrapped(str(action.title))
    yield from _wrapped(
        " · ".join((in_words(action.date, language), *(str(each) for each in action.types)))
    )
    if action.description:
        yield from _wrapped(str(action.description))
    for name, text in bulletin_words.details(action, language):
        yield from _wrapped(f"{name}: {text}", "- ")
    if action.concluded:
        yield from _wrapped(f"{words['concluded']} {action.concluded}", "- ")
    yield link(action.iri)


def _figures(bulletin: Bulletin) -> Iterator[str]:
    language, figures = bulletin.language, bulletin.figures
    heads = bulletin_words.columns(figures, language)
    wide = [max(len(head), 5) + 2 for head in heads]
    name_width = WIDTH - sum(wide)
    for by in By:
        counts = figures.told(by)
        if not counts:
            continue
        yield bulletin_words.heading(by, language)
        yield " " * name_width + _row(heads, wide)
        for thing, count in counts.items():
            *lines, last = wrap(bulletin.names[thing], name_width - 1) or [iris.key_of(thing)]
            yield from lines
            cells = bulletin_words.cells(figures, count, language)
            yield last.ljust(name_width) + _row(cells, wide)
        yield ""
    yield from _wrapped(bulletin_words.words(language)["overlap"])
    for remark in bulletin_words.remarks(figures, language):
        yield from _wrapped(remark)


def _row(cells: tuple[str, ...], wide: list[int]) -> str:
    return "".join(cell.rjust(width) for cell, width in zip(cells, wide, strict=True))


def _heading(text: str) -> Iterator[str]:
    yield ""
    yield from _wrapped(text)
    yield "-" * min(len(text), WIDTH)


def _wrapped(text: str, mark: str = "") -> Iterator[str]:
    """The text in lines; an address stays in one piece."""
    yield from wrap(
        text,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
