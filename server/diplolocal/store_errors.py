"""Questions that got no answer: the errors of StoreError, drawn in the tree of `errors.py`."""

from collections.abc import Sequence

from diplolocal.errors import DiploLocalError
from diplolocal.wording import Message, message


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
