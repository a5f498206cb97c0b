"""What a watcher is given, and what it does with an episode."""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.domain.events import DeviationKind, EventKind, RouteEvent
from gateway.domain.route import Place
from gateway.execution.deviations.moment import Moment
from gateway.execution.deviations.state import MAX_EPISODES, DeviationState, Episode
from gateway.execution.layout import Layout
from gateway.execution.state import Fix, RouteState
from gateway.execution.travel import GAP_MS

Events = Sequence[RouteEvent]


class Seen(NamedTuple):
    """A fix, what the fold made of it, and when the one before was heard (None: it is the first)."""

    layout: Layout
    state: RouteState
    fix: Fix
    moment: Moment
    events: Events
    heard: int | None

    @property
    def deviations(self) -> DeviationState:
        """What the watchers keep."""
        return self.state.deviations

    @property
    def under_way(self) -> bool:
        """Whether the route has started and is not over."""
        return self.state.started is not None and self.state.finished is None

    @property
    def after_gap(self) -> bool:
        """Whether nothing is known of the time before this fix."""
        return self.heard is None or self.fix.time - self.heard > GAP_MS


def begin(
    layout: Layout,
    state: DeviationState,
    kind: DeviationKind,
    time: int,
    *,
    stop: str | None = None,
    place: Place | None = None,
    greatest_m: float | None = None,
) -> Events:
    """Begin an episode; where there is no room for it, it is counted and not told."""
    number = state.numbers.get(kind, 0)
    state.numbers[kind] = number + 1
    if len(state.episodes) >= MAX_EPISODES:
        state.dropped += 1
        return ()
    lat, lon = (None, None) if place is None else place
    state.episodes.append(Episode(kind, number, time, None, stop, lat, lon, greatest_m))
    return (RouteEvent(layout.plan.key, EventKind.DEVIATION_BEGAN, time, stop, kind, number),)


def finish(layout: Layout, episode: Episode, time: int) -> Events:
    """End an episode, never before it began."""
    episode.end = max(time, episode.begin)
    return (
        RouteEvent(layout.plan.key, EventKind.DEVIATION_ENDED, episode.end, episode.stop, episode.kind, episode.number),
    )


def open_episodes(state: DeviationState, kind: DeviationKind | None = None) -> list[Episode]:
    """Return the episodes that last, oldest first: those of a kind, or all."""
    return [each for each in state.episodes if each.end is None and (kind is None or each.kind is kind)]


def numbered(state: DeviationState, kind: DeviationKind, number: int | None) -> Episode | None:
    """Return an episode by its number; None if it is none or found no room."""
    return next((each for each in reversed(state.episodes) if each.kind is kind and each.number == number), None)
