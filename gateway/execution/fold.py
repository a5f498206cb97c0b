"""The fold of one route: fixes, words and versions, in event time. States are changed in place.

    fix -> leading source -> belief -> start -> travel -> progress -> visits -> what is next -> end
                                                                       -> forecast, deviations

Ticks are not among its inputs: what depends on the present is made when somebody looks (`show`).
"""

from collections.abc import Sequence

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.motion import radius_m
from gateway.domain.path import Nearest
from gateway.domain.position import Position
from gateway.domain.route import RoutePlan
from gateway.domain.stop import Execution, Outcome, Tap
from gateway.execution import progress, travel, visits, words
from gateway.execution.deviations import watch as deviations
from gateway.execution.deviations.moment import Moment, Near, Trust
from gateway.execution.forecast import learning
from gateway.execution.jumps import Belief, believe
from gateway.execution.layout import Layout
from gateway.execution.leading import takes_lead
from gateway.execution.order import is_served, is_skipped
from gateway.execution.phases import at_depot, finish, may_visit, reopen, start, started, turn
from gateway.execution.state import Fix, RouteState
from gateway.execution.transitions import Because, move

_SETTLING = frozenset({EventKind.ROUTE_STARTED, EventKind.STOP_ARRIVED, EventKind.STOP_DEPARTED})
"""After these something else may be next."""

_JUMPED = Moment(None, None, Near.NOTHING, Trust.JUMPED)
_VAGUE = Moment(None, None)

VAGUE_M = 200.0
"""A fix that is less certain cannot tell one street from the next (the agent's own bound): the vehicle is heard, and
nothing is concluded from where."""


def begin(plan: RoutePlan) -> RouteState:
    """Return the state of a route of which nothing is known but its plan."""
    return RouteState(plan.version)


def observe(layout: Layout, state: RouteState, source: str, position: Position) -> Sequence[RouteEvent]:
    """Take a fix of the route's vehicle; one that is not newer than the newest changes nothing."""
    if position.time <= max(state.seen, state.since):
        return ()
    if not takes_lead(layout.plan.sources, state, source, position.time):
        return ()
    state.seen = position.time
    now = Fix(position.time, position.lat, position.lon, position.speed, radius_m(position), source)
    belief = believe(state, now)
    if belief is Belief.SUSPECT:
        return deviations.watch(layout, state, now, _JUMPED)
    if belief is Belief.REANCHORED:
        _reanchor(state, now)
    return _believed(layout, state, state.fix, now)


def tapped(layout: Layout, state: RouteState, stop: str, tap: Tap, received: int) -> Sequence[RouteEvent]:
    """Take a word on a stop; `received` is when it came in (Unix ms). One whose id is known changes nothing."""
    newest = state.taps[-1:]
    events = words.take(layout, state, stop, tap, received)
    if state.taps[-1:] == newest:
        return ()
    learning.happened(layout, state, min(tap.time, received), events)
    return [*events, *deviations.tapped(layout, state, stop, tap, events)]


def replanned(state: RouteState, before: Layout, after: Layout) -> Sequence[RouteEvent]:
    """Let the version `after` come into force; what has happened stays with the stops."""
    if after.plan.version <= state.version:
        return ()
    plan = after.plan
    state.version = plan.version
    events = [RouteEvent(plan.key, EventKind.ROUTE_CHANGED, plan.issued, episode=plan.version)]
    if plan.vehicle != before.plan.vehicle:
        events += _hand_over(before, state, plan.issued)
    events += _drop_and_take_up(before, state, after)
    if plan.geometry != before.plan.geometry:
        progress.replanned(after, state)
    if after.order != before.order:
        state.habit_from = len(state.served)
    if _leaves_work(state, before, after):
        events += reopen(after, state, max(plan.issued, state.seen))
    events += turn(after, state, max(plan.issued, state.seen))
    learning.replanned(after, state)
    learning.happened(after, state, plan.issued, events)
    return [*events, *deviations.replanned(after, state, events)]


def _believed(layout: Layout, state: RouteState, before: Fix | None, now: Fix) -> list[RouteEvent]:
    state.fix = now
    if now.radius_m > VAGUE_M:
        return deviations.watch(layout, state, now, _VAGUE)
    travel.remember(state, now)
    events = start(layout, state, now)
    found = None
    if state.started is not None:
        travel.travel(state, before, now)
        found = progress.follow(layout, state, before, now)
    visited = visits.visit(layout, state, before, now) if may_visit(layout, state, now.time) else []
    if visited:
        events += started(layout, state, visited[0].time)
    events += visited
    if any(event.kind in _SETTLING for event in events):
        events += turn(layout, state, max(event.time for event in events))
    events += finish(layout, state, now)
    learning.take(layout, state, before, now, events)
    moment = _moment(layout, state, before, now, found)
    return [*events, *deviations.watch(layout, state, now, moment, events)]


def _moment(layout: Layout, state: RouteState, before: Fix | None, now: Fix, found: Nearest | None) -> Moment:
    along_m, cross_m = (None, None) if found is None else found
    matters = (cross_m is not None and cross_m > progress.ON_LINE_M) or visits.is_slow(before, now)
    return Moment(along_m, cross_m, _near(layout, state, now) if matters else Near.NOTHING)


def _near(layout: Layout, state: RouteState, now: Fix) -> Near:
    """Return what of the plan the vehicle is at: a stop that it serves or has yet to serve, or the depot."""
    if state.at:
        return Near.STOP
    reach_m = visits.reach_m(now.radius_m) + visits.BEYOND_M
    for _, stop in layout.places.within(now.lat, now.lon, reach_m):
        known = state.stops.get(stop)
        if known is None or known.execution is not Execution.DEPARTED:
            return Near.STOP
    return Near.DEPOT if at_depot(layout, now) else Near.NOTHING


def _reanchor(state: RouteState, now: Fix) -> None:
    """Believe that the vehicle is elsewhere: what lies between is unknown."""
    if state.fix is not None and state.started is not None:
        travel.note_gap(state, state.fix, now)
    _lose_track(state)


def _lose_track(state: RouteState) -> None:
    """Begin anew with the next fix: the vehicle is elsewhere than was believed, or is another one."""
    state.fix, state.matched = None, None
    travel.lost_track(state)
    visits.lost_track(state)


def _hand_over(before: Layout, state: RouteState, time: int) -> list[RouteEvent]:
    """Let another vehicle go on from `time`: the one before leaves where it is, and is heard no more."""
    events = [event for stop in list(state.at) for event in visits.depart(before, state, stop, time)]
    _lose_track(state)
    state.suspects.clear()
    state.trail.clear()
    state.heard.clear()
    state.base, state.since, state.out = None, time, False
    return events


def _leaves_work(state: RouteState, before: Layout, after: Layout) -> bool:
    """Whether a version has stops to be served that the day's end had not given up: new ones, or another vehicle's."""
    left = [stop for stop in after.order if not is_served(state.stops.get(stop))]
    handed_over = after.plan.vehicle != before.plan.vehicle
    return any(handed_over or not is_skipped(state.stops.get(stop)) for stop in left)


def _drop_and_take_up(before: Layout, state: RouteState, after: Layout) -> list[RouteEvent]:
    """Cancel stops that are no longer planned, and take up cancelled ones that are."""
    key, time = after.plan.key, after.plan.issued
    dropped = [stop for stop in before.order if stop not in after.rank and not _has_outcome(state, stop)]
    planned = [stop for stop in after.order if stop in state.stops]
    gone = [stop for stop in state.at if stop not in after.stops]
    events = [event for stop in gone for event in visits.depart(before, state, stop, time)]
    events += [event for stop in dropped for event in move(key, state, stop, Because.DROPPED, time)]
    return events + [event for stop in planned for event in move(key, state, stop, Because.PLANNED_AGAIN, time)]


def _has_outcome(state: RouteState, stop: str) -> bool:
    known = state.stops.get(stop)
    return known is not None and known.outcome is not Outcome.NONE
