"""The endpoint: who is asked, whether the request is signed, and the answer on the wire."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from botocore.credentials import Credentials
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lake.clock import Clock
from lake.serve.athena import Athena
from lake.serve.forward import Forward
from lake.serve.refusals import Refused, unknown_operation
from lake.serve.signing import SignedRequest, scope_service, verify
from lake.serve.wire import Wire

JSON_TYPE = "application/x-amz-json-1.1"
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
SERVICE = "athena"


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose requests are answered, and for which region."""

    credentials: Credentials
    region: str
    clock: Clock

    def verify(self, request: SignedRequest) -> None:
        verify(request, self.credentials, region=self.region, service=SERVICE, now=self.clock.now())


def make_app(athena: Athena, signers: Signers, forward: Forward | None) -> Starlette:
    """Answer Athena here, and hand all else on where there is a place to hand it to."""
    wire = Wire(SERVICE)

    async def endpoint(request: Request) -> Response:
        if forward is not None and not _is_athena(request, wire):
            return await forward.answer(request)
        signed = await _signed(request)
        return await run_in_threadpool(_answered, partial(_answer, signed, athena, signers, wire))

    route = Route("/{path:path}", endpoint, methods=METHODS)
    return Starlette(routes=[route], exception_handlers={Exception: _internal})


def _is_athena(request: Request, wire: Wire) -> bool:
    target = request.headers.get("x-amz-target", "")
    if target:
        return target.startswith(f"{wire.target_prefix}.")
    return scope_service(request.headers.get("authorization")) == SERVICE


async def _signed(request: Request) -> SignedRequest:
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw)
    return SignedRequest(request.method, str(request.url), headers, await request.body())


def _answer(request: SignedRequest, athena: Athena, signers: Signers, wire: Wire) -> bytes:
    signers.verify(request)
    prefix, _, name = (request.header("x-amz-target") or "").partition(".")
    if request.method != "POST" or prefix != wire.target_prefix:
        raise unknown_operation()
    operation = wire.operation(name)
    run = athena.operation(name)
    return wire.write(operation, run(wire.read(operation, request.body)))


def _answered(answer: Callable[[], bytes]) -> Response:
    try:
        body = answer()
    except Refused as refused:
        return _refusal(refused)
    return _response(body, 200)


def _internal(request: Request, error: Exception) -> Response:
    """Answer for a mistake of ours; the error itself goes to the log."""
    return _refusal(Refused("InternalServerException", "An internal error occurred", status=500))


def _refusal(refused: Refused) -> Response:
    return _response(json.dumps(refused.body()).encode(), refused.status)


def _response(body: bytes, status: int) -> Response:
    return Response(body, status, headers={"x-amzn-RequestId": str(uuid.uuid4())}, media_type=JSON_TYPE)
