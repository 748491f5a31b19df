"""Which lake is meant."""

from pathlib import Path

import pytest

from lake.config import AwsChoice, ConnectionOptions, DirectoryChoice, choose_lake
from lake.directory import create_lake
from lake.errors import ConfigError, LakeNotFound, UsageError


@pytest.fixture
def lakes(tmp_path: Path) -> Path:
    """A folder with lakes `one`, `two` and `here`, and a folder `nowhere` beside them."""
    for name in ("one", "two", "here"):
        create_lake(tmp_path / name)
    (tmp_path / "here" / "deep").mkdir()
    (tmp_path / "nowhere").mkdir()
    return tmp_path


def chosen(lakes: Path, options: ConnectionOptions, cwd: str, **environ: str) -> tuple[str, str]:
    choice = choose_lake(options, environ=environ, cwd=lakes / cwd)
    assert isinstance(choice, DirectoryChoice)
    return str(choice.path.relative_to(lakes)), choice.source


def test_an_option_comes_before_the_environment_and_that_before_the_folder(lakes: Path) -> None:
    nothing, one = ConnectionOptions(), ConnectionOptions(lake=lakes / "one")
    assert chosen(lakes, one, "here", TAP_LAKE=str(lakes / "two")) == ("one", "--lake")
    assert chosen(lakes, nothing, "here", TAP_LAKE=str(lakes / "two")) == ("two", "TAP_LAKE")
    assert chosen(lakes, nothing, "here/deep") == ("here", str(lakes / "here/deep"))
    assert chosen(lakes, one, "here", TAP_LAKE_ENV="prod", TAP_LAKE="x", AWS_PROFILE="p") == ("one", "--lake")


def test_an_empty_variable_or_option_says_nothing(lakes: Path) -> None:
    assert (
        chosen(lakes, ConnectionOptions(lake="", env="", database=""), "here", TAP_LAKE="", TAP_LAKE_ENV="")[0]
        == "here"
    )


def test_folders_are_relative_to_the_current_one_and_may_begin_at_home(
    lakes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chosen(lakes, ConnectionOptions(lake="../one"), "here")[0] == "here/../one"
    monkeypatch.setenv("HOME", str(lakes))
    assert chosen(lakes, ConnectionOptions(), "nowhere", TAP_LAKE="~/two")[0] == "two"


def test_a_database_is_passed_on(lakes: Path) -> None:
    choice = choose_lake(ConnectionOptions(database="web"), environ={}, cwd=lakes / "here")
    assert isinstance(choice, DirectoryChoice)
    assert (choice.path, choice.database) == (lakes / "here", "web")


@pytest.mark.parametrize(
    "options",
    [
        {"env": "prod"},
        {"profile": "work"},
        {"region": "eu-west-1"},
        {"endpoint_url": "http://127.0.0.1:5000"},
    ],
)
def test_lake_and_what_selects_aws_contradict_each_other(lakes: Path, options: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="--lake") as caught:
        choose_lake(ConnectionOptions(lake=lakes / "one", **options), environ={}, cwd=lakes)
    assert f"--{next(iter(options)).replace('_', '-')}" in caught.value.message
    assert caught.value.exit_code == 2


def test_two_variables_contradict_each_other(lakes: Path) -> None:
    with pytest.raises(ConfigError, match="TAP_LAKE and TAP_LAKE_ENV"):
        choose_lake(ConnectionOptions(), environ={"TAP_LAKE": "x", "TAP_LAKE_ENV": "y"}, cwd=lakes / "here")


@pytest.mark.parametrize(
    ("options", "environ", "cwd", "source"),
    [
        ({"profile": "work"}, {"TAP_LAKE": "one"}, "here", "--profile"),
        ({"region": "eu-west-1"}, {}, "here", "--region"),
        ({"endpoint_url": "http://127.0.0.1:5000"}, {}, "here", "--endpoint-url"),
        ({"workgroup": "adhoc"}, {}, "here", "--workgroup"),
        ({"output_location": "s3://results/"}, {}, "here", "--output-location"),
        ({"engine": "athena"}, {}, "here", "--engine"),
        ({"database": "web"}, {}, "nowhere", "--database without a lake in this folder"),
        ({}, {"AWS_PROFILE": "work"}, "nowhere", "AWS_PROFILE"),
        ({}, {"TAP_LAKE_DATABASE": "web"}, "nowhere", "TAP_LAKE_DATABASE"),
        ({"database": "web"}, {"AWS_PROFILE": "work"}, "nowhere", "--database without a lake in this folder"),
    ],
)
def test_what_selects_aws_is_named(
    lakes: Path, options: dict[str, str], environ: dict[str, str], cwd: str, source: str
) -> None:
    choice = choose_lake(ConnectionOptions(**options), environ=environ, cwd=lakes / cwd)
    assert isinstance(choice, AwsChoice)
    assert choice.source == source


def test_options_win_over_variables_and_those_of_aws_over_ours(lakes: Path) -> None:
    environ = {
        "AWS_ATHENA_WORK_GROUP": "theirs",
        "TAP_LAKE_WORKGROUP": "ours",
        "AWS_ATHENA_S3_STAGING_DIR": "s3://staging/",
        "TAP_LAKE_ENGINE": "duckdb",
        "TAP_LAKE_DATABASE": "Web",
    }
    choice = choose_lake(ConnectionOptions(region="eu-west-1"), environ=environ, cwd=lakes / "here")
    assert isinstance(choice, AwsChoice)
    assert (choice.database, choice.engine) == ("web", "duckdb")
    assert (choice.options.workgroup, choice.options.output_location) == ("theirs", "s3://staging/")
    given = ConnectionOptions(workgroup="mine", engine="athena", database="other")
    choice = choose_lake(given, environ=environ, cwd=lakes / "here")
    assert isinstance(choice, AwsChoice)
    assert (choice.database, choice.engine, choice.options.workgroup) == ("other", "athena", "mine")


def test_an_engine_of_no_kind_is_refused(lakes: Path) -> None:
    with pytest.raises(ConfigError, match="sparksql"):
        choose_lake(ConnectionOptions(region="x"), environ={"TAP_LAKE_ENGINE": "sparksql"}, cwd=lakes / "nowhere")


@pytest.mark.parametrize(("options", "environ"), [({"env": "prod"}, {}), ({}, {"TAP_LAKE_ENV": "prod"})])
def test_a_stack_is_not_read_yet(lakes: Path, options: dict[str, str], environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="stack") as caught:
        choose_lake(ConnectionOptions(**options), environ=environ, cwd=lakes / "here")
    assert "-d DATABASE" in str(caught.value.hint)


def test_no_lake_is_found_with_what_to_do(lakes: Path) -> None:
    with pytest.raises(LakeNotFound, match=str(lakes / "nowhere")) as caught:
        choose_lake(ConnectionOptions(), environ={}, cwd=lakes / "nowhere")
    assert "tap-lake init" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("options", "environ", "source"),
    [({"lake": "absent"}, {}, "--lake absent"), ({}, {"TAP_LAKE": "absent"}, "TAP_LAKE absent")],
)
def test_a_named_folder_that_is_no_lake_is_not_replaced_by_another(
    lakes: Path, options: dict[str, str], environ: dict[str, str], source: str
) -> None:
    with pytest.raises(LakeNotFound, match=source) as caught:
        choose_lake(ConnectionOptions(**options), environ=environ, cwd=lakes / "here")
    assert "tap-lake init absent" in str(caught.value.hint)
