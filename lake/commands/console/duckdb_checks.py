"""Whether DuckDB can read the lake's files by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lake.commands.console.amounts import show_bytes
from lake.commands.console.aws_account import Account, not_tried
from lake.commands.console.aws_probe import within
from lake.commands.console.checks import OK, Check

if TYPE_CHECKING:
    import duckdb

READ_SECONDS = 10.0


def check_reader(account: Account) -> Iterator[Check]:
    from lake.engine.httpfs import connect, extension

    with connect() as instance:
        yield Check("httpfs", OK, f"loaded from {extension()}")
        if account.file is None:
            yield not_tried("a file by DuckDB", "no file was found")
            return
        size = within(READ_SECONDS, lambda: _size(instance, account, account.file or ""), account.file)
        yield Check("a file by DuckDB", OK, f"{account.file}, {show_bytes(size)}")


def _size(instance: duckdb.DuckDBPyConnection, account: Account, location: str) -> int:
    """Have httpfs ask for a file, with the secret that a query would have; nothing of its content is read."""
    import duckdb

    from lake.aws.parts import state_folder
    from lake.engine.httpfs import add_secrets
    from lake.engine.remote_faults import told
    from lake.engine.remote_files import RemoteAccess, url_of
    from lake.storage.s3 import ObjectStorage, place_of

    place = place_of(location)
    url = url_of(place.bucket, place.key)
    access = RemoteAccess(ObjectStorage(account.connection), state_folder())
    add_secrets(instance, [access.secret(place.bucket, (url,))])
    instance.execute("SET GLOBAL http_retries = 0; SET GLOBAL http_timeout = 5")
    try:
        found = instance.execute("SELECT size FROM read_blob(?)", [url]).fetchone()
    except duckdb.Error as failure:
        raised = told(failure, [location], {}, account.options.profile)
        if raised is None:
            raise
        raise raised from failure
    return int(found[0]) if found else 0
