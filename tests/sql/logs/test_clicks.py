"""Queries of clickstreams as Kinesis Firehose delivers them, of web sessions, and of events of devices."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_json, put_parquet, put_text, table

CLICKS = table("clickstream")
CONVERTED = table("clicks_parquet")
SESSIONS = table("ga_sessions")
DEVICES = table("iot_events")
USERS = table("users")

START = datetime(2026, 2, 1, 22, tzinfo=UTC)
STEPS = ["view", "view", "cart", "view", "checkout", "purchase"]


def click(n: int) -> dict[str, Any]:
    user = f"u{n % 4}"
    at = START + timedelta(minutes=[0, 4, 9, 50][n // 4 % 4] + 75 * (n // 16), seconds=n)
    event = STEPS[(n // 4 + n % 4) % 6]
    buys = event == "purchase"
    return {
        "event_id": f"e{n}",
        "user_id": user,
        "event": event,
        "at": at,
        "page": f"/shop/{['shoes', 'hats', 'socks'][n % 3]}?utm_source={['mail', 'ad'][n % 2]}&n={n}",
        "value": n * 1.5 if buys else None,
        "payload": {"ref": {"campaign": f"c{n % 3}"}, "ab": ["x", "y"][: n % 3], "score": n / 4, "ok": n % 2 == 0},
        "device": {"os": ["iOS", "Android"][n % 2], "version": f"{n % 3 + 10}.{n % 2}", "screen": {"w": 390, "h": 844}},
        "items": [{"sku": f"s{k}", "qty": k + 1, "price": 10.0 + k} for k in range(n % 3 + 1)] if buys else [],
        "props": {"lang": ["de", "en"][n % 2], **({"vip": "1"} if n % 5 == 0 else {})},
    }


CLICKED = [click(n) for n in range(48)]
PURCHASES = [each for each in CLICKED if each["event"] == "purchase"]
SOLD = [(each, item) for each in PURCHASES for item in each["items"]]


def session(n: int) -> dict[str, Any]:
    return {
        "visitId": 1000 + n,
        "fullVisitorId": f"v{n % 5}",
        "date": f"2026020{n % 3 + 1}",
        "totals": {"visits": 1, "hits": n % 4 + 1, "pageviews": n % 4 + 1, "transactions": 1 if n % 6 == 0 else None},
        "trafficSource": {"source": ["google", "(direct)"][n % 2], "medium": "organic"},
        "hits": [
            {
                "hitNumber": k + 1,
                "type": "PAGE",
                "page": {"pagePath": f"/p{(n + k) % 3}"},
                "customDimensions": [{"index": 1, "value": f"d{k}"}],
            }
            for k in range(n % 4 + 1)
        ],
    }


VISITS = [session(n) for n in range(20)]


def report(n: int) -> dict[str, Any]:
    return {
        "deviceId": f"dev{n % 3}",
        "reportedAt": (datetime(2026, 2, 1 + n % 3) + timedelta(minutes=n)).isoformat() + "Z",  # noqa: DTZ001
        "metrics": {"temp": 20.0 + n, **({"hum": 50.0 + n} if n % 2 else {})},
        "tags": ["a", "b", "c"][: n % 3 + 1],
        "location": {"lat": 52.5, "lon": 13.4 + n / 100},
        "day": n % 3 + 1,
    }  # fmt: skip


REPORTS = [report(n) for n in range(24)]
ITEM = pa.struct([("sku", pa.string()), ("qty", pa.int32()), ("price", pa.float64())])
SCHEMA = pa.schema(
    [
        ("user_id", pa.string()),
        ("event", pa.string()),
        ("event_time", pa.timestamp("ms")),
        ("page", pa.string()),
        ("value", pa.float64()),
        ("items", pa.list_(ITEM)),
        ("props", pa.map_(pa.string(), pa.string())),
    ]
)


def as_json(each: dict[str, Any]) -> dict[str, Any]:
    at = each["at"]
    written = {
        "ts": int(at.timestamp() * 1000),
        "event_time": at.strftime("%Y-%m-%d %H:%M:%S"),
        "payload": json.dumps(each["payload"]),
    }
    return {name: value for name, value in (each | written).items() if name != "at"}


def hour_of(each: dict[str, Any]) -> datetime:
    return each["at"].replace(minute=0, second=0)  # type: ignore[no-any-return]


def fill(db: lake.Lake) -> None:
    for statement in (CLICKS, CONVERTED, SESSIONS, DEVICES, USERS):
        db.query(statement)
    for hour in sorted(set(map(hour_of, CLICKED))):
        own = [each for each in CLICKED if hour_of(each) == hour]
        put_json(db, f"firehose/{hour:%Y/%m/%d/%H}/clicks-1-{hour:%Y-%m-%d-%H}-00-00-abc.gz", map(as_json, own))
        converted = [
            each | {"event_time": each["at"].replace(tzinfo=None), "props": list(each["props"].items())} for each in own
        ]
        put_parquet(db, f"clicks_parquet/dt={hour:%Y-%m-%d}/hour={hour.hour}/a.snappy.parquet", converted, SCHEMA)
    put_text(db, "firehose/2026/02/01/22/broken", ["{not json"])
    db.query("MSCK REPAIR TABLE clicks_parquet")
    put_json(db, "ga/sessions.json", VISITS)
    for day in (1, 2, 3):
        put_json(db, f"iot/berlin/d{day:02}/part.json", [each for each in REPORTS if each["day"] == day])
    put_text(
        db, "users/users.csv", ['"id","name","signed_up","spent"', '"u0","Ann, A.","2026-01-05","12.50"', '"u1","Bob ""B""","05.01.2026",""', 'u3,Dee,2026-01-31,7']
    )  # fmt: skip


def sessions_of(user: str) -> list[int]:
    """The clicks of each session: one ends after half an hour of silence."""
    times = sorted(each["at"] for each in CLICKED if each["user_id"] == user)
    found = [1]
    for earlier, later in pairwise(times):
        if later - earlier > timedelta(minutes=30):
            found.append(0)
        found[-1] += 1
    return found


def funnel() -> tuple[int, int, int]:
    firsts = {
        step: {
            user: min(
                (each["at"] for each in CLICKED if each["user_id"] == user and each["event"] == step), default=None
            )
            for user in ("u0", "u1", "u2", "u3")
        }
        for step in ("view", "cart", "purchase")
    }
    carts = [user for user, at in firsts["cart"].items() if at and firsts["view"][user] and at >= firsts["view"][user]]
    bought = [user for user in carts if firsts["purchase"][user] and firsts["purchase"][user] >= firsts["cart"][user]]  # type: ignore[operator]
    return sum(at is not None for at in firsts["view"].values()), len(carts), len(bought)


def by(key: Any, rows: Any) -> list[tuple[Any, int]]:
    return sorted(Counter(map(key, rows)).items())


CASES = [
    Case("SELECT count(*), count(event_id), count(DISTINCT user_id) FROM clickstream WHERE datehour >= '2026/02/01/22'", [(49, 48, 4)]),
    Case(
        """SELECT date_trunc('hour', from_unixtime(ts / 1000)) AS h, count(*) FROM clickstream WHERE ts IS NOT NULL GROUP BY 1 ORDER BY 1""",
        by(hour_of, CLICKED),
    ),
    Case(
        """SELECT count(*) FROM clickstream WHERE datehour BETWEEN date_format(TIMESTAMP '2026-02-02 00:00:00', '%Y/%m/%d/%H') AND format_datetime(now(), 'yyyy/MM/dd/HH')""",
        [(sum(each["at"] >= datetime(2026, 2, 2, tzinfo=UTC) for each in CLICKED),)],
    ),
    Case(
        """SELECT json_extract_scalar(payload, '$.ref.campaign') AS campaign, sum(CAST(json_extract_scalar(payload, '$.score') AS double)), count_if(CAST(json_extract(payload, '$.ok') AS boolean))
           FROM clickstream WHERE payload IS NOT NULL GROUP BY 1 ORDER BY 1""",
        [
            (f"c{k}", sum(n / 4 for n in range(48) if n % 3 == k), sum(n % 2 == 0 for n in range(48) if n % 3 == k))
            for k in range(3)
        ],
    ),
    Case(
        """SELECT v, count(*) FROM clickstream CROSS JOIN UNNEST(CAST(json_extract(payload, '$.ab') AS array(varchar))) AS t(v) GROUP BY v ORDER BY v""",
        [("x", 32), ("y", 16)],
    ),
    Case(
        """SELECT url_extract_path(page) AS path, split_part(split_part(page, 'utm_source=', 2), '&', 1) AS source, regexp_extract(page, '[?&]n=(\\d+)', 1) AS n
           FROM clickstream WHERE user_id = 'u1' ORDER BY ts LIMIT 2""",
        [("/shop/hats", "ad", "1"), ("/shop/socks", "ad", "5")],
    ),
    Case(
        """SELECT device.os, device.screen.w * device.screen.h, count(*), max(try_cast(device.version AS double)) FROM clickstream WHERE device IS NOT NULL
           GROUP BY device.os, device.screen.w * device.screen.h ORDER BY 1""",
        [("Android", 329160, 24, 12.1), ("iOS", 329160, 24, 12.0)],
    ),
    Case(
        """SELECT item.sku, sum(item.qty * item.price) AS revenue, sum(item.qty) FROM clickstream CROSS JOIN UNNEST(items) AS t(item) GROUP BY item.sku ORDER BY revenue DESC""",
        sorted(
            ((sku, sum(i["qty"] * i["price"] for _, i in SOLD if i["sku"] == sku), sum(i["qty"] for _, i in SOLD if i["sku"] == sku)) for sku in {i["sku"] for _, i in SOLD}),
            key=lambda row: -row[1],
        ),
    ),
    Case(
        """SELECT event_id, place, sku FROM clickstream CROSS JOIN UNNEST(items) WITH ORDINALITY AS t(sku, qty, price, place) WHERE qty > 1 ORDER BY event_id, place LIMIT 3""",
        sorted((each["event_id"], k + 1, item["sku"]) for each in PURCHASES for k, item in enumerate(each["items"]) if item["qty"] > 1)[:3],
    ),
    Case(
        """SELECT event_id, reduce(items, 0.0e0, (s, i) -> s + i.qty * i.price, s -> s) AS total FROM clickstream WHERE cardinality(items) > 0 ORDER BY event_id LIMIT 3""",
        sorted((each["event_id"], sum(i["qty"] * i["price"] for i in each["items"])) for each in PURCHASES)[:3],
    ),
    Case(
        """SELECT props['lang'] AS lang, element_at(props, 'vip') AS vip, count(*) FROM clickstream WHERE props IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST""",
        sorted(
            ((lang, vip, n) for (lang, vip), n in Counter((each["props"]["lang"], each["props"].get("vip")) for each in CLICKED).items()),
            key=lambda row: (row[0], row[1] is None),
        ),
    ),
    Case(
        """WITH marked AS (
             SELECT user_id, event_time, CASE WHEN date_diff('second', lag(event_time) OVER (PARTITION BY user_id ORDER BY event_time), event_time) > 1800
               OR lag(event_time) OVER (PARTITION BY user_id ORDER BY event_time) IS NULL THEN 1 ELSE 0 END AS is_new FROM clicks_parquet
           ), numbered AS (SELECT user_id, event_time, sum(is_new) OVER (PARTITION BY user_id ORDER BY event_time) AS session FROM marked)
           SELECT user_id, session, count(*) AS clicks FROM numbered GROUP BY 1, 2 ORDER BY 1, 2""",
        [(user, place, clicks) for user in ("u0", "u1", "u2", "u3") for place, clicks in enumerate(sessions_of(user), 1)],
    ),
    Case(
        """WITH firsts AS (
             SELECT user_id, min(event_time) FILTER (WHERE event = 'view') AS v, min(IF(event = 'cart', event_time)) AS c, min(CASE WHEN event = 'purchase' THEN event_time END) AS p
             FROM clicks_parquet GROUP BY user_id)
           SELECT count(v), count_if(c >= v), count_if(c >= v AND p >= c) FROM firsts""",
        [funnel()],
    ),
    Case(
        """SELECT user_id, array_join(array_agg(event ORDER BY event_time), '>') FROM clicks_parquet WHERE dt = DATE '2026-02-01' GROUP BY 1 ORDER BY 1 LIMIT 1""",
        [("u0", ">".join(each["event"] for each in sorted(CLICKED, key=lambda each: each["at"]) if each["user_id"] == "u0" and each["at"].day == 1))],
    ),
    Case(
        """SELECT dt, hour, count(*), approx_distinct(user_id) FROM clicks_parquet WHERE dt BETWEEN DATE '2026-02-01' AND current_date AND hour IN (0, 22, 23) GROUP BY dt, hour ORDER BY dt, hour""",
        [
            (hour.date(), hour.hour, n, len({each["user_id"] for each in CLICKED if hour_of(each) == hour}))
            for hour, n in by(hour_of, CLICKED)
            if hour.hour in (0, 22, 23)
        ],
    ),
    Case(
        """SELECT t.h, coalesce(c.n, 0) FROM UNNEST(sequence(21, 23)) AS t(h) LEFT JOIN (SELECT hour, count(*) AS n FROM clicks_parquet WHERE dt = DATE '2026-02-01' GROUP BY hour) c ON c.hour = t.h ORDER BY 1""",
        [(hour, sum(each["at"].day == 1 and each["at"].hour == hour for each in CLICKED)) for hour in (21, 22, 23)],
    ),
    Case(
        """SELECT u.name, count(c.event_id), coalesce(try_cast(u.spent AS decimal(10,2)), 0) FROM users u LEFT JOIN clickstream c ON u.id = c.user_id AND c.event = 'purchase'
           GROUP BY u.name, u.spent ORDER BY 1""",
        [(name, sum(each["user_id"] == user for each in PURCHASES), Decimal(spent)) for name, user, spent in (("Ann, A.", "u0", "12.50"), ('Bob "B"', "u1", "0"), ("Dee", "u3", "7"))],
    ),
    Case(
        "SELECT id, try(date_parse(signed_up, '%Y-%m-%d')), coalesce(try(CAST(signed_up AS date)), date(date_parse(signed_up, '%d.%m.%Y'))) FROM users ORDER BY id",
        [("u0", datetime(2026, 1, 5), date(2026, 1, 5)), ("u1", None, date(2026, 1, 5)), ("u3", datetime(2026, 1, 31), date(2026, 1, 31))],  # noqa: DTZ001
    ),
    Case(
        """SELECT user_id, event, rn FROM (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY event_time DESC) AS rn FROM clicks_parquet) WHERE rn = 1 ORDER BY user_id""",
        [(f"u{k}", max((each for each in CLICKED if each["user_id"] == f"u{k}"), key=lambda each: each["at"])["event"], 1) for k in range(4)],
    ),
    Case(
        "SELECT user_id, min_by(page, ts), max_by(event, ts, 2) FROM clickstream WHERE user_id = 'u2' GROUP BY user_id",
        [("u2", click(2)["page"], [each["event"] for each in sorted(CLICKED, key=lambda each: each["at"], reverse=True) if each["user_id"] == "u2"][:2])],
    ),
    Case(
        "SELECT trafficsource.source, sum(totals.pageviews), count(totals.transactions), 1.0 * count(totals.transactions) / sum(totals.visits) FROM ga_sessions GROUP BY 1 ORDER BY 1",
        [("(direct)", 30, 0, 0), ("google", 20, 4, Decimal("0.4"))],
    ),
    Case(
        """SELECT h.page.pagepath, count(*) AS views, count(DISTINCT fullvisitorid) FROM ga_sessions CROSS JOIN UNNEST(hits) AS t(h) WHERE h.type = 'PAGE' GROUP BY h.page.pagepath ORDER BY 1""",
        [
            (path, sum(hit["page"]["pagePath"] == path for each in VISITS for hit in each["hits"]), len({each["fullVisitorId"] for each in VISITS if any(hit["page"]["pagePath"] == path for hit in each["hits"])}))
            for path in ("/p0", "/p1", "/p2")
        ],
    ),
    Case(
        "SELECT hits[1].page.pagepath AS landing, element_at(hits, -1).page.pagepath AS left_at, count(*) FROM ga_sessions GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 4",
        sorted((*key, n) for key, n in Counter((each["hits"][0]["page"]["pagePath"], each["hits"][-1]["page"]["pagePath"]) for each in VISITS).items())[:4],
    ),
    Case(
        """SELECT date_parse("date", '%Y%m%d') AS d, sum(totals.hits), transform(array_agg(visitid ORDER BY visitid), x -> x - 1000)[1] FROM ga_sessions GROUP BY 1 ORDER BY 1""",
        [(datetime(2026, 2, k + 1), sum(n % 4 + 1 for n in range(20) if n % 3 == k), k) for k in range(3)],  # noqa: DTZ001
    ),
    Case(
        """SELECT visitid, d.value FROM ga_sessions CROSS JOIN UNNEST(hits) AS h(hitnumber, type, page, dims) CROSS JOIN UNNEST(dims) AS c(d) WHERE d.index = 1 AND hitnumber = 4 ORDER BY 1 LIMIT 2""",
        [(1003, "d3"), (1007, "d3")],
    ),
    Case(
        "SELECT deviceid, avg(metrics['temp']), count(element_at(metrics, 'hum')), max(cardinality(map_keys(metrics))) FROM iot_events WHERE site = 'berlin' GROUP BY deviceid ORDER BY 1",
        [(f"dev{k}", sum(20.0 + n for n in range(24) if n % 3 == k) / 8, 4, 2) for k in range(3)],
    ),
    Case(
        "SELECT k, round(avg(v), 2), count(*) FROM iot_events CROSS JOIN UNNEST(metrics) AS m(k, v) WHERE site = 'berlin' AND day = 2 GROUP BY k ORDER BY k",
        [
            (k, round(sum(values) / len(values), 2), len(values))
            for k in ("hum", "temp")
            for values in [[each["metrics"][k] for each in REPORTS if each["day"] == 2 and k in each["metrics"]]]
        ],
    ),
    Case(
        "SELECT day, count(*) FROM iot_events WHERE site IN ('berlin', 'nowhere') AND contains(tags, 'c') AND from_iso8601_timestamp(reported_at) > TIMESTAMP '2026-02-01 00:00:00 UTC' GROUP BY day",
        [(3, 8)],
    ),
    Case(
        """SELECT deviceid, map_filter(map_agg(reported_at, metrics['temp']), (k, v) -> v > 42) FROM iot_events WHERE site = 'berlin' GROUP BY deviceid HAVING deviceid = 'dev2'""",
        [("dev2", [(each["reportedAt"], each["metrics"]["temp"]) for each in REPORTS if each["deviceId"] == "dev2" and each["metrics"]["temp"] > 42])],
    ),
    Case(
        """SELECT "$path" LIKE '%d03/part.json', count(*), round(max(location.lon), 2) FROM iot_events WHERE site = 'berlin' AND day >= 3 GROUP BY 1""",
        [(True, 8, 13.63)],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_clicks_and_devices_answer_as_counted_from_their_events(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
