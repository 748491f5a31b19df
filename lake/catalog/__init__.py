"""Where tables and partitions are registered: one file a backend, each held to `lake.interfaces.Catalog`."""
