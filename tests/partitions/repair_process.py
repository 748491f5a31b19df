"""Repairs `web.clicks` of a folder in a process of its own: plans, says so, waits for a line, applies, prints what it did."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lake.clock import SystemClock
from lake.model import TableName
from lake.partitions.diff.full import plan_repair
from lake.partitions.repair.apply import apply
from tests.partitions.directory import open_directory


def main() -> None:
    catalog, storage = open_directory(Path(sys.argv[1]))
    plan = plan_repair(catalog, storage, catalog.get_table(TableName("web", "clicks")), clock=SystemClock())
    print(len(plan.changes), flush=True)
    sys.stdin.readline()
    report = apply(catalog, storage, plan, clock=SystemClock())
    print(json.dumps([len(report.added), len(report.already_there), len(report.refused)]))
    catalog.close()


if __name__ == "__main__":
    main()
