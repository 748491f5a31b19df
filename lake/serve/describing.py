"""An execution as the API describes it. What does not hold is absent, never empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lake.model import State
from lake.serve.executions import Job, Progress
from lake.serve.workgroups import ENGINE_VERSION

Answer = dict[str, Any]


def described(job: Job, now: datetime) -> Answer:
    """Return QueryExecution."""
    asked, progress = job.submission, job.progress
    substatement = progress.substatement or asked.form.substatement
    optional = {
        "SubstatementType": substatement,
        "ExecutionParameters": list(asked.parameters) or None,
        "ResultReuseConfiguration": asked.reuse,
    }
    return {
        "QueryExecutionId": asked.id,
        "Query": asked.sql,
        "StatementType": asked.form.type,
        "ManagedQueryResultsConfiguration": {"Enabled": asked.managed},
        "ResultConfiguration": _result_configuration(job),
        "QueryExecutionContext": asked.context,
        "Status": _status(asked.submitted_at, progress),
        "Statistics": _statistics(job, now),
        "WorkGroup": asked.work_group,
        "EngineVersion": ENGINE_VERSION,
        **{name: value for name, value in optional.items() if value is not None},
    }


def runtime_statistics(job: Job, now: datetime) -> Answer:
    """Return QueryRuntimeStatistics, of which the stages are not known."""
    progress = job.progress
    rows = {"InputBytes": progress.scanned, "OutputRows": progress.rows.count}
    return {"Timeline": _times(job, now), **({"Rows": rows} if progress.state is State.SUCCEEDED else {})}


def _result_configuration(job: Job) -> Answer:
    if job.location is None:
        return {}
    return {**job.submission.settings, "OutputLocation": job.location}


def _status(submitted_at: datetime, progress: Progress) -> Answer:
    status: Answer = {"State": progress.state.value, "SubmissionDateTime": submitted_at}
    if progress.ended_at is not None:
        status["CompletionDateTime"] = progress.ended_at
    if progress.reason is not None:
        status["StateChangeReason"] = progress.reason
    if progress.failure is not None:
        status["AthenaError"] = progress.failure.athena_error()
    return status


def _statistics(job: Job, now: datetime) -> Answer:
    progress = job.progress
    statistics = {**_times(job, now), "DataScannedInBytes": 0 if progress.reused else progress.scanned}
    if progress.state.ended:
        statistics["ResultReuseInformation"] = {"ReusedPreviousResult": progress.reused}
    return statistics


def _times(job: Job, now: datetime) -> Answer:
    """Say how long each part took so far, at least a millisecond where it took any time; parts not begun are absent."""
    asked, progress = job.submission, job.progress
    end = progress.ended_at or now
    started = progress.started_at or end
    planned = progress.planned_at or end
    computed = progress.computed_at or end
    times = {
        "QueryQueueTimeInMillis": _millis(asked.submitted_at, started),
        "TotalExecutionTimeInMillis": _millis(asked.submitted_at, end),
    }
    if progress.started_at is not None:
        times["EngineExecutionTimeInMillis"] = _millis(started, computed)
        times["QueryPlanningTimeInMillis"] = _millis(started, min(planned, computed))
    if progress.computed_at is not None:
        times["ServiceProcessingTimeInMillis"] = _millis(computed, end)
    return times


def _millis(start: datetime, end: datetime) -> int:
    return max(1, round((end - start).total_seconds() * 1000))
