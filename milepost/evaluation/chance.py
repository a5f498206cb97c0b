"""What differs between simulated days: traffic by the hour, drivers, deliveries, radio.

All invented, of the size that city deliveries have. One seed makes the same days.
"""

import random
from dataclasses import dataclass
from datetime import date

HOUR_MS = 3_600_000

HOURLY_PACE = (1.0,) * 6 + (1.05, 1.25, 1.35, 1.2, 1.1, 1.1, 1.15, 1.15, 1.15, 1.25, 1.4, 1.4, 1.2, 1.1) + (1.0,) * 4
"""Driving time against a free road by the hour of the day: two rush hours, as any city has them."""

DAY_SPREAD, HOUR_SPREAD, LEG_SPREAD = 0.12, 0.12, 0.2
"""Lognormal: days (rain, an event), hours within a day (roadworks), single legs."""

DRIVER_PACE_SPREAD, DRIVER_SERVICE_SPREAD = 0.06, 0.22
"""Drivers differ little on the road and much at the door."""

SERVICE_SPREAD = 0.5
"""One delivery against the next: most are quick, some take long."""

LONG_STOP_CHANCE, LONG_STOP_S = 0.02, (480.0, 1_500.0)
"""A delivery that goes wrong, or a break: one stop in fifty takes eight to 25 minutes more."""

LATE_START_S = (-120.0, 600.0)


@dataclass(frozen=True, slots=True)
class Traffic:
    """One date's traffic, the same for all vans: driving time against a free road, by the hour from `midnight`."""

    midnight: int
    by_hour: tuple[float, ...]

    @classmethod
    def of(cls, seed: str, day: date, midnight: int) -> "Traffic":
        """Draw a date's traffic."""
        chance = dice(f"{seed}/{day}/traffic")
        whole = chance.lognormvariate(0.0, DAY_SPREAD)
        return cls(midnight, tuple(pace * whole * chance.lognormvariate(0.0, HOUR_SPREAD) for pace in HOURLY_PACE))

    def at(self, time: float) -> float:
        """Return the factor at a time, Unix ms; between full hours it changes evenly."""
        hour, rest = divmod((time - self.midnight) / HOUR_MS, 1.0)
        now, after = (self.by_hour[int(each) % 24] for each in (hour, hour + 1))
        return now + (after - now) * rest


@dataclass(frozen=True, slots=True)
class Driver:
    """How one driver differs from the plan, the same on all days."""

    drive: float
    service: float

    @classmethod
    def of(cls, seed: str, vehicle: str) -> "Driver":
        """Draw a vehicle's driver."""
        chance = dice(f"{seed}/{vehicle}/driver")
        return cls(chance.lognormvariate(0.0, DRIVER_PACE_SPREAD), chance.lognormvariate(0.0, DRIVER_SERVICE_SPREAD))

    def stay_s(self, planned_s: float, chance: random.Random) -> float:
        """Draw one delivery: lognormal about the plan's mean, now and then a long one."""
        usual = planned_s * self.service * chance.lognormvariate(-0.5 * SERVICE_SPREAD**2, SERVICE_SPREAD)
        return usual + (chance.uniform(*LONG_STOP_S) if chance.random() < LONG_STOP_CHANCE else 0.0)


def dice(seed: str) -> random.Random:
    """Return chance that can be repeated."""
    return random.Random(seed)  # noqa: S311 - a simulation, and it has to be repeatable
