"""Athena's statements about databases, tables, partitions and views: parsed, planned and run in that order."""
