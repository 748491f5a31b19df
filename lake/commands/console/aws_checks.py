"""What `doctor` looks at in a lake on AWS."""

from __future__ import annotations

from collections.abc import Iterator

from lake.commands.console.checks import OK, Check, how_chosen
from lake.config import AwsChoice


def check_account(choice: AwsChoice) -> Iterator[Check]:
    yield Check("lake", OK, f"AWS, {how_chosen(choice.source)}; database {choice.database}; engine {choice.engine}")
