"""Random queries are answered as Trino answers them: types, values, and errors by name."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conformance.adapter import Asker
from tests.oracle import jars
from tests.oracle.answers import Said, ask_ours, difference, shown
from tests.oracle.client import Trino, trino
from tests.oracle.known import reason_of
from tests.oracle.queries import KINDS


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_random_queries_are_answered_as_trino_does(oracle: Trino, asker: Asker, kind: str):
    @settings(suppress_health_check=list(HealthCheck))
    @given(KINDS[kind]())
    def is_answered(sql: str) -> None:
        said, ours = oracle.ask(sql), ask_ours(asker, sql)
        found = difference(sql, said, ours)
        assert found is None or reason_of(found, sql, said, ours), f"{found}: {shown(sql, said, ours)}"

    is_answered()


@pytest.mark.slow
def test_the_oracle_answers_with_types_and_rows_or_an_error_and_goes_on(oracle: Trino):
    assert oracle.ask("SELECT 5 / 2, map(ARRAY[1], ARRAY[NULL])") == Said(
        ("integer", "map(integer, unknown)"), ([2, [[1, None]]],)
    )
    assert oracle.ask("SELECT 1 / 0").error == "DIVISION_BY_ZERO"
    assert oracle.ask("SELECT (").error == "SYNTAX_ERROR"
    assert oracle.ask("SELECT 'é'").rows == (["é"],)


def test_without_java_the_oracle_is_skipped_with_the_reason_and_in_ci_it_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs Java 17"), trino():
        pass
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="needs Java 17"), trino():
        pass


def test_an_older_java_is_said_to_be_too_old(monkeypatch):
    old = subprocess.CompletedProcess([], 0, "javac 11.0.2\n", "")
    monkeypatch.setattr(jars.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(jars.subprocess, "run", lambda *given, **more: old)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="this is javac 11"):
        jars.require_java()


def test_a_jar_that_is_not_the_expected_one_is_refused(tmp_path):
    (tmp_path / "trino-main-422.jar").write_bytes(b"something else")
    with pytest.raises(AssertionError, match=r"trino-main-422\.jar"):
        jars.check(tmp_path)


@pytest.mark.parametrize(
    ("sql", "said", "found"),
    [
        ("SELECT 1", Said(("integer",), ([1],)), None),
        ("SELECT 1", Said(("bigint",), ([1],)), "types"),
        ("SELECT 1", Said(("integer",), ([2],)), "rows"),
        ("SELECT 1", Said(error="DIVISION_BY_ZERO"), "no error"),
        ("SELECT 1 / 0", Said(error="DIVISION_BY_ZERO"), None),
        ("SELECT 1 / 0", Said(error="NOT_SUPPORTED"), "name"),
        ("SELECT 1 / 0", Said(("integer",), ([1],)), "error"),
        ("SELECT x FROM (VALUES 1, 2) t(x)", Said(("integer",), ([2], [1])), None),
        ("SELECT x FROM (VALUES 1, 2) t(x) ORDER BY x", Said(("integer",), ([2], [1])), "rows"),
    ],
)
def test_a_difference_is_found_and_named(asker: Asker, sql: str, said: Said, found: str | None):
    assert difference(sql, said, ask_ours(asker, sql)) == found
