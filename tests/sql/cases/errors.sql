-- Errors by name, of analysis and of running, and what is no error though it looks like one.

SELECT UUID 'x';
-- error INVALID_LITERAL

SELECT TINYINT '200';
-- error INVALID_LITERAL

SELECT TINYINT '-1';
-- types tinyint
-- row [-1]

SELECT BOOLEAN 'x';
-- error INVALID_LITERAL

SELECT DATE 'x';
-- error INVALID_LITERAL

SELECT DATE '2020-13-01';
-- error INVALID_LITERAL

SELECT TIME 'x';
-- error INVALID_LITERAL

SELECT TIMESTAMP 'x';
-- error INVALID_LITERAL

SELECT JSON 'x';
-- error INVALID_LITERAL

SELECT DOUBLE 'x';
-- error INVALID_LITERAL

SELECT DECIMAL 'x';
-- error INVALID_LITERAL

SELECT INTERVAL 'x' DAY;
-- error INVALID_LITERAL

SELECT TIMESTAMP '2020-01-01 00:00:00 Foo/Bar';
-- error INVALID_LITERAL

SELECT TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Foo';
-- error INVALID_FUNCTION_ARGUMENT

with_timezone(TIMESTAMP '2020-01-01 00:00:00', 'foo');
-- error SYNTAX_ERROR

SELECT at_timezone(TIMESTAMP '2020-01-01 00:00:00 UTC', 'foo');
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_unixtime(1, 'foo');
-- error NOT_SUPPORTED

SELECT cast(300 as tinyint);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT cast(BIGINT '99999999999' as integer);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT cast(1e20 as bigint);
-- error INVALID_CAST_ARGUMENT

SELECT cast(nan() as integer);
-- error INVALID_CAST_ARGUMENT

SELECT cast(infinity() as integer);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT cast(DECIMAL '300' as tinyint);
-- error INVALID_CAST_ARGUMENT

SELECT cast(DECIMAL '12345678901234567890.12' as decimal(10,2));
-- error INVALID_CAST_ARGUMENT

SELECT cast('99999999999' as integer);
-- error INVALID_CAST_ARGUMENT

SELECT sum(x) FROM (VALUES 9223372036854775807, 1) t(x);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT 9223372036854775807 + 1;
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT DECIMAL '99999999999999999999999999999999999999' + 1;
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT DECIMAL '99999999999999999999999999999999999999' * 10;
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT element_at(m, k) FROM (VALUES (map(array[nan(), 1e0], array['x','y']), nan())) t(m,k);
-- types varchar(1)
-- row [null]

SELECT m[k] FROM (VALUES (map(array[nan(), 1e0], array['x','y']), nan())) t(m,k);
-- error INVALID_FUNCTION_ARGUMENT

SELECT any_match(array[1], x -> null);
-- error FUNCTION_NOT_FOUND

SELECT regexp_replace('abc', 'b', cast(null as varchar));
-- types varchar
-- row [null]

SELECT 1 + 'a';
-- error TYPE_MISMATCH

SELECT count(DISTINCT x) OVER () FROM (VALUES 1) t(x);
-- error NOT_SUPPORTED

SELECT row_number() FILTER (WHERE true) OVER () FROM (VALUES 1) t(x);
-- error NOT_SUPPORTED

SELECT substr(cast('abc' as char(5)), 2);
-- types varchar(5)
-- row ["bc  "]

SELECT substring(cast('abc' as char(5)), 2, 2);
-- types varchar(5)
-- row ["bc"]

SELECT substring(cast('abc' as char(5)) from 2);
-- types varchar(5)
-- row ["bc  "]

SELECT position('a' in cast('abc' as char(5)));
-- error FUNCTION_NOT_FOUND

SELECT cast('abc' as char(5)) || 'x';
-- types char(6)
-- row ["abc  x"]

SELECT trim(cast(' abc' as char(5)));
-- types varchar(5)
-- row ["abc"]

SELECT trim('a' from cast('abc' as char(5)));
-- types varchar(5)
-- row ["bc"]

SELECT cast('abc' as char(5)) like 'abc%';
-- types boolean
-- row [true]

SELECT 'abc' like cast('abc' as char(5));
-- error TYPE_MISMATCH

SELECT concat_ws(',', cast('a' as char(2)), 'b');
-- error FUNCTION_NOT_FOUND

SELECT split_part(cast('a' as char(2)), 'a', 1);
-- error FUNCTION_NOT_FOUND

SELECT json_parse(cast('[]' as char(3)));
-- error FUNCTION_NOT_FOUND

SELECT date(cast('2020-01-01' as char(10)));
-- error FUNCTION_NOT_FOUND

SELECT format('%s', cast('a' as char(3)));
-- types varchar
-- row ["a  "]

SELECT array_join(array[cast('a' as char(3))], ',');
-- types varchar
-- row ["a  "]

SELECT typeof(coalesce(cast('a' as char(3)), 'abcd'));
-- types varchar
-- row ["char(4)"]

SELECT to_utf8(cast('a' as char(2)));
-- error FUNCTION_NOT_FOUND

SELECT from_unixtime(1, '+25:00');
-- error NOT_SUPPORTED

SELECT corr(1,2);
-- types real
-- row [null]

SELECT greatest(array[1],array[2]);
-- types array(integer)
-- row [[2]]

SELECT greatest(json '1', json '2');
-- error FUNCTION_NOT_FOUND

SELECT 1 in ('a');
-- error TYPE_MISMATCH

SELECT case 1 when 'a' then 1 end;
-- error TYPE_MISMATCH

SELECT if(true, 1, 'a');
-- error TYPE_MISMATCH

SELECT coalesce(1, 'a');
-- error TYPE_MISMATCH

SELECT nullif(1,'a');
-- error TYPE_MISMATCH

SELECT 1 UNION SELECT 'a';
-- error TYPE_MISMATCH

SELECT x FROM (VALUES (1,2)) t(x);
-- error MISMATCHED_COLUMN_ALIASES

SELECT x, count(*) FROM (VALUES 1) t(x);
-- error EXPRESSION_NOT_AGGREGATE

SELECT sum(sum(x)) FROM (VALUES 1) t(x);
-- error NESTED_AGGREGATION

SELECT x FROM (VALUES 1) t(x) WHERE sum(x) > 1;
-- error EXPRESSION_NOT_SCALAR

SELECT x FROM (VALUES 1) t(x) ORDER BY 2;
-- error INVALID_COLUMN_REFERENCE

SELECT x FROM (VALUES 1) t(x) GROUP BY 2;
-- error INVALID_COLUMN_REFERENCE

SELECT x, y FROM (VALUES 1) t(x), (VALUES 1) s(x);
-- error AMBIGUOUS_NAME

SELECT (SELECT x FROM (VALUES 1,2) t(x));
-- error SUBQUERY_MULTIPLE_ROWS

SELECT nosuch(1);
-- error FUNCTION_NOT_FOUND

SELECT a.b FROM (VALUES 1) t(x);
-- error COLUMN_NOT_FOUND

SELECT lag(1) over ();
-- error MISSING_ORDER_BY

SELECT row_number();
-- error MISSING_OVER

SELECT date_trunc('foo', DATE '2020-01-01');
-- error INVALID_FUNCTION_ARGUMENT

SELECT 1 WHERE 1;
-- error TYPE_MISMATCH

SELECT NOT 1;
-- error TYPE_MISMATCH

SELECT -'a';
-- error TYPE_MISMATCH

SELECT cast(date '2020-01-01' as bigint);
-- error TYPE_MISMATCH

SELECT TIMESTAMP '2020-01-01 00:00:00.1234567890123';
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT coalesce();
-- error SYNTAX_ERROR

SELECT coalesce(1);
-- error SYNTAX_ERROR

SELECT nullif(1);
-- error SYNTAX_ERROR

SELECT nullif(1,2,3);
-- error SYNTAX_ERROR

SELECT try();
-- error SYNTAX_ERROR

SELECT try(1,2);
-- error SYNTAX_ERROR

SELECT greatest();
-- error FUNCTION_NOT_FOUND

SELECT format('a');
-- error SYNTAX_ERROR

SELECT typeof();
-- error FUNCTION_NOT_FOUND

SELECT typeof(1,2);
-- error FUNCTION_NOT_FOUND

SELECT if(true);
-- error SYNTAX_ERROR

SELECT if(true,1,2,3);
-- error SYNTAX_ERROR
