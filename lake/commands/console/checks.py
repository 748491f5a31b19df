"""What `doctor` looks at, one after the other; a check that fails does not keep the others from being made."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lake.commands.console.session import Session
from lake.errors import LakeError

Subject = TypeVar("Subject")

OK, WARN, FAIL = "ok", "warn", "FAIL"
PACKAGES = ("duckdb", "pyarrow", "sqlglot", "click")
AWS_PACKAGES = ("boto3", "botocore")


@dataclass(frozen=True, slots=True)
class Check:
    """`status` is OK, WARN or FAIL; `remedy` what to do when it is not OK."""

    name: str
    status: str
    detail: str
    remedy: str | None = None


def check_all(session: Session) -> Iterator[Check]:
    from lake.config import AwsChoice

    try:
        choice = session.choose()
    except LakeError as error:
        yield check_versions()
        yield failed("lake", error)
        return
    yield check_versions(AWS_PACKAGES if isinstance(choice, AwsChoice) else ())
    try:
        if isinstance(choice, AwsChoice):
            from lake.commands.console.aws_checks import check_account

            yield from check_account(choice)
        else:
            from lake.commands.console.folder_checks import check_folder

            yield from check_folder(choice)
    except LakeError as error:
        yield failed("lake", error)


def run_checks(checks: Mapping[str, Callable[[Subject], Iterator[Check]]], subject: Subject) -> Iterator[Check]:
    for name, check in checks.items():
        try:
            yield from check(subject)
        except LakeError as error:
            yield failed(name, error)


def how_chosen(source: str) -> str:
    return f"found from {source}" if source.startswith("/") else f"chosen by {source}"


def check_versions(more: Sequence[str] = ()) -> Check:
    from importlib.metadata import version

    from lake import __version__

    versions = [f"tap-lake {__version__}", f"python {platform.python_version()}", f"sqlite {sqlite3.sqlite_version}"]
    versions += [f"{package} {version(package)}" for package in (*PACKAGES, *more)]
    return Check("versions", OK, ", ".join(versions))


def failed(name: str, error: LakeError) -> Check:
    return Check(name, FAIL, error.message, error.hint)
