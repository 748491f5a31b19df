"""When which query is asked after: often while it is young, rarely when it is old, many in one call."""

from __future__ import annotations

from dataclasses import dataclass

from lake.engine.athena.calls import MOST_IDS

FIRST_SECONDS = 0.1
GROWTH = 0.05
"""Of a query's age: what waiting may add to its time."""
LONGEST_SECONDS = 5.0
SHORTEST_SECONDS = 0.04
TOGETHER_SECONDS = 0.02
TOGETHER_SHARE = 0.25
"""What is due so soon is asked after in the same call: after seconds, or after this share of the wait that its age allows."""
GIVE_UP_SECONDS = 90.0
"""Without one answer."""


def longest_delay(age: float) -> float:
    """Return the longest wait before the next look at a query that has run for `age` seconds."""
    return min(LONGEST_SECONDS, FIRST_SECONDS + GROWTH * max(age, 0.0))


@dataclass(slots=True)
class Watched:
    """A query that is asked after. `hurried` is one whose end is near, such as one that was told to stop."""

    execution_id: str
    born: float
    due: float
    deadline: float | None
    hurried: bool = False
    failing_since: float | None = None


def _together(watched: Watched, now: float) -> float:
    age = 0.0 if watched.hurried else now - watched.born
    return max(TOGETHER_SECONDS, TOGETHER_SHARE * longest_delay(age))


class Schedule:
    """Knows no clock and no chance: both are given to it."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = {}

    def __len__(self) -> int:
        return len(self._watched)

    def __contains__(self, execution_id: object) -> bool:
        return execution_id in self._watched

    def add(self, execution_id: str, now: float, *, age: float = 0.0, deadline: float | None = None) -> None:
        """Begin with a query; one that is known keeps its place."""
        if execution_id not in self._watched:
            due = now + (FIRST_SECONDS if age < FIRST_SECONDS else 0.0)
            self._watched[execution_id] = Watched(execution_id, now - age, due, deadline)

    def remove(self, execution_id: str) -> None:
        self._watched.pop(execution_id, None)

    def hurry(self, execution_id: str, now: float) -> None:
        """Ask after a query at once, and from now on as often as after a young one."""
        if (watched := self._watched.get(execution_id)) is not None:
            watched.hurried, watched.due = True, min(watched.due, now)

    def asked(self, execution_id: str, now: float, chance: float) -> None:
        """Put off the next look; `chance` is between 0 and 1, so that queries begun together part."""
        if (watched := self._watched.get(execution_id)) is not None:
            age = 0.0 if watched.hurried else now - watched.born
            watched.due = now + max(SHORTEST_SECONDS, chance * longest_delay(age))

    def failed(self, execution_id: str, now: float) -> bool:
        """Take note that a look failed; say whether it has failed for too long."""
        watched = self._watched.get(execution_id)
        if watched is None:
            return False
        if watched.failing_since is None:
            watched.failing_since = now
        return now - watched.failing_since > GIVE_UP_SECONDS

    def answered(self, execution_id: str) -> None:
        if (watched := self._watched.get(execution_id)) is not None:
            watched.failing_since = None

    def due(self, now: float) -> list[str]:
        """Return those to ask after now, the soonest due first, at most MOST_IDS; none while none is due.

        Where one is due, those that soon will be come with it: they cost nothing.
        """
        waiting = sorted(self._watched.values(), key=lambda watched: watched.due)
        if not waiting or waiting[0].due > now:
            return []
        several = [each for each in waiting if each.due <= now + _together(each, now) or len(waiting) > MOST_IDS]
        return [each.execution_id for each in several[:MOST_IDS]]

    def overdue(self, now: float) -> list[str]:
        """Return those whose time is up, each once."""
        late = [each for each in self._watched.values() if each.deadline is not None and each.deadline <= now]
        for each in late:
            each.deadline = None
        return [each.execution_id for each in late]

    def rest(self, now: float) -> float | None:
        """Return the seconds until something is due; None when there is nothing to watch."""
        moments = [each.due for each in self._watched.values()]
        moments += [each.deadline for each in self._watched.values() if each.deadline is not None]
        return max(0.0, min(moments) - now) if moments else None
