"""What every test stands on: a clean environment, a settable clock, hypothesis profiles, and the limit of the quick depth."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import lake
import lake.clock
from lake.sql.parse import parse_query
from tests.lakes import FOLDER, LAKES, Cloud, choose_kinds, cloud_before
from tests.servers import Server, moto_server, reset_moto

pytest_plugins = ["pytester"]

QUICK_SECONDS = pytest.StashKey[float]()
DEEPER_MARKS = ("slow", "clients", "browser", "e2e", "live")
DEEPER_TIMEOUT_SECONDS = 1800
DEVELOPER_ENVIRONMENT = pytest.StashKey[dict[str, str]]()

# A developer's settings that would change what a test sees.
FOREIGN_PREFIXES = ("AWS_", "TAP_LAKE", "XDG_", "BOTO_")
FOREIGN_NAMES = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER", "CLICOLOR", "PYTHONWARNINGS", "PYTHONPATH")

# Parsing raises Python's recursion limit; Hypothesis wants it to stay as it is while a test runs.
parse_query("SELECT 1")

hypothesis.settings.register_profile("ci", max_examples=50, deadline=None, derandomize=False)
hypothesis.settings.register_profile("deep", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Forget the developer's settings before anything is imported that reads them; `live` tests get them back."""
    config.stash[QUICK_SECONDS] = 5.0
    config.stash[DEVELOPER_ENVIRONMENT] = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN_NAMES:
            del os.environ[name]
    os.environ.update(
        HOME=tempfile.mkdtemp(prefix="tap-lake-home-"),
        AWS_EC2_METADATA_DISABLED="true",
        # Far from UTC, so that no test passes by taking local time for UTC.
        TZ="Asia/Kathmandu",
        TERM="dumb",
    )
    time.tzset()


def pytest_unconfigure(config: pytest.Config) -> None:
    home = Path(os.environ["HOME"])
    if home.name.startswith("tap-lake-home-"):
        shutil.rmtree(home, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_deeper(item) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(DEEPER_TIMEOUT_SECONDS))


def is_deeper(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in DEEPER_MARKS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Fail a test of the quick depth that takes longer than the quick depth allows."""
    report: Any = yield
    limit = item.config.stash[QUICK_SECONDS]
    if report.when == "call" and report.passed and call.duration > limit and not is_deeper(item):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} took {call.duration:.1f} s; over {limit:g} s a test is made quicker or marked "
            f"one of: {', '.join(DEEPER_MARKS)}"
        )
    return report


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give each test a home folder of its own and, if it is `live`, the AWS settings of who runs it."""
    if request.node.get_closest_marker("live"):
        for name, value in request.config.stash[DEVELOPER_ENVIRONMENT].items():
            if name == "HOME" or name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        return
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def clock() -> lake.clock.FixedClock:
    """A clock that stands at noon of 2026-02-03 UTC until the test moves it (`clock.advance(timedelta)`)."""
    return lake.clock.FixedClock(datetime(2026, 2, 3, 12, tzinfo=UTC))


@pytest.fixture(scope="session")
def moto_process() -> Iterator[Server]:
    """One moto a worker; tests take `moto`, which starts each of them from nothing."""
    with moto_server() as server:
        yield server


@pytest.fixture
def moto(moto_process: Server) -> Server:
    reset_moto(moto_process)
    return moto_process


@pytest.fixture(scope="session")
def cloud_process(moto_process: Server) -> Iterator[Cloud]:
    with cloud_before(moto_process) as cloud:
        yield cloud


@pytest.fixture
def cloud(cloud_process: Cloud) -> Cloud:
    """Glue, S3 and Athena with nothing in them but what every lake of `tests.lakes` has."""
    cloud_process.reset()
    return cloud_process


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    choose_kinds(metafunc)


@pytest.fixture
def lake_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def duckdb_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def db(
    request: pytest.FixtureRequest, lake_kind: str, tmp_path: Path, clock: lake.clock.FixedClock
) -> Iterator["lake.Lake"]:
    """An empty lake of each kind of `tests.lakes`, open, whose time is that of `clock` but for what Athena says of it.

    Every day it is one in a folder, unless a test is marked `everywhere`.
    """
    with LAKES[lake_kind](request, clock) as db:
        yield db


@pytest.fixture
def duckdb_lake(
    request: pytest.FixtureRequest, duckdb_kind: str, tmp_path: Path, clock: lake.clock.FixedClock
) -> Iterator["lake.Lake"]:
    """As `db`, for what is asked of our planner, our clock or our history: DuckDB over files, and over Glue and S3."""
    with LAKES[duckdb_kind](request, clock) as db:
        yield db


@pytest.fixture
def folder_lake(request: pytest.FixtureRequest, tmp_path: Path, clock: lake.clock.FixedClock) -> Iterator["lake.Lake"]:
    """As `db`, for what only a lake in a folder has."""
    with LAKES[FOLDER](request, clock) as db:
        yield db
