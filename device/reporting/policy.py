"""Is this fix worth sending? Pure: event time decides; the clock only says how long nothing was sent.

Against the last report the rules of `rules.py` decide. Around them, in this order:

- The first fix is reported (`first`); one less accurate than allowed only when no better one came for a heartbeat.
- A fix whose time is not after the newest is held (`backwards`). The third in a row means that the receiver's clock was
  set: it begins anew (`clock_step`).
- If without the newest held fix the straight line to this one would miss the track by more than `track_error_m`, the
  held one is reported first (`corner`).
- When a vehicle that stood moves, the last fix where it stood is reported first, so that a stop ends when it ended.
- What is held last is never lost: `flush` gives it out when the source ends.
"""

from dataclasses import dataclass
from typing import NamedTuple

from device.reporting.rules import Case, Held, Motion, Report, is_inaccurate, judge, motion_of
from device.reporting.settings import ReportingSettings
from device.reporting.window import Window
from wire.messages import Position

__all__ = ["Decision", "Held", "Motion", "Policy", "Report", "State"]

BACKWARDS_LIMIT = 3
"""Fixes in a row whose time is not after the newest: one or two are stragglers, three are a clock that was set."""


class Decision(NamedTuple):
    """What to send now, oldest first (none to three positions), and why, or why not."""

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


class Policy:
    """Decides fix by fix; the settings are fixed, `state` is all that it remembers of what was sent."""

    def __init__(self, settings: ReportingSettings) -> None:
        self._settings = settings
        self._waiting_since_ms: int | None = None
        self.state: State | None = None

    def consider(self, position: Position, now_ms: int) -> Decision:
        """Decide on the next fix of the source; `now_ms` is when it came."""
        if self.state is None:
            return self._first(position, now_ms)
        if position.time <= self.state.newest_ms:
            return self._backwards(self.state, position, now_ms)
        return self._forwards(self.state, position, now_ms)

    def flush(self, now_ms: int) -> Decision:
        """Give out the fix that is held: the source has ended or the agent stops."""
        state = self.state
        if state is None or state.held is None:
            return Decision(Held.NOTHING)
        held = state.held
        _report(state, held, state.motion, now_ms)
        return Decision(Report.LAST, (held,))

    def _first(self, position: Position, now_ms: int) -> Decision:
        if self._waiting_since_ms is None:
            self._waiting_since_ms = now_ms
        waited_s = (now_ms - self._waiting_since_ms) / 1000
        if is_inaccurate(position, self._settings) and waited_s < self._settings.heartbeat_s:
            return Decision(Held.INACCURATE)
        self._start(position, now_ms)
        return Decision(Report.FIRST, (position,))

    def _start(self, position: Position, now_ms: int) -> None:
        motion = motion_of(position.speed, Motion.UNKNOWN, self._settings)
        self.state = State(position, now_ms, motion, motion, position.time, Window(position))

    def _backwards(self, state: State, position: Position, now_ms: int) -> Decision:
        state.backwards += 1
        if state.backwards < BACKWARDS_LIMIT:
            return Decision(Held.BACKWARDS)
        self._start(position, now_ms)
        return Decision(Report.CLOCK_STEP, (*_if_any(state.held), position))

    def _forwards(self, state: State, position: Position, now_ms: int) -> Decision:
        state.backwards = 0
        state.newest_ms = position.time
        if is_inaccurate(position, self._settings):
            return self._judged(state, position, now_ms)
        before = self._corner(state, position, now_ms)
        state.motion = motion_of(position.speed, state.motion, self._settings)
        before += self._end_of_stand(state, now_ms)
        decision = self._judged(state, position, now_ms)
        if not decision.positions and before:
            return Decision(Report.CORNER, before)
        return decision._replace(positions=before + decision.positions)

    def _corner(self, state: State, position: Position, now_ms: int) -> tuple[Position, ...]:
        """Report the held fix if the straight line to the new one would miss the track."""
        held = state.held
        if held is None or state.motion is Motion.STANDING or self._is_too_soon(state, held):
            return ()
        tolerance_m = self._tolerance_m(position)
        if tolerance_m is None or not state.window.is_bent_by(position, tolerance_m):
            return ()
        _report(state, held, state.motion, now_ms)
        return (held,)

    def _tolerance_m(self, position: Position) -> float | None:
        """Without a speed, drift looks like a way: below the accuracy it is none."""
        limit_m = self._settings.track_error_m
        if limit_m is None or position.speed is not None:
            return limit_m
        return max(limit_m, position.accuracy or 0.0)

    def _end_of_stand(self, state: State, now_ms: int) -> tuple[Position, ...]:
        """Report the last fix where the vehicle stood, once it moves."""
        held, moves = state.held, state.motion is Motion.MOVING
        if held is None or not moves or state.reported_motion is not Motion.STANDING or self._is_too_soon(state, held):
            return ()
        _report(state, held, Motion.STANDING, now_ms)
        return (held,)

    def _is_too_soon(self, state: State, held: Position) -> bool:
        return (held.time - state.reported.time) / 1000 < self._settings.min_interval_s

    def _judged(self, state: State, position: Position, now_ms: int) -> Decision:
        waited_s = (now_ms - state.reported_at_ms) / 1000
        case = Case(self._settings, state.reported, state.reported_motion, position, state.motion, waited_s)
        reason = judge(case)
        if isinstance(reason, Held):
            if reason is not Held.INACCURATE:
                state.held = position
                state.window.hold(position)
            return Decision(reason)
        _report(state, position, state.motion, now_ms)
        return Decision(reason, (position,))


def _report(state: State, position: Position, motion: Motion, now_ms: int) -> None:
    state.reported, state.reported_at_ms, state.reported_motion = position, now_ms, motion
    state.window, state.held = Window(position), None


def _if_any(held: Position | None) -> tuple[Position, ...]:
    return () if held is None else (held,)
