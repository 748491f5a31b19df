"""Seeded events, and what is true about them. Shares no code with `lake/`, so that both can be held against each other.

    truth = make_truth(seed=7, good=500)
    truth.lines()                  the records as a producer sends them, JSON lines, in the order of sending
    truth.rows                     the rows a distinct cold table must hold, sorted by identity
    truth.windows(seconds=60)      the right windows, by (id, metric, start)
    truth.bad                      the records that must be refused, each with its reason

Rules (those of the project's design): an event is good when id has 1 to 64 characters and no control character, metric
matches `[A-Za-z0-9_.:/-]{1,64}`, value is a finite number, and ts lies in the years 1970 to 2200. ts is kept to the millisecond; what lies
below is cut off. Attributes that are strings stay as they are, null is dropped, anything else is compact JSON. Two events with the
same (id, metric, ts, event_id) are one. An event sent without event_id is never a duplicate of another; its row has `event_id=None` here,
since the derived one depends on the source that delivers it.

Not generated, because the answer is nobody's business yet: duplicates that disagree about the value, -0.0, numbers as event_id.
"""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any, Literal

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
HOT_TTL = timedelta(days=7)

Verdict = Literal["good", "duplicate", "late", "bad"]


@dataclass(frozen=True)
class Row:
    """One row of the distinct cold table. `ts` is normalised text, `dt` its day in UTC."""

    id: str
    metric: str
    ts: str
    value: float
    event_id: str | None
    attributes: tuple[tuple[str, str], ...]
    dt: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        return (self.id, self.metric, self.ts, self.event_id or "")

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.ts)


@dataclass(frozen=True)
class Sent:
    """One record as it goes over the wire. `row` is what it means, None when it is bad; `reason` says why it is bad."""

    line: bytes
    verdict: Verdict
    row: Row | None = None
    reason: str = ""


@dataclass(frozen=True)
class Window:
    """One window's right values; `total` is exact. first and last are the values of the earliest and latest (ts, event_id)."""

    count: int
    total: Fraction
    minimum: float
    maximum: float
    first: float
    last: float


@dataclass(frozen=True)
class Truth:
    seed: int
    now: datetime
    sent: tuple[Sent, ...]
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def bad(self) -> tuple[Sent, ...]:
        return tuple(record for record in self.sent if record.verdict == "bad")

    @property
    def late(self) -> tuple[Row, ...]:
        """Rows older than the hot store keeps: cold has them, no window ever does."""
        return tuple({r.row: None for r in self.sent if r.verdict == "late" and r.row is not None})

    def lines(self) -> bytes:
        return b"".join(record.line + b"\n" for record in self.sent)

    def windows(self, seconds: int = 60, ttl: timedelta | None = HOT_TTL) -> dict[tuple[str, str, str], Window]:
        """The right windows by (id, metric, start as normalised text); with `ttl=None` the late ones too.

        A window is left out once its end + ttl has passed at `now`.
        """
        members: dict[tuple[str, str, str], list[Row]] = {}
        width = timedelta(seconds=seconds)
        for row in self.rows:
            start = EPOCH + (row.instant - EPOCH) // width * width
            if ttl is None or start + width + ttl > self.now:
                members.setdefault((row.id, row.metric, normalise(start)), []).append(row)
        return {key: fold(rows) for key, rows in sorted(members.items())}


def fold(rows: list[Row]) -> Window:
    ordered = sorted(rows, key=lambda row: (row.ts, row.event_id or ""))
    values = [row.value for row in ordered]
    return Window(len(values), sum(map(Fraction, values), Fraction()), min(values), max(values), values[0], values[-1])


def normalise(instant: datetime) -> str:
    """`yyyy-MM-ddTHH:mm:ss.SSSZ`, in UTC, cut to the millisecond."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def make_truth(
    *,
    seed: int,
    good: int = 200,
    duplicates: float = 0.15,
    late: float = 0.1,
    bad: float = 0.1,
    anonymous: float = 0.0,
    now: datetime = NOW,
    span: timedelta = timedelta(days=3),
) -> Truth:
    """Make `good` distinct events that end at `now` and reach back over `span`, and shares of them of each other kind.

    `late` events lie 1 to 400 days beyond the hot TTL. `anonymous` is the share sent without event_id. The same arguments give the same
    bytes, on every machine.
    """
    dice = random.Random(seed)
    sent = [make_good(dice, number, now, span, anonymous) for number in range(good)]
    sent += [make_late(dice, good + number, now, anonymous) for number in range(round(good * late))]
    repeatable = [record for record in sent if record.row is not None and record.row.event_id is not None]
    copies = [repeat(dice, dice.choice(repeatable)) for _ in range(round(good * duplicates) if repeatable else 0)]
    refused = list(make_bad(dice, round(good * bad), now))
    rows = sorted((record.row for record in sent if record.row is not None), key=lambda row: row.identity)
    everything = sent + copies + refused
    dice.shuffle(everything)
    return Truth(seed, now, tuple(everything), tuple(rows))


# Good events ----------------------------------------------------------------------------------------------------------

IDS = ("EWR", "JFK", "LGA", "sensor 7", "Zürich/Nord", "東京", "a'b\"c\\d", "x" * 64, "=1+1", "%2F..", "😀", "NULL")
METRICS = ("value", "temp", "wind_speed", "cpu.load:1m", "a/b-c", "m" * 64)
NUMBERS = (0.0, 0.1, 0.2, 0.3, 1.0, -1.0, 1e16, -1e16, 1e-300, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308)
ATTRIBUTES: tuple[tuple[str, Any, str | None], ...] = (
    ("origin", "EWR", "EWR"),
    ("note", "", ""),
    ("name", 'Köln, "Süd"\n2nd line', 'Köln, "Süd"\n2nd line'),
    ("gone", None, None),
    ("flag", True, "true"),
    ("level", 3, "3"),
    ("ratio", 0.25, "0.25"),
    ("tags", ["a", 1, None], '["a",1,null]'),
    ("where", {"lat": 40.5, "lon": -74}, '{"lat":40.5,"lon":-74}'),
    ("text", "3", "3"),
)


def make_good(dice: random.Random, number: int, now: datetime, span: timedelta, anonymous: float) -> Sent:
    instant = now - MILLISECOND * dice.randrange(1, span // MILLISECOND)
    # Many events share a minute, and some share an instant, so that windows have more than one member and ties.
    if dice.random() < 0.5:
        instant = instant.replace(minute=instant.minute // 30 * 30, second=dice.randrange(60), microsecond=0)
    return describe(dice, number, instant, anonymous, "good")


def make_late(dice: random.Random, number: int, now: datetime, anonymous: float) -> Sent:
    return describe(dice, number, now - HOT_TTL - timedelta(days=dice.uniform(1, 400)), anonymous, "late")


def describe(dice: random.Random, number: int, instant: datetime, anonymous: float, verdict: Verdict) -> Sent:
    """Write the event at `instant` in one of the ways that it may be written, and say what it means."""
    metric = dice.choice(METRICS)
    value = dice.choice(NUMBERS) if dice.random() < 0.3 else round(dice.uniform(-50, 150), dice.randrange(4))
    value += 0.0  # no -0.0
    event: dict[str, Any] = {"id": dice.choice(IDS), "ts": spell(dice, instant), "value": value}
    if value.is_integer() and abs(value) < 2**53 and dice.random() < 0.5:
        event["value"] = int(value)
    if metric != "value" or dice.random() < 0.5:
        event["metric"] = metric
    if dice.random() >= anonymous:
        event["event_id"] = f"e{number:06d}"
    kept = {}
    for name, given, meant in dice.sample(ATTRIBUTES, dice.choice((0, 0, 1, 3))):
        event[name] = given
        if meant is not None:
            kept[name] = meant
    ts = normalise(instant)
    row = Row(event["id"], metric, ts, value, event.get("event_id"), tuple(sorted(kept.items())), ts[:10])
    return Sent(encode(dice, event), verdict, row)


def spell(dice: random.Random, instant: datetime) -> str:
    """One of the ISO 8601 spellings of an instant that all mean the same."""
    utc = instant.astimezone(UTC)
    spellings = [
        utc.isoformat().replace("+00:00", "Z"),
        utc.isoformat(),
        utc.replace(tzinfo=None).isoformat(),  # without zone: UTC
        utc.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat(),
        utc.astimezone(timezone(timedelta(hours=-8))).isoformat(),
        normalise(utc),
    ]
    return dice.choice(spellings)


def encode(dice: random.Random, event: dict[str, Any]) -> bytes:
    """JSON, its keys in any order, characters escaped or not."""
    items = list(event.items())
    dice.shuffle(items)
    return json.dumps(dict(items), ensure_ascii=dice.random() < 0.5).encode()


def repeat(dice: random.Random, record: Sent) -> Sent:
    """The same event once more: byte for byte, or with its instant spelled in another way."""
    if record.row is None or dice.random() < 0.5:
        return Sent(record.line, "duplicate", record.row)
    event = json.loads(record.line)
    event["ts"] = spell(dice, record.row.instant)
    event["metric"] = record.row.metric
    return Sent(encode(dice, event), "duplicate", record.row)


# Bad records ----------------------------------------------------------------------------------------------------------

ABSENT = object()
# reason: the fields that make a good event bad for that reason alone
BAD_FIELDS: dict[str, dict[str, Any]] = {
    "id absent": {"id": ABSENT},
    "id null": {"id": None},
    "id empty": {"id": ""},
    "id too long": {"id": "x" * 65},
    "id control character": {"id": "a\x00b"},
    "id not a string": {"id": 7},
    "metric empty": {"metric": ""},
    "metric characters": {"metric": "wind speed"},
    "metric too long": {"metric": "m" * 65},
    "metric not a string": {"metric": 7},
    "value absent": {"value": ABSENT},
    "value null": {"value": None},
    "value a boolean": {"value": True},
    "value an object": {"value": {"n": 1}},
    "value NaN": {"value": math.nan},
    "value infinite": {"value": math.inf},
    "ts absent": {"ts": ABSENT},
    "ts not a time": {"ts": "yesterday"},
    "ts no such day": {"ts": "2026-02-30T00:00:00Z"},
    "ts before 1970": {"ts": "1969-12-31T23:59:59.999Z"},
    "ts after 2200": {"ts": "2201-01-01T00:00:00Z"},
}
BAD_BYTES: dict[str, bytes] = {
    "not JSON": b'{"id": "EWR", "ts": ',
    "not an object": b'["EWR", "2026-02-01T00:00:00Z", 1.0]',
    "not UTF-8": b'{"id": "\xff\xfe", "ts": "2026-02-01T00:00:00Z", "value": 1}',
    "value overflows": b'{"id": "EWR", "ts": "2026-02-01T00:00:00Z", "value": 1e999}',
}
REASONS = (*BAD_FIELDS, *BAD_BYTES)


def make_bad(dice: random.Random, count: int, now: datetime) -> Iterator[Sent]:
    """Records with one fault each. The reasons take turns, so that `count >= len(REASONS)` has every one."""
    reasons = list(REASONS)
    dice.shuffle(reasons)
    for number in range(count):
        reason = reasons[number % len(reasons)]
        if reason in BAD_BYTES:
            yield Sent(BAD_BYTES[reason], "bad", None, reason)
            continue
        event: dict[str, Any] = {"id": "EWR", "ts": normalise(now), "value": 1.5, "event_id": f"bad{number:06d}"}
        event |= BAD_FIELDS[reason]
        given = {name: value for name, value in event.items() if value is not ABSENT}
        yield Sent(encode(dice, given), "bad", None, reason)
