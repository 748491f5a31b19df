"""What a table declares of its layout: which templates, what `layout` shows of them, and that it may be declared again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from lake.clock import FixedClock
from lake.errors import ConfigError, StorageFailed, UsageError
from lake.model import Table
from lake.partitions.diff.recent import plan_recent
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.layout import layout_of
from lake.partitions.layouts.of_table import Layouts, declared_layouts
from lake.partitions.survey.shapes import Shape, declare, shapes_of
from tests.partitions.conftest import Pair
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.tables import LOCATION, partitioned_by

FIREHOSE = "${dt:yyyy/MM/dd}/${hour}"
HIVE = "dt=${dt}/hour=${hour}"
HOURLY = {"dt": "date", "hour": "int"}


def holding(paths: Iterable[str]) -> MemoryStorage:
    return MemoryStorage({f"{LOCATION}{path}a": b"data" for path in paths})


def declaring(templates: list[str], paths: Iterable[str] = (), table: Table | None = None, **keys: str) -> Table:
    table = table or partitioned_by(**(keys or HOURLY))
    return declare(MemoryCatalog([table]), holding(paths), table, templates)  # type: ignore[arg-type]


def counts(shapes: Iterable[Shape]) -> list[tuple[str | None, int]]:
    return [(shape.settable, shape.places) for shape in shapes]


def read(layouts: Layouts, path: str) -> tuple[str, ...] | None:
    place = layouts.find(LOCATION + path)
    return None if place is None or layouts.fault(place) is not None else place.values


@pytest.mark.parametrize("templates", [[FIREHOSE, HIVE], [HIVE, FIREHOSE]])
def test_hives_names_have_plain_values_beside_a_template_of_dates(templates: list[str]) -> None:
    table = declaring(templates)
    layouts = declared_layouts(table)
    assert layouts is not None
    assert read(layouts, "2025/04/01/07/") == ("2025-04-01", "07")
    assert read(layouts, "dt=2025-04-02/hour=8/") == ("2025-04-02", "8")
    assert set(layouts.own_places(("2025-04-02", "8"))) == {
        f"{LOCATION}2025/04/02/8/",
        f"{LOCATION}dt=2025-04-02/hour=8/",
    }
    assert layout_of(table) == layouts.layouts[0]
    assert [shape.settable for shape in shapes_of(holding([]), table)] == templates


@pytest.mark.parametrize("templates", [[FIREHOSE, HIVE], [HIVE, FIREHOSE]])
def test_a_run_over_the_last_days_sees_both_generations(templates: list[str]) -> None:
    clock: Any = FixedClock(datetime(2025, 4, 2, 9, 30, tzinfo=UTC))
    table = declaring(templates)
    storage: Any = holding(["2025/04/01/07/", "dt=2025-04-02/hour=08/"])
    plan = plan_recent(MemoryCatalog([table]), storage, table, clock=clock)  # type: ignore[arg-type]
    assert [change.values for change in plan.changes] == [("2025-04-01", "07"), ("2025-04-02", "08")]


def test_a_path_is_of_the_first_template_that_reads_it_without_fault() -> None:
    layouts = declared_layouts(declaring(["${a}/${b}", "${b}/${a}"], a="int", b="string"))
    assert layouts is not None
    assert read(layouts, "5/x/") == read(layouts, "x/5/") == ("5", "x")
    assert read(layouts, "5/6/") == ("5", "6")
    place = layouts.find(f"{LOCATION}x/y/")
    assert place is not None
    assert place.values == ("x", "y")
    assert layouts.fault(place) == "a: 'x' is no integer"


def test_one_template_of_hives_names_has_the_dates_as_athena_writes_them() -> None:
    table = declaring(["dt=${dt:yyyy/MM/dd}/hour=${hour}"])
    assert layout_of(table).values("dt=2025/04/01/hour=7/") == ("2025-04-01", "7")


def test_a_date_without_steps_of_its_own_is_written_so_in_each_template() -> None:
    layouts = declared_layouts(declaring(["dt=${dt:yyyyMMdd}/hour=${hour}", "${dt}/${hour}"]))
    assert layouts is not None
    assert read(layouts, "dt=20250401/hour=7/") == read(layouts, "20250401/7/") == ("2025-04-01", "7")


def test_a_format_is_put_in_the_place_of_an_earlier_one() -> None:
    first = declaring(["${dt:yyyy/MM}/${hour}"])
    second = declaring(["${dt:yyyyMMdd}/${hour}"], table=first)
    assert second.parameters["projection.dt.format"] == "yyyyMMdd"
    other = partitioned_by(**HOURLY, DT__format="yyyy")
    assert [text for name, text in declaring([FIREHOSE], table=other).parameters.items() if "format" in name] == [
        "yyyy/MM/dd"
    ]


@pytest.mark.parametrize(
    ("templates", "error", "words"),
    [
        ([FIREHOSE, "${dt:yyyyMMdd}/x/${hour}"], ConfigError, "two formats"),
        ([FIREHOSE, FIREHOSE], UsageError, "given twice"),
        ([HIVE, FIREHOSE, LOCATION + HIVE + "/"], UsageError, "given twice"),
        ([FIREHOSE, "${dt}/${hour}"], UsageError, "given twice"),
        (["${dt}/${x:yyyy}"], ConfigError, "'x'"),
        (["${dt:yyyy/MM/dd/HH}/${hour}"], ConfigError, "of type date"),
    ],
)
def test_what_cannot_be_declared_is_refused_and_nothing_is_stored(
    templates: list[str], error: type[Exception], words: str
) -> None:
    table = partitioned_by(**HOURLY)
    catalog: Any = MemoryCatalog([table])
    with pytest.raises(error, match=words):
        declare(catalog, holding([]), table, templates)  # type: ignore[arg-type]
    assert catalog.get_table(table.full_name) == table


@pytest.mark.parametrize("pair", ["directory", "moto"], indirect=True)
@pytest.mark.parametrize("template", ["s3://other/${dt}/${hour}", "http://x/${dt}/${hour}"])
def test_a_template_that_leads_where_no_one_can_look_is_refused_and_not_stored(pair: Pair, template: str) -> None:
    table = pair.catalog.get_table(pair.create(partitioned_by(**HOURLY)).full_name)
    with pytest.raises(StorageFailed):
        declare(pair.catalog, pair.storage, table, [template])
    assert pair.catalog.get_table(table.full_name) == table


def test_a_view_or_a_table_without_keys_declares_nothing() -> None:
    with pytest.raises(UsageError, match="not partitioned"):
        declaring(["${x}"], table=partitioned_by())


def test_values_with_a_fault_are_of_no_template() -> None:
    paths = ["dt=2025-02-28/", "dt=2025-02-30/", "dt=x/"]
    shapes = shapes_of(holding(paths), partitioned_by(dt="date"))
    assert counts(shapes) == [("dt=${dt}", 1), (None, 0)]
    assert (shapes[1].files, shapes[1].bytes, shapes[1].example) == (2, 8, f"{LOCATION}dt=2025-02-30/")
    table = partitioned_by("${dt}/${hour}", **HOURLY, dt__format="yyyy/MM/dd", hour__digits="2")
    shapes = shapes_of(holding(["2025/04/01/07/", "2025/04/01/8/", "2025/04/31/07/", "2025/4/1/07/"]), table)
    assert counts(shapes) == [(FIREHOSE, 1), (None, 0)]
    assert shapes[1].files == 3


def test_what_would_follow_a_template_that_is_not_declared_is_shown_by_it() -> None:
    table = partitioned_by("dt=${dt}", dt="date")
    shapes = shapes_of(holding(["dt=2025-04-01/", "2025-04-01/", "2025-04-02/", "junk/"]), table)
    assert counts(shapes) == [("dt=${dt}", 1), ("${dt}", 2), (None, 0)]


def test_a_template_elsewhere_is_shown_as_it_has_to_be_declared() -> None:
    table = declaring(["s3://lake/other/in/${dt}/${hour}"])
    [shape] = shapes_of(holding([]), table)
    assert shape.settable == "s3://lake/other/in/${dt}/${hour}"
    assert declaring([shape.settable], table=table) == table


DAYS = st.dates()
HOURS = st.integers(0, 23)
WRITTEN = st.one_of(
    st.builds("{0:%Y}/{0:%m}/{0:%d}/{1:02}/".format, DAYS, HOURS),
    st.builds("{0.year:04}/{0.month}/{0.day}/{1}/".format, DAYS, HOURS),
    st.builds("dt={0}/hour={1}/".format, DAYS, HOURS),
    st.builds("hour={1:02}/dt={0}/".format, DAYS, HOURS),
    st.builds("raw/dt={0}/hour={1}/v2/".format, DAYS, HOURS),
    st.builds("raw/{0}/hour={1}/v2/".format, DAYS, HOURS),
    st.builds("{0}/{1}/".format, DAYS, HOURS),
    st.builds("DT={0}/HOUR={1}/deep/er/".format, DAYS, HOURS),
    st.sampled_from(["junk/", "2025/", "x/y/z/", "processing-failed/2025/04/01/07/", "dt=x/hour=1/", "2025/02/30/01/"]),
)
ONES = st.one_of(
    st.builds("{0:%Y}/{0:%m}/{0:%d}/{1:02}/".format, DAYS, HOURS),
    st.builds("{0.year:04}/{0.month}/{0.day}/{1}/".format, DAYS, HOURS),
    st.builds("dt={0}/".format, DAYS),
    st.builds("{0}/".format, DAYS),
    st.builds("{0}-{1:02}/".format, DAYS, HOURS),
    st.builds("raw/{0}/v2/".format, DAYS),
    st.builds("raw/dt={0}/v2/".format, DAYS),
    st.sampled_from(["junk/", "dt=x/", "v2/x/"]),
)
FOURS = st.one_of(
    st.builds("{0:%Y}/{0:%m}/{0:%d}/{1:02}/".format, DAYS, HOURS),
    st.builds("{0.year:04}/{0.month}/{0.day}/{1}/".format, DAYS, HOURS),
    st.builds("y={0.year:04}/m={0.month}/d={0.day}/h={1}/".format, DAYS, HOURS),
    st.builds("raw/{0:%Y}/{0:%m}/{0:%d}/{1:02}/".format, DAYS, HOURS),
    st.builds("raw/{0:%Y}/{0:%m}/{0:%d}/h={1:02}/".format, DAYS, HOURS),
    st.sampled_from(["junk/", "2025/02/30/01/", "processing-failed/2025/04/01/07/"]),
)
TREES = st.one_of(
    st.tuples(
        st.sampled_from([HOURLY, {"dt": "string", "hour": "string"}, {"dt": "date", "hour": "string"}]),
        st.lists(WRITTEN, min_size=1, max_size=8),
        st.sampled_from([None, HIVE]),
    ),
    st.tuples(
        st.sampled_from([{"dt": "date"}, {"dt": "string"}, {"dt": "timestamp"}]),
        st.lists(ONES, min_size=1, max_size=8),
        st.sampled_from([None, "dt=${dt}"]),
    ),
    st.tuples(
        st.sampled_from([dict.fromkeys("ymdh", "int"), dict.fromkeys("ymdh", "string")]),
        st.lists(FOURS, min_size=1, max_size=8),
        st.none(),
    ),
)


@given(tree=TREES)
def test_the_rows_that_are_shown_can_be_declared_and_read_all_as_before(
    tree: tuple[dict[str, str], list[str], str | None],
) -> None:
    keys, paths, declared = tree
    table, storage = partitioned_by(declared, **keys), holding(paths)
    shapes = shapes_of(storage, table)
    before = layouts_of(storage, table)
    templates = [shape.settable for shape in shapes if shape.settable is not None]
    # A key has one format, but where Hive's names are.
    bare = [re.findall(r"(?<!=)\$\{dt[^}]*\}", text.replace("MM/dd", "M/d").replace("HH", "H")) for text in templates]
    assume(len({day for days in bare for day in days}) < 2)
    after = declared_layouts(declaring(templates, paths, table=table))
    for path in paths if templates else ():
        assert after is not None
        values = read(before, path)
        assert values is None or (read(after, path), after.find(LOCATION + path)) == (
            values,
            before.find(LOCATION + path),
        )
    known = {shape.settable for shape in shapes}
    assert len(known) == len(shapes)
