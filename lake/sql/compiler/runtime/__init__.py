"""Python bodies of functions: pure, and without DuckDB."""
