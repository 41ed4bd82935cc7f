"""The tree of things that go wrong.

    DiploLocalError
    ├── SourceError                 a file cannot be used               path, line
    ├── SourcesUnreadable           several of them                     errors
    │   └── FilesLeft               … and others were formatted
    ├── NotStyled                   files are not in our style         count
    ├── NotConforming               shapes or checks found something    report
    ├── BuildError                  a build cannot be read or written   folder
    ├── NotPublished                … or not loaded into another store
    ├── SettingRefused              a setting has an unusable value     name
    ├── AddressTaken                somebody listens there already      host, port
    ├── ResourceNotFound            nothing is said of this IRI         iri
    │   ├── NotInGraphYet           … the bulletin of a month           month, nearest
    │   └── ExampleNotFound         … or no example query is called so  slug, alike
    ├── NotAcceptable               no format both sides know           offered
    ├── BadRequest                  the request breaks the protocol
    │   ├── MethodRefused           a method that is not answered there
    │   ├── UnsupportedMediaType    a body of a kind that is not read here
    │   ├── RequestTooLarge         a body over the bytes allowed
    │   └── AddressTooLong          an address over the bytes allowed
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

    def __reduce__(self) -> tuple[object, ...]:
        """How an error crosses from one process to another: as what it holds."""
        return _again, (type(self), self.args, self.__dict__)


def _again(cls: type[DiploLocalError], args: tuple[object, ...], held: dict[str, object]) -> object:
    error = cls.__new__(cls, *args)
    error.__dict__.update(held)
    return error


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


class ExampleNotFound(ResourceNotFound):
    """No example query is called so; `alike` are the names of some that are."""

    def __init__(self, slug: str, alike: Sequence[str]) -> None:
        unknown = message("There is no example query {name}.", name=slug)
        if alike:
            sentence = message(
                "{unknown} Perhaps you mean: {alike}. All of them: /queries.",
                unknown=unknown,
                alike=", ".join(alike),
            )
        else:
            sentence = message("{unknown} All of them: /queries.", unknown=unknown)
        DiploLocalError.__init__(self, sentence)
        self.iri = slug
        self.alike = tuple(alike)


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


class AddressTooLong(BadRequest):
    """The address has more bytes than are read here."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            message(
                "The address is longer than the {limit} bytes that are read here. Send a long query"
                " by POST, in the body.",
                limit=limit,
            )
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


class AnswerTooLarge(StoreError):
    """The answer has more bytes or rows than are given here; `limit` in `unit`s."""

    def __init__(self, limit: int, unit: Message) -> None:
        super().__init__(
            message(
                "The answer has more than {limit} {unit}, which is the limit here; nothing of it"
                " was sent. Ask for a part of it (LIMIT, a narrower pattern), or take everything at"
                " once: /dumps/diplolocal.nq.gz.",
                limit=limit,
                unit=unit,
            )
        )
        self.limit = limit


class QueryTimeout(StoreError):
    """The query was ended at its limit; both in seconds."""

    def __init__(self, limit: float, elapsed: float) -> None:
        super().__init__(
            message(
                "The query was ended after {elapsed} seconds; the limit is {limit}. There is no"
                " answer, not even a part. Ask for less at once (fewer patterns joined, one year or"
                " one state, COUNT before ORDER BY), or ask a store of your own with everything:"
                " /dumps/diplolocal.nq.gz.",
                elapsed=f"{elapsed:.1f}",
                limit=f"{limit:g}",
            )
        )
        self.limit = limit
        self.elapsed = elapsed


class QueryTooCostly(StoreError):
    """The query needed more memory than it may have, or brought the engine down; nobody else was
    harmed.
    """

    def __init__(self, memory_bytes: int, elapsed: float) -> None:
        super().__init__(
            message(
                "The query needed more than the {megabytes} MB of memory that one query may have,"
                " or more than the engine can do, and was ended after {elapsed} seconds. There is"
                " no answer, not even a part. Ask for less at once (no ORDER BY over a cross"
                " product, fewer patterns joined), or ask a store of your own with everything:"
                " /dumps/diplolocal.nq.gz.",
                megabytes=memory_bytes // 1_000_000,
                elapsed=f"{elapsed:.1f}",
            )
        )
        self.elapsed = elapsed


class StoreBusy(StoreError):
    """So many queries are being answered or wait that one more is sent away; it may come again
    after `retry_after` seconds.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            message(
                "Too many queries are being answered just now. Ask again in {seconds} seconds.",
                seconds=retry_after,
            )
        )
        self.retry_after = retry_after


class NobodyWaits(StoreError):
    """Whoever asked has gone, so the query was ended; nobody reads this but the log."""

    def __init__(self) -> None:
        super().__init__(message("Whoever asked hung up, so the query was ended."))


class TooMuchAsked(StoreError):
    """One client asks more than it may; it may come again after `retry_after` seconds."""

    def __init__(self, sentence: Message, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class AllowanceSpent(TooMuchAsked):
    """The queries of a client have taken its seconds; `used` and `limit` in query seconds."""

    def __init__(self, *, limit: float, used: float, retry_after: int) -> None:
        sentence = message(
            "The queries from your network address took {used} seconds of late, and {limit} in a"
            " minute are yours. Ask again in {seconds} seconds. Keep the answers that you need"
            " more than once; everything at once is at /dumps/diplolocal.nq.gz.",
            used=f"{used:.0f}",
            limit=f"{limit:g}",
            seconds=retry_after,
        )
        super().__init__(sentence, retry_after)
        self.limit = limit
        self.used = used


class TooManyAtOnce(TooMuchAsked):
    """So many queries of a client are being answered that one more has to wait."""

    def __init__(self, limit: int) -> None:
        sentence = message(
            "As many queries from your network address as are answered at once, {limit}, are being"
            " answered just now. Wait for one of them before you ask the next.",
            limit=limit,
        )
        super().__init__(sentence, 1)
        self.limit = limit


class NotReady(StoreError):
    """The site cannot answer queries just now; why is in `reason`."""

    def __init__(self, reason: Message) -> None:
        super().__init__(message("Queries are not answered just now: {reason}", reason=reason))


class StoreUnavailable(StoreError):
    """The engine or the endpoint that should answer is gone, or its answer is broken."""


class ServiceUnavailable(StoreUnavailable):
    """An endpoint that the query asks with SERVICE gave no usable answer; `status` is what it
    answered with, if it answered. What it said besides is between it and this server.
    """

    def __init__(self, endpoints: Sequence[str], status: int | None) -> None:
        listed = ", ".join(f"<{endpoint}>" for endpoint in endpoints)
        if status is None:
            said = message(
                "{endpoint}, asked with SERVICE, gave no answer that can be used. Try the part"
                " within SERVICE there, or again later; SERVICE SILENT goes on without it.",
                endpoint=listed,
            )
        else:
            said = message(
                "{endpoint}, asked with SERVICE, answered with HTTP {status}. Try the part within"
                " SERVICE there, or again later; SERVICE SILENT goes on without it.",
                endpoint=listed,
                status=status,
            )
        super().__init__(said)
