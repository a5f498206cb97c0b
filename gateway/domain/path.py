"""A measured line on the Earth: places by distance along it, and the nearest point of a stretch of it.

Near the place that is looked for the plane stands for the sphere, as in `geo`. Segments come in blocks with a circle
around each, so that a search over a whole day's route looks at a few of them only.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import cos, radians, sqrt
from typing import NamedTuple

from gateway.domain.geo import METRES_PER_DEGREE, distance_m
from gateway.domain.route import Place

BLOCK = 32
"""Segments of one block: a city block or two of a route, so that few blocks are near and few segments are in one."""

AHEAD_WEIGHT = 0.1
"""What a metre of way that the vehicle did not drive counts against a metre beside the line. 0.1 tells both directions
of one street apart (some metres beside each other, hundreds along), and 1 km of shortcut is still found."""

AHEAD_LIMIT_M = 75.0
"""The most that way not driven counts for: a line nearer by this much is believed however far along it is. It is the
distance at which a vehicle is back on its route."""


class Nearest(NamedTuple):
    """A point of the line: how far along it, and how far from the place that was asked for."""

    along_m: float
    cross_m: float


class _Block(NamedTuple):
    """Segments `first` to `last` (excluded) lie within `radius_m` of a place."""

    first: int
    last: int
    lat: float
    lon: float
    radius_m: float


class _Wanted(NamedTuple):
    """What is looked for: near a place, on a stretch, and at best at `expected_m`."""

    lat: float
    lon: float
    from_m: float
    to_m: float
    expected_m: float
    weight: float

    def weighed(self, along_m: float) -> float:
        return min(self.weight * abs(along_m - self.expected_m), AHEAD_LIMIT_M)


class _Found(NamedTuple):
    """A point of the line; the least is the best, of equal ones the first along."""

    score: float
    along_m: float
    cross_m: float


@dataclass(frozen=True, slots=True)
class Path:
    """A line of at least one place. Longitudes must not leap: a line across the antimeridian is none."""

    lats: tuple[float, ...]
    lons: tuple[float, ...]
    along: tuple[float, ...]
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
        along = tuple(accumulate(steps, initial=0.0))
        return cls(tuple(p.lat for p in places), tuple(p.lon for p in places), along, tuple(_blocks(places)))

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
        best = min(self._scored(wanted, wanted.from_m), self._scored(wanted, wanted.to_m))
        first = max(bisect_right(self.along, wanted.from_m) - 1, 0)
        for block in self.blocks[first // BLOCK :]:
            if self.along[block.first] > wanted.to_m:
                break
            if distance_m(wanted.lat, wanted.lon, block.lat, block.lon) - block.radius_m < best.score:
                best = self._search_block(block, wanted, best)
        return Nearest(best.along_m, best.cross_m)

    def _scored(self, wanted: _Wanted, along_m: float) -> _Found:
        return _found(wanted, along_m, distance_m(wanted.lat, wanted.lon, *self.at(along_m)))

    def _search_block(self, block: _Block, wanted: _Wanted, best: _Found) -> _Found:
        """Return the better of `best` and what is in the block. One loop without calls: it runs for every fix."""
        lats, lons, along = self.lats, self.lons, self.along
        lat, lon, from_m, to_m, _, _ = wanted
        north, east = METRES_PER_DEGREE, METRES_PER_DEGREE * cos(radians(lat))
        limit = best.score * best.score
        for index in range(max(block.first, bisect_right(along, from_m) - 1), block.last):
            begin, end = along[index], along[index + 1]
            if begin > to_m:
                break
            y, x = (lats[index] - lat) * north, (lons[index] - lon) * east
            dy, dx = (lats[index + 1] - lats[index]) * north, (lons[index + 1] - lons[index]) * east
            squared = dx * dx + dy * dy
            part = -(x * dx + y * dy) / squared if squared else 0.0
            low = (from_m - begin) / (end - begin) if begin < from_m else 0.0
            high = (to_m - begin) / (end - begin) if end > to_m else 1.0
            part = low if part < low else min(part, high)
            away = (x + part * dx) ** 2 + (y + part * dy) ** 2
            if away < limit:
                best = min(best, _found(wanted, begin + part * (end - begin), sqrt(away)))
                limit = best.score * best.score
        return best


def _found(wanted: _Wanted, along_m: float, cross_m: float) -> _Found:
    return _Found(cross_m + wanted.weighed(along_m), along_m, cross_m)


def _blocks(places: Sequence[Place]) -> list[_Block]:
    return [_block(places, first, min(first + BLOCK, len(places) - 1)) for first in range(0, len(places) - 1, BLOCK)]


def _block(places: Sequence[Place], first: int, last: int) -> _Block:
    members = places[first : last + 1]
    lat = (min(p.lat for p in members) + max(p.lat for p in members)) * 0.5
    lon = (min(p.lon for p in members) + max(p.lon for p in members)) * 0.5
    return _Block(first, last, lat, lon, max(distance_m(lat, lon, *place) for place in members) + 1.0)
