"""From one expected time to a window: past residuals by horizon, stretched by what this route itself has shown.

Adaptive conformal inference (Gibbs and Candès, 2021) on this route's own arrivals: each side of the window grows a
little at an arrival beyond it and shrinks at every other, so that in the long run one in ten falls beyond each side.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from gateway.domain.calibration import Calibration

MISSES = 0.1
"""Share of arrivals beyond each side of a window from P10 to P90."""

STEP = 0.05
"""How quickly a side adapts (per arrival, in the logarithm). Arrivals of neighbouring stops miss together: five misses
in a row, which is one disturbance, stretch a side by a quarter; forty hits take it back."""

NARROWEST, WIDEST = 0.7, 2.5
"""Bounds of the stretch: below, a calm morning would promise too much for the afternoon; above, a window of hours
tells nobody anything."""


class Spread(NamedTuple):
    """How far P10, P50 and P90 lie from what is expected, ms; they rise."""

    low: float
    mid: float
    high: float


def spread(calibration: Calibration, horizon_ms: float, stretch: tuple[float, float]) -> Spread:
    """Return the window around what is expected in `horizon_ms`; `stretch` are the factors of its two sides."""
    early, late = stretch
    knots = calibration.knots_ms
    after = bisect_right(knots, horizon_ms)
    right = min(after, len(knots) - 1)
    left = max(after - 1, 0)
    share = 0.0 if left == right else (horizon_ms - knots[left]) / (knots[right] - knots[left])
    low = _between(calibration.low_ms, left, right, share)
    high = _between(calibration.high_ms, left, right, share)
    mid = _between(calibration.mid_ms, left, right, share) if calibration.mid_ms else 0.0
    return Spread(mid + min(low - mid, 0.0) * early, mid, mid + max(high - mid, 0.0) * late)


def latest(calibration: Calibration, late: float) -> float:
    """Return how far P90 lies at most behind what is expected, at any horizon."""
    mids = calibration.mid_ms or (0,) * len(calibration.knots_ms)
    return max(mid + max(high - mid, 0) * late for mid, high in zip(mids, calibration.high_ms, strict=True))


def adapted(stretch: float, missed: float) -> float:
    """Return a side's stretch after an arrival; `missed` is 1 if it lay beyond this side, else 0."""
    return min(max(stretch * exp(STEP * (missed - MISSES)), NARROWEST), WIDEST)


def _between(values: Sequence[int], left: int, right: int, share: float) -> float:
    """Return the value between two knots (linear); outside all knots both are the nearest one."""
    return values[left] + (values[right] - values[left]) * share
