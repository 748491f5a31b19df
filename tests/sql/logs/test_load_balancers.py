"""Queries of the access logs of load balancers: Application, Classic and Network.

docs.aws.amazon.com/athena/latest/ug/application-load-balancer-logs.html, …/elasticloadbalancer-classic-logs.html,
…/networkloadbalancer-classic-logs.html
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean
from typing import Any

import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_text, table

ALB = table("alb_access_logs")
ALB_OF_29_COLUMNS = table("alb_logs")
CLASSIC = table("elb_logs")
NLB = table("nlb_tls_logs")

START = datetime(2026, 2, 1, 22, 10, 0, 250000, tzinfo=UTC)
STATUSES = [200, 200, 301, 404, 200, 502, 200, 503]
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0)",
    "curl/8.5.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)",
    "ELB-HealthChecker/2.0",
]


def request(n: int) -> dict[str, Any]:
    status = STATUSES[n % 8]
    gone = status == 503
    return {
        "n": n,
        "at": START + timedelta(minutes=7 * n),
        "ip": f"198.51.100.{n % 6}",
        "port": 40000 + n,
        "target": "-" if gone else f"10.0.0.{n % 3}",
        "target_port": None if gone else 80,
        "took": -1.0 if gone else round(0.01 * (n * 37 % 50), 3),
        "status": status,
        "target_status": "-" if gone else str(status),
        "received": 100 + n,
        "sent": 1000 * (n % 5) + n,
        "verb": "POST" if n % 7 == 0 else "GET",
        "path": f"/api/v{n % 2 + 1}/items/{n % 4}",
        "query": f"?q=a%20b&page={n}" if n % 3 == 0 else "",
        "agent": AGENTS[n % 4],
        "tls": n % 4 != 3,
    }


REQUESTS = [request(n) for n in range(48)]


def time_of(each: dict[str, Any]) -> str:
    return str(each["at"].isoformat(timespec="microseconds").replace("+00:00", "Z"))


def url_of(each: dict[str, Any]) -> str:
    return f"https://www.example.com:443{each['path']}{each['query']}"


def alb_line(each: dict[str, Any]) -> str:
    target = "-" if each["target_port"] is None else f"{each['target']}:{each['target_port']}"
    before, after = ("-1", "-1") if each["target_port"] is None else ("0.000", "0.001")
    tls = "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2" if each["tls"] else "- -"
    ending = f" TID_{each['n']:04}" if each["n"] % 2 else ""
    return (
        f"{'h2' if each['tls'] else 'http'} {time_of(each)} app/lb/50dc6c495c0c9188 {each['ip']}:{each['port']} {target} "
        f"{before} {each['took'] if each['took'] >= 0 else -1} {after} {each['status']} {each['target_status']} {each['received']} {each['sent']} "
        f'"{each["verb"]} {url_of(each)} HTTP/2.0" "{each["agent"]}" {tls} '
        f'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/73e2 "Root=1-58337262-{each["n"]}" '
        f'"www.example.com" "arn:aws:acm:x" 0 {time_of(each)} "forward" "-" "-" "{target}" "{each["target_status"]}" "-" "-"{ending}'
    )


def classic_line(each: dict[str, Any]) -> str:
    backend = "-" if each["target_port"] is None else f"{each['target']}:{each['target_port']}"
    return (
        f"{time_of(each)} my-lb {each['ip']}:{each['port']} {backend} 0.000073 {each['took']} 0.000057 {each['status']} "
        f'{each["target_status"]} {each["received"]} {each["sent"]} "{each["verb"]} {url_of(each)} HTTP/1.1" "{each["agent"]}" - -'
    )


def nlb_line(each: dict[str, Any]) -> str:
    return (
        f"tls 2.0 {each['at'].strftime('%Y-%m-%dT%H:%M:%S')} net/nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd {each['ip']}:{each['port']} "
        f"10.0.0.9:443 {each['n'] % 10} {each['n'] % 4} {each['received']} {each['sent']} - arn:aws:acm:cert - "
        f'ECDHE-RSA-AES128-SHA tlsv12 - www.example.com h2 http/1.1 "h2","http/1.1" {each["at"].strftime("%Y-%m-%dT%H:%M:%S")}'
    )


def fill(db: lake.Lake) -> None:
    for day in sorted({each["at"].date() for each in REQUESTS}):
        lines = [alb_line(each) for each in REQUESTS if each["at"].date() == day]
        folder = f"alb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/{day:%Y/%m/%d}"
        put_text(db, f"{folder}/123456789012_elasticloadbalancing_us-east-1_app.lb.50dc_x.log.gz", lines)
    put_text(
        db, "elb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/02/01/x.log", map(classic_line, REQUESTS)
    )
    put_text(db, "nlb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/02/01/x.log.gz", map(nlb_line, REQUESTS))
    for statement in (ALB, ALB_OF_29_COLUMNS, CLASSIC, NLB):
        db.query(statement)


def grouped(
    key: Callable[[dict[str, Any]], Any], rows: Iterable[dict[str, Any]] = REQUESTS
) -> dict[Any, list[dict[str, Any]]]:
    found = defaultdict(list)
    for each in rows:
        found[key(each)].append(each)
    return dict(sorted(found.items()))


def hour_of(each: dict[str, Any]) -> datetime:
    return each["at"].replace(minute=0, second=0, microsecond=0)  # type: ignore[no-any-return]


def day_of(each: dict[str, Any]) -> str:
    return f"{each['at']:%Y/%m/%d}"


def percent(part: int, of: int) -> Decimal:
    """100.0 has one digit behind the point, and so has what it is divided into."""
    return (Decimal(100 * part) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)


ANSWERED = [each for each in REQUESTS if each["took"] >= 0]

CASES = [
    Case("SELECT count(*), count(type), count(conn_trace_id) FROM alb_access_logs", [(48, 48, 48)]),
    Case(
        "SELECT conn_trace_id, classification_reason, target_port FROM alb_access_logs WHERE client_port IN (40000, 40007) ORDER BY client_port",
        [("", "-", 80), ("TID_0007", "-", None)],
    ),
    Case(
        """SELECT COUNT(request_verb) AS count, request_verb, client_ip FROM alb_access_logs
           GROUP BY request_verb, client_ip ORDER BY count DESC, request_verb, client_ip LIMIT 100""",
        sorted(
            ((count, *key) for key, count in Counter((each["verb"], each["ip"]) for each in REQUESTS).items()),
            key=lambda row: (-row[0], row[1:]),
        ),
    ),
    Case(
        "SELECT request_url FROM alb_access_logs WHERE user_agent LIKE '%iPhone%' AND day = '2026/02/02' ORDER BY 1 LIMIT 4",
        [(url,) for url in sorted(url_of(each) for each in REQUESTS if "iPhone" in each["agent"] and day_of(each) == "2026/02/02")[:4]],
    ),
    Case(
        """SELECT client_ip, elb, request_url FROM alb_access_logs WHERE elb_status_code >= 500
           AND parse_datetime(time, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS''Z')
               BETWEEN parse_datetime('2026-02-01-22:30:00', 'yyyy-MM-dd-HH:mm:ss') AND parse_datetime('2026-02-02-01:00:00', 'yyyy-MM-dd-HH:mm:ss')
           ORDER BY time""",
        [
            (each["ip"], "app/lb/50dc6c495c0c9188", url_of(each))
            for each in REQUESTS
            if each["status"] >= 500 and datetime(2026, 2, 1, 22, 30, tzinfo=UTC) <= each["at"] <= datetime(2026, 2, 2, 1, tzinfo=UTC)
        ],
    ),
    Case(
        """SELECT date_trunc('hour', from_iso8601_timestamp(time)) AS hour, count(*) AS requests,
                  round(100.0 * count_if(elb_status_code >= 500) / count(*), 2) AS error_rate
           FROM alb_access_logs WHERE day >= '2026/02/01' GROUP BY 1 ORDER BY 1""",
        [
            (hour, len(rows), percent(sum(each["status"] >= 500 for each in rows), len(rows)))
            for hour, rows in grouped(hour_of).items()
        ],
    ),
    Case(
        """SELECT target_ip, avg(target_processing_time), max_by(request_url, target_processing_time * 1000 + client_port / 1e6)
           FROM alb_access_logs WHERE target_processing_time >= 0 GROUP BY 1 ORDER BY 1""",
        [
            (
                target,
                pytest.approx(mean(each["took"] for each in rows)),
                url_of(max(rows, key=lambda each: each["took"] * 1000 + each["port"] / 1e6)),
            )
            for target, rows in grouped(lambda each: each["target"], ANSWERED).items()
        ],
    ),
    Case(
        "SELECT approx_percentile(target_processing_time, 0.5) BETWEEN 0.2 AND 0.3, approx_percentile(target_processing_time, ARRAY[0.0, 1.0]) FROM alb_access_logs WHERE target_status_code <> '-'",
        [(True, [min(each["took"] for each in ANSWERED), max(each["took"] for each in ANSWERED)])],
    ),
    Case(
        """SELECT url_extract_path(request_url) AS path, url_extract_parameter(request_url, 'q') AS q, count(*) AS n
           FROM alb_access_logs WHERE url_extract_query(request_url) <> '' GROUP BY 1, 2 ORDER BY 1""",
        [(path, "a b", len(rows)) for path, rows in grouped(lambda each: each["path"], [each for each in REQUESTS if each["query"]]).items()],
    ),
    Case(
        """SELECT regexp_extract(request_url, '^https?://[^/]+(/[^?]*)', 1) AS path, url_extract_host(request_url), url_extract_port(request_url), sum(sent_bytes)
           FROM alb_access_logs GROUP BY 1, 2, 3 ORDER BY 1""",
        [(path, "www.example.com", 443, sum(each["sent"] for each in rows)) for path, rows in grouped(lambda each: each["path"]).items()],
    ),
    Case(
        """SELECT CASE WHEN elb_status_code / 100 = 2 THEN 'fine' WHEN elb_status_code BETWEEN 300 AND 399 THEN 'moved' ELSE 'failed' END AS kind,
                  count(*) FROM alb_access_logs GROUP BY 1 ORDER BY 1""",
        sorted(Counter({2: "fine", 3: "moved"}.get(each["status"] // 100, "failed") for each in REQUESTS).items()),
    ),
    Case(
        "SELECT elb_status_code, day, count(*) FROM alb_access_logs GROUP BY ROLLUP (elb_status_code, day) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST",
        sorted(
            [
                *((status, day, n) for (status, day), n in Counter((each["status"], day_of(each)) for each in REQUESTS).items()),
                *((status, None, n) for status, n in Counter(each["status"] for each in REQUESTS).items()),
                (None, None, 48),
            ],
            key=lambda row: (row[0] or 0, row[1] or ""),
        ),
    ),
    Case(
        """WITH per_hour AS (
             SELECT date_trunc('hour', from_iso8601_timestamp(time)) AS hour, count(*) AS n FROM alb_access_logs WHERE elb_status_code = 503 GROUP BY 1
           ), hours AS (
             SELECT h FROM UNNEST(sequence(TIMESTAMP '2026-02-01 22:00:00', TIMESTAMP '2026-02-02 03:00:00', INTERVAL '1' HOUR)) AS t(h)
           )
           SELECT h, coalesce(n, 0) FROM hours LEFT JOIN per_hour ON h = CAST(hour AS timestamp) ORDER BY h""",
        [
            (hour.replace(tzinfo=None), sum(each["status"] == 503 and hour_of(each) == hour for each in REQUESTS))
            for hour in (datetime(2026, 2, 1, 22, tzinfo=UTC) + timedelta(hours=n) for n in range(6))
        ],
    ),
    Case(
        """SELECT client_ip, request_url, rank FROM (
             SELECT client_ip, request_url, row_number() OVER (PARTITION BY client_ip ORDER BY sent_bytes DESC, client_port) AS rank FROM alb_access_logs
           ) WHERE rank = 1 ORDER BY client_ip""",
        [(ip, url_of(min(rows, key=lambda each: (-each["sent"], each["port"]))), 1) for ip, rows in grouped(lambda each: each["ip"]).items()],
    ),
    Case(
        "SELECT split_part(user_agent, '/', 1) AS agent, count(DISTINCT client_ip) FROM alb_access_logs GROUP BY 1 ORDER BY 1",
        [(agent, len({each["ip"] for each in rows})) for agent, rows in grouped(lambda each: each["agent"].split("/")[0]).items()],
    ),
    Case(
        "SELECT ssl_protocol, type, count(*) FROM alb_logs GROUP BY ssl_protocol, type ORDER BY 1",
        [("-", "http", 12), ("TLSv1.2", "h2", 36)],
    ),
    Case(
        """SELECT date_format(from_iso8601_timestamp(time), '%Y-%m-%d %H:00') AS h, LISTAGG(DISTINCT elb_status_code, '|') WITHIN GROUP (ORDER BY elb_status_code)
           FROM alb_logs WHERE received_bytes < 120 GROUP BY 1 ORDER BY 1""",
        [
            (f"{hour:%Y-%m-%d %H:00}", "|".join(sorted({str(each["status"]) for each in rows})))
            for hour, rows in grouped(hour_of, [each for each in REQUESTS if each["received"] < 120]).items()
        ],
    ),
    Case(
        """SELECT timestamp, elb_name, backend_ip, backend_response_code FROM elb_logs
           WHERE backend_response_code LIKE '4%' OR backend_response_code LIKE '5%' ORDER BY timestamp LIMIT 3""",
        [(time_of(each), "my-lb", each["target"], each["target_status"]) for each in REQUESTS if each["target_status"][0] in "45"][:3],
    ),
    Case(
        """SELECT sum(backend_processing_time) AS total_ms, elb_name, backend_ip FROM elb_logs WHERE backend_ip <> ''
           GROUP BY backend_ip, elb_name ORDER BY 3""",
        [
            (pytest.approx(sum(each["took"] for each in rows)), "my-lb", target)
            for target, rows in grouped(lambda each: each["target"], ANSWERED).items()
        ],
    ),
    Case(
        "SELECT count(*), count(backend_port), min(user_agent) FROM elb_logs WHERE request_verb = 'POST'",
        [
            (
                sum(each["verb"] == "POST" for each in REQUESTS),
                sum(each["verb"] == "POST" and each["target_port"] is not None for each in REQUESTS),
                min(f'"{each["agent"]}"' for each in REQUESTS if each["verb"] == "POST"),
            )
        ],
    ),
    Case(
        """SELECT count(*) AS ct, cert_arn FROM nlb_tls_logs GROUP BY cert_arn""",
        [(48, "arn:aws:acm:cert")],
    ),
    Case(
        """SELECT date_parse(time, '%Y-%m-%dT%H:%i:%s') AS at, tcp_connection_time_ms, incoming_tls_alert, tls_connection_creation_time = time
           FROM nlb_tls_logs WHERE client_port = 40013""",
        [(REQUESTS[13]["at"].replace(microsecond=0, tzinfo=None), 3.0, None, True)],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_load_balancers_answer_as_counted_from_their_requests(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
