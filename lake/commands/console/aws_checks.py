"""What `doctor` looks at in a lake on AWS: the account first, then each service, by calls that change nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import timedelta

from lake.clock import SystemClock
from lake.commands.console.aws_account import Account, held_up
from lake.commands.console.checks import FAIL, OK, WARN, Check, how_chosen, run_checks
from lake.config import ATHENA, AwsChoice
from lake.errors import ConnectionFailed, CredentialsFailed

NOTABLE_SKEW, TOO_MUCH_SKEW = timedelta(seconds=60), timedelta(minutes=5)
"""AWS refuses signatures that are older or younger than the second."""
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
WRITING = (
    "s3:PutObject and s3:DeleteObject on tables",
    "glue:CreateTable",
    "glue:UpdateTable",
    "glue:BatchCreatePartition",
    "glue:UpdatePartition",
)

Checks = Mapping[str, Callable[[Account], Iterator[Check]]]


def check_account(choice: AwsChoice) -> Iterator[Check]:
    yield Check("lake", OK, f"AWS, {how_chosen(choice.source)}; database {choice.database}; engine {choice.engine}")
    account = Account.of(choice, SystemClock())
    ready = yield from _until_one_fails(account, FIRST)
    yield from run_checks(_services(choice.engine) if ready else {"permissions": check_nothing}, account)
    yield from run_checks(LAST, account)


def _until_one_fails(account: Account, checks: Checks) -> Generator[Check, None, bool]:
    """Make checks that stand on each other, and say whether all went well."""
    for check in run_checks(checks, account):
        yield check
        if check.status == FAIL:
            return False
    return True


def check_nothing(account: Account) -> Iterator[Check]:
    yield held_up("permissions")


def check_region(account: Account) -> Iterator[Check]:
    from lake.aws.faults import translated

    with translated("AWS", profile=account.options.profile):
        region = account.connection.region
    if not region:
        yield Check("region", FAIL, "none is set", "give --region, or set AWS_REGION, or `region` in the profile")
        return
    named = next((name for name in REGION_VARIABLES if os.environ.get(name)), "~/.aws/config")
    yield Check("region", OK, f"{region}, from {'--region' if account.options.region else named}")


def check_credentials(account: Account) -> Iterator[Check]:
    from lake.commands.console.aws_credentials import told_credentials

    yield told_credentials(account)


def check_endpoints(account: Account) -> Iterator[Check]:
    services = ("glue", "s3", "athena", "sts") if account.choice.engine == ATHENA else ("glue", "s3", "sts")
    urls = {service: account.probe.url(service) for service in services}
    if len(set(urls.values())) == 1:
        yield Check("endpoints", OK, f"{urls['glue']} for all services")
        return
    yield Check("endpoints", OK, ", ".join(urls.values()))


def check_identity(account: Account) -> Iterator[Check]:
    """Nothing but this line needs STS, so that it may be out of reach."""
    try:
        answer = account.probe.ask("sts", "get_caller_identity", "identity")
    except CredentialsFailed:
        raise
    except ConnectionFailed as error:
        yield Check("identity", WARN, error.message, error.hint)
        return
    yield Check("identity", OK, f"account {answer.get('Account')}, {answer.get('Arn')}")


def check_glue(account: Account) -> Iterator[Check]:
    from lake.commands.console.glue_checks import GlueChecks

    return GlueChecks(account).all()


def check_s3(account: Account) -> Iterator[Check]:
    from lake.commands.console.s3_checks import check_table_objects

    return check_table_objects(account)


def check_athena(account: Account) -> Iterator[Check]:
    from lake.commands.console.athena_checks import AthenaChecks

    return AthenaChecks(account).all()


def check_duckdb(account: Account) -> Iterator[Check]:
    from lake.commands.console.duckdb_checks import check_reader

    return check_reader(account)


def check_writing(account: Account) -> Iterator[Check]:
    yield Check("writing", OK, f"not tried, nothing is changed; it needs {', '.join(WRITING)}")


def check_clock(account: Account) -> Iterator[Check]:
    ahead = account.probe.ahead
    if ahead is None:
        if not account.probe.asked:
            return
        yield Check("clock", WARN, "unknown: no answer said what time it is", "mend the above first")
        return
    seconds = round(abs(ahead.total_seconds()))
    detail = f"{seconds} s {'ahead of' if ahead > timedelta() else 'behind'} AWS's" if seconds > 1 else "as AWS's"
    if abs(ahead) > TOO_MUCH_SKEW:
        yield Check("clock", FAIL, f"{detail}; AWS refuses signatures from there", "set this machine's clock (NTP)")
    elif abs(ahead) > NOTABLE_SKEW:
        yield Check("clock", WARN, f"{detail}; at 300 s AWS refuses signatures", "set this machine's clock (NTP)")
    else:
        yield Check("clock", OK, detail)


def check_state_folder(account: Account) -> Iterator[Check]:
    """It holds the history of DuckDB's queries, and temporary files."""
    from lake.aws.parts import state_folder

    folder = state_folder()
    if folder.is_dir() and os.access(folder, os.W_OK):
        yield Check("state folder", OK, f"{folder} may be written")
        return
    yield Check(
        "state folder",
        WARN,
        f"{folder} may not be written: no history is kept",
        "give this user write permission, or set XDG_STATE_HOME",
    )


FIRST: Checks = {
    "region": check_region,
    "credentials": check_credentials,
    "endpoints": check_endpoints,
    "identity": check_identity,
}
LAST: Checks = {"clock": check_clock, "state folder": check_state_folder}


def _services(engine: str) -> Checks:
    asked = {"athena": check_athena} if engine == ATHENA else {"duckdb": check_duckdb}
    return {"glue": check_glue, "s3": check_s3, **asked, "writing": check_writing}
