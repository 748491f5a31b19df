"""One AWS account and region as boto3 finds them, and the clients of its services."""

from __future__ import annotations

import os
import threading
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lake.aws.credentials import renew_before_calls, sought

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from botocore.session import Session

POOLED_CONNECTIONS = 32
"""Of one client: as many calls as are made at once."""
CONNECT_SECONDS, READ_SECONDS = 5, 20
"""Of a client that does not retry."""


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """What was said of the account, None where boto3's own sources decide (`AWS_*`, `~/.aws`, the machine's role)."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    catalog: str | None = None
    """Athena's data catalog (`awsdatacatalog`), or the account id of another account's Glue."""
    workgroup: str | None = None
    output_location: str | None = None


class AwsConnection:
    """Makes each client once, when it is first asked for. Safe to share between threads."""

    def __init__(self, options: AwsOptions) -> None:
        self.options = options
        self._clients: dict[tuple[str, bool], Any] = {}
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self.calls: Counter[str] = Counter()
        """How often each operation was called, repetitions of a call that failed left out."""

    @cached_property
    def session(self) -> Session:
        """What boto3's own sessions are made over."""
        from botocore.session import Session

        session = Session(profile=self.options.profile)
        # A profile that is not there is an error now, not when something of it is first wanted.
        session.get_scoped_config()
        # boto3 reads AWS_DEFAULT_REGION alone; AWS's other tools read this one before it.
        region = self.options.region or os.environ.get("AWS_REGION") or None
        if region is not None:
            session.set_config_variable("region", region)
        renew_before_calls(session)
        session.register("before-call", self._count, unique_id="tap-lake-calls")
        return session

    def _count(self, model: Any, **_: Any) -> None:
        with self._counting:
            self.calls[model.name] += 1

    def client(self, service: str, *, retries: bool = True) -> Any:
        """Return the boto3 client of a service (`glue`, `s3`, `athena`, `sts` …), which retries by itself.

        Without `retries` it makes every call once and waits less for an answer, for a caller that does better.
        """
        with self._lock:
            if (service, retries) not in self._clients:
                with sought():
                    self.session.get_credentials()
                self._clients[service, retries] = self._made(service, _config(retries))
            return self._clients[service, retries]

    def _made(self, service: str, config: Config) -> Any:
        if service != "s3":
            return self.session.create_client(service, endpoint_url=self.options.endpoint_url, config=config)
        return self._of_boto3.client(service, endpoint_url=self.options.endpoint_url, config=config)

    @cached_property
    def _of_boto3(self) -> boto3.Session:
        """The session with boto3's transfers of files, for which alone boto3 is loaded."""
        import boto3

        return boto3.Session(botocore_session=self.session)

    @property
    def renews_credentials(self) -> bool:
        """Say whether credentials that have expired may be good ones in a moment: keys that were given stay what they are."""
        from botocore.credentials import RefreshableCredentials

        return isinstance(self.session.get_credentials(), RefreshableCredentials)

    @property
    def region(self) -> str | None:
        region: str | None = self.session.get_config_variable("region")
        return region


def _config(retries: bool) -> Config:
    from botocore.config import Config

    if retries:
        return Config(
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=POOLED_CONNECTIONS,
            user_agent_extra="tap-lake",
        )
    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=POOLED_CONNECTIONS,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        user_agent_extra="tap-lake",
    )
