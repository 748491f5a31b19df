import click
import pytest

from lake.commands.console.amounts import ByteSize, Seconds, counted, show_bytes, show_usd
from lake.price import cost_usd


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500000", 500_000),
        ("1_000", 1000),
        ("10MB", 10_000_000),
        ("10mb", 10_000_000),
        ("10M", 10_000_000),
        ("1GiB", 2**30),
        ("1.5 kB", 1500),
        ("2TB", 2 * 10**12),
        ("7B", 7),
    ],
)
def test_a_size_is_read(text, size):
    assert ByteSize().convert(text, None, None) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1XB", "10 MiBs", "1iB", "1e9"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(click.BadParameter, match="no size"):
        ByteSize().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("1.5", 1.5), ("500ms", 0.5), ("30s", 30), ("5m", 300), ("2h", 7200), ("1min", 60)],
)
def test_a_span_of_time_is_read(text, seconds):
    assert Seconds().convert(text, None, None) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["0", "-5", "5d", "", "fast"])
def test_what_is_no_span_of_time_is_refused(text):
    with pytest.raises(click.BadParameter, match="no span of time"):
        Seconds().convert(text, None, None)


def test_athena_charges_at_least_ten_megabytes_and_nothing_for_no_file():
    assert cost_usd(0) == 0
    assert cost_usd(1) == cost_usd(10_000_000) == pytest.approx(0.00005)
    assert cost_usd(10**12) == pytest.approx(5)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes_are_shown_in_round_units(size, text):
    assert show_bytes(size) == text


def test_dollars_keep_their_small_digits():
    assert [show_usd(amount) for amount in (0, 1e-7, 1.23e-12, 0.00005, 0.0125, 0.1, 12.345)] == [
        "0 USD",
        "0.0000001 USD",
        "0.00000000000123 USD",
        "0.00005 USD",
        "0.0125 USD",
        "0.10 USD",
        "12.35 USD",
    ]


def test_nouns_agree_with_their_number():
    assert [counted(0, "row"), counted(1, "row"), counted(2000, "row"), counted(1000, "row", more=True)] == [
        "0 rows",
        "1 row",
        "2,000 rows",
        "1,000+ rows",
    ]
