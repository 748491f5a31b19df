"""Work groups: where results go, and who decides."""

import uuid

import pytest

from tests.serve.conftest import OUTPUT, send, texts
from tests.serve.test_life import refused


@pytest.fixture
def group(served):
    """Return a function that makes a work group, which is gone afterwards."""
    names = []

    def make(**configuration):
        names.append(f"group-{uuid.uuid4()}")
        served.client.create_work_group(Name=names[-1], Configuration=configuration)
        return names[-1]

    yield make
    for name in names:
        served.client.delete_work_group(WorkGroup=name)


def test_primary_is_there_and_described(served):
    group = served.client.get_work_group(WorkGroup="primary")["WorkGroup"]
    assert (group["Name"], group["State"]) == ("primary", "ENABLED")
    assert group["CreationTime"]
    configuration = group["Configuration"]
    assert configuration["EnforceWorkGroupConfiguration"] is False
    assert configuration["ResultConfiguration"] == {}
    assert configuration["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    listed = served.client.list_work_groups()["WorkGroups"]
    assert [group["Name"] for group in listed] == ["primary"]
    assert listed[0]["EngineVersion"]["SelectedEngineVersion"] == "AUTO"


def test_work_groups_are_listed_by_pages(served, group):
    names = sorted([group() for _ in range(3)] + ["primary"])
    first = served.client.list_work_groups(MaxResults=2)
    second = served.client.list_work_groups(MaxResults=2, NextToken=first["NextToken"])
    assert [[listed["Name"] for listed in page["WorkGroups"]] for page in (first, second)] == [names[:2], names[2:]]
    assert "NextToken" not in second


def test_a_work_group_that_is_unknown_is_not_found(served):
    expected = ("InvalidRequestException", "INVALID_INPUT", "WorkGroup is not found.")
    assert refused(served.client.get_work_group, WorkGroup="nope") == expected
    assert refused(served.start, "SELECT 1", WorkGroup="nope") == expected
    assert refused(served.client.list_query_executions, WorkGroup="nope") == expected


def test_a_work_group_that_is_disabled_runs_nothing(served, group):
    name = group()
    served.client.update_work_group(WorkGroup=name, State="DISABLED")
    assert refused(served.start, "SELECT 1", WorkGroup=name)[2] == "WorkGroup is disabled."


def test_an_enforced_configuration_wins(served, group):
    name = group(EnforceWorkGroupConfiguration=True, ResultConfiguration={"OutputLocation": "s3://lake/enforced/"})
    execution = served.run("SELECT 1 AS x", WorkGroup=name)
    identity = execution["QueryExecutionId"]
    assert execution["ResultConfiguration"]["OutputLocation"] == f"s3://lake/enforced/{identity}.csv"
    assert execution["WorkGroup"] == name
    assert served.object(execution["ResultConfiguration"]["OutputLocation"]) == b'"x"\n"1"\n'
    assert served.client.list_query_executions(WorkGroup=name)["QueryExecutionIds"] == [identity]


def test_a_configuration_that_is_not_enforced_is_what_holds_without_another(served, group):
    name = group(EnforceWorkGroupConfiguration=False, ResultConfiguration={"OutputLocation": "s3://lake/default"})
    token = str(uuid.uuid4())
    body = {"QueryString": "SELECT 1", "WorkGroup": name, "ClientRequestToken": token}
    own = send(served.server, "StartQueryExecution", body).body["QueryExecutionId"]
    assert served.wait(own)["ResultConfiguration"] == {"OutputLocation": f"s3://lake/default/{own}.csv"}
    asked = served.run("SELECT 1", WorkGroup=name)
    assert asked["ResultConfiguration"]["OutputLocation"].startswith(f"{OUTPUT}/")


def test_managed_results_are_written_nowhere(served, group):
    name = group(EnforceWorkGroupConfiguration=False, ManagedQueryResultsConfiguration={"Enabled": True})
    started = served.client.start_query_execution(QueryString="SELECT 1 AS x", WorkGroup=name)
    execution = served.wait(started["QueryExecutionId"])
    assert execution["ManagedQueryResultsConfiguration"] == {"Enabled": True}
    assert "OutputLocation" not in execution.get("ResultConfiguration", {})
    assert texts(served.client.get_query_results(QueryExecutionId=started["QueryExecutionId"])) == [["x"], ["1"]]
    reuse = {"ResultReuseByAgeConfiguration": {"Enabled": True}}
    for asked in ({"ResultConfiguration": {"OutputLocation": OUTPUT}}, {"ResultReuseConfiguration": reuse}):
        error = refused(served.client.start_query_execution, QueryString="SELECT 1", WorkGroup=name, **asked)
        assert error[:2] == ("InvalidRequestException", "INVALID_INPUT")


def test_encryption_is_told_as_it_was_asked_for(served):
    encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": "a-key"}
    settings = {"OutputLocation": OUTPUT, "EncryptionConfiguration": encryption}
    told = served.run("SELECT 1", ResultConfiguration=settings)["ResultConfiguration"]
    assert told["EncryptionConfiguration"] == encryption


def test_a_query_needs_a_place_for_its_result(served):
    kind, code, message = refused(served.client.start_query_execution, QueryString="SELECT 1")
    assert (kind, code) == ("InvalidRequestException", "INVALID_INPUT")
    assert message.startswith("No output location provided. ")
    for wrong in ("http://lake/x", "s3://", "results/"):
        error = refused(served.start, "SELECT 1", ResultConfiguration={"OutputLocation": wrong})
        assert error[1:] == ("INVALID_INPUT", "outputLocation is not a valid S3 path.")
    error = refused(served.start, "SELECT 1", ResultConfiguration={"OutputLocation": "s3://elsewhere/x"})
    assert error[1:] == ("INVALID_INPUT", "Unable to verify/create output bucket elsewhere")
