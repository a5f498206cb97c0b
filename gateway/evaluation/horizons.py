"""How far ahead a forecast looks: by the minutes that it said itself, and by the stops in between.

By what was *said*, never by what then happened: who asks knows the one and not the other, and grouping by the truth
would put the late ones into other groups than the early ones.
"""

from bisect import bisect_right
from itertools import pairwise

MINUTE_MS = 60_000

_MINUTES = (0, 5, 10, 20, 40, 80, 160)
_STOPS = (1, 2, 4, 8, 16, 32)
"""Lower ends; the last group is open."""

MINUTE_GROUPS = (*(f"{low}-{high} min" for low, high in pairwise(_MINUTES)), f"{_MINUTES[-1]}+ min")
STOP_GROUPS = (
    *(f"{low}-{high - 1} stops" if high - low > 1 else f"{low} stop" for low, high in pairwise(_STOPS)),
    f"{_STOPS[-1]}+ stops",
)


def minutes_group(horizon_ms: float) -> str:
    """Return the group of a horizon: one of MINUTE_GROUPS."""
    return MINUTE_GROUPS[max(bisect_right(_MINUTES, horizon_ms / MINUTE_MS) - 1, 0)]


def stops_group(ahead: int) -> str:
    """Return the group of a number of stops ahead, the own one included: one of STOP_GROUPS."""
    return STOP_GROUPS[max(bisect_right(_STOPS, ahead) - 1, 0)]
