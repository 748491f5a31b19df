-- Every function with arguments from the ends of their types.

SELECT abs(2147483647);
-- types integer
-- row [2147483647]

SELECT acos(c0) FROM (VALUES -infinity()) t(c0);
-- types double
-- row ["NaN"]

SELECT array_join(ARRAY[CAST(NULL AS date), DATE '1900-03-01', DATE '2012-08-08'], 'hello world');
-- types varchar
-- row ["1900-03-01hello world2012-08-08"]

SELECT array_max(c0) FROM (VALUES ARRAY[16, CAST(NULL AS bigint), 100]) t(c0);
-- types bigint
-- row [null]

SELECT array_remove(CAST(NULL AS array(double)), 0e0);
-- types array(double)
-- row [null]

SELECT array_sort(c0) FROM (VALUES CAST(NULL AS array(timestamp with time zone))) t(c0);
-- types array(timestamp(3) with time zone)
-- row [null]

SELECT array_sort(c0) FROM (VALUES ARRAY[true, true, false]) t(c0);
-- types array(boolean)
-- row [[false, true, true]]

SELECT array_sort(ARRAY[false, false, CAST(NULL AS boolean), false]);
-- types array(boolean)
-- row [[false, false, false, null]]

SELECT arrays_overlap(c0, c1) FROM (VALUES (ARRAY[CAST(NULL AS bigint), 16], ARRAY[NULL])) t(c0, c1);
-- types boolean
-- row [null]

SELECT atan(1e0);
-- types double
-- row [0.7853981633974483]

SELECT atan2(-1e0, -0e0);
-- types double
-- row [-1.5707963267948966]

SELECT bit_count(c0, c1) FROM (VALUES (NULL, 64)) t(c0, c1);
-- types bigint
-- row [null]

SELECT bitwise_and(0, 2);
-- types bigint
-- row [0]

SELECT bitwise_and(-7, -1);
-- types bigint
-- row [-7]

SELECT bitwise_left_shift(2147483647, 8);
-- types integer
-- row [-256]

SELECT bitwise_left_shift(TINYINT '1', 65);
-- types tinyint
-- row [0]

SELECT bitwise_not(c0) FROM (VALUES 16) t(c0);
-- types bigint
-- row [-17]

SELECT bitwise_not(c0) FROM (VALUES -7) t(c0);
-- types bigint
-- row [6]

SELECT bitwise_right_shift(c0, c1) FROM (VALUES (CAST(NULL AS integer), 8)) t(c0, c1);
-- types integer
-- row [null]

SELECT bitwise_right_shift_arithmetic(1, 64);
-- types integer
-- row [0]

SELECT bitwise_right_shift_arithmetic(SMALLINT '-32768', -1);
-- types smallint
-- row [-1]

SELECT bitwise_xor(-7, 100);
-- types bigint
-- row [-99]

SELECT cardinality(map(ARRAY[nan(), infinity(), 3], ARRAY[REAL '3.14', REAL '0', REAL '-2.5']));
-- types bigint
-- row [3]

SELECT cbrt(-infinity());
-- types double
-- row ["-Infinity"]

SELECT ceil(3);
-- types integer
-- row [3]

SELECT ceil(CAST(NULL AS decimal(10,2)));
-- types decimal(9,0)
-- row [null]

SELECT ceil(10);
-- types integer
-- row [10]

SELECT ceil(CAST(nan() AS real));
-- types real
-- row ["NaN"]

SELECT ceiling(c0) FROM (VALUES DECIMAL '-1.5') t(c0);
-- types decimal(2,0)
-- row ["-1"]

SELECT ceiling(TINYINT '1');
-- types tinyint
-- row [1]

SELECT chr(55296);
-- error INVALID_FUNCTION_ARGUMENT

SELECT combinations(ARRAY[false, false, CAST(NULL AS boolean)], 6);
-- error INVALID_FUNCTION_ARGUMENT

SELECT concat_ws('', ' x y ');
-- types varchar
-- row [" x y "]

SELECT contains(c0, c1) FROM (VALUES ('b', IPADDRESS '::1')) t(c0, c1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT cosh(1.5e0);
-- types double
-- row [2.352409615243247]

SELECT date_add('millisecond', NULL, CAST(NULL AS time(3)));
-- types time(3)
-- row [null]

SELECT date_diff(c0, c1, c2) FROM (VALUES ('foo', CAST(NULL AS date), DATE '2001-01-31')) t(c0, c1, c2);
-- types bigint
-- row [null]

SELECT date_diff(c0, c1, c2) FROM (VALUES ('day', CAST(NULL AS time(3) with time zone), TIME '01:02:03.123456+14:00')) t(c0, c1, c2);
-- types bigint
-- row [null]

SELECT date_diff('second', TIME '12:34:56+00:00', TIME '12:34:56+00:00');
-- types bigint
-- row [0]

SELECT date_diff(c0, c1, c2) FROM (VALUES ('millisecond', TIME '23:59:59.999', TIME '00:00:00')) t(c0, c1, c2);
-- types bigint
-- row [-86399999]

SELECT date_format(TIMESTAMP '1969-12-31 23:59:59.999', '%k %l %M %m %p %r %S %s %T %v %W %Y %y %%');
-- types varchar
-- row ["23 11 December 12 PM 11:59:59 PM 59 59 23:59:59 01 Wednesday 1969 69 %"]

SELECT date_trunc(c0, c1) FROM (VALUES ('quarter', CAST(NULL AS time(3)))) t(c0, c1);
-- types time(3)
-- row [null]

SELECT date_trunc('quarter', TIMESTAMP '2020-02-29 00:00:00.123456');
-- types timestamp(6)
-- row ["2020-01-01 00:00:00.000000"]

SELECT day(INTERVAL '0' SECOND);
-- types bigint
-- row [0]

SELECT day(c0) FROM (VALUES CAST(NULL AS timestamp(3) with time zone)) t(c0);
-- types bigint
-- row [null]

SELECT day_of_month(INTERVAL '90' MINUTE);
-- types bigint
-- row [0]

SELECT day_of_month(c0) FROM (VALUES TIMESTAMP '1969-12-31 23:59:59.999 +05:30') t(c0);
-- types bigint
-- row [31]

SELECT day_of_year(CAST(NULL AS date));
-- types bigint
-- row [null]

SELECT dow(TIMESTAMP '2001-01-31 01:02:03.5 -08:00');
-- types bigint
-- row [3]

SELECT element_at(c0, c1) FROM (VALUES (CAST(map() AS map(integer,decimal)), CAST(NULL AS integer))) t(c0, c1);
-- types decimal(38,0)
-- row [null]

SELECT floor(DECIMAL '0.00');
-- types decimal(1,0)
-- row ["0"]

SELECT floor(SMALLINT '32767');
-- types smallint
-- row [32767]

SELECT format_datetime(TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York', 'ZZ');
-- types varchar
-- row ["-04:00"]

SELECT format_datetime(TIMESTAMP '2020-05-10 12:34:56.123', 'yy');
-- types varchar
-- row ["20"]

SELECT format_number(-1);
-- types varchar
-- row ["-1"]

SELECT format_number(123.456e0);
-- types varchar
-- row ["123"]

SELECT from_base('ß', 1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base32('aa');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base32('Trino SQL');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base64(c0) FROM (VALUES to_utf8('été')) t(c0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_big_endian_64(c0) FROM (VALUES to_utf8('hello')) t(c0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_hex(X'FFFFFFFF');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_iso8601_date('2020-05');
-- types date
-- row ["2020-05-01"]

SELECT from_utf8(X'', 100);
-- types varchar
-- row [""]

SELECT hamming_distance('abc', 'été');
-- types bigint
-- row [3]

SELECT hmac_sha512(c0, c1) FROM (VALUES (X'DEADBEEF', X'616263')) t(c0, c1);
-- types varbinary
-- row ["6af8f2e5c89994868187958f10b38b09686c15828c29c01a5249bb5a99b12c4d3b7936658dbe337203ef3c7fca0658986eb99341aac7e189d315fedcf99ff48c"]

SELECT is_infinite(c0) FROM (VALUES 0e0) t(c0);
-- types boolean
-- row [false]

SELECT is_json_scalar(JSON '{"a":1,"b":[1,2,{"c":null}]}');
-- types boolean
-- row [false]

SELECT is_nan(123.456e0);
-- types boolean
-- row [false]

SELECT is_nan(c0) FROM (VALUES 0.1e0) t(c0);
-- types boolean
-- row [false]

SELECT is_nan(CAST(infinity() AS real));
-- types boolean
-- row [false]

SELECT json_array_contains(JSON '1', BIGINT '9223372036854775807');
-- types boolean
-- row [null]

SELECT json_array_contains(c0, c1) FROM (VALUES (JSON '{}', true)) t(c0, c1);
-- types boolean
-- row [null]

SELECT json_array_contains(c0, c1) FROM (VALUES ('null', CAST(NULL AS boolean))) t(c0, c1);
-- types boolean
-- row [null]

SELECT last_day_of_month(TIMESTAMP '1969-12-31 23:59:59.999 +05:30');
-- types date
-- row ["1969-12-31"]

SELECT length(X'0001020304050607');
-- types bigint
-- row [8]

SELECT log(infinity(), 0.1e0);
-- types double
-- row [-0.0]

SELECT lower(CHAR 'x');
-- types char(1)
-- row ["x"]

SELECT lower(c0) FROM (VALUES 'aa') t(c0);
-- types varchar(2)
-- row ["aa"]

SELECT ltrim(CAST('hello' AS char(5)));
-- types varchar(5)
-- row ["hello"]

SELECT map(ARRAY[CAST(NULL AS date), DATE '2001-01-31', DATE '0001-01-01'], ARRAY['1e3', 'a,b,c', 'b', '2020-01-31']);
-- error INVALID_FUNCTION_ARGUMENT

SELECT md5(X'00');
-- types varbinary
-- row ["93b885adfe0da089cdf634904fd59f71"]

SELECT minute(TIME '00:00:00+05:30');
-- types bigint
-- row [0]

SELECT minute(TIMESTAMP '2001-01-31 01:02:03.5 -08:00');
-- types bigint
-- row [2]

SELECT mod(-7, -1);
-- types integer
-- row [0]

SELECT mod(BIGINT '123456789012', -1);
-- types bigint
-- row [0]

SELECT mod(2, CAST(NULL AS integer));
-- types integer
-- row [null]

SELECT mod(REAL '3.14', REAL '-2.5');
-- types real
-- row [0.6400001]

SELECT murmur3(X'DEADBEEF');
-- types varbinary
-- row ["2a1f9e11fd48095a1425a37ec94a7758"]

SELECT parse_data_size('1YB');
-- types decimal(38,0)
-- row ["1208925819614629174706176"]

SELECT power(CAST(NULL AS double), -1e0);
-- types double
-- row [null]

SELECT quarter(TIMESTAMP '1969-12-31 23:59:59.999 +05:30');
-- types bigint
-- row [4]

SELECT repeat(TIMESTAMP '2024-12-30 23:00:00.99', -1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT replace('', ' x y ');
-- types varchar(0)
-- row [""]

SELECT reverse(ARRAY[CAST('ab ' AS char(5)), CAST('ab ' AS char(5))]);
-- types array(char(5))
-- row [["ab   ", "ab   "]]

SELECT reverse('abcabc');
-- types varchar(6)
-- row ["cbacba"]

SELECT round(CAST(NULL AS bigint), 30);
-- types bigint
-- row [null]

SELECT round(BIGINT '-9223372036854775808', 2);
-- types bigint
-- row [-9223372036854775808]

SELECT round(c0) FROM (VALUES CAST(NULL AS double)) t(c0);
-- types double
-- row [null]

SELECT round(1.5e0, 2);
-- types double
-- row [1.5]

SELECT round(2, 2);
-- types integer
-- row [2]

SELECT round(0, NULL);
-- types integer
-- row [null]

SELECT round(c0, c1) FROM (VALUES (10, 10)) t(c0, c1);
-- types integer
-- row [10]

SELECT round(TINYINT '1', -10);
-- types tinyint
-- row [0]

SELECT rpad(X'0001020304050607', 1, X'0001020304050607');
-- types varbinary
-- row ["00"]

SELECT rpad('', 10, 'hello world');
-- types varchar
-- row ["hello worl"]

SELECT second(INTERVAL '1 02:03:04.567' DAY TO SECOND);
-- types bigint
-- row [4]

SELECT sequence(c0, c1) FROM (VALUES (BIGINT '-9223372036854775808', 64)) t(c0, c1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT sequence(TIMESTAMP '2020-05-10 12:34:56', TIMESTAMP '2020-05-10 12:34:56.123', INTERVAL '3-4' YEAR TO MONTH);
-- types array(timestamp(3))
-- row [["2020-05-10 12:34:56.000"]]

SELECT sign(c0) FROM (VALUES SMALLINT '-1') t(c0);
-- types smallint
-- row [-1]

SELECT split(' x y ', ',');
-- types array(varchar(5))
-- row [[" x y "]]

SELECT split_part('UTC', ',', -1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT split_to_multimap('ß', '', '😀x');
-- error INVALID_FUNCTION_ARGUMENT

SELECT spooky_hash_v2_32(X'616263');
-- types varbinary
-- row ["7537c967"]

SELECT strpos(',', 'a,b,c');
-- types bigint
-- row [0]

SELECT substr(c0, c1) FROM (VALUES (to_utf8('été'), 5)) t(c0, c1);
-- types varbinary
-- row ["a9"]

SELECT substr(X'616263', -1, 2);
-- types varbinary
-- row ["63"]

SELECT substring(CAST('' AS char(3)), -2, NULL);
-- types varchar(3)
-- row [null]

SELECT tan(-infinity());
-- types double
-- row ["NaN"]

SELECT timezone_hour(c0) FROM (VALUES TIME '00:00:00+05:30') t(c0);
-- types bigint
-- row [5]

SELECT timezone_hour(TIMESTAMP '2001-01-31 01:02:03.5 -08:00');
-- types bigint
-- row [-8]

SELECT to_iso8601(TIMESTAMP '2020-05-10 12:34:56 UTC');
-- types varchar(28)
-- row ["2020-05-10T12:34:56Z"]

SELECT trim('日本語');
-- types varchar(3)
-- row ["日本語"]

SELECT truncate(CAST(infinity() AS real));
-- types real
-- row ["Infinity"]

SELECT url_decode('%zz');
-- error INVALID_FUNCTION_ARGUMENT

SELECT url_decode(c0) FROM (VALUES '%zz') t(c0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT week(TIMESTAMP '2020-05-10 12:34:56.123');
-- types bigint
-- row [19]

SELECT week_of_year(DATE '1900-03-01');
-- types bigint
-- row [9]

SELECT week_of_year(TIMESTAMP '2001-01-31 01:02:03.5 -08:00');
-- types bigint
-- row [5]

SELECT wilson_interval_upper(c0, c1, c2) FROM (VALUES (0, 10, -1e0)) t(c0, c1, c2);
-- error INVALID_FUNCTION_ARGUMENT

SELECT with_timezone(TIMESTAMP '2020-02-29 00:00:00.123456', 'Europe/Berlin');
-- types timestamp(6) with time zone
-- row ["2020-02-29 00:00:00.123456 Europe/Berlin"]

SELECT year(CAST(NULL AS timestamp(3)));
-- types bigint
-- row [null]

SELECT year_of_week(DATE '2021-01-03');
-- types bigint
-- row [2020]

SELECT year_of_week(TIMESTAMP '2001-01-31 01:02:03.5 -08:00');
-- types bigint
-- row [2001]

SELECT year_of_week(TIMESTAMP '2020-05-10 12:34:56 UTC');
-- types bigint
-- row [2020]

SELECT yow(c0) FROM (VALUES DATE '2020-02-29') t(c0);
-- types bigint
-- row [2020]

SELECT yow(TIMESTAMP '2020-02-29 00:00:00.123456');
-- types bigint
-- row [2020]

SELECT zip(c0, c1, c2) FROM (VALUES (ARRAY[CAST('hello' AS char(5)), CAST('hello' AS char(5))], ARRAY[CAST(NULL AS real), CAST(NULL AS real), REAL '-2.5'], ARRAY[-infinity()])) t(c0, c1, c2);
-- types array(row(char(5), real, double))
-- row [[["hello", null, "-Infinity"], ["hello", null, null], [null, -2.5, null]]]

SELECT zip(ARRAY[CHAR 'x', CAST(NULL AS char(2))], ARRAY[DECIMAL '12345678901234567890.12'], ARRAY[DECIMAL '-99.995', CAST(NULL AS decimal(10,2)), -0.05], ARRAY[CAST(NULL AS decimal(10,2)), DECIMAL '-99.995'], ARRAY[0.1e0, 123.456e0, -infinity(), infinity()]);
-- types array(row(char(2), decimal(22,2), decimal(11,3), decimal(11,3), double))
-- row [[["x ", "12345678901234567890.12", "-99.995", null, 0.1], [null, null, null, "-99.995", 123.456], [null, null, "-0.050", null, "-Infinity"], [null, null, null, null, "Infinity"]]]

SELECT abs(BIGINT '123456789012');
-- types bigint
-- row [123456789012]

SELECT abs(BIGINT '-9223372036854775808');
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT abs(123.45);
-- types decimal(5,2)
-- row ["123.45"]

SELECT acos(c0) FROM (VALUES 0.1e0) t(c0);
-- types double
-- row [1.4706289056333368]

SELECT array_distinct(c0) FROM (VALUES ARRAY[CAST(NULL AS boolean), true, true]) t(c0);
-- types array(boolean)
-- row [[null, true]]

SELECT array_histogram(ARRAY[DATE '2001-01-31', DATE '2001-01-31', DATE '9999-12-31', DATE '2020-02-29']);
-- types map(date, bigint)
-- row [[["2020-02-29", 1], ["2001-01-31", 2], ["9999-12-31", 1]]]

SELECT array_intersect(CAST(NULL AS array(real)), ARRAY[REAL '123.456', REAL '0']);
-- types array(real)
-- row [null]

SELECT array_position(CAST(NULL AS array(real)), CAST(NULL AS real));
-- types bigint
-- row [null]

SELECT array_position(ARRAY[DATE '0001-01-01', DATE '1900-03-01'], DATE '1969-12-31');
-- types bigint
-- row [0]

SELECT array_position(ARRAY['UTC'], ' x y ');
-- types bigint
-- row [0]

SELECT array_union(ARRAY[16, 3, 64], ARRAY[CAST(NULL AS bigint), 100]);
-- types array(bigint)
-- row [[16, 3, 64, null, 100]]

SELECT array_union(ARRAY[TIMESTAMP '2020-05-10 12:34:56', TIMESTAMP '1969-12-31 23:59:59.999'], ARRAY[TIMESTAMP '2001-01-31 01:02:03.5', TIMESTAMP '2020-02-29 00:00:00.123456']);
-- types array(timestamp(6))
-- row [["2020-05-10 12:34:56.000000", "1969-12-31 23:59:59.999000", "2001-01-31 01:02:03.500000", "2020-02-29 00:00:00.123456"]]

SELECT asin(c0) FROM (VALUES 0.5) t(c0);
-- types double
-- row [0.5235987755982989]

SELECT bit_count(NULL, 64);
-- types bigint
-- row [null]

SELECT bitwise_and(BIGINT '9223372036854775807', 1);
-- types bigint
-- row [1]

SELECT bitwise_and(c0, c1) FROM (VALUES (100, 100)) t(c0, c1);
-- types bigint
-- row [100]

SELECT bitwise_left_shift(BIGINT '-9223372036854775808', 3);
-- types bigint
-- row [0]

SELECT bitwise_left_shift(1, 31);
-- types integer
-- row [-2147483648]

SELECT bitwise_right_shift(c0, c1) FROM (VALUES (BIGINT '-9223372036854775808', 63)) t(c0, c1);
-- types bigint
-- row [1]

SELECT bitwise_right_shift(3, 7);
-- types integer
-- row [0]

SELECT bitwise_right_shift(7, 0);
-- types integer
-- row [7]

SELECT bitwise_right_shift(SMALLINT '123', 3);
-- types smallint
-- row [15]

SELECT bitwise_right_shift_arithmetic(-5, -1);
-- types integer
-- row [-1]

SELECT ceil(SMALLINT '32767');
-- types smallint
-- row [32767]

SELECT ceiling(c0) FROM (VALUES 1) t(c0);
-- types integer
-- row [1]

SELECT ceiling(CAST(NULL AS bigint));
-- types bigint
-- row [null]

SELECT ceiling(-1e0);
-- types double
-- row [-1.0]

SELECT ceiling(c0) FROM (VALUES CAST(NULL AS double)) t(c0);
-- types double
-- row [null]

SELECT ceiling(c0) FROM (VALUES SMALLINT '123') t(c0);
-- types smallint
-- row [123]

SELECT chr(-1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT concat(c0, c1) FROM (VALUES (CAST(NULL AS char(2)), CAST('hello' AS char(5)))) t(c0, c1);
-- types char(7)
-- row [null]

SELECT concat_ws('', 'a');
-- types varchar
-- row ["a"]

SELECT contains(c0, c1) FROM (VALUES (ARRAY[CAST(NULL AS timestamp(3) with time zone), TIMESTAMP '2020-03-08 12:30:00.123456 America/Los_Angeles', TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York'], TIMESTAMP '2001-01-31 01:02:03.5 -08:00')) t(c0, c1);
-- types boolean
-- row [null]

SELECT contains_sequence(c0, c1) FROM (VALUES (ARRAY[CAST(NULL AS char(2)), CAST(NULL AS char(2)), CAST(NULL AS char(2))], ARRAY[CAST('hello' AS char(5))])) t(c0, c1);
-- types boolean
-- row [false]

SELECT contains_sequence(ARRAY[false, CAST(NULL AS boolean), true], ARRAY[true, CAST(NULL AS boolean), CAST(NULL AS boolean)]);
-- types boolean
-- row [false]

SELECT cosine_similarity(map(ARRAY[CAST('abc' AS varchar(10)), '😀x'], ARRAY[1.5e0, CAST(NULL AS double)]), map(ARRAY['a', ' x y '], ARRAY[-0e0, 1.5e0]));
-- types double
-- row [null]

SELECT date(c0) FROM (VALUES 'foo') t(c0);
-- error INVALID_CAST_ARGUMENT

SELECT date('20200103');
-- error INVALID_CAST_ARGUMENT

SELECT date(c0) FROM (VALUES '2020-01-31') t(c0);
-- types date
-- row ["2020-01-31"]

SELECT date_diff('second', TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York', CAST(NULL AS timestamp(3) with time zone));
-- types bigint
-- row [null]

SELECT date_diff('millisecond', TIMESTAMP '2020-05-10 12:34:56.123', TIMESTAMP '2001-01-31 01:02:03.5');
-- types bigint
-- row [-608211172623]

SELECT date_parse('2020-01-31', '%Y');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse(c0, c1) FROM (VALUES ('31/01/2020', '%H:%i')) t(c0, c1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_trunc(c0, c1) FROM (VALUES ('year', DATE '9999-12-31')) t(c0, c1);
-- types date
-- row ["9999-01-01"]

SELECT day(TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin');
-- types bigint
-- row [10]

SELECT day_of_year(TIMESTAMP '2012-10-31 01:00:00 Asia/Kathmandu');
-- types bigint
-- row [305]

SELECT day_of_year(TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York');
-- types bigint
-- row [306]

SELECT degrees(c0) FROM (VALUES 0.5) t(c0);
-- types double
-- row [28.64788975654116]

SELECT degrees(c0) FROM (VALUES nan()) t(c0);
-- types double
-- row ["NaN"]

SELECT dow(c0) FROM (VALUES DATE '0001-01-01') t(c0);
-- types bigint
-- row [1]

SELECT doy(DATE '1900-03-01');
-- types bigint
-- row [60]

SELECT floor(SMALLINT '-1');
-- types smallint
-- row [-1]

SELECT format_datetime(TIMESTAMP '2012-10-31 01:00:00 Asia/Kathmandu', 'y yyy YYYYY');
-- types varchar
-- row ["2012 2012 02012"]

SELECT from_base(CAST('abc' AS varchar(10)), 16);
-- types bigint
-- row [2748]

SELECT from_base32('a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base64url(to_utf8('été'));
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base64url(c0) FROM (VALUES 'hello world') t(c0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_ieee754_32(X'FFFFFFFF');
-- types real
-- row ["NaN"]

SELECT from_iso8601_timestamp('2020-05-11 11:15:05');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_utf8(c0, c1) FROM (VALUES (X'DEADBEEF', BIGINT '123456789012')) t(c0, c1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_utf8(CAST(NULL AS varbinary), '2020-01-31');
-- types varchar
-- row [null]

SELECT hamming_distance(' x y ', 'b');
-- error INVALID_FUNCTION_ARGUMENT

SELECT hmac_sha1(X'616263', to_utf8('hello'));
-- types varbinary
-- row ["9ab263b1845e1486e3e51da53a2a23f0371ef2b9"]

SELECT is_finite(1e-7);
-- types boolean
-- row [true]

SELECT is_infinite(3);
-- types boolean
-- row [false]

SELECT is_nan(REAL '1.5');
-- types boolean
-- row [false]

SELECT json_array_contains(c0, c1) FROM (VALUES (JSON '[]', false)) t(c0, c1);
-- types boolean
-- row [false]

SELECT json_array_contains(JSON 'null', 'abcabc');
-- types boolean
-- row [null]

SELECT json_array_contains('-0', -1);
-- types boolean
-- row [null]

SELECT json_array_contains('', true);
-- types boolean
-- row [null]

SELECT json_array_get(c0, c1) FROM (VALUES (JSON '"x"', -1)) t(c0, c1);
-- types json
-- row [null]

SELECT json_array_get(c0, c1) FROM (VALUES (' [1] ', 5)) t(c0, c1);
-- types json
-- row [null]

SELECT length('10');
-- types bigint
-- row [2]

SELECT levenshtein_distance('1e3', '10');
-- types bigint
-- row [2]

SELECT log(nan(), 1.5e0);
-- types double
-- row ["NaN"]

SELECT log10(0e0);
-- types double
-- row ["-Infinity"]

SELECT log2(c0) FROM (VALUES infinity()) t(c0);
-- types double
-- row ["Infinity"]

SELECT lpad(X'FFFFFFFF', 1, X'');
-- error INVALID_FUNCTION_ARGUMENT

SELECT ltrim(c0) FROM (VALUES CAST(NULL AS char(2))) t(c0);
-- types varchar(2)
-- row [null]

SELECT map_entries(map(ARRAY[CAST(nan() AS real)], ARRAY[CAST(nan() AS real)]));
-- types array(row(real, real))
-- row [[["NaN", "NaN"]]]

SELECT map_keys(map(ARRAY[TIMESTAMP '1969-12-31 23:59:59.999 +05:30', TIMESTAMP '2001-01-31 01:02:03.5 -08:00', TIMESTAMP '2020-11-01 01:30:00.1234 America/New_York'], ARRAY[CAST(infinity() AS real), REAL '0', REAL '0']));
-- types array(timestamp(4) with time zone)
-- row [["1969-12-31 23:59:59.9990 +05:30", "2001-01-31 01:02:03.5000 -08:00", "2020-11-01 01:30:00.1234 America/New_York"]]

SELECT map_values(CAST(map() AS map(real,decimal)));
-- types array(decimal(38,0))
-- row [[]]

SELECT map_values(map(ARRAY[TIMESTAMP '2020-05-10 12:34:56', TIMESTAMP '2001-01-31 01:02:03.5', TIMESTAMP '2020-02-29 00:00:00.123456'], ARRAY[DATE '2001-01-31', DATE '2021-01-03', DATE '2020-02-29']));
-- types array(date)
-- row [["2001-01-31", "2021-01-03", "2020-02-29"]]

SELECT minute(c0) FROM (VALUES TIME '00:00:00') t(c0);
-- types bigint
-- row [0]

SELECT minute(c0) FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin') t(c0);
-- types bigint
-- row [34]

SELECT mod(123.45, DECIMAL '1.5');
-- types decimal(3,2)
-- row ["0.45"]

SELECT murmur3(X'00');
-- types varbinary
-- row ["b55cff6ee5ab10468335f878aa2d6251"]

SELECT murmur3(to_utf8('hello'));
-- types varbinary
-- row ["029bbd41b3a7d8cb191dae486a901e5b"]

SELECT parse_data_size('1KB');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('12:30', 'HH:mm');
-- types timestamp(3) with time zone
-- row ["1970-01-01 12:30:00.000 UTC"]

SELECT pow(0.5, -0e0);
-- types double
-- row [1.0]

SELECT pow(c0, c1) FROM (VALUES (123.456e0, -0e0)) t(c0, c1);
-- types double
-- row [1.0]

SELECT power(1e300, 0e0);
-- types double
-- row [1.0]

SELECT quarter(CAST(NULL AS timestamp(3) with time zone));
-- types bigint
-- row [null]

SELECT radians(0.5);
-- types double
-- row [0.008726646259971648]

SELECT replace('😀x', 'b', CAST('abc' AS varchar(10)));
-- types varchar(32)
-- row ["😀x"]

SELECT replace(',', 'aa', CAST(NULL AS varchar));
-- types varchar
-- row [null]

SELECT round(0.1e0);
-- types double
-- row [0.0]

SELECT round(CAST(NULL AS integer), 2);
-- types integer
-- row [null]

SELECT round(c0, c1) FROM (VALUES (CAST(nan() AS real), 0)) t(c0, c1);
-- types real
-- row ["NaN"]

SELECT round(c0, c1) FROM (VALUES (SMALLINT '-32768', 10)) t(c0, c1);
-- types smallint
-- row [-32768]

SELECT rpad(X'616263', -1, X'0001020304050607');
-- error INVALID_FUNCTION_ARGUMENT

SELECT second(c0) FROM (VALUES INTERVAL '0' SECOND) t(c0);
-- types bigint
-- row [0]

SELECT second(TIME '12:34:56');
-- types bigint
-- row [56]

SELECT second(TIME '12:34:56+00:00');
-- types bigint
-- row [56]

SELECT second(TIMESTAMP '2024-12-30 23:00:00.99');
-- types bigint
-- row [0]

SELECT sequence(c0, c1) FROM (VALUES (BIGINT '-9223372036854775808', -7)) t(c0, c1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT sha1(c0) FROM (VALUES CAST(NULL AS varbinary)) t(c0);
-- types varbinary
-- row [null]

SELECT sign(c0) FROM (VALUES 16) t(c0);
-- types integer
-- row [1]

SELECT sin(-infinity());
-- types double
-- row ["NaN"]

SELECT slice(ARRAY[TIMESTAMP '2001-01-31 01:02:03.5'], 1, 0);
-- types array(timestamp(1))
-- row [[]]

SELECT soundex(c0) FROM (VALUES 'Honeyman') t(c0);
-- types varchar(4)
-- row ["H555"]

SELECT soundex('O''Hara');
-- types varchar(4)
-- row ["O600"]

SELECT split_to_multimap('b', CAST(NULL AS varchar), CAST(NULL AS varchar));
-- types map(varchar, array(varchar))
-- row [null]

SELECT substr(X'616263', 2);
-- types varbinary
-- row ["6263"]

SELECT substr(X'616263', -2, 100);
-- types varbinary
-- row ["6263"]

SELECT substr(c0, c1, c2) FROM (VALUES (CAST('ab ' AS char(5)), 0, 0)) t(c0, c1, c2);
-- types varchar(5)
-- row [""]

SELECT substr(c0, c1) FROM (VALUES ('hello world', 1)) t(c0, c1);
-- types varchar(11)
-- row ["hello world"]

SELECT tan(123.456e0);
-- types double
-- row [1.3518050821917635]

SELECT tanh(c0) FROM (VALUES -2.5e0) t(c0);
-- types double
-- row [-0.9866142981514303]

SELECT to_base(c0, c1) FROM (VALUES (CAST(NULL AS bigint), 10)) t(c0, c1);
-- types varchar(64)
-- row [null]

SELECT to_base64(X'616263');
-- types varchar
-- row ["YWJj"]

SELECT to_ieee754_32(c0) FROM (VALUES REAL '0') t(c0);
-- types varbinary
-- row ["00000000"]

SELECT to_ieee754_32(CAST(nan() AS real));
-- types varbinary
-- row ["7fc00000"]

SELECT to_unixtime(TIMESTAMP '2020-05-10 12:34:56.123 Europe/Berlin');
-- types double
-- row [1589106896.123]

SELECT to_utf8(c0) FROM (VALUES 'b') t(c0);
-- types varbinary
-- row ["62"]

SELECT trim('aa');
-- types varchar(2)
-- row ["aa"]

SELECT truncate(0.5);
-- types decimal(1,0)
-- row ["0"]

SELECT truncate(-2.5e0);
-- types double
-- row [-2.0]

SELECT truncate(c0) FROM (VALUES REAL '-2.5') t(c0);
-- types real
-- row [-2.0]

SELECT typeof(c0) FROM (VALUES CAST('ab ' AS char(5))) t(c0);
-- types varchar
-- row ["char(5)"]

SELECT url_extract_fragment(c0) FROM (VALUES 'ftp://h:21/?a=%zz') t(c0);
-- types varchar(17)
-- row [null]

SELECT wilson_interval_lower(c0, c1, c2) FROM (VALUES (0, 100, 1.96e0)) t(c0, c1, c2);
-- types double
-- row [0.0]

SELECT wilson_interval_lower(0, 10, 1.96e0);
-- types double
-- row [-2.0052288475052677e-17]

SELECT year(INTERVAL '-14' MONTH);
-- types bigint
-- row [-1]

SELECT yow(DATE '2001-01-31');
-- types bigint
-- row [2001]

SELECT zip(ARRAY[false, false, false], ARRAY[true, false], ARRAY[DATE '1900-03-01', CAST(NULL AS date), DATE '2001-01-31']);
-- types array(row(boolean, boolean, date))
-- row [[[false, true, "1900-03-01"], [false, false, null], [false, null, "2001-01-31"]]]

SELECT zip(ARRAY[DECIMAL '12345678901234567890.12'], ARRAY[CAST('' AS char(3))], ARRAY[CAST(NULL AS timestamp(3)), TIMESTAMP '2024-12-30 23:00:00.99', TIMESTAMP '2001-01-31 01:02:03.5'], ARRAY[123.45, CAST(NULL AS decimal(10,2)), DECIMAL '1.5', -0.05]);
-- types array(row(decimal(22,2), char(3), timestamp(3), decimal(10,2)))
-- row [[["12345678901234567890.12", "   ", null, "123.45"], [null, null, "2024-12-30 23:00:00.990", null], [null, null, "2001-01-31 01:02:03.500", "1.50"], [null, null, null, "-0.05"]]]

SELECT date_diff('week', TIME '23:59:59.999', TIME '01:02:03.123456');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_unixtime(1.5e0, 'été');
-- error NOT_SUPPORTED

SELECT date_trunc('millisecond', DATE '0001-01-01');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_unixtime(1.5e0, 'Trino SQL');
-- error NOT_SUPPORTED

SELECT word_stem('10', 'fr');
-- types varchar(2)
-- row ["10"]

SELECT concat(ARRAY[CAST('' AS char(3)), CHAR 'x']);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_concat(map(ARRAY[REAL '3.14', REAL '-2.5'], ARRAY[123.45, DECIMAL '12345678901234567890.12']));
-- error INVALID_FUNCTION_ARGUMENT

SELECT concat('été');
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_concat(CAST(map() AS map(timestamp,decimal)));
-- error INVALID_FUNCTION_ARGUMENT
