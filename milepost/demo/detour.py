"""A way that leaves a planned line by far, and comes back to it."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from device.simulator.leg import Stop
from device.simulator.planned import Visit, way_to
from device.simulator.streets import Point, Streets

FAR_M = 200.0
"""Off the line by more than this a watcher cannot doubt: its threshold is 150 m, the receiver errs by some metres."""
SAMPLE_M = 20.0
"""Distance of the points by which the line is measured: it errs by less than 2 m at `FAR_M`."""
LONGEST_M = 4_000.0
"""A detour that a lost driver makes within a small city."""


class Detours:
    """Where the streets are far from one planned line, and how to get there from it."""

    def __init__(self, streets: Streets, line: Sequence[Point]) -> None:
        """Measure all streets against the line; ValueError if none is far from it."""
        self._streets = streets
        self._off_m = _distances(streets, line)
        far = (edge for edge, distance_m in enumerate(self._off_m) if distance_m > FAR_M)
        self._far = [edge for edge in far if not streets.edges[edge].tunnel]
        if not self._far:
            raise ValueError(f"no street is {FAR_M:.0f} m from the planned line")

    def away_m(self, here: Stop) -> float:
        """Return how far on average it is from a place to all those far from the line, as the crow flies."""
        point = self._streets.edges[here.edge].points[-1]
        return fmean(math.dist(point, self._streets.edges[edge].points[0]) for edge in self._far)

    def between(self, here: Stop, there: Stop) -> tuple[int, ...]:
        """Return the edges to drive over on the way between two places, so that much of it is far from the line."""

        def far_m(via: tuple[int, ...]) -> float:
            way = way_to(self._streets, here, Visit(there, 0.0, via=via))
            metres = [(self._off_m[edge] > FAR_M, self._streets.edges[edge].length_m) for edge in way]
            is_too_long = sum(length_m for _, length_m in metres) > LONGEST_M
            return 0.0 if is_too_long else sum(length_m for is_far, length_m in metres if is_far)

        one = max(((edge,) for edge in self._far), key=far_m)
        return max([one, *((*one, edge) for edge in self._far)], key=far_m)


def _distances(streets: Streets, line: Sequence[Point]) -> list[float]:
    """Return how far each edge's nearest end or middle is from the line."""
    samples = list(_samples(line))
    return [
        min(math.dist(point, sample) for point in _marks(street.points) for sample in samples)
        for street in streets.edges
    ]


def _marks(points: Sequence[Point]) -> tuple[Point, ...]:
    return points[0], points[len(points) // 2], points[-1]


def _samples(line: Sequence[Point]) -> Iterator[Point]:
    for a, b in pairwise(line):
        count = max(1, math.ceil(math.dist(a, b) / SAMPLE_M))
        for step in range(count):
            yield Point(a.east + (b.east - a.east) * step / count, a.north + (b.north - a.north) * step / count)
    yield line[-1]
