"""The streets of the demo city as directed edges between junctions, on a flat map in metres.

The data is made from OpenStreetMap by maps/street_graph.py (© OpenStreetMap contributors, ODbL 1.0).
"""

import gzip
import math
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import NamedTuple

import msgspec

EARTH_RADIUS_M = 6_371_008.8


class Point(NamedTuple):
    """A place on the flat map: metres east and north of its origin."""

    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Flat map around an origin; over the demo city's 2 km it is wrong by less than a centimetre."""

    lat: float
    lon: float

    @property
    def _metres_per_degree(self) -> tuple[float, float]:
        north = math.radians(1) * EARTH_RADIUS_M
        return north * math.cos(math.radians(self.lat)), north

    def point(self, lat: float, lon: float) -> Point:
        """Return where degrees lie on the map."""
        east, north = self._metres_per_degree
        return Point((lon - self.lon) * east, (lat - self.lat) * north)

    def degrees(self, point: Point) -> tuple[float, float]:
        """Return latitude and longitude of a point."""
        east, north = self._metres_per_degree
        return self.lat + point.north / north, self.lon + point.east / east


@dataclass(frozen=True, slots=True)
class Street:
    """One direction of a street between two junctions; `next` are the edges that may be driven after it."""

    name: str
    limit_mps: float
    tunnel: bool
    points: tuple[Point, ...]
    reach_m: tuple[float, ...]
    next: tuple[int, ...]

    @property
    def length_m(self) -> float:
        """The way from its start to its end."""
        return self.reach_m[-1]


@dataclass(frozen=True, slots=True)
class Streets:
    """The whole network; an edge is named by its place in `edges`. Each edge can be reached from every other."""

    plane: Plane
    edges: tuple[Street, ...]


class _File(msgspec.Struct, frozen=True):
    """The file's columns; `shape` is latitude and longitude of the first point, then steps, in whole `unit`s."""

    unit: float
    names: list[str]
    kmh: list[int]
    name: list[int]
    tunnel: list[int]
    next: list[list[int]]
    shape: list[list[int]]


def load() -> Streets:
    """Read the streets that come with the package: central Helsinki."""
    packed = files("device.simulator").joinpath("data/streets.json.gz").read_bytes()
    return _unpack(msgspec.json.decode(gzip.decompress(packed), type=_File))


def lengths(points: tuple[Point, ...]) -> tuple[float, ...]:
    """Return how far each point lies from the first, along the line."""
    return tuple(accumulate((math.dist(a, b) for a, b in pairwise(points)), initial=0.0))


def _unpack(file: _File) -> Streets:
    origin = file.shape[0]
    plane = Plane(origin[0] * file.unit, origin[1] * file.unit)
    edges = tuple(_street(file, number, plane) for number in range(len(file.shape)))
    return Streets(plane, edges)


def _street(file: _File, number: int, plane: Plane) -> Street:
    steps = file.shape[number]
    units = zip(accumulate(steps[0::2]), accumulate(steps[1::2]), strict=True)
    points = tuple(plane.point(lat * file.unit, lon * file.unit) for lat, lon in units)
    return Street(
        name=file.names[file.name[number]],
        limit_mps=file.kmh[number] / 3.6,
        tunnel=bool(file.tunnel[number]),
        points=points,
        reach_m=lengths(points),
        next=tuple(file.next[number]),
    )
