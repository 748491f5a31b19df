"""Work groups: what this server knows of them, and the operations on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lake.clock import Clock
from lake.serve.paging import page_of
from lake.serve.refusals import invalid

PRIMARY = "primary"
ENABLED = "ENABLED"
ENGINE_VERSION = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
MOST_LISTED = 50

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """`configuration` is WorkGroupConfiguration, as the API gives it."""

    name: str
    created_at: datetime
    state: str = ENABLED
    description: str | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def enforced(self) -> bool:
        return bool(self.configuration["EnforceWorkGroupConfiguration"])

    @property
    def managed(self) -> bool:
        """Whether results are kept by the service and written nowhere."""
        return bool(self.configuration.get("ManagedQueryResultsConfiguration", {}).get("Enabled"))

    @property
    def result_configuration(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.configuration["ResultConfiguration"]
        return found

    def described(self) -> Answer:
        return {**self._base(), "Configuration": dict(self.configuration)}

    def summary(self) -> Answer:
        return {**self._base(), "EngineVersion": ENGINE_VERSION}

    def _base(self) -> Answer:
        said = {} if self.description is None else {"Description": self.description}
        return {"Name": self.name, "State": self.state, "CreationTime": self.created_at, **said}


class WorkGroups:
    """Safe to share between threads. There is always a `primary`."""

    def __init__(self, clock: Clock, *, output_location: str | None = None) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        location = {"OutputLocation": output_location} if output_location else {}
        configuration = _configuration({"ResultConfiguration": location}, enforced=False)
        self._groups = {PRIMARY: WorkGroup(PRIMARY, clock.now(), configuration=configuration)}

    @property
    def operations(self) -> Mapping[str, Callable[[Answer], Answer]]:
        return {
            "GetWorkGroup": self.get_work_group,
            "ListWorkGroups": self.list_work_groups,
            "CreateWorkGroup": self.create_work_group,
            "UpdateWorkGroup": self.update_work_group,
            "DeleteWorkGroup": self.delete_work_group,
        }

    def get(self, name: str) -> WorkGroup:
        """Raise Refused for one that is unknown."""
        with self._lock:
            if name not in self._groups:
                raise invalid("WorkGroup is not found.")
            return self._groups[name]

    def get_work_group(self, params: Answer) -> Answer:
        return {"WorkGroup": self.get(params["WorkGroup"]).described()}

    def list_work_groups(self, params: Answer) -> Answer:
        with self._lock:
            groups = sorted(self._groups.values(), key=lambda group: group.name)
        listed, more = page_of(groups, params, most=MOST_LISTED)
        return {"WorkGroups": [group.summary() for group in listed], **more}

    def create_work_group(self, params: Answer) -> Answer:
        name = params["Name"]
        group = WorkGroup(
            name,
            self._clock.now(),
            description=params.get("Description"),
            configuration=_configuration(params.get("Configuration", {}), enforced=True),
        )
        with self._lock:
            if name in self._groups:
                raise invalid("WorkGroup is already created")
            self._groups[name] = group
        return {}

    def update_work_group(self, params: Answer) -> Answer:
        group = self.get(params["WorkGroup"])
        changed = replace(
            group,
            state=params.get("State", group.state),
            description=params.get("Description", group.description),
            configuration=_updated(group.configuration, params.get("ConfigurationUpdates", {})),
        )
        with self._lock:
            self._groups[group.name] = changed
        return {}

    def delete_work_group(self, params: Answer) -> Answer:
        group = self.get(params["WorkGroup"])
        if group.name == PRIMARY:
            raise invalid("The primary workgroup cannot be deleted")
        with self._lock:
            self._groups.pop(group.name, None)
        return {}


def _configuration(given: Mapping[str, Any], *, enforced: bool) -> dict[str, Any]:
    """Fill in what is not said; `enforced` is the default of the one setting that differs."""
    return {
        "ResultConfiguration": {},
        "EnforceWorkGroupConfiguration": enforced,
        "PublishCloudWatchMetricsEnabled": True,
        "RequesterPaysEnabled": False,
        **given,
        "EngineVersion": ENGINE_VERSION,
    }


def _updated(configuration: Mapping[str, Any], updates: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(configuration)
    results = updates.get("ResultConfigurationUpdates")
    if results is not None:
        changed["ResultConfiguration"] = _without_removed(configuration["ResultConfiguration"], results)
    managed = updates.get("ManagedQueryResultsConfigurationUpdates")
    if managed is not None:
        changed["ManagedQueryResultsConfiguration"] = {"Enabled": bool(managed.get("Enabled"))}
    named = ("EnforceWorkGroupConfiguration", "PublishCloudWatchMetricsEnabled", "RequesterPaysEnabled")
    return changed | {name: updates[name] for name in named if name in updates}


def _without_removed(results: Mapping[str, Any], updates: Mapping[str, Any]) -> dict[str, Any]:
    """Apply what is set; `Remove…` takes a setting away."""
    changed = dict(results)
    for name in ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration"):
        if name in updates:
            changed[name] = updates[name]
        if updates.get(f"Remove{name}"):
            changed.pop(name, None)
    return changed
