"""A query's life: submitted, queued, run, ended; stopped, repeated, listed."""

import time
import uuid
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.serve.conftest import MOST_ACTIVE, OUTPUT, RUNNING, UNENDING, send, texts

STATE_ERROR = "INVALID_QUERY_EXECUTION_STATE"


def refused(call, *args, **options):
    with pytest.raises(ClientError) as caught:
        call(*args, **options)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    return answer["Error"]["Code"], answer.get("AthenaErrorCode"), answer["Error"]["Message"]


def test_a_query_that_succeeds_is_described_in_full(served):
    context = {"Catalog": "AwsDataCatalog", "Database": "web"}
    execution = served.run("SELECT count(*) FROM many", QueryExecutionContext=context)
    name = execution["QueryExecutionId"]
    assert execution["Query"] == "SELECT count(*) FROM many"
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DML", "SELECT")
    assert execution["QueryExecutionContext"] == {"Catalog": "awsdatacatalog", "Database": "web"}
    assert execution["ResultConfiguration"] == {"OutputLocation": f"{OUTPUT}/{name}.csv"}
    assert execution["WorkGroup"] == "primary"
    assert execution["EngineVersion"] == {
        "SelectedEngineVersion": "AUTO",
        "EffectiveEngineVersion": "Athena engine version 3",
    }
    status = execution["Status"]
    assert set(status) == {"State", "SubmissionDateTime", "CompletionDateTime"}
    assert timedelta() <= status["CompletionDateTime"] - status["SubmissionDateTime"] < timedelta(seconds=20)
    statistics = execution["Statistics"]
    for part in ("DataScannedInBytes", "EngineExecutionTimeInMillis", "QueryQueueTimeInMillis"):
        assert statistics[part] > 0
    assert statistics["TotalExecutionTimeInMillis"] > 0
    assert statistics["ResultReuseInformation"] == {"ReusedPreviousResult": False}
    assert "DataManifestLocation" not in statistics
    assert "ExecutionParameters" not in execution


def test_a_context_that_was_not_given_is_not_told(served):
    assert served.run("SELECT 1").get("QueryExecutionContext", {}) == {}


def test_the_database_may_stand_between_back_ticks(served):
    execution = served.run("SHOW COLUMNS IN `many`", QueryExecutionContext={"Database": "`web`"})
    assert execution["Status"]["State"] == "SUCCEEDED"
    assert execution["QueryExecutionContext"] == {"Database": "`web`"}


def test_a_stopped_query_is_cancelled_within_a_second(served):
    name = served.start(UNENDING)
    assert served.wait(name, "RUNNING")["Status"]["State"] == "RUNNING"
    code = refused(served.client.get_query_results, QueryExecutionId=name)
    assert code == ("InvalidRequestException", STATE_ERROR, "Query has not yet finished. Current state: RUNNING")
    begun = time.monotonic()
    served.client.stop_query_execution(QueryExecutionId=name)
    execution = served.wait(name)
    assert time.monotonic() - begun < 1
    status = execution["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
    assert "AthenaError" not in status
    assert status["CompletionDateTime"]
    code = refused(served.client.get_query_results, QueryExecutionId=name)
    assert code == ("InvalidRequestException", "RESULT_NOT_FOUND", "Could not find results")
    # The engine has let go of it: the next query is answered at once.
    begun = time.monotonic()
    assert served.run("SELECT 1")["Status"]["State"] == "SUCCEEDED"
    assert time.monotonic() - begun < 2


def test_stopping_a_query_that_has_ended_changes_nothing(served):
    name = served.run("SELECT 1")["QueryExecutionId"]
    served.client.stop_query_execution(QueryExecutionId=name)
    assert served.state(name) == "SUCCEEDED"


def test_more_queries_than_run_at_once_are_queued_and_can_be_stopped_there(served):
    names = [served.start(UNENDING) for _ in range(RUNNING + 1)]
    try:
        assert served.state(names[-1]) == "QUEUED"
        served.client.stop_query_execution(QueryExecutionId=names[-1])
        assert served.state(names[-1]) == "CANCELLED"
    finally:
        for name in names:
            served.client.stop_query_execution(QueryExecutionId=name)
    assert {served.state(name) for name in names} == {"CANCELLED"}


def test_more_queries_than_an_account_may_have_are_refused(served):
    names = [served.start(UNENDING) for _ in range(MOST_ACTIVE)]
    try:
        token = str(uuid.uuid4())
        body = {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": OUTPUT}}
        answer = send(served.server, "StartQueryExecution", {**body, "ClientRequestToken": token})
        assert (answer.status, answer.kind) == (400, "TooManyRequestsException")
        assert answer.body["Reason"] == "CONCURRENT_QUERY_LIMIT_EXCEEDED"
        served.client.stop_query_execution(QueryExecutionId=names.pop())
        # What was refused has used nothing up, the token neither.
        answer = send(served.server, "StartQueryExecution", {**body, "ClientRequestToken": token})
        names.append(answer.body["QueryExecutionId"])
    finally:
        for name in reversed(names):
            served.client.stop_query_execution(QueryExecutionId=name)


@pytest.mark.parametrize(
    ("sql", "message", "kind"),
    [
        ("SELECT * FROM nope", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.default.nope' does not exist", 1301),
        ("SELECT * FROM nodb.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'nodb' does not exist", 1301),
        ("SELECT 1 + 'a'", "TYPE_MISMATCH: line 1:8: Cannot apply operator: integer + varchar(1)", 1002),
        ("SELECT * FROM other.web.many", "CATALOG_NOT_FOUND: line 1:15: Catalog 'other' not found", 1006),
        ("SELECT 1 / 0", "DIVISION_BY_ZERO: Division by zero", 1001),
        ("SELECT CAST('a' AS int)", "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT", 1100),
        ("SELECT foo(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'foo' not registered", 1303),
        ("EXPLAIN SELECT 1", "NOT_SUPPORTED: EXPLAIN is not supported yet", 1200),
    ],
)
def test_a_query_that_fails_says_why_in_trinos_words(served, sql, message, kind):
    execution = served.run(sql)
    status = execution["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("FAILED", message)
    assert status["AthenaError"] == {
        "ErrorCategory": 2,
        "ErrorType": kind,
        "Retryable": False,
        "ErrorMessage": message,
    }
    code = refused(served.client.get_query_results, QueryExecutionId=execution["QueryExecutionId"])
    said = "Query did not finish successfully. Final query state: FAILED"
    assert code == ("InvalidRequestException", STATE_ERROR, said)


def test_a_column_that_is_absent_and_a_catalog_that_is_unknown(served):
    status = served.run("SELECT nope FROM web.many")["Status"]
    assert status["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved or ")
    assert status["AthenaError"]["ErrorType"] == 1006
    status = served.run("SELECT 1", QueryExecutionContext={"Catalog": "elsewhere"})["Status"]
    assert status["StateChangeReason"] == "CATALOG_NOT_FOUND: Catalog 'elsewhere' not found"
    assert status["AthenaError"]["ErrorType"] == 1006


def test_a_statement_of_hives_fails_in_hives_words_and_has_an_empty_result(served):
    execution = served.run("DROP TABLE nope")
    status = execution["Status"]
    assert status["StateChangeReason"] == "FAILED: SemanticException [Error 10001]: Table not found nope"
    assert (status["AthenaError"]["ErrorCategory"], status["AthenaError"]["ErrorType"]) == (2, 1006)
    written = served.object(execution["ResultConfiguration"]["OutputLocation"])
    assert written.decode() == status["StateChangeReason"]
    results = served.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert results["ResultSet"] == {"Rows": []}


def test_other_failures_of_hives_name_its_task(served):
    status = served.run("CREATE DATABASE web")["Status"]
    assert status["StateChangeReason"].startswith(
        "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException("
    )
    status = served.run("SHOW TABLES IN nodb")["Status"]
    assert status["StateChangeReason"] == "FAILED: SemanticException [Error 10072]: Database does not exist: nodb"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'. Expecting: "),
        ("SELECT 1 FROM (VALUES 1) t(a) WHERE", "line 1:31: mismatched input 'WHERE'"),
        ("CREATE EXTERNAL TABL t (a int)", "line 1:17: mismatched input 'TABL'. Expecting: 'TABLE'"),
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"),
        ("-- nothing", "Queries of this type are not supported"),
        ("GRANT SELECT ON t TO u", "Queries of this type are not supported"),
    ],
)
def test_what_does_not_parse_never_becomes_an_execution(served, sql, message):
    before = served.client.list_query_executions(MaxResults=1)["QueryExecutionIds"]
    kind, code, said = refused(served.start, sql)
    assert (kind, code) == ("InvalidRequestException", "MALFORMED_QUERY")
    assert said.startswith(message)
    assert served.client.list_query_executions(MaxResults=1)["QueryExecutionIds"] == before


def test_a_statement_may_end_with_a_semicolon(served):
    assert texts(served.results("SELECT 1 AS x;")) == [["x"], ["1"]]


def test_the_same_token_runs_once(served):
    token = str(uuid.uuid4())
    first = served.start("SELECT 1", ClientRequestToken=token)
    assert served.start("SELECT 1", ClientRequestToken=token, ExecutionParameters=["1"]) == first
    served.wait(first)
    assert served.start("SELECT 1", ClientRequestToken=token) == first
    listed = served.client.list_query_executions(MaxResults=2)["QueryExecutionIds"]
    assert listed.count(first) == 1
    assert listed[0] == first


@pytest.mark.parametrize(
    "changed",
    [
        {"QueryString": "SELECT 2"},
        {"QueryExecutionContext": {"Database": "web"}},
        {"QueryExecutionContext": {"Catalog": "awsdatacatalog"}},
        {"ResultConfiguration": {"OutputLocation": "s3://lake/elsewhere/"}},
    ],
    ids=str,
)
def test_the_same_token_for_something_else_is_refused(served, changed):
    token = str(uuid.uuid4())
    served.start("SELECT 1", ClientRequestToken=token)
    options = {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": OUTPUT}} | changed
    error = refused(served.client.start_query_execution, ClientRequestToken=token, **options)
    assert error == ("InvalidRequestException", "IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")


def test_a_request_without_a_token_is_refused(served):
    answer = send(served.server, "StartQueryExecution", {"QueryString": "SELECT 1"})
    assert answer.status == 400
    assert answer.body == {
        "__type": "InvalidRequestException",
        "AthenaErrorCode": "INVALID_INPUT",
        "ErrorCode": "INVALID_INPUT",
        "Message": "clientRequestToken is null or empty",
    }


def test_unknown_executions_are_not_found_by_any_operation(served):
    name = str(uuid.uuid4())
    expected = ("InvalidRequestException", "QUERY_EXECUTION_NOT_FOUND", f"QueryExecution {name} was not found")
    client = served.client
    for call in (client.get_query_execution, client.stop_query_execution, client.get_query_results):
        assert refused(call, QueryExecutionId=name) == expected
    assert refused(client.get_query_runtime_statistics, QueryExecutionId=name) == expected
    known = served.run("SELECT 1")["QueryExecutionId"]
    answer = client.batch_get_query_execution(QueryExecutionIds=[known, name])
    assert [execution["QueryExecutionId"] for execution in answer["QueryExecutions"]] == [known]
    assert answer["UnprocessedQueryExecutionIds"] == [
        {"QueryExecutionId": name, "ErrorCode": expected[1], "ErrorMessage": expected[2]}
    ]


def test_executions_are_listed_newest_first_by_pages(served):
    names = [served.start("SELECT 1") for _ in range(5)]
    pages = served.client.get_paginator("list_query_executions").paginate(
        PaginationConfig={"PageSize": 2, "MaxItems": 5}
    )
    assert [name for page in pages for name in page["QueryExecutionIds"]] == names[::-1]
    first = served.client.list_query_executions(MaxResults=1)
    served.run("SELECT 'meanwhile'")
    second = served.client.list_query_executions(MaxResults=2, NextToken=first["NextToken"])
    assert first["QueryExecutionIds"] + second["QueryExecutionIds"] == names[:1:-1]
    error = refused(served.client.list_query_executions, NextToken="nonsense")
    assert error[:2] == ("InvalidRequestException", "INVALID_INPUT")


def test_runtime_statistics_tell_times_and_rows(served):
    name = served.run("SELECT * FROM web.many")["QueryExecutionId"]
    statistics = served.client.get_query_runtime_statistics(QueryExecutionId=name)["QueryRuntimeStatistics"]
    assert statistics["Rows"]["OutputRows"] == 5_000
    assert statistics["Rows"]["InputBytes"] > 0
    assert statistics["Timeline"]["TotalExecutionTimeInMillis"] > 0


def test_a_result_is_given_again_where_that_is_asked_for(served):
    sql = "SELECT count(*) AS reused FROM web.many"
    reuse = {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 60}}}
    first = served.run(sql, **reuse)
    assert first["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": False}
    assert first["ResultReuseConfiguration"] == reuse["ResultReuseConfiguration"]
    again = served.run(sql, **reuse)
    assert again["QueryExecutionId"] != first["QueryExecutionId"]
    assert again["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    assert served.object(again["ResultConfiguration"]["OutputLocation"]) == b'"reused"\n"5000"\n'
    assert texts(served.client.get_query_results(QueryExecutionId=again["QueryExecutionId"])) == [["reused"], ["5000"]]
    for other in ({}, {**reuse, "QueryExecutionContext": {"Database": "web"}}):
        assert served.run(sql, **other)["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": False}


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (["1", "x"], ["1", "x", "varchar"]),
        (["1 + 1", "'x'"], ["2", "x", "varchar"]),
        (["NULL", "it's"], [None, "it's", "varchar"]),
        (["1", "DATE '2026-01-01'"], ["1", "2026-01-01", "date"]),
        (["1", "x --"], ["1", "x --", "varchar"]),
        (["1", "1 AS y"], ["1", "1 AS y", "varchar"]),
        (["1", "(SELECT 1)"], ["1", "(SELECT 1)", "varchar"]),
        (["1", "1), (2"], ["1", "1), (2", "varchar"]),
    ],
    ids=str,
)
def test_parameters_are_expressions_where_they_name_nothing_else_strings(served, given, rows):
    results = served.results("SELECT ? AS a, ? AS b -- ?", ExecutionParameters=given)
    types = [column["Type"] for column in results["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert [*texts(results)[1], types[1]] == rows


def test_parameters_are_told_and_counted(served):
    execution = served.run("SELECT ?", ExecutionParameters=["1", "2"])
    assert execution["ExecutionParameters"] == ["1", "2"]
    said = "INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected 1 but found 2"
    assert execution["Status"]["StateChangeReason"] == said
