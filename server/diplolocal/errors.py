"""The tree of things that go wrong.

    DiploLocalError
    ├── SourceError                 a file cannot be used               path, line
    ├── SourcesUnreadable           several of them                     errors
    │   └── FilesLeft               … and others were formatted
    ├── NotStyled                   files are not in our style         count
    ├── NotConforming               shapes or checks found something    report
    ├── BuildError                  a build cannot be read or written   folder
    ├── SettingRefused              a setting has an unusable value     name
    ├── AddressTaken                somebody listens there already      host, port
    ├── ResourceNotFound            nothing is said of this IRI         iri
    │   └── NotInGraphYet           … the bulletin of a month           month, nearest
    ├── NotAcceptable               no format both sides know           offered
    ├── BadRequest                  the request breaks the protocol
    │   ├── MethodRefused           a method that is not answered there
    │   ├── UnsupportedMediaType    a body of a kind that is not read here
    │   └── RequestTooLarge         a body over the bytes allowed
    └── StoreError                  a question got no answer
        ├── QueryRefused            an update, a SERVICE, something we do not do
        ├── QuerySyntaxError        the engine cannot read it           line, column
        └── StoreUnavailable        engine or endpoint gone

An error knows nothing of HTTP or exit codes: `web/responses.py` and `cli.py` each have a
table for that.
"""

from collections.abc import Sequence
from pathlib import Path

from diplolocal.findings import Report
from diplolocal.wording import Dated, Language, Message, message, say


class DiploLocalError(Exception):
    """Something that a person can act on; `sentence` says what, where and what to do."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(say(sentence, Language.EN))
        self.sentence = sentence


class SourceError(DiploLocalError):
    """A file of the data set cannot be used; `line` counts from 1."""

    def __init__(self, path: Path, reason: Message, *, line: int | None = None) -> None:
        where = str(path) if line is None else f"{path}:{line}"
        super().__init__(message("{where}: {reason}", where=where, reason=reason))
        self.path = path
        self.line = line


class SourcesUnreadable(DiploLocalError):
    """Files of the data set cannot be used: all that were found, not only the first."""

    def __init__(self, errors: Sequence[SourceError]) -> None:
        super().__init__(
            message("Files that cannot be read: {count}. Nothing was changed.", count=len(errors))
        )
        self.errors = tuple(errors)


class FilesLeft(SourcesUnreadable):
    """Files cannot be formatted, so they stay as they are; the others are formatted."""

    def __init__(self, errors: Sequence[SourceError]) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "Files left as they are: {count}. Mend what is named and format again.",
                count=len(errors),
            ),
        )
        self.errors = tuple(errors)


class NotStyled(DiploLocalError):
    """Files of the data set are not written in the style of the house."""

    def __init__(self, count: int) -> None:
        super().__init__(
            message(
                "Files not written in the style of the house: {count}. Run `diplolocal format` to"
                " write them so.",
                count=count,
            )
        )
        self.count = count


class NotConforming(DiploLocalError):
    """The data set breaks shapes or checks, so it is not built."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            message(
                "The data do not conform, so no build was made; a build made earlier stays as it"
                " was."
                " Run `diplolocal validate` and mend what it names."
            )
        )
        self.report = report


class BuildError(DiploLocalError):
    """A build cannot be read or written."""

    def __init__(self, folder: Path, reason: Message) -> None:
        super().__init__(message("{where}: {reason}", where=str(folder), reason=reason))
        self.folder = folder


class SettingRefused(DiploLocalError):
    """A setting has a value that cannot be used."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        super().__init__(
            message(
                "DIPLOLOCAL_{name} cannot be {value}: {reason}. Change or unset it.",
                name=name.upper(),
                value=value,
                reason=reason,
            )
        )
        self.name = name


class AddressTaken(DiploLocalError):
    """The server cannot listen where it was asked to."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            message(
                "Cannot listen on {host}, port {port}: {reason}. Choose another one, for instance"
                " `--port {other}`.",
                host=host,
                port=port,
                reason=reason,
                other=port + 1 if port < 65535 else 8000,
            )
        )
        self.host = host
        self.port = port


class ResourceNotFound(DiploLocalError):
    """Nothing is said of this IRI or name."""

    def __init__(self, iri: str) -> None:
        super().__init__(
            message(
                "Nothing in this graph is called {name}. Look for it on the home page or with a"
                " query.",
                name=iri,
            )
        )
        self.iri = iri


class NotInGraphYet(ResourceNotFound):
    """The bulletin of a month, not before the first one, is not here; `nearest` has the months and
    the IRIs of the bulletins around it.
    """

    def __init__(self, iri: str, month: str, nearest: Sequence[tuple[str, str]]) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "The bulletin of {month} is not in the graph yet. That does not mean that nothing"
                " happened.",
                month=Dated(month),
            ),
        )
        self.iri = iri
        self.month = month
        self.nearest = tuple(nearest)


class NotAcceptable(DiploLocalError):
    """None of the formats the client accepts is offered."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(
            message("Not offered in that format. Offered: {offered}.", offered=", ".join(offered))
        )
        self.offered = tuple(offered)


class BadRequest(DiploLocalError):
    """The request breaks the protocol it uses."""


class MethodRefused(BadRequest):
    """The method is not answered at this address."""

    def __init__(self, method: str) -> None:
        super().__init__(message("{method} is not answered at this address.", method=method))


class UnsupportedMediaType(BadRequest):
    """The body is of a kind that is not read here."""


class RequestTooLarge(BadRequest):
    """The body has more bytes than are read here."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            message("The request is larger than the {limit} bytes that are read here.", limit=limit)
        )


class StoreError(DiploLocalError):
    """A question got no answer."""


class QueryRefused(StoreError):
    """The query asks for something that is not done here."""


class QuerySyntaxError(StoreError):
    """The query cannot be read; `line` and `column` count from 1 where they are known."""

    def __init__(self, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        if line is None:
            super().__init__(message("The query cannot be read: {reason}", reason=reason))
        else:
            super().__init__(
                message(
                    "The query cannot be read, at line {line}, column {column}: {reason}",
                    line=line,
                    column=column,
                    reason=reason,
                )
            )
        self.line = line
        self.column = column


class StoreUnavailable(StoreError):
    """The engine or the endpoint that should answer is gone, or its answer is broken."""
