"""The competency questions, as the tests of the content ask them."""

from collections.abc import Mapping

from tests.conftest import REPOSITORY

from diplolocal import resources
from diplolocal.iris import shorten
from diplolocal.store import Store, plain, select

QUESTIONS = REPOSITORY / "ontology" / "questions"

Row = tuple[str | None, ...]


def text_of(name: str) -> str:
    """The question of a file."""
    return (QUESTIONS / f"{name}.rq").read_text(encoding="utf-8")


def rows(
    store: Store, text: str, columns: tuple[str, ...], *, prefixes: Mapping[str, str] | None = None
) -> list[Row]:
    """The rows of an answer: IRIs as prefixed names, literals as their text, None for nothing."""
    prefixes = prefixes or resources.prefixes(store)
    return [
        tuple(
            shorten(plain(row[column]), prefixes) if column in row else None for column in columns
        )
        for row in select(store, text)
    ]
