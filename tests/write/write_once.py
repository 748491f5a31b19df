"""One write, as a program for others to kill: `write_once.py FOLDER MODE DATA.arrow`."""

import sys
from pathlib import Path

import pyarrow as pa

from lake.clock import SystemClock
from lake.settings import WriteSettings
from tests.write.place import Place

TABLE = "default.t"


def main(folder: str, mode: str, data: str) -> None:
    # A small chunk, so that data are spilled on the way.
    place = Place(Path(folder), SystemClock(), WriteSettings(chunk_bytes=64))
    with pa.OSFile(data) as file:
        print(place.write(pa.ipc.open_stream(file), TABLE, partition_by=("day",), mode=mode))
    place.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
