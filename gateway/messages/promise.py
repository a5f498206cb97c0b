"""How far an expected arrival is outside of what was promised.

A customer is told of a new time when it leaves the promised window (Routific's rule), and again only when it is much
worse: at each step once, so that a time that swings about the window's end does not send a message each time.
"""

from bisect import bisect_right

from gateway.domain.route import TimeWindow

LATE_STEPS_MS = tuple(minutes * 60_000 for minutes in (0, 30, 60, 120))
"""How late it is when each further message is due: twice as late is news again. Four a stop at most, one of early."""

EARLY = -1
"""The step of a van that is expected before the window begins."""


def step_of(expected: int, window: TimeWindow, planned: int) -> int | None:
    """Return the step at which `expected` (Unix ms) is; None inside of the window.

    A van that is `planned` to come before the window opens, and to wait for it, is not early.
    """
    if expected < min(window.start, planned):
        return EARLY
    late_ms = expected - window.end
    return bisect_right(LATE_STEPS_MS, late_ms - 1) - 1 if late_ms > 0 else None
