-- JSON: parsing, paths, casts.

SELECT json_parse('{"a":1,"b":2}');
-- types json
-- row ["{\"a\":1,\"b\":2}"]

SELECT json_parse('[1,  2]');
-- types json
-- row ["[1,2]"]

SELECT json_parse('1.0');
-- types json
-- row ["1.0"]

SELECT json_parse('1e5');
-- types json
-- row ["100000.0"]

SELECT json_parse('1E400');
-- types json
-- row ["\"Infinity\""]

SELECT json_parse('12345678901234567890123');
-- types json
-- row ["12345678901234567890123"]

SELECT json_parse('"\u00e9"');
-- types json
-- row ["\"é\""]

SELECT json_parse('{"b":1,"a":2}');
-- types json
-- row ["{\"a\":2,\"b\":1}"]

SELECT json_parse('{"a":1,"a":2}');
-- types json
-- row ["{\"a\":2}"]

SELECT json_parse('');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_parse('[1');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_parse('nul');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_parse('"\/"');
-- types json
-- row ["\"/\""]

SELECT json_parse('0.10');
-- types json
-- row ["0.1"]

SELECT json_parse('-0');
-- types json
-- row ["0"]

SELECT json_parse('-0.0');
-- types json
-- row ["-0.0"]

SELECT json_parse('1.7976931348623157E309');
-- types json
-- row ["\"Infinity\""]

SELECT json_format(json_parse('{"b" : 1.50}'));
-- types varchar
-- row ["{\"b\":1.5}"]

SELECT json_extract('{"a":{"b":[1,2,{"c":3}]}}', '$.a.b[2].c');
-- types json
-- row ["3"]

SELECT json_extract('{"a":{"b":[1,2,{"c":3}]}}', '$.a.b[*]');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a":{"b":[1,2,{"c":3}]}}', '$..c');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a":{"b":[1,2,{"c":3}]}}', '$.a.b.length()');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a b":1}', '$["a b"]');
-- types json
-- row ["1"]

SELECT json_extract('{"a b":1}', '$.a b');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a.b":1}', '$["a.b"]');
-- types json
-- row ["1"]

SELECT json_extract('[10,20]', '$[1]');
-- types json
-- row ["20"]

SELECT json_extract('[10,20]', '$[-1]');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('[10,20]', '$[5]');
-- types json
-- row [null]

SELECT json_extract('[10,20]', '$.1');
-- types json
-- row ["20"]

SELECT json_extract('{"1":5}', '$.1');
-- types json
-- row ["5"]

SELECT json_extract('{"a":null}', '$.a');
-- types json
-- row ["null"]

SELECT json_extract('{"a":1}', '$.b');
-- types json
-- row [null]

SELECT json_extract('{"a":1}', '$');
-- types json
-- row ["{\"a\":1}"]

SELECT json_extract('{"a":1}', 'a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a":1}', '$.a.');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a":1}', '$.');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('{"a":1}', '');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract('x', '$.a');
-- types json
-- row [null]

SELECT json_extract('{"a":"b"}', '$.a');
-- types json
-- row ["\"b\""]

SELECT json_extract_scalar('{"a":"b"}', '$.a');
-- types varchar(9)
-- row ["b"]

SELECT json_extract_scalar('{"a":true}', '$.a');
-- types varchar(10)
-- row ["true"]

SELECT json_extract_scalar('{"a":1.50}', '$.a');
-- types varchar(10)
-- row ["1.50"]

SELECT json_extract_scalar('{"a":1e3}', '$.a');
-- types varchar(9)
-- row ["1e3"]

SELECT json_extract_scalar('{"a":null}', '$.a');
-- types varchar(10)
-- row [null]

SELECT json_extract_scalar('{"a":[1]}', '$.a');
-- types varchar(9)
-- row [null]

SELECT json_extract_scalar('{"a":{}}', '$.a');
-- types varchar(8)
-- row [null]

SELECT json_extract_scalar('{"a":12345678901234567890}', '$.a');
-- types varchar(26)
-- row ["12345678901234567890"]

SELECT json_extract_scalar('"x"', '$');
-- types varchar(3)
-- row ["x"]

SELECT json_extract_scalar('1', '$');
-- types varchar(1)
-- row ["1"]

SELECT json_extract_scalar('{"a":"\u00e9\n"}', '$.a');
-- types varchar(16)
-- row ["é\n"]

SELECT json_extract_scalar('{"":1}', '$[""]');
-- types varchar(6)
-- row ["1"]

SELECT json_extract_scalar('{"A":1}', '$.a');
-- types varchar(7)
-- row [null]

SELECT json_extract_scalar('[[1,2],[3]]', '$[1][0]');
-- types varchar(11)
-- row ["3"]

SELECT json_extract_scalar('{"store":{"book":[{"title":"x"}]}}', '$.store.book[0].title');
-- types varchar(34)
-- row ["x"]

SELECT json_extract_scalar('{"a-b":1}', '$.a-b');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract_scalar('{"a:b":1}', '$.a:b');
-- types varchar(9)
-- row ["1"]

SELECT json_extract_scalar('{"@a":1}', '$.@a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract_scalar('{"é":1}', '$.é');
-- types varchar(7)
-- row ["1"]

SELECT json_extract_scalar('{"$a":1}', '$.$a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_extract_scalar(JSON '{"a":1}', '$["a"]');
-- types varchar
-- row ["1"]

SELECT json_array_length('[1,2,3]');
-- types bigint
-- row [3]

SELECT json_array_length('{}');
-- types bigint
-- row [null]

SELECT json_array_length('');
-- types bigint
-- row [null]

SELECT json_array_length('[1,2');
-- types bigint
-- row [null]

SELECT json_array_get('["a", [3, 9], "c"]', 10);
-- types json
-- row [null]

SELECT json_array_get('["a", null]', 1);
-- types json
-- row [null]

SELECT json_array_get('x', 0);
-- types json
-- row [null]

SELECT json_array_get('{}', 0);
-- types json
-- row [null]

SELECT json_array_contains('[1, 2.0, "a", true]', 2);
-- types boolean
-- row [false]

SELECT json_array_contains('[1, 2.0, "a", true]', 2.0);
-- types boolean
-- row [true]

SELECT json_array_contains('[1, 2.0, "a", true]', 'a');
-- types boolean
-- row [true]

SELECT json_array_contains('[1, 2.0, "a", true]', true);
-- types boolean
-- row [true]

SELECT json_array_contains('[1, 2.0, "a", true]', 'x');
-- types boolean
-- row [false]

SELECT json_array_contains('[[1]]', 1);
-- types boolean
-- row [false]

SELECT json_size('{"x": {"a": 1, "b": 2} }', '$.x');
-- types bigint
-- row [2]

SELECT json_size('{"x": [1, 2, 3] }', '$.x');
-- types bigint
-- row [3]

SELECT json_size('{"x": 1 }', '$.x');
-- types bigint
-- row [0]

SELECT json_size('{"x": 1 }', '$.y');
-- types bigint
-- row [null]

SELECT json_size('{"x": null }', '$.x');
-- types bigint
-- row [0]

SELECT is_json_scalar('1');
-- types boolean
-- row [true]

SELECT is_json_scalar('[1]');
-- types boolean
-- row [false]

SELECT is_json_scalar('null');
-- types boolean
-- row [true]

SELECT is_json_scalar('x');
-- error INVALID_FUNCTION_ARGUMENT

SELECT is_json_scalar(JSON '"a"');
-- types boolean
-- row [true]

SELECT cast(json '[1,2,null]' as array(integer));
-- types array(integer)
-- row [[1, 2, null]]

SELECT cast(json '[1.5,2]' as array(integer));
-- types array(integer)
-- row [[2, 2]]

SELECT cast(json '["1","x"]' as array(bigint));
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '{"a":1,"b":null}' as map(varchar,bigint));
-- types map(varchar, bigint)
-- row [[["a", 1], ["b", null]]]

SELECT cast(json '{"1":1}' as map(bigint,double));
-- types map(bigint, double)
-- row [[[1, 1.0]]]

SELECT cast(json '{"a":1,"b":"x"}' as row(a bigint, b varchar));
-- types row(a bigint, b varchar)
-- row [[1, "x"]]

SELECT cast(json '{"b":"x","a":1}' as row(a bigint, b varchar));
-- types row(a bigint, b varchar)
-- row [[1, "x"]]

SELECT cast(json '[1,"x"]' as row(a bigint, b varchar));
-- types row(a bigint, b varchar)
-- row [[1, "x"]]

SELECT cast(json '{"A":1}' as row(a bigint));
-- types row(a bigint)
-- row [[1]]

SELECT cast(json '{"a":1,"c":2}' as row(a bigint, b varchar));
-- types row(a bigint, b varchar)
-- row [[1, null]]

SELECT cast(json '[1]' as row(a bigint, b varchar));
-- error INVALID_CAST_ARGUMENT

SELECT cast(json 'null' as bigint);
-- types bigint
-- row [null]

SELECT cast(json '"abc"' as bigint);
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '" 12 "' as bigint);
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '1.5' as bigint);
-- types bigint
-- row [2]

SELECT cast(json '2.5' as integer);
-- types integer
-- row [3]

SELECT cast(json '1e3' as integer);
-- types integer
-- row [1000]

SELECT cast(json 'true' as bigint);
-- types bigint
-- row [1]

SELECT cast(json 'true' as varchar);
-- types varchar
-- row ["true"]

SELECT cast(json '1.50' as varchar);
-- types varchar
-- row ["1.5E0"]

SELECT cast(json '1e10' as varchar);
-- types varchar
-- row ["1.0E10"]

SELECT cast(json '1e2' as varchar);
-- types varchar
-- row ["1.0E2"]

SELECT cast(json '"x"' as varchar);
-- types varchar
-- row ["x"]

SELECT cast(json '[1]' as varchar);
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '1' as boolean);
-- types boolean
-- row [true]

SELECT cast(json '"true"' as boolean);
-- types boolean
-- row [true]

SELECT cast(json '0.0' as boolean);
-- types boolean
-- row [false]

SELECT cast(json '"t"' as boolean);
-- types boolean
-- row [true]

SELECT cast(json '1.555' as decimal(10,2));
-- types decimal(10,2)
-- row ["1.56"]

SELECT cast(json '"1.5"' as decimal(10,2));
-- types decimal(10,2)
-- row ["1.50"]

SELECT cast(json '123456' as decimal(3,1));
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '1' as double);
-- types double
-- row [1.0]

SELECT cast(json '"NaN"' as double);
-- types double
-- row ["NaN"]

SELECT cast(json '"1.5"' as real);
-- types real
-- row [1.5]

SELECT cast(json 'true' as double);
-- types double
-- row [1.0]

SELECT cast(json '128' as tinyint);
-- error INVALID_CAST_ARGUMENT

SELECT cast(json '"2020-01-01"' as date);
-- error TYPE_MISMATCH

SELECT cast(json '"2020-01-01 00:00:00"' as timestamp);
-- error TYPE_MISMATCH

SELECT cast(json '{}' as map(varchar, json));
-- types map(varchar, json)
-- row [[]]

SELECT cast(json '[1,[2]]' as array(json));
-- types array(json)
-- row [["1", "[2]"]]

SELECT cast(json '[{"a":[1,2]}]' as array(map(varchar,array(smallint))));
-- types array(map(varchar, array(smallint)))
-- row [[[["a", [1, 2]]]]]

SELECT cast(map(array['b','a'], array[1,2]) as json);
-- types json
-- row ["{\"a\":2,\"b\":1}"]

SELECT cast(map(array[2,1], array[1,2]) as json);
-- types json
-- row ["{\"1\":2,\"2\":1}"]

SELECT cast(map(array[1.5e0], array['x']) as json);
-- types json
-- row ["{\"1.5\":\"x\"}"]

SELECT cast(row(1,'a',null) as json);
-- types json
-- row ["{\"\":1,\"\":\"a\",\"\":null}"]

SELECT cast(cast(row(1,'a') as row(x bigint, y varchar)) as json);
-- types json
-- row ["{\"x\":1,\"y\":\"a\"}"]

SELECT cast(array[1,null,2] as json);
-- types json
-- row ["[1,null,2]"]

SELECT cast(array[array[1],null] as json);
-- types json
-- row ["[[1],null]"]

SELECT cast(1.5 as json);
-- types json
-- row ["1.5"]

SELECT cast(decimal '1.50' as json);
-- types json
-- row ["1.50"]

SELECT cast(1e0 as json);
-- types json
-- row ["1.0"]

SELECT cast(1e10 as json);
-- types json
-- row ["1.0E10"]

SELECT cast(1e-7 as json);
-- types json
-- row ["1.0E-7"]

SELECT cast(123456789e0 as json);
-- types json
-- row ["1.23456789E8"]

SELECT cast(0e0 as json);
-- types json
-- row ["0.0"]

SELECT cast(nan() as json);
-- types json
-- row ["\"NaN\""]

SELECT cast(infinity() as json);
-- types json
-- row ["\"Infinity\""]

SELECT cast(real '1.5' as json);
-- types json
-- row ["1.5"]

SELECT cast(real '3.14' as json);
-- types json
-- row ["3.14"]

SELECT cast('a"b\c' as json);
-- types json
-- row ["\"a\\\"b\\\\c\""]

SELECT cast('' as json);
-- types json
-- row ["\"\""]

SELECT cast(true as json);
-- types json
-- row ["true"]

SELECT cast(null as json);
-- types json
-- row [null]

SELECT cast(date '2020-01-01' as json);
-- types json
-- row ["\"2020-01-01\""]

SELECT cast(timestamp '2020-01-01 00:00:00.5' as json);
-- types json
-- row ["\"2020-01-01 00:00:00.5\""]

SELECT cast(timestamp '2020-01-01 00:00:00 UTC' as json);
-- error TYPE_MISMATCH

SELECT cast(time '10:00:00' as json);
-- error TYPE_MISMATCH

SELECT cast(bigint '9223372036854775807' as json);
-- types json
-- row ["9223372036854775807"]

SELECT cast(json '{"a":1}' as json);
-- types json
-- row ["{\"a\":1}"]

SELECT cast(array[json '1', json '"x"', null] as json);
-- types json
-- row ["[1,\"x\",null]"]

SELECT cast(x'41' as json);
-- error TYPE_MISMATCH

SELECT cast(interval '1' day as json);
-- error TYPE_MISMATCH

SELECT json '{"b":1,"a":2}' = json '{"a":2,"b":1}';
-- types boolean
-- row [true]

SELECT json '[1, 2]' = json '[1,2]';
-- types boolean
-- row [true]

SELECT json '1.0' = json '1';
-- types boolean
-- row [false]

SELECT json '{"a":1}' is distinct from json 'null';
-- types boolean
-- row [true]

SELECT json_object('a': 1, 'b': null);
-- types varchar
-- row ["{\"a\":1,\"b\":null}"]

SELECT json_object('a': 1, 'b': null absent on null);
-- types varchar
-- row ["{\"a\":1}"]

SELECT json_object(key 'a' value 1.5);
-- types varchar
-- row ["{\"a\":1.5}"]

SELECT json_object('a': true, 'b': 'x', 'c': json '[1]' format json);
-- error TYPE_MISMATCH

SELECT json_object('a': '[1]' format json);
-- types varchar
-- row ["{\"a\":[1]}"]

SELECT json_object();
-- types varchar
-- row ["{}"]

SELECT json_object('a': 1, 'a': 2 with unique keys);
-- error INVALID_FUNCTION_ARGUMENT

SELECT json_object('a': date '2020-01-01');
-- types varchar
-- row ["{\"a\":\"2020-01-01\"}"]

SELECT json_array(1, 'a', null, true);
-- types varchar
-- row ["[1,\"a\",true]"]

SELECT json_array(1, null null on null);
-- types varchar
-- row ["[1,null]"]

SELECT json_array();
-- types varchar
-- row ["[]"]

SELECT json_array('[1]' format json);
-- types varchar
-- row ["[[1]]"]

SELECT json_value('{"a":1}', 'lax $.a');
-- types varchar
-- row ["1"]

SELECT json_value('{"a":1}', 'lax $.a' returning bigint);
-- types bigint
-- row [1]

SELECT json_value('{"a":"x"}', 'lax $.a' returning bigint);
-- types bigint
-- row [null]

SELECT json_value('{"a":"x"}', 'lax $.a' returning bigint error on error);
-- error JSON_VALUE_RESULT_ERROR

SELECT json_value('{"a":[1]}', 'lax $.a');
-- types varchar
-- row [null]

SELECT json_value('{"a":[1,2]}', 'lax $.a');
-- types varchar
-- row [null]

SELECT json_value('{}', 'lax $.a' default 'none' on empty);
-- types varchar
-- row ["none"]

SELECT json_value('{}', 'lax $.a' error on empty);
-- error JSON_VALUE_RESULT_ERROR

SELECT json_value('{}', 'strict $.a');
-- types varchar
-- row [null]

SELECT json_value('{}', 'strict $.a' error on error);
-- error PATH_EVALUATION_ERROR

SELECT json_value('x', 'lax $');
-- types varchar
-- row [null]

SELECT json_value('x', 'lax $' error on error);
-- error JSON_INPUT_CONVERSION_ERROR

SELECT json_value('{"a":null}', 'lax $.a');
-- types varchar
-- row [null]

SELECT json_value('{"a":true}', 'lax $.a' returning boolean);
-- types boolean
-- row [true]

SELECT json_value('{"a":1.5}', 'lax $.a' returning decimal(3,1));
-- types decimal(3,1)
-- row ["1.5"]

SELECT json_value('{"a":1.5}', 'lax $.a' returning varchar(2));
-- types varchar(2)
-- row [null]

SELECT json_query('{"a":[1,2]}', 'lax $.a');
-- types varchar
-- row ["[1,2]"]

SELECT json_query('{"a":[1,2]}', 'lax $.a[*]');
-- types varchar
-- row [null]

SELECT json_query('{"a":[1,2]}', 'lax $.a[*]' with array wrapper);
-- types varchar
-- row ["[1,2]"]

SELECT json_query('{"a":[1,2]}', 'lax $.a[0]' with conditional array wrapper);
-- types varchar
-- row ["[1]"]

SELECT json_query('{"a":"x"}', 'lax $.a');
-- types varchar
-- row ["\"x\""]

SELECT json_query('{"a":"x"}', 'lax $.a' omit quotes);
-- types varchar
-- row ["x"]

SELECT json_query('{"a":"x"}', 'lax $.b' empty array on empty);
-- types varchar
-- row ["[]"]

SELECT json_query('{"a":"x"}', 'lax $.b' empty object on empty);
-- types varchar
-- row ["{}"]

SELECT json_query('{"a":"x"}', 'strict $.b' error on error);
-- error PATH_EVALUATION_ERROR

SELECT json_exists('{"a":1}', 'lax $.a');
-- types boolean
-- row [true]

SELECT json_exists('{"a":1}', 'lax $.b');
-- types boolean
-- row [false]

SELECT json_exists('{"a":1}', 'strict $.b');
-- types boolean
-- row [false]

SELECT json_exists('{"a":1}', 'strict $.b' true on error);
-- types boolean
-- row [true]

SELECT json_exists('{"a":1}', 'strict $.b' unknown on error);
-- types boolean
-- row [null]

SELECT json_exists('{"a":1}', 'strict $.b' error on error);
-- error PATH_EVALUATION_ERROR

SELECT json_exists('[1,2,3]', 'lax $[*] ? (@ > 2)');
-- types boolean
-- row [true]

SELECT json_query('[1,2,3]', 'lax $[*] ? (@ > 1)' with array wrapper);
-- types varchar
-- row ["[2,3]"]

SELECT json_query('{"a":[{"b":1},{"b":2}]}', 'lax $.a[*].b' with array wrapper);
-- types varchar
-- row ["[1,2]"]

SELECT json_query('{"a":[{"b":1},{"b":2}]}', 'lax $.a.b' with array wrapper);
-- types varchar
-- row ["[1,2]"]

SELECT json_query('[1,"a",null,{"x":1}]', 'lax $[*].type()' with array wrapper);
-- types varchar
-- row ["[\"number\",\"string\",\"null\",\"object\"]"]

SELECT json_query('[1,-2.5]', 'lax $[*].abs()' with array wrapper);
-- types varchar
-- row ["[1,2.5]"]

SELECT json_query('[1.5,-2.5]', 'lax $[*].ceiling()' with array wrapper);
-- types varchar
-- row ["[2.0,-2.0]"]

SELECT json_query('[1.5,-2.5]', 'lax $[*].floor()' with array wrapper);
-- types varchar
-- row ["[1.0,-3.0]"]

SELECT json_query('["1.5"]', 'lax $[*].double()' with array wrapper);
-- types varchar
-- row ["[1.5]"]

SELECT json_query('{"a":1,"b":2}', 'lax $.keyvalue()' with array wrapper);
-- types varchar
-- row ["[{\"name\":\"a\",\"value\":1,\"id\":0},{\"name\":\"b\",\"value\":2,\"id\":0}]"]

SELECT json_query('[1,2,3]', 'lax $.size()');
-- types varchar
-- row ["3"]

SELECT json_query('[1,2,3]', 'lax $[last]');
-- types varchar
-- row ["3"]

SELECT json_query('[1,2,3]', 'lax $[0 to 1]' with array wrapper);
-- types varchar
-- row ["[1,2]"]

SELECT json_query('[1,2,3]', 'lax $[1,2]' with array wrapper);
-- types varchar
-- row ["[2,3]"]

SELECT json_query('{"a":"abc"}', 'lax $.a ? (@ starts with "a")');
-- types varchar
-- row ["\"abc\""]

SELECT json_query('[{"a":1},{"b":2}]', 'lax $[*] ? (exists(@.a))');
-- types varchar
-- row ["{\"a\":1}"]

SELECT json_query('[1,2]', 'lax $[*] ? (@ == 1 || @ == 2)' with array wrapper);
-- types varchar
-- row ["[1,2]"]

SELECT json_query('{"a":5}', 'lax $.a + 1');
-- types varchar
-- row ["6"]

SELECT json_query('{"a":5}', 'lax $.a * $x' passing 3 as "x");
-- types varchar
-- row ["15"]

SELECT json_query('{"a":5}', 'lax -$.a');
-- types varchar
-- row ["-5"]

SELECT json_query('{"a":5}', 'lax $.a / 2');
-- types varchar
-- row ["2"]

SELECT json_query('{"a":5}', 'lax $.a % 2');
-- types varchar
-- row ["1"]

SELECT json_query('{"a":[1,2]}', 'strict $.a.b');
-- types varchar
-- row [null]

SELECT json_query('{"a":{"b":1}}', 'lax $.*');
-- types varchar
-- row ["{\"b\":1}"]

SELECT json_query('{"a":{"b":{"a":1}}}', 'lax $..a' with array wrapper);
-- types varchar
-- row ["[{\"b\":{\"a\":1}},1]"]
