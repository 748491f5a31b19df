"""Asks Trino for the answers that files of cases lack: `python -m tests.oracle.record tests/sql/cases/*.sql`.

`--again` asks for all of them, and `--differing` prints what we answer otherwise.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import lake
from tests.conformance.adapter import Asker
from tests.oracle.answers import ask_ours, difference, shown
from tests.oracle.client import Trino, trino
from tests.sql.case_files import Case, read_cases, write_cases


def main() -> None:
    files = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    with trino() as oracle:
        for file in files:
            top, cases = read_cases(file)
            write_cases(file, top, [answered(oracle, case, again="--again" in sys.argv) for case in cases])
    if "--differing" in sys.argv:
        print_differing(files)


def answered(oracle: Trino, case: Case, *, again: bool) -> Case:
    return case if case.said is not None and not again else replace(case, said=oracle.ask(case.sql))


def print_differing(files: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake.create_lake(Path(folder, "lake"))
        with Asker({None: Path(folder, "lake")}) as asker:
            for case in (case for file in files for case in read_cases(file)[1]):
                ours = ask_ours(asker, case.sql)
                assert case.said is not None
                if kind := difference(case.sql, case.said, ours):
                    print(f"{kind}: {shown(case.sql, case.said, ours)}")


if __name__ == "__main__":
    main()
