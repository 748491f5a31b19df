"""What AWS refuses and why it cannot be reached, told in a lake's own errors. One place for every service.

Credentials, endpoint and network are ConnectionFailed (exit 3); all else is AccessDenied, Throttled or the class that the caller
names. A service's own "not found" and "already exists" are the business of its backend, which looks at `error_code` first.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lake.aws.credentials import STILL_EXPIRED
from lake.aws.unreached import not_reached, of_profile, one_line, renewal
from lake.errors import AccessDenied, ConnectionFailed, CredentialsFailed, LakeError, Throttled

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"})
WRONG_KEYS = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "InvalidToken",
        "AuthFailure",
    }
)
SKEWED = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "UnauthorizedException",
        "NotAuthorized",
        "Forbidden",
        "403",
        "AllAccessDisabled",
    }
)
THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "ProvisionedThroughputExceededException",
        "LimitExceededException",
        "SlowDown",
        "PriorRequestNotComplete",
        "429",
    }
)
ELSEWHERE = frozenset(
    {
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "301",
        "TemporaryRedirect",
    }
)
NOT_ENABLED = frozenset({"OptInRequired", "SubscriptionRequiredException", "NotSignedUp"})

# The action that S3 checks, where it is not named as the operation is.
S3_ACTIONS = {
    "ListObjectsV2": "s3:ListBucket",
    "ListObjects": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "DeleteObject": "s3:DeleteObject",
    "DeleteObjects": "s3:DeleteObject",
    "CopyObject": "s3:PutObject",
}

_ACTION = re.compile(r"(?:perform:?|allows the|required:?)\s+([a-z0-9-]+:[A-Za-z]+\*?)")
_RESOURCE = re.compile(r"on resource:?\s+(\S+)")
_REGION = re.compile(r"expecting '([a-z0-9-]+)'")


@contextmanager
def translated(subject: str, *, profile: str | None = None, failure: type[LakeError] = LakeError) -> Iterator[None]:
    """Raise what goes wrong in calls of boto3 as `translate` tells it; errors of the lake pass unchanged."""
    from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        raise translate(error, subject, profile=profile, failure=failure) from error
    except RuntimeError as error:
        if STILL_EXPIRED not in str(error):
            raise
        told = CredentialRetrievalError(provider="their source", error_msg=str(error))
        raise translate(told, subject, profile=profile, failure=failure) from error
    except ValueError as error:
        # What botocore raises of a URL that is none, when a client is made.
        if isinstance(error, LakeError) or not str(error).startswith("Invalid endpoint"):
            raise
        raise ConnectionFailed(
            f"{subject}: {one_line(str(error))}", hint="--endpoint-url is a URL such as https://host:port"
        ) from error


def translate(
    error: Exception, subject: str, *, profile: str | None = None, failure: type[LakeError] = LakeError
) -> LakeError:
    """Return the error of the lake for one of botocore's; the message begins with `subject`, what the call was about.

    `failure`, a class that takes a message and a hint, is for what is neither a matter of connection nor of rights.
    """
    from botocore.exceptions import ClientError

    profile = profile or os.environ.get("AWS_PROFILE") or None
    if isinstance(error, ClientError):
        return _refused(error, subject, profile, failure)
    return not_reached(error, subject, profile, failure)


def error_code(error: ClientError) -> str:
    """Return the service's name for it, such as `EntityNotFoundException`; for an answer without a body, the HTTP status."""
    answer: Any = error.response
    return str(answer.get("Error", {}).get("Code", ""))


def error_message(error: ClientError) -> str:
    """Return the service's words, in one line."""
    answer: Any = error.response
    return one_line(str(answer.get("Error", {}).get("Message") or "")) or error_code(error)


def is_throttled(error: ClientError) -> bool:
    return error_code(error) in THROTTLED


def status_of(error: ClientError) -> int:
    """Return the HTTP status of an answer, 0 where it is not known."""
    answer: Any = error.response
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


# Answers of a service


def _refused(error: ClientError, subject: str, profile: str | None, failure: type[LakeError]) -> LakeError:
    code, words = error_code(error), error_message(error)
    if code in SKEWED or "Signature expired" in words or "Signature not yet current" in words:
        return CredentialsFailed(
            f"{subject}: the clock of this machine is too far from AWS's ({words})",
            hint="set the clock, then try again",
        )
    if code in EXPIRED:
        return CredentialsFailed(f"{subject}: the credentials have expired", hint=renewal(profile))
    if "scoped to a valid region" in words:
        return ConnectionFailed(
            f"{subject}: the endpoint is of another region ({words})", hint="check --region and AWS_REGION"
        )
    if code in WRONG_KEYS:
        return CredentialsFailed(
            f"{subject}: AWS does not know these credentials{of_profile(profile)} ({words})",
            hint="check access key, secret and session token; `aws sts get-caller-identity` says whose they are",
        )
    if _is_bare(error):
        return ConnectionFailed(
            f"{subject}: the endpoint does not answer as AWS does (HTTP {code})", hint="check --endpoint-url"
        )
    if code in NOT_ENABLED:
        return ConnectionFailed(
            f"{subject}: the account may not use this service or region ({words})",
            hint="enable the region for the account, or give another --region",
        )
    if code in ELSEWHERE:
        return _elsewhere(error, subject, failure)
    if is_key_refusal(code, words):
        return AccessDenied(
            f"{subject}: the encryption key was refused ({words})",
            hint=f"allow {_action(error, words) or 'kms:Decrypt and kms:GenerateDataKey'} on the key, in its policy too",
        )
    if code in DENIED or "is not authorized to perform" in words:
        return _denied(error, subject, words)
    if code in THROTTLED:
        return Throttled(
            f"{subject}: AWS answers that there are too many calls ({code}), also after retries",
            hint="try again later, or have the account's quota for these calls raised",
        )
    if status_of(error) >= 500:
        return failure(f"{subject}: the service failed, also after retries ({code}: {words})", hint="try again later")
    return failure(f"{subject}: {words}" + ("" if code in ("", words) else f" ({code})"))


def _is_bare(error: ClientError) -> bool:
    """Say whether it is a status without a word, as any web server gives it; of S3 some answers have no body."""
    code = error_code(error)
    return (
        code in ("400", "404", "405")
        and error_message(error) in (code, "Not Found", "Bad Request")
        and error.operation_name not in S3_ACTIONS
    )


def is_key_refusal(code: str, words: str) -> bool:
    """Say whether it is a KMS key that stands in the way, which services report under many names."""
    return code.startswith(("KMS", "Kms", "KMS.")) or code == "GlueEncryptionException" or "kms:" in words


def _denied(error: ClientError, subject: str, words: str) -> LakeError:
    if "Lake Formation" in words:
        return AccessDenied(
            f"{subject}: Lake Formation denies it ({words})",
            hint="have the permission granted in Lake Formation; IAM alone does not suffice for this table",
        )
    action, resource = _action(error, words), _RESOURCE.search(words)
    what = f"{subject}: access denied to {action or error.operation_name}"
    if "explicit deny" in words:
        return AccessDenied(
            f"{what}: a policy denies it expressly", hint="find the policy that denies it: no other can allow it"
        )
    where = f" on {resource[1].rstrip('.,')}" if resource else ""
    return AccessDenied(what, hint=f"allow {action or 'it'}{where} in IAM")


def _action(error: ClientError, words: str) -> str | None:
    named = _ACTION.search(words)
    return named[1] if named else S3_ACTIONS.get(error.operation_name)


def _elsewhere(error: ClientError, subject: str, failure: type[LakeError]) -> LakeError:
    answer: Any = error.response
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    named = _REGION.search(error_message(error))
    region = headers.get("x-amz-bucket-region") or answer.get("Error", {}).get("Region") or (named and named[1])
    where = f"in {region}" if region else "in another region"
    return failure(f"{subject} is {where}", hint=f"give --region {region or 'REGION'}")
