"""A server process: bound to this machine alone, told apart from ready by one line, ended by a signal."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from lake.errors import ConfigError, ConnectionFailed

BACKLOG = 128
GRACE_SECONDS = 2


def bind(host: str, port: int) -> socket.socket:
    """Listen; raise ConfigError for an address that others could reach."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ConfigError(f"{host} is no loopback address", hint="the server is for this machine alone: 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named by its protocol, since asyncio sends at once only on what says that it is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConnectionFailed(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listening.listen(BACKLOG)
    return listening


def url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: Starlette, listening: socket.socket, *, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; `stopping` is called before connections are waited for."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = _Server(config, ready, stopping)
    # uvicorn hands a signal on once it has ended; by then all is done.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets=sockets)
