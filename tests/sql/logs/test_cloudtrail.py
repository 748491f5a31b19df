"""Queries of CloudTrail's events, in the tables that AWS documents for them.

docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

import lake
from tests.lakes import put
from tests.sql.logs.files import BUCKET, Case, check, ids, table

BY_HAND = table("cloudtrail_logs")
PROJECTED = table("cloudtrail_logs_pp")
OWN_SERDE = table("cloudtrail_serde")

ACTIONS = [
    ("s3.amazonaws.com", "GetObject"),
    ("iam.amazonaws.com", "CreateUser"),
    ("ec2.amazonaws.com", "RunInstances"),
    ("signin.amazonaws.com", "ConsoleLogin"),
    ("s3.amazonaws.com", "DeleteBucket"),
    ("kms.amazonaws.com", "Decrypt"),
]
USERS = ["alice", "bob", "carol"]


def event(n: int) -> dict[str, Any]:
    source, name = ACTIONS[n % len(ACTIONS)]
    user = USERS[n % 3 if n % 4 else 0]
    at = datetime(2026, 2, 1 + n // 24, n % 24, n * 7 % 60, n * 13 % 60)  # noqa: DTZ001
    role = n % 5 == 0
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole" if role else "IAMUser",
            "principalId": f"AIDA{n:04}",
            "arn": f"arn:aws:iam::123456789012:user/{user}",
            "accountId": "123456789012",
            "accessKeyId": f"AKIA{n % 7}",
            **({} if role else {"userName": user}),
            **(
                {
                    "sessionContext": {
                        "attributes": {"mfaAuthenticated": "false", "creationDate": "2026-02-01T00:00:00Z"},
                        "sessionIssuer": {"type": "Role", "userName": f"role-{n % 2}"},
                    }
                }
                if role
                else {}
            ),
        },
        "eventTime": at.isoformat() + "Z",
        "eventSource": source,
        "eventName": name,
        "awsRegion": region(n),
        "sourceIPAddress": f"203.0.113.{n % 9}",
        "userAgent": "aws-cli/2.15.0 Python/3.11" if n % 2 else "console.amazonaws.com",
        **({"errorCode": "AccessDenied", "errorMessage": "not authorized"} if n % 8 == 0 else {}),
        "requestParameters": {"bucketName": f"b{n % 4}", "key": f"in/{n}.csv", "maxResults": n}
        if source == "s3.amazonaws.com"
        else None,
        "responseElements": {"ConsoleLogin": "Failure" if n % 12 == 3 else "Success"} if name == "ConsoleLogin" else None,
        "additionalEventData": {"MFAUsed": "No" if n % 4 == 3 else "Yes"} if name == "ConsoleLogin" else None,
        "requestID": f"r{n}",
        "eventID": f"e{n}",
        "readOnly": name in ("GetObject", "Decrypt"),
        "resources": [
            {"ARN": f"arn:aws:s3:::b{n % 4}/in/{n}.csv", "type": "AWS::S3::Object"},
            {"ARN": f"arn:aws:s3:::b{n % 4}", "accountId": "123456789012", "type": "AWS::S3::Bucket"},
        ]
        if source == "s3.amazonaws.com"
        else [],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "123456789012",
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.2" if n % 3 else "TLSv1.3", "cipherSuite": "x"},
    }  # fmt: skip


def region(n: int) -> str:
    return "us-east-1" if n % 3 else "eu-west-1"


EVENTS = [event(n) for n in range(60)]
US = [each for each in EVENTS if each["awsRegion"] == "us-east-1"]


def day_of(each: dict[str, Any]) -> str:
    return str(each["eventTime"][:10])


def fill(db: lake.Lake) -> None:
    for place in sorted({(each["awsRegion"], day_of(each)) for each in EVENTS}):
        found = [each for each in EVENTS if (each["awsRegion"], day_of(each)) == place]
        folder = f"AWSLogs/123456789012/CloudTrail/{place[0]}/{place[1].replace('-', '/')}"
        name = f"123456789012_CloudTrail_{place[0]}_{place[1].replace('-', '')}T0000Z_x.json.gz"
        content = gzip.compress(json.dumps({"Records": found}).encode(), mtime=0)
        put(db, f"s3://{BUCKET}/{folder}/{name}", content)
    for statement in (BY_HAND, PROJECTED, OWN_SERDE):
        db.query(statement)
    for each in sorted({(each["awsRegion"], day_of(each)) for each in EVENTS}):
        year, month, day = each[1].split("-")
        db.query(
            f"ALTER TABLE cloudtrail_logs ADD PARTITION (region='{each[0]}', year='{year}', month='{month}', day='{day}') "
            f"LOCATION 's3://amzn-s3-demo-bucket/AWSLogs/123456789012/CloudTrail/{each[0]}/{year}/{month}/{day}/'"
        )


def counted(values: Any) -> list[tuple[Any, int]]:
    """By count downwards, then by value."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def bucket_of(each: dict[str, Any]) -> str:
    return str(each["requestParameters"]["bucketName"])


S3 = [each for each in EVENTS if each["eventSource"] == "s3.amazonaws.com"]
LOGINS = [each for each in EVENTS if each["eventName"] == "ConsoleLogin"]


def gaps_of(user: str) -> list[timedelta]:
    times = sorted(
        datetime.fromisoformat(each["eventTime"]) for each in EVENTS if each["userIdentity"]["arn"].endswith(f"/{user}")
    )
    return [later - earlier for earlier, later in pairwise(times)]


CASES = [
    Case("SELECT count(*) FROM cloudtrail_logs", [(60,)]),
    Case("SELECT count(*), count(DISTINCT eventid) FROM cloudtrail_serde", [(60, 60)]),
    Case("SELECT count(*) FROM cloudtrail_logs_pp", [(len(US),)]),
    Case(
        "SELECT count(*) FROM cloudtrail_logs_pp WHERE \"timestamp\" = '2026/02/02'",
        [(sum(day_of(each) == "2026-02-02" for each in US),)],
    ),
    Case(
        "SELECT count(*) FROM cloudtrail_logs_pp WHERE \"timestamp\" >= date_format(current_date - interval '1' day, '%Y/%m/%d')",
        [(sum(day_of(each) >= "2026-02-02" for each in US),)],
    ),
    Case(
        """SELECT *
           FROM (SELECT eventname, count(*) AS n FROM cloudtrail_logs
                 WHERE eventtime >= '2026-02-01T00:00:00Z' AND eventtime < '2026-02-02T00:00:00Z'
                 GROUP BY eventname) ORDER BY n DESC, eventname LIMIT 3""",
        counted(each["eventName"] for each in EVENTS if day_of(each) == "2026-02-01")[:3],
    ),
    Case(
        """SELECT useridentity.arn, sourceipaddress, eventtime, additionaleventdata
           FROM cloudtrail_logs
           WHERE eventname = 'ConsoleLogin' AND responseelements = '{"ConsoleLogin":"Failure"}'
           ORDER BY eventtime LIMIT 2""",
        [
            (
                each["userIdentity"]["arn"],
                each["sourceIPAddress"],
                each["eventTime"],
                json.dumps(each["additionalEventData"], separators=(",", ":")),
            )
            for each in sorted(LOGINS, key=lambda each: each["eventTime"])
            if each["responseElements"]["ConsoleLogin"] == "Failure"
        ][:2],
    ),
    Case(
        """SELECT useridentity.username, count(*) FROM cloudtrail_logs
           WHERE eventname = 'ConsoleLogin' AND json_extract_scalar(additionaleventdata, '$.MFAUsed') = 'No'
           GROUP BY 1 ORDER BY 1 NULLS LAST""",
        sorted(
            Counter(
                each["userIdentity"].get("userName")
                for each in LOGINS
                if each["additionalEventData"]["MFAUsed"] == "No"
            ).items(),
            key=lambda pair: (pair[0] is None, pair[0]),
        ),
    ),
    Case(
        """SELECT json_extract_scalar(requestparameters, '$.bucketName') AS bucket, count(*) AS n,
                  sum(CAST(json_extract(requestparameters, '$.maxResults') AS bigint)) AS asked
           FROM cloudtrail_logs WHERE eventsource = 's3.amazonaws.com' GROUP BY 1 ORDER BY 1""",
        [
            (
                bucket,
                sum(bucket_of(each) == bucket for each in S3),
                sum(each["requestParameters"]["maxResults"] for each in S3 if bucket_of(each) == bucket),
            )
            for bucket in sorted(set(map(bucket_of, S3)))
        ],
    ),
    Case(
        """SELECT r.type, r.accountid, count(*) FROM cloudtrail_logs CROSS JOIN UNNEST(resources) AS t(r)
           GROUP BY 1, 2 ORDER BY 1""",
        [("AWS::S3::Bucket", "123456789012", len(S3)), ("AWS::S3::Object", None, len(S3))],
    ),
    Case(
        """SELECT arn, type FROM cloudtrail_logs CROSS JOIN UNNEST(resources) AS t(arn, accountid, type)
           WHERE eventid = 'e4' ORDER BY type DESC""",
        [("arn:aws:s3:::b0/in/4.csv", "AWS::S3::Object"), ("arn:aws:s3:::b0", "AWS::S3::Bucket")],
    ),
    Case(
        """SELECT date_trunc('day', from_iso8601_timestamp(eventtime)) AS day, count_if(errorcode = 'AccessDenied') AS denied,
                  count(*) FILTER (WHERE errorcode IS NULL) AS fine
           FROM cloudtrail_logs GROUP BY 1 ORDER BY 1""",
        [
            (
                datetime.fromisoformat(f"{day}T00:00:00Z"),
                sum("errorCode" in each for each in EVENTS if day_of(each) == day),
                sum("errorCode" not in each for each in EVENTS if day_of(each) == day),
            )
            for day in ("2026-02-01", "2026-02-02", "2026-02-03")
        ],
    ),
    Case(
        """SELECT eventname, readonly FROM cloudtrail_logs WHERE region = 'eu-west-1' AND year = '2026' AND month = '02'
           AND day = '02' AND readonly = 'true' GROUP BY 1, 2 ORDER BY 1""",
        sorted(
            {
                (each["eventName"], "true")
                for each in EVENTS
                if each["awsRegion"] == "eu-west-1" and each["readOnly"] and day_of(each) == "2026-02-02"
            }
        ),
    ),
    Case(
        """SELECT coalesce(useridentity.username, useridentity.sessioncontext.sessionissuer.username) AS who, count(*) AS n
           FROM cloudtrail_logs GROUP BY 1 ORDER BY n DESC, who""",
        counted(
            each["userIdentity"].get("userName") or each["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"]
            for each in EVENTS
        ),
    ),
    Case(
        """WITH moves AS (
             SELECT split_part(useridentity.arn, '/', 2) AS who, from_iso8601_timestamp(eventtime) AS at FROM cloudtrail_logs
           ), gaps AS (
             SELECT who, date_diff('minute', lag(at) OVER (PARTITION BY who ORDER BY at), at) AS gap FROM moves
           )
           SELECT who, max(gap), min(gap) FROM gaps WHERE gap IS NOT NULL GROUP BY who ORDER BY who""",
        [(who, max(gaps_of(who)) // timedelta(minutes=1), min(gaps_of(who)) // timedelta(minutes=1)) for who in USERS],
    ),
    Case(
        """SELECT tlsdetails.tlsversion, approx_distinct(sourceipaddress) FROM cloudtrail_logs
           GROUP BY tlsdetails.tlsversion ORDER BY 1""",
        [
            (version, len({each["sourceIPAddress"] for each in EVENTS if each["tlsDetails"]["tlsVersion"] == version}))
            for version in ("TLSv1.2", "TLSv1.3")
        ],
    ),
    Case(
        """SELECT regexp_extract("$path", '[a-z]{2}-[a-z]+-[0-9]') AS r, count(*) FROM cloudtrail_serde GROUP BY 1 ORDER BY 1""",
        sorted(Counter(each["awsRegion"] for each in EVENTS).items()),
    ),
    Case(
        """SELECT array_join(array_agg(DISTINCT eventname ORDER BY eventname), ',') FROM cloudtrail_logs
           WHERE useragent LIKE 'console%' AND eventsource NOT IN ('s3.amazonaws.com')""",
        [
            (
                ",".join(
                    sorted(
                        {
                            each["eventName"]
                            for each in EVENTS
                            if each["userAgent"].startswith("console") and each["eventSource"] != "s3.amazonaws.com"
                        }
                    )
                ),
            )
        ],
    ),
    Case(
        """SELECT useridentity.sessioncontext.attributes.mfaauthenticated AS mfa, cardinality(resources) AS n, count(*)
           FROM cloudtrail_logs WHERE useridentity.type = 'AssumedRole' GROUP BY 1, 2 ORDER BY 2""",
        [("false", n, count) for n, count in sorted(Counter(len(each["resources"]) for each in EVENTS[::5]).items())],
    ),
    Case(
        """SELECT eventid, useridentity.username, eventname, eventtime FROM cloudtrail_logs
           WHERE from_iso8601_timestamp(eventtime) > date_add('day', -1, now()) AND errorcode = 'AccessDenied'
           ORDER BY eventtime DESC""",
        [
            (each["eventID"], each["userIdentity"].get("userName"), each["eventName"], each["eventTime"])
            for each in reversed(EVENTS)
            if "errorCode" in each and each["eventTime"] > "2026-02-02T12:00:00Z"
        ],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_cloudtrail_answer_as_counted_from_its_events(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
