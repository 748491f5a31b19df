"""Millions of timestamps as text, as `events.TIMESTAMP` reads each of them.

Texts that have the same length and the same characters where these are no digits are of one form. The form is found by the
scalar rule on one text; the digits of all the others stand at the same places, so they are a matrix.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pyarrow as pa

from lake.ingest.columns.texts import Bytes, Mask, Whole, bytes_of, is_valid, offsets_of
from lake.ingest.events import END, FIRST, TIMESTAMP

SHORTEST, LONGEST = 10, 35
FORMS_OF_A_LENGTH = 8
FIRST_MS, END_MS = int(FIRST.timestamp() * 1000), int(END.timestamp() * 1000)
WEIGHTS = {
    1: (1000, 100, 10, 1),
    2: (10, 1),
    3: (10, 1),
    4: (10, 1),
    5: (10, 1),
    6: (10, 1),
    7: (100, 10, 1),
    10: (10, 1),
    11: (10, 1),
}
"""What each digit of a group of `events.TIMESTAMP` counts; digits after the third of a second count nothing."""


def read_instants(texts: pa.Array) -> tuple[Whole, Mask]:
    """Return milliseconds since 1970, and which texts were read for certain; the others are for the scalar rule."""
    found, certain = np.zeros(len(texts), np.int64), np.zeros(len(texts), bool)
    offsets = offsets_of(texts)
    lengths = np.where(is_valid(texts), np.diff(offsets), 0)
    for length in np.unique(lengths):
        if SHORTEST <= length <= LONGEST:
            _read_length(bytes_of(texts), offsets, np.flatnonzero(lengths == length), int(length), found, certain)
    return found, certain


def _read_length(data: Bytes, offsets: Whole, rows: Whole, length: int, found: Whole, certain: Mask) -> None:
    starts = offsets[:-1]
    if len(rows) == len(starts):
        matrix = data[starts[0] : starts[0] + len(rows) * length].reshape(-1, length)
    else:
        matrix = data[starts[rows][:, None] + np.arange(length)]
    for _ in range(FORMS_OF_A_LENGTH):
        if not len(rows):
            return
        same: Mask = np.arange(len(rows)) == 0
        form = TIMESTAMP.fullmatch(matrix[0].tobytes().decode("latin-1"))
        if form is not None:
            places = _digits(matrix[0])
            digits = matrix - np.where(places, ord("0"), matrix[0])
            same = np.asarray((digits <= np.where(places, 9, 0)).all(axis=1))
            alike = rows if same.all() else rows[same]
            found[alike], certain[alike] = _evaluate(form, digits if same.all() else digits[same])
        matrix, rows = matrix[~same], rows[~same]


def _digits(text: Bytes) -> Mask:
    return (text >= ord("0")) & (text <= ord("9"))


def _evaluate(form: re.Match[str], digits: Bytes) -> tuple[Whole, Mask]:
    year, month, day, hour, minute, second, millis, hours, minutes = _numbers(form, digits)
    months = np.clip(year * 12 + month - 1, 0, len(_month_starts()) - 2)
    month_start = _month_starts()[months]
    certain = (month >= 1) & (month <= 12) & (day >= 1) & (day <= _month_starts()[months + 1] - month_start)
    certain &= (hour < 24) & (minute < 60) & (second < 60) & (hours < 24) & (minutes < 60)
    offset = (hours * 60 + minutes) * (-1 if form[9] == "-" else 1)
    since = (((month_start + day - 1) * 24 + hour) * 60 + minute - offset) * 60 + second
    since = since * 1000 + millis
    return since, certain & (since >= FIRST_MS) & (since < END_MS)


def _numbers(form: re.Match[str], digits: Bytes) -> list[Whole]:
    # Not a product of matrices: the threads of a BLAS cost more than they give here.
    return [_number(form.span(group), counts, digits) for group, counts in WEIGHTS.items()]


def _number(span: tuple[int, int], counts: tuple[int, ...], digits: Bytes) -> Whole:
    number = np.zeros(len(digits), np.int64)
    for place, weight in zip(range(*span), counts, strict=False):
        number += np.multiply(digits[:, place], weight, dtype=np.int16)
    return number


@cache
def _month_starts() -> Whole:
    """Return the first day of every month of the years 0 to 9999, as days since 1970, and of the month behind them."""
    months = np.arange(-1970 * 12, (10000 - 1970) * 12 + 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)
