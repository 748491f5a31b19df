"""How sources are to be read, where their names and first bytes do not say it."""

from __future__ import annotations

from dataclasses import dataclass

from lake.errors import UsageError

FORMATS = ("ndjson", "csv", "tsv", "parquet")
BLOCK_BYTES = 8 << 20


@dataclass(frozen=True)
class SourceOptions:
    """`None` stands for what is found: the format by a file's name or the first bytes of stdin, the rest by the first line.

    `columns` name the columns of a CSV file: of one without a header, or (`header` is True) in place of its header. `name`
    is the identity that event ids are derived from.
    """

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    name: str | None = None

    def __post_init__(self) -> None:
        self._check_format()
        self._check_text()

    @property
    def has_header(self) -> bool:
        return not self.columns if self.header is None else self.header

    def _check_format(self) -> None:
        if self.format is not None and self.format not in FORMATS:
            raise UsageError(f"format {self.format!r} is not known", hint=f"give one of {', '.join(FORMATS)}")
        if self.header is False and not self.columns:
            raise UsageError("a file without a header needs names for its columns", hint="name them, in order")
        twice = next((name for name in self.columns if self.columns.count(name) > 1), None)
        if twice is not None or "" in self.columns:
            raise UsageError(f"column {twice or ''!r} is named {'twice' if twice else 'by nothing'}")

    def _check_text(self) -> None:
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in '"\r\n\0'
        ):
            hint = "give the character itself; for tabs, the format tsv"
            raise UsageError(f"delimiter {self.delimiter!r} is not one ASCII character", hint=hint)
        if self.encoding is not None:
            try:
                "a".encode(self.encoding)
            except (LookupError, ValueError) as error:
                hint = "give one such as utf-8, utf-16, windows-1252 or iso-8859-15"
                raise UsageError(f"encoding {self.encoding!r} is not known", hint=hint) from error
