"""Plans of simulated days: doors of the demo city in a near order, as a planner with a router knows them."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from device.simulator.leg import Stop
from device.simulator.streets import Plane, Point, Streets
from device.simulator.tours import ExpectedLeg, expected_leg
from gateway.domain.geo import distance_m
from gateway.domain.polyline import encode
from gateway.domain.route import LegSource, Place, PlannedStop, RouteKey, RoutePlan, TimeWindow

MINUTE_MS = 60_000
SERVICE_S = 180.0
"""Three minutes at a door: what planners of parcels count with."""
DOOR_M = 12.0
"""A stop's least distance from either end of its street."""
APART_M, TRIES = 100.0, 80
"""Doors are so far apart that a dwell is at one of them only: what is examined is the forecast, not whether a driver
serves two houses from one place. A door is drawn so many times at most."""
LINE_EVERY_M = 10.0
"""Vertices of the planned line: denser than any corner, sparse enough for a day of 60 km."""
WINDOW_MS, WINDOW_LEAD_MS = 120 * MINUTE_MS, 60 * MINUTE_MS
"""Promised: two hours, the planned arrival in their middle."""
WINDOW_CHANCE, WAIT_CHANCE, WAIT_MS = 0.5, 0.03, 10 * MINUTE_MS
"""Every second stop has a window; at one in thirty the plan waits ten minutes for it to open."""


class NoRoom(ValueError):  # noqa: N818 - a state of the world, named as such
    """More stops than the demo city has room for."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose day it is: one van on one date, `midnight` and `start` in Unix ms."""

    vehicle: str
    day: date
    midnight: int
    start: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with its doors, the depot first and last."""

    plan: RoutePlan
    doors: tuple[Stop, ...]


def plan_day(streets: Streets, assignment: Assignment, stops: int, chance: random.Random) -> Planned:
    """Draw a day's stops and plan them."""
    doors = _near_order(streets, _doors(streets, stops + 1, chance))
    legs = [expected_leg(streets, here, there) for here, there in zip(doors, (*doors[1:], doors[0]), strict=True)]
    line = [_place(streets.plane, legs[0].line[0])]
    at, planned = assignment.start, []
    along_m = 0.0
    for number, leg in enumerate(legs[:-1], 1):
        along_m += _extend(line, streets.plane, leg)
        at += round(leg.s * 1000)
        planned.append(replace(_stop(number, leg, at, line[-1], chance), along_m=along_m))
        at = max(at, planned[-1].window.start if planned[-1].window else at) + planned[-1].service_ms
    _extend(line, streets.plane, legs[-1])
    return Planned(_plan(assignment, planned, line, legs[-1]), (*doors, doors[0]))


def _plan(assignment: Assignment, stops: Sequence[PlannedStop], line: Sequence[Place], back: ExpectedLeg) -> RoutePlan:
    return RoutePlan(
        key=RouteKey("main", f"{assignment.day}-{assignment.vehicle}"),
        version=1,
        issued=assignment.midnight,
        date=assignment.day.isoformat(),
        zone="UTC",
        vehicle=assignment.vehicle,
        start=assignment.start,
        stops=tuple(stops),
        leg_source=LegSource.ROUTER,
        depot=line[0],
        back_m=back.m,
        back_ms=round(back.s * 1000),
        geometry=encode(line),
    )


def _stop(number: int, leg: ExpectedLeg, arrival: int, place: Place, chance: random.Random) -> PlannedStop:
    return PlannedStop(
        stop=f"s{number:03d}",
        order=f"o{number:03d}",
        sequence=number,
        place=place,
        leg_m=leg.m,
        leg_ms=round(leg.s * 1000),
        service_ms=round(SERVICE_S * 1000),
        planned_arrival=arrival,
        window=_window(arrival, chance),
    )


def _window(arrival: int, chance: random.Random) -> TimeWindow | None:
    if chance.random() < WAIT_CHANCE:
        return TimeWindow(arrival + WAIT_MS, arrival + WAIT_MS + WINDOW_MS)
    if chance.random() < WINDOW_CHANCE:
        return TimeWindow(arrival - WINDOW_LEAD_MS, arrival - WINDOW_LEAD_MS + WINDOW_MS)
    return None


def _doors(streets: Streets, count: int, chance: random.Random) -> list[Stop]:
    """Draw places beside streets above ground, long streets more often, apart from each other.

    Raises:
        NoRoom: the city has no place for so many.

    """
    above = [
        (edge, street.length_m)
        for edge, street in enumerate(streets.edges)
        if street.length_m > 3 * DOOR_M and not street.tunnel
    ]
    drawn: list[tuple[Stop, Point]] = []
    for edge, length_m in chance.choices(above, [length for _, length in above], k=count * TRIES):
        door = Stop(edge, chance.uniform(DOOR_M, length_m - DOOR_M))
        here = place_of(streets, door)
        if all(math.dist(here, there) >= APART_M for _, there in drawn):
            drawn.append((door, here))
            if len(drawn) == count:
                return [door for door, _ in drawn]
    raise NoRoom(f"the demo city has no room for {count} stops that are {APART_M:.0f} m apart")


def _near_order(streets: Streets, doors: Sequence[Stop]) -> list[Stop]:
    """Return the doors from the first on, each time the nearest that is left."""
    order, left = [doors[0]], list(doors[1:])
    while left:
        here = place_of(streets, order[-1])
        order.append(min(left, key=lambda door: math.dist(here, place_of(streets, door))))
        left.remove(order[-1])
    return order


def place_of(streets: Streets, door: Stop) -> Point:
    """Return where a door is, on its street."""
    street = streets.edges[door.edge]
    after = next(row for row, reach in enumerate(street.reach_m) if reach >= door.along_m)
    a, b = street.points[after - 1], street.points[after]
    share = (door.along_m - street.reach_m[after - 1]) / (street.reach_m[after] - street.reach_m[after - 1])
    return Point(a.east + (b.east - a.east) * share, a.north + (b.north - a.north) * share)


def _place(plane: Plane, point: Point) -> Place:
    return Place(*(round(degree, 6) for degree in plane.degrees(point)))


def _extend(line: list[Place], plane: Plane, leg: ExpectedLeg) -> float:
    """Add a leg to the line of the route, thinned; return how long it is on the Earth."""
    length_m = 0.0
    for number, point in enumerate(leg.line):
        place = _place(plane, point)
        step_m = distance_m(*line[-1], *place)
        if step_m >= LINE_EVERY_M or number == len(leg.line) - 1:
            line.append(place)
            length_m += step_m
    return length_m
