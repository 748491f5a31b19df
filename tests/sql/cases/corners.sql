-- Corners that random queries led to: covariances, JSON as it is written, NaN in order, intervals of centuries.

SELECT TRY_CAST('aa' AS timestamp(7) with time zone);
-- types timestamp(7) with time zone
-- row [null]

SELECT TRY_CAST(x AS timestamp(7) with time zone) FROM (VALUES 'aa', '2020-01-01 00:00:00.1234567 Europe/Berlin') t(x);
-- types timestamp(7) with time zone
-- row [null]
-- row ["2020-01-01 00:00:00.1234567 Europe/Berlin"]

SELECT TRY_CAST('aa' AS timestamp(3) with time zone);
-- types timestamp(3) with time zone
-- row [null]

SELECT TRY_CAST(x AS timestamp(3) with time zone) FROM (VALUES 'aa', '2020-01-01 00:00:00.1234567 Foo/Bar') t(x);
-- types timestamp(3) with time zone
-- row [null]
-- row [null]

SELECT TRY_CAST('aa' AS time(7) with time zone);
-- types time(7) with time zone
-- row [null]

SELECT TRY_CAST('aa' AS timestamp(9));
-- types timestamp(9)
-- row [null]

SELECT covar_samp(x,y) FROM (VALUES (1e0, infinity()), (2e0, 3e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_samp(x,y) FROM (VALUES (1e0, infinity()), (2e0, 3e0), (5e0, 4e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (1e0, infinity())) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (1e0, infinity()), (2e0, 3e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (2e0, 3e0), (infinity(), 1e0), (1e0, 5e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (2e0, 3e0), (infinity(), 1e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (2e0, infinity()), (2e0, 1e0)) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (2e0, 1e0), (2e0, infinity())) t(x,y);
-- types double
-- row ["NaN"]

SELECT covar_pop(x,y) FROM (VALUES (2e0, infinity()), (2e0, infinity())) t(x,y);
-- types double
-- row ["NaN"]

SELECT corr(x,y) FROM (VALUES (2e0, infinity()), (2e0, 3e0)) t(x,y);
-- types double
-- row [null]

SELECT regr_slope(x,y) FROM (VALUES (2e0, infinity()), (2e0, 3e0)) t(x,y);
-- types double
-- row [null]

SELECT cast(json '{"b":1,"a":2}' as varchar);
-- error INVALID_CAST_ARGUMENT

SELECT json_format(json '{"b":1,"a":2}');
-- types varchar
-- row ["{\"a\":2,\"b\":1}"]

SELECT json_format(json '1.50');
-- types varchar
-- row ["1.5"]

SELECT json_format(json '1e3');
-- types varchar
-- row ["1000.0"]

SELECT json_format(json '1E400');
-- types varchar
-- row ["\"Infinity\""]

SELECT json_format(json '12345678901234567890');
-- types varchar
-- row ["12345678901234567890"]

SELECT json_format(json '0.1e-10');
-- types varchar
-- row ["1.0E-11"]

SELECT json_format(json '"\u00e9\/\n"');
-- types varchar
-- row ["\"é/\\n\""]

SELECT json_format(json '-0');
-- types varchar
-- row ["0"]

SELECT json_format(json '-0.0');
-- types varchar
-- row ["-0.0"]

SELECT json_format(json '100000000000000000000000.5');
-- types varchar
-- row ["1.0000000000000001E23"]

SELECT json_format(json '[1.0, 2.50, 1e2, 1e-7, 123456789.123456789]');
-- types varchar
-- row ["[1.0,2.5,100.0,1.0E-7,1.2345678912345679E8]"]

SELECT json_extract('{"b":1,"a":[1.50, 1e3]}', '$.a');
-- types json
-- row ["[1.5,1000.0]"]

SELECT json_parse('{"b":1, "a" : [ 1.50 , 1e3]}');
-- types json
-- row ["{\"a\":[1.5,1000.0],\"b\":1}"]

SELECT json '{"a":1,"a":2}';
-- types json
-- row ["{\"a\":2}"]

SELECT json_parse('{"a":1,"a":2}');
-- types json
-- row ["{\"a\":2}"]

SELECT cast(map(array['b','a'], array[1,2]) as json);
-- types json
-- row ["{\"a\":2,\"b\":1}"]

SELECT cast(row(1,2) as json);
-- types json
-- row ["{\"\":1,\"\":2}"]

SELECT cast(1e10 as json);
-- types json
-- row ["1.0E10"]

SELECT cast(REAL '1.1' as json);
-- types json
-- row ["1.1"]

SELECT cast(DECIMAL '1.10' as json);
-- types json
-- row ["1.10"]

SELECT json '1' = json '1.0';
-- types boolean
-- row [false]

SELECT json_parse('1.0') = json_parse('1');
-- types boolean
-- row [false]

SELECT json_format(cast(1e0 as json));
-- types varchar
-- row ["1.0"]

SELECT json_format(cast(array[1e10, 1e-5, nan()] as json));
-- types varchar
-- row ["[1.0E10,1.0E-5,\"NaN\"]"]

SELECT x FROM (VALUES nan(), 1e0, null, infinity()) t(x) ORDER BY x;
-- types double
-- row [1.0]
-- row ["Infinity"]
-- row ["NaN"]
-- row [null]

SELECT x FROM (VALUES nan(), 1e0, null, infinity()) t(x) ORDER BY x DESC;
-- types double
-- row ["NaN"]
-- row ["Infinity"]
-- row [1.0]
-- row [null]

SELECT x FROM (VALUES nan(), 1e0, null, infinity()) t(x) ORDER BY x LIMIT 2;
-- types double
-- row [1.0]
-- row ["Infinity"]

SELECT x FROM (VALUES nan(), 1e0, null, infinity()) t(x) ORDER BY x DESC LIMIT 2;
-- types double
-- row ["NaN"]
-- row ["Infinity"]

SELECT max(x), min(x) FROM (VALUES nan(), 1e0, null, infinity()) t(x);
-- types double | double
-- row ["Infinity", 1.0]

SELECT array_sort(array[nan(), 1e0, infinity()]);
-- types array(double)
-- row [[1.0, "Infinity", "NaN"]]

SELECT x, rank() OVER (ORDER BY x) FROM (VALUES nan(), 1e0, infinity()) t(x);
-- types double | bigint
-- row [1.0, 1]
-- row ["Infinity", 2]
-- row ["NaN", 3]

SELECT CAST(interval '9999' year AS varchar);
-- types varchar
-- row ["9999-0"]

SELECT interval '400000' day;
-- types interval day to second
-- row [34560000000000]

SELECT interval '-400000' day;
-- types interval day to second
-- row [-34560000000000]

SELECT map_agg(x, 1) FROM (VALUES row(row(1,null))) t(x);
-- types map(row(integer, unknown), integer)
-- row [[[[1, null], 1]]]

SELECT round(DECIMAL '-99.995', -2);
-- types decimal(6,3)
-- row ["-100.000"]

SELECT round(x, -2) FROM (VALUES DECIMAL '-99.995', DECIMAL '49.9', DECIMAL '50') t(x);
-- types decimal(6,3)
-- row ["-100.000"]
-- row ["0.000"]
-- row ["100.000"]

SELECT round(DECIMAL '-99.995', -3);
-- types decimal(6,3)
-- row ["0.000"]

SELECT round(DECIMAL '12345678901234567890123456789012345678', -37);
-- types decimal(38,0)
-- row ["10000000000000000000000000000000000000"]

SELECT round(DECIMAL '99.5', 0);
-- types decimal(4,1)
-- row ["100.0"]

SELECT truncate(DECIMAL '99.95', -1);
-- types decimal(4,2)
-- row ["90.00"]

SELECT split(CAST(NULL AS varchar), '');
-- types array(varchar)
-- row [null]

SELECT split(c0, c1) FROM (VALUES (CAST(NULL AS varchar), ''), ('a', 'b')) t(c0, c1);
-- types array(varchar)
-- row [null]
-- row [["a"]]

SELECT CAST(from_unixtime(nan()) AS varchar);
-- types varchar
-- row ["1970-01-01 00:00:00.000 UTC"]

SELECT CAST(from_unixtime(c0) AS varchar) FROM (VALUES nan(), 1e0, NULL) t(c0);
-- types varchar
-- row ["1970-01-01 00:00:00.000 UTC"]
-- row ["1970-01-01 00:00:01.000 UTC"]
-- row [null]

SELECT n, k, v, o FROM (VALUES (0, map(ARRAY['a', 'b'], ARRAY[1, NULL])), (1, NULL)) t(n, m) CROSS JOIN UNNEST(m) WITH ORDINALITY u(k, v, o);
-- types integer | varchar(1) | integer | bigint
-- row [0, "a", 1, 1]
-- row [0, "b", null, 2]

SELECT n, k, o FROM (VALUES (0, map(ARRAY['a'], ARRAY[1])), (1, map())) t(n, m) LEFT JOIN UNNEST(m) WITH ORDINALITY u(k, v, o) ON true;
-- types integer | varchar(1) | bigint
-- row [0, "a", 1]
-- row [1, null, null]

SELECT a, k, v FROM UNNEST(ARRAY[1, 2, 3], map(ARRAY['x'], ARRAY[true])) u(a, k, v);
-- types integer | varchar(1) | boolean
-- row [1, "x", true]
-- row [2, null, null]
-- row [3, null, null]

SELECT CAST(x AS decimal(18,0)) FROM (VALUES DECIMAL '12345678901234567890.12') t(x);
-- error INVALID_CAST_ARGUMENT

SELECT sum(x) FROM (VALUES DECIMAL '99999999999999999999999999999999999998', DECIMAL '1') t(x);
-- types decimal(38,0)
-- row ["99999999999999999999999999999999999999"]

SELECT reduce(CAST(NULL AS array(integer)), 0, (s, x) -> s + x, s -> s);
-- types integer
-- row [null]

SELECT reduce(ARRAY[1], NULL, (s, x) -> coalesce(s, 0) + x, s -> s);
-- types integer
-- row [1]

SELECT zip(ARRAY[1]);
-- error FUNCTION_NOT_FOUND

SELECT date_diff('day', DATE '2020-01-01', CAST(NULL AS date));
-- types bigint
-- row [null]

SELECT date_trunc('foo', CAST(NULL AS date));
-- types date
-- row [null]

SELECT TRY(date_trunc('foo', DATE '2020-01-01'));
-- types date
-- row [null]

SELECT TRY(date_add('hour', 1, DATE '2020-01-01'));
-- types date
-- row [null]

SELECT t2, count(*) FROM (VALUES (1, nan()), (2, nan()), (3, 1e0)) t(t1, t2) GROUP BY t2;
-- types double | bigint
-- row ["NaN", 2]
-- row [1.0, 1]

SELECT x FROM (VALUES nan(), 1e0) t(x) WHERE x IN (nan(), 2e0);
-- types double

SELECT x FROM (VALUES (nan()), (1e0)) t(x) INTERSECT SELECT nan();
-- types double
-- row ["NaN"]

SELECT DISTINCT x FROM (VALUES nan(), nan(), -0e0, 0e0) t(x);
-- types double
-- row ["NaN"]
-- row [-0.0]

SELECT l.x FROM (VALUES nan(), 1e0) l(x) JOIN (VALUES nan(), 1e0) r(x) ON l.x = r.x;
-- types double
-- row [1.0]

SELECT nan() IS DISTINCT FROM nan();
-- types boolean
-- row [false]

SELECT array[nan()] = array[nan()];
-- types boolean
-- row [false]

SELECT count(DISTINCT x) FROM (VALUES nan(), nan(), 1e0) t(x);
-- types bigint
-- row [2]

SELECT greatest(nan(), 1e0);
-- types double
-- row [1.0]

SELECT least(nan(), 1e0);
-- types double
-- row [1.0]

SELECT x, y FROM (VALUES (TIMESTAMP '2020-01-01 00:00:00 UTC', 1), (TIMESTAMP '2020-01-01 01:00:00 +01:00', 2)) t(x, y) WHERE x = TIMESTAMP '2020-01-01 02:00:00 +02:00';
-- types timestamp(0) with time zone | integer
-- row ["2020-01-01 00:00:00 UTC", 1]
-- row ["2020-01-01 01:00:00 +01:00", 2]

SELECT count(DISTINCT x) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 01:00:00 +01:00') t(x);
-- types bigint
-- row [1]

SELECT a FROM (VALUES ROW(1, NULL), ROW(1, 2)) t(a, b) WHERE ROW(a, b) = ROW(1, 2);
-- types integer
-- row [1]

SELECT ROW(1, NULL) = ROW(2, NULL);
-- types boolean
-- row [false]

SELECT ROW(1, NULL) = ROW(1, NULL);
-- types boolean
-- row [null]

SELECT ARRAY[1, NULL] IN (ARRAY[1, NULL], ARRAY[2]);
-- types boolean
-- row [null]

SELECT ARRAY[1, 2] IN (ARRAY[1, NULL]);
-- types boolean
-- row [null]

SELECT 1 IN (2, NULL);
-- types boolean
-- row [null]

SELECT 1 NOT IN (2, NULL);
-- types boolean
-- row [null]

SELECT map(ARRAY[1], ARRAY[NULL]) = map(ARRAY[1], ARRAY[NULL]);
-- types boolean
-- row [null]

SELECT x, sum(y) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 1), (1, 2), (2, 4), (3, 8)) t(x, y);
-- types integer | bigint
-- row [1, 3]
-- row [1, 3]
-- row [2, 7]
-- row [3, 12]

SELECT x, array_agg(y) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM (VALUES (1, 1), (2, 4), (3, 8)) t(x, y);
-- types integer | array(integer)
-- row [1, [4, 8]]
-- row [2, [8]]
-- row [3, null]

SELECT a, b, grouping(a, b), count(*) FROM (VALUES (1, 'x'), (1, NULL), (NULL, 'x')) t(a, b) GROUP BY CUBE (a, b);
-- types integer | varchar(1) | integer | bigint
-- row [1, null, 1, 2]
-- row [null, null, 1, 1]
-- row [null, "x", 0, 1]
-- row [1, null, 0, 1]
-- row [null, null, 3, 3]
-- row [null, "x", 2, 2]
-- row [null, null, 2, 1]
-- row [1, "x", 0, 1]

SELECT a, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY GROUPING SETS ((a), ()) HAVING count(*) > 1;
-- types integer | bigint
-- row [null, 2]

SELECT x FROM (VALUES nan(), 1e0, infinity()) t(x) ORDER BY x;
-- types double
-- row [1.0]
-- row ["Infinity"]
-- row ["NaN"]

SELECT x FROM (VALUES nan(), 1e0, infinity()) t(x) ORDER BY x, 1;
-- types double
-- row [1.0]
-- row ["Infinity"]
-- row ["NaN"]

SELECT x FROM (VALUES (nan(), 1), (1e0, 2), (infinity(), 3)) t(x, y) ORDER BY x, y;
-- types double
-- row [1.0]
-- row ["Infinity"]
-- row ["NaN"]

SELECT x FROM (VALUES CAST(nan() AS real), REAL '1', CAST(infinity() AS real)) t(x) ORDER BY x;
-- types real
-- row [1.0]
-- row ["Infinity"]
-- row ["NaN"]

SELECT x FROM (VALUES CAST(nan() AS real), REAL '1', CAST(infinity() AS real)) t(x) ORDER BY x DESC;
-- types real
-- row ["NaN"]
-- row ["Infinity"]
-- row [1.0]

SELECT x FROM (VALUES (CAST(nan() AS real), 1), (REAL '1', 2)) t(x, y) ORDER BY x, y;
-- types real
-- row [1.0]
-- row ["NaN"]

SELECT max(x), min(x) FROM (VALUES CAST(nan() AS real), REAL '1') t(x);
-- types real | real
-- row [1.0, 1.0]

SELECT array_sort(ARRAY[CAST(nan() AS real), REAL '1']);
-- types array(real)
-- row [[1.0, "NaN"]]

SELECT x, rank() OVER (ORDER BY x) FROM (VALUES CAST(nan() AS real), REAL '1') t(x);
-- types real | bigint
-- row [1.0, 1]
-- row ["NaN", 2]

SELECT CAST(DATE '2020-05-10' AS varchar(5));
-- error INVALID_CAST_ARGUMENT

SELECT CAST(12345 AS varchar(3));
-- error INVALID_CAST_ARGUMENT

SELECT CAST(1.5e0 AS varchar(2));
-- error INVALID_CAST_ARGUMENT

SELECT CAST(DECIMAL '12.5' AS varchar(2));
-- error INVALID_CAST_ARGUMENT

SELECT format_number(-123456);
-- types varchar
-- row ["-123.46K"]

SELECT format_number(-12345);
-- types varchar
-- row ["-12.35K"]

SELECT format_number(-1500000e0);
-- types varchar
-- row ["-1.5M"]

SELECT format_number(-5);
-- types varchar
-- row ["-5"]

SELECT format_number(-50);
-- types varchar
-- row ["-50"]

SELECT format_number(123456789012345678);
-- types varchar
-- row ["123Q"]

SELECT format_number(BIGINT '9223372036854775807');
-- types varchar
-- row ["9223Q"]

SELECT format_number(-infinity());
-- types varchar
-- row ["-9223.37Q"]

SELECT format_number(infinity());
-- types varchar
-- row ["9223Q"]

SELECT format_number(nan());
-- types varchar
-- row ["0"]
