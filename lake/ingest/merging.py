"""Which small files of a partition the next delivery takes into its own, so that few are left."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lake.model import StoredObject

LARGE_BYTES = 128 << 20
"""Files of this size are left alone: larger ones are no faster to read."""

GROWTH = 2
DELIVERED_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{10}-\d{5}\.parquet")
"""How a write names its files (`lake.write.places`); what somebody else has put there is left alone."""


def files_to_merge(files: Sequence[StoredObject], incoming: int) -> list[StoredObject]:
    """Return those that are at most twice the size of all smaller ones and `incoming` bytes together.

    Each file that is left is then larger than twice the sum of those below it: a partition holds about as many as the
    logarithm of its size to base 3, and a row is written again as often.
    """
    total = incoming
    chosen: list[StoredObject] = []
    for file in sorted(files, key=lambda file: file.size):
        if file.size >= LARGE_BYTES or not DELIVERED_NAME.fullmatch(file.location.rpartition("/")[2]):
            continue
        if file.size > GROWTH * total:
            break
        chosen.append(file)
        total += file.size
    return chosen
