"""The expected arrival at every remaining stop, as a window, at any time: pure, and made anew whenever it is asked for.

- A stop is expected after what is left of the drive under way, the legs before it at the route's live pace and the
  services before it at the route's own ratio; where the plan waits for a window to open, the forecast waits too.
- P50 never lies in the past. In silence P10 and P50 stay until time overtakes them, and P90 gives way by the silence:
  the vehicle may have stood all the time.
- Estimates rise with the order in which the stops are expected to be served.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.geo import distance_m
from gateway.execution.forecast.ahead import stops_ahead, stops_expected
from gateway.execution.forecast.causes import NOTICEABLE_MS
from gateway.execution.forecast.course import Course
from gateway.execution.forecast.standpoint import Standpoint, expected_service_ms, newest, standpoint
from gateway.execution.forecast.window import spread
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState
from gateway.execution.travel import GAP_MS

NO_NEWS_MS = GAP_MS
"""As everywhere, silent is not stopped."""


class Arrival(NamedTuple):
    """A stop that has not been reached and when it is expected to be."""

    stop: str
    estimate: Estimate


def arrivals(layout: Layout, state: RouteState, now: int) -> list[Arrival]:
    """Return the expected arrivals in the order in which the stops are expected to be served.

    `now` may be later than the newest fix: the estimates are kept up. A route that is over or withdrawn has none.
    """
    return list(upcoming(layout, state, now))


def upcoming(layout: Layout, state: RouteState, now: int) -> Iterator[Arrival]:
    """Yield the expected arrivals as `arrivals` has them; lazily, for who needs only the next few."""
    order = stops_ahead(layout, state)
    if order:
        yield from _estimated(layout, state, now, order)


def arrival_after(layout: Layout, state: RouteState, now: int, stops: int) -> Arrival | None:
    """Return the expected arrival at the stop that lies behind `stops` others; None if there are not so many."""
    order = stops_ahead(layout, state)[: stops + 1]
    return None if len(order) <= stops else list(_estimated(layout, state, now, order))[-1]


def end(layout: Layout, state: RouteState, now: int) -> Estimate | None:
    """Return when the route is expected to be over: back at the depot, or its last stop served. None if it is over."""
    if state.finished is not None or layout.plan.withdrawn:
        return None
    order = stops_ahead(layout, state)
    point = standpoint(layout, state, order[0] if order else None, now)
    served = _served(layout.course, point, order)
    return _Window(layout, state, point, now).around(served + _way_back_ms(layout, state, order) * point.ratios.drive)


def _estimated(layout: Layout, state: RouteState, now: int, order: Sequence[str]) -> Iterator[Arrival]:
    point = standpoint(layout, state, order[0], now)
    window = _Window(layout, state, point, now)
    for ahead in stops_expected(layout.course, point, order):
        yield Arrival(ahead.step.stop, window.around(ahead.at))


class _Window:
    """Windows around expected times, one after the other in the order of the stops."""

    def __init__(self, layout: Layout, state: RouteState, point: Standpoint, now: int) -> None:
        self._calibration = layout.plan.calibration
        self._stretch = (state.forecast.early, state.forecast.late)
        self._point = point
        self._now = now
        self._silence = 0 if state.started is None else max(now - point.data, 0)
        self._reason = _reason(layout.course, state, point, self._silence)
        self._last = (float("-inf"),) * 3

    def around(self, at: float) -> Estimate:
        low, mid, high = spread(self._calibration, at - self._point.data, self._stretch)
        p50 = max(at + mid, self._now, self._last[1])
        p10 = min(max(at + low, self._now, self._last[0]), p50)
        p90 = max(at + high + self._silence, p50, self._last[2])
        self._last = (p10, p50, p90)
        return Estimate(round(p10), round(p50), round(p90), self._point.made, self._reason)


def _reason(course: Course, state: RouteState, point: Standpoint, silence_ms: int) -> EtaReason:
    if state.started is None:
        return EtaReason.PLANNED
    if silence_ms >= NO_NEWS_MS:
        return EtaReason.NO_NEWS
    forecast = state.forecast
    if forecast.at and forecast.begun is not None:
        over_ms = newest(state) - forecast.begun - expected_service_ms(course, forecast, point.ratios)
        if over_ms >= NOTICEABLE_MS:
            return EtaReason.LONG_STOP
    return EtaReason.ON_THE_WAY if forecast.reason is EtaReason.PLANNED else forecast.reason


def _served(course: Course, point: Standpoint, order: Sequence[str]) -> float:
    """Return when the last stop is expected to be left."""
    last = None
    for last in stops_expected(course, point, order):  # noqa: B007 - the last one is wanted
        pass
    if last is None:
        return point.ready
    return max(last.at, last.step.hold or 0.0) + last.step.service_ms * point.ratios.service


def _way_back_ms(layout: Layout, state: RouteState, order: Sequence[str]) -> float:
    """Return what is left of the drive to the depot at the plan's pace: the whole of it while stops are ahead."""
    plan = layout.plan
    back_ms = plan.back_ms or 0
    fix, depot, last = state.fix, plan.depot, layout.course.place(state.forecast.left_stop)
    if order or state.forecast.at or fix is None or depot is None or last is None:
        return back_ms
    whole_m = distance_m(*last, *depot)
    return back_ms * min(distance_m(fix.lat, fix.lon, *depot) / whole_m, 1.0) if whole_m > 0 else back_ms
