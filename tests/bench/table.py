"""How the bench writes: a heading, and below it lines that come as soon as they are known."""

import sys
from collections.abc import Sequence


def heading(text: str) -> None:
    """A line above a table."""
    sys.stdout.write(f"\n{text}\n\n")
    sys.stdout.flush()


def row(what: str, values: Sequence[str]) -> None:
    """A line of a table with columns."""
    line(what, "".join(f"{value:>17}" for value in values))


def line(what: str, text: str) -> None:
    """A line of a table, at once: the next may take a minute."""
    sys.stdout.write(f"{what:<34} {text}\n")
    sys.stdout.flush()
