"""Golden files: what was printed once, looked at, and kept in `tests/golden/`."""

import difflib
import os
from pathlib import Path

FOLDER = Path(__file__).with_name("golden")


def golden(name: str, actual: str | bytes) -> None:
    """Assert that `actual` is what `tests/golden/<name>` holds, byte for byte.

    With UPDATE_GOLDEN=1 the file is written instead; look at the diff before you commit it.
    """
    path = FOLDER / name
    actual_bytes = actual.encode() if isinstance(actual, str) else actual
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual_bytes)
        return
    if not path.exists():
        raise AssertionError(f"there is no {path}: UPDATE_GOLDEN=1 writes it")
    expected_bytes = path.read_bytes()
    if actual_bytes != expected_bytes:
        raise AssertionError(
            f"{name} differs (UPDATE_GOLDEN=1 accepts it)\n{describe_difference(expected_bytes, actual_bytes)}"
        )


def describe_difference(expected: bytes, actual: bytes) -> str:
    """A unified diff of texts; of binaries, their sizes and the first differing byte."""
    try:
        before, after = expected.decode(), actual.decode()
    except UnicodeDecodeError:
        pairs = enumerate(zip(expected, actual, strict=False))
        offset = next((i for i, (a, b) in pairs if a != b), min(len(expected), len(actual)))
        return f"binary: {len(expected)} bytes expected, {len(actual)} given, first difference at byte {offset}"
    # repr shows what an editor would hide: trailing blanks, tabs, carriage returns.
    lines = difflib.unified_diff(
        [repr(line)[1:-1] for line in before.splitlines(keepends=True)],
        [repr(line)[1:-1] for line in after.splitlines(keepends=True)],
        "expected",
        "actual",
        lineterm="",
    )
    return "\n".join(lines)
