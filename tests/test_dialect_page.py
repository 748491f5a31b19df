"""The list of functions that the page shows is what the compiler has."""

from tests.dialect_page import BEGIN, END, PAGE, listing


def test_the_page_lists_the_functions_as_they_are() -> None:
    shown = PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == listing().strip(), "python -m tests.dialect_page writes the list anew"
