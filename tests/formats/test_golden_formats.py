"""One nasty table in every text format; the binary ones are read back in test_columnar.py."""

import io

import pyarrow as pa
import pytest

from lake.formats import FORMATS, FormatOptions, write
from tests.formats.arrays import nasty_table
from tests.golden import golden

TEXT_FORMATS = [name for name, form in FORMATS.items() if not form.binary and name != "none"]


def written(table: pa.Table, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    write(table.to_reader(), out, format=name, options=FormatOptions(**options))
    return out.getvalue()


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_format_prints_the_nasty_table_as_kept(name: str) -> None:
    golden(f"formats/nasty.{name}", written(nasty_table(), name))


def test_a_box_of_100_cells_drops_columns_and_cuts_texts() -> None:
    golden("formats/nasty.table-100", written(nasty_table(), "table", width=100))


def test_a_box_of_texts_cuts_the_widest() -> None:
    table = nasty_table().select([0, 5, 6, 12])
    golden("formats/texts.table-80", written(table, "table", width=80, color=True, max_rows=6))


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_format_prints_no_rows_as_kept(name: str) -> None:
    golden(f"formats/empty.{name}", written(nasty_table().slice(0, 0).select([0, 5, 6]), name))
