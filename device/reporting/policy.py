"""Is this fix worth sending? Pure: event time decides; the clock only says how long nothing was sent.

The rules, the first that applies counts:

| case | answer |
|---|---|
| the first fix | report `first` |
| its time is not after the fix before | hold `backwards`; the third in a row: the clock was set, report `clock_step` |
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

Two rules look back at the newest fix held. If without it the track would be off by more than `track_error_m`, it is
reported before the new one is judged (`corner`). When a vehicle starts, the last fix where it stood is reported with
the start, so that a stop ends when it ended. What is held last is never lost: `flush` gives it out at the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from device.reporting.geometry import between, extrapolated, offset, turned
from device.reporting.settings import ReportingSettings
from device.reporting.window import Window
from wire.messages import Position

BACKWARDS_LIMIT = 3
"""Fixes in a row whose time is not after the newest: one or two are stragglers, three are a clock that was set."""

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


class Decision(NamedTuple):
    """What to send now, oldest first (nothing, one or two positions), and why, or why not."""

    reason: Report | Held
    positions: tuple[Position, ...] = ()


@dataclass(slots=True)
class State:
    """What the policy remembers: the last report, and the fixes since."""

    reported: Position
    reported_at_ms: int
    reported_motion: Motion
    motion: Motion
    newest_ms: int
    window: Window
    held: Position | None = None
    backwards: int = 0


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


class Policy:
    """Decides fix by fix; the settings are fixed, `state` is all that it remembers."""

    def __init__(self, settings: ReportingSettings) -> None:
        self._settings = settings
        self.state: State | None = None

    def consider(self, position: Position, now_ms: int) -> Decision:
        """Decide on the next fix of the source; `now_ms` is when it came."""
        if self.state is None:
            return self._start(position, now_ms, Report.FIRST)
        if position.time <= self.state.newest_ms:
            return self._backwards(self.state, position, now_ms)
        return self._forwards(self.state, position, now_ms)

    def flush(self, now_ms: int) -> Decision:
        """Give out the fix that is held: the source has ended or the agent stops."""
        state = self.state
        if state is None or state.held is None:
            return Decision(Held.NOTHING)
        held = state.held
        self._report(state, held, now_ms)
        return Decision(Report.LAST, (held,))

    def _start(self, position: Position, now_ms: int, reason: Report) -> Decision:
        motion = motion_of(position.speed, Motion.UNKNOWN, self._settings)
        self.state = State(position, now_ms, motion, motion, position.time, Window(position))
        return Decision(reason, (position,))

    def _backwards(self, state: State, position: Position, now_ms: int) -> Decision:
        state.backwards += 1
        if state.backwards < BACKWARDS_LIMIT:
            return Decision(Held.BACKWARDS)
        return self._start(position, now_ms, Report.CLOCK_STEP)

    def _forwards(self, state: State, position: Position, now_ms: int) -> Decision:
        state.backwards = 0
        state.newest_ms = position.time
        if is_inaccurate(position, self._settings):
            return self._judged(state, position, now_ms, ())
        corner = self._corner(state, position, now_ms)
        state.motion = motion_of(position.speed, state.motion, self._settings)
        return self._judged(state, position, now_ms, corner)

    def _judged(self, state: State, position: Position, now_ms: int, corner: tuple[Position, ...]) -> Decision:
        waited_s = (now_ms - state.reported_at_ms) / 1000
        case = Case(self._settings, state.reported, state.reported_motion, position, state.motion, waited_s)
        reason = judge(case)
        if isinstance(reason, Held):
            self._hold(state, position, reason)
            return Decision(Report.CORNER, corner) if corner else Decision(reason)
        before = self._end_of_stand(state) if reason is Report.STARTED else ()
        self._report(state, position, now_ms)
        return Decision(reason, (*corner, *before, position))

    def _corner(self, state: State, position: Position, now_ms: int) -> tuple[Position, ...]:
        """Report the held fix if the straight line to the new one would miss the track."""
        held, tolerance_m = state.held, self._settings.track_error_m
        if held is None or tolerance_m is None or state.motion is Motion.STANDING:
            return ()
        if (held.time - state.reported.time) / 1000 < self._settings.min_interval_s:
            return ()
        if not state.window.is_bent_by(position, tolerance_m):
            return ()
        self._report(state, held, now_ms)
        return (held,)

    def _end_of_stand(self, state: State) -> tuple[Position, ...]:
        return (state.held,) if state.held is not None else ()

    def _report(self, state: State, position: Position, now_ms: int) -> None:
        state.reported, state.reported_at_ms, state.reported_motion = position, now_ms, state.motion
        state.window, state.held = Window(position), None

    def _hold(self, state: State, position: Position, reason: Held) -> None:
        if reason is Held.INACCURATE:
            return
        state.held = position
        if reason is not Held.PARKED:
            state.window.hold(position)


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
