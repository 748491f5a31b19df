"""Where the partitions of a write lie: those that the catalog has, however their values are spelled, and those to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lake.errors import CatalogFailed, WriteRefused
from lake.interfaces import Catalog
from lake.model import KeyBounds, Partition, Refusal, Table
from lake.partitions.layouts.layout import Layout, hive_path, layout_of
from lake.write.keys import Values, spellings
from lake.write.places import as_folder


def places_of(catalog: Catalog, table: Table, wanted: Sequence[Values]) -> tuple[dict[Values, str], list[Partition]]:
    """Return the location of each partition, and those that must be registered for that."""
    if not table.partition_keys:
        assert table.location is not None
        return dict.fromkeys(wanted, as_folder(table.location)), []
    layout = layout_of(table)
    known = known_partitions(catalog, table, layout, wanted)
    places, added = {}, []
    for values in wanted:
        partitions = known.get(layout.identity(values))
        if partitions:
            partition = partitions[0]
            if not partition.descriptor.is_parquet:
                text = hive_path(layout.names, partition.values)
                raise WriteRefused(str(table.full_name), None, f"its partition {text} holds no Parquet")
        else:
            partition = Partition(values, layout.location(values), table.descriptor)
            added.append(partition)
        places[values] = partition.location
    return places, added


def known_partitions(
    catalog: Catalog, table: Table, layout: Layout, wanted: Iterable[Values]
) -> dict[Values, list[Partition]]:
    """Find the registered partitions of these values, however they are spelled; those spelled alike come first."""
    wanted = set(wanted)
    texts = [spellings(values, table.partition_keys) for values in wanted]
    bounds = [
        KeyBounds(key.name, frozenset(text for spelled in texts for text in spelled[index]))
        for index, key in enumerate(table.partition_keys)
    ]
    identities = {layout.identity(values) for values in wanted}
    known: dict[Values, list[Partition]] = {}
    for partition in catalog.list_partitions(table, bounds):
        identity = layout.identity(partition.values)
        if identity in identities:
            partitions = known.setdefault(identity, [])
            partitions.insert(0 if partition.values in wanted else len(partitions), partition)
    return known


def check_taken(refused: Sequence[Refusal], table: Table) -> None:
    if refused:
        text = hive_path((key.name for key in table.partition_keys), refused[0].values)
        raise CatalogFailed(f"table {str(table.full_name)!r} did not take partition {text}: {refused[0].message}")
