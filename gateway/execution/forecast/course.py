"""A plan as a forecast needs it: made once a version, so that a forecast of 150 stops is one short loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gateway.domain.geo import distance_m
from gateway.domain.route import Place, PlannedStop, RoutePlan

BESIDE_M = 30.0
"""Two stops so near to each other are served from one parking place: within what a receiver errs (GATE_M and a bit)."""

WAIT_FROM_MS = 60_000
"""A planned pause shorter than this is the rounding of a plan that counts in minutes."""

PAUSE_FROM_MS = 600_000
"""A pause that a planner meant (a lunch, a reload): slack below ten minutes is care, and no driver waits it out."""

URBAN_MS_PER_M = 187.0
"""As the crow flies: a detour of 1.3 at 25 km/h, where a plan has no leg to measure it from."""

SLOWEST_MS_PER_M, QUICKEST_MS_PER_M = 1_200.0, 30.0
"""3 km/h and 120 km/h: beyond, legs and places do not belong together."""

LEAST_SERVICE_MS = 60_000
"""Even a stop without a planned service takes a minute at the door."""


class Step(NamedTuple):
    """One stop: the drive to it from `before` (None: the start), what it takes there, and what holds the vehicle up.

    `hold` is when its service may begin, where the plan waits for that; `pause_ms` is planned rest before the drive.
    `beside` says that the vehicle is there already when it is at `before`.
    """

    stop: str
    before: str | None
    place: Place
    leg_ms: int
    leg_m: float
    service_ms: int
    hold: int | None
    pause_ms: int
    window_end: int | None
    along_m: float | None
    beside: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of a plan by stop, cancelled ones too, and how long a metre as the crow flies takes on it."""

    plan: RoutePlan
    steps: Mapping[str, Step]
    ms_per_m: float
    has_windows: bool

    @classmethod
    def of(cls, plan: RoutePlan) -> "Course":
        """Return the course of a plan."""
        steps = [_step(plan, left, stop) for left, stop in pairwise((None, *plan.stops)) if stop is not None]
        return cls(plan, {step.stop: step for step in steps}, _ms_per_m(plan), _has_windows(plan))

    def leg_ms(self, left: str | None, step: Step) -> float:
        """Return the planned drive to `step` from the stop `left`, or an estimate where the plan goes another way."""
        if left == step.before:
            return step.leg_ms
        place = self.place(left)
        return step.leg_ms if place is None else self.crow_ms(place, step.place)

    def crow_ms(self, here: Place, there: Place) -> float:
        """Return about how long the drive between two places takes on this route."""
        return distance_m(here.lat, here.lon, there.lat, there.lon) * self.ms_per_m

    def place(self, stop: str | None) -> Place | None:
        """Return where a stop is; of None the start's place, if it is known."""
        if stop is None:
            return self.plan.depot
        step = self.steps.get(stop)
        return None if step is None else step.place


def _step(plan: RoutePlan, left: PlannedStop | None, stop: PlannedStop) -> Step:
    service_ms = max(stop.service_ms, LEAST_SERVICE_MS)
    hold, pause_ms = _waits(plan, left, stop)
    return Step(
        stop=stop.stop,
        before=None if left is None else left.stop,
        place=stop.place,
        leg_ms=stop.leg_ms,
        leg_m=stop.leg_m,
        service_ms=service_ms,
        hold=hold,
        pause_ms=pause_ms,
        window_end=None if stop.window is None else stop.window.end,
        along_m=stop.along_m,
        beside=left is not None and distance_m(*left.place, *stop.place) <= BESIDE_M,
    )


def _waits(plan: RoutePlan, left: PlannedStop | None, stop: PlannedStop) -> tuple[int | None, int]:
    """Return until when the plan waits at the stop (None: it does not), and how long it idles before the drive."""
    window = stop.window
    if window is not None and stop.planned_arrival < window.start:
        return window.start, 0
    idle_ms = stop.planned_arrival - stop.leg_ms - _planned_departure(plan, left)
    if window is not None and idle_ms >= WAIT_FROM_MS and stop.planned_arrival - window.start < WAIT_FROM_MS:
        return window.start, 0
    return None, idle_ms if idle_ms >= PAUSE_FROM_MS else 0


def _planned_departure(plan: RoutePlan, left: PlannedStop | None) -> int:
    if left is None:
        return plan.start
    begin = left.planned_arrival if left.window is None else max(left.planned_arrival, left.window.start)
    return begin + left.service_ms


def _has_windows(plan: RoutePlan) -> bool:
    return any(stop.window is not None for stop in plan.stops)


def _ms_per_m(plan: RoutePlan) -> float:
    crow_m = sum(distance_m(*left.place, *stop.place) for left, stop in pairwise(plan.stops))
    drive_ms = sum(stop.leg_ms for stop in plan.stops[1:])
    if crow_m <= 0.0 or drive_ms <= 0:
        return URBAN_MS_PER_M
    return min(max(drive_ms / crow_m, QUICKEST_MS_PER_M), SLOWEST_MS_PER_M)
