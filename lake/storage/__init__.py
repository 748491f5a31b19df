"""Where objects lie: one file a backend, each held to `lake.interfaces.Storage`."""
