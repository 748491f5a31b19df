"""Queries of VPC flow logs, in text and in Parquet, and of Route 53 Resolver's query logs.

docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs.html, …/querying-r53-resolver-logs.html
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_json, put_parquet, put_text, table

TEXT = table("vpc_flow_logs")
PROJECTED = table("test_table_vpclogs")
PARQUET = table("vpc_flow_logs_parquet")
RESOLVER = table("r53_rlogs")

START = datetime(2026, 2, 1, 20, tzinfo=UTC)


def flow(n: int) -> dict[str, Any]:
    at = int((START + timedelta(minutes=13 * n)).timestamp())
    lost = n % 16 == 15
    return {
        "version": 2,
        "account_id": "123456789012",
        "interface_id": f"eni-{n % 3}",
        "srcaddr": None if lost else f"10.{n % 2}.0.{n % 5}" if n % 4 else f"203.0.113.{n % 7}",
        "dstaddr": None if lost else f"172.31.16.{n % 6}",
        "srcport": None if lost else 49152 + n,
        "dstport": None if lost else [443, 22, 3389, 53, 443][n % 5],
        "protocol": None if lost else 17 if n % 5 == 3 else 6,
        "packets": None if lost else n + 1,
        "bytes": None if lost else 60 * (n + 1) * (n % 3 + 1),
        "start": at,
        "end": at + 59,
        "action": None if lost else "REJECT" if n % 5 in (1, 2) else "ACCEPT",
        "log_status": "NODATA" if lost else "OK",
        "vpc_id": "vpc-1",
        "tcp_flags": None if lost else n % 4,
        "type": "IPv4",
        "pkt_srcaddr": None,
        "pkt_dstaddr": None,
    }


FLOWS = [flow(n) for n in range(48)]
SEEN = [each for each in FLOWS if each["log_status"] == "OK"]
REJECTED = [each for each in SEEN if each["action"] == "REJECT"]
NAMES = list(FLOWS[0])
SCHEMA = pa.schema(
    [
        (name, pa.int64() if name in ("protocol", "packets", "bytes", "start", "end") else pa.int32() if isinstance(FLOWS[0][name], int) else pa.string())
        for name in NAMES
    ]
)  # fmt: skip


def day_of(each: dict[str, Any]) -> date:
    return datetime.fromtimestamp(each["start"], UTC).date()


def lookup(n: int) -> dict[str, Any]:
    name = ["example.com.", "api.example.com.", "bad.test.", "db.internal."][n % 4]
    blocked = name == "bad.test."
    return {
        "version": "1.100000",
        "account_id": "123456789012",
        "region": "us-east-1",
        "vpc_id": "vpc-1",
        "query_timestamp": f"2026-02-01T{n % 24:02}:17:05Z",
        "query_name": name,
        "query_type": "AAAA" if n % 5 == 0 else "A",
        "query_class": "IN",
        "rcode": "NXDOMAIN" if n % 7 == 0 else "NOERROR",
        "answers": [] if n % 7 == 0 else [{"Rdata": f"203.0.113.{k}", "Type": "A", "Class": "IN"} for k in range(n % 3 + 1)],
        "srcaddr": f"172.31.0.{n % 3}",
        "srcport": str(50000 + n),
        "transport": "UDP",
        "srcids": {"instance": f"i-{n % 3}", **({"resolver_endpoint": "rslvr-1"} if n % 2 else {})},
        **({"firewall_rule_action": "BLOCK", "firewall_rule_group_id": "rslvr-frg-1", "firewall_domain_list_id": "l1"} if blocked else {}),
    }  # fmt: skip


LOOKUPS = [lookup(n) for n in range(30)]


def fill(db: lake.Lake) -> None:
    for statement in (TEXT, PROJECTED, PARQUET, RESOLVER):
        db.query(statement)
    header = " ".join(name.replace("_", "-") for name in NAMES)
    for day in sorted(set(map(day_of, FLOWS))):
        lines = [
            " ".join("-" if each[name] is None else str(each[name]) for name in NAMES)
            for each in FLOWS
            if day_of(each) == day
        ]
        folder = f"vpc/AWSLogs/123456789012/vpcflowlogs/us-east-1/{day:%Y/%m/%d}"
        for place, part in enumerate((lines[::2], lines[1::2])):
            put_text(db, f"{folder}/123456789012_vpcflowlogs_us-east-1_fl-{place}.log.gz", [header, *part])
        db.query(
            f"ALTER TABLE vpc_flow_logs ADD PARTITION (`date`='{day}') LOCATION 's3://amzn-s3-demo-bucket/{folder}'"
        )
    for hour in range(24):
        own = [each for each in FLOWS if datetime.fromtimestamp(each["start"], UTC).hour == hour]
        if own:
            place = f"aws-region=us-east-1/year=2026/month=02/day={day_of(own[0]):%d}/hour={hour:02}"
            put_parquet(
                db,
                f"vpc-parquet/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/{place}/a.log.parquet",
                own,
                SCHEMA,
            )
    db.query("MSCK REPAIR TABLE vpc_flow_logs_parquet")
    put_json(db, "r53/AWSLogs/123456789012/vpcdnsquerylogs/vpc-1/2026/02/01/vpc-1_vpcdnsquerylogs.log.gz", LOOKUPS)


def summed(key: str, value: str, rows: list[dict[str, Any]]) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for each in rows:
        found[each[key]] += each[value]
    return found


TALKERS = summed("dstaddr", "packets", [each for each in SEEN if each["dstport"] == 443])

CASES = [
    Case("SELECT count(*), count(srcport), count(protocol) FROM vpc_flow_logs WHERE date >= DATE('2020-05-04') LIMIT 100", [(48, 45, 45)]),
    Case(
        """SELECT day_of_week(date) AS day, date, interface_id, srcaddr, action, protocol FROM vpc_flow_logs
           WHERE action = 'REJECT' AND protocol = 6 ORDER BY start LIMIT 3""",
        [(day_of(each).isoweekday(), day_of(each), each["interface_id"], each["srcaddr"], "REJECT", 6) for each in REJECTED][:3],
    ),
    Case(
        """SELECT SUM(packets) AS packetcount, dstaddr FROM vpc_flow_logs WHERE dstport = 443 AND date > current_date - interval '7' day
           GROUP BY dstaddr ORDER BY packetcount DESC, dstaddr LIMIT 10""",
        sorted(((n, address) for address, n in TALKERS.items()), key=lambda row: (-row[0], row[1])),
    ),
    Case(
        "SELECT count(*) FROM vpc_flow_logs WHERE date = date_add('day', -1, current_date)",
        [(sum(day_of(each) == date(2026, 2, 2) for each in FLOWS),)],
    ),
    Case(
        "SELECT srcaddr, sum(bytes) AS b FROM test_table_vpclogs WHERE day >= '2026/02/02' AND region = 'us-east-1' AND action = 'ACCEPT' GROUP BY srcaddr ORDER BY 2 DESC, 1 LIMIT 5",
        sorted(
            summed("srcaddr", "bytes", [each for each in SEEN if each["action"] == "ACCEPT" and day_of(each) == date(2026, 2, 2)]).items(),
            key=lambda row: (-row[1], row[0]),
        )[:5],
    ),
    Case("SELECT DISTINCT accid, region, day FROM test_table_vpclogs ORDER BY day", [("123456789012", "us-east-1", "2026/02/01"), ("123456789012", "us-east-1", "2026/02/02")]),
    Case("SELECT count(*) FROM test_table_vpclogs WHERE region IN ('us-west-2', 'eu-west-1')", [(0,)]),
    Case(
        """SELECT from_unixtime(start) AS at, "end" - start, to_unixtime(from_unixtime("end")) FROM vpc_flow_logs ORDER BY start LIMIT 2""",
        [(datetime.fromtimestamp(each["start"], UTC), 59, float(each["end"])) for each in FLOWS[:2]],
    ),
    Case(
        """SELECT contains('10.0.0.0/8', CAST(srcaddr AS ipaddress)) AS inside, count(*) FROM vpc_flow_logs WHERE log_status = 'OK' GROUP BY 1 ORDER BY 1""",
        sorted(Counter(each["srcaddr"].startswith("10.") for each in SEEN).items()),
    ),
    Case(
        """SELECT CASE protocol WHEN 6 THEN 'TCP' WHEN 17 THEN 'UDP' ELSE CAST(protocol AS varchar) END AS name, sum(bytes) / 1024.0
           FROM vpc_flow_logs WHERE protocol IS NOT NULL GROUP BY 1 ORDER BY 1""",
        [(name, (Decimal(sum(each["bytes"] for each in SEEN if each["protocol"] == number)) / 1024).quantize(Decimal("0.1"), ROUND_HALF_UP)) for name, number in (("TCP", 6), ("UDP", 17))],
    ),
    Case(
        """SELECT srcaddr, array_sort(array_agg(DISTINCT dstport)) AS ports, cardinality(array_distinct(array_agg(dstport))) AS n
           FROM vpc_flow_logs WHERE action = 'REJECT' GROUP BY srcaddr HAVING count(DISTINCT dstport) > 1 ORDER BY 1""",
        [
            (address, sorted(ports), len(ports))
            for address in sorted({each["srcaddr"] for each in REJECTED})
            if len(ports := {each["dstport"] for each in REJECTED if each["srcaddr"] == address}) > 1
        ],
    ),
    Case(
        """SELECT interface_id, srcaddr, b FROM (
             SELECT interface_id, srcaddr, sum(bytes) AS b, rank() OVER (PARTITION BY interface_id ORDER BY sum(bytes) DESC) AS r
             FROM vpc_flow_logs WHERE srcaddr <> '-' GROUP BY interface_id, srcaddr) WHERE r = 1 ORDER BY 1""",
        [
            (interface, *max(summed("srcaddr", "bytes", [each for each in SEEN if each["interface_id"] == interface]).items(), key=lambda row: row[1]))
            for interface in ("eni-0", "eni-1", "eni-2")
        ],
    ),
    Case(
        """SELECT bitwise_and(tcp_flags, 2) <> 0 AS syn, count(*) FROM vpc_flow_logs_parquet WHERE tcp_flags IS NOT NULL GROUP BY 1 ORDER BY 1""",
        sorted(Counter(bool(each["tcp_flags"] & 2) for each in SEEN).items()),
    ),
    Case(
        """SELECT "aws-region", hour, count(*) FROM vpc_flow_logs_parquet WHERE year || '-' || month || '-' || day = '2026-02-02' AND cast(hour AS integer) < 3
           GROUP BY 1, 2 ORDER BY hour""",
        [
            ("us-east-1", f"{hour:02}", sum(datetime.fromtimestamp(each["start"], UTC).strftime("%d%H") == f"02{hour:02}" for each in FLOWS))
            for hour in range(3)
        ],
    ),
    Case(
        """SELECT date_trunc('hour', from_unixtime(start)) AT TIME ZONE 'America/New_York' AS h, sum(bytes) FROM vpc_flow_logs_parquet
           GROUP BY 1 ORDER BY 1 LIMIT 1""",
        [(datetime(2026, 2, 1, 20, tzinfo=UTC), sum(each["bytes"] for each in SEEN if each["start"] < START.timestamp() + 3600))],
    ),
    Case(
        """SELECT date_format(at_timezone(from_unixtime(start), 'Asia/Tokyo'), '%Y-%m-%d %H') AS h, count(*) FROM vpc_flow_logs_parquet
           WHERE "aws-service" = 'vpcflowlogs' GROUP BY 1 ORDER BY 1 LIMIT 2""",
        sorted(Counter((datetime.fromtimestamp(each["start"], UTC) + timedelta(hours=9)).strftime("%Y-%m-%d %H") for each in FLOWS).items())[:2],
    ),
    Case(
        """SELECT a.srcaddr, count(*) FROM vpc_flow_logs a JOIN vpc_flow_logs_parquet b ON a.srcaddr = b.srcaddr AND a.srcport = b.srcport
           WHERE a.action = 'REJECT' AND a.dstport IN (22, 3389) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3""",
        sorted(Counter(each["srcaddr"] for each in REJECTED).items(), key=lambda row: (-row[1], row[0]))[:3],
    ),
    Case(
        "SELECT query_timestamp, query_name, srcids.instance, answers[1].rdata FROM r53_rlogs WHERE srcaddr = '172.31.0.1' AND cardinality(answers) > 0 ORDER BY srcport LIMIT 2",
        [(each["query_timestamp"], each["query_name"], "i-1", "203.0.113.0") for each in LOOKUPS if each["srcaddr"].endswith(".1") and each["answers"]][:2],
    ),
    Case(
        """SELECT query_timestamp, srcids.instance, srcaddr, query_name, rcode FROM r53_rlogs
           WHERE query_name = 'bad.test.' AND parse_datetime(query_timestamp, 'yyyy-MM-dd''T''HH:mm:ss''Z')
           BETWEEN parse_datetime('2026-02-01-01:00:00', 'yyyy-MM-dd-HH:mm:ss') AND parse_datetime('2026-02-01-12:00:00', 'yyyy-MM-dd-HH:mm:ss')
           ORDER BY query_timestamp DESC, srcport""",
        sorted(
            (
                (each["query_timestamp"], each["srcids"]["instance"], each["srcaddr"], each["query_name"], each["rcode"])
                for each in LOOKUPS
                if each["query_name"] == "bad.test." and "2026-02-01T01" <= each["query_timestamp"] <= "2026-02-01T12:00"
            ),
            reverse=True,
        ),
    ),
    Case(
        """SELECT query_name, answer.type, count(*) FROM r53_rlogs CROSS JOIN UNNEST(r53_rlogs.answers) as st(answer)
           WHERE answer.rdata='203.0.113.2' GROUP BY 1, 2 ORDER BY 1""",
        [(name, "A", n) for name, n in sorted(Counter(each["query_name"] for each in LOOKUPS if len(each["answers"]) == 3).items())],
    ),
    Case(
        """SELECT count(*) AS n, coalesce(firewall_rule_action, 'none'), srcids.resolver_endpoint FROM r53_rlogs
           GROUP BY firewall_rule_action, srcids.resolver_endpoint ORDER BY 2, 3 NULLS LAST""",
        sorted(
            ((n, *key) for key, n in Counter((each.get("firewall_rule_action", "none"), each["srcids"].get("resolver_endpoint")) for each in LOOKUPS).items()),
            key=lambda row: (row[1], row[2] is None),
        ),
    ),
    Case(
        "SELECT rcode, map_agg(query_name, n)['example.com.'] FROM (SELECT rcode, query_name, count(*) AS n FROM r53_rlogs GROUP BY 1, 2) GROUP BY rcode ORDER BY rcode",
        sorted(Counter(each["rcode"] for each in LOOKUPS if each["query_name"] == "example.com.").items()),
    ),
    Case(
        """SELECT reverse(split(reverse(rtrim(query_name, '.')), '.')[1]) AS tld, histogram(query_type) FROM r53_rlogs GROUP BY 1 ORDER BY 1""",
        [
            (tld, [(type_, n) for type_, n in sorted(Counter(each["query_type"] for each in LOOKUPS if each["query_name"].endswith(f"{tld}.")).items())])
            for tld in ("com", "internal", "test")
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_the_network_answer_as_counted_from_its_flows(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
