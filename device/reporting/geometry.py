"""Distances between fixes that are near each other, on the plane that touches the Earth between them."""

from math import cos, hypot, radians, sin
from typing import NamedTuple

from wire.messages import Position

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on the sphere of 6,371 km; within 0.6 % of the ellipsoid anywhere."""


class Offset(NamedTuple):
    """Metres to the east and to the north."""

    east: float
    north: float

    @property
    def length(self) -> float:
        """The straight distance in metres."""
        return hypot(self.east, self.north)


def offset(origin: Position, target: Position) -> Offset:
    """Go from one position to another; good to 1 % up to some 100 km, across the 180th meridian too."""
    turn = (target.lon - origin.lon + 540) % 360 - 180
    middle = radians((origin.lat + target.lat) / 2)
    return Offset(turn * METRES_PER_DEGREE * cos(middle), (target.lat - origin.lat) * METRES_PER_DEGREE)


def extrapolated(position: Position, elapsed_s: float) -> Offset | None:
    """How far a position's own speed and course lead in this time; None when it does not say."""
    if position.speed is None:
        return None
    if position.course is None:
        return Offset(0.0, 0.0) if position.speed == 0 else None
    course = radians(position.course)
    way = position.speed * elapsed_s
    return Offset(way * sin(course), way * cos(course))


def between(one: Offset, other: Offset) -> float:
    """Distance of two points that are given by their offsets from the same origin, in metres."""
    return hypot(one.east - other.east, one.north - other.north)


def turned(one_deg: float, other_deg: float) -> float:
    """Return the angle between two courses, 0 to 180 degrees."""
    return abs((one_deg - other_deg + 180) % 360 - 180)
