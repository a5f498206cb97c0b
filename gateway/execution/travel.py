"""What a vehicle drove, where it stood, and what nobody knows: distance, time, trips, halts and gaps.

Distance is what drift does not explain (`gateway.domain.motion`). A halt is Traccar's: REST_MS within REST_M. A gap is
unknown: it is neither driven nor stood, and its length as the crow flies is kept apart.
"""

from gateway.domain.geo import distance_m
from gateway.domain.motion import ROLLING_M_S, Displacement, Motion, displacement, motion_told
from gateway.execution.state import Fix, Gap, Halt, RouteState, Spot, Stay

GAP_MS = 180_000
"""Three missed heartbeats of a minute: what lies between is unknown."""

REST_M, REST_MS = 200.0, 180_000
"""Traccar's default for a stop of a vehicle."""

MAX_HALTS, MAX_GAPS = 1_000, 500
"""Kept of each: twice the stops of the longest route, a gap every two minutes of a day. Past it the oldest go."""

TRAIL_MS, TRAIL_STEP_MS = 300_000, 10_000
"""Places kept for words that come late: one in ten seconds of five minutes (80 m of a van's way)."""


def travel(state: RouteState, before: Fix | None, now: Fix) -> None:
    """Take a believed fix of a route under way; `before` is the believed one before it."""
    after_gap = before is not None and now.time - before.time > GAP_MS
    if before is not None and after_gap:
        note_gap(state, before, now)
    _drive(state, before, now, after_gap=after_gap)
    _rest(state, now, after_gap=after_gap)


def remember(state: RouteState, now: Fix) -> None:
    """Keep a place for words that come late."""
    trail = state.trail
    if trail and now.time - trail[-1].time < TRAIL_STEP_MS:
        return
    trail.append(Spot(now.time, now.lat, now.lon))
    if trail[0].time < now.time - 2 * TRAIL_MS:
        state.trail = [spot for spot in trail if spot.time >= now.time - TRAIL_MS]


def place_at(state: RouteState, time: int) -> Spot | None:
    """Return where the vehicle was at a time; None if it was not heard within TRAIL_MS of it."""
    newest = [] if state.fix is None else [Spot(state.fix.time, state.fix.lat, state.fix.lon)]
    near = min([*state.trail, *newest], key=lambda spot: abs(spot.time - time), default=None)
    return None if near is None or abs(near.time - time) > TRAIL_MS else near


def lost_track(state: RouteState) -> None:
    """Begin anew from the next fix: the vehicle is elsewhere than was believed, or is another one."""
    state.anchor = None
    _end_rest(state)


def served_here(state: RouteState, stop: str) -> None:
    """Note that the halt under way is at a stop."""
    if state.halts and state.halts[-1].end is None and stop not in state.halts[-1].stops:
        state.halts[-1].stops.append(stop)


def over(state: RouteState) -> None:
    """End what lasts: the route is over."""
    _end_rest(state)


def note_gap(state: RouteState, before: Fix, now: Fix) -> None:
    """Keep that nothing is known between two fixes."""
    way_m = round(distance_m(before.lat, before.lon, now.lat, now.lon), 1)
    state.gaps.append(Gap(before.time, now.time, way_m))
    state.gap_m += way_m
    del state.gaps[:-MAX_GAPS]


def _drive(state: RouteState, before: Fix | None, now: Fix, *, after_gap: bool) -> None:
    anchor = state.anchor
    if anchor is None or before is None or after_gap:
        state.anchor = now
        return
    way_m = distance_m(anchor.lat, anchor.lon, now.lat, now.lon)
    elapsed_ms = now.time - anchor.time
    step = displacement(way_m, elapsed_ms, (anchor.radius_m, now.radius_m), now.speed, state.motion)
    state.motion = motion_told(step, now.speed, elapsed_ms) or state.motion
    if step is Displacement.COUNTED:
        state.driven_m += way_m
    if step is not Displacement.HELD:
        state.anchor = now
    rolls = step is Displacement.COUNTED or (now.speed is not None and now.speed >= ROLLING_M_S)
    if rolls and state.motion is Motion.MOVING:  # the first half minute of a stay is still "moving", and not driven
        state.driving_ms += now.time - before.time


def _rest(state: RouteState, now: Fix, *, after_gap: bool) -> None:
    rest = state.rest
    if rest is None or after_gap or distance_m(rest.lat, rest.lon, now.lat, now.lon) > REST_M:
        _end_rest(state)
        state.rest = Stay(now.time, now.time, now.lat, now.lon, now.radius_m)
        return
    rest.last = now.time
    halted = rest.last - rest.begin >= REST_MS
    if halted and not (state.halts and state.halts[-1].end is None):
        state.halts.append(Halt(rest.begin, None, rest.lat, rest.lon, list(state.at)))
        del state.halts[:-MAX_HALTS]


def _end_rest(state: RouteState) -> None:
    rest, state.rest = state.rest, None
    if rest is not None and state.halts and state.halts[-1].end is None:
        state.halts[-1].end = rest.last
