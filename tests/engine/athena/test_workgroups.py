"""What a workgroup settles wins over what was asked for, and is said."""

from typing import Any

import pytest

from lake.errors import ConfigError
from tests.engine.athena.conftest import ROWS, Ask, Service


@pytest.fixture(scope="module")
def workgroups(service: Service) -> Service:
    def make(name: str, **configuration: Any) -> None:
        service.athena.create_work_group(Name=name, Configuration=configuration)

    make("enforced", EnforceWorkGroupConfiguration=True, ResultConfiguration={"OutputLocation": "s3://results/theirs/"})
    make("lenient", EnforceWorkGroupConfiguration=False, ResultConfiguration={"OutputLocation": "s3://results/theirs/"})
    make("managed", EnforceWorkGroupConfiguration=True, ManagedQueryResultsConfiguration={"Enabled": True})
    make("bare", EnforceWorkGroupConfiguration=False)
    return service


def place_of(service: Service, execution_id: str) -> str | None:
    found = service.athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
    place: str | None = found.get("ResultConfiguration", {}).get("OutputLocation")
    return place


def test_an_enforced_place_wins_and_is_said_once(workgroups: Service, ask: Ask, caplog: Any) -> None:
    asker = ask(workgroup="enforced", output_location="s3://results/mine/")
    for _ in range(2):
        found = asker.query("SELECT n FROM numbers")
        assert len(found) == ROWS
        assert (place_of(workgroups, found.execution.id) or "").startswith("s3://results/theirs/")
    assert (
        caplog.text.count("workgroup enforced puts results under s3://results/theirs/, not under s3://results/mine/")
        == 1
    )


def test_a_place_that_is_only_a_default_gives_way(workgroups: Service, ask: Ask, caplog: Any) -> None:
    found = ask(workgroup="lenient", output_location="s3://results/mine/").query("SELECT 1")
    assert (place_of(workgroups, found.execution.id) or "").startswith("s3://results/mine/")
    assert not caplog.text


def test_managed_results_need_no_place(workgroups: Service, ask: Ask, caplog: Any) -> None:
    asker = ask(workgroup="managed")
    found = asker.query("SELECT n, t FROM numbers ORDER BY n LIMIT 2500", reuse_minutes=60)
    assert place_of(workgroups, found.execution.id) is None
    assert found.to_arrow().equals(workgroups.db.query("SELECT n, t FROM numbers ORDER BY n LIMIT 2500").to_arrow())
    assert "runs anew" in caplog.text


def test_no_place_at_all_is_said_with_how_to_name_one(workgroups: Service, ask: Ask) -> None:
    with pytest.raises(ConfigError, match="workgroup 'bare' has no place for results") as told:
        ask(workgroup="bare").submit("SELECT 1")
    assert "--output-location s3://" in (told.value.hint or "")
    assert ask(workgroup="bare", output_location="s3://results/mine/").query("SELECT 1").fetch_all() == [(1,)]


def test_a_workgroup_that_is_disabled_is_said(workgroups: Service, ask: Ask) -> None:
    workgroups.athena.create_work_group(Name="asleep")
    workgroups.athena.update_work_group(WorkGroup="asleep", State="DISABLED")
    with pytest.raises(ConfigError, match="disabled"):
        ask(workgroup="asleep", output_location="s3://results/mine/").submit("SELECT 1")


def test_a_result_may_be_reused(workgroups: Service, ask: Ask) -> None:
    asker = ask()
    first = asker.query("SELECT count(*) AS again FROM numbers", reuse_minutes=60)
    second = asker.query("SELECT count(*) AS again FROM numbers", reuse_minutes=60)
    assert first.fetch_all() == second.fetch_all() == [(ROWS,)]
    assert (second.execution.scanned_bytes, second.execution.cost_usd) == (0, 0.0)
    assert first.execution.id != second.execution.id
