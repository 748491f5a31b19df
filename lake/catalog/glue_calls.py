"""Calls of Glue: retried beyond what boto3 does, made in parallel lanes, and their refusals told in a lake's own errors."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from lake.aws.connection import AwsConnection
from lake.aws.faults import error_code, error_message, is_throttled, status_of, translate, translated
from lake.collector import collector_held
from lake.errors import CatalogFailed, ConnectionFailed, LakeError

LANES = 10
"""Calls at once. Glue also cuts a listing into at most as many segments."""

ROUNDS = 3
"""Times that boto3's own series of attempts is made for what passes by itself: too many calls, failures of the service."""

ABSENT = "EntityNotFoundException"
TAKEN = "AlreadyExistsException"
CONCURRENT = "ConcurrentModificationException"

# Listings whose answers are long: botocore's parser needs longer for them than Glue.
RAW_OPERATIONS = ("GetPartitions", "BatchGetPartition")

# botocore takes any answer for an empty one, and an empty listing must be one that Glue gave.
CONTENT = {
    "get_database": "Database",
    "get_databases": "DatabaseList",
    "get_table": "Table",
    "get_tables": "TableList",
    "get_partitions": "Partitions",
    "batch_get_partition": "Partitions",
}

REPEATED = "Repeated"
"""Put into every answer: whether the call was sent more than once, so that an earlier one may have been carried out."""

Answer = dict[str, Any]
Item = TypeVar("Item")
Result = TypeVar("Result")

_raw = threading.local()


class Refused(Exception):
    """Glue's answer to a call, where its caller knows what to make of it; `repeated` is as REPEATED of an answer."""

    def __init__(self, code: str, message: str, *, repeated: bool) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.repeated = repeated


@dataclass(frozen=True, slots=True)
class Target:
    """The place of a table in Glue: where its name leads, resource links followed. None is the account's own catalog."""

    catalog_id: str | None
    database: str
    name: str

    @property
    def table_arguments(self) -> dict[str, str]:
        return {**self._catalog, "DatabaseName": self.database, "Name": self.name}

    @property
    def partition_arguments(self) -> dict[str, str]:
        return {**self._catalog, "DatabaseName": self.database, "TableName": self.name}

    @property
    def database_arguments(self) -> dict[str, str]:
        return {**self._catalog, "DatabaseName": self.database}

    @property
    def _catalog(self) -> dict[str, str]:
        return {} if self.catalog_id is None else {"CatalogId": self.catalog_id}


class GlueCalls:
    def __init__(self, connection: AwsConnection) -> None:
        self._connection = connection

    @property
    def region(self) -> str | None:
        return self._connection.region

    @cached_property
    def client(self) -> Any:
        with translated("Glue", profile=self._connection.options.profile, failure=CatalogFailed):
            client = self._connection.client("glue")
        for operation in RAW_OPERATIONS:
            client.meta.events.register(f"before-parse.glue.{operation}", _parse_at_once, unique_id="tap-lake-raw")
        return client

    def call(self, operation: str, subject: str, /, *, accept: Collection[str] = (), **arguments: Any) -> Answer:
        """Make a call, named as boto3's method; raise Refused for the error codes of `accept`.

        Listings of partitions come as Glue wrote them: instants are numbers of seconds.
        """
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError
        from botocore.parsers import ResponseParserError

        method = getattr(self.client, operation)
        for round_ in range(1, ROUNDS + 1):
            try:
                with _unparsed():
                    answer: Answer = method(**arguments)
            except ClientError as error:
                if error_code(error) in accept:
                    repeated = round_ > 1 or _retries(error.response) > 0
                    raise Refused(error_code(error), error_message(error), repeated=repeated) from error
                if round_ == ROUNDS or not _passes(error):
                    raise self._told(error, subject) from error
            except (BotoCoreError, ResponseParserError) as error:
                if round_ == ROUNDS or not isinstance(error, (ConnectionClosedError, ReadTimeoutError)):
                    raise self._told(error, subject) from error
            else:
                if operation in CONTENT and CONTENT[operation] not in answer:
                    raise ConnectionFailed(
                        f"{subject}: the endpoint does not answer as Glue does", hint="check --endpoint-url"
                    )
                answer[REPEATED] = round_ > 1 or _retries(answer) > 0
                return answer
            time.sleep(random.uniform(0.5, 2.0) * round_)  # noqa: S311 - jitter
        raise AssertionError("the last round returns or raises")

    def pages(
        self, operation: str, subject: str, /, *, accept: Collection[str] = (), **arguments: Any
    ) -> Iterator[Answer]:
        """Make calls until an answer has no NextToken; pages may be empty, also those that others follow."""
        token: str | None = None
        while True:
            more = {} if token is None else {"NextToken": token}
            answer = self.call(operation, subject, accept=accept, **arguments, **more)
            yield answer
            token = answer.get("NextToken")
            if not token:
                return

    def _told(self, error: Exception, subject: str) -> LakeError:
        return translate(error, subject, profile=self._connection.options.profile, failure=CatalogFailed)


def in_lanes(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield the function's results in the order of the items, up to LANES of which are worked on at once.

    Items are taken as lanes fall free. After an error no further item is begun, and those begun are waited for.
    """
    source = iter(items)
    begun = list(islice(source, 2))
    if len(begun) < 2:
        yield from map(function, begun)
        return
    with ThreadPoolExecutor(LANES, thread_name_prefix="tap-lake-glue") as pool:
        try:
            running: deque[Future[Result]] = deque(pool.submit(function, item) for item in begun)
            running.extend(pool.submit(function, item) for item in islice(source, LANES - len(begun)))
            while running:
                result = running.popleft().result()
                running.extend(pool.submit(function, item) for item in islice(source, 1))
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _passes(error: Any) -> bool:
    return is_throttled(error) or status_of(error) >= 500


def _retries(answer: Any) -> int:
    return int(answer.get("ResponseMetadata", {}).get("RetryAttempts", 0))


@contextmanager
def _unparsed() -> Iterator[None]:
    _raw.wanted = True
    try:
        yield
    finally:
        _raw.wanted = False


def _parse_at_once(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Give botocore an answer without a body, and its content past the parser, which walks it member by member."""
    if getattr(_raw, "wanted", False) and response_dict["status_code"] == 200:
        try:
            with collector_held():
                content = json.loads(response_dict["body"])
        except ValueError:
            return
        if isinstance(content, dict):
            customized_response_dict.update(content)
            response_dict["body"] = b"{}"
