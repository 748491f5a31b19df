"""Which lake a line means, and where its options may stand."""

import pytest

from lake.directory import create_lake
from tests.golden import golden


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two lakes whose default databases differ."""
    for name in ("one", "two"):
        create_lake(tmp_path / name, database=name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def databases(ran):
    assert ran.code == 0, ran.err
    return ran.lines[1:]


SHOW = ["query", "SHOW DATABASES"]


def test_the_lake_may_be_named_before_and_after_the_command(two, run):
    assert databases(run("--lake", "one", *SHOW)) == ["one"]
    assert databases(run(*SHOW, "--lake", "one")) == ["one"]
    assert run("partitions", "--lake", "one", "list", "absent").code == 1


def test_the_later_option_wins(two, run):
    assert databases(run("--lake", "one", *SHOW, "--lake", "two")) == ["two"]
    assert databases(run("--lake", "one", "--lake", "two", *SHOW)) == ["two"]
    assert run("--lake", "one", "--csv", "query", "SELECT 1 AS a", "--jsonl").out == '{"a":1}\n'
    assert run("--jsonl", "query", "--lake", "one", "SELECT 1 AS a").out == '{"a":1}\n'


def test_an_option_wins_over_the_environment_and_that_over_the_folder(two, run, monkeypatch):
    monkeypatch.chdir(two / "one")
    (two / "one" / "data" / "deep").mkdir()
    assert databases(run(*SHOW)) == ["one"]
    monkeypatch.chdir(two / "one" / "data" / "deep")
    assert databases(run(*SHOW)) == ["one"]
    monkeypatch.setenv("TAP_LAKE", str(two / "two"))
    assert databases(run(*SHOW)) == ["two"]
    assert databases(run("--lake", two / "one", *SHOW)) == ["one"]


def test_a_lake_and_a_stack_at_once_are_a_usage_error(two, run):
    for args in (["--lake", "one", "--env", "prod", "tables"], ["--lake", "one", "tables", "--env", "prod"]):
        ran = run(*args)
        assert (ran.code, ran.err) == (2, "tap-lake: --lake and --env name two lakes\n  hint: give one of them\n")


def test_a_folder_that_is_no_lake_is_named_with_the_remedy(two, run):
    ran = run("tables", "--lake", "absent")
    assert ran.code == 2
    assert ran.err == "tap-lake: --lake absent: that is no lake\n  hint: `tap-lake init absent` makes one\n"
    ran = run("tables")
    assert ran.code == 2
    assert ran.err.startswith(f"tap-lake: there is no lake in {two} or above\n  hint: `tap-lake init` makes one here")


def test_a_stack_is_not_read_yet(two, run):
    for args in (["tables", "--env=prod"], ["--env=prod", "tables"], ["partitions", "--env=prod", "list", "t"]):
        ran = run(*args)
        assert ran.code == 2
        assert ran.err.startswith("tap-lake: --env names a stack, which this version does not read\n  hint: ")
        assert len(ran.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("option", "detail"),
    [
        ("--profile=p", "chosen by --profile"),
        ("--region=eu-west-1", "chosen by --region"),
        ("--endpoint-url=http://127.0.0.1:1", "chosen by --endpoint-url"),
        ("--workgroup=w", "chosen by --workgroup"),
        ("--work-group=w", "chosen by --workgroup"),
        ("--work_group=w", "chosen by --workgroup"),
        ("--s3-staging-dir=s3://b/", "chosen by --output-location"),
        ("--output-location=s3://b/", "chosen by --output-location"),
        ("--engine=athena", "chosen by --engine"),
    ],
)
def test_what_is_of_aws_selects_it(two, run, option, detail):
    assert detail in run("doctor", option, "-d", "web").out


@pytest.mark.parametrize("option", ["--profile=p", "--workgroup=w", "--s3-staging-dir=s3://b/"])
def test_a_folder_and_an_account_at_once_are_a_usage_error(two, run, option):
    ran = run("--lake", "one", "tables", option)
    assert ran.code == 2
    assert ran.err.startswith("tap-lake: --lake names a folder, ")


def test_a_folder_has_the_one_catalog(two, run):
    assert run("--lake", "one", "--catalog", "AwsDataCatalog", "tables").code == 0
    assert run("--lake", "one", "tables", "--catalog", "other").code == 2


def test_the_database_of_bare_names_can_be_chosen(lake, run):
    assert run("-d", "web", "query", "SHOW TABLES").lines == ["tab_name", "clicks"]
    assert run("query", "SELECT count(*) FROM readings", "-d", "web").code == 1


@pytest.mark.parametrize("command", ["tables", "describe", "query", "queries list", "partitions list", "doctor"])
def test_commands_that_print_rows_show_the_options_of_output(run, command):
    text = run(*command.split(), "--help").out
    assert "Output:" in text
    assert "Which lake:" in text
    assert "-o, --output FILE" in text


@pytest.mark.parametrize("option", ["-y", "--yes", "--no-progress"])
@pytest.mark.parametrize(
    "command", ["query SELECT(1)", "partitions repair readings", "queries list", "tables", "doctor", "init new"]
)
def test_scripts_may_say_that_nobody_waits(lake, run, command, option):
    assert run(*command.split(), option).code == 0
    assert run(option, *command.split()).code == 0 or command == "init new"


def test_progress_can_be_left_out(lake, run):
    assert run("query", "SELECT 1", "--verbose").err
    assert run("query", "SELECT 1", "--verbose", "--no-progress").err == ""


def test_help_is_as_kept(run):
    golden("commands/help.txt", run("--help").out)
    golden("commands/help-query.txt", run("query", "-h").out)
    golden("commands/help-partitions.txt", run("partitions", "--help").out)
    golden("commands/help-ingest.txt", run("ingest", "--help").out)
    golden("commands/help-deliver.txt", run("deliver", "--help").out)


def test_the_help_of_a_command_begins_as_the_list_of_commands_has_it(run):
    from lake.commands.root import COMMANDS, root

    for name, text in COMMANDS.items():
        command = root.get_command(None, name)
        assert " ".join((command.help or "").split()).startswith(text.rstrip(".")), name


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (["tabels"], "no such command 'tabels'", "did you mean tables or tables?"),
        (["partitions", "repare"], "no such command 'repare'", "did you mean repair?"),
        (["xyz"], "no such command 'xyz'", "tap-lake --help shows what it takes"),
        (["describe"], "missing argument 'TABLE'", "tap-lake describe --help shows what it takes"),
        (["--zzz"], "no such option '--zzz'", "tap-lake --help shows what it takes"),
        (["query", "--limit", "x"], "invalid value for '--limit'", "tap-lake query --help"),
    ],
)
def test_what_click_refuses_is_said_as_all_else(run, args, message, hint):
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    first, second = ran.err.splitlines()
    assert first.startswith(f"tap-lake: {message}")
    assert second.startswith(f"  hint: {hint}".replace("tables or tables", "tables"))


def test_without_a_command_the_help_is_shown_as_an_error(run):
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: tap-lake")
