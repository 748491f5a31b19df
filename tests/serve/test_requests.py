"""Who may ask, and what is no request: signatures, operations, parameters."""

import uuid
from datetime import timedelta

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from lake.clock import SystemClock
from tests.serve.conftest import OUTPUT, send
from tests.servers import CREDENTIALS, REGION

START = {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": OUTPUT}}


def test_a_request_of_nobodys_is_refused(served):
    def unsign(request):
        del request.headers["Authorization"]

    answer = send(served.server, "ListWorkGroups", change=unsign)
    assert (answer.status, answer.kind) == (400, "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    "wrong",
    [
        Credentials("someone", CREDENTIALS["AWS_SECRET_ACCESS_KEY"], CREDENTIALS["AWS_SESSION_TOKEN"]),
        Credentials("testing", "testing", "another token"),
        Credentials("testing", "testing"),
    ],
    ids=["key", "token", "no token"],
)
def test_a_key_or_token_that_is_unknown_is_refused(served, wrong):
    answer = send(served.server, "ListWorkGroups", credentials=wrong)
    assert (answer.status, answer.kind) == (400, "UnrecognizedClientException")
    assert answer.body["Message"] == "The security token included in the request is invalid."


def test_a_client_with_the_wrong_secret_is_refused(served):
    client = boto3.client(
        "athena",
        endpoint_url=served.server.endpoint_url,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="guessed",
        aws_session_token="testing",
    )
    with pytest.raises(ClientError) as caught:
        client.list_work_groups()
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


def alter_target(request):
    request.headers.replace_header("X-Amz-Target", "AmazonAthena.ListDatabases")


def alter_signature(request):
    request.headers.replace_header("Authorization", request.headers["Authorization"][:-1] + "x")


def alter_body(request):
    request.data = b'{"MaxResults": 2}'


def claim_body_hash(request):
    request.headers["X-Amz-Content-SHA256"] = "0" * 64


def leave_date_unsigned(request):
    request.headers.replace_header("Authorization", request.headers["Authorization"].replace(";x-amz-date", ""))


@pytest.mark.parametrize("change", [alter_target, alter_signature, alter_body, claim_body_hash, leave_date_unsigned])
def test_what_was_altered_after_it_was_signed_is_refused(served, change):
    answer = send(served.server, "ListWorkGroups", change=change)
    assert (answer.status, answer.kind) == (400, "InvalidSignatureException")
    assert answer.body["Message"].startswith("The request signature we calculated does not match the signature you ")


def test_any_header_may_be_signed(served, monkeypatch):
    monkeypatch.setattr("botocore.auth.SIGNED_HEADERS_BLACKLIST", [])
    assert send(served.server, "ListWorkGroups", {}, headers={"User-Agent": "a  b", "X-Own": "ü"}).status == 200


@pytest.mark.parametrize(
    ("minutes", "message"), [(-6, "Signature expired: "), (6, "Signature not yet current: ")], ids=["late", "early"]
)
def test_a_signature_holds_for_five_minutes(served, monkeypatch, minutes, message):
    moment = SystemClock().now() + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)
    answer = send(served.server, "ListWorkGroups")
    assert (answer.status, answer.kind) == (400, "InvalidSignatureException")
    assert answer.body["Message"].startswith(message)


def test_a_signature_four_minutes_old_holds(served, monkeypatch):
    moment = SystemClock().now() - timedelta(minutes=4)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)
    assert send(served.server, "ListWorkGroups").status == 200


@pytest.mark.parametrize("scope", [{"region": "eu-west-1"}, {"service": "glue"}], ids=str)
def test_a_signature_for_another_region_or_service_is_refused(served, scope):
    answer = send(served.server, "ListWorkGroups", **scope)
    assert (answer.status, answer.kind) == (400, "InvalidSignatureException")
    assert answer.body["Message"].startswith("Credential should be scoped to ")


@pytest.mark.parametrize(
    "header",
    [
        "AWS4-HMAC-SHA256 Credential=testing",
        "Bearer abc",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=h, Signature=s",
    ],
)
def test_half_an_authorization_is_incomplete(served, header):
    def put(request):
        request.headers.replace_header("Authorization", header)

    answer = send(served.server, "ListWorkGroups", change=put)
    assert (answer.status, answer.kind) == (400, "IncompleteSignatureException")


@pytest.mark.parametrize(
    ("target", "operation"),
    [("AmazonAthena", "DropEverything"), ("AmazonAthena", "StartSession"), ("AWSGlue", "GetTables")],
)
def test_an_operation_that_is_unknown_or_not_offered_is_refused(served, target, operation):
    answer = send(served.server, operation, target=target)
    assert (answer.status, answer.body) == (400, {"__type": "UnknownOperationException"})


def test_an_answer_has_the_headers_of_the_service(served):
    answer = send(served.server, "ListWorkGroups")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert uuid.UUID(answer.headers["x-amzn-requestid"])


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', {"MaxResults": "1"}, {"MaxResults": True}, {"NextToken": 1}], ids=str
)
def test_a_body_of_another_shape_is_refused(served, body):
    answer = send(served.server, "ListWorkGroups", body)
    assert (answer.status, answer.kind) == (400, "SerializationException")


@pytest.mark.parametrize(
    ("operation", "body", "problems"),
    [
        ("ListWorkGroups", {"MaxResults": 0}, ["maxResults: value greater than or equal to 1"]),
        ("ListWorkGroups", {"MaxResults": 51}, ["maxResults: value less than or equal to 50"]),
        (
            "GetQueryResults",
            {"QueryExecutionId": "x", "NextToken": "", "MaxResults": 0},
            ["nextToken: length greater than or equal to 1", "maxResults: value greater than or equal to 1"],
        ),
        (
            "StartQueryExecution",
            START | {"ClientRequestToken": "short"},
            ["clientRequestToken: length greater than or equal to 32"],
        ),
        (
            "StartQueryExecution",
            START | {"ClientRequestToken": "x" * 129},
            ["clientRequestToken: length less than or equal to 128"],
        ),
        (
            "BatchGetQueryExecution",
            {"QueryExecutionIds": ["x"] * 51},
            ["queryExecutionIds: length less than or equal to 50"],
        ),
    ],
)
def test_parameters_out_of_bounds_are_told_together(served, operation, body, problems):
    answer = send(served.server, operation, body)
    assert (answer.status, answer.kind, answer.body["AthenaErrorCode"]) == (
        400,
        "InvalidRequestException",
        "INVALID_INPUT",
    )
    told = "; ".join(
        f"Value at '{name}' failed to satisfy constraint: Member must have {rule}"
        for name, rule in (problem.split(": ") for problem in problems)
    )
    errors = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
    assert answer.body["Message"] == f"{errors} detected: {told}"


def test_a_required_parameter_that_is_absent_is_named(served):
    for body in ({}, {"QueryExecutionId": None}):
        answer = send(served.server, "GetQueryExecution", body)
        assert answer.body["Message"].endswith(
            "Value at 'queryExecutionId' failed to satisfy constraint: Member must not be null"
        )


def test_members_that_are_unknown_are_passed_over(served):
    token = str(uuid.uuid4())
    answer = send(served.server, "StartQueryExecution", START | {"ClientRequestToken": token, "Colour": "blue"})
    assert answer.status == 200
