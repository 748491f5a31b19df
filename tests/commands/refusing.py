"""An endpoint that refuses calls as AWS would, and hands the others on: Moto knows neither rights nor expired credentials.

    with refusing(server, lambda call: Refusal("AccessDenied") if call.service == "s3" else None) as before:
        ...before.endpoint_url, before.calls

What it answers by itself is always a refusal.
"""

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lake.clock import SystemClock
from tests.servers import CREDENTIALS, REGION, Server

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/aws4_request")


@dataclass(frozen=True)
class Call:
    """`operation` is as the API names it; of S3 it is the method and the path."""

    service: str
    operation: str


@dataclass(frozen=True)
class Refusal:
    code: str
    message: str = "no"
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)


Refuse = Callable[[Call], Refusal | None]


@dataclass
class Refusing:
    """`skew` is how far the clock that its answers tell is ahead."""

    endpoint_url: str
    calls: list[Call] = field(default_factory=list)
    skew: timedelta = timedelta()

    def environment(self) -> dict[str, str]:
        return {**CREDENTIALS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.endpoint_url}


@contextmanager
def refusing(upstream: Server | None, refuse: Refuse) -> Iterator[Refusing]:
    """Serve until the block ends; without `upstream` everything is refused."""

    class Handler(_Handler):
        behind = urlsplit(upstream.endpoint_url) if upstream else None

        def refusal(self, call: Call) -> Refusal | None:
            made.calls.append(call)
            return refuse(call)

        def date(self) -> str:
            return format_datetime(SystemClock().now() + made.skew, usegmt=True)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made = Refusing(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind: Any = None

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = self.call(body)
        refused = self.refusal(call)
        if refused is not None:
            headers = {"Content-Type": "application/xml" if call.service in ("s3", "sts") else "application/json"}
            self.send(refused.status, {**headers, **refused.headers}, _written(call, refused))
            return
        connection = http.client.HTTPConnection(self.behind.hostname, self.behind.port, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        connection.request(self.command, self.path, body, headers)
        given = connection.getresponse()
        content = given.read()
        self.send(given.status, dict(given.getheaders()), content)
        connection.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the names that the server calls

    def call(self, body: bytes) -> Call:
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        service = scope[1] if scope else "s3"
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if service == "sts":
            target = parse_qs(body.decode()).get("Action", [""])[0]
        return Call(service, target or f"{self.command} {urlsplit(self.path).path}")

    def send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), str(len(body)))
        self.send_header("Content-Length", length if self.command == "HEAD" else str(len(body)))
        self.send_header("Date", self.date())
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refusal(self, call: Call) -> Refusal | None:
        raise NotImplementedError

    def date(self) -> str:
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _written(call: Call, refused: Refusal) -> bytes:
    error = f"<Code>{refused.code}</Code><Message>{refused.message}</Message>"
    if call.service == "s3":
        return f"<Error>{error}</Error>".encode()
    if call.service == "sts":
        return f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>".encode()
    return json.dumps({"__type": refused.code, "message": refused.message}).encode()
