"""From degrees to a drawing: a plane that touches the earth in the middle of the day's places.

North is up and one unit is the same everywhere; within a day's drive the plane is off by less than the line is wide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

from gateway.domain.geo import METRES_PER_DEGREE

LEAST_SPAN_M = 400.0
"""The smallest stretch of land that is drawn: a single place gets its surroundings, not a microscope."""

HALF_TURN_DEG = 180.0


class Spot(NamedTuple):
    """A place on the drawing, in its units, from the upper left corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Projection:
    """Puts places on a drawing of `width` by `height` units."""

    lat: float
    lon: float
    east_m: float
    units_per_m: float
    width: float
    height: float

    def spot(self, lat: float, lon: float) -> Spot:
        """Return where a place is drawn; the short way round where the antimeridian lies between."""
        east_deg = (lon - self.lon + HALF_TURN_DEG) % (2 * HALF_TURN_DEG) - HALF_TURN_DEG
        x = self.width / 2 + east_deg * self.east_m * self.units_per_m
        y = self.height / 2 - (lat - self.lat) * METRES_PER_DEGREE * self.units_per_m
        return Spot(x, y)


def fitted(
    places: Iterable[tuple[float, float]], width: float, heights: tuple[float, float], margin: float
) -> Projection | None:
    """Return a projection that shows all places (lat, lon); None if there are none.

    The drawing is `width` wide and as high as the places want it, between the two `heights`.
    """
    seen = list(places)
    if not seen:
        return None
    origin = seen[0][1]
    easts = [(lon - origin + HALF_TURN_DEG) % (2 * HALF_TURN_DEG) - HALF_TURN_DEG for _, lon in seen]
    south, north = min(lat for lat, _ in seen), max(lat for lat, _ in seen)
    lat, lon = (south + north) / 2, origin + (min(easts) + max(easts)) / 2
    east_m = METRES_PER_DEGREE * max(cos(radians(lat)), 0.01)
    wide_m = max((max(easts) - min(easts)) * east_m, LEAST_SPAN_M)
    high_m = max((north - south) * METRES_PER_DEGREE, LEAST_SPAN_M)
    height = min(max(high_m / wide_m * (width - 2 * margin) + 2 * margin, heights[0]), heights[1])
    units_per_m = min((width - 2 * margin) / wide_m, (height - 2 * margin) / high_m)
    return Projection(lat, lon, east_m, units_per_m, width, height)


def scale_bar_m(units_per_m: float, longest: float) -> float:
    """Return the length of a scale bar: the longest of 1, 2, 5 times a power of ten that is at most `longest` units."""
    power = 1.0
    while power * 10 * units_per_m <= longest:
        power *= 10
    return max((power * step for step in (1, 2, 5) if power * step * units_per_m <= longest), default=power)
