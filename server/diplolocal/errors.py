"""The tree of things that go wrong.

    DiploLocalError
    ├── SourceError                 a file cannot be used               path, line
    ├── SourcesUnreadable           several of them                     errors
    │   └── FilesLeft               … and others were formatted
    ├── NotStyled                   files are not in our style         count
    ├── NotConforming               shapes or checks found something    report
    ├── BuildError                  a build cannot be read or written   folder
    ├── NotReleased                 … or not released
    ├── NotPublished                … or not loaded into another store
    ├── SettingRefused              a setting has an unusable value     name
    ├── AddressTaken                somebody listens there already      host, port
    ├── ResourceNotFound            nothing is said of this IRI         iri
    │   ├── NotInGraphYet           … the bulletin of a month           month, nearest
    │   ├── Withdrawn               … any more
    │   ├── ReleaseNotFound         … or there is no such release       iri, offered
    │   ├── HistoryNotKept          … or what changed, nobody knows
    │   ├── NotThereThen            … or it was not there in a release  iri, offered
    │   ├── FileNotThere            … or no context, frame or schema    iri, offered
    │   ├── ExampleNotFound         … or no example query is called so  slug, alike
    │   └── DumpNotFound            … or no file among the dumps
    ├── NotAcceptable               no format both sides know           offered
    ├── BadRequest                  the request breaks the protocol
    │   ├── MethodRefused           a method that is not answered there
    │   ├── UnsupportedMediaType    a body of a kind that is not read here
    │   ├── RequestTooLarge         a body over the bytes allowed
    │   ├── CursorExpired           the cursor of other data            first
    │   ├── AddressTooLong          an address over the bytes allowed
    │   └── RangeNotSatisfiable     a part of a file that is not there  bytes
    └── StoreError                  a question got no answer
        ├── QueryRefused            an update, a SERVICE, something we do not do
        ├── QuerySyntaxError        the engine cannot read it           line, column
        ├── AnswerTooLarge          an answer over the bytes or rows allowed
        ├── QueryTimeout            a query over the seconds allowed    limit, elapsed
        ├── QueryTooCostly          a query that its process died of
        ├── StoreBusy               too many others are being answered  retry_after
        ├── NobodyWaits             whoever asked has gone
        ├── TooMuchAsked            one client asks more than it may    retry_after
        │   ├── AllowanceSpent      … more query seconds                limit, used
        │   └── TooManyAtOnce       … more queries at once              limit
        ├── NotReady                the site cannot answer queries now
        └── StoreUnavailable        engine or endpoint gone
            └── ServiceUnavailable  … one that SERVICE asks

Those below ResourceNotFound are in `not_found.py`, those below StoreError in `store_errors.py`;
NotAcceptable and those below BadRequest are in `bad_requests.py`.

An error knows nothing of HTTP or exit codes: `web/problems.py` and `cli.py` each have a
table for that.
"""

from collections.abc import Sequence
from pathlib import Path

from diplolocal.findings import Report
from diplolocal.wording import Language, Message, message, say


class DiploLocalError(Exception):
    """Something that a person can act on; `sentence` says what, where and what to do."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(say(sentence, Language.EN))
        self.sentence = sentence

    def __reduce__(self) -> tuple[object, ...]:
        """How an error crosses from one process to another: as what it holds."""
        return _again, (type(self), self.args, self.__dict__)


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


class NotReleased(DiploLocalError):
    """A release was not made, and nothing was written."""


class NotPublished(DiploLocalError):
    """A build was not loaded into another store."""


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


def _again(cls: type[DiploLocalError], args: tuple[object, ...], held: dict[str, object]) -> object:
    error = cls.__new__(cls, *args)
    error.__dict__.update(held)
    return error
