"""Which lake is meant."""

from pathlib import Path

import pytest

from lake.config import ConnectionOptions, choose_lake
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
        ({"env": "prod"}, {"TAP_LAKE": "one"}, "here", "--env"),
        ({"env": "prod", "profile": "work"}, {}, "here", "--env"),
        ({"profile": "work"}, {"TAP_LAKE": "one"}, "here", "--profile"),
        ({"region": "eu-west-1"}, {}, "here", "--region"),
        ({"endpoint_url": "http://127.0.0.1:5000"}, {}, "here", "--endpoint-url"),
        ({}, {"TAP_LAKE_ENV": "prod"}, "here", "TAP_LAKE_ENV"),
        ({"database": "web"}, {}, "nowhere", "--database"),
        ({}, {"AWS_PROFILE": "work"}, "nowhere", "AWS_PROFILE"),
        ({"database": "web"}, {"AWS_PROFILE": "work"}, "nowhere", "--database"),
    ],
)
def test_what_selects_aws_is_named_and_not_supported_yet(
    lakes: Path, options: dict[str, str], environ: dict[str, str], cwd: str, source: str
) -> None:
    with pytest.raises(ConfigError, match="AWS") as caught:
        choose_lake(ConnectionOptions(**options), environ=environ, cwd=lakes / cwd)
    assert caught.value.message.startswith(source)
    assert "--lake DIR" in str(caught.value.hint)


def test_a_workgroup_alone_selects_nothing(lakes: Path) -> None:
    assert chosen(lakes, ConnectionOptions(workgroup="adhoc"), "here", AWS_PROFILE="work", AWS_REGION="x")[0] == "here"


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
