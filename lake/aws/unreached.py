"""Why AWS cannot be asked: credentials, settings, endpoints and the network, told in a lake's own errors."""

from __future__ import annotations

import re

from lake.aws.credentials import STILL_EXPIRED
from lake.errors import ConnectionFailed, CredentialsFailed, LakeError

CONFIG_HINT = "check ~/.aws/config and ~/.aws/credentials, and the AWS_… variables"
PROGRAM = "custom-process"
"""What botocore calls a profile's credential_process."""
_AWS_HOST = re.compile(r"https?://[^/]*\.([a-z]{2}(?:-[a-z]+)+-\d+)\.[^/]*amazonaws\.com")
_WHITESPACE = re.compile(r"\s+")


def not_reached(error: Exception, subject: str, profile: str | None, failure: type[LakeError]) -> LakeError:
    from botocore import exceptions as aws
    from botocore.parsers import ResponseParserError

    words = one_line(str(error))
    found = _credentials_fault(error, subject, profile)
    if found is not None:
        return found
    match error:
        case aws.NoRegionError():
            return ConnectionFailed(f"{subject}: no AWS region is set", hint="give --region, or set AWS_REGION")
        case aws.InvalidRegionError() | aws.UnknownEndpointError() | aws.EndpointProviderError():
            return ConnectionFailed(f"{subject}: {words}", hint="check --region and AWS_REGION")
        case aws.SSLError():
            return ConnectionFailed(
                f"{subject}: {words}", hint="check the certificate, AWS_CA_BUNDLE, and http or https"
            )
        case aws.ProxyConnectionError():
            return ConnectionFailed(f"{subject}: {words}", hint="check HTTPS_PROXY and NO_PROXY")
        case aws.ConnectionError() | aws.HTTPClientError() | aws.IncompleteReadError():
            return ConnectionFailed(f"{subject}: {words}", hint=_network_hint(words))
        case ResponseParserError():
            return ConnectionFailed(f"{subject}: the endpoint does not answer as AWS does", hint="check --endpoint-url")
        case aws.ConfigParseError() | aws.ConfigNotFound() | aws.InvalidConfigError():
            return ConnectionFailed(f"{subject}: {words}", hint=CONFIG_HINT)
    return failure(f"{subject}: {words}")


def _credentials_fault(error: Exception, subject: str, profile: str | None) -> CredentialsFailed | None:
    from botocore import exceptions as aws

    whose, words = of_profile(profile), one_line(str(error))
    match error:
        case aws.ProfileNotFound():
            what = f"there is no profile {error.kwargs.get('profile', profile)!r}"
            hint = "`aws configure list-profiles` lists those there are"
        case aws.NoCredentialsError() | aws.NoAuthTokenError():
            what = f"no AWS credentials were found{whose}"
            hint = "give --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case aws.PartialCredentialsError():
            what, hint = f"the AWS credentials are incomplete ({words})", "set what is missing"
        case aws.SSOError() | aws.TokenRetrievalError():
            what, hint = f"the SSO session{whose} has expired or was not begun", login("sso login", profile)
        case aws.LoginError():
            what, hint = f"the session{whose} has expired or was not begun", login("login", profile)
        case aws.CredentialRetrievalError() if STILL_EXPIRED in words:
            what, hint = f"the credentials{whose} have expired", renewal(profile)
        case aws.CredentialRetrievalError() if error.kwargs.get("provider") == PROGRAM:
            said = one_line(str(error.kwargs.get("error_msg", "")))
            what = f"credential_process{whose} gave no credentials" + (f" ({said})" if said else "")
            hint = "run that program by hand to see why"
        case aws.CredentialRetrievalError() | aws.MetadataRetrievalError() | aws.RefreshWithMFAUnsupportedError():
            what, hint = f"no AWS credentials could be had ({words})", renewal(profile)
        case _:
            return None
    return CredentialsFailed(f"{subject}: {what}", hint=hint)


def _network_hint(words: str) -> str:
    """Say what to look at: for a host of AWS's, whose name has the region in it, that the region may be wrong."""
    host = _AWS_HOST.search(words)
    if host:
        return f"check the network, and that {host[1]} is the region you mean (--region)"
    return "check that the endpoint is up and --endpoint-url is right"


def renewal(profile: str | None) -> str:
    return f"renew them; where they come from SSO: {login('sso login', profile)}"


def login(command: str, profile: str | None) -> str:
    return f"aws {command} --profile {profile}" if profile else f"aws {command}"


def of_profile(profile: str | None) -> str:
    return f" of profile {profile!r}" if profile else ""


def one_line(text: str) -> str:
    return _WHITESPACE.sub(" ", text).strip()
