"""A van that drives a planned tour: from its depot to door after door and back; what it meets comes from one seed.

The tour says what this driver really does, so a day that leaves its plan is a tour that is not the plan: other orders,
longer stays, a slow pace, a way around, a stay nobody planned.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from device.simulator.journey import draw_waits
from device.simulator.leg import Leg, Moment, Plan, Stop, drive
from device.simulator.routing import find_route
from device.simulator.streets import Streets


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay: where, how long (seconds), and how it is driven to.

    `via` are edges that the way there leads over, in their order: a detour. `name` is the stop's; None for a stay that
    is in no plan.
    """

    place: Stop
    stays_s: float
    name: str | None = None
    pace: float = 1.0
    via: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tour:
    """A day: the van stands at the depot until `leaves_s` (seconds of the day's zero), visits all, and drives back."""

    depot: Stop
    leaves_s: float
    visits: tuple[Visit, ...]
    back_pace: float = 1.0


class Stay(NamedTuple):
    """What really happened at a visit (the last one, of no name, is the return): seconds of the day's zero."""

    visit: Visit
    arrived_s: float
    left_s: float


class Drive(NamedTuple):
    """A leg with the time at which the van leaves, and the visit that it leads to."""

    leaves_s: float
    leg: Leg
    visit: Visit

    @property
    def arrives_s(self) -> float:
        """When the van stands at the visit."""
        return self.leaves_s + self.leg.duration_s

    @property
    def ends_s(self) -> float:
        """When the van leaves again."""
        return self.arrives_s + self.visit.stays_s


def drives(streets: Streets, tour: Tour, seed: str) -> Iterator[Drive]:
    """Drive the tour, leg after leg; the same seed meets the same red lights.

    Raises:
        Unreachable: the network has no such way (the packaged one always has).

    """
    chance = random.Random(seed)  # noqa: S311 - a simulation, and it has to be repeatable
    here, leaves_s = tour.depot, tour.leaves_s
    for visit in (*tour.visits, home(tour)):
        route = way_to(streets, here, visit)
        waits = draw_waits(streets, route, chance)
        there = Drive(leaves_s, drive(streets, Plan(route, here, visit.place, visit.pace, waits)), visit)
        yield there
        here, leaves_s = visit.place, there.ends_s


def home(tour: Tour) -> Visit:
    """Return the last visit of every tour: the depot, without end."""
    return Visit(tour.depot, float("inf"), pace=tour.back_pace)


def way_to(streets: Streets, here: Stop, visit: Visit) -> list[int]:
    """Return the edges that lead from a place to a visit, over the edges of its detour."""
    if not visit.via and visit.place.edge == here.edge and visit.place.along_m >= here.along_m:
        return [here.edge]  # further down the same street
    way = [here.edge]
    for edge, after in pairwise((here.edge, *visit.via, visit.place.edge)):
        way += find_route(streets, edge, after)[1:]
    return way


def stays(streets: Streets, tour: Tour, seed: str) -> list[Stay]:
    """Return when the van truly comes and goes; the return to the depot is the last one."""
    return [Stay(there.visit, there.arrives_s, there.ends_s) for there in drives(streets, tour, seed)]


class PlannedJourney:
    """One van's tour, moment by moment. Times are seconds of the day's zero and may only grow."""

    def __init__(self, streets: Streets, tour: Tour, seed: str, begin_s: float = 0.0) -> None:
        """Stand at the depot; the first second that is asked for is second `begin_s` of the tour's day."""
        self._begin_s = begin_s
        self._drives = drives(streets, tour, seed)
        self._now = next(self._drives)

    def at(self, time_s: float) -> Moment:
        """Return where the van is; `time_s` must not go back before the current leg."""
        second = self._begin_s + time_s
        while second >= self._now.ends_s:
            self._now = next(self._drives)
        return self._now.leg.at(second - self._now.leaves_s)
