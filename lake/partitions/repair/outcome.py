"""What is to be applied of a plan, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from lake.model import Refusal, TableName
from lake.partitions.diff.plan import Change


@dataclass(frozen=True)
class ApplyOptions:
    """What is applied beside additions. `recheck` applies only what a plan of now says too, as for a plan of yesterday.

    `share` is how much of a table's partitions `drop` may drop. `by_hand` drops also what holds data.
    """

    drop: bool = False
    move: bool = True
    cascade: bool = False
    share: float = 0.1
    recheck: bool = False
    by_hand: bool = False


ADD_AND_MOVE = ApplyOptions()


@dataclass(frozen=True)
class RepairReport:
    """What became of a plan's changes, in the plan's order. `undo` is where the file lies that takes them back.

    `guard` says why drops were not made and `hint` what to do about it, None where nothing stood against them; `held` are
    changes that were not asked for.
    """

    table: TableName
    added: tuple[Change, ...] = ()
    already_there: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    moved: tuple[Change, ...] = ()
    dropped: tuple[Change, ...] = ()
    cascaded: tuple[Change, ...] = ()
    held: tuple[Change, ...] = ()
    guard: str | None = None
    hint: str | None = None
    undo: str | None = None

    @property
    def changed(self) -> int:
        return len(self.added) + len(self.moved) + len(self.dropped) + len(self.cascaded)
