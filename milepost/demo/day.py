"""The day as it is planned: which van brings what to whom, in which order, when. Seconds are of the local day."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from device.simulator.coverage import DEAD_ZONES
from device.simulator.leg import Stop
from device.simulator.streets import Point, Streets
from device.simulator.tours import ExpectedLeg, expected_leg, sensible_order, travel_times
from milepost.demo.addresses import Addresses, Door, Recipient, beside, in_dead_zone, recipient

HOUR_S = 3_600.0
MINUTE_S = 60.0
DEPOT_STREET = "John Stenbergin ranta"
"""Where the vans are loaded: at the city's northern edge."""
STOPS = (38, 46)
"""Fewest and most stops of a van, if its district has room for them: they fill some four hours."""
APART_M = 75.0
"""Least distance of two of a van's stops: nearer ones a planner joins, and beyond 60 m none is taken for the other."""
DRAWS = 400
"""Doors that are drawn for a van's stops: most are too near to others."""
ROUNDS = 3
"""How often a van goes through its district: the early parcels, those of noon, the late ones."""
DISTRICT_EDGES = 110
"""Streets (in one direction each) of a van's district, the nearest to its middle: half of the city."""
SMALL_DISTRICTS = {3: 50}
"""Of the van that will leave its route: elsewhere it has to be far from all of it."""
PARCELS = (1, 4)
SERVICE_S, PARCEL_S = 180.0, 60.0
"""Planned service: the way to the door and back, and each parcel's own."""
WINDOW_SHARE = 0.6
"""Of the recipients who were promised a window."""
WINDOW_S = 2 * HOUR_S
WINDOW_STEP_S = 30 * MINUTE_S
"""Windows are two hours long and begin on the half hour."""
WINDOW_LEAD_S = (15 * MINUTE_S, 75 * MINUTE_S)
"""How long before the planned arrival a window begins, before it is moved back to the half hour."""
FIRST_START_S = 8 * HOUR_S
STAGGER_S, TURNS_AT_THE_RAMP = 4 * MINUTE_S, 6
"""The ramp loads twelve vans two by two, a few minutes apart."""
LATE_SHIFT = {11: 10.5 * HOUR_S, 12: 12 * HOUR_S}
"""Vans by their number that begin later, so that the evening has its routes too."""
DEAD_ZONE_VAN = 6
BEFORE_DEAD_ZONE, IN_DEAD_ZONE = 7, 3
"""This van serves so many stops before those that lie in the dead zone: it is there within an hour of its start."""
DRIVERS = ("Anni", "Bertta", "Caj", "Daavid", "Elina", "Frans", "Greta", "Heikki", "Irja", "Jalmari", "Kaisa", "Leo")


class Window(NamedTuple):
    """What was promised."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stop as it is planned; the leg is the drive to it."""

    name: str
    order: str
    door: Door
    recipient: Recipient
    parcels: int
    service_s: float
    arrival_s: float
    leg: ExpectedLeg
    window: Window | None


@dataclass(frozen=True, slots=True)
class DayRoute:
    """A route as it is planned: from the depot at `start_s`, and `back` to it."""

    number: int
    vehicle: str
    driver: str
    depot: Stop
    start_s: float
    deliveries: tuple[Delivery, ...]
    back: ExpectedLeg

    @property
    def end_s(self) -> float:
        """When the van is planned to be back."""
        last = self.deliveries[-1]
        return last.arrival_s + last.service_s + self.back.s

    @property
    def line(self) -> tuple[Point, ...]:
        """The planned way, from the depot to the depot."""
        legs = [*(delivery.leg for delivery in self.deliveries), self.back]
        return (legs[0].line[0], *(point for leg in legs for point in leg.line[1:]))


def plan_day(streets: Streets, seed: int, vans: int) -> list[DayRoute]:
    """Plan the routes of van-01 and so on. The same arguments make the same day."""
    planner = _Planner(streets, Addresses(streets), _depot(streets))
    middles = planner.middles(vans)
    return [planner.route(number, middles[number - 1], f"{seed}/{number}") for number in range(1, vans + 1)]


def vehicle_of(number: int) -> str:
    """Return a van's name."""
    return f"van-{number:02d}"


def driver_of(number: int) -> str:
    """Return who drives a van: nobody drives two, for a driver's link leads to their own route."""
    shift, name = divmod(number - 1, len(DRIVERS))
    return DRIVERS[name] if shift == 0 else f"{DRIVERS[name]} {shift + 1}"


def _depot(streets: Streets) -> Stop:
    edges = [number for number, street in enumerate(streets.edges) if street.name == DEPOT_STREET]
    longest = max(edges, key=lambda edge: streets.edges[edge].length_m)
    return Stop(longest, streets.edges[longest].length_m / 2)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Who knows the city."""

    streets: Streets
    addresses: Addresses
    depot: Stop

    def middles(self, vans: int) -> list[Point]:
        """Return the middle of each van's district: far from each other; of one van it is the dead zone."""
        places = [self.addresses.middle(edge) for edge in self.addresses.edges]
        zone = self.streets.plane.point(DEAD_ZONES[0].lat, DEAD_ZONES[0].lon)
        chosen = [zone]
        while len(chosen) < max(vans, DEAD_ZONE_VAN):
            chosen.append(max(places, key=lambda place: min(math.dist(place, other) for other in chosen)))
        return [*chosen[1:DEAD_ZONE_VAN], zone, *chosen[DEAD_ZONE_VAN:]]

    def route(self, number: int, middle: Point, seed: str) -> DayRoute:
        """Plan one van's day."""
        chance = random.Random(seed)  # noqa: S311 - a demo, and it has to be repeatable
        doors = self._in_order(self._rounds(number, middle, chance))
        start_s = LATE_SHIFT.get(number, FIRST_START_S + STAGGER_S * ((number - 1) % TURNS_AT_THE_RAMP))
        deliveries = tuple(self._deliveries(number, start_s, doors, chance))
        back = expected_leg(self.streets, doors[-1].place, self.depot)
        return DayRoute(number, vehicle_of(number), driver_of(number), self.depot, start_s, deliveries, back)

    def _rounds(self, number: int, middle: Point, chance: random.Random) -> list[list[Door]]:
        """Return the doors in groups that are served one after the other."""
        district = sorted(self.addresses.edges, key=lambda edge: math.dist(self.addresses.middle(edge), middle))
        near = district[: SMALL_DISTRICTS.get(number, DISTRICT_EDGES)]
        doors = self._spaced([self.addresses.door(edge, chance) for edge in chance.choices(near, k=DRAWS)])
        covered = [door for door in doors if not self._without_network(door)][: chance.randint(*STOPS)]
        if number != DEAD_ZONE_VAN:
            return [covered[first::ROUNDS] for first in range(ROUNDS)]
        dead = [door for door in doors if self._without_network(door)][:IN_DEAD_ZONE]
        early, late = covered[:BEFORE_DEAD_ZONE], covered[BEFORE_DEAD_ZONE:]
        return [early, dead, *(late[first::ROUNDS] for first in range(ROUNDS))]

    def _spaced(self, doors: Sequence[Door]) -> list[Door]:
        """Leave out the doors that are too near to one before them."""
        chosen: list[Door] = []
        for door in doors:
            here = self._standing(door)
            if all(math.dist(here, self._standing(other)) >= APART_M for other in chosen):
                chosen.append(door)
        return chosen

    def _standing(self, door: Door) -> Point:
        return beside(self.streets.edges[door.place.edge], door.place.along_m)[0]

    def _without_network(self, door: Door) -> bool:
        return in_dead_zone(self._standing(door), self.streets.plane)

    def _in_order(self, rounds: Sequence[Sequence[Door]]) -> list[Door]:
        doors = [door for group in rounds for door in group]
        times = travel_times(self.streets, [self.depot, *(door.place for door in doors)])
        order, first = [0], 1
        for group in rounds:
            order += sensible_order(times, order[-1], range(first, first + len(group)))
            first += len(group)
        return [doors[place - 1] for place in order[1:]]

    def _deliveries(
        self, number: int, start_s: float, doors: Sequence[Door], chance: random.Random
    ) -> Iterator[Delivery]:
        here, now_s = self.depot, start_s
        for place, door in enumerate(doors, 1):
            leg = expected_leg(self.streets, here, door.place)
            parcels = chance.randint(*PARCELS)
            yield Delivery(
                name=f"s{place:02d}",
                order=f"MP-{number:02d}{place:02d}-{chance.randrange(1_000):03d}",
                door=door,
                recipient=recipient(chance),
                parcels=parcels,
                service_s=SERVICE_S + PARCEL_S * parcels,
                arrival_s=now_s + leg.s,
                leg=leg,
                window=_window(now_s + leg.s, chance),
            )
            here, now_s = door.place, now_s + leg.s + SERVICE_S + PARCEL_S * parcels


def _window(arrival_s: float, chance: random.Random) -> Window | None:
    lead_s = chance.uniform(*WINDOW_LEAD_S)
    if chance.random() >= WINDOW_SHARE:
        return None
    start_s = max((arrival_s - lead_s) // WINDOW_STEP_S * WINDOW_STEP_S, FIRST_START_S)
    return Window(start_s, start_s + WINDOW_S)
