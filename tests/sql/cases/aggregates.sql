-- Aggregates, with nothing, NULL and what is not finite.

SELECT stddev_pop(c0) FROM (SELECT * FROM (VALUES (0.1e0)) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT listagg(c0, ',') WITHIN GROUP (ORDER BY c0) FROM (VALUES ('abcabc'), ('ß')) t(c0);
-- types varchar
-- row ["abcabc,ß"]

SELECT bool_or(DISTINCT c0) FROM (VALUES (true)) t(c0);
-- types boolean
-- row [true]

SELECT sum(c0) FROM (VALUES (1), (-1), (BIGINT '123456789012')) t(c0);
-- types bigint
-- row [123456789012]

SELECT stddev_pop(c0) FROM (VALUES (-0e0), (-infinity()), (-infinity()), (0e0), (0.5)) t(c0);
-- types double
-- row ["NaN"]

SELECT multimap_agg(c0, c1) FROM (SELECT * FROM (VALUES (CAST(NULL AS date), '')) t(c0, c1) WHERE false) t;
-- types map(date, array(varchar(0)))
-- row [null]

SELECT covar_pop(c0, c1) OVER () FROM (VALUES (CAST(nan() AS real), CAST(NULL AS real)), (CAST(NULL AS real), CAST(nan() AS real)), (REAL '123.456', CAST(nan() AS real)), (REAL '-2.5', REAL '123.456'), (REAL '-2.5', REAL '-2.5')) t(c0, c1);
-- types real
-- row ["NaN"]
-- row ["NaN"]
-- row ["NaN"]
-- row ["NaN"]
-- row ["NaN"]

SELECT sum(c0) FROM (VALUES (1e0), (-1e0), (1.5e0), (1.5e0), (0.5)) t(c0);
-- types double
-- row [3.5]

SELECT regr_slope(c0, c1) FROM (VALUES (0e0, 0.1e0), (-2.5e0, infinity()), (CAST(NULL AS double), -1e0), (-1e0, 1e0), (0.5, 0.1e0)) t(c0, c1);
-- types double
-- row [null]

SELECT geometric_mean(c0) FROM (VALUES (-2.5e0), (1e-7), (0.1e0), (0.5), (CAST(NULL AS double))) t(c0);
-- types double
-- row ["NaN"]

SELECT multimap_agg(c0, c1) FROM (SELECT * FROM (VALUES (false, TIMESTAMP '2001-01-31 01:02:03.5 -08:00')) t(c0, c1) WHERE false) t;
-- types map(boolean, array(timestamp(1) with time zone))
-- row [null]

SELECT max_by(c0, c1) OVER () FROM (VALUES ('a', DATE '9999-12-31')) t(c0, c1);
-- types varchar(1)
-- row ["a"]

SELECT max_by(c0, c1, 3) FROM (VALUES (DATE '9999-12-31', CAST(NULL AS timestamp(3)), 64), (DATE '9999-12-31', CAST(NULL AS timestamp(3)), 64)) t(c0, c1, c2);
-- types array(date)
-- row [null]

SELECT approx_distinct(c0, 0.01e0) OVER () FROM (VALUES (false, 0.5)) t(c0, c1);
-- types bigint
-- row [1]

SELECT geometric_mean(c0) FROM (VALUES (1.5e0), (-0e0), (CAST(NULL AS double))) t(c0);
-- types double
-- row [0.0]

SELECT max(c0, 2) FROM (VALUES (CAST('' AS char(3)), 16)) t(c0, c1);
-- types array(char(3))
-- row [["   "]]

SELECT covar_samp(c0, c1) FROM (VALUES (infinity(), -infinity()), (0e0, -2.5e0), (-infinity(), -1e0)) t(c0, c1);
-- types double
-- row ["NaN"]

SELECT kurtosis(c0) FROM (SELECT * FROM (VALUES (64)) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT kurtosis(c0) FROM (VALUES (-7), (0), (-1)) t(c0);
-- types double
-- row [null]

SELECT multimap_agg(c0, c1) OVER () FROM (VALUES (1e-7, CAST(NULL AS real)), (1e-7, REAL '0'), (1e-7, CAST(NULL AS real)), (1e0, REAL '0'), (1e0, REAL '0')) t(c0, c1);
-- types map(double, array(real))
-- row [[[1.0, [0.0, 0.0]], [1e-07, [null, 0.0, null]]]]
-- row [[[1.0, [0.0, 0.0]], [1e-07, [null, 0.0, null]]]]
-- row [[[1.0, [0.0, 0.0]], [1e-07, [null, 0.0, null]]]]
-- row [[[1.0, [0.0, 0.0]], [1e-07, [null, 0.0, null]]]]
-- row [[[1.0, [0.0, 0.0]], [1e-07, [null, 0.0, null]]]]

SELECT count_if(c0) FROM (VALUES (true), (CAST(NULL AS boolean)), (false), (true), (CAST(NULL AS boolean))) t(c0);
-- types bigint
-- row [2]

SELECT bool_and(c0) FROM (VALUES (false), (true), (CAST(NULL AS boolean))) t(c0);
-- types boolean
-- row [false]

SELECT regr_slope(c0, c1) FROM (VALUES (REAL '3.14', REAL '3.14'), (REAL '3.14', REAL '3.14')) t(c0, c1);
-- types real
-- row [null]

SELECT corr(c0, c1) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (-infinity(), 0.5), (0.5, -2.5e0), (1e0, -0e0), (CAST(NULL AS double), 1.5e0), (0.5, 0.5)) t(c0, c1);
-- types double
-- row [null]

SELECT array_agg(DISTINCT c0 ORDER BY c0) FROM (VALUES (TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin'), (CAST(NULL AS timestamp(3) with time zone)), (TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin')) t(c0);
-- types array(timestamp(3) with time zone)
-- row [["2020-05-10 12:34:56.123 Europe/Berlin", null]]

SELECT count_if(c0) FROM (VALUES (CAST(NULL AS boolean)), (CAST(NULL AS boolean)), (true)) t(c0);
-- types bigint
-- row [1]

SELECT map_union(c0) FROM (SELECT * FROM (VALUES (map(ARRAY[true], ARRAY[DECIMAL '7']))) t(c0) WHERE false) t;
-- types map(boolean, decimal(1,0))
-- row [null]

SELECT regr_slope(c0, c1) FROM (SELECT * FROM (VALUES (CAST(NULL AS real), REAL '123.456')) t(c0, c1) WHERE false) t;
-- types real
-- row [null]

SELECT regr_slope(c0, c1) FROM (VALUES (3, 0.5), (-infinity(), -0e0), (0e0, nan())) t(c0, c1);
-- types double
-- row [null]

SELECT bitwise_or_agg(c0) FROM (VALUES (16), (5)) t(c0);
-- types bigint
-- row [21]

SELECT corr(c0, c1) FROM (VALUES (REAL '123.456', REAL '123.456'), (CAST(infinity() AS real), CAST(NULL AS real)), (CAST(NULL AS real), REAL '1.5')) t(c0, c1);
-- types real
-- row [null]

SELECT covar_samp(c0, c1) FROM (SELECT * FROM (VALUES (infinity(), 0.1e0)) t(c0, c1) WHERE false) t;
-- types double
-- row [null]

SELECT skewness(c0) FROM (VALUES (-1), (-1), (100)) t(c0);
-- types double
-- row [0.7071067811865475]

SELECT regr_slope(c0, c1) FROM (VALUES (CAST(NULL AS real), CAST(nan() AS real)), (REAL '1.5', REAL '123.456'), (REAL '123.456', REAL '-2.5')) t(c0, c1);
-- types real
-- row [-0.9682429]

SELECT variance(c0) FROM (VALUES (nan())) t(c0);
-- types double
-- row [null]

SELECT map_agg(c0, c1) FROM (VALUES (10, TIMESTAMP '1969-12-31 23:59:59.999'), (1, CAST(NULL AS timestamp(3)))) t(c0, c1);
-- types map(integer, timestamp(3))
-- row [[[1, null], [10, "1969-12-31 23:59:59.999"]]]

SELECT avg(c0) FROM (VALUES (CAST(NULL AS double))) t(c0);
-- types double
-- row [null]

SELECT kurtosis(c0) FROM (VALUES (0.1e0), (-0e0), (infinity()), (-1e0), (1.5e0)) t(c0);
-- types double
-- row ["NaN"]

SELECT corr(c0, c1) FILTER (WHERE c0 IS NOT NULL) FROM (SELECT * FROM (VALUES (0.1e0, 123.456e0)) t(c0, c1) WHERE false) t;
-- types double
-- row [null]

SELECT stddev_samp(c0) FROM (VALUES (3), (-1e0), (0e0), (-0e0), (-infinity())) t(c0);
-- types double
-- row ["NaN"]

SELECT variance(c0) FROM (VALUES (0e0)) t(c0);
-- types double
-- row [null]

SELECT approx_distinct(c0, 0.01e0) FROM (VALUES (CAST(NULL AS timestamp(3)), CAST(NULL AS double))) t(c0, c1);
-- types bigint
-- row [0]

SELECT avg(c0) FROM (VALUES (123.45), (DECIMAL '12345678901234567890.12'), (CAST(NULL AS decimal(10,2))), (123.45), (DECIMAL '0.00')) t(c0);
-- types decimal(22,2)
-- row ["3086419725308642034.26"]

SELECT corr(c0, c1) FROM (VALUES (REAL '0', REAL '123.456'), (REAL '123.456', REAL '0')) t(c0, c1);
-- types real
-- row [-1.0]

SELECT var_pop(c0) FROM (SELECT * FROM (VALUES (1)) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT sum(c0) FROM (VALUES (2), (-7), (3), (NULL), (100)) t(c0);
-- types bigint
-- row [98]

SELECT covar_samp(c0, c1) FROM (VALUES (CAST(NULL AS real), REAL '123.456')) t(c0, c1);
-- types real
-- row [null]

SELECT geometric_mean(c0) FROM (VALUES (-7), (-7)) t(c0);
-- types double
-- row ["NaN"]

SELECT var_pop(DISTINCT c0) FROM (VALUES (123.456e0), (3), (1.5e0)) t(c0);
-- types double
-- row [3265.018208]

SELECT stddev(c0) FROM (VALUES (NULL), (NULL)) t(c0);
-- types double
-- row [null]

SELECT var_pop(c0) FROM (VALUES (1e0), (0.1e0), (nan()), (3), (123.456e0)) t(c0);
-- types double
-- row ["NaN"]

SELECT stddev_pop(c0) FROM (VALUES (1e-7), (nan())) t(c0);
-- types double
-- row ["NaN"]

SELECT kurtosis(c0) FROM (VALUES (100), (16), (NULL), (0), (-7)) t(c0);
-- types double
-- row [3.2038180586860747]

SELECT kurtosis(c0) FROM (VALUES (1), (-7)) t(c0);
-- types double
-- row [null]

SELECT skewness(DISTINCT c0) FROM (VALUES (CAST(NULL AS double)), (CAST(NULL AS double)), (0e0)) t(c0);
-- types double
-- row [null]

SELECT avg(c0) FROM (VALUES (0.1e0)) t(c0);
-- types double
-- row [0.1]

SELECT every(c0) FROM (VALUES (true)) t(c0);
-- types boolean
-- row [true]

SELECT min(c0, 3) FROM (VALUES (-2147483648, 100), (-5, 3), (10, BIGINT '123456789012')) t(c0, c1);
-- types array(integer)
-- row [[-2147483648, -5, 10]]

SELECT sum(DISTINCT c0) FROM (VALUES (2), (5)) t(c0);
-- types bigint
-- row [7]

SELECT kurtosis(c0) FROM (VALUES (-2.5e0)) t(c0);
-- types double
-- row [null]

SELECT covar_pop(c0, c1) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (infinity(), 0.1e0)) t(c0, c1);
-- types double
-- row ["NaN"]

SELECT skewness(c0) FROM (VALUES (1.5e0)) t(c0);
-- types double
-- row [null]

SELECT covar_pop(c0, c1) FROM (VALUES (REAL '3.14', CAST(nan() AS real)), (REAL '3.14', REAL '1.5'), (REAL '-2.5', REAL '123.456')) t(c0, c1);
-- types real
-- row ["NaN"]

SELECT avg(c0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (INTERVAL '-14' MONTH), (INTERVAL '0' MONTH), (INTERVAL '0' MONTH)) t(c0);
-- types interval year to month
-- row [-5]

SELECT count_if(c0) OVER () FROM (VALUES (false), (false), (false)) t(c0);
-- types bigint
-- row [0]
-- row [0]
-- row [0]

SELECT covar_samp(c0, c1) FROM (VALUES (CAST(infinity() AS real), REAL '3.14'), (REAL '0', REAL '0'), (REAL '123.456', REAL '0'), (REAL '-2.5', CAST(nan() AS real)), (REAL '0', REAL '0')) t(c0, c1);
-- types real
-- row ["NaN"]

SELECT array_agg(c0 ORDER BY c0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (CAST('ab ' AS char(5))), (CHAR 'x'), (CHAR 'x'), (CAST('ab ' AS char(5))), (CAST('' AS char(3)))) t(c0);
-- types array(char(5))
-- row [["     ", "ab   ", "ab   ", "x    ", "x    "]]

SELECT stddev_samp(DISTINCT c0) FILTER (WHERE c0 IS NOT NULL) FROM (SELECT * FROM (VALUES (2)) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT sum(c0) OVER () FROM (VALUES (REAL '123.456'), (REAL '123.456'), (CAST(infinity() AS real))) t(c0);
-- types real
-- row ["Infinity"]
-- row ["Infinity"]
-- row ["Infinity"]

SELECT stddev_pop(DISTINCT c0) FROM (VALUES (2)) t(c0);
-- types double
-- row [0.0]

SELECT geometric_mean(c0) FROM (VALUES (REAL '-2.5')) t(c0);
-- types real
-- row ["NaN"]

SELECT count(c0) FROM (VALUES (-0e0)) t(c0);
-- types bigint
-- row [1]

SELECT variance(c0) OVER () FROM (VALUES (-7)) t(c0);
-- types double
-- row [null]

SELECT map_agg(c0, c1) FROM (VALUES (BIGINT '123456789012', CAST(NULL AS decimal(10,2)))) t(c0, c1);
-- types map(bigint, decimal(10,2))
-- row [[[123456789012, null]]]

SELECT avg(DISTINCT c0) FROM (VALUES (INTERVAL '1' DAY), (INTERVAL '1 02:03:04.567' DAY TO SECOND)) t(c0);
-- types interval day to second
-- row [90092284]

SELECT geometric_mean(c0) FROM (VALUES (-7), (64)) t(c0);
-- types double
-- row ["NaN"]

SELECT listagg(c0, ',') WITHIN GROUP (ORDER BY c0) FROM (VALUES ('Trino SQL'), (' x y ')) t(c0);
-- types varchar
-- row [" x y ,Trino SQL"]

SELECT stddev(c0) FROM (SELECT * FROM (VALUES (BIGINT '123456789012')) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT geometric_mean(c0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (0e0), (3), (nan()), (infinity()), (3)) t(c0);
-- types double
-- row ["NaN"]

SELECT approx_distinct(c0) FROM (VALUES (false)) t(c0);
-- types bigint
-- row [1]

SELECT arbitrary(c0) FROM (VALUES (CAST(NULL AS double))) t(c0);
-- types double
-- row [null]

SELECT approx_distinct(c0) FROM (VALUES (CAST(NULL AS boolean)), (CAST(NULL AS boolean)), (CAST(NULL AS boolean)), (CAST(NULL AS boolean)), (false)) t(c0);
-- types bigint
-- row [1]

SELECT avg(DISTINCT c0) FROM (VALUES (3)) t(c0);
-- types double
-- row [3.0]

SELECT covar_pop(c0, c1) FROM (VALUES (REAL '1.5', REAL '1.5'), (CAST(NULL AS real), CAST(infinity() AS real)), (CAST(nan() AS real), REAL '0')) t(c0, c1);
-- types real
-- row ["NaN"]

SELECT approx_distinct(c0, 0.01e0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES ('abcabc', 0.1e0), ('Trino SQL', 1e-7), ('2020-01-31', 0.1e0)) t(c0, c1);
-- types bigint
-- row [3]

SELECT bitwise_and_agg(c0) FROM (VALUES (-1), (-7), (NULL), (1), (16)) t(c0);
-- types bigint
-- row [0]

SELECT stddev_pop(c0) FROM (VALUES (nan()), (1e-7)) t(c0);
-- types double
-- row ["NaN"]

SELECT regr_slope(c0, c1) FROM (VALUES (REAL '123.456', REAL '-2.5'), (CAST(infinity() AS real), REAL '-2.5')) t(c0, c1);
-- types real
-- row [null]

SELECT map_union(c0) FROM (VALUES (map(ARRAY[REAL '3.14', REAL '0', REAL '-2.5'], ARRAY[REAL '-2.5', REAL '3.14', CAST(infinity() AS real)]))) t(c0);
-- types map(real, real)
-- row [[[0.0, 3.14], [-2.5, "Infinity"], [3.14, -2.5]]]

SELECT map_agg(c0, c1) FILTER (WHERE c0 IS NOT NULL) FROM (SELECT * FROM (VALUES (CAST('ab ' AS char(5)), DATE '9999-12-31')) t(c0, c1) WHERE false) t;
-- types map(char(5), date)
-- row [null]

SELECT bitwise_or_agg(c0) FROM (SELECT * FROM (VALUES (CAST(NULL AS bigint))) t(c0) WHERE false) t;
-- types bigint
-- row [null]

SELECT geometric_mean(c0) FROM (SELECT * FROM (VALUES (CAST(NULL AS double))) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT count(DISTINCT c0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (BIGINT '123456789012'), (-7)) t(c0);
-- types bigint
-- row [2]

SELECT avg(c0) FROM (VALUES (-1), (0), (BIGINT '123456789012'), (-1), (64)) t(c0);
-- types double
-- row [24691357814.8]

SELECT covar_pop(c0, c1) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (CAST(nan() AS real), REAL '-2.5'), (CAST(nan() AS real), CAST(nan() AS real)), (CAST(nan() AS real), CAST(infinity() AS real))) t(c0, c1);
-- types real
-- row ["NaN"]

SELECT variance(c0) FROM (VALUES (infinity()), (1e0), (0e0)) t(c0);
-- types double
-- row ["NaN"]

SELECT stddev(c0) FROM (VALUES (0.1e0), (-2.5e0), (1.5e0), (3), (1e-7)) t(c0);
-- types double
-- row [2.0388722321420736]

SELECT covar_pop(c0, c1) FROM (VALUES (0.5, -0e0)) t(c0, c1);
-- types double
-- row [0.0]

SELECT sum(c0) FROM (VALUES (INTERVAL '-14' MONTH), (INTERVAL '0' MONTH), (INTERVAL '1' YEAR)) t(c0);
-- types interval year to month
-- row [-2]

SELECT regr_slope(c0, c1) FROM (VALUES (CAST(nan() AS real), REAL '-2.5'), (CAST(NULL AS real), CAST(NULL AS real))) t(c0, c1);
-- types real
-- row [null]

SELECT listagg(c0, ',') WITHIN GROUP (ORDER BY c0) FROM (VALUES ('aa'), (CAST('abc' AS varchar(10))), ('😀x'), ('ß'), ('10')) t(c0);
-- types varchar
-- row ["10,aa,abc,ß,😀x"]

SELECT min(c0) FILTER (WHERE c0 IS NOT NULL) FROM (VALUES (DATE '2020-02-29')) t(c0);
-- types date
-- row ["2020-02-29"]

SELECT histogram(c0) FROM (VALUES (-1), (-2147483648)) t(c0);
-- types map(integer, bigint)
-- row [[[-1, 1], [-2147483648, 1]]]

SELECT min(c0) FROM (VALUES (TIMESTAMP '2020-05-10 12:34:56 UTC')) t(c0);
-- types timestamp(0) with time zone
-- row ["2020-05-10 12:34:56 UTC"]

SELECT max(c0) FROM (SELECT * FROM (VALUES (DECIMAL '0.00')) t(c0) WHERE false) t;
-- types decimal(2,2)
-- row [null]

SELECT stddev_samp(c0) FROM (VALUES (64), (CAST(NULL AS bigint))) t(c0);
-- types double
-- row [null]

SELECT stddev_samp(DISTINCT c0) FROM (SELECT * FROM (VALUES (5)) t(c0) WHERE false) t;
-- types double
-- row [null]

SELECT stddev_pop(c0) FROM (VALUES (2), (-1), (NULL), (BIGINT '123456789012'), (1)) t(c0);
-- types double
-- row [53458357776.7351]
