"""Requests that create partitions, written as JSON at once: botocore's checks and its serializer take ten times as long for
partitions of many columns, which are the same for all of a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from lake.catalog import codec
from lake.catalog.glue_codec import partition_to_glue
from lake.model import Partition, StorageDescriptor

OPERATION = "BatchCreatePartition"
FIELD = "PartitionInputList"
EMPTY = f'"{FIELD}": []'.encode()
WRITTEN = "tap_lake_partitions"


class Prepared(list[dict[str, Any]]):
    """An empty list for botocore, in whose place `text` is sent."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def prepared(client: Any, partitions: Iterable[Partition]) -> list[dict[str, Any]]:
    """Return what BatchCreatePartition of this client takes as its list; plain where a field is nothing that JSON has."""
    given = list(partitions)
    try:
        text = _written(given)
    except TypeError:
        return [partition_to_glue(partition) for partition in given]
    events = client.meta.events
    events.register(f"before-parameter-build.glue.{OPERATION}", _take, unique_id="tap-lake-take-partitions")
    events.register(f"before-call.glue.{OPERATION}", _put, unique_id="tap-lake-put-partitions")
    return Prepared(text)


def _written(partitions: list[Partition]) -> str:
    known: dict[int, str] = {}
    entries = []
    for partition in partitions:
        descriptor = known.get(id(partition.descriptor))
        if descriptor is None:
            descriptor = known[id(partition.descriptor)] = _begun(partition.descriptor)
        entry = f'{{"Values": {json.dumps(partition.values)}, "StorageDescriptor": {descriptor}{json.dumps(partition.location)}}}'
        if partition.parameters:
            entry += f', "Parameters": {json.dumps(dict(partition.parameters))}'
        entries.append(entry + "}")
    return f"[{', '.join(entries)}]"


def _begun(descriptor: StorageDescriptor) -> str:
    """Write a descriptor up to where its location stands."""
    fields = json.dumps(codec.descriptor_to_glue(descriptor))[:-1]
    return f'{fields}{", " if fields != "{" else ""}"Location": '


def _take(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    given = params.get(FIELD)
    if isinstance(given, Prepared):
        context[WRITTEN] = given.text


def _put(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    text = context.get(WRITTEN)
    if text is not None:
        before, found, after = params["body"].partition(EMPTY)
        assert found
        params["body"] = before + f'"{FIELD}": {text}'.encode() + after
