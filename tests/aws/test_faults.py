"""What AWS refuses, and why it cannot be reached: one line each that names the thing, a remedy, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lake.aws.connection import AwsConnection, AwsOptions
from lake.aws.faults import translate, translated
from lake.errors import (
    AccessDenied,
    CatalogFailed,
    ConnectionFailed,
    CredentialsFailed,
    LakeError,
    StorageFailed,
    Throttled,
)
from tests.servers import CREDENTIALS, free_port

USER = "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: "


def refusal(
    code: str, message: str = "", *, operation: str = "GetTable", status: int = 400, **headers: str
) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, operation)


@pytest.mark.parametrize(
    ("error", "kind", "message", "hint"),
    [
        (refusal("ExpiredTokenException"), CredentialsFailed, "the credentials have expired", "aws sso login --profile ann"),
        (refusal("UnrecognizedClientException", "The security token is invalid."), CredentialsFailed, "does not know these credentials of profile 'ann' (The security token is invalid.)", "sts get-caller-identity"),
        (refusal("InvalidAccessKeyId"), CredentialsFailed, "does not know these credentials", "access key"),
        (refusal("SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier"), CredentialsFailed, "the clock of this machine", "set the clock"),
        (refusal("RequestTimeTooSkewed"), CredentialsFailed, "the clock of this machine", "set the clock"),
        (refusal("AccessDeniedException", f"{USER}glue:GetTable on resource: arn:aws:glue:us-east-1:1:table/web/clicks because no identity-based policy allows the glue:GetTable action"), AccessDenied, "access denied to glue:GetTable", "allow glue:GetTable on arn:aws:glue:us-east-1:1:table/web/clicks in IAM"),
        (refusal("AccessDeniedException", f"{USER}glue:GetTable on resource: x with an explicit deny in a service control policy"), AccessDenied, "a policy denies it expressly", "no other can allow it"),
        (refusal("AccessDenied", "Access Denied", operation="ListObjectsV2"), AccessDenied, "access denied to s3:ListBucket", "allow s3:ListBucket in IAM"),
        (refusal("403", "Forbidden", operation="HeadObject"), AccessDenied, "access denied to s3:GetObject", "allow s3:GetObject in IAM"),
        (refusal("AccessDeniedException", "Insufficient Lake Formation permission(s): Required Describe on clicks"), AccessDenied, "Lake Formation denies it", "granted in Lake Formation"),
        (refusal("AccessDenied", f"{USER}kms:Decrypt on resource: arn:aws:kms:us-east-1:1:key/k"), AccessDenied, "the encryption key was refused", "allow kms:Decrypt on the key"),
        (refusal("KMS.DisabledException", "arn:aws:kms:us-east-1:1:key/k is disabled"), AccessDenied, "the encryption key was refused", "kms:GenerateDataKey"),
        (refusal("GlueEncryptionException", "An encryption operation failed."), AccessDenied, "the encryption key was refused", "kms:Decrypt"),
        (refusal("ThrottlingException", "Rate exceeded"), Throttled, "too many calls (ThrottlingException)", "try again later"),
        (refusal("SlowDown", status=503), Throttled, "too many calls", "try again later"),
        (refusal("PermanentRedirect", status=301, **{"x-amz-bucket-region": "eu-west-1"}), StorageFailed, "is in eu-west-1", "give --region eu-west-1"),
        (refusal("AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-central-1'"), StorageFailed, "is in eu-central-1", "give --region eu-central-1"),
        (refusal("OptInRequired", "not subscribed"), ConnectionFailed, "may not use this service or region", "enable the region"),
        (refusal("InternalServiceException", "oops", status=500), StorageFailed, "the service failed", "try again later"),
        (refusal("InvalidInputException", "name\n  is bad"), StorageFailed, "name is bad (InvalidInputException)", None),
    ],
)  # fmt: skip
def test_a_refusal_is_a_line_with_its_remedy(
    error: ClientError, kind: type[LakeError], message: str, hint: str | None
) -> None:
    told = translate(error, "bucket 'b'", profile="ann", failure=StorageFailed)
    assert type(told) is kind
    assert told.message.startswith("bucket 'b'")
    assert message in told.message
    assert "\n" not in told.message
    assert (hint is None and told.hint is None) or (hint is not None and hint in str(told.hint))
    assert told.exit_code == (3 if isinstance(told, ConnectionFailed) else 1)


def ask(options: AwsOptions) -> LakeError:
    """Ask Glue for its databases, in vain."""
    with pytest.raises(LakeError) as raised, translated("Glue", profile=options.profile, failure=CatalogFailed):
        AwsConnection(options).client("glue", retries=False).get_databases()
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 3
    return raised.value


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    return path


def test_absent_credentials_and_regions_are_told() -> None:
    assert str(ask(AwsOptions(region="us-east-1"))) == "Glue: no AWS credentials were found"
    assert str(ask(AwsOptions())) == "Glue: no AWS region is set"


def test_credentials_cut_short_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    assert "incomplete" in str(ask(AwsOptions(region="us-east-1")))


def test_a_profile_that_is_not_there_is_named() -> None:
    told = ask(AwsOptions(profile="nobody", region="us-east-1"))
    assert str(told) == "Glue: there is no profile 'nobody'"
    assert told.hint == "`aws configure list-profiles` lists those there are"


@pytest.mark.parametrize("known", [True, False], ids=["expired", "never begun"])
def test_an_expired_sso_session_is_told_with_the_command_that_renews_it(config: Path, known: bool) -> None:
    start = "https://example.awsapps.com/start"
    account = "sso_account_id = 123456789012\nsso_role_name = reader\nregion = us-east-1"
    config.write_text(f"[profile work]\nsso_start_url = {start}\nsso_region = us-east-1\n{account}\n")
    if known:
        from botocore.utils import SSOTokenLoader

        cache: dict[str, str] = {}
        SSOTokenLoader(cache).save_token(start, {"accessToken": "t", "expiresAt": "2020-01-01T00:00:00Z"})
        folder = Path.home() / ".aws" / "sso" / "cache"
        folder.mkdir(parents=True)
        for name, token in cache.items():
            (folder / f"{name}.json").write_text(json.dumps(token))
    told = ask(AwsOptions(profile="work"))
    assert isinstance(told, CredentialsFailed)
    assert "SSO session of profile 'work' has expired or was not begun" in str(told)
    assert told.hint == "aws sso login --profile work"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("credential_process = false", "credential_process of profile 'broken' gave no credentials"),
        ("credential_process = /nowhere/program", "the credentials cannot be had by /nowhere/program"),
        ("role_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = /nowhere", "cannot be had by /nowhere"),
    ],
)
def test_a_source_that_gives_no_credentials_is_told(config: Path, setting: str, message: str) -> None:
    config.write_text(f"[profile broken]\n{setting}\nregion = us-east-1\n")
    told = ask(AwsOptions(profile="broken"))
    assert message in str(told)
    assert told.hint


@pytest.mark.parametrize(
    ("until", "message"),
    [("2020-01-01T00:00:00Z", "Glue: the credentials have expired"), ("tomorrow", "Glue: the credentials are not understood: Unknown string format: tomorrow")],
)  # fmt: skip
def test_an_end_of_credentials_in_the_environment_is_looked_at(
    signed: None, monkeypatch: pytest.MonkeyPatch, until: str, message: str
) -> None:
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", until)
    assert str(ask(AwsOptions(region="us-east-1"))) == message


def test_any_web_server_is_told_from_aws(signed: None) -> None:
    told = translate(refusal("404", "Not Found", status=404), "Glue", failure=CatalogFailed)
    assert isinstance(told, ConnectionFailed)
    assert told.hint == "check --endpoint-url"


def test_an_endpoint_that_is_down_is_told(signed: None) -> None:
    told = ask(AwsOptions(region="us-east-1", endpoint_url=f"http://127.0.0.1:{free_port()}"))
    assert "Could not connect" in str(told)
    assert told.hint == "check that the endpoint is up and --endpoint-url is right"


@pytest.mark.parametrize("url", ["localhost:4566", "http://"])
def test_an_endpoint_that_is_no_url_is_told(signed: None, url: str) -> None:
    assert "Invalid endpoint" in str(ask(AwsOptions(region="us-east-1", endpoint_url=url)))


def test_a_wrong_region_is_told(signed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "check --region" in str(ask(AwsOptions(region="not a region")).hint)
    monkeypatch.setattr("socket.getaddrinfo", unknown_host)
    told = ask(AwsOptions(region="us-north-7"))
    assert told.hint == "check the network, and that us-north-7 is the region you mean (--region)"


def unknown_host(*_: object, **__: object) -> None:
    raise OSError(-2, "Name or service not known")
