"""Asks a lake through its public surface, and gives values as `equality` takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import lake
from lake.types import DataType
from tests.conformance.moments import date_text, timestamp_text

if TYPE_CHECKING:
    import pyarrow as pa

MILLISECONDS_OF_DAY = 86_400_000


@dataclass(frozen=True)
class Answer:
    """A row is a tuple of values, and so is a value of type row; an interval is Trino's text."""

    types: Sequence[DataType]
    rows: Sequence[tuple[Any, ...]]


class Asker:
    """The lakes of some environments, each opened when it is first asked. Safe in one thread."""

    def __init__(self, lakes: dict[str | None, Path]) -> None:
        self._folders = lakes
        self._open: dict[str | None, lake.Lake] = {}
        self._stack = ExitStack()

    def ask(self, env: str | None, sql: str, *, timeout: float) -> Answer:
        """Raises what the statement fails with."""
        if env not in self._open:
            self._open[env] = self._stack.enter_context(lake.connect(self._folders[env]))
        with self._open[env].query(sql, timeout=timeout) as result:
            types = result.column_types
            return Answer(types, [row for batch in result.batches() for row in _rows(batch, types)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()


def _rows(batch: pa.RecordBatch, types: Sequence[DataType]) -> Iterator[tuple[Any, ...]]:
    columns = [
        [_plain(value, type_) for value in _values(column)] for column, type_ in zip(batch.columns, types, strict=True)
    ]
    return zip(*columns, strict=True)


def _values(column: pa.Array) -> list[Any]:
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except (OverflowError, ValueError):
        return _beyond_years_of_python(column)


def _beyond_years_of_python(column: pa.Array) -> list[str | None]:
    import pyarrow as pa

    if pa.types.is_date(column.type):
        numbers, text_of = column.cast("int32"), date_text
    else:
        numbers, text_of = column.cast(pa.timestamp("us", column.type.tz)).cast("int64"), timestamp_text
    zone = " UTC" if getattr(column.type, "tz", None) else ""
    return [None if number is None else text_of(number) + zone for number in numbers.to_pylist()]


def _plain(value: Any, type_: DataType) -> Any:
    if value is None:
        return None
    match type_.name:
        case "array":
            return [_plain(item, type_.element) for item in value]
        case "map":
            return _map([(_plain(key, type_.key), _plain(item, type_.value)) for key, item in value])
        case "row":
            return tuple(_plain(item, field.type) for item, field in zip(value.values(), type_.fields, strict=True))
        case "interval year to month":
            sign = "-" if value.months < 0 else ""
            years, months = divmod(abs(value.months), 12)
            return f"{sign}{years}-{months}"
        case "interval day to second":
            return _days_to_seconds(value.days * MILLISECONDS_OF_DAY + value.nanoseconds // 10**6)
    return value


def _map(pairs: list[tuple[Any, Any]]) -> dict[Any, Any] | list[tuple[Any, Any]]:
    try:
        return dict(pairs)
    except TypeError:
        return pairs


def _days_to_seconds(milliseconds: int) -> str:
    seconds, millis = divmod(abs(milliseconds), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{'-' if milliseconds < 0 else ''}{days} {hours:02}:{minutes:02}:{seconds:02}.{millis:03}"
