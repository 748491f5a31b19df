-- format(), which is Java's.

SELECT format('%s', date '2020-01-01');
-- types varchar
-- row ["2020-01-01"]

SELECT format('%s %s', timestamp '2020-01-01 10:11:12.5', null);
-- types varchar
-- row ["2020-01-01T10:11:12.500 null"]

SELECT format('%tY-%tm-%td', date '2020-01-01', date '2020-01-02', date '2020-01-03');
-- types varchar
-- row ["2020-01-03"]

SELECT format('%1$tA %1$tB %1$tH:%1$tM', timestamp '2020-01-01 10:11:12.5');
-- types varchar
-- row ["Wednesday January 10:11"]

SELECT format('%tF %tT', timestamp '2020-01-01 10:11:12.5 UTC', timestamp '2020-01-01 10:11:12.5 Europe/Berlin');
-- types varchar
-- row ["2020-01-01 10:11:12"]

SELECT format('%s', timestamp '2020-01-01 10:11:12.5 Europe/Berlin');
-- types varchar
-- row ["2020-01-01T10:11:12.500+01:00[Europe/Berlin]"]

SELECT format('%s', time '10:11:12.5');
-- types varchar
-- row ["10:11:12.500"]

SELECT format('%s', time '10:11:00');
-- types varchar
-- row ["10:11"]

SELECT format('%s', true);
-- types varchar
-- row ["true"]

SELECT format('%b', true);
-- types varchar
-- row ["true"]

SELECT format('%s', 1.50);
-- types varchar
-- row ["1.50"]

SELECT format('%s', 1e0);
-- types varchar
-- row ["1.0"]

SELECT format('%s', real '1.5');
-- types varchar
-- row ["1.5"]

SELECT format('%s', json '[1]');
-- types varchar
-- row ["[1]"]

SELECT format('%s', cast('ab' as char(4)));
-- types varchar
-- row ["ab  "]

SELECT format('%5s|%-5s|', 'ab', 'cd');
-- types varchar
-- row ["   ab|cd   |"]

SELECT format('%08.2f', 3.14159e0);
-- types varchar
-- row ["00003.14"]

SELECT format('%,d', 1234567);
-- types varchar
-- row ["1,234,567"]

SELECT format('%,.2f', 1234567.891);
-- types varchar
-- row ["1,234,567.89"]

SELECT format('%e', 12345.678e0);
-- types varchar
-- row ["1.234568e+04"]

SELECT format('%g', 12345.678e0);
-- types varchar
-- row ["12345.7"]

SELECT format('%x', 255);
-- types varchar
-- row ["ff"]

SELECT format('%X', 255);
-- types varchar
-- row ["FF"]

SELECT format('%o', 8);
-- types varchar
-- row ["10"]

SELECT format('%c', 'a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%c', 65);
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%h', 'abc');
-- types varchar
-- row ["17862"]

SELECT format('%S', 'abc');
-- types varchar
-- row ["ABC"]

SELECT format('%d', 1.5);
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%d', 'x');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%f', 1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%.3s', 'abcdef');
-- types varchar
-- row ["abc"]

SELECT format('%2$s %1$s', 'a', 'b');
-- types varchar
-- row ["b a"]

SELECT format('%s %s', 'a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%% %s', 1);
-- types varchar
-- row ["% 1"]

SELECT format('%n%s', 1);
-- types varchar
-- row ["\n1"]

SELECT format('%5d|%-5d|%05d', 42, 42, 42);
-- types varchar
-- row ["   42|42   |00042"]

SELECT format('%+d', 5);
-- types varchar
-- row ["+5"]

SELECT format('%(d', -5);
-- types varchar
-- row ["(5)"]

SELECT format('%s', interval '1' day);
-- types varchar
-- row ["1 00:00:00.000"]

SELECT format('%s', interval '1' year);
-- types varchar
-- row ["1-0"]

SELECT format('%d', bigint '9223372036854775807');
-- types varchar
-- row ["9223372036854775807"]

SELECT format('%x', -1);
-- types varchar
-- row ["ffffffffffffffff"]

SELECT format('%x', bigint '-1');
-- types varchar
-- row ["ffffffffffffffff"]

SELECT format('%s', null);
-- types varchar
-- row ["null"]

SELECT format('%.0f', 0.5);
-- types varchar
-- row ["1"]

SELECT format('%.0f', 1.5e0);
-- types varchar
-- row ["2"]

SELECT format('%.1f', nan());
-- types varchar
-- row ["NaN"]

SELECT format('%10.2e', 0.0e0);
-- types varchar
-- row ["  0.00e+00"]

SELECT format('%d', tinyint '5');
-- types varchar
-- row ["5"]

SELECT format('%s', decimal '-0.05');
-- types varchar
-- row ["-0.05"]

SELECT format('%-10s|', true);
-- types varchar
-- row ["true      |"]

SELECT format('%B', false);
-- types varchar
-- row ["FALSE"]

SELECT format('%b', null);
-- types varchar
-- row ["false"]

SELECT format('%d', null);
-- types varchar
-- row ["null"]

SELECT format('%5b', true);
-- types varchar
-- row [" true"]

SELECT format('%s', infinity());
-- types varchar
-- row ["Infinity"]

SELECT format('%f', real '1.1');
-- types varchar
-- row ["1.100000"]

SELECT format('%.15f', 0.1e0);
-- types varchar
-- row ["0.100000000000000"]

SELECT format('%,d', -1234567);
-- types varchar
-- row ["-1,234,567"]

SELECT format('% d', 5);
-- types varchar
-- row [" 5"]

SELECT format('%#x', 255);
-- types varchar
-- row ["0xff"]

SELECT format('%z', 1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%1$s %1$s', 5);
-- types varchar
-- row ["5 5"]

SELECT format('%s %<s', 5);
-- types varchar
-- row ["5 5"]

SELECT format('%tZ', timestamp '2020-01-01 10:11:12 Europe/Berlin');
-- types varchar
-- row ["CET"]

SELECT format('%tz', timestamp '2020-01-01 10:11:12 Europe/Berlin');
-- types varchar
-- row ["+0100"]

SELECT format('%ts', timestamp '2020-01-01 10:11:12');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%tQ', timestamp '2020-01-01 10:11:12');
-- error INVALID_FUNCTION_ARGUMENT

SELECT format('%tp', timestamp '2020-01-01 10:11:12');
-- types varchar
-- row ["am"]

SELECT format('%tr', timestamp '2020-01-01 10:11:12');
-- types varchar
-- row ["10:11:12 AM"]

SELECT format('%tc', timestamp '2020-01-01 10:11:12 UTC');
-- types varchar
-- row ["Wed Jan 01 10:11:12 UTC 2020"]

SELECT format('%tD', date '2020-01-05');
-- types varchar
-- row ["01/05/20"]

SELECT format('%te', date '2020-01-05');
-- types varchar
-- row ["5"]

SELECT format('%tj', date '2020-01-05');
-- types varchar
-- row ["005"]

SELECT format('%TB', date '2020-01-05');
-- types varchar
-- row ["JANUARY"]

SELECT format('%s', x'41');
-- error NOT_SUPPORTED

SELECT format('%s', array[1,2]);
-- error NOT_SUPPORTED

SELECT format('%s', row(1,'a'));
-- error NOT_SUPPORTED

SELECT format('%s', map(array[1],array[2]));
-- error NOT_SUPPORTED

SELECT format('%s');
-- error SYNTAX_ERROR

SELECT format('%%');
-- error SYNTAX_ERROR

SELECT format(null, 1);
-- error TYPE_MISMATCH
