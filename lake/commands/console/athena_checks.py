"""The workgroup, and whether a query can be run in it: `SELECT 1`, whose result is taken away again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from lake.commands.console.amounts import show_bytes
from lake.commands.console.aws_account import Account, attempt, held_up, refused
from lake.commands.console.checks import FAIL, OK, WARN, Check
from lake.errors import AccessDenied, ConnectionFailed, LakeError
from lake.storage.s3 import place_of

SQL = "SELECT 1"
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Before each look at a query that has not ended, in seconds."""
ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
OVERRIDDEN = "leave out --output-location (AWS_ATHENA_S3_STAGING_DIR), or give another --workgroup"


class AthenaChecks:
    def __init__(self, account: Account) -> None:
        from lake.engine.athena.refusals import DEFAULT_WORKGROUP

        self._account = account
        self._asked = account.options.output_location
        self._group = account.options.workgroup or DEFAULT_WORKGROUP
        self._execution_id = ""
        self._execution: dict[str, Any] = {}

    def all(self) -> Iterator[Check]:
        workgroup = self._workgroup()
        yield workgroup
        yield attempt("athena:ListQueryExecutions", self._list, lacking=WARN, needed_for="a look at past queries")
        if workgroup.status == FAIL:
            yield held_up("athena:StartQueryExecution", "mend the workgroup first")
            return
        yield attempt("athena:StartQueryExecution", self._start)
        if self._execution_id:
            yield from self._life()

    # The workgroup

    def _workgroup(self) -> Check:
        try:
            answer = self._ask("get_work_group", f"workgroup {self._group!r}", WorkGroup=self._group)
        except ConnectionFailed:
            raise
        except LakeError as error:
            told = refused("athena:GetWorkGroup", error)
            status = WARN if isinstance(error, AccessDenied) else FAIL
            return Check("workgroup", status, told.detail, told.remedy)
        return self._judged(answer["WorkGroup"])

    def _judged(self, group: dict[str, Any]) -> Check:
        from lake.engine.athena.refusals import output_hint

        configuration = group.get("Configuration", {})
        results = configuration.get("ResultConfiguration", {})
        enforced = bool(configuration.get("EnforceWorkGroupConfiguration"))
        managed = bool(configuration.get("ManagedQueryResultsConfiguration", {}).get("Enabled"))
        own = results.get("OutputLocation")
        place = own if enforced or not self._asked else self._asked
        told = [self._group, str(group.get("State", "")).lower(), *_told(configuration, results, enforced)]
        if group.get("State") == "DISABLED":
            return Check("workgroup", FAIL, ", ".join(told), "enable it, or give another --workgroup")
        if not managed and not place:
            told.append("no place for results")
            return Check("workgroup", FAIL, ", ".join(told), output_hint(self._account.options.workgroup))
        told.append("results kept by Athena" if managed else f"results in {place}")
        if self._asked and (managed or (enforced and _same(own) != _same(self._asked))):
            told.append(f"not in {self._asked} as --output-location says")
            return Check("workgroup", WARN, ", ".join(told), OVERRIDDEN)
        return Check("workgroup", OK, ", ".join(told))

    def _list(self) -> str:
        answer = self._ask("list_query_executions", f"workgroup {self._group!r}", WorkGroup=self._group, MaxResults=1)
        return "queries of the last 45 days" if answer.get("QueryExecutionIds") else "no query yet"

    # A query

    def _start(self) -> str:
        catalog = self._account.options.catalog
        context = {"QueryExecutionContext": {"Catalog": catalog}} if catalog else {}
        results = {"ResultConfiguration": {"OutputLocation": self._asked}} if self._asked else {}
        answer = self._ask(
            "start_query_execution", "Athena", QueryString=SQL, WorkGroup=self._group, **context, **results
        )
        self._execution_id = answer["QueryExecutionId"]
        return f"{SQL} runs as {self._execution_id}"

    def _life(self) -> Iterator[Check]:
        watched = attempt("athena:GetQueryExecution", self._watch)
        yield watched
        if watched.status == OK and self._state == "SUCCEEDED":
            yield Check(
                "s3:PutObject", OK, f"Athena wrote the result to {self._result}" if self._result else "not needed"
            )
            yield attempt("athena:GetQueryResults", self._results)
        if self._state == "FAILED":
            yield refused(SQL, _failure(self._execution))
        yield attempt("athena:StopQueryExecution", self._stop)
        if watched.status != OK and not self._state:
            yield Check("left behind", OK, f"the result of query {self._execution_id}, whose place is not known")
        elif self._result and self._state == "SUCCEEDED":
            yield self._taken_away()

    def _watch(self) -> str:
        for pause in PAUSES:
            time.sleep(pause)
            answer = self._ask("get_query_execution", self._execution_id, QueryExecutionId=self._execution_id)
            self._execution = answer["QueryExecution"]
            if self._state in ENDED:
                break
        return f"{SQL}: {self._state.lower() or 'unknown'}" + ("" if self._state in ENDED else " after 8 s")

    def _results(self) -> str:
        answer = self._ask("get_query_results", self._execution_id, QueryExecutionId=self._execution_id)
        rows = answer["ResultSet"].get("Rows", [])
        return f"{max(len(rows) - 1, 0)} row" + (f"; s3:GetObject on {self._result}" if self._result else "")

    def _stop(self) -> str:
        self._ask("stop_query_execution", self._execution_id, QueryExecutionId=self._execution_id)
        return "of the ended query" if self._state in ENDED else f"{self._execution_id} was stopped"

    def _taken_away(self) -> Check:
        """Delete the objects of that one query."""
        place = place_of(self._result)
        objects = [{"Key": place.key}, {"Key": f"{place.key}.metadata"}]
        try:
            answer = self._account.probe.ask(
                "s3", "delete_objects", self._result, Bucket=place.bucket, Delete={"Objects": objects, "Quiet": True}
            )
            left = bool(answer.get("Errors"))
        except LakeError:
            left = True
        return Check("left behind", OK, f"{self._result}, which may not be deleted" if left else "nothing")

    @property
    def _state(self) -> str:
        return str(self._execution.get("Status", {}).get("State", ""))

    @property
    def _result(self) -> str:
        return str(self._execution.get("ResultConfiguration", {}).get("OutputLocation") or "")

    def _ask(self, operation: str, subject: str, **arguments: Any) -> dict[str, Any]:
        return self._account.probe.ask("athena", operation, subject, **arguments)


def _told(configuration: dict[str, Any], results: dict[str, Any], enforced: bool) -> Iterator[str]:
    version = configuration.get("EngineVersion", {}).get("EffectiveEngineVersion")
    if version:
        yield version.replace("Athena engine", "engine")
    yield "settings enforced" if enforced else "settings not enforced"
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff:
        yield f"at most {show_bytes(cutoff)} a query"
    encryption = results.get("EncryptionConfiguration", {})
    if encryption:
        key = f" ({encryption['KmsKey']})" if encryption.get("KmsKey") else ""
        yield f"encrypted by {encryption.get('EncryptionOption')}{key}"


def _failure(execution: dict[str, Any]) -> LakeError:
    from lake.engine.athena.failures import failure_of
    from lake.sql.bound_text import BoundText
    from lake.sql.near import NearNames

    return failure_of(execution, BoundText(SQL, SQL), NearNames(lambda: None))


def _same(location: str | None) -> str:
    return (location or "").rstrip("/")
