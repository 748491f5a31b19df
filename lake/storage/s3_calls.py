"""Calls of S3 by boto3, and what is made of their failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lake.aws.faults import error_code, translated
from lake.errors import StorageFailed

BUCKET_HINT = "check its name, and that profile and endpoint are those of its account"

ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
BEYOND_END = frozenset({"416", "InvalidRange"})
PRESENT = frozenset({"412", "PreconditionFailed"})
CONFLICT = frozenset({"409", "ConditionalRequestConflict"})


@contextmanager
def told(subject: str, profile: str | None) -> Iterator[None]:
    """Raise what goes wrong in a lake's own errors; what is neither connection nor rights is StorageFailed."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import ClientError

    with translated(subject, profile=profile, failure=StorageFailed):
        try:
            yield
        except (ClientError, Boto3Error) as caught:
            error = _inner(caught)
            code = error_code(error) if isinstance(error, ClientError) else ""
            if code == "NoSuchBucket":
                raise StorageFailed(f"{subject}: there is no such bucket", hint=BUCKET_HINT) from error
            if code in ABSENT:
                raise StorageFailed(f"{subject} is not there") from error
            raise error from None


def unless(codes: frozenset[str], call: Any, **arguments: Any) -> Any:
    """Call, and return None where S3 refuses with one of these codes."""
    from botocore.exceptions import ClientError

    try:
        return call(**arguments)
    except ClientError as error:
        if error_code(error) in codes:
            return None
        raise


def read_body(answer: Mapping[str, Any], *, last: bool) -> bytes | None:
    """Read what was asked for; None where it was cut off, unless this is the last attempt."""
    from botocore.exceptions import HTTPClientError, IncompleteReadError

    try:
        data: bytes = answer["Body"].read()
    except (HTTPClientError, IncompleteReadError):
        if last:
            raise
        return None
    return data


def _inner(error: Exception) -> Exception:
    """Return what boto3's transfers of files failed with, told as botocore tells it."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

    if not isinstance(error, Boto3Error):
        return error
    inner: Any = getattr(error, "last_exception", None) or error.__context__
    if isinstance(inner, ClientError | BotoCoreError):
        known: Exception = inner
        return known
    failed: Exception = HTTPClientError(error=inner or error)
    return failed


def was_retried(error: Any) -> bool:
    return bool(error.response.get("ResponseMetadata", {}).get("RetryAttempts"))
