"""Signature Version 4, verified by signing each request again with botocore's own signer."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lake.serve.refusals import Refused

ALGORITHM = "AWS4-HMAC-SHA256"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
SKEW = timedelta(minutes=5)
PARTS = ("Credential", "SignedHeaders", "Signature")
UNSIGNED = "UNSIGNED-PAYLOAD"

DIFFERS = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
UNKNOWN_TOKEN = "The security token included in the request is invalid."  # noqa: S105  a message


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers; header names are lower case, `headers` in the order they came."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Authorization:
    """The parts of an Authorization header."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


def scope_service(header: str | None) -> str | None:
    """Return the service that a request was signed for, None where it is not signed in the header."""
    try:
        return read_authorization(header).service
    except Refused:
        return None


def verify(request: SignedRequest, credentials: Credentials, *, region: str, service: str, now: datetime) -> None:
    """Return for a request that these credentials signed for this service and region; else raise as AWS does."""
    given = read_authorization(request.header("authorization"))
    date = request.header("x-amz-date")
    if date is None:
        raise Refused("IncompleteSignatureException", "Authorization header requires existence of 'X-Amz-Date' header.")
    if given.access_key != credentials.access_key or request.header("x-amz-security-token") != credentials.token:
        raise Refused("UnrecognizedClientException", UNKNOWN_TOKEN)
    _check_scope(given, date, region, service)
    _check_date(date, now)
    missing = {"host", "x-amz-date"} - set(given.signed_headers)
    body_hash = request.header("x-amz-content-sha256")
    tampered = body_hash not in (None, UNSIGNED, sha256(request.body).hexdigest())
    right = _sign_again(request, given, date, credentials)
    if missing or tampered or not hmac.compare_digest(right.encode(), given.signature.encode()):
        raise Refused("InvalidSignatureException", DIFFERS)


def read_authorization(header: str | None) -> Authorization:
    """Take an Authorization header apart; raise as AWS does for one that is absent or incomplete."""
    if not header:
        raise Refused("MissingAuthenticationTokenException", "Missing Authentication Token")
    algorithm, _, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise Refused("IncompleteSignatureException", f"Unsupported AWS 'algorithm': '{algorithm}'.")
    found = _pairs(rest.split(","))
    absent = [part for part in PARTS if not found.get(part)]
    if absent:
        said = " ".join(f"Authorization header requires '{part}' parameter." for part in absent)
        raise Refused("IncompleteSignatureException", said)
    scope = found["Credential"].split("/")
    if len(scope) != 5 or scope[4] != "aws4_request":
        raise Refused(
            "IncompleteSignatureException",
            f"Credential must have exactly 5 slash-delimited elements, got {len(scope)}.",
        )
    access_key, date, region, service, _ = scope
    signed = tuple(found["SignedHeaders"].lower().split(";"))
    return Authorization(access_key, date, region, service, signed, found["Signature"])


def _pairs(parts: Iterable[str]) -> Mapping[str, str]:
    return {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}


def _check_scope(given: Authorization, date: str, region: str, service: str) -> None:
    if given.service != service:
        raise Refused("InvalidSignatureException", f"Credential should be scoped to correct service: '{service}'. ")
    if given.region != region:
        raise Refused(
            "InvalidSignatureException", f"Credential should be scoped to a valid region, not '{given.region}'. "
        )
    if not date.startswith(given.date):
        raise Refused(
            "InvalidSignatureException",
            f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{given.date}' != '{date[:8]}', from '{date}'.",
        )


def _check_date(date: str, now: datetime) -> None:
    try:
        signed = datetime.strptime(date, DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(
            "IncompleteSignatureException", f"Date must be in ISO-8601 'basic format'. Got '{date}'."
        ) from None
    here = now.strftime(DATE_FORMAT)
    if signed < now - SKEW:
        limit = (now - SKEW).strftime(DATE_FORMAT)
        raise Refused(
            "InvalidSignatureException", f"Signature expired: {date} is now earlier than {limit} ({here} - 5 min.)"
        )
    if signed > now + SKEW:
        limit = (now + SKEW).strftime(DATE_FORMAT)
        raise Refused(
            "InvalidSignatureException",
            f"Signature not yet current: {date} is still later than {limit} ({here} + 5 min.)",
        )


class _Signer(SigV4Auth):  # type: ignore[misc]
    """Signs the headers that the client signed, whichever those are."""

    def headers_to_sign(self, request: Any) -> Any:
        return request.headers


def _sign_again(request: SignedRequest, given: Authorization, date: str, credentials: Credentials) -> str:
    signer: Any = _Signer(credentials, given.service, given.region)
    again: Any = AWSRequest(method=request.method, url=request.url, data=request.body)
    for name, value in request.headers:
        if name in given.signed_headers:
            again.headers[name] = value
    again.context["timestamp"] = date
    signature: str = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    return signature
