"""Calls of Athena's API that arrive: within the account's rates, and made again when they fail on the way."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.aws.faults import EXPIRED, error_code, is_throttled, status_of
from lake.engine.athena.rates import Rates
from lake.engine.athena.refusals import is_queue_full, refusal
from lake.errors import LakeError, QueryFailed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lake.aws.connection import AwsConnection

Answer = dict[str, Any]

logger = logging.getLogger(__name__)

REUSE = "ResultReuseConfiguration"
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
EXPIRY = Patience(10, 8, 0.8)
"""Renewed credentials may be there by then."""
FULL_QUEUE = Patience(60, 300, 10.0)
"""Until the account's other queries leave room for one more."""
SHORTEST_PAUSE = 0.2


@dataclass(slots=True)
class Sent:
    """What is known of a request that was sent, perhaps several times."""

    is_unanswered: bool = False
    """It was not refused each time: the service may do what it asks for."""


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

    def start(self, request: Answer, *, until: float | None = None, sent: Sent | None = None) -> str:
        """Start the query of a request with a ClientRequestToken, once however often it is sent; return its id.

        Where the workgroup allows no reuse of results, it runs without. `sent` is kept up to date for who breaks it off.
        """
        try:
            answer = self._call("StartQueryExecution", request, until=until, sent=sent)
        except QueryFailed as refused:
            if REUSE not in request or "reuse" not in refused.message.lower():
                raise
            logger.warning("the query runs anew: %s", refused.message)
            anew = {name: value for name, value in request.items() if name != REUSE}
            answer = self._call("StartQueryExecution", anew, until=until, sent=sent)
        return str(answer["QueryExecutionId"])

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

    def is_passing(self, error: LakeError) -> bool:
        """Say whether a refusal of one of these calls may be another one, or none, in a moment."""
        return isinstance(error.__cause__, Exception) and self._passes(error.__cause__)

    def _call(
        self,
        operation: str,
        request: Answer,
        *,
        patience: Patience = USUAL,
        until: float | None = None,
        subject: str = "",
        sent: Sent | None = None,
    ) -> Answer:
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        subject = subject or "Athena"
        method = getattr(self._client(subject), xform_name(operation))
        tries, sent = _Tries(), sent or Sent()
        while True:
            self._sleep_if(self._rates.bucket(operation).reserve())
            was_unanswered, sent.is_unanswered = sent.is_unanswered, True
            try:
                answer = _whole(method(**request), operation)
            except (BotoCoreError, ClientError, ResponseParserError) as error:
                if isinstance(error, ClientError) and status_of(error) < SERVER_ERRORS:
                    sent.is_unanswered = was_unanswered
                if isinstance(error, ClientError) and is_throttled(error):
                    self._rates.bucket(operation).drain()
                pause = tries.pause(self._patience(error, patience), self._now(), self._chance())
                if pause is None or (until is not None and self._now() + pause > until):
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

        if usual is ONCE or not self._passes(error):
            return ONCE
        if isinstance(error, aws.ClientError):
            if is_queue_full(error):
                return FULL_QUEUE
            return EXPIRY if error_code(error) in EXPIRED else usual
        unreached = isinstance(error, aws.EndpointConnectionError | aws.ConnectTimeoutError) and not self._reached
        return FIRST_CONTACT if unreached else usual

    def _passes(self, error: Exception) -> bool:
        from botocore import exceptions as aws
        from botocore.parsers import ResponseParserError

        if isinstance(error, aws.ClientError):
            if error_code(error) in EXPIRED:
                return self._connection.renews_credentials
            return is_throttled(error) or status_of(error) >= SERVER_ERRORS
        passing = (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError, ResponseParserError)
        return isinstance(error, passing) and not isinstance(error, aws.SSLError | aws.ProxyConnectionError)

    def _sleep_if(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


class _Tries:
    """The failures of one call, each kind counted by itself: many that are borne long leave a rare one its time."""

    def __init__(self) -> None:
        self._failures: dict[Patience, int] = {}
        self._first: dict[Patience, float] = {}

    def pause(self, patience: Patience, now: float, chance: float) -> float | None:
        """Take note of a failure; return the pause before the next try, None where there is to be none.

        To spread those who try again, it is any time up to a bound that doubles.
        """
        count = self._failures[patience] = self._failures.get(patience, 0) + 1
        first = self._first.setdefault(patience, now)
        pause = chance * float(min(patience.pause, SHORTEST_PAUSE * 2 ** (count - 1)))
        return pause if count < patience.calls and now + pause <= first + patience.seconds else None


def _whole(answer: Answer, operation: str) -> Answer:
    """Return an answer that has in it what it should: botocore takes one that was cut off for an empty one."""
    from botocore.parsers import ResponseParserError

    if (wanted := ANSWERS.get(operation)) is not None and wanted not in answer:
        raise ResponseParserError(f"the answer to {operation} is not whole")
    return answer
