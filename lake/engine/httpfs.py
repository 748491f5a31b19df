"""DuckDB's own reader of S3: the extension httpfs, and the secrets by which it signs what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from lake.engine.readers.literals import text, texts
from lake.errors import StorageFailed

PACKAGE = "duckdb_extension_httpfs"
RETRYING = {"http_retries": 6, "http_retry_wait_ms": 50, "http_retry_backoff": 2}
"""A call that fails three times in ten fails for good once in five thousand. Refusals are repeated too: for three seconds."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens prefixes of one bucket: whose credentials, at which endpoint. `path_style` puts the bucket behind the host."""

    prefixes: tuple[str, ...]
    key_id: str = field(repr=False)
    key: str = field(repr=False)
    token: str | None = field(repr=False)
    region: str
    endpoint: str
    path_style: bool
    use_ssl: bool
    ca_file: str | None = None
    """Of certificates that sign the endpoint's, where they are not those of the machine."""


def connect() -> duckdb.DuckDBPyConnection:
    """Open an instance with httpfs, not yet locked, which knows of no credentials.

    The extension comes in a wheel like DuckDB itself. To check its signature as well takes a hundred times as long as
    to load it; once external access is off no extension can be loaded, signed or not.
    """
    instance = duckdb.connect(":memory:", config={"allow_unsigned_extensions": "true"})
    instance.execute("SET GLOBAL allow_persistent_secrets = false")
    instance.execute(f"LOAD {text(str(extension()))}")
    # Loaded, it takes the environment's credentials for settings, which every query could read.
    for name in ("s3_access_key_id", "s3_secret_access_key", "s3_session_token"):
        instance.execute(f"SET GLOBAL {name} = ''")
    # Keys are taken as they are: no patterns, and no `?s3_endpoint=…` that would lead signed requests elsewhere.
    instance.execute("SET GLOBAL s3_url_compatibility_mode = true")
    # DuckDB's own are fewer, each after four times as long as the one before.
    for name, value in RETRYING.items():
        instance.execute(f"SET GLOBAL {name} = {value}")
    return instance


def add_secrets(instance: duckdb.DuckDBPyConnection, secrets: Iterable[Secret]) -> None:
    """Have an instance sign what it asks for below the secrets' prefixes."""
    for number, secret in enumerate(sorted(secrets, key=lambda each: each.prefixes)):
        options = {
            "KEY_ID": text(secret.key_id),
            "SECRET": text(secret.key),
            "REGION": text(secret.region),
            "ENDPOINT": text(secret.endpoint),
            "URL_STYLE": text("path" if secret.path_style else "vhost"),
            "USE_SSL": "true" if secret.use_ssl else "false",
            "SCOPE": texts(secret.prefixes),
        }
        if secret.ca_file:
            instance.execute(f"SET GLOBAL ca_cert_file = {text(secret.ca_file)}")
        if secret.token:
            options["SESSION_TOKEN"] = text(secret.token)
        listed = ", ".join(f"{name} {value}" for name, value in options.items())
        instance.execute(f"CREATE SECRET secret{number} (TYPE s3, {listed})")


@cache
def extension() -> Path:
    """Return the file of the extension for this version of DuckDB; raise StorageFailed where it is not installed."""
    found = find_spec(PACKAGE)
    for folder in found.submodule_search_locations or () if found else ():
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
        if path.is_file():
            return path
    raise StorageFailed(
        f"DuckDB {duckdb.__version__} has no extension httpfs here, by which it reads S3",
        hint=f"pip install 'duckdb-extension-httpfs=={duckdb.__version__}'",
    )
