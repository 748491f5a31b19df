"""Calls that fail on the way are made again, within bounds, on a clock of the test's own; others are told at once."""

import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import exceptions as aws
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lake.aws.connection import AwsOptions
from lake.engine.athena.calls import AthenaCalls, Sent
from lake.engine.athena.rates import Rates
from lake.errors import (
    AccessDenied,
    ConfigError,
    ConnectionFailed,
    CredentialsFailed,
    ExecutionNotFound,
    LakeError,
    MalformedQuery,
    NotSupported,
    QueryFailed,
    StorageFailed,
    Throttled,
    UsageError,
)

ENDPOINT = "http://127.0.0.1:9"


def refused(
    code: str, message: str = "no", *, status: int = 400, operation: str = "StartQueryExecution", **fields: Any
) -> ClientError:
    error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **fields}
    return ClientError(error, operation)  # type: ignore[arg-type]


def invalid(message: str, code: str = "INVALID_INPUT") -> ClientError:
    return refused("InvalidRequestException", message, AthenaErrorCode=code)


class Service:
    """A client that gives one outcome after another; the last one for ever."""

    def __init__(self, outcomes: Sequence[Any]) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[dict[str, Any]] = []
        self.now = 0.0
        self.slept: list[float] = []

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self.requests.append(request)
            outcome = self.outcomes[0] if len(self.outcomes) == 1 else self.outcomes.pop(0)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        return call

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def calls(self, *, renews: bool = True, **options: Any) -> AthenaCalls:
        connection: Any = SimpleNamespace(
            client=lambda name, retries: self, options=AwsOptions(**options), renews_credentials=renews
        )
        clock = lambda: self.now  # noqa: E731
        return AthenaCalls(connection, rates=Rates(now=clock), sleep=self.sleep, now=clock, chance=lambda: 1.0)


STARTED = {"QueryExecutionId": "id"}
PASSING = [
    refused("TooManyRequestsException", "Rate exceeded"),
    refused("ThrottlingException"),
    refused("InternalServerException", status=500),
    refused("503", status=503),
    refused("ExpiredTokenException"),
    aws.ConnectionClosedError(endpoint_url=ENDPOINT),
    aws.ReadTimeoutError(endpoint_url=ENDPOINT),
    aws.ConnectTimeoutError(endpoint_url=ENDPOINT),
    aws.EndpointConnectionError(endpoint_url=ENDPOINT),
    aws.ResponseStreamingError(error="cut"),
    {},
]


@pytest.mark.parametrize("failure", PASSING, ids=str)
def test_what_may_pass_is_tried_again_with_the_same_token(failure: Any) -> None:
    service = Service([failure, failure, STARTED])
    request = {"QueryString": "SELECT 1", "ClientRequestToken": "t" * 32}
    assert service.calls().start(request) == "id"
    assert service.requests == [request] * 3


@pytest.mark.parametrize("failure", PASSING, ids=str)
def test_patience_has_an_end(failure: Any) -> None:
    service = Service([failure])
    with pytest.raises(LakeError) as told:
        service.calls().start({})
    assert len(service.requests) <= 12
    assert service.now <= 60
    assert service.calls().is_passing(told.value)


def test_keys_that_were_given_and_have_expired_are_not_waited_for() -> None:
    service = Service([refused("ExpiredTokenException")])
    calls = service.calls(renews=False)
    with pytest.raises(CredentialsFailed, match="have expired") as told:
        calls.start({})
    assert (len(service.requests), service.now) == (1, 0)
    assert not calls.is_passing(told.value)


def test_an_endpoint_that_never_answered_is_given_up_soon() -> None:
    service = Service([aws.EndpointConnectionError(endpoint_url=ENDPOINT)])
    with pytest.raises(ConnectionFailed):
        service.calls().get("id")
    assert (len(service.requests), service.now < 2) == (4, True)


def test_a_full_queue_is_waited_for() -> None:
    full = refused(
        "TooManyRequestsException", "You have exceeded the limit for the number of queries you can run concurrently."
    )
    service = Service([*[full] * 25, STARTED])
    assert service.calls().start({}) == "id"
    assert 100 < service.now < 300


def test_nothing_is_tried_beyond_a_deadline() -> None:
    service = Service([refused("ThrottlingException")])
    with pytest.raises(Throttled):
        service.calls().start({}, until=2.0)
    assert service.now <= 2


@pytest.mark.parametrize(
    ("failures", "unanswered"),
    [
        ([refused("ThrottlingException")], False),
        ([refused("InternalServerException", status=500)], True),
        ([aws.ReadTimeoutError(endpoint_url=ENDPOINT), refused("ThrottlingException")], True),
        ([refused("ThrottlingException"), KeyboardInterrupt()], True),
    ],
    ids=str,
)
def test_what_may_have_been_started_is_known(failures: list[BaseException], unanswered: bool) -> None:
    sent = Sent()
    with pytest.raises((LakeError, KeyboardInterrupt)):
        Service(failures).calls().start({}, sent=sent)
    assert sent.is_unanswered is unanswered


def test_pauses_grow_and_are_spread() -> None:
    service = Service([refused("ThrottlingException")])
    calls = service.calls()
    calls._chance = random.Random(1).random
    with pytest.raises(Throttled):
        calls.start({})
    assert min(service.slept) > 0
    assert max(service.slept) <= 5
    assert len(set(service.slept)) > 5


TOLD = [
    (invalid("line 2:5: mismatched input 'FRM'. Expecting: ','", "MALFORMED_QUERY"), MalformedQuery, "^line 2:5: mismatched", None),
    (invalid("Queries of this type are not supported"), NotSupported, "not supported", None),
    (invalid("QueryExecution abc was not found", "QUERY_EXECUTION_NOT_FOUND"), ExecutionNotFound, "abc", None),
    (invalid("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH"), UsageError, "another statement", None),
    (invalid("No output location provided. An output location is required either through the Workgroup"), ConfigError, "no place for results", "--output-location s3://"),
    (invalid("WorkGroup is not found."), ConfigError, "no workgroup 'mine'", "list-work-groups"),
    (invalid("WorkGroup mine is disabled."), ConfigError, "disabled", "--workgroup"),
    (invalid("Unable to verify/create output bucket results"), StorageFailed, "cannot write results", "--output-location"),
    (invalid("Something else", "ODD"), QueryFailed, r"Something else \(ODD\)", None),
    (refused("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized to perform: athena:StartQueryExecution on resource: arn:aws:athena:y"), AccessDenied, "athena:StartQueryExecution", "allow athena:StartQueryExecution"),
    (refused("UnrecognizedClientException", "The security token included in the request is invalid."), CredentialsFailed, "does not know", "access key"),
    (aws.NoCredentialsError(), CredentialsFailed, "no AWS credentials", "--profile"),
    (aws.NoRegionError(), ConnectionFailed, "no AWS region", "--region"),
    (aws.ParamValidationError(report="Invalid length for parameter"), UsageError, "Invalid length", None),
]  # fmt: skip


@pytest.mark.parametrize(("failure", "error", "words", "hint"), TOLD, ids=lambda value: str(value)[:40])
def test_what_would_come_again_is_told_at_once(
    failure: Exception, error: type[LakeError], words: str, hint: str | None
) -> None:
    service = Service([failure])
    with pytest.raises(error, match=words) as told:
        service.calls(workgroup="mine").start({})
    assert len(service.requests) == 1
    assert "\n" not in told.value.message
    assert not service.calls().is_passing(told.value)
    if hint is not None:
        assert hint in (told.value.hint or "")


def test_a_workgroup_that_allows_no_reuse_has_its_way_and_it_is_said(caplog: Any) -> None:
    refusal = invalid("Results cannot be reused where the workgroup has managed query results enabled")
    service = Service([refusal, STARTED])
    request = {
        "QueryString": "SELECT 1",
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True}},
    }
    assert service.calls().start(request) == "id"
    assert service.requests == [request, {"QueryString": "SELECT 1"}]
    assert "runs anew" in caplog.text


@given(seed=st.integers(0, 10**6))
def test_with_three_failures_in_ten_every_call_arrives(seed: int) -> None:
    chance = random.Random(seed)
    service = Service(
        [chance.choice(PASSING[:6]) if chance.random() < 0.3 else STARTED for _ in range(300)] + [STARTED]
    )
    calls = service.calls()
    calls._chance = chance.random
    for _ in range(100):
        assert calls.start({}) == "id"
