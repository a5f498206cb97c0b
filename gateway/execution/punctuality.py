"""Whether an arrival is on time: one rule for what is expected, what was, and what the on-time rate counts."""

from typing import NamedTuple

from gateway.domain.route import PlannedStop
from gateway.domain.stop import Timeliness

TOLERANCE_MS = 15 * 60_000
"""Around the planned arrival where no window was promised: a quarter of an hour is how dispatchers speak of time."""


class Punctuality(NamedTuple):
    """The judgement, and how late the arrival was (ms; negative is early): 0 within a promised window."""

    timeliness: Timeliness
    lateness_ms: int


def judged(stop: PlannedStop, arrived: int) -> Punctuality:
    """Judge an arrival (Unix ms) against the window, both ends included, else against the plan."""
    if stop.window is None:
        lateness_ms = arrived - stop.planned_arrival
        return Punctuality(_named(lateness_ms, TOLERANCE_MS), lateness_ms)
    lateness_ms = min(arrived - stop.window.start, 0) or max(arrived - stop.window.end, 0)
    return Punctuality(_named(lateness_ms, 0), lateness_ms)


def _named(lateness_ms: int, tolerance_ms: int) -> Timeliness:
    if lateness_ms > tolerance_ms:
        return Timeliness.LATE
    return Timeliness.EARLY if lateness_ms < -tolerance_ms else Timeliness.ON_TIME
