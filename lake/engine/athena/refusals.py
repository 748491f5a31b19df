"""What Athena's API answers a call with that it does not do, in a lake's own errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lake.aws.faults import error_code, error_message, translate
from lake.errors import (
    ConfigError,
    ExecutionNotFound,
    LakeError,
    MalformedQuery,
    NotSupported,
    QueryFailed,
    StorageFailed,
    UsageError,
)

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

    from lake.aws.connection import AwsOptions

DEFAULT_WORKGROUP = "primary"
_PLACE = re.compile(r"line (\d+):(\d+): *")
_UNKNOWN_ID = re.compile(r"QueryExecution (\S+) was not found")
_SYNTAX = re.compile(
    r"mismatched input|extraneous input|no viable alternative|token recognition|Syntax error", re.IGNORECASE
)


def refusal(error: Exception, subject: str, options: AwsOptions) -> LakeError:
    """Return the lake's error for one of botocore's; `subject` is what the call was about."""
    from botocore.exceptions import ClientError, ParamValidationError

    if isinstance(error, ClientError) and error_code(error) == "InvalidRequestException":
        return _invalid(error, subject, options)
    if isinstance(error, ParamValidationError):
        return UsageError(f"{subject}: {' '.join(str(error).split())}")
    return translate(error, subject, profile=options.profile, failure=QueryFailed)


def is_queue_full(error: ClientError) -> bool:
    """Say whether it is the number of queries at once, not of calls a second, that is too high."""
    answer: Any = error.response
    return answer.get("Reason") == "CONCURRENT_QUERY_LIMIT_EXCEEDED" or "queries you can run concurrently" in str(error)


def output_hint(workgroup: str | None) -> str:
    """Say how to name a place for results."""
    name = workgroup or DEFAULT_WORKGROUP
    return (
        f"give --output-location s3://BUCKET/PREFIX/ or set AWS_ATHENA_S3_STAGING_DIR, or set one in workgroup {name!r}"
    )


def _invalid(error: ClientError, subject: str, options: AwsOptions) -> LakeError:
    answer: Any = error.response
    code, words = str(answer.get("AthenaErrorCode") or ""), error_message(error)
    place = _PLACE.search(words)
    if code == "MALFORMED_QUERY" or (place and _SYNTAX.search(words)):
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        return MalformedQuery(words[place.end() :] if place else words, line=line, column=column)
    if "Queries of this type are not supported" in words:
        return NotSupported(words)
    if code == "QUERY_EXECUTION_NOT_FOUND" or _UNKNOWN_ID.search(words):
        unknown = _UNKNOWN_ID.search(words)
        return ExecutionNotFound(unknown[1] if unknown else subject)
    if code == "IDEMPOTENT_PARAMETER_MISMATCH" or "Idempotent parameters do not match" in words:
        return UsageError("this token was used for another statement", hint="a token names one statement")
    return _settings(words, options) or QueryFailed(f"{subject}: {words}" + (f" ({code})" if code else ""))


def _settings(words: str, options: AwsOptions) -> LakeError | None:
    """Return the error for a word on the workgroup or the place for results."""
    name = options.workgroup or DEFAULT_WORKGROUP
    if "No output location" in words:
        return ConfigError(f"workgroup {name!r} has no place for results", hint=output_hint(options.workgroup))
    if re.search(r"output bucket|output location|outputLocation|query result location", words, re.IGNORECASE):
        where = options.output_location or f"that of workgroup {name!r}"
        return StorageFailed(f"Athena cannot write results to {where}: {words}", hint=output_hint(options.workgroup))
    if re.search(r"workgroup\b.*\b(not found|does not exist)", words, re.IGNORECASE):
        return ConfigError(
            f"there is no workgroup {name!r}", hint="`aws athena list-work-groups` lists those there are"
        )
    if re.search(r"workgroup\b.*\bdisabled", words, re.IGNORECASE):
        return ConfigError(f"workgroup {name!r} is disabled", hint="enable it, or give another --workgroup")
    return None
