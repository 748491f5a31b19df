"""Expressions say no less than the bounds they were made of: held against a model of their own and against moto's reading."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.glue.utils import PartitionFilter

from lake.catalog.glue_expression import EVERYTHING, MAX_EXPRESSIONS, MAX_LENGTH, expressions
from lake.model import NULL_PARTITION, Column, KeyBounds
from tests.catalog import strategies
from tests.catalog.fake_glue import FakePartition, FakeTable

KEYS = (Column("dt", "string"), Column("n", "int"), Column("day", "date"), Column("v", "varchar(40)"))
DT = (Column("dt", "string"),)

hostile = st.text(st.sampled_from("ab'\\\"%_ ()=,\x00\n\té\ue000\U0001f600"), max_size=4)
texts = hostile | strategies.any_text | st.sampled_from([NULL_PARTITION, "", "' OR dt = '", "a\\nb", "it''s"])
integers = st.integers(-20, 20).map(str) | st.sampled_from(
    ["01", "-0", "+1", "1.0", " 1", "x", "1" * 30, NULL_PARTITION]
)
dates = st.dates().map(str) | st.sampled_from(["2026-2-3", "20260203", "2026-02-30", "today", NULL_PARTITION])
BY_KEY = {"dt": texts, "n": integers, "day": dates, "v": texts}


@st.composite
def bounds(draw: st.DrawFn) -> KeyBounds:
    key = draw(st.sampled_from([*BY_KEY, "DT", "other"]))
    values = BY_KEY.get(key.lower(), texts)
    # Only of keys that sort as their text may a range be given.
    if key in ("n", "day") or draw(st.booleans()):
        return KeyBounds(key, values=draw(st.frozensets(values, max_size=5)))
    return KeyBounds(key, low=draw(st.none() | values), high=draw(st.none() | values))


def includes(where: list[KeyBounds], values: tuple[str, ...]) -> bool:
    by_key = dict(zip(("dt", "n", "day", "v"), values, strict=True))
    for bound in where:
        value = by_key.get(bound.key.lower())
        if value is None:
            continue
        if bound.values is not None and value not in bound.values:
            return False
        if (bound.low is not None and value < bound.low) or (bound.high is not None and value > bound.high):
            return False
    return True


def selects(expression: str, keys: tuple[Column, ...], values: tuple[str, ...]) -> bool:
    # moto knows varchar without its length.
    declared = [{"Name": key.name, "Type": re.sub(r"\(.*", "", key.type)} for key in keys]
    chooses = PartitionFilter(expression, FakeTable({"PartitionKeys": declared}))
    return bool(chooses(FakePartition({"Values": list(values)})))


@given(
    where=st.lists(bounds(), max_size=4),
    rows=st.lists(
        st.tuples(texts, st.integers(-20, 20).map(str) | st.just("01"), st.dates().map(str), texts), max_size=12
    ),
)
def test_what_the_bounds_include_is_selected_once(where: list[KeyBounds], rows: list[tuple[str, ...]]) -> None:
    written = expressions(KEYS, where)
    for values in rows:
        times = sum(selects(text, KEYS, values) for text in written)
        assert times <= 1
        assert times == 1 or not includes(where, values)


@given(values=st.frozensets(strategies.any_text, max_size=10), low=texts, high=texts)
def test_what_is_written_is_one_condition_on_one_key(values: frozenset[str], low: str, high: str) -> None:
    literal = r"'[^'\\]*'"
    condition = rf"dt (= {literal}|IN \({literal}(, {literal})*\)|>= {literal}|<= {literal})( AND dt <= {literal})?"
    for bound in (KeyBounds("dt", values), KeyBounds("dt", low=low, high=high)):
        for text in expressions(DT, [bound]):
            assert text == EVERYTHING or re.fullmatch(condition, text)
            assert text.isprintable()


@given(st.integers(1, 3000), st.integers(0, 30))
def test_an_expression_is_never_longer_than_glue_takes(count: int, width: int) -> None:
    keys = (Column("dt", "string"), Column("hour", "string"))
    values = frozenset(f"{number:0{width}}" for number in range(count))
    written = expressions(keys, [KeyBounds("dt", values), KeyBounds("hour", values)])
    assert 1 <= len(written) <= MAX_EXPRESSIONS
    assert max(map(len, written)) <= MAX_LENGTH


@pytest.mark.parametrize(
    ("type_", "bound", "expected"),
    [
        ("string", KeyBounds("k", frozenset("a")), ("k = 'a'",)),
        ("string", KeyBounds("k", frozenset("ba")), ("k IN ('a', 'b')",)),
        ("string", KeyBounds("k", low="a", high="b"), ("k >= 'a' AND k <= 'b'",)),
        ("varchar(9)", KeyBounds("k", high="b"), ("k <= 'b'",)),
        ("string", KeyBounds("k", frozenset()), ()),
        ("string", KeyBounds("k", frozenset(["it's"])), (EVERYTHING,)),
        ("string", KeyBounds("k", frozenset(["it's", "a", "z"])), ("k >= 'a' AND k <= 'z'",)),
        ("string", KeyBounds("k", low="é", high="z"), ("k <= 'z'",)),
        ("int", KeyBounds("k", frozenset(["1", "01", "-2"])), ("k IN (-2, 1)",)),
        ("bigint", KeyBounds("k", frozenset(["1", NULL_PARTITION])), (EVERYTHING,)),
        ("int", KeyBounds("k", low="1"), (EVERYTHING,)),
        ("date", KeyBounds("k", frozenset(["2026-01-02"])), ("k = '2026-01-02'",)),
        ("date", KeyBounds("k", low="2026-01-02"), (EVERYTHING,)),
        ("date", KeyBounds("k", frozenset(["2026-1-2"])), (EVERYTHING,)),
        ("timestamp", KeyBounds("k", frozenset(["2026-01-02 00:00:00"])), (EVERYTHING,)),
        ("decimal(9,2)", KeyBounds("k", frozenset(["1"])), (EVERYTHING,)),
    ],
)
def test_values_are_written_as_the_type_of_the_key_has_it(
    type_: str, bound: KeyBounds, expected: tuple[str, ...]
) -> None:
    assert expressions((Column("k", type_),), [bound]) == expected


@pytest.mark.parametrize("name", ["key", "order", "my-key", "2nd", "größe", "a b"])
def test_keys_whose_names_glue_may_not_read_are_left_out(name: str) -> None:
    assert expressions((Column(name, "string"),), [KeyBounds(name, frozenset("a"))]) == (EVERYTHING,)
