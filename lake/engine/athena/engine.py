"""Athena's SQL run by Athena."""

from __future__ import annotations

import hashlib
import logging
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.aws.connection import AwsConnection
from lake.batches import Batches, KeptBatches, PassingBatches
from lake.clock import Clock
from lake.engine.athena.calls import AthenaCalls, Sent
from lake.engine.athena.executions import NAME, execution_of
from lake.engine.athena.lives import CONFIRM_SECONDS, QueryLives
from lake.engine.athena.query import Query
from lake.engine.held import held_result
from lake.engine.request import Deadline, QueryRequest
from lake.errors import LakeError, MalformedQuery, QueryCancelled
from lake.interfaces import Catalog, Storage
from lake.model import Execution, State
from lake.result import Result
from lake.sql.bound_text import BoundText, bind_text
from lake.sql.limits import MAX_SQL_BYTES
from lake.sql.near import NearNames

if TYPE_CHECKING:
    from lake.engine.athena.results import Describe, ResultReader
    from lake.types import DataType

logger = logging.getLogger(__name__)

TOKEN_LENGTH = range(32, 129)


class AthenaEngine:
    """Runs every statement on Athena as it is, values written into it, as the connection's options say.

    Without a workgroup it is `primary`; without an output location it is the workgroup's own place for results. Rows beyond
    memory go to `temp_folder`; large results are read from `storage`. Where there are `tables`, an error names what a
    misspelt name may have meant. `describe` tells the types of a query's columns, for those that Athena tells in part.
    """

    name = NAME
    takes_text = True

    def __init__(
        self,
        connection: AwsConnection,
        *,
        clock: Clock,
        temp_folder: Path,
        storage: Callable[[], Storage] | None = None,
        tables: Callable[[], Catalog | None] = lambda: None,
        calls: AthenaCalls | None = None,
        describe: Describe | None = None,
    ) -> None:
        self._connection = connection
        self._options = connection.options
        self._clock = clock
        self._temp_folder = temp_folder
        self._calls = calls or AthenaCalls(connection)
        self._storage = storage
        self._describe = describe
        self._lives = QueryLives(self._calls, lambda: self._reader, NearNames(tables), clock)

    def submit(self, request: QueryRequest) -> Execution:
        bound = bind_text(request.sql, request.values)
        if not bound.text.strip():
            raise MalformedQuery("one statement is wanted, and there is none")
        if len(bound.text.encode()) > MAX_SQL_BYTES:
            raise MalformedQuery(f"the query is longer than {MAX_SQL_BYTES:,} bytes, Athena's limit")
        asked = self._start_request(request, bound)
        if request.deadline is not None:
            request.deadline.check()
        sent = Sent()
        try:
            execution_id = self._start(asked, request.deadline, sent)
            query = self._query_of(request, bound, execution_id)
            request.ended()
            return self._lives.begin(query).execution
        except BaseException:
            if sent.is_unanswered:
                self._stop_unanswered(asked)
            raise

    def wait(self, execution_id: str, *, timeout: float | None = None) -> Execution:
        """Raise what stands against asking Athena, such as credentials that have expired."""
        query = self._query(execution_id)
        query.ended.wait(timeout)
        if query.error is not None and not query.execution.state.ended and query.ended.is_set():
            raise query.error
        return query.execution

    def execution(self, execution_id: str) -> Execution:
        """Return what was last seen of a query that is waited for here; ask Athena for all others."""
        query = self._lives.get(execution_id)
        return query.execution if query is not None else execution_of(self._calls.get(execution_id))

    def cancel(self, execution_id: str) -> Execution:
        """Ask for a stop and wait until Athena says so; raise what stands against asking."""
        query = self._query(execution_id)
        self._lives.stop(query, QueryCancelled(f"query {execution_id} was stopped"))
        return query.execution

    def detach(self, execution_id: str) -> None:
        """Let a query go on when the engine is closed."""
        if (query := self._lives.get(execution_id)) is not None:
            query.owned = False

    def result(self, execution_id: str) -> Result:
        """Return the rows of any query of the account, which are read from now on; nobody holding them lets go of them."""
        query = self._query(execution_id)
        if query.ended.is_set() and query.error is not None:
            self._lives.forget(execution_id)
            raise query.error
        held = query.result() if query.result is not None else None
        if held is None:
            held = held_result(query.batches, lambda: query.execution, partial(_types, query), self._lives.forget)
            query.result = weakref.ref(held)
        self._lives.read(query)
        return held

    def close(self) -> None:
        """Stop what was started here and still runs, unless it was detached."""
        self._lives.close()

    @cached_property
    def _reader(self) -> ResultReader:
        from lake.engine.athena.results import ResultReader
        from lake.storage.s3 import ObjectStorage

        storage = self._storage() if self._storage is not None else ObjectStorage(self._connection)
        return ResultReader(self._calls, storage, self._describe)

    # Starting

    def _start(self, asked: dict[str, Any], deadline: Deadline | None, sent: Sent) -> str:
        try:
            return self._calls.start(asked, until=deadline.at if deadline is not None else None, sent=sent)
        except LakeError:
            if deadline is not None and deadline.left <= 0:
                raise deadline.error() from None
            raise

    def _query_of(self, request: QueryRequest, bound: BoundText, execution_id: str) -> Query:
        execution = Execution(
            id=execution_id,
            sql=request.sql,
            state=State.QUEUED,
            engine=self.name,
            database=request.database,
            submitted_at=self._clock.now(),
            parameters=request.parameters,
            estimated_bytes=request.plan.bytes if request.plan is not None else None,
        )
        return Query(
            execution,
            bound,
            self._batches(keep=request.keep),
            known_types=request.types,
            deadline=request.deadline,
            export=request.export,
            output_location=self._options.output_location,
        )

    def _start_request(self, request: QueryRequest, bound: BoundText) -> dict[str, Any]:
        context = {"Database": request.database} | ({"Catalog": self._options.catalog} if self._options.catalog else {})
        asked: dict[str, Any] = {
            "QueryString": bound.text,
            "ClientRequestToken": client_token(request.token),
            "QueryExecutionContext": context,
        }
        if self._options.workgroup:
            asked["WorkGroup"] = self._options.workgroup
        if self._options.output_location:
            asked["ResultConfiguration"] = {"OutputLocation": self._options.output_location}
        if request.reuse_minutes is not None:
            by_age = {"Enabled": True, "MaxAgeInMinutes": request.reuse_minutes}
            asked["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": by_age}
        return asked

    def _stop_unanswered(self, asked: dict[str, Any]) -> None:
        """Stop what may have been started by a call that was broken off: its token still gives its id."""
        with suppress(LakeError):
            until = time.monotonic() + CONFIRM_SECONDS
            execution_id = self._calls.start(asked, until=until)
            self._calls.stop(execution_id)
            logger.warning("query %s stopped", execution_id)

    def _query(self, execution_id: str) -> Query:
        """Return a query that is watched, or has ended; one of another process is watched from now on."""
        query = self._lives.get(execution_id)
        if query is not None:
            return query
        raw = self._calls.get(execution_id)
        text = str(raw.get("Query", ""))
        query = Query(execution_of(raw), BoundText(text, text), self._batches(keep=True), owned=False)
        return self._lives.begin(query, raw)

    def _batches(self, *, keep: bool) -> Batches:
        return KeptBatches(self._temp_folder) if keep else PassingBatches()


def client_token(token: str) -> str:
    """Return a token of the length that Athena takes: the same for the same."""
    return token if len(token) in TOKEN_LENGTH else hashlib.sha256(token.encode()).hexdigest()


def _types(query: Query) -> Sequence[DataType]:
    query.batches.schema()
    assert query.types is not None
    return query.types
