"""What every catalog does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake.clock import FixedClock
from lake.errors import AlreadyExists, CatalogFailed, DatabaseNotFound, GuardRefused, TableNotFound
from lake.interfaces import Catalog
from lake.model import (
    ALREADY_EXISTS,
    CHANGED,
    NOT_FOUND,
    Column,
    Database,
    KeyBounds,
    Partition,
    Refusal,
    StorageDescriptor,
    Table,
    TableName,
)
from tests.catalog import strategies
from tests.catalog.conftest import clicks_table

CLICKS = TableName("web", "clicks")
# A service needs longer for an example than a file does.
same_catalog_for_all = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 2
)


def hour(table: Table, dt: str, hour: str = "00", **changes: object) -> Partition:
    location = f"s3://bucket/web/clicks/dt={dt}/hour={hour}/"
    return replace(Partition((dt, hour), location, table.descriptor), **changes)


def timeless(subject: object) -> object:
    changes: dict[str, None] = {"created_at": None}
    if isinstance(subject, Table):
        changes["updated_at"] = None
    return replace(subject, **changes)  # type: ignore[type-var]


def refused(refusals: list[Refusal]) -> list[tuple[tuple[str, ...], str]]:
    return [(refusal.values, refusal.reason) for refusal in refusals]


# Databases


def test_databases_are_listed_by_name(catalog: Catalog) -> None:
    for name in ("web", "Analytics", "zoo"):
        catalog.create_database(Database(name))
    assert [database.name for database in catalog.list_databases()] == ["analytics", "web", "zoo"]


def test_a_database_is_made_once_whatever_the_case_of_its_name(catalog: Catalog) -> None:
    catalog.create_database(Database("web", description="kept"))
    with pytest.raises(AlreadyExists, match="'web'"):
        catalog.create_database(Database("WEB", description="not taken"))
    assert [database.description for database in catalog.list_databases()] == ["kept"]


@given(data=st.data())
@same_catalog_for_all
def test_nothing_of_a_database_is_lost(catalog: Catalog, kinds: strategies.Kinds, data: st.DataObject) -> None:
    databases = data.draw(st.lists(kinds.databases, unique_by=lambda database: database.name, max_size=3))
    for database in databases:
        catalog.create_database(database)
    found = {database.name: database for database in catalog.list_databases()}
    for database in databases:
        assert timeless(found[database.name]) == timeless(database)
        catalog.drop_database(database.name)


def test_a_database_with_tables_is_dropped_only_when_told_so(catalog: Catalog, clicks: Table) -> None:
    catalog.add_partitions(CLICKS, [hour(clicks, "2026-01-01")])
    with pytest.raises(GuardRefused, match="'web' holds 1 table"):
        catalog.drop_database("Web")
    assert catalog.get_table(CLICKS) == clicks
    catalog.drop_database("Web", cascade=True)
    assert list(catalog.list_databases()) == []
    catalog.create_database(Database("web"))
    assert list(catalog.list_tables("web")) == []


def test_a_database_that_is_not_there_is_named(catalog: Catalog) -> None:
    for act in (
        lambda: catalog.drop_database("gone"),
        lambda: list(catalog.list_tables("gone")),
        lambda: catalog.get_table(TableName("gone", "clicks")),
        lambda: catalog.create_table(Table("gone", "clicks")),
    ):
        with pytest.raises(DatabaseNotFound, match="'gone'"):
            act()


# Tables


def test_tables_are_found_without_case_and_listed_by_name(catalog: Catalog, clicks: Table) -> None:
    catalog.create_table(Table("WEB", "Answers"))
    assert catalog.get_table(TableName("Web", "CLICKS")) == clicks
    assert [table.name for table in catalog.list_tables("WEB")] == ["answers", "clicks"]


def test_a_table_name_is_taken_once(catalog: Catalog, clicks: Table) -> None:
    with pytest.raises(AlreadyExists, match=r"'web\.clicks'"):
        catalog.create_table(Table("web", "Clicks", location="s3://bucket/elsewhere/"))
    assert catalog.get_table(CLICKS) == clicks


def test_a_table_that_is_not_there_is_named(catalog: Catalog, clicks: Table) -> None:
    absent = Table("web", "gone", partition_keys=clicks.partition_keys)
    partition = hour(clicks, "2026-01-01")
    for act in (
        lambda: catalog.get_table(absent.full_name),
        lambda: catalog.replace_table(absent),
        lambda: catalog.drop_table(absent.full_name),
        lambda: list(catalog.list_partitions(absent)),
        lambda: catalog.add_partitions(absent.full_name, [partition]),
        lambda: catalog.replace_partition(absent.full_name, partition, expected=partition),
        lambda: catalog.drop_partitions(absent.full_name, [("2026-01-01", "00")]),
    ):
        with pytest.raises(TableNotFound, match=r"'web\.gone'"):
            act()


@given(data=st.data())
@same_catalog_for_all
def test_nothing_of_a_table_is_lost(catalog: Catalog, kinds: strategies.Kinds, data: st.DataObject) -> None:
    table, changed = data.draw(kinds.tables), data.draw(kinds.tables)
    if not any(database.name == "web" for database in catalog.list_databases()):
        catalog.create_database(Database("web"))
    catalog.create_table(table)
    assert timeless(catalog.get_table(table.full_name)) == timeless(table)
    catalog.replace_table(replace(changed, name=table.name))
    assert timeless(catalog.get_table(table.full_name)) == timeless(replace(changed, name=table.name))
    assert [timeless(found) for found in catalog.list_tables("web")] == [timeless(replace(changed, name=table.name))]
    catalog.drop_table(table.full_name)


def test_a_table_keeps_the_time_of_its_making_when_it_is_replaced(
    catalog: Catalog, clicks: Table, clock: FixedClock
) -> None:
    assert clicks.created_at is not None
    assert clicks.updated_at == clicks.created_at
    clock.advance(timedelta(hours=1, microseconds=1))
    catalog.replace_table(replace(clicks, description="new"))
    changed = catalog.get_table(CLICKS)
    assert changed.created_at == clicks.created_at
    assert changed.updated_at is not None
    assert changed.updated_at >= clicks.updated_at


def test_replacing_a_table_fails_when_someone_else_was_faster(catalog: Catalog, clicks: Table) -> None:
    catalog.replace_table(replace(clicks, owner="first"), expected=clicks)
    with pytest.raises(CatalogFailed, match="changed meanwhile"):
        catalog.replace_table(replace(clicks, owner="second"), expected=clicks)
    assert catalog.get_table(CLICKS).owner == "first"


def test_replacing_a_table_leaves_its_partitions_as_they_are(catalog: Catalog, clicks: Table) -> None:
    before = [hour(clicks, "2026-01-01"), hour(clicks, "2026-01-02", parameters={"rows": "2"})]
    catalog.add_partitions(CLICKS, before)
    wider = StorageDescriptor(columns=(*clicks.columns, Column("referer", "string")))
    catalog.replace_table(replace(clicks, descriptor=wider), expected=clicks)
    table = catalog.get_table(CLICKS)
    assert table.columns == wider.columns
    assert [timeless(partition) for partition in catalog.list_partitions(table)] == before


def test_a_table_made_anew_has_no_partitions_of_the_old_one(catalog: Catalog, clicks: Table) -> None:
    catalog.add_partitions(CLICKS, [hour(clicks, "2026-01-01")])
    catalog.drop_table(CLICKS)
    catalog.create_table(clicks_table())
    assert list(catalog.list_partitions(clicks)) == []


# Partitions


@given(data=st.data())
@same_catalog_for_all
def test_nothing_of_a_partition_is_lost(catalog: Catalog, kinds: strategies.Kinds, data: st.DataObject) -> None:
    partitions = data.draw(st.lists(kinds.partitions(2), unique_by=lambda partition: partition.values, max_size=4))
    table = fresh_clicks(catalog)
    assert catalog.add_partitions(CLICKS, partitions) == []
    found = [timeless(partition) for partition in catalog.list_partitions(table)]
    assert found == sorted(partitions, key=lambda partition: partition.values)


def fresh_clicks(catalog: Catalog) -> Table:
    """Web.clicks without partitions, also when a test has used it before."""
    try:
        table = catalog.get_table(CLICKS)
    except DatabaseNotFound:
        catalog.create_database(Database("web"))
        catalog.create_table(clicks_table())
        return catalog.get_table(CLICKS)
    catalog.drop_partitions(CLICKS, [partition.values for partition in catalog.list_partitions(table)])
    return table


def test_partitions_share_the_columns_of_their_table(catalog: Catalog, clicks: Table) -> None:
    other = StorageDescriptor(columns=(Column("id", "int"),))
    equal = replace(clicks.descriptor, parameters={})
    days = [hour(clicks, "1"), hour(clicks, "2", descriptor=equal), hour(clicks, "3", descriptor=other)]
    catalog.add_partitions(CLICKS, [*days, hour(clicks, "4", descriptor=replace(other))])
    first, second, third, fourth = catalog.list_partitions(clicks)
    assert first.descriptor is clicks.descriptor
    assert second.descriptor is clicks.descriptor
    assert third.descriptor == other
    assert fourth.descriptor is third.descriptor
    asked_with = replace(clicks, descriptor=replace(clicks.descriptor))
    assert next(iter(catalog.list_partitions(asked_with))).descriptor is asked_with.descriptor


def test_a_partition_that_is_there_is_refused_and_left_as_it_is(catalog: Catalog, clicks: Table) -> None:
    first = hour(clicks, "2026-01-01", location="s3://bucket/first/")
    assert catalog.add_partitions(CLICKS, [first]) == []
    days = [hour(clicks, "2026-01-02"), hour(clicks, "2026-01-01"), hour(clicks, "2026-01-03")]
    assert refused(catalog.add_partitions(CLICKS, days)) == [(("2026-01-01", "00"), ALREADY_EXISTS)]
    assert [partition.values[0] for partition in catalog.list_partitions(clicks)] == [
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
    ]
    assert next(iter(catalog.list_partitions(clicks))).location == "s3://bucket/first/"


def test_a_partition_given_twice_in_one_call_is_taken_once(catalog: Catalog, clicks: Table) -> None:
    day = hour(clicks, "2026-01-01")
    assert refused(catalog.add_partitions(CLICKS, iter([day, replace(day, location="s3://bucket/b/")]))) == [
        (day.values, ALREADY_EXISTS)
    ]
    assert [timeless(partition) for partition in catalog.list_partitions(clicks)] == [day]


def test_partitions_that_do_not_fit_the_keys_are_refused_and_the_others_taken(catalog: Catalog, clicks: Table) -> None:
    wrong = [hour(clicks, "x", values=("only one",)), hour(clicks, "x", values=("one", "too", "many"))]
    refusals = catalog.add_partitions(CLICKS, [wrong[0], hour(clicks, "2026-01-01"), wrong[1]])
    assert [refusal.values for refusal in refusals] == [("only one",), ("one", "too", "many")]
    assert len(list(catalog.list_partitions(clicks))) == 1


def test_a_table_without_keys_takes_no_partition(catalog: Catalog, clicks: Table) -> None:
    catalog.create_table(Table("web", "flat", location="s3://bucket/web/flat/"))
    partition = Partition((), "s3://bucket/web/flat/", clicks.descriptor)
    assert len(catalog.add_partitions(TableName("web", "flat"), [partition])) == 1
    assert list(catalog.list_partitions(catalog.get_table(TableName("web", "flat")))) == []


def test_a_partition_is_replaced_in_one_step(catalog: Catalog, clicks: Table) -> None:
    old, other = hour(clicks, "2026-01-01"), hour(clicks, "2026-01-02")
    new = Partition(old.values, "s3://bucket/compact/", StorageDescriptor(columns=(Column("id", "int"),)), {"a": "b"})
    catalog.add_partitions(CLICKS, [old, other])
    assert catalog.replace_partition(CLICKS, new, expected=old) is None
    assert [timeless(partition) for partition in catalog.list_partitions(clicks)] == [new, other]


@pytest.mark.parametrize(
    "change",
    [
        {"location": "s3://bucket/else/"},
        {"parameters": {"rows": "1"}},
        {"descriptor": StorageDescriptor(columns=(Column("id", "int"),))},
    ],
    ids=["location", "parameters", "columns"],
)
def test_a_partition_that_was_changed_meanwhile_is_not_replaced(
    catalog: Catalog, clicks: Table, change: dict[str, object]
) -> None:
    old = hour(clicks, "2026-01-01")
    changed = replace(old, **change)
    catalog.add_partitions(CLICKS, [changed])
    refusal = catalog.replace_partition(CLICKS, replace(old, location="s3://bucket/mine/"), expected=old)
    assert refusal is not None
    assert (refusal.values, refusal.reason) == (old.values, CHANGED)
    assert [timeless(partition) for partition in catalog.list_partitions(clicks)] == [changed]


def test_a_partition_that_is_not_there_is_not_replaced(catalog: Catalog, clicks: Table) -> None:
    day = hour(clicks, "2026-01-01")
    refusal = catalog.replace_partition(CLICKS, day, expected=day)
    assert refusal is not None
    assert (refusal.values, refusal.reason) == (day.values, NOT_FOUND)
    assert list(catalog.list_partitions(clicks)) == []


def test_dropping_partitions_reports_those_that_were_not_there(catalog: Catalog, clicks: Table) -> None:
    catalog.add_partitions(CLICKS, [hour(clicks, day) for day in "abc"])
    assert refused(catalog.drop_partitions(CLICKS, [("a", "00"), ("z", "00"), ("c", "00")])) == [
        (("z", "00"), NOT_FOUND)
    ]
    assert [partition.values for partition in catalog.list_partitions(clicks)] == [("b", "00")]
    assert refused(catalog.drop_partitions(CLICKS, [("a", "00")])) == [(("a", "00"), NOT_FOUND)]


# Narrowing

few_texts = st.text(st.sampled_from("ab\x00\x01\x02\x03\x1e\x1f\x20@A~é\ue000\U0001f600"), max_size=3)


@st.composite
def bounds(draw: st.DrawFn) -> KeyBounds:
    key = draw(st.sampled_from(["dt", "hour", "DT", "unknown"]))
    texts = few_texts | strategies.any_text
    if draw(st.booleans()):
        return KeyBounds(key, values=draw(st.frozensets(texts, max_size=4)))
    return KeyBounds(key, low=draw(st.none() | texts), high=draw(st.none() | texts))


def includes(where: list[KeyBounds], values: tuple[str, ...]) -> bool:
    """What a predicate says, said again in the plainest way."""
    for bound in where:
        if bound.key.lower() not in ("dt", "hour"):
            continue
        value = values[("dt", "hour").index(bound.key.lower())]
        if bound.values is not None and value not in bound.values:
            return False
        if (bound.low is not None and value < bound.low) or (bound.high is not None and value > bound.high):
            return False
    return True


@given(
    pairs=st.sets(st.tuples(few_texts, few_texts), min_size=1, max_size=40),
    conditions=st.lists(st.lists(bounds(), max_size=3), min_size=1, max_size=6),
)
@same_catalog_for_all
def test_narrowing_never_loses_a_partition(
    catalog: Catalog, pairs: set[tuple[str, str]], conditions: list[list[KeyBounds]]
) -> None:
    table = fresh_clicks(catalog)
    unfit = catalog.add_partitions(CLICKS, [hour(table, "x", values=pair) for pair in pairs])
    assert all("" in refusal.values for refusal in unfit)
    pairs = pairs - {refusal.values for refusal in unfit}
    for where in conditions:
        found = [partition.values for partition in catalog.list_partitions(table, where)]
        assert found == sorted(found)
        assert len(found) == len(set(found))
        assert {pair for pair in pairs if includes(where, pair)} <= set(found) <= pairs


def test_partitions_are_listed_by_value(catalog: Catalog, clicks: Table) -> None:
    values = [("b", "1"), ("a", "2"), ("a b", "0"), ("a", "10"), (" ", " "), ("a\x01", "0"), ("ä", "0")]
    catalog.add_partitions(CLICKS, [hour(clicks, "x", values=value) for value in values])
    assert [partition.values for partition in catalog.list_partitions(clicks)] == sorted(values)


def test_a_listing_that_began_before_a_change_can_be_read_on(catalog: Catalog, clicks: Table) -> None:
    catalog.add_partitions(CLICKS, [hour(clicks, f"{day:02}") for day in range(10)])
    listing = catalog.list_partitions(clicks)
    first = next(listing)
    catalog.drop_partitions(CLICKS, [("05", "00")])
    catalog.add_partitions(CLICKS, [hour(clicks, "99")])
    seen = {first.values[0], *(partition.values[0] for partition in listing)}
    assert seen >= {f"{day:02}" for day in range(10) if day != 5}
