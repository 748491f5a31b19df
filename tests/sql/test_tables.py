"""Which table a name means: CTEs, views, databases."""

import pytest

import lake
from lake.errors import InvalidSql, LakeError, TableNotFound


@pytest.fixture
def web(db: lake.Lake) -> lake.Lake:
    db.query("CREATE DATABASE web")
    db.query("CREATE VIEW web.one AS SELECT 1 AS n")
    db.query("CREATE VIEW two AS SELECT n + 1 AS n FROM web.one")
    db.query("CREATE VIEW web.three AS SELECT n + 1 AS n FROM default.two")
    return db


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT n FROM web.one", 1),
        ("SELECT n FROM awsdatacatalog.web.one", 1),
        ('SELECT n FROM AwsDataCatalog."web"."ONE"', 1),
        ("SELECT n FROM Two", 2),
        ("SELECT n FROM web.three", 3),
        ("WITH two AS (SELECT 9 AS n) SELECT n FROM two", 9),
        ("WITH two AS (SELECT n * 10 AS n FROM two) SELECT n FROM two", 20),
        ("WITH a AS (SELECT 5 AS n), b AS (SELECT n + 1 AS n FROM a) SELECT n FROM b", 6),
        ("SELECT n FROM (WITH two AS (SELECT 7 AS n) SELECT n FROM two)", 7),
        ("WITH one AS (SELECT 8 AS n) SELECT web.one.n FROM web.one", 1),
        ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT max(n) FROM r", 4),
        ("SELECT (SELECT max(n) FROM two) + (SELECT n FROM web.one)", 3),
        ("SELECT t.n FROM two t WHERE EXISTS (SELECT 1 FROM web.one o WHERE o.n = t.n - 1)", 2),
    ],
)
def test_a_name_means(web: lake.Lake, sql: str, wanted: int) -> None:
    assert web.query(sql).fetch_all() == [(wanted,)]


@pytest.mark.parametrize(
    ("sql", "error", "words"),
    [
        ("SELECT * FROM one", TableNotFound, "line 1:15.*default.one"),
        ("SELECT *\nFROM   web.nope", TableNotFound, "line 2:"),
        ("SELECT * FROM nope.one", LakeError, "nope"),
        ("SELECT * FROM other.web.one", InvalidSql, "(?i)catalog 'other'"),
        ("SELECT * FROM 'two'", LakeError, "line 1:1[56]: mismatched input ''two''"),
        ("WITH a AS (SELECT n FROM b), b AS (SELECT 1 AS n) SELECT * FROM a", TableNotFound, "default.b"),
        ("SELECT * FROM web.one FOR VERSION AS OF 1", LakeError, "version"),
    ],
)
def test_a_name_that_means_nothing(web: lake.Lake, sql: str, error: type[LakeError], words: str) -> None:
    with pytest.raises(error, match=words):
        web.query(sql)


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT * FROM web.thre", "did you mean web.three?"),
        ("SELECT * FROM wab.one", "did you mean web?"),
        ("SELECT nn FROM web.one", "did you mean n?"),
        ("SELECT * FROM web.something_else", "tap-lake tables lists what is"),
        ("SELECT u.n FROM web.one t", None),
    ],
)
def test_what_a_misspelt_name_may_have_meant_is_said(web: lake.Lake, sql: str, hint: str | None) -> None:
    with pytest.raises(LakeError) as told:
        web.query(sql)
    assert told.value.hint == hint


def test_a_view_that_reads_itself_is_found(web: lake.Lake) -> None:
    web.query("CREATE OR REPLACE VIEW web.one AS SELECT 1 AS n")
    web.query("CREATE OR REPLACE VIEW web.one AS SELECT n FROM web.three")
    with pytest.raises(InvalidSql, match="reads itself"):
        web.query("SELECT * FROM web.three")


def test_the_database_is_chosen_with_the_query(web: lake.Lake) -> None:
    assert web.query("SELECT n FROM one", database="web").fetch_all() == [(1,)]
