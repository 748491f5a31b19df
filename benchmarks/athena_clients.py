"""Clients of Athena, each in a process of its own: `python athena_clients.py NAME` runs the queries that it reads, a line each.

It answers each with a line of JSON: the query's id, the seconds from asking to having the rows, and the rows.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Asked = tuple[str, list[list[Any]]]
DATABASE = "default"


def tap_lake() -> Callable[[str], Asked]:
    import tempfile
    import uuid
    from pathlib import Path

    from lake.aws.connection import AwsConnection, AwsOptions
    from lake.clock import SystemClock
    from lake.engine.athena import AthenaEngine
    from lake.engine.request import QueryRequest

    engine = AthenaEngine(AwsConnection(AwsOptions()), clock=SystemClock(), temp_folder=Path(tempfile.mkdtemp()))

    def ask(sql: str) -> Asked:
        execution = engine.wait(engine.submit(QueryRequest(sql, DATABASE, str(uuid.uuid4()))).id)
        return execution.id, [list(row) for row in engine.result(execution.id)]

    return ask


def pyathena() -> Callable[[str], Asked]:
    from pyathena import connect

    cursor = connect(schema_name=DATABASE).cursor()

    def ask(sql: str) -> Asked:
        cursor.execute(sql)
        return cursor.query_id, [list(row) for row in cursor.fetchall()]

    return ask


def awswrangler() -> Callable[[str], Asked]:
    import awswrangler as wr

    def ask(sql: str) -> Asked:
        # Its default wraps a query into a CREATE TABLE, which takes longer.
        frame = wr.athena.read_sql_query(sql, database=DATABASE, ctas_approach=False)
        return frame.query_metadata["QueryExecutionId"], frame.values.tolist()

    return ask


CLIENTS = {"tap_lake": tap_lake, "pyathena": pyathena, "awswrangler": awswrangler}


def main(name: str) -> None:
    ask = CLIENTS[name]()
    for line in sys.stdin:
        started = time.perf_counter()
        execution_id, rows = ask(line.strip())
        print(json.dumps({"id": execution_id, "seconds": time.perf_counter() - started, "rows": rows}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
