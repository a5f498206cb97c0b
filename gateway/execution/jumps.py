"""Which fixes are believed: a way that no vehicle drives makes a suspect, and suspects that agree are believed.

| the fix | is | and then |
|---|---|---|
| is within reach of the last believed one | believed | suspects from which it is not were jumps |
| is not | suspect | it is not used for visits, progress or distance |
| is not, and REANCHOR_AFTER in a row agree with each other | the new truth | the believed one was frozen |

Within reach: the way, less the radii of both ends, needs no more than JUMP_M_S. So a coarse fix is no jump, and a
receiver that repeated an old place for an hour does not keep the vehicle there.
"""

from enum import StrEnum

from gateway.domain.geo import distance_m
from gateway.domain.motion import JUMP_M_S
from gateway.execution.state import Fix, RouteState, Spot

REANCHOR_AFTER = 3
"""Fixes that agree on another place: one is an echo, two may be its repetition, the third is where the vehicle is."""

MAX_JUMPED = 20
"""Marks kept: enough to see what a receiver does; past it the oldest is forgotten, the count goes on."""


class Belief(StrEnum):
    """What a fix is taken for."""

    BELIEVED = "believed"
    SUSPECT = "suspect"
    REANCHORED = "reanchored"


def believe(state: RouteState, now: Fix) -> Belief:
    """Judge a fix against the last believed one, and keep the suspects."""
    before, suspects = state.fix, state.suspects
    if before is None or reachable(before, now):
        if suspects and not reachable(suspects[-1], now):
            _mark(state, suspects)
        suspects.clear()
        return Belief.BELIEVED
    if suspects and not reachable(suspects[-1], now):
        _mark(state, suspects)
        suspects.clear()
    suspects.append(now)
    if len(suspects) < REANCHOR_AFTER:
        return Belief.SUSPECT
    suspects.clear()
    return Belief.REANCHORED


def reachable(before: Fix, after: Fix) -> bool:
    """Whether a road vehicle can have come from one fix to the other."""
    way_m = distance_m(before.lat, before.lon, after.lat, after.lon) - before.radius_m - after.radius_m
    return way_m * 1000.0 <= JUMP_M_S * (after.time - before.time)


def _mark(state: RouteState, suspects: list[Fix]) -> None:
    state.jumps += len(suspects)
    state.jumped += [Spot(fix.time, fix.lat, fix.lon) for fix in suspects]
    del state.jumped[:-MAX_JUMPED]
