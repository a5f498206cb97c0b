"""Doors of the demo city, with the streets' real names and invented house numbers, and invented people behind them."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from device.simulator.coverage import DEAD_ZONES, DeadZone
from device.simulator.leg import Stop
from device.simulator.streets import Plane, Point, Street, Streets

DOOR_M = 12.0
"""A door's least distance from either end of its street: nobody delivers in a junction."""
KERB_M = 7.0
"""From the middle of the lane to the door, on the right hand side."""
PLOT_M = 14.0
"""Width of a house: how far apart two numbers of one side of the street are."""

FIRST_NAMES = (
    "Aino",
    "Eero",
    "Helmi",
    "Ilmari",
    "Kerttu",
    "Lauri",
    "Meeri",
    "Onni",
    "Saima",
    "Toivo",
    "Venla",
    "Väinö",
)
LAST_NAMES = (
    "Ovikello", "Pakettila", "Porraskari", "Kynnyslahti", "Kirjesaari", "Rappunen", "Postilaakso", "Kuormala",
    "Lähettiniemi", "Naapurila", "Aitaranta", "Eteisvuori",
)  # fmt: skip
"""Words of doors and parcels that nobody is called by: every recipient is invented."""
PHONES = "+44 7700 900{:03d}"
"""The thousand numbers that Ofcom keeps for fiction: they ring nowhere."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a van stands for a delivery, and where the house is (degrees) with its address."""

    place: Stop
    lat: float
    lon: float
    address: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody invented."""

    name: str
    phone: str


class Addresses:
    """All doors of the city."""

    def __init__(self, streets: Streets) -> None:
        """Give each street its houses: numbers rise from its southern end on, even ones on the right."""
        self._streets = streets
        self._ends = _southern_ends(streets)
        self.edges = tuple(
            number
            for number, street in enumerate(streets.edges)
            if street.name and not street.tunnel and street.length_m > 3 * DOOR_M
        )

    def door(self, edge: int, chance: random.Random) -> Door:
        """Return a door somewhere along an edge."""
        street = self._streets.edges[edge]
        along_m = chance.uniform(DOOR_M, street.length_m - DOOR_M)
        here, house = beside(street, along_m)
        lat, lon = self._streets.plane.degrees(house)
        return Door(Stop(edge, along_m), round(lat, 6), round(lon, 6), f"{street.name} {self._number(street, here)}")

    def middle(self, edge: int) -> Point:
        """Return a point of an edge that is far from both ends."""
        return beside(self._streets.edges[edge], self._streets.edges[edge].length_m / 2)[0]

    def _number(self, street: Street, here: Point) -> int:
        end = self._ends[street.name]
        goes_up = math.dist(end, street.points[0]) <= math.dist(end, street.points[-1])
        return 1 + 2 * int(math.dist(end, here) / PLOT_M) + goes_up


def recipient(chance: random.Random) -> Recipient:
    """Invent somebody."""
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    return Recipient(name, PHONES.format(chance.randrange(1_000)))


def in_dead_zone(point: Point, plane: Plane, zones: tuple[DeadZone, ...] = DEAD_ZONES) -> bool:
    """Return whether a van that stands here has no network."""
    return any(math.dist(point, plane.point(zone.lat, zone.lon)) < zone.radius_m for zone in zones)


def _southern_ends(streets: Streets) -> Mapping[str, Point]:
    ends: dict[str, Point] = {}
    for street in streets.edges:
        for point in (street.points[0], street.points[-1]):
            ends[street.name] = min(ends.get(street.name, point), point, key=lambda end: (end.north, end.east))
    return ends


def beside(street: Street, along_m: float) -> tuple[Point, Point]:
    """Return the point on the street, and the one beside it at the door."""
    row = max(number for number, reach in enumerate(street.reach_m[:-1]) if reach <= along_m)
    a, b = street.points[row], street.points[row + 1]
    length_m = street.reach_m[row + 1] - street.reach_m[row]
    east, north = (b.east - a.east) / length_m, (b.north - a.north) / length_m
    left_m = along_m - street.reach_m[row]
    here = Point(a.east + east * left_m, a.north + north * left_m)
    return here, Point(here.east + north * KERB_M, here.north - east * KERB_M)
