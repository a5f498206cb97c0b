"""Where a vehicle stands in its plan: when it is free to drive on, and what is left of the drive under way."""

from typing import NamedTuple

from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.domain.stop import Outcome
from gateway.execution.forecast.course import Course, Step
from gateway.execution.forecast.pace import Ratios, ratios
from gateway.execution.forecast.state import ForecastState
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState

LAST_SHARE = 1 / 3
"""A dwell that outlasts what was expected lasts another third of it: the mean residual of a lognormal with the usual
spread of deliveries (0.5 in the logarithm)."""

LEAVING_MS = 30_000
"""Once somebody has said what became of a delivery, the driver walks back and is off: the tap is the last act."""

FARTHEST_SHARE = 3.0
"""What is left of a leg is at most three legs: a vehicle that went astray still has to come back."""


class Standpoint(NamedTuple):
    """Unix ms. The vehicle is free to drive on at `ready`, from the stop `left` (None: the start).

    `data` is the time that the forecast looks ahead from, `made` that of the data it rests on. `first_ms` is what is
    left of the drive under way, at the plan's pace; None: none is under way.
    """

    ready: float
    data: int
    made: int
    left: str | None
    first_ms: float | None
    ratios: Ratios


def standpoint(layout: Layout, state: RouteState, first: str | None, now: int) -> Standpoint:
    """Return where the vehicle stands; `first` is the stop that it heads for, if any."""
    if state.started is None:
        return _before_the_start(layout, state, now)
    if state.forecast.at:
        return _at_stops(layout.course, state)
    return _on_the_way(layout, state, first)


def _before_the_start(layout: Layout, state: RouteState, now: int) -> Standpoint:
    start = layout.plan.start
    made = layout.plan.issued if state.fix is None else max(state.fix.time, layout.plan.issued)
    return Standpoint(max(now, start), min(now, start), made, None, None, ratios(state.forecast))


def _at_stops(course: Course, state: RouteState) -> Standpoint:
    forecast = state.forecast
    learned = ratios(forecast)
    data = newest(state)
    begun = data if forecast.begun is None else forecast.begun
    expected = expected_service_ms(course, forecast, learned)
    rest = max(expected - max(data - begun, 0), expected * LAST_SHARE)
    if all(_is_settled(state, stop) for stop in forecast.at):
        rest = min(rest, LEAVING_MS)
    return Standpoint(max(data, begun) + rest, data, data, forecast.at[-1], None, learned)


def _is_settled(state: RouteState, stop: str) -> bool:
    known = state.stops.get(stop)
    return known is not None and known.outcome is not Outcome.NONE


def _on_the_way(layout: Layout, state: RouteState, first: str | None) -> Standpoint:
    forecast = state.forecast
    data = newest(state)
    step = None if first is None else layout.course.steps.get(first)
    if step is None:
        return Standpoint(data, data, data, forecast.left_stop, None, ratios(forecast))
    first_ms = left_of_leg_ms(layout, state, step)
    return Standpoint(data, data, data, forecast.left_stop, first_ms, _live(layout, forecast, step, data, first_ms))


def _live(layout: Layout, forecast: ForecastState, step: Step, data: int, first_ms: float) -> Ratios:
    """Return the pace with the drive under way in it: on a long first leg it is all that is known of the traffic."""
    done_ms = layout.course.leg_ms(forecast.left_stop, step) - first_ms
    if forecast.left is None or done_ms <= 0.0:
        return ratios(forecast)
    return ratios(forecast, data - forecast.left, done_ms)


def newest(state: RouteState) -> int:
    """Return the time of the newest that is known of a route under way, by a fix or by a word."""
    heard = max(state.started or 0, state.forecast.heard)
    return heard if state.fix is None else max(heard, state.fix.time)


def expected_service_ms(course: Course, forecast: ForecastState, learned: Ratios) -> float:
    """Return how long the stops that the vehicle is at take together."""
    steps = [course.steps[stop] for stop in forecast.at if stop in course.steps]
    return sum(step.service_ms for step in steps) * learned.service


def left_of_leg_ms(layout: Layout, state: RouteState, step: Step) -> float:
    """Return what is left of the drive to `step` at the plan's pace."""
    course, left, fix = layout.course, state.forecast.left_stop, state.fix
    if fix is None:
        return course.leg_ms(left, step)
    if left != step.before:
        return course.crow_ms(Place(fix.lat, fix.lon), step.place)
    share = _share_by_line(layout, state, fix, step)
    if share is None:
        share = _share_by_crow(course.place(left), fix, step)
    return course.crow_ms(Place(fix.lat, fix.lon), step.place) if share is None else step.leg_ms * share


def _share_by_line(layout: Layout, state: RouteState, fix: Fix, step: Step) -> float | None:
    """Return the share of the leg that lies ahead along the line; off the line at least what the crow flies."""
    if not layout.has_line or step.along_m is None or state.matched is None or step.leg_m <= 0.0:
        return None
    ahead_m = max(step.along_m - state.progress_m, distance_m(fix.lat, fix.lon, *step.place))
    return min(ahead_m / step.leg_m, FARTHEST_SHARE)


def _share_by_crow(start: Place | None, fix: Fix, step: Step) -> float | None:
    """Return the distance to the stop against the leg's, both as the crow flies; None if the leg has none."""
    whole_m = 0.0 if start is None else distance_m(*start, *step.place)
    if whole_m <= 0.0:
        return None
    return min(distance_m(fix.lat, fix.lon, *step.place) / whole_m, FARTHEST_SHARE)
