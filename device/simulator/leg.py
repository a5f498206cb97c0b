"""One drive from stop to stop: where the van is at each moment, with speeds that brakes and corners allow.

The way is cut into short steps. Each step's speed is capped by the street's limit, by the corner there and by the
lights that are red; two passes, one forward with the acceleration and one backward with the braking, make the caps
drivable. What comes out is a table of time against distance, so a moment is looked up, never simulated up to.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

from device.simulator.streets import Point, Streets, lengths

T = TypeVar("T")

STEP_M = 2.0
"""Length of a step: at 40 km/h 0.2 s, well below the second at which fixes are made."""
ACCELERATION_MPS2 = 1.4
"""A loaded van in traffic: 0 to 40 km/h in 8 s."""
BRAKING_MPS2 = 1.8
"""Comfortable braking; harder than 3 m/s² spills parcels."""
SIDEWAYS_MPS2 = 2.0
"""Comfort in a corner: about 0.2 g."""
CORNER_M = (3.0, 8.0)
"""Shortest and longest piece of way over which a bend of the map's line is taken."""
CRAWL_MPS = 0.5
"""Slowest speed of a moving van, so that no step lasts for ever."""


class Moment(NamedTuple):
    """Where the van truly is: the receiver has yet to measure it."""

    point: Point
    speed_mps: float
    course_deg: float
    limit_mps: float
    tunnel: bool


class Stop(NamedTuple):
    """A place beside a street: the edge and how far along it."""

    edge: int
    along_m: float


class Wait(NamedTuple):
    """A red light at the end of an edge of the route (by its place in the route)."""

    after: int
    seconds: float


class Plan(NamedTuple):
    """What to drive: edges, each drivable after the one before, from a stop on the first to a stop on the last.

    `pace` is how the driver takes the limit: 1.1 is 10 % above it.
    """

    route: Sequence[int]
    start: Stop
    end: Stop
    pace: float = 1.0
    waits: Sequence[Wait] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """The table: at `time_s[i]` the van is at `points[i]` with `speed_mps[i]`; between two rows it is interpolated."""

    points: tuple[Point, ...]
    speed_mps: tuple[float, ...]
    time_s: tuple[float, ...]
    limit_mps: tuple[float, ...]
    tunnel: tuple[bool, ...]

    @property
    def duration_s(self) -> float:
        """From the start at one stop to standing at the next."""
        return self.time_s[-1]

    def at(self, time_s: float) -> Moment:
        """Return where the van is `time_s` after it left; before and after the leg it stands."""
        row = min(max(bisect_right(self.time_s, time_s) - 1, 0), len(self.time_s) - 2)
        lasts_s = self.time_s[row + 1] - self.time_s[row]
        share = min(max((time_s - self.time_s[row]) / lasts_s, 0.0), 1.0) if lasts_s else 1.0
        v, w = self.speed_mps[row], self.speed_mps[row + 1]
        a, b = self.points[row], self.points[row + 1]
        course = math.degrees(math.atan2(b.east - a.east, b.north - a.north)) % 360
        point, speed = _between(a, b, _way_share(v, w, share)), v + (w - v) * share
        standing = not 0 <= time_s < self.duration_s
        return Moment(point, 0.0 if standing else speed, course, self.limit_mps[row], self.tunnel[row])


def _way_share(v: float, w: float, time_share: float) -> float:
    """Return the share of a step's way after a share of its time, when speed goes evenly from `v` to `w`."""
    return (2 * v * time_share + (w - v) * time_share**2) / (v + w) if v + w else time_share


def _between(a: Point, b: Point, share: float) -> Point:
    return Point(a.east + (b.east - a.east) * share, a.north + (b.north - a.north) * share)


class _Row(NamedTuple):
    """A step's start: the point, how fast it may be passed, and how long a red light holds the van there."""

    point: Point
    cap_mps: float
    limit_mps: float
    tunnel: bool
    wait_s: float


def drive(streets: Streets, plan: Plan) -> Leg:
    """Return the drive that follows the plan."""
    rows = _rows(streets, plan)
    points = tuple(row.point for row in rows)
    reach_m = lengths(points)
    speed = _drivable(rows, reach_m)
    return Leg(
        points=_doubled(rows, points),
        speed_mps=_doubled(rows, speed),
        time_s=_times(rows, reach_m, speed),
        limit_mps=_doubled(rows, tuple(row.limit_mps for row in rows)),
        tunnel=_doubled(rows, tuple(row.tunnel for row in rows)),
    )


class Vertex(NamedTuple):
    """A point of the route's line, with what holds on the way that leaves it."""

    point: Point
    limit_mps: float
    tunnel: bool
    wait_s: float


def _rows(streets: Streets, plan: Plan) -> list[_Row]:
    line = line_of(streets, plan)
    caps = [0.0, *(_cap(a, b, c, plan.pace) for a, b, c in zip(line, line[1:], line[2:], strict=False)), 0.0]
    rows = [row for number in range(len(line) - 1) for row in _steps(line, caps, number, plan.pace)]
    last = line[-1]
    return [*rows, _Row(last.point, 0.0, last.limit_mps, last.tunnel, 0.0)]


def line_of(streets: Streets, plan: Plan) -> list[Vertex]:
    """Return the line of the way, from the start to the end."""
    red = {wait.after: wait.seconds for wait in plan.waits}
    line: list[Vertex] = []
    for place, edge in enumerate(plan.route):
        street = streets.edges[edge]
        from_m = plan.start.along_m if place == 0 else 0.0
        to_m = plan.end.along_m if place == len(plan.route) - 1 else street.length_m
        if line:
            line.pop()  # the junction, said again by the next edge
        points = _cut(street.points, street.reach_m, from_m, to_m)
        line.extend(Vertex(point, street.limit_mps, street.tunnel, 0.0) for point in points)
        if place > 0:
            first = -len(points)
            line[first] = line[first]._replace(wait_s=red.get(place - 1, 0.0))
    return line


def _cut(points: tuple[Point, ...], reach_m: tuple[float, ...], from_m: float, to_m: float) -> list[Point]:
    inner = [point for point, reach in zip(points, reach_m, strict=True) if from_m < reach < to_m]
    return [_along(points, reach_m, from_m), *inner, _along(points, reach_m, to_m)]


def _along(points: tuple[Point, ...], reach_m: tuple[float, ...], at_m: float) -> Point:
    row = min(max(bisect_right(reach_m, at_m) - 1, 0), len(points) - 2)
    a, b = points[row], points[row + 1]
    return _between(a, b, (at_m - reach_m[row]) / (reach_m[row + 1] - reach_m[row]))


def _cap(before: Vertex, here: Vertex, after: Vertex, pace: float) -> float:
    """Return the speed at which a vertex may be passed: both limits, the corner, the light."""
    if here.wait_s > 0:
        return 0.0
    corner = corner_mps(before.point, here.point, after.point)
    return max(min(before.limit_mps * pace, here.limit_mps * pace, corner), CRAWL_MPS)


def corner_mps(a: Point, b: Point, c: Point) -> float:
    """Return how fast the bend at `b` may be taken: sideways acceleration on the radius that spreads the bend."""
    bend = abs(_turned(a, b, c))
    if bend < 1e-6:
        return math.inf
    spread_m = min(max((math.dist(a, b) + math.dist(b, c)) / 2, CORNER_M[0]), CORNER_M[1])
    return math.sqrt(SIDEWAYS_MPS2 * spread_m / bend)


def _turned(a: Point, b: Point, c: Point) -> float:
    into = math.atan2(b.east - a.east, b.north - a.north)
    out = math.atan2(c.east - b.east, c.north - b.north)
    return (out - into + math.pi) % math.tau - math.pi


def _steps(line: list[Vertex], caps: list[float], number: int, pace: float) -> list[_Row]:
    here, there = line[number], line[number + 1].point
    count = max(1, math.ceil(math.dist(here.point, there) / STEP_M))
    east, north = (there.east - here.point.east) / count, (there.north - here.point.north) / count
    first = _Row(here.point, caps[number], here.limit_mps, here.tunnel, here.wait_s)
    return [first] + [
        first._replace(
            point=Point(here.point.east + east * step, here.point.north + north * step),
            cap_mps=here.limit_mps * pace,
            wait_s=0.0,
        )
        for step in range(1, count)
    ]


def _drivable(rows: list[_Row], reach_m: tuple[float, ...]) -> tuple[float, ...]:
    """Lower the caps until acceleration and brakes can follow them."""
    steps = [b - a for a, b in pairwise(reach_m)]
    speed = [row.cap_mps for row in rows]
    for number, step in enumerate(steps):
        speed[number + 1] = min(speed[number + 1], math.sqrt(speed[number] ** 2 + 2 * ACCELERATION_MPS2 * step))
    for number in range(len(steps) - 1, -1, -1):
        speed[number] = min(speed[number], math.sqrt(speed[number + 1] ** 2 + 2 * BRAKING_MPS2 * steps[number]))
    return tuple(speed)


def _times(rows: list[_Row], reach_m: tuple[float, ...], speed: tuple[float, ...]) -> tuple[float, ...]:
    times: list[float] = []
    now = 0.0
    for number, row in enumerate(rows):
        if number:
            mean = (speed[number - 1] + speed[number]) / 2 or CRAWL_MPS
            now += (reach_m[number] - reach_m[number - 1]) / mean
        times.append(now)
        if row.wait_s:
            now += row.wait_s
            times.append(now)
    return tuple(times)


def _doubled(rows: list[_Row], values: Sequence[T]) -> tuple[T, ...]:
    """Say a row twice where the van waits: when it comes and when it goes."""
    pairs = ((value, value) if row.wait_s else (value,) for row, value in zip(rows, values, strict=True))
    return tuple(value for pair in pairs for value in pair)
