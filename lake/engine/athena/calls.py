"""Calls of Athena's API that arrive: within the account's rates, and made again when they fail on the way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.aws.faults import EXPIRED, error_code, is_throttled
from lake.engine.athena.rates import Rates
from lake.engine.athena.refusals import is_queue_full, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lake.aws.connection import AwsConnection
    from lake.errors import LakeError

Answer = dict[str, Any]

MOST_IDS = 50
"""Of one BatchGetQueryExecution."""
SERVER_ERRORS = 500
"""HTTP's numbers for them begin here."""
ANSWERS = {
    "StartQueryExecution": "QueryExecutionId",
    "GetQueryExecution": "QueryExecution",
    "BatchGetQueryExecution": "QueryExecutions",
    "GetQueryResults": "ResultSet",
}
"""What an answer has in it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a call is tried, and the longest pause between two tries."""

    calls: int
    seconds: float
    pause: float = 5.0


ONCE = Patience(1, 0)
USUAL = Patience(12, 60)
FIRST_CONTACT = Patience(4, 10, 1.0)
"""With an endpoint that has not answered yet: it may be a wrong one."""
EXPIRY = Patience(10, 10, 1.0)
"""Renewed credentials may be there by then."""
FULL_QUEUE = Patience(60, 300, 10.0)
"""Until the account's other queries leave room for one more."""
SHORTEST_PAUSE = 0.2


class AthenaCalls:
    """Safe to share between threads. Raises the errors of the lake; botocore's stay below."""

    def __init__(
        self,
        connection: AwsConnection,
        *,
        rates: Rates | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._connection = connection
        self._rates = rates or Rates()
        self._sleep = sleep
        self._now = now
        self._chance = chance
        self._reached = False

    def start(self, request: Answer, *, until: float | None = None) -> str:
        """Start the query of a request with a ClientRequestToken, once however often it is sent; return its id."""
        return str(self._call("StartQueryExecution", request, until=until)["QueryExecutionId"])

    def get(self, execution_id: str, *, patience: Patience = USUAL) -> Answer:
        """Return the API's QueryExecution; raise ExecutionNotFound."""
        request = {"QueryExecutionId": execution_id}
        answer = self._call("GetQueryExecution", request, patience=patience, subject=execution_id)
        return dict(answer["QueryExecution"])

    def get_many(self, execution_ids: Iterable[str], *, patience: Patience = USUAL) -> list[Answer]:
        """Return what is known of up to MOST_IDS executions; unknown ones are left out."""
        request = {"QueryExecutionIds": list(execution_ids)}
        answer = self._call("BatchGetQueryExecution", request, patience=patience)
        return list(answer.get("QueryExecutions", []))

    def stop(self, execution_id: str) -> None:
        """Ask for a stop; that of a query that has ended does nothing."""
        self._call("StopQueryExecution", {"QueryExecutionId": execution_id}, subject=execution_id)

    def page(self, execution_id: str, token: str | None = None) -> Answer:
        """Return a page of a result."""
        request = {"QueryExecutionId": execution_id} | ({"NextToken": token} if token else {})
        return self._call("GetQueryResults", request, subject=execution_id)

    def _call(
        self,
        operation: str,
        request: Answer,
        *,
        patience: Patience = USUAL,
        until: float | None = None,
        subject: str = "",
    ) -> Answer:
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        subject = subject or "Athena"
        method = getattr(self._client(subject), xform_name(operation))
        started = self._now()
        tries = 0
        while True:
            self._sleep_if(self._rates.bucket(operation).reserve())
            tries += 1
            try:
                answer = _whole(method(**request), operation)
            except (BotoCoreError, ClientError, ResponseParserError) as error:
                if isinstance(error, ClientError) and is_throttled(error):
                    self._rates.bucket(operation).drain()
                allowed = self._patience(error, patience)
                pause = self._pause(tries, allowed)
                late = self._now() + pause > min(started + allowed.seconds, until if until is not None else 1e300)
                if tries >= allowed.calls or late:
                    raise refusal(error, subject, self._connection.options) from error
                self._sleep_if(pause)
            else:
                self._reached = True
                return answer

    def _client(self, subject: str) -> Any:
        from lake.aws.faults import translated

        with translated(subject, profile=self._connection.options.profile):
            return self._connection.client("athena", retries=False)

    def _patience(self, error: Exception, usual: Patience) -> Patience:
        """Say how long an error is worth trying again; ONCE for one that would come again."""
        from botocore import exceptions as aws

        if usual is ONCE or not _passes(error):
            return ONCE
        if isinstance(error, aws.ClientError):
            if is_queue_full(error):
                return FULL_QUEUE
            return EXPIRY if error_code(error) in EXPIRED else usual
        unreached = isinstance(error, aws.EndpointConnectionError | aws.ConnectTimeoutError) and not self._reached
        return FIRST_CONTACT if unreached else usual

    def _pause(self, tries: int, patience: Patience) -> float:
        """Spread those who try again: any time up to a bound that doubles."""
        return self._chance() * float(min(patience.pause, SHORTEST_PAUSE * 2 ** (tries - 1)))

    def _sleep_if(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


def _whole(answer: Answer, operation: str) -> Answer:
    """Return an answer that has in it what it should: botocore takes one that was cut off for an empty one."""
    from botocore.parsers import ResponseParserError

    if (wanted := ANSWERS.get(operation)) is not None and wanted not in answer:
        raise ResponseParserError(f"the answer to {operation} is not whole")
    return answer


def is_passing(error: LakeError) -> bool:
    """Say whether a refusal of `AthenaCalls` may be another one, or none, in a moment."""
    return isinstance(error.__cause__, Exception) and _passes(error.__cause__)


def _passes(error: Exception) -> bool:
    from botocore import exceptions as aws
    from botocore.parsers import ResponseParserError

    if isinstance(error, aws.ClientError):
        answer: Any = error.response
        status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return is_throttled(error) or error_code(error) in EXPIRED or status >= SERVER_ERRORS
    passing = (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError, ResponseParserError)
    return isinstance(error, passing) and not isinstance(error, aws.SSLError | aws.ProxyConnectionError)
