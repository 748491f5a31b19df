"""Queries of AWS WAF's logs and of GuardDuty's findings.

docs.aws.amazon.com/athena/latest/ug/waf-logs.html, …/querying-guardduty.html
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_json, table

WAF = table("waf_logs_partition_projection")
FINDINGS = table("gd_logs")

START = datetime(2026, 2, 2, 21, 2, tzinfo=UTC)
COUNTRIES = ["DE", "US", "CN", "BR"]


def at(n: int) -> datetime:
    return START + timedelta(minutes=9 * n)


def request(n: int) -> dict[str, Any]:
    blocked = n % 3 == 0
    return {
        "timestamp": int(at(n).timestamp()) * 1000 + n,
        "formatVersion": 1,
        "webaclId": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/w/1",
        "terminatingRuleId": ["RateLimit", "AWS-AWSManagedRulesSQLiRuleSet"][n % 2] if blocked else "Default_Action",
        "terminatingRuleType": "RATE_BASED" if blocked else "REGULAR",
        "action": "BLOCK" if blocked else "ALLOW",
        "terminatingRuleMatchDetails": [
            {"conditionType": "SQL_INJECTION", "sensitivityLevel": "HIGH", "location": "QUERY_STRING", "matchedData": ["10", "AND", "1"]}
        ]
        if n % 6 == 3
        else [],
        "httpSourceName": "ALB",
        "httpSourceId": "app/lb/1",
        "ruleGroupList": [
            {"ruleGroupId": "AWS#Common", "terminatingRule": {"ruleId": "NoUserAgent_HEADER", "action": "BLOCK"} if n % 4 == 0 else None,
             "nonTerminatingMatchingRules": [{"ruleId": "SizeRestrictions_BODY", "action": "COUNT"}] if n % 5 == 0 else [], "excludedRules": None},
            {"ruleGroupId": "AWS#Bot", "terminatingRule": None, "nonTerminatingMatchingRules": []},
        ],
        "rateBasedRuleList": [{"rateBasedRuleId": "r1", "limitKey": "IP", "maxRateAllowed": 100}],
        "nonTerminatingMatchingRules": [{"ruleId": "CountBots", "action": "COUNT"}] if n % 2 else [],
        "httpRequest": {
            "clientIp": f"198.51.100.{n % 5}",
            "country": COUNTRIES[n % 4],
            "headers": [
                {"name": "Host", "value": "example.com"},
                {"name": "User-Agent", "value": ["curl/8", "Mozilla/5.0"][n % 2]},
                *([{"name": "Referer", "value": "https://www.amazon.com/x"}] if n % 4 == 1 else []),
            ],
            "uri": f"/p/{n % 3}",
            "args": f"id={n}",
            "httpVersion": "HTTP/2.0",
            "httpMethod": "GET",
            "requestId": f"q{n}",
        },
        **({"labels": [{"name": "awswaf:managed:bot"}, {"name": f"awswaf:geo:{COUNTRIES[n % 4]}"}]} if n % 2 else {}),
    }  # fmt: skip


REQUESTS = [request(n) for n in range(36)]
BLOCKED = [each for each in REQUESTS if each["action"] == "BLOCK"]


def finding(n: int) -> dict[str, Any]:
    remote = {
        "ipAddressV4": f"203.0.113.{n % 3}",
        "country": {"countryName": "Germany"},
        "organization": {"asn": str(64500 + n)},
    }
    kind = [
        "Recon:EC2/PortProbeUnprotectedPort",
        "UnauthorizedAccess:EC2/SSHBruteForce",
        "CryptoCurrency:EC2/BitcoinTool.B!DNS",
    ][n % 3]
    return {
        "schemaVersion": "2.0",
        "accountId": "123456789012",
        "region": "us-east-1",
        "partition": "aws",
        "id": f"f{n}",
        "arn": f"arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/f{n}",
        "type": kind,
        "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": f"i-{n % 2}", "tags": [{"key": "env", "value": "prod"}]}},
        "service": {
            "serviceName": "guardduty",
            "count": n + 1,
            "archived": n % 2 == 0,
            "action": {"actionType": "DNS_REQUEST", "dnsRequestAction": {"domain": f"d{n}.test"}}
            if n % 3 == 2
            else {"actionType": "NETWORK_CONNECTION", "networkConnectionAction": {"remoteIpDetails": remote, "localPortDetails": {"port": 22}}},
        },
        "severity": [2, 5, 8][n % 3],
        "createdAt": f"2026-02-0{n % 3 + 1}T10:00:00.000Z",
        "updatedAt": f"2026-02-03T{n:02}:00:00.000Z",
        "title": f"Title {n}",
        "description": "…",
    }  # fmt: skip


FOUND = [finding(n) for n in range(12)]


def fill(db: lake.Lake) -> None:
    for place in sorted({slot(each) for each in REQUESTS}):
        put_json(
            db, f"AWSLogs/123456789012/WAFLogs/us-east-1/webacl/{place}/123456789012_waflogs.log.gz", [each for each in REQUESTS if slot(each) == place]
        )  # fmt: skip
    put_json(db, "AWSLogs/123456789012/GuardDuty/us-east-1/2026/02/03/a.jsonl.gz", FOUND)
    db.query(WAF)
    db.query(FINDINGS)


def moment(each: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(each["timestamp"] / 1000, UTC)


def whole_days(each: dict[str, Any]) -> int:
    age = datetime.fromisoformat(each["updatedAt"]) - datetime.fromisoformat(each["createdAt"])
    return int(age / timedelta(days=1))


def slot(each: dict[str, Any]) -> str:
    when = moment(each)
    return f"{when:%Y/%m/%d/%H}/{when.minute // 5 * 5:02}"


def by_count(values: Any) -> list[Any]:
    return sorted(Counter(values).items(), key=lambda row: (-row[1], row[0]))


LOGS = "waf_logs_partition_projection"

CASES = [
    Case(f"SELECT count(*), count(labels), min(\"date\") FROM {LOGS}", [(36, 18, "2026/02/02/21/00")]),
    Case(
        f"""WITH test_dataset AS
              (SELECT header FROM {LOGS}
                CROSS JOIN UNNEST(httprequest.headers) AS t(header) WHERE "date" >= '2026/02/01'
                AND "date" < '2026/02/14')
            SELECT COUNT(*) referer_count FROM test_dataset WHERE LOWER(header.name)='referer' AND header.value LIKE '%amazon%'""",
        [(9,)],
    ),
    Case(
        f"""SELECT COUNT(*) AS count, httprequest.clientip, httprequest.country, terminatingruleid FROM {LOGS}
            WHERE action='BLOCK' AND "date" >= '2026/02/02' GROUP BY httprequest.clientip, httprequest.country, terminatingruleid
            HAVING COUNT(*) >= 1 ORDER BY 1 DESC, 2, 3, 4 LIMIT 5""",
        [(n, *key) for key, n in by_count((each["httpRequest"]["clientIp"], each["httpRequest"]["country"], each["terminatingRuleId"]) for each in BLOCKED)][:5],
    ),
    Case(
        f"""SELECT label_items.name, count(*) AS counts FROM {LOGS}
            CROSS JOIN UNNEST(labels) AS t(label_items) GROUP BY label_items.name ORDER BY counts DESC, 1""",
        by_count(label["name"] for each in REQUESTS for label in each.get("labels", [])),
    ),
    Case(
        f"""SELECT label_items.name, count(*) FROM {LOGS} CROSS JOIN
            UNNEST( CASE WHEN cardinality(labels) >= 1 THEN labels ELSE array[ cast( row('NOLABEL') as row(name varchar)) ] END ) AS t(label_items)
            GROUP BY 1 ORDER BY 1""",
        sorted(Counter(label["name"] for each in REQUESTS for label in each.get("labels", [{"name": "NOLABEL"}])).items()),
    ),
    Case(
        f"""SELECT rulegroup.rulegroupid, rulegroup.terminatingrule.ruleid, count(*) FROM {LOGS}
            CROSS JOIN UNNEST(rulegrouplist) AS t(rulegroup) WHERE rulegroup.terminatingrule IS NOT NULL GROUP BY 1, 2""",
        [("AWS#Common", "NoUserAgent_HEADER", 9)],
    ),
    Case(
        f"""SELECT rule.ruleid, rule.action, count(*) FROM {LOGS}, UNNEST(rulegrouplist) AS g(rulegroup), UNNEST(rulegroup.nonterminatingmatchingrules) AS r(rule)
            GROUP BY 1, 2""",
        [("SizeRestrictions_BODY", "COUNT", 8)],
    ),
    Case(
        f"""SELECT date_trunc('hour', from_unixtime(timestamp/1000)) AS hour, count_if(action = 'BLOCK') AS blocked, count(*) AS total FROM {LOGS}
            GROUP BY 1 ORDER BY 1""",
        [
            (hour, sum(each["action"] == "BLOCK" for each in own), len(own))
            for hour in sorted({moment(each).replace(minute=0, second=0, microsecond=0) for each in REQUESTS})
            for own in [[each for each in REQUESTS if moment(each).replace(minute=0, second=0, microsecond=0) == hour]]
        ],
    ),
    Case(
        f"""SELECT from_unixtime(timestamp / 1000, 'UTC'), to_iso8601(from_unixtime(timestamp / 1000)) FROM {LOGS} WHERE httprequest.requestid = 'q7'""",
        [(at(7), at(7).strftime("%Y-%m-%dT%H:%M:%S.000Z"))],
    ),
    Case(
        f"""SELECT terminatingrulematchdetails[1].matcheddata[2], element_at(terminatingrulematchdetails, 1).location, count(*) FROM {LOGS}
            WHERE cardinality(terminatingrulematchdetails) > 0 GROUP BY 1, 2""",
        [("AND", "QUERY_STRING", 6)],
    ),
    Case(
        f"""SELECT element_at(filter(httprequest.headers, h -> lower(h.name) = 'user-agent'), 1).value AS agent, count(*)
            FROM {LOGS} GROUP BY 1 ORDER BY 1""",
        [("Mozilla/5.0", 18), ("curl/8", 18)],
    ),
    Case(
        f"""SELECT any_match(httprequest.headers, h -> h.name = 'Referer') AS referred, count(*) FROM {LOGS} GROUP BY 1 ORDER BY 1""",
        [(False, 27), (True, 9)],
    ),
    Case(
        f"""SELECT array_join(transform(labels, l -> split_part(l.name, ':', 3)), ','), count(*) FROM {LOGS} WHERE labels IS NOT NULL GROUP BY 1 ORDER BY 1""",
        [("bot,BR", 9), ("bot,US", 9)],
    ),
    Case(
        f"""SELECT count(*) FROM {LOGS} WHERE "date" = '2026/02/02/21/00' OR "date" BETWEEN '2026/02/03/00/00' AND '2026/02/03/00/55'""",
        [(sum(slot(each) == "2026/02/02/21/00" or slot(each).startswith("2026/02/03/00") for each in REQUESTS),)],
    ),
    Case(
        f"""SELECT count(*) FROM {LOGS} WHERE "date" > date_format(now() - interval '13' hour, '%Y/%m/%d/%H/%i')""",
        [(sum(slot(each) > "2026/02/02/23/00" for each in REQUESTS),)],
    ),
    Case(
        f"SELECT rate.limitkey, max(rate.maxrateallowed) FROM {LOGS} CROSS JOIN UNNEST(ratebasedrulelist) t(rate) GROUP BY 1",
        [("IP", 100)],
    ),
    Case(
        f"""SELECT name, value, count(*) FROM {LOGS} CROSS JOIN UNNEST(httprequest.headers) AS t(name, value) WHERE name <> 'Host' GROUP BY 1, 2 ORDER BY 1, 2""",
        [("Referer", "https://www.amazon.com/x", 9), ("User-Agent", "Mozilla/5.0", 18), ("User-Agent", "curl/8", 18)],
    ),
    Case(
        """SELECT title, severity, type, id AS FindingID, accountid, region, createdat, updatedat,
                  json_extract_scalar(service, '$.count') AS Count,
                  json_extract_scalar(resource, '$.instanceDetails.instanceId') AS InstanceID,
                  json_extract_scalar(service, '$.action.actionType') AS DNS_ActionType,
                  json_extract_scalar(service, '$.action.dnsRequestAction.domain') AS DomainName
           FROM gd_logs WHERE type LIKE '%DNS%' ORDER BY severity DESC, id LIMIT 2""",
        [
            (each["title"], "8", each["type"], each["id"], "123456789012", "us-east-1", each["createdAt"], each["updatedAt"], str(each["service"]["count"]),
             each["resource"]["instanceDetails"]["instanceId"], "DNS_REQUEST", each["service"]["action"]["dnsRequestAction"]["domain"])
            for each in sorted((each for each in FOUND if "DNS" in each["type"]), key=lambda each: each["id"])
        ][:2],
    ),
    Case(
        """SELECT json_extract_scalar(service, '$.action.networkConnectionAction.remoteIpDetails.ipAddressV4') AS ip,
                  sum(CAST(json_extract(service, '$.count') AS integer)) AS n, bool_or(CAST(json_extract_scalar(service, '$.archived') AS boolean))
           FROM gd_logs WHERE CAST(severity AS double) < 8 GROUP BY 1 ORDER BY 1""",
        [
            (f"203.0.113.{k}", sum(n + 1 for n in range(12) if n % 3 == k), True)
            for k in range(2)
        ],
    ),
    Case(
        """SELECT split_part(type, ':', 1) AS purpose, date_diff('day', from_iso8601_timestamp(createdat), from_iso8601_timestamp(updatedat)) AS age, count(*)
           FROM gd_logs GROUP BY 1, 2 ORDER BY 1, 2""",
        sorted(
            ((*key, n) for key, n in Counter(
                (each["type"].split(":")[0], whole_days(each)) for each in FOUND
            ).items())
        ),
    ),
    Case(
        """SELECT CAST(json_extract(resource, '$.instanceDetails.tags') AS array(map(varchar, varchar)))[1]['value'], json_array_length(json_extract(resource, '$.instanceDetails.tags')),
                  json_format(json_extract(service, '$.action.networkConnectionAction.localPortDetails')) FROM gd_logs WHERE id = 'f0'""",
        [("prod", 1, json.dumps({"port": 22}, separators=(",", ":")))],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_security_logs_answer_as_counted_from_what_was_found(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
