"""tap-lake ingest"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from lake.commands.console import interrupts
from lake.commands.console.amounts import counted
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.console.terminal import is_terminal
from lake.errors import UsageError

if TYPE_CHECKING:
    from lake.ingest.mapping import FieldMap
    from lake.ingest.rejected import Rejection
    from lake.ingest.sources import Source
    from lake.ingest.sources.options import SourceOptions
    from lake.ingest.taking import Ingested, TakingOptions
    from lake.lake import Lake

REJECTED = (
    ("source", "varchar"),
    ("line", "bigint"),
    ("reason", "varchar"),
    ("at", "timestamp(3)"),
    ("record", "varchar"),
)
SILENT_SECONDS = 1.0
SHOWN_SECONDS = 0.2
"""Progress is shown to who has waited so long, and then so often."""


@click.command("ingest", cls=LakeCommand)
@click.argument("files", nargs=-1, metavar="[FILE…|-]")
@click.option("--source", metavar="NAME", help="What the data are known by, so that they can be read again.")
@click.option(
    "--map", "names", multiple=True, metavar="COLUMN=FIELD", help="COLUMN holds FIELD: id, ts, metric, value …"
)
@click.option("--melt", multiple=True, metavar="A,B,…", help="Each of these columns is a metric: one event a column.")
@click.option("--skip", multiple=True, metavar="A,B,…", help="Leave these columns out.")
@click.option("--from", "form", metavar="FORMAT", help="ndjson, csv, tsv or parquet; by the file's name without it.")
@click.option("--delimiter", metavar="CHAR", help="Of CSV; found by the first line without it.")
@click.option("--encoding", metavar="NAME", help="Of CSV; found by the first bytes without it.")
@click.option("--columns", metavar="A,B,…", help="Names of the columns of CSV without a header.")
@click.option("--strict", is_flag=True, help="Take all, or nothing if one record is no event.")
@click.option("--ack", is_flag=True, help="Print a line of JSON for every batch that is safe on the disk.")
@click.option("--rejected", is_flag=True, help="List the records that were no events.")
@click.option("--retry", is_flag=True, help="Take those records again, by --map, --melt and --skip as they are now.")
@pass_session
def command(  # noqa: PLR0913 - as many as it has options
    session: Session,
    *,
    files: Sequence[str],
    source: str | None,
    names: Sequence[str],
    melt: Sequence[str],
    skip: Sequence[str],
    form: str | None,
    delimiter: str | None,
    encoding: str | None,
    columns: str | None,
    strict: bool,
    ack: bool,
    rejected: bool,
    retry: bool,
) -> None:
    """Take events from files, folders or stdin into table readings.

    \b
      tap-lake ingest events.ndjson more.csv.gz
      tap-lake ingest 'logs/*.jsonl.zst' --map device=id,time=ts
      tap-lake ingest weather.csv --map origin=id,time_hour=ts --melt temp,humid --skip year,month,day
      sensors | tap-lake ingest - --source sensors
      tap-lake ingest --rejected
      tap-lake ingest --retry --map when=ts

    An event has an id, a ts (ISO 8601), a value, and if you like a metric and an event_id; all else are its attributes.
    What has been read before is known again, so a file may be read twice, or again when it has grown. What is no event is
    kept, told, and makes the exit code 1. Standard output has nothing but what --ack or --rejected print.
    """
    if rejected and (retry or files):
        raise UsageError("--rejected lists, and takes nothing")
    if retry and files:
        raise UsageError("--retry takes what was rejected, and no files", hint="take files by a command of their own")
    of_files = {
        "--from": form,
        "--delimiter": delimiter,
        "--encoding": encoding,
        "--columns": columns,
        "--source": source,
    }
    of_taking = {"--map": names, "--melt": melt, "--skip": skip, "--strict": strict, "--ack": ack}
    if rejected:
        _refuse(of_files | of_taking, "--rejected")
    if retry:
        _refuse(of_files, "--retry")
    from lake.ingest.sources.options import SourceOptions
    from lake.ingest.taking import TakingOptions

    watch = Watch(session)
    options = TakingOptions(
        mapping=field_map(names, melt, skip),
        strict=strict,
        on_ack=watch.acknowledge if ack else None,
        progress=watch.show,
    )
    wanted = SourceOptions(form, delimiter, encoding, None, tuple(_parts([columns] if columns else [])), source)
    with session.lake() as lake:
        if rejected:
            session.output.rows(REJECTED, map(_rejected_row, lake.rejected()))
            return
        with interrupts.ended_by(options.ending.set):
            if retry:
                done = lake.retry_rejected(options)
                watch.tell(done)
            else:
                done = _take(lake, watch, _sources(files, wanted), options)
    if done.rejected:
        click.get_current_context().exit(1)


def _refuse(options: Mapping[str, object], other: str) -> None:
    for option, value in options.items():
        if value:
            raise UsageError(f"{option} says nothing to {other}", hint="leave it out")


def field_map(names: Sequence[str], melt: Sequence[str], skip: Sequence[str]) -> FieldMap:
    from lake.ingest.mapping import FieldMap

    pairs = {}
    for text in _parts(names):
        column, equals, field_name = text.partition("=")
        if not column or not equals or not field_name:
            raise UsageError(f"--map {text!r} is not COLUMN=FIELD", hint="--map device=id,time=ts")
        pairs[column] = field_name
    return FieldMap(pairs | dict.fromkeys(_parts(skip), ""), tuple(_parts(melt)))


def _parts(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from (part.strip() for part in text.split(",") if part.strip())


def _sources(files: Sequence[str], options: SourceOptions) -> list[Source]:
    from lake.ingest.sources import open_sources

    if not files and is_terminal(sys.stdin):
        raise UsageError("there is nothing to take", hint="name files, or - for what is piped in")
    return open_sources(files or ["-"], options, cast("BinaryIO", sys.stdin.buffer))


def _take(lake: Lake, watch: Watch, sources: Sequence[Source], options: TakingOptions) -> Ingested:
    """Say what became of everything, however it ends."""
    from lake.ingest.inputs import take_sources

    taking = lake.taking(options)
    try:
        with taking:
            take_sources(taking, sources)
    finally:
        watch.tell(taking.done)
    return taking.done


def _rejected_row(rejection: Rejection) -> tuple[Any, ...]:
    shown = rejection.raw.decode(errors="backslashreplace")
    return rejection.source, rejection.line, rejection.reason, rejection.at.replace(tzinfo=None), shown


@dataclass
class Watch:
    """Tells a person how far an ingest is, and a program what is safe."""

    session: Session
    began: float = field(default_factory=time.monotonic)
    shown: float | None = None

    @property
    def is_watched(self) -> bool:
        settings = self.session.settings
        return settings.progress and not settings.quiet and is_terminal(sys.stderr)

    def acknowledge(self, segment: str, count: int) -> None:
        self.session.output.text(json.dumps({"segment": segment, "events": count}) + "\n")

    def show(self, done: Ingested) -> None:
        now = time.monotonic()
        is_due = now - self.began >= SILENT_SECONDS and (self.shown is None or now - self.shown >= SHOWN_SECONDS)
        if is_due and self.is_watched:
            self.shown = now
            sys.stderr.write(f"\r\x1b[K{self._speed(done)}")
            sys.stderr.flush()

    def tell(self, done: Ingested) -> None:
        """Say what became of everything."""
        if self.shown is not None:
            sys.stderr.write("\r\x1b[K")
        output = self.session.output
        recovered = done.recovered
        if recovered.events:
            output.say(f"Delivered first what waited in the spool: {counted(recovered.new, 'new event')}.")
        output.say(summary(done))
        for name in done.unknown:
            output.say(
                f"{name} has no name: records without an event_id are new whenever they are read; --source NAME makes them known"
            )
        for text in (*done.notes, *recovered.problems, *done.delivery.problems):
            output.say(text)
        for reason, count in sorted(done.rejected.items(), key=lambda item: -item[1]):
            output.say(f"  {count:,} rejected: {reason}")
        if done.rejected:
            output.say("tap-lake ingest --rejected lists them, --retry takes them again")

    def _speed(self, done: Ingested) -> str:
        seconds = max(time.monotonic() - self.began, 0.001)
        return (
            f"{done.events:,} events, {done.events / seconds:,.0f}/s, {done.rejected_count:,} rejected, "
            f"{done.delivery.events:,} delivered"
        )


def summary(done: Ingested) -> str:
    delivery = done.delivery
    known = f", {delivery.duplicates:,} known already" if delivery.duplicates else ""
    rest = f", {counted(done.waiting, 'event')} in the spool" if done.waiting else ""
    return (
        f"{counted(done.records, 'record')}: {counted(done.events, 'event')} taken, "
        f"{delivery.new:,} new in readings{known}{rest}, {done.rejected_count:,} rejected"
    )
