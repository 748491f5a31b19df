-- Moments in different zones that are one instant, and times of day: told apart, counted, ordered and found by the instant.

SELECT count(DISTINCT x) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 01:00:00 +01:00') t(x);
-- types bigint
-- row [1]

SELECT approx_distinct(x) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 01:00:00 +01:00') t(x);
-- types bigint
-- row [1]

SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' IN (TIMESTAMP '2020-01-01 01:00:00 +01:00');
-- types boolean
-- row [true]

SELECT contains(ARRAY[TIMESTAMP '2020-01-01 00:00:00 UTC'], TIMESTAMP '2020-01-01 01:00:00 +01:00');
-- types boolean
-- row [true]

SELECT array_position(ARRAY[TIMESTAMP '2020-01-01 00:00:00 UTC'], TIMESTAMP '2020-01-01 01:00:00 +01:00');
-- types bigint
-- row [1]

SELECT CAST(max(x) AS varchar) FROM (VALUES TIMESTAMP '2020-01-01 02:00:00 UTC', TIMESTAMP '2020-01-01 04:00:00 +05:00') t(x);
-- types varchar
-- row ["2020-01-01 02:00:00 UTC"]

SELECT CAST(greatest(TIMESTAMP '2020-01-01 02:00:00 UTC', TIMESTAMP '2020-01-01 04:00:00 +05:00') AS varchar);
-- types varchar
-- row ["2020-01-01 02:00:00 UTC"]

SELECT CAST(array_max(ARRAY[TIMESTAMP '2020-01-01 02:00:00 UTC', TIMESTAMP '2020-01-01 04:00:00 +05:00']) AS varchar);
-- types varchar
-- row ["2020-01-01 02:00:00 UTC"]

SELECT transform(array_sort(ARRAY[TIMESTAMP '2020-01-01 02:00:00 UTC', TIMESTAMP '2020-01-01 04:00:00 +05:00']), x -> CAST(x AS varchar));
-- types array(varchar)
-- row [["2020-01-01 04:00:00 +05:00", "2020-01-01 02:00:00 UTC"]]

SELECT TIME '01:00:00+01:00' = TIME '00:00:00+00:00';
-- types boolean
-- row [true]

SELECT count(DISTINCT x) FROM (VALUES TIME '01:00:00+01:00', TIME '00:00:00+00:00') t(x);
-- types bigint
-- row [1]

SELECT count(DISTINCT x) FROM (VALUES ROW(TIMESTAMP '2020-01-01 00:00:00 UTC', 1), ROW(TIMESTAMP '2020-01-01 01:00:00 +01:00', 1)) t(x, y);
-- types bigint
-- row [1]

SELECT a, b, grouping(a, b) FROM (VALUES (1, 'x')) t(a, b) GROUP BY GROUPING SETS ((a), (b));
-- types integer | varchar(1) | integer
-- row [null, "x", 2]
-- row [1, null, 1]

SELECT count(DISTINCT r) FROM (SELECT ROW(x, 1) AS r FROM (VALUES TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 01:00:00 +01:00') t(x));
-- types bigint
-- row [1]
