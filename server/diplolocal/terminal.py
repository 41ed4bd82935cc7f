"""What a person sees at the terminal: a progress bar, a table, a thing described, the status."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions
from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Column, Table

from diplolocal import iris
from diplolocal.changes import Changes
from diplolocal.findings import Progress
from diplolocal.resources import Names, ResourceDescription
from diplolocal.status import TARGETS, Status, by_name
from diplolocal.store import Term, plain
from diplolocal.wording import Language, Message, in_words, message, number, say

NAMED = 5
"""How many new and how many changed things of a class are named; JSON names them all."""


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


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the status is printed on: a console, the names of things and the language."""

    console: Console
    names: Names
    prefixes: Mapping[str, str]
    language: Language

    def called(self, iri: str) -> str:
        """The name of a thing, or else its short IRI."""
        return self.names.get(iri, {}).get(self.language) or iris.shorten(iri, self.prefixes)

    def line(self, text: Message | str, *, style: str | None = None) -> None:
        """A paragraph, folded and never cut."""
        self.console.print(self._said(text), style=style, overflow="fold")

    def heading(self, text: Message) -> None:
        """What the lines below are about."""
        self.line("")
        self.line(text, style="bold")

    def table(self, columns: Iterable[Message | str], rows: Iterable[Iterable[str | int]]) -> None:
        """A table, its cells folded and never cut, with counts on the right."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        cells = [list(row) for row in rows]
        written = [[self._said(column) for column in columns]]
        written += [[self._written(cell) for cell in row] for row in cells]
        heads = written[0]
        for index, width in enumerate(_widths(written, self.console.width - 3 * len(heads))):
            counts = all(isinstance(row[index], int) or not row[index] for row in cells)
            justify: JustifyMethod = "right" if counts else "left"
            table.add_column(heads[index], justify=justify, overflow="fold", width=width)
        for row in written[1:]:
            table.add_row(*row)
        self.console.print(table)

    def items(self, texts: Iterable[str]) -> None:
        """One item below the other."""
        grid = Table.grid(Column(), Column(overflow="fold"), padding=(0, 1))
        for text in texts:
            grid.add_row("-", text)
        self.console.print(grid)

    def _said(self, text: Message | str) -> str:
        return say(text, self.language) if isinstance(text, Message) else text

    def _written(self, cell: str | int) -> str:
        return number(cell, self.language) if isinstance(cell, int) else cell


def _widths(rows: list[list[str]], room: int) -> list[int | None]:
    """The widths at which the columns fit into the room without a word being broken; where there
    are none, Rich finds its own.
    """
    columns = list(zip(*rows, strict=True))
    whole = [max(map(len, cells)) for cells in columns]
    least = [
        max(len(word) for cell in cells for word in (cell.split() or [""])) for cells in columns
    ]
    if (spare := room - sum(least)) < 0:
        return [None for _ in columns]
    widths: list[int | None] = []
    for longest, word in zip(whole, least, strict=True):
        widths.append(min(longest, word + spare))
        spare -= min(longest, word + spare) - word
    return widths


def print_status(
    found: Status,
    changes: Changes,
    prefixes: Mapping[str, str],
    language: Language,
    *,
    version: str | None,
) -> None:
    """Print how much there is, what is missing, what is open, and what differs from the version
    before; in 80 columns and less.
    """
    console = Console(markup=False, highlight=False, emoji=False)
    paper = _Paper(console, found.names, prefixes, language)
    if version:
        paper.line(message("Version of the data: {version}", version=version))
    paper.heading(message("Things by class"))
    paper.table(
        (message("Class"), message("Things")),
        (
            (paper.called(each.iri), each.things)
            for each in by_name(found.classes, found.names, language)
        ),
    )
    _print_coverage(found, paper)
    _print_links(found, paper)
    _print_questions(found, paper)
    _print_changes(changes, _Paper(console, changes.names, prefixes, language))


def _print_coverage(found: Status, paper: _Paper) -> None:
    paper.heading(message("Actions by region"))
    paper.table(
        (
            "",
            message("Region"),
            message("Federal entities"),
            message("In bulletins"),
            message("Only in other sources"),
        ),
        (
            (place, paper.called(each.iri), each.entities, each.in_bulletins, each.elsewhere)
            for place, each in enumerate(found.regions, 1)
        ),
    )
    paper.heading(message("Actions by month and region"))
    paper.line(
        message(
            "The columns are the regions above, by their numbers. 0: the bulletin of the month, as"
            " we have it, reports none. A month that is not in the graph yet has no bulletin here;"
            " that does not mean that nothing happened."
        )
    )
    not_yet = say(message("not in the graph yet"), paper.language)
    paper.table(
        (
            message("Month"),
            *(str(place) for place in range(1, len(found.regions) + 1)),
            message("All"),
        ),
        (
            (
                month.month,
                *(
                    month.actions.get(region.iri, 0) if month.bulletin else ""
                    for region in found.regions
                ),
                month.total if month.bulletin else not_yet,
            )
            for month in found.months
        ),
    )
    paper.heading(message("Actions, twinnings, agreements and memberships by federal entity"))
    paper.table(
        (
            message("Federal entity"),
            message("In bulletins"),
            message("Only in other sources"),
            message("Twinnings"),
            message("Agreements"),
            message("Memberships"),
        ),
        (
            (
                paper.called(each.iri),
                each.in_bulletins,
                each.elsewhere,
                each.twinnings,
                each.agreements,
                each.memberships,
            )
            for each in by_name(found.entities, found.names, paper.language)
        ),
    )


def _print_links(found: Status, paper: _Paper) -> None:
    paper.heading(message("Links by method"))
    paper.table(
        (message("Target"), message("Property"), message("Method"), message("Links")),
        (
            (TARGETS.get(target, target), paper.called(prop), paper.called(method), links)
            for target, prop, method, links in found.methods
        ),
    )
    paper.heading(message("Links by class"))
    paper.table(
        (
            message("Class"),
            message("Things"),
            *(TARGETS.get(target, target) for target in found.targets),
            message("Without an item of Wikidata"),
        ),
        (
            (
                paper.called(each.iri),
                each.things,
                *(found.linked_to(target, each.iri) for target in found.targets),
                each.without_item,
            )
            for each in by_name(found.linked, found.names, paper.language)
        ),
    )


def _print_questions(found: Status, paper: _Paper) -> None:
    count = number(len(found.questions), paper.language)
    paper.heading(message("Open questions: {count}", count=count))
    for kind, questions in found.by_type:
        paper.line("")
        paper.line(f"{paper.called(kind)}: {number(len(questions), paper.language)}")
        paper.items(
            f"{question.label.get(paper.language, '')}"
            f" ({iris.shorten(question.iri, paper.prefixes)})"
            for question in questions
        )


def _print_changes(changes: Changes, paper: _Paper) -> None:
    paper.heading(message("Differences to the version before"))
    if changes.before is None:
        paper.line(
            message("There is no other build to compare with. Name one with --against FOLDER.")
        )
        return
    paper.line(message("Compared with the build {version}.", version=changes.before))
    if not changes.classes:
        paper.line(message("What is written by hand is the same."))
        return
    paper.table(
        (message("Class"), message("New"), message("Gone"), message("Changed")),
        (
            (paper.called(each.iri), len(each.new), len(each.gone), len(each.changed))
            for each in changes.classes
        ),
    )
    paper.line(
        message(
            "Of each class, {count} new and {count} changed things are named at most;"
            " `diplolocal status --format json` names them all.",
            count=NAMED,
        )
    )
    for each in changes.classes:
        for how, things in (
            (message("New"), each.new[:NAMED]),
            (message("Gone"), each.gone),
            (message("Changed"), each.changed[:NAMED]),
        ):
            if things:
                paper.line("")
                paper.line(f"{paper.called(each.iri)} – {say(how, paper.language)}:")
                paper.items(iris.shorten(thing, paper.prefixes) for thing in things)
