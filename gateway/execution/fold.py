"""The fold of one route: fixes, words and versions, in event time. States are changed in place."""

from collections.abc import Sequence

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.motion import radius_m
from gateway.domain.position import Position
from gateway.domain.route import RoutePlan
from gateway.domain.stop import Execution, Outcome, Said, Tap
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState, StopState


def begin(plan: RoutePlan) -> RouteState:
    """Return the state of a route of which nothing is known but its plan."""
    return RouteState(plan.version)


def observe(layout: Layout, state: RouteState, source: str, position: Position) -> Sequence[RouteEvent]:
    """Take a fix of the route's vehicle; one that is not newer than the newest changes nothing."""
    if position.time <= state.seen:
        return ()
    state.seen = position.time
    now = Fix(position.time, position.lat, position.lon, position.speed, radius_m(position), source)
    state.fix = now
    events: list[RouteEvent] = []
    for away_m, stop in layout.places.within(now.lat, now.lon, 60.0):
        known = state.stops.setdefault(stop, StopState(nearest_m=away_m))
        if known.execution is Execution.PENDING and now.speed is not None and now.speed < 1.4:
            known.execution, known.arrived, known.since, known.visits = Execution.ARRIVED, now.time, now.time, 1
            state.served.append(stop)
            events.append(RouteEvent(layout.plan.key, EventKind.STOP_ARRIVED, now.time, stop))
    for stop, known in state.stops.items():
        if known.execution is Execution.ARRIVED and layout.away_m(stop, now.lat, now.lon) > 90.0:
            known.execution, known.departed, known.since = Execution.DEPARTED, now.time, now.time
            events.append(RouteEvent(layout.plan.key, EventKind.STOP_DEPARTED, now.time, stop))
    return events


def tapped(layout: Layout, state: RouteState, stop: str, tap: Tap, received: int) -> Sequence[RouteEvent]:
    """Take a word on a stop; `received` is when it came in (Unix ms). One whose id is known changes nothing."""
    if stop not in layout.stops:
        return ()
    known = state.stops.setdefault(stop, StopState())
    if tap.said in {Said.SUCCEEDED, Said.FAILED}:
        known.outcome = Outcome(tap.said.value)
        known.left_with, known.reason = tap.left_with, tap.reason
        known.tapped, known.tapped_by = min(tap.time, received), tap.by
        kind = EventKind.STOP_SUCCEEDED if tap.said is Said.SUCCEEDED else EventKind.STOP_FAILED
        return [RouteEvent(layout.plan.key, kind, tap.time, stop)]
    return ()


def replanned(state: RouteState, before: Layout, after: Layout) -> Sequence[RouteEvent]:
    """Let the version `after` come into force; what has happened stays with the stops."""
    if after.plan.version <= state.version:
        return ()
    state.version = after.plan.version
    return [RouteEvent(before.plan.key, EventKind.ROUTE_CHANGED, after.plan.issued, episode=state.version)]
