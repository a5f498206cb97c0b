"""When a route begins and ends, and what a vehicle heads for in between.

- A route starts when its vehicle leaves the depot, from EARLY_MS before the plan on; where it was never seen at the
  depot, when it has moved for SET_OUT_M after the planned start; in any case with its first arrival.
- It is over when nothing is left to do and the vehicle is at the depot, or OVER_AFTER_MS and twice the way back later,
  wherever it is (at least GIVEN_UP_AFTER_MS, if it went past some stops). With stops that it went past it is over
  after OVER_AFTER_MS at the depot; with others left, after GIVEN_UP_AFTER_MS there and after the planned end: who
  reloads goes on. At LATEST_MS after the planned end it is over whatever is left.
- A version that leaves something to do, or an outcome taken back, opens a route again that was over.
"""

from collections.abc import Sequence
from math import inf

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.geo import distance_m
from gateway.domain.stop import Execution
from gateway.execution.layout import Layout
from gateway.execution.order import expected_order, habit_of, is_served, is_skipped, left_behind, passed_over
from gateway.execution.state import Fix, RouteState, Spot
from gateway.execution.transitions import Because, move
from gateway.execution.travel import over
from gateway.execution.visits import depart, is_slow

DEPOT_M = 150.0
"""A yard and its gate."""

EARLY_MS = 45 * 60_000
"""Who leaves the depot sooner than this fetches fuel."""

SET_OUT_M = 300.0
"""Further than anybody manoeuvres."""

OVER_AFTER_MS = 10 * 60_000
"""After the last stop, or at the depot: as long as a driver sorts papers."""

BACK_TIMES = 2
"""And so many times what the way to the depot takes, where the plan has one: it is driven, too."""

GIVEN_UP_AFTER_MS = 60 * 60_000
"""With stops left that it went past, a vehicle may still turn round, as long as it is not at the depot."""

LATEST_MS = 12 * 3_600_000
"""A day that has not ended by then was forgotten, or its tracker was."""


def at_depot(layout: Layout, fix: Fix) -> bool:
    """Whether a fix is at the route's depot, as far as one is known."""
    depot = layout.plan.depot
    return depot is not None and distance_m(*depot, fix.lat, fix.lon) <= max(DEPOT_M, fix.radius_m)


def start(layout: Layout, state: RouteState, now: Fix) -> list[RouteEvent]:
    """Return the start, if this fix shows it. `state.base` is where the vehicle waited, last seen there at its time."""
    if state.started is not None:
        return []
    base = state.base
    if base is None or at_depot(layout, now):
        state.base = _waiting(layout, base, now)
        return []
    if not _has_set_out(layout, base, now):
        return []
    state.anchor = Fix(base.time, base.lat, base.lon, 0.0, now.radius_m, now.source)  # the way begins where it waited
    return started(layout, state, _set_out_at(layout, base, now))


def _waiting(layout: Layout, base: Spot | None, now: Fix) -> Spot:
    """Return where the vehicle waits, last seen at the depot now: where it stood, for its way begins there."""
    if base is None or is_slow(None, now) or not _is_home(layout, base):
        return Spot(now.time, now.lat, now.lon)
    return Spot(now.time, base.lat, base.lon)


def may_visit(layout: Layout, state: RouteState, time: int) -> bool:
    """Whether a stay can be a visit: of a route that starts at a known depot not before it has left there, or should.

    The same van may serve an earlier round, and a customer of this one's on it.
    """
    return (
        state.started is not None
        or time >= layout.plan.start
        or (layout.plan.depot is None and may_start(layout, time))
    )


def may_start(layout: Layout, time: int) -> bool:
    """Whether it is late enough for the route: before, its vehicle drives something else."""
    return time >= layout.plan.start - EARLY_MS


def started(layout: Layout, state: RouteState, time: int) -> list[RouteEvent]:
    """Start the route, unless it has started."""
    if state.started is not None:
        return []
    state.started = time
    return [RouteEvent(layout.plan.key, EventKind.ROUTE_STARTED, time)]


def _has_set_out(layout: Layout, base: Spot, now: Fix) -> bool:
    if _waited_at_depot(layout, base):
        return True
    away_m = distance_m(base.lat, base.lon, now.lat, now.lon)
    return now.time >= layout.plan.start and away_m > max(SET_OUT_M, now.radius_m)


def _set_out_at(layout: Layout, base: Spot, now: Fix) -> int:
    """Return when the vehicle left: when it was last seen where it waited, if that was at the depot and lately."""
    was_there = _waited_at_depot(layout, base)
    return base.time if was_there and now.time - base.time <= EARLY_MS else now.time


def _waited_at_depot(layout: Layout, base: Spot) -> bool:
    """Whether the vehicle was at the depot when the route could begin; who left before drives something else."""
    return _is_home(layout, base) and may_start(layout, base.time)


def _is_home(layout: Layout, base: Spot) -> bool:
    depot = layout.plan.depot
    return depot is not None and distance_m(*depot, base.lat, base.lon) <= DEPOT_M


def turn(layout: Layout, state: RouteState, time: int) -> list[RouteEvent]:
    """Take that what is left to do has changed: habits, skipped stops, and what the vehicle heads for."""
    state.habit = habit_of(layout, state)
    key = layout.plan.key
    over = state.finished is not None or layout.plan.withdrawn
    passed = [] if over else passed_over(layout, state)
    events = [event for stop in passed for event in move(key, state, stop, Because.PASSED_OVER, time)]
    order = [] if over else expected_order(layout, state)
    state.next_stop = order[0] if order else None
    ahead = len(order) - _given_up(layout, state, order)
    state.settled = None if ahead else state.settled or time
    return events + _head_for(layout, state, order[0] if order and not state.at else None, time)


def _given_up(layout: Layout, state: RouteState, order: Sequence[str]) -> int:
    """Return how many of the stops that are left the vehicle has gone past: skipped, or about to be.

    Before a stop is skipped the plan's next one must be served; behind the last one there is none. Who passed over more
    than was served began in the middle, and still comes.
    """
    behind = [] if state.at else left_behind(layout, state)
    skipped = next((n for n, stop in enumerate(reversed(order)) if not is_skipped(state.stops.get(stop))), len(order))
    return skipped + (len(behind) if len(behind) <= len(state.served) else 0)


def _head_for(layout: Layout, state: RouteState, stop: str | None, time: int) -> list[RouteEvent]:
    """Let the vehicle be on its way to one stop alone, once the route has started."""
    key = layout.plan.key
    events = [
        event
        for name, known in list(state.stops.items())
        if known.execution is Execution.EN_ROUTE and name != stop
        for event in move(key, state, name, Because.PUT_OFF, time)
    ]
    if stop is None or state.started is None:
        return events
    return events + move(key, state, stop, Because.HEADED_FOR, time)


def finish(layout: Layout, state: RouteState, now: Fix) -> list[RouteEvent]:
    """Return the end of the route, if this fix shows it, and what was left undone."""
    if state.started is None or state.finished is not None:
        return []
    depot = at_depot(layout, now)
    state.out = state.out or not depot
    state.base = _back(state, now) if depot and state.out else None
    if not _is_over(layout, state, now):
        return []
    events = [event for stop in list(state.at) for event in depart(layout, state, stop, now.time)]
    for stop in (*left_behind(layout, state), *_untouched(layout, state)):
        events += move(layout.plan.key, state, stop, Because.PASSED_OVER, now.time)
    over(state)
    state.finished, state.next_stop = now.time, None
    state.ends += 1
    return [*events, RouteEvent(layout.plan.key, EventKind.ROUTE_FINISHED, now.time, episode=state.ends - 1)]


def reopen(layout: Layout, state: RouteState, time: int) -> list[RouteEvent]:
    """Open a route again that was over; the vehicle may be at the depot and has yet to leave it."""
    if state.finished is None or layout.plan.withdrawn:
        return []
    state.finished = state.base = state.settled = None
    state.out = False
    return [RouteEvent(layout.plan.key, EventKind.ROUTE_REOPENED, time, episode=state.ends - 1)]


def _back(state: RouteState, now: Fix) -> Spot:
    """Return since when and where the vehicle has been back at the depot."""
    return state.base if state.base is not None else Spot(now.time, now.lat, now.lon)


def _is_over(layout: Layout, state: RouteState, now: Fix) -> bool:
    way_back_ms = OVER_AFTER_MS + BACK_TIMES * (layout.plan.back_ms or 0)
    patience_ms = way_back_ms if state.next_stop is None else max(way_back_ms, GIVEN_UP_AFTER_MS)
    if state.settled is not None and now.time - state.settled >= patience_ms:
        return True
    if state.base is not None and now.time - state.base.time >= _depot_patience_ms(layout, state, now):
        return True
    return now.time >= layout.planned_end + LATEST_MS


def _depot_patience_ms(layout: Layout, state: RouteState, now: Fix) -> float:
    """Return after how long at the depot the route is over: at once if nothing is left to do."""
    if state.settled is not None:
        return 0 if state.next_stop is None else OVER_AFTER_MS
    return GIVEN_UP_AFTER_MS if now.time >= layout.planned_end else inf


def _untouched(layout: Layout, state: RouteState) -> list[str]:
    return [stop for stop in layout.order if not is_served(state.stops.get(stop))]
