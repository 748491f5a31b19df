"""Credentials as boto3 finds them; what their sources fail with becomes botocore's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lake.errors import LakeError

STILL_EXPIRED = "still expired"
"""What botocore says, in a RuntimeError, of a source that gives nothing newer."""


@contextmanager
def sought() -> Iterator[None]:
    """Raise what looking for credentials fails with as a BotoCoreError: a program or a file that is not there, a bad date."""
    from botocore.exceptions import BotoCoreError, CredentialRetrievalError, InvalidConfigError

    try:
        yield
    except (BotoCoreError, LakeError):
        raise
    except OSError as error:
        named = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise InvalidConfigError(error_msg=f"the credentials cannot be had by {named}") from error
    except EOFError as error:
        raise CredentialRetrievalError(provider="assume-role", error_msg="no MFA code was given") from error
    except ValueError as error:
        raise InvalidConfigError(error_msg=f"the credentials are not understood: {error}") from error
    except RuntimeError as error:
        if STILL_EXPIRED not in str(error):
            raise
        raise CredentialRetrievalError(provider="their source", error_msg=str(error)) from error


def renew_before_calls(session: Any) -> None:
    """Have every call of a session renew its credentials first, where they end soon, so that it fails as `sought` says."""

    def renew(**_: Any) -> None:
        with sought():
            credentials = session.get_credentials()
            if credentials is not None:
                credentials.get_frozen_credentials()

    session.register("before-call", renew, unique_id="tap-lake-credentials")
