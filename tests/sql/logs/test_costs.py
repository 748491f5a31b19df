"""Queries of Cost and Usage Reports: Parquet, a hundred columns, year and month as partitions.

docs.aws.amazon.com/cur/latest/userguide/cur-query-athena.html, …/what-is-data-exports.html
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

import lake
from tests.sql.logs.files import Case, check, ids, put_parquet, table

TEXTS = """
    identity_line_item_id identity_time_interval bill_invoice_id bill_invoicing_entity bill_billing_entity bill_bill_type
    bill_payer_account_id line_item_usage_account_id line_item_line_item_type line_item_product_code line_item_usage_type
    line_item_operation line_item_availability_zone line_item_resource_id line_item_currency_code line_item_line_item_description
    line_item_tax_type line_item_legal_entity product_product_name product_account_assistance product_architectural_review
    product_availability product_availability_zone product_cache_engine product_capacitystatus product_cloudfrontresourcetype
    product_clock_speed product_compute_family product_content_type product_cputype product_current_generation
    product_database_edition product_database_engine product_deployment_option product_description product_durability product_ecu
    product_enhanced_networking_supported product_event_type product_fee_code product_from_location product_from_region_code
    product_group product_instance_family product_instance_type product_instance_type_family product_license_model product_location
    product_max_iops_volume product_memory product_network_performance product_normalization_size_factor product_operating_system
    product_operation product_physical_processor product_pre_installed_sw product_processor_architecture product_product_family
    product_region product_region_code product_servicecode product_servicename product_sku product_storage product_storage_class
    product_storage_media product_tenancy product_to_location product_transfer_type product_usagetype product_vcpu product_version
    product_volume_type pricing_rate_code pricing_rate_id pricing_currency pricing_term pricing_unit pricing_lease_contract_length
    pricing_offering_class pricing_purchase_option reservation_availability_zone reservation_reservation_a_r_n
    reservation_subscription_id savings_plan_savings_plan_a_r_n savings_plan_offering_type resource_tags_user_name
    resource_tags_user_environment resource_tags_aws_created_by
""".split()
TIMES = "bill_billing_period_start_date bill_billing_period_end_date line_item_usage_start_date line_item_usage_end_date".split()
DOUBLES = """
    line_item_usage_amount line_item_normalization_factor line_item_unblended_cost line_item_blended_cost pricing_public_on_demand_cost
    reservation_effective_cost reservation_unused_recurring_fee reservation_unused_amortized_upfront_fee_for_billing_period
    savings_plan_savings_plan_effective_cost savings_plan_used_commitment savings_plan_total_commitment_to_date
""".split()

LEGACY = table("cost_and_usage_report")
EXPORT = table("cur2")

PRODUCTS = ["AmazonEC2", "AmazonS3", "AWSLambda", "AmazonRDS"]
KINDS = ["Usage", "Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "Tax"]


def item(n: int) -> dict[str, Any]:
    product, kind = PRODUCTS[n % 4], KINDS[n % 5]
    start = datetime(2026, 1, 20) + timedelta(hours=9 * n)  # noqa: DTZ001
    return {
        "identity_line_item_id": f"li{n}",
        "bill_payer_account_id": "111111111111",
        "line_item_usage_account_id": f"{n % 3}" * 12,
        "line_item_line_item_type": kind,
        "line_item_product_code": product,
        "line_item_usage_type": ["BoxUsage:m5.large", "TimedStorage-ByteHrs", "Lambda-GB-Second", "InstanceUsage:db.r5.large"][n % 4],
        "line_item_operation": "RunInstances" if product == "AmazonEC2" else "Other",
        "line_item_resource_id": f"arn:aws:x:us-east-1:1:r/{n % 6}" if kind != "Tax" else "",
        "product_product_name": f"Name of {product}",
        "product_region": ["us-east-1", "eu-west-1"][n % 2],
        "product_instance_type": "m5.large" if product == "AmazonEC2" else "",
        "resource_tags_user_environment": ["prod", "dev", None][n % 3],
        "bill_billing_period_start_date": start.replace(day=1, hour=0),
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=1),
        "line_item_usage_amount": float(n % 7),
        "line_item_unblended_cost": n * 0.25,
        "line_item_blended_cost": n * 0.25,
        "pricing_public_on_demand_cost": n * 0.5,
        "reservation_effective_cost": n * 0.125 if kind == "DiscountedUsage" else 0.0,
        "savings_plan_savings_plan_effective_cost": n * 0.1875 if kind == "SavingsPlanCoveredUsage" else 0.0,
    }  # fmt: skip


ITEMS = [item(n) for n in range(50)]
TYPES = {pa.string(): TEXTS, pa.timestamp("ms"): TIMES, pa.float64(): DOUBLES}
SCHEMA = pa.schema([(name, type_) for type_, names in TYPES.items() for name in names])
TEXT_MAP = pa.map_(pa.string(), pa.string())
EXPORT_SCHEMA = pa.schema(
    [
        ("bill_payer_account_id", pa.string()),
        ("line_item_usage_account_id", pa.string()),
        ("line_item_usage_start_date", pa.timestamp("ms")),
        ("line_item_product_code", pa.string()),
        ("line_item_unblended_cost", pa.float64()),
        ("product", TEXT_MAP),
        ("resource_tags", TEXT_MAP),
        ("cost_category", TEXT_MAP),
        ("discount", pa.map_(pa.string(), pa.float64())),
    ]
)


def exported(each: dict[str, Any]) -> dict[str, Any]:
    environment = each["resource_tags_user_environment"]
    return {
        **{name: each[name] for name in EXPORT_SCHEMA.names[:5]},
        "product": [("product_name", each["product_product_name"]), ("region", each["product_region"])],
        "resource_tags": [("user_environment", environment), ("user_team", "a")] if environment else [],
        "cost_category": None,
        "discount": [("total_discount", each["line_item_unblended_cost"] / 4)],
    }


def month_of(each: dict[str, Any]) -> int:
    return int(each["line_item_usage_start_date"].month)


def fill(db: lake.Lake) -> None:
    for month in (1, 2):
        own = [each for each in ITEMS if month_of(each) == month]
        put_parquet(db, f"cur/report/report/year=2026/month={month}/report-00001.snappy.parquet", own, SCHEMA)
        put_parquet(
            db, f"cur2/export/data/BILLING_PERIOD=2026-{month:02}/x.parquet", list(map(exported, own)), EXPORT_SCHEMA
        )
    for statement in (LEGACY, EXPORT, "MSCK REPAIR TABLE cost_and_usage_report", "MSCK REPAIR TABLE cur2"):
        db.query(statement)


def sums(key: str, rows: list[dict[str, Any]], value: str = "line_item_unblended_cost") -> dict[Any, float]:
    found: defaultdict[Any, float] = defaultdict(float)
    for each in rows:
        found[each[key]] += each[value]
    return found


FEBRUARY = [each for each in ITEMS if month_of(each) == 2]


def amortised(each: dict[str, Any]) -> float:
    kinds = {
        "DiscountedUsage": "reservation_effective_cost",
        "SavingsPlanCoveredUsage": "savings_plan_savings_plan_effective_cost",
    }
    return float(each[kinds.get(each["line_item_line_item_type"], "line_item_unblended_cost")])


def daily() -> list[tuple[Any, ...]]:
    days = sorted({each["line_item_usage_start_date"].date() for each in FEBRUARY})
    costs = [
        sum(each["line_item_unblended_cost"] for each in FEBRUARY if each["line_item_usage_start_date"].date() == day)
        for day in days
    ]
    return [
        (day, cost, sum(costs[: place + 1]), cost - costs[place - 1] if place else None)
        for place, (day, cost) in enumerate(zip(days, costs, strict=True))
    ]


CASES = [
    Case(
        """SELECT line_item_product_code, sum(line_item_blended_cost) AS cost, month FROM cost_and_usage_report
           WHERE year='2026' GROUP BY line_item_product_code, month HAVING sum(line_item_blended_cost) > 0 ORDER BY line_item_product_code, month""",
        [
            (product, sums("line_item_product_code", [each for each in ITEMS if month_of(each) == month])[product], str(month))
            for product in sorted(PRODUCTS)
            for month in (1, 2)
        ],
    ),
    Case(
        """SELECT line_item_product_code, sum(line_item_blended_cost) AS cost FROM cost_and_usage_report
           WHERE year='2026' AND month='2' AND line_item_usage_account_id = '000000000000' GROUP BY line_item_product_code ORDER BY cost DESC LIMIT 2""",
        sorted(sums("line_item_product_code", [each for each in FEBRUARY if each["line_item_usage_account_id"][0] == "0"]).items(), key=lambda row: -row[1])[:2],
    ),
    Case(
        """SELECT DATE_TRUNC('month', line_item_usage_start_date) AS month_start, ROUND(SUM(line_item_unblended_cost), 2) AS cost
           FROM cost_and_usage_report WHERE line_item_line_item_type NOT IN ('Tax', 'Refund', 'Credit') GROUP BY 1 ORDER BY 1""",
        [
            (datetime(2026, month, 1), round(sum(each["line_item_unblended_cost"] for each in ITEMS if month_of(each) == month and each["line_item_line_item_type"] != "Tax"), 2))  # noqa: DTZ001
            for month in (1, 2)
        ],
    ),
    Case(
        """SELECT date_format(line_item_usage_start_date, '%Y-%m-%d') AS day, split_part(line_item_resource_id, '/', 2) AS r,
                  SUM(CASE WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost
                           WHEN line_item_line_item_type = 'DiscountedUsage' THEN reservation_effective_cost
                           ELSE line_item_unblended_cost END) AS amortized_cost
           FROM cost_and_usage_report WHERE year = '2026' AND month = '2' AND line_item_resource_id <> '' GROUP BY 1, 2 ORDER BY amortized_cost DESC, 2 LIMIT 3""",
        sorted(
            ((f"{each['line_item_usage_start_date']:%Y-%m-%d}", each["line_item_resource_id"].split("/")[1], amortised(each)) for each in FEBRUARY if each["line_item_resource_id"]),
            key=lambda row: (-row[2], row[1]),
        )[:3],
    ),
    Case(
        """WITH daily AS (SELECT CAST(line_item_usage_start_date AS date) AS day, sum(line_item_unblended_cost) AS cost FROM cost_and_usage_report
                          WHERE year = '2026' AND month = '2' GROUP BY 1)
           SELECT day, cost, sum(cost) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), cost - lag(cost) OVER (ORDER BY day) FROM daily ORDER BY day""",
        daily(),
    ),
    Case(
        """SELECT bill_payer_account_id, line_item_usage_account_id, product_region, round(sum(line_item_usage_amount), 1) FROM cost_and_usage_report
           WHERE line_item_usage_start_date >= TIMESTAMP '2026-01-25 00:00:00' AND line_item_usage_start_date < date('2026-02-01') AND line_item_operation LIKE 'Run%'
           GROUP BY 1, 2, 3 ORDER BY 2""",
        [
            ("111111111111", account, "us-east-1", total)
            for account, total in sorted(
                sums("line_item_usage_account_id", [each for each in ITEMS if each["line_item_product_code"] == "AmazonEC2" and datetime(2026, 1, 25) <= each["line_item_usage_start_date"] < datetime(2026, 2, 1)], "line_item_usage_amount").items()  # noqa: DTZ001
            )
        ],
    ),
    Case(
        """SELECT coalesce(nullif(resource_tags_user_environment, ''), 'untagged') AS env, round(100 * sum(line_item_unblended_cost) / sum(sum(line_item_unblended_cost)) OVER (), 1) AS share
           FROM cost_and_usage_report GROUP BY 1 ORDER BY 1""",
        [
            (env or "untagged", round(100 * cost / sum(each["line_item_unblended_cost"] for each in ITEMS), 1))
            for env, cost in sorted(sums("resource_tags_user_environment", ITEMS).items(), key=lambda row: row[0] or "untagged")
        ],
    ),
    Case(
        "SELECT regexp_extract(line_item_usage_type, '^[^:]+:(.+)$', 1) AS size, count(*) FROM cost_and_usage_report GROUP BY 1 ORDER BY 1 NULLS FIRST",
        [(None, 25), ("db.r5.large", 12), ("m5.large", 13)],
    ),
    Case(
        """SELECT product_region, line_item_product_code, sum(line_item_unblended_cost) FROM cost_and_usage_report WHERE month = '2'
           GROUP BY CUBE (product_region, line_item_product_code) HAVING grouping(product_region, line_item_product_code) = 1 ORDER BY 1""",
        [(region, None, cost) for region, cost in sorted(sums("product_region", FEBRUARY).items())],
    ),
    Case(
        """SELECT product['region'] AS region, product['product_name'], sum(line_item_unblended_cost) FROM cur2 WHERE billing_period = '2026-02' GROUP BY 1, 2 ORDER BY 2 LIMIT 2""",
        [
            (region, name, sum(each["line_item_unblended_cost"] for each in FEBRUARY if each["product_product_name"] == name))
            for name, region in sorted({(each["product_product_name"], each["product_region"]) for each in FEBRUARY})
        ][:2],
    ),
    Case(
        """SELECT element_at(resource_tags, 'user_environment') AS env, cardinality(resource_tags), count(*), count(cost_category) FROM cur2 GROUP BY 1, 2 ORDER BY 1""",
        [("dev", 2, 17, 0), ("prod", 2, 17, 0), (None, 0, 16, 0)],
    ),
    Case(
        "SELECT key, value, count(*) FROM cur2 CROSS JOIN UNNEST(resource_tags) AS t(key, value) GROUP BY key, value ORDER BY 1, 2",
        [("user_environment", "dev", 17), ("user_environment", "prod", 17), ("user_team", "a", 34)],
    ),
    Case(
        """SELECT line_item_product_code, sum(line_item_unblended_cost - coalesce(discount['total_discount'], 0)) FROM cur2 GROUP BY 1 ORDER BY 2 DESC""",
        sorted(((product, cost * 0.75) for product, cost in sums("line_item_product_code", ITEMS).items()), key=lambda row: -row[1]),
    ),
    Case(
        """SELECT format('%s: $%,.2f', line_item_product_code, sum(line_item_unblended_cost * 1000)), lpad(CAST(count(*) AS varchar), 4, '0') FROM cur2 GROUP BY line_item_product_code ORDER BY 1""",
        [
            (f"{product}: ${cost * 1000:,.2f}", f"{sum(each['line_item_product_code'] == product for each in ITEMS):04}")
            for product, cost in sorted(sums("line_item_product_code", ITEMS).items())
        ],
    ),
    Case(
        """SELECT line_item_product_code, max_by(line_item_usage_account_id, line_item_unblended_cost), min_by(line_item_usage_start_date, line_item_unblended_cost),
                  approx_percentile(line_item_unblended_cost, 1.0) FROM cur2 GROUP BY 1 ORDER BY 1""",
        [
            (product, own[-1]["line_item_usage_account_id"], own[0]["line_item_usage_start_date"], own[-1]["line_item_unblended_cost"])
            for product in sorted(PRODUCTS)
            for own in [[each for each in ITEMS if each["line_item_product_code"] == product]]
        ],
    ),
    Case(
        """WITH spend AS (SELECT billing_period, line_item_product_code AS p, sum(line_item_unblended_cost) AS c FROM cur2 GROUP BY 1, 2)
           SELECT p, sum(c) FILTER (WHERE billing_period = '2026-01'), sum(IF(billing_period = '2026-02', c)) FROM spend GROUP BY p ORDER BY p""",
        [
            (product, *(sums("line_item_product_code", [each for each in ITEMS if month_of(each) == month])[product] for month in (1, 2)))
            for product in sorted(PRODUCTS)
        ],
    ),
    Case(
        """SELECT d, coalesce(n, 0) FROM UNNEST(sequence(DATE '2026-02-01', DATE '2026-02-10', INTERVAL '1' DAY)) AS t(d)
           LEFT JOIN (SELECT date(line_item_usage_start_date) AS day, count(*) AS n FROM cur2 WHERE billing_period >= '2026-02' GROUP BY 1) ON day = d ORDER BY d DESC LIMIT 4""",
        [
            (day.date(), Counter(each["line_item_usage_start_date"].date() for each in FEBRUARY)[day.date()])
            for day in (datetime(2026, 2, 10) - timedelta(days=n) for n in range(4))  # noqa: DTZ001
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_queries_of_costs_answer_as_added_up_from_the_items(logs: lake.Lake, case: Case) -> None:
    check(logs, case)
