"""Drop the repeats of a sorted stream: each row is held against the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


class Distinct:
    """Passes on the first of rows that are equal in `keys`, which are never NULL; counts those passed where `fresh` is true.

    The rows must be sorted by `keys`, the column `fresh` last; it is not passed on.
    """

    def __init__(self, keys: Sequence[str], fresh: str) -> None:
        self._keys = keys
        self._fresh = fresh
        self.fresh = 0

    def pass_on(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow.compute as pc

        last: pa.RecordBatch | None = None
        for batch in batches:
            if not batch.num_rows:
                continue
            kept = batch.filter(self._differs(batch, last))
            last = batch.slice(batch.num_rows - 1)
            self.fresh += pc.sum(kept.column(self._fresh)).as_py() or 0
            yield kept.drop_columns([self._fresh])

    def _differs(self, batch: pa.RecordBatch, last: pa.RecordBatch | None) -> Any:
        """Say for each row whether it differs from the one before it; the very first does."""
        import pyarrow as pa
        import pyarrow.compute as pc

        differs: Any = None
        for key in self._keys:
            column = batch.column(key)
            before = last.column(key) if last is not None else pa.nulls(1, column.type)
            earlier = pa.concat_arrays([before, column.slice(0, batch.num_rows - 1)])
            unlike = pc.fill_null(pc.not_equal(column, earlier), fill_value=True)
            differs = unlike if differs is None else pc.or_(differs, unlike)
        return differs
