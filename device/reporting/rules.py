"""The rules of the reporting policy, as a table: one fix against the last report. The first that applies counts.

| case | answer |
|---|---|
| the last report is a heartbeat ago | report `heartbeat` |
| within the minimum interval of the last report | hold `too_soon` |
| less accurate than the worst allowed | hold `inaccurate` |
| it stands, the last report did not | report `stopped` |
| it stands, but far from where it was reported | report `displaced` |
| it stands | hold `parked`: drift is no way |
| it moves, the last report stood | report `started` |
| it is off the way that the last report's speed and course led | report `deviation` |
| its course turned | report `turn` |
| it came far | report `distance` |
| else | hold `on_the_way` |
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from device.reporting.geometry import between, extrapolated, offset, turned
from device.reporting.settings import ReportingSettings
from wire.messages import Position

DISPLACED_M = 100.0
"""From here on a vehicle that says it stands was moved (towed, a receiver that always says 0). Drift stays below, or
within the fixes' own accuracy."""

CREPT_M = 25.0
"""The same for one between the two speeds: a traffic jam creeps, but drift with such a speed is short."""


class Report(StrEnum):
    """Why a fix is sent."""

    FIRST = "first"
    CLOCK_STEP = "clock_step"
    HEARTBEAT = "heartbeat"
    STOPPED = "stopped"
    DISPLACED = "displaced"
    STARTED = "started"
    DEVIATION = "deviation"
    TURN = "turn"
    DISTANCE = "distance"
    CORNER = "corner"
    LAST = "last"


class Held(StrEnum):
    """Why a fix is not sent (yet)."""

    BACKWARDS = "backwards"
    TOO_SOON = "too_soon"
    INACCURATE = "inaccurate"
    PARKED = "parked"
    ON_THE_WAY = "on_the_way"
    NOTHING = "nothing"


class Motion(StrEnum):
    """Whether a vehicle stands, by its own speed."""

    STANDING = "standing"
    MOVING = "moving"
    UNKNOWN = "unknown"


class Case(NamedTuple):
    """One fix against the last report."""

    settings: ReportingSettings
    reported: Position
    reported_motion: Motion
    position: Position
    motion: Motion
    waited_s: float

    @property
    def elapsed_s(self) -> float:
        """Event time since the last report."""
        return (self.position.time - self.reported.time) / 1000

    @property
    def moved_m(self) -> float:
        """Straight distance from the last report."""
        return offset(self.reported, self.position).length


def motion_of(speed_m_s: float | None, before: Motion, settings: ReportingSettings) -> Motion:
    """Say whether a vehicle stands; between the two speeds, and when none is sent, it does what it did."""
    if speed_m_s is None:
        return before
    if speed_m_s < settings.stop_speed_m_s:
        return Motion.STANDING
    return Motion.MOVING if speed_m_s >= settings.start_speed_m_s else before


def is_inaccurate(position: Position, settings: ReportingSettings) -> bool:
    """Say whether a fix is too coarse to tell a movement."""
    return position.accuracy is not None and position.accuracy > settings.worst_accuracy_m


def judge(case: Case) -> Report | Held:
    """Return the answer of the first rule that applies."""
    return next((answer for answer, applies in _RULES if applies(case)), Held.ON_THE_WAY)


def _is_heartbeat(case: Case) -> bool:
    return max(case.elapsed_s, case.waited_s) >= case.settings.heartbeat_s


def _is_too_soon(case: Case) -> bool:
    return case.elapsed_s < case.settings.min_interval_s


def _has_stopped(case: Case) -> bool:
    return case.motion is Motion.STANDING and case.reported_motion is not Motion.STANDING


def _is_displaced(case: Case) -> bool:
    if case.motion is not Motion.STANDING:
        return False
    creeps = case.position.speed is not None and case.position.speed >= case.settings.stop_speed_m_s
    limit_m = CREPT_M if creeps else DISPLACED_M
    return case.moved_m > max(limit_m, case.position.accuracy or 0, case.reported.accuracy or 0)


def _has_started(case: Case) -> bool:
    return case.motion is Motion.MOVING and case.reported_motion is Motion.STANDING


def _deviates(case: Case) -> bool:
    limit = case.settings.deviation_m
    foreseen = extrapolated(case.reported, case.elapsed_s)
    if limit is None or foreseen is None:
        return False
    return between(foreseen, offset(case.reported, case.position)) > limit


def _has_turned(case: Case) -> bool:
    limit, one, other = case.settings.angle_deg, case.reported.course, case.position.course
    return limit is not None and one is not None and other is not None and turned(one, other) >= limit


def _came_far(case: Case) -> bool:
    limit = case.settings.distance_m
    return limit is not None and case.moved_m >= limit


_RULES: tuple[tuple[Report | Held, Callable[[Case], bool]], ...] = (
    (Report.HEARTBEAT, _is_heartbeat),
    (Held.TOO_SOON, _is_too_soon),
    (Held.INACCURATE, lambda case: is_inaccurate(case.position, case.settings)),
    (Report.STOPPED, _has_stopped),
    (Report.DISPLACED, _is_displaced),
    (Held.PARKED, lambda case: case.motion is Motion.STANDING),
    (Report.STARTED, _has_started),
    (Report.DEVIATION, _deviates),
    (Report.TURN, _has_turned),
    (Report.DISTANCE, _came_far),
)
