"""Which templates are found in trees of which nothing is declared, and which are not believed."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from lake.partitions.layouts.inference import layouts_of
from lake.partitions.survey.shapes import shapes_of
from tests.partitions.memory import MemoryStorage
from tests.partitions.tables import LOCATION, partitioned_by

HOURLY = {"dt": "date", "hour": "int"}
TEXT = {"dt": "string"}
PLACED = {"dt": "string", "region": "string"}
FOUR = dict.fromkeys(("year", "month", "day", "hour"), "int")

Found = dict[str | None, int]


def found(keys: dict[str, str], paths: list[str]) -> Found:
    """Return how many places follow each template, None for files of none, as `layout` shows it."""
    storage = MemoryStorage({f"{LOCATION}{path}/a": b"data" for path in paths})
    return {shape.settable: shape.places or -shape.files for shape in shapes_of(storage, partitioned_by(**keys))}


@pytest.mark.parametrize(
    ("keys", "paths", "wanted"),
    [
        (HOURLY, ["2025/4/1/7", "2025/12/10/13"], {"${dt:yyyy/M/d}/${hour}": 2}),
        (HOURLY, ["2025/4/1/7", "2025/12/10/13", "2024/10/11/12", "2024/10/1/10"], {"${dt:yyyy/M/d}/${hour}": 4}),
        (HOURLY, ["2025/12/10/13", "2025/11/30/22"], {"${dt:yyyy/MM/dd}/${hour}": 2}),
        (HOURLY, ["2025/12/10/7", "2025/11/30/22"], {"${dt:yyyy/M/d}/${hour}": 2}),
        (HOURLY, ["2025/04/01/7", "2025/04/01/13"], {"${dt:yyyy/MM/dd}/${hour}": 2}),
        (HOURLY, ["2025/04/01/07", "2025/4/2/8"], {"${dt:yyyy/MM/dd}/${hour}": 1, "${dt:yyyy/M/d}/${hour}": 1}),
        (TEXT, ["2025/4/1/7", "2025/12/10/13"], {"${dt:yyyy/M/d/H}": 2}),
        ({"at": "timestamp"}, ["2025/4/1/7", "2025/12/10/13"], {"${at:yyyy/M/d/H}": 2}),
        (FOUR, ["2025/4/1/7", "2025/12/10/13"], {"${year}/${month}/${day}/${hour}": 2}),
    ],
)
def test_two_digits_are_no_padding_beside_one(keys: dict[str, str], paths: list[str], wanted: Found) -> None:
    assert found(keys, paths) == wanted


@pytest.mark.parametrize(
    ("keys", "paths", "wanted"),
    [
        (TEXT, ["2025-04-01", "2025-04-02"], {"${dt}": 2}),
        (TEXT, ["2025-04-01-07", "2025-04-01T08", "2025-04-01 09"], {"${dt}": 3}),
        ({"day": "varchar(10)"}, ["2025-04-01"], {"${day}": 1}),
        (PLACED, ["2025-04-01/eu", "2025-04-02/us"], {"${dt}/${region}": 2}),
        ({"region": "string", "dt": "string"}, ["eu/2025-04-01", "us/2025-04-02"], {"${region}/${dt}": 2}),
        ({"dt": "string", "hour": "string"}, ["2025-04-01/07"], {"${dt}/${hour}": 1}),
        (PLACED, ["raw/2025-04-01/eu", "raw/2025-04-02/us"], {"raw/${dt}/${region}": 2}),
        (PLACED, ["raw/2025-04-01/region=eu"], {"raw/${dt}/region=${region}": 1}),
        (PLACED, ["2025-04-01/eu", "junk"], {"${dt}/${region}": 1, None: -1}),
        ({"dt": "date"}, ["2025-04-01", "2025-04-02", "junk"], {"${dt}": 2, None: -1}),
    ],
)
def test_texts_that_are_dates_show_where_the_keys_stand(keys: dict[str, str], paths: list[str], wanted: Found) -> None:
    assert found(keys, paths) == wanted


@pytest.mark.parametrize(
    ("keys", "paths"),
    [
        (TEXT, ["eu", "us"]),
        (TEXT, ["2025-04-31"]),
        (TEXT, ["20250401", "20250402"]),
        (TEXT, ["v1", "v2"]),
        (TEXT, ["2025-04-01", "tmp1"]),
        (TEXT, ["2025-04-01", "archive"]),
        (TEXT, ["2025-04-01x"]),
        (PLACED, ["2025-04-01/eu", "backup/eu"]),
        (PLACED, ["eu/one", "us/two"]),
        (PLACED, ["2025-04-01"]),
    ],
)
def test_other_texts_show_nothing(keys: dict[str, str], paths: list[str]) -> None:
    layouts = layouts_of(MemoryStorage({f"{LOCATION}{path}/a": b"data" for path in paths}), partitioned_by(**keys))
    assert len(layouts.layouts) == 1


def test_a_folder_of_a_date_beside_hives_names_is_no_partition() -> None:
    assert found(TEXT, ["dt=2025-04-01", "dt=2025-04-02", "2025-04-03"])["dt=${dt}"] == 2
    storage = MemoryStorage({f"{LOCATION}{path}/a": b"data" for path in ("dt=2025-04-01", "2025-04-03")})
    assert len(layouts_of(storage, partitioned_by(**TEXT)).layouts) == 1


@pytest.mark.parametrize("dt", ["date", "string"])
@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["raw/2025-04-01/region=eu/v2", "raw/2025-04-02/region=us/v2"], {"raw/${dt}/region=${region}/v2": 2}),
        (["raw/2025-04-01/region=eu/v2/x", "raw/2025-04-02/region=us/v2/y"], {"raw/${dt}/region=${region}/v2": 2}),
        (["raw/2025-04-01/region=eu/v2"], {"raw/${dt}/region=${region}/v2": 1}),
        (["raw/dt=2025-04-01/region=eu/v2"], {"raw/dt=${dt}/region=${region}/v2": 1}),
        (["raw/2025-04-01/region=eu/v2", "raw/2025-04-02/region=us/v3"], {"raw/${dt}/region=${region}": 2}),
        (["raw/2025-04-01/region=eu/v2", "raw/2025-04-02/region=us"], {"raw/${dt}/region=${region}": 2}),
        (["2025-04-01/region=eu/deep", "2025-04-02/region=us/deep"], {"${dt}/region=${region}": 2}),
    ],
)
def test_fixed_steps_stay_fixed_to_the_end(dt: str, paths: list[str], wanted: Found) -> None:
    assert found({"dt": dt, "region": "string"}, paths) == wanted


def test_a_step_beside_which_there_are_data_is_no_fixed_one() -> None:
    paths = ["raw/2025-04-01/region=eu", "raw/2025-04-02/region=us"]
    nested = [*paths, *(f"{path}/nested" for path in paths)]
    assert found(PLACED, nested) == {"raw/${dt}/region=${region}": 2}


def test_objects_nested_below_firehoses_hours_are_in_the_hours_partition() -> None:
    assert found(HOURLY, ["2025/04/01/07/sub/dir", "2025/04/01/08/sub/dir"]) == {"${dt:yyyy/MM/dd}/${hour}": 2}


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["region=eu/dt=1", "dt=2/region=us"], {"dt=${dt}/region=${region}": 1, "region=${region}/dt=${dt}": 1}),
        (["Region=eu/DT=1", "dt=2/region=us"], {"dt=${dt}/region=${region}": 1, "Region=${region}/DT=${dt}": 1}),
        (["DT=1/REGION=eu", "dt=2/region=us"], {"dt=${dt}/region=${region}": 2}),
        (["region=eu/dt=1", "REGION=us/dt=2"], {"region=${region}/dt=${dt}": 2}),
        (["raw/dt=1/region=eu", "dt=2/region=us"], {"dt=${dt}/region=${region}": 1, None: -1}),
    ],
)
def test_orders_of_names_are_generations_of_their_own(paths: list[str], wanted: Found) -> None:
    assert found(PLACED, paths) == wanted


PERMUTED = st.permutations(["a", "b", "c"])


@given(orders=st.lists(PERMUTED, min_size=1, max_size=4), fixed=st.sampled_from(["", "raw/"]))
def test_every_order_of_names_is_read(orders: list[list[str]], fixed: str) -> None:
    table = partitioned_by(a="string", b="int", c="date")
    values = {"a": "x", "b": "7", "c": "2026-01-31"}
    paths = [fixed + "/".join(f"{name}={values[name]}" for name in order) for order in orders]
    storage = MemoryStorage({f"{LOCATION}{path}/o": b"data" for path in paths})
    layouts = layouts_of(storage, table)
    for path in paths:
        place = layouts.find(f"{LOCATION}{path}/")
        assert place is not None
        assert place.values == tuple(values.values())


@pytest.mark.parametrize(
    ("keys", "path", "template"),
    [
        ({"tenant": "string", "dt": "date", "hour": "int"}, "acme/2025/04/01/07", "${tenant}/${dt:yyyy/MM/dd}/${hour}"),
        ({"tenant": "string", "dt": "date"}, "acme/2025/04/01", "${tenant}/${dt:yyyy/MM/dd}"),
        ({"tenant": "string", "dt": "date"}, "raw/acme/2025/4/1", "raw/${tenant}/${dt:yyyy/M/d}"),
        ({"tenant": "string", "dt": "string", "hour": "string"}, "acme/2025/04/01/07", "${tenant}/${dt:yyyy/MM/dd}/${hour}"),
        ({"tenant": "string", "at": "timestamp"}, "acme/2025/04/01/07", "${tenant}/${at:yyyy/MM/dd/HH}"),
        ({"dt": "date", "hour": "int", "minute": "int"}, "2025/04/01/07/30", "${dt:yyyy/MM/dd}/${hour}/${minute}"),
        ({"dt": "date", "region": "string"}, "2025/04/01/eu", "${dt:yyyy/MM/dd}/${region}"),
        ({"hour": "int", "dt": "date"}, "07/2025/04/01", "${hour}/${dt:yyyy/MM/dd}"),
        ({"hour": "int", "dt": "date"}, "2025/04/01/07", "${dt:yyyy/MM/dd}/${hour}"),
        ({"y": "string", "m": "string", "day": "string"}, "2025/04/01", "${y}/${m}/${day}"),
        ({"dt": "date", "hour": "int"}, "2025/04/01/noon", None),
        ({"tenant": "string", "dt": "date"}, "2025/04/01", None),
        ({"dt": "string", "hour": "int"}, "dt=1//hour=9", None),
    ],
)  # fmt: skip
def test_a_date_may_stand_among_other_keys(keys: dict[str, str], path: str, template: str | None) -> None:
    assert found(keys, [path]) == {template: 1 if template else -1}


def test_a_date_below_something_else_is_no_partition_beside_hives_names() -> None:
    keys = {"tenant": "string", "dt": "date"}
    assert None in found(keys, ["tenant=acme/dt=2025-04-01", "backup/2025/04/01"])


def test_what_is_declared_of_a_date_is_not_meant_for_hives_names_beside_it() -> None:
    table = partitioned_by(**HOURLY, dt__format="yyyy/MM/dd")
    storage = MemoryStorage({f"{LOCATION}{path}/a": b"" for path in ("2025/04/01/07", "dt=2025-04-02/hour=7")})
    layouts = layouts_of(storage, table)
    assert [layouts.find(f"{LOCATION}{path}/") is not None for path in ("2025/04/01/07", "dt=2025-04-02/hour=7")] == [
        True,
        True,
    ]
