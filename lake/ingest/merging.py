"""Which small files of a partition the next delivery takes into its own, so that few are left."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lake.model import StoredObject

LARGE_BYTES = 128 << 20
"""Files of this size are left alone: larger ones are no faster to read."""

SMALL_FILES = 8
"""As many may lie beside the large ones."""

LEAST = 4
GROWTH = 2
DELIVERED_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{10}-\d{5}\.parquet")
"""How a write names its files (`lake.write.places`); what somebody else has put there is left alone."""


def files_to_merge(files: Sequence[StoredObject]) -> list[StoredObject]:
    """Return none until there are SMALL_FILES to choose from; then those that are at most twice all smaller ones together.

    What is left is larger than twice the sum of what was merged, so a row is written again about as often as the logarithm
    of the number of deliveries.
    """
    small = sorted((file for file in files if _may_merge(file)), key=lambda file: file.size)
    if len(small) < SMALL_FILES:
        return []
    chosen, total = small[:LEAST], sum(file.size for file in small[:LEAST])
    for file in small[LEAST:]:
        if file.size > GROWTH * total:
            break
        chosen.append(file)
        total += file.size
    return chosen


def _may_merge(file: StoredObject) -> bool:
    name = file.location.rpartition("/")[2]
    return file.size < LARGE_BYTES and DELIVERED_NAME.fullmatch(name) is not None
