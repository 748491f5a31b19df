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
