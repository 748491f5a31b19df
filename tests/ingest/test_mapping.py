"""Columns under other names, and wide records."""

from typing import Any

import pytest

from lake.ingest.events import Reason, Rejected
from lake.ingest.mapping import FieldMap, is_missing


def records(mapping: FieldMap, record: dict[str, Any]) -> list[dict[str, Any]]:
    return list(mapping.records(record).values())


def test_a_plain_mapping_changes_nothing() -> None:
    assert FieldMap().is_plain
    assert records(FieldMap(), {"id": "a", "x": None}) == [{"id": "a", "x": None}]


def test_columns_are_renamed_and_left_out() -> None:
    mapping = FieldMap({"station": "id", "note": "", "a": "b", "b": "a"})
    assert not mapping.is_plain
    assert records(mapping, {"station": "JFK", "note": "x", "a": 1, "b": 2}) == [{"id": "JFK", "b": 1, "a": 2}]


def test_of_two_columns_of_one_name_the_later_one_counts() -> None:
    assert records(FieldMap({"station": "id"}), {"station": "JFK", "id": "LGA"}) == [{"id": "LGA"}]
    assert records(FieldMap({"station": "id"}), {"id": "LGA", "station": "JFK"}) == [{"id": "JFK"}]


def test_a_wide_record_becomes_one_a_metric() -> None:
    mapping = FieldMap({"station": "id"}, ("temp", "humid", "wind", "rain"))
    wide = {"station": "JFK", "temp": 1, "humid": None, "wind": "NA", "site": "x", "value": 9, "metric": "m"}
    assert records(mapping, wide) == [{"id": "JFK", "site": "x", "value": 1, "metric": "temp"}]


def test_a_wide_record_that_holds_nothing_becomes_nothing() -> None:
    assert records(FieldMap(melt=("temp",)), {"id": "a", "temp": ""}) == []


def test_a_record_without_any_of_the_melted_columns_is_rejected() -> None:
    with pytest.raises(Rejected, match=Reason.NOT_WIDE):
        records(FieldMap(melt=("temp", "humid")), {"id": "a", "metric": "x", "value": 3})


def test_what_was_taken_before_is_as_if_it_were_not_there() -> None:
    wide = {"id": "a", "temp": 1, "humid": 2}
    assert records(FieldMap(melt=("temp", "humid"), taken=frozenset({"humid"})), wide) == [
        {"id": "a", "metric": "temp", "value": 1}
    ]
    assert records(FieldMap({"temp": "value"}, taken=frozenset({"humid"})), wide) == [{"id": "a", "value": 1}]
    with pytest.raises(Rejected, match=Reason.NOT_WIDE):
        records(FieldMap(melt=("humid",), taken=frozenset({"humid"})), wide)


@pytest.mark.parametrize("value", [None, "", "NA", "null", "NULL", float("nan")])
def test_nothing_has_several_spellings(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "nan", "na", [], float("inf")])
def test_all_else_is_something(value: object) -> None:
    assert not is_missing(value)
