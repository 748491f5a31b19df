"""Named queries: the grammar of their heads, and where they are found."""

from datetime import date
from pathlib import Path

import pytest

from lake.errors import ConfigError, NamedQueryNotFound, ParameterError
from lake.named import NamedQueries, QueryParameter, read_parameter

HEAD = """-- Daily mean of a metric
--
-- Free lines
-- of help.
-- :metric string = temp in [temp, dewp]  what to average
-- :since date  first day
-- :ids bigint[] = 1,2
SELECT 1
"""


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (":a string", QueryParameter("a", "string")),
        (":a int = 5", QueryParameter("a", "int", "5")),
        (":a string = two words  help", QueryParameter("a", "string", "two words", help="help")),
        (":a string = 'it in [x]'", QueryParameter("a", "string", "it in [x]")),
        (":a string = x in [x, y]  help me", QueryParameter("a", "string", "x", ("x", "y"), "help me")),
        (":a date in [2026-01-01]", QueryParameter("a", "date", choices=("2026-01-01",))),
        (":a int[] = 1,2", QueryParameter("a", "int", "1,2", is_list=True)),
        (":a string = ''", QueryParameter("a", "string", "")),
    ],
)
def test_a_parameter_line(line: str, wanted: QueryParameter) -> None:
    assert read_parameter(line, Path("q.sql")) == wanted


@pytest.mark.parametrize("line", [":a", ":a nothing", ": string", ":1a string"])
def test_a_line_that_declares_none_is_named(line: str) -> None:
    with pytest.raises(ConfigError, match=r"q\.sql"):
        read_parameter(line, Path("q.sql"))


@pytest.fixture
def queries(tmp_path: Path) -> NamedQueries:
    for folder, name, text in (
        ("own", "daily", HEAD),
        ("shipped", "daily", "SELECT 2"),
        ("shipped", "web/hits", "SELECT 3"),
    ):
        path = tmp_path / folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return NamedQueries([tmp_path / "own", tmp_path / "shipped", tmp_path / "absent"])


def test_the_first_folder_wins(queries: NamedQueries) -> None:
    assert [query.name for query in queries.list_queries()] == ["daily", "web/hits"]
    daily = queries.get_query("daily")
    assert (daily.title, daily.help, daily.sql) == ("Daily mean of a metric", "Free lines\nof help.", HEAD)


def test_values_are_read_as_declared(queries: NamedQueries) -> None:
    values = queries.get_query("daily").values({"since": "2026-01-31"})
    assert values == {"metric": "temp", "since": date(2026, 1, 31), "ids": [1, 2]}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "needs :since"),
        ({"since": "soon"}, "no date"),
        ({"since": "2026-01-31", "metric": "wind"}, "none of temp, dewp"),
        ({"since": "2026-01-31", "other": "1"}, "no parameter :other"),
    ],
)
def test_a_wrong_value_is_said(queries: NamedQueries, given: dict[str, str], complaint: str) -> None:
    with pytest.raises(ParameterError, match=complaint):
        queries.get_query("daily").values(given)


@pytest.mark.parametrize("name", ["nope", "../own/daily", "/etc/passwd", "web", "daily.sql", ""])
def test_a_name_that_is_none(queries: NamedQueries, name: str) -> None:
    with pytest.raises(NamedQueryNotFound):
        queries.get_query(name)
