"""A way that leaves a planned line by far, and comes back to it."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from device.simulator.leg import Stop
from device.simulator.planned import Visit, way_to
from device.simulator.streets import Point, Streets

FAR_M = 200.0
"""Off the line by more than this a watcher cannot doubt: its threshold is 150 m, the receiver errs by some metres."""
SAMPLE_M = 20.0
"""Distance of the points by which the line is measured: it errs by less than 2 m at `FAR_M`."""
LONGEST_M = 4_000.0
"""A detour that a lost driver makes within a small city."""


def far_detour(streets: Streets, line: Sequence[Point], here: Stop, there: Stop) -> tuple[int, ...]:
    """Return the edge to drive over on the way between two places, so that most of it is far from the whole line.

    Raises:
        ValueError: the streets have no place that is far from the line.

    """
    off_m = _distances(streets, line)

    def far_m(edge: int) -> float:
        way = way_to(streets, here, Visit(there, 0.0, via=(edge,)))
        if sum(streets.edges[driven].length_m for driven in way) > LONGEST_M:
            return 0.0
        return sum(streets.edges[driven].length_m for driven in way if off_m[driven] > FAR_M)

    far = [edge for edge, distance_m in enumerate(off_m) if distance_m > FAR_M and not streets.edges[edge].tunnel]
    if not far:
        raise ValueError(f"no street is {FAR_M:.0f} m from the planned line")
    return (max(far, key=far_m),)


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
