"""A measured line on the Earth: places by distance along it, and the nearest point of a stretch of it.

Near the place that is looked for the plane stands for the sphere, as in `geo`. Segments come in blocks with a circle
around each, so that a search over a whole day's route looks at a few of them only.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import cos, hypot, inf, radians, sqrt
from struct import Struct
from typing import NamedTuple

from gateway.domain.geo import METRES_PER_DEGREE, distance_m
from gateway.domain.route import Place

BLOCK = 16
"""Segments of one block: a city block of a route, so that few blocks are near and few segments are in one."""

AHEAD_WEIGHT = 0.1
"""What a metre of way that the vehicle did not drive counts against a metre beside the line. 0.1 tells both directions
of one street apart (some metres beside each other, hundreds along), and 1 km of shortcut is still found."""

AHEAD_LIMIT_M = 75.0
"""The most that way not driven counts for: a line nearer by this much is believed however far along it is. It is the
distance at which a vehicle is back on its route."""

_SEGMENT = Struct("=7d")
"""A segment in the plane of its block: where it begins (x, y), where it leads (dx, dy; metres), 1 / its length squared,
and where on the line it begins and ends. Packed, because a route of 40 km as tuples of floats takes a megabyte."""

FAR_SHARE = 0.99
"""A block's plane makes what is far away too far, by less than this: so no block is passed over that counts."""


class Nearest(NamedTuple):
    """A point of the line: how far along it, and how far from the place that was asked for."""

    along_m: float
    cross_m: float


class _Block(NamedTuple):
    """Consecutive segments (of _SEGMENT each), the first of them number `first`, within `radius_m` of a place.

    The plane is the block's own, `east` metres a degree of longitude: it errs by less than 0.1 % near the block.
    """

    first: int
    lat: float
    lon: float
    east: float
    radius_m: float
    segments: bytes

    def plane(self, lat: float, lon: float) -> tuple[float, float]:
        return (lon - self.lon) * self.east, (lat - self.lat) * METRES_PER_DEGREE


class _Wanted(NamedTuple):
    """What is looked for: near a place, on a stretch, and at best at `expected_m`."""

    lat: float
    lon: float
    from_m: float
    to_m: float
    expected_m: float
    weight: float


class _Found(NamedTuple):
    """A point of the line; the least score is the best, of equal ones the first along."""

    score: float
    along_m: float
    cross_m: float


@dataclass(frozen=True, slots=True)
class Path:
    """A line of at least one place. Longitudes must not leap: a line across the antimeridian is none."""

    lats: Sequence[float]
    lons: Sequence[float]
    along: Sequence[float]
    blocks: tuple[_Block, ...]

    @classmethod
    def of(cls, points: Sequence[Place]) -> "Path":
        """Return the line through `points` in their order, each repeated one once.

        Raises:
            ValueError: there is no point.

        """
        if not points:
            raise ValueError("a path needs a place")
        places = [points[0], *(after for before, after in pairwise(points) if after != before)]
        steps = (distance_m(*before, *after) for before, after in pairwise(places))
        along = array("d", accumulate(steps, initial=0.0))
        lats, lons = array("d", (place.lat for place in places)), array("d", (place.lon for place in places))
        return cls(lats, lons, along, tuple(_blocks(places, along)))

    @property
    def length_m(self) -> float:
        """The whole line."""
        return self.along[-1]

    def at(self, along_m: float) -> Place:
        """Return the place at a distance along the line; outside of it the nearer end."""
        index = min(max(bisect_right(self.along, along_m) - 1, 0), max(len(self.along) - 2, 0))
        if len(self.along) == 1:
            return Place(self.lats[0], self.lons[0])
        length = self.along[index + 1] - self.along[index]
        part = min(max((along_m - self.along[index]) / length, 0.0), 1.0) if length else 0.0
        lat, lon = self.lats[index], self.lons[index]
        return Place(lat + part * (self.lats[index + 1] - lat), lon + part * (self.lons[index + 1] - lon))

    def nearest(self, lat: float, lon: float, from_m: float, to_m: float) -> Nearest:
        """Return the nearest point of the stretch from `from_m` to `to_m`; of several the first."""
        return self._search(_Wanted(lat, lon, *self._stretch(from_m, to_m), from_m, 0.0))

    def likeliest(self, lat: float, lon: float, from_m: float, to_m: float, expected_m: float) -> Nearest:
        """Return the point of a stretch where a vehicle is that should be at `expected_m`.

        Least of: distance from the line + min(AHEAD_WEIGHT x distance along from what is expected, AHEAD_LIMIT_M).
        So the right one of two passes is found where the line crosses itself or comes back along the same street.
        """
        return self._search(_Wanted(lat, lon, *self._stretch(from_m, to_m), expected_m, AHEAD_WEIGHT))

    def _stretch(self, from_m: float, to_m: float) -> tuple[float, float]:
        from_m = min(max(from_m, 0.0), self.length_m)
        return from_m, min(max(to_m, from_m), self.length_m)

    def _search(self, wanted: _Wanted) -> Nearest:
        if not self.blocks:
            return Nearest(0.0, distance_m(wanted.lat, wanted.lon, self.lats[0], self.lons[0]))
        first = min(max(bisect_right(self.along, wanted.from_m) - 1, 0), len(self.along) - 2)
        last = max(min(bisect_right(self.along, wanted.to_m), len(self.along) - 1), first + 1)
        best = _Found(inf, wanted.from_m, inf)
        lat, lon = wanted.lat, wanted.lon
        for block in self._expected_first(first, last, wanted.expected_m):
            here = (lon - block.lon) * block.east, (lat - block.lat) * METRES_PER_DEGREE  # its plane, without a call
            if FAR_SHARE * hypot(*here) - block.radius_m < best.score:
                part = slice(max(first - block.first, 0) * _SEGMENT.size, (last - block.first) * _SEGMENT.size)
                best = _search_part(block.segments[part], here, wanted, best)
        return Nearest(best.along_m, best.cross_m)

    def _expected_first(self, first: int, last: int, expected_m: float) -> Sequence[_Block]:
        """Return the blocks of some segments, that of `expected_m` first: the rest is mostly too far away then."""
        blocks = self.blocks[first // BLOCK : (last - 1) // BLOCK + 1]
        home = min(max(bisect_right(self.along, expected_m) - 1, first), last - 1) // BLOCK - first // BLOCK
        return (blocks[home], *blocks[:home], *blocks[home + 1 :])


def _search_part(segments: bytes, here: tuple[float, float], wanted: _Wanted, best: _Found) -> _Found:
    """Return the better of `best` and what is on the segments. One loop without calls: it runs for every fix."""
    here_x, here_y = here
    _, _, from_m, to_m, expected_m, weight = wanted
    score, along_m, cross_m = best
    for x, y, dx, dy, per_square, begin, end in _SEGMENT.iter_unpack(segments):
        rest_x, rest_y = here_x - x, here_y - y
        part = (rest_x * dx + rest_y * dy) * per_square
        low = (from_m - begin) / (end - begin) if begin < from_m else 0.0
        high = (to_m - begin) / (end - begin) if end > to_m else 1.0
        part = low if part < low else min(part, high)
        rest_x -= part * dx
        rest_y -= part * dy
        away_m = sqrt(rest_x * rest_x + rest_y * rest_y)
        if away_m < score:
            at_m = begin + part * (end - begin)
            total = away_m + min(weight * abs(at_m - expected_m), AHEAD_LIMIT_M)
            if total < score:
                score, along_m, cross_m = total, at_m, away_m
    return _Found(score, along_m, cross_m)


def _blocks(places: Sequence[Place], along: Sequence[float]) -> Iterator[_Block]:
    for first in range(0, len(places) - 1, BLOCK):
        last = min(first + BLOCK, len(places) - 1)
        yield _block(first, places[first : last + 1], along[first : last + 1])


def _block(first: int, places: Sequence[Place], along: Sequence[float]) -> _Block:
    lat = (min(place.lat for place in places) + max(place.lat for place in places)) * 0.5
    lon = (min(place.lon for place in places) + max(place.lon for place in places)) * 0.5
    empty = _Block(first, lat, lon, METRES_PER_DEGREE * cos(radians(lat)), 0.0, b"")
    points = [empty.plane(*place) for place in places]
    segments = b"".join(
        _segment(*ends, *stretch) for ends, stretch in zip(pairwise(points), pairwise(along), strict=True)
    )
    return empty._replace(radius_m=max(hypot(*point) for point in points) + 1.0, segments=segments)


def _segment(begin: tuple[float, float], end: tuple[float, float], from_m: float, to_m: float) -> bytes:
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    square = dx * dx + dy * dy
    return _SEGMENT.pack(*begin, dx, dy, 1.0 / square if square else 0.0, from_m, to_m)
