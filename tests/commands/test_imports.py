"""What each command loads: nothing that it does not use, so that it starts at once."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "sqlglot duckdb pyarrow pandas numpy rich sqlite3 importlib.metadata boto3 botocore awswrangler obstore asyncio "
    "lake.engine lake.sql.plan lake.write.writer lake.formats.columnar traceback"
).split()
PROGRAM = f"""
import json, sys
from lake.commands.root import root
code = root.run(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([code, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""
ROWS = {"pyarrow", "numpy", "traceback"}
CATALOG = {"sqlite3", "traceback"}
ENGINE = {"duckdb", "sqlglot", "importlib.metadata", "lake.engine", "lake.sql.plan", "lake.write.writer"}
LOADED = {
    "--version": set(),
    "--help": set(),
    "query --help": set(),
    "partitions --help": set(),
    "ingest --help": set(),
    "deliver --help": set(),
    "partitions repair --help": set(),
    "init here": CATALOG,
    "queries show of_day": CATALOG,
    "queries list": ROWS | CATALOG,
    "tables": ROWS | CATALOG,
    "describe readings": ROWS | CATALOG,
    "partitions list readings": ROWS | CATALOG | {"lake.write.writer"},
    "partitions repair readings -q": ROWS | CATALOG | {"lake.write.writer"},
    "ingest --rejected": ROWS | CATALOG,
    "deliver": CATALOG | {"lake.write.writer"},
    "doctor": ROWS | CATALOG | {"importlib.metadata"},
    "query --csv SELECT(1)": ROWS | CATALOG | ENGINE,
}


@pytest.mark.parametrize("line", LOADED)
def test_a_command_loads_no_more_than_it_uses(lake, line):
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *line.split()], capture_output=True, text=True, timeout=60)
    code, loaded = json.loads(ran.stderr.splitlines()[-1])
    assert code == 0, ran.stderr
    assert set(loaded) <= LOADED[line]


@pytest.mark.parametrize(
    "words", ["tap-lake describe re", "tap-lake tables ", "tap-lake query --format j", "tap-lake pa"]
)
def test_completion_loads_no_engine(lake, words, monkeypatch):
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    monkeypatch.setenv("_TAP_LAKE_COMPLETE", "bash_complete")
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    code, loaded = json.loads(ran.stderr.splitlines()[-1])
    assert code == 0
    assert ran.stdout.startswith("plain,")
    assert set(loaded) <= CATALOG
