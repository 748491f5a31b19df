"""Athena: its operations, each from its parameters to its answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from lake.clock import Clock
from lake.model import State
from lake.serve.catalogs import Catalogs
from lake.serve.columns import column_infos
from lake.serve.describing import described, runtime_statistics
from lake.serve.executions import Executions, Submission
from lake.serve.output import Output
from lake.serve.paging import make_token, read_token
from lake.serve.refusals import Refused, invalid, unknown_operation
from lake.serve.statements import StatementForm, read_statement
from lake.serve.workgroups import ENABLED, PRIMARY, WorkGroup, WorkGroups

MOST_ROWS = 1000
MOST_LISTED = 50
MOST_TOKEN_BYTES = 128

NO_OUTPUT_LOCATION = (
    "No output location provided. You did not provide an output location for  your query results. Either specify an S3 "
    "bucket location or enable Athena managed query results in your workgroup settings."
)

Answer = dict[str, Any]
Operation = Callable[[Answer], Answer]


class Athena:
    """The service. Every operation may be called from any thread, and raises Refused."""

    def __init__(
        self, executions: Executions, work_groups: WorkGroups, catalogs: Catalogs, output: Output, clock: Clock
    ) -> None:
        self._executions = executions
        self._work_groups = work_groups
        self._output = output
        self._clock = clock
        self._operations: Mapping[str, Operation] = {
            "StartQueryExecution": self.start_query_execution,
            "GetQueryExecution": self.get_query_execution,
            "BatchGetQueryExecution": self.batch_get_query_execution,
            "ListQueryExecutions": self.list_query_executions,
            "StopQueryExecution": self.stop_query_execution,
            "GetQueryResults": self.get_query_results,
            "GetQueryRuntimeStatistics": self.get_query_runtime_statistics,
            **work_groups.operations,
            **catalogs.operations,
        }

    def operation(self, name: str) -> Operation:
        """Raise Refused for what is not offered."""
        if name not in self._operations:
            raise unknown_operation()
        return self._operations[name]

    def start_query_execution(self, params: Answer) -> Answer:
        token = _token(params)
        group = self._work_groups.get(params.get("WorkGroup", PRIMARY))
        if group.state != ENABLED:
            raise invalid("WorkGroup is disabled.")
        compared = _compared(params)
        earlier = self._executions.earlier(token, compared)
        if earlier is not None:
            return {"QueryExecutionId": earlier}
        settings = _settings(group, params)
        if not group.managed:
            self._output.check(_checked_location(settings.get("OutputLocation")))
        form = read_statement(params["QueryString"])
        submission = self._submission(params, group, settings, form)
        return {"QueryExecutionId": self._executions.start(submission, token, compared)}

    def get_query_execution(self, params: Answer) -> Answer:
        job = self._executions.get(params["QueryExecutionId"])
        return {"QueryExecution": described(job, self._clock.now())}

    def batch_get_query_execution(self, params: Answer) -> Answer:
        found, unprocessed = [], []
        for name in params["QueryExecutionIds"]:
            try:
                found.append(described(self._executions.get(name), self._clock.now()))
            except Refused as refused:
                code = refused.fields["ErrorCode"]
                unprocessed.append({"QueryExecutionId": name, "ErrorCode": code, "ErrorMessage": refused.message})
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": unprocessed}

    def list_query_executions(self, params: Answer) -> Answer:
        name = params.get("WorkGroup", PRIMARY)
        ids = self._executions.oldest_first(self._work_groups.get(name).name)
        # Counted from the oldest, so that those that come meanwhile move nothing.
        end = read_token(params.get("NextToken"), name, first=len(ids))
        start = max(end - (params.get("MaxResults") or MOST_LISTED), 0)
        more = {"NextToken": make_token(name, start)} if start else {}
        return {"QueryExecutionIds": ids[start:end][::-1], **more}

    def stop_query_execution(self, params: Answer) -> Answer:
        self._executions.stop(self._executions.get(params["QueryExecutionId"]))
        return {}

    def get_query_results(self, params: Answer) -> Answer:
        job = self._executions.get(params["QueryExecutionId"])
        size = params.get("MaxResults", MOST_ROWS)
        if size > MOST_ROWS:
            raise invalid(f"MaxResults is more than maximum allowed length {MOST_ROWS}")
        progress, form = job.progress, job.submission.form
        if progress.state is State.FAILED and form.by_hive:
            return {"ResultSet": {"Rows": []}}
        _check_finished(progress.state)
        start = read_token(params.get("NextToken"), job.submission.id)
        page = progress.rows.page(start, size)
        answer: Answer = {"ResultSet": {"Rows": page, "ResultSetMetadata": column_infos(progress.rows.columns)}}
        if form.type != "DDL":
            answer["UpdateCount"] = 0
        if start + size < progress.rows.length:
            answer["NextToken"] = make_token(job.submission.id, start + size)
        return answer

    def get_query_runtime_statistics(self, params: Answer) -> Answer:
        job = self._executions.get(params["QueryExecutionId"])
        return {"QueryRuntimeStatistics": runtime_statistics(job, self._clock.now())}

    def _submission(self, params: Answer, group: WorkGroup, settings: Answer, form: StatementForm) -> Submission:
        name = str(uuid.uuid4())
        location = None if group.managed else f"{settings['OutputLocation'].rstrip('/')}/{form.object_name(name)}"
        context = dict(params.get("QueryExecutionContext", {}))
        if "Catalog" in context:
            context["Catalog"] = context["Catalog"].lower()
        return Submission(
            name,
            params["QueryString"],
            form,
            group.name,
            self._clock.now(),
            context=context,
            parameters=tuple(params.get("ExecutionParameters", ())),
            settings=settings,
            location=location,
            managed=group.managed,
            reuse=params.get("ResultReuseConfiguration"),
        )


def _token(params: Answer) -> str:
    token: str | None = params.get("ClientRequestToken")
    if not token:
        raise invalid("clientRequestToken is null or empty")
    if len(token.encode()) > MOST_TOKEN_BYTES:
        raise invalid(f"clientRequestToken exceeds maximum allowed length {MOST_TOKEN_BYTES}")
    return token


def _compared(params: Answer) -> tuple[object, ...]:
    """Return what has to be equal where a token comes again; work group and parameters need not be."""
    context = params.get("QueryExecutionContext", {})
    location = params.get("ResultConfiguration", {}).get("OutputLocation")
    return params["QueryString"], context.get("Catalog"), context.get("Database"), location


def _settings(group: WorkGroup, params: Answer) -> Answer:
    """Return the ResultConfiguration that holds: the work group's where it is enforced, or nothing else is said."""
    asked = {name: value for name, value in params.get("ResultConfiguration", {}).items() if value != ""}
    if group.managed:
        if asked:
            raise invalid("ResultConfiguration cannot be set where the workgroup has managed query results enabled")
        if params.get("ResultReuseConfiguration", {}).get("ResultReuseByAgeConfiguration", {}).get("Enabled"):
            raise invalid("Results cannot be reused where the workgroup has managed query results enabled")
        return {}
    return dict(group.result_configuration) if group.enforced else {**group.result_configuration, **asked}


def _checked_location(location: str | None) -> str:
    if location is None:
        raise invalid(NO_OUTPUT_LOCATION)
    if not location.startswith("s3://") or not location.removeprefix("s3://").partition("/")[0]:
        raise invalid("outputLocation is not a valid S3 path.")
    return location


def _check_finished(state: State) -> None:
    if state is State.FAILED:
        raise invalid("Query did not finish successfully. Final query state: FAILED", "INVALID_QUERY_EXECUTION_STATE")
    if state is State.CANCELLED:
        raise invalid("Could not find results", "RESULT_NOT_FOUND")
    if not state.ended:
        raise invalid(f"Query has not yet finished. Current state: {state}", "INVALID_QUERY_EXECUTION_STATE")
