"""All routes that are followed: one record of the journal at a time, in the journal's order.

A vehicle's fixes go to each of its routes that is open: from OPEN_BEFORE_MS before the planned start until it is
finished or OPEN_AFTER_MS after the planned end, unless it is withdrawn. A vehicle without a route costs one look-up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gateway.domain.events import RouteEvent
from gateway.domain.position import Position
from gateway.domain.records import PositionsRecord, Record, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.execution.deviations import watch as deviations
from gateway.execution.fold import begin, observe, replanned, tapped
from gateway.execution.layout import Layout
from gateway.execution.phases import LATEST_MS
from gateway.execution.state import RouteState
from wire.names import VehicleKey

OPEN_BEFORE_MS = 2 * 3_600_000
"""A vehicle is loaded and driven to its first stop before the planned start."""

OPEN_AFTER_MS = LATEST_MS
"""What comes later is the next shift's."""

FORGOTTEN_AFTER_MS = 24 * 3_600_000
"""A route that is over stays for a day: for words that come late, and for whoever looks at today's."""

SWEEP_EVERY_MS = 60_000
"""How often routes that are over are looked for: a look at all of them, and nobody waits for it."""

MAX_ROUTES = 20_000
"""Routes followed at once: ten thousand vehicles with today's and tomorrow's. Past it new ones are not followed, and
are counted."""


@dataclass(slots=True)
class Round:
    """One followed route. `known` is when its newest input came in, `revision` grows with every change."""

    layout: Layout
    state: RouteState
    known: int
    revision: int = 0


@dataclass(slots=True)
class Rounds:
    """The followed routes: the fold's value."""

    rounds: dict[RouteKey, Round] = field(default_factory=dict)
    by_vehicle: dict[VehicleKey, tuple[RouteKey, ...]] = field(default_factory=dict)
    swept: int = 0
    not_followed: int = 0
    set_aside: dict[RouteKey, str] = field(default_factory=dict)
    """Routes whose fold failed, and why: they are shown as they were, and nothing more is taken into them."""


class Change(NamedTuple):
    """What a record did: the routes that it changed, what happened on them, and those that were forgotten."""

    changed: Sequence[RouteKey] = ()
    events: Sequence[RouteEvent] = ()
    forgotten: Sequence[RouteKey] = ()


NOTHING = Change()


def fold(rounds: Rounds, record: Record) -> Change:
    """Take `record` into `rounds` and return what it changed."""
    take = _FOLDS.get(type(record))
    return NOTHING if take is None else take(rounds, record)


def follow(rounds: Rounds, plan: RoutePlan, state: RouteState, known: int, revision: int = 0) -> Round | None:
    """Follow a route from a state, as it was stored; None if there is no room (MAX_ROUTES)."""
    if plan.key not in rounds.rounds and len(rounds.rounds) >= MAX_ROUTES:
        rounds.not_followed += 1
        return None
    forget(rounds, plan.key)
    followed = rounds.rounds[plan.key] = Round(Layout.of(plan), state, known, revision)
    _index(rounds, plan)
    return followed


def forget(rounds: Rounds, key: RouteKey) -> None:
    """Stop following a route."""
    followed = rounds.rounds.pop(key, None)
    if followed is not None:
        _unindex(rounds, followed.layout.plan)


def is_open(layout: Layout, state: RouteState, time: int) -> bool:
    """Whether a fix of that time is the route's."""
    plan, until = layout.plan, layout.planned_end + OPEN_AFTER_MS
    if state.finished is not None or plan.withdrawn or time < plan.start - OPEN_BEFORE_MS:
        return False
    return time < until or (state.started is not None and state.seen < until)  # the first fix behind the end ends it


def _positions(rounds: Rounds, record: PositionsRecord) -> Change:
    keys = rounds.by_vehicle.get(record.key)
    if keys is None:
        return NOTHING
    events: list[RouteEvent] = []
    changed = [key for key in keys if _observe(rounds.rounds[key], record, events)]
    return Change(changed, events) if changed else NOTHING


def _observe(followed: Round, record: PositionsRecord, events: list[RouteEvent]) -> bool:
    state, source = followed.state, record.source
    before = state.seen, state.heard.get(source)
    for position in record.positions:
        _take(followed, source, position, events)
    if before == (state.seen, state.heard.get(source)):
        return False
    _touched(followed, record.received)
    return True


def _take(followed: Round, source: str, position: Position, events: list[RouteEvent]) -> None:
    if is_open(followed.layout, followed.state, position.time):
        events += observe(followed.layout, followed.state, source, position)


def _route(rounds: Rounds, record: RouteRecord) -> Change:
    plan = record.plan
    followed = rounds.rounds.get(plan.key)
    if followed is None:
        if _is_of_the_past(plan, record.received):
            return NOTHING
        followed = follow(rounds, plan, begin(plan), record.received)
        return NOTHING if followed is None else Change((plan.key,))
    if plan.version <= followed.layout.plan.version:
        return NOTHING
    after = Layout.of(plan)
    events = replanned(followed.state, followed.layout, after)
    _unindex(rounds, followed.layout.plan)
    followed.layout = after
    _index(rounds, plan)
    _touched(followed, record.received)
    return Change((plan.key,), events)


def _tap(rounds: Rounds, record: TapRecord) -> Change:
    followed = rounds.rounds.get(record.key)
    if followed is None:
        return NOTHING
    newest = followed.state.taps[-1:]
    events = tapped(followed.layout, followed.state, record.stop, record.tap, record.received)
    if followed.state.taps[-1:] == newest:
        return NOTHING
    _touched(followed, record.received)
    return Change((record.key,), events)


def _tick(rounds: Rounds, record: TickRecord) -> Change:
    if record.received - rounds.swept < SWEEP_EVERY_MS:
        return NOTHING
    rounds.swept = record.received
    over = [
        key for key, followed in rounds.rounds.items() if _over_since(followed) + FORGOTTEN_AFTER_MS < record.received
    ]
    events = [event for key in over for event in _close(rounds.rounds[key], record.received)]
    for key in over:
        forget(rounds, key)
    return Change(events=events, forgotten=over) if over else NOTHING


def _close(followed: Round, time: int) -> Sequence[RouteEvent]:
    return deviations.closed(followed.layout, followed.state, time)


def _is_of_the_past(plan: RoutePlan, now: int) -> bool:
    """Whether this is a late change of a route that is no longer followed: its past is not to be begun anew."""
    return plan.version > 1 and Layout.of(plan).planned_end + OPEN_AFTER_MS < now


_FOLDS: dict[type, Callable[[Rounds, Any], Change]] = {
    PositionsRecord: _positions,
    RouteRecord: _route,
    TapRecord: _tap,
    TickRecord: _tick,
}


def _over_since(followed: Round) -> int:
    last = followed.layout.planned_end + OPEN_AFTER_MS
    return last if followed.state.finished is None else min(followed.state.finished, last)


def _touched(followed: Round, received: int) -> None:
    followed.known = max(followed.known, received)
    followed.revision += 1


def _index(rounds: Rounds, plan: RoutePlan) -> None:
    key = plan.vehicle_key
    rounds.by_vehicle[key] = (*rounds.by_vehicle.get(key, ()), plan.key)


def _unindex(rounds: Rounds, plan: RoutePlan) -> None:
    left = tuple(key for key in rounds.by_vehicle.get(plan.vehicle_key, ()) if key != plan.key)
    if left:
        rounds.by_vehicle[plan.vehicle_key] = left
    else:
        rounds.by_vehicle.pop(plan.vehicle_key, None)
