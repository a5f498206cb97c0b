"""A day as it was known: positions in the order in which they came in, and at every moment only those.

Twice a minute would be what customers see; every two minutes tells the same and costs a quarter.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gateway.domain.estimate import Estimate
from gateway.evaluation.baselines import Said, baselines
from gateway.evaluation.days import SOURCE, Day, Heard, true_arrivals
from gateway.execution.fold import begin, observe
from gateway.execution.forecast.arrivals import arrivals
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState

ASK_EVERY_MS = 120_000

MAX_HOURS_MS = 24 * 3_600_000
"""Nobody is asked later than a day after the start: what came in a week later is evidence, not a forecast."""


class Forecast(NamedTuple):
    """What was said of one stop at `now` from what was known until `data`, and what happened.

    `ahead` counts the stops until and with this one.
    """

    stop: str
    now: int
    data: int
    ahead: int
    actual: int
    ours: Estimate
    others: Said


def replay(day: Day) -> Iterator[Forecast]:
    """Yield all forecasts of stops that were still ahead, of which the true arrival is known."""
    layout, state, actual = Layout.of(day.plan), begin(day.plan), true_arrivals(day)
    if not actual:
        return
    heard = iter(sorted(day.heard, key=_as_received))
    waiting = next(heard, None)
    last = min(max(actual.values()), day.plan.start + MAX_HOURS_MS)
    for now in range(day.plan.start, last, ASK_EVERY_MS):
        while waiting is not None and waiting.received <= now:
            observe(layout, state, SOURCE, waiting.position)
            waiting = next(heard, None)
        yield from _asked(layout, state, actual, now)


def _as_received(heard: Heard) -> tuple[int, int]:
    return heard.received, heard.position.time


def _asked(layout: Layout, state: RouteState, actual: Mapping[str, int], now: int) -> Iterator[Forecast]:
    said = arrivals(layout, state, now)
    if not said:
        return
    others = baselines(layout, state, now, [arrival.stop for arrival in said])
    for ahead, (arrival, other) in enumerate(zip(said, others, strict=True), 1):
        at = actual.get(arrival.stop)
        if at is not None and at > now:
            data = max(arrival.estimate.made, layout.plan.start)
            yield Forecast(arrival.stop, now, data, ahead, at, arrival.estimate, other)
