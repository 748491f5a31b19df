"""What Athena asks for a query."""

from __future__ import annotations

# aws.amazon.com/athena/pricing: per terabyte scanned, with a minimum a query. A terabyte of 10^12 bytes is the dearer reading.
USD_PER_TERABYTE = 5
TERABYTE = 10**12
LEAST_BILLED_BYTES = 10_000_000


def cost_usd(scanned: int) -> float:
    """Say what Athena asks for a query that scans this much; a query that reads no file is free."""
    return max(scanned, LEAST_BILLED_BYTES) / TERABYTE * USD_PER_TERABYTE if scanned else 0.0
