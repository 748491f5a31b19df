"""What goes wrong on AWS, by the real commands on both engines: one line that names the thing, a remedy, the exit code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lake.engine.athena import calls
from tests.commands.conftest import OUTPUT, Account, Ran, tap_lake
from tests.commands.refusing import Call, Refusal, Refuse, refusing
from tests.servers import free_port

ENGINES = ("athena", "duckdb")
COMMANDS = {
    "tables": ("tables", "{database}"),
    "describe": ("describe", "{database}.{table}"),
    "partitions": ("partitions", "list", "{database}.{table}"),
    "query": ("query", "SELECT {column} FROM {database}.{table}"),
}
ALL = tuple(COMMANDS)
QUERY = ("query",)
OF_A_TABLE = ("describe", "partitions", "query")
NAMES = {"database": "web", "table": "visits", "column": "n"}

Ask = Callable[..., Ran]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(signed: Account, run: Callable[..., Ran], engine: str) -> Ask:
    """Run one of COMMANDS on table `web.visits`, or what `names` says instead."""

    def ask(command: str, *options: str, **names: str) -> Ran:
        words = [word.format(**(NAMES | names)) for word in COMMANDS[command]]
        return run("--engine", engine, "--output-location", OUTPUT, *options, *words)

    return ask


def check(ran: Ran, code: int, message: str, hint: str) -> None:
    """The message is one line, and the hint one more; nothing is on standard output."""
    lines = ran.err.splitlines()
    assert [line[:10] for line in lines] == ["tap-lake: ", "  hint: " + lines[-1][8:10]], ran.err
    assert message in lines[0]
    assert hint in lines[1]
    assert (ran.code, ran.out) == (code, "")


def test_all_goes_well_where_nothing_is_wrong(ask: Ask) -> None:
    for command in ALL:
        ran = ask(command)
        assert (ran.code, bool(ran.out)) == (0, True), ran.err


# Names


def test_a_database_that_is_not_there_is_named(ask: Ask) -> None:
    for command in ALL:
        check(ask(command, database="nope"), 1, "database 'nope' is not in the catalog", "tap-lake tables")


def test_a_table_that_is_not_there_is_named(ask: Ask) -> None:
    for command in OF_A_TABLE:
        ran = ask(command, table="visit")
        close = "did you mean web.visits?" if command == "query" else "tap-lake tables"
        check(ran, 1, "table 'web.visit' is not in the catalog", close)


def test_a_column_that_is_not_there_is_named(ask: Ask, engine: str) -> None:
    ran = ask("query", column="m")
    assert ran.code == 1
    assert ran.err.startswith("tap-lake: line 1:8: Column 'm' cannot be resolved")


@pytest.mark.parametrize("engine", ["athena"], indirect=True)
def test_a_workgroup_is_named_that_is_not_there_or_has_no_place_for_results(
    ask: Ask, run: Callable[..., Ran], signed: Account
) -> None:
    check(ask("query", "--workgroup", "nobodys"), 2, "there is no workgroup 'nobodys'", "aws athena list-work-groups")
    ran = run("--engine", "athena", "query", "SELECT 1")
    check(ran, 2, "workgroup 'primary' has no place for results", "--output-location s3://BUCKET/PREFIX/")


# Credentials and settings


def no_settings(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    for name in names:
        monkeypatch.delenv(name, raising=False)


KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def test_without_credentials_it_is_told_how_to_give_them(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    no_settings(monkeypatch, *KEYS)
    for command in ALL:
        check(ask(command), 3, "no AWS credentials were found", "give --profile, or set AWS_PROFILE")


def test_credentials_that_say_that_they_have_expired_are_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
    for command in ALL:
        check(ask(command), 3, "the credentials have expired", "renew them")


def test_without_a_region_it_is_told_how_to_give_one(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    no_settings(monkeypatch, "AWS_REGION", "AWS_DEFAULT_REGION")
    for command in ALL:
        check(ask(command), 3, "no AWS region is set", "give --region, or set AWS_REGION")


def test_a_profile_that_is_not_there_is_named(ask: Ask) -> None:
    for command in ALL:
        check(ask(command, "--profile", "nobody"), 3, "there is no profile 'nobody'", "aws configure list-profiles")


def test_an_sso_session_that_has_expired_is_told_with_the_command_that_renews_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n"
    account = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = reader\n"
    (tmp_path / "config").write_text(f"{session}[profile work]\n{account}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for command in ALL:
        ran = ask(command, "--profile", "work")
        check(
            ran, 3, "SSO session of profile 'work' has expired or was not begun", "hint: aws sso login --profile work"
        )


def test_a_region_that_is_none_is_told(ask: Ask) -> None:
    for command in ALL:
        check(ask(command, "--region", "us east"), 3, "'us east' doesn't match", "check --region")


@pytest.mark.parametrize("engine", ["athena"], indirect=True)
def test_a_region_that_requests_are_not_taken_for_is_told(ask: Ask) -> None:
    check(
        ask("query", "--region", "eu-west-1"), 3, "the endpoint is of another region", "check --region and AWS_REGION"
    )


@pytest.mark.parametrize("command", ["tables", "query"])
def test_an_endpoint_that_is_down_is_named(ask: Ask, command: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    check(ask(command, "--endpoint-url", url), 3, f'Could not connect to the endpoint URL: "{url}/"', "endpoint is up")


def test_an_endpoint_that_is_no_url_is_named(ask: Ask) -> None:
    for command in ALL:
        ran = ask(command, "--endpoint-url", "localhost:4566")
        check(ran, 3, "Invalid endpoint: localhost:4566", "https://host:port")


# What AWS refuses

USER = "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: "
KEY = "kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k"


def of(service: str, **by_service: Any) -> Refuse:
    return lambda call: Refusal(**by_service) if call.service == service else None


def expired(call: Call) -> Refusal:
    code = "ExpiredToken" if call.service == "s3" else "ExpiredTokenException"
    return Refusal(code, "The security token included in the request is expired")


def wrong(call: Call) -> Refusal:
    code = "InvalidAccessKeyId" if call.service == "s3" else "UnrecognizedClientException"
    return Refusal(code, "The security token included in the request is invalid.", 403)


def denied(call: Call) -> Refusal | None:
    return (
        Refusal("AccessDeniedException", f"{USER}glue:{call.operation} on resource: x")
        if call.service == "glue"
        else None
    )


@pytest.mark.parametrize(
    ("refuse", "code", "message", "hint"),
    [
        (expired, 3, "the credentials have expired", "renew them; where they come from SSO: aws sso login"),
        (wrong, 3, "AWS does not know these credentials", "check access key, secret and session token"),
        (lambda call: Refusal("InvalidSignatureException", "Signature expired: 1 is now earlier than 2"), 3, "the clock of this machine", "set the clock"),
        (lambda call: Refusal("OptInRequired", "The account is not subscribed"), 3, "may not use this service or region", "enable the region"),
    ],
    ids=["expired", "wrong", "skewed", "not enabled"],
)  # fmt: skip
def test_what_is_refused_of_everything_is_told(
    ask: Ask, signed: Account, monkeypatch: pytest.MonkeyPatch, refuse: Refuse, code: int, message: str, hint: str
) -> None:
    monkeypatch.setattr(calls, "EXPIRY", calls.ONCE)
    with refusing(None, refuse) as before:
        for command in ALL:
            check(ask(command, "--endpoint-url", before.endpoint_url), code, message, hint)


@pytest.mark.parametrize("engine", ["duckdb"], indirect=True)
@pytest.mark.parametrize(
    ("refuse", "commands", "message", "hint"),
    [
        (denied, ALL, "access denied to glue:GetTable", "allow glue:GetTable"),
        (of("glue", code="GlueEncryptionException", message="An encryption operation failed."), ALL, "the encryption key was refused", "kms:Decrypt"),
        (of("glue", code="AccessDeniedException", message="Insufficient Lake Formation permission(s) on visits"), ALL, "Lake Formation denies it", "granted in Lake Formation"),
        (of("s3", code="AccessDenied", message="Access Denied", status=403), QUERY, "s3://data/visits/day=2026-01-30/: access denied to s3:ListBucket", "allow s3:ListBucket in IAM"),
        (of("s3", code="AccessDenied", message=USER + KEY, status=403), QUERY, "the encryption key was refused", "allow kms:Decrypt on the key"),
        (of("s3", code="NoSuchBucket", status=404), QUERY, "s3://data/visits/day=2026-01-30/: there is no such bucket", "check its name"),
        (of("s3", code="PermanentRedirect", status=301, headers={"x-amz-bucket-region": "eu-west-1"}), QUERY, "s3://data/visits/day=2026-01-30/ is in eu-west-1", "give --region eu-west-1"),
    ],
    ids=["glue denied", "glue's key", "Lake Formation", "s3 denied", "s3's key", "no bucket", "bucket elsewhere"],
)  # fmt: skip
def test_what_a_service_refuses_is_told_of_the_thing(
    ask: Ask, signed: Account, refuse: Refuse, commands: tuple[str, ...], message: str, hint: str
) -> None:
    with refusing(signed.server, refuse) as before:
        for command in commands:
            check(ask(command, "--endpoint-url", before.endpoint_url), 1, message, hint)


@pytest.mark.parametrize("engine", ["athena"], indirect=True)
@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        ({"code": "AccessDeniedException", "message": f"{USER}athena:StartQueryExecution on resource: x"}, 1, "access denied to athena:StartQueryExecution", "allow athena:StartQueryExecution on x in IAM"),
        ({"code": "InvalidRequestException", "message": "Unable to verify/create output bucket results"}, 1, "cannot write results to s3://results/work/", "--output-location"),
        ({"code": "InvalidRequestException", "message": "WorkGroup is disabled."}, 2, "workgroup 'primary' is disabled", "enable it"),
    ],
    ids=["denied", "output bucket", "disabled"],
)  # fmt: skip
def test_what_athena_refuses_is_told(
    ask: Ask, signed: Account, words: dict[str, str], code: int, message: str, hint: str
) -> None:
    with refusing(signed.server, of("athena", **words)) as before:
        check(ask("query", "--endpoint-url", before.endpoint_url), code, message, hint)


def test_a_process_of_its_own_ends_alike(signed: Account, engine: str) -> None:
    ran = tap_lake("--engine", engine, "--profile", "nobody", "tables", "web")
    assert ran.returncode == 3
    assert (
        ran.stderr
        == "tap-lake: Glue: there is no profile 'nobody'\n  hint: `aws configure list-profiles` lists those there are\n"
    )
