"""What the shell is offered; the lake is the one that the line names so far."""

import pytest
from click.shell_completion import ShellComplete

from lake.commands.root import root


def complete(line: str) -> list[str]:
    *words, incomplete = line.split(" ")
    found = ShellComplete(root, {}, "tap-lake", "_TAP_LAKE_COMPLETE").get_completions(words, incomplete)
    return [item.value for item in found]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("par", ["partitions"]),
        ("partitions ", ["add", "diff", "drop", "layout", "list", "repair"]),
        ("describe r", ["readings"]),
        ("describe web.", ["web.clicks"]),
        ("partitions list default.", ["default.latest", "default.readings"]),
        ("-d web describe c", ["clicks"]),
        ("tables ", ["default", "web"]),
        ("query -d w", ["web"]),
        ("query @of", ["@of_day"]),
        ("query sel", []),
        ("queries show of", ["of_day"]),
        ("query --format j", ["json", "jsonl"]),
        ("query --max-b", ["--max-bytes"]),
        ("query --on-error ", ["stop", "continue"]),
    ],
)
def test_names_are_completed(lake, line, offered):
    assert complete(line) == offered


def test_the_lake_named_on_the_line_is_asked(lake, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert complete("describe r") == []
    assert complete("--lake lake describe r") == ["readings"]
    assert complete("describe --lake lake r") == ["readings"]
    assert complete("--env x describe r") == []
    assert complete("--lake absent describe r") == []


def test_a_damaged_catalog_offers_nothing(lake):
    (lake / ".tap-lake/catalog.db").write_bytes(b"no database at all, but longer than a header" * 10)
    assert complete("describe r") == []
