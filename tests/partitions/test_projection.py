"""Partitions by rule: the values that a declaration means, and which of them a query reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

import lake
from lake.errors import ConfigError, UsageError
from lake.model import Column
from lake.partitions.projection.domains import chosen_values, domain_of
from lake.partitions.projection.partitions import is_projected, projection_of
from tests.lakes import BUCKET
from tests.lakes import put as put_file
from tests.partitions.tables import partitioned_by

NOW = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)


def texts(type_: str, equal: Sequence[str] | None = None, **declared: str) -> list[str]:
    return [text for _, text in projected(type_, equal, **declared)]


def projected(type_: str, equal: Sequence[str] | None = None, **declared: str) -> list[tuple[str, str]]:
    parameters = {f"projection.k.{name.replace('_', '.')}": value for name, value in declared.items()}
    domain = domain_of(Column("k", type_), parameters)
    return [(each.value, each.text) for each in chosen_values("k", domain, equal, NOW)]


def test_an_enum_has_the_values_listed_and_blanks_are_theirs() -> None:
    assert texts("string", type="enum", values="a,b, c,a") == ["a", "b", " c"]
    assert texts("string", [" c", "d"], type="enum", values="a,b, c") == [" c"]


def test_integers_go_from_end_to_end_by_steps_with_zeros_before_them() -> None:
    assert texts("int", type="integer", range="-1,1") == ["-1", "0", "1"]
    assert texts("string", type="integer", range="0, 23", digits="2", interval="6") == ["00", "06", "12", "18"]
    assert texts("string", ["12", "7", "x"], type="integer", range="0,23", digits="2", interval="6") == ["12"]


@pytest.mark.parametrize(
    ("format_", "range_", "interval", "expected"),
    [
        ("yyyy/MM/dd", "2026/01/30,2026/02/01", {}, ["2026/01/30", "2026/01/31", "2026/02/01"]),
        ("yyyy-MM-dd", "NOW-2DAYS,NOW", {}, ["2026-02-01", "2026-02-02", "2026-02-03"]),
        ("yyyy-MM-dd", " now - 1 week , NOW+1DAY ", {"interval": "4"}, ["2026-01-27", "2026-01-31", "2026-02-04"]),
        ("yyyy-MM", "NOW-3MONTHS,NOW", {"interval_unit": "MONTHS"}, ["2025-11", "2025-12", "2026-01", "2026-02"]),
        ("yyyy-MM", "2025-12,NOW", {}, ["2025-12", "2026-01", "2026-02"]),
        ("yyyy", "2024,NOW", {"interval": "1", "interval_unit": "YEARS"}, ["2024", "2025", "2026"]),
        ("yyyy-MM-dd-HH", "NOW-2HOURS,NOW", {"interval_unit": "HOURS"}, [f"2026-02-03-{h}" for h in (10, 11, 12)]),
        ("yyyy-MM-dd", "2024-01-31,2024-04-30", {"interval_unit": "MONTHS"}, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("yyyyMMdd", "20260203,20260202", {}, []),
    ],
)  # fmt: skip
def test_dates_go_from_end_to_end_by_their_unit(
    format_: str, range_: str, interval: dict[str, str], expected: list[str]
) -> None:
    declared = {"type": "date", "format": format_, "range": range_, **interval}
    assert texts("string", **declared) == expected
    assert texts("string", [*expected, "soon"], **declared) == expected


def test_values_of_a_date_are_iso_whatever_the_path_has() -> None:
    declared = {"type": "date", "format": "yyyy/MM/dd", "range": "2026/01/31,2026/02/01"}
    assert projected("date", **declared) == [("2026-01-31", "2026/01/31"), ("2026-02-01", "2026/02/01")]
    assert projected("date", ["2026-02-01"], **declared) == [("2026-02-01", "2026/02/01")]


def test_a_moment_between_two_steps_is_none_of_the_values() -> None:
    declared = {"type": "date", "format": "yyyy-MM-dd", "range": "2026-01-01,NOW", "interval": "7"}
    assert texts("string", ["2026-01-08", "2026-01-09"], **declared) == ["2026-01-08"]


def test_an_injected_key_has_what_the_query_names() -> None:
    assert texts("string", ["b", "a"], type="injected") == ["a", "b"]
    with pytest.raises(UsageError, match=r"CONSTRAINT_VIOLATION.*injected projected partition column k"):
        texts("string", type="injected")


def test_more_values_than_can_be_looked_at_are_refused_unless_named() -> None:
    seconds = {"type": "date", "format": "yyyy-MM-dd HH:mm:ss", "range": "2026-01-01 00:00:00,NOW"}
    with pytest.raises(UsageError, match="more than 1,000,000 values"):
        texts("string", **seconds)
    assert texts("string", ["2026-02-01 00:00:01"], **seconds) == ["2026-02-01 00:00:01"]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({}, "projection.k.type is missing"),
        ({"type": "list"}, "must be enum, integer, date or injected"),
        ({"type": "enum"}, "projection.k.values is missing"),
        ({"type": "integer", "range": "1"}, "must be two values"),
        ({"type": "integer", "range": "1,b"}, "'b', which is no integer"),
        ({"type": "integer", "range": "1,2", "interval": "0"}, "must be positive"),
        ({"type": "date", "range": "2026,NOW"}, "projection.k.format is missing"),
        ({"type": "date", "format": "yyyy", "range": "26,NOW"}, "neither yyyy nor NOW"),
        ({"type": "date", "format": "yyyy", "range": "2026,NOW", "interval_unit": "AGES"}, "one of YEARS to SECONDS"),
    ],
)
def test_a_declaration_that_athena_refuses_is_refused(declared: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        texts("string", **declared)


def test_projection_is_on_where_the_table_says_so() -> None:
    assert not is_projected(partitioned_by(dt="string"))
    with pytest.raises(ConfigError, match="leaves out the partition key 'hour'"):
        projection_of(partitioned_by("${dt}/", dt="string", hour="int"))
    with pytest.raises(ConfigError, match="names 'day', which is no partition key"):
        projection_of(partitioned_by("${day}/", dt="string"))


@pytest.fixture
def db(duckdb_lake: lake.Lake) -> lake.Lake:
    """A lake whose queries are planned here."""
    return duckdb_lake


def put(db: lake.Lake, *keys: str) -> None:
    """Make files that hold their own key."""
    for key in keys:
        put_file(db, f"{key}/part.csv", f"{key}\n")


def table(db: lake.Lake, keys: str, **properties: str) -> None:
    declared = {"projection.enabled": "true"} | {
        name.replace("__", "."): value.replace("BUCKET", f"s3://{BUCKET}") for name, value in properties.items()
    }
    listed = ", ".join(f"'{name}'='{value}'" for name, value in declared.items())
    db.query(
        f"CREATE EXTERNAL TABLE logs (place string) PARTITIONED BY ({keys}) ROW FORMAT DELIMITED "
        f"FIELDS TERMINATED BY ',' LOCATION 's3://{BUCKET}/logs/' TBLPROPERTIES ({listed})"
    )


def read(db: lake.Lake, where: str = "") -> list[str]:
    return [row[0] for row in db.query(f"SELECT place FROM logs {where} ORDER BY 1").fetch_all()]


def by_day_and_account(db: lake.Lake) -> None:
    put(db, "logs/11/eu/2026/02/01", "logs/11/us/2026/02/02", "logs/22/eu/2026/02/02", "logs/22/eu/2019/01/01")
    put(db, "logs/22/xx/2026/02/02", "logs/22/eu/2026/02")
    table(
        db,
        "account string, region string, dt string",
        projection__account__type="injected",
        projection__region__type="enum",
        projection__region__values="eu,us",
        projection__dt__type="date",
        projection__dt__format="yyyy/MM/dd",
        projection__dt__range="2026/01/01,NOW",
        storage__location__template="BUCKET/logs/${account}/${region}/${dt}",
    )


def test_what_is_projected_is_read_and_nothing_else(db: lake.Lake) -> None:
    by_day_and_account(db)
    assert read(db, "WHERE account = '22'") == ["logs/22/eu/2026/02/02"]
    assert read(db, "WHERE account IN ('11', '22') AND dt >= '2026/02/02'") == [
        "logs/11/us/2026/02/02",
        "logs/22/eu/2026/02/02",
    ]
    assert read(db, "WHERE (account = '11' AND region = 'us') OR account = '22'") == [
        "logs/11/us/2026/02/02",
        "logs/22/eu/2026/02/02",
    ]
    assert read(db, "WHERE account = '..' OR account = '33'") == []
    assert db.plan("SELECT * FROM logs WHERE account = '11' AND region = 'us'").bytes == len("logs/11/us/2026/02/02\n")


def test_a_query_has_to_name_injected_keys(db: lake.Lake) -> None:
    by_day_and_account(db)
    for where in ("", "WHERE account > '1'", "WHERE account = '11' OR region = 'eu'", "WHERE account LIKE '1%'"):
        with pytest.raises(UsageError, match="injected projected partition column account"):
            read(db, where)


def test_keys_have_the_types_of_the_table(db: lake.Lake) -> None:
    put(
        db,
        "logs/year=2025/month=07/day=2025-07-04",
        "logs/year=2025/month=7/day=2025-07-05",
        "logs/year=2026/month=01/day=2026-01-04",
    )
    table(
        db,
        "year int, month int, day date",
        projection__year__type="integer",
        projection__year__range="2020,2030",
        projection__month__type="integer",
        projection__month__range="1,12",
        projection__month__digits="2",
        projection__day__type="date",
        projection__day__format="yyyy-MM-dd",
        projection__day__range="2025-01-01,NOW",
    )  # fmt: skip
    assert read(db) == ["logs/year=2025/month=07/day=2025-07-04", "logs/year=2026/month=01/day=2026-01-04"]
    assert read(db, "WHERE month = 7") == ["logs/year=2025/month=07/day=2025-07-04"]
    assert read(db, "WHERE day > DATE '2025-12-31'") == ["logs/year=2026/month=01/day=2026-01-04"]
    assert read(db, "WHERE year * 100 + month BETWEEN 202506 AND 202508") == ["logs/year=2025/month=07/day=2025-07-04"]
    assert read(db, "WHERE day = date_add('day', -30, current_date)") == ["logs/year=2026/month=01/day=2026-01-04"]
    assert db.query("SELECT year, month FROM logs WHERE month = 1").fetch_all() == [(2026, 1)]


def test_registered_partitions_are_passed_over_where_projection_is_on(db: lake.Lake) -> None:
    put(db, "logs/k=a", "elsewhere")
    table(db, "k string", projection__k__type="enum", projection__k__values="a,b")
    db.query("ALTER TABLE logs ADD PARTITION (k = 'b') LOCATION 's3://lake/elsewhere/'")
    assert read(db) == ["logs/k=a"]
    db.query("ALTER TABLE logs SET TBLPROPERTIES ('projection.enabled' = 'false')")
    assert read(db) == ["elsewhere"]


def test_only_folders_that_matter_are_listed(db: lake.Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    by_day_and_account(db)
    listed: list[str] = []
    list_prefixes = db.storage.list_prefixes

    def noted(prefix: str) -> Iterator[str]:
        listed.append(prefix)
        return list_prefixes(prefix)

    monkeypatch.setattr(db.storage, "list_prefixes", noted)
    read(db, "WHERE account = '11' AND region = 'us' AND dt = '2026/02/02'")
    assert listed
    assert not [each for each in listed if "/22/" in each or "/eu/" in each]
