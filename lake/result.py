"""The rows of an execution: Arrow underneath, taken by pandas, Polars and DuckDB through the Arrow PyCapsule interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lake.model import Execution

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from lake.batches import Batches
    from lake.types import DataType


class Result:
    """Rows in the engine's order. May be read again, unless it was asked for with `keep=False`.

    Reading raises what the query failed with. Closing stops a query that still runs.
    """

    def __init__(
        self,
        batches: Batches,
        *,
        execution: Callable[[], Execution],
        close: Callable[[], None],
        types: Sequence[DataType] | Callable[[], Sequence[DataType]] | None = None,
    ) -> None:
        self._batches = batches
        self._types = types
        self._execution = execution
        self._close = close
        self._length: int | None = None

    @property
    def execution(self) -> Execution:
        """The execution as it stands now."""
        return self._execution()

    @property
    def schema(self) -> pa.Schema:
        from lake.types.zoned import plain_schema

        return plain_schema(self._batches.schema())

    @property
    def column_names(self) -> list[str]:
        return self.schema.names  # type: ignore[no-any-return]

    @property
    def column_types(self) -> list[DataType]:
        """The columns' types in Athena's terms."""
        from lake.types import from_arrow

        if self._types is not None:
            return list(self._types() if callable(self._types) else self._types)
        return [from_arrow(field.type) for field in self.schema]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as they come; a timestamp with time zone is its instant, in UTC."""
        from lake.types.zoned import has_zones, without_zones

        # A generator holds this Result, and with it the query, for as long as somebody reads.
        if not has_zones(self._batches.schema()):
            yield from self._batches
            return
        schema = self.schema
        for batch in self._batches:
            yield without_zones(batch, schema)

    def zoned(self) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """Return the rows with the zones of their timestamps, for which Arrow has no place, for `lake.formats`."""
        return self._batches.schema(), self._as_they_lie()

    def _as_they_lie(self) -> Iterator[pa.RecordBatch]:
        yield from self._batches

    def reader(self) -> pa.RecordBatchReader:
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self.schema, self.batches())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pa.Table:
        return self.reader().read_all()

    def to_pandas(self) -> pd.DataFrame:
        return self.to_arrow().to_pandas()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Yield rows as tuples of Python values; columns are the faster way."""
        for batch in self.batches():
            columns = [column.to_pylist() for column in batch.columns]
            yield from zip(*columns, strict=True)

    def fetch_all(self) -> list[tuple[Any, ...]]:
        return [row for row in self]  # noqa: C416  list() would ask for the length first

    def __len__(self) -> int:
        """Count the rows, reading to the end. Raises TypeError where they can be read only once."""
        if self._batches.read_once:
            raise TypeError("to count these rows would use them up")
        if self._length is None:
            self._length = sum(batch.num_rows for batch in self.batches())
        return self._length

    def close(self) -> None:
        self._batches.close()
        self._close()

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
