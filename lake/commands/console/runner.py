"""Runs the statements of `query` one after the other and prints what each gives."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.commands.console import interrupts
from lake.commands.console.amounts import counted
from lake.commands.console.failures import show_failure
from lake.commands.console.output import Printer, first_rows
from lake.commands.console.parameters import GivenParameter, shared_out
from lake.commands.console.preview import COLUMNS, Budget, preview_line, preview_rows
from lake.commands.console.script import file_hint, gives_rows, gives_text, is_named, parameter_names
from lake.commands.console.session import Session
from lake.commands.console.waiting import Waiting
from lake.errors import LakeError, MalformedQuery, UsageError
from lake.formats import FORMATS, Written
from lake.storage.new_file import discard_claimed

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.model import Execution
    from lake.result import Result

Given = Mapping[str, GivenParameter]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`timeout` in seconds; `go_on` says to run the statements after one that failed; Athena may answer with a result that
    is at most `reuse_minutes` old.
    """

    limit: int | None = None
    timeout: float | None = None
    dry_run: bool = False
    budget: Budget = field(default_factory=Budget)
    go_on: bool = False
    reuse_minutes: int | None = None


class Runner:
    def __init__(self, lake: Lake, session: Session, options: RunOptions) -> None:
        self._lake = lake
        self._output = session.output
        self._settings = session.settings
        self._options = options
        self._waiting = Waiting(lake, session.output)

    def run(self, statements: Sequence[str], given: Given) -> int:
        """Run all, and return the exit code: that of the first failure where `go_on` lets the others run."""
        self._refuse_two_in_one_file(statements)
        if self._is_export(statements):
            self._export(statements[0], given)
            return 0
        code = 0
        several = len(statements) > 1
        parameters = self._parameters(statements, given)
        with self._output.opened() as printer:
            for number, (statement, own) in enumerate(zip(statements, parameters, strict=True), 1):
                try:
                    self._run_one(printer, statement, own)
                except LakeError as error:
                    error.message = (f"statement {number}: " if several else "") + error.message
                    if not (self._options.go_on and several):
                        raise
                    code = code or error.exit_code
                    show_failure(error, self._settings)
        return code

    def _parameters(self, statements: Sequence[str], given: Given) -> Sequence[Given]:
        if len(statements) == 1 or not given:
            return [given] * len(statements)
        return shared_out(given, [parameter_names(statement, self._lake.queries) for statement in statements])

    def _run_one(self, printer: Printer, statement: str, given: Given) -> None:
        with _file_hinted(statement):
            values = _values(statement, given)
            if self._options.dry_run:
                self._preview(printer, statement, values)
                return
            self._check_budget(statement, values)
            began = time.monotonic()
            result = self._waiting.result(partial(self._submit, statement, values))
        self._print(printer, statement, result, began)

    def attach(self, execution_id: str) -> None:
        """Print the rows of a query that runs, or has run, on Athena."""
        began = time.monotonic()
        with self._output.opened() as printer:
            self._print(printer, "", self._waiting.attached(execution_id), began)

    def detach(self, statements: Sequence[str], given: Given) -> None:
        """Start statements, print their ids, and wait for none."""
        if not self._lake.engine.takes_text:
            raise UsageError("--detach is for Athena's queries; DuckDB's run in this process and end with it")
        parameters = self._parameters(statements, given)
        for statement, own in zip(statements, parameters, strict=True):
            values = _values(statement, own)
            self._check_budget(statement, values)
            execution = self._submit(statement, values)
            self._lake.detach(execution.id)
            self._output.text(f"{execution.id}\n")

    def _submit(self, statement: str, values: dict[str, Any] | None, export: Path | None = None) -> Execution:
        options = self._options
        return self._lake.submit(
            statement,
            values,
            timeout=options.timeout,
            keep=False,
            export=export,
            reuse_minutes=options.reuse_minutes,
        )

    def _print(self, printer: Printer, statement: str, result: Result, began: float) -> None:
        with result:
            schema, batches = (result.schema, result.batches()) if self._output.is_binary else result.zoned()
            if self._options.limit is not None:
                batches = first_rows(batches, self._options.limit)
            written = None
            if schema.names:
                is_text = self._output.takes_text and gives_text(statement)
                written = printer.put_text(batches) if is_text else printer.put(schema, batches)
            self._tell(written, began, result.execution.id)

    def _preview(self, printer: Printer, statement: str, values: dict[str, Any] | None) -> None:
        from lake.commands.console.output import to_batches

        if not self._is_planned(statement):
            self._output.say("this statement reads no data; it would be run as it is")
            return
        plan = self._lake.plan(statement, values)
        printer.put(*to_batches(COLUMNS, preview_rows(plan)))
        self._output.say(preview_line(plan))
        self._options.budget.check(plan)

    def _check_budget(self, statement: str, values: dict[str, Any] | None) -> None:
        if self._options.budget.is_set and self._is_planned(statement):
            self._options.budget.check(self._lake.plan(statement, values))

    def _export(self, statement: str, given: Given) -> None:
        """Have the engine write the Parquet file itself."""
        file = self._output.file
        assert file is not None
        with interrupts.cleaned_up(discard_claimed), _file_hinted(statement):
            values = _values(statement, given)
            self._check_budget(statement, values)
            began = time.monotonic()
            ended = self._waiting.end(partial(self._submit, statement, values, file.target))
            self._tell(Written(ended.rows or 0, more=False), began, None)

    def _is_export(self, statements: Sequence[str]) -> bool:
        file = self._output.file
        whole = len(statements) == 1 and not self._options.dry_run and self._options.limit is None
        return (
            whole
            and file is not None
            and file.is_plain
            and self._output.format == "parquet"
            and self._is_planned(statements[0])
        )

    def _is_planned(self, statement: str) -> bool:
        from lake.sql.ddl.split import StatementKind, classify

        sql = self._lake.queries.get_query(statement[1:]).sql if is_named(statement) else statement
        return classify(sql) is StatementKind.QUERY

    def _refuse_two_in_one_file(self, statements: Sequence[str]) -> None:
        form = self._output.format
        one_only = FORMATS[form].binary or (form == "json" and self._output.file is not None)
        if one_only and sum(map(gives_rows, statements)) > 1:
            raise UsageError(
                f"{'a file of ' if form == 'json' else ''}{form} holds one result, and several statements give rows",
                hint="run them one by one, each into a file of its own, or choose jsonl, csv …",
            )

    def _tell(self, written: Written | None, began: float, execution_id: str | None) -> None:
        rows = "done" if written is None else counted(written.rows, "row", more=written.more)
        file = f" written to {self._output.file.target}" if self._output.file is not None else ""
        known = f", query id {execution_id}" if execution_id else ""
        self._output.tell_progress(f"{rows}{file}, {time.monotonic() - began:.2f} s{known}")


def _values(statement: str, given: Given) -> dict[str, Any] | None:
    named = is_named(statement)
    values = {name: each.declared_value if named else each.value for name, each in given.items()}
    return values or None


@contextmanager
def _file_hinted(statement: str) -> Iterator[None]:
    try:
        yield
    except MalformedQuery as error:
        error.hint = file_hint(statement) or error.hint
        raise
