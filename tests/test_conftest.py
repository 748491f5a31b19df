"""The rules that hold for every test: no setting of the developer's gets in, and what is slow says so."""

import os
from pathlib import Path

import pytest

from tests import conftest


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch):
    """Run a test file of its own under the rules of our conftest, with a limit of 0.05 s."""
    # HOME is taken anew by the inner run, and put back here.
    monkeypatch.setenv("HOME", os.environ["HOME"])
    monkeypatch.setenv("TZ", os.environ["TZ"])
    pytester.makeconftest(
        "from tests import conftest\n"
        "from tests.conftest import clean_environment, pytest_collection_modifyitems, pytest_runtest_makereport\n"
        "def pytest_configure(config):\n"
        "    conftest.pytest_configure(config)\n"
        "    config.stash[conftest.QUICK_SECONDS] = 0.05\n"
    )
    marks = "\n".join(f"  {mark}: x" for mark in (*conftest.DEEPER_MARKS, "timeout"))
    pytester.makeini(f"[pytest]\nmarkers =\n{marks}\n")

    def run(source: str) -> pytest.RunResult:
        pytester.makepyfile(source)
        return pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:xdist")

    return run


def test_a_slow_test_without_a_mark_fails_and_is_told_what_to_do(inner):
    result = inner("import time\ndef test_it(): time.sleep(0.1)\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*test_it took 0.1 s; over 0.05 s*marked one of: slow, clients, browser, e2e, live"])


def test_a_slow_test_with_a_mark_passes(inner):
    source = "import time, pytest\n@pytest.mark.{}\ndef test_{}(): time.sleep(0.1)\n"
    inner("".join(source.format(mark, mark) for mark in ("slow", "e2e"))).assert_outcomes(passed=2)


def test_slow_fixtures_are_not_held_against_the_test(inner):
    source = "import time, pytest\n@pytest.fixture\ndef made(): time.sleep(0.1)\ndef test_it(made): pass\n"
    inner(source).assert_outcomes(passed=1)


def test_a_failing_slow_test_keeps_its_own_reason(inner):
    result = inner("import time\ndef test_it():\n    time.sleep(0.1)\n    assert 1 == 2\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])


def test_a_developers_settings_do_not_get_in_and_live_tests_get_theirs_back(inner, monkeypatch):
    for name in ("AWS_PROFILE", "TAP_LAKE", "TAP_LAKE_ENV", "XDG_CONFIG_HOME", "NO_COLOR"):
        monkeypatch.setenv(name, "mine")
    result = inner(
        "import os, pytest\n"
        "def test_quick():\n"
        "    assert not {'AWS_PROFILE', 'TAP_LAKE', 'TAP_LAKE_ENV', 'XDG_CONFIG_HOME', 'NO_COLOR'} & os.environ.keys()\n"
        "@pytest.mark.live\n"
        "def test_live():\n"
        "    assert os.environ['AWS_PROFILE'] == 'mine'\n"
        "    assert 'TAP_LAKE' not in os.environ\n"
    )
    result.assert_outcomes(passed=2)


def test_here_too_no_setting_is_visible_and_home_is_empty():
    assert [name for name in os.environ if name.startswith(("AWS_", "TAP_LAKE"))] == ["AWS_EC2_METADATA_DISABLED"]
    assert list(Path.home().iterdir()) == []


def test_the_clock_stands_still_until_it_is_moved(clock):
    from datetime import timedelta

    before = clock.now()
    assert clock.now() == before
    clock.advance(timedelta(hours=1))
    assert clock.now() - before == timedelta(hours=1)
