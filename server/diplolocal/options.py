"""Options that several commands have, the formats that an option chooses from, and the language in
which all of it is said.
"""

import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from diplolocal.wording import Language, negotiate

RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root", help="Folder that holds ontology/, data/ and shapes/.", show_default=False
    ),
]
IntoOption = Annotated[
    Path | None,
    typer.Option("--into", help="Folder that builds are made in.", show_default="build"),
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="SPARQL endpoint to ask instead of the embedded store.",
        show_default=False,
    ),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of what is said.", show_default=False)
]


class ReportFormat(StrEnum):
    """How a validation report is written."""

    TEXT = "text"
    JSON = "json"
    TURTLE = "turtle"


class AnswerFormat(StrEnum):
    """How the answer to a query is written: as a table for people, or as one of the endpoint's
    formats, by suffix.
    """

    TABLE = "table"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TTL = "ttl"
    JSONLD = "jsonld"
    NT = "nt"
    RDF = "rdf"


class StatusFormat(StrEnum):
    """How the status is written."""

    TEXT = "text"
    JSON = "json"


def language_of(asked: Language | None) -> Language:
    """The language asked for, else the locale's (POSIX §8.2); the C locale speaks English."""
    if asked:
        return asked
    environment = os.environ
    locale = (
        environment.get("LC_ALL")
        or environment.get("LC_MESSAGES")
        or environment.get("LANG")
        or "C"
    )
    return Language.EN if locale.split(".")[0] in ("C", "POSIX") else negotiate([locale])


def asked_language(arguments: Sequence[str]) -> Language | None:
    """The language given with --lang, known before the command line is read: help has it too."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        value = following if argument == "--lang" else argument.removeprefix("--lang=")
        if argument.startswith("--lang") and value in tuple(Language):
            return Language(value)
    return None


def translate(command: Any, speak: Callable[[str], str]) -> None:
    """Put the help of a command, of its parameters and of the commands below it into a language."""
    for documented in (command, *command.get_params(typer.Context(command))):
        if getattr(documented, "help", None):
            documented.help = speak(documented.help)
    for below in getattr(command, "commands", {}).values():
        translate(below, speak)
