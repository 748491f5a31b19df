"""Requests for other services, handed on as they came, so that clients need one endpoint only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO, Any

import urllib3
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

IN_MEMORY = 8 * 1024 * 1024
PIECE = 256 * 1024
HOP_BY_HOP = frozenset(
    ["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"]
    + ["upgrade"]
)


class Forward:
    """Hands requests on to another endpoint, `Host` and signature included."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url.rstrip("/")
        self._pool = urllib3.PoolManager(maxsize=32, retries=False)

    async def answer(self, request: Request) -> Response:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            async for piece in request.stream():
                body.write(piece)
            body.seek(0)
            try:
                return await run_in_threadpool(self._send, request, body)
            except urllib3.exceptions.HTTPError as error:
                return PlainTextResponse(f"no answer from {self._endpoint_url}: {error}\n", HTTPStatus.BAD_GATEWAY)

    def _send(self, request: Request, body: IO[bytes]) -> Response:
        raw_path = request.scope.get("raw_path", b"").decode("latin-1") or request.url.path
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self._endpoint_url}{raw_path}{'?' + query if query else ''}"
        given: Any = self._pool.request(
            request.method,
            url,
            body=body,
            headers=_kept(request.headers.items()),
            preload_content=False,
            decode_content=False,
            redirect=False,
        )
        answer = StreamingResponse(_pieces(given), given.status)
        answer.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in _pairs(given.headers.items())
        ]
        return answer


def _kept(headers: Any) -> dict[str, str]:
    return dict(_pairs(headers))


def _pairs(headers: Any) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP)


def _pieces(given: Any) -> Iterator[bytes]:
    try:
        yield from given.stream(PIECE, decode_content=False)
    finally:
        given.release_conn()
