"""All routes that are followed: one record of the journal at a time, in the journal's order.

A vehicle's fixes go to each of its routes that is open: from OPEN_BEFORE_MS before the planned start until it is
finished or OPEN_AFTER_MS after the planned end, unless it is withdrawn. A vehicle without a route costs one look-up.

A route whose fold raises is set aside: it stays as it was, is taken nothing into, and the others go on. At the next
start it goes on from what was saved of it last, and takes what came in meanwhile from the book. One that cannot even be
begun is not followed until its next version.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.records import PositionsRecord, Record, RouteRecord, TapRecord, TickRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.execution import outlook as foresight
from gateway.execution.deviations import watch as deviations
from gateway.execution.fold import begin, observe, replanned, tapped
from gateway.execution.layout import Layout
from gateway.execution.outlook import Limits, Outlook
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


LOOKS_AT_ONCE = 5
"""Routes looked at at a stretch, at a tick: some 2 ms."""


@dataclass(slots=True)
class Round:
    """One followed route. `known` is when its newest input came in, `revision` grows with every change.

    `outlook` is what was foreseen of it, beside its state.
    """

    layout: Layout
    state: RouteState
    known: int
    revision: int = 0
    outlook: Outlook = field(default_factory=Outlook)


@dataclass(slots=True)
class Rounds:
    """The followed routes: the fold's value. `limits` are those of the looks at ticks."""

    rounds: dict[RouteKey, Round] = field(default_factory=dict)
    by_vehicle: dict[VehicleKey, tuple[RouteKey, ...]] = field(default_factory=dict)
    swept: int = 0
    not_followed: int = 0
    set_aside: dict[RouteKey, str] = field(default_factory=dict)
    """Routes whose fold failed, and why: they are shown as they were, and nothing more is taken into them. One whose
    stored state could not be taken up is here and not among `rounds`."""
    owed: dict[RouteKey, str] = field(default_factory=dict)
    """Routes that lack something that the book has, and why: it is tried again at the next start. Those set aside are
    among them, and those that could not be begun."""
    limits: Limits = field(default_factory=Limits)


class Fault(NamedTuple):
    """The fold of a route raised; what it had changed by then is not to be kept."""

    key: RouteKey
    error: Exception


class Change(NamedTuple):
    """What a record did: the routes that it changed, what happened on them, and those that were forgotten.

    `looked` are those of which only the outlook changed, `faults` those that are set aside from now on.
    """

    changed: Sequence[RouteKey] = ()
    events: Sequence[RouteEvent] = ()
    forgotten: Sequence[RouteKey] = ()
    looked: Sequence[RouteKey] = ()
    faults: Sequence[Fault] = ()


NOTHING = Change()

_R = TypeVar("_R")


class Look(NamedTuple):
    """Some of the routes under way are looked at, at a tick: what `looks` makes of it."""

    keys: Sequence[RouteKey]
    received: int


def looks(rounds: Rounds, record: TickRecord) -> Iterator[Look]:
    """Yield what a tick is for routes under way, in parts that do not hold the loop for long; `fold` takes them."""
    under_way = [
        key
        for key, followed in rounds.rounds.items()
        if foresight.is_under_way(followed.layout, followed.state) and key not in rounds.set_aside
    ]
    for first in range(0, len(under_way), LOOKS_AT_ONCE):
        yield Look(under_way[first : first + LOOKS_AT_ONCE], record.received)


def fold(rounds: Rounds, record: Record | Look) -> Change:
    """Take `record` into `rounds` and return what it changed."""
    take = _FOLDS.get(type(record))
    return NOTHING if take is None else take(rounds, record)


def follow(
    rounds: Rounds, plan: RoutePlan, state: RouteState, known: int, revision: int = 0, *, outlook: Outlook | None = None
) -> Round | None:
    """Follow a route from a state, as it was stored; None if there is no room (MAX_ROUTES)."""
    if plan.key not in rounds.rounds and len(rounds.rounds) >= MAX_ROUTES:
        rounds.not_followed += 1
        return None
    forget(rounds, plan.key)
    followed = Round(Layout.of(plan), state, known, revision, outlook or Outlook())
    rounds.rounds[plan.key] = followed
    _index(rounds, plan)
    return followed


def set_aside(rounds: Rounds, key: RouteKey, error: Exception) -> Fault:
    """Take nothing more into a route, or into one that could not be taken up."""
    rounds.set_aside[key] = rounds.owed[key] = repr(error)
    return Fault(key, error)


def forget(rounds: Rounds, key: RouteKey) -> None:
    """Stop following a route."""
    followed = rounds.rounds.pop(key, None)
    rounds.set_aside.pop(key, None)
    rounds.owed.pop(key, None)
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
    if len(keys) == 1:  # what is set aside is not among them
        return _guarded(rounds, keys[0], _observe, record)
    return _together([_guarded(rounds, key, _observe, record) for key in keys])


def _observe(followed: Round, record: PositionsRecord) -> Change:
    layout, state, source = followed.layout, followed.state, record.source
    seen, heard, under_way = state.seen, state.heard.get(source), foresight.is_under_way(layout, state)
    events = [*foresight.heard(layout, state, followed.outlook, record.received)] if under_way else []
    for position in record.positions:
        if is_open(layout, state, position.time):
            happened = observe(layout, state, source, position)
            if happened:
                events += _told(followed, happened, record.received)
    key = layout.plan.key
    if seen == state.seen and heard == state.heard.get(source):
        return Change(events=events, looked=(key,)) if under_way else NOTHING
    _touched(followed, record.received)
    return Change([key], events)


def _told(followed: Round, events: Sequence[RouteEvent], now: int) -> Sequence[RouteEvent]:
    return foresight.happened(followed.layout, followed.state, followed.outlook, events, now)


def _route(rounds: Rounds, record: RouteRecord) -> Change:
    plan = record.plan
    if plan.key in rounds.set_aside:
        return NOTHING
    followed = rounds.rounds.get(plan.key)
    if followed is None:
        return _dispatched(rounds, record)
    if plan.version <= followed.layout.plan.version:
        return NOTHING
    _unindex(rounds, followed.layout.plan)
    change = _safely(rounds, plan.key, _replanned, record)
    if plan.key not in rounds.set_aside:
        _index(rounds, plan)
    return change


def _dispatched(rounds: Rounds, record: RouteRecord) -> Change:
    """Follow a route whose plan comes into force for the first time, or which nothing was known of."""
    plan = record.plan
    try:
        followed = (
            None if _is_of_the_past(plan, record.received) else follow(rounds, plan, begin(plan), record.received)
        )
    except Exception as error:  # noqa: BLE001 - as in `_guarded`; of this one there is nothing to set aside
        rounds.owed[plan.key] = repr(error)
        return Change(faults=(Fault(plan.key, error),))
    return NOTHING if followed is None else _safely(rounds, plan.key, _begun, record)


def _begun(followed: Round, record: RouteRecord) -> Change:
    plan = record.plan
    dispatched = () if plan.withdrawn else (RouteEvent(plan.key, EventKind.ROUTE_DISPATCHED, plan.issued),)
    return Change((plan.key,), _told(followed, dispatched, record.received))


def _replanned(followed: Round, record: RouteRecord) -> Change:
    before, followed.layout = followed.layout, Layout.of(record.plan)
    events = replanned(followed.state, before, followed.layout)
    _touched(followed, record.received)
    return Change((record.plan.key,), _told(followed, events, record.received))


def _tap(rounds: Rounds, record: TapRecord) -> Change:
    return NOTHING if record.key not in rounds.rounds else _safely(rounds, record.key, _tapped, record)


def _tapped(followed: Round, record: TapRecord) -> Change:
    newest = followed.state.taps[-1:]
    events = tapped(followed.layout, followed.state, record.stop, record.tap, record.received)
    if followed.state.taps[-1:] == newest:
        return NOTHING
    _touched(followed, record.received)
    return Change((record.key,), _told(followed, events, record.received))


def _tick(rounds: Rounds, record: TickRecord) -> Change:
    if record.received - rounds.swept < SWEEP_EVERY_MS:
        return NOTHING
    rounds.swept = record.received
    over = [
        key for key, followed in rounds.rounds.items() if _over_since(followed) + FORGOTTEN_AFTER_MS < record.received
    ]
    if not over:
        return NOTHING
    closed = _together([_guarded(rounds, key, _closed, record) for key in over])
    for key in over:
        forget(rounds, key)
    return closed._replace(forgotten=over)


def _closed(followed: Round, record: TickRecord) -> Change:
    layout, state, now = followed.layout, followed.state, record.received
    ended = deviations.closed(layout, state, now)
    return Change(events=foresight.closed(layout, state, followed.outlook, ended, now))


def _look(rounds: Rounds, record: Look) -> Change:
    return _together(
        [_safely(rounds, key, partial(_looked, rounds.limits), record) for key in record.keys if key in rounds.rounds]
    )


def _looked(limits: Limits, followed: Round, record: Look) -> Change:
    layout = followed.layout
    events = foresight.look(layout, followed.state, followed.outlook, record.received, limits)
    return Change(events=events, looked=(layout.plan.key,))


def _safely(rounds: Rounds, key: RouteKey, take: Callable[[Round, _R], Change], record: _R) -> Change:
    """Take a record into one route that is not set aside."""
    return NOTHING if key in rounds.set_aside else _guarded(rounds, key, take, record)


def _guarded(rounds: Rounds, key: RouteKey, take: Callable[[Round, _R], Change], record: _R) -> Change:
    """Take a record into one route; if that raises, the route is set aside, and its vehicle's fixes are no more its."""
    followed = rounds.rounds[key]
    try:
        return take(followed, record)
    except Exception as error:  # noqa: BLE001 - it is reported, and must not end what the other routes live from
        _unindex(rounds, followed.layout.plan)
        return Change(faults=(set_aside(rounds, key, error),))


def _together(changes: Sequence[Change]) -> Change:
    """Return several changes as one."""
    told = [change for change in changes if change is not NOTHING]
    if len(told) <= 1:
        return told[0] if told else NOTHING
    return Change(*(list(chain.from_iterable(each)) for each in zip(*told, strict=True)))


def _is_of_the_past(plan: RoutePlan, now: int) -> bool:
    """Whether this is a late change of a route that is no longer followed: its past is not to be begun anew."""
    return plan.version > 1 and Layout.of(plan).planned_end + OPEN_AFTER_MS < now


_FOLDS: dict[type, Callable[[Rounds, Any], Change]] = {
    PositionsRecord: _positions,
    RouteRecord: _route,
    TapRecord: _tap,
    TickRecord: _tick,
    Look: _look,
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
