"""What is the Glue catalog's own: pages, segments, limits, how many calls a question takes, lost answers, links."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lake.catalog.glue import GlueCatalog
from lake.errors import (
    AlreadyExists,
    CatalogChanged,
    CatalogFailed,
    ConnectionFailed,
    DatabaseNotFound,
    TableNotFound,
    Throttled,
)
from lake.model import ALREADY_EXISTS, NOT_FOUND, Column, Database, KeyBounds, Partition, Table, TableName
from lake.sql.ddl.views import View, decode_view, view_table
from tests.catalog.conftest import clicks_table, connection_to
from tests.catalog.fake_glue import OWN, FakeGlue, Refusal, days_and_hours, fake_glue, make_clicks
from tests.servers import Server

CLICKS = TableName("web", "clicks")
OTHER = "210987654321"
LARGE = 100_000


@pytest.fixture(scope="module")
def large() -> Iterator[FakeGlue]:
    """Web.clicks with 100,000 partitions, for tests that only read."""
    with fake_glue() as fake:
        make_clicks(fake, LARGE)
        yield fake


@pytest.fixture
def fake() -> Iterator[FakeGlue]:
    """Web.clicks without partitions."""
    with fake_glue() as fake:
        make_clicks(fake, 0)
        yield fake


@pytest.fixture
def catalog(fake: FakeGlue) -> GlueCatalog:
    return GlueCatalog(connection_to(fake.server))


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def counted(
    fake: FakeGlue, catalog: GlueCatalog, *where: KeyBounds, **options: bool
) -> tuple[list[Partition], Counter[str]]:
    """What a listing gives, and the calls it took, that of the table included."""
    fake.calls.clear()
    found = list(catalog.list_partitions(catalog.get_table(CLICKS), where, **options))
    return found, Counter(name for name, _ in fake.calls)


def made(count: int, table: Table) -> list[Partition]:
    return [Partition(values, f"s3://bucket/{'/'.join(values)}/", table.descriptor) for values in days_and_hours(count)]


# Listing


def test_a_whole_table_is_listed_in_order_over_ten_segments(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fake.fill("web", "clicks", days_and_hours(30_000))
    found, calls = counted(fake, catalog)
    assert [partition.values for partition in found] == sorted(days_and_hours(30_000))
    segments = [each["Segment"] for each in fake.requests("GetPartitions") if "Segment" in each]
    assert {each["SegmentNumber"] for each in segments} == set(range(10))
    assert {each["TotalSegments"] for each in segments} == {10}
    # The last page of each segment is not full, and one call found out that there are more.
    assert calls["GetPartitions"] <= 30 + 10 + 1


def test_columns_that_are_not_needed_are_not_asked_for(large: FakeGlue) -> None:
    catalog = GlueCatalog(connection_to(large.server))
    found, _ = counted(large, catalog, KeyBounds("dt", frozenset(["2020-01-01"])), columns=False)
    assert all(each["ExcludeColumnSchema"] for each in large.requests("GetPartitions"))
    table = catalog.get_table(CLICKS)
    assert [partition.descriptor == table.descriptor for partition in found] == [True] * 24


def test_one_partition_of_a_large_table_takes_two_calls(large: FakeGlue) -> None:
    wanted = KeyBounds("dt", frozenset(["2025-03-04"])), KeyBounds("hour", frozenset(["17"]))
    found, calls = counted(large, GlueCatalog(connection_to(large.server)), *wanted)
    assert [partition.values for partition in found] == [("2025-03-04", "17")]
    assert calls == {"GetTable": 1, "BatchGetPartition": 1}


@pytest.mark.parametrize("empty", [0, 3])
def test_one_day_of_a_large_table_takes_few_calls_also_when_pages_come_empty(large: FakeGlue, empty: int) -> None:
    large.empty_pages = empty
    try:
        found, calls = counted(
            large, GlueCatalog(connection_to(large.server)), KeyBounds("dt", frozenset(["2025-03-04"]))
        )
    finally:
        large.empty_pages = 0
        large.changed()
    assert [partition.values for partition in found] == [("2025-03-04", f"{hour:02d}") for hour in range(24)]
    assert calls.total() <= 12


def test_a_range_of_a_large_table_is_asked_of_glue(large: FakeGlue) -> None:
    found, calls = counted(large, GlueCatalog(connection_to(large.server)), KeyBounds("dt", low="2031-01-01"))
    assert {partition.values for partition in found} == {
        values for values in days_and_hours(LARGE) if values[0] >= "2031"
    }
    assert calls["GetPartitions"] <= 12 + len(found) // 1000 + 10


def test_listing_stops_when_nobody_reads_on(large: FakeGlue) -> None:
    catalog = GlueCatalog(connection_to(large.server))
    table = catalog.get_table(CLICKS)
    large.calls.clear()
    listing = catalog.list_partitions(table, ordered=False)
    next(listing)
    listing.close()  # type: ignore[attr-defined]
    assert large.count("GetPartitions") <= 1 + 2 * 10


def test_a_small_table_is_listed_in_one_call(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fake.fill("web", "clicks", days_and_hours(1000))
    found, calls = counted(fake, catalog)
    assert len(found) == 1000
    assert calls["GetPartitions"] == 1


def test_empty_pages_do_not_end_a_listing(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fake.fill("web", "clicks", days_and_hours(300))
    fake.page, fake.empty_pages = 7, 2
    found, _ = counted(fake, catalog)
    assert [partition.values for partition in found] == sorted(days_and_hours(300))
    fake.changed()
    several, _ = counted(fake, catalog, KeyBounds("dt", low="2020-01-02", high="2020-01-03"))
    assert len(several) == 48


def test_keys_that_a_lookup_leaves_are_asked_for_again(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fake.fill("web", "clicks", days_and_hours(48))
    fake.leave = 20
    days, hours = frozenset(["2020-01-01", "2020-01-02"]), frozenset(f"{hour:02d}" for hour in range(24))
    found, calls = counted(fake, catalog, KeyBounds("dt", days), KeyBounds("hour", hours))
    assert len(found) == 48
    assert calls["BatchGetPartition"] > 2


def test_more_values_than_an_expression_holds_are_asked_for_in_several(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fake.fill("web", "clicks", days_and_hours(24 * 400))
    days = frozenset(sorted({day for day, _ in days_and_hours(24 * 400)})[::2])
    found, _ = counted(fake, catalog, KeyBounds("dt", days))
    assert {partition.values[0] for partition in found} == days
    assert len(found) == 24 * 200
    texts = {each["Expression"] for each in fake.requests("GetPartitions")}
    assert 2 <= len(texts) <= 10
    assert max(map(len, texts)) <= 2048


def test_a_key_that_glue_cannot_compare_is_compared_here(fake: FakeGlue, catalog: GlueCatalog) -> None:
    keys = (Column("n", "int"), Column("hour", "string"))
    catalog.create_table(replace(clicks_table(), name="counted", partition_keys=keys))
    table = catalog.get_table(TableName("web", "counted"))
    values = [("1", "a"), ("01", "b"), ("2", "a"), ("__HIVE_DEFAULT_PARTITION__", "a")]
    partitions = [Partition(each, "s3://bucket/x/", table.descriptor) for each in values]
    assert catalog.add_partitions(table.full_name, partitions) == []
    found = list(catalog.list_partitions(table, [KeyBounds("n", frozenset(["1"]))]))
    assert [partition.values for partition in found] == [("1", "a")]
    assert [request.get("Expression") for request in fake.requests("GetPartitions")] == ["n = 1", None]


def test_databases_and_tables_are_listed_over_pages(fake: FakeGlue, catalog: GlueCatalog) -> None:
    for number in range(250):
        fake.create_database({"DatabaseInput": {"Name": f"d{number:03}"}})
        fake.create_table({"DatabaseName": "web", "TableInput": {"Name": f"t{number:03}"}})
    assert [each.name for each in catalog.list_databases()] == [*(f"d{number:03}" for number in range(250)), "web"]
    assert [each.name for each in catalog.list_tables("web")] == ["clicks", *(f"t{number:03}" for number in range(250))]
    catalog.drop_database("web", cascade=True)
    assert [len(each["TablesToDelete"]) for each in fake.requests("BatchDeleteTable")] == [100, 100, 51]


# Changes


def test_changes_go_in_batches_of_the_size_that_glue_takes(fake: FakeGlue, catalog: GlueCatalog) -> None:
    partitions = made(230, catalog.get_table(CLICKS))
    assert catalog.add_partitions(CLICKS, partitions) == []
    assert sorted(len(each["PartitionInputList"]) for each in fake.requests("BatchCreatePartition")) == [30, 100, 100]
    swapped = [(replace(each, location=f"{each.location}v2/"), each) for each in partitions]
    assert catalog.replace_partitions(CLICKS, swapped) == []
    assert sorted(len(each["Entries"]) for each in fake.requests("BatchUpdatePartition")) == [30, 100, 100]
    assert all(each.location.endswith("v2/") for each in catalog.list_partitions(catalog.get_table(CLICKS)))
    assert catalog.drop_partitions(CLICKS, [each.values for each in partitions]) == []
    assert sorted(len(each["PartitionsToDelete"]) for each in fake.requests("BatchDeletePartition")) == [5] + [25] * 9
    assert list(catalog.list_partitions(catalog.get_table(CLICKS))) == []


def test_refusals_of_every_batch_are_returned(fake: FakeGlue, catalog: GlueCatalog) -> None:
    partitions = made(350, catalog.get_table(CLICKS))
    catalog.add_partitions(CLICKS, partitions[::50])
    refused = catalog.add_partitions(CLICKS, iter(partitions))
    assert {(each.values, each.reason) for each in refused} == {
        (each.values, ALREADY_EXISTS) for each in partitions[::50]
    }
    catalog.drop_partitions(CLICKS, [each.values for each in partitions[::70]])
    again = catalog.drop_partitions(CLICKS, [each.values for each in partitions])
    assert {(each.values, each.reason) for each in again} == {(each.values, NOT_FOUND) for each in partitions[::70]}


def test_a_partition_with_an_empty_value_is_refused_and_the_others_taken(catalog: GlueCatalog) -> None:
    table = catalog.get_table(CLICKS)
    good, bad = (
        Partition(("a", "b"), "s3://bucket/a/", table.descriptor),
        Partition(("", "b"), "s3://b/", table.descriptor),
    )
    assert [each.values for each in catalog.add_partitions(CLICKS, [bad, good])] == [("", "b")]
    assert [each.values for each in catalog.drop_partitions(CLICKS, [("", "b"), ("a", "b")])] == [("", "b")]


def test_a_table_changed_between_look_and_change_is_not_replaced(fake: FakeGlue, catalog: GlueCatalog) -> None:
    table = catalog.get_table(CLICKS)

    def meanwhile(operation: str) -> None:
        if operation == "UpdateTable":
            fake.tables[OWN, "web", "clicks"].version += 1
            fake.changed()

    fake.before = meanwhile
    with pytest.raises(CatalogChanged, match=r"'web\.clicks' was changed meanwhile"):
        catalog.replace_table(replace(table, owner="me"), expected=table)
    assert catalog.get_table(CLICKS).owner is None
    fake.before = lambda operation: None
    catalog.replace_table(replace(table, owner="me"), expected=table)
    assert fake.requests("UpdateTable")[-1]["SkipArchive"] is True


# Lost answers and refusals of the moment


def test_a_change_whose_answer_was_lost_is_made_once_and_succeeds(
    fake: FakeGlue, catalog: GlueCatalog, quick_retries: None
) -> None:
    fake.lose.update({"CreateDatabase": 1, "CreateTable": 1, "BatchCreatePartition": 1, "UpdateTable": 1})
    catalog.create_database(Database("logs", description="kept"))
    catalog.create_table(replace(clicks_table(), database="logs"))
    table = catalog.get_table(TableName("logs", "clicks"))
    partitions = made(150, table)
    assert catalog.add_partitions(table.full_name, partitions) == []
    assert len(list(catalog.list_partitions(table))) == 150
    catalog.replace_table(replace(table, owner="me"), expected=table)
    assert catalog.get_table(table.full_name).owner == "me"
    fake.lose.update({"BatchDeletePartition": 1, "DeleteTable": 1, "DeleteDatabase": 1})
    assert catalog.drop_partitions(table.full_name, [each.values for each in partitions]) == []
    catalog.drop_table(table.full_name)
    catalog.drop_database("logs")
    assert [each.name for each in catalog.list_databases()] == ["web"]


def test_what_was_there_is_refused_also_when_an_answer_was_lost(
    fake: FakeGlue, catalog: GlueCatalog, quick_retries: None
) -> None:
    table = catalog.get_table(CLICKS)
    mine, theirs = made(2, table)
    catalog.add_partitions(CLICKS, [replace(theirs, location="s3://bucket/theirs/")])
    fake.lose["BatchCreatePartition"] = 1
    assert [each.values for each in catalog.add_partitions(CLICKS, [mine, theirs])] == [theirs.values]
    fake.lose["CreateTable"] = 1
    with pytest.raises(AlreadyExists):
        catalog.create_table(replace(table, location="s3://bucket/other/"))


def test_throttled_calls_are_repeated_until_they_pass_or_are_given_up(
    fake: FakeGlue, catalog: GlueCatalog, quick_retries: None
) -> None:
    fake.throttle["GetTable"] = 7
    assert catalog.get_table(CLICKS).name == "clicks"
    fake.throttle["GetTable"] = 10**6
    with pytest.raises(Throttled, match=r"table 'web\.clicks': .* too many calls") as raised:
        catalog.get_table(CLICKS)
    assert raised.value.exit_code == 1
    assert fake.count("GetTable") <= 8 + 18


def test_an_endpoint_that_is_down_is_said_in_a_line(quick_retries: None) -> None:
    with fake_glue() as gone:
        catalog = GlueCatalog(connection_to(gone.server))
    with pytest.raises(ConnectionFailed, match=r"table 'web\.clicks'") as raised:
        catalog.get_table(CLICKS)
    assert raised.value.exit_code == 3
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("seed", range(5))
def test_all_ends_right_when_a_third_of_the_calls_fails(
    fake: FakeGlue, catalog: GlueCatalog, quick_retries: None, seed: int
) -> None:
    chance = random.Random(seed)
    tries = Counter[str]()

    def fail(operation: str) -> None:
        tries[operation] += 1
        fault = chance.choice(["throttled", "failed", "unheard", "unanswered"]) if chance.random() < 0.3 else None
        if fault == "throttled":
            raise Refusal("ThrottlingException", "Rate exceeded")
        if fault == "failed":
            raise Refusal("InternalServiceException", "oops", 500)
        if fault is not None:
            fake.lose[operation] += 1
        if fault == "unheard":
            raise Refusal("InternalServiceException", "not carried out", 500)

    fake.before = fail
    partitions = made(600, catalog.get_table(CLICKS))
    assert catalog.add_partitions(CLICKS, partitions) == []
    table = catalog.get_table(CLICKS)
    assert [replace(each, created_at=None) for each in catalog.list_partitions(table)] == partitions
    moved = [(replace(each, location=f"{each.location}v2/"), each) for each in partitions[:250]]
    assert catalog.replace_partitions(CLICKS, moved) == []
    assert catalog.drop_partitions(CLICKS, [each.values for each in partitions[200:]]) == []
    assert [each.location for each in catalog.list_partitions(table)] == [new.location for new, _ in moved[:200]]
    assert tries.total() < 4 * 60


def test_an_endpoint_that_is_something_else_is_no_empty_catalog() -> None:
    with web_page() as url:
        catalog = GlueCatalog(connection_to(Server(url, 0)))
        for act in (
            lambda: list(catalog.list_databases()),
            lambda: list(catalog.list_tables("web")),
            lambda: catalog.get_table(CLICKS),
            lambda: list(catalog.list_partitions(clicks_table())),
        ):
            with pytest.raises(ConnectionFailed, match="the endpoint does not answer as Glue does"):
                act()


@contextmanager
def web_page() -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# Links, other accounts, views


def link(fake: FakeGlue, **fields: Any) -> None:
    """Web.linked leads to logs.events of another account, which Glue itself does not follow."""
    fake.create_database({"CatalogId": OTHER, "DatabaseInput": {"Name": "logs"}})
    columns = [{"Name": "id", "Type": "string"}]
    keys = [{"Name": "dt", "Type": "string"}]
    described = {"Columns": columns, "Location": "s3://theirs/events/"}
    table = {"Name": "events", "StorageDescriptor": described, "PartitionKeys": keys, "TableType": "EXTERNAL_TABLE"}
    fake.create_table({"CatalogId": OTHER, "DatabaseName": "logs", "TableInput": table})
    target = {"CatalogId": OTHER, "DatabaseName": "logs", "Name": "events"} | fields
    fake.create_table({"DatabaseName": "web", "TableInput": {"Name": "linked", "TargetTable": target}})


def test_a_link_to_a_table_is_followed(fake: FakeGlue, catalog: GlueCatalog) -> None:
    link(fake)
    name = TableName("web", "linked")
    table = catalog.get_table(name)
    assert (table.full_name, table.location, [key.name for key in table.partition_keys]) == (
        name,
        "s3://theirs/events/",
        ["dt"],
    )
    day = Partition(("2026-01-01",), "s3://theirs/events/1/", table.descriptor)
    assert catalog.add_partitions(name, [day]) == []
    assert [each.values for each in catalog.list_partitions(table)] == [day.values]
    assert list(fake.tables[OTHER, "logs", "events"].partitions) == [day.values]
    catalog.replace_table(replace(table, description="said"), expected=table)
    assert fake.tables[OTHER, "logs", "events"].fields["Description"] == "said"
    assert catalog.drop_partitions(name, [day.values]) == []
    catalog.drop_table(name)
    assert (OTHER, "logs", "events") in fake.tables
    assert (OWN, "web", "linked") not in fake.tables


def test_a_link_that_leads_nowhere_says_so(fake: FakeGlue, catalog: GlueCatalog) -> None:
    link(fake, Name="gone")
    with pytest.raises(TableNotFound) as raised:
        catalog.get_table(TableName("web", "linked"))
    assert raised.value.hint == f"it links to logs.gone of account {OTHER}, which is not there or not shared with you"


def test_a_link_into_another_region_names_it(fake: FakeGlue, catalog: GlueCatalog) -> None:
    link(fake, Region="eu-west-3")
    with pytest.raises(CatalogFailed, match=r"'web\.linked' is a link into region eu-west-3"):
        catalog.get_table(TableName("web", "linked"))


def test_a_link_to_a_database_is_followed(fake: FakeGlue, catalog: GlueCatalog) -> None:
    link(fake)
    target = {"CatalogId": OTHER, "DatabaseName": "logs"}
    fake.create_database({"DatabaseInput": {"Name": "shared", "TargetDatabase": target}})
    assert [str(each.full_name) for each in catalog.list_tables("shared")] == ["shared.events"]
    table = catalog.get_table(TableName("shared", "events"))
    assert table.location == "s3://theirs/events/"
    day = Partition(("2026-01-01",), "s3://theirs/events/1/", table.descriptor)
    assert catalog.add_partitions(table.full_name, [day]) == []
    assert [each.values for each in catalog.list_partitions(table)] == [day.values]
    with pytest.raises(TableNotFound, match=r"'shared\.gone'"):
        catalog.get_table(TableName("shared", "gone"))
    catalog.drop_database("shared", cascade=True)
    assert (OTHER, "logs", "events") in fake.tables


def test_another_account_s_catalog_is_named_in_every_call(fake: FakeGlue) -> None:
    link(fake)
    catalog = GlueCatalog(connection_to(fake.server), catalog_id=OTHER)
    fake.calls.clear()
    assert [each.name for each in catalog.list_databases()] == ["logs"]
    [table] = catalog.list_tables("logs")
    day = Partition(("2026-01-01",), "s3://theirs/events/1/", table.descriptor)
    catalog.add_partitions(table.full_name, [day])
    catalog.replace_partition(table.full_name, replace(day, location="s3://theirs/2/"), expected=day)
    assert [each.location for each in catalog.list_partitions(table)] == ["s3://theirs/2/"]
    catalog.drop_partitions(table.full_name, [day.values])
    catalog.replace_table(table)
    catalog.drop_table(table.full_name)
    with pytest.raises(DatabaseNotFound):
        catalog.get_table(CLICKS)
    assert {request.get("CatalogId") for _, request in fake.calls} == {OTHER}


def test_what_decides_who_may_read_a_table_is_told(fake: FakeGlue, catalog: GlueCatalog) -> None:
    fields = fake.tables[OWN, "web", "clicks"].fields
    assert catalog.get_table(CLICKS).extra == {}
    fields["FederatedTable"] = {"ConnectionName": "aws:s3tables"}
    fake.changed()
    assert catalog.get_table(CLICKS).extra == {"FederatedTable": {"ConnectionName": "aws:s3tables"}}


def test_an_athena_view_reads_back(catalog: GlueCatalog) -> None:
    view = View("SELECT 1 AS n", "web", (("n", "integer"),))
    catalog.create_table(view_table(TableName("web", "ones"), view))
    assert decode_view(catalog.get_table(TableName("web", "ones"))) == view
