from decimal import Decimal

import duckdb
import pytest

from lake.errors import FunctionNotFound, TypeMismatch
from lake.sql.compiler.runtime import binary, formats, maths, regexps, texts, urls
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run


@pytest.mark.parametrize(
    ("text", "instance", "place"),
    [("highhigh", 1, 2), ("highhigh", 2, 6), ("highhigh", 3, 0), ("highhigh", -1, 6), ("highhigh", -2, 2)],
)
def test_an_instance_is_counted_from_either_end(text: str, instance: int, place: int) -> None:
    assert texts.strpos_instance(text, "ig", instance) == place


def test_instances_may_overlap() -> None:
    assert texts.strpos_instance("aaa", "aa", 2) == 2
    assert texts.strpos_instance("aaa", "aa", -2) == 1


def test_a_map_has_no_key_twice() -> None:
    assert texts.split_to_map("a=1,b=2,", ",", "=") == (["a", "b"], ["1", "2"])
    assert texts.split_to_map("", ",", "=") == ([], [])
    with pytest.raises(TrinoError, match="Duplicate keys"):
        texts.split_to_map("a=1,a=2", ",", "=")
    with pytest.raises(TrinoError, match="exactly once"):
        texts.split_to_map("a=1=2", ",", "=")


def test_each_sequence_that_is_no_character_is_replaced_once() -> None:
    assert texts.from_utf8(b"X\xbf\xbf", "#") == "X##"
    assert texts.from_utf8(b"\xed\xa0\x80!", "#") == "#!"
    assert texts.from_utf8(b"\xe4\xbd", "") == ""


@pytest.mark.parametrize(
    ("text", "code"), [("jim", "J500"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("x123", "X000")]
)
def test_soundex(text: str, code: str) -> None:
    assert texts.soundex(text) == code


def test_sizes_and_counts() -> None:
    assert texts.parse_data_size("2.3MB") == Decimal(2411724)
    assert maths.format_number(123456) == "123K"
    assert maths.format_number(-1500) == "-1.5K"
    with pytest.raises(TrinoError):
        texts.parse_data_size("1KB")


def test_padding_of_base64_may_be_left_out_but_not_halved() -> None:
    assert binary.from_base64("YQ") == binary.from_base64("YQ==") == b"a"
    for bad in ("YQ=", "Y", "a-b_"):
        with pytest.raises(TrinoError):
            binary.from_base64(bad)


def test_a_text_that_is_no_url_has_no_parts() -> None:
    assert urls.url_extract_host("foo bar") is None
    assert urls.url_extract_host("http://user@example.com:80/a%20b") == "example.com"
    assert urls.url_extract_path("http://example.com/a%20b") == "/a b"
    assert urls.url_extract_port("http://example.com/") is None
    assert urls.url_encode("a b~*é") == "a+b%7E*%C3%A9"


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "expected"),
    [
        ("wxyz", "(?<xyz>[xyz])", "${xyz}${xyz}", "wxxyyzz"),
        ("fun", "(u)", r"\$$1", "f$un"),
        ("abc", "", "-", "-a-b-c-"),
        ("aBc", "a(?i)b", "x", "xc"),
        ("hello", "[a-z&&[^l]]", "-", "--ll-"),
        ("a.b", r"\Q.\E", "!", "a!b"),
    ],
)
def test_patterns_and_replacements_are_javas(text: str, pattern: str, replacement: str, expected: str) -> None:
    assert regexps.regexp_replace(text, pattern, replacement) == expected


def test_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(TrinoError, match="unknown group"):
        regexps.regexp_replace("a", "a", "$1")
    with pytest.raises(TrinoError, match="Pattern has 0 groups"):
        regexps.regexp_extract("a", "a", 1)


@pytest.mark.parametrize("pattern", ["a++", "(?<n>a)", "[a&&b]", r"\bx", "a*", "é"])
def test_what_re2_reads_otherwise_does_not_run_natively(pattern: str) -> None:
    assert regexps.native(pattern, may_be_empty=False) is None


def test_white_space_has_the_vertical_tab() -> None:
    assert regexps.native(r"\s[\s\\s]", may_be_empty=False) == r"[\t-\r ][\t-\r \\s]"


@pytest.mark.parametrize(
    ("pattern", "arguments", "expected"),
    [
        ("%2$s %1$s", ["a", "b"], "b a"),
        ("%05d|%-4d|%,d", [42, 7, -1234567], "00042|7   |-1,234,567"),
        ("%.2f %e", [Decimal("0.125"), 12345.678], "0.13 1.234568e+04"),
        ("%x %b %s %%", [-1, True, None], "ffffffffffffffff true null %"),
        ("%s", [1e7], "1.0E7"),
    ],
)
def test_format_writes_as_java_does(pattern: str, arguments: list[object], expected: str) -> None:
    assert formats.format_(pattern, *arguments) == expected


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("replace('abc', '', '-')", "-a-b-c-"),
        ("upper('straße')", "STRAßE"),
        ("levenshtein_distance('信念', '信仰')", 1),
        ("rtrim(CAST('hello  ' AS char(7)), 'o')", "hell"),
        ("'a ' || CAST('b' AS char(2))", "a b"),
        ("split_part('a.b', '.', 3)", None),
        ("split('a.b.c', '.', 2)", ["a", "b.c"]),
        ("split_to_multimap('a=1,a=2', ',', '=')", {"a": ["1", "2"]}),
        ("VARBINARY 'abc'", b"abc"),
        ("substr(VARBINARY 'abc', -2, 1)", b"b"),
        ("from_ieee754_64(to_ieee754_64(1.5))", 1.5),
        ("regexp_like('ab' || chr(10), 'b$')", True),
        ("regexp_extract('é1', '\\w\\d')", None),
        ("regexp_like('é', '[[:alpha:]]')", True),
        ("regexp_like('aé', 'a\\b')", False),
        ("regexp_extract('a1', '\\w\\d')", "a1"),
        ("regexp_replace('new york', '(\\w)(\\w*)', x -> upper(x[1]) || x[2])", "New York"),
        ("regexp_replace('abde', 'ab(c)?de', x -> x[1])", None),
        ("format('%s %s', TIMESTAMP '2020-01-01 00:00:00', CAST('a' AS char(2)))", "2020-01-01T00:00 a "),
        ("format('%1$tA %1$te', DATE '2006-07-04')", "Tuesday 4"),
        ("normalize('㈱', NFKC)", "(株)"),
        ("try(from_hex('0'))", None),
        ("word_stem('generally')", "general"),
        ("word_stem('accessories', 'en')", "accessori"),
        ("word_stem('ã', 'pt')", "ã"),
        ("concat_ws(CAST(NULL AS varchar), ARRAY['a'])", None),
        ("concat_ws('-', ARRAY['a', NULL, 'b'])", "a-b"),
        ("typeof(replace('abc', 'b', 'xy'))", "varchar(11)"),
        ("typeof(regexp_replace('abc', 'b', '1234'))", "varchar(27)"),
        ("typeof(split('abc', 'b'))", "array(varchar(3))"),
        ("typeof(url_encode('é'))", "varchar(12)"),
        ("lpad('x', -1, CAST(NULL AS varchar))", None),
        ("substr('abc', -1, CAST(NULL AS bigint))", None),
        ("U&'d\\0061t\\+000061'", "data"),
        ("concat('ab ', CAST('' AS char(0)))", "ab"),
        ("format('%s', DATE '-0001-01-01')", "-0001-01-01"),
        ("format('%h', 'abc')", "17862"),
        ("parse_data_size('2.5MB')", 2621440),
        ("format_number(1.5e0)", "1"),
        ("format_number(12345)", "12.3K"),
        ("CAST(0e0 AS varchar)", "0E0"),
        ("CAST('-NaN' AS double) = 1e0", False),
    ],
)
def test_an_expression_has_trinos_value(expression: str, value: object) -> None:
    assert run(f"SELECT {expression}") == [(value,)]


@pytest.mark.parametrize("expression", ["split('a', '')", "lpad('a', -1, 'x')", "chr(-1)", "luhn_check('a')"])
def test_an_invalid_argument_is_refused(expression: str) -> None:
    with pytest.raises(duckdb.Error, match="INVALID_FUNCTION_ARGUMENT"):
        run(f"SELECT {expression}")


def test_a_code_point_is_of_one_character() -> None:
    with pytest.raises(FunctionNotFound):
        run("SELECT codepoint('ab')")


@pytest.mark.parametrize(
    "expression",
    [
        "CAST(1 AS char(3))",
        "CAST(CAST('1' AS char(3)) AS bigint)",
        "JSON '1' < JSON '2'",
        "'ab' LIKE CAST('ab' AS char(2))",
    ],
)
def test_types_that_do_not_go_together_are_refused(expression: str) -> None:
    with pytest.raises(TypeMismatch):
        run(f"SELECT {expression}")
