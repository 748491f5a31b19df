"""A proxy before an AWS endpoint that loses what a test wants lost.

    with proxy(server, lambda call: "drop" if call == Call("StartQueryExecution", 1) else "pass") as before:
        boto3.client("athena", endpoint_url=before.endpoint_url, ...)
    before.calls["StartQueryExecution"]      # as many as arrived here

A request is passed on as it was signed. `drop` passes it on and closes the connection instead of answering, `reset` resets it then,
`refuse` resets it without passing the request on, `cut` sends half of the answer, `hang` passes the request on and stays silent.
"""

import http.client
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.servers import Server

HANG_SECONDS = 60


@dataclass(frozen=True)
class Call:
    """The `number`th call, from 1, of an operation; of S3 the operation is the method (`GET`, `HEAD`)."""

    operation: str
    number: int


Fate = str
Decide = Callable[[Call], Fate]


@dataclass
class Proxy:
    endpoint_url: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    fates: Counter[Fate] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)
    signed_host: str | None = None
    """What the client signed as Host, where another proxy before this one put its own in."""

    def count(self, operation: str) -> Call:
        with self.lock:
            self.calls[operation] += 1
            return Call(operation, self.calls[operation])


@contextmanager
def proxy(upstream: Server, decide: Decide) -> Iterator[Proxy]:
    """Serve on a free port of this machine until the block ends."""
    made = Proxy()
    server = _Listener(
        ("127.0.0.1", 0),
        type(
            "Bound",
            (_Handler,),
            {"made": made, "upstream": urlsplit(upstream.endpoint_url), "decide": staticmethod(decide)},
        ),
    )
    made.endpoint_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    made: Proxy
    upstream: Any
    decide: Decide

    def handle_any(self) -> None:
        body = self.body()
        operation = self.headers.get("X-Amz-Target", self.command).rpartition(".")[2]
        fate = self.decide(self.made.count(operation))
        with self.made.lock:
            self.made.fates[fate] += 1
        if fate == "refuse":
            self.reset()
            return
        status, headers, answer = self.pass_on(body)
        if fate in ("pass", "cut"):
            self.answer(status, headers, answer, cut=fate == "cut")
            return
        if fate == "hang":
            self.made.closing.wait(HANG_SECONDS)
        if fate == "reset":
            self.reset()
        self.close_connection = True

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=HANG_SECONDS)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() == "host":
                    value = self.made.signed_host or value
                if name.lower() not in ("connection", "expect", "transfer-encoding", "content-length"):
                    connection.putheader(name, value)
            if body or self.command in ("PUT", "POST"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes, *, cut: bool) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = next((value for name, value in headers if name.lower() == "content-length"), str(len(body)))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        self.close_connection = cut or self.close_connection

    def reset(self) -> None:
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
