"""Why the number of deliveries before a customer's is another than they expect from the one shown before.

That a stop before theirs was served is expected: the count falls by one. All else is a jump, and has a reason.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.estimate import EtaReason

JUMP_SHOWN_MS = 15 * 60_000
"""How long a jump's reason is shown: who looks now and then still reads why it is another number than before."""


class Jump(StrEnum):
    """Why a count jumped."""

    NEW_ORDER = "new_order"
    """The driver serves the stops in another order."""
    NEW_PLAN = "new_plan"
    CORRECTED = "corrected"
    """What was taken for served is not."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it was shown: `before` deliveries were to come, `settled` stops of the route were done.

    `round` and `version` are the plan that it rests on; `jump` is why it was another than the one before it, at `at`.
    """

    round: str
    version: int
    before: int
    settled: int
    jump: Jump | None = None
    at: int = 0


def counted(last: Count | None, present: Count, now: int) -> Count:
    """Return `present` with the reason of its jump from the one shown last (None: nothing was), while it is told."""
    if last is None:
        return present
    jump = _jump(last, present)
    if jump is not None:
        return _with(present, jump, now)
    lasts = last.jump is not None and now - last.at < JUMP_SHOWN_MS
    return _with(present, last.jump, last.at) if lasts else present


def jump_of(reason: EtaReason | None) -> Jump | None:
    """Return the jump that an ETA's own reason tells of: for who was shown nothing before."""
    return _OF_ETA.get(reason) if reason is not None else None


_OF_ETA = {EtaReason.NEW_ORDER: Jump.NEW_ORDER, EtaReason.NEW_PLAN: Jump.NEW_PLAN}


def _jump(last: Count, present: Count) -> Jump | None:
    """Return why it jumped: it may stay, when a stop behind theirs was served, and fall by as many as were served."""
    moved = (last.round, last.version) != (present.round, present.version)
    served = present.settled - last.settled
    fell = last.before - present.before
    if 0 <= fell <= max(served, 0):
        return None
    if moved:
        return Jump.NEW_PLAN
    return Jump.CORRECTED if served < 0 else Jump.NEW_ORDER


def _with(count: Count, jump: Jump | None, at: int) -> Count:
    return Count(count.round, count.version, count.before, count.settled, jump, at)
