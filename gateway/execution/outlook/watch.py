"""The ways in which something comes to a route's outlook."""

from collections.abc import Sequence

from gateway.domain.events import EventKind, RouteEvent
from gateway.execution.deviations.risk import FORESIGHT_MS
from gateway.execution.layout import Layout
from gateway.execution.order import is_served
from gateway.execution.outlook import hearing
from gateway.execution.outlook.expecting import expect
from gateway.execution.outlook.facts import facts_of
from gateway.execution.outlook.state import Limits, Outlook
from gateway.execution.state import RouteState

FAR_EVERY_MS = 30_000
"""How often the stops of the next two hours are looked at: a forecast of forty stops, as often as `deviations.risk`."""

FORESEEN = frozenset(
    {EventKind.STOP_APPROACHING, EventKind.STOP_ETA_UPDATED, EventKind.STOP_DELAYED, EventKind.VEHICLE_SILENT}
)
"""What is told by a look alone: nothing of the route changes with it."""


def is_under_way(layout: Layout, state: RouteState) -> bool:
    """Whether the route has started and is not over: of others nothing is foreseen."""
    return state.started is not None and state.finished is None and not layout.plan.withdrawn


def heard(layout: Layout, state: RouteState, outlook: Outlook, received: int) -> Sequence[RouteEvent]:
    """Take that positions of the vehicle came in, at `received` (Unix ms), before the fold takes them."""
    if not is_under_way(layout, state):
        return ()
    resumed = hearing.heard(layout.plan.key, outlook, received)
    return _with_facts(layout, state, outlook, resumed, received) if resumed else ()


def happened(
    layout: Layout, state: RouteState, outlook: Outlook, events: Sequence[RouteEvent], now: int
) -> Sequence[RouteEvent]:
    """Return what the fold made of a record, and what follows of it, with how the route stands."""
    if not events:
        return ()
    ended = [event for event in events if event.kind is EventKind.ROUTE_FINISHED]
    others = [event for event in events if event.kind is not EventKind.ROUTE_FINISHED]
    told = [*others, *_completed(layout, state, outlook, events[-1].time), *ended]
    return _with_facts(layout, state, outlook, told, now)


def closed(
    layout: Layout, state: RouteState, outlook: Outlook, events: Sequence[RouteEvent], now: int
) -> Sequence[RouteEvent]:
    """Return what ends because the route is forgotten, with how it stands; nothing else follows of that."""
    return _with_facts(layout, state, outlook, events, now)


def look(layout: Layout, state: RouteState, outlook: Outlook, now: int, limits: Limits) -> Sequence[RouteEvent]:
    """Take a tick (`now`, Unix ms) that comes to a route under way; return what is foreseen then.

    The stops that the van is near to are looked at each time, the others when FAR_EVERY_MS are over.
    """
    is_far_due = now // FAR_EVERY_MS > outlook.ticked // FAR_EVERY_MS
    silent = hearing.listen(layout.plan.key, outlook, now, limits)
    until = now + (FORESIGHT_MS if is_far_due else limits.arriving_ms)
    told = list(silent)
    if not outlook.silent:
        told += expect(layout, state, outlook, now, arriving_ms=limits.arriving_ms, until=until)
    return _with_facts(layout, state, outlook, told, now)


def _completed(layout: Layout, state: RouteState, outlook: Outlook, time: int) -> Sequence[RouteEvent]:
    """Return that nothing is left to do, once: again only if something was."""
    if state.started is None or state.next_stop is not None or not _is_done(layout, state):
        outlook.complete = False
        return ()
    if outlook.complete:
        return ()
    outlook.complete = True
    outlook.completions += 1
    return (RouteEvent(layout.plan.key, EventKind.ROUTE_COMPLETED, time, episode=outlook.completions - 1),)


def _is_done(layout: Layout, state: RouteState) -> bool:
    return bool(layout.order) and all(is_served(state.stops.get(stop)) for stop in layout.order)


def _with_facts(
    layout: Layout, state: RouteState, outlook: Outlook, events: Sequence[RouteEvent], now: int
) -> Sequence[RouteEvent]:
    known = outlook.heard or None
    return [event._replace(facts=facts_of(layout, state, event, now, known)) for event in events]
