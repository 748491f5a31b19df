"""All of a table's 100,000 partitions out of Glue, 30 ms a call: where each lies. Glue is the tests' fake, in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import awswrangler

from benchmarks.measure import Benchmark, at_least
from benchmarks.slow_glue import slow_catalog, slow_glue, slow_session
from lake.model import TableName

PARTITIONS = 100_000


@contextmanager
def setup() -> Iterator[None]:
    """Serve the table until the end; ask for it once, since the fake keeps the answers that it has written."""
    with slow_glue("--partitions", str(PARTITIONS)):
        ours()
        peer()
        yield


def ours() -> None:
    table = slow_catalog().get_table(TableName("web", "clicks"))
    found = {each.location: each.values for each in slow_catalog().list_partitions(table, columns=False, ordered=False)}
    assert len(found) == PARTITIONS


def peer() -> None:
    found = awswrangler.catalog.get_partitions("web", "clicks", boto3_session=slow_session())
    assert len(found) == PARTITIONS


BENCHMARKS = [Benchmark("100,000 Glue partitions", at_least(6), ours=ours, peer=peer, setup=setup)]
