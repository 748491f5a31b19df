-- Patterns of date_format, format_datetime, date_parse and parse_datetime.

SELECT date_format(DATE '2021-01-03', '%Y-%m-%d %T');
-- types varchar
-- row ["2021-01-03 00:00:00"]

SELECT date_format(TIMESTAMP '0999-03-04 01:02:03', '%I %p');
-- types varchar
-- row ["01 AM"]

SELECT date_format(TIMESTAMP '12020-03-04 01:02:03', '%Y %j');
-- types varchar
-- row ["12020 064"]

SELECT date_format(TIMESTAMP '2001-01-01 00:00:00', '%a %b %d %Y');
-- types varchar
-- row ["Mon Jan 01 2001"]

SELECT date_format(TIMESTAMP '2001-01-01 00:00:00', '%c/%e/%Y');
-- types varchar
-- row ["1/1/2001"]

SELECT date_format(TIMESTAMP '2020-05-10 12:34:56.789', '%Y-%m-%d %H:%i:%s');
-- types varchar
-- row ["2020-05-10 12:34:56"]

SELECT date_format(TIMESTAMP '2020-05-10 12:34:56.789', '%x-%v');
-- types varchar
-- row ["2020-19"]

SELECT date_parse('%Y', '%y%m%d');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('', '%%Y');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('1/2/2020', '%Y-%m-%d %T');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('1/2/2020', '%f');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('1/2/99', '%Y-%m-%d %H:%i:%s');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('10:11:12 AM', '%l:%i %p');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('12020-01-31', '%Y %j');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-01-31 10:11:12', '%Y %j');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-01-31 10:11:12', '%r');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-01-31 10:11:12.123', '%r');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-01-31T10:11:12', '%T');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-05', '%f');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('2020-W05', '%Y-%m-%dT%H:%i:%s');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('20200131', '%f');
-- types timestamp(3)
-- row ["1970-01-01 00:00:00.202"]

SELECT date_parse('2020年01月', '%Y %j');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('70-01-31', '%Y-%m-%dT%H:%i:%s');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('70-01-31', '%Y年%m月');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('99-01-31', '%Y-%m-%d %T');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('Friday 31 January 2020', '%h:%i %p');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('Jan 3 2020', '%Y%m%d');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('Jan 3 2020', '%k:%i');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('January 03, 2020', '%Y-%m-%d');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_parse('January 03, 2020', '%b %e %Y');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format_datetime(DATE '2021-01-03', 'D');
-- types varchar
-- row ["3"]

SELECT format_datetime(DATE '2021-01-03', 'yyyy/MM/dd hh');
-- types varchar
-- row ["2021/01/03 12"]

SELECT format_datetime(TIMESTAMP '0999-03-04 01:02:03', 'YY');
-- types varchar
-- row ["99"]

SELECT format_datetime(TIMESTAMP '0999-03-04 01:02:03', 'yyyy-MM-dd HH:mm ZZ');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format_datetime(TIMESTAMP '12020-03-04 01:02:03', 'Z');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format_datetime(TIMESTAMP '12020-03-04 01:02:03', 'xx');
-- types varchar
-- row ["20"]

SELECT format_datetime(TIMESTAMP '12020-03-04 01:02:03', 'xxxx-ww');
-- types varchar
-- row ["12020-10"]

SELECT format_datetime(TIMESTAMP '12020-03-04 01:02:03', 'z');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format_datetime(TIMESTAMP '1969-07-20 05:06:07.08', 'MMMM');
-- types varchar
-- row ["July"]

SELECT format_datetime(TIMESTAMP '2001-01-01 00:00:00', 'HH:mm');
-- types varchar
-- row ["00:00"]

SELECT format_datetime(TIMESTAMP '2001-01-01 00:00:00', 'K');
-- types varchar
-- row ["0"]

SELECT format_datetime(TIMESTAMP '2001-01-01 00:00:00', 'k');
-- types varchar
-- row ["24"]

SELECT format_datetime(TIMESTAMP '2020-05-10 12:34:56.789', 'H');
-- types varchar
-- row ["12"]

SELECT format_datetime(TIMESTAMP '2020-05-10 12:34:56.789', 'SS');
-- types varchar
-- row ["78"]

SELECT format_datetime(TIMESTAMP '2020-12-31 23:59:59.999 Europe/Berlin', 'H');
-- types varchar
-- row ["23"]

SELECT format_datetime(TIMESTAMP '2020-12-31 23:59:59.999 Europe/Berlin', 'h');
-- types varchar
-- row ["11"]

SELECT parse_datetime('%Y', 'MMM d yyyy');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('01/31/20', 'HH:mm');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('02020-01-31', 'C');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020 031', 'kk:mm');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 10:11 +05:30', 'SSS');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 10:11 +05:30', 'y-M-d');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 10:11', 'EEE, d MMM yyyy');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 10:11:12 Z', 'y-M-d');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 Europe/Berlin', 'HH:mm');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31 Europe/Berlin', 'yyyy-MM-dd ZZZ');
-- types timestamp(3) with time zone
-- row ["2020-01-31 00:00:00.000 Europe/Berlin"]

SELECT parse_datetime('2020-01-31 UTC', 'yyyy-MM-dd HH:mm:ss Z');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-01-31x', 'yyyy-MM-dd z');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-05', '''x''yyyy');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('2020-1-3', 'YYYY-MM-dd');
-- types timestamp(3) with time zone
-- row ["2020-01-03 00:00:00.000 UTC"]

SELECT parse_datetime('2020-W05', 'yyyy-MM-dd HH:mm:ss');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('5:06', 'dd/MM/yyyy');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('Friday 31 January 2020', 'yyyy''MM');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('Jan 3 2020', 'yyyy-MM-dd z');
-- error INVALID_FUNCTION_ARGUMENT

SELECT parse_datetime('x2020', 'hh:mm a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_format(DATE '2021-01-03', '%w');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_format(TIMESTAMP '0999-03-04 01:02:03', '%u');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_format(TIMESTAMP '12020-03-04 01:02:03', '%u');
-- error INVALID_FUNCTION_ARGUMENT

SELECT date_format(TIMESTAMP '1969-07-20 05:06:07.08', '%w');
-- error INVALID_FUNCTION_ARGUMENT
