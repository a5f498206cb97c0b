"""The stops that have not been reached, in their expected order, and when the vehicle is expected at each."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.domain.stop import Execution
from gateway.execution.forecast.course import Course, Step
from gateway.execution.forecast.pace import PACE_HALF_LIFE_MS
from gateway.execution.forecast.standpoint import Standpoint
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order
from gateway.execution.state import RouteState

_AHEAD = frozenset({Execution.PENDING, Execution.EN_ROUTE, Execution.SKIPPED})


class Ahead(NamedTuple):
    """A stop ahead and its expected arrival, before anyone asked what time it is now."""

    step: Step
    at: float


def stops_ahead(layout: Layout, state: RouteState) -> list[str]:
    """Return the stops that have not been reached, in their expected order."""
    if state.finished is not None or layout.plan.withdrawn:
        return []
    stops, steps = state.stops, layout.course.steps
    return [
        stop
        for stop in expected_order(layout, state)
        if stop in steps and (stop not in stops or stops[stop].execution in _AHEAD)
    ]


def stops_expected(course: Course, point: Standpoint, order: Sequence[str]) -> Iterator[Ahead]:
    """Yield when each stop of `order` is expected; lazily, for who needs only the next few."""
    free, left, here, data = point.ready, point.left, float(point.data), point.data
    drive, service = point.ratios
    steps, first_ms = course.steps, point.first_ms
    for stop in order:
        step = steps[stop]
        if first_ms is not None:
            here = free + first_ms * drive
            first_ms = None
        elif not step.beside or left != step.before:
            pace = 1.0 + (drive - 1.0) * 0.5 ** ((free - data) / PACE_HALF_LIFE_MS)
            planned = left == step.before
            leg_ms = step.leg_ms if planned else course.leg_ms(left, step)
            here = free + leg_ms * pace + (step.pause_ms if planned else 0)
        yield Ahead(step, here)
        free = max(free, here, step.hold or 0.0) + step.service_ms * service
        left = stop
