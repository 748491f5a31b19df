-- Regular expressions.

SELECT regexp_extract_all('1a 2b 14m', '\d+');
-- types array(varchar(9))
-- row [["1", "2", "14"]]

SELECT regexp_extract_all('1a 2b 14m', '(\d+)([a-z]+)', 2);
-- types array(varchar(9))
-- row [["a", "b", "m"]]

SELECT regexp_extract_all('1a 2b 14m', '(\d+)([a-z]+)', 3);
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_extract('1a 2b 14m', '(\d+)([a-z]+)', 2);
-- types varchar(9)
-- row ["a"]

SELECT regexp_extract('abc', '(x)?abc', 1);
-- types varchar(3)
-- row [null]

SELECT regexp_extract_all('abcabc', '(x)?abc', 1);
-- types array(varchar(6))
-- row [[null, null]]

SELECT regexp_like('1a 2b 14m', '\d+b');
-- types boolean
-- row [true]

SELECT regexp_like('abc', '^b');
-- types boolean
-- row [false]

SELECT regexp_like('a\nb', 'a.b');
-- types boolean
-- row [false]

SELECT regexp_like('ABC', '(?i)abc');
-- types boolean
-- row [true]

SELECT regexp_like('abc', 'a{2,1}');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('a', '[[:alpha:]]');
-- types boolean
-- row [true]

SELECT regexp_like('a', '\p{Alpha}');
-- types boolean
-- row [true]

SELECT regexp_like('é', '\p{L}');
-- types boolean
-- row [true]

SELECT regexp_like('é', '\w');
-- types boolean
-- row [false]

SELECT regexp_like('a', '(?<x>a)');
-- types boolean
-- row [true]

SELECT regexp_like('aa', '(a)\1');
-- types boolean
-- row [true]

SELECT regexp_like('ab', 'a(?=b)');
-- types boolean
-- row [true]

SELECT regexp_like('ab', '(?<=a)b');
-- types boolean
-- row [true]

SELECT regexp_like('abc', '');
-- types boolean
-- row [true]

SELECT regexp_like('', '');
-- types boolean
-- row [true]

SELECT regexp_like(null, 'a');
-- types boolean
-- row [null]

SELECT regexp_like('abc', cast('bc  ' as char(4)));
-- types boolean
-- row [false]

SELECT regexp_replace('1a 2b 14m', '\d+[ab] ');
-- types varchar(9)
-- row ["14m"]

SELECT regexp_replace('1a 2b 14m', '(\d+)([ab]) ', '3c$2 ');
-- types varchar(229)
-- row ["3ca 3cb 14m"]

SELECT regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2]));
-- types varchar
-- row ["New York"]

SELECT regexp_replace('abc', '', 'x');
-- types varchar(7)
-- row ["xaxbxcx"]

SELECT regexp_replace('abc', 'b*', 'x');
-- types varchar(7)
-- row ["xaxxcx"]

SELECT regexp_replace('abc', 'b', '$');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_replace('abc', 'b', '\');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_replace('abc', '(b)', '$2');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_replace('abc', '(?<y>b)', '${y}${y}');
-- types varchar(51)
-- row ["abbc"]

SELECT regexp_replace('abc', '(?<y>b)', '${z}');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_replace('abc', 'b', '$0$0');
-- types varchar(27)
-- row ["abbc"]

SELECT regexp_replace('abc', '(b)', '$12');
-- types varchar(19)
-- row ["ab2c"]

SELECT regexp_replace('abc', 'b', '\$1');
-- types varchar(19)
-- row ["a$1c"]

SELECT regexp_replace('aaa', 'a', x -> 'b');
-- types varchar
-- row ["bbb"]

SELECT regexp_replace('', '', 'x');
-- types varchar(1)
-- row ["x"]

SELECT regexp_replace('xxx xxx', 'x*', 'ab');
-- types varchar(63)
-- row ["abab abab"]

SELECT regexp_replace('\u2028', '.', 'x');
-- types varchar(27)
-- row ["xxxxxx"]

SELECT regexp_replace('a.b', '\.', '');
-- types varchar(3)
-- row ["ab"]

SELECT regexp_replace('fun stuff.', '[a-z]');
-- types varchar(10)
-- row [" ."]

SELECT regexp_replace('hello', '(h)(e)', y -> y[1]);
-- types varchar
-- row ["hllo"]

SELECT regexp_replace('hello', '(x)?h', y -> y[1]);
-- types varchar
-- row [null]

SELECT regexp_replace('hello', '(x)?h', y -> coalesce(y[1],'N'));
-- types varchar
-- row ["Nello"]

SELECT regexp_split('1a 2b 14m', '\s*[a-z]+\s*');
-- types array(varchar(9))
-- row [["1", "2", "14", ""]]

SELECT regexp_split('a.b:c;d', '[\.:;]');
-- types array(varchar(7))
-- row [["a", "b", "c", "d"]]

SELECT regexp_split('abc', '');
-- types array(varchar(3))
-- row [["", "a", "b", "c", ""]]

SELECT regexp_split('', 'a');
-- types array(varchar(0))
-- row [[""]]

SELECT regexp_split('', '');
-- types array(varchar(0))
-- row [["", ""]]

SELECT regexp_split('aaa', 'a');
-- types array(varchar(3))
-- row [["", "", "", ""]]

SELECT regexp_split('a,b,', ',');
-- types array(varchar(4))
-- row [["a", "b", ""]]

SELECT regexp_split(',a', ',');
-- types array(varchar(2))
-- row [["", "a"]]

SELECT regexp_split('abc', '(b)');
-- types array(varchar(3))
-- row [["a", "c"]]

SELECT regexp_split('x', 'x*');
-- types array(varchar(1))
-- row [["", "", ""]]

SELECT regexp_split('axb', 'x*');
-- types array(varchar(3))
-- row [["", "a", "", "b", ""]]

SELECT regexp_count('1a 2b 14m', '\s*[a-z]+\s*');
-- types bigint
-- row [3]

SELECT regexp_count('abc', '');
-- types bigint
-- row [4]

SELECT regexp_count('', '');
-- types bigint
-- row [1]

SELECT regexp_count('', 'a');
-- types bigint
-- row [0]

SELECT regexp_count('aaa', 'aa');
-- types bigint
-- row [1]

SELECT regexp_count('ab', 'x*');
-- types bigint
-- row [3]

SELECT regexp_position('I have 23 apples, 5 pears and 13 oranges', '\b\d+\b');
-- types integer
-- row [8]

SELECT regexp_position('I have 23 apples, 5 pears and 13 oranges', '\b\d+\b', 5);
-- types integer
-- row [8]

SELECT regexp_position('I have 23 apples, 5 pears and 13 oranges', '\b\d+\b', 12);
-- types integer
-- row [19]

SELECT regexp_position('I have 23 apples, 5 pears and 13 oranges', '\b\d+\b', 12, 1);
-- types integer
-- row [19]

SELECT regexp_position('I have 23 apples, 5 pears and 13 oranges', '\b\d+\b', 12, 4);
-- types integer
-- row [-1]

SELECT regexp_position('a', 'b');
-- types integer
-- row [-1]

SELECT regexp_position('有朋$%X自9远方9来', '\d', 7);
-- types integer
-- row [7]

SELECT regexp_position('a,b', ',', 0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_position('a,b', ',', 1, 0);
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_position('', '');
-- types integer
-- row [-1]

SELECT regexp_position('abc', '', 2);
-- types integer
-- row [2]

SELECT regexp_position('abc', 'c', 100);
-- types integer
-- row [-1]

SELECT regexp_extract('hello world', '[aeiou]');
-- types varchar(11)
-- row ["e"]

SELECT regexp_extract('abc', '(b)', -1);
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_extract('abc', 'x', 0);
-- types varchar(3)
-- row [null]

SELECT regexp_extract('a\', '\\');
-- types varchar(2)
-- row ["\\"]

SELECT regexp_extract('x=1;y=2', 'y=(\d+)', 1);
-- types varchar(7)
-- row ["2"]

SELECT regexp_extract('aXbXc', '(?i)x.*', 0);
-- types varchar(5)
-- row ["XbXc"]

SELECT regexp_extract('日本語', '本');
-- types varchar(3)
-- row ["本"]

SELECT regexp_extract('😀a', '.');
-- types varchar(2)
-- row ["😀"]

SELECT regexp_like('ab', '^b');
-- types boolean
-- row [false]

SELECT regexp_like('ab', '(?m)^b');
-- types boolean
-- row [false]

SELECT regexp_like('a;
-- error SYNTAX_ERROR

SELECT ', 'a$');
-- error SYNTAX_ERROR

SELECT regexp_like('a', '\Aa\z');
-- types boolean
-- row [true]

SELECT regexp_like('a1', '[a-z&&[^b]]1');
-- types boolean
-- row [true]

SELECT regexp_like('a', 'a++');
-- types boolean
-- row [true]

SELECT regexp_like('a', '(?>a)');
-- types boolean
-- row [true]

SELECT regexp_like('ab', 'a#b');
-- types boolean
-- row [false]

SELECT regexp_like('ab', '(?x)a b');
-- types boolean
-- row [true]

SELECT regexp_like('a-b', '[\w-]+');
-- types boolean
-- row [true]

SELECT regexp_like('a]b', '[]]');
-- types boolean
-- row [true]

SELECT regexp_like('', '^$');
-- types boolean
-- row [true]

SELECT regexp_like('test', '[');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('test', '*');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('test', '\');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('test', 'te(s');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('test', 'te)s');
-- error INVALID_FUNCTION_ARGUMENT

SELECT regexp_like('%', '%');
-- types boolean
-- row [true]

SELECT 'abc' like 'a%';
-- types boolean
-- row [true]

SELECT 'abc' like 'a_c';
-- types boolean
-- row [true]

SELECT 'a%c' like 'a\%c' escape '\';
-- types boolean
-- row [true]

SELECT 'a_c' like 'a#_c' escape '#';
-- types boolean
-- row [true]

SELECT 'abc' like null;
-- types boolean
-- row [null]

SELECT null like 'a';
-- types boolean
-- row [null]

SELECT 'ABC' like 'abc';
-- types boolean
-- row [false]

SELECT '' like '';
-- types boolean
-- row [true]

SELECT '' like '%';
-- types boolean
-- row [true]

SELECT 'é' like '_';
-- types boolean
-- row [true]

SELECT '😀' like '_';
-- types boolean
-- row [true]

SELECT 'ab' like 'a%b';
-- types boolean
-- row [true]

SELECT cast('ab' as char(4)) like 'ab';
-- types boolean
-- row [false]

SELECT cast('ab' as char(4)) like 'ab  ';
-- types boolean
-- row [true]

SELECT 'ab' like cast('ab' as char(4));
-- error TYPE_MISMATCH

SELECT 'a\b' like 'a\b';
-- types boolean
-- row [true]

SELECT 'a.c' like 'a.c';
-- types boolean
-- row [true]

SELECT 'abc' not like 'b%';
-- types boolean
-- row [true]

SELECT regexp_like('a b', '^b');
-- types boolean
-- row [false]

SELECT regexp_like('a b', '(?m)^b');
-- types boolean
-- row [false]

SELECT 'a b' like 'a%b';
-- types boolean
-- row [true]

SELECT regexp_like('é', '^\W$');
-- types boolean
-- row [true]

SELECT regexp_like('٣', '\d');
-- types boolean
-- row [false]

SELECT regexp_like(chr(160), '\s');
-- types boolean
-- row [false]

SELECT regexp_like('é', '\b');
-- types boolean
-- row [true]

SELECT regexp_like('é', '[[:alpha:]]');
-- types boolean
-- row [true]

SELECT regexp_like('É', '(?i)é');
-- types boolean
-- row [true]

SELECT regexp_like('é', '[\w]');
-- types boolean
-- row [false]

SELECT regexp_like('é', '[^\w]');
-- types boolean
-- row [true]

SELECT regexp_like('é', '\p{Lower}');
-- types boolean
-- row [true]

SELECT regexp_like('aé', 'a\b');
-- types boolean
-- row [false]

SELECT regexp_like('é', '[[:lower:]]');
-- types boolean
-- row [true]

SELECT regexp_extract('héllo wörld', '\w+');
-- types varchar(11)
-- row ["h"]

SELECT regexp_replace('héllo wörld', '\W', '_');
-- types varchar(71)
-- row ["h_llo_w_rld"]

SELECT regexp_extract_all('日本 12', '[^\s]+');
-- types array(varchar(5))
-- row [["日本", "12"]]

SELECT regexp_like('é', '[\W]');
-- types boolean
-- row [true]

SELECT regexp_like('e', '[\W\d]');
-- types boolean
-- row [false]

SELECT 'abc' like 'a#' escape '#';
-- error INVALID_FUNCTION_ARGUMENT

SELECT 'abc' like 'a#b' escape '#';
-- error INVALID_FUNCTION_ARGUMENT

SELECT 'abc' like '%' escape '';
-- error INVALID_FUNCTION_ARGUMENT
