"""Listen on a socket and answer."""

import socket
import threading
from collections.abc import Callable

import uvicorn

from diplolocal.errors import AddressTaken
from diplolocal.guarded import STACK_BYTES
from diplolocal.web import access
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

_LAST_SECONDS = 3
"""What is still being answered when the server is told to end has so long."""


def listen(host: str, port: int) -> socket.socket:
    """A socket of ours. Raises AddressTaken where it cannot be had; taken before any slow work, so
    one learns it at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise AddressTaken(host, port, error.strerror or str(error)) from error
    return listening


def run(parts: Parts, listening: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve until interrupted; `started` is called when the first request can be answered."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

    # The engine reads and plans a query recursively: on a usual stack of 8 MiB, some thousand
    # brackets end the process. Memory is only used as deep as a query goes.
    threading.stack_size(STACK_BYTES)
    if parts.watched.access_log:
        access.to_standard_error()
    config = uvicorn.Config(
        create_app(parts),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
        forwarded_allow_ips=list(parts.proxies),
    )
    Server(config).run(sockets=[listening])
