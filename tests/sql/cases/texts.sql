-- Text: char and varchar, functions of text.

SELECT cast(' ' as char(1)) <= cast('' as char(0));
-- types boolean
-- row [true]

SELECT cast(' ' as char(1)) = cast('' as char(0));
-- types boolean
-- row [true]

SELECT concat('ab ', cast('' as char(0)));
-- types char(3)
-- row ["ab "]

SELECT cast('abc' as char(0));
-- types char(0)
-- row [""]

SELECT cast('abc' as varchar(0));
-- types varchar(0)
-- row [""]

SELECT typeof(cast('' as char(0)));
-- types varchar
-- row ["char(0)"]

SELECT cast('a' as char);
-- types char(1)
-- row ["a"]

SELECT typeof(cast('a' as char));
-- types varchar
-- row ["char(1)"]

SELECT concat(cast('a ' as char(3)), cast('b' as char(2)));
-- types char(5)
-- row ["a  b "]

SELECT cast('a' as char(3)) || cast('b' as char(3));
-- types char(6)
-- row ["a  b  "]

SELECT cast('a' as char(3)) || 'b';
-- types char(4)
-- row ["a  b"]

SELECT 'b' || cast('a' as char(3));
-- types char(4)
-- row ["ba  "]

SELECT cast('a' as char(3)) = 'a';
-- types boolean
-- row [true]

SELECT cast('a' as char(3)) = cast('a' as char(5));
-- types boolean
-- row [true]

SELECT cast('a' as char(3)) < 'b';
-- types boolean
-- row [true]

SELECT cast('a' as char(3)) = 'a  ';
-- types boolean
-- row [true]

SELECT cast('a' as varchar) = 'a ';
-- types boolean
-- row [false]

SELECT 'a' = 'a ';
-- types boolean
-- row [false]

SELECT cast('a' as char(3)) > chr(9);
-- types boolean
-- row [true]

SELECT cast('a' as char(3)) in ('a', 'b');
-- types boolean
-- row [true]

SELECT cast(cast('a' as char(3)) as varchar);
-- types varchar
-- row ["a  "]

SELECT cast(cast('a' as char(3)) as varchar(2));
-- types varchar(2)
-- row ["a "]

SELECT length(cast('a' as char(3)));
-- types bigint
-- row [3]

SELECT upper(cast('a' as char(3)));
-- types char(3)
-- row ["A  "]

SELECT lower(cast('A' as char(3)));
-- types char(3)
-- row ["a  "]

SELECT trim(cast(' a ' as char(5)));
-- types varchar(5)
-- row ["a"]

SELECT ltrim(cast(' a ' as char(5)));
-- types varchar(5)
-- row ["a"]

SELECT rtrim(cast(' a ' as char(5)));
-- types varchar(5)
-- row [" a"]

SELECT rtrim(cast('abc ' as char(6)), 'c');
-- types varchar(6)
-- row ["ab"]

SELECT substr(cast('abc' as char(5)), 2);
-- types varchar(5)
-- row ["bc  "]

SELECT substr(cast('abc' as char(5)), 4);
-- types varchar(5)
-- row ["  "]

SELECT substr(cast('abc' as char(5)), 2, 10);
-- types varchar(5)
-- row ["bc  "]

SELECT substring(cast('abc' as char(5)) from 2 for 1);
-- types varchar(5)
-- row ["b"]

SELECT coalesce(cast('a' as char(2)), 'bcd');
-- types char(3)
-- row ["a  "]

SELECT nullif(cast('a' as char(2)), 'a');
-- types char(2)
-- row [null]

SELECT case when true then cast('a' as char(2)) else cast('b' as char(4)) end;
-- types char(4)
-- row ["a   "]

SELECT greatest(cast('a' as char(2)), cast('b' as char(2)));
-- types char(2)
-- row ["b "]

SELECT array[cast('a' as char(2)), cast('b' as char(4))];
-- types array(char(4))
-- row [["a   ", "b   "]]

SELECT array_join(array[cast('a' as char(2))], ',');
-- types varchar
-- row ["a "]

SELECT map(array[cast('a' as char(2))], array[1])[cast('a' as char(2))];
-- types integer
-- row [1]

SELECT row(cast('a' as char(2)));
-- types row(char(2))
-- row [["a "]]

SELECT cast('a' as char(2)) UNION ALL SELECT cast('b' as char(4));
-- types char(4)
-- row ["a   "]
-- row ["b   "]

SELECT max(x) FROM (VALUES cast('a' as char(2)), cast('b' as char(2))) t(x);
-- types char(2)
-- row ["b "]

SELECT x, count(*) FROM (VALUES cast('a' as char(2)), cast('a' as char(2))) t(x) GROUP BY x;
-- types char(2) | bigint
-- row ["a ", 2]

SELECT cast('  a' as char(3));
-- types char(3)
-- row ["  a"]

SELECT cast('é' as char(2));
-- types char(2)
-- row ["é "]

SELECT cast(null as char(2)) || 'a';
-- types char(3)
-- row [null]

SELECT char '' = char ' ';
-- types boolean
-- row [true]

SELECT typeof('a' || cast('b' as char(2)));
-- types varchar
-- row ["char(3)"]

SELECT position('b' in 'abc');
-- types bigint
-- row [2]

SELECT position('' in 'abc');
-- types bigint
-- row [1]

SELECT 'abc' || 'd' like 'abcd';
-- types boolean
-- row [true]

SELECT U&'\0041';
-- types varchar(1)
-- row ["A"]

SELECT U&'\+01F600';
-- types varchar(1)
-- row ["😀"]

SELECT U&'d\0061t\+000061';
-- types varchar(4)
-- row ["data"]

SELECT U&'!0041' UESCAPE '!';
-- types varchar(1)
-- row ["A"]

SELECT trim(both 'x' from 'xax');
-- types varchar(3)
-- row ["a"]

SELECT trim(leading from '  a');
-- types varchar(3)
-- row ["a"]

SELECT trim('ab' from 'abcab');
-- types varchar(5)
-- row ["c"]

SELECT trim(trailing 'ab' from 'cab');
-- types varchar(3)
-- row ["c"]

SELECT ltrim('xxa', 'x');
-- types varchar(3)
-- row ["a"]

SELECT trim('a', '');
-- types varchar(1)
-- row ["a"]

SELECT levenshtein_distance('kitten','sitting');
-- types bigint
-- row [3]

SELECT levenshtein_distance('','a');
-- types bigint
-- row [1]

SELECT hamming_distance('abc','abd');
-- types bigint
-- row [1]

SELECT hamming_distance('a','ab');
-- error INVALID_FUNCTION_ARGUMENT

SELECT soundex('Robert');
-- types varchar(4)
-- row ["R163"]

SELECT translate('abcd', 'ab', 'x');
-- types varchar
-- row ["xcd"]

SELECT translate('abcd', '', 'x');
-- types varchar
-- row ["abcd"]

SELECT translate('abcd', 'aa', 'xy');
-- types varchar
-- row ["xbcd"]

SELECT split_part('a,b,c', ',', 2);
-- types varchar(5)
-- row ["b"]

SELECT split_part('a,b,c', ',', 5);
-- types varchar(5)
-- row [null]

SELECT split_part('a,b,c', ',', 0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT split_part('abc', '', 2);
-- types varchar(3)
-- row ["b"]

SELECT split('a.b', '.', 1);
-- types array(varchar(3))
-- row [["a.b"]]

SELECT split('a,b,c', ',', 2);
-- types array(varchar(5))
-- row [["a", "b,c"]]

SELECT split('', ',');
-- types array(varchar(0))
-- row [[""]]

SELECT codepoint('a');
-- types integer
-- row [97]

SELECT codepoint('');
-- error INVALID_FUNCTION_ARGUMENT

SELECT codepoint('😀');
-- types integer
-- row [128512]

SELECT chr(128512);
-- types varchar(1)
-- row ["😀"]

SELECT starts_with('abc', '');
-- types boolean
-- row [true]

SELECT ends_with('abc', 'c');
-- error FUNCTION_NOT_FOUND

SELECT lpad('abc', 2, 'x');
-- types varchar
-- row ["ab"]

SELECT lpad('abc', 6, 'xy');
-- types varchar
-- row ["xyxabc"]

SELECT lpad('日', 3, '本');
-- types varchar
-- row ["本本日"]

SELECT rpad('abc', 6, 'xy');
-- types varchar
-- row ["abcxyx"]

SELECT repeat('ab', 2);
-- types array(varchar(2))
-- row [["ab", "ab"]]

SELECT reverse('日本');
-- types varchar(2)
-- row ["本日"]

SELECT upper('ß');
-- types varchar(1)
-- row ["ß"]

SELECT upper('éa');
-- types varchar(2)
-- row ["ÉA"]

SELECT lower('ÉA');
-- types varchar(2)
-- row ["éa"]

SELECT lower('İ');
-- types varchar(1)
-- row ["i"]

SELECT upper('ŉ');
-- types varchar(1)
-- row ["ŉ"]

SELECT upper('ﬁ');
-- types varchar(1)
-- row ["ﬁ"]

SELECT lower('Σ');
-- types varchar(1)
-- row ["σ"]

SELECT strpos('high', 'ig');
-- types bigint
-- row [2]

SELECT strpos('high', 'h', 2);
-- types bigint
-- row [4]

SELECT strpos('high', 'h', -1);
-- types bigint
-- row [4]

SELECT strpos('', '');
-- types bigint
-- row [1]

SELECT strpos('abc', '');
-- types bigint
-- row [1]

SELECT substr('hello', 2);
-- types varchar(5)
-- row ["ello"]

SELECT substr('hello', -3);
-- types varchar(5)
-- row ["llo"]

SELECT substr('hello', 0);
-- types varchar(5)
-- row [""]

SELECT substr('hello', 10);
-- types varchar(5)
-- row [""]

SELECT substr('hello', 2, 0);
-- types varchar(5)
-- row [""]

SELECT substr('hello', 2, -1);
-- types varchar(5)
-- row [""]

SELECT substr('日本語', 2, 1);
-- types varchar(3)
-- row ["本"]

SELECT normalize('schön', NFD);
-- types varchar
-- row ["schön"]

SELECT normalize('ﬁ', NFKC);
-- types varchar
-- row ["fi"]

SELECT length('😀');
-- types bigint
-- row [1]

SELECT concat_ws(',', 'a', null, 'b');
-- types varchar
-- row ["a,b"]

SELECT concat_ws(',', array['a', null, 'b']);
-- types varchar
-- row ["a,b"]

SELECT concat_ws(null, 'a');
-- types varchar
-- row [null]

SELECT from_utf8(x'ff', '#');
-- types varchar
-- row ["#"]

SELECT from_utf8(x'ff');
-- types varchar
-- row ["�"]

SELECT from_utf8(x'c3a9');
-- types varchar
-- row ["é"]

SELECT from_utf8(x'ff', '##');
-- error INVALID_FUNCTION_ARGUMENT

SELECT to_utf8('é');
-- types varbinary
-- row ["c3a9"]

SELECT format_number(123456);
-- types varchar
-- row ["123K"]

SELECT luhn_check('79927398713');
-- types boolean
-- row [true]

SELECT luhn_check('');
-- types boolean
-- row [false]

SELECT luhn_check('a');
-- error INVALID_FUNCTION_ARGUMENT

SELECT luhn_check('ａ');
-- error INVALID_FUNCTION_ARGUMENT

SELECT 'a' < 'B';
-- types boolean
-- row [false]

SELECT 'é' < 'z';
-- types boolean
-- row [false]

SELECT 'Z' < 'a';
-- types boolean
-- row [true]

SELECT '' < 'a';
-- types boolean
-- row [true]

SELECT 'a' between 'a' and 'b';
-- types boolean
-- row [true]

SELECT reverse(cast('ab' as char(3)));
-- error FUNCTION_NOT_FOUND

SELECT strpos(cast('abc' as char(5)), 'c');
-- error FUNCTION_NOT_FOUND

SELECT replace(cast('abc' as char(5)), 'c', 'd');
-- error FUNCTION_NOT_FOUND

SELECT split(cast('a,b' as char(5)), ',');
-- error FUNCTION_NOT_FOUND

SELECT lpad(cast('a' as char(2)), 4, 'x');
-- error FUNCTION_NOT_FOUND

SELECT concat(cast('a' as char(2)), cast('b' as char(2)), cast('c' as char(2)));
-- error FUNCTION_NOT_FOUND

SELECT to_utf8(cast('a' as char(2)));
-- error FUNCTION_NOT_FOUND

SELECT hamming_distance(cast('a' as char(2)), cast('b' as char(2)));
-- error FUNCTION_NOT_FOUND

SELECT starts_with(cast('abc' as char(5)), 'a');
-- error FUNCTION_NOT_FOUND

SELECT regexp_like(cast('abc' as char(5)), 'c  $');
-- error FUNCTION_NOT_FOUND

SELECT concat_ws(',');
-- error INVALID_FUNCTION_ARGUMENT
