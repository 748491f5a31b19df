-- Window functions and frames.

SELECT x, lag(x) OVER (ORDER BY x) FROM (VALUES 1,2,null) t(x) ORDER BY x;
-- types integer | integer
-- row [1, null]
-- row [2, 1]
-- row [null, 2]

SELECT x, lag(x, 2, -1) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, -1]
-- row [2, -1]
-- row [3, 1]

SELECT x, lag(x, 0) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, 1]
-- row [2, 2]
-- row [3, 3]

SELECT x, lag(x, -1) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- error INVALID_FUNCTION_ARGUMENT

SELECT x, lag(x, null) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, null]
-- row [2, null]
-- row [3, null]

SELECT x, lead(x, 1, x * 10) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, 2]
-- row [2, 3]
-- row [3, 30]

SELECT x, lead(x) IGNORE NULLS OVER (ORDER BY y) FROM (VALUES (1,1),(null,2),(3,3)) t(x,y) ORDER BY y;
-- types integer | integer
-- row [1, 3]
-- row [null, 3]
-- row [3, null]

SELECT x, lag(x, y) OVER (ORDER BY y) FROM (VALUES (1,1),(2,2),(3,3)) t(x,y) ORDER BY y;
-- types integer | integer
-- row [1, null]
-- row [2, null]
-- row [3, null]

SELECT x, ntile(2) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 1]
-- row [3, 2]

SELECT x, ntile(0) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- error INVALID_FUNCTION_ARGUMENT

SELECT x, ntile(null) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, null]
-- row [2, null]
-- row [3, null]

SELECT x, ntile(10) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 2]
-- row [3, 3]

SELECT x, nth_value(x, 2) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, null]
-- row [2, 2]
-- row [3, 2]

SELECT x, nth_value(x, 0) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- error INVALID_FUNCTION_ARGUMENT

SELECT x, nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, 2]
-- row [2, 2]
-- row [3, 2]

SELECT x, nth_value(x, null) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, null]
-- row [2, null]
-- row [3, null]

SELECT x, first_value(x) OVER (ORDER BY x DESC) FROM (VALUES 1,2,null) t(x) ORDER BY x;
-- types integer | integer
-- row [1, 2]
-- row [2, 2]
-- row [null, 2]

SELECT x, first_value(x) IGNORE NULLS OVER (ORDER BY y) FROM (VALUES (null,1),(2,2)) t(x,y) ORDER BY y;
-- types integer | integer
-- row [null, null]
-- row [2, 2]

SELECT x, last_value(x) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | integer
-- row [1, 1]
-- row [2, 2]
-- row [3, 3]

SELECT x, rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x), row_number() OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | bigint | bigint | bigint
-- row [1, 1, 1, 1]
-- row [2, 2, 2, 2]
-- row [3, 3, 3, 3]

SELECT x, percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM (VALUES 1,1,2) t(x) ORDER BY x;
-- types integer | double | double
-- row [1, 0.0, 0.6666666666666666]
-- row [1, 0.0, 0.6666666666666666]
-- row [2, 1.0, 1.0]

SELECT x, sum(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 3]
-- row [3, 5]

SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1,2,4) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 3]
-- row [2, 3]
-- row [4, 4]

SELECT x, sum(x) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1,1,2,4) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 2]
-- row [1, 2]
-- row [2, 4]
-- row [4, 6]

SELECT x, avg(x) OVER (PARTITION BY x % 2) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- types integer | double
-- row [1, 2.0]
-- row [2, 2.0]
-- row [3, 2.0]

SELECT x, avg(x) OVER (ORDER BY x) FROM (VALUES 1.5,2.5,3.5) t(x) ORDER BY x;
-- types decimal(2,1) | decimal(2,1)
-- row ["1.5", "1.5"]
-- row ["2.5", "2.0"]
-- row ["3.5", "2.5"]

SELECT x, array_agg(x) OVER (ORDER BY x) FROM (VALUES 1,2,null) t(x) ORDER BY x;
-- types integer | array(integer)
-- row [1, [1]]
-- row [2, [1, 2]]
-- row [null, [1, 2, null]]

SELECT x, approx_distinct(x) OVER (ORDER BY x) FROM (VALUES 1,1,3) t(x) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [1, 1]
-- row [3, 2]

SELECT x, stddev(x) OVER (ORDER BY x) FROM (VALUES 1e0,2e0,3e0) t(x) ORDER BY x;
-- types double | double
-- row [1.0, null]
-- row [2.0, 0.7071067811865476]
-- row [3.0, 1.0]

SELECT x, corr(x, x) OVER (ORDER BY x) FROM (VALUES 1e0,2e0,3e0) t(x) ORDER BY x;
-- types double | double
-- row [1.0, null]
-- row [2.0, 0.9999999999999999]
-- row [3.0, 0.9999999999999999]

SELECT x, max(x) OVER (ORDER BY x) FROM (VALUES 1e0,nan(),3e0) t(x) ORDER BY x;
-- types double | double
-- row [1.0, 1.0]
-- row [3.0, 3.0]
-- row ["NaN", 3.0]

SELECT x, map_agg(x, x) OVER (ORDER BY x) FROM (VALUES 1,2) t(x) ORDER BY x;
-- types integer | map(integer, integer)
-- row [1, [[1, 1]]]
-- row [2, [[1, 1], [2, 2]]]

SELECT x, sum(x) OVER (ORDER BY y RANGE INTERVAL '1' DAY PRECEDING) FROM (VALUES (1, date '2020-01-01'),(2, date '2020-01-02'),(3, date '2020-01-05')) t(x,y) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 3]
-- row [3, 3]

SELECT x, sum(x) OVER (ORDER BY y RANGE INTERVAL '1' MONTH PRECEDING) FROM (VALUES (1, date '2020-01-01'),(2, date '2020-02-01'),(3, date '2020-05-05')) t(x,y) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 3]
-- row [3, 3]

SELECT x, sum(x) OVER w FROM (VALUES 1,2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x;
-- types integer | bigint
-- row [1, 1]
-- row [2, 3]

SELECT k, count_if(x > 1), min_by(x, x), max(x, 1), geometric_mean(x) FROM (VALUES ('a',1),('a',2),('b',3)) t(k,x) GROUP BY ROLLUP (k);
-- types varchar(1) | bigint | integer | array(integer) | double
-- row ["b", 1, 3, [3], 3.0000000000000004]
-- row [null, 2, 1, [3], 1.8171205928321397]
-- row ["a", 1, 1, [2], 1.414213562373095]

SELECT listagg(x, ',' ON OVERFLOW TRUNCATE WITHOUT COUNT) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a') t(x);
-- types varchar
-- row ["a,b"]

SELECT listagg(x) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a','a') t(x);
-- types varchar
-- row ["aab"]

SELECT x, count(*) FILTER (WHERE x > 1) OVER (ORDER BY x) FROM (VALUES 1,2,3) t(x) ORDER BY x;
-- error NOT_SUPPORTED

SELECT x, count(DISTINCT x) OVER () FROM (VALUES 1,2) t(x) ORDER BY x;
-- error NOT_SUPPORTED
