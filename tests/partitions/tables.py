"""Short ways to say what a test's table is."""

from __future__ import annotations

from typing import Any

from lake.model import Column, StorageDescriptor, Table

LOCATION = "s3://lake/web/clicks/"
DESCRIPTOR = StorageDescriptor(columns=(Column("visitor", "string"),), input_format="parquet")


def partitioned_by(template: str | None = None, /, location: str = LOCATION, **keys: str) -> Table:
    """Make `web.clicks` with the given keys; `dt__format="yyyy/MM/dd"` declares `projection.dt.format`."""
    columns, parameters = [], {}
    for name, text in keys.items():
        key, declares, what = name.partition("__")
        if declares:
            parameters[f"projection.{key}.{what}"] = text
        else:
            columns.append(Column(name, text))
    if template is not None:
        parameters["storage.location.template"] = template
    options: dict[str, Any] = {"parameters": parameters} if parameters else {}
    return Table("web", "clicks", DESCRIPTOR, location=location, partition_keys=tuple(columns), **options)
