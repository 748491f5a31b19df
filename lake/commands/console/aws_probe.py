"""Single calls of an account's services: each is made once, none is waited for long, and a silent endpoint is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit, urlunsplit

from lake.aws.connection import AwsConnection
from lake.clock import Clock
from lake.errors import CatalogFailed, ConnectionFailed, CredentialsFailed, LakeError

CALL_SECONDS = 5.0
AFTER_SILENCE_SECONDS = 2.0
"""Of a call once another endpoint did not answer: the network may be the reason."""

Answer = dict[str, Any]
Found = TypeVar("Found")


class NotTried(ConnectionFailed):
    """A call that would meet an endpoint that did not answer before."""

    def __init__(self, url: str) -> None:
        super().__init__(f"not tried: {shown_url(url)} does not answer", hint="mend the network or the endpoint first")


class Probe:
    """`ahead` says how far this machine's clock is before the one that answered last, None before any answer; `asked` counts calls."""

    def __init__(self, connection: AwsConnection, clock: Clock) -> None:
        self.connection = connection
        self.ahead: timedelta | None = None
        self.asked = 0
        self._clock = clock
        self._silent: set[str] = set()

    def ask(self, service: str, operation: str, subject: str, /, **arguments: Any) -> Answer:
        """Return the answer to a call, named as boto3's method; raise what the service refuses as its backend tells it."""
        with self._told(service, subject):
            client = self.connection.client(service, retries=False)
            url = client.meta.endpoint_url
            if url in self._silent:
                raise NotTried(url)
            return self._noting(url, subject, partial(_whole, getattr(client, operation), arguments))

    def url(self, service: str) -> str:
        """Return where a service is asked, without what opens it."""
        with self._told(service, service):
            return shown_url(self.connection.client(service, retries=False).meta.endpoint_url)

    def _noting(self, url: str, subject: str, call: Callable[[], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError

        self.asked += 1
        begun = self._clock.now()
        seconds = AFTER_SILENCE_SECONDS if self._silent else CALL_SECONDS
        try:
            answer = within(seconds, call, f"{subject}: {shown_url(url)}")
        except ClientError as error:
            self._note_time(begun, error.response)
            raise
        except (BotoCoreError, ConnectionFailed) as error:
            if _is_silence(error):
                self._silent.add(url)
            raise
        self._note_time(begun, answer)
        return answer

    def _note_time(self, begun: datetime, answer: Any) -> None:
        said = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        try:
            there = parsedate_to_datetime(said)
        except (TypeError, ValueError):
            return
        here = begun + (self._clock.now() - begun) / 2
        self.ahead = here - (there if there.tzinfo else there.replace(tzinfo=UTC))

    @contextmanager
    def _told(self, service: str, subject: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        from lake.aws.faults import translated
        from lake.engine.athena.refusals import refusal
        from lake.storage.s3_calls import told

        options = self.connection.options
        if service == "s3":
            with told(subject, options.profile):
                yield
            return
        with translated(subject, profile=options.profile, failure=CatalogFailed if service == "glue" else LakeError):
            try:
                yield
            except (BotoCoreError, ClientError) as error:
                if service != "athena":
                    raise
                raise refusal(error, subject, options) from error


def within(seconds: float, function: Callable[[], Found], subject: str) -> Found:
    """Return or raise what a function does, or raise ConnectionFailed after so many seconds; it is then left to itself."""
    ended: SimpleQueue[Callable[[], Found]] = SimpleQueue()

    def run() -> None:
        try:
            found = function()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            ended.put(partial(_raise, error))
        else:
            ended.put(lambda: found)

    threading.Thread(target=run, daemon=True, name="tap-lake-probe").start()
    try:
        outcome = ended.get(timeout=seconds)
    except Empty:
        raise ConnectionFailed(
            f"{subject} did not answer within {seconds:g} seconds",
            hint="check the network, a proxy (HTTPS_PROXY) and --endpoint-url",
        ) from None
    return outcome()


def shown_url(url: str) -> str:
    """Write a URL without user, password and parameters."""
    split = urlsplit(url)
    return urlunsplit((split.scheme, split.netloc.rpartition("@")[2], split.path.rstrip("/"), "", ""))


def _raise(error: BaseException) -> NoReturn:
    raise error


def _whole(method: Callable[..., Answer], arguments: Answer) -> Answer:
    answer = method(**arguments)
    if "Body" in answer:
        answer["Body"] = answer["Body"].read()
    return answer


def _is_silence(error: Exception) -> bool:
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.exceptions import HTTPClientError

    no_answer = isinstance(error, ConnectionFailed) and not isinstance(error, CredentialsFailed)
    return no_answer or isinstance(error, NoConnection | HTTPClientError)
