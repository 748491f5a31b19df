"""One ingest of some files, as a program for others to kill: `ingest_once.py FOLDER EVENTS ACKS`.

Each file or folder in the folder EVENTS is taken, `strict` whole or not at all, and delivered in the end. A line of ACKS, which
lies outside the lake, names one whose events were acknowledged.
"""

import os
import sys
from pathlib import Path

import lake
from lake import Lake


def main(folder: str, events: str, acks: str) -> None:
    Path(acks).write_bytes(b"")
    with lake.connect(folder) as db:
        take_all(db, Path(events), Path(acks))


def take_all(db: Lake, events: Path, acks: Path) -> None:
    for path in sorted(events.iterdir()):

        def acknowledge(segment: str, count: int, name: str = path.name) -> None:
            descriptor = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(descriptor, f"{name}\n".encode())
            os.close(descriptor)

        db.ingest(path, strict=path.name == "strict", deliver=False, on_ack=acknowledge)
    db.deliver()


if __name__ == "__main__":
    main(*sys.argv[1:])
