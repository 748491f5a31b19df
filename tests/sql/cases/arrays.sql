-- Arrays: literals, functions and lambdas.

SELECT transform(array[1,2], x -> x + 1);
-- types array(integer)
-- row [[2, 3]]

SELECT transform(array[], x -> x);
-- types array(unknown)
-- row [[]]

SELECT transform(array[1,null], x -> coalesce(x, 0) + 1);
-- types array(integer)
-- row [[2, 1]]

SELECT transform(array['a'], x -> x || x);
-- types array(varchar)
-- row [["aa"]]

SELECT transform(array[1,2], x -> array[x]);
-- types array(array(integer))
-- row [[[1], [2]]]

SELECT transform(array[1], x -> null);
-- types array(unknown)
-- row [[null]]

SELECT transform(null, x -> x);
-- types array(unknown)
-- row [null]

SELECT filter(array[1,null,3], x -> x > 1);
-- types array(integer)
-- row [[3]]

SELECT filter(array[], x -> true);
-- types array(unknown)
-- row [[]]

SELECT reduce(array[1,2,3], 0, (s,x) -> s + x, s -> s);
-- types integer
-- row [6]

SELECT reduce(array[5,20,50], cast(row(0.0, 0) as row(sum double, count integer)), (s,x) -> cast(row(x + s.sum, s.count + 1) as row(sum double, count integer)), s -> if(s.count = 0, null, s.sum / s.count));
-- types double
-- row [25.0]

SELECT reduce(array[], 0, (s,x) -> s + x, s -> s);
-- types integer
-- row [0]

SELECT reduce(array[5,null], 0, (s,x) -> s + coalesce(x,0), s -> s * 2);
-- types integer
-- row [10]

SELECT reduce(array['a','b'], '', (s,x) -> s || x, s -> length(s));
-- types bigint
-- row [2]

SELECT reduce(array[2147483647, 1], bigint '0', (s,x) -> s + x, s -> s);
-- types bigint
-- row [2147483648]

SELECT zip_with(array[1,2], array['a','b'], (x,y) -> (y,x));
-- types array(row(varchar(1), integer))
-- row [[["a", 1], ["b", 2]]]

SELECT zip_with(array[1,2], array[10], (x,y) -> x + y);
-- types array(integer)
-- row [[11, null]]

SELECT zip_with(array[], array[], (x,y) -> x);
-- types array(unknown)
-- row [[]]

SELECT any_match(array[1,2], x -> x > 1);
-- types boolean
-- row [true]

SELECT any_match(array[], x -> true);
-- types boolean
-- row [false]

SELECT any_match(array[1,null], x -> x > 1);
-- types boolean
-- row [null]

SELECT any_match(array[null], x -> x > 1);
-- types boolean
-- row [null]

SELECT all_match(array[1,2], x -> x > 0);
-- types boolean
-- row [true]

SELECT all_match(array[], x -> false);
-- types boolean
-- row [true]

SELECT all_match(array[1,null], x -> x > 0);
-- types boolean
-- row [null]

SELECT none_match(array[1,2], x -> x > 5);
-- types boolean
-- row [true]

SELECT none_match(array[null], x -> x > 5);
-- types boolean
-- row [null]

SELECT none_match(array[], x -> true);
-- types boolean
-- row [true]

SELECT array_sort(array[3,1,2], (x,y) -> if(x < y, 1, if(x = y, 0, -1)));
-- types array(integer)
-- row [[3, 2, 1]]

SELECT array_sort(array['bc','ab','dc'], (x,y) -> if(x < y, 1, if(x = y, 0, -1)));
-- types array(varchar(2))
-- row [["dc", "bc", "ab"]]

SELECT array_sort(array[3,2,null,5,null,1,2], (x,y) -> case when x is null then -1 when y is null then 1 when x < y then 1 when x = y then 0 else -1 end);
-- types array(integer)
-- row [[null, null, 5, 3, 2, 2, 1]]

SELECT array_sort(array[array[2,3],array[1]]);
-- types array(array(integer))
-- row [[[1], [2, 3]]]

SELECT array_sort(array[null,1]);
-- types array(integer)
-- row [[1, null]]

SELECT array_sort(array[nan(),1e0,infinity()]);
-- types array(double)
-- row [[1.0, "Infinity", "NaN"]]

SELECT array_sort(array['b','a',null]);
-- types array(varchar(1))
-- row [["a", "b", null]]

SELECT array_sort(array[row(2,'a'),row(1,'b')]);
-- types array(row(integer, varchar(1)))
-- row [[[1, "b"], [2, "a"]]]

SELECT array_sort(array[1,2], (x,y) -> 5);
-- error INVALID_FUNCTION_ARGUMENT

SELECT array_sort(array[true,false]);
-- types array(boolean)
-- row [[false, true]]

SELECT array_distinct(array[1,null,1,null,2]);
-- types array(integer)
-- row [[1, null, 2]]

SELECT array_distinct(array[nan(),nan()]);
-- types array(double)
-- row [["NaN"]]

SELECT array_distinct(array[array[1],array[1],array[null]]);
-- types array(array(integer))
-- row [[[1], [null]]]

SELECT array_distinct(array[row(1,null),row(1,null)]);
-- types array(row(integer, unknown))
-- row [[[1, null]]]

SELECT array_distinct(array[0e0,-0e0]);
-- types array(double)
-- row [[0.0]]

SELECT array_union(array[1,2,null],array[2,3,null]);
-- types array(integer)
-- row [[1, 2, null, 3]]

SELECT array_union(array[1],array['a']);
-- error FUNCTION_NOT_FOUND

SELECT array_union(array[array[1]],array[array[1]]);
-- types array(array(integer))
-- row [[[1]]]

SELECT array_intersect(array[1,2,2,null],array[2,null,3]);
-- types array(integer)
-- row [[2, null]]

SELECT array_intersect(array[],array[1]);
-- types array(integer)
-- row [[]]

SELECT array_except(array[1,2,2,null],array[2]);
-- types array(integer)
-- row [[1, null]]

SELECT array_except(array[1,null],array[null]);
-- types array(integer)
-- row [[1]]

SELECT array_position(array[1,2,1],1);
-- types bigint
-- row [1]

SELECT array_position(array[1,2],null);
-- types bigint
-- row [null]

SELECT array_position(array[null,1],1);
-- types bigint
-- row [2]

SELECT array_position(array['a'],'b');
-- types bigint
-- row [0]

SELECT array_position(array[1,2,1],1,2);
-- error FUNCTION_NOT_FOUND

SELECT array_remove(array[1,null,2],null);
-- types array(integer)
-- row [null]

SELECT array_remove(array[nan()],nan());
-- types array(double)
-- row [["NaN"]]

SELECT array_remove(array[array[1],array[null]],array[1]);
-- error NOT_SUPPORTED

SELECT array_max(array[1,3,2]);
-- types integer
-- row [3]

SELECT array_max(array[1,null]);
-- types integer
-- row [null]

SELECT array_max(array[]);
-- types unknown
-- row [null]

SELECT array_max(array[nan(),1e0]);
-- types double
-- row [1.0]

SELECT array_min(array[nan(),1e0]);
-- types double
-- row [1.0]

SELECT array_max(array['a','b']);
-- types varchar(1)
-- row ["b"]

SELECT array_max(array[array[1,2],array[0,2]]);
-- types array(integer)
-- row [[1, 2]]

SELECT array_min(array[date '2020-01-01']);
-- types date
-- row ["2020-01-01"]

SELECT array_max(array[row(1,2),row(1,3)]);
-- types row(integer, integer)
-- row [[1, 3]]

SELECT array_join(array[1,2,null],',');
-- types varchar
-- row ["1,2"]

SELECT array_join(array[1,2,null],',','x');
-- types varchar
-- row ["1,2,x"]

SELECT array_join(array['a',null,'b'],null);
-- types varchar
-- row [null]

SELECT array_join(array[1.5,2.25],'-');
-- types varchar
-- row ["1.50-2.25"]

SELECT array_join(array[true],'-');
-- types varchar
-- row ["true"]

SELECT array_join(array[1e0],'-');
-- types varchar
-- row ["1.0E0"]

SELECT array_join(array[date '2020-01-01'],'-');
-- types varchar
-- row ["2020-01-01"]

SELECT array_join(array[timestamp '2020-01-01 00:00:00.5'],'-');
-- types varchar
-- row ["2020-01-01 00:00:00.5"]

SELECT array_join(array[],',');
-- types varchar
-- row [""]

SELECT array_join(array[json '1', json '"x"'],',');
-- types varchar
-- row ["1,x"]

SELECT array_join(array[null],',');
-- types varchar
-- row [""]

SELECT array_join(array[null,null],',','z');
-- types varchar
-- row ["z,z"]

SELECT arrays_overlap(array[1,2],array[2]);
-- types boolean
-- row [true]

SELECT arrays_overlap(array[1,null],array[2]);
-- types boolean
-- row [null]

SELECT arrays_overlap(array[],array[1]);
-- types boolean
-- row [false]

SELECT arrays_overlap(array[null],array[null]);
-- types boolean
-- row [null]

SELECT arrays_overlap(array[array[1]],array[array[1]]);
-- types boolean
-- row [true]

SELECT cardinality(array[1,null]);
-- types bigint
-- row [2]

SELECT cardinality(array[]);
-- types bigint
-- row [0]

SELECT cardinality(null);
-- types bigint
-- row [null]

SELECT contains(array[1,2],2);
-- types boolean
-- row [true]

SELECT contains(array[1,null],2);
-- types boolean
-- row [null]

SELECT contains(array[],1);
-- types boolean
-- row [false]

SELECT contains(array[1],null);
-- types boolean
-- row [null]

SELECT contains(array[array[1]],array[1]);
-- types boolean
-- row [true]

SELECT contains(array[row(1,null)],row(1,null));
-- error NOT_SUPPORTED

SELECT contains(array['a'],'a');
-- types boolean
-- row [true]

SELECT contains(array[1.5e0,nan()],nan());
-- types boolean
-- row [false]

SELECT contains(array[timestamp '2020-01-01 00:00:00 UTC'],timestamp '2020-01-01 01:00:00 +01:00');
-- types boolean
-- row [true]

SELECT contains_sequence(array[1,2,3,4],array[2,3]);
-- types boolean
-- row [true]

SELECT contains_sequence(array[1,2],array[]);
-- types boolean
-- row [true]

SELECT contains_sequence(array[1,2],array[2,1]);
-- types boolean
-- row [false]

SELECT contains_sequence(array[],array[1]);
-- types boolean
-- row [false]

SELECT element_at(array[1,2],1);
-- types integer
-- row [1]

SELECT element_at(array[1,2],-1);
-- types integer
-- row [2]

SELECT element_at(array[1,2],3);
-- types integer
-- row [null]

SELECT element_at(array[1,2],-3);
-- types integer
-- row [null]

SELECT element_at(array[1,2],0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT element_at(array[],1);
-- types unknown
-- row [null]

SELECT element_at(map(array['a'],array[1]),'b');
-- types integer
-- row [null]

SELECT element_at(map(array[1,2],array['x','y']),2);
-- types varchar(1)
-- row ["y"]

SELECT element_at(map(array[array[1]],array['x']),array[1]);
-- types varchar(1)
-- row ["x"]

SELECT array[1,2][1];
-- types integer
-- row [1]

SELECT array[1,2][3];
-- error INVALID_FUNCTION_ARGUMENT

SELECT array[1,2][0];
-- error INVALID_FUNCTION_ARGUMENT

SELECT array[1,2][-1];
-- error INVALID_FUNCTION_ARGUMENT

SELECT map(array['a'],array[1])['a'];
-- types integer
-- row [1]

SELECT map(array['a'],array[1])['b'];
-- error INVALID_FUNCTION_ARGUMENT

SELECT map(array[1],array['x'])[2];
-- error INVALID_FUNCTION_ARGUMENT

SELECT row(1,'a')[1];
-- types integer
-- row [1]

SELECT flatten(array[array[1,2],array[],null,array[3]]);
-- types array(integer)
-- row [[1, 2, 3]]

SELECT flatten(array[array[array[1]]]);
-- types array(array(integer))
-- row [[[1]]]

SELECT ngrams(array['a','b','c'],2);
-- types array(array(varchar(1)))
-- row [[["a", "b"], ["b", "c"]]]

SELECT ngrams(array['a','b','c'],5);
-- types array(array(varchar(1)))
-- row [[["a", "b", "c"]]]

SELECT ngrams(array[],2);
-- types array(array(unknown))
-- row [[[]]]

SELECT combinations(array[1,2,3],2);
-- types array(array(integer))
-- row [[[1, 2], [1, 3], [2, 3]]]

SELECT combinations(array[1,2],0);
-- types array(array(integer))
-- row [[[]]]

SELECT combinations(array[1,2],3);
-- types array(array(integer))
-- row [[]]

SELECT combinations(array[],1);
-- types array(array(unknown))
-- row [[]]

SELECT combinations(array[1,1],1);
-- types array(array(integer))
-- row [[[1], [1]]]

SELECT repeat('a',3);
-- types array(varchar(1))
-- row [["a", "a", "a"]]

SELECT repeat(null,2);
-- types array(unknown)
-- row [[null, null]]

SELECT repeat(1,0);
-- types array(integer)
-- row [[]]

SELECT repeat(1,-1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT repeat(array[1],2);
-- types array(array(integer))
-- row [[[1], [1]]]

SELECT reverse(array[1,null,2]);
-- types array(integer)
-- row [[2, null, 1]]

SELECT sequence(1,5);
-- types array(bigint)
-- row [[1, 2, 3, 4, 5]]

SELECT sequence(5,1);
-- types array(bigint)
-- row [[5, 4, 3, 2, 1]]

SELECT sequence(1,10,3);
-- types array(bigint)
-- row [[1, 4, 7, 10]]

SELECT sequence(1,10,-1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT sequence(1,1,0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT sequence(date '2020-01-01',date '2020-01-03');
-- types array(date)
-- row [["2020-01-01", "2020-01-02", "2020-01-03"]]

SELECT sequence(date '2020-01-03',date '2020-01-01');
-- types array(date)
-- row [["2020-01-03", "2020-01-02", "2020-01-01"]]

SELECT sequence(date '2020-01-01',date '2020-01-10',interval '3' day);
-- types array(date)
-- row [["2020-01-01", "2020-01-04", "2020-01-07", "2020-01-10"]]

SELECT sequence(date '2020-01-31',date '2020-05-01',interval '1' month);
-- types array(date)
-- row [["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"]]

SELECT sequence(timestamp '2020-01-01 00:00:00',timestamp '2020-01-01 02:00:00',interval '1' hour);
-- types array(timestamp(0))
-- row [["2020-01-01 00:00:00", "2020-01-01 01:00:00", "2020-01-01 02:00:00"]]

SELECT sequence(timestamp '2020-01-31 10:00:00',timestamp '2020-05-01 00:00:00',interval '1' month);
-- types array(timestamp(0))
-- row [["2020-01-31 10:00:00", "2020-02-29 10:00:00", "2020-03-31 10:00:00", "2020-04-30 10:00:00"]]

SELECT sequence(timestamp '2020-01-01 00:00:00',timestamp '2020-01-03 00:00:00');
-- error FUNCTION_NOT_FOUND

SELECT sequence(1,100000);
-- error INVALID_FUNCTION_ARGUMENT

SELECT slice(array[1,2,3],2,2);
-- types array(integer)
-- row [[2, 3]]

SELECT slice(array[1,2,3],-2,2);
-- types array(integer)
-- row [[2, 3]]

SELECT slice(array[1,2,3],0,1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT slice(array[1,2,3],5,1);
-- types array(integer)
-- row [[]]

SELECT slice(array[1,2,3],1,-1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT slice(array[1,2,3],-5,2);
-- types array(integer)
-- row [[]]

SELECT slice(array[1,2,3],2,100);
-- types array(integer)
-- row [[2, 3]]

SELECT trim_array(array[1,2,3],2);
-- types array(integer)
-- row [[1]]

SELECT trim_array(array[1],2);
-- error INVALID_FUNCTION_ARGUMENT

SELECT zip(array[1,2],array['a']);
-- types array(row(integer, varchar(1)))
-- row [[[1, "a"], [2, null]]]

SELECT zip(array[1],array['a'],array[true]);
-- types array(row(integer, varchar(1), boolean))
-- row [[[1, "a", true]]]

SELECT array_histogram(array[1,1,2]);
-- types map(integer, bigint)
-- row [[[1, 2], [2, 1]]]

SELECT array_histogram(array[1,null]);
-- types map(integer, bigint)
-- row [[[1, 1]]]

SELECT array_histogram(array[]);
-- types map(unknown, bigint)
-- row [[]]

SELECT concat(array[1],array[2],array[3]);
-- types array(integer)
-- row [[1, 2, 3]]

SELECT array[1] || array[2];
-- types array(integer)
-- row [[1, 2]]

SELECT array[1] || 2;
-- types array(integer)
-- row [[1, 2]]

SELECT 1 || array[2];
-- types array(integer)
-- row [[1, 2]]

SELECT array[array[1]] || array[2];
-- types array(array(integer))
-- row [[[1], [2]]]

SELECT array[1] || 2.5;
-- types array(decimal(11,1))
-- row [["1.0", "2.5"]]

SELECT array['a'] || 'b';
-- types array(varchar(1))
-- row [["a", "b"]]

SELECT array[1] = array[1];
-- types boolean
-- row [true]

SELECT array[1,null] = array[1,null];
-- types boolean
-- row [null]

SELECT array[1,null] = array[2,null];
-- types boolean
-- row [false]

SELECT array[1] <> array[1,2];
-- types boolean
-- row [true]

SELECT array[1,2] < array[1,3];
-- types boolean
-- row [true]

SELECT array[1] < array[1,2];
-- types boolean
-- row [true]

SELECT array[] < array[1];
-- types boolean
-- row [true]

SELECT array[1,null] < array[2,1];
-- types boolean
-- row [true]

SELECT array[null] < array[1];
-- error NOT_SUPPORTED

SELECT array[1] is distinct from array[null];
-- types boolean
-- row [true]

SELECT array[nan()] = array[nan()];
-- types boolean
-- row [false]

SELECT row(1,2) = row(1,2);
-- types boolean
-- row [true]

SELECT row(1,null) = row(1,null);
-- types boolean
-- row [null]

SELECT row(1,null) = row(2,null);
-- types boolean
-- row [false]

SELECT row(1,2) < row(1,3);
-- types boolean
-- row [true]

SELECT row(1,null) < row(2,null);
-- types boolean
-- row [true]

SELECT row(1,'a') is distinct from row(1,'a');
-- types boolean
-- row [false]

SELECT (1,2) in ((1,2),(3,4));
-- types boolean
-- row [true]

SELECT (1,null) in ((1,2));
-- types boolean
-- row [null]

SELECT map(array[1],array[2]) = map(array[1],array[2]);
-- types boolean
-- row [true]

SELECT map(array[1],array[null]) = map(array[1],array[null]);
-- types boolean
-- row [null]

SELECT map(array[1,2],array[1,2]) = map(array[2,1],array[2,1]);
-- types boolean
-- row [true]

SELECT map(array[1],array[2]) <> map(array[1],array[3]);
-- types boolean
-- row [true]

SELECT map(array[1],array[2]) < map(array[1],array[3]);
-- error TYPE_MISMATCH

SELECT map(array[1,1],array[2,3]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map(array[null],array[1]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map(array[1],array[1,2]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map(array[],array[]);
-- types map(unknown, unknown)
-- row [[]]

SELECT map();
-- types map(unknown, unknown)
-- row [[]]

SELECT map(array[array[1],array[1]],array[1,2]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_keys(map(array[1,2],array['a','b']));
-- types array(integer)
-- row [[1, 2]]

SELECT map_values(map(array[1,2],array['a',null]));
-- types array(varchar(1))
-- row [["a", null]]

SELECT map_entries(map(array[1,2],array['a','b']));
-- types array(row(integer, varchar(1)))
-- row [[[1, "a"], [2, "b"]]]

SELECT map_entries(map());
-- types array(row(unknown, unknown))
-- row [[]]

SELECT map_from_entries(array[(1,'x'),(2,'y')]);
-- types map(integer, varchar(1))
-- row [[[1, "x"], [2, "y"]]]

SELECT map_from_entries(array[(1,'x'),(1,'y')]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_from_entries(array[(null,'x')]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_from_entries(array[null]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_from_entries(array[]);
-- types map(unknown, unknown)
-- row [[]]

SELECT multimap_from_entries(array[(1,'x'),(2,'y'),(1,'z')]);
-- types map(integer, array(varchar(1)))
-- row [[[1, ["x", "z"]], [2, ["y"]]]]

SELECT multimap_from_entries(array[(null,'x')]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT map_concat(map(array[1],array['a']),map(array[1,2],array['b','c']));
-- types map(integer, varchar(1))
-- row [[[1, "b"], [2, "c"]]]

SELECT map_concat(map(array['x'],array[1]),map(array['y'],array[2]),map(array['x'],array[3]));
-- types map(varchar(1), integer)
-- row [[["x", 3], ["y", 2]]]

SELECT map_filter(map(array['a','b'],array[1,2]),(k,v) -> v > 1);
-- types map(varchar(1), integer)
-- row [[["b", 2]]]

SELECT map_filter(map(),(k,v) -> true);
-- types map(unknown, unknown)
-- row [[]]

SELECT map_zip_with(map(array[1,2],array['a','b']),map(array[1,3],array['d','e']),(k,a,b) -> concat(a,b));
-- types map(integer, varchar)
-- row [[[1, "ad"], [2, null], [3, null]]]

SELECT map_zip_with(map(array[1],array['a']),map(array[1],array['d']),(k,a,b) -> k);
-- types map(integer, integer)
-- row [[[1, 1]]]

SELECT transform_keys(map(array[1,2],array['a','b']),(k,v) -> k + 1);
-- types map(integer, varchar(1))
-- row [[[2, "a"], [3, "b"]]]

SELECT transform_keys(map(array[1,2],array['a','b']),(k,v) -> 1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT transform_keys(map(array[1,2],array['a','b']),(k,v) -> null);
-- error INVALID_FUNCTION_ARGUMENT

SELECT transform_values(map(array[1,2],array['a','b']),(k,v) -> v || '!');
-- types map(integer, varchar)
-- row [[[1, "a!"], [2, "b!"]]]

SELECT transform_values(map(),(k,v) -> k);
-- types map(unknown, unknown)
-- row [[]]

SELECT split_to_map('a:1,b:2',',',':');
-- types map(varchar, varchar)
-- row [[["a", "1"], ["b", "2"]]]

SELECT split_to_map('a:1,a:2',',',':');
-- error INVALID_FUNCTION_ARGUMENT

SELECT split_to_map('a:1,a:2',',',':',(k,v1,v2) -> v1 || v2);
-- error FUNCTION_NOT_FOUND

SELECT split_to_map('',',',':');
-- types map(varchar, varchar)
-- row [[]]

SELECT split_to_map('a',',',':');
-- error INVALID_FUNCTION_ARGUMENT

SELECT split_to_map('a:1,',',',':');
-- types map(varchar, varchar)
-- row [[["a", "1"]]]

SELECT split_to_map('a:1',':',':');
-- error INVALID_FUNCTION_ARGUMENT

SELECT split_to_map(':',',',':');
-- types map(varchar, varchar)
-- row [[["", ""]]]

SELECT split_to_multimap('a:1,a:2,b:3',',',':');
-- types map(varchar, array(varchar))
-- row [[["a", ["1", "2"]], ["b", ["3"]]]]

SELECT a[1] FROM (VALUES array[1,2]) t(a);
-- types integer
-- row [1]

SELECT transform(a, x -> x + b) FROM (VALUES (array[1,2], 10)) t(a, b);
-- types array(integer)
-- row [[11, 12]]

SELECT transform(a, x -> transform(a, y -> x * y)) FROM (VALUES array[1,2]) t(a);
-- types array(array(integer))
-- row [[[1, 2], [2, 4]]]

SELECT filter(map_keys(m), k -> m[k] > 1) FROM (VALUES map(array['a','b'],array[1,2])) t(m);
-- types array(varchar(1))
-- row [["b"]]

SELECT reduce_agg(x, 0, (a,b) -> a + b, (a,b) -> a + b) FROM (VALUES 1,2,3) t(x);
-- types integer
-- row [6]

SELECT reduce_agg(x, 0, (a,b) -> a + b, (a,b) -> a + b) FROM (VALUES 1,2,null) t(x);
-- types integer
-- row [3]

SELECT map_agg(k, v) FROM (VALUES (1,'a'),(2,null),(null,'c')) t(k,v);
-- types map(integer, varchar(1))
-- row [[[1, "a"], [2, null]]]

SELECT map_agg(k, v) FROM (VALUES (1,'a')) t(k,v) WHERE false;
-- types map(integer, varchar(1))
-- row [null]

SELECT multimap_agg(k, v) FROM (VALUES (1,'a'),(1,null),(null,'c')) t(k,v);
-- types map(integer, array(varchar(1)))
-- row [[[1, ["a", null]]]]

SELECT map_union(m) FROM (VALUES map(array[1],array[1]), map(array[2],array[2]), null) t(m);
-- types map(integer, integer)
-- row [[[1, 1], [2, 2]]]

SELECT map_union(m) FROM (VALUES map(array[1],array[1])) t(m) WHERE false;
-- types map(integer, integer)
-- row [null]

SELECT histogram(x) FROM (VALUES 1,1,null,2) t(x);
-- types map(integer, bigint)
-- row [[[1, 2], [2, 1]]]

SELECT histogram(x) FROM (VALUES 1) t(x) WHERE false;
-- types map(integer, bigint)
-- row [null]

SELECT histogram(x) FROM (VALUES timestamp '2020-01-01 00:00:00 UTC') t(x);
-- types map(timestamp(0) with time zone, bigint)
-- row [[["2020-01-01 00:00:00 UTC", 1]]]

SELECT histogram(x) FROM (VALUES array[1], array[1]) t(x);
-- types map(array(integer), bigint)
-- row [[[[1], 2]]]

SELECT array_agg(x) FROM (VALUES 1,null,2) t(x);
-- types array(integer)
-- row [[1, null, 2]]

SELECT array_agg(x) FROM (VALUES 1) t(x) WHERE false;
-- types array(integer)
-- row [null]

SELECT array_agg(x ORDER BY x DESC) FROM (VALUES 1,null,2) t(x);
-- types array(integer)
-- row [[2, 1, null]]

SELECT array_agg(DISTINCT x ORDER BY x) FROM (VALUES 1,1,2) t(x);
-- types array(integer)
-- row [[1, 2]]

SELECT array_agg(x ORDER BY y, x DESC) FROM (VALUES (1,2),(2,1),(3,1)) t(x,y);
-- types array(integer)
-- row [[3, 2, 1]]

SELECT array_agg(x) FILTER (WHERE x > 1) FROM (VALUES 1,2) t(x);
-- types array(integer)
-- row [[2]]

SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a',null) t(x);
-- types varchar
-- row ["a,b"]

SELECT listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a','a') t(x);
-- types varchar
-- row ["a,b"]

SELECT listagg(x) WITHIN GROUP (ORDER BY x DESC) FROM (VALUES 'b','a') t(x);
-- types varchar
-- row ["ba"]

SELECT listagg(x, ',' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a') t(x);
-- types varchar
-- row ["a,b"]

SELECT listagg(x, ',' ON OVERFLOW TRUNCATE '...' WITH COUNT) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b','a') t(x);
-- types varchar
-- row ["a,b"]

SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') t(x) WHERE false;
-- types varchar
-- row [null]

SELECT min(x), max(x) FROM (VALUES array[1], array[2]) t(x);
-- types array(integer) | array(integer)
-- row [[1], [2]]

SELECT min(x), max(x) FROM (VALUES true, false) t(x);
-- types boolean | boolean
-- row [false, true]

SELECT min(x), max(x) FROM (VALUES cast('a' as char(3)), 'b') t(x);
-- types char(3) | char(3)
-- row ["a  ", "b  "]

SELECT min(x), max(x) FROM (VALUES timestamp '2020-01-01 00:00:00 UTC', timestamp '2020-01-01 00:00:00 +01:00') t(x);
-- types timestamp(0) with time zone | timestamp(0) with time zone
-- row ["2020-01-01 00:00:00 +01:00", "2020-01-01 00:00:00 UTC"]

SELECT min(x), max(x) FROM (VALUES interval '1' day, interval '2' hour) t(x);
-- types interval day to second | interval day to second
-- row [7200000, 86400000]

SELECT max(x) FROM (VALUES nan(), 1e0) t(x);
-- types double
-- row [1.0]

SELECT min(x) FROM (VALUES nan(), 1e0) t(x);
-- types double
-- row [1.0]

SELECT max(x) FROM (VALUES json '1') t(x);
-- error FUNCTION_NOT_FOUND

SELECT max(x) FROM (VALUES map(array[1],array[1])) t(x);
-- error FUNCTION_NOT_FOUND

SELECT min(x, 2), max(x, 2) FROM (VALUES 3,1,2,null) t(x);
-- types array(integer) | array(integer)
-- row [[1, 2], [3, 2]]

SELECT min(x, 0) FROM (VALUES 3,1) t(x);
-- error INVALID_FUNCTION_ARGUMENT

SELECT max(x, 10001) FROM (VALUES 3,1) t(x);
-- error INVALID_FUNCTION_ARGUMENT

SELECT min_by(x, y), max_by(x, y) FROM (VALUES (1,10),(2,20),(null,30)) t(x,y);
-- types integer | integer
-- row [1, null]

SELECT min_by(x, y), max_by(x, y) FROM (VALUES (1,null)) t(x,y);
-- types integer | integer
-- row [null, null]

SELECT min_by(x, y, 2), max_by(x, y, 2) FROM (VALUES (1,10),(2,20),(null,30)) t(x,y);
-- types array(integer) | array(integer)
-- row [[1, 2], [null, 2]]

SELECT count(DISTINCT x) FROM (VALUES array[1], array[1]) t(x);
-- types bigint
-- row [1]

SELECT count(*), count(x), count(1) FROM (VALUES 1, null) t(x);
-- types bigint | bigint | bigint
-- row [2, 1, 2]

SELECT sum(x) FROM (VALUES 1.5, 2.25) t(x);
-- types decimal(38,2)
-- row ["3.75"]

SELECT avg(x) FROM (VALUES 1.5, 2.26) t(x);
-- types decimal(3,2)
-- row ["1.88"]

SELECT avg(x) FROM (VALUES 1, 2) t(x);
-- types double
-- row [1.5]

SELECT avg(x) FROM (VALUES tinyint '1', tinyint '2') t(x);
-- types double
-- row [1.5]

SELECT sum(x) FROM (VALUES real '1.5', real '2.5') t(x);
-- types real
-- row [4.0]

SELECT avg(x) FROM (VALUES real '1.5', real '2.5') t(x);
-- types real
-- row [2.0]

SELECT sum(DISTINCT x) FROM (VALUES 1,1,2) t(x);
-- types bigint
-- row [3]

SELECT bool_and(x), bool_or(x), every(x) FROM (VALUES true, false, null) t(x);
-- types boolean | boolean | boolean
-- row [false, true, false]

SELECT approx_most_frequent(3, x, 15) FROM (VALUES 1,1,1,2,2,3,4) t(x);
-- types map(bigint, bigint)
-- row [[[1, 3], [2, 2], [3, 1]]]

SELECT numeric_histogram(2, x) FROM (VALUES 1,2,10,11) t(x);
-- types map(real, real)
-- row [[[1.5, 2.0], [10.5, 2.0]]]

SELECT entropy(x) FROM (VALUES 1,2) t(x);
-- error FUNCTION_NOT_FOUND

SELECT any_value(x) FROM (VALUES null, 1) t(x);
-- types integer
-- row [1]

SELECT arbitrary(x) FROM (VALUES 1) t(x);
-- types integer
-- row [1]

SELECT array[1,null] < array[1,2];
-- error NOT_SUPPORTED

SELECT array[1,2] >= array[1,2];
-- types boolean
-- row [true]

SELECT array['a'] > array['b'];
-- types boolean
-- row [false]

SELECT array[1] < null;
-- types boolean
-- row [null]

SELECT array[array[1,2]] < array[array[1,3]];
-- types boolean
-- row [true]

SELECT array[1,2] between array[1] and array[2];
-- types boolean
-- row [true]

SELECT array[timestamp '2020-01-01 00:00:00 UTC'] < array[timestamp '2020-01-01 00:00:00 +01:00'];
-- types boolean
-- row [false]

SELECT x < y FROM (VALUES (array[1,2], array[1,3]), (array[2], array[1]), (null, array[1])) t(x,y);
-- types boolean
-- row [true]
-- row [false]
-- row [null]

SELECT array[1.5e0] < array[nan()];
-- types boolean
-- row [true]

SELECT filter(array[1,2], x -> null);
-- error FUNCTION_NOT_FOUND

SELECT array_join(array[array[1]],',');
-- error FUNCTION_NOT_FOUND

SELECT element_at(map(array[nan()],array['x']),nan());
-- types varchar(1)
-- row [null]

SELECT row(1,'a')[3];
-- error INVALID_FUNCTION_ARGUMENT

SELECT row(1,'a')[0];
-- error INVALID_FUNCTION_ARGUMENT

SELECT min(x), max(x) FROM (VALUES row(1,'a'), row(1,'b')) t(x);
-- error MISMATCHED_COLUMN_ALIASES

SELECT sum(x) FROM (VALUES 9223372036854775807, 1) t(x);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT checksum(x) FROM (VALUES 1, 2) t(x);
-- types varbinary
-- row ["6387d0f5865fd136"]

SELECT checksum(x) FROM (VALUES 'a') t(x);
-- types varbinary
-- row ["fdffaacc6274abdf"]

SELECT checksum(x) FROM (VALUES 1) t(x) WHERE false;
-- types varbinary
-- row [null]
