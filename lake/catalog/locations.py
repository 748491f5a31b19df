"""How locations are kept in a catalog that may move: as keys, without the bucket's name."""

from __future__ import annotations

from lake.errors import UsageError


class Locations:
    """Turns URLs into what is stored, and back. Every URL has one stored text, and the other way round.

    A location in the lake's own bucket is stored as its key, any other as it is. A key that could be mistaken for
    either gets a `/` in front.
    """

    def __init__(self, bucket: str) -> None:
        self._own = f"s3://{bucket}/"

    def stored(self, location: str) -> str:
        """Raise UsageError for what is no URL."""
        if location.startswith(self._own):
            key = location[len(self._own) :]
            return f"/{key}" if key.startswith("/") or "://" in key else key
        if location == self._own[:-1]:
            return ""
        scheme, mark, _ = location.partition("://")
        if not mark or not scheme or scheme.startswith("/"):
            raise UsageError(f"location {location!r} is no URL", hint=f"write {self._own}… or file:///…")
        return location

    def shown(self, stored: str) -> str:
        if stored.startswith("/"):
            return self._own + stored[1:]
        return stored if "://" in stored else self._own + stored
