"""Done far from the stop: a driver says "delivered" or "failed" at another place.

Taps that come late are a habit, not a deviation: a stop that the vehicle itself has visited has better evidence.
"""

from gateway.domain.events import DeviationKind, RouteEvent
from gateway.domain.geo import distance_m
from gateway.domain.stop import Said, Tap, Teller
from gateway.execution.deviations.seen import Events, begin, finish, open_episodes
from gateway.execution.layout import Layout
from gateway.execution.state import RouteState

FAR_M = 250.0
"""A block: a parcel is carried no further from the van."""

_DONE = frozenset({Said.SUCCEEDED, Said.FAILED})


def watch_tap(layout: Layout, state: RouteState, stop: str, tap: Tap) -> Events:
    """Judge a word by the place of the phone, else by the vehicle's. Who speaks from a desk is nowhere."""
    known = state.stops.get(stop)
    from_a_desk = tap.by is not Teller.DRIVER and tap.place is None
    if from_a_desk or tap.said not in _DONE or (known is not None and known.arrived is not None):
        return ()
    away_m = _away_m(layout, state, stop, tap)
    if away_m is None or away_m <= max(FAR_M, tap.accuracy or 0.0):
        return ()
    return _episode(layout, state, stop, tap, round(away_m, 1))


def _away_m(layout: Layout, state: RouteState, stop: str, tap: Tap) -> float | None:
    planned, known = layout.stops.get(stop), state.stops.get(stop)
    if tap.place is not None and planned is not None:
        return distance_m(*tap.place, *planned.place)
    return None if known is None else known.tap_m


def _episode(layout: Layout, state: RouteState, stop: str, tap: Tap, away_m: float) -> tuple[RouteEvent, ...]:
    """Make the episode, which is a moment."""
    deviations, kind = state.deviations, DeviationKind.DONE_FAR_AWAY
    began = begin(layout, deviations, kind, tap.time, stop=stop, place=tap.place, greatest_m=away_m)
    lasting = open_episodes(deviations, kind)
    return (*began, *(event for each in lasting for event in finish(layout, each, tap.time)))
