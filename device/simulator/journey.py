"""A van's day without end: drive to a stop, dwell, drive to the next; every choice comes from one seed."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from device.simulator.leg import Leg, Moment, Plan, Stop, Wait, drive
from device.simulator.routing import find_route
from device.simulator.streets import Point, Streets

NEXT_STOP_M = 350.0
"""Stops closer than this to the last one, as the crow flies, are drawn again: a drive should be seen."""
TRIES = 40
"""Draws of a next stop before any is taken; half of them are far enough in the demo city."""
DOOR_M = 12.0
"""A stop's least distance from either end of its street: nobody delivers in a junction."""
DOCK_CHANCE = 0.015
"""Share of deliveries below ground, without a fix: the city has a goods tunnel under its shops."""
SLOWEST_DRIVER, FASTEST_DRIVER = 0.85, 1.08
"""How drivers take the limit."""
RED_LIGHT_CHANCE = 0.12
RED_LIGHT_S = (5.0, 35.0)
"""A city's junction with traffic: one in eight stops the van, for up to half a cycle."""


Place = tuple[int, float]
"""An edge that is long enough for a stop, and its length in metres."""


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long a delivery takes: drawn evenly between the two, in seconds."""

    shortest_s: float = 120.0
    longest_s: float = 240.0

    def draw(self, chance: random.Random) -> float:
        """Return one delivery's time."""
        return chance.uniform(self.shortest_s, self.longest_s)


def draw_waits(streets: Streets, route: Sequence[int], chance: random.Random) -> list[Wait]:
    """Return the red lights of one drive along the route's edges."""
    return [
        Wait(place, chance.uniform(*RED_LIGHT_S))
        for place, edge in enumerate(route[:-1])
        if len(streets.edges[edge].next) > 1 and chance.random() < RED_LIGHT_CHANCE
    ]


class Journey:
    """One van's way through the day. Times are seconds from the journey's zero and may only grow."""

    def __init__(self, streets: Streets, seed: str, dwell: Dwell) -> None:
        """Begin in the middle of a drive to a door, so that a fleet does not start from a line, nor below ground."""
        self._streets = streets
        self._chance = random.Random(seed)  # noqa: S311 - a simulation, and it has to be repeatable
        self._dwell = dwell
        long = [(edge, street.length_m) for edge, street in enumerate(streets.edges) if street.length_m > 3 * DOOR_M]
        self._doors = [door for door in long if streets.edges[door[0]].name and not streets.edges[door[0]].tunnel]
        self._docks = [door for door in long if streets.edges[door[0]].tunnel]
        self._stop = self._draw_stop(self._doors)
        self._leg, self._goal = self._draw_leg(self._doors)
        self._left_s = -self._leg.duration_s * self._chance.uniform(0.1, 0.8)
        self._dwell_s = dwell.draw(self._chance)

    def at(self, time_s: float) -> Moment:
        """Return where the van is; `time_s` must not go back before the current leg."""
        while time_s >= self._left_s + self._leg.duration_s + self._dwell_s:
            self._left_s += self._leg.duration_s + self._dwell_s
            self._stop = self._goal
            self._leg, self._goal = self._draw_leg(self._draw_kind())
            self._dwell_s = self._dwell.draw(self._chance)
        return self._leg.at(time_s - self._left_s)

    def _draw_kind(self) -> list[Place]:
        """Return the doors; now and then the docks in the goods tunnel."""
        return self._docks if self._chance.random() < DOCK_CHANCE else self._doors

    def _draw_leg(self, places: list[Place]) -> tuple[Leg, Stop]:
        goal = self._draw_goal(places)
        route = find_route(self._streets, self._stop.edge, goal.edge)
        pace = self._chance.uniform(SLOWEST_DRIVER, FASTEST_DRIVER)
        waits = draw_waits(self._streets, route, self._chance)
        return drive(self._streets, Plan(route, self._stop, goal, pace, waits)), goal

    def _draw_goal(self, places: list[Place]) -> Stop:
        here = self._middle(self._stop)
        for _ in range(TRIES):
            goal = self._draw_stop(places)
            if math.dist(here, self._middle(goal)) >= NEXT_STOP_M:
                break
        return goal

    def _draw_stop(self, places: list[Place]) -> Stop:
        """Return a place beside a street, long streets more often."""
        edge, length_m = self._chance.choices(places, [length for _, length in places])[0]
        return Stop(edge, self._chance.uniform(DOOR_M, length_m - DOOR_M))

    def _middle(self, stop: Stop) -> Point:
        points = self._streets.edges[stop.edge].points
        return points[len(points) // 2]
