-- TRY and TRY_CAST: what fails is NULL, and what is asked for twice is not computed outside.

SELECT TRY_CAST(1/0 AS bigint);
-- error DIVISION_BY_ZERO

SELECT TRY_CAST(x/y AS varchar) FROM (VALUES (1,0)) t(x,y);
-- error DIVISION_BY_ZERO

SELECT TRY(1/0);
-- types integer
-- row [null]

SELECT TRY(CAST(x AS bigint)) FROM (VALUES 'a','1') t(x);
-- types bigint
-- row [null]
-- row [1]

SELECT TRY(x) FROM (VALUES 1) t(x);
-- types integer
-- row [1]

SELECT TRY(sum(x)/0) FROM (VALUES 1) t(x);
-- types bigint
-- row [null]

SELECT TRY(element_at(array[1], x)) FROM (VALUES 0, 1) t(x);
-- types integer
-- row [null]
-- row [1]

SELECT TRY(date_trunc(u, d)) FROM (VALUES ('day', DATE '2020-01-01'), ('foo', DATE '2020-01-01')) t(u, d);
-- types date
-- row ["2020-01-01"]
-- row [null]

SELECT TRY(CAST(x AS timestamp(9))) FROM (VALUES 'aa', '2020-01-01 00:00:00.123456789') t(x);
-- types timestamp(9)
-- row [null]
-- row ["2020-01-01 00:00:00.123456789"]

SELECT TRY(CAST(x AS row(a integer, b timestamp(9)))) FROM (VALUES row('1','x')) t(x);
-- error MISMATCHED_COLUMN_ALIASES

SELECT sum(TRY(x / y)) FROM (VALUES (1, 0), (4, 2)) t(x, y);
-- types bigint
-- row [2]

SELECT TRY(transform(array[1, 0], e -> 1 / e));
-- types array(integer)
-- row [null]

SELECT transform(array[1, 0], e -> TRY(1 / e));
-- types array(integer)
-- row [[1, null]]

SELECT TRY(1 / row_number() OVER () - 1) FROM (VALUES 1) t(x);
-- types bigint
-- row [0]
