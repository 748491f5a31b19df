"""What Athena takes of a statement: docs.aws.amazon.com/athena/latest/ug/service-limits.html"""

MAX_SQL_BYTES = 262_144
