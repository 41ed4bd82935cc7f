"""Options that several commands have, and the formats that an option chooses from."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diplolocal.wording import Language

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
