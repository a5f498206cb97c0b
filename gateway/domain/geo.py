"""Distances on the WGS 84 mean sphere. Degrees in, metres out."""

from math import asin, cos, hypot, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS 84 (IUGG R1)."""

METRES_PER_DEGREE = radians(1.0) * EARTH_RADIUS_M
"""One degree of latitude."""

FLAT_WITHIN_DEG = 0.5
"""Up to here the plane stands for the sphere: below 70 degrees of latitude the error is under 0.1 %."""


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance; the short way round where the antimeridian lies between."""
    north = lat_b - lat_a
    east = lon_b - lon_a
    if -FLAT_WITHIN_DEG < north < FLAT_WITHIN_DEG and -FLAT_WITHIN_DEG < east < FLAT_WITHIN_DEG:
        return METRES_PER_DEGREE * hypot(north, east * cos(radians((lat_a + lat_b) * 0.5)))
    return _haversine_m(lat_a, lon_a, lat_b, lon_b)


def _haversine_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    half_north = sin(radians(lat_b - lat_a) * 0.5)
    half_east = sin(radians(lon_b - lon_a) * 0.5)
    chord = half_north**2 + cos(radians(lat_a)) * cos(radians(lat_b)) * half_east**2
    return 2.0 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))
