"""The tables that the cases with an `env` read, with the types that Trino's connectors give them.

`tpch_tiny`: the tpch connector, 0.01 of TPC-H, plain column names, amounts as doubles. `hive`: TPC-H whole, with the
prefixes, texts without length, and three small tables (`data/*.csv`). `tpcds`: the tpcds connector, TPC-DS whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Columns = Mapping[str, str]
"""The type of each column, in Hive's words."""


@dataclass(frozen=True)
class TpchTable:
    prefix: str
    columns: str

    def plain(self) -> Columns:
        return dict(column.rsplit(" ", 1) for column in self.columns.split(", "))

    def prefixed(self) -> Columns:
        return {self.prefix + name: re.sub(r"varchar.*", "string", type_) for name, type_ in self.plain().items()}


TPCH = {
    "customer": TpchTable(
        "c_",
        "custkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double, "
        "mktsegment varchar(10), comment varchar(117)",
    ),
    "lineitem": TpchTable(
        "l_",
        "orderkey bigint, partkey bigint, suppkey bigint, linenumber int, quantity double, extendedprice double, "
        "discount double, tax double, returnflag varchar(1), linestatus varchar(1), shipdate date, commitdate date, "
        "receiptdate date, shipinstruct varchar(25), shipmode varchar(10), comment varchar(44)",
    ),
    "nation": TpchTable("n_", "nationkey bigint, name varchar(25), regionkey bigint, comment varchar(152)"),
    "orders": TpchTable(
        "o_",
        "orderkey bigint, custkey bigint, orderstatus varchar(1), totalprice double, orderdate date, "
        "orderpriority varchar(15), clerk varchar(15), shippriority int, comment varchar(79)",
    ),
    "part": TpchTable(
        "p_",
        "partkey bigint, name varchar(55), mfgr varchar(25), brand varchar(10), type varchar(25), size int, "
        "container varchar(10), retailprice double, comment varchar(23)",
    ),
    "partsupp": TpchTable(
        "ps_", "partkey bigint, suppkey bigint, availqty int, supplycost double, comment varchar(199)"
    ),
    "region": TpchTable("r_", "regionkey bigint, name varchar(25), comment varchar(152)"),
    "supplier": TpchTable(
        "s_",
        "suppkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double, "
        "comment varchar(101)",
    ),
}

SMALL: Mapping[str, Columns] = {
    "workers": {
        "id_employee": "int",
        "first_name": "string",
        "last_name": "string",
        "date_of_employment": "string",
        "department": "int",
        "id_department": "int",
        "name": "string",
        "salary": "int",
    },
    "datatype": {
        "c_bigint": "bigint",
        "c_double": "double",
        "c_string": "string",
        "c_date": "date",
        "c_timestamp": "timestamp",
        "c_boolean": "boolean",
        "c_short_decimal": "decimal(5,2)",
        "c_long_decimal": "decimal(30,10)",
    },
    "empty": {"c1": "int", "c2": "string"},
}

TPCDS = (
    "call_center catalog_page catalog_returns catalog_sales customer customer_address customer_demographics date_dim "
    "household_demographics income_band inventory item promotion reason ship_mode store store_returns store_sales "
    "time_dim warehouse web_page web_returns web_sales web_site"
).split()

_TPCDS_IDENTIFIER = re.compile(r".*_(sk|ticket_number|order_number)")
_TPCDS_ADDRESS = {
    "street_number": "char(10)",
    "street_name": "varchar(60)",
    "street_type": "char(15)",
    "suite_number": "char(10)",
    "city": "varchar(60)",
    "county": "varchar(30)",
    "state": "char(2)",
    "zip": "char(10)",
    "country": "varchar(20)",
}
_TPCDS_TEXTS = {
    **{prefix + name: type_ for prefix in ("cc_", "ca_", "w_", "s_", "web_") for name, type_ in _TPCDS_ADDRESS.items()},
    **{
        name: type_
        for type_, names in {
            "char(1)": "c_preferred_cust_flag cd_gender cd_marital_status d_holiday d_weekend d_following_holiday "
            "d_current_day d_current_week d_current_month d_current_quarter d_current_year p_channel_dmail "
            "p_channel_email p_channel_catalog p_channel_tv p_channel_radio p_channel_press p_channel_event "
            "p_channel_demo p_discount_active wp_autogen_flag",
            "char(2)": "t_am_pm",
            "char(6)": "d_quarter_name",
            "char(9)": "d_day_name",
            "char(10)": "c_salutation cd_credit_rating i_units i_container sm_code",
            "char(13)": "c_login",
            "char(15)": "hd_buy_potential p_purpose",
            "char(16)": "cc_call_center_id cp_catalog_page_id c_customer_id ca_address_id d_date_id i_item_id p_promo_id "
            "r_reason_id sm_ship_mode_id s_store_id t_time_id w_warehouse_id wp_web_page_id web_site_id",
            "char(20)": "cc_hours c_first_name ca_location_type cd_education_status i_size i_formulation i_color "
            "sm_carrier sm_contract s_hours t_shift t_sub_shift t_meal_time",
            "char(30)": "c_last_name sm_type",
            "char(50)": "cc_mkt_class cc_company_name c_email_address i_brand i_class i_category i_manufact "
            "i_product_name p_promo_name wp_type web_company_name",
            "char(100)": "r_reason_desc",
            "varchar(10)": "s_street_number",
            "varchar(20)": "c_birth_country w_warehouse_name",
            "varchar(40)": "cc_manager cc_market_manager s_manager s_market_manager web_manager web_market_manager",
            "varchar(50)": "cc_name cc_class cc_division_name cp_department s_store_name s_division_name s_company_name "
            "web_name web_class web_mkt_class",
            "varchar(100)": "cc_mkt_desc cp_description cp_type p_channel_details s_geography_class s_market_desc "
            "web_mkt_desc wp_url",
            "varchar(200)": "i_item_desc",
        }.items()
        for name in names.split()
    },
}


def tpcds_type(column: str, made: str) -> str:
    """The type of a column of TPC-DS that the generator made as `made`, in DuckDB's words."""
    if made == "VARCHAR":
        return _TPCDS_TEXTS[column]
    if _TPCDS_IDENTIFIER.fullmatch(column):
        return "bigint"
    return "int" if made in ("INTEGER", "BIGINT") else made.lower()
