"""When a vehicle is at a stop, from its movement alone.

- A *stay* is a run of slow fixes around one place, in event time: a fix that leaves it tells when it was left, so that
  agents that report by exception (one slow fix, the next one 100 s later elsewhere) are understood, too.
- A stay is explained by one place. The stop that is expected next is believed after DWELL_MS; any other needs a dwell
  that no red light has. Stops within SAME_PLACE_M of each other share it.
- A stay that was long enough for the next expected stop as well, and is within its reach, was served on foot.
- A vehicle has left a stop when it was beyond its reach for AWAY_MS, or stays at another one.

Thresholds: docs/decisions/0100-visits.md, from the field's practice (radius and dwell of Yandex RouteQ and Samsara).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gateway.domain.events import RouteEvent
from gateway.domain.geo import distance_m
from gateway.domain.stop import Execution
from gateway.execution.layout import Layout
from gateway.execution.order import is_served
from gateway.execution.progress import reached as progress_reached
from gateway.execution.state import Fix, Leaving, RouteState, Stay, StopState
from gateway.execution.transitions import Because, move
from gateway.execution.travel import GAP_MS, served_here

REACH_M, REACH_RADII = 60.0, 1.5
"""How far from its place a stop is served: a van parks within a house or two."""

BEYOND_M, AWAY_MS = 30.0, 20_000
"""So far out of reach, for so long, a vehicle has left."""

SLOW_M_S = 5.0 / 3.6
DWELL_MS = 30_000
"""Slower than 5 km/h for half a minute."""

SURE_MS = 120_000
"""A dwell that needs no plan to be a visit (Samsara); half the service time does, if that is less (Yandex RouteQ)."""

LIGHT_MS = 60_000
"""What a red light takes at most: a stop that is not expected needs more, however short its service is."""

AROUND_M, MOVED_M = 40.0, 20.0
"""Slow fixes so near to the mean of a stay are of the same stay: a parked receiver wanders less. After a fix that was
driving it is half of that: next door but one is another stay."""

LEAVES_M_S = 5.0
"""At least this fast a vehicle came from its stay to the first fix elsewhere, where its speed is not known."""

NEARER_M = 30.0
"""So much nearer than the expected stop another one must be to explain a dwell that both would."""


class Candidate(NamedTuple):
    """A stop within reach of a stay."""

    away_m: float
    stop: str


def visit(layout: Layout, state: RouteState, before: Fix | None, now: Fix) -> list[RouteEvent]:
    """Take a believed fix; return arrivals and departures that it proves."""
    stay = _take(state, before, now)
    events = _explain(layout, state, stay) if stay is not None else []
    return events + _leave(layout, state, now)


def lost_track(state: RouteState) -> None:
    """End the stay with its last fix: the vehicle is elsewhere than was believed, or is another one."""
    if state.stay is not None and state.stay.end is None:
        state.stay.end = state.stay.last


def arrive(layout: Layout, state: RouteState, stops: Iterable[str], time: int) -> list[RouteEvent]:
    """Let the vehicle be at stops since `time`; what it was at before is left."""
    stops = list(stops)
    left = [(stop, _left(layout, state, stop, time)) for stop in state.at if stop not in stops]
    events = [event for stop, at in left for event in depart(layout, state, stop, at)]
    for stop in stops:
        events += _arrive_at(layout, state, stop, time)
    return events


def served_from(layout: Layout, state: RouteState, stop: str, time: int) -> list[RouteEvent]:
    """Return the arrival at a stop of which somebody says at `time` that it is done, if the vehicle stands there.

    From where it stands other stops may be served, too: they are not left.
    """
    stay = state.stay
    if stay is None or stop not in layout.rank or _is_done(state.stops.get(stop)):
        return []
    there = stay.begin <= time <= (stay.last + AWAY_MS if stay.end is None else stay.end)
    if not there or layout.away_m(stop, stay.lat, stay.lon) > reach_m(stay.radius_m):
        return []
    stay.stops.append(stop)
    return _arrive_at(layout, state, stop, stay.begin)


def depart(layout: Layout, state: RouteState, stop: str, time: int) -> list[RouteEvent]:
    """Let the vehicle leave a stop that it is at."""
    state.at.remove(stop)
    state.leaving.pop(stop, None)
    known = state.stops[stop]
    time = max(time, known.since)
    known.departed = time
    return move(layout.plan.key, state, stop, Because.LEFT, time)


def is_slow(before: Fix | None, now: Fix) -> bool:
    """Whether a vehicle is as slow as one that parks; without a speed, by the way from the fix before."""
    if now.speed is not None:
        return now.speed < SLOW_M_S
    if before is None or now.time <= before.time:
        return False
    way_m = distance_m(before.lat, before.lon, now.lat, now.lon)
    return way_m * 1000.0 < SLOW_M_S * (now.time - before.time)


def reach_m(radius_m: float) -> float:
    """Return within which distance of a stop a fix of this radius counts as there."""
    return max(REACH_M, REACH_RADII * radius_m)


def _take(state: RouteState, before: Fix | None, now: Fix) -> Stay | None:
    """Take the fix into the stay; return the stay if there is something new to say of it."""
    stay = state.stay
    inside = stay is not None and stay.end is None and _is_around(stay, before, now)
    if stay is not None and stay.end is None and not inside:
        stay.end = _left_at(stay, now)
        if is_slow(before, now):
            state.past, state.stay = stay, _begin(before, now)
        return stay
    if not is_slow(before, now):
        return None
    if stay is None or not inside:
        state.past, state.stay = stay, _begin(before, now)
        return None
    _extend(stay, now)
    return stay


def _begin(before: Fix | None, now: Fix) -> Stay:
    """Return a stay at a slow fix; one without a speed is slow because the vehicle was here already, if it was."""
    stay = Stay(now.time, now.time, now.lat, now.lon, now.radius_m)
    if (
        now.speed is None
        and before is not None
        and now.time - before.time <= GAP_MS
        and _is_around(stay, before, before)
    ):
        stay.begin = before.time
    return stay


def _is_around(stay: Stay, before: Fix | None, now: Fix) -> bool:
    driven = before is not None and before.speed is not None and before.speed >= SLOW_M_S
    around_m = max(MOVED_M if driven else AROUND_M, now.radius_m, stay.radius_m)
    return distance_m(stay.lat, stay.lon, now.lat, now.lon) <= around_m


def _extend(stay: Stay, now: Fix) -> None:
    stay.fixes += 1
    stay.lat += (now.lat - stay.lat) / stay.fixes
    stay.lon += (now.lon - stay.lon) / stay.fixes
    stay.last = now.time
    stay.radius_m = min(stay.radius_m, now.radius_m)


def _left_at(stay: Stay, now: Fix) -> int:
    """Return when a stay ended of which `now` is the first fix elsewhere; after a gap nobody knows more than `last`."""
    if now.time - stay.last > GAP_MS:
        return stay.last
    way_m = distance_m(stay.lat, stay.lon, now.lat, now.lon)
    return max(stay.last, now.time - round(1000.0 * way_m / max(now.speed or 0.0, LEAVES_M_S)))


def _explain(layout: Layout, state: RouteState, stay: Stay) -> list[RouteEvent]:
    """Return the arrivals that the stay proves by now."""
    if state.started is None and layout.plan.depot is not None and _at_depot(layout, stay):
        return []
    events: list[RouteEvent] = []
    if not stay.stops:
        stay.stops = _explained(layout, state, stay)
        events += arrive(layout, state, stay.stops, stay.begin) if stay.stops else []
    if stay.end is not None and stay.stops:
        events += _served_on_foot(layout, state, stay, stay.end)
    return events


def _at_depot(layout: Layout, stay: Stay) -> bool:
    depot = layout.plan.depot
    return depot is not None and distance_m(*depot, stay.lat, stay.lon) <= REACH_M


def _explained(layout: Layout, state: RouteState, stay: Stay) -> list[str]:
    """Return the stops of the one place that explains a stay; none if it is too short, or nothing is near."""
    dwell_ms = (stay.last if stay.end is None else stay.end) - stay.begin
    if dwell_ms < DWELL_MS:
        return []
    near = [Candidate(*each) for each in layout.places.within(stay.lat, stay.lon, reach_m(stay.radius_m))]
    if not near:
        return []
    open_ = [each for each in near if each.stop not in state.at and not _is_done(state.stops.get(each.stop))]
    best = _best(layout, state, open_, dwell_ms) or _again(state, near, open_, dwell_ms)
    return [] if best is None else _with_beside(layout, state, best)


def _best(layout: Layout, state: RouteState, near: Sequence[Candidate], dwell_ms: int) -> str | None:
    expected = min((each for each in near if _is_expected(state, each.stop)), default=None)
    other = min((each for each in near if dwell_ms >= _proof_ms(layout, each.stop)), default=None)
    if expected is None or (other is not None and other.away_m < expected.away_m - NEARER_M):
        return None if other is None else other.stop
    return expected.stop


def _is_expected(state: RouteState, stop: str) -> bool:
    """Whether a stop is next, or somebody said already what became of it: some drivers tap before they park."""
    return stop == state.next_stop or is_served(state.stops.get(stop))


def _proof_ms(layout: Layout, stop: str) -> float:
    """Return the dwell that proves a visit nobody expects."""
    return max(LIGHT_MS, min(layout.stops[stop].service_ms / 2, SURE_MS))


def _again(state: RouteState, near: Sequence[Candidate], open_: Sequence[Candidate], dwell_ms: int) -> str | None:
    """Return the stop that the vehicle came back to: only if no stop that is left explains the stay."""
    served = [each for each in near if each not in open_ and each.stop not in state.at]
    if open_ or not served or dwell_ms < SURE_MS:
        return None
    return min(served).stop


def _is_done(known: StopState | None) -> bool:
    """Whether the vehicle has been at a stop; what somebody said of it may have been said before."""
    return known is not None and (known.arrived is not None or known.execution is Execution.CANCELLED)


def _with_beside(layout: Layout, state: RouteState, stop: str) -> list[str]:
    beside = [other for other in layout.beside.get(stop, ()) if not _is_done(state.stops.get(other))]
    return sorted([stop, *beside], key=lambda name: layout.rank[name])


def _served_on_foot(layout: Layout, state: RouteState, stay: Stay, end: int) -> list[RouteEvent]:
    """Return the visit of the next expected stop, if the stay is in its reach and was long enough for all of them."""
    last = max(layout.rank.get(stop, -1) for stop in stay.stops)
    after = next((stop for stop in layout.order[last + 1 :] if not is_served(state.stops.get(stop))), None)
    if after is None or after in state.at or layout.away_m(after, stay.lat, stay.lon) > reach_m(stay.radius_m):
        return []
    served = [layout.stops[stop] for stop in (*stay.stops, after) if stop in layout.stops]
    needed_ms = sum(stop.service_ms for stop in served)
    if end - stay.begin < needed_ms or _is_done(state.stops.get(after)):
        return []
    stay.stops.append(after)
    return _arrive_at(layout, state, after, stay.begin)


def _arrive_at(layout: Layout, state: RouteState, stop: str, time: int) -> list[RouteEvent]:
    events = move(layout.plan.key, state, stop, Because.REACHED, time)
    if not events:
        return []
    known = state.stops[stop]
    known.arrived = time if known.arrived is None else known.arrived
    state.at.append(stop)
    if stop not in state.served:
        state.served.append(stop)
    progress_reached(layout, state, stop, time)
    served_here(state, stop)
    return events


def _leave(layout: Layout, state: RouteState, now: Fix) -> list[RouteEvent]:
    """Return the departures from stops that the vehicle has been away from for long enough."""
    events: list[RouteEvent] = []
    stay = state.stay
    held = stay.stops if stay is not None and stay.end is None else ()
    for stop in list(state.at):
        away_m = layout.away_m(stop, now.lat, now.lon)
        known = state.stops[stop]
        known.nearest_m = round(away_m if known.nearest_m is None else min(known.nearest_m, away_m), 1)
        limit_m = _limit_m(now.radius_m)
        if away_m <= limit_m or stop in held:
            state.leaving.pop(stop, None)
        elif now.time - _beyond(layout, state, stop, now, away_m - limit_m) >= AWAY_MS:
            events += depart(layout, state, stop, state.leaving[stop].left)
    return events


def _beyond(layout: Layout, state: RouteState, stop: str, now: Fix, by_m: float) -> int:
    """Return since when the vehicle has been out of a stop's reach, `by_m` beyond it now."""
    leaving = state.leaving.get(stop)
    if leaving is None:
        left = _left(layout, state, stop, now.time)
        crossed = now.time - round(1000.0 * by_m / max(now.speed or 0.0, LEAVES_M_S))
        leaving = state.leaving[stop] = Leaving(left, max(crossed, left))
    return leaving.beyond


def _left(layout: Layout, state: RouteState, stop: str, time: int) -> int:
    """Return when the vehicle left a stop that it is away from at `time`: at the end of its last stay there."""
    if stop in state.leaving:
        return min(state.leaving[stop].left, time)
    for stay in (state.stay, state.past):
        if (
            stay is not None
            and stay.begin < time
            and layout.away_m(stop, stay.lat, stay.lon) <= _limit_m(stay.radius_m)
        ):
            return min(stay.last if stay.end is None else stay.end, time)
    return time


def _limit_m(radius_m: float) -> float:
    """Return beyond which distance of a stop a vehicle has left it, if it stays away."""
    return reach_m(radius_m) + BEYOND_M
