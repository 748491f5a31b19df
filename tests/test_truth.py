"""The generator of events says what it promises: the same bytes for a seed, every kind of record, answers that add up."""

import json
import re
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest

from tests.truth import EPOCH, HOT_TTL, NOW, REASONS, Row, Truth, fold, make_truth, normalise


@pytest.fixture(scope="module", params=[1, 2, 3])
def truth(request) -> Truth:
    return make_truth(seed=request.param, good=400, anonymous=0.1)


def test_a_seed_always_gives_the_same_bytes_and_answers(truth):
    again = make_truth(seed=truth.seed, good=400, anonymous=0.1)
    assert again.lines() == truth.lines()
    assert again == truth
    assert make_truth(seed=truth.seed + 100, good=400, anonymous=0.1).lines() != truth.lines()


def test_the_shares_asked_for_are_sent(truth):
    kinds = Counter(record.verdict for record in truth.sent)
    assert kinds == {"good": 400, "duplicate": 60, "late": 40, "bad": 40}
    assert len(truth.rows) == 440


def test_every_reason_to_refuse_occurs_and_is_named(truth):
    assert {record.reason for record in truth.bad} == set(REASONS)
    assert all(record.reason == "" for record in truth.sent if record.verdict != "bad")


def test_rows_are_distinct_by_identity_and_sorted():
    rows = make_truth(seed=5, good=400).rows
    identities = [row.identity for row in rows]
    assert len(set(identities)) == len(identities)
    assert identities == sorted(identities)


def test_a_duplicate_is_a_row_that_another_record_sends(truth):
    first = {record.row for record in truth.sent if record.verdict in ("good", "late")}
    copies = [record for record in truth.sent if record.verdict == "duplicate"]
    assert all(record.row in first for record in copies)
    originals = {record.line for record in truth.sent if record.verdict in ("good", "late")}
    assert {record.line in originals for record in copies} == {True, False}


def test_rows_are_normalised_and_their_day_is_that_of_utc(truth):
    for row in truth.rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row.ts)
        assert row.dt == row.ts[:10]
        assert normalise(row.instant) == row.ts
        assert all(isinstance(text, str) for _, text in row.attributes)


def test_good_records_are_json_objects_with_the_required_fields(truth):
    for record in truth.sent:
        if record.verdict != "bad":
            event = json.loads(record.line)
            assert event.keys() >= {"id", "ts", "value"}
            assert record.row is not None
            assert (event["id"], event["value"]) == (record.row.id, record.row.value)


def test_windows_hold_every_row_once_and_add_up_exactly(truth):
    windows = truth.windows(60, ttl=None)
    assert sum(window.count for window in windows.values()) == len(truth.rows)
    total = sum((window.total for window in windows.values()), Fraction())
    assert total == sum((Fraction(row.value) for row in truth.rows), Fraction())
    for window in windows.values():
        assert window.minimum <= window.first <= window.maximum
        assert window.minimum <= window.last <= window.maximum
        assert window.minimum <= window.total / window.count <= window.maximum


def test_some_windows_have_several_members():
    assert max(window.count for window in make_truth(seed=1, good=2000).windows(60).values()) > 1


def test_hot_windows_are_those_whose_end_lies_within_the_ttl(truth):
    hot, all_windows = truth.windows(60), truth.windows(60, ttl=None)
    assert hot.keys() < all_windows.keys()
    assert sum(w.count for w in all_windows.values()) - sum(w.count for w in hot.values()) == len(truth.late)
    assert all(row.instant < NOW - HOT_TTL for row in truth.late)


def test_the_end_of_a_window_decides_and_not_its_start():
    row = Row("EWR", "value", normalise(EPOCH + timedelta(seconds=59)), 1.0, "e1", (), "1970-01-01")
    key = ("EWR", "value", "1970-01-01T00:00:00.000Z")
    still = Truth(0, EPOCH + timedelta(seconds=60) + HOT_TTL - timedelta(milliseconds=1), (), (row,))
    passed = Truth(0, EPOCH + timedelta(seconds=60) + HOT_TTL, (), (row,))
    assert list(still.windows(60)) == [key]
    assert list(passed.windows(60)) == []


def test_first_and_last_follow_time_then_event_id():
    def row(ts: str, value: float, event_id: str) -> Row:
        return Row("EWR", "value", ts, value, event_id, (), ts[:10])

    noon = "2026-02-03T12:00:00.000Z"
    window = fold(
        [row(noon, 3.0, "c"), row("2026-02-03T12:00:00.001Z", 4.0, "a"), row(noon, 1.0, "a"), row(noon, 2.0, "b")]
    )
    assert (window.first, window.last, window.count, window.total) == (1.0, 4.0, 4, 10)
