"""What a request is refused with, in the service's own words and codes."""

from __future__ import annotations


class Refused(Exception):
    """An error answer: `kind` is the exception's name on the wire, `fields` are its members beside the message."""

    def __init__(self, kind: str, message: str = "", *, status: int = 400, **fields: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.fields = fields

    def body(self) -> dict[str, str]:
        said = {"Message": self.message} if self.message else {}
        return {"__type": self.kind, **self.fields, **said}


def invalid(message: str, code: str = "INVALID_INPUT") -> Refused:
    """Return Athena's InvalidRequestException, which carries its code twice."""
    return Refused("InvalidRequestException", message, AthenaErrorCode=code, ErrorCode=code)


def unknown_operation() -> Refused:
    return Refused("UnknownOperationException")


def too_many_queries() -> Refused:
    return Refused(
        "TooManyRequestsException",
        "You have exceeded the limit for the number of queries you can run concurrently. "
        "Please reduce the number of concurrent queries submitted by this account.",
        Reason="CONCURRENT_QUERY_LIMIT_EXCEEDED",
    )
