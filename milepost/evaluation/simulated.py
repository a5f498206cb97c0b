"""Simulated days for the evaluation: they prove that the code is right, not that it is accurate.

A van drives its plan on the demo city's streets with lights, traffic and a driver of its own, delivers, and reports as
an agent does: every ten seconds while it drives, every minute while it stands; now and then from a dead zone, later.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from device.simulator.journey import draw_waits
from device.simulator.leg import Leg, Plan, Stop, drive
from device.simulator.planned import Visit, way_to
from device.simulator.streets import Plane, Point, Streets, load
from gateway.domain.route import RoutePlan
from gateway.evaluation.days import Day, Heard
from milepost.evaluation.chance import HOUR_MS, LATE_START_S, LEG_SPREAD, Driver, Traffic, dice
from milepost.evaluation.plans import Assignment, Planned, place_of, plan_day
from wire.messages import Position

FIRST_DATE = date(2025, 3, 3)
START_HOURS = (7, 11)
"""Vans leave between seven and eleven, so that each hour of the day is met near and far from the depot."""
DRIVING_S, STANDING_S = 10.0, 60.0
"""The agent's defaults: a position every ten seconds of driving, a heartbeat every minute."""
NOISE_M, RADIUS_M = 4.0, 9.0
DEAD_ZONES, DEAD_ZONE_S = 2, (180.0, 900.0)
"""Up to so many a day, three to fifteen minutes each."""
KEPT_CHANCE = 0.9
"""A dead zone of the network is sent later; one in ten is below ground, where there are no fixes."""
LATENCY_S = 1.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many days: `vans` vehicles on each of `dates` dates, `stops` stops each."""

    dates: int = 6
    vans: int = 6
    stops: int = 50
    seed: str = "1"


def simulated_days(drawn: Drawn) -> Iterator[Day]:
    """Yield the days, date after date. One seed makes the same days."""
    streets = load()
    for number in range(drawn.dates):
        day = FIRST_DATE + timedelta(days=number)
        midnight = round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
        traffic = Traffic.of(drawn.seed, day, midnight)
        for van in range(1, drawn.vans + 1):
            vehicle = f"van-{van:02d}"
            chance = dice(f"{drawn.seed}/{day}/{vehicle}")
            start = midnight + round(chance.uniform(*START_HOURS) * HOUR_MS)
            planned = plan_day(streets, Assignment(vehicle, day, midnight, start), drawn.stops, chance)
            yield _Driven(streets, planned, traffic, Driver.of(drawn.seed, vehicle), chance).day()


class _Driven:
    """One van's day while it is driven."""

    def __init__(
        self, streets: Streets, planned: Planned, traffic: Traffic, driver: Driver, chance: random.Random
    ) -> None:
        self._streets = streets
        self._planned = planned
        self._traffic = traffic
        self._driver = driver
        self._chance = chance
        self._now = planned.plan.start - 300_000.0
        self._positions: list[Position] = []
        self._arrivals: dict[str, int] = {}

    def day(self) -> Day:
        """Drive it."""
        plan, doors = self._planned.plan, self._planned.doors
        self._stand(doors[0], plan.start + self._chance.uniform(*LATE_START_S) * 1000)
        for place, stop in enumerate(plan.stops):
            self._drive(doors[place], doors[place + 1])
            self._arrivals[stop.stop] = round(self._now)
            begin = self._now if stop.window is None else max(self._now, _held(plan, place))
            self._stand(doors[place + 1], begin + self._driver.stay_s(stop.service_ms / 1000, self._chance) * 1000)
        self._drive(doors[-2], doors[-1])
        self._stand(doors[-1], self._now + 600_000)
        return Day(plan, self._received(), self._arrivals)

    def _drive(self, here: Stop, there: Stop) -> None:
        route = way_to(self._streets, here, Visit(there, 0.0))
        leg = drive(self._streets, Plan(route, here, there, 1.0, draw_waits(self._streets, route, self._chance)))
        slow = self._traffic.at(self._now) * self._driver.drive * self._chance.lognormvariate(0.0, LEG_SPREAD)
        begin, lasts_s = self._now, leg.duration_s * slow
        second = 0.0
        while second < lasts_s:
            self._report(leg, begin + second * 1000, second / slow)
            second += DRIVING_S
        self._now = begin + lasts_s * 1000

    def _stand(self, door: Stop, until: float) -> None:
        """Stand until a time: said on arrival and every minute."""
        point = place_of(self._streets, door)
        while self._now < until:
            self._add(self._now, point, 0.0)
            self._now = min(self._now + STANDING_S * 1000, until)

    def _report(self, leg: Leg, time: float, second: float) -> None:
        moment = leg.at(second)
        self._add(time, moment.point, moment.speed_mps)

    def _add(self, time: float, point: Point, speed_mps: float) -> None:
        plane: Plane = self._streets.plane
        east, north = (self._chance.gauss(0.0, NOISE_M) for _ in range(2))
        lat, lon = plane.degrees(Point(point.east + east, point.north + north))
        self._positions.append(Position(round(time), lat, lon, speed=round(speed_mps, 2), accuracy=RADIUS_M))

    def _received(self) -> list[Heard]:
        """Return what was received of it, and when."""
        zones = [self._dead_zone() for _ in range(self._chance.randint(0, DEAD_ZONES))]
        heard = []
        for position in self._positions:
            sent = float(position.time)
            for begin, end, kept in zones:
                if begin <= position.time < end:
                    sent = max(sent, end) if kept else -1.0
            if sent >= 0.0:
                heard.append(Heard(round(sent + self._chance.expovariate(1 / LATENCY_S) * 1000), position))
        return heard

    def _dead_zone(self) -> tuple[float, float, bool]:
        begin = self._chance.uniform(self._positions[0].time, self._positions[-1].time)
        return begin, begin + self._chance.uniform(*DEAD_ZONE_S) * 1000, self._chance.random() < KEPT_CHANCE


def _held(plan: RoutePlan, place: int) -> float:
    """Return when a stop's service may begin: where the plan waits, the driver does."""
    stop = plan.stops[place]
    waits = stop.window is not None and stop.planned_arrival < stop.window.start
    return stop.window.start if waits and stop.window is not None else 0.0
