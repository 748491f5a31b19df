"""Paths and values stand for each other, in every layout."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, unquote

import hypothesis.strategies as st
import pytest
from hypothesis import given

import lake
from lake.errors import ConfigError, UsageError
from lake.model import NULL_PARTITION
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.layout import hive_path, layout_of, partition_text
from lake.partitions.layouts.names import escape, unescape
from tests.partitions.memory import MemoryStorage
from tests.partitions.tables import LOCATION, partitioned_by

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("%/=:._-{}[]^\\'\"#*? aZ0é\n\x00\x7f", max_size=8),
    st.sampled_from(
        [
            "",
            ".",
            "..",
            "...",
            "_x",
            "%",
            "%3A",
            "%25",
            "%zz",
            "a=b",
            "dt=1",
            "A=x",
            "%E2%82%AC",
            "\xe2\x82\xac",
            "2026-01-31",
            "2026-01-31-x",
            "5-x",
            "+5",
            NULL_PARTITION,
            NULL_PARTITION + "x",
            "7",
            "07",
        ]
    ),
)
INTEGERS = st.integers(-(2**31), 2**31 - 1).map(str)
DAYS = st.dates().map(str)
FORMATTED = {
    "yyyy/MM/dd": st.dates().map(lambda day: f"{day.year:04}/{day.month:02}/{day.day:02}"),
    "yyyy/M/d": st.dates().map(lambda day: f"{day.year:04}/{day.month}/{day.day}"),
    "yyyy/MM/dd/HH": st.datetimes().map(lambda at: f"{at.year:04}/{at.month:02}/{at.day:02}/{at.hour:02}"),
    "yyyyMMdd'T'HH:mm": st.datetimes().map(
        lambda at: f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}:{at.minute:02}"
    ),
}
HOURS = st.datetimes().map(lambda at: str(at.replace(minute=0, second=0, microsecond=0)))

LAYOUTS = {
    "hive": (partitioned_by(a="string", b="string"), [TEXTS, TEXTS]),
    "hive, odd key names": (partitioned_by(**{"a=b": "string", "ünï {x}": "string"}), [TEXTS, TEXTS]),
    "hive of numbers": (partitioned_by(dt="date", hour="int"), [DAYS, INTEGERS]),
    "bare values": (partitioned_by("${a}/${b}", a="string", b="string"), [TEXTS, TEXTS]),
    "in another order": (partitioned_by("${b}/x=${a}", a="string", b="string"), [TEXTS, TEXTS]),
    "fixed steps": (partitioned_by("raw/${dt}/region=${region}/v2", dt="string", region="string"), [TEXTS, TEXTS]),
    "two in a step": (partitioned_by("${a}-${b}", a="string", b="string"), [TEXTS, TEXTS]),
    "two with underscore": (partitioned_by("d_${a}_${b}_x", a="string", b="string"), [TEXTS, TEXTS]),
    "three in a step": (partitioned_by("${a}-${b}-${c}-z", a="string", b="int", c="date"), [TEXTS, TEXTS, TEXTS]),
    "a day and a number in a step": (partitioned_by("${a}-${b}", a="date", b="int"), [st.one_of(DAYS, TEXTS), TEXTS]),
    "a number and a text in a step": (
        partitioned_by("x${a}-${b}_", a="int", b="string"),
        [st.one_of(INTEGERS, TEXTS), TEXTS],
    ),
    "text around a value": (partitioned_by("day-${a}-x/${b}0", a="string", b="string"), [TEXTS, TEXTS]),
    "text that begins as escapes do": (partitioned_by("${a}25/b${b}%/", a="string", b="int"), [TEXTS, INTEGERS]),
    "a separator of many bytes": (partitioned_by("${a}€${b}é${c}", a="string", b="string", c="string"), [TEXTS] * 3),
    "five levels": (
        partitioned_by("a=${a}/${b}/c=${c}/${d}/${e}", a="string", b="string", c="int", d="string", e="date"),
        [TEXTS, TEXTS, INTEGERS, TEXTS, DAYS],
    ),
    "a key twice": (partitioned_by("${a}/again-${a}", a="string"), [TEXTS]),
    "day and hour": (
        partitioned_by("${dt}/${hour}", dt="date", hour="int", dt__format="yyyy/MM/dd", hour__digits="2"),
        [DAYS, st.integers(-5, 30).map(str)],
    ),
    "one timestamp": (partitioned_by("${at}", at="timestamp", at__format="yyyy/MM/dd/HH"), [HOURS]),
    "whole url": (partitioned_by(LOCATION + "${a}/", a="string"), [TEXTS]),
    "four keys": (
        partitioned_by("${year}/${month}/${day}/${hour}", year="int", month="int", day="int", hour="int"),
        [INTEGERS] * 4,
    ),
    **{
        f"text as {pattern}": (
            partitioned_by("${dt}/${a}", dt="string", a="string", dt__format=pattern),
            [texts, TEXTS],
        )
        for pattern, texts in FORMATTED.items()
    },
}


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
def test_values_become_a_path_and_the_same_values_again(name: str, data: st.DataObject) -> None:
    table, texts = LAYOUTS[name]
    layout = layout_of(table)
    values = data.draw(st.tuples(*texts))
    path = layout.path(values)
    assert layout.values(path) == tuple(value or NULL_PARTITION for value in values)
    assert path.endswith("/")
    assert path.count("/") == layout.depth
    assert not {"", ".", ".."} & set(path.split("/")[:-1])


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
def test_no_two_values_share_a_path(name: str, data: st.DataObject) -> None:
    table, texts = LAYOUTS[name]
    layout = layout_of(table)
    first, second = data.draw(st.tuples(*texts)), data.draw(st.tuples(*texts))
    assert (layout.path(first) == layout.path(second)) == (layout.identity(first) == layout.identity(second))


@pytest.mark.parametrize("name", LAYOUTS)
@given(path=st.lists(TEXTS, max_size=6).map("/".join))
def test_any_path_is_read_or_declined(name: str, path: str) -> None:
    layout = layout_of(LAYOUTS[name][0])
    values = layout.values(path)
    assert values is None or len(values) == len(layout.names)


@given(st.text(max_size=20).filter(lambda text: not re.search("%[89A-Fa-f][0-9A-Fa-f]", text)))
def test_unescaping_is_what_a_percent_decoder_of_single_characters_does(text: str) -> None:
    assert unescape(text) == unquote(text, encoding="latin-1")


@given(
    st.text(st.characters(min_codepoint=0x80, exclude_categories=["Cs"]), min_size=1, max_size=5), st.text(max_size=5)
)
def test_escapes_of_utf8_are_read_as_such(text: str, plain: str) -> None:
    written = quote(text)
    assert unescape(written) == unescape(written.lower()) == text
    assert unescape(f"{written}/{escape(plain)}") == f"{text}/{plain or NULL_PARTITION}"


@given(st.text(min_size=1))
def test_escaping_writes_upper_case_and_nothing_that_a_path_could_trip_over(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not set(escaped) & set("/:=?\\{[]^'\"#*\n\x00\x7f")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("2026-01-01 07:00:00", "dt=2026-01-01 07%3A00%3A00/"),
        ("", f"dt={NULL_PARTITION}/"),
        (NULL_PARTITION, f"dt={NULL_PARTITION}/"),
        ("a=b", "dt=a%3Db/"),
        ("50%", "dt=50%25/"),
        ("}|<>~ é", "dt=}|<>~ é/"),
        ("\x01\x1f\x7f", "dt=%01%1F%7F/"),
    ],
)
def test_hive_escapes_are_hives(value: str, path: str) -> None:
    assert hive_path(["DT"], [value]) == path
    assert partition_text(["dt"], [value]) == path.removesuffix("/")
    assert layout_of(partitioned_by(dt="string")).path([value]) == path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dt=a=b/", "a=b"),
        ("DT=Berlin", "Berlin"),
        ("dT=BERLIN/", "BERLIN"),
        ("dt=%zz%", "%zz%"),
        ("dt=%253A", "%3A"),
        ("dt=%3a", ":"),
        ("dt=%E2%82%AC", "€"),
        ("dt=%e2%82%aC%20%3A", "€ :"),
        ("dt=%E9", "é"),
        ("dt=%E9%3A", "é:"),
        ("dt=%E2%82%AC%E9", "\xe2\x82\xac\xe9"),
        ("dt=%25E2%82", "%E2\x82"),
        ("dt=07", "07"),
        ("dt=__hive_default_partition__", "__hive_default_partition__"),
        ("dt=", None),
        ("dt", None),
        ("td=1", None),
        ("x/dt=1", None),
        ("dt=1/x", None),
        ("dt=1//", None),
        ("", None),
    ],
)
def test_hive_names_are_read_leniently(path: str, value: str | None) -> None:
    assert layout_of(partitioned_by(dt="string")).values(path) == (None if value is None else (value,))


@pytest.mark.parametrize(
    ("table", "path", "values"),
    [
        (partitioned_by("${dt}/${hour}", dt="date", hour="int", dt__format="yyyy/MM/dd"), "2026/11/24/03/", ("2026-11-24", "03")),
        (partitioned_by("${dt}/${hour}", dt="string", hour="string", dt__format="yyyy/MM/dd"), "2026/11/24/03/", ("2026/11/24", "03")),
        (partitioned_by("${at}", at="string", at__format="yyyy/MM/dd/HH"), "2026/11/24/03/", ("2026/11/24/03",)),
        (partitioned_by("${at}", at="string", at__format="yyyy/M/d/H"), "2025/4/1/7/", ("2025/4/1/7",)),
        (partitioned_by("${at}", at="timestamp", at__format="yyyy/M/d/H"), "2025/4/1/7/", ("2025-04-01 07:00:00",)),
        (partitioned_by("${y}/${m}", y="int", m="int", y__digits="4", m__digits="2"), "2026/07/", ("2026", "7")),
        (partitioned_by("${y}/${m}", y="string", m="string", m__digits="2"), "2026/07/", ("2026", "07")),
        (partitioned_by(dt="date", dt__format="yyyyMMdd"), "dt=20260131/", ("2026-01-31",)),
        (partitioned_by("${dt}", dt="date", dt__format="yyyy/MM/dd"), "2026/1/2/", None),
        (partitioned_by("${dt}", dt="date", dt__format="yyyy/MM/dd"), f"2026/{NULL_PARTITION}/02/", None),
        (partitioned_by("${a}/${b}", a="string", b="string"), "_tmp/x/", None),
        (partitioned_by("${a}/${b}", a="string", b="string"), f".x/{NULL_PARTITION}/", None),
        (partitioned_by("${a}/${b}", a="string", b="string"), f"x/{NULL_PARTITION}/", ("x", NULL_PARTITION)),
        (partitioned_by("${a}-${b}", a="string", b="string"), "x-y-z/", ("x", "y-z")),
        (partitioned_by("${a}/r-${a}", a="string"), "x/r-y/", None),
        (partitioned_by("day-${dt}-x", dt="string"), "day-2025-04-01-x/", ("2025-04-01",)),
        (partitioned_by("day-${dt}-x", dt="string"), "day--x-x/", ("-x",)),
        (partitioned_by("day-${dt}-x", dt="string"), "day--x/", None),
        (partitioned_by("${dt}-${hour}", dt="date", hour="int"), "2025-04-01-07/", ("2025-04-01", "07")),
        (partitioned_by("${dt}-${hour}", dt="date", hour="int"), "2025%2D04%2D01-07/", ("2025-04-01", "07")),
        (partitioned_by("${hour}-${dt}", dt="date", hour="int"), "-7-2025-04-01/", ("2025-04-01", "-7")),
        (partitioned_by("${a}/${b}", a="string", b="string"), "a=x/b=y/", None),
        (partitioned_by("${a}/${b}", a="string", b="string"), "b=x/A=y/", None),
        (partitioned_by("${a}/${b}", a="string", b="string"), "c=x/y=a=b/", ("c=x", "y=a=b")),
        (partitioned_by("${a}/${b}", a="string", b="string"), "a%3Dx/b%3Dy/", ("a=x", "b=y")),
        (partitioned_by("Raw/${a}", a="string"), "raw/x/", None),
        (partitioned_by("${A}/REGION=${Region}", a="string", region="string"), "x/region=EU", ("x", "EU")),
    ],
)  # fmt: skip
def test_declared_layouts_read_paths(table: lake.model.Table, path: str, values: tuple[str, ...] | None) -> None:
    assert layout_of(table).values(path) == values


@pytest.mark.parametrize(
    ("table", "first", "second", "same"),
    [
        (partitioned_by(k="int"), "05", "5", True),
        (partitioned_by(k="bigint"), "-0", "0", True),
        (partitioned_by(k="string"), "07", "7", False),
        (partitioned_by(k="string", k__digits="2"), "07", "7", True),
        (partitioned_by(k="string"), "", NULL_PARTITION, True),
        (partitioned_by(k="string"), "eu", "EU", False),
        (partitioned_by(k="int"), "x", "X", False),
    ],
)
def test_texts_of_the_same_value_have_one_identity(
    table: lake.model.Table, first: str, second: str, same: bool
) -> None:
    layout = layout_of(table)
    assert (layout.identity([first]) == layout.identity([second])) is same


@pytest.mark.parametrize(
    ("table", "value", "word"),
    [
        (partitioned_by(k="int"), "soon", "no integer"),
        (partitioned_by(k="int"), "1_000", "no integer"),
        (partitioned_by(k="int"), "٣", "no integer"),
        (partitioned_by(k="int"), "1.0", "no integer"),
        (partitioned_by(k="tinyint"), "128", "range"),
        (partitioned_by(k="bigint"), "9223372036854775808", "range"),
        (partitioned_by(k="date"), "2026-02-29", "no date"),
        (partitioned_by(k="date"), "2026-2-1", "no date"),
        (partitioned_by(k="date", k__format="yyyy/MM/dd"), "2026-02-29", "calendar"),
        (partitioned_by(k="string", k__format="yyyy/MM/dd"), "2026/02/29", "calendar"),
        (partitioned_by(k="timestamp"), "2025-13-01 00:00:00", "no timestamp"),
        (partitioned_by(k="timestamp"), "soon", "no timestamp"),
        (partitioned_by(k="timestamp"), "2025-01-31 07:00:00.123", None),
        (partitioned_by(k="timestamp"), "2025-01-31", None),
        (partitioned_by(k="boolean"), "maybe", "no boolean"),
        (partitioned_by(k="boolean"), "TRUE", None),
        (partitioned_by(k="decimal(10, 2)"), "x", "no decimal"),
        (partitioned_by(k="decimal(10, 2)"), "-1.50", None),
        (partitioned_by(k="double"), "1,5", "no double"),
        (partitioned_by(k="double"), "1e-3", None),
        (partitioned_by(k="float"), "NaN", None),
        (partitioned_by(k="int"), "-05", None),
        (partitioned_by(k="int"), NULL_PARTITION, None),
        (partitioned_by(k="tinyint"), "-128", None),
        (partitioned_by(k="date"), "2028-02-29", None),
        (partitioned_by(k="string"), "anything", None),
    ],
)
def test_values_that_are_none_of_the_keys_type_are_named(table: lake.model.Table, value: str, word: str | None) -> None:
    fault = layout_of(table).fault([value])
    assert fault is None if word is None else fault is not None and word in fault and fault.startswith("k: ")


@pytest.mark.parametrize(
    "table",
    [
        partitioned_by("${a}", a="string", b="string"),
        partitioned_by("${a}/${c}", a="string"),
        partitioned_by("${a}${b}", a="string", b="string"),
        partitioned_by("${a}0${b}", a="string", b="string"),
        partitioned_by("${a}//x", a="string"),
        partitioned_by("../${a}", a="string"),
        partitioned_by("${a}", a="string", a__format="YYYY/MM/DD"),
        partitioned_by("${a}", a="string", a__format="yyyyMd"),
        partitioned_by("${a}", a="string", a__format="yyyy'T"),
        partitioned_by("${a}", a="string", a__digits="two"),
    ],
)
def test_a_layout_that_cannot_be_read_back_is_refused(table: lake.model.Table) -> None:
    with pytest.raises(ConfigError):
        layout_of(table)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (partitioned_by("${a}", a="date", a__format="yyyy/MM/dd"), ["soon"]),
        (partitioned_by("${a}", a="date", a__format="yyyy/MM"), ["2026-01-02"]),
        (partitioned_by("${a}", a="string", a__format="yyyy/MM/dd"), ["2026-01-02"]),
        (partitioned_by("${a}", a="int", a__digits="2"), ["x"]),
    ],
)
def test_a_value_that_the_layout_cannot_write_is_named(table: lake.model.Table, values: list[str]) -> None:
    with pytest.raises(UsageError, match="partition key 'a'"):
        layout_of(table).path(values)


@pytest.mark.parametrize(
    ("template", "keys", "values", "path"),
    [
        ("day-${dt}-x", {"dt": "string"}, ["2025-04-01"], "day-2025-04-01-x/"),
        ("${dt}-${hour}", {"dt": "date", "hour": "int"}, ["2025-04-01", "-7"], "2025-04-01--7/"),
        ("${hour}-${dt}", {"dt": "date", "hour": "int"}, ["2025-04-01", "-7"], "-7-2025-04-01/"),
        ("${a}-${b}", {"a": "string", "b": "string"}, ["x-y", "y-z"], "x%2Dy-y-z/"),
        ("${a}€${b}", {"a": "string", "b": "string"}, ["€", "€"], "%E2%82%AC€€/"),
        ("${a}/${b}", {"a": "string", "b": "string"}, ["a=x", "y"], "a%3Dx/y/"),
    ],
)
def test_only_what_could_be_taken_for_the_end_of_a_value_is_escaped(
    template: str, keys: dict[str, str], values: list[str], path: str
) -> None:
    assert layout_of(partitioned_by(template, **keys)).path(values) == path


def test_a_table_without_partition_keys_has_no_layout() -> None:
    with pytest.raises(UsageError, match=r"web\.clicks"):
        layout_of(partitioned_by())


def test_a_template_may_lie_outside_the_tables_location() -> None:
    layout = layout_of(partitioned_by("s3://other/in/${a}/x", a="string"))
    assert layout.location(["1"]) == "s3://other/in/1/x/"
    assert layout.root == "s3://other/in/"


def test_a_location_without_a_last_slash_covers_only_what_lies_below_it() -> None:
    layout = layout_of(partitioned_by(a="string", location="s3://lake/web/clicks"))
    assert layout.location(["1"]) == "s3://lake/web/clicks/a=1/"


@pytest.mark.parametrize(
    "module", ["layouts.inference", "survey.folders", "diff.full", "diff.recent", "repair.apply", "repair.undo", "due"]
)
def test_partition_modules_need_only_the_standard_library(module: str) -> None:
    source = Path(lake.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(source)!r}); import lake.partitions.{module}"
    subprocess.run([sys.executable, "-S", "-I", "-c", code], check=True)


INFERRED = {
    "firehose, date and hour": ({"dt": "date", "hour": "int"}, "2026/11/24/03/", [DAYS, st.integers(0, 23).map("{:02}".format)]),
    "firehose, unpadded": ({"dt": "date", "hour": "int"}, "2025/4/1/7/", [DAYS, st.integers(0, 23).map(str)]),
    "firehose, one text": ({"at": "string"}, "2026/11/24/03/", [FORMATTED["yyyy/MM/dd/HH"]]),
    "firehose, one timestamp": ({"at": "timestamp"}, "2026/11/24/03/", [HOURS]),
    "firehose, four": ({"y": "int", "m": "int", "d": "int", "h": "int"}, "2026/11/24/03/", [INTEGERS] * 4),
    "dates and a name": ({"dt": "date", "region": "string"}, "raw/2026-11-24/region=EU/", [DAYS, TEXTS]),
    "names in another order": ({"a": "string", "b": "string"}, "b=1/v2/a=2/", [TEXTS, TEXTS]),
    "six levels": (
        {"a": "string", "b": "int", "c": "string", "d": "string", "e": "string", "f": "int"},
        "a=x/b=5/c=y/d=z/e=w/f=7/",
        [TEXTS, INTEGERS, TEXTS, TEXTS, TEXTS, INTEGERS],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INFERRED)
@given(data=st.data())
def test_inferred_layouts_can_be_read_back_too(name: str, data: st.DataObject) -> None:
    keys, path, texts = INFERRED[name]
    layouts = layouts_of(MemoryStorage({f"{LOCATION}{path}a": b"data"}), partitioned_by(**keys))
    assert layouts.find(LOCATION + path) is not None
    values = data.draw(st.tuples(*texts))
    wanted = tuple(value or NULL_PARTITION for value in values)
    for layout, place in zip(layouts.layouts, layouts.own_places(values), strict=True):
        assert layout.find(place) == (place, wanted)
        assert layout.find(f"{place}deep/er/") == (place, wanted)
        assert layout.fitting(place) == len(place)


FOUR = {"year": "int", "month": "int", "day": "int", "hour": "int"}
FOUR_TEXTS = dict.fromkeys(FOUR, "string")
BARE = "${year}/${month}/${day}/${hour}"


@pytest.mark.parametrize(
    ("template", "keys", "values", "words"),
    [
        (BARE, FOUR, "2025/02/30/08", "calendar"),
        (BARE, FOUR, "2025/13/01/08", "calendar"),
        (BARE, FOUR, "0/12/01/08", "calendar"),
        (BARE, FOUR, "2025/04/01/24", "hour: '24'"),
        (BARE, FOUR, "2025/04/01/-1", "hour: '-1'"),
        (BARE, FOUR, "2024/2/29/0", None),
        (BARE, FOUR, f"2024/2/{NULL_PARTITION}/0", None),
        (BARE, FOUR_TEXTS, "2025/02/30/08", "calendar"),
        (BARE, FOUR_TEXTS, "2025/04/01/25", "hour"),
        (BARE, FOUR_TEXTS, "processing-failed/2025/04/01", "calendar"),
        (BARE, FOUR_TEXTS, "2025/04/01/07", None),
        ("${y}/${m}/${d}", dict.fromkeys("ymd", "string"), "2025/02/29", "calendar"),
        ("${y}/${m}", dict.fromkeys("ym", "string"), "2025/13", "calendar"),
        ("${y}/${m}", dict.fromkeys("ym", "string"), "north/west", None),
        ("${m}/${d}", dict.fromkeys("md", "int"), "13/32", None),
        ("${dt}/${hour}", {"dt": "date", "hour": "int"}, "2025-04-01/24", "hour"),
        ("${dt}/${hour}", {"dt": "string", "hour": "string"}, "2025-04-01/24", "hour"),
        ("${dt}/${hour}", {"dt": "string", "hour": "string"}, "2025-04-01/all", None),
        ("${dt}/${hour}", {"dt": "string", "hour": "int"}, "some/24", None),
        ("${dt}/h${hour}", {"dt": "date", "hour": "int"}, "2025-04-01/24", "hour"),
        ("dt=${dt}/hour=${hour}", {"dt": "date", "hour": "int"}, "2025-04-01/24", None),
        ("dt=${dt}/${hour}", {"dt": "date", "hour": "int"}, "2025-04-01/24", None),
        ("year=${year}/month=${month}/day=${day}/hour=${hour}", FOUR, "2025/02/30/25", None),
        ("year=${year}/${month}/${day}/${hour}", FOUR, "2025/02/30/23", None),
    ],
)
def test_keys_without_names_in_the_path_are_a_time_together(
    template: str, keys: dict[str, str], values: str, words: str | None
) -> None:
    layout = layout_of(partitioned_by(template, **keys))
    for _ in range(2):
        fault = layout.fault(values.split("/"))
        assert fault is None if words is None else fault is not None and words in fault


def test_a_time_is_checked_where_a_format_writes_the_date() -> None:
    layout = layout_of(partitioned_by("${dt}/${hour}", dt="date", hour="int", dt__format="yyyy/MM/dd"))
    assert layout.fault(["2025-04-01", "23"]) is None
    assert layout.fault(["2025-04-01", "24"]) == "hour: '24' is no hour of a day"
