"""Values that plain translation would change."""

from decimal import Decimal

import pytest

import lake

CASES = [
    ("DECIMAL '0.12345'", Decimal("0.12345")),
    ("DECIMAL '-12.50'", Decimal("-12.50")),
    ("DECIMAL '00012'", Decimal(12)),
    ("DECIMAL '1.10' * 3", Decimal("3.30")),
    ("CAST(2.6e0 AS decimal)", Decimal(3)),
    ("5 / 2", 2),
    ("-5 / 2", -2),
    ("5 / 2.0e0", 2.5),
    ("x'0aff'", b"\x0a\xff"),
]


@pytest.mark.parametrize(("expression", "wanted"), CASES, ids=[expression for expression, _ in CASES])
def test_a_value_is_trinos(db: lake.Lake, expression: str, wanted: object) -> None:
    result = db.query(f"SELECT {expression} AS v")
    assert result.fetch_all() == [(wanted,)]


def test_columns_without_a_name_are_numbered(db: lake.Lake) -> None:
    assert db.query("SELECT 1, 2 AS a, 'x' || 'y', ARRAY[1]").column_names == ["_col0", "a", "_col2", "_col3"]
    assert db.query("SELECT 1 UNION ALL SELECT 2").column_names == ["_col0"]
