"""Trino's answers to queries without tables: one process, asked a query at a time.

with trino() as oracle:
    oracle.ask("SELECT 5 / 2")        # Said(types=("integer",), rows=[[2]])
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tests.oracle.answers import Said
from tests.oracle.jars import class_path
from tests.servers import stop

MEMORY = "-Xmx2g"


class Trino:
    def __init__(self, queries: IO[bytes], answers: IO[bytes]) -> None:
        self._queries = queries
        self._answers = answers
        self._said: dict[str, Said] = {}

    def ask(self, sql: str) -> Said:
        if sql not in self._said:
            self._queries.write(json.dumps(sql).encode() + b"\n")
            self._queries.flush()
            line = self._answers.readline()
            assert line, f"Trino ended at: {sql}"
            answer = json.loads(line)
            self._said[sql] = Said(
                tuple(answer.get("types", ())),
                tuple(answer.get("rows", ())),
                answer.get("error"),
                answer.get("message", ""),
            )
        return self._said[sql]


@contextmanager
def trino() -> Iterator[Trino]:
    # UTC, as Athena runs; the first compiler alone, since a query is run once.
    argv = ["java", MEMORY, "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC", "-cp", class_path(), "Oracle"]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Trino(process.stdin, process.stdout)
    finally:
        stop(process)
        process.stdin.close()
        process.stdout.close()
