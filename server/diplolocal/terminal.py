"""What a person sees at the terminal: a progress bar, a table, a thing described."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from diplolocal import iris
from diplolocal.findings import Progress
from diplolocal.resources import ResourceDescription
from diplolocal.store import Term, plain
from diplolocal.wording import Language, Message, in_words, message, say


@contextmanager
def shown_progress(language: Language) -> Iterator[Progress]:
    """A bar on standard error, for people only, and only when it takes longer than a second."""
    console = Console(stderr=True)
    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task("", total=None)

    def show_step(step: Message, done: int, total: int) -> None:
        if time.monotonic() - begun > 1:
            bar.start()
        bar.update(task, description=say(step, language), completed=done, total=total)

    try:
        yield show_step
    finally:
        bar.stop()


def print_table(
    found: QuerySolutions | QueryBoolean, prefixes: Mapping[str, str], language: Language
) -> None:
    """Print an answer: yes or no, or a table whose cells are folded and never cut."""
    console = Console()
    if isinstance(found, QueryBoolean):
        console.print(say(message("yes") if found else message("no"), language))
        return
    names = [variable.value for variable in found.variables]
    table = Table(*names, caption_justify="left")
    count = 0
    for solution in found:
        table.add_row(
            *("" if solution[name] is None else _cell(solution[name], prefixes) for name in names)
        )
        count += 1
    for column in table.columns:
        column.overflow = "fold"
    table.caption = say(message("Rows: {count}", count=count), language)
    console.print(table, markup=False)


def _cell(term: Term | None, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        return iris.shorten(term.value, prefixes)
    return term.value if isinstance(term, Literal) else str(term)


def print_description(
    description: ResourceDescription, prefixes: Mapping[str, str], language: Language
) -> None:
    """Print all that is said of a thing, its parts indented, and how much points at it."""

    def called(iri: str) -> str:
        short, label = iris.shorten(iri, prefixes), description.names.get(iri, {}).get(language)
        return f"{label} ({short})" if label else short

    def value_of(term: Term) -> str:
        if isinstance(term, NamedNode):
            return called(term.value)
        if isinstance(term, Literal) and term.datatype.value.endswith("EDTF"):
            return in_words(term.value, language)
        return plain(term)

    echo = partial(Console().print, markup=False, highlight=False, soft_wrap=True)
    echo(called(description.iri))
    for part in (description, *description.parts):
        indent = "  " if part is description else "    "
        if part is not description:
            echo(f"  {called(part.iri)}")
        for statement in part.shown:
            language_tag = getattr(statement.value, "language", None)
            if language_tag in (None, "", language):
                echo(f"{indent}{called(statement.property)}: {value_of(statement.value)}")
    for mention in description.mentions:
        echo(f"  ← {called(mention.property)}: {mention.count}")
    echo("")
