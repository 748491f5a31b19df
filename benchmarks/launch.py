"""Runs a command and says on stdout how long it took and its peak memory, as JSON; its stderr is ours.

Linux counts a process's memory before its exec too, so a command started by a large process seems large itself. This small one
stands between: `python -I -S launch.py COMMAND…`. It ends with the command's exit code.
"""

import json
import os
import sys
import time


def main() -> int:
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, 0), (os.POSIX_SPAWN_DUP2, nowhere, 1)]
    started = time.perf_counter()
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=streams)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak_mib": usage.ru_maxrss / 1024}))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
