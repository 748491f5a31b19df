"""Queries of S3's server access logs and CloudFront's standard logs.

docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html,
docs.aws.amazon.com/athena/latest/ug/cloudfront-logs.html
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_json, put_text, table

S3 = table("mybucket_logs")
CLOUDFRONT = table("cloudfront_standard_logs")
SAMPLE = table("cloudfront_logs")
JSON = table("cf_logs_manual_partition_json")

OPERATIONS = ["REST.GET.OBJECT", "REST.PUT.OBJECT", "REST.DELETE.OBJECT", "REST.GET.OBJECT", "BATCH.DELETE.OBJECT"]
START = datetime(2026, 2, 1, 18)  # noqa: DTZ001


def access(n: int) -> dict[str, Any]:
    operation = OPERATIONS[n % 5]
    status = "403" if n % 9 == 0 else "204" if "DELETE" in operation else "200"
    return {
        "n": n,
        "at": START + timedelta(minutes=11 * n),
        "ip": f"192.0.2.{n % 4}",
        "requester": "-" if n % 3 == 0 else f"arn:aws:iam::123456789012:user/u{n % 3}",
        "operation": operation,
        "key": f"data/{n % 3}/part%2B{n}.csv",
        "status": status,
        "sent": None if operation != "REST.GET.OBJECT" or status == "403" else 500 * n,
        "tls": "TLSv1.2" if n % 2 else "TLSv1.3",
    }


ACCESSES = [access(n) for n in range(40)]


def s3_line(each: dict[str, Any]) -> str:
    verb = each["operation"].split(".")[1]
    start = (
        f"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-bucket [{each['at']:%d/%b/%Y:%H:%M:%S} +0000] "
        f"{each['ip']} {each['requester']} R{each['n']:015} {each['operation']} {each['key']} "
        f'"{verb} /{each["key"]}?x-id=a HTTP/1.1" {each["status"]} {"AccessDenied" if each["status"] == "403" else "-"} '
        f'{each["sent"] or "-"} {each["sent"] or "-"} {each["n"]} - "-" "aws-sdk-java/2.{each["n"] % 3} Linux" -'
    )
    return (
        start
        if each["n"] == 39
        else f"{start} hostid= SigV4 ECDHE-RSA AuthHeader amzn-bucket.s3.amazonaws.com {each['tls']} - -"
    )


def view(n: int) -> dict[str, Any]:
    return {
        "at": datetime(2026, 2, 1 + n // 20, n % 20, n),  # noqa: DTZ001
        "edge": ["FRA2", "IAD89-C1", "LHR3"][n % 3],
        "bytes": 1000 + 10 * n,
        "ip": f"203.0.113.{n % 5}",
        "method": "GET" if n % 6 else "HEAD",
        "uri": f"/img/{n % 4}.png",
        "status": [200, 304, 404, 200][n % 4],
        "agent": f"Mozilla/5.0%20({'Windows;%20U' if n % 2 else 'Linux;%20x'})%20AppleWebKit%20Firefox/{100 + n % 2}",
        "result": ["Hit", "Miss", "Error", "RefreshHit"][n % 4],
        "taken": n / 8,
    }


VIEWS = [view(n) for n in range(30)]


def cloudfront_line(each: dict[str, Any]) -> str:
    return "\t".join(
        [f"{each['at']:%Y-%m-%d}", f"{each['at']:%H:%M:%S}", each["edge"], str(each["bytes"]), each["ip"], each["method"]]
        + ["d111111abcdef8.cloudfront.net", each["uri"], str(each["status"]), "-", each["agent"], "a=1&b=2", "-"]
        + [each["result"], "id==", "www.example.com", "https", "23", str(each["taken"]), "-", "TLSv1.3", "TLS_AES"]
        + [each["result"], "HTTP/2.0", "-", "-", "11040", "0.5", each["result"], "image/png", "78", "-", "-"]
    )  # fmt: skip


def sample_line(each: dict[str, Any]) -> str:
    start = [
        f"{each['at']:%Y-%m-%d}",
        f"{each['at']:%H:%M:%S}",
        each["edge"],
        str(each["bytes"]),
        each["ip"],
        each["method"],
    ]
    return "\t".join([*start, "eabcd12345678.cloudfront.net", each["uri"], str(each["status"]), "-", each["agent"]])


def fill(db: lake.Lake) -> None:
    for day in sorted({each["at"].date() for each in ACCESSES}):
        put_text(
            db,
            f"s3-logs/{day:%Y/%m/%d}/{day}-00-00-00-ABC",
            [s3_line(each) for each in ACCESSES if each["at"].date() == day],
        )
    for day in sorted({each["at"].date() for each in VIEWS}):
        own = [each for each in VIEWS if each["at"].date() == day]
        put_text(
            db,
            f"cloudfront/E2K.{day}-00.abc.gz",
            ["#Version: 1.0", "#Fields: date time x-edge-location", *map(cloudfront_line, own)],
        )
        put_text(
            db,
            f"cloudfront-sample/plaintext/log{day.day}",
            ["#Version: 1.0", "#Fields: date time", *map(sample_line, own)],
        )
    put_json(
        db,
        "cloudfront-json/year=2026/month=02/day=01/hour=00/E2K.gz",
        [
            {"date": "2026-02-01", "time": "00:00:01", "x-edge-location": each["edge"], "sc-bytes": str(each["bytes"]), "c-ip": each["ip"],
             "cs-method": each["method"], "cs(Host)": "d1.cloudfront.net", "cs-uri-stem": each["uri"], "sc-status": str(each["status"]),
             "cs(User-Agent)": each["agent"]}
            for each in VIEWS
        ],
    )  # fmt: skip
    db.query("CREATE DATABASE s3_access_logs_db")
    for statement in (S3, CLOUDFRONT, SAMPLE, JSON, "MSCK REPAIR TABLE cf_logs_manual_partition_json"):
        db.query(statement)


LOGS = "s3_access_logs_db.mybucket_logs"
DELETES = [each for each in ACCESSES if "DELETE" in each["operation"]]


def stamp(each: dict[str, Any]) -> str:
    return f"{each['at']:%d/%b/%Y:%H:%M:%S} +0000"


CASES = [
    Case(f"SELECT count(*), count(bucket_name), count(tlsversion), count(bytessent) FROM {LOGS}", [(40, 40, 39, sum(bool(each["sent"]) for each in ACCESSES))]),
    Case(
        f"SELECT RequestDateTime, RemoteIP, Requester, Key FROM {LOGS} WHERE key = 'data/1/part%2B7.csv' AND operation LIKE '%DELETE%'",
        [(stamp(each), each["ip"], each["requester"], each["key"]) for each in DELETES if each["n"] == 7],
    ),
    Case(
        f"""SELECT DISTINCT requestid FROM {LOGS} WHERE Operation LIKE '%DELETE%'
            AND parse_datetime(RequestDateTime,'dd/MMM/yyyy:HH:mm:ss Z')
            BETWEEN parse_datetime('2026-02-01:19:00:00','yyyy-MM-dd:HH:mm:ss') AND parse_datetime('2026-02-01:21:00:00','yyyy-MM-dd:HH:mm:ss') ORDER BY 1""",
        [(f"R{each['n']:015}",) for each in DELETES if datetime(2026, 2, 1, 19) <= each["at"] <= datetime(2026, 2, 1, 21)],  # noqa: DTZ001
    ),
    Case(
        f"""SELECT SUM(bytessent) AS uploadTotal, COUNT(objectsize), remoteip FROM {LOGS} WHERE remoteip <> '-' GROUP BY remoteip ORDER BY remoteip""",
        [
            (sum(each["sent"] or 0 for each in ACCESSES if each["ip"] == ip), sum(bool(each["sent"]) for each in ACCESSES if each["ip"] == ip), ip)
            for ip in sorted({each["ip"] for each in ACCESSES})
        ],
    ),
    Case(
        f"""SELECT requester, split_part(operation, '.', 2) AS verb, count(*) AS cnt FROM {LOGS} WHERE "timestamp" >= '2026/02/02'
            GROUP BY 1, 2 ORDER BY cnt DESC, requester, verb""",
        sorted(
            ((*key, n) for key, n in Counter((each["requester"], each["operation"].split(".")[1]) for each in ACCESSES if each["at"] >= datetime(2026, 2, 2)).items()),  # noqa: DTZ001
            key=lambda row: (-row[2], row[:2]),
        ),
    ),
    Case(
        f"SELECT tlsversion, count(*) FROM {LOGS} GROUP BY tlsversion ORDER BY tlsversion NULLS LAST",
        [("TLSv1.2", 19), ("TLSv1.3", 20), (None, 1)],
    ),
    Case(
        f"SELECT requestdatetime, key, httpstatus, errorcode FROM {LOGS} WHERE httpstatus = '403' ORDER BY requestid",
        [(stamp(each), each["key"], "403", "AccessDenied") for each in ACCESSES if each["status"] == "403"],
    ),
    Case(
        f"""SELECT url_decode(key) AS k, regexp_extract(request_uri, '"(\\S+) ', 1) AS verb, try_cast(totaltime AS integer), try_cast(turnaroundtime AS integer)
            FROM {LOGS} WHERE requestid LIKE '%2' AND httpstatus = '200' ORDER BY requestid LIMIT 2""",
        [("data/2/part+2.csv" if each["n"] == 2 else each["key"].replace("%2B", "+"), "GET" if "GET" in each["operation"] else "PUT", each["n"], None)
         for each in ACCESSES if str(each["n"]).endswith("2") and each["status"] == "200"][:2],
    ),
    Case(
        f"""SELECT date_trunc('hour', date_parse(split(requestdatetime, ' ')[1], '%d/%b/%Y:%H:%i:%s')) AS h, count(*) AS n
            FROM {LOGS} GROUP BY 1 HAVING count(*) > 5 ORDER BY 1""",
        [(hour, n) for hour, n in sorted(Counter(each["at"].replace(minute=0) for each in ACCESSES).items()) if n > 5],
    ),
    Case(
        'SELECT SUM(sc_bytes) AS total_bytes FROM cloudfront_standard_logs WHERE "date" BETWEEN DATE \'2026-02-02\' AND DATE \'2026-02-11\' LIMIT 100',
        [(sum(each["bytes"] for each in VIEWS[20:]),)],
    ),
    Case("SELECT count(*), count(\"date\"), min(date), max(c_port) FROM cloudfront_standard_logs", [(30, 30, date(2026, 2, 1), 11040)]),
    Case(
        """SELECT x_edge_location, round(100.0 * sum(CASE WHEN x_edge_result_type LIKE '%Hit' THEN 1 ELSE 0 END) / count(*)) AS hits
           FROM cloudfront_standard_logs GROUP BY x_edge_location ORDER BY 1""",
        [
            (edge, round(100 * sum(each["result"].endswith("Hit") for each in VIEWS if each["edge"] == edge) / 10))
            for edge in ("FRA2", "IAD89-C1", "LHR3")
        ],
    ),
    Case(
        "SELECT cs_uri_stem, approx_percentile(time_taken, 1.0), max(time_taken) FROM cloudfront_standard_logs GROUP BY 1 ORDER BY 1",
        [
            (uri, *[max(each["taken"] for each in VIEWS if each["uri"] == uri)] * 2)
            for uri in sorted({each["uri"] for each in VIEWS})
        ],
    ),
    Case(
        """SELECT c_ip, sc_status, count(*) AS n FROM cloudfront_standard_logs WHERE sc_status >= 400 AND cs_method = 'GET'
           GROUP BY GROUPING SETS ((c_ip, sc_status), ()) ORDER BY c_ip NULLS LAST""",
        [
            *((ip, 404, n) for ip, n in sorted(Counter(each["ip"] for each in VIEWS if each["status"] == 404 and each["method"] == "GET").items())),
            (None, None, sum(each["status"] == 404 and each["method"] == "GET" for each in VIEWS)),
        ],
    ),
    Case(
        """SELECT split_to_map(cs_uri_query, '&', '=')['b'], url_decode(cs_user_agent) LIKE '% %', date_parse(cast("date" AS varchar) || ' ' || time, '%Y-%m-%d %H:%i:%s')
           FROM cloudfront_standard_logs ORDER BY 3 DESC LIMIT 1""",
        [("2", True, max(each["at"] for each in VIEWS))],
    ),
    Case(
        "SELECT os, COUNT(*) count FROM cloudfront_logs WHERE date BETWEEN date '2014-07-05' AND date '2026-08-05' GROUP BY os ORDER BY os",
        [("Linux", 15), ("Windows", 15)],
    ),
    Case(
        "SELECT browser, browserversion, sum(bytes), count_if(status = 404) FROM cloudfront_logs WHERE browser IS NOT NULL GROUP BY 1, 2 ORDER BY 2",
        [
            ("Firefox", str(100 + odd), sum(each["bytes"] for each in VIEWS[odd::2]), sum(each["status"] == 404 for each in VIEWS[odd::2]))
            for odd in (0, 1)
        ],
    ),
    Case("SELECT count(*) - count(uri) FROM cloudfront_logs", [(4,)]),
    Case(
        """SELECT "cs(host)", "cs-method", sum(cast("sc-bytes" AS bigint)), any_value("cs(user-agent)") LIKE 'Mozilla%' FROM cf_logs_manual_partition_json
           WHERE year = '2026' AND hour = '00' GROUP BY 1, 2 ORDER BY 2""",
        [("d1.cloudfront.net", method, sum(each["bytes"] for each in VIEWS if each["method"] == method), True) for method in ("GET", "HEAD")],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_web_logs_answer_as_counted_from_their_requests(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
