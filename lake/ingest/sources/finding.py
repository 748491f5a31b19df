"""Which files are meant by what a user names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lake.errors import UsageError
from lake.ingest.sources.streams import UNPACKERS
from lake.storage.faults import reading

STDIN = "-"
EXTENSIONS = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
LEFT_OUT = ("_", ".")
KNOWN = ", ".join(EXTENSIONS)
FORMAT_HINT = f"known are {KNOWN}, text also with {', '.join(UNPACKERS)}; for other names give the format"


@dataclass(frozen=True)
class Found:
    """`path` of None is stdin, whose format may be None: its first bytes say it. `packing` is a suffix."""

    name: str
    path: Path | None
    format: str | None
    packing: str | None = None


def find(given: Sequence[str | Path], file_format: str | None) -> list[Found]:
    """Return what is to be read, each file once; those of a folder or pattern sorted. Raises UsageError, StorageFailed."""
    found: dict[str, Found] = {}
    for one in given:
        for source in _find_one(one, file_format):
            found.setdefault(os.path.realpath(source.path) if source.path else STDIN, source)
    return list(found.values())


def _find_one(given: str | Path, file_format: str | None) -> Iterable[Found]:
    if given == STDIN:
        if file_format == "parquet":
            raise UsageError("Parquet is not read from stdin", hint="give the file by its name")
        return [Found("stdin", None, file_format)]
    if given == "":
        raise UsageError("an empty name is no file", hint="give . for the current folder")
    path = Path(given)
    with reading(str(path)):
        if path.is_dir():
            return _in_folder(path, file_format)
        if path.exists():
            return [_file(path, file_format)]
    if glob.has_magic(str(given)):
        return _matching(str(given), file_format)
    raise UsageError(
        f"{path} does not exist", hint="give a file, a folder, a pattern such as 'data/*.csv', or - for stdin"
    )


def _in_folder(folder: Path, file_format: str | None) -> list[Found]:
    found = [_file(path, file_format) for path in sorted(_walk(folder)) if _is_wanted(path, file_format)]
    if not found:
        wanted = f"{file_format} file" if file_format else "file to read"
        raise UsageError(f"{folder} holds no {wanted}", hint=FORMAT_HINT)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        with reading(str(error.filename)):
            raise error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(LEFT_OUT)]
        yield from (Path(parent, name) for name in files if not name.startswith(LEFT_OUT))


def _matching(pattern: str, file_format: str | None) -> list[Found]:
    """Take a pattern's files, and of its folders what is known; what it names by `_` or `.` itself is wanted."""
    paths = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207 - pathlib's takes no absolute ones
    if not Path(pattern).name.startswith(LEFT_OUT):
        paths = [path for path in paths if not path.name.startswith(LEFT_OUT)]
    found = [_file(path, file_format) for path in paths if not path.is_dir()]
    for folder in (path for path in paths if path.is_dir()):
        found += [_file(path, file_format) for path in sorted(_walk(folder)) if _is_wanted(path, file_format)]
    if not found:
        raise UsageError(f"no file matches {pattern}", hint="look with ls at what the pattern matches")
    return sorted(found, key=lambda source: source.name)


def _is_wanted(path: Path, file_format: str | None) -> bool:
    known, packing = _by_name(path)
    return known is not None and not (packing and known == "parquet") and file_format in (None, known)


def _file(path: Path, file_format: str | None) -> Found:
    known, packing = _by_name(path)
    chosen = file_format or known
    if chosen is None:
        raise UsageError(f"{path} has no ending that tells its format", hint=FORMAT_HINT)
    if packing and chosen == "parquet":
        raise UsageError(f"{path} is packed, which Parquet files are in themselves", hint="unpack it first")
    return Found(str(path), path, chosen, packing)


def _by_name(path: Path) -> tuple[str | None, str | None]:
    """Return the format and the packing that a name says."""
    packing = path.suffix.lower() if path.suffix.lower() in UNPACKERS else None
    inner = path.with_suffix("") if packing else path
    return EXTENSIONS.get(inner.suffix.lower()), packing
