"""A client that costs little, so that what is measured is the server: raw sockets, kept alive."""

import select
import socket
import time
from urllib.parse import urlencode, urlsplit

from tests.bench.answers import ACCEPT
from tests.bench.peers import Peer
from tests.bench.wire import Reply, is_whole, read

_BYTES_AT_ONCE = 262_144
_GOOD = b"HTTP/1.1 200"
_SECONDS = 300
"""No answer takes longer; one that does ends the bench."""


class Line:
    """A connection to a peer, kept open (RFC 9112 §9.3)."""

    def __init__(self, peer: Peer) -> None:
        found = urlsplit(peer.endpoint)
        self._path = found.path
        self._host = found.netloc
        self._address = (found.hostname or "", found.port or 80)
        self.socket = self._reached()

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def request(self, text: str) -> bytes:
        """A query by GET, as it goes over the line (SPARQL 1.1 Protocol §2.1.1)."""
        return self.get(f"{self._path}?{urlencode({'query': text})}", ACCEPT)

    def get(self, path: str, accept: str) -> bytes:
        """A GET of whatever is there, as it goes over the line."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept: {accept}\r\n\r\n"
        return head.encode("ascii")

    def ask(self, text: str) -> tuple[Reply, float]:
        """The answer to a query, and the seconds from the first byte of the question to its last
        byte. Raises OSError where the peer hangs up on it.
        """
        return self.sent(self.request(text))

    def sent(self, request: bytes) -> tuple[Reply, float]:
        """The same of a request as it goes over the line."""
        if _has_hung_up(self.socket):
            self.close()
            self.socket = self._reached()
        begun = time.perf_counter()
        self.socket.sendall(request)
        received = bytearray()
        while not is_whole(received):
            piece = self.socket.recv(_BYTES_AT_ONCE)
            if not piece:
                raise ConnectionResetError(f"{self._host} hung up")
            received += piece
        return read(received), time.perf_counter() - begun

    def _reached(self) -> socket.socket:
        reached = socket.create_connection(self._address, _SECONDS)
        reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return reached


def _has_hung_up(line: socket.socket) -> bool:
    """Whether the peer closed the connection while nothing was asked, as it may."""
    readable, _, _ = select.select([line], [], [], 0)
    return bool(readable)


def per_second(peer: Peer, text: str, *, connections: int, seconds: float) -> float:
    """How often a query is answered in a second, where so many connections ask it over and over.

    Nothing is asked after those seconds, and what was asked before is waited for. Every answer must
    have the status and the length of the first.
    """
    lines = [Line(peer) for _ in range(connections)]
    return _per_second(lines, lines[0].request(text), seconds)


def pages_per_second(
    peer: Peer, path: str, accept: str, *, connections: int, seconds: float
) -> float:
    """The same of a page or a document."""
    lines = [Line(peer) for _ in range(connections)]
    return _per_second(lines, lines[0].get(path, accept), seconds)


def _per_second(lines: list[Line], asked: bytes, seconds: float) -> float:
    for _ in range(2):
        reply, _seconds = lines[0].sent(asked)
    begun = time.perf_counter()
    answers = _answers(lines, asked, until=begun + seconds, at_least=len(reply.body))
    taken = time.perf_counter() - begun
    for line in lines:
        line.close()
    return answers / taken


def _answers(lines: list[Line], asked: bytes, *, until: float, at_least: int) -> int:
    """Ask over all lines at once, and again whoever has answered; how many answers there were."""
    poll = select.epoll()
    sockets = {line.socket.fileno(): line.socket for line in lines}
    received = {number: bytearray() for number in sockets}
    for number, each in sockets.items():
        poll.register(number, select.EPOLLIN)
        each.sendall(asked)
    buffer = memoryview(bytearray(_BYTES_AT_ONCE))
    usual, answers, under_way = -1, 0, len(sockets)
    while under_way:
        for number, _ in poll.poll(_SECONDS):
            heard, came = received[number], sockets[number].recv_into(buffer)
            # As long as a whole answer was, and with a head: nothing is left to be read of it.
            if came != usual or heard or buffer[:12] != _GOOD:
                heard += buffer[:came]
                if came and not is_whole(heard):
                    continue
                assert heard.startswith(_GOOD), bytes(heard[:300])
                assert len(heard) > at_least, bytes(heard[:300])
                usual = len(heard)
                heard.clear()
            answers += 1
            if time.perf_counter() < until:
                sockets[number].send(asked)
            else:
                under_way -= 1
    poll.close()
    return answers
