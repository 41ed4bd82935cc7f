"""What cannot be answered as it was asked: NotAcceptable and the errors of BadRequest, drawn in the
tree of `errors.py`.
"""

from collections.abc import Sequence

from diplolocal.errors import DiploLocalError
from diplolocal.wording import message


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


class CursorExpired(BadRequest):
    """A page of a list is asked for by where it stood in another version of the data; `first` is
    the address of the first page.
    """

    def __init__(self, version: str, first: str) -> None:
        super().__init__(
            message(
                "The cursor is of the version {version} of the data, and other data are served now."
                " Begin again at the first page: {first}",
                version=version,
                first=first,
            )
        )
        self.first = first


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


class RangeNotSatisfiable(BadRequest):
    """A part of a file is asked for that the file does not have."""

    def __init__(self, length: int) -> None:
        super().__init__(
            message(
                "The file has {length} bytes, and none where a part of it was asked for. Ask for"
                " the whole file, or for bytes from 0 to {last}.",
                length=length,
                last=length - 1,
            )
        )
        self.bytes = length
