-- Clocks that are put forward and back, and years at the ends of the calendar.

SELECT cast(cast('2020-03-08 02:30:00 America/New_York' as timestamp(3) with time zone) as varchar);
-- types varchar
-- row ["2020-03-08 03:30:00.000 America/New_York"]

SELECT with_timezone(TIMESTAMP '2020-03-08 02:30:00', 'America/New_York');
-- types timestamp(0) with time zone
-- row ["2020-03-08 03:30:00 America/New_York"]

SELECT with_timezone(TIMESTAMP '2020-11-01 01:30:00', 'America/New_York') AT TIME ZONE 'UTC';
-- types timestamp(0) with time zone
-- row ["2020-11-01 05:30:00 UTC"]

SELECT date_trunc('day', TIMESTAMP '2020-11-01 06:30:00 UTC' AT TIME ZONE 'America/New_York');
-- types timestamp(0) with time zone
-- row ["2020-11-01 00:00:00 America/New_York"]

SELECT date_trunc('hour', TIMESTAMP '2020-11-01 05:30:00 UTC' AT TIME ZONE 'America/New_York') AT TIME ZONE 'UTC';
-- types timestamp(0) with time zone
-- row ["2020-11-01 05:00:00 UTC"]

SELECT date_trunc('hour', TIMESTAMP '2020-11-01 06:30:00 UTC' AT TIME ZONE 'America/New_York') AT TIME ZONE 'UTC';
-- types timestamp(0) with time zone
-- row ["2020-11-01 06:00:00 UTC"]

SELECT date_trunc('minute', TIMESTAMP '2020-11-01 06:30:00 UTC' AT TIME ZONE 'America/New_York') AT TIME ZONE 'UTC';
-- types timestamp(0) with time zone
-- row ["2020-11-01 06:30:00 UTC"]

SELECT date_add('day', 1, TIMESTAMP '2020-10-31 01:30:00 America/New_York') AT TIME ZONE 'UTC';
-- types timestamp(0) with time zone
-- row ["2020-11-01 05:30:00 UTC"]

SELECT date_add('month', 1, TIMESTAMP '2020-02-08 02:30:00 America/New_York');
-- types timestamp(0) with time zone
-- row ["2020-03-08 03:30:00 America/New_York"]

SELECT date_add('day', 1, TIMESTAMP '2020-03-07 02:30:00 America/New_York');
-- types timestamp(0) with time zone
-- row ["2020-03-08 03:30:00 America/New_York"]

SELECT TIMESTAMP '2020-03-07 02:30:00 America/New_York' + INTERVAL '1' DAY;
-- types timestamp(3) with time zone
-- row ["2020-03-08 03:30:00.000 America/New_York"]

SELECT date_diff('day', TIMESTAMP '2020-03-07 02:30:00 America/New_York', TIMESTAMP '2020-03-08 03:30:00 America/New_York');
-- types bigint
-- row [1]

SELECT with_timezone(TIMESTAMP '1986-01-01 00:10:00', 'Asia/Kathmandu');
-- types timestamp(0) with time zone
-- row ["1986-01-01 00:25:00 Asia/Kathmandu"]

SELECT cast(date '10000-01-01' as varchar);
-- types varchar
-- row ["10000-01-01"]

SELECT cast(date '123001-01-01' as varchar);
-- types varchar
-- row ["123001-01-01"]

SELECT cast(date '-0001-01-01' as varchar);
-- types varchar
-- row ["-0001-01-01"]

SELECT cast(date '-12001-01-01' as varchar);
-- types varchar
-- row ["-12001-01-01"]

SELECT cast(date '0000-01-01' as varchar);
-- types varchar
-- row ["0000-01-01"]

SELECT cast(timestamp '123001-01-01 00:00:00' as varchar);
-- types varchar
-- row ["+123001-01-01 00:00:00"]

SELECT cast(timestamp '-12300-01-01 00:00:00' as varchar);
-- types varchar
-- row ["-12300-01-01 00:00:00"]

SELECT cast(timestamp '-0001-01-01 00:00:00.1' as varchar);
-- types varchar
-- row ["-0001-01-01 00:00:00.1"]

SELECT cast(timestamp '0000-01-01 00:00:00.1' as varchar);
-- types varchar
-- row ["0000-01-01 00:00:00.1"]

SELECT cast(timestamp '0099-01-01 00:00:00.1' as varchar);
-- types varchar
-- row ["0099-01-01 00:00:00.1"]

SELECT to_iso8601(date '-0001-01-01');
-- types varchar(16)
-- row ["-0001-01-01"]

SELECT to_iso8601(timestamp '-0001-01-01 00:00:00.1');
-- types varchar(24)
-- row ["-0001-01-01T00:00:00.1"]

SELECT cast(date '123001-01-01' as json);
-- types json
-- row ["\"123001-01-01\""]

SELECT cast(cast('-2013-02-02' as date) as varchar);
-- types varchar
-- row ["-2013-02-02"]

SELECT format('%s', date '-0001-01-01');
-- types varchar
-- row ["-0001-01-01"]

SELECT format('%s', date '10001-01-01');
-- types varchar
-- row ["+10001-01-01"]

SELECT cast(TIMESTAMP '2020-03-08 02:30:00 America/New_York' as varchar);
-- error INVALID_LITERAL

SELECT TIMESTAMP '1986-01-01 00:14:07 Asia/Kathmandu';
-- error INVALID_LITERAL
