-- Casts, arithmetic and comparisons of every type.

SELECT CAST('0x1' AS time(3) with time zone);
-- error INVALID_CAST_ARGUMENT

SELECT CAST(nan() AS real) IN (REAL '1.5', REAL '-2.5', REAL '123.456');
-- types boolean
-- row [false]

SELECT CAST(x AS time(9)) FROM (VALUES 1e-7) t(x);
-- error TYPE_MISMATCH

SELECT CAST(INTERVAL '-3' HOUR AS varchar(50));
-- types varchar(50)
-- row ["-0 03:00:00.000"]

SELECT TRY_CAST(CAST(NULL AS time(3) with time zone) AS ipaddress);
-- error TYPE_MISMATCH

SELECT x / y FROM (VALUES (SMALLINT '32767', CAST(NULL AS real))) t(x, y);
-- types real
-- row [null]

SELECT CAST(CAST(NULL AS decimal(10,2)) AS timestamp(7) with time zone);
-- error TYPE_MISMATCH

SELECT CAST(CAST('ab ' AS char(5)) AS time(3));
-- error TYPE_MISMATCH

SELECT CAST(NULL AS timestamp(3) with time zone) NOT BETWEEN TIMESTAMP '1969-12-31 23:59:59.999 +05:30' AND TIMESTAMP '1969-12-31 23:59:59.999 +05:30';
-- types boolean
-- row [null]

SELECT CAST(x AS json) FROM (VALUES 3) t(x);
-- types json
-- row ["3"]

SELECT INTERVAL '3-4' YEAR TO MONTH + TIME '23:59:59.99999999';
-- error TYPE_MISMATCH

SELECT SMALLINT '0' < SMALLINT '0';
-- types boolean
-- row [false]

SELECT 100 NOT BETWEEN 64 AND 0;
-- types boolean
-- row [true]

SELECT x + y FROM (VALUES (SMALLINT '0', SMALLINT '32767')) t(x, y);
-- types smallint
-- row [32767]

SELECT DECIMAL '-1.5' / TINYINT '1';
-- types decimal(2,1)
-- row ["-1.5"]

SELECT CAST(INTERVAL '0' SECOND AS time(8) with time zone);
-- error TYPE_MISMATCH

SELECT x IS DISTINCT FROM y FROM (VALUES (INTERVAL '1 02:03:04.567' DAY TO SECOND, TIMESTAMP '1969-12-31 23:59:59.999')) t(x, y);
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS time(3)) FROM (VALUES JSON '[]') t(x);
-- error TYPE_MISMATCH

SELECT CAST('1,000' AS array(varchar));
-- error TYPE_MISMATCH

SELECT CAST(DATE '2012-08-08' AS array(varchar));
-- error TYPE_MISMATCH

SELECT CAST(BIGINT '-9223372036854775808' AS varchar(3));
-- error INVALID_CAST_ARGUMENT

SELECT TIMESTAMP '2020-05-10 12:34:56' - TIME '12:34:56';
-- error TYPE_MISMATCH

SELECT ' x y ' = '2020-13-01';
-- types boolean
-- row [false]

SELECT TRY_CAST(x AS char(0)) FROM (VALUES true) t(x);
-- error TYPE_MISMATCH

SELECT INTERVAL '0' MONTH - TIMESTAMP '2020-05-10 12:34:56.123';
-- error TYPE_MISMATCH

SELECT TRY_CAST(DATE '2021-01-03' AS decimal(18));
-- error TYPE_MISMATCH

SELECT CAST(x AS timestamp(6)) FROM (VALUES 0) t(x);
-- error TYPE_MISMATCH

SELECT 0.5 > infinity();
-- types boolean
-- row [false]

SELECT 0 + CAST(nan() AS real);
-- types real
-- row ["NaN"]

SELECT -5 = DATE '2001-01-31';
-- error TYPE_MISMATCH

SELECT CAST(x AS tinyint) FROM (VALUES IPADDRESS '1.2.3.4') t(x);
-- error TYPE_MISMATCH

SELECT CAST('😀x' AS timestamp(6));
-- error INVALID_CAST_ARGUMENT

SELECT TRY_CAST(IPADDRESS '2001:db8::ff00:42:8329' AS smallint);
-- error TYPE_MISMATCH

SELECT CAST(' 7 ' AS boolean);
-- error INVALID_CAST_ARGUMENT

SELECT CAST('null' AS timestamp(0) with time zone);
-- error INVALID_CAST_ARGUMENT

SELECT CAST(CAST('ab ' AS char(5)) AS date);
-- error TYPE_MISMATCH

SELECT DECIMAL '7' % REAL '-2.5';
-- types real
-- row [2.0]

SELECT x - y FROM (VALUES (1e300, SMALLINT '0')) t(x, y);
-- types double
-- row [1e+300]

SELECT DATE '0001-01-01' NOT IN (DATE '1969-12-31', DATE '2001-01-31', DATE '1900-03-01');
-- types boolean
-- row [true]

SELECT TIMESTAMP '2024-12-30 23:00:00.99' >= TIMESTAMP '1969-12-31 23:59:59.999';
-- types boolean
-- row [true]

SELECT TRY_CAST(IPADDRESS '::1' AS timestamp(7) with time zone);
-- error TYPE_MISMATCH

SELECT x IS DISTINCT FROM y FROM (VALUES (0, CAST(NULL AS boolean))) t(x, y);
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS row(a bigint, b varchar)) FROM (VALUES BIGINT '-9223372036854775808') t(x);
-- error TYPE_MISMATCH

SELECT DECIMAL '12345678901234567890.12' * TINYINT '1';
-- types decimal(25,2)
-- row ["12345678901234567890.12"]

SELECT INTERVAL '1' YEAR + TIMESTAMP '2012-10-31 01:00:00 Asia/Kathmandu';
-- types timestamp(0) with time zone
-- row ["2013-10-31 01:00:00 Asia/Kathmandu"]

SELECT x IS DISTINCT FROM y FROM (VALUES (CAST(NULL AS decimal(10,2)), 123.45)) t(x, y);
-- types boolean
-- row [true]

SELECT CAST(TIME '12:34:56+00:00' AS decimal(18));
-- error TYPE_MISMATCH

SELECT TRY_CAST(TIME '01:02:03.123456+14:00' AS decimal(3,1));
-- error TYPE_MISMATCH

SELECT TIMESTAMP '1969-12-31 23:59:59.999' - TIME '00:00:00+05:30';
-- error TYPE_MISMATCH

SELECT TIME '23:59:59.9999999+05:30' + DATE '0001-01-01';
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS boolean) FROM (VALUES X'DEADBEEF') t(x);
-- error TYPE_MISMATCH

SELECT INTERVAL '90' MINUTE + DATE '2001-01-31';
-- error INVALID_FUNCTION_ARGUMENT

SELECT x + y FROM (VALUES (3, SMALLINT '0')) t(x, y);
-- types integer
-- row [3]

SELECT CAST(TIMESTAMP '2001-01-31 01:02:03.5 -08:00' AS json);
-- error TYPE_MISMATCH

SELECT x * y FROM (VALUES (3, REAL '123.456')) t(x, y);
-- types real
-- row [370.368]

SELECT CAST(x AS smallint) FROM (VALUES CAST(NULL AS time(3))) t(x);
-- error TYPE_MISMATCH

SELECT CAST(x AS bigint) FROM (VALUES CAST(NULL AS double)) t(x);
-- types bigint
-- row [null]

SELECT CAST(1e-7 AS time(6));
-- error TYPE_MISMATCH

SELECT TIMESTAMP '1500-05-10 12:34:56.1234' - TIME '01:02:03.123456+14:00';
-- error TYPE_MISMATCH

SELECT infinity() % DECIMAL '1.5';
-- types double
-- row ["NaN"]

SELECT x - y FROM (VALUES (SMALLINT '123', CAST(infinity() AS real))) t(x, y);
-- types real
-- row ["-Infinity"]

SELECT X'00' IS DISTINCT FROM X'FFFFFFFF';
-- types boolean
-- row [true]

SELECT TRY_CAST(x AS char(4)) FROM (VALUES TIME '00:00:00') t(x);
-- error TYPE_MISMATCH

SELECT CAST(CAST('' AS char(3)) AS time(0));
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2020-05-10 12:34:56.123' + INTERVAL '1 02:03:04.567' DAY TO SECOND;
-- types timestamp(3)
-- row ["2020-05-11 14:38:00.690"]

SELECT DATE '1900-03-01' + TIMESTAMP '1969-12-31 23:59:59.999';
-- error TYPE_MISMATCH

SELECT -REAL '0';
-- types real
-- row [-0.0]

SELECT TRY_CAST(x AS decimal(10,2)) FROM (VALUES CAST(NULL AS timestamp(3) with time zone)) t(x);
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin' IS NOT DISTINCT FROM TIMESTAMP '2001-01-31 01:02:03.5 -08:00';
-- types boolean
-- row [false]

SELECT CAST(x AS date) FROM (VALUES JSON '1') t(x);
-- error TYPE_MISMATCH

SELECT DATE '2021-01-03' - DATE '2021-01-03';
-- types interval day to second
-- row [0]

SELECT INTERVAL '0' SECOND - TIMESTAMP '2020-02-29 00:00:00.123456';
-- error TYPE_MISMATCH

SELECT nullif(DECIMAL '0.00', DECIMAL '-1.5');
-- types decimal(2,2)
-- row ["0.00"]

SELECT TRY_CAST(10 AS bigint);
-- types bigint
-- row [10]

SELECT CAST(x AS timestamp) FROM (VALUES CAST(NULL AS ipaddress)) t(x);
-- error TYPE_MISMATCH

SELECT x * y FROM (VALUES (CAST(NULL AS tinyint), CAST(infinity() AS real))) t(x, y);
-- types real
-- row [null]

SELECT TRY_CAST(SMALLINT '-1' AS timestamp(6));
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2020-05-10 12:34:56' + DATE '2021-01-03';
-- error TYPE_MISMATCH

SELECT CAST(NULL AS tinyint) IN (TINYINT '-128', TINYINT '0', TINYINT '0');
-- types boolean
-- row [null]

SELECT SMALLINT '123' + DECIMAL '1.5';
-- types decimal(7,1)
-- row ["124.5"]

SELECT x <> y FROM (VALUES (CAST('' AS char(3)), CHAR 'x')) t(x, y);
-- types boolean
-- row [true]

SELECT CAST(INTERVAL '3-4' YEAR TO MONTH AS varbinary);
-- error TYPE_MISMATCH

SELECT CAST(-2147483648 AS timestamp(0) with time zone);
-- error TYPE_MISMATCH

SELECT TRY_CAST(CHAR 'x' AS decimal(10,2));
-- error TYPE_MISMATCH

SELECT CAST(TIME '23:59:59.99999999' AS char(0));
-- error TYPE_MISMATCH

SELECT TIME '23:59:59.9999999+05:30' BETWEEN TIME '23:59:59.9999999+05:30' AND TIME '01:02:03.123456+14:00';
-- types boolean
-- row [false]

SELECT TRY_CAST(x AS double) FROM (VALUES DECIMAL '-99.995') t(x);
-- types double
-- row [-99.995]

SELECT x = y FROM (VALUES (DATE '9999-12-31', DATE '2021-01-03')) t(x, y);
-- types boolean
-- row [false]

SELECT x * y FROM (VALUES (DECIMAL '12345678901234567890.12', SMALLINT '0')) t(x, y);
-- types decimal(27,2)
-- row ["0.00"]

SELECT DECIMAL '-1.5' / SMALLINT '-1';
-- types decimal(2,1)
-- row ["1.5"]

SELECT CAST(3 AS varbinary);
-- error TYPE_MISMATCH

SELECT 1e-7 >= TIME '23:59:59.999-08:00';
-- error TYPE_MISMATCH

SELECT TINYINT '0' / TINYINT '-128';
-- types tinyint
-- row [0]

SELECT INTERVAL '1' YEAR - TIME '23:59:59.999-08:00';
-- error TYPE_MISMATCH

SELECT -BIGINT '9223372036854775807';
-- types bigint
-- row [-9223372036854775807]

SELECT x IS NOT DISTINCT FROM y FROM (VALUES (TIME '10:00:00.5', 1)) t(x, y);
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2020-05-10 12:34:56.1234567 Europe/Berlin' NOT BETWEEN TIMESTAMP '1969-12-31 23:59:59.999 +05:30' AND TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York';
-- types boolean
-- row [false]

SELECT CAST(TIMESTAMP '2020-05-10 12:34:56.123' AS real);
-- error TYPE_MISMATCH

SELECT TRY_CAST(TIME '01:02:03.123456+14:00' AS time(9));
-- types time(9)
-- row ["01:02:03.123456000"]

SELECT x <> y FROM (VALUES (SMALLINT '123', SMALLINT '123')) t(x, y);
-- types boolean
-- row [false]

SELECT CAST(DECIMAL '1.5' AS interval day to second);
-- error TYPE_MISMATCH

SELECT x + y FROM (VALUES (CAST(infinity() AS real), -2.5e0)) t(x, y);
-- types double
-- row ["Infinity"]

SELECT CAST(TIME '12:34:56+00:00' AS bigint);
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS timestamp(0) with time zone) FROM (VALUES TINYINT '-128') t(x);
-- error TYPE_MISMATCH

SELECT TIME '12:34:56' + INTERVAL '3-4' YEAR TO MONTH;
-- error TYPE_MISMATCH

SELECT x IS DISTINCT FROM y FROM (VALUES (X'00', CAST(NULL AS varbinary))) t(x, y);
-- types boolean
-- row [true]

SELECT CAST(x AS decimal(10,2)) FROM (VALUES -0.05) t(x);
-- types decimal(10,2)
-- row ["-0.05"]

SELECT CAST(TINYINT '5' AS timestamp);
-- error TYPE_MISMATCH

SELECT TRY_CAST(CAST(NULL AS time(3) with time zone) AS boolean);
-- error TYPE_MISMATCH

SELECT CAST(IPADDRESS '2001:db8::ff00:42:8329' AS ipaddress);
-- types ipaddress
-- row ["2001:db8::ff00:42:8329"]

SELECT CAST(x AS date) FROM (VALUES IPADDRESS '1.2.3.4') t(x);
-- error TYPE_MISMATCH

SELECT TIME '12:34:56+00:00' + CAST(NULL AS date);
-- error TYPE_MISMATCH

SELECT CAST(x AS date) FROM (VALUES IPADDRESS '::1') t(x);
-- error TYPE_MISMATCH

SELECT TIME '12:34:56' = CAST(NULL AS time(3));
-- types boolean
-- row [null]

SELECT CAST(TINYINT '-128' AS timestamp(8));
-- error TYPE_MISMATCH

SELECT x - y FROM (VALUES (TINYINT '127', TINYINT '0')) t(x, y);
-- types tinyint
-- row [127]

SELECT TRY_CAST(x AS char(40)) FROM (VALUES SMALLINT '32767') t(x);
-- error TYPE_MISMATCH

SELECT x > y FROM (VALUES (INTERVAL '1' YEAR, INTERVAL '3-4' YEAR TO MONTH)) t(x, y);
-- types boolean
-- row [false]

SELECT x <= y FROM (VALUES (DATE '9999-12-31', CAST(NULL AS date))) t(x, y);
-- types boolean
-- row [null]

SELECT CAST(IPADDRESS '1.2.3.4' AS array(bigint));
-- error TYPE_MISMATCH

SELECT REAL '3.14' + 100;
-- types real
-- row [103.14]

SELECT CAST('ab ' AS char(5)) BETWEEN CAST('ab ' AS char(5)) AND CAST(NULL AS char(2));
-- types boolean
-- row [null]

SELECT CAST(TIMESTAMP '2020-05-10 12:34:56.1234567 Europe/Berlin' AS real);
-- error TYPE_MISMATCH

SELECT INTERVAL '-3' HOUR - TIMESTAMP '2020-05-10 12:34:56.123456789';
-- error TYPE_MISMATCH

SELECT 5 * TINYINT '5';
-- types integer
-- row [25]

SELECT CAST(INTERVAL '3-4' YEAR TO MONTH AS decimal(10,2));
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS array(varchar)) FROM (VALUES false) t(x);
-- error TYPE_MISMATCH

SELECT x % y FROM (VALUES (REAL '123.456', CAST(2.5 AS decimal(38,10)))) t(x, y);
-- types real
-- row [0.9560013]

SELECT X'FFFFFFFF' IN (X'616263', to_utf8('hello'), to_utf8('été'));
-- types boolean
-- row [false]

SELECT CAST(CAST('' AS char(3)) AS json);
-- error TYPE_MISMATCH

SELECT false < true;
-- types boolean
-- row [true]

SELECT TIMESTAMP '2001-01-31 01:02:03.5 -08:00' - INTERVAL '0' MONTH;
-- types timestamp(1) with time zone
-- row ["2001-01-31 01:02:03.5 -08:00"]

SELECT TIMESTAMP '2020-05-10 12:34:56' >= TIMESTAMP '2020-05-10 12:34:56.123';
-- types boolean
-- row [false]

SELECT 0.5 % REAL '123.456';
-- types real
-- row [0.5]

SELECT DECIMAL '-1.5' * SMALLINT '0';
-- types decimal(7,1)
-- row ["0.0"]

SELECT CAST(REAL '3.14' AS array(bigint));
-- error TYPE_MISMATCH

SELECT CAST(NULL AS tinyint) % 3;
-- types integer
-- row [null]

SELECT x + y FROM (VALUES (SMALLINT '0', SMALLINT '-32768')) t(x, y);
-- types smallint
-- row [-32768]

SELECT CAST(TIME '00:00:00' AS time(3) with time zone);
-- types time(3) with time zone
-- row ["00:00:00.000+00:00"]

SELECT DATE '2012-08-08' <> TINYINT '127';
-- error TYPE_MISMATCH

SELECT true NOT IN (CAST(NULL AS boolean), true, false);
-- types boolean
-- row [false]

SELECT CAST(false AS char(4));
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS date) FROM (VALUES IPADDRESS '::1') t(x);
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2024-12-30 23:00:00.99' + TIME '00:00:00+05:30';
-- error TYPE_MISMATCH

SELECT CAST(x AS timestamp(7) with time zone) FROM (VALUES CAST(NULL AS tinyint)) t(x);
-- error TYPE_MISMATCH

SELECT REAL '0' = CAST(infinity() AS real);
-- types boolean
-- row [false]

SELECT x + y FROM (VALUES (0, TINYINT '1')) t(x, y);
-- types integer
-- row [1]

SELECT x IS DISTINCT FROM y FROM (VALUES (DATE '0001-01-01', DATE '2020-02-29')) t(x, y);
-- types boolean
-- row [true]

SELECT TRY_CAST(IPADDRESS '::1' AS ipaddress);
-- types ipaddress
-- row ["::1"]

SELECT INTERVAL '3-4' YEAR TO MONTH - TIME '00:00:00';
-- error TYPE_MISMATCH

SELECT CAST(infinity() AS real) NOT IN (REAL '3.14', REAL '0', REAL '0');
-- types boolean
-- row [true]

SELECT CAST(CAST(NULL AS boolean) AS decimal(3,1));
-- types decimal(3,1)
-- row [null]

SELECT TRY_CAST(INTERVAL '3-4' YEAR TO MONTH AS timestamp);
-- error TYPE_MISMATCH

SELECT CAST(NULL AS time(3)) + CAST(NULL AS timestamp(3));
-- error TYPE_MISMATCH

SELECT CAST(IPADDRESS '::1' AS time(3));
-- error TYPE_MISMATCH

SELECT x IS DISTINCT FROM y FROM (VALUES (0.1e0, 1e300)) t(x, y);
-- types boolean
-- row [true]

SELECT CAST(123.456e0 AS timestamp(6));
-- error TYPE_MISMATCH

SELECT 123.45 >= INTERVAL '-14' MONTH;
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2012-10-31 01:00:00 Asia/Kathmandu' - INTERVAL '3-4' YEAR TO MONTH;
-- types timestamp(0) with time zone
-- row ["2009-06-30 01:00:00 Asia/Kathmandu"]

SELECT TRY_CAST(x AS char(0)) FROM (VALUES 'T') t(x);
-- types char(0)
-- row [""]

SELECT -0e0 % 2;
-- types double
-- row [-0.0]

SELECT x % y FROM (VALUES (SMALLINT '-1', infinity())) t(x, y);
-- types double
-- row [-1.0]

SELECT TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York' - TIMESTAMP '2024-12-30 23:00:00.99';
-- types interval day to second
-- row [-131391000867]

SELECT TIME '01:02:03.123456+14:00' BETWEEN TIME '00:00:00+05:30' AND TIME '00:00:00+05:30';
-- types boolean
-- row [false]

SELECT SMALLINT '123' * SMALLINT '-1';
-- types smallint
-- row [-123]

SELECT SMALLINT '123' IN (SMALLINT '-32768', SMALLINT '-1', SMALLINT '-1');
-- types boolean
-- row [false]

SELECT CAST(x AS timestamp(7) with time zone) FROM (VALUES TIMESTAMP '2020-03-08 12:30:00.123456 America/Los_Angeles') t(x);
-- types timestamp(7) with time zone
-- row ["2020-03-08 12:30:00.1234560 America/Los_Angeles"]

SELECT CAST(TINYINT '127' AS char(40));
-- error TYPE_MISMATCH

SELECT CAST('2020-05-10 12:34:56.789' AS time(9));
-- error INVALID_CAST_ARGUMENT

SELECT CAST('NaN' AS time(8) with time zone);
-- error INVALID_CAST_ARGUMENT

SELECT X'DEADBEEF' > X'0001020304050607';
-- types boolean
-- row [true]

SELECT CAST('12:34:56' AS time(3));
-- types time(3)
-- row ["12:34:56.000"]

SELECT DATE '1969-12-31' + DATE '0001-01-01';
-- error TYPE_MISMATCH

SELECT TRY_CAST(TIMESTAMP '2020-05-10 12:34:56' AS char(4));
-- error TYPE_MISMATCH

SELECT CAST(x AS time(3) with time zone) FROM (VALUES 123.456e0) t(x);
-- error TYPE_MISMATCH

SELECT TRY_CAST(x AS tinyint) FROM (VALUES TIME '23:59:59.999-08:00') t(x);
-- error TYPE_MISMATCH

SELECT x + y FROM (VALUES (0.5, SMALLINT '123')) t(x, y);
-- types decimal(7,1)
-- row ["123.5"]

SELECT CAST(DATE '2012-08-08' AS array(bigint));
-- error TYPE_MISMATCH

SELECT x + y FROM (VALUES (TINYINT '1', 2)) t(x, y);
-- types integer
-- row [3]

SELECT 123.45 * CAST(NULL AS tinyint);
-- types decimal(8,2)
-- row [null]

SELECT x / y FROM (VALUES (0, DECIMAL '0.00')) t(x, y);
-- error DIVISION_BY_ZERO

SELECT TRY_CAST(TINYINT '0' AS bigint);
-- types bigint
-- row [0]

SELECT 2 > IPADDRESS '2001:db8::ff00:42:8329';
-- error TYPE_MISMATCH

SELECT TRY_CAST(REAL '-2.5' AS timestamp);
-- error TYPE_MISMATCH

SELECT -5 - CAST(NULL AS real);
-- types real
-- row [null]

SELECT IPADDRESS '2001:db8::ff00:42:8329' <> IPADDRESS '::1';
-- types boolean
-- row [true]

SELECT CAST(x AS array(varchar)) FROM (VALUES true) t(x);
-- error TYPE_MISMATCH

SELECT CAST(NULL AS ipaddress) <> IPADDRESS '2001:db8::ff00:42:8329';
-- types boolean
-- row [null]

SELECT CAST(JSON '"x"' AS timestamp(3) with time zone);
-- error TYPE_MISMATCH

SELECT CAST(x AS tinyint) FROM (VALUES X'DEADBEEF') t(x);
-- error TYPE_MISMATCH

SELECT DECIMAL '-99.995' IN (123.45, 123.45, -0.05);
-- types boolean
-- row [false]

SELECT TRY_CAST(TIMESTAMP '2001-01-31 01:02:03.5' AS varchar(50));
-- types varchar(50)
-- row ["2001-01-31 01:02:03.5"]

SELECT x - y FROM (VALUES (CAST(NULL AS decimal(10,2)), SMALLINT '32767')) t(x, y);
-- types decimal(11,2)
-- row [null]

SELECT TIME '23:59:59.999' + TIME '23:59:59.99999999';
-- error TYPE_MISMATCH

SELECT TIME '23:59:59.999-08:00' >= TIME '00:00:00+05:30';
-- types boolean
-- row [false]

SELECT TRY_CAST(X'' AS ipaddress);
-- types ipaddress
-- row [null]

SELECT x < y FROM (VALUES (CAST(NULL AS time(3) with time zone), TIME '00:00:00+05:30')) t(x, y);
-- types boolean
-- row [null]

SELECT TRY_CAST(CAST(NULL AS boolean) AS integer);
-- types integer
-- row [null]

SELECT TIMESTAMP '1969-12-31 23:59:59.999' = TIMESTAMP '2001-01-31 01:02:03.5';
-- types boolean
-- row [false]

SELECT CAST(CAST(NULL AS ipaddress) AS time(0));
-- error TYPE_MISMATCH

SELECT CAST(x AS tinyint) FROM (VALUES CAST(NULL AS ipaddress)) t(x);
-- error TYPE_MISMATCH

SELECT INTERVAL '1 02:03:04.567' DAY TO SECOND IN (INTERVAL '0' SECOND, INTERVAL '1 02:03:04.567' DAY TO SECOND, INTERVAL '1' DAY);
-- types boolean
-- row [true]

SELECT TRY_CAST(x AS timestamp(3) with time zone) FROM (VALUES INTERVAL '1' DAY) t(x);
-- error TYPE_MISMATCH

SELECT CAST(TIMESTAMP '1500-05-10 12:34:56.1234' AS double);
-- error TYPE_MISMATCH

SELECT CAST(CAST(NULL AS ipaddress) AS smallint);
-- error TYPE_MISMATCH

SELECT greatest(CAST(NULL AS interval day to second), INTERVAL '1' DAY);
-- types interval day to second
-- row [null]

SELECT x > y FROM (VALUES (BIGINT '9223372036854775807', 3)) t(x, y);
-- types boolean
-- row [true]

SELECT CAST(NULL AS interval day to second) + INTERVAL '3-4' YEAR TO MONTH;
-- error TYPE_MISMATCH

SELECT CAST(NULL AS time(3) with time zone) NOT BETWEEN TIME '23:59:59.9999999+05:30' AND TIME '23:59:59.9999999+05:30';
-- types boolean
-- row [null]

SELECT TRY_CAST(x AS bigint) FROM (VALUES INTERVAL '1' YEAR) t(x);
-- error TYPE_MISMATCH

SELECT TIMESTAMP '1969-12-31 23:59:59.999 +05:30' - INTERVAL '-3' HOUR;
-- types timestamp(3) with time zone
-- row ["1970-01-01 02:59:59.999 +05:30"]

SELECT CAST(true AS timestamp(0) with time zone);
-- error TYPE_MISMATCH

SELECT CAST(x AS char(0)) FROM (VALUES false) t(x);
-- error TYPE_MISMATCH

SELECT x = y FROM (VALUES (CAST('hello' AS char(5)), REAL '0')) t(x, y);
-- error TYPE_MISMATCH

SELECT CAST('UTC' AS varchar);
-- types varchar
-- row ["UTC"]

SELECT INTERVAL '1' YEAR NOT BETWEEN INTERVAL '-14' MONTH AND INTERVAL '-14' MONTH;
-- types boolean
-- row [true]

SELECT CAST(NULL AS json) IN (JSON '1', JSON '{}', JSON '[1,"2",null,3.5,true]');
-- types boolean
-- row [null]

SELECT CAST(INTERVAL '1 02:03:04.567' DAY TO SECOND AS timestamp(8));
-- error TYPE_MISMATCH

SELECT x < y FROM (VALUES (DATE '9999-12-31', DATE '2001-01-31')) t(x, y);
-- types boolean
-- row [false]

SELECT TRY_CAST(1 AS boolean);
-- types boolean
-- row [true]

SELECT INTERVAL '1' YEAR - TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin';
-- error TYPE_MISMATCH

SELECT CAST(CAST('ab ' AS char(5)) AS timestamp(0) with time zone);
-- error TYPE_MISMATCH

SELECT SMALLINT '32767' - 100;
-- types integer
-- row [32667]

SELECT SMALLINT '123' + 64;
-- types integer
-- row [187]

SELECT x + y FROM (VALUES (REAL '0', DECIMAL '1.5')) t(x, y);
-- types real
-- row [1.5]

SELECT DECIMAL '7' * TINYINT '5';
-- types decimal(4,0)
-- row ["35"]

SELECT CAST(x AS map(varchar,bigint)) FROM (VALUES CAST(NULL AS timestamp(3))) t(x);
-- error TYPE_MISMATCH

SELECT CAST(CAST(NULL AS date) AS array(varchar));
-- error TYPE_MISMATCH

SELECT TRY_CAST(NULL AS char(0));
-- types char(0)
-- row [null]

SELECT INTERVAL '1' YEAR + CAST(NULL AS time(3));
-- error TYPE_MISMATCH

SELECT 100 - CAST(NULL AS real);
-- types real
-- row [null]

SELECT x - y FROM (VALUES (SMALLINT '-1', 0)) t(x, y);
-- types integer
-- row [-1]

SELECT TIMESTAMP '1500-05-10 12:34:56.1234' - TIMESTAMP '2001-01-31 01:02:03.5 -08:00';
-- types interval day to second
-- row [-15801510427377]
