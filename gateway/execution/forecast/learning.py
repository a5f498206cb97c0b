"""What each fix and each word teach a forecast: paces at the end of legs and dwells, misses of its own windows.

Between stops a fix teaches nothing here (where the vehicle is, is in the route's state): so it costs nothing.
"""

from collections.abc import Callable, Sequence

from gateway.domain.estimate import EtaReason
from gateway.domain.events import EventKind, RouteEvent
from gateway.execution.forecast.arrivals import arrival_after
from gateway.execution.forecast.causes import moved, moved_by_stop, moved_by_traffic
from gateway.execution.forecast.course import Step
from gateway.execution.forecast.pace import learn_drive, learn_service, ratios
from gateway.execution.forecast.state import ForecastState, Pledge
from gateway.execution.forecast.window import adapted
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState

PLEDGED_AHEAD = 5
"""A window is held against its arrival from when five others lay before it: half an hour in a city, when customers
look; every stop of a long route is asked for once."""

MAX_PLEDGES = 16
"""Windows that wait for their arrival: the five on the way and as many as a driver who jumps leaves behind. The oldest
goes first: it tells the least."""


def take(layout: Layout, state: RouteState, _before: Fix | None, now: Fix, events: Sequence[RouteEvent]) -> None:
    """Learn from a fix and what it brought about; `state` holds it already."""
    if events:
        happened(layout, state, now.time, events)


def happened(layout: Layout, state: RouteState, time: int, events: Sequence[RouteEvent]) -> None:
    """Learn from what happened, by a fix or by a word of that time; `state` holds it already."""
    state.forecast.heard = max(state.forecast.heard, time)
    for event in events:
        lesson = _LESSONS.get(event.kind)
        if lesson is not None:
            lesson(layout, state, event)


def replanned(layout: Layout, state: RouteState) -> None:
    """Go on with another version of the plan: what was learned stays, stops that are no more do not."""
    forecast, steps = state.forecast, layout.course.steps
    gone = bool(forecast.at)
    forecast.at = [stop for stop in forecast.at if stop in steps]
    if gone and not forecast.at:
        forecast.left, forecast.left_stop, forecast.begun = forecast.heard, None, None
    forecast.pledges = [pledge for pledge in forecast.pledges if pledge.stop in steps]
    if state.started is not None:
        moved(forecast, EtaReason.NEW_PLAN)


def _started(_layout: Layout, state: RouteState, event: RouteEvent) -> None:
    state.forecast.left, state.forecast.left_stop = event.time, None
    moved(state.forecast, EtaReason.ON_THE_WAY)


def _arrived(layout: Layout, state: RouteState, event: RouteEvent) -> None:
    step = _step(layout, event)
    forecast = state.forecast
    if step is None or step.stop in forecast.at:
        return
    _keep_pledge(forecast, step.stop, event.time)
    if not forecast.at:
        _learn_leg(layout, state, step, event.time)
        forecast.begun = max(event.time, step.hold or 0)
    forecast.at.append(step.stop)


def _learn_leg(layout: Layout, state: RouteState, step: Step, arrived: int) -> None:
    forecast = state.forecast
    left, forecast.left = forecast.left, None
    if left is None or left > arrived:
        return
    before = ratios(forecast).drive
    plan_ms = layout.course.leg_ms(forecast.left_stop, step)
    learn_drive(forecast, arrived - left, plan_ms)
    change = ratios(forecast).drive - before
    moved_by_traffic(forecast, arrived - left - plan_ms * before + change * _drive_after_ms(layout, step.stop))


def _departed(layout: Layout, state: RouteState, event: RouteEvent) -> None:
    step = _step(layout, event)
    forecast = state.forecast
    if step is None or step.stop not in forecast.at:
        return
    forecast.at.remove(step.stop)
    _learn_dwell(layout, state, step, event.time)
    forecast.begun = event.time if forecast.at else None
    forecast.left, forecast.left_stop = event.time, step.stop
    _pledge(layout, state, event.time)


def _learn_dwell(layout: Layout, state: RouteState, step: Step, departed: int) -> None:
    forecast = state.forecast
    begun = departed if forecast.begun is None else forecast.begun
    before, actual_ms = ratios(forecast).service, max(departed - begun, 0)
    learn_service(forecast, actual_ms, step.service_ms)
    change = ratios(forecast).service - before
    after_ms = _service_after_ms(layout, step.stop)
    moved_by_stop(forecast, actual_ms - step.service_ms * before + change * after_ms)


def _reordered(_layout: Layout, state: RouteState, _event: RouteEvent) -> None:
    moved(state.forecast, EtaReason.NEW_ORDER)


_LESSONS: dict[EventKind, Callable[[Layout, RouteState, RouteEvent], None]] = {
    EventKind.ROUTE_STARTED: _started,
    EventKind.STOP_ARRIVED: _arrived,
    EventKind.STOP_DEPARTED: _departed,
    EventKind.STOP_SKIPPED: _reordered,
    EventKind.STOP_RESUMED: _reordered,
}


def _step(layout: Layout, event: RouteEvent) -> Step | None:
    return None if event.stop is None else layout.course.steps.get(event.stop)


def _drive_after_ms(layout: Layout, stop: str) -> int:
    """Return the planned driving after a stop, which a change of the pace moves; in the plan's order."""
    rank = layout.rank.get(stop)
    return 0 if rank is None else layout.leg_ms[-1] - layout.leg_ms[rank + 1]


def _service_after_ms(layout: Layout, stop: str) -> int:
    rank = layout.rank.get(stop)
    return 0 if rank is None else layout.service_ms[-1] - layout.service_ms[rank + 1]


def _pledge(layout: Layout, state: RouteState, now: int) -> None:
    """Remember the window of the stop some stops ahead."""
    arrival = arrival_after(layout, state, now, PLEDGED_AHEAD)
    pledges = state.forecast.pledges
    if arrival is None or any(pledge.stop == arrival.stop for pledge in pledges):
        return
    pledges.append(Pledge(arrival.stop, arrival.estimate.p10, arrival.estimate.p90))
    del pledges[:-MAX_PLEDGES]


def _keep_pledge(forecast: ForecastState, stop: str, arrived: int) -> None:
    """Hold a window against the arrival: each side learns whether it was wide enough."""
    pledge = next((pledge for pledge in forecast.pledges if pledge.stop == stop), None)
    if pledge is None:
        return
    forecast.pledges.remove(pledge)
    forecast.early = adapted(forecast.early, float(arrived < pledge.p10))
    forecast.late = adapted(forecast.late, float(arrived > pledge.p90))
