"""What people say of stops: a word counts once, sets the outcome, and never moves the vehicle elsewhere.

The vehicle's own place at that time is kept beside each word: it is the evidence in the record of the day.
"""

from hashlib import blake2b

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.geo import distance_m
from gateway.domain.stop import Execution, Outcome, Said, Tap, Teller
from gateway.execution.layout import Layout
from gateway.execution.phases import may_start, reopen, started, turn
from gateway.execution.state import RouteState, StopState
from gateway.execution.travel import place_at
from gateway.execution.visits import arrive, served_from

MAX_TAPS = 4_000
"""Words remembered so that none counts twice: eight a stop of the longest route. Past it the oldest are forgotten."""

THERE_M = 250.0
"""Within a block of the stop a driver who says "arrived" has arrived; further away it is only a word."""

LATE_MS = 60_000
"""An "arrived" that comes later than a heartbeat after fixes moves no vehicle: its movement has told by then."""

_KINDS = {Said.SUCCEEDED: EventKind.STOP_SUCCEEDED, Said.FAILED: EventKind.STOP_FAILED}


def take(layout: Layout, state: RouteState, stop: str, tap: Tap, received: int) -> list[RouteEvent]:
    """Take a word on a stop; `received` is when it came in (Unix ms). One that was taken before changes nothing."""
    digest = _digest(tap.id)
    if digest in state.taps or not _is_planned(layout, state, stop):
        return []
    state.taps.append(digest)
    del state.taps[:-MAX_TAPS]
    time = min(tap.time, received)
    if tap.said is Said.ARRIVED:
        return _arrived(layout, state, stop, time)
    if tap.said is Said.UNDONE:
        return _undone(layout, state, stop, time)
    return _outcome(layout, state, stop, tap, time)


def _is_planned(layout: Layout, state: RouteState, stop: str) -> bool:
    """Whether there is something to say of a stop; of one that was cancelled before anything happened there is not."""
    return stop in layout.rank or (stop in layout.stops and stop in state.stops)


def _digest(tap_id: str) -> int:
    """Return 56 bits of a word's id: a pair among 4,000 is alike once in nine billion routes."""
    return int.from_bytes(blake2b(tap_id.encode(), digest_size=7).digest())


def _arrived(layout: Layout, state: RouteState, stop: str, time: int) -> list[RouteEvent]:
    away_m = _away_m(layout, state, stop, time)
    late = time < state.seen - LATE_MS
    if stop in state.at or late or (away_m is not None and away_m > THERE_M):
        return []
    events = [*started(layout, state, time), *arrive(layout, state, [stop], time)]
    return [*events, *turn(layout, state, time)] if events else []


def _undone(layout: Layout, state: RouteState, stop: str, time: int) -> list[RouteEvent]:
    known = state.stops.get(stop)
    if known is None or known.outcome is Outcome.NONE or time < (known.tapped or 0):
        return []
    known.outcome = Outcome.NONE
    known.left_with = known.reason = known.tapped = known.tapped_by = known.tap_m = None
    reopened = RouteEvent(layout.plan.key, EventKind.STOP_REOPENED, time, stop, episode=known.words - 1)
    again = reopen(layout, state, max(time, state.seen)) if known.departed is None else []
    return [reopened, *again, *turn(layout, state, max(time, state.seen))]


def _outcome(layout: Layout, state: RouteState, stop: str, tap: Tap, time: int) -> list[RouteEvent]:
    known = state.stops.setdefault(stop, StopState())
    if known.execution is Execution.CANCELLED or time < (known.tapped or 0):
        return []
    known.outcome = Outcome(tap.said.value)
    known.left_with, known.reason = tap.left_with, tap.reason
    known.tapped, known.tapped_by = time, tap.by
    known.tap_m = _away_m(layout, state, stop, time)
    known.words += 1
    told = RouteEvent(layout.plan.key, _KINDS[tap.said], time, stop, episode=known.words - 1)
    served = served_from(layout, state, stop, time)
    begun = started(layout, state, served[0].time if served else time) if served or _drives(layout, tap, time) else []
    return [*begun, *served, told, *turn(layout, state, max(time, state.seen))]


def _drives(layout: Layout, tap: Tap, time: int) -> bool:
    """Whether a word shows that its driver is on the route, though no tracker says so."""
    return tap.by is Teller.DRIVER and may_start(layout, time)


def _away_m(layout: Layout, state: RouteState, stop: str, time: int) -> float | None:
    """Return how far the vehicle was from the stop; None if nobody knows where it was."""
    spot = place_at(state, time)
    return None if spot is None else round(distance_m(spot.lat, spot.lon, *layout.stops[stop].place), 1)
