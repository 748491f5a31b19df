"""Partitions that a table declares by rule instead of registering them."""
