"""Athena as an engine: a query's life on the service, and its rows as Arrow."""

from lake.engine.athena.engine import AthenaEngine

__all__ = ["AthenaEngine"]
