"""The interpreter of one page's Python blocks: a block as JSON on each line of stdin, "" or what went wrong on each line of stdout."""

import doctest
import io
import json
import os
import sys
import traceback
from contextlib import redirect_stdout
from typing import Any

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_block(code: str, line: int, names: dict[str, Any]) -> str:
    """Return what went wrong, or ""."""
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            if ">>> " not in code:
                exec(compile("\n" * (line - 1) + code, "<page>", "exec"), names)
                return ""
            example = doctest.DocTestParser().get_doctest(code, names, "page", "page", line - 1)
            runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
            runner.run(example, clear_globs=False)
            names.update(example.globs)
    except Exception:  # noqa: BLE001 - whatever an example raises is reported as its failure
        return traceback.format_exc()
    return printed.getvalue() if runner.failures else ""


def main() -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    answers = sys.stdout
    for request in map(json.loads, sys.stdin):
        os.chdir(request["cd"])
        os.environ.update(request["environment"])
        answers.write(json.dumps(run_block(request["code"], request["line"], names)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
