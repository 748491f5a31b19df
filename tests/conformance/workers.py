"""Asks cases in processes of their own, so that one that hangs or dies costs its own case alone."""

from __future__ import annotations

import multiprocessing
import queue
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Self

from tests.conformance.adapter import Asker
from tests.conformance.cases import Case
from tests.conformance.lakes import make_empty_lake
from tests.conformance.verdicts import Verdict, judge

PROCESSES = multiprocessing.get_context("spawn")
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 2.0
"""What a query that was stopped may still take before its process is killed."""

Judge = Callable[[Case, Asker], Verdict]
Lakes = dict[str | None, Path]


def judge_in_time(case: Case, asker: Asker) -> Verdict:
    return judge(case, asker, limit=case.limit)


class Worker:
    """One process, started anew when it is gone. A context manager."""

    def __init__(self, lakes: Lakes, judge: Judge = judge_in_time) -> None:
        self._arguments = (lakes, judge)
        self._start()

    def judge(self, case: Case) -> Verdict:
        try:
            self._connection.send(case)
            if self._connection.poll(case.limit + SECONDS_TO_STOP):
                return self._connection.recv()  # type: ignore[no-any-return]
            verdict = Verdict("timeout", f"no answer after {case.limit:g} s")
        except (EOFError, OSError):
            self._process.join()
            verdict = Verdict("crash", f"its process ended with {self._process.exitcode}")
        self._end()
        self._start()
        return verdict

    def _start(self) -> None:
        self._connection, other = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=serve, args=(other, *self._arguments), daemon=True)
        self._process.start()
        other.close()
        if not self._connection.poll(SECONDS_TO_START):
            raise TimeoutError("a process of the conformance cases does not start")
        self._connection.recv()

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end()


def serve(connection: Connection, lakes: Lakes, judge: Judge) -> NoReturn:
    """Answer each case that comes with its verdict, until the other side is gone."""
    with tempfile.TemporaryDirectory() as folder, Asker(lakes | {None: make_empty_lake(Path(folder))}) as asker:
        connection.send("ready")
        while True:
            connection.send(judge(connection.recv(), asker))


def judge_all(cases: Iterable[Case], lakes: Lakes, *, processes: int) -> Iterator[tuple[Case, Verdict]]:
    """Yield verdicts as they come, before anything is credited."""
    workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()

    def judge_one(case: Case) -> tuple[Case, Verdict]:
        worker = workers.get()
        try:
            return case, worker.judge(case)
        finally:
            workers.put(worker)

    started = [Worker(lakes) for _ in range(processes)]
    for worker in started:
        workers.put(worker)
    try:
        with ThreadPoolExecutor(processes) as threads:
            yield from threads.map(judge_one, cases)
    finally:
        for worker in started:
            worker.__exit__()
