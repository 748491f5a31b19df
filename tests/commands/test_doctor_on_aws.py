"""`doctor` of a lake on AWS: what it looks at, what it says of what is missing, and that it neither waits nor leaves anything."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lake.aws.connection import AwsOptions
from lake.clock import SystemClock
from lake.commands.console import aws_probe
from lake.commands.console.athena_checks import AthenaChecks
from lake.commands.console.aws_account import Account as AwsAccount
from lake.commands.console.aws_credentials import masked
from lake.config import AwsChoice
from tests.commands.conftest import OUTPUT, Account, Ran
from tests.commands.refusing import Call, Refusal, Refuse, Refusing, refusing
from tests.servers import free_port

MOST_CALLS = 18
Rows = dict[str, dict[str, str]]
Doctor = Callable[..., Rows]


def rows_of(ran: Ran) -> Rows:
    return {row["check"]: row for row in map(json.loads, ran.lines)}


@pytest.fixture
def doctor(signed: Account, run: Callable[..., Ran]) -> Doctor:
    """Run it on database `web`, and return its lines by name; it exits with 1 where one is FAIL."""

    def doctor(*options: str) -> Rows:
        ran = run("doctor", "--jsonl", "-d", "web", *options)
        rows = rows_of(ran)
        assert ran.err == ""
        assert ran.code == any(row["status"] == "FAIL" for row in rows.values())
        for row in rows.values():
            assert (row["remedy"] is None) == (row["status"] == "ok"), row
        return rows

    return doctor


Before = Callable[[Refuse], Refusing]


@pytest.fixture
def before(signed: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Before]:
    """Put what refuses before the account."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def put(refuse: Refuse) -> Refusing:
            made = stack.enter_context(refusing(signed.server, refuse))
            monkeypatch.setenv("AWS_ENDPOINT_URL", made.endpoint_url)
            return made

        yield put


def outcome(row: dict[str, str]) -> tuple[str, str, str]:
    return row["status"], row["detail"], row["remedy"]


def test_a_lake_in_order_is_ok(doctor: Doctor, before: Before, signed: Account) -> None:
    made = before(lambda call: None)
    rows = doctor("--output-location", "s3://results/in-order/")
    assert list(rows) == [
        *("versions", "lake", "region", "credentials", "endpoints", "identity"),
        *("glue:GetDatabases", "database", "glue:GetTables", "glue:GetTable", "glue:GetPartitions"),
        *("s3:ListBucket", "s3:GetObject"),
        *("workgroup", "athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:GetQueryExecution"),
        *("s3:PutObject", "athena:GetQueryResults", "athena:StopQueryExecution", "left behind"),
        *("writing", "clock", "state folder"),
    ]
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert "boto3" in rows["versions"]["detail"]
    assert "chosen by --output-location; database web; engine athena" in rows["lake"]["detail"]
    assert rows["identity"]["detail"].startswith("account 123456789012, arn:aws:")
    assert rows["glue:GetPartitions"]["detail"] == "web.visits"
    assert rows["s3:GetObject"]["detail"].startswith("s3://data/visits/day=")
    assert len(made.calls) <= MOST_CALLS
    left = signed.moto.client("s3").list_objects_v2(Bucket="results", Prefix="in-order/")
    assert left["KeyCount"] == 0


def test_with_duckdb_a_file_is_read_and_athena_is_not_asked(doctor: Doctor, before: Before) -> None:
    made = before(lambda call: None)
    rows = doctor("--engine", "duckdb")
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert "httpfs.duckdb_extension" in rows["httpfs"]["detail"]
    assert rows["a file by DuckDB"]["detail"].startswith("s3://data/visits/day=")
    assert not [call for call in made.calls if call.service == "athena"]


def test_no_secret_is_shown(signed: Account, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    url = signed.server.endpoint_url.replace("//", "//user:pass@")
    ran = run("doctor", "--jsonl", "-d", "web", "--endpoint-url", url)
    assert "from the environment, key ****MPLE, temporary" in ran.out
    assert not [secret for secret in ("AKIA", "a-secret", "a-token", "user:pass") if secret in ran.out + ran.err]
    assert masked("short") == "****"


USER = "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: "


def denial(call: Call) -> Refusal:
    if call.service == "s3":
        return Refusal("AccessDenied", "Access Denied", 403)
    return Refusal("AccessDeniedException", f"{USER}{call.service}:{call.operation}")


@pytest.mark.parametrize(
    ("service", "operation", "check", "status"),
    [
        ("glue", "GetDatabases", "glue:GetDatabases", "warn"),
        ("glue", "GetDatabase", "database", "FAIL"),
        ("glue", "GetTables", "glue:GetTables", "FAIL"),
        ("glue", "GetTable", "glue:GetTable", "FAIL"),
        ("glue", "GetPartitions", "glue:GetPartitions", "FAIL"),
        ("s3", "GET /data", "s3:ListBucket", "FAIL"),
        ("s3", "GET /data/visits", "s3:GetObject", "FAIL"),
        ("athena", "GetWorkGroup", "workgroup", "warn"),
        ("athena", "ListQueryExecutions", "athena:ListQueryExecutions", "warn"),
        ("athena", "StartQueryExecution", "athena:StartQueryExecution", "FAIL"),
        ("athena", "GetQueryExecution", "athena:GetQueryExecution", "FAIL"),
        ("athena", "GetQueryResults", "athena:GetQueryResults", "FAIL"),
        ("athena", "StopQueryExecution", "athena:StopQueryExecution", "FAIL"),
    ],
)
def test_a_permission_that_is_missing_is_named(
    doctor: Doctor, before: Before, service: str, operation: str, check: str, status: str
) -> None:
    def refuse(call: Call) -> Refusal | None:
        same = call.operation.startswith(operation) if operation.endswith("visits") else call.operation == operation
        return denial(call) if call.service == service and same else None

    before(refuse)
    row = doctor("--output-location", OUTPUT)[check]
    action = check if ":" in check else f"{service}:{operation}"
    assert row["status"] == status
    assert f"access denied to {action}" in row["detail"]
    assert row["remedy"].startswith(f"allow {action} in IAM")


def test_a_refusal_without_a_word_names_the_action_all_the_same(doctor: Doctor, before: Before) -> None:
    before(lambda call: Refusal("AccessDeniedException", "no") if call.operation == "GetTables" else None)
    assert doctor()["glue:GetTables"]["remedy"] == "allow glue:GetTables in IAM"


def test_a_key_that_is_refused_is_told_of_a_file(doctor: Doctor, before: Before) -> None:
    words = f"{USER}kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k"
    before(lambda call: Refusal("AccessDenied", words, 403) if call.operation.endswith(".parquet") else None)
    assert "allow kms:Decrypt on the key" in doctor("--engine", "duckdb")["s3:GetObject"]["remedy"]


@pytest.mark.parametrize(
    ("minutes", "status", "told"), [(0, "ok", "as AWS's"), (2, "warn", "120 s behind"), (-9, "FAIL", "540 s ahead of")]
)
def test_the_clock_is_compared(doctor: Doctor, before: Before, minutes: int, status: str, told: str) -> None:
    before(lambda call: None).skew = timedelta(minutes=minutes)
    row = doctor("--output-location", OUTPUT)["clock"]
    assert row["status"] == status
    seconds = int(told.split(maxsplit=1)[0]) if minutes else 0
    assert told in row["detail"] or any(f"{seconds + off} s" in row["detail"] for off in (-2, -1, 1, 2))


def test_a_clock_that_aws_refuses_is_told_with_the_refusal(doctor: Doctor, before: Before) -> None:
    made = before(lambda call: Refusal("InvalidSignatureException", "Signature expired: 1 is now earlier than 2"))
    made.skew = timedelta(minutes=20)
    rows = doctor()
    assert "the clock of this machine" in rows["identity"]["detail"]
    assert outcome(rows["permissions"]) == ("warn", "not tried", "mend the above first")
    assert rows["clock"]["status"] == "FAIL"


def test_credentials_that_are_refused_end_it(doctor: Doctor, before: Before) -> None:
    made = before(
        lambda call: Refusal("InvalidClientTokenId", "The security token included in the request is invalid.")
    )
    assert "AWS does not know these credentials" in doctor()["identity"]["detail"]
    assert made.calls == [Call("sts", "GetCallerIdentity")]


# Endpoints


def test_an_endpoint_that_is_down_is_met_once(doctor: Doctor) -> None:
    rows = doctor("--endpoint-url", f"http://127.0.0.1:{free_port()}")
    assert "Could not connect" in rows["identity"]["detail"]
    assert rows["glue"]["status"] == rows["athena"]["status"] == "FAIL"
    assert "not tried: http://127.0.0.1" in rows["glue"]["detail"]


def test_an_endpoint_that_is_silent_is_waited_for_once(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_probe, "CALL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        rows = doctor("--endpoint-url", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - begun < 4
    assert "did not answer within 0.5 seconds" in rows["identity"]["detail"]
    assert rows["glue"]["status"] == "FAIL"


def test_sts_alone_may_be_out_of_reach(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"http://127.0.0.1:{free_port()}")
    rows = doctor("--output-location", OUTPUT)
    assert [name for name, row in rows.items() if row["status"] != "ok"] == ["identity"]
    assert "http://127.0.0.1" in rows["endpoints"]["detail"]


# Workgroups


def workgroup(signed: Account, name: str, **configuration: object) -> None:
    athena = signed.server.client("athena")
    if name not in [group["Name"] for group in athena.list_work_groups()["WorkGroups"]]:
        athena.create_work_group(Name=name, Configuration=configuration)


def test_the_settings_of_the_workgroup_are_told(doctor: Doctor, signed: Account) -> None:
    results = {"OutputLocation": "s3://results/own/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    workgroup(signed, "own", ResultConfiguration=results, BytesScannedCutoffPerQuery=10**10)
    told = (
        "own, enabled, engine version 3, settings enforced, at most 10.0 GB a query, encrypted by SSE_S3, results in "
    )
    assert outcome(doctor("--workgroup", "own")["workgroup"]) == ("ok", f"{told}s3://results/own/", None)
    row = doctor("--workgroup", "own", "--output-location", OUTPUT)["workgroup"]
    assert row["status"] == "warn"
    assert row["detail"].endswith(f"results in s3://results/own/, not in {OUTPUT} as --output-location says")
    assert "leave out --output-location" in row["remedy"]


def test_results_that_athena_keeps_need_no_place(doctor: Doctor, signed: Account) -> None:
    workgroup(signed, "managed", ManagedQueryResultsConfiguration={"Enabled": True})
    rows = doctor("--workgroup", "managed")
    assert rows["workgroup"]["detail"].endswith("results kept by Athena")
    assert rows["athena:GetQueryResults"]["status"] == "ok"
    assert "left behind" not in rows


def test_a_workgroup_without_a_place_for_results_fails(doctor: Doctor) -> None:
    rows = doctor()
    assert rows["workgroup"]["status"] == "FAIL"
    assert "no place for results" in rows["workgroup"]["detail"]
    assert "--output-location s3://BUCKET/PREFIX/" in rows["workgroup"]["remedy"]
    assert rows["athena:StartQueryExecution"]["detail"] == "not tried"


def test_a_workgroup_that_is_disabled_or_absent_fails(doctor: Doctor, signed: Account) -> None:
    workgroup(signed, "closed")
    signed.server.client("athena").update_work_group(WorkGroup="closed", State="DISABLED")
    row = doctor("--workgroup", "closed")["workgroup"]
    assert (row["status"], row["remedy"]) == ("FAIL", "enable it, or give another --workgroup")
    assert doctor("--workgroup", "nobodys")["workgroup"]["detail"] == "there is no workgroup 'nobodys'"


def test_a_place_for_results_that_is_not_there_is_told(doctor: Doctor) -> None:
    rows = doctor("--output-location", "s3://nobodys-bucket/")
    failed = [row for name, row in rows.items() if name.startswith("athena:") and row["status"] == "FAIL"]
    assert "nobodys-bucket" in failed[0]["detail"]
    assert "--output-location s3://BUCKET/PREFIX/" in failed[0]["remedy"]


def test_a_result_that_may_not_be_written_is_told_of_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = f"Access denied when writing output to url: s3://results/x.csv. {USER}s3:PutObject on resource: x"
    failed = {
        "QueryExecutionId": "q-1",
        "Status": {"State": "FAILED", "StateChangeReason": reason},
        "ResultConfiguration": {"OutputLocation": "s3://results/x.csv"},
    }
    answers = {
        "get_work_group": {"WorkGroup": {"Name": "primary", "State": "ENABLED"}},
        "start_query_execution": {"QueryExecutionId": "q-1"},
        "get_query_execution": {"QueryExecution": failed},
    }
    choice = AwsChoice(AwsOptions(output_location=OUTPUT), "--database", "web", "athena")
    account = AwsAccount.of(choice, SystemClock())
    monkeypatch.setattr(account.probe, "ask", lambda service, operation, subject, **_: answers.get(operation, {}))
    rows = {check.name: check for check in AthenaChecks(account).all()}
    assert rows["athena:GetQueryExecution"].status == "ok"
    assert rows["SELECT 1"].status == "FAIL"
    assert rows["SELECT 1"].remedy == "allow s3:PutObject in IAM"
    assert "s3:PutObject" not in rows


# What is there, and who one is


def test_a_database_that_is_not_there_is_told_with_those_that_are(doctor: Doctor) -> None:
    rows = doctor("-d", "nope", "--output-location", OUTPUT)
    assert outcome(rows["database"]) == (
        "FAIL",
        "'nope' is not in the catalog",
        "give -d DATABASE; there are default, web",
    )
    assert rows["s3:ListBucket, s3:GetObject"]["status"] == "warn"
    assert rows["athena:GetQueryResults"]["status"] == "ok"


def test_without_tables_there_is_nothing_to_try(doctor: Doctor) -> None:
    rows = doctor("-d", "default", "--engine", "duckdb")
    assert {row["status"] for row in rows.values()} == {"ok"}
    assert rows["s3:ListBucket, s3:GetObject"]["detail"] == "not tried: no table"
    assert rows["a file by DuckDB"]["detail"] == "not tried: no file was found"


def test_keys_in_the_environment_that_hide_a_profile_are_told(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")
    row = doctor("--engine", "duckdb")["credentials"]
    assert row["status"] == "warn"
    assert row["detail"].endswith("they win over AWS_PROFILE=work")
    assert row["remedy"] == "unset AWS_ACCESS_KEY_ID, or give --profile work"


def test_what_is_to_come_of_the_settings_is_told_at_once(
    signed: Account, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked(*options: str) -> Rows:
        ran = run("doctor", "--jsonl", "-d", "web", *options)
        assert ran.code == 1
        return rows_of(ran)

    row = checked("--profile", "nobody")["region"]
    assert outcome(row) == (
        "FAIL",
        "AWS: there is no profile 'nobody'",
        "`aws configure list-profiles` lists those there are",
    )
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    assert "set AWS_REGION" in checked()["region"]["remedy"]
    for name in list(os.environ):
        if name.startswith("AWS_") and name != "AWS_EC2_METADATA_DISABLED":
            monkeypatch.delenv(name)
    row = checked("--region", "us-east-1")["credentials"]
    assert row["detail"] == "AWS: no AWS credentials were found"
    assert "give --profile" in row["remedy"]


def test_a_state_folder_that_cannot_be_made_is_told(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    row = doctor("--output-location", OUTPUT)["state folder"]
    assert row["status"] == "warn"
    assert "XDG_STATE_HOME" in row["remedy"]
