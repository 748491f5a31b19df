"""Where a write keeps things below a table's location: hidden folders, whose names no engine reads."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from pathlib import Path

STAGING = "_staging"
VERSIONS = "_versions"

_IN_VERSION = re.compile(rf"/{VERSIONS}/[^/]+/.*\Z", re.DOTALL)


def new_write_id(now: datetime) -> str:
    """Identifiers sort by time; two of one moment differ."""
    return f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(5)}"


def file_name(write_id: str, number: int) -> str:
    return f"{write_id}-{number:05d}.parquet"


def as_folder(location: str) -> str:
    return location if location.endswith("/") else location + "/"


def base_of(location: str) -> str:
    """The location that a table had before an overwrite moved it into a version."""
    return _IN_VERSION.sub("/", as_folder(location))


def staging_folder(base: Path, write_id: str) -> Path:
    return base / STAGING / write_id


def version_folder(base: Path, write_id: str) -> Path:
    return base / VERSIONS / write_id


def version_location(base: str, write_id: str) -> str:
    return f"{as_folder(base)}{VERSIONS}/{write_id}/"
