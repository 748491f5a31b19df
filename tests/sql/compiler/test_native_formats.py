"""What DuckDB writes of numbers and by constant patterns of format() is what the bodies write."""

from __future__ import annotations

import math
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lake.sql.compiler.runtime.json import json_of_float
from tests.sql.compiler.running import run
from tests.sql.compiler.test_native_patterns import answer, quoted

SPECIFIERS = [
    "%s",
    "%d",
    "%f",
    "%.2f",
    "%.0f",
    "%8.2f",
    "%-9.1f|",
    "%,.2f",
    "%05d",
    "%5d",
    "%-5d|",
    "%,d",
    "%,12d",
    "%x",
    "%08X",
    "%S",
]
SPECIFIERS += [
    "%10s|",
    "%-10s|",
    "%.3s",
    "%5.2s",
    "%1$s",
    "%<s",
    "%2$s",
    "%%",
    "%n",
    "%08.3f",
    "%tY",
    "%<td",
    "%tH:%<tM",
    "%<tL",
    "%tF",
    "%X",
    "%b",
    "%h",
]
values = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(lambda number: f"CAST('{number}' AS bigint)"),
    st.integers(-9, 2000).map(lambda number: f"CAST('{number}' AS integer)"),
    st.floats().map(lambda number: f"CAST('{str(number).replace('inf', 'Infinity').replace('nan', 'NaN')}' AS double)"),
    st.floats(-1000, 1000).map(lambda number: f"CAST('{number!r}' AS double)"),
    st.decimals(-1000, 1000, places=3).map(lambda number: f"DECIMAL '{number:f}'"),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(quoted),
    st.dates().map(lambda day: f"DATE '{day.isoformat().rjust(10, '0')}'"),
    st.datetimes().map(lambda moment: f"TIMESTAMP '{moment.isoformat(' ', 'milliseconds').rjust(23, '0')}'"),
    st.sampled_from(["true", "CAST(NULL AS bigint)", "CAST(NULL AS varchar)", "CAST(NULL AS double)", "CAST(NULL AS date)", "0e0", "-0e0"]),
)  # fmt: skip


@given(st.lists(st.sampled_from(SPECIFIERS), min_size=1, max_size=3).map(" ".join), values, values)
@settings(deadline=None)
def test_format_writes_alike(pattern: str, first: str, second: str) -> None:
    constant = answer(f"SELECT format({quoted(pattern)}, x, y) FROM (VALUES ({first}, {second})) t(x, y)")
    by_row = answer(f"SELECT format(p, x, y) FROM (VALUES ({first}, {second}, {quoted(pattern)})) t(x, y, p)")
    assert constant == by_row


@given(st.floats())
@settings(deadline=None)
def test_a_double_is_json_as_java_writes_it(number: float) -> None:
    value = f"CAST('{'NaN' if math.isnan(number) else str(number).replace('inf', 'Infinity')}' AS double)"
    assert run(f"SELECT json_format(CAST(x AS json)) FROM (VALUES {value}) t(x)") == [(json_of_float(number),)]


@given(
    st.decimals(-10, 10, places=8)
    | st.decimals(-1, 1, places=8).map(lambda number: number.scaleb(-5).quantize(Decimal("1e-8")))
)
@settings(deadline=None)
def test_a_decimal_is_json_as_java_writes_it(number: Decimal) -> None:
    found = run(f"SELECT json_format(CAST(x AS json)) FROM (VALUES CAST('{number:f}' AS decimal(12,8))) t(x)")
    assert found == [(str(number or abs(number)),)]


def test_a_double_of_many_digits_is_written_whole() -> None:
    ((found,),) = run("SELECT format('%8.2f %.1e', x, x) FROM (VALUES CAST('1.3773069893805203e+264' AS double)) t(x)")
    assert found.startswith("137730698938052")
    assert len(found.split(" ")[0]) == 268
    assert found.endswith(" 1.4e+264")
