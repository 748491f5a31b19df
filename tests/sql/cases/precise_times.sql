-- Moments with more digits than microseconds have.

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789';
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789012';
-- types timestamp(12)
-- row ["2020-05-10 12:34:56.123456789012"]

SELECT TIMESTAMP '2020-05-10 12:34:56.1234567';
-- types timestamp(7)
-- row ["2020-05-10 12:34:56.1234567"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin';
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.123456789 Europe/Berlin"]

SELECT TIMESTAMP '1969-12-31 23:59:59.123456789012 +05:30';
-- types timestamp(12) with time zone
-- row ["1969-12-31 23:59:59.123456789012 +05:30"]

SELECT TIME '12:34:56.123456789';
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT TIME '23:59:59.999999999999';
-- types time(12)
-- row ["23:59:59.999999999999"]

SELECT TIME '12:34:56.123456789+05:30';
-- types time(9) with time zone
-- row ["12:34:56.123456789+05:30"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as varchar);
-- types varchar
-- row ["2020-05-10 12:34:56.123456789"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' as varchar);
-- types varchar
-- row ["2020-05-10 12:34:56.123456789 Europe/Berlin"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as timestamp(6));
-- types timestamp(6)
-- row ["2020-05-10 12:34:56.123457"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.1234565' as timestamp(6));
-- types timestamp(6)
-- row ["2020-05-10 12:34:56.123457"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.999999999' as timestamp(8));
-- types timestamp(8)
-- row ["2020-05-10 12:34:57.00000000"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.999999999' as timestamp(3));
-- types timestamp(3)
-- row ["2020-05-10 12:34:57.000"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.499999999' as timestamp(0));
-- types timestamp(0)
-- row ["2020-05-10 12:34:56"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.1' as timestamp(9));
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.100000000"]

SELECT cast('2020-05-10 12:34:56.123456789' as timestamp(9));
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT cast('2020-05-10 12:34:56.123456789' as timestamp(8));
-- types timestamp(8)
-- row ["2020-05-10 12:34:56.12345679"]

SELECT cast('2020-05-10 12:34:56.123456789' as timestamp(12));
-- types timestamp(12)
-- row ["2020-05-10 12:34:56.123456789000"]

SELECT cast('2020-05-10 12:34:56' as timestamp(12));
-- types timestamp(12)
-- row ["2020-05-10 12:34:56.000000000000"]

SELECT cast('2020-05-10 12:34:56.999999999999' as timestamp(11));
-- types timestamp(11)
-- row ["2020-05-10 12:34:57.00000000000"]

SELECT cast('2020-05-10 12:34:56.123456789 UTC' as timestamp(9) with time zone);
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.123456789 UTC"]

SELECT cast('x' as timestamp(9));
-- error INVALID_CAST_ARGUMENT

SELECT cast(date '2020-01-01' as timestamp(9));
-- types timestamp(9)
-- row ["2020-01-01 00:00:00.000000000"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as date);
-- types date
-- row ["2020-05-10"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as time(9));
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as time(7));
-- types time(7)
-- row ["12:34:56.1234568"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as time(3));
-- types time(3)
-- row ["12:34:56.123"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as timestamp(9) with time zone);
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.123456789 UTC"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as timestamp(3) with time zone);
-- types timestamp(3) with time zone
-- row ["2020-05-10 12:34:56.123 UTC"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' as timestamp(9));
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' as time(9));
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' as time(9) with time zone);
-- types time(9) with time zone
-- row ["12:34:56.123456789+02:00"]

SELECT cast(TIME '23:59:59.999999999999' as time(3));
-- types time(3)
-- row ["00:00:00.000"]

SELECT cast(TIME '23:59:59.999999999999' as time(9));
-- types time(9)
-- row ["00:00:00.000000000"]

SELECT cast(TIME '12:34:56.123456789' as varchar);
-- types varchar
-- row ["12:34:56.123456789"]

SELECT cast('12:34:56.123456789' as time(9));
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT cast('12:34:56.1234567891' as time(9));
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT cast(TIME '12:34:56.123456789+05:30' as varchar);
-- types varchar
-- row ["12:34:56.123456789+05:30"]

SELECT cast('12:34:56.123456789+05:30' as time(9) with time zone);
-- types time(9) with time zone
-- row ["12:34:56.123456789+05:30"]

SELECT cast(TIME '12:34:56.123456789+05:30' as time(9));
-- types time(9)
-- row ["12:34:56.123456789"]

SELECT cast(null as timestamp(9));
-- types timestamp(9)
-- row [null]

SELECT cast(null as timestamp(9) with time zone);
-- types timestamp(9) with time zone
-- row [null]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' = TIMESTAMP '2020-05-10 12:34:56.123456789';
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' < TIMESTAMP '2020-05-10 12:34:56.12345678';
-- types boolean
-- row [false]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' > TIMESTAMP '2020-05-10 12:34:56';
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 UTC' = TIMESTAMP '2020-05-10 14:34:56.123456789 +02:00';
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 UTC' < TIMESTAMP '2020-05-10 14:34:56.123456790 +02:00';
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' is distinct from null;
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' between TIMESTAMP '2020-05-10 12:34:56' and TIMESTAMP '2020-05-10 12:34:57';
-- types boolean
-- row [true]

SELECT TIME '12:34:56.123456789' < TIME '12:34:56.12345679';
-- types boolean
-- row [true]

SELECT TIME '12:34:56.123456789+00:00' = TIME '14:34:56.123456789+02:00';
-- types boolean
-- row [true]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' + INTERVAL '1' DAY;
-- types timestamp(9)
-- row ["2020-05-11 12:34:56.123456789"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' - INTERVAL '1.123' SECOND;
-- types timestamp(9)
-- row ["2020-05-10 12:34:55.000456789"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' + INTERVAL '1' MONTH;
-- types timestamp(9)
-- row ["2020-06-10 12:34:56.123456789"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' + INTERVAL '1' DAY;
-- types timestamp(9) with time zone
-- row ["2020-05-11 12:34:56.123456789 Europe/Berlin"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin' - INTERVAL '1' MONTH;
-- types timestamp(9) with time zone
-- row ["2020-04-10 12:34:56.123456789 Europe/Berlin"]

SELECT TIME '12:34:56.123456789' + INTERVAL '1' HOUR;
-- types time(9)
-- row ["13:34:56.123456789"]

SELECT TIME '12:34:56.123456789+01:00' - INTERVAL '13' HOUR;
-- types time(9) with time zone
-- row ["23:34:56.123456789+01:00"]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' - TIMESTAMP '2020-05-10 12:34:56';
-- types interval day to second
-- row [123]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 UTC' - TIMESTAMP '2020-05-10 12:34:55.1 UTC';
-- types interval day to second
-- row [1023]

SELECT date_trunc('second', TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.000000000"]

SELECT date_trunc('millisecond', TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123000000"]

SELECT date_trunc('day', TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin');
-- types timestamp(9) with time zone
-- row ["2020-05-10 00:00:00.000000000 Europe/Berlin"]

SELECT date_trunc('minute', TIME '12:34:56.123456789');
-- types time(9)
-- row ["12:34:00.000000000"]

SELECT date_add('day', 1, TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row ["2020-05-11 12:34:56.123456789"]

SELECT date_add('millisecond', 1, TIMESTAMP '2020-05-10 12:34:56.123456789 UTC');
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.124456789 UTC"]

SELECT date_add('hour', 1, TIME '12:34:56.123456789');
-- types time(9)
-- row ["13:34:56.123456789"]

SELECT date_diff('second', TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:57.123456788');
-- types bigint
-- row [1]

SELECT date_diff('millisecond', TIME '12:34:56.123456789', TIME '12:34:57.123456789');
-- types bigint
-- row [1000]

SELECT year(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types bigint
-- row [2020]

SELECT extract(second from TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types bigint
-- row [56]

SELECT millisecond(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types bigint
-- row [123]

SELECT hour(TIME '12:34:56.123456789');
-- types bigint
-- row [12]

SELECT timezone_hour(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin');
-- types bigint
-- row [2]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789 UTC' AT TIME ZONE 'Asia/Tokyo';
-- types timestamp(9) with time zone
-- row ["2020-05-10 21:34:56.123456789 Asia/Tokyo"]

SELECT TIME '12:34:56.123456789+01:00' AT TIME ZONE INTERVAL '2' HOUR;
-- types time(9) with time zone
-- row ["13:34:56.123456789+02:00"]

SELECT with_timezone(TIMESTAMP '2020-05-10 12:34:56.123456789', 'Asia/Tokyo');
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.123456789 Asia/Tokyo"]

SELECT format_datetime(TIMESTAMP '2020-05-10 12:34:56.123456789', 'yyyy-MM-dd HH:mm:ss.SSS');
-- types varchar
-- row ["2020-05-10 12:34:56.123"]

SELECT date_format(TIMESTAMP '2020-05-10 12:34:56.123456789', '%Y %f');
-- types varchar
-- row ["2020 123000"]

SELECT to_iso8601(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types varchar(32)
-- row ["2020-05-10T12:34:56.123456789"]

SELECT to_iso8601(TIMESTAMP '2020-05-10 12:34:56.123456789 Europe/Berlin');
-- types varchar(38)
-- row ["2020-05-10T12:34:56.123456789+02:00"]

SELECT to_unixtime(TIMESTAMP '2020-05-10 12:34:56.123456789 UTC');
-- types double
-- row [1589114096.1234567]

SELECT last_day_of_month(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types date
-- row ["2020-05-31"]

SELECT array[TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56'];
-- types array(timestamp(9))
-- row [["2020-05-10 12:34:56.123456789", "2020-05-10 12:34:56.000000000"]]

SELECT array_max(array[TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56.2']);
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.200000000"]

SELECT array_sort(array[TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56']);
-- types array(timestamp(9))
-- row [["2020-05-10 12:34:56.000000000", "2020-05-10 12:34:56.123456789"]]

SELECT contains(array[TIMESTAMP '2020-05-10 12:34:56.123456789'], TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types boolean
-- row [true]

SELECT element_at(array[TIMESTAMP '2020-05-10 12:34:56.123456789'], 1);
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT greatest(TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56.12345679');
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456790"]

SELECT map(array[TIMESTAMP '2020-05-10 12:34:56.123456789'], array[1]);
-- types map(timestamp(9), integer)
-- row [[["2020-05-10 12:34:56.123456789", 1]]]

SELECT row(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types row(timestamp(9))
-- row [["2020-05-10 12:34:56.123456789"]]

SELECT coalesce(TIMESTAMP '2020-05-10 12:34:56.123456789', null);
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT typeof(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types varchar
-- row ["timestamp(9)"]

SELECT max(x), min(x), count(distinct x), array_agg(x) FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.123456789') t(x);
-- types timestamp(9) | timestamp(9) | bigint | array(timestamp(9))
-- row ["2020-05-10 12:34:56.123456789", "2020-05-10 12:34:56.123456789", 1, ["2020-05-10 12:34:56.123456789"]]

SELECT x, count(*) FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56.123456789') t(x) GROUP BY x;
-- types timestamp(9) | bigint
-- row ["2020-05-10 12:34:56.123456789", 2]

SELECT x FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.123456789 UTC', TIMESTAMP '2020-05-10 12:34:56.123456788 UTC') t(x) ORDER BY x;
-- types timestamp(9) with time zone
-- row ["2020-05-10 12:34:56.123456788 UTC"]
-- row ["2020-05-10 12:34:56.123456789 UTC"]

SELECT from_unixtime_nanos(100);
-- types timestamp(9) with time zone
-- row ["1970-01-01 00:00:00.000000100 UTC"]

SELECT from_unixtime_nanos(-1);
-- types timestamp(9) with time zone
-- row ["1969-12-31 23:59:59.999999999 UTC"]

SELECT from_unixtime_nanos(DECIMAL '1234567890123456789');
-- types timestamp(9) with time zone
-- row ["2009-02-13 23:31:30.123456789 UTC"]

SELECT from_unixtime_nanos(1.5);
-- types timestamp(9) with time zone
-- row ["1970-01-01 00:00:00.000000002 UTC"]

SELECT try_cast('x' as timestamp(9));
-- types timestamp(9)
-- row [null]

SELECT cast(cast(null as timestamp(9) with time zone) as varchar);
-- types varchar
-- row [null]

SELECT cast(json '"2020-01-01 00:00:00.123456789"' as timestamp(9));
-- error TYPE_MISMATCH

SELECT cast(TIMESTAMP '2020-05-10 12:34:56.123456789' as json);
-- types json
-- row ["\"2020-05-10 12:34:56.123456789\""]

SELECT try(TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT if(true, TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row ["2020-05-10 12:34:56.123456789"]

SELECT nullif(TIMESTAMP '2020-05-10 12:34:56.123456789', TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types timestamp(9)
-- row [null]

SELECT TIMESTAMP '2020-05-10 12:34:56.123456789' in (TIMESTAMP '2020-05-10 12:34:56.123456789');
-- types boolean
-- row [true]

SELECT x FROM (VALUES TIMESTAMP '2020-05-10 12:34:56 UTC', TIMESTAMP '2020-05-10 12:34:56 +01:00', null) t(x) ORDER BY x;
-- types timestamp(0) with time zone
-- row ["2020-05-10 12:34:56 +01:00"]
-- row ["2020-05-10 12:34:56 UTC"]
-- row [null]

SELECT x FROM (VALUES TIME '12:34:56+00:00', TIME '12:34:56+01:00', null) t(x) ORDER BY x;
-- types time(0) with time zone
-- row ["12:34:56+01:00"]
-- row ["12:34:56+00:00"]
-- row [null]

SELECT x FROM (VALUES TIME '12:34:56+00:00', TIME '12:34:56+01:00', null) t(x) ORDER BY 1 DESC;
-- types time(0) with time zone
-- row ["12:34:56+00:00"]
-- row ["12:34:56+01:00"]
-- row [null]

SELECT x FROM (VALUES TIMESTAMP '2020-05-10 12:34:56 UTC') t(x) UNION ALL SELECT TIMESTAMP '2020-05-10 12:34:56 +01:00' ORDER BY x;
-- types timestamp(0) with time zone
-- row ["2020-05-10 12:34:56 +01:00"]
-- row ["2020-05-10 12:34:56 UTC"]

SELECT x FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.1234567 UTC') t(x) UNION ALL SELECT TIMESTAMP '2020-05-10 12:34:56 +01:00' ORDER BY x;
-- types timestamp(7) with time zone
-- row ["2020-05-10 12:34:56.0000000 +01:00"]
-- row ["2020-05-10 12:34:56.1234567 UTC"]

SELECT DISTINCT x FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.1234567 UTC') t(x) ORDER BY x;
-- types timestamp(7) with time zone
-- row ["2020-05-10 12:34:56.1234567 UTC"]

SELECT DISTINCT x FROM (VALUES TIME '12:34:56+00:00') t(x) ORDER BY x;
-- types time(0) with time zone
-- row ["12:34:56+00:00"]

SELECT x FROM (VALUES array[TIMESTAMP '2020-05-10 12:34:56 UTC'], array[TIMESTAMP '2020-05-10 12:34:56 +01:00']) t(x) ORDER BY x;
-- types array(timestamp(0) with time zone)
-- row [["2020-05-10 12:34:56 +01:00"]]
-- row [["2020-05-10 12:34:56 UTC"]]

SELECT x, count(*) FROM (VALUES TIMESTAMP '2020-05-10 12:34:56.1234567 UTC') t(x) GROUP BY x ORDER BY x;
-- types timestamp(7) with time zone | bigint
-- row ["2020-05-10 12:34:56.1234567 UTC", 1]

SELECT TIMESTAMP '2020-05-10 12:34:56.1234567890123';
-- error NUMERIC_VALUE_OUT_OF_RANGE
