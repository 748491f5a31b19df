import json
import shlex
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.commands.conftest import NASTY, NESTED, tap_lake
from tests.golden import golden

TEXT_FORMATS = ["table", "vertical", "csv", "tsv", "json", "jsonl", "markdown"]
COUNT = "SELECT id, count(*) AS n FROM readings GROUP BY id ORDER BY id"


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_every_text_format_prints_values_as_kept(lake, run, name):
    for kind, sql in (("nasty", NASTY), ("nested", NESTED)):
        ran = run("query", sql, "--format", name)
        assert (ran.code, ran.err) == (0, "")
        golden(f"commands/{kind}.{name}", ran.out)


def test_a_query_prints_csv_where_there_is_no_terminal(lake, run):
    assert run("query", COUNT).lines == ["id,n", "s0,100", "s1,100", "s2,100"]


@pytest.mark.parametrize(
    ("options", "first"),
    [
        (["--csv"], "id,n"),
        (["--csv", "--no-header"], "s0,100"),
        (["--format", "CSV"], "s0,100"),
        (["--output-format", "CSV_HEADER"], "id,n"),
        (["--format", "TSV"], "s0\t100"),
        (["--format", "TSV_HEADER"], "id\tn"),
        (["--format", "JSON"], '{"id":"s0","n":100}'),
        (["--json"], "["),
        (["--jsonl"], '{"id":"s0","n":100}'),
        (["--markdown"], "| id | n   |"),
        (["--format", "ALIGNED"], "┌────┬─────┐"),
        (["-x"], "-[ RECORD 1 ]-------"),
        (["--csv", "--jsonl"], '{"id":"s0","n":100}'),
    ],
)
def test_formats_go_by_the_names_that_users_know(lake, run, options, first):
    assert run("query", COUNT, *options).lines[0].split() == first.split()


@pytest.mark.parametrize("name", ["none", "NULL", "null"])
def test_the_format_none_prints_nothing(lake, run, name):
    ran = run("query", COUNT, "--format", name)
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("option", ["-e", "--execute", "-c", "--command"])
def test_sql_may_stand_after_an_option(lake, run, option):
    assert run("query", option, "SELECT 1 AS a", option, "SELECT 2 AS b").lines == ["a", "1", "b", "2"]


def test_sql_may_come_from_a_file_or_from_standard_input(lake, run, tmp_path):
    (tmp_path / "q.sql").write_bytes(b"\xef\xbb\xbf-- why; not\nSELECT ';' AS a;\n SELECT 2 AS b ;")
    expected = ["a", ";", "b", "2"]
    assert run("query", "-f", tmp_path / "q.sql").lines == expected
    text = (tmp_path / "q.sql").read_bytes()
    for args in ([], ["-"], ["-f", "-"]):
        assert run("query", *args, stdin=text).lines == expected


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        ([], "there is no statement in the SQL given", "tap-lake query"),
        (["-e", "-- nothing"], "there is no statement in the SQL given", "tap-lake query"),
        (["SELECT 1", "-e", "SELECT 2"], "SQL is given in more than one way", "-e"),
        (["-f", "absent.sql"], "absent.sql cannot be read: No such file or directory", None),
        (["SELECT", "1"], "got unexpected extra argument (1)", "--help"),
        (["SELECT 1", "-p", "x"], "is not name=value", "--help"),
        (["SELECT 1", "-p", "x=1"], "the query has no parameter :x", None),
        (["SELECT :x"], "no value for parameter :x", "-p x="),
        (["SELECT 1", "--formt", "csv"], "no such option '--formt'", "--format"),
        (["SELECT 1", "--format", "xls"], "'xls' is not one of table, vertical", "--help"),
        (["SELECT 1", "--timeout", "soon"], "no span of time", "--help"),
        (["SELECT 1", "-o", "x.xlsx"], "no format goes by the ending .xlsx", "--format"),
        (["SELECT 1", "-o", "absent/x.csv"], "does not exist", "make it first"),
        (["SELECT 1", "-o", "data"], "data is a folder", None),
        (["SHOW TABLES", "-p", "x=1"], "parameters are for queries", None),
        (["SELECT 1; SELECT 2", "-o", "x.parquet"], "parquet holds one result", "one by one"),
        (["SELECT 1; SELECT 2", "--format", "arrow"], "arrow holds one result", "one by one"),
        (["SELECT 1; SELECT 2", "-o", "x.json"], "a file of json holds one result", "jsonl"),
        (["SELECT 1; SHOW TABLES", "--json", "-o", "x"], "a file of json holds one result", "jsonl"),
        (["SELECT 1; SELECT 2", "--dry-run", "-o", "x.json"], "a file of json holds one result", "jsonl"),
        (["SELECT 1; SELECT 2", "-p", "x=1"], "no statement has a parameter :x", None),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(lake, run, args, message, hint):
    ran = run("query", *args)
    assert (ran.code, ran.out) == (2, "")
    first, *rest = ran.err.splitlines()
    assert first.startswith("tap-lake: ")
    assert message in first
    assert len(rest) <= 1
    assert hint is None or (rest[0].startswith("  hint: ") and hint in rest[0])


def test_the_name_of_a_file_is_never_taken_for_sql(lake, run):
    (lake / "q.sql").write_text("SELECT 1")
    ran = run("query", "q.sql")
    assert ran.code == 1
    assert ran.err.splitlines()[1] == "  hint: did you mean -f q.sql?"


def test_parameters_are_typed(lake, run):
    sql = "SELECT count(*) AS n FROM readings WHERE id IN (:ids) AND value > :least AND dt = :day"
    args = ["-p", "ids:string[]=s0,s1", "-p", "least=1.5", "-p", "day=2026-01-31"]
    assert run("query", sql, *args).lines == ["n", "99"]
    assert run("query", "SELECT :x || 'a' AS t", "-p", "x:string=7").lines == ["t", "7a"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [("z=5", "int32"), ("z:bigint=5", "int64"), ("z=1e5", "double"), ("z=1.5", "decimal"), ("z:null=", "")],
)
def test_a_parameter_has_the_type_that_it_is_given(lake, run, tmp_path, given, kind):
    assert run("query", "SELECT :z AS z, :z IS NULL AS absent", "-p", given, "-o", tmp_path / "z.arrow").code == 0
    with pa.ipc.open_file(tmp_path / "z.arrow") as reader:
        table = reader.read_all()
    assert str(table.schema.field("z").type).startswith(kind)
    assert table["absent"].to_pylist() == [given == "z:null="]


def test_a_named_query_reads_its_parameters_as_declared(lake, run):
    assert run("query", "@of_day", "-p", "day=2026-01-31").lines == ["n", "100"]
    assert run("query", "@of_day;", "-p", "day=2026-01-31", "-p", "least=100").lines == ["n", "33"]
    ran = run("query", "@of_day")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "tap-lake: @of_day needs :day (string)")
    assert run("query", "@absent").code == 1


def test_several_statements_stop_at_the_first_that_fails(lake, run):
    ran = run("query", "SELECT 1 AS a; SELECT * FROM absent; SELECT 3 AS c")
    assert (ran.code, ran.lines) == (1, ["a", "1"])
    assert ran.err.startswith("tap-lake: statement 2: line 1:15: table 'default.absent' is not in the catalog\n")


def test_several_statements_may_go_on_after_one_that_fails(lake, run):
    ran = run("query", "SELECT 1 AS a; SELECT * FROM absent; SELECT 3 AS c", "--on-error", "continue")
    assert (ran.code, ran.lines) == (1, ["a", "1", "c", "3"])


def test_statements_share_the_parameters_out(lake, run):
    ran = run("query", "SELECT :a AS a; SHOW DATABASES; SELECT :b AS b", "-p", "a=1", "-p", "b=x")
    assert ran.lines == ["a", "1", "database_name", "default", "web", "b", "x"]


def test_a_statement_without_rows_prints_nothing(lake, run):
    ran = run("query", "CREATE DATABASE made; DROP DATABASE made")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_limit_stops_after_so_many_rows(lake, run):
    assert len(run("query", "SELECT * FROM readings", "--limit", "7").lines) == 8
    assert run("query", "SELECT * FROM readings", "--limit", "0").lines == ["id,value,dt"]
    assert run("query", "SELECT 1 AS a", "--limit", "5").lines == ["a", "1"]


def test_a_dry_run_shows_what_would_be_read(lake, run):
    ran = run(
        "query",
        "--dry-run",
        "SELECT id FROM readings a JOIN readings b USING (id) WHERE a.dt = '2026-01-31'",
        "--jsonl",
    )
    rows = [json.loads(line) for line in ran.lines]
    assert [(row["table"], row["partitions"], row["files"]) for row in rows] == [
        ("default.readings", 1, 1),
        ("default.readings", 3, 3),
    ]
    assert ran.err.startswith("reads at most ")
    assert "in 4 files (an upper bound" in ran.err
    assert ran.err.endswith("on Athena at most 0.00005 USD\n")


def test_a_dry_run_runs_nothing(lake, run):
    ran = run("query", "--dry-run", "CREATE DATABASE made; SELECT 1")
    assert ran.lines == ["table,partitions,files,bytes"]
    assert "made" not in run("query", "SHOW DATABASES").out


def test_a_query_over_its_budget_is_refused_before_it_runs(lake, run):
    for option in (["--max-bytes", "10"], ["--maximum-bytes-billed", "0.1kB"], ["--max-cost", "0.00001"]):
        ran = run("query", "SELECT * FROM readings", *option)
        assert (ran.code, ran.out) == (5, "")
        assert option[0].replace("--maximum-bytes-billed", "--max-bytes") in ran.err
        assert run("query", "--dry-run", "SELECT * FROM readings", *option).code == 5
    assert run("query", "SELECT * FROM readings", "--max-bytes", "1GiB", "--max-cost", "1").code == 0
    assert run("query", "SHOW TABLES", "--max-bytes", "0").code == 0


def test_a_query_that_takes_too_long_is_stopped(lake, run):
    sql = "SELECT count(*) FROM readings a CROSS JOIN readings b CROSS JOIN readings c CROSS JOIN readings d"
    ran = run("query", sql, "--timeout", "300ms")
    assert (ran.code, ran.out) == (4, "")
    assert "was stopped after 0.3 s" in ran.err


@pytest.mark.parametrize(
    "ending", ["csv", "tsv", "json", "jsonl", "ndjson", "md", "parquet", "arrow", "feather", "txt"]
)
def test_the_ending_of_a_file_says_its_format(lake, run, tmp_path, ending):
    assert run("query", COUNT, "-o", tmp_path / f"out.{ending}").out == ""
    names = {"ndjson": "jsonl", "md": "markdown", "feather": "arrow", "txt": "table"}
    name = names.get(ending, ending)
    run("query", COUNT, "--format", name, "-o", tmp_path / "named")
    if name == "parquet":
        assert pq.read_table(tmp_path / "out.parquet").to_pylist()[0] == {"id": "s0", "n": 100}
    else:
        assert (tmp_path / f"out.{ending}").read_bytes() == (tmp_path / "named").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(["named", f"out.{ending}"])


def test_a_file_without_ending_is_csv_and_a_dash_is_standard_output(lake, run, tmp_path):
    run("query", COUNT, "-o", tmp_path / "out")
    assert (tmp_path / "out").read_text().splitlines()[0] == "id,n"
    assert run("query", COUNT, "-o", "-").lines[0] == "id,n"


def test_a_file_takes_the_results_of_several_statements(lake, run, tmp_path):
    run("query", "SELECT 1 AS a; SELECT 2 AS b", "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "a\n1\nb\n2\n"
    run("query", "SELECT 1 AS a; SELECT 2 AS b", "-o", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text() == '{"a":1}\n{"b":2}\n'
    run("query", "SELECT 1 AS a; CREATE DATABASE made", "-o", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text()) == [{"a": 1}]
    run("query", "SELECT 1 AS a; SELECT 2 AS b", "-o", tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text() == "| a |\n|---:|\n| 1 |\n\n| b |\n|---:|\n| 2 |\n"


@pytest.mark.parametrize("options", [[], ["--format", "tsv"], ["--format", "tsv", "--no-header"]])
def test_a_statement_that_is_shown_can_be_run_again(lake, run, options):
    run(
        "query",
        "CREATE EXTERNAL TABLE web.odd (`a b` string COMMENT 'says \"x\",\\tor, \\'y\\'') PARTITIONED BY (dt string) "
        "LOCATION 's3://bucket/web/odd/'; CREATE VIEW web.v AS SELECT 'a\tb' AS \"x\" -- \"end\"",
    )
    show = "SHOW CREATE TABLE web.odd; SHOW CREATE VIEW web.v"
    shown = run("query", show, *options).out
    assert shown.startswith("CREATE EXTERNAL TABLE")
    run("query", "DROP TABLE web.odd; DROP VIEW web.v")
    assert run("query", "-", stdin=shown).code == 0
    assert run("query", show, *options).out == shown


def test_a_statement_that_is_shown_is_a_column_in_other_formats(lake, run):
    first = run("query", "SHOW CREATE TABLE readings", "--csv").lines[0]
    assert first == "createtab_stmt"
    assert len(json.loads(run("query", "SHOW CREATE TABLE readings", "--json").out)) > 3


def test_a_limited_parquet_file_holds_as_many_rows(lake, run, tmp_path):
    run("query", "SELECT * FROM readings", "--limit", "7", "-o", tmp_path / "out.parquet")
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == 7


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_query_that_fails_leaves_the_file_as_it_was(lake, run, tmp_path, name):
    target = tmp_path / name
    target.write_text("before")
    ran = run("query", "SELECT CAST('x' AS integer)", "-o", target)
    assert ran.code == 1
    assert target.read_text() == "before"
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [target]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_file_keeps_its_permissions_and_its_link(lake, run, tmp_path, name):
    target, link = tmp_path / f"real-{name}", tmp_path / name
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    run("query", COUNT, "-o", link)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_bytes() != b"before"


def test_a_device_is_written_and_not_replaced(lake, run):
    assert run("query", COUNT, "-o", "/dev/null", "--format", "parquet").code == 0
    assert run("query", COUNT, "-o", "/dev/null", "--csv").code == 0
    assert Path("/dev/null").is_char_device()


def test_a_query_that_fails_after_its_first_rows_ends_with_a_line(lake):
    numbers = "UNNEST(sequence(1, 10000)) AS t(n) CROSS JOIN UNNEST(sequence(1, 100)) AS u(m)"
    sql = f"SELECT CAST(CASE WHEN n * m = 900000 THEN 'x' ELSE '1' END AS integer) FROM {numbers}"
    ran = tap_lake("query", sql, timeout=20)
    assert ran.stdout.startswith("_col0\n1\n")
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stderr.startswith("tap-lake: Cannot cast 'x' to INT")


def test_verbose_tells_rows_time_and_id(lake, run, tmp_path):
    err = run("query", COUNT, "-v").err
    assert err.startswith("3 rows, 0.")
    assert ", query id " in err
    assert f"3 rows written to {tmp_path}/x.parquet, " in run("query", COUNT, "-v", "-o", tmp_path / "x.parquet").err
    assert run("query", COUNT, "-v", "-q").err == ""


def test_verbose_shows_the_trace_of_an_error(lake, run):
    ran = run("query", "SELECT * FROM absent", "-v")
    assert "Traceback" in ran.err
    assert ran.err.splitlines()[-2].startswith("tap-lake: line 1:15: table 'default.absent'")


@pytest.mark.parametrize(
    "given", [["-- daily\nSELECT 1 AS a"], ["-e", "-- daily\nSELECT 1 AS a"], ["--\nSELECT 1 AS a"]]
)
def test_sql_may_begin_with_a_comment(lake, run, given):
    ran = run("query", *given, "--csv")
    assert (ran.code, ran.out, ran.err) == (0, "a\n1\n", "")


@pytest.mark.parametrize(
    ("closing", "output"), [(">&-", ""), ("2>&-", "a\n1\n"), ("<&-", "a\n1\n"), (">&- 2>&- <&-", "")]
)
def test_a_standard_stream_may_be_closed(lake, closing, output):
    program = "from lake.commands import main; main()"
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(program)} query 'SELECT 1 AS a' --csv {closing}"
    answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, output, "")
