"""Macros of arrays and maps."""

from __future__ import annotations

from lake.sql.compiler.macro_errors import invalid

ARRAY_MACROS: dict[str, str] = {
    # A map is handed over as its keys and its values far sooner than as one.
    "trino_map_of(s)": "(list_transform([s], lambda m_: CASE WHEN m_ IS NULL THEN NULL ELSE map(m_.k, m_.v) END))[1]",
    # Elements decide up to the first that differ; one that is NULL up to there cannot.
    "trino_first_odd_(a, b)": (
        "list_position(list_transform(range(1, least(len(a), len(b)) + 1), "
        "lambda i_: a[i_] IS NULL OR b[i_] IS NULL OR a[i_] <> b[i_]), true)"
    ),
    "trino_ordered_arrays(a, b, test)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL "
        "WHEN a[trino_first_odd_(a, b)] IS NULL <> (trino_first_odd_(a, b) IS NULL) OR "
        "b[trino_first_odd_(a, b)] IS NULL <> (trino_first_odd_(a, b) IS NULL) THEN "
        "trino_error('NOT_SUPPORTED', 'ARRAY comparison not supported for arrays with null elements') ELSE test END"
    ),
    "trino_subscript_array_(a, i)": (
        "CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i = 0 THEN "
        + invalid("'SQL array indices start at 1'")
        + " WHEN i < 0 THEN "
        + invalid("'Array subscript is negative: ' || i")
        + " WHEN i > len(a) THEN "
        + invalid("'Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a)")
        + " ELSE a[i] END"
    ),
    "trino_subscript_map_(m, k)": (
        "CASE WHEN m IS NULL THEN NULL WHEN map_contains(m, k) THEN m[k] ELSE "
        + invalid("'Key not present in map: ' || CAST(k AS VARCHAR)")
        + " END"
    ),
    "trino_element_array_(a, i)": (
        "CASE WHEN i = 0 THEN "
        + invalid("'SQL array indices start at 1'")
        + " WHEN abs(i) > len(a) THEN NULL ELSE a[i] END"
    ),
    "trino_count_of_n(n)": (
        "CASE WHEN n <= 0 THEN "
        + invalid("'the number of values must be positive; found ' || n")
        + " WHEN n > 10000 THEN "
        + invalid("'the number of values must be less than or equal to 10000; found ' || n")
        + " ELSE n END"
    ),
    "trino_share_(q)": (
        "CASE WHEN q BETWEEN 0 AND 1 THEN q ELSE " + invalid("'Percentile must be between 0 and 1'") + " END"
    ),
    "trino_percentile(values_, q)": "values_[1 + least(CAST(floor(trino_share_(q) * len(values_)) AS BIGINT), len(values_) - 1)]",
    "trino_percentiles(values_, shares)": (
        "CASE WHEN len(values_) = 0 THEN NULL ELSE list_transform(shares, lambda q_: trino_percentile(values_, q_)) END"
    ),
    "trino_all(tests)": (
        "CASE WHEN tests IS NULL THEN NULL WHEN list_contains(tests, false) THEN false "
        "WHEN list_count(tests) < len(tests) THEN NULL ELSE true END"
    ),
    "trino_any(tests)": (
        "CASE WHEN tests IS NULL THEN NULL WHEN list_contains(tests, true) THEN true "
        "WHEN list_count(tests) < len(tests) THEN NULL ELSE false END"
    ),
    "trino_concat(arrays)": "CASE WHEN trino_has_null(arrays) THEN NULL ELSE flatten(arrays) END",
    "trino_join(texts, separator)": (
        "CASE WHEN len(texts) = 0 THEN '' ELSE list_reduce(texts, lambda a_, b_: a_ || separator || b_) END"
    ),
    "trino_at_least(n, least)": (
        "CASE WHEN n < least THEN " + invalid("'Offset must be at least ' || least") + " ELSE n END"
    ),
    "trino_has_null(a)": "(list_count(a) < len(a))",
    "trino_has_(a, x)": "CASE WHEN x IS NULL THEN trino_has_null(a) ELSE list_contains(a, x) END",
    "trino_distinct(a)": (
        "list_filter(a, lambda e_, i_: CASE WHEN e_ IS NULL THEN "
        "list_position(list_transform(a, lambda n_: n_ IS NULL), true) ELSE list_position(a, e_) END = i_)"
    ),
    "trino_union(a, b)": ("CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_distinct(list_concat(a, b)) END"),
    "trino_intersect_(a, b)": "trino_distinct(list_filter(a, lambda e_: trino_has_(b, e_)))",
    "trino_intersect(a, b)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) < len(b) THEN trino_intersect_(b, a) "
        "ELSE trino_intersect_(a, b) END"
    ),
    "trino_except(a, b)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN a "
        "ELSE trino_distinct(list_filter(a, lambda e_: NOT trino_has_(b, e_))) END"
    ),
    "trino_overlap(a, b)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) = 0 OR len(b) = 0 THEN false WHEN list_has_any(a, b) THEN true "
        "WHEN trino_has_null(a) OR trino_has_null(b) THEN NULL ELSE false END"
    ),
    "trino_slice(a, i, n)": (
        "CASE WHEN i = 0 THEN "
        + invalid("'SQL array indices start at 1'")
        + " WHEN n < 0 THEN "
        + invalid("'length must be greater than or equal to 0'")
        + " WHEN i > 0 THEN a[i:i + n - 1] WHEN -i > len(a) THEN a[1:0] ELSE a[len(a) + i + 1:len(a) + i + n] END"
    ),
    "trino_trim_array(a, n)": (
        "CASE WHEN n < 0 THEN "
        + invalid("'size must not be negative: ' || n")
        + " WHEN n > len(a) THEN "
        + invalid("'size must not exceed array cardinality ' || len(a) || ': ' || n")
        + " ELSE a[1:len(a) - n] END"
    ),
    "trino_times(n)": (
        "CASE WHEN n < 0 THEN "
        + invalid("'count argument of repeat function must be greater than or equal to 0'")
        + " WHEN n > 10000 THEN "
        + invalid("'count argument of repeat function must be less than or equal to 10000'")
        + " ELSE range(n) END"
    ),
    "trino_steps(a, b, step)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN step = 0 THEN "
        + invalid("'step must not be zero'")
        + " WHEN (step > 0 AND b < a) OR (step < 0 AND b > a) THEN "
        + invalid(
            "'sequence stop value should be greater than or equal to start value if step is greater than zero "
            "otherwise stop should be less than or equal to start'"
        )
        + " WHEN (CAST(b AS HUGEINT) - a) // step >= 10000 THEN "
        + invalid("'result of sequence function must not have more than 10000 entries'")
        + " ELSE generate_series(a, b, step) END"
    ),
    "trino_ngrams(a, n)": (
        "CASE WHEN a IS NULL THEN NULL WHEN n <= 0 THEN "
        + invalid("'N must be positive'")
        + " ELSE list_transform(range(1, greatest(1, len(a) - n + 1) + 1), lambda i_: a[i_:i_ + n - 1]) END"
    ),
    "trino_contains_sequence(a, b)": (
        "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN true ELSE "
        "len(list_filter(range(1, len(a) - len(b) + 2), lambda i_: a[i_:i_ + len(b) - 1] = b)) > 0 END"
    ),
    "trino_entries(l)": (
        "CASE WHEN len(list_distinct(list_transform(l, lambda e_: e_.key))) = len(l) THEN map_from_entries(l) "
        "ELSE map_from_entries(list_filter(l, lambda e_, i_: list_position(list_transform(l, lambda n_: n_.key), e_.key) = i_)) END"
    ),
    "trino_many(l)": (
        "map_from_entries(list_transform(trino_distinct(list_transform(l, lambda e_: e_.key)), lambda k_: "
        "struct_pack(key := k_, value := list_transform(list_filter(l, lambda e_: e_.key = k_), lambda e_: e_.value))))"
    ),
    "trino_whole_days(ms)": (
        "CASE WHEN ms % 86400000 <> 0 THEN "
        + invalid("'sequence step must be a day interval if start and end values are dates'")
        + " ELSE ms // 86400000 END"
    ),
    "trino_sign(c)": (
        "CASE WHEN c IN (-1, 0, 1) THEN c ELSE "
        + invalid("'Lambda comparator must return either -1, 0, or 1'")
        + " END"
    ),
}
