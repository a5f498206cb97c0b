"""How this route goes against its plan: ratios of actual to planned time, shrunk to 1 while little is known.

Both ratios are (prior + actual) / (prior + planned) over weighted sums, so the prior is what has to be driven (or
served) before the route's own experience weighs as much as the plan.
"""

from typing import NamedTuple

from gateway.execution.forecast.state import ForecastState

DRIVE_PRIOR_MS = 1_200_000.0
"""20 minutes: with legs of 2 to 5 minutes that vary by a third, some six legs tell a pace from chance."""

SERVICE_PRIOR_MS = 2_400_000.0
"""40 minutes: deliveries vary by half, so it takes a dozen. Measured on simulated days (docs/eta.md): a fifth fewer
revisions than with 20 minutes, at the same accuracy."""

DRIVE_HALF_LIFE_MS = 2_400_000.0
"""40 minutes of driving, in a city one and a half to two hours of the day: traffic changes within that time."""

SERVICE_HALF_LIFE_MS = 7_200_000.0
"""Two hours at doors: how long a delivery takes is the driver's and the round's, and changes little over a day."""

PACE_HALF_LIFE_MS = 3_600_000.0
"""What the traffic is like now tells half as much of a drive in an hour: jams dissolve, rush hours pass. Measured on
simulated days: an eighth off the error beyond 160 minutes, and an eighth fewer revisions."""

SLACK_MS = 120_000.0
OUTLIER = 3.0
"""A leg or a dwell counts for no more than three times its plan and two minutes: a lunch is not the pace."""

SLOWEST, QUICKEST = 2.5, 0.5
LONGEST, SHORTEST = 3.0, 0.33
"""Bounds of both ratios: beyond them the plan is of another place, and no ratio mends it."""


class Ratios(NamedTuple):
    """Actual against planned, 1 is as planned."""

    drive: float
    service: float


def ratios(state: ForecastState, underway_ms: float = 0.0, underway_plan_ms: float = 0.0) -> Ratios:
    """Return the pace of driving and of stops; the drive under way counts by what of it is done."""
    drive = state.drive_ms + tamed(underway_ms, underway_plan_ms)
    plan = state.drive_plan_ms + underway_plan_ms
    return Ratios(
        min(max((DRIVE_PRIOR_MS + drive) / (DRIVE_PRIOR_MS + plan), QUICKEST), SLOWEST),
        min(max((SERVICE_PRIOR_MS + state.dwell_ms) / (SERVICE_PRIOR_MS + state.dwell_plan_ms), SHORTEST), LONGEST),
    )


def tamed(actual_ms: float, plan_ms: float) -> float:
    """Return what of a duration counts: an outlier no more than the bound."""
    return min(max(actual_ms, 0.0), OUTLIER * plan_ms + SLACK_MS)


def learn_drive(state: ForecastState, actual_ms: float, plan_ms: float) -> None:
    """Take a leg that was driven; older ones lose weight by the time planned for this one."""
    kept = 0.5 ** (plan_ms / DRIVE_HALF_LIFE_MS)
    state.drive_ms = state.drive_ms * kept + tamed(actual_ms, plan_ms)
    state.drive_plan_ms = state.drive_plan_ms * kept + plan_ms


def learn_service(state: ForecastState, actual_ms: float, plan_ms: float) -> None:
    """Take a dwell that is over; older ones lose weight by the time planned for this one."""
    kept = 0.5 ** (plan_ms / SERVICE_HALF_LIFE_MS)
    state.dwell_ms = state.dwell_ms * kept + tamed(actual_ms, plan_ms)
    state.dwell_plan_ms = state.dwell_plan_ms * kept + plan_ms
