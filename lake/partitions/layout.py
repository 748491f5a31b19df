"""How a table's paths and its partition values stand for each other."""

from __future__ import annotations

from lake.partitions.names import hive_path, partition_text

__all__ = ["hive_path", "partition_text"]
