"""The command line: arguments in, text and exit code out.

Exit codes: 0 fine · 1 the data do not conform, or are not in our style · 2 something cannot be
read or written · 3 a question got no answer.
"""

import io
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryResultsFormat, parse_query_results

from diplolocal import (
    __version__,
    errors,
    formats,
    iris,
    kept,
    not_found,
    reports,
    resources,
    settings,
    status,
    status_json,
    store_errors,
    turtle,
    validation,
)
from diplolocal.changes import Changes, compare
from diplolocal.dataset import Dataset, Kind, find, turtle_files
from diplolocal.dataset import read as statements
from diplolocal.embedded import EmbeddedStore
from diplolocal.issuing import Form, issued
from diplolocal.opening import (
    dumped,
    earlier,
    history_of,
    indexed,
    made_build,
    opened,
    parts_of,
    published,
    released,
    root_of,
)
from diplolocal.options import (
    AnswerFormat,
    EndpointOption,
    IntoOption,
    LanguageOption,
    ReportFormat,
    RootOption,
    StatusFormat,
    asked_language,
    language_of,
    translate,
)
from diplolocal.releasing import Plan
from diplolocal.shacl import Engine
from diplolocal.store import Query, Wanted
from diplolocal.terminal import print_description, print_status, print_table, shown_progress
from diplolocal.wording import Language, in_words, message, say, speaker

EXIT: Mapping[type[errors.DiploLocalError], int] = {
    errors.NotConforming: 1,
    errors.NotStyled: 1,
    store_errors.StoreError: 3,
    errors.DiploLocalError: 2,
}
"""The exit code of each error; an error that is not listed has its parent's."""

app = typer.Typer(
    name="diplolocal",
    help="The linked-data knowledge graph of Mexican local diplomacy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line: what a person can act on is said in a sentence, with an exit code."""
    language = asked_language(sys.argv) or language_of(None)
    command = typer.main.get_command(app)
    translate(command, speaker(language))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        command()
    except OSError as error:
        sentence = message("What was asked for cannot be written: {reason}", reason=error.strerror)
        typer.echo(say(sentence, language), err=True)
        sys.exit(2)
    except errors.DiploLocalError as error:
        _say_error(error, language)
        sys.exit(next(EXIT[cls] for cls in type(error).__mro__ if cls in EXIT))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
) -> None:
    if version:
        typer.echo(f"diplolocal {__version__}")
        raise typer.Exit


@app.command()
def validate(
    root: RootOption = None,
    fmt: Annotated[
        ReportFormat, typer.Option("--format", help="How the report is written.")
    ] = ReportFormat.TEXT,
    engine: Annotated[
        Engine,
        typer.Option("--engine", help="What applies the shapes: the quick one, or the reference."),
    ] = Engine.RUDOF,
    lang: LanguageOption = None,
) -> None:
    """Check the data against the shapes and the checks."""
    language = language_of(lang)
    read = settings.read(root=root)
    dataset, kept_in = find(root_of(read)), read.builds / kept.FOLDER
    with shown_progress(language) as progress:
        report = validation.validate(dataset, kept_in=kept_in, engine=engine, progress=progress)
    if fmt is ReportFormat.JSON:
        typer.echo(reports.as_json(report, language))
    elif fmt is ReportFormat.TURTLE:
        typer.echo(reports.as_turtle(report, prefixes=_prefixes(dataset)))
    else:
        prefixes, file = _prefixes(dataset), read.builds / "report.txt"
        whole = reports.write_whole(report, file, language, prefixes=prefixes)
        typer.echo(reports.as_text(report, language, prefixes=prefixes, all_in=whole))
    if not report.conforms:
        raise typer.Exit(1)


@app.command(name="format")
def format_command(
    named: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Turtle files; if none, all.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only name what would change.")] = False,
    root: RootOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write Turtle files in the style of the house."""
    top = root_of(settings.read(root=root))
    turtle.format_files(named or turtle_files(top), turtle.house(top), check, typer.echo)


@app.command(name="build")
def build_command(
    root: RootOption = None, into: IntoOption = None, lang: LanguageOption = None
) -> None:
    """Make the build: what a server serves."""
    read = settings.read(root=root, builds=into)
    made = made_build(find(root_of(read)), read, language_of(lang))
    dumped(made, language_of(lang))
    indexed(made, language_of(lang))
    typer.echo(made.folder)


@app.command()
def serve(
    root: RootOption = None,
    into: IntoOption = None,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help="Port to listen on; 0: any free one.",
            show_default="8000",
        ),
    ] = None,
    endpoint: EndpointOption = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the site in the browser.")
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Serve the site, making the build first where it is missing or older than its files."""
    from diplolocal.web import server

    language = language_of(lang)
    read = settings.read(root=root, builds=into, host=host, port=port, endpoint=endpoint)
    listening = server.listen(read.host, read.port)
    address, actual = listening.getsockname()[:2]
    url = f"http://[{address}]:{actual}" if ":" in address else f"http://{address}:{actual}"
    store, made = opened(read, language)
    history = history_of(made, language) if made else None
    if made:
        dumped(made, language)
    parts = parts_of(read, store, made, history=history, address=url)

    def started() -> None:
        typer.echo(say(message("The site is at {url}/ (Ctrl+C ends it)", url=url), language))
        if open_browser:
            webbrowser.open(f"{url}/")

    try:
        server.run(parts, listening, started=started)
    finally:
        parts.public.close()
        parts.search.close()
        store.close()


@app.command(name="bulletin")
def bulletin_command(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Of which month: 2021-09.")],
    pdf: Annotated[bool, typer.Option("--pdf", help="As a PDF.")] = False,
    html: Annotated[bool, typer.Option("--html", help="As the HTML of an e-mail.")] = False,
    text: Annotated[bool, typer.Option("--text", help="As plain text.")] = False,
    mail: Annotated[bool, typer.Option("--mail", help="As an e-mail to open and send.")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, or - for standard output; if none, diplolocal-MONTH-LANG.pdf …",
            show_default=False,
        ),
    ] = None,
    root: RootOption = None,
    into: IntoOption = None,
    endpoint: EndpointOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write the bulletin of a month; as text to the terminal, unless told otherwise."""
    language = language_of(lang)
    wanted = {Form.PDF: pdf, Form.HTML: html, Form.TEXT: text, Form.MAIL: mail}
    forms = tuple(form for form, is_wanted in wanted.items() if is_wanted)
    if len(forms) > 1 and output:
        sentence = message("One file cannot be several things: leave --output out, or ask for one.")
        raise typer.BadParameter(say(sentence, language))
    read = settings.read(root=root, builds=into, endpoint=endpoint)
    for each in issued(read, month, forms or (Form.TEXT,), language):
        if output == "-" or not (forms or output):
            sys.stdout.buffer.write(each.body)
            sys.stdout.buffer.flush()
        else:
            path = Path(output or each.name)
            path.write_bytes(each.body)
            typer.echo(path)


@app.command()
def release(
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="Its number, three parts: 1.1.0.")
    ],
    spanish: Annotated[str, typer.Option("--es", help="What is new, in Spanish.")],
    english: Annotated[str, typer.Option("--en", help="What is new, in English.")],
    issued: Annotated[
        datetime | None,
        typer.Option(
            "--issued",
            formats=["%Y-%m-%dT%H:%M:%SZ"],
            help="When, in universal time; if not given, now.",
            show_default=False,
        ),
    ] = None,
    root: RootOption = None,
    into: IntoOption = None,
    lang: LanguageOption = None,
) -> None:
    """Give the data their next version number, and record what has changed since the last one."""
    said = {Language.ES: spanish, Language.EN: english}
    plan = Plan(version, f"{issued or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", said)
    language = language_of(lang)
    typer.echo(say(released(settings.read(root=root, builds=into), plan, language), language))


@app.command()
def publish(
    endpoint: Annotated[
        str | None,
        typer.Option("--endpoint", metavar="URL", help="Where it is asked.", show_default=False),
    ] = None,
    update_endpoint: Annotated[
        str | None,
        typer.Option(
            "--update-endpoint", metavar="URL", help="Where it is changed.", show_default=False
        ),
    ] = None,
    root: RootOption = None,
    into: IntoOption = None,
    lang: LanguageOption = None,
) -> None:
    """Load the build into a SPARQL store, in place of what of ours is there: all or nothing."""
    read = settings.read(root=root, builds=into, endpoint=endpoint, update_endpoint=update_endpoint)
    typer.echo(say(published(read, language_of(lang)), language_of(lang)))


@app.command()
def query(
    text: Annotated[
        str,
        typer.Argument(
            metavar="FILE|TEXT", help="A file with a query, a query, or - for standard input."
        ),
    ],
    fmt: Annotated[
        AnswerFormat, typer.Option("--format", help="How the answer is written.")
    ] = AnswerFormat.TABLE,
    root: RootOption = None,
    into: IntoOption = None,
    endpoint: EndpointOption = None,
    lang: LanguageOption = None,
) -> None:
    """Ask a SPARQL query."""
    language = language_of(lang)
    asked = Query(_query_text(text))
    read = settings.read(root=root, builds=into, endpoint=endpoint)
    store, _ = opened(read, language)
    if fmt is AnswerFormat.TABLE:
        answer = store.answer(asked, Wanted(formats.JSON.media_type, formats.TURTLE.media_type))
        if answer.media_type == formats.JSON.media_type:
            print_table(
                parse_query_results(answer.body, format=QueryResultsFormat.JSON),
                resources.prefixes(store),
                language,
            )
            return
    else:
        answer = store.answer(
            asked, Wanted(_media_type(formats.RESULTS, fmt), _media_type(formats.GRAPH, fmt))
        )
    sys.stdout.buffer.write(answer.body)
    sys.stdout.buffer.flush()


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="IRI|LABEL", help="An IRI, a short one such as place:mx-jal, or a name."
        ),
    ],
    root: RootOption = None,
    into: IntoOption = None,
    endpoint: EndpointOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show all that is said of a thing; of every thing that is called so."""
    language = language_of(lang)
    read = settings.read(root=root, builds=into, endpoint=endpoint)
    store, _ = opened(read, language)
    prefixes = resources.prefixes(store)
    iri = iris.expand(name, prefixes)
    found = [iri] if iri.startswith(("http://", "https://")) else resources.find(store, name)
    if not found:
        raise not_found.ResourceNotFound(name)
    for each in found:
        print_description(resources.describe(store, each), prefixes, language)


@app.command(name="status")
def status_command(
    fmt: Annotated[
        StatusFormat, typer.Option("--format", help="How the status is written.")
    ] = StatusFormat.TEXT,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FOLDER",
            help="Build to compare with; if none is named, the newest other one.",
            show_default=False,
        ),
    ] = None,
    root: RootOption = None,
    into: IntoOption = None,
    endpoint: EndpointOption = None,
    lang: LanguageOption = None,
) -> None:
    """Say how much there is, what is missing and what is new since the version before."""
    language = language_of(lang)
    store, made = opened(settings.read(root=root, builds=into, endpoint=endpoint), language)
    found, version = status.read(store), made.version if made else None
    before = earlier(against, made)
    changes = compare(before[1], store, version=before[0]) if before else Changes()
    if fmt is StatusFormat.JSON:
        typer.echo(status_json.as_json(found, version=version, changes=changes))
        return
    print_status(found, changes, resources.prefixes(store), language, version=version)


def _say_error(error: errors.DiploLocalError, language: Language) -> None:
    lines = []
    if isinstance(error, errors.NotConforming):
        lines.append(reports.as_text(error.report, language, prefixes={}))
    if isinstance(error, errors.SourcesUnreadable):
        lines.extend(say(each.sentence, language) for each in error.errors)
    lines.append(say(error.sentence, language))
    if isinstance(error, not_found.NotInGraphYet):
        around = ", ".join(in_words(month, language) for month, _ in error.nearest)
        lines.append(say(message("The bulletins around it: {months}.", months=around), language))
    typer.echo("\n".join(lines), err=True)


def _prefixes(dataset: Dataset) -> Mapping[str, str]:
    return resources.prefixes(EmbeddedStore(statements(dataset.of(Kind.ONTOLOGY))))


def _media_type(offered: Sequence[formats.Format], suffix: str) -> str | None:
    found = formats.by_suffix(offered, suffix)
    return None if found is None else found.media_type


def _query_text(text: str) -> str:
    """The query itself: from standard input (-), from a file of that name, or as it was typed."""
    path = Path(text)
    try:
        if text == "-":
            return sys.stdin.buffer.read().decode()
        if " " not in text and "{" not in text:
            return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or message("it is not UTF-8 text")
        raise errors.SourceError(
            path, message("The query cannot be read: {reason}", reason=reason)
        ) from error
    return text
