"""The two walls around a query, each tried alone and both together (`attempts.py` says which must hold)."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lake
from lake.engine.sandbox import EngineLimits, Reach, open_locked
from lake.errors import InvalidSql, LakeError, NotFound
from lake.model import Column, SerDe, StorageDescriptor, Table, TableType
from tests.sandbox.attempts import ATTEMPTS, Attempt, Wall

SECRET = "the secret of this machine"


@dataclass(frozen=True)
class Ground:
    """A lake with table `t`, a secret beside it, and a link to it in the table's folder."""

    db: lake.Lake
    data: Path
    secret: Path

    def sql(self, attempt: Attempt) -> str:
        words = {"{secret}": self.secret, "{data}": self.data, "{link}": self.data / "link.txt"}
        sql = attempt.sql
        for word, path in words.items():
            sql = sql.replace(word, str(path))
        return sql

    def files(self) -> dict[Path, bytes]:
        """Everything in the table's folder and around the lake, to see that nothing was written."""
        outside = [path for path in self.secret.parent.rglob("*") if ".tap-lake" not in path.parts]
        return {path: path.read_bytes() for path in outside if path.is_file()}


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    lake.create_lake(tmp_path / "lake")
    data = tmp_path / "lake" / "data" / "t"
    data.mkdir(parents=True)
    pq.write_table(pa.table({"id": [1, 2, 3]}), data / "part.parquet")
    with lake.connect(tmp_path / "lake") as db:
        db.query("CREATE EXTERNAL TABLE t (id bigint) STORED AS PARQUET LOCATION 't/'")
        # Made after the table, as a listing that meets it is refused as a whole.
        (data / "link.txt").symlink_to(secret)
        yield Ground(db, data, secret)


def names(attempts: list[Attempt]) -> list[str]:
    return [attempt.sql[:70] for attempt in attempts]


def test_there_are_enough_attempts() -> None:
    assert len({attempt.sql for attempt in ATTEMPTS}) == len(ATTEMPTS) >= 100
    assert all(attempt.stopped_by for attempt in ATTEMPTS)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=names(ATTEMPTS))
def test_both_walls_stop_it(ground: Ground, attempt: Attempt) -> None:
    before = ground.files()
    with pytest.raises(LakeError) as refusal:
        ground.db.query(ground.sql(attempt)).fetch_all()
    assert SECRET not in str(refusal.value)
    assert ground.files() == before


PARSER_ATTEMPTS = [attempt for attempt in ATTEMPTS if Wall.PARSER in attempt.stopped_by]
ENGINE_ATTEMPTS = [attempt for attempt in ATTEMPTS if Wall.ENGINE in attempt.stopped_by]


@pytest.mark.parametrize("attempt", PARSER_ATTEMPTS, ids=names(PARSER_ATTEMPTS))
def test_the_parser_stops_it_alone(ground: Ground, attempt: Attempt) -> None:
    """What the parser refuses never becomes a text for the engine, so an engine without a wall would not see it."""
    (ground.data / "link.txt").unlink()
    with pytest.raises((InvalidSql, NotFound)):
        ground.db.plan(ground.sql(attempt))


@pytest.fixture
def locked(ground: Ground, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that has its wall and hears DuckDB's own SQL."""
    limits = EngineLimits(memory="1GB", threads=1, temp_folder=tmp_path / "spill")
    with open_locked(Reach(frozenset({f"{ground.data}/"})), limits) as connection:
        connection.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{ground.data}/part.parquet')")
        yield connection


@pytest.mark.parametrize("attempt", ENGINE_ATTEMPTS, ids=names(ENGINE_ATTEMPTS))
def test_the_engine_stops_it_alone(ground: Ground, locked: duckdb.DuckDBPyConnection, attempt: Attempt) -> None:
    python_object = pa.table({"a": [1]})
    before = ground.files()
    with pytest.raises(duckdb.Error) as refusal:
        locked.execute(ground.sql(attempt)).fetchall()
    assert SECRET not in str(refusal.value)
    assert ground.files() == before
    assert not Path("/tmp/tap-lake-escaped.csv").exists()
    assert python_object.num_rows == 1


def test_the_engine_reads_what_it_may(locked: duckdb.DuckDBPyConnection) -> None:
    """Else the tests above would pass for an engine that stops everything."""
    assert locked.execute("SELECT sum(id) FROM t").fetchall() == [(6,)]


def test_a_planted_hole_in_the_engine_is_found(ground: Ground) -> None:
    with duckdb.connect() as unlocked:
        rows = unlocked.execute(
            ground.sql(Attempt("SELECT content FROM read_text('{secret}')", Wall.ENGINE))
        ).fetchall()
    assert rows == [(SECRET,)]


def plant_view(db: lake.Lake, sql: str) -> None:
    """Put a view into the catalog by hand, past the check that CREATE VIEW makes."""
    body = {"originalSql": sql, "catalog": "awsdatacatalog", "schema": "default", "columns": []}
    text = f"/* Presto View: {base64.b64encode(json.dumps(body).encode()).decode()} */"
    db.catalog.create_table(
        Table(
            "default", "planted", table_type=TableType.VIEW, view_original_text=text, parameters={"presto_view": "true"}
        )
    )


@pytest.mark.parametrize("attempt", PARSER_ATTEMPTS, ids=names(PARSER_ATTEMPTS))
def test_a_view_hides_nothing(ground: Ground, attempt: Attempt) -> None:
    plant_view(ground.db, ground.sql(attempt))
    before = ground.files()
    with pytest.raises(LakeError):
        ground.db.query("SELECT * FROM planted").fetch_all()
    assert ground.files() == before


QUOTE_TRICKS = [
    "'",
    "''",
    "'), content := (SELECT 1",
    "\\",
    "\x00",
    "', auto_detect = true, '",
    "'] , ['{secret}",
    "\n'",
]


@pytest.mark.parametrize("trick", QUOTE_TRICKS)
@pytest.mark.parametrize(
    "serde_property", ["field.delim", "escape.delim", "serialization.null.format", "collection.delim"]
)
def test_a_serde_property_is_a_text_and_nothing_else(ground: Ground, serde_property: str, trick: str) -> None:
    value = trick.replace("{secret}", str(ground.secret))
    folder = ground.data.parent / "csv"
    folder.mkdir()
    (folder / "a.csv").write_text("1,x\n")
    serde = SerDe("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", {"field.delim": ",", serde_property: value})
    descriptor = StorageDescriptor((Column("a", "string"), Column("b", "array<string>")), serde=serde)
    ground.db.catalog.create_table(Table("default", "csv", descriptor, location=f"s3://{bucket(ground)}/csv/"))
    assert SECRET not in told(ground.db, "SELECT * FROM csv")


def told(db: lake.Lake, sql: str) -> str:
    """Everything that a user learns from a query: its rows, or its error."""
    try:
        return str(db.query(sql).fetch_all())
    except LakeError as error:
        return str(error)


@pytest.mark.parametrize(
    "location", ["s3://elsewhere/t/", "file:///etc/", "{lake}/../", "{lake}/t/../../..", "{lake}/%2e%2e/"]
)
def test_a_location_outside_is_refused(ground: Ground, location: str) -> None:
    table = ground.db.table("t")
    outside = location.replace("{lake}", f"s3://{bucket(ground)}")
    ground.db.catalog.create_table(replace(table, name="outside", location=outside))
    if "%" in location:
        # A name with a percent sign in it is that name: an empty folder of the lake.
        assert ground.db.query("SELECT * FROM outside").fetch_all() == []
        return
    with pytest.raises(LakeError, match=r"outside|bucket|part|no place"):
        ground.db.query("SELECT * FROM outside")


def test_a_link_that_leads_out_is_named(ground: Ground) -> None:
    with pytest.raises(LakeError, match=r"link\.txt.* outside the lake"):
        ground.db.query("SELECT * FROM t")


def bucket(ground: Ground) -> str:
    return ground.db.directory.settings.bucket
