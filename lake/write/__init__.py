"""Writing data sets into tables: staged beside, made valid by one transaction, finished by whoever comes next."""

from lake.write.writer import MODES, WriteOptions, Writer, Written

__all__ = ["MODES", "WriteOptions", "Writer", "Written"]
