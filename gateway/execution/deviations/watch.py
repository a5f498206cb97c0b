"""All watchers of deviations in one table, and the three ways in which something comes to them.

Each follows a fix (or only what the fold made of it) and returns what begins and ends. An episode begins once and
ends once; a route that is over has none that lasts.
"""

from collections.abc import Callable, Sequence

from gateway.domain.events import DeviationKind, EventKind, RouteEvent
from gateway.domain.stop import Tap
from gateway.execution.deviations.far_tap import watch_tap
from gateway.execution.deviations.moment import Moment
from gateway.execution.deviations.off_route import watch_off_route
from gateway.execution.deviations.order import watch_sequence, watch_skipped
from gateway.execution.deviations.risk import watch_risk
from gateway.execution.deviations.seen import Events, Seen, finish, open_episodes
from gateway.execution.deviations.silence import watch_silence
from gateway.execution.deviations.standing import watch_standing
from gateway.execution.deviations.start import watch_start
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState

_WATCHERS: tuple[Callable[[Seen], Events], ...] = (
    watch_start,
    watch_silence,
    watch_off_route,
    watch_standing,
    watch_risk,
)
"""Of each fix. Silence before the others: they begin anew after a gap."""


def watch(
    layout: Layout, state: RouteState, fix: Fix, moment: Moment, events: Sequence[RouteEvent] = ()
) -> list[RouteEvent]:
    """Take a fix, which `state` holds already, and the `events` that it brought about; return what deviates."""
    seen = Seen(layout, state, fix, moment, events, state.deviations.heard)
    told: list[RouteEvent] = []
    for watcher in _WATCHERS:
        told += watcher(seen)
    state.deviations.heard = fix.time
    if events:
        told += happened(layout, state, events)
    return told


def tapped(
    layout: Layout, state: RouteState, stop: str, tap: Tap, events: Sequence[RouteEvent] = ()
) -> list[RouteEvent]:
    """Take a word on a stop, which `state` holds already, and the `events` that it brought about."""
    return [*watch_tap(layout, state, stop, tap), *happened(layout, state, events)]


def replanned(layout: Layout, state: RouteState, events: Sequence[RouteEvent] = ()) -> list[RouteEvent]:
    """Go on with another version: what hung on the old line, or on stops that are no more, ends."""
    deviations = state.deviations
    deviations.excursion, deviations.risk_due = None, 0
    over = [
        episode
        for episode in open_episodes(deviations)
        if layout.plan.withdrawn
        or episode.kind is DeviationKind.OFF_ROUTE
        or (episode.stop is not None and episode.stop not in layout.order)
    ]
    told = [*happened(layout, state, events)]
    for episode in over:
        if episode.end is None:
            told += finish(layout, episode, layout.plan.issued)
    return told


def closed(layout: Layout, state: RouteState, time: int) -> list[RouteEvent]:
    """End what lasts: nobody will hear of the route any more."""
    return [event for episode in open_episodes(state.deviations) for event in finish(layout, episode, time)]


def happened(layout: Layout, state: RouteState, events: Sequence[RouteEvent]) -> list[RouteEvent]:
    """Take what the fold made of a fix, a word or a version."""
    if not events:
        return []
    told = [*watch_sequence(layout, state, events), *watch_skipped(layout, state, events)]
    for event in events:
        if event.kind is EventKind.ROUTE_FINISHED:
            for episode in open_episodes(state.deviations):
                told += finish(layout, episode, event.time)
    return told
