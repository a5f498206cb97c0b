"""A past day of one route: its plan, what was heard and when, and when the vehicle really arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.domain.position import Position
from gateway.domain.route import RoutePlan
from gateway.execution.fold import begin, observe
from gateway.execution.layout import Layout

SOURCE = "tracker"
"""The source that a replayed position counts as: one vehicle has one track here."""


class Heard(NamedTuple):
    """A position and when it was received, Unix ms."""

    received: int
    position: Position


@dataclass(frozen=True, slots=True)
class Day:
    """One route's day. `arrivals` are the true ones by stop, where they are known (else: see `true_arrivals`)."""

    plan: RoutePlan
    heard: Sequence[Heard]
    arrivals: Mapping[str, int] = field(default_factory=dict)


def true_arrivals(day: Day) -> Mapping[str, int]:
    """Return when the vehicle arrived at each stop: as told, else as the whole day's movement shows it.

    The movement is judged by the same fold that runs live, over all positions sorted by time: so late ones count.
    """
    if day.arrivals:
        return day.arrivals
    layout, state = Layout.of(day.plan), begin(day.plan)
    for heard in sorted(day.heard, key=lambda heard: heard.position.time):
        observe(layout, state, SOURCE, heard.position)
    return {name: stop.arrived for name, stop in state.stops.items() if stop.arrived is not None}
