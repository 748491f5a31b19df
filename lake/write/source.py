"""Take what users hold (pandas, Polars, Arrow, DuckDB, …) as one stream of Arrow batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from lake.errors import UsageError, WriteRefused

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_BYTES = 32 << 20
"""A DataFrame or a table may come as one batch of any size; it goes on in slices of about this many bytes."""

ACCEPTED = (
    "a pandas or Polars DataFrame, an Arrow table, batch or reader, a DuckDB relation, or anything with an Arrow stream"
)


class ArrowStream(Protocol):
    """What pandas, Polars, Arrow, DuckDB and many others hand their columns out by."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def open_reader(data: object, table: str) -> pa.RecordBatchReader:
    """Raise WriteRefused naming the column that has no Arrow type, UsageError for what is no table at all."""
    import pyarrow as pa

    if isinstance(data, pa.RecordBatchReader):
        return data
    if _is_pandas(data):
        return _from_pandas(data, table).to_reader()
    if hasattr(data, "__arrow_c_stream__"):
        try:
            return pa.RecordBatchReader.from_stream(data)
        except pa.ArrowInvalid as error:
            # A stream of single values, as a Series gives.
            raise _no_table(data) from error
    if hasattr(data, "__arrow_c_array__"):
        return pa.Table.from_batches([pa.record_batch(data)]).to_reader()
    # The result of DuckDB's `execute` is the connection, which has no stream of its own.
    if type(data).__name__ == "DuckDBPyConnection":
        return _from_duckdb(data)
    raise _no_table(data)


def slices(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield the rows in order, in batches of about BATCH_BYTES at most and never an empty one."""
    for batch in reader:
        if not batch.num_rows:
            continue
        row_bytes = max(1, batch.nbytes // batch.num_rows)
        step = max(1, BATCH_BYTES // row_bytes)
        for start in range(0, batch.num_rows, step):
            yield batch.slice(start, step)


def _is_pandas(data: object) -> bool:
    return type(data).__name__ == "DataFrame" and hasattr(data, "iloc") and hasattr(data, "to_numpy")


def _from_pandas(frame: Any, table: str) -> pa.Table:
    """Convert without the index, which is no column to who writes the frame's columns."""
    import pyarrow as pa

    names = [str(name) for name in frame.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise WriteRefused(table, twice, "the data have two columns of this name")
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        for position, name in enumerate(names):
            _convert_alone(frame.iloc[:, position], name, table)
        raise


def _convert_alone(series: Any, name: str, table: str) -> None:
    import pyarrow as pa

    try:
        pa.Array.from_pandas(series)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        reason = f"its values are of no one type ({str(error).splitlines()[0]})"
        raise WriteRefused(table, name, reason, hint="convert the column to one type first") from error


def _from_duckdb(connection: Any) -> pa.RecordBatchReader:
    reader = getattr(connection, "to_arrow_reader", None) or connection.fetch_record_batch
    opened: pa.RecordBatchReader = reader()
    return opened


def _no_table(data: object) -> UsageError:
    kind = f"{type(data).__module__}.{type(data).__qualname__}".removeprefix("builtins.")
    return UsageError(f"cannot write {kind}: it is not a table", hint=_hint(data))


def _hint(data: object) -> str:
    if type(data).__name__ == "LazyFrame":
        return "collect() it first"
    if type(data).__name__ == "Series":
        return "give a DataFrame, not one column"
    return f"give {ACCEPTED}"
