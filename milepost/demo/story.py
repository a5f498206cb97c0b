"""What the drivers really do: most of them what was planned, some of them one thing that a manager should see."""

import random
from dataclasses import dataclass

from device.simulator.planned import Stay, Tour, Visit, stays
from device.simulator.streets import Streets
from milepost.demo.day import DayRoute
from milepost.demo.twists import TWISTS

STAY_SHARE = (0.75, 1.25)
"""How long a delivery really takes, against the plan."""
PACE = (0.92, 1.1)
"""How drivers take the limit on a good day."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing to look at, and when it begins (seconds of the local day)."""

    vehicle: str
    time_s: float
    what: str


@dataclass(frozen=True, slots=True)
class DriversDay:
    """A route as it is really driven. `stays` are what comes of the tour; `chapters` what is worth a look."""

    route: DayRoute
    tour: Tour
    stays: tuple[Stay, ...]
    chapters: tuple[Chapter, ...]

    @property
    def back_s(self) -> float:
        """When the van stands at the depot again."""
        return self.stays[-1].arrived_s


def drivers_day(streets: Streets, route: DayRoute, seed: int) -> DriversDay:
    """Return what the driver makes of a route. The same arguments make the same day."""
    tour = as_planned(route, random.Random(f"{seed}/{route.vehicle}/driver"))  # noqa: S311 - a demo, repeatable
    twist = TWISTS.get(route.number)
    if twist is None:
        return DriversDay(route, tour, _stays(streets, route, tour, seed), ())
    tour, place = twist.change(streets, route, tour)
    real = _stays(streets, route, tour, seed)
    begins_s = real[place - 1].left_s if place else tour.leaves_s
    return DriversDay(route, tour, real, (Chapter(route.vehicle, begins_s, twist.words),))


def as_planned(route: DayRoute, chance: random.Random) -> Tour:
    """Return the tour of a driver who keeps to the plan, as far as doors and streets let anybody."""
    visits = (
        Visit(
            delivery.door.place, delivery.service_s * chance.uniform(*STAY_SHARE), delivery.name, chance.uniform(*PACE)
        )
        for delivery in route.deliveries
    )
    return Tour(route.depot, route.start_s, tuple(visits))


def _stays(streets: Streets, route: DayRoute, tour: Tour, seed: int) -> tuple[Stay, ...]:
    return tuple(stays(streets, tour, f"{seed}/{route.vehicle}"))
