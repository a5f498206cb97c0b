"""Out of sequence, and stops skipped: from what the fold makes of arrivals, not from places.

An arrival is in sequence if no stop before it is left to serve, or if it follows the stop served last: a driver who
begins at the far end and then follows the plan deviates once, not at each stop.
"""

from collections.abc import Iterator

from gateway.domain.events import DeviationKind, EventKind, RouteEvent
from gateway.domain.stop import Execution, Outcome
from gateway.execution.deviations.seen import Events, begin, finish, open_episodes
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState

_LEFT = frozenset({Execution.PENDING, Execution.EN_ROUTE, Execution.SKIPPED})
_NO_LONGER_SKIPPED = frozenset(
    {
        EventKind.STOP_RESUMED,
        EventKind.STOP_ARRIVED,
        EventKind.STOP_CANCELLED,
        EventKind.STOP_SUCCEEDED,
        EventKind.STOP_FAILED,
    }
)


def watch_sequence(layout: Layout, state: RouteState, events: Events) -> Iterator[RouteEvent]:
    """Judge each arrival; those of one moment (two stops at one address) in their planned order."""
    arrived = [(_place(layout, event), event) for event in events if event.kind is EventKind.STOP_ARRIVED]
    for place, event in sorted(arrived, key=lambda each: each[0]):
        if place >= 0:
            yield from _judge(layout, state, place, event)


def watch_skipped(layout: Layout, state: RouteState, events: Events) -> Iterator[RouteEvent]:
    """Follow each skipped stop until it is served, settled or cancelled after all."""
    for event in events:
        if event.kind is EventKind.STOP_SKIPPED:
            yield from begin(layout, state.deviations, DeviationKind.STOP_SKIPPED, event.time, stop=event.stop)
        elif event.kind in _NO_LONGER_SKIPPED:
            for episode in open_episodes(state.deviations, DeviationKind.STOP_SKIPPED):
                if episode.stop == event.stop:
                    yield from finish(layout, episode, event.time)


def _place(layout: Layout, event: RouteEvent) -> int:
    """Return a stop's place in the planned order; -1 if it is not in it."""
    return layout.rank.get(event.stop or "", -1)


def _judge(layout: Layout, state: RouteState, place: int, event: RouteEvent) -> Iterator[RouteEvent]:
    in_sequence = _follows(layout, state, place)
    state.deviations.last_served = event.stop
    lasting = open_episodes(state.deviations, DeviationKind.OUT_OF_SEQUENCE)
    if not in_sequence and not lasting:
        yield from begin(layout, state.deviations, DeviationKind.OUT_OF_SEQUENCE, event.time, stop=event.stop)
    for episode in lasting if in_sequence else ():
        yield from finish(layout, episode, event.time)


def _follows(layout: Layout, state: RouteState, place: int) -> bool:
    if place > 0 and layout.order[place - 1] == state.deviations.last_served:
        return True
    return not any(_is_left(state, stop) for stop in layout.order[:place])


def _is_left(state: RouteState, stop: str) -> bool:
    known = state.stops.get(stop)
    return known is None or (known.execution in _LEFT and known.outcome is Outcome.NONE)
