"""Sketches, checksums and colors (trino.io/docs/422/functions/hyperloglog.html, tdigest.html, setdigest.html, color.html)."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from lake.errors import FunctionNotFound, NotSupported, TypeMismatch
from lake.sql.compiler.runtime import digests, sketches, stemming
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run

LARGE = 20_000


def value(expression: str, values: str = "1") -> Any:
    return run(f"SELECT {expression} FROM (VALUES {values}) t(x)")[0][0]


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("cardinality(approx_set(x))", "1, 2, 3, 3, NULL", 3),
        ("cardinality(approx_set(x))", "'a', 'b', 'a'", 2),
        ("approx_set(x)", "CAST(NULL AS bigint)", None),
        ("cardinality(merge(x))", "empty_approx_set(), NULL", 0),
        ("(SELECT cardinality(approx_set(n)) FROM UNNEST(sequence(1, 1000)) u(n))", "1", 1005),
        ("cardinality(CAST(CAST(approx_set(x) AS varbinary) AS HyperLogLog))", "1, 2", 2),
        ("cardinality(CAST(approx_set(x) AS P4HyperLogLog))", "1, 2", 2),
        ("typeof(approx_set(x))", "1, 2", "HyperLogLog"),
        ("to_hex(CAST(tdigest_agg(x) AS varbinary))", "1e0", "00000000000000F03F000000000000F03F0000000000005940000000000000F03F01000000000000000000F03F000000000000F03F"),
        ("values_at_quantiles(tdigest_agg(x), ARRAY[0.1, 0.5, 0.9])", "1e0, 2, 3, 4, 10", [1.0, 3.0, 10.0]),
        ("value_at_quantile(tdigest_agg(x, x), 0.5)", "2e0, 4e0", pytest.approx(3.333, abs=0.4)),
        ("value_at_quantile(qdigest_agg(x), 0.5)", "1, 2, 3, 4, 10", 3),
        ("values_at_quantiles(qdigest_agg(x), ARRAY[0.9, 0.5])", "1, 2, 3, 4, 10", [10, 3]),
        ("quantile_at_value(qdigest_agg(x), 4)", "1, 2, 3, 4, 10", 0.6),
        ("quantile_at_value(qdigest_agg(x), 11)", "1, 2, 3, 4, 10", None),
        ("typeof(qdigest_agg(CAST(x AS real)))", "1", "qdigest(real)"),
        ("hash_counts(make_set_digest(x))", "1, 2, 2, NULL", {19144387141682250: 1, -2447670524089286488: 2}),
        ("hash_counts(make_set_digest(x))", "'a', 'b', 'b'", {-8839064797231613815: 1, 8833996863197925870: 2}),
        ("cardinality(make_set_digest(x))", "DATE '2001-08-22', DATE '2001-08-22', DATE '2001-08-23'", 2),
    ],
)  # fmt: skip
def test_a_sketch_says_what_trinos_says(expression: str, values: str, expected: Any) -> None:
    assert value(expression, values) == expected


def test_digests_of_parts_are_merged() -> None:
    parts = "(SELECT {0}(x) AS d FROM (VALUES 1e0, 2, 3) t(x) UNION ALL SELECT {0}(x) FROM (VALUES 10e0, 20, 30) t(x))"
    assert run(f"SELECT value_at_quantile(merge(d), 0.5) FROM {parts.format('tdigest_agg')}") == [(10.0,)]
    assert run(f"SELECT value_at_quantile(merge(d), 0.5) FROM {parts.format('qdigest_agg')}") == [(10.0,)]
    assert run(f"SELECT cardinality(merge(d)) FROM {parts.format('approx_set')}") == [(6,)]


def test_sets_are_compared_by_their_digests() -> None:
    rows = "(VALUES (1, 2), (2, 3), (3, 4), (NULL, 5)) t(a, b)"
    both = "make_set_digest(a), make_set_digest(b)"
    assert run(f"SELECT jaccard_index({both}), intersection_cardinality({both}) FROM {rows}") == [(1 / 3, 2)]


def test_many_values_are_estimated() -> None:
    whole = sketches.sketch_of_numbers(range(LARGE))
    halves = sketches.merged_sketches(
        [sketches.sketch_of_numbers(range(100)), sketches.sketch_of_numbers(range(100, LARGE))]
    )
    assert whole == halves
    assert whole is not None
    assert sketches.sketch_cardinality(whole) == pytest.approx(LARGE, rel=0.05)


def test_a_large_digest_stays_small_and_near() -> None:
    digest = digests.tdigest_of([{"v": float(number), "w": 1.0} for number in range(LARGE)])
    assert digest is not None
    assert len(digest) < 4 * LARGE
    assert digests.tdigest_value(digest, 0.5) == pytest.approx(LARGE / 2, rel=0.01)
    assert digests.tdigest_value(digest, 1.0) == LARGE - 1


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("qdigest_agg(x, 0)", "weight must be > 0"),
        ("qdigest_agg(x, 1, 2)", "accuracy must be exclusively between 0 and 1"),
        ("tdigest_agg(x, 0)", "weight must be >= 1"),
        ("value_at_quantile(tdigest_agg(x), 2)", r"\[0, 1\]"),
        ("values_at_quantiles(tdigest_agg(x), ARRAY[0.9, 0.5])", "sorted in increasing order"),
        ("cardinality(CAST(X'01' AS HyperLogLog))", "Cannot deserialize"),
        ("value_at_quantile(CAST(X'01' AS tdigest), 0.5)", "Cannot deserialize"),
        ("value_at_quantile(CAST(X'01' AS qdigest(bigint)), 0.5)", "Cannot deserialize"),
        ("cardinality(CAST(X'01' AS SetDigest))", "Cannot deserialize"),
    ],
)
def test_what_makes_no_sketch_is_refused(expression: str, message: str) -> None:
    with pytest.raises(duckdb.Error, match=message):
        value(expression)


@pytest.mark.parametrize("sketch", ["approx_set(x)", "tdigest_agg(x)", "qdigest_agg(x)", "ROW(approx_set(x))"])
def test_sketches_are_not_compared(sketch: str) -> None:
    with pytest.raises(TypeMismatch):
        value(f"{sketch} = {sketch}")


@pytest.mark.parametrize("call", ["max(approx_set(x))", "make_set_digest(1.5e0)", "approx_set(x, 0.1)"])
def test_what_trino_does_not_sketch_is_refused(call: str) -> None:
    with pytest.raises(FunctionNotFound):
        value(call)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1, 2, NULL", "ea51bc7b38d908d5"),
        ("'a'", "fdffaacc6274abdf"),
        ("1.5e0", "4f83aa852755ebde"),
        ("REAL '1.5'", "a7cf78cf4ea91988"),
        ("true", "938fc30ab52de5d4"),
        ("DATE '2001-01-01'", "40e11077adac07a6"),
        ("1.5", "585f84f8832cfac8"),
        ("ARRAY[1, NULL]", "cd62ae4dec88c0c7"),
        ("MAP(ARRAY[1, 2], ARRAY['a', NULL])", "72314aa1b7537f17"),
        ("CAST(12345678901234567890.5 AS decimal(30,2))", "0d70c902c173827c"),
        ("TIMESTAMP '2001-01-01 00:00:00.123'", "fbe1803dcbecc486"),
        ("TIMESTAMP '2001-01-01 00:00:00.123 UTC'", "e5d3a90e0b6cd077"),
        ("IPADDRESS '1.2.3.4'", "0123be14d4feae78"),
        ("UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "1dbf488526cbba62"),
    ],
)
def test_a_checksum_is_trinos(values: str, expected: str) -> None:
    assert bytes(value("checksum(x)", values)).hex() == expected


def test_a_checksum_of_rows_is_refused() -> None:
    with pytest.raises(NotSupported, match="checksum of row"):
        value("checksum(x)", "ROW(ROW(1, 2))")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("render('a', color('red'))", "\x1b[38;5;1ma\x1b[0m"),
        ("render('a', rgb(255, 0, 0))", "\x1b[38;5;196ma\x1b[0m"),
        ("render(1.5e0, rgb(1, 2, 3))", "\x1b[38;5;16m1.5\x1b[0m"),
        ("render(true)", "\x1b[38;5;2m✓\x1b[0m"),
        ("bar(0.25, 4)", "\x1b[38;5;196m█\x1b[0m   "),
        ("bar(2, 3)", "\x1b[38;5;196m█\x1b[38;5;226m█\x1b[38;5;46m█\x1b[0m"),
        ("color(0.5, rgb(255, 0, 0), rgb(0, 0, 255)) = rgb(0, 255, 0)", True),
        ("color(5, 0, 10, rgb(255, 0, 0), rgb(0, 0, 255)) = color('#0f0')", True),
        ("typeof(render('x', color('red')))", "varchar(16)"),
    ],
)
def test_a_color_is_trinos(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "call", ["color('#1234')", "color('pink')", "rgb(0, 256, 0)", "bar(1, 2, color('red'), rgb(0, 0, 0))"]
)
def test_what_is_no_color_is_refused(call: str) -> None:
    with pytest.raises(duckdb.Error, match="INVALID_FUNCTION_ARGUMENT"):
        value(call)


@pytest.mark.parametrize(
    ("word", "language", "stem"), [("corriendo", "es", "corr"), ("chevaux", "fr", "cheval"), ("gatti", "it", "gatt")]
)
def test_words_of_other_languages_have_stems(word: str, language: str, stem: str) -> None:
    assert value(f"word_stem('{word}', '{language}')") == stem


def test_without_snowball_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    stemming._stemmer.cache_clear()
    stemming.word_stem.cache_clear()
    monkeypatch.setattr(stemming.importlib, "import_module", missing)
    with pytest.raises(TrinoError, match=r"pip install 'tap-lake\[stem\]'"):
        stemming.word_stem("corriendo", "es")
