"""Whether a vehicle really moved, or its receiver only drifts.

A parked receiver wanders: summing raw fixes gives a median of 240 m an hour that nobody drove. So distance is
measured from an *anchor*, the last place that counted, and only a displacement that drift does not explain counts:

| the vehicle is | reported speed | counts from |
|---|---|---|
| moving | at least ROLLING_M_S | max(5 m, half the fix's radius): follows every curve |
| stopped | at least ROLLING_M_S | max(25 m, the radii of both ends): the gate |
| any | unknown | the gate |
| any | below ROLLING_M_S | 4 x the gate: no drift goes so far, whatever the speed says |
| any | any | never, if the way would need more than JUMP_M_S: a jump is marked, not driven |
"""

from enum import StrEnum

from gateway.domain.position import Position

ROLLING_M_S = 1.0
"""Below this a receiver's course, and so its motion, is noise (a Doppler speed errs by about 0.3 m/s)."""

DRIVING_M_S = 3.0
"""Ten times that error: a fix with this speed is of a vehicle that moves, even if it has not left the gate yet."""

GATE_M = 25.0
"""How far a parked receiver with an open sky wanders within hours."""

TRACE_M = 5.0
"""The shortest step that is counted while moving: steps below the noise would add it up."""

CERTAIN_GATES = 4.0
"""Beyond so many gates a displacement is believed against a speed of zero (towed, a tunnel, a gap)."""

JUMP_M_S = 70.0
"""252 km/h: faster than any road vehicle that reports here; such a step is a receiver's error or a restart."""

STOPPED_AFTER_MS = 30_000
"""At one place for this long is stopped: the usual dwell of arrival detection, longer than most crossings."""

RADIUS_PER_HDOP_M = 15.0
"""95 % radius of a plain GPS fix per unit of HDOP, where the receiver gives no accuracy."""


class Motion(StrEnum):
    """What the fixes say of a vehicle."""

    MOVING = "moving"
    STOPPED = "stopped"


class Displacement(StrEnum):
    """What a fix's distance from the anchor means."""

    HELD = "held"
    COUNTED = "counted"
    JUMPED = "jumped"


def radius_m(position: Position) -> float:
    """Return the 95 % radius of a fix: as reported, else from HDOP, else that of HDOP 1."""
    accuracy = position.accuracy
    if accuracy is not None:
        return accuracy
    hdop = position.hdop
    return RADIUS_PER_HDOP_M if hdop is None else RADIUS_PER_HDOP_M * hdop


def displacement(
    distance_m: float, elapsed_ms: int, radii_m: tuple[float, float], speed: float | None, motion: Motion
) -> Displacement:
    """Judge a fix `distance_m` from the anchor and `elapsed_ms` after it; `radii_m` are the anchor's and the fix's."""
    if distance_m < TRACE_M:
        return Displacement.HELD
    if motion is Motion.MOVING and speed is not None and speed >= ROLLING_M_S:
        counted_from_m = 0.5 * radii_m[1]
    else:
        counted_from_m = _gate_m(radii_m, speed)
    if distance_m < counted_from_m:
        return Displacement.HELD
    if distance_m * 1000.0 > JUMP_M_S * elapsed_ms:
        return Displacement.JUMPED
    return Displacement.COUNTED


def motion_told(step: Displacement, speed: float | None, held_ms: int) -> Motion | None:
    """Return what a fix says of motion, `held_ms` after the place that it is measured from; None if nothing new."""
    if step is Displacement.COUNTED or (speed is not None and speed >= DRIVING_M_S):
        return Motion.MOVING
    if step is Displacement.HELD and held_ms >= STOPPED_AFTER_MS:
        return Motion.STOPPED
    return None


def has_come_to_rest(speed: float | None, unheard_ms: int) -> bool:
    """Whether a vehicle whose last word was this speed, `unheard_ms` ago, stands.

    Agents report by exception: one that stood and starts again says so, one that stays says nothing for a heartbeat.
    """
    return speed is not None and speed < ROLLING_M_S and unheard_ms >= STOPPED_AFTER_MS


def first_motion(speed: float | None) -> Motion:
    """Return what one fix alone says: the speed decides, and without one the vehicle is where it is."""
    return Motion.MOVING if speed is not None and speed >= ROLLING_M_S else Motion.STOPPED


def _gate_m(radii_m: tuple[float, float], speed: float | None) -> float:
    gate = max(GATE_M, sum(radii_m))
    return gate if speed is None or speed >= ROLLING_M_S else CERTAIN_GATES * gate
