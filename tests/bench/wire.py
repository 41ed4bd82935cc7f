"""HTTP/1.1 as it goes over the line, no more of it than the tests and the bench need (RFC 9112)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its headers by name in lower case, its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


def is_whole(received: bytes | bytearray) -> bool:
    """Whether an answer has come to its end, by its length or by its last chunk (§6)."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = received[:end].lower()
    place = head.find(b"\r\ncontent-length:")
    if place < 0:
        return received.endswith(b"\r\n0\r\n\r\n")
    length = int(head[place + 17 :].split(b"\r\n", 1)[0])
    return len(received) >= end + 4 + length


def read(received: bytes | bytearray) -> Reply:
    """What a whole answer says."""
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Reply(int(status.split()[1]), headers, body)


def _joined(chunked: bytes) -> bytes:
    """A body without the marks of its chunks (§7.1)."""
    body, place = bytearray(), 0
    while True:
        end = chunked.index(b"\r\n", place)
        size = int(chunked[place:end].split(b";")[0], 16)
        if not size:
            return bytes(body)
        body += chunked[end + 2 : end + 2 + size]
        place = end + 4 + size
