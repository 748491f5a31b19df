"""TRY and TRY_CAST beside GROUP BY, aggregates and windows."""

from __future__ import annotations

import pytest

import lake

SALES = "(VALUES ('a', '1', 10), ('a', 'x', 0), ('b', '2', 5), ('b', '{\"k\": 7}', 5)) AS t(shop, n, total)"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("shop, try(sum(total) / count_if(total = 5)) FROM {} GROUP BY shop ORDER BY shop", [("a", None), ("b", 5)]),
        ("try(sum(total) / 0), count(*) FROM {}", [(None, 4)]),
        ("try_cast(n AS integer), count(*) FROM {} GROUP BY n ORDER BY n", [(1, 1), (2, 1), (None, 1), (None, 1)]),
        ("try_cast(n AS integer), count(*) FROM {} GROUP BY 1 ORDER BY 1", [(1, 1), (2, 1), (None, 2)]),
        ("coalesce(try_cast(n AS integer), 0) + max(total) FROM {} WHERE shop = 'a' GROUP BY n ORDER BY 1", [(0,), (11,)]),
        ("shop FROM {} GROUP BY shop HAVING try(1 / (sum(total) - 10)) IS NULL ORDER BY 1", [("a",), ("b",)]),
        ("shop FROM {} GROUP BY shop, n ORDER BY try_cast(n AS integer) NULLS FIRST, shop", [("a",), ("b",), ("a",), ("b",)]),
        ("try_cast(n AS integer) AS i FROM {} GROUP BY n ORDER BY coalesce(try_cast(n AS integer), -1), n LIMIT 3", [(None,), (None,), (1,)]),
        ("max(json_extract_scalar(n, '$.k')), json_extract_scalar(max(n), '$.k') FROM {} WHERE shop = 'b'", [("7", "7")]),
        ("json_extract_scalar(n, '$.k') FROM {} WHERE shop = 'b' GROUP BY n, shop ORDER BY n", [(None,), ("7",)]),
        ("try_cast(upper(n) AS integer) FROM {} GROUP BY upper(n) ORDER BY 1", [(1,), (2,), (None,), (None,)]),
        ("n, try_cast(lag(n) OVER (ORDER BY n) AS integer) FROM {} WHERE total < 9 ORDER BY n", [("2", None), ("x", 2), ('{"k": 7}', None)]),
        ("shop, try(sum(total) / sum(sum(total) - 10) OVER ()) FROM {} GROUP BY shop ORDER BY 1", [("a", None), ("b", None)]),
        ("sum(try_cast(n AS integer)), try(transform(array_agg(total ORDER BY total), x -> 1 / (x - 10))) FROM {}", [(3, None)]),
        ("try(date_parse(n, '%d')), count(*) FROM {} WHERE total = 5 GROUP BY n, total HAVING try_cast(n AS integer) IS NULL", [(None, 1)]),
    ],
)  # fmt: skip
def test_try_takes_what_is_grouped_and_aggregated(db: lake.Lake, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert db.query("SELECT " + sql.format(SALES)).fetch_all() == expected


def test_what_fails_in_two_tries_is_null_in_both(db: lake.Lake) -> None:
    moments = "(VALUES '2026-01-05', '05.01.2026') AS t(written)"
    found = db.query(
        f"SELECT try(CAST(written AS date)) IS NULL, try(date_parse(written, '%Y-%m-%d')) IS NULL FROM {moments}"
    )
    assert found.fetch_all() == [(False, False), (True, True)]
