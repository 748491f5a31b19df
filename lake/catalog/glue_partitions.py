"""Changes of partitions in Glue: in batches of the size that it takes, in parallel lanes, with what it refuses read out of its answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lake.catalog.glue_bodies import prepared
from lake.catalog.glue_calls import ABSENT, REPEATED, Answer, GlueCalls, Target, in_lanes
from lake.catalog.glue_codec import PartitionReader, partition_to_glue
from lake.catalog.glue_listing import VALUES_PER_GET, batches, is_possible, look_up
from lake.catalog.keys import INVALID, already_there, not_found, values_fault
from lake.model import ALREADY_EXISTS, CHANGED, NOT_FOUND, Partition, Refusal, Table

# Refusals come in the answer, not as an error: docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html
CREATED_PER_CALL = 100
UPDATED_PER_CALL = 100
DELETED_PER_CALL = 25

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartitionChanges:
    """Changes of one table's partitions. Each raises Refused when the table is gone."""

    calls: GlueCalls
    target: Target
    table: Table

    def add(self, partitions: Iterable[Partition]) -> list[Refusal]:
        unfit: list[Refusal] = []
        fit = self._fit(partitions, unfit)
        refused = [each for answers in in_lanes(self._create, batches(fit, CREATED_PER_CALL)) for each in answers]
        return unfit + refused

    def replace(self, changes: Iterable[tuple[Partition, Partition]]) -> list[Refusal]:
        """Put each first partition in the place of the second, which it was when it was looked at."""
        lanes = in_lanes(self._replace, batches(changes, UPDATED_PER_CALL))
        return [each for answers in lanes for each in answers]

    def drop(self, values: Collection[Values]) -> list[Refusal]:
        keys = self.table.partition_keys
        wanted = dict.fromkeys(each for each in values if values_fault(each, keys) is None and is_possible(each))
        dropped = in_lanes(self._delete, batches(wanted, DELETED_PER_CALL))
        refused = {each.values: each for answers in dropped for each in answers}
        refusals: list[Refusal] = []
        for each in values:
            if each not in wanted:
                refusals.append(not_found(each))
            elif each in refused:
                refusals.append(refused[each])
            # The same values given again are gone by then.
            refused.setdefault(each, not_found(each))
        return refusals

    def _fit(self, partitions: Iterable[Partition], unfit: list[Refusal]) -> Iterator[Partition]:
        """Yield those that Glue can take, each once."""
        seen: set[Values] = set()
        for partition in partitions:
            values = partition.values
            fault = values_fault(values, self.table.partition_keys)
            if fault is None and not is_possible(values):
                fault = "Glue takes no empty partition value"
            if fault is not None:
                unfit.append(Refusal(values, INVALID, fault))
            elif values in seen:
                unfit.append(already_there(values))
            else:
                seen.add(values)
                yield partition

    def _create(self, partitions: Sequence[Partition]) -> list[Refusal]:
        answer = self.calls.call(
            "batch_create_partition",
            self._subject,
            accept={ABSENT},
            PartitionInputList=prepared(self.calls.client, partitions),
            **self.target.partition_arguments,
        )
        refused = _refusals(answer)
        taken = {each.values for each in refused if each.reason == ALREADY_EXISTS}
        if not taken or not answer[REPEATED]:
            return refused
        # The answer to the first call was lost, and it may have made them.
        given = {each.values: _substance(each) for each in partitions if each.values in taken}
        ours = {each.values for each in self._stored(taken) if _substance(each) == given[each.values]}
        return [each for each in refused if each.values not in ours]

    def _replace(self, changes: Sequence[tuple[Partition, Partition]]) -> list[Refusal]:
        stored = {each.values: each for each in self._stored([new.values for new, _ in changes])}
        refused: list[Refusal] = []
        entries: list[dict[str, Any]] = []
        for new, expected in changes:
            current = stored.get(new.values)
            if current is None:
                refused.append(not_found(new.values))
            elif _substance(current) != _substance(expected):
                refused.append(Refusal(new.values, CHANGED, "the partition was changed meanwhile"))
            else:
                entries.append({"PartitionValueList": list(new.values), "PartitionInput": partition_to_glue(new)})
        if entries:
            arguments = {**self.target.partition_arguments, "Entries": entries}
            refused += _refusals(self.calls.call("batch_update_partition", self._subject, accept={ABSENT}, **arguments))
        return refused

    def _delete(self, values: Sequence[Values]) -> list[Refusal]:
        answer = self.calls.call(
            "batch_delete_partition",
            self._subject,
            accept={ABSENT},
            PartitionsToDelete=[{"Values": list(each)} for each in values],
            **self.target.partition_arguments,
        )
        refused = _refusals(answer)
        # What an earlier call, whose answer was lost, dropped is not there any more.
        return [each for each in refused if each.reason != NOT_FOUND] if answer[REPEATED] else refused

    def _stored(self, values: Collection[Values]) -> list[Partition]:
        reader = PartitionReader(self.table)
        possible = [each for each in values if is_possible(each)]
        pages = (look_up(self.calls, self.target, each, self._subject) for each in batches(possible, VALUES_PER_GET))
        return [partition for page in pages for partition in reader.read(page)]

    @property
    def _subject(self) -> str:
        return f"table {str(self.table.full_name)!r}"


def _substance(partition: Partition) -> tuple[object, ...]:
    return partition.location, partition.descriptor, partition.parameters


def _refusals(answer: Answer) -> list[Refusal]:
    refusals = []
    for error in answer.get("Errors", ()):
        # BatchUpdatePartition alone names the values `PartitionValueList`.
        values = tuple(error.get("PartitionValues") or error.get("PartitionValueList") or ())
        detail = error.get("ErrorDetail", {})
        refusals.append(Refusal(values, detail.get("ErrorCode", "InternalFailure"), detail.get("ErrorMessage", "")))
    return refusals
