"""URLs of a directory lake and the paths that they stand for; nothing outside the lake's folders has a path.

What follows the scheme is the path, character for character: a percent sign is a percent sign, in `file://` as in
`s3://`. So Hive and Hadoop read locations, and names that Hive escaped (`dt=a%3Ab`) stay what they are.
"""

# Texts are compared here, and Path objects would cost a listing too much.
# ruff: noqa: PTH100, PTH118, PTH120

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from lake.errors import LocationForbidden

FILE_SCHEME = "file://"


class LakePaths:
    """`root` holds the objects of the lake's own bucket; `allowed_folders` may be reached by `file://` too; `folders` are all."""

    def __init__(self, root: Path, bucket: str, allowed_folders: Iterable[Path] = ()) -> None:
        self.root = Path(os.path.abspath(root))
        self.bucket = bucket
        self.own = f"s3://{bucket}/"
        self.folders = (self.root, *(Path(os.path.abspath(folder)) for folder in allowed_folders))
        self._real_folders = tuple(os.path.realpath(folder) for folder in self.folders)

    def path(self, location: str) -> Path:
        """Give the path of an object or a prefix.

        Raise LocationForbidden for another bucket or scheme, a place outside the folders (by `..` or by a symbolic
        link), and for what no path can express.
        """
        return Path(self.text(location))

    def text(self, location: str) -> str:
        path = self._plain(location)
        self.check_links(path, location)
        return path

    def location(self, path: Path) -> str:
        """Give the URL of an absolute path: `s3://` inside the data folder, `file://` elsewhere."""
        if path == self.root:
            return self.own
        if path.is_relative_to(self.root):
            return self.own + path.relative_to(self.root).as_posix()
        return FILE_SCHEME + path.as_posix()

    def base_of(self, path: str) -> Path:
        """Give the folder of the lake that a path is in."""
        return next(folder for folder in self.folders if is_inside(path.rstrip("/"), str(folder)))

    def check_links(self, path: str, location: str) -> None:
        """Raise LocationForbidden when `path` is really elsewhere than in the folders."""
        real = os.path.realpath(path)
        if not any(is_inside(real, folder) for folder in self._real_folders):
            raise LocationForbidden(
                f"{location} leads to {real}, outside the lake",
                hint=f"remove the symbolic link, or add {os.path.dirname(real)!r} to allowed_folders in lake.toml",
            )

    def _plain(self, location: str) -> str:
        if location.startswith(self.own):
            path = os.path.join(self.root, _checked(location[len(self.own) :], location))
        elif location == self.own[:-1]:
            path = str(self.root)
        elif location.startswith(FILE_SCHEME + "/"):
            path = "/" + _checked(location[len(FILE_SCHEME) + 1 :], location)
            if not any(is_inside(path.rstrip("/"), str(folder)) for folder in self.folders):
                raise LocationForbidden(
                    f"{location} is outside the lake", hint="add its folder to allowed_folders in .tap-lake/lake.toml"
                )
        elif location.startswith("s3://"):
            bucket = location[5:].partition("/")[0]
            raise LocationForbidden(f"{location} is in bucket {bucket!r}, this lake has only bucket {self.bucket!r}")
        else:
            raise LocationForbidden(f"{location!r} is no place in this lake", hint=f"write {self.own}… or file:///…")
        return path


def is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _checked(key: str, location: str) -> str:
    """Refuse keys that a path cannot hold, or that it holds for another key too."""
    parts = key.split("/")
    if ".." in parts or "." in parts or "" in parts[:-1]:
        raise LocationForbidden(f"{location!r} has an empty, '.' or '..' part, which no path in a lake has")
    if "\x00" in key:
        raise LocationForbidden(f"{location!r} holds a NUL character")
    if not key.isascii():
        try:
            key.encode()
        except UnicodeEncodeError:
            raise LocationForbidden(f"{location!r} has no UTF-8 form") from None
    return key
