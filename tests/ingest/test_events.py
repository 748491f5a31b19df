"""The rules of an event, one record at a time."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from lake.ingest.events import (
    Event,
    Reason,
    Rejected,
    attribute_text,
    derived_event_id,
    read_line,
    read_record,
    read_texts,
    timestamp_text,
)
from tests.ingest import hostile

GOOD = {"id": "s-1", "ts": "2026-01-31T07:00:00Z", "value": 21.5}


def line(**changes: Any) -> bytes:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not ...}).encode()


def reason_of(raw: bytes) -> Reason:
    with pytest.raises(Rejected) as refusal:
        read_line(raw)
    return refusal.value.reason


def test_a_record_needs_an_id_a_moment_and_a_number() -> None:
    assert read_line(line()) == Event("s-1", datetime(2026, 1, 31, 7, tzinfo=UTC), "value", 21.5)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff", Reason.NOT_UTF8),
        (b'{"id":"\xed\xa0\x80"}', Reason.NOT_UTF8),
        (b"nope", Reason.NOT_JSON),
        (b"", Reason.NOT_JSON),
        (b"{}{}", Reason.NOT_JSON),
        (b"[" * 100_000, Reason.NOT_JSON),
        (b'{"value":NaN}', Reason.NOT_JSON),
        (b'{"value":1e400}', Reason.BAD_NUMBER),
        (b'{"value":' + b"9" * 5000 + b"}", Reason.BAD_NUMBER),
        (b"[]", Reason.NOT_AN_OBJECT),
        (b"null", Reason.NOT_AN_OBJECT),
        (b'{"id":"a","id":"a"}', Reason.DUPLICATE_KEY),
        (line(site="JFK", attributes={"site": "LGA"}), Reason.DUPLICATE_KEY),
        (line(site={"a": 1})[:-2] + b',"a":1}}', Reason.DUPLICATE_KEY),
        (line(id=...), Reason.NO_ID),
        (line(id=None), Reason.NO_ID),
        (line(id=7), Reason.BAD_ID),
        (line(id=""), Reason.BAD_ID),
        (line(id="x" * 65), Reason.BAD_ID),
        (line(id="a\x85b"), Reason.BAD_ID),
        (line(id="a\x7f"), Reason.BAD_ID),
        (line(ts=...), Reason.NO_TS),
        (line(ts=1_770_000_000), Reason.BAD_TS),
        (line(ts="2026-02-29"), Reason.BAD_TS),
        (line(ts="2026-01-31T24:00:00"), Reason.BAD_TS),
        (line(ts="2026-01-31T23:59:60"), Reason.BAD_TS),
        (line(ts="2026-01-31T07:00:00.1234567890"), Reason.BAD_TS),
        (line(ts="2026-01-31T07:00+24:00"), Reason.BAD_TS),
        (line(ts="2026-01-31T07:00+01:60"), Reason.BAD_TS),
        (line(ts="٢٠٢٦-01-31"), Reason.BAD_TS),
        (line(ts="0000-01-01"), Reason.TS_OUT_OF_RANGE),
        (line(ts="0001-01-01T00:00+01:00"), Reason.TS_OUT_OF_RANGE),
        (line(ts="1970-01-01T00:00+00:01"), Reason.TS_OUT_OF_RANGE),
        (line(ts="2201-01-01"), Reason.TS_OUT_OF_RANGE),
        (line(metric=""), Reason.BAD_METRIC),
        (line(metric="größe"), Reason.BAD_METRIC),
        (line(metric=1), Reason.BAD_METRIC),
        (line(metric="m\n"), Reason.BAD_METRIC),
        (line(value=...), Reason.NO_VALUE),
        (line(value=None), Reason.NO_VALUE),
        (line(value="12"), Reason.BAD_VALUE),
        (line(value=True), Reason.BAD_VALUE),
        (line(value=10**308 * 2), Reason.BAD_VALUE),
        (line(event_id=""), Reason.BAD_EVENT_ID),
        (line(event_id=5), Reason.BAD_EVENT_ID),
        (line(event_id="x" * 129), Reason.BAD_EVENT_ID),
        (line(attributes="x"), Reason.BAD_ATTRIBUTES),
        (line(attributes=[]), Reason.BAD_ATTRIBUTES),
        (line(site="\ud800"), Reason.BAD_TEXT),
        (line(id=None, value="x"), Reason.NO_ID),
    ],
)
def test_a_record_is_set_aside_for_the_first_thing_that_is_wrong(raw: bytes, reason: Reason) -> None:
    assert reason_of(raw) == reason


@pytest.mark.parametrize(
    ("text", "millis"),
    [
        ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2026-01-31 07:05", "2026-01-31T07:05:00.000Z"),
        ("2026-01-31t07:05:09z", "2026-01-31T07:05:09.000Z"),
        ("2026-01-31T07:05:09,5", "2026-01-31T07:05:09.500Z"),
        ("2026-01-31T07:05:09.999999999Z", "2026-01-31T07:05:09.999Z"),
        ("2026-01-31T07:05:09.0009", "2026-01-31T07:05:09.000Z"),
        ("2026-01-31T00:05+05:30", "2026-01-30T18:35:00.000Z"),
        ("2026-12-31T23:00-0130", "2027-01-01T00:30:00.000Z"),
        ("2026-12-31T23:00-01", "2027-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59-00:01", "1970-01-01T00:00:59.000Z"),
        ("2201-01-01T00:00+00:01", "2200-12-31T23:59:00.000Z"),
    ],
)
def test_timestamps_become_utc_and_are_cut_to_milliseconds(text: str, millis: str) -> None:
    assert timestamp_text(read_line(line(ts=text)).ts) == millis


def test_moments_and_days_are_taken_as_they_are() -> None:
    east = timezone(timedelta(hours=2))
    assert read_record(GOOD | {"ts": datetime(2026, 1, 31, 7, tzinfo=east)}).ts == datetime(2026, 1, 31, 5, tzinfo=UTC)
    assert read_record(GOOD | {"ts": date(2026, 1, 31)}).ts == datetime(2026, 1, 31, tzinfo=UTC)


def test_numbers_are_doubles_and_zero_has_no_sign() -> None:
    values = [
        read_record(GOOD | {"value": value}).value for value in (3, -0.0, 2**53 + 1, Decimal("0.1"), Decimal("1e-400"))
    ]
    assert [repr(value) for value in values] == ["3.0", "0.0", "9007199254740992.0", "0.1", "0.0"]
    for value in (float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("1e400")):
        with pytest.raises(Rejected) as refusal:
            read_record(GOOD | {"value": value})
        assert refusal.value.reason == Reason.BAD_VALUE


def test_all_other_fields_are_attributes_and_text() -> None:
    raw = b'{"b":1.50,"a":null,"Id":"x","n":[1, {"k":"\\u00fc"}],"t":true,"attributes":{"z":"1","y":null,"id":5},'
    assert read_line(raw + line()[1:]).attributes == {
        "b": "1.5",
        "Id": "x",
        "n": '[1,{"k":"ü"}]',
        "t": "true",
        "z": "1",
        "id": "5",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ü", "ü"),
        (1e16, "1e+16"),
        (datetime(2026, 1, 31, 7, tzinfo=UTC), "2026-01-31T07:00:00+00:00"),
        (date(2026, 1, 31), "2026-01-31"),
        (b"\x00\xff", "AP8="),
        (Decimal("1.50"), "1.50"),
        ({"day": date(2026, 1, 31), "n": [Decimal("2.0"), b"a"]}, '{"day":"2026-01-31","n":["2.0","YQ=="]}'),
    ],
)
def test_attributes_are_written_as_text(value: object, text: str) -> None:
    assert attribute_text(value) == text


def test_where_all_is_text_some_of_it_stands_for_nothing() -> None:
    row = {
        "id": "s-1",
        "ts": "2026-01-31",
        "value": "+2.50",
        "metric": "NA",
        "event_id": "",
        "site": "null",
        "unit": None,
    }
    assert read_texts(row) == Event("s-1", datetime(2026, 1, 31, tzinfo=UTC), "value", 2.5)
    assert read_texts(row | {"attributes": '{"k":"v"}'}).attributes == {"k": "v"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": "1_000"}, Reason.BAD_VALUE),
        ({"value": "inf"}, Reason.BAD_VALUE),
        ({"value": "1e999"}, Reason.BAD_VALUE),
        ({"value": None}, Reason.NO_VALUE),
        ({"value": "NA"}, Reason.NO_VALUE),
        ({"id": ""}, Reason.NO_ID),
        ({"ts": None}, Reason.NO_TS),
        ({"attributes": "k=v"}, Reason.BAD_ATTRIBUTES),
    ],
)
def test_text_is_set_aside_too(changes: dict[str, str | None], reason: Reason) -> None:
    with pytest.raises(Rejected) as refusal:
        read_texts({"id": "s-1", "ts": "2026-01-31", "value": "1"} | changes)
    assert refusal.value.reason == reason


@given(hostile.records())
def test_a_normalised_event_is_read_as_the_same_event(raw: bytes) -> None:
    try:
        event = read_line(raw)
    except Rejected:
        return
    assert read_line(event.normalised()) == event
    assert read_line(event.normalised()).normalised() == event.normalised()


def test_a_derived_id_depends_on_the_source_the_line_and_the_record() -> None:
    event = read_line(line())
    other = read_line(line(site="JFK"))
    ids = [derived_event_id(*key) for key in [("a", 1, event), ("a", 2, event), ("b", 1, event), ("a", 1, other)]]
    assert len(set(ids)) == 4
    assert ids[0] == derived_event_id("a", 1, read_line(line(ts="2026-01-31T08:00:00+01:00", site=None)))
    assert ids[0] == "a66c56bc692dc1cd8057992f231585fc"
